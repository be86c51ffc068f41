use super::{AttributeFormat, DataType, DisplayLevel, WriteMode};

/// What a device says about one of its attributes.
///
/// Limits and periods are strings, as Tango sends them: "Not specified" is a value they take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeConfig {
    /// The name.
    pub name: String,
    /// The type of the elements.
    pub data_type: DataType,
    /// The shape.
    pub format: AttributeFormat,
    /// Whether it can be written.
    pub writable: WriteMode,
    /// True if the set point is kept in the database.
    pub memorized: bool,
    /// True if a kept set point is written again when the server starts.
    pub memorized_init: bool,
    /// The most columns: 1 for a scalar.
    pub max_columns: i32,
    /// The most rows: 0 for a scalar or spectrum.
    pub max_rows: i32,
    /// What it is, in words.
    pub description: String,
    /// Its name on a display.
    pub label: String,
    /// The unit of the value.
    pub unit: String,
    /// The factor to the standard unit.
    pub standard_unit: String,
    /// The factor to the unit on a display.
    pub display_unit: String,
    /// How to print it, in C's `printf` terms.
    pub display_format: String,
    /// The least value that can be written.
    pub minimum: String,
    /// The greatest value that can be written.
    pub maximum: String,
    /// The attribute that is its set point ("None" if there is none).
    pub writable_attribute: String,
    /// Who it is shown to.
    pub level: DisplayLevel,
    /// The attribute it forwards, of a forwarded attribute.
    pub root_attribute: String,
    /// The words for the numbers of a DevEnum, from 0.
    pub enum_labels: Vec<String>,
    /// Limits beyond which the quality is no longer valid.
    pub alarm: AttributeAlarm,
    /// When events are sent.
    pub events: EventProperties,
    /// Reserved by Tango.
    pub extensions: Vec<String>,
    /// Reserved by Tango.
    pub system_extensions: Vec<String>,
}

/// The limits of an attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeAlarm {
    /// Below it the quality is ALARM.
    pub minimum_alarm: String,
    /// Above it the quality is ALARM.
    pub maximum_alarm: String,
    /// Below it the quality is WARNING.
    pub minimum_warning: String,
    /// Above it the quality is WARNING.
    pub maximum_warning: String,
    /// How long the value may differ from the set point, in milliseconds.
    pub delta_time: String,
    /// By how much it may differ after that time.
    pub delta_value: String,
    /// Reserved by Tango.
    pub extensions: Vec<String>,
}

/// When an attribute's events are sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventProperties {
    /// The change, in percent, that makes a change event.
    pub relative_change: String,
    /// The change, in the attribute's unit, that makes a change event.
    pub absolute_change: String,
    /// Reserved by Tango.
    pub change_extensions: Vec<String>,
    /// Milliseconds between periodic events.
    pub period: String,
    /// Reserved by Tango.
    pub period_extensions: Vec<String>,
    /// The change, in percent, that makes an archive event.
    pub archive_relative_change: String,
    /// The change, in the attribute's unit, that makes an archive event.
    pub archive_absolute_change: String,
    /// The most milliseconds between archive events.
    pub archive_period: String,
    /// Reserved by Tango.
    pub archive_extensions: Vec<String>,
}

/// Tango's word for a limit or change that nobody has set.
const NOT_SPECIFIED: &str = "Not specified";

impl AttributeConfig {
    /// A read only scalar for operators, labelled by its name, without limits.
    #[must_use]
    pub fn new(name: impl Into<String>, data_type: DataType) -> AttributeConfig {
        let name = name.into();
        AttributeConfig {
            label: name.clone(),
            name,
            data_type,
            format: AttributeFormat::Scalar,
            writable: WriteMode::Read,
            memorized: false,
            memorized_init: false,
            max_columns: 1,
            max_rows: 0,
            description: "No description".to_owned(),
            unit: String::new(),
            standard_unit: "No standard unit".to_owned(),
            display_unit: "No display unit".to_owned(),
            display_format: display_format(data_type).to_owned(),
            minimum: NOT_SPECIFIED.to_owned(),
            maximum: NOT_SPECIFIED.to_owned(),
            writable_attribute: "None".to_owned(),
            level: DisplayLevel::Operator,
            root_attribute: NOT_SPECIFIED.to_owned(),
            enum_labels: Vec::new(),
            alarm: AttributeAlarm::default(),
            events: EventProperties::default(),
            extensions: Vec::new(),
            system_extensions: Vec::new(),
        }
    }

    /// Makes it a spectrum of at most `max_columns` elements.
    #[must_use]
    pub fn spectrum(mut self, max_columns: i32) -> AttributeConfig {
        self.format = AttributeFormat::Spectrum;
        self.max_columns = max_columns;
        self
    }

    /// Makes it an image of at most `max_columns` times `max_rows` elements.
    #[must_use]
    pub fn image(mut self, max_columns: i32, max_rows: i32) -> AttributeConfig {
        self.format = AttributeFormat::Image;
        self.max_columns = max_columns;
        self.max_rows = max_rows;
        self
    }

    /// Makes it readable and writable.
    #[must_use]
    pub fn read_write(mut self) -> AttributeConfig {
        self.writable = WriteMode::ReadWrite;
        self.writable_attribute.clone_from(&self.name);
        self
    }

    /// Gives the numbers of a DevEnum their words, from 0.
    #[must_use]
    pub fn with_enum_labels<S: Into<String>>(
        mut self,
        labels: impl IntoIterator<Item = S>,
    ) -> AttributeConfig {
        self.enum_labels = labels.into_iter().map(Into::into).collect();
        self
    }
}

fn display_format(data_type: DataType) -> &'static str {
    match data_type {
        DataType::Float | DataType::Double => "%6.2f",
        DataType::String | DataType::Enum => "%s",
        DataType::Boolean | DataType::State | DataType::Encoded => NOT_SPECIFIED,
        _ => "%d",
    }
}

impl Default for AttributeAlarm {
    fn default() -> AttributeAlarm {
        let not_specified = || NOT_SPECIFIED.to_owned();
        AttributeAlarm {
            minimum_alarm: not_specified(),
            maximum_alarm: not_specified(),
            minimum_warning: not_specified(),
            maximum_warning: not_specified(),
            delta_time: not_specified(),
            delta_value: not_specified(),
            extensions: Vec::new(),
        }
    }
}

impl Default for EventProperties {
    fn default() -> EventProperties {
        let not_specified = || NOT_SPECIFIED.to_owned();
        EventProperties {
            relative_change: not_specified(),
            absolute_change: not_specified(),
            change_extensions: Vec::new(),
            period: "1000".to_owned(),
            period_extensions: Vec::new(),
            archive_relative_change: not_specified(),
            archive_absolute_change: not_specified(),
            archive_period: not_specified(),
            archive_extensions: Vec::new(),
        }
    }
}
