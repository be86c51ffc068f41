//! Programs that are shrunk to the shortest there is, whatever the seed.

mod balanced_trees;
mod broken_set;
mod die_hard;
mod lifecycle;

use harness_explore::{Explorer, Finding};

/// Explores with each of fifty seeds, and hands over what was found.
fn with_fifty_seeds<S, V: Clone>(
    explorer: impl Fn() -> Explorer<S, V>,
    mut check: impl FnMut(u64, &Finding),
) {
    for seed in 0..50 {
        let report = explorer()
            .with_seed(seed)
            .with_programs(2_000)
            .run()
            .expect("the machine can run");
        let finding = report.findings.first();
        let finding = finding.unwrap_or_else(|| panic!("seed {seed} found nothing: {report}"));
        assert!(finding.shrinking.one_minimal, "seed {seed}: {finding}");
        assert_eq!(finding.reproduced.failed, finding.reproduced.of);
        check(seed, finding);
    }
}
