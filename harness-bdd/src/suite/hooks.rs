//! What is done before and after each scenario. Cucumber knows one hook of each kind; these compose.

use std::{fmt, rc::Rc};

use futures_util::future::LocalBoxFuture;

use super::attempt::caught;
use crate::{BoxError, ErrorChain};

/// What a hook does with the World.
type Hook<W> = Rc<dyn for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>>>;

/// What a set-up does with the World, given the name of the scenario.
type SetUp<W> = Rc<dyn for<'a> Fn(&'a mut W, &'a str) -> LocalBoxFuture<'a, Result<(), BoxError>>>;

/// Set-ups in the order in which they were added, tear-downs in the opposite order.
pub(super) struct Hooks<W> {
    set_up: Vec<SetUp<W>>,
    /// What is looked at when every step has passed.
    finish: Vec<Hook<W>>,
    tear_down: Vec<Hook<W>>,
}

impl<W> Hooks<W> {
    pub(super) fn add_finish<F>(&mut self, hook: F)
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.finish.push(Rc::new(hook));
    }

    /// What no line has asked about and must not be overlooked all the same.
    pub(super) async fn finish(&self, world: &mut W) -> Result<(), String> {
        for hook in &self.finish {
            hook(world)
                .await
                .map_err(|error| ErrorChain(error.as_ref()).to_string())?;
        }
        Ok(())
    }

    pub(super) fn add_set_up<F>(&mut self, hook: F)
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.set_up.push(Rc::new(move |world, _| hook(world)));
    }

    pub(super) fn add_set_up_knowing_scenario<F>(&mut self, hook: F)
    where
        F: for<'a> Fn(&'a mut W, &'a str) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.set_up.push(Rc::new(hook));
    }

    pub(super) fn add_tear_down<F>(&mut self, hook: F)
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.tear_down.push(Rc::new(hook));
    }

    /// Stops at the first set-up that fails, as what follows may build on it.
    pub(super) async fn set_up(&self, world: &mut W, scenario: &str) -> Result<(), String> {
        for hook in &self.set_up {
            hook(world, scenario)
                .await
                .map_err(|error| ErrorChain(error.as_ref()).to_string())?;
        }
        Ok(())
    }

    /// Runs every tear-down, also after one that failed or panicked, and tells all that went wrong.
    pub(super) async fn tear_down(&self, world: &mut W) -> Result<(), String> {
        let mut failures = Vec::new();
        for hook in self.tear_down.iter().rev() {
            // A panic of one must not keep another from putting the telescope back.
            let done = caught(async {
                let done = hook(&mut *world).await;
                done.map_err(|error| ErrorChain(error.as_ref()).to_string())
            });
            failures.extend(done.await.err());
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(failures.join("\n"))
        }
    }
}

// By hand, as for all types here that are generic over the World: a derive would bound `W`.
impl<W> Default for Hooks<W> {
    fn default() -> Self {
        Self {
            set_up: Vec::new(),
            finish: Vec::new(),
            tear_down: Vec::new(),
        }
    }
}

impl<W> Clone for Hooks<W> {
    fn clone(&self) -> Self {
        Self {
            set_up: self.set_up.clone(),
            finish: self.finish.clone(),
            tear_down: self.tear_down.clone(),
        }
    }
}

impl<W> fmt::Debug for Hooks<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks")
            .field("set_up", &self.set_up.len())
            .field("tear_down", &self.tear_down.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noting(
        name: &'static str,
        fails: bool,
    ) -> impl for<'a> Fn(&'a mut Vec<&'static str>) -> LocalBoxFuture<'a, Result<(), BoxError>>
    {
        move |world| {
            Box::pin(async move {
                world.push(name);
                if fails {
                    Err(format!("{name} failed").into())
                } else {
                    Ok(())
                }
            })
        }
    }

    #[tokio::test]
    async fn hooks_nest() {
        let mut hooks = Hooks::default();
        hooks.add_set_up(noting("a", false));
        hooks.add_set_up(noting("b", false));
        hooks.add_tear_down(noting("a ends", false));
        hooks.add_tear_down(noting("b ends", false));
        let mut world = Vec::new();
        hooks.set_up(&mut world, "a scenario").await.unwrap();
        hooks.tear_down(&mut world).await.unwrap();
        assert_eq!(world, ["a", "b", "b ends", "a ends"]);
    }

    #[tokio::test]
    async fn a_failing_tear_down_does_not_keep_the_others_from_running() {
        let mut hooks = Hooks::default();
        hooks.add_tear_down(noting("a", true));
        hooks.add_tear_down(noting("b", true));
        let mut world = Vec::new();
        assert_eq!(
            hooks.tear_down(&mut world).await.unwrap_err(),
            "b failed\na failed"
        );
        assert_eq!(world, ["b", "a"]);
    }

    #[tokio::test]
    async fn a_panicking_tear_down_does_not_keep_the_others_from_running() {
        let mut hooks = Hooks::default();
        hooks.add_tear_down(noting("a", true));
        hooks.add_tear_down(|_| Box::pin(async { std::panic::resume_unwind(Box::new("a panic")) }));
        // One that panics before it gives a future.
        hooks.add_tear_down(|_| std::panic::resume_unwind(Box::new("at once")));
        let mut world = Vec::new();
        assert_eq!(
            hooks.tear_down(&mut world).await.unwrap_err(),
            "at once\na panic\na failed"
        );
        assert_eq!(world, ["a"]);
    }

    #[tokio::test]
    async fn nothing_is_set_up_on_what_failed() {
        let mut hooks = Hooks::default();
        hooks.add_set_up(noting("a", true));
        hooks.add_set_up(noting("b", false));
        let mut world = Vec::new();
        assert_eq!(
            hooks.set_up(&mut world, "a scenario").await.unwrap_err(),
            "a failed"
        );
        assert_eq!(world, ["a"]);
    }
}
