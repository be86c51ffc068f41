//! Puts the page together.

use harness_core::page::Page;

use super::document::Document;
use crate::load::report::LoadReport;

const BODY: &str = include_str!("assets/body.html");

const STYLES: [&str; 2] = [
    include_str!("assets/load.css"),
    include_str!("assets/plots.css"),
];

/// In this order: classes must stand before what adds to them.
const SCRIPTS: [&str; 7] = [
    include_str!("assets/words.js"),
    include_str!("assets/ticks.js"),
    include_str!("assets/plot.js"),
    include_str!("assets/overtime.js"),
    include_str!("assets/curve.js"),
    include_str!("assets/tables.js"),
    include_str!("assets/load.js"),
];

/// The report as an HTML page: one file that needs no other and no network.
///
/// ```
/// use harness_explore::load::{LoadReport, page};
///
/// assert!(page(&LoadReport::default()).starts_with("<!doctype html>"));
/// ```
#[must_use]
pub fn page(report: &LoadReport) -> String {
    Page::new("Load")
        .with_styles(&STYLES)
        .with_body(BODY)
        .with_data("load", &Document::of(report))
        .with_scripts(&SCRIPTS)
        .to_html()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::load::measure::{ResultClass, Series};
    use crate::load::report::sample::sample;

    fn data(page: &str) -> serde_json::Value {
        let (_, data) = page.split_once("id=\"load\">").unwrap();
        let (data, _) = data.split_once("</script>").unwrap();
        serde_json::from_str(data).unwrap()
    }

    #[test]
    fn texts_of_devices_never_become_a_part_of_the_page() {
        let page = page(&sample());
        assert!(!page.contains("<img") && !page.contains("<b>low/"));
        assert_eq!(page.matches("</script>").count(), 2);
        let words = data(&page)["errors"][2]["words"].clone();
        assert!(words.as_str().unwrap().starts_with("</script><img"));
    }

    #[test]
    fn a_load_of_ten_minutes_and_twenty_actions_is_a_small_page() {
        let mut report = sample();
        let mut random = fastrand::Rng::with_seed(7);
        for number in 0..20 {
            let mut series = Series::default();
            for second in 0..600 {
                for class in ResultClass::ALL.into_iter().take(3) {
                    let latency = Duration::from_micros(random.u64(100..2000));
                    series.record(Duration::from_secs(second), class, latency);
                }
            }
            report.series.insert(format!("action {number}"), series);
        }
        let small = page(&report).len();
        assert!(small < 600_000, "{small} octets");
        for number in 20..30 {
            let series = report.series["action 0"].clone();
            report.series.insert(format!("action {number}"), series);
        }
        let large = page(&report).len();
        assert!(large < 700_000, "{large} octets");
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
            assert!(!asset.contains("://"), "an address");
        }
    }
}
