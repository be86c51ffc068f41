//! The account on a terminal: one screen, however much happened.

use std::fmt::{self, Debug, Display, Formatter};

use super::{DeviceTimeline, Expected, Failure, LastWord};

/// The longest line, in characters.
const WIDTH: usize = 118;
/// How many expected things are listed.
const EXPECTED: usize = 8;
/// How many lines all timelines together have at most, and how many devices are told of.
const TIMELINE: usize = 16;
const DEVICES: usize = 4;
/// How many last words are listed.
const LAST_WORDS: usize = 4;
/// How many notes and pieces of advice are listed, each.
const NOTES: usize = 4;

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.headline())?;
        write_expected(f, self.expected())?;
        write_last_words(f, self.last_words())?;
        write_timelines(f, self.timelines())?;
        write_list(f, "note:", self.notes())?;
        write_list(f, "try: ", self.advice())
    }
}

/// Shows the account, since this is what a test that returns the error prints.
impl Debug for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

/// What is missing first matters most: met things give way when there is too much.
fn write_expected(f: &mut Formatter<'_>, expected: &[Expected]) -> fmt::Result {
    if expected.is_empty() {
        return Ok(());
    }
    write!(f, "\n\nexpected")?;
    let missing = expected.iter().filter(|expected| !expected.met).count();
    let met_shown = EXPECTED.saturating_sub(missing);
    let (mut met, mut not_met) = (0, 0);
    for expected in expected {
        let count = if expected.met { &mut met } else { &mut not_met };
        *count += 1;
        if *count > if expected.met { met_shown } else { EXPECTED } {
            continue;
        }
        let word = if expected.met { "seen   " } else { "MISSING" };
        write_line(f, &format!("  {word}  {}", expected.description))?;
        if let Some(nearest) = &expected.nearest {
            write_line(f, &format!("           but: {nearest}"))?;
        }
    }
    if not_met > EXPECTED {
        write!(f, "\n  MISSING  and {} more", not_met - EXPECTED)?;
    }
    if met > met_shown {
        write!(f, "\n  seen     and {} more", met - met_shown)?;
    }
    Ok(())
}

fn write_last_words(f: &mut Formatter<'_>, words: &[LastWord]) -> fmt::Result {
    if words.is_empty() {
        return Ok(());
    }
    write!(f, "\n\nlast word")?;
    for word in words.iter().take(LAST_WORDS) {
        write_line(f, &format!("  {word}"))?;
    }
    match words.len() {
        count if count > LAST_WORDS => write!(f, "\n  and {} more", count - LAST_WORDS),
        _ => Ok(()),
    }
}

fn write_timelines(f: &mut Formatter<'_>, timelines: &[DeviceTimeline]) -> fmt::Result {
    if timelines.is_empty() {
        return Ok(());
    }
    write!(f, "\n\nwhat happened, in seconds after the command")?;
    let shown = timelines.len().min(DEVICES);
    let share = TIMELINE / shown;
    for timeline in &timelines[..shown] {
        write!(f, "\n  {}", timeline.device)?;
        let lines = &timeline.lines;
        // a cut takes a line itself, so it must take the place of two at least
        let (head, tail) = match lines.len() {
            count if count <= share => (count, 0),
            _ => (share / 2, share - share / 2 - 1),
        };
        for (index, line) in lines.iter().enumerate() {
            if index < head || index >= lines.len() - tail {
                write_line(f, &format!("  {:>+9.3}  {}", line.seconds, line.text))?;
            } else if index == head {
                write!(f, "\n        ...  {} more", lines.len() - head - tail)?;
            }
        }
    }
    if timelines.len() > shown {
        write!(f, "\n  and {} more devices", timelines.len() - shown)?;
    }
    Ok(())
}

fn write_list(f: &mut Formatter<'_>, word: &str, list: &[String]) -> fmt::Result {
    for (index, text) in list.iter().take(NOTES).enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        f.write_str(gap)?;
        write_line(f, &format!("{word} {text}"))?;
    }
    match list.len() {
        count if count > NOTES => write!(f, "\n{word} and {} more", count - NOTES),
        _ => Ok(()),
    }
}

/// Writes a new line, cut at its end if it is too long, with nothing that would break it.
fn write_line(f: &mut Formatter<'_>, line: &str) -> fmt::Result {
    let visible = line
        .chars()
        .map(|letter| if letter.is_control() { ' ' } else { letter });
    let mut cut: String = visible.take(WIDTH + 1).collect();
    if cut.chars().count() > WIDTH {
        cut.pop();
        cut.pop();
        cut.push('…');
    }
    write!(f, "\n{cut}")
}
