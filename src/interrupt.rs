//! Ctrl-C, and what systems send that end a job: SIGTERM.

use harness_bdd::Stop;

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
                interrupted().await;
                requested.request();
                output::complain(words);
                interrupted().await;
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

/// Returns at the next Ctrl-C or SIGTERM; never, where the system offers no way to be told of it.
async fn interrupted() {
    let pressed = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = pressed => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    let received = match signal(SignalKind::terminate()) {
        Ok(mut signals) => signals.recv().await.is_some(),
        Err(_) => false,
    };
    if !received {
        std::future::pending().await
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
