//! `guanxi import book`: an export of a whole book becomes a book again.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::cli::Console;
use crate::cli::args::{ImportArgs, ImportFormat};
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::packed::read_packed;
use crate::cli::writing::{Desk, Edit, load_options, refuse};
use crate::exchange::book::{Refused, book_files, names_of};
use crate::load::load;
use crate::render::counted;
use crate::source::{
    CUSTOMERS, Files as _, INTERACTIONS, MemoryFiles, POLICY_FILE, STAFF_FILE, told,
};
use crate::words::say;

/// Shows what an export holds, and writes it with `yes` into a book without customers.
pub(super) fn run(args: &ImportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    refuse_idle(args)?;
    let (yes, write) = (args.yes, &args.write);
    let [path] = &args.files[..] else {
        let hint = "a book is made of one export".to_owned();
        return Err(hinted("`import book` takes one folder or file", Some(hint)));
    };
    let shown = told(&path.display().to_string()).into_owned();
    let refused = |Refused(why)| {
        let hint = "export the book again: a part of it, or one that was changed, is no book";
        hinted(format!("`{shown}`: {why}"), Some(hint.to_owned()))
    };
    let export = read_packed(path, |manifest| names_of(manifest).map_err(refused))?;
    let files = book_files(&export).map_err(refused)?;
    let command = format!("import book {shown}");
    let mut desk = if yes && !write.dry_run {
        Desk::open(write, command, console)?
    } else {
        Desk::look(write, command, console)?
    };
    let edits = edits(&desk, files, &shown)?;
    let new = edits
        .iter()
        .filter_map(|it| Some((it.path.clone(), it.new.clone()?.into_bytes())));
    let loaded = load(&MemoryFiles::new(new), None, load_options(false, false));
    refuse(&loaded.diagnostics, console)?;
    let customers = counted(loaded.book.customers.len(), "customer");
    let rows = counted(loaded.book.interaction_count(), "row");
    if !yes || write.dry_run {
        desk.apply(&edits, console)?;
        if !write.quiet {
            let text = format!("{customers}, {rows}\n");
            console
                .out
                .write_all(text.as_bytes())
                .context("cannot write")?;
            console.note(&say!(
                "note: nothing was written; `--yes` writes it\n",
                "note: 尚未写入；加 `--yes` 才写入\n"
            ));
        }
        return Ok(Outcome::Done);
    }
    desk.apply(&edits, console)?;
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(
        &[format!("imported {customers} and {rows} from {shown}")],
        &paths,
        console,
    ))
}

/// Refuses what an export of a book has no use for: it says itself what everything in it is.
fn refuse_idle(args: &ImportArgs) -> anyhow::Result<()> {
    let given = [
        ("--sheet", args.sheet.is_some()),
        ("--header-row", args.header_row.is_some()),
        ("--encoding", args.encoding.is_some()),
        ("--separator", args.separator.is_some()),
        ("--read", !args.read.is_empty()),
        ("--map", !args.map.is_empty()),
        ("--set", !args.set.is_empty()),
        ("--value", !args.value.is_empty()),
        ("--skip", !args.skip.is_empty()),
        ("--source", args.source.is_some()),
        ("--save", args.save.is_some()),
        ("--create", args.create),
        ("--overwrite", args.overwrite.is_some()),
        ("--together", args.together),
        ("--rejects", args.rejects.is_some()),
        ("-f json", args.format == ImportFormat::Json),
        ("--as-of", args.as_of.is_some()),
        ("--verbose", args.verbose),
    ];
    match given.iter().find(|it| it.1) {
        Some((option, _)) => {
            let message = format!("`{option}` is for tables, and an export of a book is none");
            Err(hinted(message, Some("leave it out".to_owned())))
        }
        None => Ok(()),
    }
}

/// Returns the change that makes the book what the files are.
///
/// # Errors
/// If the book has something of its own.
fn edits(desk: &Desk, files: BTreeMap<String, Vec<u8>>, shown: &str) -> anyhow::Result<Vec<Edit>> {
    let mut edits = Vec::new();
    let is_of_book = |path: &&String| {
        path.starts_with(CUSTOMERS) || path.starts_with(INTERACTIONS) || *path == STAFF_FILE
    };
    for path in desk.files.paths().iter().filter(is_of_book) {
        let text = desk.known_text(path)?;
        if !is_blank(path, &text) {
            let hint = "`guanxi init DIR` makes a book without any";
            let message =
                format!("`{path}` is there, and `import book` fills a book without customers");
            return Err(hinted(message, Some(hint.to_owned())));
        }
    }
    for (path, bytes) in files {
        let new = String::from_utf8(bytes);
        let new = new.map_err(|error| hinted(format!("`{shown}`: `{path}`: {error}"), None))?;
        let edit = match desk.text(&path)? {
            Some(old) if path == POLICY_FILE && old != new && !is_blank(&path, &old) => {
                let message =
                    "the book has a policy of its own, and it is not that of the export".to_owned();
                let hint = "import into a book that `guanxi init` has just made";
                return Err(hinted(message, Some(hint.to_owned())));
            }
            Some(old) => Edit::replace(path, old, new),
            None => Edit::create(path, new),
        };
        edits.push(edit);
    }
    edits.retain(Edit::is_change);
    Ok(edits)
}

/// Tells whether a file says nothing: a log of a header alone, or a TOML file of comments.
fn is_blank(path: &str, text: &str) -> bool {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|it| !it.is_empty() && !it.starts_with('#'));
    if path.starts_with(INTERACTIONS) {
        return lines.count() <= 1;
    }
    lines.count() == 0
}
