use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::Version;
use crate::cdr::{ByteOrder, CdrError, Reader, Writer};

/// Where an object is: one or more places it can be called at.
///
/// Read from and shown as `IOR:` and hexadecimal digits, read also from
/// `corbaloc:iiop:[1.2@]host:port[,...]/key`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectReference {
    /// The interface it claims, as "IDL:Tango/Device_6:1.0". May be empty.
    pub type_id: String,
    /// The places, the preferred one first.
    pub profiles: Vec<Profile>,
}

/// One place where an object can be called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The version of GIOP spoken there.
    pub version: Version,
    /// The host's address or name.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// What the server calls the object: octets, not a name.
    pub object_key: Vec<u8>,
    /// Other addresses of the same server.
    pub alternates: Vec<(String, u16)>,
}

/// A text that is no object reference.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum IorError {
    /// Neither `IOR:` nor `corbaloc:`.
    #[error("an object reference starts with \"IOR:\" or \"corbaloc:\"")]
    Scheme,
    /// Not pairs of hexadecimal digits.
    #[error("the digits of the object reference are not hexadecimal pairs")]
    Digits,
    /// Not `corbaloc:iiop:host:port/key`.
    #[error("not of the form corbaloc:iiop:host:port/key")]
    Corbaloc,
    /// The octets are malformed.
    #[error("the object reference is malformed")]
    Cdr(#[from] CdrError),
}

/// The profile that describes a TCP address.
const INTERNET_IOP: u32 = 0;
const CODE_SETS: u32 = 1;
const ALTERNATE_ADDRESS: u32 = 3;
const ISO_8859_1: u32 = 0x0001_0001;
const UTF_8: u32 = 0x0501_0001;
const UTF_16: u32 = 0x0001_0109;
const DEFAULT_CORBALOC_PORT: u16 = 2809;
/// Places that are kept of one reference, alternates included: each may be tried in turn, and a
/// server has a few addresses.
const PLACES: usize = 8;

impl ObjectReference {
    /// An object at one place, called with GIOP 1.2.
    #[must_use]
    pub fn new(
        type_id: impl Into<String>,
        host: impl Into<String>,
        port: u16,
        object_key: impl Into<Vec<u8>>,
    ) -> ObjectReference {
        let profile = Profile {
            version: Version::V1_2,
            host: host.into(),
            port,
            object_key: object_key.into(),
            alternates: Vec::new(),
        };
        ObjectReference {
            type_id: type_id.into(),
            profiles: vec![profile],
        }
    }

    /// Reads one, as it stands in a LocationForward. Of more than 8 places the first are kept.
    ///
    /// # Errors
    /// The octets are not that.
    pub fn read(reader: &mut Reader<'_>) -> Result<ObjectReference, CdrError> {
        let type_id = reader.string()?;
        let mut profiles = Vec::new();
        let mut places = PLACES;
        for _ in 0..reader.count(8)? {
            if reader.u32()? == INTERNET_IOP && places > 0 {
                let profile = Profile::read(&mut reader.encapsulation()?, places - 1)?;
                places -= 1 + profile.alternates.len();
                profiles.push(profile);
            } else {
                reader.bytes()?;
            }
        }
        Ok(ObjectReference { type_id, profiles })
    }

    /// Writes it, as it stands in a LocationForward.
    pub fn write(&self, writer: &mut Writer) {
        writer.string(&self.type_id);
        writer.sequence(&self.profiles, |writer, profile| {
            writer.u32(INTERNET_IOP);
            writer.encapsulation(|content| profile.write(content));
        });
    }

    /// The reference as `IOR:` and hexadecimal digits.
    ///
    /// # Errors
    /// The host or type has a character that can't be sent.
    pub fn to_ior(&self) -> Result<String, CdrError> {
        let mut writer = Writer::new(ByteOrder::Little);
        writer.u8(ByteOrder::Little.flag());
        self.write(&mut writer);
        let octets = writer.finish()?;
        let mut text = String::with_capacity(4 + octets.len() * 2);
        text.push_str("IOR:");
        for octet in octets {
            for digit in [octet >> 4, octet & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or('0'));
            }
        }
        Ok(text)
    }
}

