//! Makes a server and its devices known to a Tango database.

use std::{sync::Arc, time::Duration};

use tokio::{io::AsyncWriteExt, net::TcpStream, time::timeout};

use super::{
    admin::Endpoint,
    device::Device,
    error::{RegistrationError, ServerError},
    identity::Identity,
};
use crate::{
    any::{read_any, write_any},
    giop::{
        GiopError, Limits, MessageReader, ObjectReference, Reply, ReplyBody, RequestHead, Version,
        write_request,
    },
    types::{DevFailed, Value},
};

/// What the database device is called as a CORBA object.
pub(crate) const DATABASE_KEY: &str = "database";
/// The interface that our devices have.
pub(crate) const DEVICE_INTERFACE: &str = "IDL:Tango/Device_6:1.0";
const INTERFACE_VERSION: &str = "6";

const CONNECT_LIMIT: Duration = Duration::from_secs(3);
const CALL_LIMIT: Duration = Duration::from_secs(3);

/// A server's entries in a database.
#[derive(Clone, Debug)]
pub(super) struct Registration {
    pub(super) tango_host: String,
    pub(super) identity: Arc<Identity>,
}

impl Registration {
    /// Defines and exports the devices, the admin device among them.
    pub(super) async fn export(
        &self,
        devices: &[Arc<Device>],
        endpoint: &Endpoint,
    ) -> Result<(), ServerError> {
        let mut database = self.connect().await?;
        for device in devices {
            let definition = [self.identity.server.as_str(), device.name(), device.class()];
            self.call(&mut database, "DbAddDevice", strings(&definition))
                .await?;
            let key = device.name().to_lowercase();
            let reference =
                ObjectReference::new(DEVICE_INTERFACE, endpoint.host.as_str(), endpoint.port, key);
            let export = [
                device.name(),
                &reference.to_ior()?,
                &self.identity.host,
                &std::process::id().to_string(),
                INTERFACE_VERSION,
            ];
            self.call(&mut database, "DbExportDevice", strings(&export))
                .await?;
        }
        Ok(())
    }

    /// Says that none of the devices runs any more.
    pub(super) async fn unexport(&self) -> Result<(), ServerError> {
        let mut database = self.connect().await?;
        let server = Value::String(self.identity.server.clone());
        self.call(&mut database, "DbUnExportServer", server).await
    }

    async fn connect(&self) -> Result<DatabaseLink, ServerError> {
        DatabaseLink::connect(&self.tango_host)
            .await
            .map_err(|source| self.failed(source))
    }

    async fn call(
        &self,
        database: &mut DatabaseLink,
        command: &'static str,
        argument: Value,
    ) -> Result<(), ServerError> {
        match timeout(CALL_LIMIT, database.call(command, &argument)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(source)) => Err(self.failed(source)),
            Err(_) => Err(self.failed(RegistrationError::TimedOut { command })),
        }
    }

    fn failed(&self, source: RegistrationError) -> ServerError {
        ServerError::Database {
            tango_host: self.tango_host.clone(),
            source,
        }
    }
}

fn strings(items: &[&str]) -> Value {
    Value::Strings(items.iter().map(|&item| item.to_owned()).collect())
}

/// A connection to a database, one call after another. After a failed call it is of no use.
struct DatabaseLink {
    messages: MessageReader<TcpStream>,
    calls: u32,
}

impl DatabaseLink {
    async fn connect(tango_host: &str) -> Result<Self, RegistrationError> {
        let stream = match timeout(CONNECT_LIMIT, TcpStream::connect(tango_host)).await {
            Ok(stream) => stream?,
            Err(elapsed) => return Err(RegistrationError::Io(elapsed.into())),
        };
        stream.set_nodelay(true)?;
        Ok(Self {
            messages: MessageReader::new(stream, Limits::default()),
            calls: 0,
        })
    }

    async fn call(
        &mut self,
        command: &'static str,
        argument: &Value,
    ) -> Result<Value, RegistrationError> {
        let protocol = |source| RegistrationError::Protocol { command, source };
        self.calls += 1;
        let head = RequestHead::new(
            Version::V1_0,
            self.calls,
            DATABASE_KEY.as_bytes(),
            "command_inout",
        );
        let request = write_request(&head, |writer| {
            writer.string(command);
            write_any(writer, argument);
        });
        let request = request.map_err(|error| protocol(error.into()))?;
        self.messages.source_mut().write_all(&request).await?;
        let message = self.messages.next().await.map_err(protocol)?;
        let message = message.ok_or_else(|| protocol(GiopError::Truncated))?;
        match Reply::read(&message).map_err(protocol)?.body {
            ReplyBody::Result(mut result) => {
                read_any(&mut result).map_err(|error| protocol(error.into()))
            }
            ReplyBody::UserException { id, mut content } if id == DevFailed::ID => {
                let source =
                    DevFailed::read(&mut content).map_err(|error| protocol(error.into()))?;
                Err(RegistrationError::Refused { command, source })
            }
            ReplyBody::UserException { id, .. } => Err(RegistrationError::NotADatabase {
                command,
                reason: id,
            }),
            ReplyBody::SystemException(exception) => Err(RegistrationError::NotADatabase {
                command,
                reason: exception.to_string(),
            }),
            ReplyBody::LocationForward(elsewhere) => Err(RegistrationError::NotADatabase {
                command,
                reason: format!("it refers to {elsewhere}"),
            }),
        }
    }
}
