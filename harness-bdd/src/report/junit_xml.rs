//! Cases of a JUnit file, and writing them.

use std::io;

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};

use super::RunReport;

/// The cases of one feature file.
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) file: String,
    pub(super) cases: Vec<Case>,
}

/// One case; one without findings that count has passed.
#[derive(Default)]
pub(super) struct Case {
    pub(super) name: String,
    pub(super) class: String,
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) seconds: f64,
    pub(super) findings: Vec<Finding>,
    pub(super) properties: Vec<(&'static str, String)>,
    pub(super) out: String,
    pub(super) err: String,
}

/// What there is to be said of a case.
pub(super) struct Finding {
    pub(super) kind: Kind,
    /// What kind of failure it is, for those who count them.
    pub(super) class: &'static str,
    /// In a line.
    pub(super) message: String,
    /// In full.
    pub(super) account: String,
    pub(super) seconds: Option<f64>,
}

/// The element that a finding becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Failure,
    Error,
    Skipped,
    /// An attempt that failed before one that passed.
    FlakyFailure,
    /// An attempt that failed before another one that did.
    RerunFailure,
}

impl Kind {
    fn element(self) -> &'static str {
        match self {
            Self::Failure => "failure",
            Self::Error => "error",
            Self::Skipped => "skipped",
            Self::FlakyFailure => "flakyFailure",
            Self::RerunFailure => "rerunFailure",
        }
    }
}

impl Finding {
    pub(super) fn of(kind: Kind) -> Self {
        Self {
            kind,
            class: "",
            message: String::new(),
            account: String::new(),
            seconds: None,
        }
    }
}

/// The file's text.
pub(super) fn written(name: &str, report: &RunReport, suites: &[Suite]) -> io::Result<String> {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let cases = || suites.iter().flat_map(|suite| &suite.cases);
    let mut attributes = vec![("name", name.to_owned())];
    attributes.extend(counts(cases()));
    attributes.push(("time", time(report.duration_seconds)));
    element(&mut writer, "testsuites", attributes, |writer| {
        for suite in suites {
            let mut attributes = vec![("name", suite.name.clone())];
            attributes.extend(counts(suite.cases.iter()));
            attributes.push((
                "time",
                time(suite.cases.iter().map(|case| case.seconds).sum()),
            ));
            attributes.push(("timestamp", report.started.clone()));
            attributes.push(("file", suite.file.clone()));
            element(writer, "testsuite", attributes, |writer| {
                suite.cases.iter().try_for_each(|one| case(writer, one))
            })?;
        }
        Ok(())
    })?;
    String::from_utf8(writer.into_inner()).map_err(io::Error::other)
}

type Xml = Writer<Vec<u8>>;

fn case(writer: &mut Xml, case: &Case) -> io::Result<()> {
    let attributes = vec![
        ("name", case.name.clone()),
        ("classname", case.class.clone()),
        ("file", case.file.clone()),
        ("line", case.line.to_string()),
        ("time", time(case.seconds)),
    ];
    element(writer, "testcase", attributes, |writer| {
        if !case.properties.is_empty() {
            element(writer, "properties", Vec::new(), |writer| {
                case.properties.iter().try_for_each(|(name, value)| {
                    let attributes = vec![("name", (*name).to_owned()), ("value", value.clone())];
                    empty(writer, "property", attributes)
                })
            })?;
        }
        for one in &case.findings {
            finding(writer, one)?;
        }
        for (name, value) in [("system-out", &case.out), ("system-err", &case.err)] {
            if !value.is_empty() {
                text(writer, name, Vec::new(), value)?;
            }
        }
        Ok(())
    })
}

fn finding(writer: &mut Xml, finding: &Finding) -> io::Result<()> {
    let mut attributes = vec![("message", finding.message.clone())];
    if !finding.class.is_empty() {
        attributes.push(("type", finding.class.to_owned()));
    }
    let name = finding.kind.element();
    match finding.kind {
        Kind::Skipped => empty(writer, name, attributes),
        Kind::Failure | Kind::Error => text(writer, name, attributes, &finding.account),
        // As Surefire, which invented these two.
        Kind::FlakyFailure | Kind::RerunFailure => {
            attributes.extend(finding.seconds.map(|seconds| ("time", time(seconds))));
            element(writer, name, attributes, |writer| {
                text(writer, "stackTrace", Vec::new(), &finding.account)
            })
        }
    }
}

fn counts<'a>(cases: impl Iterator<Item = &'a Case> + Clone) -> [(&'static str, String); 4] {
    let of = |kind: Kind| {
        let has = |case: &&Case| case.findings.iter().any(|finding| finding.kind == kind);
        cases.clone().filter(has).count().to_string()
    };
    [
        ("tests", cases.clone().count().to_string()),
        ("failures", of(Kind::Failure)),
        ("errors", of(Kind::Error)),
        ("skipped", of(Kind::Skipped)),
    ]
}

type Attributes = Vec<(&'static str, String)>;

fn element(
    writer: &mut Xml,
    name: &str,
    attributes: Attributes,
    content: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    with(writer, name, attributes, |element| {
        element.write_inner_content(content).map(drop)
    })
}

fn text(writer: &mut Xml, name: &str, attributes: Attributes, text: &str) -> io::Result<()> {
    with(writer, name, attributes, |element| {
        element
            .write_text_content(BytesText::new(&clean(text)))
            .map(drop)
    })
}

fn empty(writer: &mut Xml, name: &str, attributes: Attributes) -> io::Result<()> {
    with(writer, name, attributes, |element| {
        element.write_empty().map(drop)
    })
}

fn with(
    writer: &mut Xml,
    name: &str,
    attributes: Attributes,
    write: impl FnOnce(quick_xml::writer::ElementWriter<'_, Vec<u8>>) -> io::Result<()>,
) -> io::Result<()> {
    let attributes: Vec<(&str, String)> = attributes
        .into_iter()
        .map(|(name, value)| (name, clean(&value)))
        .collect();
    let attributes = attributes
        .iter()
        .map(|(name, value)| (*name, value.as_str()));
    write(writer.create_element(name).with_attributes(attributes))
}

fn time(seconds: f64) -> String {
    format!("{seconds:.3}")
}

/// Without the characters that no XML may hold, not even escaped; devices say anything.
fn clean(text: &str) -> String {
    let allowed = |letter: &char| {
        matches!(letter, '\t' | '\n' | '\r')
            || (!matches!(letter, '\0'..'\u{20}') && !matches!(letter, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().filter(allowed).collect()
}
