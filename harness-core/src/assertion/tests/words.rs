//! Labels rather than numbers, and matchers by their names.

use super::*;

const LABELS: [&str; 5] = ["EMPTY", "RESOURCING", "IDLE", "CONFIGURING", "READY"];

/// One subarray whose obsState is an enumeration.
fn enumerated() -> (InMemoryDevice, TracedDevice, Tracer) {
    let device = InMemoryDevice::new("t/subarray/01")
        .with_attribute("obsState", 0)
        .with_labels("obsState", LABELS);
    let tracer = Tracer::default();
    let traced = tracer.device(Arc::new(device.clone()));
    (device, traced, tracer)
}

#[tokio::test(start_paused = true)]
async fn a_number_is_shown_by_the_label_of_the_device() {
    let (device, subarray, tracer) = enumerated();
    let ready = changes_to(&subarray, "obsState", 4).from(one_of([2, 3]));
    assert_eq!(
        ready.describe(),
        "t/subarray/01 obsState changes from IDLE or CONFIGURING to READY"
    );
    let way = passes_through(&subarray, "ObsState", [1, 2]);
    assert_eq!(
        way.describe(),
        "t/subarray/01 ObsState passes through RESOURCING, IDLE"
    );
    let stop = stops_on(&subarray, "obsState", not(0));
    assert_eq!(
        stop.describe(),
        "t/subarray/01 obsState changes to anything but EMPTY"
    );
    let sound = is_in_state(&subarray, "obsState", 2);
    let expectation = tracer.expect(ready).and(sound).from_now().await.unwrap();
    device.set("obsState", 4);
    let failure = expectation.within(Timeout::zero()).await.unwrap_err();
    assert_eq!(
        nearest(Err(failure)),
        ["EMPTY -> READY at +0.000 s", "it is READY"]
    );
}

#[tokio::test(start_paused = true)]
async fn the_label_that_an_event_told_is_known_as_well() {
    let bench = Bench::new(2);
    let ready = changes_to(&bench.traced, "obsState", 4);
    assert_eq!(
        ready.describe(),
        "t/subarray/01, t/subarray/02 obsState changes to 4"
    );
    let mark = bench.marked(&ready).await;
    bench.devices[1].set("obsState", crate::EnumValue::labelled(4, "READY"));
    assert_eq!(
        ready.describe(),
        "t/subarray/01, t/subarray/02 obsState changes to READY"
    );
    // what is seen is told in the same words, whoever says it
    bench.devices[0].set("obsState", 4);
    bench.devices[0].set("obsState", 3);
    let outcome = bench.verify(&mark, 0.0, ready.clone().from(9)).await;
    assert_eq!(
        nearest(outcome),
        ["EMPTY -> READY at +0.000 s", "EMPTY -> READY at +0.000 s"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_matcher_that_panics_is_named_with_the_event_and_fails_alone() {
    let (device, subarray, tracer) = enumerated();
    let broken = || {
        matching("nonsense", |reading| {
            reading.value.as_list().unwrap().is_empty()
        })
    };
    let idle = changes_to(&subarray, "obsState", "IDLE");
    let mark = tracer.mark();
    idle.setup().await.unwrap();
    let change = changes_to(&subarray, "obsState", broken());
    let way = passes_through(&subarray, "obsState", [broken()]);
    let state = is_in_state(&subarray, "obsState", broken());
    let slow = device.clone();
    tokio::spawn(async move {
        for value in ["RESOURCING", "IDLE"] {
            tokio::time::sleep(Duration::from_secs(1)).await;
            slow.set("obsState", value);
        }
    });
    let watch = Watch::new(&tracer, &mark, &Timeout::seconds(9));
    let all: [Box<dyn Assertion>; 4] = [
        Box::new(change),
        Box::new(way),
        Box::new(state),
        Box::new(idle),
    ];
    let started = tokio::time::Instant::now();
    let failure = watch.verify_all("test", &all).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(2));
    let words = "at which the matcher \"nonsense\" panicked: \
                 called `Option::unwrap()` on a `None` value";
    let met: Vec<_> = failure.expected().iter().map(|one| one.met).collect();
    assert_eq!(met, [false, false, false, true]);
    assert_eq!(
        nearest(Err(failure)),
        [
            format!("EMPTY -> RESOURCING at +1.000 s, {words}"),
            format!("EMPTY -> RESOURCING at +1.000 s, {words}"),
            format!("it is EMPTY, {words}"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn states_and_changes_are_matched_by_more_than_equality() {
    let device = InMemoryDevice::new("t/dish/01").with_attribute("azimuth", 0.0);
    let tracer = Tracer::default();
    let dish = tracer.device(Arc::new(device.clone()));
    let there = changes_to(&dish, "azimuth", close_to(180.0, 0.5)).from(not(0.0));
    let expected = tracer
        .expect(there)
        .and(is_in_state(&dish, "azimuth", close_to(180, 0.5)));
    let expected = expected.from_now().await.unwrap();
    for azimuth in [180.1, 90.0, 179.9] {
        device.set("azimuth", azimuth);
    }
    expected.within(Timeout::zero()).await.unwrap();
    device.set("azimuth", 90.0);
    let failure = expected.within(Timeout::zero()).await.unwrap_err();
    assert_eq!(nearest(Err(failure)), ["it is 90.0"]);
}
