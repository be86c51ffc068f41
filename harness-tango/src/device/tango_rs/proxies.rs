//! The threads that own the proxies of a device.
//!
//! A call of `tango-client` blocks, and its proxy can not leave the thread that made it. So each
//! proxy has a thread, which waits for calls, and a device has as many as it has calls at once.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use tango_client::{DeviceProxy, TangoError, TangoResult};
use tokio::sync::oneshot;

/// The most calls that are under way at once on one device; more wait for their turn.
pub(super) const MOST_AT_ONCE: usize = 8;

/// Whether cppTango has set itself up in this process, which two threads must not do at once.
static IS_SET_UP: Mutex<bool> = Mutex::new(false);

/// Why a call gave nothing.
#[derive(Debug)]
pub(super) enum CallError {
    /// The device, or cppTango, said no.
    Failed(TangoError),
    /// The crate panicked: it met what it does not know.
    Panicked,
    /// All threads were at other calls for so long. It was not sent, and will not be.
    NoTurn(Duration),
    /// Nothing came back for so long after it began; the thread may still be at it.
    TimedOut(Duration),
    /// There was no thread for it.
    NoThread(io::Error),
}

/// The proxies of one device, and the threads that own them.
pub(super) struct Proxies {
    shared: Arc<Shared>,
    /// How long a call waits for its turn, and then for its end.
    patience: Duration,
}

struct Shared {
    address: String,
    /// How long cppTango waits for an answer, in milliseconds.
    limit: i32,
    queue: Mutex<Queue>,
    wake: Condvar,
    /// How many calls were begun.
    begun: AtomicU64,
}

#[derive(Default)]
struct Queue {
    jobs: VecDeque<Job>,
    threads: usize,
    /// Those of them that are at a job.
    busy: usize,
    is_closed: bool,
}

/// Makes a call, and gives what tells of its end: told once its thread is free for the next.
type Job = Box<dyn FnOnce(&mut Owner) -> Box<dyn FnOnce()> + Send>;

/// What a thread owns.
struct Owner {
    shared: Arc<Shared>,
    proxy: Option<DeviceProxy>,
}

impl Proxies {
    /// Those of the device at this address, as cppTango reads addresses. Each call may take `limit`,
    /// and `connecting` more where there is no connection yet. No thread is started yet.
    pub(super) fn new(address: String, limit: Duration, connecting: Duration) -> Proxies {
        let shared = Shared {
            address,
            limit: milliseconds(limit),
            queue: Mutex::default(),
            wake: Condvar::new(),
            begun: AtomicU64::new(0),
        };
        Proxies {
            shared: Arc::new(shared),
            patience: limit.saturating_add(connecting),
        }
    }

    /// Has a thread make a call, and waits for what comes of it.
    ///
    /// Dropped before its turn, the call is not made. Dropped later, the thread goes on with it, and
    /// is there for others after at most the limit of the call; its result is lost. Its time runs from
    /// the beginning of the call: waiting for a turn is no silence of the device.
    pub(super) async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut DeviceProxy) -> TangoResult<T> + Send + 'static,
    ) -> Result<T, CallError> {
        let (begin, mut begun) = oneshot::channel();
        let (told, outcome) = oneshot::channel();
        let job = move |owner: &mut Owner| -> Box<dyn FnOnce()> {
            if begin.send(()).is_err() {
                return Box::new(|| ());
            }
            let outcome = owner.call(work);
            // whoever asked may have left meanwhile
            Box::new(move || drop(told.send(outcome)))
        };
        self.submit(Box::new(job)).map_err(CallError::NoThread)?;
        if tokio::time::timeout(self.patience, &mut begun)
            .await
            .is_err()
        {
            // closed first, so that it can not begin any more: it may have at this very moment
            begun.close();
            if begun.try_recv().is_err() {
                return Err(CallError::NoTurn(self.patience));
            }
        }
        match tokio::time::timeout(self.patience, outcome).await {
            Ok(Ok(outcome)) => outcome,
            // a job is dropped unmade only with the proxies, which are borrowed here
            Ok(Err(_)) => Err(CallError::Panicked),
            Err(_) => Err(CallError::TimedOut(self.patience)),
        }
    }

    fn submit(&self, job: Job) -> io::Result<()> {
        let mut queue = self.shared.queue();
        queue.jobs.push_back(job);
        if queue.jobs.len() > queue.threads - queue.busy && queue.threads < MOST_AT_ONCE {
            let shared = Arc::clone(&self.shared);
            let own = move || Owner::new(shared).run();
            let started = thread::Builder::new().name("tango-rs".into()).spawn(own);
            match started {
                Ok(_) => queue.threads += 1,
                Err(error) if queue.threads == 0 => {
                    queue.jobs.clear();
                    return Err(error);
                }
                Err(_) => {}
            }
        }
        self.shared.wake.notify_one();
        Ok(())
    }

    /// How many calls were begun so far.
    pub(super) fn begun(&self) -> u64 {
        self.shared.begun.load(Ordering::Relaxed)
    }

    /// How many threads there are.
    #[cfg(test)]
    pub(super) fn threads(&self) -> usize {
        self.shared.queue().threads
    }
}

