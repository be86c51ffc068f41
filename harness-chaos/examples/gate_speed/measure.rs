//! The measures.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// How many clock ticks a second has in /proc.
const TICKS_A_SECOND: f64 = 100.0;

pub(crate) fn stream(address: &str, seconds: f64) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    let mut block = vec![b'x'; 256 * 1024];
    let begin = Instant::now();
    let end = begin + Duration::from_secs_f64(seconds);
    if let Some(first) = block.first_mut() {
        *first = b's';
    }
    while Instant::now() < end {
        stream.write_all(&block)?;
    }
    stream.shutdown(Shutdown::Write)?;
    let mut total = [0; 8];
    stream.read_exact(&mut total)?;
    let rate = u64::from_be_bytes(total) as f64 / begin.elapsed().as_secs_f64();
    println!("{{\"octets_a_second\": {rate:.0}}}");
    Ok(())
}

pub(crate) fn trips(address: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut octet = [b'e'];
    let mut times = Vec::with_capacity(count);
    for number in 0..count + count / 10 {
        let begin = Instant::now();
        stream.write_all(&octet)?;
        stream.read_exact(&mut octet)?;
        // the first tenth is for getting warm
        if number >= count / 10 {
            times.push(begin.elapsed());
        }
    }
    times.sort_unstable();
    let at = |part: f64| {
        let index = (times.len() as f64 * part) as usize;
        let time = times.get(index).copied().unwrap_or_default();
        time.as_secs_f64() * 1e6
    };
    println!(
        "{{\"median_us\": {:.2}, \"p99_us\": {:.2}}}",
        at(0.5),
        at(0.99)
    );
    Ok(())
}

pub(crate) fn idle(
    address: &str,
    count: usize,
    pid: &str,
    seconds: f64,
) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut streams = Vec::new();
        for _ in 0..count {
            let mut stream = tokio::net::TcpStream::connect(address).await?;
            stream.write_all(b"e").await?;
            stream.read_exact(&mut [0]).await?;
            streams.push(stream);
        }
        let before = processor_time(pid)?;
        tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
        let spent = processor_time(pid)? - before;
        let memory = resident_kib(pid)?;
        println!(
            "{{\"idle_percent\": {:.3}, \"resident_kib\": {memory}}}",
            spent / seconds * 100.0
        );
        Ok(())
    })
}

pub(crate) fn many(address: &str, count: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let begin = Instant::now();
        let mut connecting = JoinSet::new();
        for _ in 0..count {
            let address = address.to_owned();
            connecting.spawn(async move {
                let mut stream = tokio::net::TcpStream::connect(address).await?;
                stream.write_all(b"e").await?;
                stream.read_exact(&mut [0]).await?;
                std::io::Result::Ok(stream)
            });
        }
        let mut streams = Vec::new();
        let mut failed = 0;
        while let Some(connected) = connecting.join_next().await {
            match connected? {
                Ok(stream) => streams.push(stream),
                Err(_) => failed += 1,
            }
        }
        let took = begin.elapsed().as_secs_f64();
        println!(
            "{{\"connected\": {}, \"failed\": {failed}, \"seconds\": {took:.3}}}",
            streams.len()
        );
        Ok(())
    })
}

/// The processor time that a process has had, in seconds.
fn processor_time(pid: &str) -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let fields: Vec<&str> = after_name.split_whitespace().collect();
    let ticks = |index: usize| -> Result<f64, Box<dyn Error>> {
        Ok(fields.get(index).ok_or("a short /proc/PID/stat")?.parse()?)
    };
    Ok((ticks(11)? + ticks(12)?) / TICKS_A_SECOND)
}

fn resident_kib(pid: &str) -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    Ok(number.ok_or("no VmRSS")?.parse()?)
}
