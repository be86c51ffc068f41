//! The stages of a load: how much of it there is, and when.

use std::fmt::{self, Display, Formatter};
use std::str::FromStr;
use std::time::Duration;

/// One stage: the load goes from where it is to `target` over this time. It stays there, if that is
/// where it is.
///
/// The target is a number of users in a closed load and of starts a second in an open one. Written
/// `100, 10s`; a stage of no time is a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stage {
    /// Where the load goes.
    pub target: f64,
    /// How long that takes.
    pub over: Duration,
}

/// A stage that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageError {
    /// There is none.
    #[error(
        "there is no stage; write TARGET, TIME, and a semicolon between stages: 100, 10s; 100, 60s"
    )]
    None,
    /// It is not made of a target and a time.
    #[error("stage {number}, `{stage}`, is not TARGET, TIME, as in 100, 10s")]
    Shape {
        /// Which stage, from 1.
        number: usize,
        /// As it was written.
        stage: String,
    },
    /// Its target is no number that a load can have.
    #[error("the target of stage {number}, `{target}`, is not a number from 0 to 1000000")]
    Target {
        /// Which stage, from 1.
        number: usize,
        /// As it was written.
        target: String,
    },
    /// Its time is none.
    #[error("the time of stage {number}, `{time}`, {problem}")]
    Time {
        /// Which stage, from 1.
        number: usize,
        /// As it was written.
        time: String,
        /// What is wrong with it.
        problem: TimeError,
    },
}

/// A time that can not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "is not a time: write a number and its unit, ms, s, m or h, as in 500ms or 1m30s, at most 1000h"
)]
pub struct TimeError;

/// The largest target.
const MOST: f64 = 1_000_000.0;

/// The longest time.
const LONGEST: Duration = Duration::from_secs(1000 * 3600);

impl Stage {
    /// The load goes to `target` over this time.
    #[must_use]
    pub fn new(target: f64, over: Duration) -> Stage {
        Stage { target, over }
    }

    /// Reads stages: `100, 10s; 100, 1m; 0, 10s`.
    ///
    /// # Errors
    /// When there is none, or one can not be read: which, and why.
    pub fn parse_all(text: &str) -> Result<Vec<Stage>, StageError> {
        let text = text.trim().trim_end_matches(';');
        if text.is_empty() {
            return Err(StageError::None);
        }
        let stages = text.split(';').zip(1..);
        stages
            .map(|(stage, number)| Stage::parse(stage.trim(), number))
            .collect()
    }

    fn parse(stage: &str, number: usize) -> Result<Stage, StageError> {
        let Some((target, time)) = stage.split_once(',') else {
            let stage = stage.to_owned();
            return Err(StageError::Shape { number, stage });
        };
        let (target, time) = (target.trim(), time.trim());
        let read = target.parse().ok().filter(|it| (0.0..=MOST).contains(it));
        let over = read_time(time).map_err(|problem| StageError::Time {
            number,
            time: time.to_owned(),
            problem,
        });
        match read {
            Some(target) => Ok(Stage::new(target, over?)),
            None => Err(StageError::Target {
                number,
                target: target.to_owned(),
            }),
        }
    }
}

impl FromStr for Stage {
    type Err = StageError;

    fn from_str(text: &str) -> Result<Stage, StageError> {
        Stage::parse(text.trim(), 1)
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {:?}", self.target, self.over)
    }
}

/// Reads a time: `500ms`, `10s`, `1m30s`, `2h`.
///
/// # Errors
/// When it is none, or longer than a thousand hours.
pub fn read_time(text: &str) -> Result<Duration, TimeError> {
    let mut rest: &str = &text.replace(' ', "");
    if rest.is_empty() {
        return Err(TimeError);
    }
    let mut whole = Duration::ZERO;
    while !rest.is_empty() {
        let end = rest.find(|it: char| !it.is_ascii_digit() && it != '.');
        let (number, after) = rest.split_at(end.ok_or(TimeError)?);
        let end = after.find(|it: char| it.is_ascii_digit() || it == '.');
        let (unit, after) = after.split_at(end.unwrap_or(after.len()));
        let seconds = match unit {
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" | "min" => 60.0,
            "h" => 3600.0,
            _ => return Err(TimeError),
        };
        let number: f64 = number.parse().map_err(|_| TimeError)?;
        let part = Duration::try_from_secs_f64(number * seconds).map_err(|_| TimeError)?;
        whole = whole.checked_add(part).ok_or(TimeError)?;
        rest = after;
    }
    if whole > LONGEST {
        return Err(TimeError);
    }
    Ok(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_read_with_or_without_blanks() {
        let expected = [
            Stage::new(100.0, Duration::from_secs(10)),
            Stage::new(0.0, Duration::ZERO),
            Stage::new(2.5, Duration::from_millis(90_500)),
        ];
        for text in [
            "100,10s;0,0s;2.5,1m30.5s",
            " 100 , 10 s ;\n 0,0s; 2.5 ,1m 30500ms ; ",
        ] {
            assert_eq!(Stage::parse_all(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_can_not_be_read_is_told_by_its_place() {
        for (text, told) in [
            ("", "there is no stage"),
            (";", "there is no stage"),
            ("10,1s;;20,1s", "stage 2, ``, is not TARGET, TIME"),
            ("10", "stage 1, `10`, is not TARGET, TIME"),
            ("10,1s; 20", "stage 2, `20`"),
            (
                "-1,1s",
                "the target of stage 1, `-1`, is not a number from 0",
            ),
            ("1e300,1s", "the target of stage 1, `1e300`"),
            ("NaN,1s", "the target of stage 1, `NaN`"),
            ("10,1", "the time of stage 1, `1`, is not a time"),
            ("10,s", "the time of stage 1, `s`, is not a time"),
            ("10,", "the time of stage 1, ``, is not a time"),
            ("10,5d", "the time of stage 1, `5d`"),
            ("10,99999999999999999999h", "the time of stage 1"),
            ("10,-5s", "the time of stage 1"),
            ("10,1.2.3s", "the time of stage 1"),
        ] {
            let error = Stage::parse_all(text).unwrap_err().to_string();
            assert!(error.starts_with(told), "{text}: {error}");
        }
    }

    #[test]
    fn one_stage_is_read_alone_and_written_as_it_is_read() {
        let stage: Stage = "30, 5s".parse().unwrap();
        assert_eq!(stage.to_string().parse::<Stage>().unwrap(), stage);
    }
}