/// The threads end once they are idle; nobody waits for them.
impl Drop for Proxies {
    fn drop(&mut self) {
        let mut queue = self.shared.queue();
        queue.is_closed = true;
        queue.jobs.clear();
        self.shared.wake.notify_all();
    }
}

impl fmt::Debug for Proxies {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_tuple("Proxies")
            .field(&self.shared.address)
            .finish()
    }
}

impl Shared {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        // consistent between any two statements, and no job runs under the lock
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a job; `None` if there will be none.
    fn next(&self) -> Option<Job> {
        let mut queue = self.queue();
        while queue.jobs.is_empty() && !queue.is_closed {
            queue = self
                .wake
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
        let job = queue.jobs.pop_front()?;
        queue.busy += 1;
        Some(job)
    }
}

impl Owner {
    fn new(shared: Arc<Shared>) -> Owner {
        Owner {
            shared,
            proxy: None,
        }
    }

    fn run(mut self) {
        while let Some(job) = self.shared.next() {
            let tell = job(&mut self);
            self.shared.queue().busy -= 1;
            tell();
        }
    }

    fn call<T>(
        &mut self,
        work: impl FnOnce(&mut DeviceProxy) -> TangoResult<T>,
    ) -> Result<T, CallError> {
        self.shared.begun.fetch_add(1, Ordering::Relaxed);
        // the crate panics where cppTango gives it what it does not know, after the call itself
        let made = catch_unwind(AssertUnwindSafe(|| work(self.proxy()?)));
        match made {
            Ok(outcome) => outcome.map_err(CallError::Failed),
            Err(_) => Err(CallError::Panicked),
        }
    }

    /// The proxy, made anew as long as that fails.
    fn proxy(&mut self) -> TangoResult<&mut DeviceProxy> {
        let proxy = match self.proxy.take() {
            Some(proxy) => proxy,
            None => {
                let mut proxy = connect(&self.shared.address)?;
                proxy.set_timeout(self.shared.limit)?;
                proxy
            }
        };
        Ok(self.proxy.insert(proxy))
    }
}

/// The limit as cppTango takes it: rounded up, as 0 would be none at all.
fn milliseconds(limit: Duration) -> i32 {
    let rounded = limit.as_nanos().div_ceil(1_000_000).max(1);
    i32::try_from(rounded).unwrap_or(i32::MAX)
}

/// One at a time until the first is there.
fn connect(address: &str) -> TangoResult<DeviceProxy> {
    let mut is_set_up = IS_SET_UP.lock().unwrap_or_else(PoisonError::into_inner);
    if *is_set_up {
        drop(is_set_up);
        return DeviceProxy::new(address);
    }
    let proxy = DeviceProxy::new(address)?;
    *is_set_up = true;
    Ok(proxy)
}

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::sync::mpsc;
    use std::task::Poll;

    use super::*;

    /// Of a device that is nowhere: making its proxy sends nothing.
    fn nobody() -> Proxies {
        let address = "tango://127.0.0.1:1/not/there/1#dbase=no".to_owned();
        Proxies::new(address, Duration::from_secs(3), Duration::from_secs(3))
    }

    #[tokio::test]
    async fn one_thread_does_for_calls_in_turn_and_each_of_several_at_once_has_its_own() {
        let proxies = nobody();
        for _ in 0..3 {
            proxies.call(|_| Ok(())).await.unwrap();
        }
        assert_eq!(proxies.threads(), 1);
        let (open, gate) = mpsc::channel::<()>();
        let held = proxies.call(move |_| {
            let _ = gate.recv();
            Ok("held")
        });
        let quick = async {
            let answer = proxies.call(|_| Ok("quick")).await;
            drop(open);
            answer
        };
        let (held, quick) = tokio::join!(held, quick);
        assert_eq!((held.unwrap(), quick.unwrap()), ("held", "quick"));
        assert_eq!(proxies.threads(), 2);
    }

