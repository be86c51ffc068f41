//! Scenarios on a telescope that is not simulated in this process, whose devices are helper devices.

use harness_bdd::suite::ScenarioVerdict;

use crate::telescope::Trial;

#[tokio::test]
async fn helper_devices_are_put_into_fault_by_their_command() {
    let trial = Trial::low().await;
    let lines = [
        "Given the SDP subarray is in obsState FAULT",
        "When the command Restart is sent to the SDP subarray",
        "Then the SDP subarray transitions to EMPTY",
    ];
    let outcome = trial.run_from_afar(&lines).await;
    let verdict = &outcome.scenarios[0].verdict;
    assert!(matches!(verdict, ScenarioVerdict::Passed), "{verdict:?}");
}

#[tokio::test]
async fn lines_that_only_a_simulated_telescope_can_do_fail_with_words() {
    let trial = Trial::low().await;
    for line in [
        "When the SDP subarray is unreachable",
        "Given the next Configure on SDP fails with \"broken\"",
        "Given the CSP subarray's Configure is held",
        "Given the CSP subarray takes 5 seconds to configure",
    ] {
        let outcome = trial.run_from_afar(&[line]).await;
        match &outcome.scenarios[0].verdict {
            ScenarioVerdict::Failed { message, .. } => {
                assert!(
                    message.contains("simulated in this process"),
                    "{line}: {message}"
                );
            }
            other => panic!("{line}: not failed: {other:?}"),
        }
    }
}
