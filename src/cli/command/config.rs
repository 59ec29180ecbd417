//! `guanxi config`: the user's own settings, each with its value and where that comes from.

use std::path::Path;

use anyhow::Context as _;

use crate::answer::{Column, Envelope, Sheet};
use crate::cli::Console;
use crate::cli::args::ConfigArgs;
use crate::cli::command::schema;
use crate::cli::command_tree;
use crate::cli::config::{
    COLUMNS, KnownCommands, ListingColumns, SettingOrigin, UserSettings, decide, shown_words,
};
use crate::cli::editor::EditorCopy;
use crate::cli::finding::book_in_sight;
use crate::cli::outcome::Outcome;
use crate::cli::settings::{Chosen, show_grid, show_text};
use crate::diagnostic::Nearest as _;
use crate::folder::{make_folder, read_file, write_file};
use crate::metric::Type;
use crate::report::REPORTS;
use crate::session::hint::hinted;
use crate::source::{clipped, told};
use crate::words::{Language, Phrase, Units, say, write_say};

/// The most bytes of a file of settings.
const MOST: u64 = 1024 * 1024;

pub(super) fn run(args: &ConfigArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    if args.path {
        let path = path_of_file(console)?;
        let output = args.sheet.output.output.as_deref();
        show_text(&format!("{path}\n"), output, console)?;
        return Ok(Outcome::Done);
    }
    if args.edit {
        return edit(console);
    }
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let mut rows = rows(args, console);
    if let Some(key) = &args.key {
        if !rows.iter().any(|it| it.0 == *key) {
            let message = say!(
                "no setting is called `{}`",
                "没有名为 `{}` 的设置",
                clipped(key)
            );
            let near = rows.iter().map(|it| it.0.as_str()).hint(key);
            return Err(hinted(message, near));
        }
        rows.retain(|it| it.0 == *key);
    }
    let mut sheet = Sheet::new(
        COLUMNS
            .map(|name| Column::of_report("config", name, Type::Text))
            .to_vec(),
    );
    for (key, value, origin) in rows {
        sheet.push([key.into(), value.into(), origin.into()]);
    }
    show_grid(
        &sheet,
        &chosen,
        &args.sheet,
        Envelope::named("config"),
        console,
    )?;
    let settings = console.environment.personal.settings.clone();
    Ok(tell_faults(&settings, console))
}

/// Returns the commands that settings can name.
pub(in crate::cli) fn known_commands(tree: &clap::Command) -> KnownCommands<'_> {
    let names = tree.get_subcommands().map(clap::Command::get_name);
    KnownCommands {
        names: names.collect(),
        columns: &|command| {
            Some(ListingColumns {
                known: schema::columns(command)?,
                are_more: REPORTS.iter().any(|it| it.name() == command),
            })
        },
    }
}

/// Tells what is wrong with the settings.
fn tell_faults(settings: &UserSettings, console: &mut Console<'_>) -> Outcome {
    for fault in &settings.faults {
        console.note(&format!("error: {}\n", told(fault.spoken())));
    }
    if settings.faults.is_empty() {
        Outcome::Done
    } else {
        Outcome::Failed
    }
}

fn path_of_file(console: &Console<'_>) -> anyhow::Result<String> {
    let Some(path) = console.environment.personal.file.path() else {
        let hint = say!(
            "`GUANXI_CONFIG` or `HOME` tells where it is",
            "由 `GUANXI_CONFIG` 或 `HOME` 指明它的位置"
        );
        let message = Phrase("there is no file of settings", "没有设置文件");
        return Err(hinted(message.spoken(), Some(hint)));
    };
    Ok(path.display().to_string())
}

