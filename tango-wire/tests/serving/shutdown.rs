//! What is left of a server that was shut down: nothing.

use std::net::TcpListener;

use crate::support::{event_ports, serve};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_ports_are_free_as_soon_as_a_server_is_shut_down() {
    for _ in 0..100 {
        let served = serve().await;
        let mut ports = event_ports(&served.server).await;
        ports.push(served.server.address());
        let subscription = served.device.subscribe("power", |_| {}).await;
        let _subscription = subscription.expect("subscribed");
        for port in &ports {
            TcpListener::bind(port).expect_err("taken");
        }
        served.server.shutdown().await.expect("stops");
        for port in &ports {
            TcpListener::bind(port).unwrap_or_else(|error| panic!("{port}: {error}"));
        }
    }
}
