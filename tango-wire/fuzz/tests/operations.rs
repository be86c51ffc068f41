//! The list of operations is the server's own.

use tango_wire_fuzz::operations::OPERATIONS;

#[test]
fn every_operation_of_the_server_is_fuzzed() {
    let source = include_str!("../../src/server/operation.rs");
    let known = source
        .lines()
        .filter_map(|line| line.split_once("=>"))
        .flat_map(|(names, _)| names.split('|'))
        .filter_map(|name| name.trim().strip_prefix('"')?.strip_suffix('"'));
    let known: Vec<&str> = known.collect();
    assert!(known.len() >= 29, "only {known:?} were found");
    for name in known {
        assert!(OPERATIONS.contains(&name), "add {name} to OPERATIONS");
    }
}
