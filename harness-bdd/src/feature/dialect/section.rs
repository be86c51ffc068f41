//! The keywords that begin parts of a file: features, scenarios, Examples.

use super::{
    line::{Kind, Section, is_blank},
    repair::{At, Pass, Refusal},
    table,
};
use crate::feature::Departure;

impl Pass<'_> {
    pub(super) fn section(
        &mut self,
        section: Section,
        keyword: &'static str,
        name: &str,
        exact: bool,
    ) -> Result<(), Refusal> {
        // `Example:` is a scenario, but for those who mean its plural.
        let rows = matches!(self.following(), Some(Kind::Row));
        let in_scenario = matches!(self.section, Some(Section::Scenario | Section::Examples));
        if keyword == "Example" && rows && in_scenario {
            return self.section(Section::Examples, "Examples", name, false);
        }
        if self.is_prose(section, exact) {
            return self.other();
        }
        match section {
            Section::Feature => return self.feature(keyword, name, exact),
            _ if self.section.is_none() => self.imply_feature(),
            _ => {}
        }
        match section {
            Section::Background if self.at == At::Body || in_scenario => {
                return Err(self.refuse("a Background stands once, before the first scenario"));
            }
            Section::Examples if !in_scenario => return self.shared_examples(),
            Section::Examples => self.examples(name),
            Section::Background => self.release(false),
            _ => {
                self.end_scenario();
                self.release(true);
                self.scenario_from = self.out.len();
            }
        }
        self.head(keyword, name, exact);
        self.section = Some(section);
        self.at = At::Description;
        self.step = None;
        Ok(())
    }

    /// Whether a line that could be a keyword in other letters is part of a description: unless what
    /// follows shows that it is one.
    fn is_prose(&self, section: Section, exact: bool) -> bool {
        if exact || (self.at == At::Body && self.section.is_some()) {
            return false;
        }
        let follows = self.following();
        match section {
            Section::Feature => self.section.is_some(),
            Section::Rule => true,
            Section::Background => !matches!(follows, Some(Kind::Step { .. })),
            Section::Examples => !matches!(follows, Some(Kind::Row)),
            Section::Scenario => !matches!(
                follows,
                Some(
                    Kind::Step { .. }
                        | Kind::Section {
                            section: Section::Examples,
                            ..
                        }
                )
            ),
        }
    }

    fn feature(&mut self, keyword: &'static str, name: &str, exact: bool) -> Result<(), Refusal> {
        if self.section == Some(Section::Feature) && self.held.is_empty() {
            self.warn(Departure::FeatureInDescription);
            let line = self.plain_line();
            self.put(line);
            return Ok(());
        }
        if self.section.is_some() {
            self.warn(Departure::SecondFeature);
            self.end_feature();
            self.end_chunk();
        }
        // The parser knows no blanks before the tags and the keyword of a feature, but in its first line.
        if let Some((_, tags)) = self.held.first_mut().filter(|_| !self.out.is_empty()) {
            *tags = tags.trim_start().to_owned();
        }
        self.release(true);
        let begin = self.out.len();
        self.head(keyword, name, exact);
        if let Some((_, line)) = self.out.get_mut(begin).filter(|_| begin > 0) {
            *line = line.trim_start().to_owned();
        }
        self.section = Some(Section::Feature);
        self.at = At::Description;
        Ok(())
    }

    /// Writes the line with the keyword.
    fn head(&mut self, keyword: &'static str, name: &str, exact: bool) {
        let bare = self.without_comment(name);
        if bare.is_some() {
            self.warn(Departure::Comment);
        }
        if !exact {
            let found = self.text();
            let found = found
                .strip_suffix(name)
                .unwrap_or(found)
                .trim_end_matches(is_blank);
            let found = found.to_owned();
            self.warn(Departure::Keyword {
                found,
                read: keyword,
            });
        }
        let line = match bare {
            None if exact => self.plain_line(),
            _ => format!("{}{keyword}: {}", self.indent(), bare.unwrap_or(name)),
        };
        self.put(line);
    }

    fn examples(&mut self, name: &str) {
        self.examples_from.get_or_insert(self.out.len());
        self.release(true);
        if name.eq_ignore_ascii_case("vertical") {
            self.turn();
        }
    }

    /// Turns the rows of vertical Examples, which only pytest-bdd before 6 had. Examples that are
    /// just named so are known by their header: it holds what the scenario asks for.
    fn turn(&mut self) {
        let rows = self.rows_from(self.next + 1);
        let cells = |row: &usize| table::cells(self.lines.get(*row).copied().unwrap_or_default());
        let table: Vec<Vec<&str>> = rows.iter().map(cells).collect();
        let scenario = self.out.get(self.scenario_from..).unwrap_or_default();
        let asked = |name: &&str| {
            let placeholder = format!("<{name}>");
            scenario.iter().any(|(_, line)| line.contains(&placeholder))
        };
        let names: Vec<&str> = table
            .iter()
            .filter_map(|row| row.first().copied())
            .collect();
        let header = table.first().cloned().unwrap_or_default();
        if !names.iter().all(asked) || header.iter().all(asked) {
            return;
        }
        let width = table.iter().map(Vec::len).max().unwrap_or_default();
        let turned: Vec<String> = (0..width)
            .map(|column| {
                let cell =
                    |row: &Vec<&str>| row.get(column).copied().unwrap_or_default().to_owned();
                format!(
                    "| {} |",
                    table.iter().map(cell).collect::<Vec<_>>().join(" | ")
                )
            })
            .collect();
        self.warn(Departure::VerticalExamples);
        self.turned = Some(turned);
    }

    /// Examples before the first scenario, which pytest-bdd before 6 gave to all of them.
    fn shared_examples(&mut self) -> Result<(), Refusal> {
        let rows = self.rows_from(self.next + 1);
        if self.section != Some(Section::Feature) || rows.is_empty() {
            return Err(self.refuse("Examples stand behind the steps of a scenario"));
        }
        self.release(false);
        self.warn(Departure::FeatureExamples);
        self.shared.push((self.number(), "Examples:".to_owned()));
        self.put(String::new());
        let last = rows.last().copied().unwrap_or(self.next);
        while self.next < last {
            self.next += 1;
            if rows.contains(&self.next) {
                self.shared.push((self.number(), self.text().to_owned()));
            }
            self.put(String::new());
        }
        Ok(())
    }

    /// The lines of a table, as indices, from `index` on.
    pub(super) fn rows_from(&self, index: usize) -> Vec<usize> {
        let kinds = self.kinds.iter().enumerate().skip(index);
        kinds
            .filter(|(_, kind)| kind.is_significant())
            .take_while(|(_, kind)| **kind == Kind::Row)
            .map(|(index, _)| index)
            .collect()
    }

    /// Writes what is still to be written of a scenario.
    fn end_scenario(&mut self) {
        let in_scenario = matches!(self.section, Some(Section::Scenario | Section::Examples));
        let delayed = std::mem::take(&mut self.delayed);
        if in_scenario && self.examples_from.is_none() && delayed.is_empty() {
            self.out.extend(self.shared.iter().cloned());
        }
        self.out.extend(delayed);
        self.examples_from = None;
    }

    pub(super) fn end_feature(&mut self) {
        self.end_scenario();
        self.shared.clear();
        self.step = None;
    }
}
