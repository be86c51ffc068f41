//! `harness load`: many users at once.

#[cfg_attr(
    not(test),
    expect(dead_code, reason = "the verb that serves it is to come")
)]
mod metrics_server;
