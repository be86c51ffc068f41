//! The account itself, and how it is put together.

use std::error::Error;
use std::sync::Arc;

use serde::Serialize;

use super::names::Names;
use super::scan;
use super::{CurrentValue, DeviceTimeline, LastWord, current};
use crate::journal::Mark;
use crate::tracer::TracedDevice;

/// The account of what went wrong.
///
/// Nothing is told twice: adding a note or an advice that is already there changes nothing.
///
/// ```
/// use harness_core::failure::{Expected, Failure};
///
/// let failure = Failure::new("Configure on low-tmc/subarray/01: not all was seen within 30 s")
///     .with_expected(Expected::met("low-tmc/subarray/01 obsState changes to CONFIGURING"))
///     .with_expected(
///         Expected::missing("low-tmc/subarray/01 obsState changes to READY")
///             .nearest("CONFIGURING -> FAULT at +2.315 s"),
///     );
/// let text = failure.to_string();
/// assert!(text.contains("changes to READY"));
/// assert_eq!(failure.missing().count(), 1);
/// ```
#[derive(Clone, Serialize)]
pub struct Failure {
    headline: String,
    expected: Vec<Expected>,
    last_words: Vec<LastWord>,
    now: Vec<CurrentValue>,
    timelines: Vec<DeviceTimeline>,
    devices_left_out: usize,
    gaps: Vec<String>,
    gaps_left_out: u64,
    notes: Vec<String>,
    advice: Vec<String>,
}

/// One thing that was expected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Expected {
    /// What was expected, in one line.
    pub description: String,
    /// Whether it was seen.
    pub met: bool,
    /// What came nearest to it, when it was not seen.
    pub nearest: Option<String>,
}

impl Expected {
    /// Something that was seen.
    pub fn met(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            met: true,
            nearest: None,
        }
    }

    /// Something that was not seen.
    pub fn missing(description: impl Into<String>) -> Self {
        Self {
            description: description.into(),
            met: false,
            nearest: None,
        }
    }

    /// Says what came nearest.
    #[must_use]
    pub fn nearest(mut self, nearest: impl Into<String>) -> Self {
        self.nearest = Some(nearest.into());
        self
    }
}

impl Failure {
    /// An account that begins with what was attempted and how it failed, in one line.
    pub fn new(headline: impl Into<String>) -> Self {
        Self {
            headline: headline.into(),
            expected: Vec::new(),
            last_words: Vec::new(),
            now: Vec::new(),
            timelines: Vec::new(),
            devices_left_out: 0,
            gaps: Vec::new(),
            gaps_left_out: 0,
            notes: Vec::new(),
            advice: Vec::new(),
        }
    }

    /// Replaces the first line.
    #[must_use]
    pub fn with_headline(mut self, headline: impl Into<String>) -> Self {
        self.headline = headline.into();
        self
    }

    /// Adds something that was expected.
    #[must_use]
    pub fn with_expected(mut self, expected: Expected) -> Self {
        if !self.expected.contains(&expected) {
            self.expected.push(expected);
        }
        self
    }

    /// Adds what a device said last about what was expected of it, such as the status, progress or
    /// result of a long running command. A later word of the same device about the same thing
    /// replaces an earlier one.
    ///
    /// ```
    /// use harness_core::failure::{Failure, LastWord};
    ///
    /// let failure = Failure::new("Configure on low-tmc/subarray/01: it failed").with_last_word(
    ///     LastWord::new("low-tmc/subarray/01", "Configure", "FAILED, no beams left"),
    /// );
    /// assert!(failure.to_string().contains("Configure: FAILED, no beams left"));
    /// ```
    #[must_use]
    pub fn with_last_word(mut self, word: LastWord) -> Self {
        let same = |other: &&mut LastWord| other.device == word.device && other.what == word.what;
        match self.last_words.iter_mut().find(same) {
            Some(earlier) => *earlier = word,
            None => self.last_words.push(word),
        }
        self
    }

