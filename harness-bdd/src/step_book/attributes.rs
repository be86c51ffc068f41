//! Steps that cucumber's attributes registered.

use cucumber::{
    Step,
    codegen::{StepConstructor, WorldInventory, inventory},
    step::Location,
};
use regex::Regex;

use super::{CatalogueEntry, Keyword, StepBook};

impl<W: WorldInventory> StepBook<W> {
    /// Adds the steps that cucumber's attributes `#[given]`, `#[when]` and `#[then]` registered for
    /// this World. They are in the catalogue, and one that is in the book already is refused.
    ///
    /// ```
    /// use cucumber::{World, given};
    /// use harness_bdd::StepBook;
    ///
    /// #[derive(Debug, Default, World)]
    /// struct Mine;
    ///
    /// #[given(expr = "it rains")]
    /// fn it_rains(_: &mut Mine) {}
    ///
    /// let book = StepBook::<Mine>::new().with_attributes();
    /// assert_eq!(book.catalogue().to_string(), "Given it rains\n");
    /// ```
    #[must_use]
    pub fn with_attributes(mut self) -> Self {
        let mut steps = Vec::new();
        take::<W, W::Given>(Keyword::Given, &mut steps);
        take::<W, W::When>(Keyword::When, &mut steps);
        take::<W, W::Then>(Keyword::Then, &mut steps);
        // the linker decides in which order they come
        steps.sort_by_key(|(keyword, location, ..)| (*location, *keyword));
        for (keyword, location, regex, step) in steps {
            let entry = CatalogueEntry {
                keywords: vec![keyword],
                expression: readable(regex.as_str()),
                patterns: vec![regex.as_str().to_owned()],
                examples: Vec::new(),
                family: self.family,
                location,
                is_phrase: false,
            };
            self = self.add_compiled(keyword, regex, step, entry);
        }
        self
    }
}

type Registered<W> = (Keyword, Location, Regex, Step<W>);

fn take<W, C>(keyword: Keyword, steps: &mut Vec<Registered<W>>)
where
    C: inventory::Collect + StepConstructor<W>,
{
    for registered in inventory::iter::<C> {
        let (location, regex, step) = registered.inner();
        steps.push((keyword, location, regex(), step));
    }
}

/// A regular expression as one reads it: what the attribute was given is gone.
fn readable(regex: &str) -> String {
    let inside = regex.strip_prefix('^').unwrap_or(regex);
    let inside = inside.strip_suffix('$').unwrap_or(inside);
    let groups = [
        (r"((?:-?\d+)|(?:\d+))", "{int}"),
        (r"([^\s]+)", "{word}"),
        (r"(.*)", "{}"),
    ];
    let text = groups
        .iter()
        .fold(inside.to_owned(), |text, (group, parameter)| {
            text.replace(group, parameter)
        });
    match text.contains(STRING) {
        true => strings(&text),
        false => text,
    }
}

/// What every `{string}` becomes, but for the names of its groups.
const STRING: &str = r#"(?:"(?P<__"#;

/// Puts `{string}` in place of what it became.
fn strings(text: &str) -> String {
    let string = r#"\(\?:"\(\?P<__\d+_0>.*?\)"\|'\(\?P<__\d+_1>.*?\)'\)"#;
    match Regex::new(string) {
        Ok(regex) => regex.replace_all(text, "{string}").into_owned(),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::step_book::expression;

    #[test]
    fn what_an_attribute_was_given_can_be_read() {
        for text in [
            "the operator is {string}",
            "{int} of {word} are there",
            "it rains",
            "{string} and {string}",
        ] {
            let regex = expression::compile(text).unwrap();
            assert_eq!(readable(regex.as_str()), text);
        }
    }
}
