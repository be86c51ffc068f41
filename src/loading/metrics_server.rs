//! Tells Prometheus over HTTP how a load is going.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HOST, ORIGIN, WWW_AUTHENTICATE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use harness_core::admission::{Asker, InvalidToken, Objection, Token, objection};
use harness_explore::load::{Live, metrics};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::timeout;

/// How long requests under way may take when the server stops.
const PATIENCE: Duration = Duration::from_secs(2);

/// What `/` says.
const INDEX: &str = "The figures of a load that goes on, for Prometheus: GET /metrics\n";

/// Why figures can't be served.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MetricsServerError {
    /// The address could not be bound.
    #[error("metrics cannot be served on {bind} port {port}")]
    Bind {
        bind: String,
        port: u16,
        #[source]
        source: io::Error,
    },
    /// A token that no client could send.
    #[error(transparent)]
    Token(#[from] InvalidToken),
}

/// A server that serves until it is shut down or dropped.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub(crate) struct RunningMetricsServer {
    address: SocketAddr,
    token: Option<Token>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

/// Serves how a load is going, on this host and port; port 0 takes a free one.
///
/// On an address that only this machine can reach no token is needed, unless one is given. On another one
/// is: if none is given, one is made, which [`RunningMetricsServer::token`] tells.
pub(crate) async fn serve(
    live: Live,
    bind: &str,
    port: u16,
    token: Option<&str>,
) -> Result<RunningMetricsServer, MetricsServerError> {
    let given = token.map(Token::given).transpose()?;
    let bare = bind.trim_start_matches('[').trim_end_matches(']');
    let bound = async {
        let listener = TcpListener::bind((bare, port)).await?;
        Ok((listener.local_addr()?, listener))
    };
    let (address, listener) = bound.await.map_err(|source| MetricsServerError::Bind {
        bind: bind.to_owned(),
        port,
        source,
    })?;
    let made = || (!address.ip().is_loopback()).then(Token::made);
    let token = given.or_else(made);
    let (stop, stopped) = oneshot::channel::<()>();
    let serving = axum::serve(listener, routes(live, token.clone()));
    let serving = serving.with_graceful_shutdown(async {
        // an error says that the other side is gone, which means the same
        let _ = stopped.await;
    });
    let task = tokio::spawn(async move {
        // it serves until it is stopped
        let _ = serving.await;
    });
    Ok(RunningMetricsServer {
        address,
        token,
        stop,
        task,
    })
}

impl RunningMetricsServer {
    /// What Prometheus reads.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/metrics", self.address)
    }

    /// The token that clients must send, if they must: `Authorization: Bearer TOKEN`.
    pub(crate) fn token(&self) -> Option<&str> {
        self.token.as_ref().map(Token::text)
    }

    /// Stops serving: the port is free when this returns, requests under way are answered or given up.
    pub(crate) async fn shutdown(self) {
        let RunningMetricsServer { stop, mut task, .. } = self;
        drop(stop);
        if timeout(PATIENCE, &mut task).await.is_err() {
            task.abort();
        }
    }
}

fn routes(live: Live, token: Option<Token>) -> Router {
    Router::new()
        .route("/", get(async || INDEX))
        .route("/metrics", get(figures))
        .with_state(live)
        .layer(from_fn_with_state(token, admit))
}

