//! The pass over the lines of a file.

use super::line::{Kind, Section, is_blank};
use crate::feature::Departure;

/// Stands where the parser would see a keyword or a blank and there is none; taken away after
/// parsing. From the private area of Unicode, where no text has anything.
pub(in crate::feature) const MARK: char = '\u{e000}';

/// One feature of the file, as standard Gherkin.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::feature) struct Chunk {
    pub(in crate::feature) text: String,
    /// For each line of the text its number in the file.
    pub(in crate::feature) lines: Vec<usize>,
}

/// A file, read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::feature) struct Repaired {
    pub(in crate::feature) chunks: Vec<Chunk>,
    /// What was read otherwise, each with its line.
    pub(in crate::feature) departures: Vec<(usize, Departure)>,
}

/// Why a file can't be read.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::feature) struct Refusal {
    pub(in crate::feature) line: usize,
    pub(in crate::feature) column: usize,
    pub(in crate::feature) reason: String,
}

/// Makes `text` standard Gherkin; `stem` becomes the name of a feature that has none.
///
/// A comment at the end of a line is text in standard Gherkin, and none in pytest-bdd. It is dropped
/// in files that standard Gherkin would refuse, as these were written for pytest-bdd.
pub(in crate::feature) fn repair(stem: &str, text: &str) -> Result<Repaired, Refusal> {
    let plain = text.strip_prefix('\u{feff}').unwrap_or(text);
    let marked = plain.len() < text.len();
    let unix = plain.replace("\r\n", "\n");
    let old = unix.contains('\r');
    let unix = if old { unix.replace('\r', "\n") } else { unix };
    let text = if old { unix.as_str() } else { plain };
    if speaks_another_language(text) {
        return Ok(as_it_is(text));
    }
    let mut repaired = Pass::new(stem, text, false).run()?;
    let foreign = |(_, departure): &(usize, Departure)| departure.is_refused_by_gherkin();
    if repaired.departures.iter().any(foreign) {
        repaired = Pass::new(stem, text, true).run()?;
    }
    if marked || old {
        repaired.departures.insert(0, (1, Departure::Encoding));
    }
    Ok(repaired)
}

/// `# language: fr`: other keywords, which only the parser knows.
fn speaks_another_language(text: &str) -> bool {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty());
    first
        .and_then(|line| line.strip_prefix('#')?.trim().strip_prefix("language"))
        .and_then(|line| line.trim().strip_prefix(':'))
        .is_some_and(|language| language.trim() != "en")
}

fn as_it_is(text: &str) -> Repaired {
    Repaired {
        chunks: vec![Chunk {
            text: text.to_owned(),
            lines: (1..=text.split('\n').count()).collect(),
        }],
        departures: Vec::new(),
    }
}

/// What is being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum At {
    /// Free text behind a keyword.
    Description,
    /// Steps, or rows of Examples.
    Body,
}

/// The state of the pass.
pub(super) struct Pass<'a> {
    stem: &'a str,
    strip_comments: bool,
    pub(super) lines: Vec<&'a str>,
    pub(super) kinds: Vec<Kind>,
    /// Index of the line that is being read.
    pub(super) next: usize,
    pub(super) section: Option<Section>,
    pub(super) at: At,
    /// What is written of this feature, each line with its number in the file.
    pub(super) out: Vec<(usize, String)>,
    /// Tags, and what stands between them and what they are for.
    pub(super) held: Vec<(usize, String)>,
    /// Where in `out` the scenario's Examples begin.
    pub(super) examples_from: Option<usize>,
    /// Where in `out` the scenario begins.
    pub(super) scenario_from: usize,
    /// Examples that stood before steps of their scenario.
    pub(super) delayed: Vec<(usize, String)>,
    /// Examples of the feature.
    pub(super) shared: Vec<(usize, String)>,
    /// Rows of vertical Examples, turned.
    pub(super) turned: Option<Vec<String>>,
    /// Where in `out` the last step stands, and how far it is indented.
    pub(super) step: Option<(usize, usize)>,
    /// The first line of text before any keyword.
    stray: Option<usize>,
    chunks: Vec<Chunk>,
    departures: Vec<(usize, Departure)>,
}

