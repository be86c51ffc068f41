use super::*;

const KINDS: [(&str, &str); 2] = [("Class", "diffclass"), ("Device", "zzdom/fam/mem1")];

#[test]
fn attribute_properties_travel_in_both_forms() {
    for (kind, owner) in KINDS {
        let mut asked = filled();
        let [put, get] = ["Put", "Get"].map(|verb| format!("Db{verb}{kind}AttributeProperty"));
        let [put2, get2] = [&put, &get].map(|command| format!("{command}2"));
        asked.tell(
            &put,
            &[
                owner, "2", "Power", "2", "unit", "W", "label", "P", "other", "1", "x", "y",
            ],
        );
        assert_eq!(
            asked.strings(&get, &[owner, "power", "none"]),
            [
                owner, "2", "power", "2", "label", "P", "unit", "W", "none", "0"
            ]
        );
        let many = [
            owner, "1", "power", "2", "multi", "2", "a", "b", "zero", "0",
        ];
        asked.tell(&put2, &many);
        assert_eq!(
            asked.strings(&get2, &[owner, "POWER", "none"]),
            [
                owner, "2", "POWER", "3", "label", "1", "P", "multi", "2", "a", "b", "unit", "1",
                "W", "none", "0"
            ]
        );
        assert_eq!(
            asked.strings(&get, &[owner, "power"]),
            [
                owner, "1", "power", "4", "label", "P", "multi", "a", "multi", "b", "unit", "W"
            ],
            "each value counts"
        );
        asked.tell(&put2, &[owner, "1", "tmp", "0"]);
        let list = format!("DbGet{kind}AttributeList");
        assert_eq!(asked.strings(&list, &[owner, "*"]), ["other", "Power"]);
        assert_eq!(asked.strings(&list, &[owner, "p*"]), ["Power"]);
    }
}

#[test]
fn attribute_and_pipe_properties_are_deleted_by_name_only() {
    for (kind, owner) in KINDS {
        for (what, put) in [
            ("Attribute", "AttributeProperty2"),
            ("Pipe", "PipeProperty"),
        ] {
            let mut asked = filled();
            let list = format!("DbGet{kind}{what}List");
            let delete = format!("DbDelete{kind}{what}");
            let delete_property = format!("{delete}Property");
            asked.tell(
                &format!("DbPut{kind}{put}"),
                &[
                    owner, "3", "One", "2", "label", "1", "L", "desc", "2", "d1", "d2", "two", "1",
                    "x", "1", "y", "three", "1", "x", "1", "y",
                ],
            );
            asked.tell(&delete_property, &[owner, "one", "l*", "DESC"]);
            assert_eq!(
                asked.strings(&format!("DbGet{kind}{put}"), &[owner, "ONE"]),
                [owner, "1", "ONE", "1", "label", "1", "L"]
            );
            let too_few = asked.reason(&delete_property, &[owner, "one"]);
            assert_eq!(too_few, "DB_IncorrectArguments");
            let too_few = asked.reason(&delete, &[owner]);
            assert_eq!(too_few, "DB_IncorrectArguments");
            asked.tell(&delete, &[owner, "t*"]);
            asked.tell(&delete, &[owner, "two", "three"]);
            let left = asked.strings(&list, &[owner, "*"]);
            assert_eq!(
                left,
                ["One", "three"],
                "the first that is named, and only it"
            );
            if kind == "Device" {
                let all = match what {
                    "Pipe" => "DbDeleteAllDevicePipeProperty",
                    _ => "DbDeleteAllDeviceAttributeProperty",
                };
                asked.tell(all, &[owner, "nosuch", "three", "one"]);
                assert_eq!(asked.strings(&list, &[owner, "*"]), [""; 0]);
            }
        }
    }
}

#[test]
fn forwarded_attributes_are_found_by_the_device_they_lead_to() {
    let mut asked = filled();
    let root = "zzdom/fam/mem2/power";
    let put = ["zzdom/fam/mem1", "1", "fwd", "1", "__root_att", "1", root];
    asked.tell("DbPutDeviceAttributeProperty2", &put);
    let list = "DbGetForwardedAttributeListForDevice";
    assert_eq!(
        asked.strings(list, &["ZZdom/fam/mem2"]),
        ["zzdom/fam/mem1", "fwd", root]
    );
    assert_eq!(asked.strings(list, &["zzdom/fam/mem1"]), [""; 0]);
}
