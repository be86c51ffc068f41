use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::question::Question;
use super::reply::{self, BadReply};
use crate::any::{read_any, write_any};
use crate::client::address::HostPort;
use crate::client::address_book::Service;
use crate::client::call::{Call, CallFailure};
use crate::client::client::Client;
use crate::client::resolver::Located;
use crate::client::target::Target;
use crate::error::Error;
use crate::types::{ClientIdentity, Source, Value};

/// The object key under which every Tango database answers.
const DATABASE_KEY: &str = "database";
/// How a database says that it knows no such device, or no such alias.
const NOT_DEFINED: [&str; 2] = ["DB_DeviceNotDefined", "DB_AliasNotDefined"];

/// A Tango database, as a client sees it.
///
/// Where several hosts stand in for one another, each call asks the one that answered last, and
/// the next ones if that is down; a call that changes something is passed on only if it surely
/// was not executed. Names have no case. Patterns have `*` for any characters.
///
/// Cheap to clone. Each call is bounded by the client's timeout.
///
/// ```
/// use tango_wire::client::{Client, Property, PropertyOwner};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let running = tango_wire::database::Database::new().start().await?;
/// # let tango_host = running.tango_host();
/// let database = Client::new().with_tango_host(tango_host).database()?; // host:port
/// database.add_device("subarray/1", "low/sub/1", "Subarray").await?;
/// assert_eq!(database.devices("low/*").await?, ["low/sub/1"]);
///
/// let device = PropertyOwner::Device("low/sub/1");
/// let receptors = Property::new("Receptors", ["C1", "C2"]);
/// database.put_properties(device, &[receptors]).await?;
/// let values = database.properties(device, &["receptors", "other"]).await?;
/// assert_eq!(values, [Some(vec!["C1".to_owned(), "C2".to_owned()]), None]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct DatabaseProxy {
    client: Client,
    /// Never empty.
    hosts: Arc<[Host]>,
    /// The number of the one that answered last.
    last: Arc<AtomicUsize>,
}

/// One place where the database answers.
#[derive(Debug)]
struct Host {
    place: HostPort,
    target: Target,
}

impl DatabaseProxy {
    pub(in crate::client) fn new(
        client: &Client,
        places: Vec<HostPort>,
        last: &Arc<AtomicUsize>,
    ) -> DatabaseProxy {
        let hosts = places.into_iter().map(|place| Host {
            target: Target::named(client, place.clone(), DATABASE_KEY, Service::Database),
            place,
        });
        DatabaseProxy {
            client: client.clone(),
            hosts: hosts.collect(),
            last: Arc::clone(last),
        }
    }

    /// What the database says about itself, in words: its version, how much it holds.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn info(&self) -> Result<Vec<String>, Error> {
        let mut question = Question::of("DbInfo", "");
        question.argument = Value::Void;
        self.ask(&question, reply::texts).await
    }

    /// Finds out where a device is, and its name if what is asked for is an alias.
    pub(in crate::client) async fn find(&self, device: &str) -> Result<Located, Error> {
        let name: Arc<str> = if device.contains('/') {
            device.into()
        } else {
            let question = Question::of("DbGetAliasDevice", device);
            let name = self.ask(&question, reply::text).await?;
            name.to_ascii_lowercase().into()
        };
        let question = Question::of("DbImportDevice", &name);
        let read = |reply| super::devices::read_reference(reply, &self.client);
        match self.ask(&question, read).await? {
            Some((target, type_id)) => Ok(Located {
                target,
                name,
                type_id,
            }),
            None => Err(Error::NotDefined {
                device: device.to_owned(),
                database: self.last_place(),
                reason: "it is defined there, but its server is not running".to_owned(),
            }),
        }
    }

    /// Makes a change that has no reply.
    pub(super) async fn change(&self, question: Question<'_>) -> Result<(), Error> {
        self.ask(&question.changing(), reply::nothing).await
    }

    /// Asks for a list of names that fit a pattern.
    pub(super) async fn names(
        &self,
        command: &'static str,
        pattern: &str,
    ) -> Result<Vec<String>, Error> {
        self.ask(&Question::of(command, pattern), reply::texts)
            .await
    }

    /// Runs a command; `read` takes its reply apart.
    pub(super) async fn ask<T>(
        &self,
        question: &Question<'_>,
        read: impl Fn(Value) -> Result<T, BadReply>,
    ) -> Result<T, Error> {
        let first = self.last.load(Ordering::Relaxed);
        let hosts = self.hosts.iter().enumerate().cycle().skip(first);
        let mut failure = None;
        for (number, host) in hosts.take(self.hosts.len()) {
            let outcome = self.ask_at(host, question, &read).await;
            match outcome {
                Err(error) if may_be_passed_on(&error, question) => failure = Some(error),
                outcome => {
                    self.last.store(number, Ordering::Relaxed);
                    return outcome;
                }
            }
        }
        let reason = || "no host is given".to_owned();
        Err(failure.unwrap_or_else(|| Error::NoDatabase { reason: reason() }))
    }

    /// The host that answered last.
    fn last_place(&self) -> String {
        let host = self.hosts.get(self.last.load(Ordering::Relaxed));
        host.map(|host| host.place.to_string()).unwrap_or_default()
    }

    async fn ask_at<T>(
        &self,
        host: &Host,
        question: &Question<'_>,
        read: impl Fn(Value) -> Result<T, BadReply>,
    ) -> Result<T, Error> {
        let call = Call::about("command_inout_4", question.command, question.subject);
        let reply = host.target.call(
            &self.client,
            self.client.limits(),
            &call,
            |writer| {
                writer.string(question.command);
                write_any(writer, &question.argument);
                Source::Device.write(writer);
                ClientIdentity::own(0).write(writer); // in the layout that every version reads
            },
            read_any,
        );
        let name = || format!("the database {}", host.place);
        match reply.await {
            Ok(reply) => read(reply).map_err(|bad| Error::protocol(&name(), call, bad)),
            Err(CallFailure::Refused(failure)) if NOT_DEFINED.contains(&failure.reason()) => {
                Err(Error::NotDefined {
                    device: question.subject.to_owned(),
                    database: host.place.to_string(),
                    reason: failure.to_string(),
                })
            }
            Err(failure) => Err(failure.into_error(&name(), &call)),
        }
    }
}

/// True if a database that is down may be stood in for: it did not execute the question, or it
/// does not matter if it did.
fn may_be_passed_on(error: &Error, question: &Question<'_>) -> bool {
    match error {
        Error::Unreachable { .. } => true,
        Error::Closed { may_have_run, .. } => !may_have_run || !question.changes,
        Error::TimedOut { .. } => !question.changes,
        _ => false,
    }
}
