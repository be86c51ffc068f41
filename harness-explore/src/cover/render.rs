//! A matrix as a person reads it on a terminal.

use std::fmt;

use super::covering::CoverReport;
use super::matrix::{Matrix, PairCell, StateRow, Verdict};

impl Verdict {
    fn sign(self) -> char {
        match self {
            Verdict::Taken => '+',
            Verdict::Refused => '-',
            Verdict::Failed => '!',
            Verdict::Missed => '?',
            Verdict::NotDone => '.',
            Verdict::Unreachable => ' ',
        }
    }
}

impl PairCell {
    fn sign(self) -> char {
        match self {
            PairCell::Reached => '+',
            PairCell::NotReached => '.',
            PairCell::NoWay => ' ',
        }
    }
}

impl fmt::Display for Matrix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.states.iter().map(|row| row.state.len());
        let width = names.max().unwrap_or_default() + 1;
        writeln!(
            formatter,
            "commands in states: + taken, - refused, ! went wrong, ? missed, . not done; ~ in passing"
        )?;
        self.table(formatter, width, self.commands.len(), |row| {
            row.cells.iter().map(|cell| cell.verdict.sign()).collect()
        })?;
        for (place, command) in self.commands.iter().enumerate() {
            writeln!(formatter, "  {:>2} {command}", place + 1)?;
        }
        writeln!(
            formatter,
            "\nstates reached from others, in as few commands as it takes: + reached, . not reached"
        )?;
        self.table(formatter, width, self.states.len(), |row| {
            row.reached.iter().map(|pair| pair.sign()).collect()
        })?;
        for (place, row) in self.states.iter().enumerate() {
            writeln!(formatter, "  {:>2} {}", place + 1, row.state)?;
        }
        self.summary(formatter)
    }
}

impl Matrix {
    fn table(
        &self,
        formatter: &mut fmt::Formatter<'_>,
        width: usize,
        columns: usize,
        signs: impl Fn(&StateRow) -> Vec<char>,
    ) -> fmt::Result {
        write!(formatter, "{:width$}", "")?;
        for column in 1..=columns {
            write!(formatter, " {column:>2}")?;
        }
        writeln!(formatter)?;
        for row in &self.states {
            let passing = if row.transient { "~" } else { "" };
            let mut line = format!("{:width$}", format!("{}{passing}", row.state));
            for sign in signs(row) {
                line.push_str("  ");
                line.push(sign);
            }
            writeln!(formatter, "{}", line.trim_end())?;
        }
        Ok(())
    }

    fn summary(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |which: &dyn Fn(Verdict) -> bool| {
            self.cells().filter(|(_, cell)| which(cell.verdict)).count()
        };
        writeln!(
            formatter,
            "\ncommands in states: {} exercised, {} of them went wrong; {} missed, {} not done, {} unreachable",
            count(&Verdict::is_exercised),
            count(&|verdict| verdict == Verdict::Failed),
            count(&|verdict| verdict == Verdict::Missed),
            count(&|verdict| verdict == Verdict::NotDone),
            count(&|verdict| verdict == Verdict::Unreachable),
        )?;
        for row in &self.states {
            let unreachable = |verdict| verdict == Verdict::Unreachable;
            if row.cells.iter().any(|cell| unreachable(cell.verdict)) {
                writeln!(formatter, "  {}: no command leads there", row.state)?;
                continue;
            }
            for cell in &row.cells {
                if let Some(reason) = &cell.reason {
                    writeln!(formatter, "  {} in {}: {reason}", cell.command, row.state)?;
                }
                if !cell.inputs_left.is_empty() && cell.verdict != Verdict::NotDone {
                    let left = cell.inputs_left.join(", ");
                    writeln!(
                        formatter,
                        "  {} in {}: not with {left}",
                        cell.command, row.state
                    )?;
                }
            }
        }
        let transient = self.states.iter().filter(|row| row.transient);
        let seen = transient.clone().filter(|row| row.seen).count();
        writeln!(
            formatter,
            "transient states: {seen} of {} seen",
            transient.count()
        )?;
        for state in self.unseen() {
            writeln!(formatter, "  not seen: {state}")?;
        }
        let pairs = self.states.iter().flat_map(|row| &row.reached);
        let reached = pairs.filter(|pair| **pair == PairCell::Reached).count();
        let left = self.not_reached().count();
        writeln!(
            formatter,
            "states from others: {reached} of {} reached",
            reached + left
        )?;
        let done = self.successions.iter().filter(|one| one.done).count();
        let all = self.successions.len();
        writeln!(
            formatter,
            "commands after one another: {done} of {all} sent"
        )
    }
}

impl fmt::Display for CoverReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            formatter,
            "{}: {} commands in {} programs, {:.2} s; the first tour had {} of them, none has fewer than {}\n",
            self.machine, self.commands, self.programs, self.seconds, self.planned, self.at_least
        )?;
        for finding in &self.findings {
            writeln!(formatter, "{finding}")?;
        }
        write!(formatter, "{}", self.matrix)?;
        for note in &self.notes {
            writeln!(formatter, "note: {note}")?;
        }
        Ok(())
    }
}