impl Profile {
    /// Reads one, with so many of its alternates at most.
    fn read(reader: &mut Reader<'_>, alternates: usize) -> Result<Profile, CdrError> {
        let _major = reader.u8()?;
        let version = Version::from_minor(reader.u8()?);
        let mut profile = Profile {
            version,
            host: reader.string()?,
            port: reader.u16()?,
            object_key: reader.bytes()?.to_vec(),
            alternates: Vec::new(),
        };
        if version == Version::V1_0 {
            return Ok(profile); // 1.0 has no components
        }
        for _ in 0..reader.count(8)? {
            if reader.u32()? == ALTERNATE_ADDRESS && profile.alternates.len() < alternates {
                let mut content = reader.encapsulation()?;
                profile.alternates.push((content.string()?, content.u16()?));
            } else {
                reader.bytes()?;
            }
        }
        Ok(profile)
    }

    fn write(&self, writer: &mut Writer) {
        writer.u8(1);
        writer.u8(self.version.minor());
        writer.string(&self.host);
        writer.u16(self.port);
        writer.bytes(&self.object_key);
        if self.version == Version::V1_0 {
            return;
        }
        writer.count(1 + self.alternates.len());
        writer.u32(CODE_SETS);
        writer.encapsulation(|sets| {
            sets.u32(ISO_8859_1);
            sets.u32s(&[UTF_8]);
            sets.u32(UTF_16);
            sets.u32s(&[]);
        });
        for (host, port) in &self.alternates {
            writer.u32(ALTERNATE_ADDRESS);
            writer.encapsulation(|content| {
                content.string(host);
                content.u16(*port);
            });
        }
    }
}

impl FromStr for ObjectReference {
    type Err = IorError;

    fn from_str(text: &str) -> Result<ObjectReference, IorError> {
        let text = text.trim();
        if let Some(address) = strip_scheme(text, "corbaloc:") {
            return parse_corbaloc(address).ok_or(IorError::Corbaloc);
        }
        let digits = strip_scheme(text, "IOR:").ok_or(IorError::Scheme)?;
        let octets = parse_hexadecimal(digits).ok_or(IorError::Digits)?;
        let mut reader = Reader::new(&octets, ByteOrder::from_flag(*octets.first().unwrap_or(&0)));
        reader.take(1)?;
        Ok(ObjectReference::read(&mut reader)?)
    }
}

impl fmt::Display for ObjectReference {
    /// The places, in words; [`ObjectReference::to_ior`] gives the reference itself.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.type_id.is_empty() {
            "object"
        } else {
            &self.type_id
        })?;
        for (index, profile) in self.profiles.iter().enumerate() {
            let separator = if index == 0 { " at " } else { ", " };
            write!(formatter, "{separator}{}:{}", profile.host, profile.port)?;
        }
        Ok(())
    }
}

fn strip_scheme<'a>(text: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = text.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn parse_hexadecimal(digits: &str) -> Option<Vec<u8>> {
    let value = |digit: u8| {
        char::from(digit)
            .to_digit(16)
            .and_then(|value| u8::try_from(value).ok())
    };
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|&[high, low]| Some(value(high)? << 4 | value(low)?))
        .collect()
}

