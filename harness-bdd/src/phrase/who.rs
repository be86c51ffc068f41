//! Who a line is about: `the TMC, CSP and SDP subarrays`, `Tmc SubarrayNode 1`, `it`.

use std::fmt;

use harness_tango::telescope::{RoleKind, System};

/// Whom a line names, in the order of the line.
///
/// What is said once for several holds for all of them: in `TMC and CSP subarray 2` both are
/// subarrays, and both have the number 2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Who {
    parts: Vec<Part>,
}

/// One of those whom a line names. What it leaves open, the scenario must say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The subsystem, if the line says it.
    pub system: Option<System>,
    /// What kind of device, if the line says it.
    pub kind: Option<RoleKind>,
    /// The number of the subarray, if the line says it.
    pub number: Option<u32>,
    /// Names of dishes, or the name of a device of the telescope's file.
    pub names: Vec<String>,
    /// A word that stands for somebody named before.
    pub pronoun: Option<Pronoun>,
}

/// A word that stands for those who were named before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pronoun {
    /// `it`.
    It,
    /// `they`, `them`.
    They,
}

/// Words for subsystems, and what they mean.
const SYSTEMS: &[(&str, System)] = &[
    ("tmc", System::Tmc),
    ("csp", System::Csp),
    ("sdp", System::Sdp),
    ("mccs", System::Mccs),
    ("cbf", System::Cbf),
    ("pst", System::Pst),
    ("dishes", System::Dish),
    ("dish", System::Dish),
];

/// What can be said of a device; each may follow a subsystem without a space, and have an `s`.
const NOUNS: &[&str] = &[
    "subarrayleafnode",
    "masterleafnode",
    "subarraynode",
    "subarraybeam",
    "subarray",
    "sub-array",
    "centralnode",
    "leafnode",
    "controller",
    "master",
    "manager",
    "central",
    "leaf",
    "node",
    "device",
    "beam",
    "lmc",
    "subsystem",
    "system",
];

/// Words that add nothing.
const MEANINGLESS: &[&str] = &[
    "simulated",
    "emulated",
    "mocked",
    "mock",
    "real",
    "given",
    "respective",
    "corresponding",
    "following",
    "all",
    "both",
    "each",
    "every",
    "telescope",
    "telescope's",
    "other",
    "same",
    "low",
    "mid",
    "that",
    "this",
    "those",
    "these",
    "id",
    "number",
    "with",
    "sub-system",
    "sub-systems",
    "of",
];

/// The regular expression for whom a line may name; [`Who::parse`] looks closer.
pub(super) fn regex<'a>(devices: impl IntoIterator<Item = &'a str>) -> String {
    let systems = SYSTEMS
        .iter()
        .map(|(word, _)| *word)
        .collect::<Vec<_>>()
        .join("|");
    let nouns = NOUNS.join("|");
    let mut words = vec![
        format!("(?:{systems})(?:-(?:{systems}))*(?:'s)?"),
        format!("(?:{systems})?-?(?:{nouns})s?(?:[-_]?[0-9]{{1,4}})?(?:'s|')?"),
        MEANINGLESS.join("|"),
        "it|they|them".to_owned(),
        "[0-9]{1,4}".to_owned(),
        "(?:ska|mkt)-?[0-9]{2,3}".to_owned(),
    ];
    words.extend(
        devices
            .into_iter()
            .map(|name| device_regex(&name.to_lowercase())),
    );
    let word = format!("(?:{})", words.join("|"));
    format!("{word}(?:(?:,? (?:and |& )?|, ?){word})*")
}

/// A name as the telescope's file has it, with spaces for its underscores, in the plural if need be.
fn device_regex(name: &str) -> String {
    let words: Vec<_> = name.split(['_', ' ']).map(regex::escape).collect();
    format!("{}s?(?:'s|')?", words.join("[ _]"))
}

/// Words of lines about devices that stand by themselves, for mending typing errors.
pub(super) fn plain_words() -> impl Iterator<Item = &'static str> {
    NOUNS
        .iter()
        .chain(MEANINGLESS)
        .copied()
        .chain(["subarrays"])
}

