//! What standard Gherkin accepts comes out exactly as cucumber's own parser reads it.

use std::{fs, path::Path};

use harness_bdd::{
    cucumber::{
        feature::Ext as _,
        gherkin::{Feature, GherkinEnv},
    },
    feature,
};
use proptest::prelude::*;

/// As without this crate.
fn plainly(path: &str, text: &str) -> Feature {
    let mut feature = Feature::parse(text, GherkinEnv::default()).unwrap();
    feature.path = Some(path.into());
    feature.expand_examples().unwrap()
}

#[test]
fn the_features_of_this_project_are_read_as_cucumber_reads_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../features");
    let mut files = 0;
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        let name = path.to_str().unwrap();
        let loaded = feature::parse_all(name, &text).unwrap();
        assert_eq!(loaded.features, [plainly(name, &text)]);
        assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        files += 1;
    }
    assert!(files > 3);
}

fn words() -> impl Strategy<Value = String> {
    "[a-z]{2,6}( [A-Za-z0-9:(\\[\"'.,é]{1,6}){0,3}"
}

fn gap() -> impl Strategy<Value = String> {
    prop_oneof![4 => Just(""), 1 => Just("\n"), 1 => Just("  # a comment: Given\n")]
        .prop_map(str::to_owned)
}

fn tags() -> impl Strategy<Value = String> {
    prop_oneof![
        Just(String::new()),
        "@[A-Za-z_0-9()-]{1,6}( @[a-z(]{1,6}){0,2}\n( @x\n)?"
    ]
}

fn table(width: usize, head: &'static str) -> impl Strategy<Value = String> {
    let row = proptest::collection::vec("[a-z0-9]{0,4}|\\\\\\|", width);
    proptest::collection::vec((row, gap()), 1..4).prop_map(move |rows| {
        let rows = rows
            .into_iter()
            .map(|(row, gap)| format!("{gap}   | {} |\n", row.join(" | ")));
        format!("{head}{}", rows.collect::<String>())
    })
}

fn step() -> impl Strategy<Value = String> {
    let more = prop_oneof![
        5 => Just(String::new()),
        1 => table(2, ""),
        1 => "[a-z #@|:]{0,9}".prop_map(|text| format!("   \"\"\"\n   {text}\n\n   Given x\n   \"\"\"\n")),
    ];
    let keyword = prop_oneof![Just("Given"), Just("When"), Just("Then"), Just("*")];
    (keyword, words(), more, gap())
        .prop_map(|(keyword, text, more, gap)| format!("  {keyword} {text}\n{more}{gap}"))
}

fn scenario() -> impl Strategy<Value = String> {
    let description = prop_oneof![
        Just(String::new()),
        words().prop_map(|text| format!("   o{text}\n\n"))
    ];
    let plain = Just((" Scenario", String::new()));
    let examples = (tags(), words(), table(2, "   | one | two |\n"));
    let outline = examples.prop_map(|(tags, name, table)| {
        (
            " Scenario Outline",
            format!("  Then <one> is <two>\n\n{tags}  Examples: {name}\n{table}\n"),
        )
    });
    let steps = proptest::collection::vec(step(), 1..4);
    (
        tags(),
        prop_oneof![plain, outline],
        words(),
        description,
        steps,
        gap(),
    )
        .prop_map(
            |(tags, (keyword, examples), name, description, steps, gap)| {
                format!(
                    "{tags}{keyword}: {name}\n{description}{}{examples}{gap}",
                    steps.concat()
                )
            },
        )
}

fn file() -> impl Strategy<Value = String> {
    let background = prop_oneof![
        Just(String::new()),
        proptest::collection::vec(step(), 1..3)
            .prop_map(|steps| format!(" Background:\n{}", steps.concat()))
    ];
    let scenarios = proptest::collection::vec(scenario(), 1..4);
    let end = prop_oneof![Just("\n"), Just("\r\n")];
    (gap(), tags(), words(), background, scenarios, end).prop_map(
        |(gap, tags, name, background, scenarios, end)| {
            let text = format!(
                "{gap}{tags}Feature: {name}\n  o{name}\n\n{background}{}",
                scenarios.concat()
            );
            text.replace('\n', end)
        },
    )
}

proptest! {
    #[test]
    fn generated_standard_files_are_read_as_cucumber_reads_them(text in file()) {
        let loaded = feature::parse_all("f.feature", &text).unwrap();
        prop_assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
        let mut read = loaded.features;
        let mut plain = vec![plainly("f.feature", &text)];
        // Cucumber counts the lines of rows without the comments between them.
        for feature in read.iter_mut().chain(&mut plain) {
            for scenario in &mut feature.scenarios {
                if !scenario.examples.is_empty() {
                    scenario.position.line = 0;
                }
            }
        }
        prop_assert_eq!(read, plain);
    }

    #[test]
    fn no_text_whatever_makes_the_reader_panic(lines in proptest::collection::vec(
        "[ \t]{0,3}(Feature:|Scenario:|scenario :|Examples:|Background:|Rule:|Given |and |@a|\\| a \\| b|\"\"\"|#|x|\u{a0}|<a>){0,3}",
        0..14,
    )) {
        let text = lines.join("\n");
        if let Ok(loaded) = feature::parse_all("f.feature", &text) {
            let last = lines.len().max(1);
            for scenario in loaded.features.iter().flat_map(|feature| &feature.scenarios) {
                prop_assert!((1..=last).contains(&scenario.position.line));
                prop_assert!(!scenario.steps.is_empty());
            }
        }
    }
}
