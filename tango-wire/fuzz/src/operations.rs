//! The operations that a server knows.

/// Their names. A name that the server does not know makes the target `operations` fail.
pub const OPERATIONS: &[&str] = &[
    "_is_a",
    "_non_existent",
    "_not_existent",
    "ping",
    "_get_name",
    "_get_adm_name",
    "_get_description",
    "_get_state",
    "_get_status",
    "info",
    "info_3",
    "info_6",
    "black_box",
    "command_list_query",
    "command_list_query_2",
    "command_query",
    "command_query_2",
    "command_inout",
    "command_inout_2",
    "command_inout_4",
    "get_attribute_config",
    "get_attribute_config_2",
    "get_attribute_config_3",
    "get_attribute_config_5",
    "set_attribute_config",
    "set_attribute_config_3",
    "set_attribute_config_4",
    "set_attribute_config_5",
    "read_attributes_4",
    "read_attributes_5",
    "write_attributes_4",
    "write_read_attributes_4",
    "write_read_attributes_5",
];

#[cfg(test)]
mod tests {
    use super::*;

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
}
