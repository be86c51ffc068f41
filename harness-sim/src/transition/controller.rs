//! Keeps what testers have set, and tells instances.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::watch;

use super::instance::Core;
use super::known::{check, check_setting, known_models, names_of};
use super::scope::normal;
use super::settings::{SettingId, Settings};
use super::{
    Changes, Effective, Hop, Instance, InstanceError, Model, ModelSummary, Scope, SetError,
    Setting, Transition, TransitionFault, TransitionGuard, UnknownGate,
};

/// Keeps how transitions go: what models have by default, and what testers have set, in
/// [layers](super::Layer). Clones are the same controller; there is no global one.
///
/// ```
/// use harness_sim::transition::{Layer, Model, Scope, Transition, TransitionController};
///
/// let controller = TransitionController::new();
/// controller.register(Model::new("dax::cluster").with_default(Transition::after_reads(4)));
/// let clusters = Scope::model("dax::cluster");
///
/// controller.set(&clusters, Transition::immediate())?;
/// {
///     let _never = controller.set_guarded(&clusters, Transition::never())?;
///     assert_eq!(controller.effective(&clusters)?.to_string(), "never (model), succeed (fallback)");
/// }
/// assert_eq!(controller.get(&clusters)?, Transition::immediate().into());
/// assert!(controller.unset(&clusters)?);
/// assert_eq!(controller.effective(&clusters)?.progression_layer, Layer::Default);
///
/// let error = controller.set(&Scope::model("dax::clutser"), Transition::never()).unwrap_err();
/// assert_eq!(error.to_string(), "there is no model dax::clutser; known: dax::cluster");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TransitionController {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    settings: Mutex<Settings>,
    /// Grows with every change that may concern an execution under way.
    generation: AtomicU64,
    /// Rings with every such change, whomever it concerns.
    bell: watch::Sender<u64>,
}

impl TransitionController {
    /// A controller without models. What is left to chance repeats from run to run.
    #[must_use]
    pub fn new() -> TransitionController {
        TransitionController::default()
    }

    /// Seeds what is left to chance in executions that begin from now on. The same seed, instance,
    /// command and number of the execution give the same draws, with this version of the harness.
    pub fn set_seed(&self, seed: u64) {
        self.with(|settings, _| settings.seed = seed);
    }

    /// Whether settings for models and instances that are not known, or not yet, are accepted, as
    /// moto does. Not at first.
    pub fn accept_unknown_names(&self, accept: bool) {
        self.with(|settings, _| settings.accepts_unknown_names = accept);
    }

    /// Registers a model, in place of one of the same name. What was set for it stays.
    pub fn register(&self, model: Model) {
        let scope = Scope::model(model.name()).normal();
        self.change(&scope, |settings| settings.register(model));
    }

    /// The registered models, in the order of their registration, and what is set for them.
    #[must_use]
    pub fn models(&self) -> Vec<ModelSummary> {
        self.with(|settings, _| {
            let models = settings.models_in_order().into_iter();
            models
                .map(|model| {
                    let scope = Scope::model(model.name()).normal();
                    let commands = model.commands().into_iter();
                    ModelSummary {
                        name: model.name().to_owned(),
                        edges: model.edges().to_vec(),
                        commands: commands.map(str::to_owned).collect(),
                        default: model.default_setting(),
                        overridden: settings.at(&scope),
                        effective: settings.effective(names_of(settings, &scope)),
                        instances: settings.concerned(&scope).len(),
                    }
                })
                .collect()
        })
    }

    /// A registered model.
    #[must_use]
    pub fn model(&self, name: &str) -> Option<Arc<Model>> {
        self.with(|settings, _| {
            let registered = settings.models.get(&normal(name))?;
            Some(Arc::clone(&registered.model))
        })
    }

