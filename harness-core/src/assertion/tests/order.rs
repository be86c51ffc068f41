use super::*;

#[tokio::test(start_paused = true)]
async fn values_in_that_order_with_others_between_are_seen() {
    let bench = Bench::new(1);
    let assertion = passes_through(&bench.traced[0], "obsState", ["RESOURCING", "READY"]);
    let mark = bench.marked(&assertion).await;
    for value in ["RESOURCING", "IDLE", "CONFIGURING", "READY"] {
        bench.set(0, value);
    }
    bench.verify(&mark, 0.0, assertion).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn another_order_is_told() {
    let bench = Bench::new(1);
    let assertion = passes_through(&bench.traced[0], "obsState", ["IDLE", "RESOURCING"]);
    let mark = bench.marked(&assertion).await;
    bench.set(0, "RESOURCING");
    bench.set(0, "IDLE");
    let outcome = bench.verify(&mark, 1.0, assertion).await;
    assert_eq!(
        nearest(outcome),
        ["IDLE at +0.000 s; RESOURCING was not reached after that"]
    );
}
