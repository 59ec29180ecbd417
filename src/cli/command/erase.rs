//! `guanxi erase`: a customer, or a person at one, gone for good; and the plan for what this cannot reach.

use std::path::Path;
use std::time::Duration;

use crate::change::Desk;
use crate::change::erasing::Erasure;
use crate::change::named::NamedCustomer;
use crate::change::trace_pattern::{Edges, Pattern, PatternPart};
use crate::cli::Console;
use crate::cli::args::EraseArgs;
use crate::cli::command::{erase_plan::plan, remind};
use crate::cli::finding::find;
use crate::cli::outcome::Outcome;
use crate::folder::Folder;
use crate::folder::git::history::{Held, SoughtText, held};
use crate::model::composed_id;
use crate::source::{CUSTOMERS, INTERACTIONS, told};
use crate::words::{counts, listed, say, write_say};

/// The most places that are named at which a text still stands.
const MOST_PLACES: usize = 5;

/// What the lock, a journal and a commit call the command: nobody is named in it.
const COMMAND: &str = "erase";

pub(super) fn run(args: &EraseArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let is_shown = !args.yes || args.write.dry_run;
    let mut desk = if is_shown {
        Desk::look(&args.write, COMMAND, console)?
    } else {
        Desk::open(&args.write, COMMAND, console)?
    };
    let named = desk.find(&args.customer)?;
    desk.refuse_unread_logs(&named)?;
    let erasure = match &args.person {
        Some(name) => desk.erasing_person(&named, name)?,
        None if args.keep_amounts => desk.erasing_but_amounts(&named)?,
        None => desk.erasing_all(&named)?,
    };
    let kept: Vec<&str> = erasure.path.as_deref().into_iter().collect();
    desk.refuse_worse(&erasure.edits, &kept, None)?;
    let (places, count) = desk.still_named(&erasure, MOST_PLACES)?;
    // Looked at first: a git that fails leaves nothing half done.
    let history = history_of(desk.root(), &erasure)?;
    desk.apply_for_good(&erasure.edits, console)?;
    tell_left(&erasure, &places, count, args.write.quiet, console);
    if is_shown {
        tell_preview(history.as_ref(), args, console);
        return Ok(Outcome::Done);
    }
    let cleared = clear(&mut desk, &erasure)?;
    let mut said = vec![first_line(history.as_ref())];
    said.push(done_line(&named, args, &erasure));
    said.extend(cleared.into_iter().map(|path| {
        write_say!(
            "removed {path}, which held it",
            "已删除 {path}，其中有相关内容"
        )
    }));
    said.extend(plan(history.as_ref(), &erasure));
    let paths: Vec<String> = erasure.edits.into_iter().map(|it| it.path).collect();
    let root = desk.root().to_owned();
    let outcome = desk.done(&said, &paths, console);
    forget_reminders(&root, args, console)?;
    let is_held = history.is_some_and(|it| it.commits > 0);
    Ok(if is_held && outcome == Outcome::Done {
        Outcome::Found
    } else {
        outcome
    })
}

/// Tells where a text stands that nothing cuts.
fn tell_left(
    erasure: &Erasure,
    places: &[String],
    count: usize,
    is_quiet: bool,
    console: &mut Console<'_>,
) {
    for place in &erasure.left {
        let place = told(place).into_owned();
        console.note(&say!(
            "note: stays, for a word of its own stands there: {place}\n",
            "note: 保留，因为该处的词另有含义：{place}\n"
        ));
    }
    if count == 0 || is_quiet {
        return;
    }
    let places = told(listed(places).spoken()).into_owned();
    let count = counts(count, "other place", "处");
    console.note(&say!(
        "note: what was erased is still named in {count}, to be looked at by hand: {places}\n",
        "note: 另有 {count}仍提到所删除的内容，请人工查看：{places}\n"
    ));
}

/// Says that nothing was written, and what would remain.
fn tell_preview(history: Option<&Held>, args: &EraseArgs, console: &mut Console<'_>) {
    if args.write.quiet {
        return;
    }
    if let Some(count) = history.map(|it| it.commits).filter(|it| *it > 0) {
        console.note(&say!(
            "note: git's history holds it in {}; the plan for that is printed once it is written\n",
            "note: git 历史中有 {}含有它；写入后会打印处理计划\n",
            counts(count, "commit", "个提交")
        ));
    }
    console.note(&say!(
        "note: nothing was changed; `--yes` erases it for good, and `undo` does not bring it back\n",
        "note: 没有改动任何内容；`--yes` 将永久删除，`undo` 无法恢复\n"
    ));
}

