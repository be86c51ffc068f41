//! So many events a second, all of which must arrive.

use std::time::Instant;

use tango_wire::{Client, EventNotice, Value};
use tokio::sync::mpsc;

use crate::{Outcome, process};

pub(crate) async fn measure(client: &str, device: &str, rate: i32, seconds: i32) -> Outcome {
    let device = Client::new().device(device).await?;
    let total = rate * seconds;
    let (done, mut ending) = mpsc::unbounded_channel();
    let expected = std::sync::atomic::AtomicI32::new(0);
    let _subscription = device
        .subscribe("value", move |notice: EventNotice| {
            use std::sync::atomic::Ordering::Relaxed;
            let due = expected.load(Relaxed);
            match notice {
                EventNotice::Initial(_) => {}
                EventNotice::Event(reading) if reading.value == Value::Long(due) => {
                    expected.store(due + 1, Relaxed);
                    if due + 1 == total {
                        let _ = done.send(Ok(()));
                    }
                }
                other => {
                    let _ = done.send(Err(format!("{other:?} where {due} was due")));
                }
            }
        })
        .await?;
    let used = process::processor_time()?;
    let began = Instant::now();
    device
        .command("Flood", Value::Longs(vec![rate, seconds]))
        .await?;
    ending.recv().await.ok_or("the subscription ended")??;
    let took = began.elapsed().as_secs_f64();
    let used = (process::processor_time()? - used).as_secs_f64();
    let dropped = device.command("Dropped", Value::Void).await?;
    if dropped != Value::Long64(0) {
        return Err(format!("the server dropped {dropped:?} events").into());
    }
    println!(
        "{client}: {total} events in {took:.2} s, {:.0} a second, in order, none lost; \
         {:.2} us of processor time each; {} MiB",
        f64::from(total) / took,
        used * 1e6 / f64::from(total),
        process::resident_kib()? / 1024
    );
    Ok(())
}
