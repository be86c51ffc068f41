//! The walks of moto's models, as the tests of their services see them.

use harness_sim::transition::{Model, Transition};

use crate::bench::{Bench, SECOND, cluster};

fn query() -> Model {
    Model::new("athena::execution")
        .spontaneous("QUEUED", "RUNNING")
        .spontaneous("RUNNING", "SUCCEEDED")
        .on("results", "SUCCEEDED", "SUCCEEDED")
}

fn connection() -> Model {
    Model::new("dms::connection")
        .spontaneous("testing", "successful")
        .with_default(Transition::after_reads(1))
}

fn task() -> Model {
    Model::new("ecs::task")
        .spontaneous("RUNNING", "DEACTIVATING")
        .spontaneous("DEACTIVATING", "STOPPING")
        .spontaneous("STOPPING", "DEPROVISIONING")
        .spontaneous("DEPROVISIONING", "STOPPED")
}

fn experiment() -> Model {
    Model::new("fis::experiment")
        .spontaneous("pending", "initiating")
        .spontaneous("initiating", "running")
        .on("stop", "running", "stopping")
        .spontaneous("stopping", "stopped")
        .with_default(Transition::after_reads(1))
}

fn pipeline() -> Model {
    Model::new("osis::pipeline")
        .spontaneous("CREATING", "ACTIVE")
        .on("update", "ACTIVE", "UPDATING")
        .spontaneous("UPDATING", "ACTIVE")
        .on("stop", "ACTIVE", "STOPPING")
        .spontaneous("STOPPING", "STOPPED")
        .on("start", "STOPPED", "STARTING")
        .spontaneous("STARTING", "ACTIVE")
        .on("delete", "ACTIVE", "DELETING")
        .spontaneous("DELETING", "DELETED")
}

#[test]
fn a_job_that_waits_for_its_time_can_be_cancelled_before_it_starts() {
    let job = Model::new("batch::job")
        .spontaneous("SUBMITTED", "RUNNING")
        .spontaneous("RUNNING", "SUCCEEDED")
        .on("cancel", "SUBMITTED", "FAILED");
    let mut bench = Bench::set(job, Transition::after(10 * SECOND));
    bench.elapse(5 * SECOND);
    assert_eq!(bench.command("cancel"), "FAILED");
    bench.elapse(100 * SECOND);
    assert_eq!(bench.state(), "FAILED");
    assert_eq!(bench.entered(), ["FAILED"]);
}

#[test]
fn a_query_that_progresses_with_two_reads_is_queued_running_running_succeeded() {
    let bench = Bench::set(query(), Transition::after_reads(2));
    let results = || bench.chain.command("results", bench.now);
    assert_eq!(bench.read(), "QUEUED");
    let words = "results is not allowed in QUEUED; allowed in: SUCCEEDED";
    assert_eq!(results().unwrap_err().to_string(), words);
    assert_eq!(bench.reads(3), ["RUNNING", "RUNNING", "SUCCEEDED"]);
    assert_eq!(results().as_deref(), Ok("SUCCEEDED"));
}

#[test]
fn a_connection_that_progresses_with_three_reads_is_tested_twice() {
    let bench = Bench::set(connection(), Transition::after_reads(3));
    assert_eq!(bench.reads(3), ["testing", "testing", "successful"]);
}

#[test]
fn by_default_a_connection_is_tested_in_the_reply_and_successful_at_the_first_read() {
    let bench = Bench::new(connection(), None);
    assert_eq!(bench.state(), "testing");
    assert_eq!(bench.read(), "successful");
}

#[test]
fn an_instance_that_progresses_with_two_reads_is_creating_once() {
    let model = Model::new("dms::replicationinstance").spontaneous("creating", "available");
    let bench = Bench::set(model, Transition::after_reads(2));
    assert_eq!(bench.reads(2), ["creating", "available"]);
}

#[test]
fn by_default_a_cluster_is_available_with_the_fourth_read() {
    let bench = Bench::new(cluster(), None);
    let expected = ["creating", "creating", "creating", "available"];
    assert_eq!(bench.reads(4), expected);
}

#[test]
fn a_deleted_cluster_is_deleting_for_three_reads_however_often_it_was_read_before() {
    let bench = Bench::new(cluster(), None);
    bench.reads(10);
    assert_eq!(bench.command("delete"), "deleting");
    let expected = ["deleting", "deleting", "deleting", "deleted"];
    assert_eq!(bench.reads(4), expected);
}

#[test]
fn an_immediate_delete_does_not_fail_and_the_cluster_is_gone() {
    let bench = Bench::set(cluster(), Transition::immediate());
    assert_eq!(bench.state(), "available");
    assert_eq!(bench.command("delete"), "deleted");
    assert_eq!(bench.entered(), ["available", "deleting", "deleted"]);
    let error = bench.chain.command("delete", bench.now).unwrap_err();
    let words = "delete is not allowed in deleted; allowed in: available";
    assert_eq!(error.to_string(), words);
}

#[test]
fn a_restore_is_ongoing_for_one_read_or_finished_at_once() {
    let model = || {
        Model::new("s3::keyrestore")
            .spontaneous("NONE", "IN_PROGRESS")
            .spontaneous("IN_PROGRESS", "RESTORED")
    };
    let bench = Bench::set(model(), Transition::after_reads(1));
    assert_eq!(bench.reads(3), ["IN_PROGRESS", "RESTORED", "RESTORED"]);
    assert_eq!(Bench::new(model(), None).read(), "RESTORED");
}

#[test]
fn a_run_that_progresses_with_two_reads_is_starting_running_running_succeeded() {
    let model = Model::new("glue::job_run")
        .spontaneous("STARTING", "RUNNING")
        .spontaneous("RUNNING", "SUCCEEDED");
    let bench = Bench::set(model, Transition::after_reads(2));
    let expected = ["STARTING", "RUNNING", "RUNNING", "SUCCEEDED"];
    assert_eq!(bench.reads(4), expected);
}

#[tokio::test(start_paused = true)]
async fn a_task_stops_at_once_or_walks_through_its_states_in_order() {
    let bench = Bench::set(task(), Transition::immediate());
    bench.chain.reached("STOPPED").await.unwrap();
    let bench = Bench::set(task(), Transition::after_reads(1));
    assert_eq!(bench.state(), "RUNNING");
    let expected = ["DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED"];
    assert_eq!(bench.reads(4), expected);
}

#[test]
fn an_experiment_can_be_immediate_and_reads_after_a_stop_reach_stopped() {
    let bench = Bench::set(experiment(), Transition::immediate());
    assert_eq!(bench.read(), "running");
    let bench = Bench::new(experiment(), None);
    bench.reads(2);
    assert_eq!(bench.command("stop"), "stopping");
    assert_eq!(bench.read(), "stopped");
}

#[test]
fn a_pipeline_is_created_updated_stopped_started_and_deleted_with_one_or_two_reads_each() {
    for reads in [1, 2] {
        let bench = Bench::set(pipeline(), Transition::after_reads(reads));
        let settle = |expected: &str| {
            for _ in 1..reads {
                assert_eq!(bench.read(), bench.state());
                assert_ne!(bench.state(), expected);
            }
            assert_eq!(bench.read(), expected);
        };
        settle("ACTIVE");
        for (command, transient, stable) in [
            ("update", "UPDATING", "ACTIVE"),
            ("stop", "STOPPING", "STOPPED"),
            ("start", "STARTING", "ACTIVE"),
            ("delete", "DELETING", "DELETED"),
        ] {
            assert_eq!(bench.command(command), transient);
            settle(stable);
        }
    }
}
