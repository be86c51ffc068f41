//! The inputs that come with the harness: a small observation for each telescope.

use crate::telescope::TelescopeKind;

/// An embedded document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Embedded {
    pub(super) kind: TelescopeKind,
    pub(super) stem: &'static str,
    pub(super) text: &'static str,
}

macro_rules! embedded {
    ($kind:ident, $folder:literal, $stem:literal) => {
        Embedded {
            kind: TelescopeKind::$kind,
            stem: $stem,
            text: include_str!(concat!("defaults/", $folder, "/", $stem, ".json")),
        }
    };
}

/// All of them.
pub(super) const EMBEDDED: [Embedded; 8] = [
    embedded!(Low, "low", "assign_resources"),
    embedded!(Low, "low", "configure"),
    embedded!(Low, "low", "scan"),
    embedded!(Low, "low", "release_resources"),
    embedded!(Mid, "mid", "assign_resources"),
    embedded!(Mid, "mid", "configure"),
    embedded!(Mid, "mid", "scan"),
    embedded!(Mid, "mid", "release_resources"),
];

impl Embedded {
    /// The stem with the telescope's name after it.
    pub(super) fn full_stem(self) -> String {
        match self.kind {
            TelescopeKind::Low => format!("{}_low", self.stem),
            TelescopeKind::Mid => format!("{}_mid", self.stem),
        }
    }

    /// The one that this name means to a telescope of this kind: a stem alone is its own.
    pub(super) fn find(kind: TelescopeKind, stem: &str) -> Option<Embedded> {
        EMBEDDED.into_iter().find(|embedded| {
            let own = embedded.kind == kind && embedded.stem.eq_ignore_ascii_case(stem);
            own || embedded.full_stem().eq_ignore_ascii_case(stem)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{EMBEDDED, Embedded, TelescopeKind};

    #[test]
    fn the_embedded_inputs_are_objects() {
        for embedded in EMBEDDED {
            serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(embedded.text)
                .unwrap();
        }
    }

    #[test]
    fn a_stem_alone_is_that_of_the_telescope() {
        let mid = Embedded::find(TelescopeKind::Mid, "Configure").unwrap();
        assert!(mid.text.contains("receiver_band"));
        let low = Embedded::find(TelescopeKind::Mid, "configure_low").unwrap();
        assert!(low.text.contains("lowcbf"));
        assert_eq!(Embedded::find(TelescopeKind::Low, "release"), None);
    }
}