impl Who {
    /// Reads whom `words` name; `devices` are the names in the telescope's file. [`None`] if that is
    /// nobody: `both`.
    pub(super) fn parse<'a>(
        words: &str,
        devices: impl IntoIterator<Item = &'a str>,
    ) -> Option<Self> {
        let small = words.to_lowercase();
        let mut text = format!(" {} ", small.replace(['<', '>'], ""));
        let mut named: Vec<(String, String)> = Vec::new();
        for device in devices {
            let Ok(regex) = regex::Regex::new(&format!(
                "([ ,]){}([ ,])",
                device_regex(&device.to_lowercase())
            )) else {
                continue;
            };
            if regex.is_match(&text) {
                let key = format!("@{}", named.len());
                text = regex
                    .replace_all(&text, format!("${{1}}{key}${{2}}").as_str())
                    .into_owned();
                named.push((key, device.to_owned()));
            }
        }
        let text = text.replace(" & ", " , ").replace(" and ", " , ");
        let mut parts = Vec::new();
        for phrase in text
            .split(',')
            .map(str::trim)
            .filter(|phrase| !phrase.is_empty())
        {
            parts.extend(parts_of(phrase, &named)?);
        }
        spread(&mut parts);
        (!parts.is_empty()).then_some(Self { parts })
    }

    /// A device that plays a role.
    pub(crate) fn of(system: System, kind: RoleKind) -> Self {
        let part = Part {
            system: Some(system),
            kind: Some(kind),
            ..Part::default()
        };
        Self { parts: vec![part] }
    }

    /// Each of those whom the line names, by itself.
    pub(crate) fn each(&self) -> impl Iterator<Item = Self> + '_ {
        self.parts.iter().map(|part| Self {
            parts: vec![part.clone()],
        })
    }

    /// Those whom the line names.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The number of the subarray, if the line says one.
    pub fn number(&self) -> Option<u32> {
        self.parts.iter().find_map(|part| part.number)
    }

    /// Whether the line names this subsystem.
    pub fn has_system(&self, system: System) -> bool {
        self.parts.iter().any(|part| part.system == Some(system))
    }
}

/// The devices that one stretch without a comma names: mostly one, of `TMC-MCCS` two.
fn parts_of(phrase: &str, named: &[(String, String)]) -> Option<Vec<Part>> {
    let mut part = Part::default();
    let mut systems: Vec<System> = Vec::new();
    let mut nouns: Vec<&str> = Vec::new();
    for word in phrase.split(' ') {
        let word = word.trim_end_matches("'s").trim_end_matches('\'');
        if let Some((_, name)) = named.iter().find(|(key, _)| key == word) {
            part.names.push(name.clone());
        } else if let Ok(number) = word.parse() {
            part.number = Some(number);
        } else if word == "it" {
            part.pronoun = Some(Pronoun::It);
        } else if matches!(word, "they" | "them") {
            part.pronoun = Some(Pronoun::They);
        } else if MEANINGLESS.contains(&word) {
            continue;
        } else if is_dish_name(word) {
            part.names.push(word.to_uppercase().replace('-', ""));
            part.kind = part.kind.or(Some(RoleKind::Dish));
        } else {
            let (rest, number) = without_number(word);
            part.number = number.or(part.number);
            let rest = take_systems(rest, &mut systems);
            if !rest.is_empty() {
                nouns.push(rest);
            }
        }
    }
    part.kind = kind(&nouns, &systems).or(part.kind);
    let meant = match (part.kind, systems.as_slice()) {
        // the telescope manager's node before a subsystem: the subsystem tells which
        (
            Some(RoleKind::SubarrayLeaf | RoleKind::MasterLeaf | RoleKind::DishLeaf),
            [System::Tmc, other, ..],
        ) => {
            vec![*other]
        }
        (Some(RoleKind::CentralNode), _) => vec![System::Tmc],
        (Some(RoleKind::Dish), []) => vec![System::Dish],
        (_, several) => several.to_vec(),
    };
    let says_nothing = part == Part::default() && meant.is_empty() && nouns.is_empty();
    if says_nothing {
        return None;
    }
    if meant.is_empty() {
        return Some(vec![part]);
    }
    let of = |system| Part {
        system: Some(system),
        ..part.clone()
    };
    Some(meant.into_iter().map(of).collect())
}

