//! Devices that are sound, which nothing is held against whatever the order of events, and others.

use super::super::rules::tests::configuring;
use super::*;

const LAG: u64 = 20;

fn rules() -> Rules {
    let lifecycle = configuring()
        .with_patience(Duration::from_secs(1))
        .with_lag(Duration::from_millis(LAG));
    Rules::of(&lifecycle)
}

/// A device and what is held against it, from a moment on, in milliseconds.
struct Held {
    rules: Rules,
    start: Instant,
    conservation: Conservation,
    state: &'static str,
    since: u64,
}

impl Held {
    fn new(believes_queued: bool, hears_ends: bool) -> Held {
        Held {
            rules: rules(),
            start: Instant::now() + Duration::from_secs(3600),
            conservation: Conservation::new(believes_queued, hears_ends),
            state: "IDLE",
            since: 0,
        }
    }

    fn at(&self, millis: u64) -> Instant {
        self.start + Duration::from_millis(millis)
    }

    fn sent(&mut self, command: &str, at: u64) -> u64 {
        let command = self.rules.command(command).unwrap();
        let at = self.at(at);
        self.conservation.sent(command, 0, at, false)
    }

    fn answered(&mut self, number: u64, class: ResultClass, at: u64) {
        let at = self.at(at);
        self.conservation
            .answered(&self.rules, number, class, None, at);
    }

    fn changed(&mut self, to: &'static str, at: u64) {
        let step = self.rules.step(self.state, to).unwrap();
        let (before, now) = (self.at(self.since), self.at(at));
        if !self.rules.steps[step].commands.is_empty() {
            self.conservation.changed(step, before, now);
        }
        (self.state, self.since) = (to, at);
    }

    fn examined(&mut self, at: u64) -> Option<&'static str> {
        let (now, since) = (self.at(at), self.at(self.since));
        let found = self.conservation.examine(&self.rules, now, Some(since))?;
        Some(match found {
            Contradiction::Unasked(_) => "unasked",
            Contradiction::Excess { .. } => "excess",
        })
    }
}

#[test]
fn an_event_may_come_before_the_reply_or_after_it() {
    for (event, reply) in [(105, 130), (130, 105)] {
        let mut held = Held::new(false, false);
        let number = held.sent("Configure", 100);
        if event < reply {
            held.changed("CONFIGURING", event);
            assert_eq!(held.examined(event), None);
        }
        held.answered(number, ResultClass::Ok, reply);
        assert_eq!(held.examined(reply), None);
        if event > reply {
            assert!(!held.conservation.is_settled());
            held.changed("CONFIGURING", event);
        }
        held.changed("READY", 200);
        assert_eq!(held.examined(201), None);
        assert!(held.conservation.is_settled());
    }
}

#[test]
fn a_change_that_nobody_asked_for_is_told_once() {
    let mut held = Held::new(false, false);
    let number = held.sent("Configure", 100);
    held.answered(number, ResultClass::Rejected, 110);
    held.changed("CONFIGURING", 120);
    assert_eq!(held.examined(121), Some("unasked"));
    held.changed("READY", 200);
    assert_eq!(held.examined(201), None);
}

#[test]
fn a_command_without_a_reply_may_have_been_done_even_later() {
    let mut held = Held::new(false, false);
    let number = held.sent("Configure", 100);
    held.answered(number, ResultClass::TimedOut, 3100);
    assert_eq!(held.examined(60_000), None);
    held.changed("CONFIGURING", 70_000);
    held.changed("READY", 71_000);
    assert_eq!(held.examined(71_001), None);
}

#[test]
fn two_commands_that_exclude_each_other_are_told_when_both_were_taken() {
    let mut held = Held::new(false, false);
    let numbers = [held.sent("Configure", 100), held.sent("Configure", 101)];
    held.changed("CONFIGURING", 103);
    for number in numbers {
        held.answered(number, ResultClass::Ok, 105);
    }
    assert_eq!(held.examined(110), None, "the other change may be late");
    held.changed("READY", 200);
    assert_eq!(held.examined(201), Some("excess"));
    assert_eq!(held.examined(300), None, "told once");
}

#[test]
fn one_that_was_done_after_the_other_though_it_was_not_allowed_then_is_told() {
    let mut held = Held::new(false, false);
    let numbers = [held.sent("Configure", 100), held.sent("Configure", 101)];
    held.changed("CONFIGURING", 103);
    for number in numbers {
        held.answered(number, ResultClass::Ok, 105);
    }
    held.changed("READY", 200);
    held.changed("CONFIGURING", 201);
    held.changed("READY", 300);
    assert_eq!(held.examined(301), Some("excess"));
}

#[test]
fn a_command_that_leads_nowhere_is_told_when_no_event_can_be_missing_any_more() {
    let mut held = Held::new(false, false);
    let number = held.sent("Configure", 100);
    held.answered(number, ResultClass::Ok, 105);
    assert_eq!(held.examined(29_000), None);
    assert_eq!(held.examined(31_000), Some("excess"));
}

#[test]
fn what_may_have_been_missed_is_held_against_nobody() {
    let mut held = Held::new(false, false);
    let number = held.sent("Configure", 100);
    held.changed("CONFIGURING", 103);
    held.conservation.forget();
    held.answered(number, ResultClass::Ok, 105);
    held.changed("READY", 200);
    assert_eq!(held.examined(90_000), None);
}

