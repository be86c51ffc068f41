//! What a device answers to a call, and how that travels.

use std::sync::Arc;

use super::{
    interface::{Attribute, Interface},
    old_configs::{self, AttributeConfigVersion},
    operation::CommandInfoVersion,
    panic,
    readings::Readings,
};
use crate::{
    any::write_any,
    cdr::{CdrError, Writer},
    giop::{
        Completion, Limits, ReplyStatus, SystemException, Version, write_reply,
        write_user_exception,
    },
    types::{
        AttributeVersion, CommandInfo, DevError, DevFailed, DevState, DeviceInfo,
        DeviceInfoVersion, MultiDevFailed, Value,
    },
};

/// Octets of an answer: what clients take, if they are as we are. A small request must not make the
/// server write as much as there is memory.
pub(super) const ANSWER_LIMIT: usize = Limits::STANDARD.message;

/// The result of a call that went well.
#[derive(Debug)]
pub(super) enum Answer {
    Nothing,
    Truth(bool),
    Text(String),
    State(DevState),
    Texts(Vec<String>),
    Info(DeviceInfo, DeviceInfoVersion),
    Commands(Arc<Interface>, CommandInfoVersion),
    Command(Arc<CommandInfo>, CommandInfoVersion),
    Reply(Value),
    Configs(Vec<Arc<Attribute>>, AttributeConfigVersion),
    Values(Readings, AttributeVersion),
}

/// How else a call can end.
#[derive(Debug)]
pub(super) enum Fault {
    Failed(DevFailed),
    SomeFailed(MultiDevFailed),
    System(SystemException),
}

impl From<DevFailed> for Fault {
    fn from(failure: DevFailed) -> Self {
        Self::Failed(failure)
    }
}

impl Fault {
    /// There is no object with that key.
    pub(super) fn object_not_exist() -> Self {
        Self::system("OBJECT_NOT_EXIST", 0x4f4d_0001)
    }

    /// The interface has no such operation.
    pub(super) fn bad_operation() -> Self {
        Self::system("BAD_OPERATION", 0x4154_0026)
    }

    /// The arguments are malformed.
    pub(super) fn marshal() -> Self {
        Self::system("MARSHAL", 0x4154_000a)
    }

    /// There is no memory for the call, or for its answer.
    pub(super) fn no_resources(completed: Completion) -> Self {
        Self::System(SystemException::new("NO_RESOURCES", 0, completed))
    }

    /// The answer would be longer than clients take.
    pub(super) fn too_large(completed: Completion) -> Self {
        let done = match completed {
            Completion::Yes => "; what the call was to do has been done",
            Completion::No | Completion::Maybe => "",
        };
        Self::Failed(DevFailed::new(
            "SERVANT_AnswerTooLarge",
            format!(
                "the answer would have more than {ANSWER_LIMIT} octets: ask for less at a time{done}"
            ),
            "tango_wire::server",
        ))
    }

    /// What cppTango answers when a device is too busy to tell its state.
    pub(super) fn busy() -> Self {
        Self::system("IMP_LIMIT", 0xa)
    }

    fn system(name: &str, minor: u32) -> Self {
        Self::System(SystemException::new(name, minor, Completion::No))
    }

    /// A servant panicked.
    pub(super) fn panicked(words: &str) -> Self {
        Self::Failed(panic::failure(words))
    }
}

/// Writes the reply to a request; what cannot be written becomes an error that can.
pub(super) fn write(version: Version, id: u32, outcome: &Result<Answer, Fault>) -> Vec<u8> {
    let written = match outcome {
        Ok(answer) => write_reply(version, id, ReplyStatus::NoException, |writer| {
            answer.write(writer);
        }),
        Err(fault) => fault.write(version, id),
    };
    match written {
        Ok(octets) if octets.len() > ANSWER_LIMIT => {
            drop(octets);
            Fault::too_large(Completion::Yes).write(version, id)
        }
        Ok(octets) => Ok(octets),
        Err(error) => Fault::from(unsendable(&error)).write(version, id),
    }
    .unwrap_or_default()
}

/// What a client is told in place of words that cannot be sent.
pub(super) fn unsendable(error: &CdrError) -> DevFailed {
    let problem = match error {
        // by its number: the character itself cannot be sent in an error either
        CdrError::NotLatin1 { character } => format!(
            "it has the character U+{:04X}, and Tango strings are ISO-8859-1",
            u32::from(*character)
        ),
        other => other.to_string(),
    };
    DevFailed::new(
        "SERVANT_UnsendableAnswer",
        format!("the device's answer cannot be sent: {problem}"),
        "tango_wire::server",
    )
}

