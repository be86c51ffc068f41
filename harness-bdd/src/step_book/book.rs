//! The book: steps for any World, each with the place where it was written.

use std::{fmt, panic};

use cucumber::{
    Step,
    gherkin::Feature,
    step::{Collection, Location},
};

use regex::Regex;

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
    /// What the steps that are added now are about.
    pub(super) family: Option<&'static str>,
}

/// A book taken apart.
pub(super) struct Parts<W> {
    pub(super) collection: Collection<W>,
    pub(super) phrases: Vec<PhraseStep<W>>,
    pub(super) catalogue: Catalogue,
}

impl<W> StepBook<W> {
    /// An empty book.
    pub fn new() -> Self {
        Self::over(Collection::new())
    }

    /// A book that begins with steps which were registered elsewhere:
    /// `StepBook::over(MyWorld::collection())`. These aren't in the catalogue; for steps by cucumber's
    /// attributes [`with_attributes`](Self::with_attributes) does better.
    pub fn over(collection: Collection<W>) -> Self {
        Self {
            collection,
            phrases: Vec::new(),
            catalogue: Catalogue::default(),
            errors: Vec::new(),
            family: None,
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
        let entry = CatalogueEntry {
            keywords: keywords.to_vec(),
            expression: phrase.about().to_owned(),
            patterns: owned(phrase.patterns()),
            examples: owned(phrase.examples()),
            family: self.family,
            location,
            is_phrase: true,
        };
        if let Some(error) = self.duplicate(&entry) {
            self.errors.push(error);
            return self;
        }
        self.phrases.push(PhraseStep {
            phrase,
            keywords: keywords.to_vec(),
            step,
            entry: self.catalogue.entries.len(),
            location,
        });
        self.catalogue.entries.push(entry);
        self
    }

    /// Takes in another book, given as the function that writes it.
    #[must_use]
    pub fn merge(self, book: impl FnOnce(Self) -> Self) -> Self {
        book(self)
    }

    /// Takes in another book and says what it is about: the catalogue lists its steps under this name.
    /// Of names within names the inner one counts.
    ///
    /// ```
    /// # use harness_bdd::{HarnessWorld, StepBook, step};
    /// fn weather(book: StepBook<HarnessWorld>) -> StepBook<HarnessWorld> {
    ///     book.given("it rains", |_, _| step(async { Ok(()) }))
    /// }
    /// let book = StepBook::new().family("Weather", weather);
    /// assert_eq!(book.catalogue().entries()[0].family, Some("Weather"));
    /// ```
    #[must_use]
    pub fn family(mut self, name: &'static str, book: impl FnOnce(Self) -> Self) -> Self {
        let outer = self.family.replace(name);
        let mut book = book(self);
        book.family = outer;
        book
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
        Ok(self.into_parts()?.collection)
    }

    /// Finds out which step each line of `features` is, on a telescope whose file names these further
    /// devices.
    pub(crate) fn bind(
        self,
        features: &[Feature],
        devices: &[&str],
    ) -> Result<Bound<W>, StepBookError> {
        binding::bind(self.into_parts()?, features, devices)
    }

    /// The first thing that was refused, or else everything.
    pub(super) fn into_parts(self) -> Result<Parts<W>, StepBookError> {
        match self.errors.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(Parts {
                collection: self.collection,
                phrases: self.phrases,
                catalogue: self.catalogue,
            }),
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
        let entry = CatalogueEntry {
            keywords: vec![keyword],
            expression,
            patterns: vec![regex.as_str().to_owned()],
            examples: Vec::new(),
            family: self.family,
            location,
            is_phrase: false,
        };
        self.add_compiled(keyword, regex, step, entry)
    }

    /// Adds a step with an expression, unless there is one of the same text.
    pub(super) fn add_compiled(
        mut self,
        keyword: Keyword,
        regex: Regex,
        step: Step<W>,
        entry: CatalogueEntry,
    ) -> Self {
        if let Some(error) = self.duplicate(&entry) {
            self.errors.push(error);
            return self;
        }
        let location = Some(entry.location);
        self.collection = match keyword {
            Keyword::Given => self.collection.given(location, regex, step),
            Keyword::When => self.collection.when(location, regex, step),
            Keyword::Then => self.collection.then(location, regex, step),
        };
        self.catalogue.entries.push(entry);
        self
    }

    /// What is wrong with `entry` if the book has its text already. A phrase may repeat one of another
    /// family: there the one that comes first counts.
    fn duplicate(&self, entry: &CatalogueEntry) -> Option<StepBookError> {
        let phrase = entry.is_phrase();
        let known = self.catalogue.entries.iter().filter(|known| {
            known.is_phrase() == phrase && (!phrase || known.family == entry.family)
        });
        known.into_iter().find_map(|known| {
            let keyword = *(entry.keywords.iter()).find(|one| known.keywords.contains(one))?;
            let pattern = (entry.patterns.iter()).find(|one| known.patterns.contains(one))?;
            Some(StepBookError::Duplicate {
                keyword,
                expression: if phrase { pattern } else { &entry.expression }.clone(),
                first: known.location,
                second: entry.location,
            })
        })
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
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
