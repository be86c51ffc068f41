//! The account of a run, as a person reads it.

use std::fmt;

use super::account::{Ended, Report};
use super::finding::{Finding, Reproduced};

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.ended {
            Ended::Programs => "as many as were wanted",
            Ended::Time => "the time was up",
            Ended::Asked => "ended before its time",
            Ended::Found => "ended by what was found",
            Ended::Exhausted => "there are no others",
        };
        writeln!(
            formatter,
            "{}: {} programs, {} steps in {:.2} s ({why}); seed {}",
            self.machine, self.programs, self.steps, self.seconds, self.seed
        )?;
        for finding in &self.findings {
            write!(formatter, "\n{finding}")?;
        }
        self.show_rules(formatter)?;
        for state in &self.dead_ends {
            writeln!(formatter, "no rule is enabled in state {state}")?;
        }
        for note in &self.notes {
            writeln!(formatter, "note: {note}")?;
        }
        Ok(())
    }
}

impl Report {
    fn show_rules(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = self.rules.iter().map(|rule| rule.rule.len()).max();
        let width = width.unwrap_or_default().max("rule".len());
        writeln!(
            formatter,
            "\n{:width$}  {:>9}  {:>9}  states",
            "rule", "run", "enabled"
        )?;
        for (place, rule) in self.rules.iter().enumerate() {
            let states = self.states.iter().filter(|state| state.run[place] > 0);
            let share = match rule.considered {
                0 => "-".to_owned(),
                all => format!("{:.1} %", 100.0 * rule.enabled as f64 / all as f64),
            };
            writeln!(
                formatter,
                "{:width$}  {:>9}  {share:>9}  {}",
                rule.rule,
                rule.run,
                states.count()
            )?;
        }
        for rule in self.never_enabled() {
            writeln!(formatter, "never enabled: {}", rule.rule)?;
        }
        for (rule, condition) in self.preconditions_never_true() {
            writeln!(formatter, "never true: {} of {rule}", condition.condition)?;
        }
        for (bundle, most) in &self.bundles {
            writeln!(formatter, "bundle {bundle}: up to {most} values")?;
        }
        Ok(())
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}", self.violation)?;
        formatter.write_str(&self.script())?;
        let shrinking = &self.shrinking;
        write!(
            formatter,
            "steps: {}, found with {}",
            self.program.steps.len(),
            self.found_with,
        )?;
        match self.reproduced {
            Reproduced { of: 0, .. } => formatter.write_str("; not run again")?,
            rate => write!(formatter, "; failed {rate} times")?,
        }
        match (&shrinking.cut_short, shrinking.one_minimal) {
            (_, true) => writeln!(formatter, "; 1-minimal: every step is needed")?,
            (Some(reason), false) => writeln!(formatter, "; may be longer than needed: {reason}")?,
            (None, false) => writeln!(formatter)?,
        }
        if let Some(path) = &self.kept_in {
            writeln!(formatter, "kept in {}", path.display())?;
        }
        Ok(())
    }
}
