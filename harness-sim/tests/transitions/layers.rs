//! Which setting counts.

use harness_sim::transition::{
    Layer, Model, Outcome, Scope, SetError, Setting, Transition, TransitionController,
};
use tokio::time::Instant;

use crate::bench::{SECOND, cluster};

fn subarrays() -> TransitionController {
    let controller = TransitionController::new();
    for model in ["csp::subarray", "sdp::subarray"] {
        let model = Model::new(model)
            .with_commands(["Configure", "Scan"])
            .with_default(Transition::after_reads(7))
            .with_command_default("Scan", Transition::after_reads(8));
        controller.register(model);
    }
    controller
}

#[test]
fn the_default_is_returned_until_something_is_set() {
    let controller = TransitionController::new();
    controller.register(cluster());
    let clusters = Scope::model("dax::cluster");
    let get = || controller.get(&clusters).unwrap();
    assert_eq!(get(), Transition::after_reads(4).into());
    let setting = Setting::from(5 * SECOND);
    controller.set(&clusters, setting.clone()).unwrap();
    assert_eq!(get(), setting);
    assert_eq!(controller.overridden(&clusters), Ok(Some(setting)));
    assert_eq!(controller.unset(&clusters), Ok(true));
    assert_eq!(get(), Transition::after_reads(4).into());
    assert_eq!(controller.overridden(&clusters), Ok(None));
}

#[test]
fn models_are_listed_with_edges_default_override_effect_and_live_instances() {
    let controller = TransitionController::new();
    assert_eq!(controller.models(), []);
    controller.register(cluster());
    controller.register(Model::new("csp::subarray"));
    let clusters = Scope::model("DAX::Cluster");
    controller.set(&clusters, Transition::never()).unwrap();
    let _one = controller.instance("one", "dax::cluster").unwrap();
    let [cluster, subarray] = &controller.models()[..] else {
        panic!("two models");
    };
    assert_eq!(cluster.name, "dax::cluster");
    let edges: Vec<_> = cluster
        .edges
        .iter()
        .map(|edge| (&*edge.from, &*edge.to, edge.command.as_deref()))
        .collect();
    assert_eq!(edges[0], ("creating", "available", None));
    assert_eq!(edges[1], ("available", "deleting", Some("delete")));
    assert_eq!(cluster.default, Transition::after_reads(4).into());
    assert_eq!(cluster.overridden, Some(Transition::never().into()));
    assert_eq!(cluster.effective.progression_layer, Layer::Model);
    assert_eq!(cluster.instances, 1);
    assert_eq!(subarray.default, Transition::immediate().into());
    assert_eq!((&subarray.overridden, subarray.instances), (&None, 0));
}

#[test]
fn unknown_names_are_refused_and_nothing_changes() {
    let controller = subarrays();
    let _one = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let sticks = |state: &str| Outcome::Stuck {
        state: Some(state.into()),
    };
    controller.register(cluster());
    for (scope, setting, words) in [
        (
            Scope::model("csp::subaray"),
            Transition::never(),
            "there is no model csp::subaray; known: csp::subarray, sdp::subarray, dax::cluster",
        ),
        (
            Scope::instance("mid-csp/2"),
            Transition::never(),
            "there is no instance mid-csp/2; known: mid-csp/1",
        ),
        (
            Scope::instance("mid-csp/1").command("Confgure"),
            Transition::never(),
            "csp::subarray has no command or state Confgure; known: Configure, Scan",
        ),
        (
            Scope::model("dax::cluster"),
            Transition::new().with_outcome(sticks("creeating")),
            "dax::cluster has no state creeating to get stuck in; known: creating, available, \
             deleting, deleted",
        ),
    ] {
        let error = controller.set(&scope, setting).unwrap_err();
        assert_eq!(error.to_string(), words);
        assert!(
            controller.overridden(&scope).is_ok_and(|set| set.is_none())
                || controller.get(&scope).is_err()
        );
    }
    let empty = controller.set(&Scope::everything(), Setting::sequence([]));
    assert_eq!(empty, Err(SetError::EmptySequence));
}

