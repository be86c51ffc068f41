//! Who makes a call, and from where.

use std::net::SocketAddr;

use crate::{
    cdr::{CdrError, Reader},
    types::{ClientIdentity, Source},
};

/// The most octets kept of the name of a Java client's class: it outlives the call, in black boxes
/// and locks.
const CLASS_LIMIT: usize = 256;

/// What is known of whoever makes one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Caller {
    /// The other end of the connection.
    pub(super) address: SocketAddr,
    /// The program, as it says itself. `None` in calls from before IDL 4, which do not say it.
    pub(super) program: Option<Program>,
    /// Where it wants its answer from, where it can say that.
    pub(super) source: Option<Source>,
}

/// A client program on its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Program {
    /// One in C++ or Python, by its process.
    Process(u32),
    /// One in Java.
    Java { class: String, id: [u64; 2] },
}

impl Caller {
    /// Somebody there; what it says of itself is still to be read.
    pub(super) fn at(address: SocketAddr) -> Self {
        Self {
            address,
            program: None,
            source: None,
        }
    }

    /// Reads which program it is.
    pub(super) fn read_program(&mut self, body: &mut Reader<'_>) -> Result<(), CdrError> {
        self.program = Some(match ClientIdentity::read(body)? {
            ClientIdentity::Cpp { process } | ClientIdentity::Cpp6 { process, .. } => {
                Program::Process(process)
            }
            ClientIdentity::Java { class, id } | ClientIdentity::Java6 { class, id, .. } => {
                let class = beginning(class);
                Program::Java { class, id }
            }
        });
        Ok(())
    }

    /// Reads where it wants its answer from.
    pub(super) fn read_source(&mut self, body: &mut Reader<'_>) -> Result<(), CdrError> {
        self.source = Some(Source::read(body)?);
        Ok(())
    }

    /// True if both calls come from the same client, which is never known of those that do not say
    /// who they are.
    ///
    /// As in cppTango, a process is another client on each of its connections, while a Java
    /// program is the same on all of them (measured with PyTango 10.3.1).
    pub(super) fn is_same_client(&self, other: &Self) -> bool {
        match (&self.program, &other.program) {
            (Some(Program::Process(own)), Some(Program::Process(others))) => {
                own == others && self.address == other.address
            }
            (Some(Program::Java { id: own, .. }), Some(Program::Java { id: others, .. })) => {
                own == others
            }
            _ => false,
        }
    }

    /// Its host in words: "localhost", or the address. Names of other hosts are not looked up.
    pub(super) fn host(&self) -> String {
        let address = self.address.ip().to_canonical();
        if address.is_loopback() {
            "localhost".to_owned()
        } else {
            address.to_string()
        }
    }
}

/// No more of a class's name than is kept.
fn beginning(mut class: String) -> String {
    let mut end = class.len().min(CLASS_LIMIT);
    while !class.is_char_boundary(end) {
        end -= 1;
    }
    class.truncate(end);
    class.shrink_to_fit();
    class
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cdr::{ByteOrder, Writer};

    fn read(address: &str, identity: &ClientIdentity) -> Caller {
        let mut writer = Writer::new(ByteOrder::Little);
        Source::Cache.write(&mut writer);
        identity.write(&mut writer);
        let octets = writer.finish().expect("sendable");
        let mut body = Reader::new(&octets, ByteOrder::Little);
        let mut caller = Caller::at(address.parse().expect("an address"));
        caller.read_source(&mut body).expect("a source");
        caller.read_program(&mut body).expect("a program");
        caller
    }

    #[test]
    fn clients_are_told_apart() {
        let cpp = |process| ClientIdentity::Cpp { process };
        let java = |id| ClientIdentity::Java {
            class: "Main".into(),
            id,
        };
        let one = read("127.0.0.1:1000", &cpp(7));
        assert_eq!(one.source, Some(Source::Cache));
        let trace = Default::default();
        let newer = ClientIdentity::Cpp6 { process: 7, trace };
        assert!(one.is_same_client(&read("127.0.0.1:1000", &newer)));
        assert!(!one.is_same_client(&read("127.0.0.1:2000", &newer)));
        assert!(!one.is_same_client(&read("127.0.0.1:1000", &cpp(8))));
        assert!(!one.is_same_client(&read("10.0.0.1:1000", &cpp(7))));
        assert!(!one.is_same_client(&read("127.0.0.1:1000", &java([7, 7]))));
        let coffee = read("10.0.0.1:1", &java([1, 2]));
        assert!(coffee.is_same_client(&read("10.0.0.2:1", &java([1, 2]))));
        assert!(!coffee.is_same_client(&read("10.0.0.1:1", &java([2, 1]))));
        let nobody = Caller::at(one.address);
        assert!(!nobody.is_same_client(&nobody));
    }

    #[test]
    fn what_is_kept_of_a_client_is_short() {
        let class = format!("{}\u{e9}", "x".repeat(CLASS_LIMIT - 1));
        let long = class.repeat(1000);
        let java = ClientIdentity::Java {
            class: long,
            id: [1, 2],
        };
        match read("10.0.0.1:1", &java).program {
            Some(Program::Java { class, .. }) => assert_eq!(class.len(), CLASS_LIMIT - 1),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_own_host_has_a_name() {
        let host = |address: &str| Caller::at(address.parse().expect("an address")).host();
        assert_eq!(host("127.0.0.1:1"), "localhost");
        assert_eq!(host("[::1]:1"), "localhost");
        assert_eq!(host("[::ffff:10.0.0.9]:1"), "10.0.0.9");
    }
}
