//! The account of a load, from the verdict to the baseline.

use std::fmt::{self, Display, Formatter};

use super::faults::{outcome, windows_of};
use super::table::Table;
use super::words::{
    cut, figure, moment, plain, plural, share, short, three_digits, time, utc, wrapped,
};
use crate::load::measure::{Latencies, ResultClass};
use crate::load::report::{Change, LoadReport, Row, Summary};

/// So many errors are told.
const MOST_ERRORS: usize = 10;

/// So many of the things that must not be are told.
const MOST_VIOLATIONS: usize = 10;

/// So many things that could not be compared are told.
const MOST_REMARKS: usize = 10;

/// So many windows of faults are told one by one.
const MOST_WINDOWS: usize = 20;

impl Display for LoadReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let why = format!("{}: {}", self.verdict.name(), self.why());
        writeln!(f, "{}", wrapped(&why, 0))?;
        self.show_what_it_is_of(f)?;
        let summary = Summary::of(self);
        self.show_actions(f, &summary)?;
        self.show_faults(f, &summary)?;
        self.show_cycles(f)?;
        self.show_lag(f, &summary)?;
        self.show_errors(f)?;
        self.show_violations(f)?;
        self.show_judgements(f)?;
        self.show_comparison(f)
    }
}

impl LoadReport {
    fn show_what_it_is_of(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut facts = vec![format!("seed {}", self.seed)];
        facts.push(match self.shards.as_slice() {
            [] => "no part of a plan".to_owned(),
            [one] if one == "1/1" => "the whole plan".to_owned(),
            [one] => format!("part {}", plain(one)),
            several => format!("{} parts", several.len()),
        });
        facts.push(plural(self.counts.users, "user"));
        let (lasted, held) = (moment(self.lasted), moment(self.held));
        facts.push(format!("{lasted}, of which the load was held {held}"));
        facts.extend(utc(self.started_at()).map(|it| format!("began {it}")));
        let name = match plain(&self.name) {
            name if name.is_empty() => "a load without a name".to_owned(),
            name => name,
        };
        writeln!(
            f,
            "{}",
            wrapped(&format!("{name}: {}", facts.join("; ")), 0)
        )?;
        for note in &self.notes {
            writeln!(f, "{}", wrapped(&format!("note: {}", plain(note)), 0))?;
        }
        Ok(())
    }

    fn show_actions(&self, f: &mut Formatter<'_>, summary: &Summary) -> fmt::Result {
        if summary.rows.is_empty() {
            return writeln!(f, "\nnothing was measured outside the warm-up");
        }
        let mut table = Table::of(&[
            "action", "count", "ok", "rejected", "errors", "rate/s", "p50", "p95", "p99", "p99.9",
            "max", "p99",
        ])
        .with_group(6, 10, "from the planned start")
        .with_group(11, 11, "service");
        for row in &summary.rows {
            table.push(cells(row.action.as_deref().unwrap_or_default(), row));
        }
        if summary.rows.len() > 1 {
            table.push(cells("all", &summary.total));
        }
        write!(f, "\n{}", table.lines())?;
        writeln!(
            f,
            "latencies are of what ended ok; rates are ok a second while the load was held"
        )
    }

    fn show_faults(&self, f: &mut Formatter<'_>, summary: &Summary) -> fmt::Result {
        let under_faults = summary.by_fault.iter().any(|(fault, _)| fault.is_some());
        if under_faults {
            let mut table = Table::of(&[
                "fault", "count", "ok", "rejected", "errors", "share", "p50", "p95", "p99",
                "p99.9", "max", "p99",
            ])
            .with_group(6, 10, "from the planned start")
            .with_group(11, 11, "service");
            for (fault, row) in &summary.by_fault {
                let mut cells = cells(fault.as_deref().unwrap_or("outside all faults"), row);
                cells[5] = row.error_rate().map_or("-".to_owned(), share);
                table.push(cells);
            }
            write!(f, "\n{}", table.lines())?;
        } else if !self.faults.is_empty() {
            writeln!(f)?;
        }
        let windows = windows_of(&self.faults);
        for window in windows.iter().take(MOST_WINDOWS) {
            writeln!(
                f,
                "{}",
                wrapped(&format!("{}: {}", plain(&window.fault), outcome(window)), 2)
            )?;
        }
        and_more(f, windows.len(), MOST_WINDOWS)
    }

