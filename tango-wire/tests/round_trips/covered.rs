//! No type that travels is forgotten here.

use std::{collections::BTreeSet, fs, path::Path};

/// The types in a folder of the source that have a public `read`.
fn readable(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            readable(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file can be read");
        let mut of = "";
        for line in text.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["impl", name, "{"] => of = name,
                ["enumeration!", "{"] => of = "$name",
                ["pub", "fn", function, ..]
                    if function.starts_with("read(") || function.starts_with("read_") =>
                {
                    found.insert(of.to_owned());
                }
                // how the small enumerations are declared: `Quality, "attribute quality" {`
                [name, .., "{"] if of == "$name" && line.contains(", \"") => {
                    found.insert(name.trim_end_matches(',').to_owned());
                }
                _ => {}
            }
        }
    }
}

#[test]
fn every_type_that_is_read_is_tried() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeSet::new();
    for folder in ["types", "giop"] {
        readable(&source.join(folder), &mut found);
    }
    found.remove("$name");
    assert!(found.len() > 15, "only {found:?} were found");
    let tried = [include_str!("types.rs"), include_str!("messages.rs")].concat();
    found.retain(|name| !tried.contains(&format!("{name}::read")));
    assert!(found.is_empty(), "add a round trip for {found:?}");
}
