//! The graph as a picture: for Graphviz and for Mermaid.

use std::collections::HashSet;
use std::fmt::Write;

use super::graph::StateGraph;
use super::transition::{Sources, State};

/// What a transition from any state starts at in a drawing.
const ANY: &str = "any state";

impl<S: State> StateGraph<S> {
    /// The graph in the language of Graphviz. States that the system leaves by itself are dashed;
    /// each edge shows its transition and cost.
    ///
    /// ```
    /// use harness_core::state_machine::{StateGraph, Transition};
    ///
    /// let graph = StateGraph::new().with(Transition::to("ON").named("On").from(["OFF"]))?;
    /// assert!(graph.to_dot().contains(r#""OFF" -> "ON" [label="On (1)"]"#));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_dot(&self) -> String {
        let mut text = String::from("digraph states {\n    rankdir=LR;\n    node [shape=box];\n");
        let transient = self.transient_states();
        for state in self.states() {
            let style = if transient.contains(state) {
                " [style=dashed]"
            } else {
                ""
            };
            line(
                &mut text,
                format_args!("    {}{style};", quoted(&state.to_string())),
            );
        }
        if self.has_any_source() {
            line(
                &mut text,
                format_args!("    {} [shape=plaintext];", quoted(ANY)),
            );
        }
        for edge in self.drawn_edges() {
            let (from, to, label) = (quoted(&edge.from), quoted(&edge.to), quoted(&edge.label));
            line(
                &mut text,
                format_args!("    {from} -> {to} [label={label}];"),
            );
        }
        text.push_str("}\n");
        text
    }

    /// The graph as a Mermaid state diagram, as GitLab and GitHub render it.
    ///
    /// ```
    /// use harness_core::state_machine::{StateGraph, Transition};
    ///
    /// let graph = StateGraph::new().with(Transition::to("ON").named("On").from(["OFF"]))?;
    /// assert!(graph.to_mermaid().contains("s0 --> s1: On (1)"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n    direction LR\n");
        let mut names: Vec<String> = self.states().map(ToString::to_string).collect();
        if self.has_any_source() {
            names.push(ANY.to_owned());
        }
        for (number, name) in names.iter().enumerate() {
            line(
                &mut text,
                format_args!("    state \"{}\" as s{number}", plain(name)),
            );
        }
        let number = |name: &str| {
            names
                .iter()
                .position(|known| known == name)
                .unwrap_or_default()
        };
        for edge in self.drawn_edges() {
            let (from, to) = (number(&edge.from), number(&edge.to));
            line(
                &mut text,
                format_args!("    s{from} --> s{to}: {}", plain(&edge.label)),
            );
        }
        text
    }

    fn drawn_edges(&self) -> Vec<DrawnEdge> {
        let mut edges = Vec::new();
        for transition in self.transitions() {
            let sources = match transition.sources() {
                Sources::Any => vec![ANY.to_owned()],
                Sources::Only(states) => states.iter().map(ToString::to_string).collect(),
            };
            for from in sources {
                edges.push(DrawnEdge {
                    from,
                    to: transition.target().to_string(),
                    label: format!("{} ({})", transition.name(), transition.given_cost()),
                });
            }
        }
        edges
    }

    fn transient_states(&self) -> HashSet<&S> {
        self.transitions()
            .iter()
            .filter(|transition| transition.is_transient())
            .map(super::Transition::target)
            .collect()
    }

    fn has_any_source(&self) -> bool {
        self.transitions()
            .iter()
            .any(|transition| matches!(transition.sources(), Sources::Any))
    }
}

struct DrawnEdge {
    from: String,
    to: String,
    label: String,
}

fn line(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = text.write_fmt(arguments);
    text.push('\n');
}

/// A quoted identifier of the DOT language.
fn quoted(name: &str) -> String {
    format!(
        "\"{}\"",
        name.replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    )
}

/// A text that Mermaid takes as it is: it has no escapes, only entities.
fn plain(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '#' => text.push_str("#35;"),
            '"' => text.push_str("#quot;"),
            ';' => text.push_str("#59;"),
            ':' => text.push_str("#58;"),
            '\n' => text.push(' '),
            other => text.push(other),
        }
    }
    text
}
