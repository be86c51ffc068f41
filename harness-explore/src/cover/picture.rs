//! A matrix as a picture.

use std::fmt::{self, Write as _};

use super::matrix::{Matrix, StateRow, Verdict};

/// The side of a cell, in pixels.
const SIDE: usize = 26;
/// The room for the names of states.
const LEFT: usize = 160;
/// The room for the names of commands, which stand upright.
const TOP: usize = 190;

impl Verdict {
    fn colour(self) -> &'static str {
        match self {
            Verdict::Taken => "#2e7d32",
            Verdict::Refused => "#90a4ae",
            Verdict::Failed => "#c62828",
            Verdict::Missed => "#f9a825",
            Verdict::NotDone => "#ffffff",
            Verdict::Unreachable => "#eeeeee",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Verdict::Taken => "taken",
            Verdict::Refused => "refused",
            Verdict::Failed => "went wrong",
            Verdict::Missed => "missed",
            Verdict::NotDone => "not done",
            Verdict::Unreachable => "unreachable",
        }
    }
}

impl Matrix {
    /// The commands in the states as a picture: an SVG document that stands alone. Each cell tells,
    /// under the pointer, how often it was done and why it was not.
    #[must_use]
    pub fn to_svg(&self) -> String {
        let mut picture = String::new();
        // writing to a text can not fail
        let _ = self.write_svg(&mut picture);
        picture
    }

    fn write_svg(&self, picture: &mut String) -> fmt::Result {
        let width = LEFT + SIDE * self.commands.len().max(14) + SIDE;
        let height = TOP + SIDE * (self.states.len() + 2);
        writeln!(
            picture,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
             font-family=\"sans-serif\" font-size=\"12\">"
        )?;
        for (column, command) in self.commands.iter().enumerate() {
            let x = LEFT + SIDE * column + SIDE / 2 + 4;
            let y = TOP - 8;
            let command = escaped(command);
            writeln!(
                picture,
                "<text x=\"{x}\" y=\"{y}\" transform=\"rotate(-90 {x} {y})\">{command}</text>"
            )?;
        }
        for (place, row) in self.states.iter().enumerate() {
            write_row(picture, TOP + SIDE * place, row)?;
        }
        let mut x = LEFT;
        let y = TOP + SIDE * self.states.len() + SIDE / 2;
        for verdict in [
            Verdict::Taken,
            Verdict::Refused,
            Verdict::Failed,
            Verdict::Missed,
        ] {
            let (colour, words) = (verdict.colour(), verdict.words());
            writeln!(
                picture,
                "<rect x=\"{x}\" y=\"{y}\" width=\"12\" height=\"12\" fill=\"{colour}\"/>\
                 <text x=\"{}\" y=\"{}\">{words}</text>",
                x + 16,
                y + 11
            )?;
            x += 30 + 7 * words.len();
        }
        writeln!(picture, "</svg>")
    }
}

fn write_row(picture: &mut String, y: usize, row: &StateRow) -> fmt::Result {
    let style = if row.transient {
        " font-style=\"italic\""
    } else {
        ""
    };
    writeln!(
        picture,
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\"{style}>{}</text>",
        LEFT - 8,
        y + SIDE / 2 + 4,
        escaped(&row.state)
    )?;
    for (column, cell) in row.cells.iter().enumerate() {
        let mut said = format!(
            "{} in {}: {}",
            cell.command,
            row.state,
            cell.verdict.words()
        );
        if cell.times > 0 {
            let times = if cell.times == 1 { "time" } else { "times" };
            let _ = write!(said, ", {} {times}", cell.times);
        }
        if let Some(reason) = &cell.reason {
            let _ = write!(said, "; {reason}");
        }
        writeln!(
            picture,
            "<rect x=\"{}\" y=\"{y}\" width=\"{SIDE}\" height=\"{SIDE}\" fill=\"{}\" \
             stroke=\"#bdbdbd\"><title>{}</title></rect>",
            LEFT + SIDE * column,
            cell.verdict.colour(),
            escaped(&said)
        )?;
    }
    Ok(())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