/// Looks for what was erased in git's history.
fn history_of(root: &Path, erasure: &Erasure) -> anyhow::Result<Option<Held>> {
    let texts = erasure.traces.patterns().into_iter();
    let texts: Vec<String> = texts.map(|it| it.for_git()).collect();
    let ids = erasure.ids.iter().map(|it| Pattern::of_id(it).for_git());
    let sought = SoughtText {
        messages: texts.iter().cloned().chain(ids).collect(),
        texts: texts
            .into_iter()
            .chain(erasure.ids.iter().map(|it| cell(it)))
            .collect(),
    };
    let folder = Folder::new(root);
    let stays = |path: &str| {
        let mut edits = erasure.edits.iter();
        let edited = edits.find(|it| it.path == path);
        match edited {
            Some(edit) => edit.new.is_some(),
            None => folder.has(path),
        }
    };
    let is_own = |path: &str| {
        let ending = if path.starts_with(CUSTOMERS) {
            ".toml"
        } else if path.starts_with(INTERACTIONS) {
            ".csv"
        } else {
            return false;
        };
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(ending).map(composed_id);
        stem.is_some_and(|stem| erasure.ids.iter().any(|id| **id == *stem)) && !stays(path)
    };
    Ok(held(root, &sought, is_own)?)
}

/// Returns the expression of git's for an id that is a cell of a row, or a text of a customer's file.
fn cell(id: &str) -> String {
    let id = Pattern {
        parts: vec![PatternPart::Text(id.to_owned())],
        edges: Edges::Word {
            before: false,
            behind: false,
        },
    };
    format!("(^|[,\"']){}([,\"'\r]|$)", id.for_git())
}

/// Clears what the program keeps of earlier changes.
fn clear(desk: &mut Desk, erasure: &Erasure) -> anyhow::Result<Vec<String>> {
    let told = erasure.traces.told(&erasure.ids);
    let holds = |bytes: &[u8]| told.stand_in(&String::from_utf8_lossy(bytes));
    let writer = desk.writer().expect("who writes holds the lock");
    let mut gone = writer.forget(&holds)?;
    // The last change is forgotten whatever it was of.
    gone.retain(|path| !path.ends_with("/undo"));
    Ok(gone)
}

fn first_line(history: Option<&Held>) -> String {
    match history {
        Some(held) if held.commits > 0 => write_say!(
            "the book is clean from now on; its history is not",
            "账本从现在起已清除；其历史尚未清除"
        ),
        Some(_) => write_say!(
            "the book is clean from now on, and git's history does not hold it",
            "账本从现在起已清除，git 历史中也没有"
        ),
        None => write_say!("the book is clean from now on", "账本从现在起已清除"),
    }
}

fn done_line(named: &NamedCustomer, args: &EraseArgs, erasure: &Erasure) -> String {
    let (id, rows) = (&named.id, erasure.rows);
    match (&args.person, &erasure.new_id) {
        (Some(name), _) => write_say!(
            "erased {name} of {id}, and cut the rows that named the person: {rows}",
            "已删除 {id} 的 {name}，并清除提到此人的行：{rows}"
        ),
        (None, Some(new)) => write_say!(
            "erased {id}; its rows of money are {new}'s now; rows changed or removed: {rows}",
            "已删除 {id}；其金额行归入 {new}；改动或删除的行数：{rows}"
        ),
        (None, None) => write_say!(
            "erased {id}, with its rows: {rows}",
            "已删除 {id} 及其各行：{rows}"
        ),
    }
}

/// Lets `remind` forget all but what it still finds: what it remembers are hashes, some of them of what is gone.
fn forget_reminders(
    root: &Path,
    args: &EraseArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let wait = Duration::from_secs(args.write.wait);
    let folder = Folder::new(find(Some(root), wait, console)?);
    let remembered = folder.write(wait, COMMAND)?.reminded()?;
    if remembered.is_some_and(|it| it.is_empty()) {
        return Ok(());
    }
    // Where the book cannot be read whole, all is forgotten, and told once more.
    let known = remind::keys(root, console).unwrap_or_default();
    let mut writer = folder.write(wait, COMMAND)?;
    // What is no text remembers nothing, but its bytes may be of what is gone.
    let memory = writer.reminded()?.unwrap_or_default();
    let is_known = |line: &&str| {
        line.split(' ')
            .next()
            .is_some_and(|key| known.contains(key))
    };
    let kept: Vec<String> = memory
        .lines()
        .filter(is_known)
        .map(|it| format!("{it}\n"))
        .collect();
    writer.remember(&kept.concat())?;
    Ok(())
}
