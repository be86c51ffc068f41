use super::*;

const KINDS: [(&str, &str); 3] = [("", "freeobj"), ("Class", "diffclass"), ("Device", "a/b/c")];

#[test]
fn properties_are_put_found_and_deleted_by_pattern() {
    for (kind, owner) in KINDS {
        let mut asked = filled();
        let get = format!("DbGet{kind}Property");
        let put = format!("DbPut{kind}Property");
        let delete = format!("DbDelete{kind}Property");
        let names = |asked: &mut Asked| match kind {
            "Class" => asked.strings("DbGetClassPropertyList", &[owner]),
            _ => asked.strings(&format!("DbGet{kind}PropertyList"), &[owner, "*"]),
        };
        asked.tell(
            &put,
            &[
                owner, "3", "Zed", "1", "z", "Alpha", "2", "a", "b", "mid", "0",
            ],
        );
        let upper = owner.to_uppercase();
        asked.tell(&put, &[&upper, "2", "zed", "2", "", " ", "_u", "1", "u"]);
        assert_eq!(names(&mut asked), ["Alpha", "zed", "_u"], "{kind}");

        let blank: &[&str] = if kind == "Class" { &[] } else { &[" "] };
        let mut reply = vec![owner, "3", "ZED", "2", "", " ", "none", "0"];
        reply.extend(blank);
        reply.extend(["alpha", "2", "a", "b"]);
        let got = asked.strings(&get, &[owner, "ZED", "none", "alpha"]);
        assert_eq!(got, reply, "{kind}");

        asked.tell(&delete, &[owner, "nosuch"]);
        asked.tell(&delete, &[owner, "A*", "zed"]);
        assert_eq!(names(&mut asked), ["_u"], "{kind}");
        asked.tell(&put, &[owner, "1", "_U", "0"]);
        assert_eq!(names(&mut asked), [""; 0], "no values, no property: {kind}");
    }
}

#[test]
fn a_pattern_gets_all_values_of_objects_and_devices() {
    let mut asked = filled();
    for (kind, owner) in KINDS {
        let put = format!("DbPut{kind}Property");
        asked.tell(&put, &[owner, "2", "al", "2", "1", "2", "am", "1", "3"]);
        let got = asked.strings(&format!("DbGet{kind}Property"), &[owner, "A*"]);
        if kind == "Class" {
            assert_eq!(got, [owner, "1", "A*", "0"]);
        } else {
            assert_eq!(got, [owner, "1", "A*", "3", "1", "3", "2"]);
        }
    }
    assert_eq!(
        asked.strings("DbGetProperty", &["freeobj"]),
        ["freeobj", "0"]
    );
    let nothing = asked.reason("DbGetDeviceProperty", &["a/b/c"]);
    assert_eq!(nothing, "DB_IncorrectArguments");
}

#[test]
fn objects_are_listed_by_pattern() {
    let mut asked = filled();
    for object in ["FreeObj", "Other"] {
        asked.tell("DbPutProperty", &[object, "1", "a", "1", "b"]);
    }
    assert_eq!(asked.strings("DbGetObjectList", &["f*"]), ["FreeObj"]);
    asked.tell("DbDeleteProperty", &["FREEOBJ", "*"]);
    assert_eq!(asked.strings("DbGetObjectList", &["*"]), ["Other"]);
}

#[test]
fn a_malformed_list_changes_nothing() {
    let mut asked = filled();
    let put = "DbPutDeviceProperty";
    asked.tell(put, &["a/b/c", "1", "Address", "2", "a", "b"]);
    for arguments in [
        &["a/b/c", "2", "Address", "1", "c"][..],
        &["a/b/c", "1", "Address", "2", "c"],
        &["a/b/c", "x", "Address", "1", "c"],
        &["a/b/c", "1", "Address", "-1", "c"],
        &["a/b/c"],
        &[],
    ] {
        let refused = asked.reason(put, arguments);
        assert_eq!(refused, "DB_IncorrectArguments", "{arguments:?}");
    }
    let got = asked.strings("DbGetDeviceProperty", &["a/b/c", "address"]);
    assert_eq!(got[3], "2");
}
