//! A whole server and a database in this process, fed by octets on all their ports.
#![no_main]

use std::{cell::LazyCell, net::SocketAddr, sync::Arc, time::Duration};

use libfuzzer_sys::fuzz_target;
use tango_wire::{
    Client,
    database::{Database, RunningDatabase},
    server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant},
    types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value},
};
use tango_wire_fuzz::input::Input;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    runtime::{Builder, Runtime},
    time::timeout,
};

const DEVICE: &str = "low/sub/1";
/// A server that has not answered and hung up by then never will.
const SOON: Duration = Duration::from_secs(10);

/// Echoes its arguments and takes whatever is written.
struct Echo;

impl Servant for Echo {
    fn class(&self) -> String {
        "Echo".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        let types = [DataType::Void, DataType::String, DataType::Double];
        let arrays = [DataType::VarStringArray, DataType::VarLongStringArray];
        let types = types.into_iter().chain(arrays).chain([DataType::Encoded]);
        types
            .map(|of| CommandInfo::new(format!("Echo{of}"), of, of))
            .collect()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![
            AttributeConfig::new("power", DataType::Double).read_write(),
            AttributeConfig::new("names", DataType::String)
                .spectrum(10)
                .read_write(),
            AttributeConfig::new("beam", DataType::UShort)
                .image(10, 10)
                .read_write(),
            AttributeConfig::new("obsState", DataType::Enum)
                .with_enum_labels(["EMPTY", "IDLE"])
                .read_write(),
        ]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        _: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(std::future::ready(Ok(argument)))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let reading = match attribute {
            "power" => ReadingToServe::new(Value::Double(1.5)).with_set_point(Value::Double(1.0)),
            "names" => Value::Strings(vec!["a".into(), String::new()]).into(),
            "beam" => ReadingToServe::new(Value::UShorts(vec![1; 6])).with_columns(3),
            _ => Value::Short(1).into(),
        };
        Box::pin(std::future::ready(Ok(reading)))
    }

    fn write<'a>(&'a self, _: &'a str, _: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

struct World {
    runtime: Runtime,
    server: RunningServer,
    _database: RunningDatabase,
    ports: Vec<SocketAddr>,
}

impl World {
    fn start() -> World {
        let runtime = Builder::new_current_thread().enable_all().build();
        let runtime = runtime.expect("a runtime");
        let (server, database, ports) = runtime.block_on(async {
            let server = DeviceServer::new("sub/test").with_device(DEVICE, Arc::new(Echo));
            let server = server.start().await.expect("the server starts");
            let database = Database::new().start().await.expect("the database starts");
            let mut ports = vec![server.address(), database.address()];
            ports.extend(event_ports(&server).await);
            (server, database, ports)
        });
        World {
            runtime,
            server,
            _database: database,
            ports,
        }
    }

    async fn pour(&self, port: SocketAddr, octets: &[u8], size: usize) {
        let mut stream = TcpStream::connect(port).await.expect("it accepts");
        for piece in octets.chunks(size) {
            // it may hang up in the middle
            if stream.write_all(piece).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        let _ = stream.shutdown().await;
        let mut answers = Vec::new();
        let end = timeout(SOON, stream.read_to_end(&mut answers)).await;
        let _ = end.expect("it hangs up");
    }

    async fn is_alive(&self) {
        let url = self.server.device_url(DEVICE).expect("it is served");
        let device = Client::new().device(&url).await.expect("it is found");
        device.ping().await.expect("it answers");
    }
}

async fn event_ports(server: &RunningServer) -> Vec<SocketAddr> {
    let url = server
        .device_url("dserver/sub/test")
        .expect("every server has one");
    let admin = Client::new().device(&url).await.expect("it is found");
    let argument = Value::Strings(vec!["info".into()]);
    match admin.command("ZmqEventSubscriptionChange", argument).await {
        Ok(Value::LongStrings(_, words)) => words
            .iter()
            .filter_map(|word| word.rsplit("tcp://").next()?.parse().ok())
            .collect(),
        other => panic!("{other:?}"),
    }
}

thread_local! {
    static WORLD: LazyCell<World> = LazyCell::new(World::start);
}

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    WORLD.with(|world| {
        let port = world.ports[input.choice(world.ports.len())];
        let size = 1 + input.choice(256) * 8;
        world.runtime.block_on(async {
            world.pour(port, input.0, size).await;
            if octets.len() % 64 == 0 {
                world.is_alive().await;
            }
        });
    });
});