#[test]
fn a_command_that_ends_as_rejected_was_never_taken() {
    for early in [true, false] {
        let mut held = Held::new(true, true);
        let number = held.sent("Configure", 100);
        let (end, reply) = (held.at(120), held.at(121));
        if early {
            held.conservation
                .ended(&held.rules, "id", ResultClass::Rejected, end);
        }
        held.conservation
            .answered(&held.rules, number, ResultClass::Ok, Some("id"), reply);
        if !early {
            held.conservation
                .ended(&held.rules, "id", ResultClass::Rejected, reply);
        }
        assert_eq!(held.examined(90_000), None);
        held.changed("CONFIGURING", 91_000);
        assert_eq!(held.examined(91_001), Some("unasked"), "early: {early}");
    }
}

/// What happened, as seen from here.
enum Seen {
    Sent(usize),
    Answered(usize, ResultClass),
    Ended(usize),
    Changed(&'static str),
}

/// A command on its way: what, when it was sent, when it comes to the device, and when its reply comes back.
struct Trip {
    command: &'static str,
    sent: u64,
    there: u64,
    back: u64,
}

/// A device for a minute with so many users, who send whatever they like; with replies that get lost, and ends
/// that are told in any order with replies and states.
fn seen_of(seed: u64, users: u64, ends: bool, doubly: bool) -> Vec<(u64, Seen, Option<String>)> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut trips = Vec::new();
    for _ in 0..users {
        let mut now = random.u64(1..50);
        while now < 60_000 {
            let there = now + random.u64(0..10);
            let back = there + random.u64(0..25);
            let command = *random.choice(&["Configure", "End"]).unwrap();
            trips.push(Trip {
                command,
                sent: now,
                there,
                back,
            });
            now = back + random.u64(1..150);
        }
    }
    trips.sort_by_key(|it| it.there);
    let mut seen = Vec::new();
    let (mut state, mut until, mut told, mut taken_at) = ("IDLE", 0, 0, None);
    let mut waits = 0;
    for (place, trip) in trips.iter().enumerate() {
        seen.push((trip.sent, Seen::Sent(place), Some(trip.command.to_owned())));
        let mut tell = |to, at: u64, random: &mut fastrand::Rng| {
            told = (at + random.u64(0..LAG)).max(told);
            seen.push((told, Seen::Changed(to), None));
        };
        while state == "CONFIGURING" && until <= trip.there {
            tell("READY", until, &mut random);
            state = "READY";
            if waits > 0 {
                waits -= 1;
                tell("CONFIGURING", until, &mut random);
                (state, until) = ("CONFIGURING", until + 100);
            }
        }
        let slips_in = doubly
            && state == "CONFIGURING"
            && trip.command == "Configure"
            && taken_at.is_some_and(|at| trip.there - at < 10);
        let taken = match (trip.command, state) {
            ("Configure", "IDLE" | "READY") => {
                tell("CONFIGURING", trip.there, &mut random);
                (state, until) = ("CONFIGURING", trip.there + 100);
                taken_at = Some(trip.there);
                true
            }
            ("End", "READY") => {
                tell("IDLE", trip.there, &mut random);
                state = "IDLE";
                true
            }
            _ => slips_in,
        };
        waits += u64::from(slips_in);
        let lost = random.u32(0..50) == 0;
        let class = match taken {
            _ if lost => ResultClass::TimedOut,
            true => ResultClass::Ok,
            false => ResultClass::Rejected,
        };
        let back = if lost { trip.there + 300 } else { trip.back };
        seen.push((back, Seen::Answered(place, class), None));
        if ends && taken {
            let end = trip.there + 100 + random.u64(0..LAG);
            let end = if trip.command == "End" {
                trip.there + random.u64(0..LAG)
            } else {
                end
            };
            seen.push((end, Seen::Ended(place), None));
        }
    }
    // what happens at once happens in the order in which it was told
    seen.sort_by_key(|it| it.0);
    seen
}

/// What is said of it, examined ten times a second.
fn said_of(seed: u64, users: u64, ends: bool, doubly: bool) -> Vec<&'static str> {
    let mut held = Held::new(true, ends);
    let mut numbers = std::collections::HashMap::new();
    let mut said = Vec::new();
    let mut next = 100;
    for (at, seen, command) in seen_of(seed, users, ends, doubly) {
        while next < at {
            said.extend(held.examined(next));
            next += 100;
        }
        let now = held.at(at);
        match seen {
            Seen::Sent(place) => {
                let number = held.sent(&command.unwrap(), at);
                numbers.insert(place, number);
            }
            Seen::Answered(place, class) => {
                let id = (ends && class == ResultClass::Ok).then(|| place.to_string());
                let number = numbers[&place];
                held.conservation
                    .answered(&held.rules, number, class, id.as_deref(), now);
            }
            Seen::Ended(place) => {
                held.conservation
                    .ended(&held.rules, &place.to_string(), ResultClass::Ok, now);
            }
            Seen::Changed(to) => held.changed(to, at),
        }
    }
    said.extend(held.examined(next + 1000));
    said
}

#[test]
fn nothing_is_held_against_a_sound_device() {
    for seed in 0..24 {
        for ends in [false, true] {
            let said = said_of(seed, 1 + seed % 8, ends, false);
            assert_eq!(said, [""; 0], "seed {seed}, ends {ends}");
        }
    }
}

#[test]
fn a_device_that_takes_two_at_once_is_found() {
    for seed in 0..12 {
        for ends in [false, true] {
            let said = said_of(seed, 6, ends, true);
            assert!(said.contains(&"excess"), "seed {seed}, ends {ends}");
        }
    }
}
