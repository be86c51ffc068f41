//! An object that can be called, and the calling of it.

use std::sync::{Arc, Mutex, PoisonError};

use super::address::HostPort;
use super::address_book::Service;
use super::call::{Call, CallFailure};
use super::client::Client;
use super::connection::WayIn;
use super::pool::{CallLimits, Pin, Pool};
use crate::cdr::{CdrError, Reader, Writer};
use crate::giop::{ObjectReference, Reply, ReplyBody, Version};
use crate::types::{DevFailed, MultiDevFailed};

/// How often one call may be sent on to another server.
const FORWARDS: usize = 4;

/// An object of a server. Clones share what they learn about where it went.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pool: Arc<Pool>,
    /// What the object is called at each of the pool's ways in.
    object_keys: Arc<[Vec<u8>]>,
    /// Where it is served instead, as its server said, until that no longer works.
    forwarded: Arc<Mutex<Option<Target>>>,
}

impl Target {
    /// The object of that name at one place.
    ///
    /// It is called with GIOP 1.2 from the first request. A `corbaloc` address without a version
    /// means 1.0 by the book, but omniORB answers each request in the request's own version, and
    /// 1.2 has fragments and a character set.
    pub(super) fn named(
        client: &Client,
        place: HostPort,
        object_key: &str,
        service: Service,
    ) -> Target {
        let way = WayIn::new(place, Version::V1_2);
        Target::new(client, vec![(way, object_key.into())], service)
    }

    /// The object that a reference leads to, by all of its profiles and their alternate addresses;
    /// none if it has no address.
    pub(super) fn of_reference(client: &Client, reference: &ObjectReference) -> Option<Target> {
        let mut ways = Vec::new();
        for profile in &reference.profiles {
            let first = (&profile.host, profile.port);
            let alternates = profile.alternates.iter().map(|(host, port)| (host, *port));
            for (host, port) in std::iter::once(first).chain(alternates) {
                let host = host.clone();
                let way = WayIn::new(HostPort { host, port }, profile.version);
                ways.push((way, profile.object_key.clone()));
            }
        }
        // omniORB repeats its first address among the alternates
        let mut seen = Vec::new();
        ways.retain(|way| {
            !seen.contains(way) && {
                seen.push(way.clone());
                true
            }
        });
        (!ways.is_empty()).then(|| Target::new(client, ways, Service::Calls))
    }

    fn new(client: &Client, ways: Vec<(WayIn, Vec<u8>)>, service: Service) -> Target {
        let (ways, object_keys): (Vec<WayIn>, Vec<Vec<u8>>) = ways.into_iter().unzip();
        Target {
            pool: client.pool(ways, service),
            object_keys: object_keys.into(),
            forwarded: Arc::default(),
        }
    }

    /// Calls the object; `read` reads the result.
    ///
    /// When its server refers to another (LocationForward), that one is called instead, now and
    /// from then on. CORBA calls some of these referrals permanent; here as in omniORB all are
    /// kept as long as they work, and when one does not, the object's own server is asked again.
    pub(super) async fn call<T>(
        &self,
        client: &Client,
        limits: CallLimits,
        call: &Call<'_>,
        arguments: impl Fn(&mut Writer),
        read: impl Fn(&mut Reader<'_>) -> Result<T, CdrError>,
    ) -> Result<T, CallFailure> {
        let mut elsewhere = self.forwarded();
        let mut is_remembered = elsewhere.is_some();
        let mut forwards = 0;
        loop {
            let target = elsewhere.as_ref().unwrap_or(self);
            let outcome = match target.call_once(limits, call, &arguments, &read).await {
                Ok(Answer::Result(result)) => Ok(result),
                Ok(Answer::Forward(reference)) => {
                    forwards += 1;
                    elsewhere = Target::of_reference(client, &reference);
                    is_remembered = false;
                    if forwards > FORWARDS || elsewhere.is_none() {
                        self.keep_forwarded(None);
                        return Err(CallFailure::Forwarded);
                    }
                    continue;
                }
                Err(failure) if is_remembered && failure.is_outdated_target() => {
                    (elsewhere, is_remembered) = (None, false);
                    self.keep_forwarded(None);
                    continue;
                }
                Err(failure) => Err(failure),
            };
            let is_answered = matches!(
                outcome,
                Ok(_) | Err(CallFailure::Refused(_) | CallFailure::PartlyRefused(_))
            );
            if is_answered && !is_remembered && elsewhere.is_some() {
                self.keep_forwarded(elsewhere);
            }
            return outcome;
        }
    }

    /// Keeps the calls of this object, and of the one that it was forwarded to last, on one
    /// connection to each of their servers. The pin of the one that is called now is the last.
    pub(super) fn pin(&self) -> Vec<Pin> {
        let forwarded = self.forwarded();
        let targets = std::iter::once(self).chain(&forwarded);
        let first_key = |target: &Target| target.object_keys.first().cloned().unwrap_or_default();
        targets
            .map(|target| target.pool.pin(&first_key(target)))
            .collect()
    }

    /// Calls this object and no other.
    async fn call_once<T>(
        &self,
        limits: CallLimits,
        call: &Call<'_>,
        arguments: impl Fn(&mut Writer),
        read: impl Fn(&mut Reader<'_>) -> Result<T, CdrError>,
    ) -> Result<Answer<T>, CallFailure> {
        let object_key = |way: usize| self.object_keys.get(way).map_or(&[][..], Vec::as_slice);
        let message = self
            .pool
            .call(limits, object_key, call.operation, arguments)
            .await?;
        match Reply::read(&message)?.body {
            ReplyBody::Result(mut result) => Ok(Answer::Result(read(&mut result)?)),
            ReplyBody::LocationForward(reference) => Ok(Answer::Forward(reference)),
            ReplyBody::SystemException(exception) => Err(CallFailure::System(exception)),
            ReplyBody::UserException { id, mut content } => Err(match id.as_str() {
                DevFailed::ID => CallFailure::Refused(DevFailed::read(&mut content)?),
                MultiDevFailed::ID => {
                    CallFailure::PartlyRefused(MultiDevFailed::read(&mut content)?)
                }
                _ => CallFailure::UnknownException(id),
            }),
        }
    }

    fn forwarded(&self) -> Option<Target> {
        let forwarded = self.forwarded.lock();
        forwarded.unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep_forwarded(&self, target: Option<Target>) {
        *self
            .forwarded
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = target;
    }
}

/// What an object answers.
enum Answer<T> {
    Result(T),
    /// Call that one instead.
    Forward(ObjectReference),
}
