//! Connecting a telescope of devices in memory.

use std::sync::Arc;

use harness_core::device::DeviceErrorKind;
use harness_core::{Device, DeviceError, InMemoryDevice, Tracer};
use harness_tango::control_model::ObsState;
use harness_tango::telescope::{ConnectError, Role, System, Telescope, TelescopeConfig};

fn config() -> TelescopeConfig {
    TelescopeConfig::new("a telescope in memory")
        .with_role(Role::CentralNode, "low-tmc/central-node/0")
        .with_role(Role::Dish, "mid-dish/dish-manager/{dish}")
        .with_subarray_template("low-tmc/subarray/{subarray:02}")
        .with_subarrays([1, 2])
        .with_dishes(["SKA001"])
}

fn connect(name: &str) -> Result<Arc<dyn Device>, DeviceError> {
    Ok(Arc::new(
        InMemoryDevice::new(name).with_attribute("obsState", ObsState::Empty),
    ))
}

#[tokio::test]
async fn all_devices_are_found_by_their_roles() {
    let telescope = Telescope::connect_with(config(), &connect, &Tracer::default())
        .await
        .unwrap();
    assert_eq!(telescope.devices().count(), 4);
    assert_eq!(telescope.subarrays().count(), 2);
    let second = telescope.subarray(2).unwrap();
    assert_eq!(&**second.traced().name(), "low-tmc/subarray/02");
    assert_eq!(second.obs_state().await.unwrap(), ObsState::Empty);
    assert!(
        second
            .inputs()
            .assign_resources()
            .contains(r#""subarray_id":2"#)
    );
    assert_eq!(
        &**telescope.device(Role::CentralNode).unwrap().name(),
        "low-tmc/central-node/0"
    );
    assert_eq!(
        &**telescope.dish("ska001").unwrap().name(),
        "mid-dish/dish-manager/ska001"
    );
    assert!(telescope.device_of_subarray(Role::Subarray, 1).is_some());
    assert!(telescope.device(Role::CspController).is_none());
    let error = telescope.subarray(3).unwrap_err();
    assert_eq!(
        error.to_string(),
        "a telescope in memory has no subarray 3; it has 1, 2"
    );
}

#[tokio::test]
async fn a_system_alone_plays_the_manager_and_is_given_its_own_part_of_the_inputs() {
    let name = "low-sdp/subarray/{subarray:02}";
    let config = TelescopeConfig::new("a data processor")
        .with_subarray_template(name)
        .with_role(Role::SdpSubarray, name);
    let telescope = Telescope::connect_with(config, &connect, &Tracer::default())
        .await
        .unwrap();
    for system in [System::Tmc, System::Sdp] {
        let subarray = telescope.subarray_of(system, 1).unwrap();
        let assign = subarray.inputs().assign_resources_document();
        assert_eq!(assign.values("execution_block.eb_id").len(), 1, "{assign}");
    }
}

#[tokio::test]
async fn all_absent_devices_are_named() {
    let half = |name: &str| match name {
        "low-tmc/central-node/0" | "low-tmc/subarray/02" => Err(DeviceError::new(
            DeviceErrorKind::Unreachable,
            name,
            "connect",
        )),
        other => connect(other),
    };
    let error = Telescope::connect_with(config(), &half, &Tracer::default())
        .await
        .unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("2 of the 4 devices of a telescope in memory can not be reached"));
    assert!(
        text.contains("low-tmc/central-node/0 (central_node)"),
        "{text}"
    );
    assert!(text.contains("low-tmc/subarray/02 (subarray)"), "{text}");
    assert!(matches!(error, ConnectError::Absent { absent, .. } if absent.len() == 2));
}

