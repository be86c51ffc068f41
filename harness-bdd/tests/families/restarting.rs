//! Out of FAULT.

use crate::telescope::Trial;

#[tokio::test]
async fn a_telescope_of_whose_subsystems_several_are_in_fault_is_restarted() {
    let trial = Trial::low().await;
    trial
        .passes(&[
            "Given subarray 1 is in obsState FAULT",
            "When the command Restart is sent to subarray 1",
            "Then subarray 1 passes through RESTARTING and EMPTY",
            "And subarray 1 remains in obsState EMPTY",
        ])
        .await;
}
