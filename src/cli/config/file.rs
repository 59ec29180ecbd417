//! Reading the file of settings: every mistake with its place, each key that is wrong as if it were absent.

use std::io;
use std::path::Path;

use anyhow::Context as _;

use super::{
    KnownCommands, ListingColumns, ListingSettings, SettingsFile, StatedSetting, UserSettings,
};
use crate::diagnostic::{Diagnostic, Diagnostics, Nearest as _, WRONG_VALUE};
use crate::folder::read_file;
use crate::report::is_free_column;
use crate::source::{SourceText, told};
use crate::toml_table::{TomlStore, TomlTable, TomlValue, parse_toml};
use crate::words::{Phrase, Wording, both, say};

/// The most bytes of a file of settings.
const MOST: u64 = 1024 * 1024;

/// The most rows that a setting may show.
const MOST_ROWS: i64 = 1_000_000_000;

impl UserSettings {
    /// Reads the settings; none where the usual file is not there.
    ///
    /// # Errors
    /// If a file that is named cannot be read.
    pub(in crate::cli) fn read(
        file: &SettingsFile,
        commands: &KnownCommands<'_>,
    ) -> anyhow::Result<Self> {
        let Some(path) = file.path() else {
            return Ok(Self::default());
        };
        match read_file(path, MOST) {
            Ok(bytes) => {
                let text = String::from_utf8_lossy(&bytes);
                Ok(Self::of_text(&text, path, commands))
            }
            Err(error) if matches!(file, SettingsFile::Usual(_)) => {
                let mut settings = Self::default();
                if error.kind() != io::ErrorKind::NotFound {
                    let path = told(&path.display().to_string()).into_owned();
                    settings
                        .faults
                        .push(both!("{path}: {}", "{path}：{}", error));
                }
                Ok(settings)
            }
            Err(error) => {
                let path = told(&path.display().to_string()).into_owned();
                Err(error).with_context(|| {
                    say!("cannot read the settings `{path}`", "无法读取设置 `{path}`")
                })
            }
        }
    }

    /// Reads settings from a text.
    pub(in crate::cli) fn of_text(text: &str, path: &Path, commands: &KnownCommands<'_>) -> Self {
        let name = path.display().to_string();
        let source = SourceText::new(name.as_str(), text);
        let mut diagnostics = Diagnostics::default();
        let mut store = TomlStore::default();
        let mut settings = Self::default();
        {
            let document = parse_toml(&source, &mut store, &mut diagnostics);
            let mut root = document.root(&mut diagnostics);
            let line = |span: std::ops::Range<usize>| source.place(span).line;
            let line = |span| usize::try_from(line(span)).expect("settings are a small file");
            settings.book = root.text_value("book").map(|(text, span)| StatedSetting {
                value: text.to_owned(),
                line: line(span),
            });
            settings.lang = word(&mut root, "lang", &["zh", "en", "auto"], &line);
            settings.units = word(&mut root, "units", &["yuan", "wan", "yi"], &line);
            settings.color = word(&mut root, "color", &["auto", "never"], &line);
            settings.pager = word(&mut root, "pager", &["auto", "never"], &line);
            if let Some(mut table) = root.table("command") {
                settings.read_listings(&mut table, commands, &line);
            }
            if let Some(mut table) = root.table("alias") {
                settings.read_aliases(&mut table, &commands.names, &line);
            }
            root.finish();
        }
        settings.faults = diagnostics.listed().iter().map(one_line).collect();
        settings
    }