async fn figures(State(live): State<Live>) -> Response {
    // thousands of lines take milliseconds, for which no user shall wait
    let written = spawn_blocking(move || metrics::exposition(&live)).await;
    let kind = [(CONTENT_TYPE, metrics::CONTENT_TYPE)];
    match written {
        Ok(text) => (kind, text).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Lets a request through, or answers it.
async fn admit(State(token): State<Option<Token>>, request: Request, next: Next) -> Response {
    match refusal(token.as_ref(), request.headers()) {
        Some(refusal) => refusal,
        None => next.run(request).await,
    }
}

fn refusal(token: Option<&Token>, headers: &HeaderMap) -> Option<Response> {
    let value = |name| headers.get(name).map(HeaderValue::as_bytes);
    let asker = Asker {
        host: value(HOST),
        origin: value(ORIGIN),
        authorization: value(AUTHORIZATION),
    };
    let objection = objection(token, &asker)?;
    let told = format!("{objection}\n");
    Some(match objection {
        Objection::NoToken => {
            let scheme = [(WWW_AUTHENTICATE, "Bearer")];
            (StatusCode::UNAUTHORIZED, scheme, told).into_response()
        }
        _ => (StatusCode::FORBIDDEN, told).into_response(),
    })
}

#[cfg(test)]
mod tests {
    use harness_explore::load::{Load, Plan};
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpStream;

    use super::*;

    fn live() -> Live {
        Load::new(Plan::cycles("idle", 1, 1)).unwrap().live()
    }

    /// The whole answer to a request with these headers.
    async fn asked(server: &RunningMetricsServer, path: &str, headers: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", server.address.port()))
            .await
            .unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    const LOCAL: &str = "Host: 127.0.0.1\r\n";

    #[tokio::test]
    async fn figures_are_served_as_prometheus_reads_them() {
        let server = serve(live(), "127.0.0.1", 0, None).await.unwrap();
        let answer = asked(&server, "/metrics", LOCAL).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let kind = "content-type: text/plain; version=0.0.4; charset=utf-8\r\n";
        assert!(answer.contains(kind), "{answer}");
        assert!(answer.contains("\nharness_load_users 0\n"), "{answer}");
        let index = asked(&server, "/", LOCAL).await;
        assert!(index.ends_with(
            "\r\n\r\nThe figures of a load that goes on, for Prometheus: GET /metrics\n"
        ));
        let nothing = asked(&server, "/metric", LOCAL).await;
        assert!(nothing.starts_with("HTTP/1.1 404 "), "{nothing}");
        assert_eq!(server.token(), None);
    }

    #[tokio::test]
    async fn pages_from_elsewhere_are_refused_and_whoever_does_not_know_the_token() {
        let open = serve(live(), "127.0.0.1", 0, None).await.unwrap();
        let foreign = format!("{LOCAL}Origin: http://evil.example\r\n");
        for headers in [&foreign, "Host: evil.example\r\n"] {
            let answer = asked(&open, "/metrics", headers).await;
            assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
        }
        let closed = serve(live(), "127.0.0.1", 0, Some("beam-42"))
            .await
            .unwrap();
        let answer = asked(&closed, "/metrics", LOCAL).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        let knowing = format!("{LOCAL}Authorization: Bearer beam-42\r\n");
        let answer = asked(&closed, "/metrics", &knowing).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    #[tokio::test]
    async fn beyond_this_machine_a_token_is_needed() {
        let server = serve(live(), "0.0.0.0", 0, None).await.unwrap();
        let answer = asked(&server, "/metrics", LOCAL).await;
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        let token = server.token().unwrap().to_owned();
        let knowing = format!("{LOCAL}Authorization: Bearer {token}\r\n");
        let answer = asked(&server, "/metrics", &knowing).await;
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    }

    #[tokio::test]
    async fn the_port_is_free_after_the_end_and_taken_before() {
        let server = serve(live(), "127.0.0.1", 0, None).await.unwrap();
        let port = server.address.port();
        assert_eq!(server.url(), format!("http://127.0.0.1:{port}/metrics"));
        let error = serve(live(), "127.0.0.1", port, None).await.unwrap_err();
        let told = format!("metrics cannot be served on 127.0.0.1 port {port}");
        assert_eq!(error.to_string(), told);
        server.shutdown().await;
        let again = serve(live(), "127.0.0.1", port, None).await.unwrap();
        again.shutdown().await;
        let error = serve(live(), "127.0.0.1", 0, Some("two words")).await;
        assert!(matches!(error, Err(MetricsServerError::Token(_))));
    }
}
