//! A lamp with states, switched by actions as a test tells.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use crate::action::{Action, ActionError};
use crate::device::{BoxFuture, InMemoryDevice};
use crate::failure::Failure;
use crate::state_machine::{AttributeObserver, StateMachine, Transition};
use crate::timeout::Timeout;
use crate::tracer::{TracedDevice, Tracer};

type Closure = dyn FnMut() -> Result<(), String> + Send;

/// Does something to the lamp, and fails if told to.
pub(super) struct Doing {
    pub(super) tracer: Tracer,
    pub(super) closure: Box<Closure>,
}

impl Action for Doing {
    fn name(&self) -> String {
        "doing".to_owned()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn procedure<'a>(&'a mut self, _: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        let done = (self.closure)();
        Box::pin(std::future::ready(done.map_err(|words| {
            ActionError::procedure("doing", Failure::new(words))
        })))
    }
}

/// A lamp with states, and a record of which steps were done.
#[derive(Clone)]
pub(super) struct Lamp {
    pub(super) device: InMemoryDevice,
    pub(super) traced: TracedDevice,
    pub(super) done: Arc<Mutex<Vec<&'static str>>>,
}

impl Lamp {
    pub(super) fn new(state: &str) -> Lamp {
        let device = InMemoryDevice::new("lab/lamp/1").with_attribute("state", state);
        let traced = Tracer::default().device(Arc::new(device.clone()));
        Lamp {
            device,
            traced,
            done: Arc::default(),
        }
    }

    pub(super) fn machine(&self) -> StateMachine<String> {
        let observer = AttributeObserver::converting(&self.traced, "state", |value| {
            value
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| "not a text".into())
        });
        StateMachine::new(self.traced.tracer(), observer).named("the lamp")
    }

    /// A transition whose action leads the lamp through these states, one after another.
    pub(super) fn step(
        &self,
        name: &'static str,
        from: &'static str,
        to: &'static str,
        through: &'static [&'static str],
    ) -> Transition<String> {
        let lamp = self.clone();
        Transition::to(to.to_owned())
            .named(name)
            .from([from.to_owned()])
            .action(move || {
                let lamp = lamp.clone();
                Doing {
                    tracer: lamp.traced.tracer().clone(),
                    closure: Box::new(move || {
                        lamp.done.lock().unwrap().push(name);
                        for state in through {
                            lamp.device.set("state", *state);
                        }
                        Ok(())
                    }),
                }
            })
    }

    pub(super) fn failing(
        &self,
        name: &'static str,
        from: &str,
        to: &str,
        times: u32,
    ) -> Transition<String> {
        let (lamp, left) = (self.clone(), Arc::new(AtomicU32::new(times)));
        let target = to.to_owned();
        Transition::to(to.to_owned())
            .named(name)
            .from([from.to_owned()])
            .action(move || {
                let (lamp, left, target) = (lamp.clone(), Arc::clone(&left), target.clone());
                Doing {
                    tracer: lamp.traced.tracer().clone(),
                    closure: Box::new(move || {
                        lamp.done.lock().unwrap().push(name);
                        let fails = left
                            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1))
                            .is_ok();
                        if fails {
                            return Err("the bulb is loose".to_owned());
                        }
                        lamp.device.set("state", target.as_str());
                        Ok(())
                    }),
                }
            })
    }

    pub(super) fn done(&self) -> Vec<&'static str> {
        self.done.lock().unwrap().clone()
    }

    pub(super) fn set_after_read(&self, state: &str) {
        self.device.set("state", state);
    }
}
