//! One subscription to each of many devices.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use futures_util::{StreamExt, TryStreamExt, stream};
use tango_wire::{Client, EventNotice};

use crate::{Outcome, process, serve};

/// Subscriptions that are being made at the same time.
const AT_ONCE: usize = 32;

pub(crate) async fn measure(first: &str, devices: usize) -> Outcome {
    let at_start = process::resident_kib()? / 1024;
    let client = Client::new();
    let initial = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let subscriptions: Vec<_> = stream::iter(0..devices)
        .map(|number| {
            let (client, initial) = (client.clone(), Arc::clone(&initial));
            let address = first.replace(&serve::name(0), &serve::name(number));
            async move {
                let device = client.device(&address).await?;
                let subscription = device
                    .subscribe("value", move |notice: EventNotice| {
                        if matches!(notice, EventNotice::Initial(_)) {
                            initial.fetch_add(1, Ordering::Relaxed);
                        }
                    })
                    .await?;
                Ok::<_, tango_wire::Error>((device, subscription))
            }
        })
        .buffer_unordered(AT_ONCE)
        .try_collect()
        .await?;
    let took = began.elapsed();
    println!(
        "{} devices with a subscription each, {} values read: {took:.2?}; \
         {at_start} MiB at the start, {} MiB now",
        subscriptions.len(),
        initial.load(Ordering::Relaxed),
        process::resident_kib()? / 1024
    );
    Ok(())
}
