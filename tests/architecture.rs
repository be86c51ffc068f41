//! Holds what `docs/architecture.md` and `docs/dependencies.md` promise against what Cargo says.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package};

/// Which of the workspace's crates each of them uses, and nothing else.
const ARROWS: [(&str, &[&str]); 8] = [
    ("harness-core", &[]),
    ("tango-wire", &[]),
    ("harness-tango", &["harness-core", "tango-wire"]),
    (
        "harness-sim",
        &["harness-core", "harness-tango", "tango-wire"],
    ),
    ("harness-chaos", &["harness-core"]),
    ("harness-explore", &["harness-core", "harness-tango"]),
    (
        "harness-bdd",
        &[
            "harness-chaos",
            "harness-core",
            "harness-sim",
            "harness-tango",
        ],
    ),
    (
        "harness",
        &[
            "harness-bdd",
            "harness-chaos",
            "harness-core",
            "harness-explore",
            "harness-sim",
            "harness-tango",
        ],
    ),
];

/// The most lines that a Rust file may have.
const LONGEST_FILE: usize = 500;

type Table = BTreeMap<String, BTreeSet<String>>;

#[test]
fn crates_use_each_other_only_as_drawn() {
    let metadata = workspace_and_dependencies();
    let members: BTreeSet<String> = names(metadata.workspace_packages());
    let drawn: BTreeSet<String> = ARROWS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(members, drawn, "crates of the workspace and of the drawing");
    for (name, allowed) in ARROWS {
        for kind in [DependencyKind::Normal, DependencyKind::Build] {
            let mut used = direct(member(&metadata, name), kind);
            used.retain(|other| members.contains(other));
            let allowed: BTreeSet<String> = match kind {
                DependencyKind::Normal => allowed.iter().map(|&other| other.to_owned()).collect(),
                _ => BTreeSet::new(),
            };
            assert_eq!(used, allowed, "crates that {name} uses ({kind:?})");
        }
    }
}

#[test]
fn the_simulator_and_the_gates_are_options_of_the_step_books() {
    let metadata = workspace_and_dependencies();
    let books = member(&metadata, "harness-bdd");
    for option in ["harness-sim", "harness-chaos"] {
        let named = books
            .dependencies
            .iter()
            .find(|dependency| dependency.name == option)
            .expect("harness-bdd names it");
        assert!(named.optional, "{option} must be optional in harness-bdd");
    }
    assert_eq!(
        books.features["default"],
        Vec::<String>::new(),
        "default features"
    );
}

#[test]
fn the_control_over_http_is_an_option_of_the_gate() {
    let metadata = workspace_and_dependencies();
    let chaos = member(&metadata, "harness-chaos");
    for name in ["axum", "serde_json"] {
        let mut product = chaos.dependencies.iter();
        let dependency = product
            .find(|it| it.name == name && it.kind == DependencyKind::Normal)
            .expect("harness-chaos names it");
        assert!(dependency.optional, "{name} must be optional");
    }
    assert!(!chaos.features.contains_key("default"), "default features");
}

#[test]
fn the_core_knows_neither_tango_nor_cucumber() {
    let metadata = workspace_and_dependencies();
    let reached = everything_below(&metadata, "harness-core");
    assert!(
        reached.contains("tokio"),
        "the look-up below harness-core found {reached:?}"
    );
    for name in &reached {
        let forbidden = ["tango", "cucumber", "gherkin", "clap", "harness-"];
        let stranger = forbidden.iter().find(|word| name.contains(**word));
        assert!(stranger.is_none(), "harness-core reaches {name}");
    }
}

#[test]
fn a_build_needs_nothing_but_rust() {
    let metadata = workspace_and_dependencies();
    for package in &metadata.packages {
        let links = package.links.as_deref();
        assert_eq!(links, None, "{} links a C library", package.name);
        let builds_c = ["cc", "cmake", "bindgen", "pkg-config", "cxx-build"];
        let name = package.name.as_str();
        assert!(!builds_c.contains(&name), "{name} is there to compile C");
    }
}

#[test]
fn cpp_tango_and_all_that_it_needs_come_with_the_feature_tango_rs_only() {
    let plain = workspace_and_dependencies();
    let tango = member(&plain, "harness-tango");
    let mut all = tango.dependencies.iter();
    let client = all.find(|it| it.name == "tango-client");
    assert!(client.expect("harness-tango names it").optional);
    assert!(tango.features["default"].is_empty(), "default features");
    let plain = everything(&plain);
    let with_feature = everything(&with_tango_rs());
    let added: Vec<&String> = with_feature.difference(&plain).collect();
    let expected = [
        "cc",
        "find-msvc-tools",
        "pkg-config",
        "shlex",
        "tango-client",
        "tango-client-sys",
        "time 0.1",
        "wasi 0.10",
        "winapi",
        "winapi-i686-pc-windows-gnu",
        "winapi-x86_64-pc-windows-gnu",
    ];
    assert_eq!(added, expected);
}

