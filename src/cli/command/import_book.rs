//! `guanxi import book`: an export of a whole book becomes a book again.

use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::change::{Desk, FileEdit, load_options, refuse};
use crate::cli::Console;
use crate::cli::args::{ImportArgs, ImportFormat};
use crate::cli::outcome::Outcome;
use crate::cli::packed::read_packed;
use crate::exchange::book::{NoBook, book_files, names_of};
use crate::load::load;
use crate::session::hint::hinted;
use crate::source::{
    CUSTOMERS, Files as _, INTERACTIONS, MemoryFiles, POLICY_FILE, STAFF_FILE, told,
};
use crate::words::counts_in;
use crate::words::{Phrase, say, spoken, write_say, written};

/// Shows what an export holds, and writes it with `yes` into a book without customers.
pub(super) fn run(args: &ImportArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    refuse_idle(args)?;
    let (yes, write) = (args.yes, &args.write);
    let [path] = &args.files[..] else {
        let hint = say!("a book is made of one export", "一个账本由一份导出做成");
        let message = say!(
            "`import book` takes one folder or file",
            "`import book` 只接受一个文件夹或文件"
        );
        return Err(hinted(message, Some(hint)));
    };
    let shown = told(&path.display().to_string()).into_owned();
    let refused = |why: NoBook| {
        let hint = say!(
            "export the book again: a part of it, or one that was changed, is no book",
            "请重新导出账本：残缺或改动过的导出不能成为账本"
        );
        hinted(say!("`{shown}`: {why}", "`{shown}`：{why}"), Some(hint))
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
    refuse(loaded.diagnostics)?;
    let book = &loaded.book;
    let customers = |language| counts_in(language, book.customers.len(), "customer", "家客户");
    let rows = |language| counts_in(language, book.interaction_count(), "row", "条记录");
    if !yes || write.dry_run {
        desk.apply(&edits, console)?;
        if !write.quiet {
            let (customers, rows) = (customers(written()), rows(written()));
            let text = write_say!("{customers}, {rows}\n", "{customers}，{rows}\n");
            console
                .out
                .write_all(text.as_bytes())
                .context(Phrase("cannot write", "无法写出").spoken())?;
            console.note(&say!(
                "note: nothing was written; `--yes` writes it\n",
                "note: 尚未写入；加 `--yes` 才写入\n"
            ));
        }
        return Ok(Outcome::Done);
    }
    desk.apply(&edits, console)?;
    let (customers, rows) = (customers(spoken()), rows(spoken()));
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(
        &[say!(
            "imported {customers} and {rows} from {shown}",
            "已从 {shown} 导入{customers}、{rows}"
        )],
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
            let message = say!(
                "`{option}` is for tables, and an export of a book is none",
                "`{option}` 用于表格，账本的导出不是表格"
            );
            Err(hinted(message, Some(say!("leave it out", "请去掉它"))))
        }
        None => Ok(()),
    }
}

/// Returns the change that makes the book what the files are.
///
/// # Errors
/// If the book has something of its own.
fn edits(
    desk: &Desk,
    files: BTreeMap<String, Vec<u8>>,
    shown: &str,
) -> anyhow::Result<Vec<FileEdit>> {
    let mut edits = Vec::new();
    let is_of_book = |path: &&String| {
        path.starts_with(CUSTOMERS) || path.starts_with(INTERACTIONS) || *path == STAFF_FILE
    };
    for path in desk.files.paths().iter().filter(is_of_book) {
        let text = desk.known_text(path)?;
        if !is_blank(path, &text) {
            let hint = say!(
                "`guanxi init DIR` makes a book without any",
                "`guanxi init DIR` 可建一个没有客户的账本"
            );
            let message = say!(
                "`{path}` is there, and `import book` fills a book without customers",
                "已有 `{path}`，而 `import book` 只写入没有客户的账本"
            );
            return Err(hinted(message, Some(hint)));
        }
    }
    for (path, bytes) in files {
        let new = String::from_utf8(bytes);
        let new = new.map_err(|error| {
            let message = say!(
                "`{shown}`: `{path}`: {error}",
                "`{shown}`：`{path}`：{error}"
            );
            hinted(message, None)
        })?;
        let edit = match desk.text(&path)? {
            Some(old) if path == POLICY_FILE && old != new && !is_blank(&path, &old) => {
                let message = say!(
                    "the book has a policy of its own, and it is not that of the export",
                    "账本有自己的规则，与导出的规则不同"
                );
                let hint = say!(
                    "import into a book that `guanxi init` has just made",
                    "请导入 `guanxi init` 新建的账本"
                );
                return Err(hinted(message, Some(hint)));
            }
            Some(old) => FileEdit::replace(path, old, new),
            None => FileEdit::create(path, new),
        };
        edits.push(edit);
    }
    edits.retain(FileEdit::is_change);
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