/// Opens the file in the user's editor, and checks it on return.
fn edit(console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let path = path_of_file(console)?;
    let path = Path::new(&path);
    let Some(editor) = console.environment.editor.clone() else {
        let hint = say!(
            "set `VISUAL` or `EDITOR` to your editor",
            "请用 `VISUAL` 或 `EDITOR` 指定编辑器"
        );
        let message = Phrase("no editor is set", "没有指定编辑器");
        return Err(hinted(message.spoken(), Some(hint)));
    };
    let old = match read_file(path, MOST) {
        Ok(bytes) => String::from_utf8(bytes)
            .context(Phrase("the settings are not UTF-8", "设置文件不是 UTF-8").spoken())?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error.into()),
    };
    let copy = EditorCopy::of(&old, "config.toml", None)?;
    let new = copy.edit(&editor)?;
    if new != old {
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        write_file(path, new.as_bytes())?;
    }
    let tree = command_tree();
    let settings = UserSettings::of_text(&new, path, &known_commands(&tree));
    Ok(tell_faults(&settings, console))
}

/// Returns every key with its value and where that comes from, by name.
fn rows(args: &ConfigArgs, console: &Console<'_>) -> Vec<(String, String, String)> {
    let personal = &console.environment.personal;
    let settings = &personal.settings;
    let decided = decide(&personal.arguments, settings, console);
    let mut rows: Vec<(String, String, String)> = Vec::new();
    let mut push = |key: &str, value: String, origin: SettingOrigin| {
        rows.push((key.to_owned(), value, origin.to_string()));
    };
    for (name, stated) in &settings.aliases {
        let value = shown_words(&stated.value);
        push(
            &format!("alias.{name}"),
            value,
            SettingOrigin::Line(stated.line),
        );
    }
    for (command, listing) in &settings.listings {
        for (key, stated) in [("columns", &listing.columns), ("sort", &listing.sort)] {
            if let Some(it) = stated {
                let key = format!("command.{command}.{key}");
                push(&key, it.value.clone(), SettingOrigin::Line(it.line));
            }
        }
        if let Some(it) = &listing.limit {
            let key = format!("command.{command}.limit");
            push(&key, it.value.to_string(), SettingOrigin::Line(it.line));
        }
    }
    for (key, stated) in [("color", &settings.color), ("pager", &settings.pager)] {
        match stated {
            Some(it) => push(key, it.value.to_owned(), SettingOrigin::Line(it.line)),
            None => push(key, "auto".to_owned(), SettingOrigin::Default),
        }
    }
    let (language, origin) = decided.language;
    let word = match language {
        Language::English => "en",
        Language::Chinese => "zh",
    };
    push("lang", word.to_owned(), origin);
    let (units, origin) = decided.units;
    let word = match units {
        Units::Yuan => "yuan",
        Units::Wan => "wan",
        Units::Yi => "yi",
    };
    push("units", word.to_owned(), origin);
    let (value, origin) = book(args, settings, console);
    rows.push(("book".to_owned(), value, origin));
    rows.sort();
    rows
}

/// Returns the book, and what names it.
fn book(args: &ConfigArgs, settings: &UserSettings, console: &Console<'_>) -> (String, String) {
    let shown = |path: &Path| path.display().to_string();
    if let Some(book) = &args.book {
        return (shown(book), "--book".to_owned());
    }
    if let Some(book) = &console.environment.book {
        return (shown(book), "GUANXI_BOOK".to_owned());
    }
    match book_in_sight(None, &UserSettings::default(), console) {
        Some(root) => (
            upwards(&root),
            write_say!("the folder, upwards", "当前文件夹及上级"),
        ),
        None => match &settings.book {
            Some(it) => (it.value.clone(), SettingOrigin::Line(it.line).to_string()),
            None => (String::new(), SettingOrigin::Default.to_string()),
        },
    }
}

/// Returns how a folder above the current one is reached from it: `.`, `..`, `../..`.
fn upwards(root: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let steps = here.ancestors().position(|it| it == root);
    match steps {
        Some(0) => ".".to_owned(),
        Some(steps) => vec![".."; steps].join("/"),
        None => root.display().to_string(),
    }
}