    fn read_listings(
        &mut self,
        table: &mut TomlTable<'_, '_>,
        commands: &KnownCommands<'_>,
        line: &dyn Fn(std::ops::Range<usize>) -> usize,
    ) {
        for (name, value) in table.entries() {
            let command = name.get_ref().to_string();
            let Some(mut below) = table.below(&format!("command.{command}"), &value) else {
                continue;
            };
            let columns = below.text_value("columns");
            let sort = below.text_value("sort");
            let at = below.value("limit").map_or(0, |it| line(it.span()));
            let limit = below.whole("limit", 0, MOST_ROWS);
            let limit = limit.and_then(|it| usize::try_from(it).ok());
            below.finish();
            let names = &commands.names;
            if !names.contains(&command.as_str()) {
                let message = both!(
                    "no command is called `{command}`",
                    "没有名为 `{command}` 的命令"
                );
                let help = names.iter().copied().help(&command);
                table.report(WRONG_VALUE, name.span(), message, help);
                continue;
            }
            let Some(listing) = (commands.columns)(&command) else {
                let message = both!(
                    "`{command}` has no listing whose columns, order and length could be set",
                    "`{command}` 没有可以设置列、排序和行数的列表"
                );
                table.report(WRONG_VALUE, name.span(), message, None);
                continue;
            };
            let mut stated = |text: Option<(&str, std::ops::Range<usize>)>, signs: &[char]| {
                let (text, span) = text?;
                if let Some(unknown) = unknown_column(text, signs, &listing) {
                    let message = both!(
                        "no column of `{command}` is called `{unknown}`",
                        "`{command}` 没有名为 `{unknown}` 的列"
                    );
                    let help = listing.known.iter().copied().help(unknown);
                    table.report(WRONG_VALUE, span, message, help);
                    return None;
                }
                Some(StatedSetting {
                    value: text.to_owned(),
                    line: line(span),
                })
            };
            let columns = stated(columns, &['+', '-']);
            let sort = stated(sort, &['-']);
            let limit = limit.map(|value| StatedSetting { value, line: at });
            self.listings.push((
                command,
                ListingSettings {
                    columns,
                    sort,
                    limit,
                },
            ));
        }
    }

    fn read_aliases(
        &mut self,
        table: &mut TomlTable<'_, '_>,
        commands: &[&str],
        line: &dyn Fn(std::ops::Range<usize>) -> usize,
    ) {
        for (name, value) in table.entries() {
            let alias = name.get_ref().to_string();
            let span = value.span();
            let words: Option<Vec<String>> = match value.get_ref() {
                TomlValue::String(text) => {
                    Some(text.split_whitespace().map(str::to_owned).collect())
                }
                TomlValue::Array(list) => list
                    .iter()
                    .map(|it| match it.get_ref() {
                        TomlValue::String(text) => Some(text.to_string()),
                        _ => None,
                    })
                    .collect(),
                _ => None,
            };
            let Some(words) = words else {
                let message = both!(
                    "the alias `{alias}` is a text or a list of texts",
                    "别名 `{alias}` 应当是文本或文本的列表"
                );
                table.report(WRONG_VALUE, span, message, None);
                continue;
            };
            let first = words.first().map_or("", String::as_str);
            if !commands.contains(&first) {
                let message = both!(
                    "the alias `{alias}` begins with `{first}`, which is no command",
                    "别名 `{alias}` 以 `{first}` 开头，而没有这个命令"
                );
                table.report(
                    WRONG_VALUE,
                    span,
                    message,
                    commands.iter().copied().help(first),
                );
                continue;
            }
            if commands.contains(&alias.as_str()) {
                let message = both!(
                    "`{alias}` is a command, which goes before an alias",
                    "`{alias}` 是命令，命令先于别名"
                );
                let help = Phrase("give the alias another name", "给别名换一个名字");
                table.report(WRONG_VALUE, name.span(), message, help);
                continue;
            }
            let line = line(name.span());
            self.aliases
                .push((alias, StatedSetting { value: words, line }));
        }
    }
}

/// Reads one of a few words.
fn word(
    root: &mut TomlTable<'_, '_>,
    key: &'static str,
    words: &'static [&'static str],
    line: &dyn Fn(std::ops::Range<usize>) -> usize,
) -> Option<StatedSetting<&'static str>> {
    let span = root.value(key).map(|it| it.span());
    let found = root.one_of(key, words)?;
    Some(StatedSetting {
        value: words[found],
        line: span.map_or(0, line),
    })
}

/// Returns the first word of a choice of columns that cannot be one. Free keys, and figures made of others as
/// `change:revenue` is, are looked at when there is a book.
fn unknown_column<'t>(text: &'t str, signs: &[char], listing: &ListingColumns) -> Option<&'t str> {
    let words = text.split(',').map(str::trim);
    let mut names = words.map(|it| it.strip_prefix(signs).unwrap_or(it));
    let may_be = |it: &str| listing.are_more && (it.contains(':') || is_free_column(it));
    names.find(|it| !listing.known.contains(it) && !may_be(it))
}

