//! What a dish can be in: its modes, its pointing and its bands.

use std::fmt;

macro_rules! words {
    (
        $(#[$documentation:meta])*
        $name:ident { $( $(#[$member_documentation:meta])* $member:ident = $number:literal => $label:literal, )+ }
    ) => {
        $(#[$documentation])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $( $(#[$member_documentation])* $member = $number, )+
        }

        impl $name {
            /// All members, in the order of their numbers.
            pub const ALL: &'static [$name] = &[$( $name::$member, )+];

            /// The labels of all members, in the order of their numbers.
            pub const LABELS: &'static [&'static str] = &[$( $label, )+];

            /// The number that travels on the wire.
            #[must_use]
            pub const fn number(self) -> i64 {
                self as i64
            }

            /// The word that people use.
            #[must_use]
            pub const fn label(self) -> &'static str {
                match self {
                    $( $name::$member => $label, )+
                }
            }

            /// The member with this number.
            #[must_use]
            pub const fn from_number(number: i64) -> Option<$name> {
                match number {
                    $( $number => Some($name::$member), )+
                    _ => None,
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.pad(self.label())
            }
        }
    };
}

words! {
    /// The mode of a dish.
    DishMode {
        /// Starting.
        Startup = 0 => "STARTUP",
        /// Shutting down.
        Shutdown = 1 => "SHUTDOWN",
        /// On standby, with low power.
        StandbyLp = 2 => "STANDBY_LP",
        /// On standby, with full power.
        StandbyFp = 3 => "STANDBY_FP",
        /// Under maintenance.
        Maintenance = 4 => "MAINTENANCE",
        /// Stowed.
        Stow = 5 => "STOW",
        /// Being configured for a band.
        Config = 6 => "CONFIG",
        /// Ready to observe.
        Operate = 7 => "OPERATE",
        /// Nobody knows.
        Unknown = 8 => "UNKNOWN",
    }
}

words! {
    /// What a dish does with its pointing.
    PointingState {
        /// It can be pointed.
        Ready = 0 => "READY",
        /// On the way to its target.
        Slew = 1 => "SLEW",
        /// Following its target.
        Track = 2 => "TRACK",
        /// Moving around its target.
        Scan = 3 => "SCAN",
        /// Nobody knows.
        Unknown = 4 => "UNKNOWN",
        /// It cannot be pointed in its mode.
        None = 5 => "NONE",
    }
}

words! {
    /// The band that a dish receives.
    Band {
        /// None is configured.
        None = 0 => "NONE",
        /// Band 1.
        B1 = 1 => "B1",
        /// Band 2.
        B2 = 2 => "B2",
        /// Band 3.
        B3 = 3 => "B3",
        /// Band 4.
        B4 = 4 => "B4",
        /// Band 5a.
        B5a = 5 => "B5a",
        /// Band 5b.
        B5b = 6 => "B5b",
        /// Nobody knows.
        Unknown = 7 => "UNKNOWN",
    }
}

impl Band {
    /// The band as the `receiver_band` of a configuration names it: `1`, `5a`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Band> {
        Band::ALL.iter().copied().find(|band| {
            !matches!(band, Band::None | Band::Unknown)
                && band
                    .label()
                    .trim_start_matches('B')
                    .eq_ignore_ascii_case(name)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Band, DishMode, PointingState};

    #[test]
    fn words_have_the_numbers_of_the_control_model() {
        assert_eq!(DishMode::LABELS[3], "STANDBY_FP");
        assert_eq!(DishMode::from_number(7), Some(DishMode::Operate));
        assert_eq!(PointingState::Track.number(), 2);
        assert_eq!(PointingState::from_number(6), None);
    }

    #[test]
    fn bands_are_named_as_configurations_name_them() {
        assert_eq!(Band::from_name("1"), Some(Band::B1));
        assert_eq!(Band::from_name("5b"), Some(Band::B5b));
        assert_eq!(Band::from_name("9"), None);
        assert_eq!(Band::from_name("NONE"), None);
    }
}