#[test]
fn as_moto_unknown_names_are_accepted_and_immediate() {
    let controller = TransitionController::new();
    controller.accept_unknown_names(true);
    let unknown = Scope::model("no::such");
    assert_eq!(controller.get(&unknown), Ok(Transition::immediate().into()));
    assert_eq!(controller.unset(&unknown), Ok(false));
    controller
        .set(&unknown, Transition::after_reads(2))
        .unwrap();
    assert_eq!(
        controller.get(&unknown),
        Ok(Transition::after_reads(2).into())
    );
    assert_eq!(controller.models(), []);
    let device = controller.instance("d", "no::such").unwrap();
    let now = Instant::now();
    let mut execution = device.begin("Anything", now).unwrap();
    assert!(execution.read(now).is_none());
    assert!(execution.read(now).is_some());
}

#[test]
fn the_narrowest_layer_counts_and_unset_falls_back_layer_by_layer() {
    let controller = subarrays();
    let device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let other = controller.instance("mid-sdp/1", "sdp::subarray").unwrap();
    let one = || Scope::instance("MID-CSP/1");
    let model = || Scope::model("csp::subarray");
    let everything = Scope::everything;
    let layers = [
        (one().command("configure"), Layer::InstanceCommand),
        (one(), Layer::Instance),
        (model().command("Configure"), Layer::ModelCommand),
        (model(), Layer::Model),
        (everything().command("Configure"), Layer::EverythingCommand),
        (everything(), Layer::Everything),
    ];
    for (reads, (scope, _)) in (1..).zip(&layers) {
        controller
            .set(scope, Transition::after_reads(reads))
            .unwrap();
    }
    let asked = one().command("Configure");
    for (reads, (scope, layer)) in (1..).zip(&layers) {
        let effective = controller.effective(&asked).unwrap();
        assert_eq!(effective.progression_layer, *layer);
        assert_eq!(effective.outcome_layer, Layer::Fallback);
        let execution = device.begin("Configure", Instant::now()).unwrap();
        assert_eq!(execution.progression_layer(), *layer);
        let expected = Transition::after_reads(reads);
        assert_eq!(Some(execution.progression()), expected.progression());
        assert_eq!(controller.unset(scope), Ok(true));
    }
    let default = controller.effective(&asked).unwrap();
    assert_eq!(default.progression_layer, Layer::Default);
    assert_eq!(
        default.to_string(),
        "after 7 reads (model default), succeed (fallback)"
    );
    let scan = controller.effective(&Scope::instance("mid-sdp/1").command("Scan"));
    assert_eq!(scan.unwrap().progression_layer, Layer::DefaultOfCommand);
    drop(other);
}

#[test]
fn when_and_how_are_each_said_by_the_narrowest_that_says_it() {
    let controller = subarrays();
    let device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let one = Scope::instance("mid-csp/1");
    controller.set(&one, 5 * SECOND).unwrap();
    let model = Scope::model("csp::subarray");
    controller
        .set(&model, Transition::immediate().failing("no beam").next(1))
        .unwrap();
    let now = Instant::now();
    let mut execution = device.begin("Configure", now).unwrap();
    let ending = execution.ending(now + 5 * SECOND).unwrap();
    assert_eq!(ending.at, now + 5 * SECOND);
    assert_eq!(ending.outcome, Outcome::fail("no beam"));
    assert_eq!(execution.outcome_layer(), Layer::Model);
    let next = device.begin("Configure", now).unwrap();
    assert_eq!(next.outcome(), &Outcome::Succeed);
}

