//! A chain that is run without sockets, and a clock that goes as fast as wanted.

use std::time::Duration;

use tokio::time::Instant;

use crate::condition::{Condition, Ending};
use crate::datagram::DatagramCondition;
use crate::seed::{Draws, Seed};
use crate::stage::{Chain, Item, Setting, StageId, build, build_for_datagrams};

pub(super) const MS: Duration = Duration::from_millis(1);

/// What comes out of a chain, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Out {
    Octets(Vec<u8>),
    End,
    Reset,
    Close(Ending),
}

/// A chain on its course.
pub(super) struct Course {
    pub(super) chain: Chain,
    begin: Instant,
    now: Instant,
    pub(super) out: Vec<(Duration, Out)>,
}

impl Course {
    pub(super) fn new() -> Course {
        let now = Instant::now();
        Course {
            chain: Chain::default(),
            begin: now,
            now,
            out: Vec::new(),
        }
    }

    pub(super) fn through(condition: impl Into<Condition>) -> Course {
        let mut course = Course::new();
        course.add(1, condition, 7);
        course
    }

    pub(super) fn add(&mut self, id: u64, condition: impl Into<Condition>, seed: u64) {
        let condition = condition.into();
        let setting = Setting {
            opened: self.begin,
            now: self.now,
            draws: Draws::of(Seed::new(seed), &[condition.kind()], &[]),
        };
        self.chain.add(StageId(id), build(&condition, setting));
        self.settle();
    }

    /// Puts a condition in the place of another one, or takes that out.
    pub(super) fn replace<C: Into<Condition>>(&mut self, id: u64, condition: Option<C>) {
        let stage = condition.map(|condition| {
            let condition = condition.into();
            let setting = Setting {
                opened: self.begin,
                now: self.now,
                draws: Draws::of(Seed::new(7), &[condition.kind()], &[]),
            };
            build(&condition, setting)
        });
        self.chain.replace(StageId(id), stage);
        self.settle();
    }

    /// A chain for datagrams.
    pub(super) fn of_datagrams(condition: impl Into<DatagramCondition>, seed: u64) -> Course {
        let mut course = Course::new();
        let condition = condition.into();
        let setting = Setting {
            opened: course.begin,
            now: course.now,
            draws: Draws::of(Seed::new(seed), &[condition.kind()], &[]),
        };
        let stage = build_for_datagrams(&condition, setting);
        course.chain.add(StageId(1), stage);
        course
    }

    /// What came out, datagram by datagram.
    pub(super) fn datagrams(&self) -> Vec<Vec<u8>> {
        let datagrams = self.out.iter().filter_map(|(_, out)| match out {
            Out::Octets(octets) => Some(octets.clone()),
            _ => None,
        });
        datagrams.collect()
    }

    pub(super) fn remove(&mut self, id: u64) {
        self.chain.remove(StageId(id));
        self.settle();
    }

    pub(super) fn send(&mut self, octets: &[u8]) {
        self.push(Item::Octets(octets.to_vec().into()));
    }

    pub(super) fn push(&mut self, item: Item) {
        self.chain.push(item);
        self.settle();
    }

    /// Takes out what is to be written, as a quick reader does.
    fn settle(&mut self) -> Option<Instant> {
        loop {
            let wake = self.chain.advance(self.now);
            if self.chain.output().is_empty() {
                return wake;
            }
            while let Some(item) = self.chain.output().pop() {
                let out = match item {
                    Item::Octets(chunk) => Out::Octets(chunk.to_vec()),
                    Item::End => Out::End,
                    Item::Reset => Out::Reset,
                    Item::Close(ending) => Out::Close(ending),
                };
                self.out.push((self.now - self.begin, out));
            }
        }
    }

    /// Lets this much time pass, stopping whenever something is due.
    pub(super) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while let Some(wake) = self.settle().filter(|wake| *wake <= end) {
            assert!(
                wake > self.now,
                "a stage wants to be told a time that is over"
            );
            self.now = wake;
        }
        self.now = end;
        self.settle();
    }

    /// All octets that have come out, one after the other.
    pub(super) fn octets(&self) -> Vec<u8> {
        let chunks = self.out.iter().filter_map(|(_, out)| match out {
            Out::Octets(octets) => Some(octets.as_slice()),
            _ => None,
        });
        chunks.collect::<Vec<_>>().concat()
    }

    /// When each chunk came out, and how long it is.
    pub(super) fn pieces(&self) -> Vec<(u128, usize)> {
        let pieces = self.out.iter().filter_map(|(at, out)| match out {
            Out::Octets(octets) => Some((at.as_millis(), octets.len())),
            _ => None,
        });
        pieces.collect()
    }
}
