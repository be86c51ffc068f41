//! The state that every Tango device has.

use super::vocabulary::vocabulary;

vocabulary! {
    /// The operational state that every Tango device has.
    pub enum DevState ("device state") {
        /// On.
        On = 0 => "ON",
        /// Off.
        Off = 1 => "OFF",
        /// Closed.
        Close = 2 => "CLOSE",
        /// Open.
        Open = 3 => "OPEN",
        /// Inserted.
        Insert = 4 => "INSERT",
        /// Extracted.
        Extract = 5 => "EXTRACT",
        /// Moving.
        Moving = 6 => "MOVING",
        /// On standby.
        Standby = 7 => "STANDBY",
        /// Something failed.
        Fault = 8 => "FAULT",
        /// Being initialised.
        Init = 9 => "INIT",
        /// Running.
        Running = 10 => "RUNNING",
        /// Works, but a value is out of its range.
        Alarm = 11 => "ALARM",
        /// Not controlled, for example because it is OFFLINE.
        Disable = 12 => "DISABLE",
        /// Nobody knows.
        Unknown = 13 => "UNKNOWN",
    }
}
