//! Verdicts compared with those of a simple-minded reading of the whole history.

use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Happening {
    Pushed(u8),
    Back(u8),
    Error,
    Gap,
    Lost,
}

fn any_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        6 => (0u8..4).prop_map(Happening::Pushed),
        1 => (0u8..4).prop_map(Happening::Back),
        1 => Just(Happening::Error),
        1 => Just(Happening::Gap),
        1 => Just(Happening::Lost),
    ]
}

impl Happening {
    fn signal(self) -> Signal {
        match self {
            Self::Pushed(value) => Signal::Change(Reading::new(value)),
            Self::Back(value) => Signal::Back(Reading::new(value)),
            Self::Error => Signal::Error(DeviceError::new(
                DeviceErrorKind::TimedOut,
                "t/subarray/01",
                "poll",
            )),
            Self::Gap => Signal::Gap {
                missed: None,
                reason: "x".into(),
            },
            Self::Lost => Signal::Lost { reason: "x".into() },
        }
    }
}

/// Where in the history each change lies, with the values before and after it. What the last known
/// value was changed from is not known when it is pushed right after a gap.
fn changes_in(initial: u8, history: &[Happening]) -> Vec<(usize, Option<u8>, u8)> {
    let mut value = initial;
    let mut missed = false;
    let mut changes = Vec::new();
    for (index, happening) in history.iter().enumerate() {
        missed |= matches!(happening, Happening::Gap);
        if let Happening::Pushed(new) | Happening::Back(new) = *happening {
            let is_pushed = matches!(happening, Happening::Pushed(_));
            if new != value {
                changes.push((index, Some(value), new));
            } else if missed && is_pushed {
                changes.push((index, None, new));
            }
            (value, missed) = (new, false);
        }
    }
    changes
}

proptest! {
    #[test]
    fn a_change_is_seen_where_it_lies(
        initial in 0u8..4,
        before in proptest::collection::vec(any_happening(), 0..6),
        after in proptest::collection::vec(any_happening(), 0..20),
        to in proptest::option::of(0u8..4),
        from in proptest::option::of(0u8..4),
        times in 1usize..4,
        stop in proptest::option::of(0u8..4),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        let (seen, stopped) = runtime.block_on(async {
            let bench = Bench::new(1);
            bench.devices[0].set("obsState", initial);
            let mut assertion = changes(&bench.traced, "obsState").at_least(times);
            assertion.to = to.map(Into::into);
            assertion.from = from.map(Into::into);
            assertion.setup().await.unwrap();
            before.iter().for_each(|happening| {
                bench.devices[0].push("obsState", happening.signal());
            });
            let mark = bench.tracer.mark();
            after.iter().for_each(|happening| {
                bench.devices[0].push("obsState", happening.signal());
            });
            let stops = stop.map(|value| {
                Arc::new(stops_on(&bench.traced, "obsState", value)) as Arc<dyn EarlyStop>
            });
            let watch = Watch::new(&bench.tracer, &mark, &Timeout::zero()).with_early_stops(stops);
            let seen = watch.verify_all("test", &[Box::new(assertion)]).await.is_ok();
            (seen, watch.stopped().is_some())
        });

        let history: Vec<_> = before.iter().chain(&after).copied().collect();
        let changes: Vec<_> = changes_in(initial, &history)
            .into_iter()
            .filter(|(index, ..)| *index >= before.len())
            .collect();
        let stop_at = changes.iter().find(|(.., new)| Some(*new) == stop).map(|(index, ..)| *index);
        let last_match = changes
            .iter()
            .filter(|(_, old, new)| to.is_none_or(|to| to == *new) && from.is_none_or(|from| Some(from) == *old))
            .nth(times - 1)
            .map(|(index, ..)| *index);
        let expected = match (last_match, stop_at) {
            (Some(matched), Some(stopped)) => matched < stopped,
            (matched, _) => matched.is_some(),
        };
        prop_assert_eq!(seen, expected);
        if !seen {
            prop_assert_eq!(stopped, stop_at.is_some());
        }
    }
}

proptest! {
    #[test]
    fn as_many_changes_are_counted_as_there_are(
        initial in 0u8..3,
        history in proptest::collection::vec(any_happening(), 0..12),
        least in proptest::option::of(0usize..4),
        most in proptest::option::of(0usize..4),
    ) {
        // more than may come are refused
        prop_assume!(most.is_none_or(|most| least.unwrap_or(0) <= most));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time().start_paused(true).build().unwrap();
        let seen = runtime.block_on(async {
            let bench = Bench::new(1);
            bench.devices[0].set("obsState", initial);
            let mut assertion = changes_to(&bench.traced, "obsState", 1);
            if let Some(least) = least {
                assertion = assertion.at_least(least);
            }
            if let Some(most) = most {
                assertion = assertion.at_most(most);
            }
            let mark = bench.marked(&assertion).await;
            history.iter().for_each(|happening| {
                bench.devices[0].push("obsState", happening.signal());
            });
            bench.verify(&mark, 0.0, assertion).await.is_ok()
        });
        let changes = changes_in(initial, &history);
        let count = changes.iter().filter(|(.., new)| *new == 1).count();
        let is_certain = history
            .iter()
            .all(|happening| matches!(happening, Happening::Pushed(_) | Happening::Error));
        let enough = count >= least.unwrap_or(usize::from(most.is_none()));
        let expected = enough && most.is_none_or(|most| count <= most && is_certain);
        prop_assert_eq!(seen, expected);
    }
}
