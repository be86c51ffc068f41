//! One thing that can be done with the system.

use std::fmt;
use std::sync::Arc;

use super::bundle::BundleDraw;
use super::call::{Call, Produced};
use super::routine::Routine;
use super::rule_error::RuleError;
use crate::strategy::Strategy;

/// Where an argument comes from.
pub(crate) enum Source<S, V> {
    Strategy(Strategy),
    FromState(Box<dyn Fn(&S) -> Strategy>),
    Bundle(BundleDraw<V>),
}

/// What may be given as an argument: a [`Strategy`], or a draw from a [`bundle`](super::bundle).
pub struct Argument<S, V>(pub(crate) Source<S, V>);

impl<S, V> From<Strategy> for Argument<S, V> {
    fn from(strategy: Strategy) -> Self {
        Argument(Source::Strategy(strategy))
    }
}

impl<S, V> From<BundleDraw<V>> for Argument<S, V> {
    fn from(draw: BundleDraw<V>) -> Self {
        Argument(Source::Bundle(draw))
    }
}

/// A condition on the state, with a name under which reports tell how often it held.
pub struct Precondition<S> {
    pub(crate) name: Arc<str>,
    pub(crate) holds: Box<dyn Fn(&S) -> bool>,
}

impl<S> Precondition<S> {
    /// A condition with this name.
    pub fn new(name: impl Into<Arc<str>>, holds: impl Fn(&S) -> bool + 'static) -> Self {
        Precondition {
            name: name.into(),
            holds: Box::new(holds),
        }
    }
}

/// One thing that can be done with the system: its arguments, when it applies, and what it does.
///
/// ```
/// use harness_explore::strategy::integers;
/// use harness_explore::{Produced, Rule, bundle, ensure};
///
/// let add = Rule::<i64, i64>::new("add")
///     .argument("by", integers(0..=9))
///     .argument("to", bundle("numbers"))
///     .when("there is room", |sum| *sum < 100)
///     .into_bundle("numbers")
///     .run(async |sum, call| {
///         let by: i64 = call.argument("by")?;
///         *sum += by;
///         ensure(*sum >= by, "the sum went down")?;
///         Ok(Produced::one(call.variable("to")? + by))
///     });
/// assert_eq!(add.name(), "add");
/// ```
pub struct Rule<S, V> {
    pub(crate) name: Arc<str>,
    pub(crate) initial: bool,
    pub(crate) weight: u32,
    pub(crate) arguments: Vec<(Arc<str>, Source<S, V>)>,
    pub(crate) targets: Vec<Arc<str>>,
    pub(crate) preconditions: Vec<Precondition<S>>,
    pub(crate) words: Option<String>,
    pub(crate) routine: Option<Box<dyn Routine<S, V>>>,
}

impl<S, V> Rule<S, V> {
    /// A rule with this name, which programs show.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        Rule {
            name: name.into(),
            initial: false,
            weight: 1,
            arguments: Vec::new(),
            targets: Vec::new(),
            preconditions: Vec::new(),
            words: None,
            routine: None,
        }
    }

    /// A rule that runs exactly once in each program, with the other initial ones in any order,
    /// before all rules that are not.
    #[must_use]
    pub fn initial(name: impl Into<Arc<str>>) -> Self {
        Rule {
            initial: true,
            ..Rule::new(name)
        }
    }

    /// Adds an argument: values of a [`Strategy`], or of a [`bundle`](super::bundle).
    #[must_use]
    pub fn argument(mut self, name: &str, from: impl Into<Argument<S, V>>) -> Self {
        self.arguments.push((name.into(), from.into().0));
        self
    }

    /// Adds an argument whose strategy depends on the present state.
    #[must_use]
    pub fn argument_by(mut self, name: &str, strategy: impl Fn(&S) -> Strategy + 'static) -> Self {
        let source = Source::FromState(Box::new(strategy));
        self.arguments.push((name.into(), source));
        self
    }

    /// Adds what the rule produces to a bundle. With several, each value goes into all of them.
    #[must_use]
    pub fn into_bundle(mut self, bundle: &str) -> Self {
        self.targets.push(bundle.into());
        self
    }

    /// Adds a precondition; all must hold. It may look at the state, but not change anything.
    #[must_use]
    pub fn when(mut self, name: &str, holds: impl Fn(&S) -> bool + 'static) -> Self {
        self.preconditions.push(Precondition::new(name, holds));
        self
    }

    /// Has the rule chosen about so many times as often as one of weight 1, which all have
    /// without it. A weight of 0 is refused when the machine is checked.
    #[must_use]
    pub fn weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Says the step as a line of a scenario, without its keyword; `{name}` stands for an
    /// argument: `"{command} is sent to subarray 1"`.
    #[must_use]
    pub fn in_words(mut self, words: impl Into<String>) -> Self {
        self.words = Some(words.into());
        self
    }

    /// What the rule does.
    #[must_use]
    pub fn run<F>(mut self, routine: F) -> Self
    where
        F: AsyncFn(&mut S, Call<V>) -> Result<Produced<V>, RuleError> + 'static,
        V: 'static,
    {
        self.routine = Some(Box::new(routine));
        self
    }

    /// The rule's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<S, V> fmt::Debug for Rule<S, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arguments: Vec<&str> = self.arguments.iter().map(|(name, _)| &**name).collect();
        formatter
            .debug_struct("Rule")
            .field("name", &self.name)
            .field("initial", &self.initial)
            .field("arguments", &arguments)
            .field("targets", &self.targets)
            .finish_non_exhaustive()
    }
}

impl<S, V> fmt::Debug for Argument<S, V> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            Source::Strategy(_) => "a strategy",
            Source::FromState(_) => "a strategy that depends on the state",
            Source::Bundle(_) => "a bundle",
        })
    }
}

impl<S> fmt::Debug for Precondition<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Precondition")
            .field(&self.name)
            .finish()
    }
}