/// Reads `iiop:[1.2@]host:port[,...]/key`; the scheme's name may be left out.
fn parse_corbaloc(address: &str) -> Option<ObjectReference> {
    let (places, key) = address.split_once('/')?;
    let object_key = unescape(key)?;
    let mut profiles = Vec::new();
    for place in places.split(',').take(PLACES) {
        let place = place
            .strip_prefix("iiop:")
            .or_else(|| place.strip_prefix(':'))?;
        let (version, place) = match place.split_once('@') {
            Some((version, place)) => {
                let minor = version.strip_prefix("1.")?.parse().ok()?;
                (Version::from_minor(minor), place)
            }
            None => (Version::V1_0, place),
        };
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, port.parse().ok()?),
            _ => (place, DEFAULT_CORBALOC_PORT),
        };
        let host = host
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        if host.is_empty() {
            return None;
        }
        let object_key = object_key.clone();
        profiles.push(Profile {
            version,
            host,
            port,
            object_key,
            alternates: Vec::new(),
        });
    }
    Some(ObjectReference {
        type_id: String::new(),
        profiles,
    })
}

/// Undoes the %-escapes of a corbaloc key.
fn unescape(key: &str) -> Option<Vec<u8>> {
    let mut parts = key.split('%');
    let mut octets = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        octets.extend(parse_hexadecimal(digits)?);
        octets.extend_from_slice(rest.as_bytes());
    }
    Some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_reference_comes_back_from_its_digits() {
        let mut reference =
            ObjectReference::new("IDL:Tango/Device_6:1.0", "192.0.2.2", 45450, *b"\xfe\0\x01");
        reference.profiles[0]
            .alternates
            .push(("2001:db8::1".to_owned(), 45450));
        let text = reference.to_ior().unwrap();
        assert!(text.starts_with("IOR:01"), "{text}");
        assert_eq!(text.parse(), Ok(reference));
    }

    #[test]
    fn a_corbaloc_address_means_giop_1_0_unless_it_says_otherwise() {
        let reference: ObjectReference = "corbaloc:iiop:localhost:10000/database".parse().unwrap();
        let profile = &reference.profiles[0];
        assert_eq!((profile.host.as_str(), profile.port), ("localhost", 10000));
        assert_eq!(profile.version, Version::V1_0);
        assert_eq!(profile.object_key, b"database");
        let reference: ObjectReference =
            "corbaloc::1.2@[::1]:7,iiop:b/low/sub%2f1".parse().unwrap();
        assert_eq!(reference.profiles[0].version, Version::V1_2);
        assert_eq!(reference.profiles[0].host, "::1");
        assert_eq!(reference.profiles[1].port, 2809);
        assert_eq!(reference.profiles[1].object_key, b"low/sub/1");
    }

    #[test]
    fn of_very_many_places_the_first_are_kept() {
        let mut reference = ObjectReference::new("", "a", 1, *b"k");
        reference.profiles = vec![reference.profiles[0].clone(); 100];
        reference.profiles[0].alternates = vec![("b".to_owned(), 2); 3];
        let read: ObjectReference = reference.to_ior().unwrap().parse().unwrap();
        assert_eq!(read.profiles[..], reference.profiles[..PLACES - 3]);

        reference.profiles[0].alternates = vec![("b".to_owned(), 2); 100];
        let read: ObjectReference = reference.to_ior().unwrap().parse().unwrap();
        assert_eq!(read.profiles.len(), 1);
        assert_eq!(read.profiles[0].alternates.len(), PLACES - 1);

        // each place has a copy of the key: many places and a long key would take their product
        let places = vec!["iiop:a"; 10_000].join(",");
        let read: ObjectReference = format!("corbaloc:{places}/k").parse().unwrap();
        assert_eq!(read.profiles.len(), PLACES);
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in [
            "",
            "IOR",
            "IOR:0",
            "IOR:zz",
            "IOR:01ff",
            "corbaloc:x",
            "corbaloc:iiop:/k",
        ] {
            assert!(text.parse::<ObjectReference>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_panic(text: String, octets: Vec<u8>) {
            let _ = text.parse::<ObjectReference>();
            let _ = format!("IOR:{text}").parse::<ObjectReference>();
            let _ = format!("corbaloc:iiop:{text}").parse::<ObjectReference>();
            let _ = ObjectReference::read(&mut Reader::new(&octets, ByteOrder::Little));
        }
    }
}
