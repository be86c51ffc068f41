//! What differs from user to user.

use std::fs;
use std::path::Path;

use serde_json::Value as Json;

use super::entry::Entry;
use super::table::Table;
use crate::load::flow::UserData;

/// The rows of data.
type Rows = Vec<UserData>;

/// Reads the rows, from the file or from a file beside it, with a JSON object a line.
pub(super) fn read(table: &Table<'_>, folder: &Path) -> Option<Rows> {
    let (file, rows) = (table.get("file"), table.get("rows"));
    table.end();
    let read = match (&file, &rows) {
        (Some(_), Some(rows)) => {
            rows.wrong("there is `file` too: one of them is enough");
            return None;
        }
        (Some(file), None) => lines(file, &folder.join(file.text()?))?,
        (None, Some(rows)) => rows.list_of(row)?,
        (None, None) => {
            table.wrong("say which data: `file`, with a JSON object in each line, or `rows`");
            return None;
        }
    };
    let place = file.or(rows)?;
    let Some(first) = read.first() else {
        place.wrong("has no row");
        return None;
    };
    for (number, row) in read.iter().enumerate().skip(1) {
        if !row.keys().eq(first.keys()) {
            place.wrong(format!(
                "row {} has the fields {}, and row 1 {}: all must have the same",
                number + 1,
                names(row),
                names(first)
            ));
            return None;
        }
    }
    Some(read)
}

fn row(entry: &Entry<'_>) -> Option<UserData> {
    match entry.json()? {
        Json::Object(fields) => Some(fields.into_iter().collect()),
        _ => {
            entry.wrong("a row is a table of fields, as {scan = 7}");
            None
        }
    }
}

fn lines(entry: &Entry<'_>, path: &Path) -> Option<Rows> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) => {
            entry.wrong(format!("{} can't be read: {error}", path.display()));
            return None;
        }
    };
    let mut rows = Rows::new();
    for (number, line) in text.lines().enumerate() {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str(line) {
            Ok(row) => rows.push(row),
            Err(error) => {
                let (path, line) = (path.display(), number + 1);
                entry.wrong(format!("{path}:{line}: no JSON object of fields: {error}"));
                return None;
            }
        }
    }
    Some(rows)
}

fn names(row: &UserData) -> String {
    let names: Vec<&str> = row.keys().map(String::as_str).collect();
    super::names::listed(&names)
}
