//! The book: steps for any World, each with the place where it was written.

use std::{fmt, panic};

use cucumber::{
    Step,
    gherkin::Feature,
    step::{Collection, Location},
};

use super::{
    Catalogue, CatalogueEntry, Keyword, StepBookError,
    binding::{self, Bound, PhraseStep},
    expression,
};
use crate::phrase::{Pattern, Phrase};

/// A collection of steps for the World `W`.
///
/// Written as a generic function, a book serves every World that has what its steps need:
///
/// ```
/// use cucumber::World;
/// use harness_bdd::{Context, StepBook, argument, step};
///
/// trait HasCounter: World {
///     fn counter(&mut self) -> &mut u32;
/// }
///
/// fn steps<W: HasCounter>(book: StepBook<W>) -> StepBook<W> {
///     book.when("I add {int}", |world, context| step(add(world, context)))
/// }
///
/// async fn add<W: HasCounter>(world: &mut W, context: Context) -> Result<(), harness_bdd::BoxError> {
///     *world.counter() += argument::<u32>(&context, 0)?;
///     Ok(())
/// }
/// # #[derive(Debug, Default, World)] struct Mine(u32);
/// # impl HasCounter for Mine { fn counter(&mut self) -> &mut u32 { &mut self.0 } }
/// let book = StepBook::<Mine>::new().merge(steps);
/// assert_eq!(book.catalogue().to_string(), "When  I add {int}\n");
/// ```
///
/// A step is a plain function pointer to cucumber: the closure may capture nothing.
/// A text that is in the book already, or that is no Cucumber Expression, is not taken in;
/// [`StepBook::into_collection`] and the suite refuse such a book and name the places.
///
/// A step can be for a [`Phrase`], too: for the many ways in which people write the same thing. A
/// suite binds the lines of its features to such steps; a step with an expression comes before
/// them, so that a team can give a line of the library a meaning of its own.
pub struct StepBook<W> {
    collection: Collection<W>,
    phrases: Vec<PhraseStep<W>>,
    catalogue: Catalogue,
    errors: Vec<StepBookError>,
}

impl<W> StepBook<W> {
    /// An empty book.
    pub fn new() -> Self {
        Self::over(Collection::new())
    }

    /// A book that begins with steps which were registered elsewhere, usually by cucumber's
    /// attributes: `StepBook::over(MyWorld::collection())`. These aren't in the catalogue.
    pub fn over(collection: Collection<W>) -> Self {
        Self {
            collection,
            phrases: Vec::new(),
            catalogue: Catalogue::default(),
            errors: Vec::new(),
        }
    }

    /// Adds a step for `Given` lines; `expression` is a Cucumber Expression, which matches whole lines.
    #[must_use]
    #[track_caller]
    pub fn given(self, expression: &str, step: Step<W>) -> Self {
        self.add(Keyword::Given, expression, step, panic::Location::caller())
    }

    /// Adds a step for `When` lines.
    #[must_use]
    #[track_caller]
    pub fn when(self, expression: &str, step: Step<W>) -> Self {
        self.add(Keyword::When, expression, step, panic::Location::caller())
    }

    /// Adds a step for `Then` lines.
    #[must_use]
    #[track_caller]
    pub fn then(self, expression: &str, step: Step<W>) -> Self {
        self.add(Keyword::Then, expression, step, panic::Location::caller())
    }

    /// Adds a step by grammar, for lines with these keywords. Of several phrases that match a line, the
    /// one that was added first counts.
    #[must_use]
    #[track_caller]
    pub fn phrase(mut self, keywords: &[Keyword], phrase: Phrase, step: Step<W>) -> Self {
        let location = location(panic::Location::caller());
        for pattern in phrase.patterns() {
            if let Err(error) = pattern.parse::<Pattern>() {
                self.errors.push(error.into());
                return self;
            }
        }
        self.catalogue.entries.push(CatalogueEntry {
            keywords: keywords.to_vec(),
            expression: phrase.about().to_owned(),
            patterns: phrase
                .patterns()
                .iter()
                .map(|&pattern| pattern.to_owned())
                .collect(),
            examples: phrase
                .examples()
                .iter()
                .map(|&example| example.to_owned())
                .collect(),
            location,
        });
        self.phrases.push(PhraseStep {
            phrase,
            keywords: keywords.to_vec(),
            step,
            location,
        });
        self
    }

    /// Takes in another book, given as the function that writes it.
    #[must_use]
    pub fn merge(self, book: impl FnOnce(Self) -> Self) -> Self {
        book(self)
    }

