//! Ctrl-C.

use harness_bdd::Stop;

use crate::{exit::Exit, output};

/// On the first Ctrl-C asks the run to end, which still puts the telescope back; on the second one
/// ends the process at once.
pub(crate) fn stop_on_interrupt(stop: &Stop) {
    let stop = stop.clone();
    tokio::spawn(async move {
        interrupted().await;
        stop.request();
        output::complain("stopping, and putting the telescope back; Ctrl-C again ends at once");
        interrupted().await;
        std::process::exit(Exit::Interrupted as i32);
    });
}

/// Returns at the next Ctrl-C; never, where the system offers no way to be told of it.
pub(crate) async fn interrupted() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
