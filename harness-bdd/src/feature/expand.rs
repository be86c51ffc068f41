//! From a parsed outline to scenarios, one for each row of its Examples.

use std::collections::{BTreeMap, BTreeSet};

use cucumber::gherkin::{Examples, Feature, LineCol, Scenario, Step, StepType, Table};

use super::{
    Departure,
    dialect::{Chunk, distance},
};

/// The step that stands in a scenario without steps. No book matches it, so that the scenario is
/// undefined: a scenario that tests nothing can't pass.
pub const NO_STEPS: &str = "(this scenario has no steps)";

/// Turns the rows of Examples into scenarios, and tells what is odd about them, each with its line.
/// All lines are those of the chunk.
pub(super) fn expand(feature: &mut Feature, chunk: &Chunk) -> Vec<(usize, Departure)> {
    let mut expanding = Expanding {
        lines: chunk.text.lines().collect(),
        told: Vec::new(),
        unresolved: BTreeSet::new(),
    };
    if let Some(background) = &mut feature.background {
        expanding.first_step(&mut background.steps, None);
        expanding.look_for_placeholders(&background.steps);
    }
    let of_feature = last_type(feature.background.as_ref().map(|found| &found.steps));
    for rule in &mut feature.rules {
        if let Some(background) = &mut rule.background {
            expanding.first_step(&mut background.steps, of_feature);
            expanding.look_for_placeholders(&background.steps);
        }
        let of_rule = last_type(rule.background.as_ref().map(|found| &found.steps));
        rule.scenarios =
            expanding.scenarios(std::mem::take(&mut rule.scenarios), of_rule.or(of_feature));
    }
    feature.scenarios = expanding.scenarios(std::mem::take(&mut feature.scenarios), of_feature);
    expanding.told
}

fn last_type(steps: Option<&Vec<Step>>) -> Option<StepType> {
    steps.and_then(|steps| steps.last()).map(|step| step.ty)
}

struct Expanding<'a> {
    lines: Vec<&'a str>,
    told: Vec<(usize, Departure)>,
    unresolved: BTreeSet<(usize, String)>,
}

