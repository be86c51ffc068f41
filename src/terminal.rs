//! What a person sees: results on standard output, what is going on on standard error.

use std::{io, time::Duration};

use harness_bdd::report::{Notice, Reporter, TextReporter};
use harness_core::tracer::{Progress, ProgressObserver};
use indicatif::{HumanDuration, ProgressBar, ProgressStyle};

use crate::output;

/// How often the moving part of the status line moves.
const TICK: Duration = Duration::from_millis(120);

/// How often a wait is told where no line can be drawn.
const PLAIN_EVERY: u64 = 10;

/// A line at the bottom of the terminal that says what is awaited, and for how much longer. When
/// standard error is no terminal, as in a pipeline, it isn't drawn: then a long wait is told in plain
/// lines, after its first second and every ten. Clones share the line.
#[derive(Clone, Debug)]
pub(crate) struct StatusLine(ProgressBar);

impl StatusLine {
    pub(crate) fn new() -> Self {
        let bar = ProgressBar::new_spinner();
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {elapsed_precise} {prefix}{wide_msg}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(TICK);
        Self(bar)
    }

    /// What is being done.
    pub(crate) fn doing(&self, what: impl Into<String>) {
        self.0.set_prefix(what.into());
        self.0.set_message("");
    }

    /// Whether there is no terminal to draw it on.
    pub(crate) fn is_hidden(&self) -> bool {
        self.0.is_hidden()
    }

    /// For how long the line has been there.
    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Does something that prints.
    pub(crate) fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.0.suspend(print)
    }

    /// Takes the line away.
    pub(crate) fn end(&self) {
        self.0.finish_and_clear();
    }
}

impl ProgressObserver for StatusLine {
    fn report(&self, progress: &Progress) {
        if !self.is_hidden() {
            self.0.set_message(
                waiting(progress).map_or_else(String::new, |text| format!(" | {text}")),
            );
            return;
        }
        let seconds = progress.waited.as_secs();
        if seconds == 1 || seconds.is_multiple_of(PLAIN_EVERY) {
            waiting(progress).iter().for_each(output::complain);
        }
    }
}

/// How long is left, and for what, unless the wait is over. The words come from devices, too, so
/// nothing in them may move the cursor.
fn waiting(progress: &Progress) -> Option<String> {
    if progress.is_over() {
        return None;
    }
    let awaited = progress.summary();
    let awaited = awaited.chars().filter(|letter| !letter.is_control());
    let awaited: String = awaited.collect();
    Some(match progress.remaining {
        Some(left) => format!("{} left for {awaited}", HumanDuration(left)),
        None => format!("waiting for {awaited}"),
    })
}

/// Writes the results of a run, and keeps the status line at the bottom.
#[derive(Debug)]
pub(crate) struct TerminalReporter {
    text: TextReporter<io::Stdout>,
    line: StatusLine,
    scenarios: usize,
    number: usize,
}

impl TerminalReporter {
    pub(crate) fn new(line: StatusLine) -> Self {
        Self {
            text: TextReporter::new(io::stdout()),
            line,
            scenarios: 0,
            number: 0,
        }
    }

    /// Where no line can be drawn, a plain one says how far the run is.
    fn begin(&mut self, name: &str, number: usize) {
        self.number = number;
        if self.line.is_hidden() {
            let (all, seconds) = (self.scenarios, self.line.elapsed().as_secs());
            output::complain(format_args!("[{number}/{all}, {seconds} s] {name}"));
        }
    }

    fn doing(&self, what: &str) {
        self.line
            .doing(format!("{}/{} {what}", self.number, self.scenarios));
    }
}

impl Reporter for TerminalReporter {
    fn report(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::Started { scenarios } => self.scenarios = scenarios,
            Notice::ScenarioStarted { name, number, .. } => self.begin(name, number),
            Notice::StepStarted { text } => self.doing(text),
            Notice::TearDownStarted => self.doing("putting the telescope back"),
            Notice::Ended(_) => self.line.end(),
            _ => {}
        }
        let text = &mut self.text;
        self.line.aside(|| text.report(notice));
    }
}
