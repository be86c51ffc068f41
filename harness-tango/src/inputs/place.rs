//! Where something stands in a JSON document.

use std::fmt;

use serde_json::Value as Json;

/// A key of an object, or an index of an array.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Key(String),
    Index(usize),
}

/// Where something stands in a JSON document: `sdp.processing_blocks[0].pb_id`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Place(Vec<Token>);

impl Place {
    pub(super) fn with(&self, token: Token) -> Place {
        let mut tokens = self.0.clone();
        tokens.push(token);
        Place(tokens)
    }

    /// The container and the last step into it; `None` for the document itself.
    pub(super) fn split_last(&self) -> Option<(Place, &Token)> {
        let (last, rest) = self.0.split_last()?;
        Some((Place(rest.to_vec()), last))
    }

    pub(super) fn get<'a>(&self, json: &'a Json) -> Option<&'a Json> {
        self.0.iter().try_fold(json, |json, token| match token {
            Token::Key(key) => json.get(key),
            Token::Index(index) => json.get(index),
        })
    }

    pub(super) fn get_mut<'a>(&self, json: &'a mut Json) -> Option<&'a mut Json> {
        self.0.iter().try_fold(json, |json, token| match token {
            Token::Key(key) => json.get_mut(key),
            Token::Index(index) => json.get_mut(index),
        })
    }

    /// Takes out what stands there.
    pub(super) fn take(&self, json: &mut Json) -> Option<Json> {
        let (container, last) = self.split_last()?;
        match (container.get_mut(json)?, last) {
            (Json::Object(members), Token::Key(key)) => members.remove(key),
            (Json::Array(elements), Token::Index(index)) if *index < elements.len() => {
                Some(elements.remove(*index))
            }
            _ => None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("the document");
        }
        for (position, token) in self.0.iter().enumerate() {
            match token {
                Token::Key(key) if position == 0 => formatter.write_str(key)?,
                Token::Key(key) => write!(formatter, ".{key}")?,
                Token::Index(index) => write!(formatter, "[{index}]")?,
            }
        }
        Ok(())
    }
}

/// Reads `a.b[0].c`, `a.b.0.c` and `/a/b/0/c`.
pub(super) fn tokens(path: &str) -> Vec<Token> {
    let separators: &[char] = if path.starts_with('/') {
        &['/']
    } else {
        &['.', '[', ']']
    };
    path.split(separators)
        .filter(|part| !part.is_empty())
        .map(|part| {
            part.parse()
                .map_or_else(|_| Token::Key(part.to_owned()), Token::Index)
        })
        .collect()
}

/// How far a path leads that leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct DeadEnd {
    pub(super) reached: String,
    pub(super) keys: Vec<String>,
    pub(super) wanted: String,
}

/// The places that a path leads to. A key leads into all elements of an array that have it.
pub(super) fn locate(json: &Json, path: &[Token]) -> Result<Vec<Place>, DeadEnd> {
    let mut places = vec![Place::default()];
    for token in path {
        let next: Vec<Place> = places
            .iter()
            .flat_map(|place| step(json, place, token))
            .collect();
        if next.is_empty() {
            return Err(dead_end(json, &places, token));
        }
        places = next;
    }
    Ok(places)
}

fn step(json: &Json, place: &Place, token: &Token) -> Vec<Place> {
    let into_elements = matches!(token, Token::Key(_));
    match place.get(json) {
        Some(Json::Array(elements)) if into_elements => (0..elements.len())
            .flat_map(|index| step(json, &place.with(Token::Index(index)), token))
            .collect(),
        Some(Json::Object(members)) => {
            let key = match token {
                Token::Key(key) => key.clone(),
                Token::Index(index) => index.to_string(),
            };
            let known = members.contains_key(&key);
            known
                .then(|| place.with(Token::Key(key)))
                .into_iter()
                .collect()
        }
        Some(Json::Array(_)) => {
            let next = place.with(token.clone());
            next.get(json)
                .is_some()
                .then_some(next)
                .into_iter()
                .collect()
        }
        _ => Vec::new(),
    }
}

fn dead_end(json: &Json, places: &[Place], token: &Token) -> DeadEnd {
    let first = places.first().cloned().unwrap_or_default();
    let mut keys = Vec::new();
    for place in places {
        for key in place.get(json).into_iter().flat_map(keys_of) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
    }
    DeadEnd {
        reached: first.to_string(),
        keys,
        wanted: match token {
            Token::Key(key) => key.clone(),
            Token::Index(index) => index.to_string(),
        },
    }
}

fn keys_of(json: &Json) -> Vec<String> {
    match json {
        Json::Object(members) => members.keys().cloned().collect(),
        Json::Array(elements) => elements.iter().flat_map(keys_of).collect(),
        _ => Vec::new(),
    }
}

/// All places of a key below a place, at any depth, those without before those within.
pub(super) fn everywhere(json: &Json, below: &Place, key: &str) -> Vec<Place> {
    let mut found = Vec::new();
    walk(json, below, &mut |place, known| {
        if known == key {
            found.push(place.clone());
        }
    });
    found
}

/// All keys below a place, each once.
pub(super) fn all_keys(json: &Json, below: &Place) -> Vec<String> {
    let mut keys: Vec<String> = Vec::new();
    walk(json, below, &mut |_, known| {
        if !keys.iter().any(|key| key == known) {
            keys.push(known.to_owned());
        }
    });
    keys
}

/// JSON that was read is 128 levels deep at most.
fn walk(json: &Json, place: &Place, seen: &mut impl FnMut(&Place, &str)) {
    match place.get(json) {
        Some(Json::Object(members)) => {
            for key in members.keys() {
                let place = place.with(Token::Key(key.clone()));
                seen(&place, key);
                walk(json, &place, seen);
            }
        }
        Some(Json::Array(elements)) => {
            for index in 0..elements.len() {
                walk(json, &place.with(Token::Index(index)), seen);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Place, all_keys, everywhere, locate, tokens};

    fn found(path: &str) -> Vec<String> {
        let json = json!({"a": [{"b": 1}, {"c": 2}, {"b": {"c": 3}}]});
        let places = locate(&json, &tokens(path)).unwrap();
        places.iter().map(Place::to_string).collect()
    }

    #[test]
    fn a_path_is_written_in_three_ways_and_leads_into_all_elements() {
        for path in ["a[2].b.c", "a.2.b.c", "/a/2/b/c"] {
            assert_eq!(found(path), ["a[2].b.c"]);
        }
        assert_eq!(found("a.b"), ["a[0].b", "a[2].b"]);
        assert_eq!(found("a[1]"), ["a[1]"]);
    }

    #[test]
    fn a_dead_end_says_how_far_it_leads_and_what_there_is() {
        let json = json!({"a": [{"b": 1}, {"c": 2}]});
        let end = locate(&json, &tokens("a.d.e")).unwrap_err();
        assert_eq!((end.reached.as_str(), end.wanted.as_str()), ("a", "d"));
        assert_eq!(end.keys, ["b", "c"]);
        let end = locate(&json, &tokens("x")).unwrap_err();
        assert_eq!(end.reached, "the document");
        assert!(locate(&json, &tokens("a[5]")).is_err());
    }

    #[test]
    fn a_key_is_found_at_any_depth() {
        let json = json!({"k": {"k": [{"k": 1}]}, "l": 2});
        let places = everywhere(&json, &Place::default(), "k");
        let told: Vec<String> = places.iter().map(Place::to_string).collect();
        assert_eq!(told, ["k", "k.k", "k.k[0].k"]);
        assert_eq!(all_keys(&json, &Place::default()), ["k", "l"]);
    }
}