#[test]
fn every_dependency_has_its_line_and_every_line_its_dependency() {
    let metadata = workspace_and_dependencies();
    let listed = listed_dependencies();
    let product = third_party(&metadata, &[DependencyKind::Normal, DependencyKind::Build]);
    // A test may use whatever the product uses already.
    let mut tests = third_party(&metadata, &[DependencyKind::Development]);
    tests.retain(|name, _| !product.contains_key(name));

    let none = Table::new();
    let mut complaints = Vec::new();
    for (heading, used) in [("In the product", product), ("In tests only", tests)] {
        let lines = listed.get(heading).unwrap_or(&none);
        for (name, users) in &used {
            match lines.get(name) {
                Some(line) if line == users => {}
                Some(line) => complaints.push(format!("{name} is used by {users:?}, not {line:?}")),
                None => complaints.push(format!("{heading}: no line for {name}, of {users:?}")),
            }
        }
        for name in lines.keys().filter(|name| !used.contains_key(*name)) {
            complaints.push(format!("{heading}: a line for {name}, which nothing uses"));
        }
    }
    assert!(
        complaints.is_empty(),
        "docs/dependencies.md: {complaints:#?}"
    );
}

#[test]
fn every_licence_is_one_of_those_allowed() {
    let policy = fs::read_to_string(root().join("deny.toml")).expect("deny.toml can be read");
    let policy: toml::Table = policy.parse().expect("deny.toml is TOML");
    let allowed: Vec<&str> = policy["licenses"]["allow"]
        .as_array()
        .expect("licenses.allow is a list")
        .iter()
        .filter_map(toml::Value::as_str)
        .collect();
    let excepted: Vec<&str> = policy["licenses"]["exceptions"]
        .as_array()
        .expect("licenses.exceptions is a list")
        .iter()
        .filter_map(|exception| exception["crate"].as_str())
        .collect();
    assert_eq!(excepted, ["tango-client", "tango-client-sys"]);
    for package in &with_tango_rs().packages {
        let licence = package.license.as_deref().unwrap_or("none");
        if excepted.contains(&package.name.as_str()) {
            // what docs/backends.md says of duties follows from this one
            assert_eq!(licence, "LGPL-3.0+", "{}", package.name);
            continue;
        }
        assert!(
            permitted(licence, &allowed),
            "{} {} has the licence {licence}",
            package.name,
            package.version
        );
    }
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = ["MIT", "Apache-2.0", "Unicode-3.0"];
    for good in [
        "MIT",
        "MIT OR GPL-3.0",
        "GPL-3.0 OR MIT",
        "Unlicense/MIT",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
    ] {
        assert!(permitted(good, &allowed), "{good} must be permitted");
    }
    for bad in [
        "GPL-3.0",
        "none",
        "MIT AND GPL-3.0",
        "(MIT OR Apache-2.0) AND Zlib",
        "Apache-2.0 WITH LLVM-exception",
    ] {
        assert!(!permitted(bad, &allowed), "{bad} must not be permitted");
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    let files = rust_files(&root());
    assert!(
        files.len() > 50,
        "only {} Rust files were found",
        files.len()
    );
    for file in files {
        let lines = fs::read_to_string(&file)
            .expect("a source file can be read")
            .lines()
            .count();
        assert!(
            lines <= LONGEST_FILE,
            "{} has {lines} lines",
            file.display()
        );
    }
}

#[test]
fn maps_hold_no_logic() {
    for file in rust_files(&root()) {
        let is_map = file.ends_with("lib.rs") || file.ends_with("mod.rs");
        if !is_map || file.iter().any(|folder| folder == "tests") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("a source file can be read");
        for (number, line) in text.lines().enumerate() {
            let code = line.trim_start();
            let words: Vec<&str> = code.split_whitespace().take(4).collect();
            assert!(
                code.starts_with("//") || !words.contains(&"fn"),
                "{}:{}: a function in a file that is only a map",
                file.display(),
                number + 1
            );
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn workspace_and_dependencies() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .exec()
        .expect("cargo metadata answers")
}

/// The same, with the feature by which cppTango comes in.
fn with_tango_rs() -> Metadata {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .features(CargoOpt::SomeFeatures(vec!["tango-rs".to_owned()]))
        .exec()
        .expect("cargo metadata answers")
}

/// All packages by name, those of which there are several versions with theirs.
fn everything(metadata: &Metadata) -> BTreeSet<String> {
    let several = ["time", "wasi"];
    let name = |package: &Package| {
        let (name, version) = (package.name.as_str(), &package.version);
        match several.contains(&name) {
            true => format!("{name} {}.{}", version.major, version.minor),
            false => name.to_owned(),
        }
    };
    metadata.packages.iter().map(name).collect()
}

fn member<'a>(metadata: &'a Metadata, name: &str) -> &'a Package {
    metadata
        .workspace_packages()
        .into_iter()
        .find(|package| package.name.as_str() == name)
        .unwrap_or_else(|| panic!("the workspace has no crate {name}"))
}

fn names(packages: Vec<&Package>) -> BTreeSet<String> {
    packages
        .iter()
        .map(|package| package.name.to_string())
        .collect()
}

fn direct(package: &Package, kind: DependencyKind) -> BTreeSet<String> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind == kind)
        .map(|dependency| dependency.name.clone())
        .collect()
}

