//! Parts of a load, merged.

use harness_explore::load::{Load, LoadReport, Plan, ResultClass, Shard, Stage, Summary};

use crate::user::{Book, behaving, millis, never, seconds};

async fn parts(plan: &Plan, of: u32) -> LoadReport {
    let mut reports = Vec::new();
    for number in 1..=of {
        let plan = plan.clone().with_shard(Shard::new(number, of).unwrap());
        let book = Book::default();
        // every action takes another time, which only its moment decides
        let behaviour = |at: std::time::Duration| {
            let time = millis(5 + u64::try_from(at.as_millis()).unwrap() % 37);
            (time, ResultClass::Ok)
        };
        let report = Load::new(plan)
            .unwrap()
            .run(behaving(&book, behaviour), never())
            .await;
        let json = serde_json::to_string(&report).unwrap();
        reports.push(serde_json::from_str(&json).unwrap());
    }
    LoadReport::merge(reports).unwrap()
}

#[tokio::test(start_paused = true)]
async fn parts_of_an_open_load_add_up_to_the_whole() {
    let stages = Stage::parse_all("40, 5s; 40, 10s; 0, 5s").unwrap();
    let plan = Plan::open("parts", 120, stages);
    let whole = parts(&plan, 1).await;
    for of in [2, 3, 7] {
        let merged = parts(&plan, of).await;
        assert_eq!(merged.counts, whole.counts);
        assert_eq!(merged.series, whole.series);
        let (merged, whole) = (Summary::of(&merged), Summary::of(&whole));
        assert_eq!(merged, whole, "the percentiles are those of one run");
    }
    assert_eq!(whole.counts.done, 600);
}

#[tokio::test(start_paused = true)]
async fn parts_of_a_closed_load_have_all_users_and_cycles_between_them() {
    let plan = Plan::cycles("parts", 10, 20);
    let whole = parts(&plan, 1).await;
    for of in [2, 3, 4] {
        let merged = parts(&plan, of).await;
        assert_eq!(merged.counts, whole.counts);
        assert_eq!(
            Summary::of(&merged).total.latency,
            Summary::of(&whole).total.latency
        );
        assert_eq!(merged.gauges.len(), usize::try_from(of).unwrap());
    }
    assert_eq!((whole.counts.users, whole.counts.done), (10, 200));
}

#[tokio::test(start_paused = true)]
async fn a_part_without_users_has_nothing_and_does_not_hang() {
    let plan = Plan::cycles("few", 1, 3).with_shard(Shard::new(2, 2).unwrap());
    let book = Book::default();
    let users = behaving(&book, |_| (millis(1), ResultClass::Ok));
    let run = Load::new(plan).unwrap().run(users, never());
    let report = tokio::time::timeout(seconds(60), run).await.unwrap();
    assert_eq!(report.counts.started, 0);
}

#[tokio::test(start_paused = true)]
async fn parts_share_what_a_throttle_admits() {
    let plan = Plan::cycles("throttled", 4, 25).with_throttle(20.0);
    for of in [1, 2, 4] {
        let merged = parts(&plan, of).await;
        // a hundred actions: with their own share all parts take as long as the whole
        let lasted = merged.lasted.as_millis();
        assert!((4800..=5200).contains(&lasted), "{lasted} ms in {of}");
    }
}
