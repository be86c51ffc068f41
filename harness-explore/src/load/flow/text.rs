//! Texts with placeholders, read once.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::flow::UserData;

/// What a placeholder stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Field {
    User,
    Cycle,
    Device,
    /// A field of the user's data.
    Data(String),
}

/// A text with placeholders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text(Vec<Piece>);

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Piece {
    Fixed(String),
    Field(Field),
    /// A field in a text of JSON, written as it must be there.
    InJson(Field),
    /// A field as a value of JSON.
    AsJson(Field),
}

/// What differs from user to user and from cycle to cycle.
pub(crate) struct Surroundings<'a> {
    pub(crate) user: u64,
    pub(crate) cycle: u64,
    pub(crate) device: &'a str,
    pub(crate) data: Option<&'a UserData>,
}

/// A placeholder that can not be read, or is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It has no end, or no name.
    #[error("`{text}` has a $ that is neither ${{NAME}} nor $$")]
    Shape {
        /// The text.
        text: String,
    },
    /// Nobody knows it.
    #[error("${{{name}}} is not known; there are {known}")]
    Unknown {
        /// Its name.
        name: String,
        /// What there is.
        known: String,
    },
    /// Not every user has it.
    #[error("${{{name}}} is missing in row {row} of the data")]
    Missing {
        /// Its name.
        name: String,
        /// In which row, counted from 1.
        row: usize,
    },
}

impl Field {
    fn of(name: &str, data: &[UserData]) -> Result<Field, TextError> {
        match name {
            "user" => return Ok(Field::User),
            "cycle" => return Ok(Field::Cycle),
            "device" => return Ok(Field::Device),
            _ => {}
        }
        let missing = data.iter().position(|row| !row.contains_key(name));
        match missing {
            None if !data.is_empty() => Ok(Field::Data(name.to_owned())),
            Some(row) if data.iter().any(|row| row.contains_key(name)) => Err(TextError::Missing {
                name: name.to_owned(),
                row: row + 1,
            }),
            _ => {
                let fields = data.first().into_iter().flat_map(UserData::keys);
                let known = ["user", "cycle", "device"].map(str::to_owned);
                let known: Vec<String> = known.into_iter().chain(fields.cloned()).collect();
                Err(TextError::Unknown {
                    name: name.to_owned(),
                    known: known.join(", "),
                })
            }
        }
    }

    fn json(&self, around: &Surroundings<'_>) -> Json {
        match self {
            Field::User => around.user.into(),
            Field::Cycle => around.cycle.into(),
            Field::Device => around.device.into(),
            // that every row has it was seen when the text was read
            Field::Data(name) => around
                .data
                .and_then(|data| data.get(name))
                .cloned()
                .unwrap_or_default(),
        }
    }

    fn write(&self, around: &Surroundings<'_>, text: &mut String) {
        match self.json(around) {
            Json::String(words) => text.push_str(&words),
            json => *text += &json.to_string(),
        }
    }
}

impl Text {
    /// Reads a text.
    pub(crate) fn of(text: &str, data: &[UserData]) -> Result<Text, TextError> {
        let mut pieces = Vec::new();
        let mut fixed = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            fixed.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                fixed.push('$');
                rest = after;
                continue;
            }
            let named = after
                .strip_prefix('{')
                .and_then(|after| after.split_once('}'));
            let Some((name, after)) = named else {
                let text = text.to_owned();
                return Err(TextError::Shape { text });
            };
            if !fixed.is_empty() {
                pieces.push(Piece::Fixed(std::mem::take(&mut fixed)));
            }
            pieces.push(Piece::Field(Field::of(name.trim(), data)?));
            rest = after;
        }
        fixed.push_str(rest);
        if !fixed.is_empty() {
            pieces.push(Piece::Fixed(fixed));
        }
        Ok(Text(pieces))
    }

    /// Reads the texts in a value, as a text of JSON.
    pub(crate) fn of_json(json: &Json, data: &[UserData]) -> Result<Text, TextError> {
        let mut pieces = Vec::new();
        write_json(json, data, &mut pieces)?;
        Ok(Text(pieces))
    }

    /// Whether it is always the same.
    pub(crate) fn fixed(&self) -> Option<&str> {
        match self.0.as_slice() {
            [] => Some(""),
            [Piece::Fixed(text)] => Some(text),
            _ => None,
        }
    }

    /// The field that is all of it, as a value.
    pub(crate) fn only_field(&self, around: &Surroundings<'_>) -> Option<Json> {
        match self.0.as_slice() {
            [Piece::Field(field)] => Some(field.json(around)),
            _ => None,
        }
    }

    /// The text with everything in its place.
    pub(crate) fn filled(&self, around: &Surroundings<'_>) -> Cow<'_, str> {
        if let Some(fixed) = self.fixed() {
            return Cow::Borrowed(fixed);
        }
        let mut text = String::new();
        for piece in &self.0 {
            match piece {
                Piece::Fixed(fixed) => text.push_str(fixed),
                Piece::Field(field) => field.write(around, &mut text),
                Piece::AsJson(field) => text += &field.json(around).to_string(),
                Piece::InJson(field) => {
                    let mut words = String::new();
                    field.write(around, &mut words);
                    let quoted = Json::from(words).to_string();
                    text.push_str(&quoted[1..quoted.len() - 1]);
                }
            }
        }
        Cow::Owned(text)
    }
}

