use super::*;

#[test]
fn servers_and_hosts_are_listed() {
    let mut asked = filled();
    asked.tell("DbAddServer", &["bad", "a/b/c", "DiffClass"]);
    for (command, argument, listed) in [
        (
            "DbGetServerList",
            "*",
            &["AServer/inst2", "bad", "DiffSrv/Inst1"][..],
        ),
        ("DbGetServerList", "DIFFSRV/*", &["DiffSrv/Inst1"]),
        ("DbGetServerNameList", "*", &["AServer", "DiffSrv"]),
        ("DbGetServerNameList", "diffsrv/*", &["DiffSrv"]),
        ("DbGetServerNameList", "diffsrv", &[]),
        ("DbGetInstanceNameList", "diffsrv", &["Inst1"]),
        ("DbGetInstanceNameList", "*", &["inst2", "Inst1"]),
        ("DbGetHostList", "*", &["host1", "Host1.domain", "nada"]),
        ("DbGetHostServerList", "HOST1", &["DiffSrv/Inst1"]),
        ("DbGetHostServerList", "*.domain", &["DiffSrv/Inst1"]),
        ("DbGetHostServerList", "nada", &["AServer/inst2", "bad"]),
        (
            "DbGetDeviceServerClassList",
            "DiffSrv/Inst1",
            &["DiffClass", "DServer", "OtherClass"],
        ),
        ("DbGetDeviceServerClassList", "A*", &["DServer", "Klass"]),
        (
            "DbGetDeviceClassList",
            "aserver/inst2",
            &["dserver/AServer/inst2", "DServer", "zzB/x/1", "Klass"],
        ),
        ("DbGetDeviceClassList", "aserver/*", &[]),
    ] {
        let found = asked.strings(command, &[argument]);
        assert_eq!(found, listed, "{command} {argument}");
    }
}

#[test]
fn the_starter_is_told_where_servers_run() {
    let mut asked = filled();
    assert_eq!(
        asked.strings("DbGetServerInfo", &["DiffSrv/Inst1"]),
        ["DiffSrv/Inst1", " ", " ", " "]
    );
    assert_eq!(
        asked.strings("DbGetHostServersInfo", &["host1"]),
        ["DiffSrv/Inst1", " ", " "]
    );
    asked.tell("DbPutServerInfo", &["DiffSrv/Inst1", "host1", "1", "2", ""]);
    assert_eq!(
        asked.strings("DbGetServerInfo", &["diffsrv/inst1"]),
        ["diffsrv/inst1", "host1", "1", "2"]
    );
    assert_eq!(
        asked.strings("DbGetHostServersInfo", &["host*"]),
        ["DiffSrv/Inst1", "1", "2"]
    );
    let words = ["DiffSrv/Inst1", "host1", "abc", "2"];
    let refused = asked.reason("DbPutServerInfo", &words);
    assert_eq!(refused, "DB_IncorrectArguments");
    asked.tell("DbDeleteServerInfo", &["diffsrv/inst1"]);
    asked.tell("DbDeleteServerInfo", &["never/there"]);
    assert_eq!(
        asked.strings("DbGetServerInfo", &["x/y"]),
        ["x/y", " ", " ", " "]
    );
}

#[test]
fn a_server_is_renamed_and_deleted_with_its_devices() {
    let mut asked = filled();
    asked.tell("DbRenameServer", &["DiffSrv/Inst1", "Renamed/Inst9"]);
    assert_eq!(
        asked.strings("DbGetDeviceList", &["Renamed/Inst9", "*"]),
        [
            "dserver/Renamed/Inst9",
            "ZZdom/Fam/Mem1",
            "zzdom/fam/mem2",
            "zzdom/fam2/mem_10"
        ]
    );
    let (numbers, _) = asked.numbers_and_strings("DbImportDevice", "dserver/renamed/inst9");
    assert_eq!(numbers, [1, 1234]);
    for (arguments, reason) in [
        (["nosuch/x", "other/y"], "DB_IncorrectServerName"),
        (["Renamed/Inst9", "AServer/inst2"], "Db_WrongArgument"),
        (["Renamed/Inst9", "bad"], "Db_WrongArgument"),
    ] {
        let refused = asked.reason("DbRenameServer", &arguments);
        assert_eq!(refused, reason, "{arguments:?}");
    }
    for server in ["nosuch/x", "bad", "Ren*", "Renamed/*"] {
        let refused = asked.reason("DbDeleteServer", &[server]);
        assert_eq!(refused, "DB_IncorrectServerName", "{server}");
    }
    asked.tell("DbDeleteServer", &["renamed/INST9"]);
    assert_eq!(asked.strings("DbGetServerList", &["*"]), ["AServer/inst2"]);
}

#[test]
fn a_server_that_ends_takes_all_its_devices_out() {
    let mut asked = filled();
    asked.tell("DbUnExportServer", &["DiffSrv/*"]);
    assert_eq!(asked.strings("DbGetDeviceExportedList", &["*"]).len(), 2);
    asked.tell("DbUnExportServer", &["DIFFSRV/inst1"]);
    assert_eq!(asked.strings("DbGetDeviceExportedList", &["*"]).len(), 0);
    asked.tell("DbUnExportServer", &["nosuch/x"]);
}

#[test]
fn a_malformed_server_defines_nothing() {
    let mut asked = filled();
    for arguments in [&["onlyname/x"][..], &["Srv/1", "a/b/c", "k", "a/b/d"]] {
        let refused = asked.reason("DbAddServer", arguments);
        assert_eq!(refused, "DB_IncorrectArguments", "{arguments:?}");
    }
    assert_eq!(asked.strings("DbGetServerList", &["*"]).len(), 2);
}