impl Expanding<'_> {
    fn scenarios(&mut self, scenarios: Vec<Scenario>, before: Option<StepType>) -> Vec<Scenario> {
        let mut expanded = Vec::new();
        for mut scenario in scenarios {
            let line = scenario.position.line;
            self.first_step(&mut scenario.steps, before);
            if scenario.steps.is_empty() {
                let name = scenario.name.clone();
                self.tell(line, Departure::NoSteps { scenario: name });
                scenario.steps.push(stand_in(scenario.position));
            }
            // The English ones: what another language calls a Scenario is none of these either.
            let outline = matches!(&*scenario.keyword, "Scenario Outline" | "Scenario Template");
            if outline && scenario.examples.is_empty() {
                self.tell(line, Departure::NoExamples);
            }
            for examples in scenario
                .examples
                .iter()
                .filter(|examples| rows(examples).is_empty())
            {
                self.told
                    .push((examples.position.line, Departure::EmptyExamples));
            }
            if scenario
                .examples
                .iter()
                .all(|examples| rows(examples).is_empty())
            {
                scenario.examples.clear();
                self.look_for_placeholders(&scenario.steps);
                expanded.push(scenario);
            } else {
                self.rows(&scenario, &mut expanded);
            }
        }
        expanded
    }

    fn rows(&mut self, scenario: &Scenario, expanded: &mut Vec<Scenario>) {
        // Without the tables, which can have thousands of rows, for each row to begin with.
        let bare = Scenario {
            examples: Vec::new(),
            ..scenario.clone()
        };
        for examples in &scenario.examples {
            let Some(header) = examples.table.as_ref().and_then(|table| table.rows.first()) else {
                continue;
            };
            let lines = self.lines_of_rows(examples.position.line);
            self.look_at_columns(scenario, header, &lines);
            self.look_at_rows(rows(examples), &lines);
            let without_rows = Examples {
                table: None,
                ..examples.clone()
            };
            for (index, row) in rows(examples).iter().enumerate() {
                let mut one = bare.clone();
                one.position = LineCol {
                    line: lines
                        .get(index + 1)
                        .copied()
                        .unwrap_or(scenario.position.line),
                    col: examples.position.col,
                };
                one.tags.extend(examples.tags.iter().cloned());
                one.name = self.fill(&one.name, header, row, scenario.position.line);
                for step in &mut one.steps {
                    let line = step.position.line;
                    for text in texts_of(step) {
                        *text = self.fill(text, header, row, line);
                    }
                }
                let mut own = without_rows.clone();
                own.table = examples.table.as_ref().map(|table| Table {
                    rows: vec![header.clone(), row.clone()],
                    span: table.span,
                    position: table.position,
                });
                one.examples = vec![own];
                expanded.push(one);
            }
        }
    }

    /// Tells the columns that nothing asks for.
    fn look_at_columns(&mut self, scenario: &Scenario, header: &[String], lines: &[usize]) {
        let mut asked = BTreeSet::new();
        let mut texts = vec![scenario.name.as_str()];
        for step in &scenario.steps {
            texts.push(&step.value);
            texts.extend(step.docstring.as_deref());
            let rows = step
                .table
                .iter()
                .flat_map(|table| table.rows.iter().flatten());
            texts.extend(rows.map(String::as_str));
        }
        for mut rest in texts {
            while let Some((_, name, behind)) = placeholder(rest) {
                asked.insert(name.trim());
                rest = behind;
            }
        }
        let unused = header.iter().filter(|name| !asked.contains(name.as_str()));
        for name in unused.cloned().collect::<Vec<_>>() {
            let line = lines.first().copied().unwrap_or(scenario.position.line);
            self.tell(line, Departure::UnusedColumn { name });
        }
    }

    /// Tells the rows that stand there twice.
    fn look_at_rows(&mut self, rows: &[Vec<String>], lines: &[usize]) {
        let line = |index: usize| lines.get(index + 1).copied();
        let mut firsts = BTreeMap::new();
        for (index, row) in rows.iter().enumerate() {
            let first = *firsts.entry(row).or_insert(index);
            let first = Some(first).filter(|first| *first < index).and_then(line);
            if let (Some(first), Some(line)) = (first, line(index)) {
                self.tell(line, Departure::RepeatedRow { first });
            }
        }
    }

    /// The lines on which the rows of a table below `line` stand, the header's first.
    fn lines_of_rows(&self, line: usize) -> Vec<usize> {
        self.lines
            .iter()
            .enumerate()
            .skip(line)
            .filter(|(_, text)| !text.trim().is_empty() && !text.trim().starts_with('#'))
            .skip_while(|(_, text)| !text.trim_start().starts_with('|'))
            .take_while(|(_, text)| text.trim_start().starts_with('|'))
            .map(|(index, _)| index + 1)
            .collect()
    }

    /// Puts the cells of `row` in place of their names; a name without a column is left and told.
    fn fill(&mut self, text: &str, header: &[String], row: &[String], line: usize) -> String {
        let mut filled = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, name, behind)) = placeholder(rest) {
            filled.push_str(before);
            let cell = header
                .iter()
                .zip(row)
                .find(|(column, _)| *column == name.trim());
            match cell {
                Some((_, cell)) => filled.push_str(cell),
                None => {
                    filled.push_str(&format!("<{name}>"));
                    self.unresolved(line, name, header);
                }
            }
            rest = behind;
        }
        filled.push_str(rest);
        filled
    }

    fn look_for_placeholders(&mut self, steps: &[Step]) {
        for step in steps {
            let mut rest = step.value.as_str();
            while let Some((_, name, behind)) = placeholder(rest) {
                self.unresolved(step.position.line, name, &[]);
                rest = behind;
            }
        }
    }

    fn unresolved(&mut self, line: usize, name: &str, header: &[String]) {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | ' ' | '.');
        let looks_so = name == name.trim() && name.chars().all(word);
        if !looks_so || !self.unresolved.insert((line, name.to_owned())) {
            return;
        }
        let wanted = name.to_ascii_lowercase();
        let near = header.iter().find(|column| {
            let far = distance(&column.to_ascii_lowercase(), &wanted);
            far <= 2 && far * 2 < wanted.len()
        });
        let near = near.cloned();
        let name = name.to_owned();
        self.tell(line, Departure::Placeholder { name, near });
    }

    /// A leading `And` goes on with the last step of the Background, which cucumber forgets.
    fn first_step(&mut self, steps: &mut [Step], before: Option<StepType>) {
        let Some(first) = steps.first() else { return };
        if !matches!(first.keyword.trim(), "And" | "But") {
            return;
        }
        let kind = before.unwrap_or(StepType::Given);
        let read = match kind {
            StepType::Given => "Given",
            StepType::When => "When",
            StepType::Then => "Then",
        };
        self.tell(first.position.line, Departure::FirstStepContinues { read });
        let leading = steps
            .iter_mut()
            .take_while(|step| matches!(step.keyword.trim(), "And" | "But" | "*"));
        leading.for_each(|step| step.ty = kind);
    }

    fn tell(&mut self, line: usize, departure: Departure) {
        self.told.push((line, departure));
    }
}

/// The rows of Examples without their header.
fn rows(examples: &Examples) -> &[Vec<String>] {
    let rows = examples
        .table
        .as_ref()
        .map_or(&[][..], |table| &table.rows[..]);
    rows.split_first().map_or(&[], |(_, rows)| rows)
}

/// The texts of a step in which names may stand.
fn texts_of(step: &mut Step) -> impl Iterator<Item = &mut String> {
    let cells = step
        .table
        .iter_mut()
        .flat_map(|table| table.rows.iter_mut().flatten());
    std::iter::once(&mut step.value)
        .chain(step.docstring.iter_mut())
        .chain(cells)
}

/// The text before the first `<name>`, the name, and the text behind it.
pub(crate) fn placeholder(text: &str) -> Option<(&str, &str, &str)> {
    let mut from = 0;
    loop {
        let end = from + text.get(from..)?.find('>')?;
        let head = text.get(..end)?;
        let begin = head.rfind('<').filter(|begin| *begin >= from);
        let name = begin.and_then(|begin| head.get(begin + 1..));
        match (begin, name) {
            (Some(begin), Some(name)) if !name.trim().is_empty() && !name.contains('\n') => {
                return Some((text.get(..begin)?, name, text.get(end + 1..)?));
            }
            _ => from = end + 1,
        }
    }
}

fn stand_in(position: LineCol) -> Step {
    Step {
        keyword: "Given".to_owned(),
        ty: StepType::Given,
        value: NO_STEPS.to_owned(),
        docstring: None,
        table: None,
        span: Default::default(),
        position,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_found_between_other_signs() {
        assert_eq!(placeholder("a <b> c"), Some(("a ", "b", " c")));
        assert_eq!(
            placeholder("1 < 2 and <x y>"),
            Some(("1 < 2 and ", "x y", ""))
        );
        assert_eq!(placeholder("2 > 1 <x>"), Some(("2 > 1 ", "x", "")));
        assert_eq!(placeholder("<> < >"), None);
        assert_eq!(placeholder("a -> b"), None);
    }
}
