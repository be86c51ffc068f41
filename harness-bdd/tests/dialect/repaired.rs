//! Departures that are read.

use crate::{read, scenarios, steps, warnings};

#[test]
fn a_file_without_a_feature_line_is_a_feature_with_the_name_of_the_file() {
    let loaded = read("# by a machine\n\n@XTP-1 @team\nScenario: wet\n\tGiven rain\n");
    assert_eq!(scenarios(&loaded), ["rain/wet@4"]);
    assert_eq!(steps(&loaded), ["Given rain@5"]);
    assert_eq!(loaded.features[0].scenarios[0].tags, ["XTP-1", "team"]);
    assert!(loaded.features[0].tags.is_empty());
    assert_eq!(warnings(&loaded), ["no-feature-line@3"]);
    assert_eq!(
        loaded.warnings[0].to_string(),
        "rain.feature:3: no `Feature:` line; read as if `Feature: rain` stood here"
    );
}

#[test]
fn a_docstring_before_the_feature_is_left_out() {
    let text = "\"\"\"Module docstring.\n\nScenario: not one\nGiven nothing\n\"\"\"\n\
                Feature: f\n  Scenario: s\n    Given rain\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["f/s@7"]);
    assert_eq!(steps(&loaded), ["Given rain@8"]);
    assert_eq!(warnings(&loaded), ["text-before-feature@1"]);
    assert_eq!(
        warnings(&read("'''one line'''\nScenario: s\n  Given rain\n")).len(),
        2
    );
}

#[test]
fn a_feature_that_is_commented_out_leaves_prose_and_background() {
    let text = "# Feature: old\n    Written for the rain.\n    And for the sun.\n\n\
                Background:\n  Given a field\n\nScenario: s\n  When it rains\n";
    let error = crate::refused(text);
    assert!(error.contains("rain.feature:3:5"), "{error}");
    let loaded = read(&text.replace("And for", "* for"));
    assert_eq!(scenarios(&loaded), ["rain/s@8"]);
    let background = loaded.features[0].background.as_ref().unwrap();
    assert_eq!(background.steps[0].position.line, 6);
    assert_eq!(
        warnings(&loaded),
        ["text-before-feature@2", "no-feature-line@5"]
    );
}

#[test]
fn several_features_of_a_file_are_features_of_their_own() {
    let text = "@early\nScenario: a\n  Given rain\n\n@second\nFeature: b\n  Scenario: c\n    Given sun\n\
                Feature: d\n  Scenario: e\n    Given wind\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["rain/a@2", "b/c@7", "d/e@10"]);
    assert_eq!(
        steps(&loaded),
        ["Given rain@3", "Given sun@8", "Given wind@11"]
    );
    assert_eq!(loaded.features[1].tags, ["second"]);
    assert_eq!(
        warnings(&loaded),
        ["no-feature-line@1", "second-feature@6", "second-feature@9"]
    );
}

#[test]
fn a_feature_line_with_no_scenario_before_it_belongs_to_the_description() {
    let loaded = read("Feature: a\nFeature: b\n  Scenario: s\n    Given rain\n");
    assert_eq!(scenarios(&loaded), ["a/s@3"]);
    assert_eq!(
        loaded.features[0].description.as_deref(),
        Some("Feature: b")
    );
    assert_eq!(warnings(&loaded), ["second-feature@2"]);
}

#[test]
fn keywords_are_read_in_any_letters() {
    let text = "feature: f\nscenario : s\n  given rain\n  AND wind\n  Then: wet\n\
                SCENARIO OUTLINE: t\n  When\u{a0}<w>\n  but not <w>\n  examples :\n    | w |\n    | sun |\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["f/s@2", "f/t@11"]);
    assert_eq!(
        steps(&loaded),
        [
            "Given rain@3",
            "Given wind@4",
            "Then wet@5",
            "When sun@7",
            "When not sun@8"
        ]
    );
    assert_eq!(loaded.warnings.len(), 9, "{:?}", warnings(&loaded));
    assert_eq!(
        loaded.warnings[1].to_string(),
        "rain.feature:2: `scenario :` is not how the keyword is written; read as `Scenario`"
    );
}

#[test]
fn a_keyword_without_its_colon_is_read_where_nothing_else_can_stand() {
    let text = "Feature: f\nScenario: s\n  Given <w>\nExamples\n  | w |\n  | sun |\n\
                Scenario t\n  Given rain\nScenario: u\n  Given <w>\nExample:\n  | w |\n  | fog |\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["f/s@6", "f/t@7", "f/u@13"]);
    assert_eq!(
        steps(&loaded),
        ["Given sun@3", "Given rain@8", "Given fog@10"]
    );
}

