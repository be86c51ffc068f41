//! docs/backends.md against the suite.

use std::fs;
use std::path::Path;

use crate::difference::Difference;

#[test]
fn every_difference_has_its_row_and_every_row_its_difference() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/backends.md");
    let page = fs::read_to_string(page).unwrap();
    let section = page
        .split("\n## ")
        .find(|part| part.starts_with("Differences"));
    let section = section.expect("docs/backends.md has a section Differences");
    let mut rows: Vec<&str> = section
        .lines()
        .filter_map(|line| line.strip_prefix("| **")?.split_once("**"))
        .map(|(name, _)| name)
        .collect();
    let mut differences: Vec<&str> = Difference::ALL.map(Difference::name).to_vec();
    rows.sort_unstable();
    differences.sort_unstable();
    assert_eq!(rows, differences);
}
