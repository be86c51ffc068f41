//! The choices of a program, drawn from hegeltest.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use hegel::TestCase;
use hegel::generators::integers;
use serde_json::Value;

use crate::strategy::Strategy;

/// Draws choices from the engine's test case.
///
/// The engine ends a test case that it wants no more of by unwinding. That is caught here, so that
/// the program is still torn down, and raised again afterwards.
pub(super) struct Choices<'c> {
    case: &'c TestCase,
    ended: Option<Box<dyn Any + Send>>,
}

/// The engine wants no more of this test case.
#[derive(Debug)]
pub(super) struct Ended;

impl<'c> Choices<'c> {
    pub(super) fn of(case: &'c TestCase) -> Choices<'c> {
        Choices { case, ended: None }
    }

    /// A number below this one, which must not be 0.
    pub(super) fn below(&mut self, count: u64) -> Result<u64, Ended> {
        if count <= 1 {
            return Ok(0);
        }
        let case = self.case;
        self.draw(|| case.draw_silent(integers::<u64>().min_value(0).max_value(count - 1)))
    }

    pub(super) fn value(&mut self, strategy: &Strategy) -> Result<Value, Ended> {
        let case = self.case;
        self.draw(|| strategy.draw(case))
    }

    /// What the engine ended the test case with, to be raised again.
    pub(super) fn into_ended(self) -> Option<Box<dyn Any + Send>> {
        self.ended
    }

    fn draw<T>(&mut self, draw: impl FnOnce() -> T) -> Result<T, Ended> {
        if self.ended.is_some() {
            return Err(Ended);
        }
        catch_unwind(AssertUnwindSafe(draw)).map_err(|payload| {
            self.ended = Some(payload);
            Ended
        })
    }
}
