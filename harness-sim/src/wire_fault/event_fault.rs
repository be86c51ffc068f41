//! What happens to events on their way.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use crate::attribute::Attribute;

/// What happens to the change events of a device: to all or to those of one attribute, always or
/// some times.
///
/// Counted are events that somebody has subscribed to: of others none is made. What a client reads
/// when it subscribes is no event. Of several faults that concern an event, the one that was
/// started first strikes.
///
/// Some are a device's, which pushes wrongly, and clients cannot tell; others are the network's, and
/// the numbers of the events tell.
///
/// ```
/// use std::time::Duration;
///
/// use harness_sim::attribute::Attribute;
/// use harness_sim::wire_fault::EventFault;
///
/// let fault = EventFault::lost().of(Attribute::ObsState).times(2);
/// assert_eq!(fault.to_string(), "the next 2 events of obsState get lost");
/// let fault = EventFault::late(Duration::from_millis(500));
/// assert_eq!(fault.to_string(), "all events come 500ms late, in order");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventFault {
    disorder: EventDisorder,
    attribute: Option<Attribute>,
    times: Option<NonZeroU32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventDisorder {
    Unsent,
    Lost,
    Repeated,
    Doubled,
    Swapped,
    Late { by: Duration, overtaken: bool },
}

impl EventFault {
    const fn new(disorder: EventDisorder) -> EventFault {
        EventFault {
            disorder,
            attribute: None,
            times: None,
        }
    }

    /// The device does not push the event: no number is missing, and clients cannot tell.
    #[must_use]
    pub const fn unsent() -> EventFault {
        EventFault::new(EventDisorder::Unsent)
    }

    /// The event is pushed and does not arrive: its number is missing, as clients see when the
    /// next one arrives. One that is lost before the first that a client sees is not missed.
    #[must_use]
    pub const fn lost() -> EventFault {
        EventFault::new(EventDisorder::Lost)
    }

    /// The device pushes the event twice: two events of one value, with a number each.
    #[must_use]
    pub const fn repeated() -> EventFault {
        EventFault::new(EventDisorder::Repeated)
    }

    /// The event arrives twice, as the same message with the same number.
    #[must_use]
    pub const fn doubled() -> EventFault {
        EventFault::new(EventDisorder::Doubled)
    }

    /// The event arrives after the next one of its attribute, as their numbers show. Two events are
    /// one time.
    #[must_use]
    pub const fn swapped() -> EventFault {
        EventFault::new(EventDisorder::Swapped)
    }

    /// The event arrives later, by a time of the real clock. Later events of the attribute wait
    /// behind it, unless it is [`overtaken`](EventFault::overtaken).
    #[must_use]
    pub const fn late(by: Duration) -> EventFault {
        EventFault::new(EventDisorder::Late {
            by,
            overtaken: false,
        })
    }

    /// Events that are late are overtaken by those that are not, as their numbers show.
    #[must_use]
    pub const fn overtaken(mut self) -> EventFault {
        if let EventDisorder::Late { by, .. } = self.disorder {
            self.disorder = EventDisorder::Late {
                by,
                overtaken: true,
            };
        }
        self
    }

    /// Only events of this attribute are concerned.
    #[must_use]
    pub const fn of(mut self, attribute: Attribute) -> EventFault {
        self.attribute = Some(attribute);
        self
    }

    /// Only the next so many events are concerned; zero is taken as one.
    #[must_use]
    pub fn times(mut self, times: u32) -> EventFault {
        self.times = Some(NonZeroU32::new(times).unwrap_or(NonZeroU32::MIN));
        self
    }

    pub(crate) const fn disorder(&self) -> EventDisorder {
        self.disorder
    }

    /// The attribute whose events are concerned; all, if there is none.
    #[must_use]
    pub const fn attribute(&self) -> Option<Attribute> {
        self.attribute
    }

    pub(crate) fn concerns(&self, attribute: Attribute) -> bool {
        self.attribute.is_none_or(|own| own == attribute)
    }

    pub(crate) const fn limit(&self) -> Option<NonZeroU32> {
        self.times
    }
}

impl fmt::Display for EventFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one = self.times == Some(NonZeroU32::MIN);
        match self.times {
            None => formatter.write_str("all events")?,
            Some(NonZeroU32::MIN) => formatter.write_str("the next event")?,
            Some(times) => write!(formatter, "the next {times} events")?,
        }
        if let Some(attribute) = self.attribute {
            write!(formatter, " of {attribute}")?;
        }
        let verb = |many: &'static str, single: &'static str| if one { single } else { many };
        match self.disorder {
            EventDisorder::Unsent => write!(formatter, " {} not pushed", verb("are", "is")),
            EventDisorder::Lost => write!(formatter, " {} lost", verb("get", "gets")),
            EventDisorder::Repeated => write!(formatter, " {} pushed twice", verb("are", "is")),
            EventDisorder::Doubled => write!(formatter, " {} twice", verb("arrive", "arrives")),
            EventDisorder::Swapped => {
                write!(
                    formatter,
                    " {} after the one behind",
                    verb("arrive", "arrives")
                )
            }
            EventDisorder::Late { by, overtaken } => {
                let order = match overtaken {
                    true => "overtaken by others",
                    false => "in order",
                };
                write!(formatter, " {} {by:?} late, {order}", verb("come", "comes"))
            }
        }
    }
}
