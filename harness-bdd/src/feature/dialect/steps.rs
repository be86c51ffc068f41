//! Steps, what belongs to them, and lines without a keyword.

use super::{
    line::{Kind, STEPS, Section, misspelt, section_without_colon},
    repair::{At, MARK, Pass, Refusal},
    table,
};
use crate::feature::Departure;

impl Pass<'_> {
    pub(super) fn step(
        &mut self,
        keyword: &'static str,
        text: &str,
        exact: bool,
    ) -> Result<(), Refusal> {
        let spelt = exact || STEPS.iter().any(|keyword| self.text().starts_with(keyword));
        match self.section {
            None if spelt && keyword != "*" => {
                return Err(self.refuse("write `Scenario:` and a name above the first step"));
            }
            None => return self.other(),
            Some(Section::Feature | Section::Rule) => {
                if spelt && keyword != "*" {
                    self.warn(Departure::StepInDescription);
                }
                return self.description();
            }
            Some(Section::Background | Section::Scenario)
                if self.at == At::Description && !spelt && self.steps_follow() =>
            {
                self.warn(Departure::StepInDescription);
                return self.description();
            }
            Some(Section::Examples) => {
                self.warn(Departure::StepsAfterExamples);
                let from = self.examples_from.take().unwrap_or(self.out.len());
                self.delayed
                    .extend(self.out.split_off(from.min(self.out.len())));
                self.section = Some(Section::Scenario);
            }
            Some(_) => {}
        }
        self.release(false);
        self.at = At::Body;
        let bare = self.without_comment(text);
        if bare.is_some() {
            self.warn(Departure::Comment);
        }
        if !exact {
            let found = self.text().strip_suffix(text).unwrap_or(keyword);
            let found = found.trim_end().to_owned();
            self.warn(Departure::Keyword {
                found,
                read: keyword,
            });
        }
        let line = match bare {
            None if exact => self.plain_line(),
            _ => format!("{}{keyword} {}", self.indent(), bare.unwrap_or(text)),
        };
        self.step = Some((self.out.len(), self.indent().chars().count()));
        self.put(line);
        Ok(())
    }

    /// Whether a step in proper letters follows in this scenario.
    fn steps_follow(&self) -> bool {
        let behind = self.kinds.get(self.next + 1..).unwrap_or_default();
        behind
            .iter()
            .take_while(|kind| !matches!(kind, Kind::Section { .. } | Kind::Tags))
            .any(|kind| matches!(kind, Kind::Step { exact: true, .. }))
    }

    /// A line of free text. The parser takes words that only begin like keywords for keywords, which
    /// a mark prevents.
    fn description(&mut self) -> Result<(), Refusal> {
        self.release(false);
        let text = self.text();
        let keywords: &[&str] = match self.section {
            Some(Section::Feature) => &["Background", "Rule", "Scenario", "Example"],
            Some(Section::Rule) => &["Background", "Scenario", "Example"],
            _ => &[
                "Scenario", "Example", "Given", "When", "Then", "And", "But", "*",
            ],
        };
        let line = match keywords.iter().any(|keyword| text.starts_with(keyword)) {
            true => format!("{}{MARK}{text}", self.indent()),
            false => self.plain_line(),
        };
        self.put(line);
        Ok(())
    }

    /// All rows of a table.
    pub(super) fn rows(&mut self) -> Result<(), Refusal> {
        let in_examples = self.section == Some(Section::Examples);
        if self.section.is_none() {
            return self.before_everything(None);
        }
        if self.at == At::Description && !in_examples {
            return self.description();
        }
        if in_examples && self.at == At::Body {
            // All rows were read with the first; this one comes behind tags.
            return Err(self.refuse("write `Examples:` above it"));
        }
        self.release(false);
        self.step = None;
        self.at = At::Body;
        let rows = self.rows_from(self.next);
        if let Some(turned) = self.turned.take() {
            return self.put_turned(&rows, turned);
        }
        let lines: Vec<&str> = rows
            .iter()
            .filter_map(|row| self.lines.get(*row).copied())
            .collect();
        let shaped = table::shape(&lines).map_err(|bad| Refusal {
            line: rows.get(bad.index).map_or(0, |row| row + 1),
            column: 1,
            reason: bad.reason,
        })?;
        let mut shaped = rows.iter().zip(shaped).peekable();
        while let Some((row, read)) = shaped.next() {
            self.next = *row;
            for departure in read.departures {
                self.warn(departure);
            }
            let line = match read.text {
                Some(text) => format!("{}{text}", self.indent()),
                None => self.plain_line(),
            };
            self.put(line);
            let behind = shaped.peek().map_or(*row + 1, |(next, _)| **next);
            self.put_between(behind);
        }
        Ok(())
    }

    /// Blank lines and comments up to the line with this index.
    fn put_between(&mut self, index: usize) {
        while self.next + 1 < index {
            self.next += 1;
            let line = self.plain_line();
            self.put(line);
        }
    }

    fn put_turned(&mut self, rows: &[usize], turned: Vec<String>) -> Result<(), Refusal> {
        for line in turned {
            self.put(line);
        }
        self.next = rows.last().copied().unwrap_or(self.next);
        Ok(())
    }

    /// A docstring, with all its lines.
    pub(super) fn quotes(&mut self, delimiter: &'static str) -> Result<(), Refusal> {
        match (self.section, self.at) {
            (None, _) => return self.before_everything(Some(delimiter)),
            (Some(Section::Examples), At::Body) => {
                return Err(self.refuse("a docstring stands behind a step"));
            }
            (_, At::Description) => return self.description(),
            _ => {}
        }
        self.step = None;
        let begin = self.next;
        let opening = self.text().strip_prefix(delimiter).unwrap_or_default();
        let mut closed = opening.contains(delimiter);
        let line = self.plain_line();
        self.put(line);
        while !closed {
            self.next += 1;
            let Some(line) = self.lines.get(self.next) else {
                self.next = begin;
                return Err(self.refuse("its closing quotes are missing"));
            };
            closed = line.contains(delimiter);
            self.put((*line).to_owned());
        }
        Ok(())
    }

    /// A line without a keyword.
    pub(super) fn other(&mut self) -> Result<(), Refusal> {
        match (self.section, self.at) {
            (None, _) => {
                let single = self.text().starts_with("'''").then_some("'''");
                return self.before_everything(single);
            }
            (_, At::Description) => return self.description(),
            _ => {}
        }
        if let Some(Kind::Section {
            section,
            keyword,
            name,
            ..
        }) = section_without_colon(self.text())
        {
            let shown = match section {
                Section::Examples => matches!(self.following(), Some(Kind::Row)),
                Section::Scenario => matches!(self.following(), Some(Kind::Step { .. })),
                _ => false,
            };
            if shown {
                return self.section(section, keyword, &name, false);
            }
        }
        if STEPS.contains(&self.text()) {
            return Err(self.refuse("write the step's text behind it"));
        }
        if let Some(keyword) = misspelt(self.text()) {
            return Err(self.refuse(&format!("did you mean `{keyword}`?")));
        }
        if self.section == Some(Section::Examples) {
            return Err(self.refuse("rows begin and end with `|`, comments begin with `#`"));
        }
        self.release(false);
        let indent = self.indent().chars().count();
        let text = self.without_comment(self.text()).unwrap_or(self.text());
        match self.step {
            Some((place, step)) if indent > step => {
                self.warn(Departure::Continued);
                if let Some((_, line)) = self.out.get_mut(place) {
                    *line = format!("{} {text}", line.trim_end());
                }
                self.put(String::new());
            }
            _ => {
                self.warn(Departure::NoKeyword);
                self.step = Some((self.out.len(), indent));
                self.put(format!("{}And {text}", self.indent()));
            }
        }
        Ok(())
    }
}
