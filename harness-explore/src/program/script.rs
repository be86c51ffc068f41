//! A program as the lines that would run it.

use std::fmt::Write as _;

use serde_json::Value;

use super::step::{Given, Program, Step};
use super::words::identifier;

impl Program {
    /// The program as lines: `BinaryTree_0 = state.leaf(x=0)`. Where an invariant failed, it is the
    /// last line before the teardown.
    #[must_use]
    pub fn script(&self, failed_invariant: Option<&str>) -> String {
        let mut lines = String::new();
        // writing to a text can not fail
        let _ = self.write_script(&mut lines, failed_invariant);
        lines
    }

    fn write_script(&self, lines: &mut String, invariant: Option<&str>) -> std::fmt::Result {
        if self.numbered {
            for (number, step) in self.steps.iter().enumerate() {
                write!(lines, "Step #{}: ", number + 1)?;
                for (_, given) in &step.arguments {
                    lines.push_str(&shown(given));
                }
                lines.push('\n');
            }
            return Ok(());
        }
        writeln!(lines, "state = {}()", identifier(&self.machine))?;
        for step in &self.steps {
            write_step(lines, step)?;
        }
        if let Some(invariant) = invariant {
            writeln!(lines, "state.{}()", identifier(invariant))?;
        }
        writeln!(lines, "state.teardown()")
    }
}

fn write_step(lines: &mut String, step: &Step) -> std::fmt::Result {
    let bundles = step.produced.first().map_or(0, Vec::len);
    let names_in = |place: usize| -> String {
        let names: Vec<String> = step
            .produced
            .iter()
            .filter_map(|names| names.get(place))
            .map(ToString::to_string)
            .collect();
        names.join(", ")
    };
    if step.produced.len() == 1 {
        for place in 0..bundles {
            write!(lines, "{} = ", names_in(place))?;
        }
    } else if bundles > 0 {
        write!(lines, "{} = ", names_in(0))?;
    }
    let arguments: Vec<String> = step
        .arguments
        .iter()
        .map(|(name, given)| format!("{}={}", identifier(name), shown(given)))
        .collect();
    writeln!(
        lines,
        "state.{}({})",
        identifier(&step.rule),
        arguments.join(", ")
    )?;
    if step.produced.len() > 1 {
        for place in 1..bundles {
            writeln!(lines, "{} = {}", names_in(place), names_in(0))?;
        }
    }
    Ok(())
}

/// An argument as it is shown.
pub(super) fn shown(given: &Given) -> String {
    match given {
        Given::Value(value) => shown_value(value),
        Given::Variable(variable) => variable.to_string(),
        Given::Variables(variables) => {
            let names: Vec<String> = variables.iter().map(ToString::to_string).collect();
            format!("[{}]", names.join(", "))
        }
    }
}

/// JSON, with a blank after each comma and colon.
fn shown_value(value: &Value) -> String {
    match value {
        Value::Array(list) => {
            let elements: Vec<String> = list.iter().map(shown_value).collect();
            format!("[{}]", elements.join(", "))
        }
        Value::Object(map) => {
            let elements: Vec<String> = map
                .iter()
                .map(|(key, value)| {
                    format!("{}: {}", Value::from(key.as_str()), shown_value(value))
                })
                .collect();
            format!("{{{}}}", elements.join(", "))
        }
        other => other.to_string(),
    }
}
