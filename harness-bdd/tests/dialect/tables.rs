//! Tables and Examples.

use crate::{read, scenarios, steps, warnings};

/// A scenario that uses `<a>` and `<b>`, with this text behind it; the text begins on line 4.
fn with(examples: &str) -> harness_bdd::feature::Loaded {
    read(&format!(
        "Feature: f\nScenario: s <a>\n  Given <a> and <b>\n{examples}"
    ))
}

#[test]
fn empty_header_cells_and_uneven_rows_are_read() {
    let loaded =
        with("  Examples:\n    | a | b |     |\n    | 1 | 2 |\n    | 3 | 4 |  |\n    | 5 |\n");
    assert_eq!(scenarios(&loaded), ["f/s 1@6", "f/s 3@7", "f/s 5@8"]);
    assert_eq!(
        steps(&loaded),
        ["Given 1 and 2@3", "Given 3 and 4@3", "Given 5 and @3"]
    );
    assert_eq!(
        warnings(&loaded),
        ["table-shape@5", "table-shape@7", "table-shape@8"]
    );
}

#[test]
fn comments_and_blank_lines_among_rows_do_not_move_their_lines() {
    let loaded = with(
        "Examples: with a name\n\n  # what\n  | a | b |  # header\n\n  # first\n  | 1 | 2 | # | one\n  \
         #| 8 | 9 |\n  | 3 | 4 |\n",
    );
    assert_eq!(scenarios(&loaded), ["f/s 1@10", "f/s 3@12"]);
    assert_eq!(steps(&loaded)[1], "Given 3 and 4@3");
    let examples = &loaded.features[0].scenarios[0].examples[0];
    assert_eq!(examples.name.as_deref(), Some("with a name"));
}

#[test]
fn several_examples_are_read_one_after_the_other() {
    let loaded = with(
        "\t\t\tExamples:\n | a | b |\n | 1 | 2 |\n@more\nExamples: more\n | b | a |\n | 3 | 4 |\n",
    );
    assert_eq!(scenarios(&loaded), ["f/s 1@6", "f/s 4@10"]);
    assert_eq!(steps(&loaded)[1], "Given 4 and 3@3");
    assert_eq!(loaded.features[0].scenarios[1].tags, ["more"]);
    assert!(loaded.warnings.is_empty());
}

#[test]
fn a_name_without_a_column_is_left_and_told_once() {
    let loaded = with("Examples:\n | a | bb |\n | 1 | 2 |\n | 3 | 4 |\n");
    assert_eq!(steps(&loaded), ["Given 1 and <b>@3", "Given 3 and <b>@3"]);
    assert_eq!(warnings(&loaded), ["unresolved-placeholder@3"]);
    let loaded = read("Scenario: s\n  Given <dish_ids>\nExamples:\n | dish_id |\n | SKA001 |\n");
    let text = loaded.warnings[1].to_string();
    assert!(
        text.ends_with("left as it stands; did you mean `<dish_id>`?"),
        "{text}"
    );
}

#[test]
fn steps_behind_the_examples_belong_to_the_scenario() {
    let loaded =
        with("Examples:\n | a | b |\n | 1 | 2 |\n\n  Then <b>\n@x\nScenario: t\n  Given rain\n");
    assert_eq!(scenarios(&loaded), ["f/s 1@6", "f/t@10"]);
    assert_eq!(
        steps(&loaded),
        ["Given 1 and 2@3", "Then 2@8", "Given rain@11"]
    );
    assert_eq!(loaded.features[0].scenarios[1].tags, ["x"]);
    assert_eq!(warnings(&loaded), ["examples-place@8"]);
}

#[test]
fn vertical_examples_are_turned() {
    let loaded = with("Examples: Vertical\n | a | 1 | 3 |\n | b | 2 | 4 |\n");
    assert_eq!(steps(&loaded), ["Given 1 and 2@3", "Given 3 and 4@3"]);
    assert_eq!(warnings(&loaded), ["examples-place@4"]);
    let loaded = with("Examples: Vertical\n | a | b |\n | 1 | 2 |\n");
    assert_eq!(steps(&loaded), ["Given 1 and 2@3"]);
    assert!(loaded.warnings.is_empty());
}

#[test]
fn examples_of_a_feature_are_those_of_its_scenarios() {
    let text = "Feature: f\n  Examples:\n  | a |\n  | 1 |\n\n  | 2 |\n\n  Scenario: s <a>\n    Given <a>\n  \
                Scenario: t <a>\n    Given <a>\n    Examples:\n    | a |\n    | 3 |\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["f/s 1@4", "f/s 2@6", "f/t 3@14"]);
    assert_eq!(warnings(&loaded), ["examples-place@2"]);
}

#[test]
fn examples_without_rows_leave_one_scenario() {
    for examples in ["Examples:\n", "Examples:\n | a | b |\n"] {
        let loaded = with(examples);
        assert_eq!(steps(&loaded), ["Given <a> and <b>@3"]);
        assert_eq!(warnings(&loaded)[2..], ["empty-examples@4"]);
    }
    let loaded = read("Feature: f\nScenario Outline: s\n  Given rain\n");
    assert_eq!(warnings(&loaded), ["no-examples@2"]);
    let loaded = read("# language: fr\nFonctionnalité: f\nScénario: s\n  Soit la pluie\n");
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
}

#[test]
fn data_tables_and_docstrings_of_steps_are_kept() {
    let text = "Feature: f\nScenario: s\n  Given rain\n    | a | b |\n    | \\d+ |\n  And wind\n    \"\"\"\n    \
                Given nothing\n    \"\"\"\n  When <x>\n";
    let loaded = read(text);
    let steps = &loaded.features[0].scenarios[0].steps;
    let rows = &steps[0].table.as_ref().unwrap().rows;
    assert_eq!(rows[1], ["\\d+", ""]);
    assert_eq!(steps[1].docstring.as_deref(), Some("\nGiven nothing\n"));
    assert_eq!(steps[2].position.line, 10);
    assert_eq!(
        warnings(&loaded),
        ["table-shape@5", "unresolved-placeholder@10"]
    );
}