#[tokio::test(start_paused = true)]
async fn a_device_that_never_answers_is_absent_too() {
    struct Silent;
    impl harness_tango::telescope::Connector for Silent {
        fn connect<'a>(
            &'a self,
            _: &'a str,
        ) -> harness_core::BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
            Box::pin(std::future::pending())
        }
    }
    let error = Telescope::connect_with(config(), &Silent, &Tracer::default())
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("no answer within 10 s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_wrong_configuration_is_told_before_anything_is_connected() {
    let never = |_: &str| -> Result<Arc<dyn Device>, DeviceError> { panic!("connected") };
    let wrong = config().with_subarray_template("low-tmc/subarray/{number}");
    let error = Telescope::connect_with(wrong, &never, &Tracer::default())
        .await
        .unwrap_err();
    assert!(matches!(error, ConnectError::Config { .. }));
}

#[tokio::test]
async fn the_subarray_of_a_system_is_commanded_by_its_own_names() {
    let config = config()
        .with_role(Role::CspSubarray, "low-csp/subarray/{subarray:02}")
        .with_role(Role::CbfSubarray, "low-cbf/subarray/{subarray:02}");
    let connector = |name: &str| -> Result<Arc<dyn Device>, DeviceError> {
        let device = InMemoryDevice::new(name).with_attribute("obsState", ObsState::Empty);
        let command = if name.starts_with("low-cbf") {
            "AddReceptors"
        } else {
            "AssignResources"
        };
        Ok(Arc::new(device.with_command(command, |device, _| {
            device.set("obsState", ObsState::Idle);
            Ok(harness_core::Value::Void)
        })))
    };
    let telescope = Telescope::connect_with(config, &connector, &Tracer::default())
        .await
        .unwrap();
    let csp = telescope.subarray_of(System::Csp, 2).unwrap();
    assert_eq!(csp.label(), "CSP subarray 2");
    assert_eq!(&**csp.traced().name(), "low-csp/subarray/02");
    assert_eq!(csp.command_names().of("AssignResources"), "AssignResources");
    let cbf = telescope.subarray_of(System::Cbf, 1).unwrap();
    assert_eq!(cbf.command_names().of("AssignResources"), "AddReceptors");
    let own = telescope.subarray_of(System::Tmc, 1).unwrap();
    assert_eq!(own.label(), "subarray 1");
    assert_eq!(telescope.subarrays().count(), 2);

    let told = |system, number| {
        telescope
            .subarray_of(system, number)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        told(System::Csp, 3),
        "a telescope in memory has no CSP subarray 3; it has 1, 2"
    );
    assert_eq!(
        told(System::Sdp, 1),
        "a telescope in memory has no SDP subarray 1; none is connected; \
         set `sdp_subarray` under [roles]"
    );
    assert!(told(System::Pst, 1).contains("no subarrays at all"));
}

#[tokio::test]
async fn what_is_optional_may_be_absent_and_the_record_says_so() {
    let config = config()
        .with_devices("tiles", ["low-mccs/tile/1", "low-mccs/tile/2"])
        .with_devices("Alarm handler", ["alarm/handler/01"])
        .with_optional(["tiles", "central_node"]);
    let connector = |name: &str| match name {
        "low-tmc/central-node/0" | "low-mccs/tile/2" => Err(DeviceError::new(
            DeviceErrorKind::Unreachable,
            name,
            "connect",
        )),
        other => connect(other),
    };
    let tracer = Tracer::default();
    let mark = tracer.mark();
    let telescope = Telescope::connect_with(config, &connector, &tracer)
        .await
        .unwrap();
    assert_eq!(telescope.named("TILES").len(), 1);
    assert_eq!(telescope.named("alarm_handler").len(), 1);
    assert!(telescope.named("station").is_empty());
    assert!(telescope.device(Role::CentralNode).is_none());
    let absent = telescope.absent().iter();
    let absent: Vec<_> = absent.map(|absent| absent.device.name.as_str()).collect();
    assert_eq!(absent, ["low-tmc/central-node/0", "low-mccs/tile/2"]);
    let told = tracer.journal().since(&mark);
    assert!(
        format!("{told:?}").contains("goes without low-mccs/tile/2 (tiles)"),
        "{told:?}"
    );
}