impl Answer {
    fn write(&self, writer: &mut Writer) {
        match self {
            Self::Nothing => {}
            Self::Truth(truth) => writer.bool(*truth),
            Self::Text(text) => writer.utf8_string(text),
            Self::State(state) => state.write(writer),
            Self::Texts(texts) => writer.utf8_strings(texts),
            Self::Info(info, version) => info.write(writer, *version),
            Self::Commands(interface, version) => {
                writer.sequence(interface.commands(), |writer, command| {
                    write_command(writer, command, *version);
                });
            }
            Self::Command(command, version) => write_command(writer, command, *version),
            Self::Reply(value) => write_any(writer, value),
            Self::Configs(configs, version) => {
                writer.sequence(configs, |writer, attribute| {
                    // what is too long is not sent anyway, and a client may ask for one
                    // configuration very many times
                    if writer.len() <= ANSWER_LIMIT {
                        old_configs::write(writer, attribute.config(), *version);
                    }
                });
            }
            Self::Values(values, version) => {
                writer.sequence(values.values(), |writer, value| {
                    value.write(writer, *version)
                });
            }
        }
    }
}

fn write_command(writer: &mut Writer, command: &CommandInfo, version: CommandInfoVersion) {
    match version {
        CommandInfoVersion::One => command.write_old(writer),
        CommandInfoVersion::Two => command.write(writer),
    }
}

impl Fault {
    fn write(&self, version: Version, id: u32) -> Result<Vec<u8>, CdrError> {
        match self {
            Self::Failed(failure) => {
                let failure = sendable_failure(failure);
                write_user_exception(version, id, DevFailed::ID, |writer| failure.write(writer))
            }
            Self::SomeFailed(failures) => {
                let mut failures = failures.clone();
                for failed in &mut failures.0 {
                    failed.failure = sendable_failure(&failed.failure);
                }
                write_user_exception(version, id, MultiDevFailed::ID, |writer| {
                    failures.write(writer);
                })
            }
            Self::System(exception) => {
                write_reply(version, id, ReplyStatus::SystemException, |writer| {
                    exception.write(writer);
                })
            }
        }
    }
}

/// An error must arrive whatever its words: characters that cannot be sent become question marks.
pub(super) fn sendable_failure(failure: &DevFailed) -> DevFailed {
    let errors = failure.0.iter().map(|error| DevError {
        reason: sendable(&error.reason),
        description: sendable(&error.description),
        origin: sendable(&error.origin),
        severity: error.severity,
    });
    DevFailed(errors.collect())
}

fn sendable(text: &str) -> String {
    let replace = |character: char| match u32::from(character) {
        1..=0xff => character,
        _ => '?',
    };
    text.chars().map(replace).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::giop::{Limits, MessageReader, Reply, ReplyBody};

    async fn written(outcome: Result<Answer, Fault>) -> DevFailed {
        let octets = write(Version::V1_2, 7, &outcome);
        let mut messages = MessageReader::new(&octets[..], Limits::default());
        let message = messages.next().await.expect("GIOP").expect("a message");
        let reply = Reply::read(&message).expect("a reply");
        assert_eq!(reply.id, 7);
        match reply.body {
            ReplyBody::UserException { id, mut content } if id == DevFailed::ID => {
                DevFailed::read(&mut content).expect("an error stack")
            }
            other => panic!("{other:?}"),
        }
    }

    #[tokio::test]
    async fn what_cannot_be_sent_is_an_error_that_can() {
        let failure = written(Ok(Answer::Reply(Value::String("5 €".into())))).await;
        assert_eq!(failure.reason(), "SERVANT_UnsendableAnswer");
        assert!(failure.to_string().contains("U+20AC"), "{failure}");
        let failure = DevFailed::new("API_Test", "5 € → n\0thing", "here");
        let failure = written(Err(failure.into())).await;
        assert_eq!(failure.to_string(), "API_Test: 5 ? ? n?thing");
    }

    #[tokio::test]
    async fn what_no_client_would_take_is_refused_in_words() {
        let reply = Value::Chars(vec![0; ANSWER_LIMIT]);
        let failure = written(Ok(Answer::Reply(reply))).await;
        assert_eq!(failure.reason(), "SERVANT_AnswerTooLarge");
        assert!(failure.to_string().contains("has been done"), "{failure}");
    }
}
