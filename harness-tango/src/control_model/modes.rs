//! How a device is administered and how well it is.

use super::vocabulary::vocabulary;

vocabulary! {
    /// How a device is administered.
    pub enum AdminMode ("adminMode") {
        /// In use for observations.
        Online = 0 => "ONLINE",
        /// Not monitored, not controlled.
        Offline = 1 => "OFFLINE",
        /// Monitored and controlled, not for observations; was called MAINTENANCE before 2023.
        Engineering = 2 => "ENGINEERING" | "MAINTENANCE",
        /// There is nothing to control.
        NotFitted = 3 => "NOT_FITTED",
        /// Kept as a replacement.
        Reserved = 4 => "RESERVED",
    }
}

vocabulary! {
    /// How well a device is.
    pub enum HealthState ("healthState") {
        /// Well.
        Ok = 0 => "OK",
        /// Works in part.
        Degraded = 1 => "DEGRADED",
        /// Does not work.
        Failed = 2 => "FAILED",
        /// Nobody knows.
        Unknown = 3 => "UNKNOWN",
    }
}

#[cfg(test)]
mod tests {
    use super::{AdminMode, HealthState};

    #[test]
    fn the_old_name_of_engineering_is_understood() {
        assert_eq!("MAINTENANCE".parse(), Ok(AdminMode::Engineering));
        assert_eq!(AdminMode::Engineering.to_string(), "ENGINEERING");
    }

    #[test]
    fn words_of_other_vocabularies_are_refused() {
        assert!("NORMAL".parse::<HealthState>().is_err());
        assert!("DEGRADED".parse::<AdminMode>().is_err());
    }
}