#[test]
fn a_guard_takes_its_setting_back_and_what_was_before_counts_again() {
    let controller = subarrays();
    let model = Scope::model("csp::subarray");
    let reads = || match controller.get(&model).unwrap().to_json()["times"].as_u64() {
        Some(reads) => reads,
        None => panic!("not manual"),
    };
    controller.set(&model, Transition::after_reads(1)).unwrap();
    let outer = controller
        .set_guarded(&model, Transition::after_reads(2))
        .unwrap();
    let inner = controller
        .set_guarded(&model, Transition::after_reads(3))
        .unwrap();
    assert_eq!(reads(), 3);
    drop(outer);
    assert_eq!(reads(), 3);
    drop(inner);
    assert_eq!(reads(), 1);
    controller
        .set_guarded(&model, Transition::after_reads(4))
        .unwrap()
        .forget();
    assert_eq!(reads(), 4);
    controller.set(&model, Transition::after_reads(5)).unwrap();
    controller.unset(&model).unwrap();
    assert_eq!(reads(), 7);
}

#[test]
fn only_a_reset_takes_everything_back() {
    let controller = subarrays();
    let everything = Scope::everything();
    controller.set(&everything, Transition::never()).unwrap();
    let device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    controller
        .set(&Scope::instance("mid-csp/1"), Transition::never())
        .unwrap();
    drop(device);
    // the device is gone, what was set stays, and holds for the next of that name
    let _device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let effective = || controller.effective(&Scope::instance("mid-csp/1")).unwrap();
    assert_eq!(effective().progression_layer, Layer::Instance);
    controller.reset();
    assert_eq!(effective().progression_layer, Layer::Default);
}

#[test]
fn all_that_is_set_is_listed_and_what_is_used_up_is_not() {
    let controller = subarrays();
    let device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let one = Scope::instance("mid-csp/1").command("configure");
    let set = |scope: &Scope, setting: Setting| controller.set(scope, setting).unwrap();
    set(&Scope::everything(), Transition::never().into());
    set(&one, Transition::never().next(2));
    let listed = [
        (one.clone(), Transition::never().next(1)),
        (Scope::everything(), Transition::never().into()),
    ];
    let _ = device.begin("Configure", Instant::now());
    assert_eq!(controller.all_overridden(), listed);
    let _ = device.begin("Configure", Instant::now());
    assert_eq!(controller.all_overridden(), listed[1..]);
    controller.reset();
    assert_eq!(controller.all_overridden(), []);
}

#[test]
fn a_sequence_lies_on_top_of_what_holds_always_and_replaces_its_like() {
    let controller = subarrays();
    let device = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let model = Scope::model("csp::subarray");
    let sequence = |reads| {
        let transition = Transition::after_reads(reads);
        Setting::sequence([transition]).then(harness_sim::transition::Then::FallBack)
    };
    controller
        .set(&model, Transition::after_reads(100))
        .unwrap();
    controller.set(&model, sequence(1)).unwrap();
    controller.set(&model, sequence(2)).unwrap();
    let begin = || {
        let execution = device.begin("Configure", Instant::now()).unwrap();
        execution.progression().to_string()
    };
    assert_eq!([begin(), begin()], ["after 2 reads", "after 100 reads"]);
    controller.set(&model, sequence(3)).unwrap();
    controller
        .set(&model, Transition::after_reads(101))
        .unwrap();
    assert_eq!(begin(), "after 101 reads");
}

#[test]
fn an_instance_lives_as_long_as_a_handle_to_it() {
    let controller = subarrays();
    let first = controller.instance("mid-csp/1", "csp::subarray").unwrap();
    let second = controller.instance("MID-CSP/1", "csp::subarray").unwrap();
    let error = controller
        .instance("mid-csp/1", "sdp::subarray")
        .unwrap_err();
    assert!(
        error.to_string().contains("is a csp::subarray already"),
        "{error}"
    );
    let error = controller.instance("x", "tmc::subarray").unwrap_err();
    assert!(error.to_string().contains("register it first"), "{error}");
    drop(first);
    let listed = [("mid-csp/1".to_owned(), "csp::subarray".to_owned())];
    assert_eq!(controller.instances(), listed);
    drop(second);
    assert_eq!(controller.instances(), []);
}
