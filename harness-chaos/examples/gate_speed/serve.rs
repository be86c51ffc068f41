//! What is measured, and what it is measured against.

use std::error::Error;
use std::io;
use std::io::Write;

use harness_chaos::Gate;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::runtime::Builder;

/// A server that answers every octet, or counts them when the first is an `s`.
pub(crate) fn server() -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let socket = TcpSocket::new_v4()?;
        socket.bind("127.0.0.1:0".parse()?)?;
        let listener: TcpListener = socket.listen(8192)?;
        announce(listener.local_addr()?)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            tokio::spawn(serve(stream));
        }
    })
}

async fn serve(mut stream: TcpStream) -> io::Result<()> {
    let mut small = [0; 64];
    let mut count = stream.read(&mut small).await?;
    if small.first() != Some(&b's') {
        while count > 0 {
            stream
                .write_all(small.get(..count).unwrap_or_default())
                .await?;
            count = stream.read(&mut small).await?;
        }
        return Ok(());
    }
    let mut total = count as u64;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match stream.read(&mut buffer).await? {
            0 => break,
            count => total += count as u64,
        }
    }
    stream.write_all(&total.to_be_bytes()).await
}

/// A gate, until the process is ended.
pub(crate) fn gate(upstream: &str, threads: bool) -> Result<(), Box<dyn Error>> {
    let mut builder = match threads {
        true => Builder::new_multi_thread(),
        false => Builder::new_current_thread(),
    };
    builder.enable_all().build()?.block_on(async {
        let gate = Gate::to(upstream).open().await?;
        announce(gate.address())?;
        std::future::pending::<()>().await;
        Ok(())
    })
}

fn announce(address: std::net::SocketAddr) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "at {address}")?;
    out.flush()
}