    /// Makes an instance, or another handle to the one of that name that lives.
    ///
    /// # Errors
    ///
    /// [`InstanceError`] if the model is unknown, or an instance of that name is of another one.
    pub fn instance(&self, name: &str, model: &str) -> Result<Instance, InstanceError> {
        let core = self.with(|settings, _| {
            let key = normal(name);
            if let Some(live) = settings.live.get_mut(&key) {
                if live.core.model != normal(model) {
                    return Err(InstanceError::OtherModel {
                        name: name.to_owned(),
                        model: live.core.model.clone(),
                    });
                }
                live.handles += 1;
                return Ok(Arc::clone(&live.core));
            }
            let known = settings.models.contains_key(&normal(model));
            if !known && !settings.accepts_unknown_names {
                return Err(InstanceError::UnknownModel {
                    name: model.to_owned(),
                    known: known_models(settings),
                });
            }
            let core = Arc::new(Core::new(name, model));
            settings.add_live(key, Arc::clone(&core));
            Ok(core)
        })?;
        Ok(Instance::new(self.clone(), core))
    }

    /// The names of the instances that live, each with that of its model, sorted.
    #[must_use]
    pub fn instances(&self) -> Vec<(String, String)> {
        let mut names: Vec<_> = self.with(|settings, _| {
            let cores = settings.live.values().map(|live| &live.core);
            cores
                .map(|core| {
                    let registered = settings.models.get(&core.model);
                    let model = registered.map_or(core.model.as_str(), |known| known.model.name());
                    (core.name.clone(), model.to_owned())
                })
                .collect()
        });
        names.sort_unstable();
        names
    }

    /// What happened to an instance, the last thousand changes, oldest first; `None` if there is
    /// no such instance.
    #[must_use]
    pub fn history(&self, instance: &str) -> Option<Vec<Hop>> {
        self.with(|settings, _| {
            let live = settings.live.get(&normal(instance))?;
            Some(live.core.history.all())
        })
    }

    /// Sets how transitions go in a scope, until it is replaced or unset.
    ///
    /// A transition that holds always replaces what was set for the scope, as a whole. One that
    /// holds for some uses, and a sequence, lie on top of it, and when they are used up, what was
    /// set before counts again.
    /// Executions under way go by it from their next look on; see [`Execution`](super::Execution).
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown or the setting is empty; nothing has changed.
    pub fn set(&self, scope: &Scope, setting: impl Into<Setting>) -> Result<(), SetError> {
        self.put(scope, setting.into(), false).map(|_| ())
    }

    /// Sets how transitions go in a scope for as long as the guard lives. Nothing is replaced: what
    /// was set before counts again after it.
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown or the setting is empty; nothing has changed.
    pub fn set_guarded(
        &self,
        scope: &Scope,
        setting: impl Into<Setting>,
    ) -> Result<TransitionGuard, SetError> {
        let id = self.put(scope, setting.into(), true)?;
        Ok(TransitionGuard::new(self.clone(), scope.normal(), id))
    }

    /// A setting as a fault that a scenario, an exploration or a load can start and stop.
    #[must_use]
    pub fn fault(&self, scope: Scope, setting: impl Into<Setting>) -> TransitionFault {
        TransitionFault::new(self.clone(), scope, setting.into())
    }

    fn put(&self, scope: &Scope, setting: Setting, guarded: bool) -> Result<SettingId, SetError> {
        self.change(&scope.normal(), |settings| {
            check(settings, scope)?;
            check_setting(settings, scope, &setting)?;
            Ok(settings.put(&scope.normal(), setting, guarded))
        })
    }

    /// Takes back what was set for exactly this scope, by guards, too. Returns whether anything
    /// was.
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown.
    pub fn unset(&self, scope: &Scope) -> Result<bool, SetError> {
        let normal = scope.normal();
        self.change(&normal, |settings| {
            check(settings, scope)?;
            Ok(settings.clear(&normal))
        })
    }

    /// Takes back everything that was set, by guards, too, and forgets what instances have used
    /// and drawn: the same commands draw the same again. Histories stay.
    pub fn reset(&self) {
        self.change(&Scope::everything(), |settings| {
            settings.clear_all();
            settings.clear_counts();
        });
    }

