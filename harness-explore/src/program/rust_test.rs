//! A program as a Rust test to paste.

use std::fmt::Write as _;

use serde_json::Value;

use super::step::{Given, Program, Step};
use super::words::function_name;

impl Program {
    /// The program as a Rust test, which fails as long as the program does. `machine` is an
    /// expression for the machine, usually a call of the function that makes it: `balanced_trees()`.
    #[must_use]
    pub fn rust_test(&self, machine: &str, failed_at: &str) -> String {
        let mut lines = String::new();
        // writing to a text can not fail
        let _ = self.write_rust_test(&mut lines, machine, failed_at);
        lines
    }

    fn write_rust_test(
        &self,
        lines: &mut String,
        machine: &str,
        failed_at: &str,
    ) -> std::fmt::Result {
        let name = format!(
            "{}_{}",
            function_name(&self.machine),
            function_name(failed_at)
        );
        writeln!(lines, "#[test]\nfn {name}() {{")?;
        writeln!(
            lines,
            "    use harness_explore::{{Explorer, Program, Step}};\n"
        )?;
        write!(lines, "    let program = Program::of({:?})", self.machine)?;
        for step in &self.steps {
            write!(lines, "\n        .step({})", step_in_rust(step))?;
        }
        writeln!(lines, ";")?;
        writeln!(
            lines,
            "    let run = Explorer::new({machine}).replay(&program).expect(\"it can run\");"
        )?;
        writeln!(lines, "    assert!(run.passed(), \"{{run}}\");\n}}")
    }
}

fn step_in_rust(step: &Step) -> String {
    let mut code = format!("Step::of({:?})", &*step.rule);
    for (argument, given) in &step.arguments {
        let argument = &**argument;
        code.push_str(&match given {
            Given::Value(value @ (Value::Bool(_) | Value::Number(_))) => {
                format!(".value({argument:?}, {value})")
            }
            Given::Value(Value::String(text)) => format!(".value({argument:?}, {text:?})"),
            Given::Value(value) => format!(".json({argument:?}, {:?})", value.to_string()),
            Given::Variable(variable) => format!(
                ".variable({argument:?}, {:?}, {})",
                &*variable.bundle, variable.number
            ),
            Given::Variables(variables) => {
                let bundle = variables.first().map_or("", |variable| &*variable.bundle);
                let numbers: Vec<u32> = variables.iter().map(|variable| variable.number).collect();
                format!(".variables({argument:?}, {bundle:?}, &{numbers:?})")
            }
        });
    }
    for names in &step.produced {
        let names: Vec<(&str, u32)> = names
            .iter()
            .map(|variable| (&*variable.bundle, variable.number))
            .collect();
        let _ = write!(code, ".giving({names:?})");
    }
    code
}