#[test]
fn prose_that_begins_like_a_step_stays_prose() {
    let text = "Feature: f\n  Whenever it rains, Scenarios are wet.\n  Example of rain\n\n  Scenario: s\n    \
                Whenever, and\n    then again.\n    **bold**\n    Given rain\n";
    let loaded = read(text);
    assert_eq!(steps(&loaded), ["Given rain@9"]);
    let description = loaded.features[0].scenarios[0].description.clone();
    assert_eq!(description.unwrap(), "Whenever, and\nthen again.\n**bold**");
    assert_eq!(warnings(&loaded), ["step-in-description@7"]);
}

#[test]
fn lines_without_a_keyword_go_on_with_the_step_or_are_one() {
    let text = "Feature: f\nScenario: s\n  Given rain\n    and wind\n    from the west\n  it is cold\n  When sun\n";
    let loaded = read(&text.replace("and wind", "with wind"));
    assert_eq!(
        steps(&loaded),
        [
            "Given rain with wind from the west@3",
            "Given it is cold@6",
            "When sun@7"
        ]
    );
    assert_eq!(
        warnings(&loaded),
        ["no-keyword@4", "no-keyword@5", "no-keyword@6"]
    );
}

#[test]
fn a_first_step_that_continues_takes_the_keyword_before_it() {
    let text = "Feature: f\nBackground:\n  Given rain\n  When wind\nScenario: s\n  And sun\n  And fog\n  Then wet\n";
    assert_eq!(
        steps(&read(text)),
        ["When sun@6", "When fog@7", "Then wet@8"]
    );
    assert_eq!(warnings(&read(text)), ["first-step@6"]);
    let text = "Feature: f\nScenario: s\n  Then wet\nScenario: t\n  But sun\n";
    assert_eq!(steps(&read(text)), ["Then wet@3", "Given sun@5"]);
}

#[test]
fn a_scenario_without_steps_can_not_pass_and_holds_nothing_up() {
    let loaded = read("Feature: f\nScenario: s\n  Gven rain\nScenario: t\n  Given rain\n");
    assert_eq!(
        steps(&loaded),
        ["Given (this scenario has no steps)@2", "Given rain@5"]
    );
    assert_eq!(warnings(&loaded), ["no-steps@2"]);
}

#[test]
fn tags_come_as_they_are_written() {
    let text = "Feature: f\n@stations(ci-1) @stations(ci 1, ci 2)\t@a # no\n@b text\nScenario: s\n  Given rain\n@end\n";
    let loaded = read(text);
    assert_eq!(
        loaded.features[0].scenarios[0].tags,
        ["stations(ci-1)", "stations(ci 1, ci 2)", "a", "b"]
    );
    assert_eq!(warnings(&loaded), ["stray-tags@3", "stray-tags@6"]);
    let loaded = read("@a\nBackground:\n  Given rain\nScenario: s\n  @odd\n  Given rain\n");
    assert_eq!(
        warnings(&loaded),
        ["no-feature-line@1", "stray-tags@1", "stray-tags@5"]
    );
}

#[test]
fn an_indented_feature_below_a_comment_is_read() {
    for text in [
        "# c\n  Feature: f",
        "\n\t@a @b\n @c\n  Feature: f",
        "@a\n  Feature: f",
    ] {
        let loaded = read(&format!("{text}\n    Scenario: s\n      Given rain\n"));
        assert_eq!(loaded.features[0].name, "f");
        assert!(loaded.warnings.is_empty());
    }
}

#[test]
fn marks_blanks_and_line_ends_of_other_systems_are_read() {
    let text = "\u{feff}Feature: f\r\n\r\n\tScenario: s  \r\n\t\tGiven rain \t\r\n\u{a0}\u{a0}And wind\r\n";
    let loaded = read(text);
    assert_eq!(scenarios(&loaded), ["f/s@3"]);
    assert_eq!(steps(&loaded), ["Given rain@4", "Given wind@5"]);
    assert_eq!(warnings(&loaded), ["encoding@1", "encoding@5"]);
    let loaded = read("Feature: f\rScenario: s\r  Given rain\r");
    assert_eq!(steps(&loaded), ["Given rain@3"]);
}

#[test]
fn comments_at_the_end_are_text_in_standard_files_and_comments_in_others() {
    let text = "Feature: f\nScenario: s # a\n  Given rain  # b\n  When \"c # d\"\n  Then a#b\n";
    let loaded = read(text);
    assert_eq!(steps(&loaded)[0], "Given rain  # b@3");
    let loaded = read(text.strip_prefix("Feature: f\n").unwrap());
    assert_eq!(scenarios(&loaded), ["rain/s@1"]);
    assert_eq!(
        steps(&loaded),
        ["Given rain@2", "When \"c # d\"@3", "Then a#b@4"]
    );
}

#[test]
fn a_file_in_which_everything_is_a_comment_holds_nothing_and_nothing_up() {
    for text in [
        "",
        "\n\n",
        "# Scenario: s\n#  Given rain\n",
        "Feature: f\n  some text\n",
    ] {
        let loaded = read(text);
        assert!(loaded.features.is_empty());
        assert_eq!(warnings(&loaded), ["no-scenario@1"], "{text}");
    }
}
