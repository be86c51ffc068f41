//! How thresholds are read.

use std::str::FromStr;
use std::time::Duration;

use super::error::{Problem, ThresholdError};
use super::figure::{Figure, Scope, Statistic, Timed};
use super::limit::{Kind, Limit, Operator, Unit};
use super::threshold::{RESERVED, Threshold};
use crate::load::plan::read_time;

type Result<T> = std::result::Result<T, ThresholdError>;

impl FromStr for Threshold {
    type Err = ThresholdError;

    fn from_str(text: &str) -> Result<Threshold> {
        Reader { text, rest: text }.threshold()
    }
}

/// What is read, and what is left of it.
struct Reader<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn threshold(mut self) -> Result<Threshold> {
        let figure = self.figure()?;
        let in_brackets = self.action_in_brackets(figure)?;
        let operator = self.operator()?;
        let (number, unit) = self.number(figure.kind())?;
        self.skip_blanks();
        let start = self.rest;
        let action = match (in_brackets, self.action_by_for(figure)?) {
            (Some(_), Some(_)) => return Err(self.wrong_at(start, Problem::Twice)),
            (one, other) => one.or(other),
        };
        let scope = self.scope(figure)?;
        let (ends, after) = self.ending()?;
        self.skip_blanks();
        if !self.rest.is_empty() {
            return Err(self.wrong(Problem::Clause(self.rest.to_owned())));
        }
        Ok(Threshold {
            figure,
            action,
            scope,
            limit: Limit {
                operator,
                number,
                unit,
            },
            ends,
            after,
        })
    }

    fn figure(&mut self) -> Result<Figure> {
        let timed = match () {
            () if self.take_word("service") => Some((Timed::Service, "service")),
            () if self.take_word("cycles") => Some((Timed::Cycles, "cycles")),
            () => None,
        };
        self.skip_blanks();
        let start = self.rest;
        let name = self.take_while(|it| it.is_ascii_alphanumeric() || ".-_".contains(it));
        let figure = match Figure::named(name) {
            Some(figure) => figure,
            None => Figure::Time(Timed::Latency, self.percentile(start, name)?),
        };
        match (figure, timed) {
            (Figure::Time(_, statistic), Some((timed, _))) => Ok(Figure::Time(timed, statistic)),
            (_, Some((_, of))) => Err(self.wrong_at(start, Problem::NoTime(of))),
            (figure, None) => Ok(figure),
        }
    }

    /// The number of `p95`, or of `p(95)` as k6 writes it.
    fn percentile(&mut self, start: &'a str, name: &'a str) -> Result<Statistic> {
        let number = match (name, self.rest.strip_prefix('(')) {
            ("p", Some(inside)) => {
                let Some((number, rest)) = inside.split_once(')') else {
                    return Err(self.wrong_at(inside, Problem::Open));
                };
                self.rest = rest;
                Some(number.trim())
            }
            _ => name.strip_prefix('p').filter(|it| {
                let first = it.chars().next();
                first.is_none_or(|first| first.is_ascii_digit() || first == '.' || first == '-')
            }),
        };
        let Some(number) = number else {
            return Err(self.wrong_at(start, Problem::Figure(name.to_owned())));
        };
        let percentile = plain_number(number).filter(|it| (0.0..=100.0).contains(it));
        match percentile {
            Some(percentile) => Ok(Statistic::Percentile(percentile)),
            None => Err(self.wrong_at(start, Problem::Percentile)),
        }
    }

    fn action_in_brackets(&mut self, figure: Figure) -> Result<Option<String>> {
        self.skip_blanks();
        let start = self.rest;
        if !self.take("(") {
            return Ok(None);
        }
        self.skip_blanks();
        let action = match self.quoted()? {
            Some(quoted) => quoted,
            None => self.take_while(|it| it != ')').trim().to_owned(),
        };
        self.skip_blanks();
        if !self.take(")") {
            return Err(self.wrong_at(start, Problem::Open));
        }
        self.checked_action(action, figure, start).map(Some)
    }

    fn action_by_for(&mut self, figure: Figure) -> Result<Option<String>> {
        self.skip_blanks();
        let start = self.rest;
        if !self.take_word("for") {
            return Ok(None);
        }
        self.skip_blanks();
        let action = match self.quoted()? {
            Some(quoted) => quoted,
            None => self.words_of_a_name(),
        };
        self.checked_action(action, figure, start).map(Some)
    }

    fn checked_action(&self, action: String, figure: Figure, start: &str) -> Result<String> {
        if !figure.is_by_action() {
            let (figure, what) = (figure.name(), "an action");
            return Err(self.wrong_at(start, Problem::OfAll { figure, what }));
        }
        if action.is_empty() {
            return Err(self.wrong(Problem::Action));
        }
        Ok(action)
    }

    /// The words up to one that begins something else, with one blank between them.
    fn words_of_a_name(&mut self) -> String {
        let mut words = Vec::new();
        loop {
            self.skip_blanks();
            let before = self.rest;
            let word = self.take_while(|it| !it.is_whitespace());
            if word.is_empty() || RESERVED.contains(&word) {
                self.rest = before;
                return words.join(" ");
            }
            words.push(word);
        }
    }

    /// What stands in quotes, in which a backslash takes what follows as it is.
    fn quoted(&mut self) -> Result<Option<String>> {
        let start = self.rest;
        if !self.take("\"") {
            return Ok(None);
        }
        let mut name = String::new();
        let mut letters = self.rest.chars();
        while let Some(letter) = letters.next() {
            match letter {
                '"' => {
                    self.rest = letters.as_str();
                    return Ok(Some(name));
                }
                '\\' => name.extend(letters.next()),
                letter => name.push(letter),
            }
        }
        Err(self.wrong_at(start, Problem::Open))
    }

    fn operator(&mut self) -> Result<Operator> {
        self.skip_blanks();
        let found = Operator::ALL.iter().find(|(written, _)| self.take(written));
        match found {
            Some((_, operator)) => Ok(*operator),
            None => Err(self.wrong(Problem::Operator)),
        }
    }

    fn number(&mut self, kind: Kind) -> Result<(f64, Unit)> {
        self.skip_blanks();
        let start = self.rest;
        let written = self.take_while(|it| it.is_ascii_digit() || it == '.');
        let Some(number) = plain_number(written) else {
            return Err(self.wrong_at(start, Problem::Number(kind.example())));
        };
        let attached = self.rest;
        self.skip_blanks();
        let at = self.rest;
        let found = self.take_while(|it| !it.is_whitespace());
        let unit = kind.unit(found).or_else(|| {
            // what stands apart may be what comes next
            self.rest = at;
            let apart = found.is_empty() || at.len() < attached.len();
            kind.unit("").filter(|_| apart)
        });
        let Some(unit) = unit else {
            let (of, units) = kind.words();
            let found = found.to_owned();
            return Err(self.wrong_at(at, Problem::Unit { found, of, units }));
        };
        match unit {
            Unit::Share if number != 0.0 && number >= 1.0 => {
                Err(self.wrong_at(start, Problem::Share))
            }
            Unit::Percent if number > 100.0 => Err(self.wrong_at(start, Problem::Share)),
            Unit::Whole if number.fract() != 0.0 => Err(self.wrong_at(start, Problem::Fraction)),
            unit => Ok((number, unit)),
        }
    }

    fn scope(&mut self, figure: Figure) -> Result<Scope> {
        self.skip_blanks();
        let start = self.rest;
        let scope = match () {
            () if self.take_word("outside") => Scope::OutsideFaults,
            () if self.take_word("during") => Scope::DuringFaults,
            () => return Ok(Scope::Always),
        };
        if !self.take_word("faults") {
            return Err(self.wrong_at(start, Problem::Clause(start.to_owned())));
        }
        if !figure.is_by_fault() {
            let (figure, what) = (figure.name(), "a time with faults or without");
            return Err(self.wrong_at(start, Problem::OfAll { figure, what }));
        }
        Ok(scope)
    }

    fn ending(&mut self) -> Result<(bool, Option<Duration>)> {
        self.skip_blanks();
        let start = self.rest;
        if !self.take_word("or") {
            return Ok((false, None));
        }
        if !self.take_word("end") {
            return Err(self.wrong_at(start, Problem::Clause(start.to_owned())));
        }
        if !self.take_word("after") {
            return Ok((true, None));
        }
        self.skip_blanks();
        let Ok(after) = read_time(self.rest) else {
            return Err(self.wrong(Problem::Time));
        };
        self.rest = "";
        Ok((true, Some(after)))
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn take(&mut self, what: &str) -> bool {
        let rest = self.rest.strip_prefix(what);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes this word, after blanks, if it stands alone.
    fn take_word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word);
        let alone = rest.filter(|it| it.is_empty() || it.starts_with(char::is_whitespace));
        self.rest = alone.unwrap_or(self.rest);
        alone.is_some()
    }

    fn take_while(&mut self, is_part: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|it| !is_part(it));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Wrong where reading has come to.
    fn wrong(&self, problem: Problem) -> ThresholdError {
        self.wrong_at(self.rest, problem)
    }

    /// Wrong where what was left then begins.
    fn wrong_at(&self, left: &str, problem: Problem) -> ThresholdError {
        let before = self.text.len().saturating_sub(left.len());
        let letters = self.text.get(..before).unwrap_or(self.text).chars();
        ThresholdError::new(self.text, letters.count() + 1, problem)
    }
}

/// A number of digits, with a point perhaps.
fn plain_number(written: &str) -> Option<f64> {
    let is_plain = written.starts_with(|it: char| it.is_ascii_digit())
        && written.chars().all(|it| it.is_ascii_digit() || it == '.');
    let number: f64 = written.parse().ok().filter(|_| is_plain)?;
    number.is_finite().then_some(number)
}
