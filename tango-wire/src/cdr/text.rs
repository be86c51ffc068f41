//! Strings as Tango sends them: octets that are ISO-8859-1, sometimes UTF-8.

use super::CdrError;

/// Reads UTF-8 where it is, ISO-8859-1 where it is not.
///
/// PyTango's data are Latin-1, but its error texts come as UTF-8 octets through the same channel.
#[must_use]
pub fn decode(octets: &[u8]) -> String {
    match std::str::from_utf8(octets) {
        Ok(text) => text.to_owned(),
        Err(_) => octets.iter().map(|&octet| char::from(octet)).collect(),
    }
}

/// Refuses what ISO-8859-1 can't express, and what Tango's strings can't hold.
pub(crate) fn check(text: &str) -> Result<(), CdrError> {
    if text.as_bytes().contains(&0) {
        return Err(CdrError::NulInString);
    }
    if text.is_ascii() {
        return Ok(());
    }
    match text.chars().find(|&character| u32::from(character) > 0xff) {
        Some(character) => Err(CdrError::NotLatin1 { character }),
        None => Ok(()),
    }
}

/// Appends `text` in ISO-8859-1.
///
/// # Errors
/// It has a character that ISO-8859-1 can't express, or a NUL.
pub fn encode(text: &str, into: &mut Vec<u8>) -> Result<(), CdrError> {
    if text.is_ascii() {
        if text.as_bytes().contains(&0) {
            return Err(CdrError::NulInString);
        }
        into.extend_from_slice(text.as_bytes());
        return Ok(());
    }
    for character in text.chars() {
        match u8::try_from(u32::from(character)) {
            Ok(0) => return Err(CdrError::NulInString),
            Ok(octet) => into.push(octet),
            Err(_) => return Err(CdrError::NotLatin1 { character }),
        }
    }
    Ok(())
}
