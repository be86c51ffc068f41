//! A page, put together.

use serde::Serialize;

use super::embed::embedded;

const HEAD: &str = include_str!("assets/head.html");

const LOOK: &str = include_str!("assets/look.css");

const ELEMENTS: &str = include_str!("assets/elements.js");

/// An HTML page that is one file and asks for no other: a content security policy in it forbids
/// everything but its own styles and scripts.
///
/// Styles, body and scripts are the caller's own text and are put in as they are. What is to be shown is
/// data, which never becomes markup: scripts read it with `json(id)`, and put it into elements as text.
///
/// ```
/// use harness_core::page::Page;
///
/// let html = Page::new("Rain")
///     .with_body("<main id=\"main\"></main>\n")
///     .with_data("drops", &["</script>", "<b>"])
///     .with_scripts(&["function start() { document.getElementById('main').append(...json('drops')); }\n"])
///     .to_html();
/// assert!(html.starts_with("<!doctype html>") && !html.contains("<b>"));
/// ```
#[derive(Clone, Debug)]
#[must_use = "a page does nothing until it is written"]
pub struct Page {
    title: &'static str,
    styles: Vec<&'static str>,
    /// What stands in the body, in this order.
    body: String,
}

impl Page {
    /// A page with nothing on it, and a title until a script gives it another.
    pub fn new(title: &'static str) -> Page {
        let (styles, body) = (vec![LOOK], String::with_capacity(1 << 17));
        Page {
            title,
            styles,
            body,
        }
    }

    /// Adds styles to those that every page has.
    pub fn with_styles(mut self, styles: &[&'static str]) -> Page {
        self.styles.extend(styles);
        self
    }

    /// Adds markup.
    pub fn with_body(mut self, markup: &'static str) -> Page {
        self.body.push_str(markup);
        self
    }

    /// Adds data, which scripts read by this id; of what comes after them, when they need it later.
    pub fn with_data(mut self, id: &str, data: &impl Serialize) -> Page {
        let id: String = id.chars().filter(|it| is_harmless(*it)).collect();
        self.body.push_str(&format!(
            "<script nonce=\"harness\" type=\"application/json\" id=\"{id}\">{}</script>\n",
            embedded(data)
        ));
        self
    }

    /// Adds scripts, in this order: classes must stand before what adds to them. Together they define a
    /// function `start`, which is called then.
    pub fn with_scripts(mut self, scripts: &[&'static str]) -> Page {
        let begin = "<script nonce=\"harness\">\n(() => {\n'use strict';\n";
        let end = "start();\n})();\n</script>\n";
        self.body.push_str(begin);
        self.body.push_str(ELEMENTS);
        self.body.extend(scripts.iter().copied());
        self.body.push_str(end);
        self
    }

    /// The page as text.
    #[must_use]
    pub fn to_html(&self) -> String {
        let mut html = String::with_capacity(self.body.len() + (1 << 15));
        let (before, after) = HEAD.split_once("@@styles@@").unwrap_or((HEAD, ""));
        html.push_str(&before.replace("@@title@@", self.title));
        html.extend(self.styles.iter().copied());
        html.push_str(after);
        html.push_str(&self.body);
        html.push_str("</body>\n</html>\n");
        html
    }
}

fn is_harmless(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || letter == '-'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_never_becomes_a_part_of_the_page() {
        let hostile = "</script><img src=x>@@styles@@";
        let html = Page::new("Rain")
            .with_data("\"><img", &hostile)
            .with_scripts(&["function start() {}\n"])
            .to_html();
        assert!(!html.contains("<img"), "markup from data");
        assert_eq!(html.matches(LOOK).count(), 1, "a mark in data");
        assert_eq!(html.matches("</script>").count(), 2);
        assert_eq!(html.matches("<title>Rain</title>").count(), 1);
    }

    #[test]
    fn what_every_page_has_asks_for_nothing_and_makes_no_markup() {
        for asset in [HEAD, LOOK, ELEMENTS] {
            for word in ["innerHTML", "document.write", "eval(", "fetch(", "@import"] {
                assert!(!asset.contains(word), "{word}");
            }
            let addresses = asset.replace("http://www.w3.org/2000/svg", "");
            assert!(!addresses.contains("://"), "an address");
        }
    }
}