    /// What the book holds.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What was refused so far; empty for a book that can be used.
    pub fn errors(&self) -> &[StepBookError] {
        &self.errors
    }

    /// The collection that cucumber runs: the steps with an expression. Those by grammar are not in it,
    /// as they are bound to the lines of features: see [`Suite`](crate::suite::Suite).
    ///
    /// # Errors
    /// The first thing that was refused when steps were added.
    pub fn into_collection(self) -> Result<Collection<W>, StepBookError> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(self.collection),
        }
    }

    /// Finds out which step each line of `features` is, on a telescope whose file names these further
    /// devices.
    pub(crate) fn bind(
        self,
        features: &[Feature],
        devices: &[&str],
    ) -> Result<Bound<W>, StepBookError> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            None => binding::bind(
                self.collection,
                self.phrases,
                self.catalogue,
                features,
                devices,
            ),
        }
    }

    fn add(
        mut self,
        keyword: Keyword,
        text: &str,
        step: Step<W>,
        caller: &'static panic::Location<'static>,
    ) -> Self {
        let location = location(caller);
        let expression = text.to_owned();
        let regex = match expression::compile(text) {
            Ok(regex) => regex,
            Err(reason) => {
                self.errors.push(StepBookError::Expression {
                    keyword,
                    expression,
                    location,
                    reason,
                });
                return self;
            }
        };
        let pattern = regex.as_str().to_owned();
        let same = |entry: &&CatalogueEntry| {
            entry.keywords == [keyword] && entry.patterns.contains(&pattern)
        };
        if let Some(first) = self.catalogue.entries.iter().find(same) {
            self.errors.push(StepBookError::Duplicate {
                keyword,
                expression,
                first: first.location,
                second: location,
            });
            return self;
        }
        self.collection = match keyword {
            Keyword::Given => self.collection.given(Some(location), regex, step),
            Keyword::When => self.collection.when(Some(location), regex, step),
            Keyword::Then => self.collection.then(Some(location), regex, step),
        };
        self.catalogue.entries.push(CatalogueEntry {
            keywords: vec![keyword],
            expression,
            patterns: vec![pattern],
            examples: Vec::new(),
            location,
        });
        self
    }
}

fn location(caller: &'static panic::Location<'static>) -> Location {
    Location {
        path: caller.file(),
        line: caller.line(),
        column: caller.column(),
    }
}

// By hand: a derive would ask for `W: Default`.
impl<W> Default for StepBook<W> {
    fn default() -> Self {
        Self::new()
    }
}

// By hand: a derive would ask for `W: Debug`, and the function pointers say nothing to a reader.
impl<W> fmt::Debug for StepBook<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StepBook")
            .field("catalogue", &self.catalogue)
            .field("errors", &self.errors)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Default, cucumber::World)]
    struct Blank;

    fn nothing(
        _: &mut Blank,
        _: cucumber::step::Context,
    ) -> futures_util::future::LocalBoxFuture<'_, ()> {
        Box::pin(async {})
    }

    #[test]
    fn the_same_text_twice_is_refused_and_both_places_are_named() {
        let book = StepBook::new()
            .given("subarray {int} is idle", nothing)
            .given("subarray {int} is idle", nothing);
        let (first, second) = match &book.errors()[0] {
            StepBookError::Duplicate { first, second, .. } => (*first, *second),
            other => panic!("unexpected {other}"),
        };
        assert_eq!(first.path, file!());
        assert_eq!(second.line, first.line + 1);
        let text = book.into_collection().unwrap_err().to_string();
        assert!(
            text.contains(&first.to_string()) && text.contains(&second.to_string()),
            "{text}"
        );
    }

    #[test]
    fn the_same_text_under_another_keyword_is_another_step() {
        let book = StepBook::new()
            .given("it is idle", nothing)
            .then("it is idle", nothing);
        assert!(book.errors().is_empty());
        assert_eq!(book.catalogue().entries().len(), 2);
    }

    #[test]
    fn a_merged_book_keeps_the_places_of_its_steps() {
        fn more(book: StepBook<Blank>) -> StepBook<Blank> {
            book.when("I wait", nothing)
        }
        let book = StepBook::new().merge(more);
        assert!(
            book.catalogue().entries()[0]
                .location
                .path
                .ends_with("book.rs")
        );
    }

    #[test]
    fn a_text_that_is_no_expression_is_refused() {
        let error = StepBook::new()
            .given("a {thing}", nothing)
            .into_collection()
            .unwrap_err();
        assert!(error.to_string().contains("a {thing}"), "{error}");
    }
}
