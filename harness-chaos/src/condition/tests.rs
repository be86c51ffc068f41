use std::time::Duration;

use super::*;

const MS: Duration = Duration::from_millis(1);

#[test]
fn each_condition_says_what_it_does_as_people_say_it() {
    let said: [(Condition, &str); 15] = [
        (Hold.into(), "are not read"),
        (Swallow.into(), "are read and not passed on"),
        (Delay::of(200 * MS).into(), "are delayed by 200 ms"),
        (
            Bandwidth::octets_per_second(2.5).with_burst(1).into(),
            "pass at 2.5 octets a second, 1 octet at once",
        ),
        (
            Corrupt::bits(1).into(),
            "are corrupted, 100 % of the octets",
        ),
        (
            Slice::into(400).with_variation(20).into(),
            "arrive in pieces of 400 ± 20 octets, 1 ms apart",
        ),
        (
            Coalesce::until(1).into(),
            "are kept back until there is 1 octet",
        ),
        (
            Close::at_once().by_reset().into(),
            "reset their connection at once",
        ),
        (
            Close::after_octets(12).into(),
            "close their connection after 12 octets",
        ),
        (
            Close::when_open_for(500 * MS).with_jitter(MS).into(),
            "close their connection when it has been open for 500 ms, up to 1 ms later",
        ),
        (
            Close::when_silent_for(500 * MS).into(),
            "close their connection when nothing comes for 500 ms",
        ),
        (
            Close::this_long_after_data(5 * MS).by_reset().into(),
            "reset their connection 5 ms after data comes",
        ),
        (
            Close::after_hanging(Some(5 * MS)).into(),
            "are swallowed, and close their connection when nothing comes for 5 ms or this ends",
        ),
        (
            Close::after_hanging(None).into(),
            "are swallowed, and close their connection when this ends",
        ),
        (LateEnd::never().into(), "never end"),
    ];
    for (condition, words) in said {
        assert_eq!(condition.to_string(), words);
        assert_eq!(condition.check(), Ok(()), "{words}");
    }
}

#[test]
fn impossible_numbers_are_refused_and_said() {
    for (condition, complaint) in [
        (
            Condition::from(Bandwidth::octets_per_second(-1)),
            "-1 octets a second are impossible: give a finite number above zero, or `Hold` to let \
             nothing pass",
        ),
        (
            Bandwidth::octets_per_second(f64::NAN).into(),
            "NaN octets a second are impossible: give a finite number above zero, or `Hold` to let \
             nothing pass",
        ),
        (
            Corrupt::bits(1.5).into(),
            "a part of the octets of 1.5 is impossible: give a number from 0 to 1",
        ),
        (
            Slice::into(0).into(),
            "pieces of no octets are impossible: give at least 1",
        ),
        (
            Coalesce::until(0).into(),
            "pieces of no octets are impossible: give at least 1",
        ),
        (
            Corrupt::replacing("", "x").into(),
            "no octets to look for: give those that shall be replaced",
        ),
    ] {
        let error = condition.check().unwrap_err();
        assert_eq!(error.to_string(), complaint);
    }
    for rate in [0.0, f64::INFINITY, f64::NEG_INFINITY] {
        assert!(
            Condition::from(Bandwidth::octets_per_second(rate))
                .check()
                .is_err()
        );
    }
    for rate in [-0.1, f64::NAN] {
        assert!(Condition::from(Corrupt::bits(rate)).check().is_err());
    }
}