    /// Adds something worth knowing, such as the words of a device.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        add_once(&mut self.notes, note.into());
        self
    }

    /// Adds what to look at, or do, next.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        add_once(&mut self.advice, advice.into());
        self
    }

    /// Adds an error and those below it as notes.
    #[must_use]
    pub fn with_cause(mut self, error: &(dyn Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(error) = cause {
            self = self.with_note(error.to_string());
            cause = error.source();
        }
        self
    }

    /// Tells what the devices did after the mark, from the record, and where events may be missing.
    /// Times count from the first command after the mark, or else from the mark. The devices that
    /// the account names already come first, and the attributes it names come before others when
    /// there is too much to tell. Replaces an earlier timeline.
    ///
    /// The record is gone through once and only what is kept is put into words; nobody who appends
    /// to it is held up.
    #[must_use]
    pub fn with_timeline(self, mark: &Mark) -> Self {
        let told = scan::tell(mark, &Names::of(&self));
        let account = Self {
            timelines: told.timelines,
            devices_left_out: told.devices_left_out,
            gaps: told.gaps,
            gaps_left_out: told.gaps_left_out,
            ..self
        };
        match told.gap_matters && account.missing().next().is_some() {
            true => account.with_advice(
                "what is missing may have been among the events that were missed: ask for the \
                 state itself rather than for the change, as is_in_state does",
            ),
            false => account,
        }
    }

    /// Reads attributes again, all at once, and tells what they are now; a device has one second to
    /// answer. Where the value is not the one that the last event told, advice says what that
    /// means. Dropping the future leaves nothing behind.
    pub async fn with_current_values(
        mut self,
        subjects: impl IntoIterator<Item = (TracedDevice, Arc<str>)>,
    ) -> Self {
        for (value, advice) in current::read_again(subjects.into_iter().collect()).await {
            if !self.now.contains(&value) {
                self.now.push(value);
            }
            self = advice.into_iter().fold(self, Self::with_advice);
        }
        self
    }

    /// Takes over everything from another account except its first line.
    #[must_use]
    pub fn absorb(mut self, other: Failure) -> Self {
        for expected in other.expected {
            self = self.with_expected(expected);
        }
        self = other
            .last_words
            .into_iter()
            .fold(self, Self::with_last_word);
        for value in other.now {
            if !self.now.contains(&value) {
                self.now.push(value);
            }
        }
        if self.timelines.is_empty() && self.gaps.is_empty() {
            self.timelines = other.timelines;
            self.devices_left_out = other.devices_left_out;
            self.gaps = other.gaps;
            self.gaps_left_out = other.gaps_left_out;
        }
        self = other.notes.into_iter().fold(self, Self::with_note);
        other.advice.into_iter().fold(self, Self::with_advice)
    }

    /// What was attempted and how it failed.
    pub fn headline(&self) -> &str {
        &self.headline
    }

    /// All that was expected, seen or not.
    pub fn expected(&self) -> &[Expected] {
        &self.expected
    }

    /// What was expected and not seen.
    pub fn missing(&self) -> impl Iterator<Item = &Expected> {
        self.expected.iter().filter(|expected| !expected.met)
    }

    /// What devices said last about what was expected of them.
    pub fn last_words(&self) -> &[LastWord] {
        &self.last_words
    }

    /// What attributes were when they were read again at the moment of failure.
    pub fn now(&self) -> &[CurrentValue] {
        &self.now
    }

    /// What each device did.
    pub fn timelines(&self) -> &[DeviceTimeline] {
        &self.timelines
    }

    /// How many devices did something that is not among the timelines.
    pub fn devices_left_out(&self) -> usize {
        self.devices_left_out
    }

    /// Where events may be missing; the first ones.
    pub fn gaps(&self) -> &[String] {
        &self.gaps
    }

    /// How often events may be missing beyond what [`Failure::gaps`] tells.
    pub fn gaps_left_out(&self) -> u64 {
        self.gaps_left_out
    }

    /// Things worth knowing.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What to look at, or do, next.
    pub fn advice(&self) -> &[String] {
        &self.advice
    }
}

impl Error for Failure {}

fn add_once(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}
