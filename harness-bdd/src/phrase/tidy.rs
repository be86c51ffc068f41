//! What of a line means something.

/// The line without what means nothing: articles, doubled words and surplus spaces go, and so does a
/// full stop at the end. Quoted text stays as it is. The case of letters stays, too: matching does
/// not look at it, but values have it.
///
/// ```
/// use harness_bdd::phrase::tidy;
///
/// assert_eq!(tidy("the telescope is is  in an OFF state."), "telescope is in OFF state");
/// assert_eq!(tidy("it says `a  b`"), "it says `a  b`");
/// ```
pub fn tidy(line: &str) -> String {
    let mut tidied = String::with_capacity(line.len());
    let mut last = String::new();
    for word in words(line.trim().trim_end_matches(['.', ';', ':'])) {
        if is_article(word)
            || last.eq_ignore_ascii_case(word) && word.chars().all(char::is_alphabetic)
        {
            continue;
        }
        if !tidied.is_empty() {
            tidied.push(' ');
        }
        tidied.push_str(word);
        word.clone_into(&mut last);
    }
    tidied
}

/// `a`, `an`, `the`. A capital `A` could be a name ("scan type A"), but not where anything follows it
/// that a capital would not begin; the few lines that say so quote it.
fn is_article(word: &str) -> bool {
    ["a", "an", "the"]
        .iter()
        .any(|article| word.eq_ignore_ascii_case(article))
}

/// Words, where quoted text and JSON lists in brackets count as one.
pub(super) fn words(line: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let (mut start, mut closing) = (None, None);
    for (place, character) in line.char_indices() {
        match closing {
            Some(end) if character == end => closing = None,
            Some(_) => {}
            None if character.is_whitespace() => {
                if let Some(start) = start.take() {
                    words.push(&line[start..place]);
                }
                continue;
            }
            None => closing = closing_of(character, &line[place..]),
        }
        start = start.or(Some(place));
    }
    if let Some(start) = start {
        words.push(&line[start..]);
    }
    words
}

/// What ends a quotation that begins here; nothing does if it is never ended, so that an apostrophe
/// is no quotation.
fn closing_of(opening: char, rest: &str) -> Option<char> {
    let end = match opening {
        '"' | '`' => opening,
        '[' => ']',
        _ => return None,
    };
    rest.get(1..)?.contains(end).then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn articles_doubled_words_and_spaces_go() {
        assert_eq!(
            tidy("  The  subarray  subarray goes to an IDLE state. "),
            "subarray goes to IDLE state"
        );
    }

    #[test]
    fn quotations_and_lists_stay_whole() {
        assert_eq!(tidy(r#"says "the  end""#), r#"says "the  end""#);
        assert_eq!(
            tidy(r#"for ["a",  "the b"] and"#),
            r#"for ["a",  "the b"] and"#
        );
    }

    #[test]
    fn an_apostrophe_is_no_quotation_and_numbers_may_come_twice() {
        assert_eq!(tidy("the SDP's state"), "SDP's state");
        assert_eq!(tidy("from 1 1"), "from 1 1");
        assert_eq!(tidy("it says \"never ended"), "it says \"never ended");
    }
}
