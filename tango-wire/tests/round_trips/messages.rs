//! Calls, their replies, and references to objects.

use std::{io::Cursor, str::FromStr};

use proptest::{collection::vec, prelude::*, sample::select, test_runner::TestCaseResult};
use tango_wire::giop::{
    Completion, Limits, Message, MessageReader, ObjectReference, Profile, Reply, ReplyBody,
    ReplyStatus, Request, RequestHead, SystemException, Version, write_reply, write_request,
    write_user_exception,
};

use crate::{strategies::text, types::comes_back};

fn version() -> impl Strategy<Value = Version> {
    select(&[Version::V1_0, Version::V1_1, Version::V1_2][..])
}

fn read(octets: Vec<u8>) -> Result<Message, TestCaseError> {
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    let mut messages = MessageReader::new(Cursor::new(octets), Limits::default());
    let message = runtime.block_on(messages.next())?;
    message.ok_or_else(|| TestCaseError::fail("no message"))
}

fn profile() -> impl Strategy<Value = Profile> {
    let alternates = vec((text(), any::<u16>()), 0..3);
    let key = any::<Vec<u8>>();
    (version(), text(), any::<u16>(), key, alternates).prop_map(
        |(version, host, port, object_key, alternates)| Profile {
            version,
            host,
            port,
            object_key,
            // GIOP 1.0 has no place for them
            alternates: if version == Version::V1_0 {
                Vec::new()
            } else {
                alternates
            },
        },
    )
}

fn reference() -> impl Strategy<Value = ObjectReference> {
    (text(), vec(profile(), 0..3))
        .prop_map(|(type_id, profiles)| ObjectReference { type_id, profiles })
}

fn exception() -> impl Strategy<Value = SystemException> {
    let completed = select(&[Completion::Yes, Completion::No, Completion::Maybe][..]);
    (text(), any::<u32>(), completed).prop_map(|(id, minor, completed)| SystemException {
        id,
        minor,
        completed,
    })
}

/// The content of a reply is checked to be of the right kind by `is_right`.
fn check_reply(
    octets: Vec<u8>,
    id: u32,
    is_right: impl FnOnce(ReplyBody<'_>) -> TestCaseResult,
) -> TestCaseResult {
    let message = read(octets)?;
    let reply = Reply::read(&message)?;
    prop_assert_eq!(reply.id, id);
    is_right(reply.body)
}

proptest! {
    #[test]
    fn requests(
        version in version(),
        id: u32,
        key: Vec<u8>,
        operation in "[ -~]{0,20}",
        announce_code_sets: bool,
        argument in proptest::option::of(any::<u64>()),
    ) {
        let mut head = RequestHead::new(version, id, &key, &operation);
        head.announce_code_sets = announce_code_sets;
        let octets = write_request(&head, |body| {
            if let Some(argument) = argument {
                body.u64(argument);
            }
        })?;
        let message = read(octets)?;
        let mut request = Request::read(&message)?;
        prop_assert_eq!(request.version, version);
        prop_assert_eq!(request.id, id);
        prop_assert!(request.response_expected);
        prop_assert_eq!(request.object_key, &key[..]);
        prop_assert_eq!(&request.operation, &operation);
        if let Some(argument) = argument {
            prop_assert_eq!(request.body.u64()?, argument);
        }
        prop_assert_eq!(request.body.remaining(), 0);
    }

    #[test]
    fn replies(version in version(), id: u32, result in proptest::option::of(any::<u64>())) {
        let octets = write_reply(version, id, ReplyStatus::NoException, |body| {
            if let Some(result) = result {
                body.u64(result);
            }
        })?;
        check_reply(octets, id, |body| {
            let ReplyBody::Result(mut body) = body else {
                return Err(TestCaseError::fail("no result"));
            };
            if let Some(result) = result {
                prop_assert_eq!(body.u64()?, result);
            }
            prop_assert_eq!(body.remaining(), 0);
            Ok(())
        })?;
    }

    #[test]
    fn exceptions(version in version(), id: u32, name in text(), exception in exception()) {
        let octets = write_user_exception(version, id, &name, |body| body.u32(7))?;
        check_reply(octets, id, |body| match body {
            ReplyBody::UserException { id, mut content } => {
                prop_assert_eq!(id, name);
                prop_assert_eq!(content.u32()?, 7);
                Ok(())
            }
            _ => Err(TestCaseError::fail("no exception")),
        })?;
        let octets = write_reply(version, id, ReplyStatus::SystemException, |body| {
            exception.write(body);
        })?;
        check_reply(octets, id, |body| match body {
            ReplyBody::SystemException(read) => {
                prop_assert_eq!(read, exception);
                Ok(())
            }
            _ => Err(TestCaseError::fail("no exception")),
        })?;
    }

    #[test]
    fn forwards(version in version(), id: u32, reference in reference()) {
        let octets = write_reply(version, id, ReplyStatus::LocationForward, |body| {
            reference.write(body);
        })?;
        check_reply(octets, id, |body| match body {
            ReplyBody::LocationForward(read) => {
                prop_assert_eq!(read, reference);
                Ok(())
            }
            _ => Err(TestCaseError::fail("no reference")),
        })?;
    }

    #[test]
    fn references(reference in reference()) {
        comes_back(&reference, ObjectReference::write, ObjectReference::read)?;
        prop_assert_eq!(ObjectReference::from_str(&reference.to_ior()?)?, reference);
    }

    #[test]
    fn system_exceptions(exception in exception()) {
        comes_back(&exception, SystemException::write, SystemException::read)?;
    }
}
