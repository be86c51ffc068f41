//! How often a scenario that failed is tried again.

use std::time::Duration;

use super::case::Case;

/// How often, and after which pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Retries {
    pub(super) times: usize,
    pub(super) after: Duration,
}

impl Retries {
    /// What the scenario's own tag says (`@retry`, `@retry(3)`, `@retry(3).after(2s)`, the nearest
    /// one), or else what the run says.
    pub(super) fn of(case: &Case, of_the_run: usize) -> Self {
        case.all_tags().find_map(from_tag).unwrap_or(Self {
            times: of_the_run,
            after: Duration::ZERO,
        })
    }
}

fn from_tag(tag: &str) -> Option<Retries> {
    let rest = tag.strip_prefix("retry")?;
    let (times, rest) = match rest.strip_prefix('(') {
        Some(rest) => {
            let (times, rest) = rest.split_once(')')?;
            (times.trim().parse().ok()?, rest)
        }
        None => (1, rest),
    };
    let after = match rest {
        "" => Duration::ZERO,
        rest => humantime::parse_duration(rest.strip_prefix(".after(")?.strip_suffix(')')?).ok()?,
    };
    Some(Retries { times, after })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_says_how_often_and_when() {
        let retries = |times, seconds| {
            Some(Retries {
                times,
                after: Duration::from_secs(seconds),
            })
        };
        assert_eq!(from_tag("retry"), retries(1, 0));
        assert_eq!(from_tag("retry(3)"), retries(3, 0));
        assert_eq!(from_tag("retry(3).after(2s)"), retries(3, 2));
        assert_eq!(from_tag("retry.after(2s)"), retries(1, 2));
        for other in ["retrying", "retry(x)", "smoke", "retry(1).before(2s)"] {
            assert_eq!(from_tag(other), None, "{other}");
        }
    }
}
