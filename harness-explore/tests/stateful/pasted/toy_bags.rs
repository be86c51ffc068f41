fn toy_bags_empty() {
    use harness_explore::{Explorer, Program, Step};

    let program = Program::of("ToyBags")
        .step(Step::of("pack").value("first", 1).giving([("full bags", 0)]))
        .step(Step::of("add").value("thing", 1).variable("bag", "full bags", 0).giving([("full bags", 1)]))
        .step(Step::of("empty").variable("bag", "full bags", 1));
    let run = Explorer::new(bags()).replay(&program).expect("it can run");
    assert!(run.passed(), "{run}");
}