/// What one said once holds for those before, as far as they leave it open; names of dishes belong
/// to the dishes before.
fn spread(parts: &mut Vec<Part>) {
    let mut kept: Vec<Part> = Vec::new();
    for part in parts.drain(..) {
        match kept.last_mut() {
            Some(dishes)
                if dishes.kind == Some(RoleKind::Dish)
                    && !part.names.is_empty()
                    && part
                        .names
                        .iter()
                        .all(|name| is_dish_name(&name.to_lowercase())) =>
            {
                dishes.names.extend(part.names);
            }
            _ => kept.push(part),
        }
    }
    let (mut kind, mut number) = (None, None);
    for part in kept.iter_mut().rev() {
        let open = part.pronoun.is_none()
            && part.names.is_empty()
            && part.kind != Some(RoleKind::CentralNode);
        if part.kind.is_none() && part.system != Some(System::Dish) && open {
            part.kind = kind;
        }
        if part.system == Some(System::Dish) && part.kind.is_none() {
            part.kind = Some(RoleKind::Dish);
        }
        if open {
            part.number = part.number.or(number);
        }
        kind = part.kind.filter(|kind| *kind != RoleKind::Dish).or(kind);
        number = part.number.or(number);
    }
    // `subarray 1 and 2`: what follows is of the same kind
    let mut before: Option<Part> = None;
    for part in &mut kept {
        let only_number = Part {
            number: part.number,
            ..Part::default()
        };
        if let Some(before) = before
            .as_ref()
            .filter(|_| part.number.is_some() && *part == only_number)
        {
            part.kind = before.kind;
            part.system = before.system;
        }
        before = Some(part.clone());
    }
    *parts = kept;
}

fn kind(nouns: &[&str], systems: &[System]) -> Option<RoleKind> {
    let says = |word: &str| nouns.iter().any(|noun| noun.contains(word));
    let subarray = says("subarray") || says("sub-array");
    Some(if says("central") {
        RoleKind::CentralNode
    } else if says("leaf") && systems.contains(&System::Dish) {
        RoleKind::DishLeaf
    } else if says("leaf") && (says("master") || says("controller")) {
        RoleKind::MasterLeaf
    } else if says("leaf") {
        RoleKind::SubarrayLeaf
    } else if says("beam") {
        RoleKind::Beam
    } else if subarray {
        RoleKind::Subarray
    } else if systems.contains(&System::Dish) {
        RoleKind::Dish
    } else if says("controller") || says("master") {
        RoleKind::Controller
    } else {
        return None;
    })
}

/// `subarray01` -> `subarray`, 1.
fn without_number(word: &str) -> (&str, Option<u32>) {
    let rest = word.trim_end_matches(|digit: char| digit.is_ascii_digit());
    match word[rest.len()..].parse() {
        Ok(number) => (rest.trim_end_matches(['-', '_']), Some(number)),
        Err(_) => (word, None),
    }
}

/// Takes the subsystems that `word` begins with: `sdpsubarray` -> `subarray`, `tmc-mccs` -> nothing.
fn take_systems<'a>(mut word: &'a str, systems: &mut Vec<System>) -> &'a str {
    while let Some((prefix, system)) = SYSTEMS.iter().find(|(prefix, _)| word.starts_with(prefix)) {
        systems.push(*system);
        word = word[prefix.len()..].trim_start_matches('-');
    }
    word
}

fn is_dish_name(word: &str) -> bool {
    let digits = word
        .strip_prefix("ska")
        .or_else(|| word.strip_prefix("mkt"));
    digits
        .map(|digits| digits.trim_start_matches('-'))
        .is_some_and(|digits| {
            !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// As an error names them.
impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = Vec::new();
        words.extend(self.system.map(|system| system.to_string()));
        words.extend(self.kind.map(|kind| kind.to_string()));
        words.extend(self.number.map(|number| number.to_string()));
        words.extend(self.names.iter().cloned());
        words.extend(self.pronoun.map(|pronoun| match pronoun {
            Pronoun::It => "it".to_owned(),
            Pronoun::They => "they".to_owned(),
        }));
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests;
