//! Opens a TCP connection to whichever of a server's addresses accepts first.

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;

use super::address::HostPort;
use super::address_book::{Directions, Service};

/// How long an address is alone in being tried before the next one is tried as well: what RFC 8305
/// ("Happy Eyeballs") recommends.
const HEAD_START: Duration = Duration::from_millis(250);

/// Connects to servers for a service.
#[derive(Debug, Clone)]
pub(super) struct Dialer {
    pub(super) directions: Directions,
    pub(super) service: Service,
}

impl Dialer {
    /// Connects to the first of `places` that accepts, and tells which.
    ///
    /// They are tried in order, each with a head start before the next, or until it has refused.
    /// Each has `limit` to be looked up and to accept, so a host that drops packets neither hangs us
    /// nor keeps us from the others. A name that stands for several addresses is several places.
    pub(super) async fn dial(
        &self,
        places: &[&HostPort],
        limit: Duration,
    ) -> io::Result<(usize, TcpStream)> {
        let attempts = places
            .iter()
            .map(|&place| self.clone().dial_place(place.clone(), limit));
        first_success(attempts.collect()).await
    }

    async fn dial_place(self, place: HostPort, limit: Duration) -> io::Result<TcpStream> {
        let dialled = timeout(limit, async {
            let HostPort { host, port } = self.directions.to(&place, self.service).await?;
            let addresses: Vec<SocketAddr> = lookup_host((host.as_str(), port)).await?.collect();
            let attempts = addresses.into_iter().map(TcpStream::connect);
            first_success(attempts.collect()).await
        });
        match dialled.await {
            Ok(dialled) => dialled.map(|(_, stream)| stream),
            Err(_) => {
                let words = format!("{place} did not accept within {limit:?}");
                Err(io::Error::new(io::ErrorKind::TimedOut, words))
            }
        }
    }
}

/// The first attempt to succeed and its number, or the failure of the preferred one, which is the
/// first. Attempts that are no longer wanted end with this.
async fn first_success<F, T>(mut attempts: Vec<F>) -> io::Result<(usize, T)>
where
    F: Future<Output = io::Result<T>> + Send + 'static,
    T: Send + 'static,
{
    if attempts.len() < 2 {
        // nothing to race with: no task either
        let only = attempts.pop().ok_or(io::ErrorKind::AddrNotAvailable)?;
        return only.await.map(|success| (0, success));
    }
    let mut waiting = attempts.into_iter().enumerate();
    let mut running = JoinSet::new();
    let mut failures = Vec::new();
    loop {
        if let Some((number, attempt)) = waiting.next() {
            running.spawn(async move { (number, attempt.await) });
        }
        let ended = tokio::select! {
            ended = running.join_next() => ended,
            () = tokio::time::sleep(HEAD_START), if waiting.len() > 0 => continue,
        };
        match ended {
            Some(Ok((number, Ok(success)))) => return Ok((number, success)),
            Some(Ok((number, Err(error)))) => failures.push((number, error)),
            Some(Err(broken)) => failures.push((usize::MAX, broken.into())),
            None => break,
        }
    }
    let preferred = failures.into_iter().min_by_key(|(number, _)| *number);
    Err(preferred.map_or_else(
        || io::ErrorKind::AddrNotAvailable.into(),
        |(_, error)| error,
    ))
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::pin::Pin;

    use tokio::time::Instant;

    use super::*;

    type Attempt = Pin<Box<dyn Future<Output = io::Result<&'static str>> + Send>>;

    fn after(milliseconds: u64, outcome: Result<&'static str, io::ErrorKind>) -> Attempt {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
            outcome.map_err(io::Error::from)
        })
    }

    #[tokio::test(start_paused = true)]
    async fn the_preferred_one_wins_while_it_is_quick() {
        let attempts = vec![after(240, Ok("first")), after(0, Ok("second"))];
        assert_eq!(first_success(attempts).await.unwrap(), (0, "first"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_one_is_overtaken_but_not_given_up() {
        let start = Instant::now();
        let attempts = vec![after(9000, Ok("first")), after(10, Ok("second"))];
        assert_eq!(first_success(attempts).await.unwrap(), (1, "second"));
        assert_eq!(start.elapsed(), HEAD_START + Duration::from_millis(10));
        let attempts = vec![after(400, Ok("first")), Box::pin(pending())];
        assert_eq!(first_success(attempts).await.unwrap(), (0, "first"));
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_makes_way_at_once() {
        let start = Instant::now();
        let refused = io::ErrorKind::ConnectionRefused;
        let attempts = vec![
            after(1, Err(refused)),
            after(1, Err(refused)),
            after(1, Ok("third")),
        ];
        assert_eq!(first_success(attempts).await.unwrap(), (2, "third"));
        assert_eq!(start.elapsed(), Duration::from_millis(3));
    }

    #[tokio::test(start_paused = true)]
    async fn when_none_succeeds_the_first_ones_failure_is_told() {
        let (refused, unreachable) = (
            io::ErrorKind::ConnectionRefused,
            io::ErrorKind::HostUnreachable,
        );
        for attempts in [
            vec![after(900, Err(unreachable)), after(1, Err(refused))],
            vec![after(1, Err(unreachable)), after(1, Err(refused))],
            vec![after(1, Err(unreachable))],
        ] {
            let error = first_success(attempts).await.unwrap_err();
            assert_eq!(error.kind(), unreachable);
        }
        let error = first_success(Vec::<Attempt>::new()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AddrNotAvailable);
    }
}