/// Returns what is wrong in one line.
///
/// The settings are read before it is known which language is spoken.
fn one_line(diagnostic: &Diagnostic) -> Wording {
    let place = diagnostic.place.as_ref().map_or_else(String::new, |it| {
        format!("{}:{}:{}: ", told(&it.path), it.line, it.column)
    });
    let help = diagnostic.help.as_ref();
    let help = help.map_or_else(Wording::default, |it| both!(" ({})", "（{}）", it));
    both!("{place}{}{}", "{place}{}{}", diagnostic.message, help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> UserSettings {
        let commands = KnownCommands {
            names: vec!["due", "list", "show"],
            columns: &|command| {
                let columns = ListingColumns {
                    known: vec!["region", "phone", "annual_value"],
                    are_more: command == "due",
                };
                (command != "show").then_some(columns)
            },
        };
        UserSettings::of_text(text, Path::new("config.toml"), &commands)
    }

    #[test]
    fn every_key_is_read_with_its_line() {
        let settings = of(
            "book = \"~/b\"\nlang = \"en\"\nunits = \"wan\"\ncolor = \"never\"\n\
             pager = \"auto\"\n[command.due]\ncolumns = \"+region,-phone\"\nsort = \"-annual_value\"\n\
             limit = 20\n[alias]\nmorning = \"due --within 3d -c +region\"\n\
             mine = [\"list\", \"owner = li.wei and overdue > 0\"]\n",
        );
        assert_eq!(settings.faults, []);
        let lang = settings.lang.as_ref().unwrap();
        assert_eq!((lang.value, lang.line), ("en", 2));
        let due = settings.listing("due").unwrap();
        assert_eq!(due.columns.as_ref().unwrap().value, "+region,-phone");
        let limit = due.limit.as_ref().unwrap();
        assert_eq!((limit.value, limit.line), (20, 9));
        assert_eq!(
            settings.alias("mine").unwrap(),
            ["list", "owner = li.wei and overdue > 0"]
        );
        assert_eq!(settings.aliases[0].1.line, 11);
        assert_eq!(settings.alias("morning").unwrap().len(), 5);
    }

    #[test]
    fn what_is_wrong_is_told_and_counts_as_absent() {
        for (text, told) in [
            ("lnag = \"zh\"", "config.toml:1:1: "),
            (
                "lang = \"de\"",
                "config.toml:1:8: `lang` is `zh`, `en` or `auto`, not `de`",
            ),
            ("color = \"always\"", "config.toml:1:9: "),
            (
                "[alias]\nx = \"lst\"",
                "config.toml:2:5: the alias `x` begins with `lst`, which is no command (did you mean `list`?)",
            ),
            (
                "[alias]\nlist = \"due\"",
                "config.toml:2:1: `list` is a command, which goes before an alias (give the alias another name)",
            ),
            (
                "[alias]\nx = 3",
                "config.toml:2:5: the alias `x` is a text or a list of texts",
            ),
            (
                "[command.lits]\nlimit = 3",
                "config.toml:1:10: no command is called `lits` (did you mean `list`?)",
            ),
            ("[command.list]\nlimit = -3", "config.toml:2:9: "),
            (
                "[command.show]\nlimit = 3",
                "config.toml:1:10: `show` has no listing whose columns, order and length could be set",
            ),
            (
                "[command.due]\ncolumns = \"+custom.x,-phne\"",
                "config.toml:2:11: no column of `due` is called `phne` (did you mean `phone`?)",
            ),
            (
                "[command.due]\nsort = \"+region\"",
                "config.toml:2:8: no column of `due` is called `+region`",
            ),
            (
                "[command.list]\ncolumns = \"custom.x\"",
                "config.toml:2:11: no column of `list` is called `custom.x`",
            ),
            (
                "[command.due]\ncolumns = \"phone,\"",
                "config.toml:2:11: no column of `due` is called ``",
            ),
        ] {
            let settings = of(text);
            assert_eq!(settings.faults.len(), 1, "{text}: {:?}", settings.faults);
            assert!(
                settings.faults[0].english().starts_with(told),
                "{text}: {:?}",
                settings.faults
            );
            assert!(settings.lang.is_none() && settings.aliases.is_empty());
            let listing = settings.listing("due");
            assert!(listing.is_none_or(|it| it.columns.is_none() && it.sort.is_none()));
        }
    }
}
