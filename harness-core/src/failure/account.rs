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
/// `Display` writes one screen. With serde it is an object of all that is kept, in the order of the
/// screen: `headline`, `expected` (each an [`Expected`]), `last_words` (each a [`LastWord`]), `now`
/// (each a [`CurrentValue`]), `timelines` (each a [`DeviceTimeline`]) and `devices_left_out`, `gaps`
/// and `gaps_left_out`, `notes`, `advice`.
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
#[serde(transparent)]
pub struct Failure {
    /// Boxed, since it travels as an error through everything that also may go well.
    account: Box<Account>,
}

#[derive(Clone, Default, Serialize)]
struct Account {
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
        let account = Account {
            headline: headline.into(),
            ..Account::default()
        };
        Self {
            account: Box::new(account),
        }
    }

    /// Replaces the first line.
    #[must_use]
    pub fn with_headline(mut self, headline: impl Into<String>) -> Self {
        self.account.headline = headline.into();
        self
    }

    /// Adds something that was expected.
    #[must_use]
    pub fn with_expected(mut self, expected: Expected) -> Self {
        if !self.account.expected.contains(&expected) {
            self.account.expected.push(expected);
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
        match self.account.last_words.iter_mut().find(same) {
            Some(earlier) => *earlier = word,
            None => self.account.last_words.push(word),
        }
        self
    }

    /// Adds something worth knowing, such as the words of a device.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        add_once(&mut self.account.notes, note.into());
        self
    }

    /// Adds what to look at, or do, next.
    #[must_use]
    pub fn with_advice(mut self, advice: impl Into<String>) -> Self {
        add_once(&mut self.account.advice, advice.into());
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
    pub fn with_timeline(mut self, mark: &Mark) -> Self {
        let told = scan::tell(mark, &Names::of(&self));
        let account = &mut self.account;
        account.timelines = told.timelines;
        account.devices_left_out = told.devices_left_out;
        account.gaps = told.gaps;
        account.gaps_left_out = told.gaps_left_out;
        match told.gap_matters && self.missing().next().is_some() {
            true => self.with_advice(
                "what is missing may have been among the events that were missed: ask for the \
                 state itself rather than for the change, as is_in_state does",
            ),
            false => self,
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
            if !self.account.now.contains(&value) {
                self.account.now.push(value);
            }
            self = advice.into_iter().fold(self, Self::with_advice);
        }
        self
    }

    /// Takes over everything from another account except its first line.
    #[must_use]
    pub fn absorb(mut self, other: Failure) -> Self {
        let other = *other.account;
        for expected in other.expected {
            self = self.with_expected(expected);
        }
        self = other
            .last_words
            .into_iter()
            .fold(self, Self::with_last_word);
        for value in other.now {
            if !self.account.now.contains(&value) {
                self.account.now.push(value);
            }
        }
        if self.account.timelines.is_empty() && self.account.gaps.is_empty() {
            self.account.timelines = other.timelines;
            self.account.devices_left_out = other.devices_left_out;
            self.account.gaps = other.gaps;
            self.account.gaps_left_out = other.gaps_left_out;
        }
        self = other.notes.into_iter().fold(self, Self::with_note);
        other.advice.into_iter().fold(self, Self::with_advice)
    }

    /// What was attempted and how it failed.
    pub fn headline(&self) -> &str {
        &self.account.headline
    }

    /// All that was expected, seen or not.
    pub fn expected(&self) -> &[Expected] {
        &self.account.expected
    }

    /// What was expected and not seen.
    pub fn missing(&self) -> impl Iterator<Item = &Expected> {
        self.account
            .expected
            .iter()
            .filter(|expected| !expected.met)
    }

    /// What devices said last about what was expected of them.
    pub fn last_words(&self) -> &[LastWord] {
        &self.account.last_words
    }

    /// What attributes were when they were read again at the moment of failure.
    pub fn now(&self) -> &[CurrentValue] {
        &self.account.now
    }

    /// What each device did.
    pub fn timelines(&self) -> &[DeviceTimeline] {
        &self.account.timelines
    }

    /// How many devices did something that is not among the timelines.
    pub fn devices_left_out(&self) -> usize {
        self.account.devices_left_out
    }

    /// Where events may be missing; the first ones.
    pub fn gaps(&self) -> &[String] {
        &self.account.gaps
    }

    /// How often events may be missing beyond what [`Failure::gaps`] tells.
    pub fn gaps_left_out(&self) -> u64 {
        self.account.gaps_left_out
    }

    /// Things worth knowing.
    pub fn notes(&self) -> &[String] {
        &self.account.notes
    }

    /// What to look at, or do, next.
    pub fn advice(&self) -> &[String] {
        &self.account.advice
    }
}

impl Error for Failure {}

fn add_once(list: &mut Vec<String>, text: String) {
    if !text.is_empty() && !list.contains(&text) {
        list.push(text);
    }
}
