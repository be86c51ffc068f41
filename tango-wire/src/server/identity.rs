//! Who a server is.

use super::error::ServerError;

/// A server's names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Identity {
    /// `program/instance`
    pub(super) server: String,
    /// The host it runs on.
    pub(super) host: String,
}

impl Identity {
    pub(super) fn new(server: &str, host: String) -> Result<Self, ServerError> {
        if has_fields(server, 2) {
            Ok(Self {
                server: server.to_owned(),
                host,
            })
        } else {
            Err(ServerError::ServerName(server.to_owned()))
        }
    }

    /// The name of the server's admin device.
    pub(super) fn admin_name(&self) -> String {
        format!("dserver/{}", self.server)
    }
}

/// Checks that a device's name has three fields.
pub(super) fn check_device_name(name: &str) -> Result<(), ServerError> {
    if has_fields(name, 3) {
        Ok(())
    } else {
        Err(ServerError::DeviceName(name.to_owned()))
    }
}

/// True for that many fields, none empty, of characters that addresses and topics can bear.
fn has_fields(name: &str, count: usize) -> bool {
    let good = |character: char| character.is_ascii_graphic() && !"#:*?%\"".contains(character);
    let fields = name.split('/');
    fields.clone().count() == count
        && fields
            .into_iter()
            .all(|field| !field.is_empty() && field.chars().all(good))
}

/// The name of the host this program runs on; "localhost" when there is no telling.
pub(super) async fn host_name() -> String {
    // reading a file blocks, if only for a moment
    let read = tokio::task::spawn_blocking(|| std::fs::read_to_string("/proc/sys/kernel/hostname"));
    let name = read.await.ok().and_then(Result::ok);
    let name = name
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "localhost".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_their_fields() {
        assert!(check_device_name("low-tmc/subarray/01").is_ok());
        for name in ["", "a/b", "a/b/c/d", "a//c", "a/b c/d", "a/b/c#d", "a/b/é"] {
            assert!(check_device_name(name).is_err(), "{name}");
        }
        let identity = Identity::new("harness-sim/1", "here".into()).expect("well formed");
        assert_eq!(identity.admin_name(), "dserver/harness-sim/1");
        assert!(Identity::new("harness-sim", "here".into()).is_err());
    }
}
