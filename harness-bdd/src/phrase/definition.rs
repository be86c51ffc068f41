//! A phrase: what one kind of step can look like.

/// What one kind of step can look like: patterns, and a line of each as people write it.
///
/// ```
/// use harness_bdd::phrase::Phrase;
///
/// const POINTS: Phrase = Phrase::new("a dish points at a target")
///     .with_patterns(&["<who> (points at|is pointed at) <target:word>"])
///     .with_examples(&["the dish SKA001 points at M87"]);
/// # assert_eq!(POINTS.patterns().len(), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Phrase {
    about: &'static str,
    patterns: &'static [&'static str],
    examples: &'static [&'static str],
    watched: &'static [&'static str],
    listens: bool,
}

impl Phrase {
    /// A phrase, with what its step does in a few words.
    pub const fn new(about: &'static str) -> Self {
        Self {
            about,
            patterns: &[],
            examples: &[],
            watched: &[],
            listens: false,
        }
    }

    /// Sets what its lines look like; see [`Pattern`](super::Pattern). The first that matches counts.
    #[must_use]
    pub const fn with_patterns(mut self, patterns: &'static [&'static str]) -> Self {
        self.patterns = patterns;
        self
    }

    /// Sets lines as people write them, for the catalogue.
    #[must_use]
    pub const fn with_examples(mut self, examples: &'static [&'static str]) -> Self {
        self.examples = examples;
        self
    }

    /// Sets the attributes that its step looks at on the devices that a line names, beside those that
    /// the line itself names as an `<attribute>`: they are watched from the beginning of each When on,
    /// so that a Then sees what happened before it.
    #[must_use]
    pub const fn watching(mut self, attributes: &'static [&'static str]) -> Self {
        self.watched = attributes;
        self
    }

    /// Says that its step looks at the logs of the devices that a line names: they are collected from
    /// the beginning of each When on.
    #[must_use]
    pub const fn listening(mut self) -> Self {
        self.listens = true;
        self
    }

    /// What its step does.
    pub const fn about(&self) -> &'static str {
        self.about
    }

    /// What its lines look like.
    pub const fn patterns(&self) -> &'static [&'static str] {
        self.patterns
    }

    /// Lines as people write them.
    pub const fn examples(&self) -> &'static [&'static str] {
        self.examples
    }

    /// The attributes that its step looks at.
    pub const fn watched(&self) -> &'static [&'static str] {
        self.watched
    }

    /// Whether its step looks at logs.
    pub const fn listens(&self) -> bool {
        self.listens
    }
}
