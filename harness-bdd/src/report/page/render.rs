//! Puts the page together.

use std::path::{Path, PathBuf};

use harness_core::page::Page;

use crate::report::RunReport;

const BODY: &str = include_str!("assets/page.html");

const STYLES: [&str; 2] = [
    include_str!("assets/page.css"),
    include_str!("assets/timeline.css"),
];

/// In this order: classes must stand before what adds to them.
const SCRIPTS: [&str; 7] = [
    include_str!("assets/words.js"),
    include_str!("assets/rows.js"),
    include_str!("assets/rowdraw.js"),
    include_str!("assets/timeline.js"),
    include_str!("assets/zoom.js"),
    include_str!("assets/scenario.js"),
    include_str!("assets/report.js"),
];

/// The run as an HTML page: one file that needs no other and no network.
///
/// What every device did is drawn of the attempts that have a
/// [`timeline`](crate::report::AttemptReport::timeline).
///
/// ```
/// use harness_bdd::report::{RunReport, page::page};
///
/// let report = RunReport { telescope: Some("low".into()), ..RunReport::default() };
/// assert!(page(&report).starts_with("<!doctype html>"));
/// ```
pub fn page(report: &RunReport) -> String {
    let page = Page::new("Run of a telescope's features")
        .with_styles(&STYLES)
        .with_body(BODY)
        .with_data("report", &without_timelines(report))
        .with_scripts(&SCRIPTS);
    with_timelines(page, report).to_html()
}

/// The timelines stand apart: each is read when it is looked at.
fn without_timelines(report: &RunReport) -> RunReport {
    let mut report = report.clone();
    for scenario in &mut report.scenarios {
        scenario.file = readable(&scenario.file);
        for attempt in &mut scenario.attempts {
            attempt.timeline = None;
        }
    }
    for left_out in &mut report.not_applicable {
        left_out.file = readable(&left_out.file);
    }
    report
}

/// The path in letters; JSON has no others.
fn readable(path: &Path) -> PathBuf {
    path.to_string_lossy().into_owned().into()
}

/// Data for each timeline; scenarios and attempts are counted from 1.
fn with_timelines(mut page: Page, report: &RunReport) -> Page {
    for (scenario, number) in report.scenarios.iter().zip(1..) {
        for (attempt, nth) in scenario.attempts.iter().zip(1..) {
            if let Some(timeline) = &attempt.timeline {
                page = page.with_data(&format!("timeline-{number}-{nth}"), timeline);
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::{BODY, SCRIPTS, STYLES, page};
    use crate::report::{
        AttemptReport, RunReport, ScenarioClass, ScenarioReport, timeline::Timeline,
    };

    fn report(name: &str) -> RunReport {
        let attempt = AttemptReport {
            timeline: Some(Timeline::default()),
            ..AttemptReport::default()
        };
        let scenario = ScenarioReport {
            feature: "Rain".into(),
            feature_tags: Vec::new(),
            rule: None,
            name: name.into(),
            file: "rain.feature".into(),
            line: 3,
            repetition: None,
            tags: vec!["@XTP-1".into()],
            verdict: ScenarioClass::Failed,
            attempts: vec![attempt.clone(), attempt],
        };
        RunReport {
            scenarios: vec![scenario],
            ..RunReport::default()
        }
    }

    #[test]
    fn a_text_of_the_run_never_becomes_a_part_of_the_page() {
        let hostile = "</script><img src=x onerror=alert(1)>@@scripts@@";
        let page = page(&report(hostile));
        assert!(!page.contains("<img"), "markup from a name");
        assert_eq!(page.matches("start();\n").count(), 1, "a mark in a name");
        assert_eq!(page.matches("</script>").count(), 4);
    }

    #[test]
    fn each_attempt_has_its_timeline_apart_from_the_report() {
        let page = page(&report("clouds"));
        assert!(page.contains("id=\"timeline-1-1\"") && page.contains("id=\"timeline-1-2\""));
        let (_, data) = page.split_once("id=\"report\">").unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        let read: RunReport = serde_json::from_str(data).unwrap();
        assert_eq!(read.scenarios[0].attempts[1].timeline, None);
    }

    #[test]
    fn the_page_asks_for_nothing_and_makes_no_markup_of_texts() {
        for asset in SCRIPTS.iter().chain(&STYLES).chain([&BODY]) {
            for word in [
                "innerHTML",
                "outerHTML",
                "document.write",
                "eval(",
                "fetch(",
                "@import",
            ] {
                assert!(!asset.contains(word), "{word}");
            }
            let addresses = asset.replace("http://www.w3.org/2000/svg", "");
            assert!(!addresses.contains("://"), "an address");
        }
    }
}