    #[tokio::test]
    async fn a_call_that_was_given_up_before_its_turn_is_not_made() {
        let proxies = nobody();
        let (open, gate) = mpsc::channel::<()>();
        let gate = Arc::new(Mutex::new(gate));
        let mut held: Vec<_> = Vec::new();
        for _ in 0..MOST_AT_ONCE {
            let gate = Arc::clone(&gate);
            let call = proxies.call(move |_| {
                let _ = gate.lock().unwrap().recv();
                Ok(())
            });
            held.push(Box::pin(call));
        }
        let (made, was_made) = mpsc::channel();
        let given_up = proxies.call(move |_| {
            let _ = made.send(());
            Ok(())
        });
        {
            let mut all = std::pin::pin!(futures_util::future::join_all(&mut held));
            let mut given_up = std::pin::pin!(given_up);
            tokio::select! {
                biased;
                _ = &mut all => panic!("nothing opened the gate"),
                _ = &mut given_up => panic!("there is no thread for it"),
                () = tokio::task::yield_now() => {}
            }
        }
        drop(open);
        for call in held {
            call.await.unwrap();
        }
        proxies.call(|_| Ok(())).await.unwrap();
        // the job is gone, with what it would have sent by
        assert!(was_made.recv().is_err());
        assert_eq!(proxies.threads(), MOST_AT_ONCE);
    }

    /// A call, and what lets it end when it is dropped.
    type Held<'a> = (
        Pin<Box<dyn Future<Output = Result<(), CallError>> + 'a>>,
        mpsc::Sender<()>,
    );

    /// Begins a call that tells when it has begun, and is held until the sender is dropped.
    async fn held<'a>(proxies: &'a Proxies, begun: &mpsc::Sender<()>) -> Held<'a> {
        let (open, gate) = mpsc::channel::<()>();
        let begun = begun.clone();
        let mut call: Pin<Box<dyn Future<Output = _>>> = Box::pin(proxies.call(move |_| {
            let _ = begun.send(());
            let _ = gate.recv();
            Ok(())
        }));
        assert!(is_pending(&mut call).await);
        (call, open)
    }

    /// As many as there can be threads, each of them begun.
    async fn all_held<'a>(
        proxies: &'a Proxies,
        begun: &mpsc::Sender<()>,
        has_begun: &mpsc::Receiver<()>,
    ) -> Vec<Held<'a>> {
        let mut all = Vec::new();
        for _ in 0..MOST_AT_ONCE {
            all.push(held(proxies, begun).await);
            has_begun.recv().unwrap();
        }
        all
    }

    async fn is_pending<F: Future + Unpin>(call: &mut F) -> bool {
        std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *call).poll(context).is_pending()))
            .await
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_gets_no_turn_is_told_apart_from_silence_and_never_made() {
        let proxies = nobody();
        let (begun, has_begun) = mpsc::channel();
        let all = all_held(&proxies, &begun, &has_begun).await;
        let (waiting, opened) = held(&proxies, &begun).await;
        drop(opened);
        assert!(matches!(waiting.await, Err(CallError::NoTurn(_))));
        for (call, open) in all {
            assert!(matches!(call.await, Err(CallError::TimedOut(_))));
            drop(open);
        }
        // a clock that is paused runs off while a thread is waited for
        tokio::time::resume();
        assert!(proxies.call(|_| Ok(())).await.is_ok());
        assert!(has_begun.try_recv().is_err(), "it was made after all");
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_of_a_call_runs_from_its_beginning() {
        let proxies = nobody();
        let (begun, has_begun) = mpsc::channel();
        let all = all_held(&proxies, &begun, &has_begun).await;
        let (mut waiting, open) = held(&proxies, &begun).await;
        tokio::time::advance(Duration::from_secs(5)).await;
        drop(all);
        has_begun.recv().unwrap();
        assert!(is_pending(&mut waiting).await);
        tokio::time::advance(Duration::from_secs(3)).await;
        assert!(is_pending(&mut waiting).await);
        // a clock that is paused runs off while a thread is waited for
        tokio::time::resume();
        drop(open);
        waiting.await.unwrap();
    }

    #[test]
    fn a_limit_is_rounded_up_and_never_none() {
        let of = |limit| milliseconds(limit);
        assert_eq!(of(Duration::ZERO), 1);
        assert_eq!(of(Duration::from_micros(1)), 1);
        assert_eq!(of(Duration::from_micros(2001)), 3);
        assert_eq!(of(Duration::from_secs(3)), 3000);
        assert_eq!(of(Duration::MAX), i32::MAX);
    }

    #[tokio::test]
    async fn a_panic_in_the_crate_ends_the_call_and_nothing_else() {
        let proxies = nobody();
        let call = proxies.call(|_| -> TangoResult<()> { panic!("a panic that this test wants") });
        assert!(matches!(call.await, Err(CallError::Panicked)));
        proxies.call(|_| Ok(())).await.unwrap();
        assert_eq!(proxies.threads(), 1);
    }

    #[tokio::test]
    async fn threads_end_with_the_proxies() {
        let proxies = nobody();
        proxies.call(|_| Ok(())).await.unwrap();
        let shared = Arc::downgrade(&proxies.shared);
        drop(proxies);
        let gone = async {
            while shared.strong_count() > 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), gone)
            .await
            .expect("the thread let go of what it shared");
    }
}
