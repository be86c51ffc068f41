//! Which part of a suite this runner takes: said by hand, or by what started it.

use std::str::FromStr;

use harness_bdd::suite::{Shard, ShardError};

/// What `--shard` was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ShardArgument {
    /// `2/4`
    Given(Shard),
    /// `auto`, or `auto/4`
    Auto(Option<usize>),
}

/// What started this process does not say which shard it is.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AutoShardError {
    #[error(
        "which shard this is isn't known: neither CI_NODE_INDEX and CI_NODE_TOTAL (a parallel job of \
         GitLab) nor JOB_COMPLETION_INDEX (an Indexed Job of Kubernetes) is set; say --shard 2/4"
    )]
    NotStarted,
    #[error(
        "JOB_COMPLETION_INDEX is set, but Kubernetes does not tell how many there are: say \
         --shard auto/4 for `completions: 4`"
    )]
    HowMany,
    #[error("{variable} is `{value}`, which is no number")]
    NotANumber {
        variable: &'static str,
        value: String,
    },
    #[error(transparent)]
    NoSuchShard(#[from] ShardError),
}

impl ShardArgument {
    /// The shard, from the environment if that is to say it.
    pub(crate) fn resolve(self) -> Result<Shard, AutoShardError> {
        self.resolve_with(|variable| std::env::var(variable).ok())
    }

    fn resolve_with(
        self,
        variable: impl Fn(&'static str) -> Option<String>,
    ) -> Result<Shard, AutoShardError> {
        let of = match self {
            Self::Given(shard) => return Ok(shard),
            Self::Auto(of) => of,
        };
        let number = |name: &'static str| -> Result<Option<usize>, AutoShardError> {
            let Some(value) = variable(name) else {
                return Ok(None);
            };
            let number = value.trim().parse();
            number.map(Some).map_err(|_| AutoShardError::NotANumber {
                variable: name,
                value,
            })
        };
        // Counted from 0.
        if let Some(index) = number("JOB_COMPLETION_INDEX")? {
            let of = of.ok_or(AutoShardError::HowMany)?;
            return Ok(Shard::new(index + 1, of)?);
        }
        // Counted from 1.
        match (number("CI_NODE_INDEX")?, of.or(number("CI_NODE_TOTAL")?)) {
            (Some(index), Some(of)) => Ok(Shard::new(index, of)?),
            _ => Err(AutoShardError::NotStarted),
        }
    }
}

impl FromStr for ShardArgument {
    type Err = ShardError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "auto" {
            return Ok(Self::Auto(None));
        }
        match text.strip_prefix("auto/") {
            // As the first of so many, which there must be.
            Some(of) => format!("1/{of}")
                .parse::<Shard>()
                .map(|shard| Self::Auto(Some(shard.of()))),
            None => text.parse().map(Self::Given),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str, environment: &[(&str, &str)]) -> Result<String, String> {
        let argument: ShardArgument = text
            .parse()
            .map_err(|error: ShardError| error.to_string())?;
        let find = |name: &'static str| {
            let mut variables = environment.iter();
            variables
                .find(|(other, _)| *other == name)
                .map(|(_, value)| (*value).to_owned())
        };
        let shard = argument.resolve_with(find);
        shard
            .map(|shard| shard.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_shard_is_said_by_hand_by_gitlab_or_by_kubernetes() {
        assert_eq!(resolved("2/4", &[]).unwrap(), "2/4");
        let gitlab = [("CI_NODE_INDEX", "4"), ("CI_NODE_TOTAL", "4")];
        assert_eq!(resolved("auto", &gitlab).unwrap(), "4/4");
        assert_eq!(
            resolved("auto/4", &[("JOB_COMPLETION_INDEX", "0")]).unwrap(),
            "1/4"
        );
    }

    #[test]
    fn what_is_missing_is_told() {
        for (text, environment, word) in [
            ("auto", &[][..], "CI_NODE_TOTAL"),
            ("auto", &[("JOB_COMPLETION_INDEX", "0")], "--shard auto/4"),
            (
                "auto/4",
                &[("JOB_COMPLETION_INDEX", "4")],
                "`5/4` is not a shard",
            ),
            ("auto/4", &[("JOB_COMPLETION_INDEX", "x")], "no number"),
            ("auto/0", &[], "is not a shard"),
            ("3/2", &[], "`3/2` is not a shard"),
        ] {
            let error = resolved(text, environment).unwrap_err();
            assert!(error.contains(word), "{text}: {error}");
        }
    }
}
