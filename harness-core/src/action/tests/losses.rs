//! Devices that are lost while something is awaited.

use super::*;

#[tokio::test(start_paused = true)]
async fn a_device_that_is_lost_in_mid_wait_is_told_and_can_end_the_wait() {
    for stops in [false, true] {
        let (device, subarray) = subarray();
        let mut wait = WaitAction::new(subarray.tracer(), "settle").postcondition(changes_to(
            [&subarray],
            "obsState",
            "READY",
        ));
        if stops {
            wait = wait.early_stop(crate::stops_on_loss([&subarray], "obsState"));
        }
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            let reason = "the server died".to_owned();
            device.push("obsState", crate::Signal::Lost { reason });
        });
        let began = Instant::now();
        let error = wait.execute(Timeout::seconds(5)).await.unwrap_err();
        let lasted = if stops { 1 } else { 5 };
        assert_eq!(began.elapsed(), Duration::from_secs(lasted));
        let text = error.to_string();
        assert!(text.contains("lost: the server died"), "{text}");
    }
}
