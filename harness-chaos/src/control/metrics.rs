//! What is counted, in the text format of Prometheus.

use std::fmt::Write as _;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};

use super::problem::Result;
use super::proxy::Proxy;
use super::server::Desk;
use crate::connection::Direction;
use crate::counters::FlowCounts;

/// What a counter is called, what it counts, and how many there are.
type Counter = (&'static str, &'static str, fn(FlowCounts) -> u64);

/// What there is of each proxy and direction.
const COUNTERS: [Counter; 3] = [
    (
        "toxiproxy_proxy_received_bytes_total",
        "Bytes that came from the sender.",
        |counts| counts.received,
    ),
    (
        "toxiproxy_proxy_sent_bytes_total",
        "Bytes that were passed on.",
        |counts| counts.sent,
    ),
    (
        "harness_gate_swallowed_bytes_total",
        "Bytes that a toxic has taken out.",
        |counts| counts.swallowed,
    ),
];

/// `GET /metrics`
pub(super) async fn metrics(State(desk): State<Desk>) -> Result<Response> {
    let text = desk.control.ask(|registry| {
        let text = text(registry.proxies.values());
        Box::pin(async { Ok(text) })
    });
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    Ok((kind, text.await?).into_response())
}

fn text<'a>(proxies: impl Iterator<Item = &'a Proxy> + Clone) -> String {
    let mut text = String::new();
    for (name, help, count) in COUNTERS {
        family(&mut text, name, help, "counter");
        for proxy in proxies.clone() {
            for (direction, stream) in [
                (Direction::Requests, "upstream"),
                (Direction::Replies, "downstream"),
            ] {
                let count = count(proxy.gate.counts(direction));
                let labels = labels(proxy);
                line(
                    &mut text,
                    name,
                    &format!("direction=\"{stream}\",{labels}"),
                    count,
                );
            }
        }
    }
    let name = "harness_gate_connections";
    family(&mut text, name, "Connections that are open.", "gauge");
    for proxy in proxies.clone() {
        line(
            &mut text,
            name,
            &labels(proxy),
            proxy.gate.connections_count(),
        );
    }
    let name = "harness_gate_connections_total";
    family(
        &mut text,
        name,
        "Connections that there have been.",
        "counter",
    );
    for proxy in proxies {
        line(&mut text, name, &labels(proxy), proxy.gate.opened_count());
    }
    let name = "harness_build_info";
    family(&mut text, name, "The version of the harness.", "gauge");
    let version = format!("version=\"{}\"", env!("CARGO_PKG_VERSION"));
    line(&mut text, name, &version, 1);
    text
}

fn family(text: &mut String, name: &str, help: &str, kind: &str) {
    // writing to a string does not fail
    let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _ = writeln!(text, "{name}{{{labels}}} {value}");
}

fn labels(proxy: &Proxy) -> String {
    let (listener, upstream) = (proxy.gate.address(), escaped(&proxy.gate.upstream()));
    let name = escaped(&proxy.name);
    format!("listener=\"{listener}\",proxy=\"{name}\",upstream=\"{upstream}\"")
}

/// The value of a label, in which these three would end it.
fn escaped(value: &str) -> String {
    let value = value.replace('\\', r"\\").replace('"', "\\\"");
    value.replace('\n', r"\n")
}

#[cfg(test)]
mod tests {
    use super::escaped;

    #[test]
    fn no_name_can_end_a_label() {
        assert_eq!(escaped("a\"b\\c\nd"), r#"a\"b\\c\nd"#);
    }
}
