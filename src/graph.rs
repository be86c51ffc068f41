//! `harness graph`: draws the states of a subarray and the transitions between them.

use harness_tango::subarray::subarray_graph;

use crate::{
    arguments::{GraphArguments, GraphFormat},
    exit::Exit,
    output,
    problem::Problem,
};

/// Prints the graph in the language that was asked for.
pub(crate) fn graph(arguments: &GraphArguments) -> Result<Exit, Problem> {
    let graph = subarray_graph();
    let drawing = match arguments.format {
        GraphFormat::Dot => graph.to_dot(),
        GraphFormat::Mermaid => graph.to_mermaid(),
    };
    output::say(drawing.trim_end());
    Ok(Exit::Passed)
}
