use crate::types::{ClientIdentity, Value};

/// Who holds the lock of a device, as its server says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockHolder {
    /// The address of the client's host, as the server sees it; the server's own words where they
    /// hold no address.
    pub host: String,
    /// The client: [`ClientIdentity::Cpp`] with its process (C++, Python and this crate), or
    /// [`ClientIdentity::Java`] with its main class.
    pub client: ClientIdentity,
}

impl LockHolder {
    /// Reads the reply of the admin device's `DevLockStatus`; none if the device is not locked.
    ///
    /// Numbers: 1 if locked, the process (0 of a Java client), the Java client's identity in four
    /// parts. Strings: all in words, the client's address as "giop:tcp:127.0.0.1:50612", its main
    /// class or "Not defined". What is told of Java clients is not from a measurement.
    pub(in crate::client) fn from_reply(reply: &Value) -> Result<Option<LockHolder>, &'static str> {
        let Value::LongStrings(numbers, texts) = reply else {
            return Err("not numbers and strings");
        };
        let (&[locked, process, a, b, c, d, ..], [_, address, class, ..]) =
            (numbers.as_slice(), texts.as_slice())
        else {
            return Err("not six numbers and three strings");
        };
        if locked == 0 {
            return Ok(None);
        }
        let half = |high: i32, low: i32| {
            u64::from(high.cast_unsigned()) << 32 | u64::from(low.cast_unsigned())
        };
        let client = match process {
            0 => ClientIdentity::Java {
                class: class.clone(),
                id: [half(a, b), half(c, d)],
            },
            process => ClientIdentity::Cpp {
                process: process.cast_unsigned(),
            },
        };
        let host = host_of(address).unwrap_or(address).to_owned();
        Ok(Some(LockHolder { host, client }))
    }
}

/// The address in `giop:tcp:ADDRESS:PORT`; IPv6 loses its brackets.
fn host_of(address: &str) -> Option<&str> {
    let (host, port) = address.strip_prefix("giop:tcp:")?.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    let bare = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    Some(bare.unwrap_or(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn holder(numbers: [i32; 6], address: &str, class: &str) -> Option<LockHolder> {
        let texts = ["in words", address, class].map(str::to_owned).to_vec();
        LockHolder::from_reply(&Value::LongStrings(numbers.to_vec(), texts)).unwrap()
    }

    #[test]
    fn the_replies_of_a_real_server_are_understood() {
        // PyTango 10.3.1 and 9.5.1
        assert_eq!(holder([0; 6], "Not defined", "Not defined"), None);
        let found = holder(
            [1, 22_739, 0, 0, 0, 0],
            "giop:tcp:127.0.0.1:50612",
            "Not defined",
        );
        let expected = LockHolder {
            host: "127.0.0.1".to_owned(),
            client: ClientIdentity::Cpp { process: 22_739 },
        };
        assert_eq!(found, Some(expected));
    }

    #[test]
    fn java_clients_and_other_addresses_are_told() {
        let found = holder(
            [1, 0, 1, -1, 0, 7],
            "giop:tcp:[::1]:50612",
            "org.tango.Main",
        );
        let expected = LockHolder {
            host: "::1".to_owned(),
            client: ClientIdentity::Java {
                class: "org.tango.Main".to_owned(),
                id: [0x1_ffff_ffff, 7],
            },
        };
        assert_eq!(found, Some(expected));
        let found = holder([1, 5, 0, 0, 0, 0], "giop:unix:/tmp/omni", "Not defined");
        assert_eq!(found.unwrap().host, "giop:unix:/tmp/omni");
    }

    #[test]
    fn other_replies_are_refused() {
        for reply in [Value::Void, Value::LongStrings(vec![1], vec![])] {
            assert!(LockHolder::from_reply(&reply).is_err());
        }
    }
}
