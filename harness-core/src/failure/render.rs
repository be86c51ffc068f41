//! The account on a terminal: one screen, however much happened.

use std::fmt::{self, Debug, Display, Formatter};

use super::{CurrentValue, DeviceTimeline, Expected, Failure, TimelineLine};

/// The longest line, in characters.
const WIDTH: usize = 118;
/// The longest first line: some lines of a terminal.
const HEADLINE: usize = 4 * WIDTH;
/// How many expected things are listed.
const EXPECTED: usize = 8;
/// Over how many lines a sentence may go, and up to how many missing things have that much room.
const WRAPPED: usize = 3;
const FEW: usize = 2;
/// How many lines all timelines together have at most, and how many devices are told of.
const TIMELINE: usize = 16;
const DEVICES: usize = 4;
/// How many last words, and current values, are listed, each.
const LAST_WORDS: usize = 3;
const NOW: usize = 4;
/// How many gaps are listed.
const GAPS: usize = 3;
/// How many notes and pieces of advice are listed, each.
const NOTES: usize = 3;

impl Display for Failure {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        // in one line whatever its length, so that a log can be searched for it
        for line in wrapped(self.headline(), HEADLINE, 0, 1) {
            f.write_str(&line)?;
        }
        write_expected(f, self.expected())?;
        write_section(f, "last word", self.last_words(), LAST_WORDS)?;
        let news: Vec<_> = self.now().iter().filter(|now| is_news(self, now)).collect();
        write_section(f, "now, read again", &news, NOW)?;
        write_timelines(f, self.timelines(), self.devices_left_out())?;
        let gaps_left_out = usize::try_from(self.gaps_left_out()).unwrap_or(usize::MAX);
        write_list(f, "gap: ", self.gaps(), GAPS, gaps_left_out)?;
        write_list(f, "note:", self.notes(), NOTES, 0)?;
        write_list(f, "try: ", self.advice(), NOTES, 0)
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
            let most = if missing <= FEW { WRAPPED } else { 1 };
            write_wrapped(f, &format!("           but: {nearest}"), 16, most)?;
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

/// Whether a current value says more than what came nearest does.
fn is_news(account: &Failure, now: &CurrentValue) -> bool {
    let Some(value) = now.value.as_ref().filter(|_| now.last_event.is_none()) else {
        return true;
    };
    let said = format!("it is {value}");
    let mut missing = account.missing();
    !missing.any(|missing| {
        missing.nearest.as_ref() == Some(&said) && missing.description.starts_with(&now.device)
    })
}

fn write_section(
    f: &mut Formatter<'_>,
    heading: &str,
    things: &[impl Display],
    most: usize,
) -> fmt::Result {
    if things.is_empty() {
        return Ok(());
    }
    write!(f, "\n\n{heading}")?;
    for thing in things.iter().take(most) {
        write_line(f, &format!("  {thing}"))?;
    }
    match things.len() {
        count if count > most => write!(f, "\n  and {} more", count - most),
        _ => Ok(()),
    }
}

fn write_timelines(
    f: &mut Formatter<'_>,
    timelines: &[DeviceTimeline],
    left_out: usize,
) -> fmt::Result {
    if timelines.is_empty() {
        return Ok(());
    }
    write!(f, "\n\nwhat happened, in seconds after the command")?;
    let shown = timelines.len().min(DEVICES);
    let share = TIMELINE / shown;
    for timeline in timelines.iter().take(shown) {
        write!(f, "\n  {}", timeline.device)?;
        write_timeline(f, timeline, share)?;
    }
    match timelines.len() - shown + left_out {
        0 => Ok(()),
        more => write!(f, "\n  and {more} more devices"),
    }
}

/// When there is too much, what is minor gives way first, then the middle.
fn write_timeline(f: &mut Formatter<'_>, timeline: &DeviceTimeline, share: usize) -> fmt::Result {
    let lines = &timeline.lines;
    if timeline.left_out == 0 && lines.len() <= share {
        return lines.iter().try_for_each(|line| write_event(f, line));
    }
    let major: Vec<_> = lines.iter().filter(|line| !line.is_minor).collect();
    // with nothing that matters more, what is minor is all there is to tell
    let (told, minor) = match major.is_empty() {
        true => (lines.iter().collect(), 0),
        false => (major, timeline.minor),
    };
    let kept_out: u64 = told.iter().map(|line| line.left_out_before).sum();
    // a cut takes a line itself, so it must take the place of two at least
    let share = share - usize::from(minor > 0).min(share - 1);
    let (head, tail) = match told.len() {
        count if count <= share && kept_out == 0 => (count, 0),
        count => {
            let room = share.saturating_sub(1).min(count);
            (room - room / 2, room / 2)
        }
    };
    for (index, line) in told.iter().enumerate() {
        if index < head || index >= told.len() - tail {
            write_event(f, line)?;
        }
        if index + 1 == head && head < told.len() {
            let more = kept_out + (told.len() - head - tail) as u64;
            write!(f, "\n        ...  {more} more")?;
        }
    }
    if minor > 0 {
        let names = timeline.minor_attributes.join(", ");
        let line = format!("        and  {minor} events of {names}");
        write_line(f, &line)?;
    }
    Ok(())
}

fn write_event(f: &mut Formatter<'_>, line: &TimelineLine) -> fmt::Result {
    write_line(f, &format!("  {:>+9.3}  {}", line.seconds, line.text))
}

fn write_list(
    f: &mut Formatter<'_>,
    word: &str,
    list: &[String],
    most: usize,
    left_out: usize,
) -> fmt::Result {
    for (index, text) in list.iter().take(most).enumerate() {
        let gap = if index == 0 { "\n" } else { "" };
        f.write_str(gap)?;
        write_wrapped(f, &format!("{word} {text}"), word.len() + 1, WRAPPED)?;
    }
    match list.len().saturating_sub(most) + left_out {
        0 => Ok(()),
        more => write!(f, "\n{word} and {more} more"),
    }
}

/// Writes a new line, cut at its end if it is too long, with nothing that would break it.
fn write_line(f: &mut Formatter<'_>, line: &str) -> fmt::Result {
    write_wrapped(f, line, 0, 1)
}

/// Writes a new line, continued on others with that indent if it is too long; cut if they are more
/// than `most`.
fn write_wrapped(f: &mut Formatter<'_>, line: &str, indent: usize, most: usize) -> fmt::Result {
    let mut lines = wrapped(line, WIDTH, indent, most).into_iter();
    lines.try_for_each(|line| write!(f, "\n{line}"))
}

/// The text in lines of that width, with nothing that would break them.
fn wrapped(line: &str, width: usize, indent: usize, most: usize) -> Vec<String> {
    let visible = line
        .chars()
        .map(|letter| if is_visible(letter) { letter } else { ' ' });
    let mut rest: Vec<char> = visible.take(width * most + 1).collect();
    let mut lines = Vec::new();
    for number in 1..=most {
        let margin = if number == 1 { 0 } else { indent };
        let room = width - margin;
        let mut shown: Vec<char> = rest.clone();
        let mut next = Vec::new();
        if rest.len() > room && number == most {
            shown.truncate(room - 1);
            shown.push('…');
        } else if rest.len() > room {
            // at the last space, unless that leaves the line half empty
            let space = rest
                .iter()
                .take(room + 1)
                .rposition(|letter| *letter == ' ');
            let end = space.filter(|space| *space > room / 2).unwrap_or(room);
            shown.truncate(end);
            next = rest.split_off(end);
            if next.first() == Some(&' ') {
                next.remove(0);
            }
        }
        lines.push(format!(
            "{:margin$}{}",
            "",
            shown.iter().collect::<String>()
        ));
        if next.is_empty() {
            break;
        }
        rest = next;
    }
    lines
}

/// Whether the letter leaves the line and those around it as they are: no control character, no
/// separator of lines, nothing that turns the direction of writing.
fn is_visible(letter: char) -> bool {
    let turns = matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    !letter.is_control() && !turns
}