/// Every package that the normal dependencies of `name` reach.
fn everything_below(metadata: &Metadata, name: &str) -> BTreeSet<String> {
    let resolve = metadata
        .resolve
        .as_ref()
        .expect("the dependencies are resolved");
    let mut seen = BTreeSet::new();
    let mut waiting = vec![member(metadata, name).id.clone()];
    while let Some(id) = waiting.pop() {
        let node = resolve
            .nodes
            .iter()
            .find(|node| node.id == id)
            .expect("every package has a node");
        for dependency in &node.deps {
            let normal = dependency
                .dep_kinds
                .iter()
                .any(|kind| kind.kind == DependencyKind::Normal);
            let package = &metadata[&dependency.pkg];
            if normal && seen.insert(package.name.to_string()) {
                waiting.push(dependency.pkg.clone());
            }
        }
    }
    seen
}

/// Dependencies from outside the workspace, each with the crates that name it.
fn third_party(metadata: &Metadata, kinds: &[DependencyKind]) -> Table {
    let members = names(metadata.workspace_packages());
    let mut table = Table::new();
    for package in metadata.workspace_packages() {
        for name in kinds.iter().flat_map(|kind| direct(package, *kind)) {
            if !members.contains(&name) {
                let users = table.entry(name).or_default();
                users.insert(package.name.to_string());
            }
        }
    }
    table
}

/// The tables of docs/dependencies.md: heading, then dependency, then its users.
fn listed_dependencies() -> BTreeMap<String, Table> {
    let path = root().join("docs/dependencies.md");
    let text = fs::read_to_string(path).expect("docs/dependencies.md can be read");
    let mut tables = BTreeMap::<String, Table>::new();
    let mut heading = String::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("## ") {
            heading = title.to_owned();
        }
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, name, users, why, _] = cells[..] else {
            continue;
        };
        let Some(name) = name
            .strip_prefix('`')
            .and_then(|name| name.strip_suffix('`'))
        else {
            continue;
        };
        assert!(
            why.len() > 10,
            "docs/dependencies.md does not say why {name} is there"
        );
        let users = users.split(',').map(|user| user.trim().to_owned());
        let table = tables.entry(heading.clone()).or_default();
        table.insert(name.to_owned(), users.collect());
    }
    tables
}

/// Whether an SPDX expression can be satisfied with the allowed licences.
fn permitted(expression: &str, allowed: &[&str]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let tokens: Vec<&str> = spaced.split_whitespace().collect();
    let (answer, rest) = any_of(&tokens, allowed);
    answer && rest.is_empty()
}

fn any_of<'a, 'b>(tokens: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    let (mut answer, mut rest) = all_of(tokens, allowed);
    while let Some((&"OR", after)) = rest.split_first() {
        let (other, left) = all_of(after, allowed);
        answer |= other;
        rest = left;
    }
    (answer, rest)
}

fn all_of<'a, 'b>(tokens: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    let (mut answer, mut rest) = one(tokens, allowed);
    while let Some((&"AND", after)) = rest.split_first() {
        let (other, left) = one(after, allowed);
        answer &= other;
        rest = left;
    }
    (answer, rest)
}

fn one<'a, 'b>(tokens: &'a [&'b str], allowed: &[&str]) -> (bool, &'a [&'b str]) {
    match tokens {
        ["(", inside @ ..] => {
            let (answer, rest) = any_of(inside, allowed);
            (answer, rest.get(1..).unwrap_or_default())
        }
        [licence, "WITH", exception, rest @ ..] => {
            let whole = format!("{licence} WITH {exception}");
            (allowed.contains(&whole.as_str()), rest)
        }
        [licence, rest @ ..] => (allowed.contains(licence), rest),
        [] => (false, tokens),
    }
}

/// The Rust files of the project, without what was built or installed.
fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder can be listed") {
        let path = entry.expect("an entry can be read").path();
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        if name.starts_with('.') || name == "target" || name == "build" {
            continue;
        }
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
