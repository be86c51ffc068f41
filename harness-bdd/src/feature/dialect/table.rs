//! Rows of tables that have not the shape of their header.

use super::line::is_blank;
use crate::feature::Departure;

/// A row as it is to be read; `text` is [`None`] if it can stay as it is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) text: Option<String>,
    pub(super) departures: Vec<Departure>,
}

/// A row that can't be read: which of them, and why.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BadRow {
    pub(super) index: usize,
    pub(super) reason: String,
}

/// One row, cut up.
struct Cut<'a> {
    /// The cells as they are written, escapes included.
    cells: Vec<&'a str>,
    closed: bool,
    commented: bool,
}

/// Reads the rows of one table; the first is its header. Columns without a name are dropped if
/// nothing stands below them.
pub(super) fn shape(rows: &[&str]) -> Result<Vec<Row>, BadRow> {
    let cut: Vec<Cut<'_>> = rows.iter().map(|row| Cut::of(row)).collect();
    let Some(header) = cut.first().map(|row| row.cells.clone()) else {
        return Ok(Vec::new());
    };
    let even = cut.iter().all(|row| row.cells.len() == header.len());
    let named = |cell: &&str| !cell.is_empty();
    let width = if even {
        header.len()
    } else {
        header.iter().copied().filter(|cell| named(cell)).count()
    };
    let mut read = Vec::new();
    for (index, row) in cut.iter().enumerate() {
        let bad = |reason| BadRow { index, reason };
        let mut departures = Vec::new();
        let mut cells = row.cells.clone();
        if cells.len() == header.len() && width < header.len() {
            // As wide as the header: what stands below a name is known by its place.
            let lost = cells
                .iter()
                .zip(&header)
                .find(|(cell, name)| name.is_empty() && !cell.is_empty());
            if let Some((cell, _)) = lost {
                return Err(bad(format!(
                    "`{cell}` stands in a column without a name; name it"
                )));
            }
            let below = cells
                .iter()
                .zip(&header)
                .filter(|(_, name)| !name.is_empty());
            cells = below.map(|(cell, _)| *cell).collect();
            departures.push(Departure::SurplusCells);
        } else if cells.len() > width {
            let surplus = cells.split_off(width);
            match surplus.iter().find(|cell| !cell.is_empty()) {
                None => departures.push(Departure::SurplusCells),
                Some(cell) if cell.starts_with('#') => departures.push(Departure::Comment),
                Some(cell) => {
                    return Err(bad(format!(
                        "the row has more cells than its table has columns ({width}); \
                         name a column for `{cell}`, or write `\\|` for a `|` in a cell"
                    )));
                }
            }
        } else if cells.len() < width {
            cells.resize(width, "");
            departures.push(Departure::MissingCells);
        }
        if row.commented {
            departures.push(Departure::Comment);
        }
        if !row.closed {
            departures.push(Departure::OpenRow);
        }
        let escaped = cells.iter().any(|cell| escape(cell) != **cell);
        let text = (!departures.is_empty() || escaped).then(|| {
            let cells: Vec<String> = cells.iter().map(|cell| escape(cell)).collect();
            format!("| {} |", cells.join(" | "))
        });
        read.push(Row { text, departures });
    }
    Ok(read)
}

impl<'a> Cut<'a> {
    fn of(row: &'a str) -> Self {
        let row = row.trim_matches(is_blank);
        let inner = row.strip_prefix('|').unwrap_or(row);
        let mut cells = Vec::new();
        let mut begin = 0;
        let mut escaped = false;
        for (place, character) in inner.char_indices() {
            if character == '|' && !escaped {
                cells.push(
                    inner
                        .get(begin..place)
                        .unwrap_or_default()
                        .trim_matches(is_blank),
                );
                begin = place + 1;
            }
            escaped = character == '\\' && !escaped;
        }
        let rest = inner
            .get(begin..)
            .unwrap_or_default()
            .trim_matches(is_blank);
        let said = match rest.find('#') {
            Some(0) => "",
            Some(place)
                if rest
                    .get(..place)
                    .is_some_and(|head| head.ends_with(is_blank)) =>
            {
                rest.get(..place)
                    .unwrap_or_default()
                    .trim_end_matches(is_blank)
            }
            _ => rest,
        };
        if !said.is_empty() {
            cells.push(said);
        }
        Self {
            cells,
            closed: said.is_empty(),
            commented: said.len() < rest.len(),
        }
    }
}

/// Doubles each backslash that Gherkin would take for the beginning of an unknown escape: the
/// parser refuses those, where the standard takes them as they are.
fn escape(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut characters = cell.chars().peekable();
    while let Some(character) = characters.next() {
        text.push(character);
        if character == '\\' {
            match characters.peek() {
                Some('n' | '|' | '\\') => text.extend(characters.next()),
                _ => text.push('\\'),
            }
        }
    }
    text
}

/// The cells of a row, as they are written.
pub(super) fn cells(row: &str) -> Vec<&str> {
    Cut::of(row).cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(rows: &[&str]) -> Vec<String> {
        let read = shape(rows).unwrap();
        read.iter()
            .zip(rows)
            .map(|(row, line)| row.text.clone().unwrap_or_else(|| (*line).to_owned()))
            .collect()
    }

    #[test]
    fn even_tables_stay_as_they_are() {
        let rows = ["| a |  |", "|1||", "| \\| | x |"];
        assert_eq!(read(&rows), rows);
    }

    #[test]
    fn comments_behind_the_last_cell_are_dropped() {
        let rows = ["| a | b |  # what", "| 1 | 2 |#"];
        assert_eq!(read(&rows), ["| a | b |", "| 1 | 2 |"]);
    }

    #[test]
    fn empty_cells_of_the_header_are_dropped_if_nothing_is_below() {
        assert_eq!(
            read(&["| a | b |   |", "| 1 | 2 |", "| 3 | 4 |  |"]),
            ["| a | b |", "| 1 | 2 |", "| 3 | 4 |"]
        );
        let bad = shape(&["| a |  |", "| 1 | 2 |", "| 1 |"]).unwrap_err();
        assert_eq!((bad.index, bad.reason.contains("`2`")), (1, true));
    }

    #[test]
    fn short_rows_are_filled_and_long_ones_cut_if_nothing_is_lost() {
        assert_eq!(
            read(&["| a | b |", "| 1 |", "| 1 | 2 | |", "| 1 | 2 | # a | b"]),
            ["| a | b |", "| 1 |  |", "| 1 | 2 |", "| 1 | 2 |"]
        );
        assert_eq!(shape(&["| a |", "| 1 | 2 |"]).unwrap_err().index, 1);
    }

    #[test]
    fn an_open_row_is_closed() {
        assert_eq!(read(&["| a | b |", "| 1 | 2"]), ["| a | b |", "| 1 | 2 |"]);
    }

    #[test]
    fn unknown_escapes_are_taken_as_they_are() {
        assert_eq!(read(&["| a |", r"| \d\| |"]), ["| a |", r"| \\d\| |"]);
    }
}