    fn show_cycles(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let counts = &self.counts;
        let mut told = format!(
            "cycles: {} done, {} failed, {} cut off at the end",
            counts.done, counts.failed, counts.cut_off
        );
        for (count, words) in [
            (counts.dropped, "starts dropped, as nobody was free"),
            (counts.warm_up, "in the warm-up"),
        ] {
            if count > 0 {
                told += &format!(", {count} {words}");
            }
        }
        writeln!(f, "\n{}", wrapped(&told, 0))?;
        if !self.cycles.is_empty() {
            writeln!(
                f,
                "  from their planned start: {}",
                percentiles(&self.cycles)
            )?;
        }
        if !self.backfill.is_empty() {
            let mut all = self.cycles.clone();
            all.merge(&self.backfill);
            let told = format!(
                "had users not waited for long ones, {} more: {}",
                self.backfill.count(),
                percentiles(&all)
            );
            writeln!(f, "{}", wrapped(&told, 2))?;
        }
        if counts.transitions + counts.gaps > 0 {
            let changes = plural(counts.transitions, "change");
            write!(f, "states: {changes} seen")?;
            match counts.gaps {
                0 => writeln!(f)?,
                gaps => writeln!(
                    f,
                    "; some may have been missed, at {}",
                    plural(gaps, "time")
                )?,
            }
        }
        Ok(())
    }

    fn show_lag(&self, f: &mut Formatter<'_>, summary: &Summary) -> fmt::Result {
        let Some(lag) = self.lag.percentile(99.0) else {
            return writeln!(
                f,
                "lag of the harness: not measured, nothing was begun by a timer"
            );
        };
        writeln!(f, "lag of the harness: p99 {}", time(lag))?;
        match summary.total.latency.percentile(99.0) {
            Some(p99) if lag * 10 > p99 => {
                let hint = format!(
                    "this is more than a tenth of the p99 of {}: latencies are partly what this process \
                     itself adds; use fewer users a process, or more processes (--shard)",
                    time(p99)
                );
                writeln!(f, "{}", wrapped(&hint, 2))
            }
            _ => Ok(()),
        }
    }

    fn show_errors(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.errors.is_empty() {
            return writeln!(f, "errors and refusals: none");
        }
        writeln!(f, "\nerrors and refusals: {} different", self.errors.len())?;
        for error in self.errors.iter().take(MOST_ERRORS) {
            let action = match plain(&error.action) {
                action if action.is_empty() => "several actions".to_owned(),
                action => action,
            };
            writeln!(
                f,
                "{:>8} {:<11}  {}, first at {}, last at {}",
                error.count,
                error.class.name(),
                cut(&action, 40),
                moment(error.first),
                moment(error.last)
            )?;
            let words = plain(&error.words);
            if !words.is_empty() {
                writeln!(f, "{}", wrapped(&words, 9))?;
            }
        }
        and_more(f, self.errors.len(), MOST_ERRORS)
    }

    fn show_violations(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.violations.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nmust not be, and was: {}", self.violations.len())?;
        for violation in self.violations.iter().take(MOST_VIOLATIONS) {
            let (device, words) = (plain(&violation.device), plain(&violation.words));
            let at = moment(violation.at);
            let told = match device.is_empty() {
                true => format!("at {at}: {words}"),
                false => format!("at {at} {device}: {words}"),
            };
            writeln!(f, "{}", wrapped(&told, 2))?;
        }
        and_more(f, self.violations.len(), MOST_VIOLATIONS)
    }

    fn show_judgements(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.judgements.is_empty() {
            return Ok(());
        }
        writeln!(f, "\nthresholds")?;
        let names = self
            .judgements
            .iter()
            .map(|it| it.threshold.chars().count());
        let width = names.max().unwrap_or_default().min(48);
        for judgement in &self.judgements {
            let sign = if judgement.holds { "holds" } else { "BROKEN" };
            let name = cut(&plain(&judgement.threshold), width);
            let measured = match judgement.measured.as_str() {
                "" => "nothing was measured",
                measured => measured,
            };
            let mut measured = plain(measured);
            if let Some(at) = judgement.ended_at {
                measured += &format!("; it ended the load at {}", moment(at));
            }
            let told = wrapped(&measured, width + 12);
            writeln!(f, "  {sign:<6}  {name:<width$}  {}", told.trim_start())?;
        }
        Ok(())
    }

