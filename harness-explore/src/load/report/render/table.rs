//! A table in a terminal.

use super::words::{WIDTH, cut};

/// A first column of names, which are cut where there is no room, and columns of figures.
pub(super) struct Table {
    /// What stands above the columns from the first to the second number on, counted from 0.
    groups: Vec<(usize, usize, &'static str)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn of(heads: &[&str]) -> Table {
        let heads = heads.iter().map(|it| (*it).to_owned()).collect();
        Table {
            groups: Vec::new(),
            rows: vec![heads],
        }
    }

    pub(super) fn with_group(mut self, from: usize, to: usize, words: &'static str) -> Table {
        self.groups.push((from, to, words));
        self
    }

    pub(super) fn push(&mut self, row: Vec<String>) {
        self.rows.push(row);
    }

    /// The lines, each with its end.
    pub(super) fn lines(&self) -> String {
        let widths = self.widths();
        let mut lines = self.group_line(&widths);
        for row in &self.rows {
            let mut line = String::new();
            for (place, (cell, width)) in row.iter().zip(&widths).enumerate() {
                match place {
                    0 => line += &format!("{:width$}", cut(cell, *width)),
                    _ => line += &format!("{cell:>width$}"),
                }
            }
            lines += line.trim_end();
            lines.push('\n');
        }
        lines
    }

    /// The widths of all columns, with what is between them: one blank where two leave no room.
    fn widths(&self) -> Vec<usize> {
        /// A name needs so much, whatever becomes of the width.
        const NAME: usize = 12;
        let columns = self.rows.first().map_or(0, Vec::len);
        let longest = |place: usize| {
            let cells = self.rows.iter().filter_map(|row| row.get(place));
            let above = self
                .groups
                .iter()
                .filter(|it| (it.0, it.1) == (place, place));
            let cells = cells.map(String::as_str).chain(above.map(|it| it.2));
            cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
        };
        let mut widths: Vec<_> = (0..columns).map(longest).collect();
        let Some((name, figures)) = widths.split_first_mut() else {
            return widths;
        };
        let needed: usize = figures.iter().sum();
        let between = match *name + needed + 2 * figures.len() <= WIDTH {
            true => 2,
            false => 1,
        };
        figures.iter_mut().for_each(|width| *width += between);
        let left = WIDTH.saturating_sub(needed + between * figures.len());
        *name = (*name).min(left.max(NAME));
        widths
    }

    /// Words over the first of their columns, as far to the right as these reach.
    fn group_line(&self, widths: &[usize]) -> String {
        if self.groups.is_empty() {
            return String::new();
        }
        let mut line = String::new();
        for (from, to, words) in &self.groups {
            let before: usize = widths.iter().take(*from).sum();
            let all: usize = widths.iter().take(to + 1).sum();
            let blanks = before.saturating_sub(line.chars().count());
            line.push_str(&" ".repeat(blanks));
            let room = all.saturating_sub(line.chars().count());
            line += &format!("{words:>room$}");
        }
        line.push('\n');
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, figures: usize) -> String {
        let mut heads = vec!["action"];
        heads.extend(["rejected"].repeat(figures));
        let mut table = Table::of(&heads).with_group(1, 2, "the plan");
        let mut row = vec![name.to_owned()];
        row.extend(vec!["12".to_owned(); figures]);
        table.push(row);
        table.lines()
    }

    #[test]
    fn figures_stand_below_their_heads_and_groups_above_them() {
        let expected = [
            "                  the plan",
            "action  rejected  rejected",
            "Scan          12        12",
        ];
        assert!(
            table("Scan", 2).lines().eq(expected),
            "{}",
            table("Scan", 2)
        );
    }

    #[test]
    fn a_long_name_is_cut_where_there_is_no_room() {
        let lines = table(&"x".repeat(120), 8);
        assert!(
            lines.lines().all(|it| it.chars().count() <= WIDTH),
            "{lines}"
        );
        assert!(lines.contains("x… "), "{lines}");
    }
}
