//! Users that walk over the state graph.

use super::error::Place;
use super::mentions::Wanted;
use super::names::KnownNames;
use super::table::Table;
use super::telescope::FileTelescope;

/// Users that walk over the state graph, by chance from their seeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileWalk {
    /// The only commands that are sent; empty for all that the rules know.
    pub commands: Vec<String>,
    /// Those that are sent: these, or all that the rules know.
    pub(super) sent: Vec<String>,
    /// Where it stands in the file.
    pub place: Place,
}

impl FileWalk {
    pub(super) fn read(
        table: &Table<'_>,
        names: &KnownNames,
        telescope: Option<&FileTelescope>,
    ) -> Option<FileWalk> {
        let is_simulated = telescope.is_none_or(|it| it.choice.is_simulated());
        let rules = telescope.map(|it| it.rules.as_deref());
        if rules == Some(None) {
            table.wrong("needs rules of what is taken where: see `rules` of the telescope");
        }
        let mut known: Vec<&str> = Vec::new();
        for (name, commands) in &names.rules {
            if rules.is_none_or(|rules| rules == Some(name)) {
                known.extend(commands.iter().map(String::as_str));
            }
        }
        known.sort_unstable();
        known.dedup();
        let all = table.get("all-commands");
        let is_all = all.as_ref().and_then(|it| it.flag()).unwrap_or(false);
        let commands = table.get("commands");
        match (&commands, &all) {
            (Some(_), Some(all)) if is_all => {
                all.wrong("there is `commands` too: one of them is enough");
            }
            (None, _) if !is_all && !is_simulated => table.wrong(
                "it is not said which commands may be sent to this telescope: name them in \
                 `commands`, or let all be sent, Abort and Restart too, with `all-commands = true`",
            ),
            _ => {}
        }
        if commands.is_none() {
            for command in &known {
                let (span, key) = (&table.span, &table.path);
                table
                    .notes
                    .mention(span, key, command, Wanted::CommandOfRules);
            }
        }
        let sent = commands.map_or(Some(Vec::new()), |commands| {
            let sent = commands.list_of(|it| {
                let command = it.one_of("command", &known)?;
                it.mention(command, Wanted::Command);
                Some(command)
            })?;
            if sent.is_empty() {
                commands.wrong("must not be empty");
            }
            Some(sent)
        });
        table.end();
        let owned = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let commands = owned(sent?);
        Some(FileWalk {
            sent: match commands.is_empty() {
                true => owned(known),
                false => commands.clone(),
            },
            commands,
            place: table.notes.place(&table.span),
        })
    }
}