impl<'a> Pass<'a> {
    fn new(stem: &'a str, text: &'a str, strip_comments: bool) -> Self {
        let lines: Vec<&str> = text.split('\n').collect();
        Self {
            stem,
            strip_comments,
            kinds: lines.iter().map(|line| Kind::of(line)).collect(),
            lines,
            next: 0,
            section: None,
            at: At::Description,
            out: Vec::new(),
            held: Vec::new(),
            examples_from: None,
            scenario_from: 0,
            delayed: Vec::new(),
            shared: Vec::new(),
            turned: None,
            step: None,
            stray: None,
            chunks: Vec::new(),
            departures: Vec::new(),
        }
    }

    fn run(mut self) -> Result<Repaired, Refusal> {
        while let Some(kind) = self.kinds.get(self.next).cloned() {
            self.read(kind)?;
            self.next += 1;
        }
        if self.section.is_none() {
            if let Some(stray) = self.stray {
                self.next = stray;
                return Err(self.refuse("write `Feature:` or `Scenario:` and a name above it"));
            }
            self.departures.push((1, Departure::NoScenario));
        } else {
            self.end_feature();
            self.release(false);
            self.end_chunk();
        }
        let mut departures = self.departures;
        departures.sort_by_key(|(line, _)| *line);
        Ok(Repaired {
            chunks: self.chunks,
            departures,
        })
    }

    fn read(&mut self, kind: Kind) -> Result<(), Refusal> {
        match kind {
            Kind::Blank | Kind::Comment => {
                let line = self.plain_line();
                match self.held.is_empty() {
                    true => self.put(line),
                    false => self.held.push((self.number(), line)),
                }
                Ok(())
            }
            Kind::Tags => {
                let line = self.tags();
                self.held.push((self.number(), line));
                Ok(())
            }
            Kind::Section {
                section,
                keyword,
                name,
                exact,
            } => self.section(section, keyword, &name, exact),
            Kind::Step {
                keyword,
                text,
                exact,
            } => self.step(keyword, &text, exact),
            Kind::Row => self.rows(),
            Kind::Quotes(delimiter) => self.quotes(delimiter),
            Kind::Other => self.other(),
        }
    }

    /// Text before the first keyword is left out; a docstring with all its lines.
    pub(super) fn before_everything(&mut self, delimiter: Option<&str>) -> Result<(), Refusal> {
        if self.stray.is_none() && delimiter.is_none() {
            self.stray = Some(self.next);
        }
        self.release(false);
        let goes_on = |index: usize| {
            self.lines
                .get(..index)
                .unwrap_or_default()
                .iter()
                .rposition(|line| !line.trim_matches(is_blank).is_empty())
                .is_some_and(|before| {
                    matches!(self.kinds.get(before), Some(Kind::Other | Kind::Row))
                })
        };
        if delimiter.is_some() || !goes_on(self.next) {
            self.warn(Departure::TextBeforeFeature);
        }
        let begin = self.next;
        self.put(String::new());
        if let Some(delimiter) = delimiter {
            let text = self.text().strip_prefix(delimiter).unwrap_or_default();
            let mut closed = text.contains(delimiter);
            while !closed {
                self.next += 1;
                if self.next >= self.lines.len() {
                    self.next = begin;
                    return Err(self.refuse("its closing quotes are missing"));
                }
                closed = self.text().contains(delimiter);
                self.put(String::new());
            }
        }
        Ok(())
    }

    /// Tags with one blank between them; what is no tag is dropped, but for what stands in
    /// parentheses: `@stations(ci 1)`.
    fn tags(&mut self) -> String {
        let text = self.text();
        let said = text.split(" #").next().unwrap_or(text);
        let mut open = false;
        let mut tags: Vec<String> = Vec::new();
        let (mut joined, mut dropped) = (false, false);
        for word in said.split(is_blank).filter(|word| !word.is_empty()) {
            match tags.last_mut() {
                Some(last) if open && !word.starts_with('@') => {
                    last.push(MARK);
                    last.push_str(word);
                    joined = true;
                }
                _ if word.starts_with('@') => tags.push(word.to_owned()),
                _ => dropped = true,
            }
            let closes = tags.last().map_or(0, |tag| tag.matches(')').count());
            open = tags
                .last()
                .is_some_and(|tag| tag.matches('(').count() > closes);
        }
        if dropped {
            self.warn(Departure::TextInTags);
        }
        match joined || dropped {
            true => format!("{}{}", self.indent(), tags.join(" ")),
            false => self.plain_line(),
        }
    }