    /// Forgets what happened to all instances.
    pub fn clear_histories(&self) {
        self.with(|settings, _| {
            for live in settings.live.values() {
                live.core.history.clear();
            }
        });
    }

    /// What is set for exactly this scope; else, for a model, what it has by default; else that
    /// transitions end at once.
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown.
    pub fn get(&self, scope: &Scope) -> Result<Setting, SetError> {
        self.with(|settings, _| {
            check(settings, scope)?;
            let normal = scope.normal();
            let default = || {
                let model = normal.model_name()?;
                Some(settings.models.get(model)?.model.default_setting())
            };
            let set = settings.at(&normal).or_else(default);
            Ok(set.unwrap_or_else(|| Transition::immediate().into()))
        })
    }

    /// What is set for exactly this scope, if anything is.
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown.
    pub fn overridden(&self, scope: &Scope) -> Result<Option<Setting>, SetError> {
        self.with(|settings, _| {
            check(settings, scope)?;
            Ok(settings.at(&scope.normal()))
        })
    }

    /// All that is set, for whom, sorted; not what models have by default, and of each scope what
    /// counts. Names are in lower case.
    #[must_use]
    pub fn all_overridden(&self) -> Vec<(Scope, Setting)> {
        self.with(|settings, _| settings.all())
    }

    /// What the next execution in this scope would meet, and which layers say so. Of a model or
    /// everything: as far as nothing narrower is set.
    ///
    /// # Errors
    ///
    /// [`SetError`] if a name is unknown.
    pub fn effective(&self, scope: &Scope) -> Result<Effective, SetError> {
        self.with(|settings, _| {
            check(settings, scope)?;
            let normal = scope.normal();
            Ok(settings.effective(names_of(settings, &normal)))
        })
    }

    /// Releases what is held at a gate, or, where the gate has no name, of an instance or of all
    /// instances of a model, by its name.
    ///
    /// # Errors
    ///
    /// [`UnknownGate`] if nothing can be held there: no setting names the gate, and no model and
    /// no instance has that name.
    pub fn release(&self, gate: &str) -> Result<(), UnknownGate> {
        self.change(&Scope::everything(), |settings| {
            if !settings.knows_gate(gate) {
                return Err(UnknownGate {
                    name: gate.to_owned(),
                });
            }
            settings.release(gate);
            Ok(())
        })
    }

    /// Notices what testers do from now on, whomever it may concern: one task that looks after many
    /// instances wakes up by it.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::of(&self.shared.bell)
    }

    pub(super) fn take_back(&self, scope: &Scope, id: SettingId) {
        self.change(scope, |settings| settings.remove(scope, id));
    }

    pub(super) fn keep(&self, scope: &Scope, id: SettingId) {
        self.with(|settings, _| settings.unguard(scope, id));
    }

    pub(super) fn forget_handle(&self, core: &Arc<Core>) {
        self.with(|settings, _| {
            if let Some(live) = settings.live.get_mut(&core.key) {
                live.handles = live.handles.saturating_sub(1);
                if live.handles == 0 {
                    settings.live.remove(&core.key);
                }
            }
        });
    }

    pub(super) fn generation(&self) -> u64 {
        self.shared.generation.load(Ordering::Acquire)
    }

    /// Does something with the settings, and the generation that they are of.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut Settings, u64) -> T) -> T {
        // a panic elsewhere has left the settings as they were between two changes
        let settings = self.shared.settings.lock();
        let mut settings = settings.unwrap_or_else(PoisonError::into_inner);
        act(&mut settings, self.generation())
    }

    /// Changes something that concerns executions under way in a scope, whose names are normal.
    fn change<T>(&self, scope: &Scope, act: impl FnOnce(&mut Settings) -> T) -> T {
        let (done, concerned) = self.with(|settings, _| {
            let done = act(settings);
            self.shared.generation.fetch_add(1, Ordering::Release);
            (done, settings.concerned(scope))
        });
        self.shared.bell.send_modify(|rung| *rung += 1);
        for core in concerned {
            core.ring();
        }
        done
    }
}
