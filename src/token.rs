//! The token that controls over HTTP ask for.

use crate::output;

/// Where it can be given: by a variable it does not show in the list of processes.
const TOKEN_VARIABLE: &str = "HARNESS_HTTP_TOKEN";

/// The token that was given.
pub(crate) fn token(argument: Option<&str>) -> Option<String> {
    let given = argument.map(str::to_owned);
    given.or_else(|| std::env::var(TOKEN_VARIABLE).ok())
}

/// A token that was made must be told; one that was given is known. Gives what was told.
pub(crate) fn say_made_token<'a>(
    needed: Option<&'a str>,
    argument: Option<&str>,
) -> Option<&'a str> {
    let made = needed.filter(|_| token(argument).is_none())?;
    output::say(format_args!("{TOKEN_VARIABLE}={made}"));
    Some(made)
}
