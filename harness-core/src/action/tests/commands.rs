//! What is sent, and how it is described.

use super::*;

#[tokio::test(start_paused = true)]
async fn an_attribute_is_written_as_an_action() {
    let (device, subarray) = subarray();
    let mark = subarray.tracer().mark();
    CommandAction::write(&subarray, "obsState", "IDLE")
        .precondition(is_in_state([&subarray], "obsState", "EMPTY"))
        .postcondition(changes_to([&subarray], "obsState", "IDLE"))
        .execute(Timeout::seconds(5))
        .await
        .unwrap();
    assert_eq!(
        steps(subarray.tracer(), &mark)[0].0,
        "write obsState of low-tmc/subarray/01"
    );
    let error = CommandAction::write(&subarray, "nonsense", 0)
        .execute(Timeout::seconds(5))
        .await
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "low-tmc/subarray/01 refused write nonsense: \
         the device has no attribute nonsense (NotFound)"
    );
    drop(device);
}

#[tokio::test(start_paused = true)]
async fn arguments_that_are_zero_false_or_empty_are_described() {
    let (_, subarray) = subarray();
    let described = |argument: Value| CommandAction::new(&subarray, "Go", argument).description();
    let beginning = "sends Go to low-tmc/subarray/01";
    assert_eq!(described(Value::Void), beginning);
    assert_eq!(described(0.into()), format!("{beginning} with 0"));
    assert_eq!(described(false.into()), format!("{beginning} with false"));
    assert_eq!(
        described("".into()),
        format!("{beginning} with {}", Value::from(""))
    );
    assert!(described(vec![1, 2].into()).contains("1, 2"));
}
