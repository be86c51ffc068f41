//! Ctrl-C, and what systems send that end a job: SIGTERM.

use harness_bdd::Stop;
#[cfg(unix)]
use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::{exit::Exit, output};

/// From now on Ctrl-C, or SIGTERM, asks to end instead of ending the process; a second one ends it at
/// once, with `words` to say so in between. It is heard on a thread of its own, since some of what is to end
/// does not return to its runtime while it goes on.
pub(crate) fn stop_on_interrupt(words: &'static str) -> Stop {
    let stop = Stop::new();
    let requested = stop.clone();
    let wait = move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        if let Ok(runtime) = runtime {
            runtime.block_on(async {
                // made once: one that comes right after the other is heard, too
                let mut interrupts = Interrupts::new();
                interrupts.next().await;
                requested.request();
                output::complain(words);
                interrupts.next().await;
            });
            std::process::exit(Exit::Interrupted as i32);
        }
    };
    // without it the system ends the process, without a word
    let _ = std::thread::Builder::new()
        .name("interrupt".to_owned())
        .spawn(wait);
    stop
}

/// Ctrl-C and SIGTERM, one after the other.
#[cfg(unix)]
struct Interrupts {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

#[cfg(unix)]
impl Interrupts {
    fn new() -> Interrupts {
        Interrupts {
            interrupt: signal(SignalKind::interrupt()).ok(),
            terminate: signal(SignalKind::terminate()).ok(),
        }
    }

    /// Returns at the next one; never, where the system offers no way to be told of it.
    async fn next(&mut self) {
        tokio::select! {
            () = received(&mut self.interrupt) => {}
            () = received(&mut self.terminate) => {}
        }
    }
}

#[cfg(unix)]
async fn received(signals: &mut Option<Signal>) {
    let received = match signals {
        Some(signals) => signals.recv().await,
        None => None,
    };
    if received.is_none() {
        std::future::pending().await
    }
}

/// Ctrl-C, again and again.
#[cfg(not(unix))]
struct Interrupts;

#[cfg(not(unix))]
impl Interrupts {
    fn new() -> Interrupts {
        Interrupts
    }

    /// Returns at the next one; never, where the system offers no way to be told of it.
    async fn next(&mut self) {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
