//! Servers, the hosts they run on, the classes they serve.

use super::proxy::DatabaseProxy;
use super::question::Question;
use super::reply::{self, BadReply, Items};
use crate::error::Error;

/// Where and when a server is to be started by Tango's Starter ("Astor").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ServerPlacement {
    /// The host; empty if nobody has said.
    pub host: String,
    /// True if the Starter looks after it.
    pub controlled: bool,
    /// Servers of a lower level are started before; 0 is not started at all.
    pub level: u32,
}

impl DatabaseProxy {
    /// The servers, as program/instance, that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn servers(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetServerList", pattern).await
    }

    /// The programs of the servers: the first parts of their names, those that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn programs(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetServerNameList", pattern).await
    }

    /// The instances of a program: the second parts of its servers' names.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn instances(&self, program: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetInstanceNameList", program).await
    }

    /// The hosts on which servers run, or ran, that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn hosts(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetHostList", pattern).await
    }

    /// The servers whose admin devices run, or ran, on the hosts that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn servers_on_host(&self, host: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetHostServerList", host).await
    }

    /// The classes that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn classes(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetClassList", pattern).await
    }

    /// The classes that a server (program/instance) serves, that of its admin device among them.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn classes_of_server(&self, server: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceServerClassList", server).await
    }

    /// The devices of a server (program/instance), each with its class.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn devices_and_classes(&self, server: &str) -> Result<Vec<(String, String)>, Error> {
        let question = Question::of("DbGetDeviceClassList", server);
        let read = |reply| {
            let mut items = reply::texts(reply)?.into_iter();
            let mut pairs = Vec::with_capacity(items.len() / 2);
            while let Some(device) = items.next() {
                let class = items.next();
                let class = class.ok_or_else(|| BadReply::new("a device without a class"))?;
                pairs.push((device, class));
            }
            Ok(pairs)
        };
        self.ask(&question, read).await
    }

    /// Defines a server (program/instance) with devices, each with its class.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn add_server(
        &self,
        server: &str,
        devices_and_classes: &[(&str, &str)],
    ) -> Result<(), Error> {
        let pairs = devices_and_classes.iter();
        let items = pairs.flat_map(|&(device, class)| [device, class]);
        self.change(Question::list("DbAddServer", server, items))
            .await
    }

    /// Forgets a server and its devices.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_server(&self, server: &str) -> Result<(), Error> {
        self.change(Question::of("DbDeleteServer", server)).await
    }

    /// Says that none of a server's devices is served any more.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn unexport_server(&self, server: &str) -> Result<(), Error> {
        self.change(Question::of("DbUnExportServer", server)).await
    }

    /// Where a server is to be started; nowhere if nobody has said.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn server_placement(&self, server: &str) -> Result<ServerPlacement, Error> {
        let question = Question::of("DbGetServerInfo", server);
        let read = |reply| {
            let mut items = Items::of(reply)?;
            items.text("the server")?;
            let host = items.text("the host")?.trim().to_owned();
            // blank, of a server that the database has no such record of
            let number = |text: String| text.trim().parse().unwrap_or(0_u32);
            Ok(ServerPlacement {
                host,
                controlled: number(items.text("the mode")?) != 0,
                level: number(items.text("the level")?),
            })
        };
        self.ask(&question, read).await
    }

    /// Says where a server is to be started.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn put_server_placement(
        &self,
        server: &str,
        placement: &ServerPlacement,
    ) -> Result<(), Error> {
        let others = [
            placement.host.clone(),
            u8::from(placement.controlled).to_string(),
            placement.level.to_string(),
        ];
        self.change(Question::list("DbPutServerInfo", server, others))
            .await
    }

    /// Says that a server is not to be started by anybody.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_server_placement(&self, server: &str) -> Result<(), Error> {
        self.change(Question::of("DbDeleteServerInfo", server))
            .await
    }
}
