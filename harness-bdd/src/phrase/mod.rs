//! Steps by grammar: one phrase stands for the many ways in which people write the same thing.
//!
//! A [`Phrase`] is a handful of [patterns](Pattern) with examples. A [`Grammar`] is all phrases of a
//! book, compiled for the devices of one telescope; it finds what a line says and gives its
//! [`Words`] to the step.
//!
//! Before a line is looked at it is [tidied](tidy()): articles, doubled words, surplus spaces and the
//! case of letters mean nothing. A line that nothing matches is looked at again with its typing
//! errors mended.
//!
//! A team writes phrases of its own in the same way:
//!
//! ```
//! use harness_bdd::{
//!     BoxError, Context, HarnessWorld, Keyword::When, StepBook, StepFinder,
//!     phrase::{Phrase, words}, step,
//! };
//!
//! const OBSERVES: Phrase = Phrase::new("a subarray observes for some time")
//!     .with_patterns(&["{i} observe [with <who>] for <time:number> (s|second|seconds)"])
//!     .with_examples(&["I observe for 10 seconds"]);
//!
//! async fn observe(world: &mut HarnessWorld, context: Context) -> Result<(), BoxError> {
//!     let words = words(&context)?;
//!     let seconds: f64 = words.needed("time")?;
//!     // `None` if the line names nobody
//!     let _whom = words.who("who");
//!     tokio::time::sleep(std::time::Duration::try_from_secs_f64(seconds)?).await;
//!     Ok(())
//! }
//!
//! let book = StepBook::<HarnessWorld>::new().phrase(&[When], OBSERVES, |world, context| {
//!     step(observe(world, context))
//! });
//! let finder = StepFinder::new(book, [])?;
//! let reading = finder.read(When, "we observe with the TMC subarray for 1.5 s");
//! assert!(reading.step().is_some());
//! # Ok::<(), harness_bdd::StepBookError>(())
//! ```
//!
//! | in a pattern | is filled in by |
//! |---|---|
//! | `<name:who>`, `<who>` | devices: `the TMC, CSP and SDP subarrays`, `it`, names of the telescope's file |
//! | `<name:obs>`, `<name:obs_list>` | one obsState, several |
//! | `<name:state>`, `<name:state_list>`, `<name:health_list>` | states of devices, healths |
//! | `<name:number>`, `<name:integer>` | `2`, `0.5`; `2` |
//! | `<name:word>`, `<name:quoted>`, `<name:value>`, `<name:list>`, `<name:text>` | one word; what stands in quotes; one of the two, or `[1, 2]`; several, `A, B and C`; anything |
//! | `<name:command>`, `<name:attribute>` | names as devices have them, and the usual ways of writing them |
//! | `{i}`, `{is}`, `{becomes}`, `{remains}`, `{obsstate}`, `{state}`, `{afterwards}` | nothing: ways of saying "I", "is in", "transitions to", "stays in", "obsState", "state", "when it is over" |
//!
//! Words are asked for by [`Words::text`], [`Words::value`], [`Words::needed`], [`Words::list`] and
//! [`Words::who`]; the devices that a [`Who`] names are found by
//! [`TelescopeSession::devices`](crate::TelescopeSession::devices).

mod current;
mod definition;
mod error;
mod grammar;
mod kind;
mod pattern;
mod spelling;
mod tidy;
mod vocabulary;
mod watched;
pub(crate) mod who;
mod words;

pub use self::{
    current::words,
    definition::Phrase,
    error::{PatternError, WordError},
    grammar::{Grammar, Recognised},
    pattern::Pattern,
    tidy::tidy,
    who::{Part, Pronoun, Who},
    words::Words,
};
pub(crate) use self::{
    current::{Current, watched, within},
    kind::attribute_name,
    watched::{Seen, Watched},
};