    fn show_comparison(&self, f: &mut Formatter<'_>) -> fmt::Result {
        if self.comparison.is_empty() && self.remarks.is_empty() {
            return Ok(());
        }
        let count = |change| {
            self.comparison
                .iter()
                .filter(|it| it.change == change)
                .count()
        };
        writeln!(
            f,
            "\nbeside the baseline: {} regressed, {} improved, {} unchanged",
            count(Change::Regressed),
            count(Change::Improved),
            count(Change::Unchanged)
        )?;
        let mut table = Table::of(&["  figure", "before", "now", "change", ""]);
        for (change, word) in [(Change::Regressed, "WORSE"), (Change::Improved, "better")] {
            for it in self.comparison.iter().filter(|it| it.change == change) {
                let name = plain(&it.figure);
                table.push(vec![
                    format!("  {name}"),
                    figure(&name, it.before),
                    figure(&name, it.now),
                    relative(it.before, it.now),
                    word.to_owned(),
                ]);
            }
        }
        if count(Change::Unchanged) < self.comparison.len() {
            f.write_str(&table.lines())?;
        }
        for remark in self.remarks.iter().take(MOST_REMARKS) {
            writeln!(f, "{}", wrapped(&plain(remark), 2))?;
        }
        and_more(f, self.remarks.len(), MOST_REMARKS)
    }
}

/// The cells of a row, in the order of the columns.
fn cells(name: &str, row: &Row) -> Vec<String> {
    let ok = row.of(ResultClass::Ok);
    let rejected = row.of(ResultClass::Rejected);
    let mut cells = vec![plain(name)];
    cells.extend([row.count(), ok, rejected, row.errors()].map(|it| it.to_string()));
    cells.push(row.rate.map_or("-".to_owned(), three_digits));
    cells.extend([50.0, 95.0, 99.0, 99.9].map(|it| short(row.latency.percentile(it))));
    cells.push(short(row.latency.max()));
    cells.push(short(row.service.percentile(99.0)));
    cells
}

fn percentiles(latencies: &Latencies) -> String {
    let told = [50.0, 95.0, 99.0, 99.9].map(|it| match latencies.percentile(it) {
        Some(value) => format!("p{it} {}", time(value)),
        None => format!("p{it} -"),
    });
    let max = latencies.max().map(time).unwrap_or_default();
    format!("{}, max {max}", told.join(", "))
}

/// By how much a figure has changed: `+12 %`.
fn relative(before: f64, now: f64) -> String {
    let share = (now - before) / before * 100.0;
    match share.is_finite() {
        true => format!(
            "{}{} %",
            if share > 0.0 { "+" } else { "" },
            three_digits(share)
        ),
        false => "-".to_owned(),
    }
}

fn and_more(f: &mut Formatter<'_>, count: usize, told: usize) -> fmt::Result {
    match count.checked_sub(told).filter(|it| *it > 0) {
        Some(more) => writeln!(f, "  and {more} more: see the page or the JSON report"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::words::WIDTH;
    use super::*;
    use crate::load::report::sample::sample;

    #[test]
    fn a_report_is_told_from_the_verdict_to_the_baseline() {
        let told = sample().to_string();
        assert_eq!(told, include_str!("sample.txt"), "\n{told}");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal_whatever_is_in_it() {
        let mut report = sample();
        report.name = "a name of many words ".repeat(30);
        for error in &mut report.errors {
            error.words = "so much to say about it, ".repeat(12);
            error.action = "x".repeat(200);
        }
        for measurement in &mut report.measurements {
            measurement.action += &"y".repeat(90);
        }
        report.faults[0].fault = "a fault of many words ".repeat(9).into();
        report.judgements[0].measured = "words ".repeat(40);
        report.comparison[0].figure = "z".repeat(150);
        for line in report.to_string().lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn what_could_not_be_compared_is_told_even_if_nothing_could() {
        let report = LoadReport {
            remarks: vec!["Scan p99 has 12 samples, and needs 1000".into()],
            ..LoadReport::default()
        };
        let told = report.to_string();
        assert!(told.contains("beside the baseline: 0 regressed"), "{told}");
        assert!(told.contains("\n  Scan p99 has 12 samples"), "{told}");
    }

    #[test]
    fn nothing_measured_says_so_in_words() {
        let told = LoadReport::default().to_string();
        assert!(
            told.starts_with("NOTHING RAN: nothing was measured\n"),
            "{told}"
        );
        assert!(told.contains("lag of the harness: not measured"), "{told}");
        assert!(!told.contains("NaN") && !told.contains("inf"), "{told}");
    }

    #[test]
    fn a_harness_that_is_slow_itself_is_told_of() {
        let mut report = sample();
        assert!(report.to_string().contains("more than a tenth of the p99"));
        report.lag = Latencies::default();
        report.lag.record(Duration::from_micros(40));
        assert!(!report.to_string().contains("tenth"));
    }

    #[test]
    fn only_so_much_is_told_and_the_rest_is_counted() {
        let mut report = sample();
        report.errors = vec![report.errors[0].clone(); 13];
        report.violations = vec![report.violations[0].clone(); 11];
        let told = report.to_string();
        assert!(told.contains("  and 3 more: see the page"), "{told}");
        assert!(told.contains("  and 1 more: see the page"), "{told}");
    }
}
