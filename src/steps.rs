//! `harness steps`: lists the steps that feature files can use, and says what a line is.

use harness_bdd::{
    FoundStep, HarnessWorld, Keyword, Reading, StepBook, StepFinder, books::telescope_steps,
};

use crate::{
    arguments::{StepsArguments, StepsFormat},
    exit::Exit,
    output,
    problem::Problem,
    system::read_config,
};

/// What stands above the reference.
const MARKDOWN_HEADING: &str = "\
# Steps

The steps that come with the harness, by families. `harness steps WORDS..` searches them, `harness steps --explain LINE` says which of them a line is.
Case, articles and a full stop at the end mean nothing, typing errors are mended and told. In patterns `[..]` may be left out, `(a|b)` is one of them,
`<name:kind>` is filled in, and `{verb}` stands for the ways of saying it. Written by `harness steps --format markdown`.
";

/// Lists the steps, or explains a line.
pub(crate) fn steps(arguments: &StepsArguments) -> Result<Exit, Problem> {
    let config = arguments.telescope.as_deref();
    let config = config.map(read_config).transpose()?;
    let devices = config.iter().flat_map(|config| config.device_names());
    let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
    let finder = StepFinder::new(book, devices).map_err(Problem::usage)?;
    if let Some(line) = &arguments.explain {
        return Ok(explain(&finder, line));
    }
    if arguments.overlaps {
        return Ok(overlaps(&finder));
    }
    list(&finder, arguments)
}

fn list(finder: &StepFinder<HarnessWorld>, arguments: &StepsArguments) -> Result<Exit, Problem> {
    let mut catalogue = finder.catalogue().with_words(&arguments.words);
    if let Some(family) = &arguments.family {
        catalogue = catalogue.of_family(family);
    }
    match arguments.format {
        StepsFormat::Text => output::say(catalogue.to_string().trim_end()),
        StepsFormat::Markdown => output::say(format_args!(
            "{MARKDOWN_HEADING}\n{}",
            catalogue.to_markdown().trim_end()
        )),
        StepsFormat::Json => output::say(catalogue.to_json()),
    }
    if !catalogue.entries().is_empty() {
        return Ok(Exit::Passed);
    }
    let families = finder.catalogue().families();
    let families: Vec<&str> = families.into_iter().flatten().collect();
    output::complain(format_args!(
        "no step is like that; the families are: {}",
        families.join(", ")
    ));
    Ok(Exit::NothingRan)
}

/// Says what a line is under its keyword, or under each of them.
fn explain(finder: &StepFinder<HarnessWorld>, text: &str) -> Exit {
    let (keywords, line) = keyword(text);
    let mut told: Vec<(Vec<Keyword>, Reading)> = Vec::new();
    for &keyword in keywords {
        let reading = finder.read(keyword, line);
        if reading.steps.is_empty() {
            continue;
        }
        match told.iter_mut().find(|(_, known)| *known == reading) {
            Some((keywords, _)) => keywords.push(keyword),
            None => told.push((vec![keyword], reading)),
        }
    }
    for (keywords, reading) in &told {
        let keywords: Vec<_> = keywords.iter().map(Keyword::to_string).collect();
        tell(&keywords.join(", "), reading);
    }
    if told.iter().any(|(_, reading)| reading.step().is_some()) {
        return Exit::Passed;
    }
    if told.is_empty() {
        let first = keywords.first().copied().unwrap_or(Keyword::Given);
        output::say(match finder.catalogue().nearest(first, line) {
            Some(nearest) => format!("no step; the nearest is: {nearest}"),
            None => "no step, and none is near; `harness steps` lists those there are".to_owned(),
        });
    }
    Exit::NothingRan
}

/// `Given x` -> Given, `x`; without a keyword all of them.
fn keyword(text: &str) -> (&'static [Keyword], &str) {
    let text = text.trim();
    let first = text.split_once(char::is_whitespace);
    let (keyword, line) = first.unwrap_or((text, ""));
    match Keyword::ALL
        .iter()
        .position(|known| known.to_string().eq_ignore_ascii_case(keyword))
    {
        Some(index) => (Keyword::ALL.get(index..=index).unwrap_or_default(), line),
        None => (Keyword::ALL, text),
    }
}

fn tell(keywords: &str, reading: &Reading) {
    for (index, step) in reading.steps.iter().enumerate() {
        let part = match index {
            _ if index < reading.equals && reading.equals > 1 => "ambiguous: ",
            0 => "",
            _ => "also, but not used: ",
        };
        output::say(format_args!("{keywords}: {part}{}", title(step)));
        for (name, words) in &step.filled {
            output::say(format_args!("    {name} = {words}"));
        }
    }
    if let Some(mended) = &reading.mended {
        output::say(format_args!("    read as: {mended}"));
    }
}

fn title(step: &FoundStep) -> String {
    let family = step
        .family
        .map(|family| format!("{family}: "))
        .unwrap_or_default();
    let place = step
        .location
        .map(|location| format!("   # {}:{}", location.path, location.line))
        .unwrap_or_default();
    format!("{family}{}{place}", step.expression)
}

/// Lists the examples that several steps match.
fn overlaps(finder: &StepFinder<HarnessWorld>) -> Exit {
    let overlaps = finder.overlaps();
    let (taken, kept): (Vec<_>, Vec<_>) = overlaps.iter().partition(|overlap| overlap.is_taken());
    for overlap in kept.iter().chain(&taken) {
        output::say(overlap);
    }
    output::say(format_args!(
        "{} examples are of several steps; {} of them go to another step than theirs",
        overlaps.len(),
        taken.len()
    ));
    Exit::Passed
}
