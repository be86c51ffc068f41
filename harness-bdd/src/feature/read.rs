//! From the text of a file to its features.

use std::path::Path;

use cucumber::gherkin::{Background, Feature, GherkinEnv, LineCol, Scenario, Step};

use super::{
    Departure, FeatureError, FeatureWarning, Loaded,
    dialect::{Chunk, MARK, Refusal, Repaired, repair},
    expand::expand,
};

/// Reads all features of a file's text into `loaded`.
pub(super) fn read(path: &Path, text: &str, loaded: &mut Loaded) {
    match features(path, text) {
        Ok((features, departures)) => {
            loaded.features.extend(features);
            let warning = |(line, departure)| FeatureWarning::new(path, line, departure);
            let (remarks, warnings): (Vec<_>, Vec<_>) = departures
                .into_iter()
                .map(warning)
                .partition(|warning| warning.departure.is_for_lint());
            loaded.remarks.extend(remarks);
            loaded.warnings.extend(warnings);
        }
        Err(error) => loaded.refused.push(error),
    }
}

type Read = (Vec<Feature>, Vec<(usize, Departure)>);

fn features(path: &Path, text: &str) -> Result<Read, FeatureError> {
    let stem = path
        .file_stem()
        .map_or("feature".into(), |stem| stem.to_string_lossy());
    let Repaired {
        chunks,
        mut departures,
    } = repair(&stem, text).map_err(|refusal| refused(path, refusal))?;
    let mut features = Vec::new();
    for chunk in &chunks {
        let mut feature = Feature::parse(&chunk.text, GherkinEnv::default())
            .map_err(|error| FeatureError::from_parser(path, &error, &chunk.text, &chunk.lines))?;
        let told = expand(&mut feature, chunk);
        let number = |line: usize| line_in_file(&chunk.lines, line);
        departures.extend(told.into_iter().map(|(line, departure)| match departure {
            Departure::RepeatedRow { first } => {
                let first = number(first);
                (number(line), Departure::RepeatedRow { first })
            }
            other => (number(line), other),
        }));
        finish(&mut feature, chunk);
        feature.path = Some(path.to_owned());
        if feature.scenarios.is_empty()
            && feature.rules.iter().all(|rule| rule.scenarios.is_empty())
        {
            departures.push((feature.position.line, Departure::NoScenario));
        } else {
            features.push(feature);
        }
    }
    departures.sort_by_key(|(line, _)| *line);
    Ok((features, departures))
}

fn refused(path: &Path, refusal: Refusal) -> FeatureError {
    FeatureError::Syntax {
        path: path.to_owned(),
        line: refusal.line,
        column: refusal.column,
        reason: refusal.reason,
    }
}

/// The number in the file of a line of the text that was parsed.
pub(super) fn line_in_file(lines: &[usize], line: usize) -> usize {
    let known = line.checked_sub(1).and_then(|index| lines.get(index));
    known.or(lines.last()).copied().unwrap_or(line)
}

/// Takes the marks away, and gives everything its line in the file.
fn finish(feature: &mut Feature, chunk: &Chunk) {
    let place = |position: &mut LineCol| position.line = line_in_file(&chunk.lines, position.line);
    let steps = |steps: &mut Vec<Step>| {
        for step in steps {
            place(&mut step.position);
            step.table
                .iter_mut()
                .for_each(|table| place(&mut table.position));
        }
    };
    let background = |background: &mut Option<Background>| {
        if let Some(background) = background {
            place(&mut background.position);
            steps(&mut background.steps);
            unmark(&mut background.description);
        }
    };
    let scenarios = |scenarios: &mut Vec<Scenario>| {
        for scenario in scenarios {
            place(&mut scenario.position);
            steps(&mut scenario.steps);
            unmark(&mut scenario.description);
            rejoin(&mut scenario.tags);
            for examples in &mut scenario.examples {
                place(&mut examples.position);
                examples
                    .table
                    .iter_mut()
                    .for_each(|table| place(&mut table.position));
                unmark(&mut examples.description);
                rejoin(&mut examples.tags);
            }
        }
    };
    place(&mut feature.position);
    unmark(&mut feature.description);
    rejoin(&mut feature.tags);
    background(&mut feature.background);
    scenarios(&mut feature.scenarios);
    for rule in &mut feature.rules {
        place(&mut rule.position);
        unmark(&mut rule.description);
        rejoin(&mut rule.tags);
        background(&mut rule.background);
        scenarios(&mut rule.scenarios);
    }
}

fn unmark(description: &mut Option<String>) {
    if let Some(text) = description.as_mut().filter(|text| text.contains(MARK)) {
        text.retain(|character| character != MARK);
    }
}

fn rejoin(tags: &mut [String]) {
    for tag in tags.iter_mut().filter(|tag| tag.contains(MARK)) {
        *tag = tag.replace(MARK, " ");
    }
}