fn write_json(json: &Json, data: &[UserData], pieces: &mut Vec<Piece>) -> Result<(), TextError> {
    match json {
        Json::String(text) => {
            let text = Text::of(text, data)?;
            if let [Piece::Field(field)] = text.0.as_slice() {
                pieces.push(Piece::AsJson(field.clone()));
                return Ok(());
            }
            push(pieces, "\"");
            for piece in text.0 {
                match piece {
                    Piece::Fixed(fixed) => {
                        let quoted = Json::from(fixed).to_string();
                        push(pieces, &quoted[1..quoted.len() - 1]);
                    }
                    Piece::Field(field) => pieces.push(Piece::InJson(field)),
                    other => pieces.push(other),
                }
            }
            push(pieces, "\"");
        }
        Json::Array(elements) => {
            push(pieces, "[");
            for (place, element) in elements.iter().enumerate() {
                push(pieces, if place > 0 { "," } else { "" });
                write_json(element, data, pieces)?;
            }
            push(pieces, "]");
        }
        Json::Object(members) => {
            push(pieces, "{");
            for (place, (name, member)) in members.iter().enumerate() {
                push(pieces, if place > 0 { "," } else { "" });
                push(pieces, &Json::from(name.as_str()).to_string());
                push(pieces, ":");
                write_json(member, data, pieces)?;
            }
            push(pieces, "}");
        }
        plain => push(pieces, &plain.to_string()),
    }
    Ok(())
}

fn push(pieces: &mut Vec<Piece>, more: &str) {
    match pieces.last_mut() {
        Some(Piece::Fixed(text)) => text.push_str(more),
        _ => pieces.push(Piece::Fixed(more.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn data() -> Vec<UserData> {
        let row = |name: &str, id: u64| {
            UserData::from([
                ("name".to_owned(), json!(name)),
                ("id".to_owned(), json!(id)),
            ])
        };
        vec![row("say \"hi\"", 7), row("b", 8)]
    }

    fn around(data: &[UserData]) -> Surroundings<'_> {
        Surroundings {
            user: 3,
            cycle: 12,
            device: "a/b/c",
            data: data.first(),
        }
    }

    #[test]
    fn placeholders_are_filled_and_dollars_stay() {
        let data = data();
        for (text, filled) in [
            ("plain", "plain"),
            ("", ""),
            ("u${user} c${cycle} ${ device }: ${id}", "u3 c12 a/b/c: 7"),
            ("$$5 and $${user}", "$5 and ${user}"),
        ] {
            let read = Text::of(text, &data).unwrap();
            assert_eq!(read.filled(&around(&data)), filled);
        }
    }

    #[test]
    fn in_an_object_a_field_stays_what_it_is_and_quotes_are_kept() {
        let data = data();
        let json = json!({"id": "${id}", "who": "${name}", "both": "${name}-${id}", "$$": ["\"", 1, null]});
        let text = Text::of_json(&json, &data).unwrap();
        let filled: Json = serde_json::from_str(&text.filled(&around(&data))).unwrap();
        let expected =
            json!({"id": 7, "who": "say \"hi\"", "both": "say \"hi\"-7", "$$": ["\"", 1, null]});
        assert_eq!(filled, expected);
        assert!(
            Text::of_json(&json!({"a": [1, "b"]}), &data)
                .unwrap()
                .fixed()
                .is_some()
        );
    }

    #[test]
    fn what_is_not_known_is_told_with_what_there_is() {
        let mut data = data();
        for (text, told) in [
            (
                "${x}",
                "${x} is not known; there are user, cycle, device, id, name",
            ),
            ("a $x", "`a $x` has a $ that is neither ${NAME} nor $$"),
            ("${user", "`${user` has a $"),
            ("${}", "${} is not known"),
        ] {
            let error = Text::of(text, &data).unwrap_err().to_string();
            assert!(error.starts_with(told), "{error}");
        }
        data[1].remove("id");
        let error = Text::of("${id}", &data).unwrap_err();
        assert_eq!(error.to_string(), "${id} is missing in row 2 of the data");
    }
}