    /// Writes the tags that were held, if they are `taken` by what comes now.
    pub(super) fn release(&mut self, taken: bool) {
        for (number, line) in std::mem::take(&mut self.held) {
            if !taken && Kind::of(&line) == Kind::Tags {
                self.departures.push((number, Departure::StrayTags));
                self.out.push((number, String::new()));
            } else {
                self.out.push((number, line));
            }
        }
    }

    /// Writes a `Feature:` line where there is none.
    pub(super) fn imply_feature(&mut self) {
        let tag = self.held.first().map(|(number, _)| *number);
        let number = tag.unwrap_or_else(|| self.number());
        let name = self.stem.to_owned();
        self.out.push((number, format!("Feature: {name}")));
        self.departures
            .push((number, Departure::NoFeatureLine { name }));
        self.section = Some(Section::Feature);
    }

    pub(super) fn end_chunk(&mut self) {
        let (mut text, mut lines) = (Vec::new(), Vec::new());
        for (number, line) in std::mem::take(&mut self.out) {
            text.push(line);
            lines.push(number);
        }
        let text = text.join("\n");
        self.chunks.push(Chunk { text, lines });
        self.scenario_from = 0;
    }

    pub(super) fn number(&self) -> usize {
        self.next + 1
    }

    /// The line without the blanks around it.
    pub(super) fn text(&self) -> &'a str {
        self.lines
            .get(self.next)
            .map_or("", |line| line.trim_matches(is_blank))
    }

    /// The blanks before the line's text, as spaces and tabs.
    pub(super) fn indent(&self) -> String {
        let line = self.lines.get(self.next).copied().unwrap_or_default();
        let blanks = line.chars().take_while(|character| is_blank(*character));
        blanks
            .map(|blank| if blank == '\t' { '\t' } else { ' ' })
            .collect()
    }

    /// The line as it is, with blanks that Gherkin knows.
    pub(super) fn plain_line(&mut self) -> String {
        let line = self.lines.get(self.next).copied().unwrap_or_default();
        let known = |text: &str| text.chars().all(|blank| matches!(blank, ' ' | '\t' | '\r'));
        let text = line.trim_matches(is_blank);
        let around = line.split_once(text).unwrap_or((line, ""));
        if text.is_empty() && known(line) || !text.is_empty() && known(around.0) {
            return line.to_owned();
        }
        self.warn(Departure::Encoding);
        format!("{}{text}", self.indent())
    }

    pub(super) fn put(&mut self, line: String) {
        self.out.push((self.number(), line));
    }

    pub(super) fn warn(&mut self, departure: Departure) {
        self.departures.push((self.number(), departure));
    }

    /// `text` without the comment at its end, if comments are to be dropped; a `#` in quotes is none.
    pub(super) fn without_comment<'t>(&self, text: &'t str) -> Option<&'t str> {
        if !self.strip_comments {
            return None;
        }
        let place = text
            .match_indices('#')
            .map(|(place, _)| place)
            .find(|place| {
                let head = text.get(..*place).unwrap_or_default();
                head.ends_with(is_blank) && head.matches('"').count() % 2 == 0
            })?;
        Some(text.get(..place)?.trim_end_matches(is_blank))
    }

    /// The next line behind this one that says something.
    pub(super) fn following(&self) -> Option<&Kind> {
        let behind = self.kinds.get(self.next + 1..)?;
        behind.iter().find(|kind| kind.is_significant())
    }

    pub(super) fn refuse(&self, advice: &str) -> Refusal {
        Refusal {
            line: self.number(),
            column: self.indent().chars().count() + 1,
            reason: format!("`{}` can't stand here; {advice}", self.text()),
        }
    }
}
