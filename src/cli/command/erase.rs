//! `guanxi erase`: a customer, or a person at one, gone for good; and the plan for what this cannot reach.

use std::path::Path;
use std::time::Duration;

use crate::cli::Console;
use crate::cli::args::EraseArgs;
use crate::cli::command::remind;
use crate::cli::finding::find;
use crate::cli::outcome::Outcome;
use crate::cli::writing::Desk;
use crate::cli::writing::erasing::{ERASED, Erasure};
use crate::cli::writing::named::Named;
use crate::folder::Folder;
use crate::folder::git::history::{Held, Sought, held};
use crate::render::counted;
use crate::source::{CUSTOMERS, INTERACTIONS, told};
use crate::words::{Language, say, spoken, write_say};

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
    desk.refuse_unread_logs(&named.path, console)?;
    let erasure = match &args.person {
        Some(name) => desk.erasing_person(&named, name)?,
        None if args.keep_amounts => desk.erasing_but_amounts(&named)?,
        None => desk.erasing_all(&named)?,
    };
    let kept: Vec<&str> = erasure.path.as_deref().into_iter().collect();
    desk.refuse_worse(&erasure.edits, &kept, console)?;
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
    let places = told(&places.join(", ")).into_owned();
    let count = counted_in(count, "other place");
    console.note(&say!(
        "note: what was erased is still named in {count}, to be looked at by hand: {places}\n",
        "note: 另有 {count} 处仍提到所删除的内容，请人工查看：{places}\n"
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
            "note: git 历史中有 {} 个提交含有它；写入后会打印处理计划\n",
            counted_in(count, "commit")
        ));
    }
    console.note(&say!(
        "note: nothing was changed; `--yes` erases it for good, and `undo` does not bring it back\n",
        "note: 没有改动任何内容；`--yes` 将永久删除，`undo` 无法恢复\n"
    ));
}

/// Counts something in the language of what is said.
fn counted_in(count: usize, noun: &str) -> String {
    if spoken() == Language::English {
        counted(count, noun)
    } else {
        count.to_string()
    }
}

/// Looks for what was erased in git's history.
fn history_of(root: &Path, erasure: &Erasure) -> anyhow::Result<Option<Held>> {
    let texts = erasure.traces.texts.iter().cloned().map(Sought::Text);
    let rows = erasure
        .ids
        .iter()
        .map(|id| Sought::Pattern(format!("(^|[,\"]){}([,\"]|$)", id.replace('.', "\\."))));
    let sought: Vec<Sought> = texts.chain(rows).collect();
    let stays = |path: &str| {
        let mut edits = erasure.edits.iter();
        let edited = edits.find(|it| it.path == path);
        match edited {
            Some(edit) => edit.new.is_some(),
            None => root.join(path).exists(),
        }
    };
    let removed = |path: &str| {
        let mut edits = erasure.edits.iter();
        edits.any(|it| it.path == path && it.new.is_none())
    };
    let is_own = |path: &str| {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".toml");
        let is_named = path.starts_with(CUSTOMERS)
            && stem.is_some_and(|stem| erasure.ids.iter().any(|id| id == stem));
        (is_named && !stays(path)) || path.starts_with(INTERACTIONS) && removed(path)
    };
    Ok(held(root, &sought, is_own)?)
}

/// Clears what the program keeps of earlier changes.
fn clear(desk: &mut Desk, erasure: &Erasure) -> anyhow::Result<Vec<String>> {
    let texts = erasure.traces.texts.iter().chain(&erasure.ids);
    let texts: Vec<&str> = texts.map(String::as_str).collect();
    let writer = desk.writer().expect("who writes holds the lock");
    let mut gone = writer.forget(&texts)?;
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

fn done_line(named: &Named, args: &EraseArgs, erasure: &Erasure) -> String {
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

/// Returns the plan for what no command of this program reaches: comments of a shell, and lines for one.
fn plan(history: Option<&Held>, erasure: &Erasure) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(held) = history.filter(|it| it.commits > 0) {
        let count = held.commits;
        let first = erasure.traces.texts.first().map_or("", String::as_str);
        lines.push(write_say!(
            "# commits that hold it: {count} (`git log --all -S {}` and the like). Nothing below was run.",
            "# 含有它的提交：{count} 个（`git log --all -S {}` 等）。以下命令均未执行。",
            quoted(first)
        ));
        lines.push(write_say!(
            "# 1. commit this change without a name in its message; let everybody push, and wait until you are done",
            "# 1. 提交此改动，提交说明中不要写名称；请所有人先推送，并等您完成"
        ));
        lines.push(write_say!(
            "# 2. in a fresh clone, with git-filter-repo; look through what is replaced: it is replaced everywhere",
            "# 2. 在新的克隆中使用 git-filter-repo；请先检查替换内容：所有文件中都会替换"
        ));
        lines.extend(rewriting(held, erasure));
        lines.push(write_say!(
            "# 3. forget the old commits here, and replace them where you push to",
            "# 3. 在此忘掉旧提交，并在推送目标处替换"
        ));
        for line in [
            "git reflog expire --expire=now --all",
            "git gc --prune=now",
            "git remote add origin URL",
            "git push --force --all origin",
            "git push --force --tags origin",
        ] {
            lines.push(line.to_owned());
        }
        lines.push(write_say!(
            "# 4. every other clone and fork: delete it and clone anew; one that is merged brings all back",
            "# 4. 其他所有克隆和派生：删除后重新克隆；合并旧克隆会把一切带回来"
        ));
        lines.push(write_say!(
            "# 5. the host's caches and pull requests: ask the host to remove them",
            "# 5. 托管平台的缓存和合并请求：请平台清除"
        ));
    }
    lines.push(write_say!(
        "# by hand: backups, exported files, calendars, mail",
        "# 人工处理：备份、导出的文件、日历、邮件"
    ));
    lines
}

/// Returns the lines that write the history anew.
fn rewriting(held: &Held, erasure: &Erasure) -> Vec<String> {
    let mut lines = vec!["cat > ../erased.txt <<'END'".to_owned()];
    // By its lines alone a row of several would not go whole.
    for row in &erasure.continued {
        lines.push(format!("regex:{}\\r?\\n?==>", escaped(row)));
    }
    for id in &erasure.ids {
        let columns = erasure.columns.iter().copied();
        let columns: Vec<usize> = if erasure.columns.is_empty() {
            vec![1]
        } else {
            columns.collect()
        };
        for before in columns {
            let id = id.replace('.', "\\.");
            lines.push(format!(
                "regex:(?m)^(?:[^,\\n]*,){{{before}}}\"?{id}\"?(?:,.*)?\\n?==>"
            ));
        }
    }
    // The longest first: one may be a part of another.
    let mut texts: Vec<&String> = erasure.traces.texts.iter().collect();
    texts.sort_by_key(|it| std::cmp::Reverse(it.len()));
    lines.extend(texts.into_iter().map(|it| expression(it)));
    lines.push("END".to_owned());
    let mut messages = "../erased.txt";
    if !erasure.ids.is_empty() {
        // A commit may have been called after the command; in files an id may be another's word.
        messages = "../erased-messages.txt";
        lines.push(format!("cat ../erased.txt - > {messages} <<'END'"));
        for id in &erasure.ids {
            let id = id.replace('.', "\\.");
            lines.push(format!("regex:(?<![\\w.-]){id}(?![\\w-])==>{ERASED}"));
        }
        lines.push("END".to_owned());
    }
    let paths = held
        .paths
        .iter()
        .map(|path| format!(" --path {}", quoted(path)));
    let paths: String = paths.collect();
    if !paths.is_empty() {
        lines.push(format!("git filter-repo --invert-paths{paths}"));
    }
    lines.push(format!(
        "git filter-repo --replace-text ../erased.txt --replace-message {messages}"
    ));
    lines
}

/// Returns a text as a part of a regular expression, on one line.
fn escaped(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut pattern = String::with_capacity(2 * text.len());
    for character in text.chars() {
        match character {
            '\n' => pattern.push_str("\\r?\\n"),
            '\t' => pattern.push_str("\\t"),
            _ if character.is_ascii_punctuation() => pattern.extend(['\\', character]),
            _ => pattern.push(character),
        }
    }
    pattern
}

/// Returns what replaces a text everywhere.
fn expression(text: &str) -> String {
    if text.contains("==>") {
        return format!("regex:{}==>{ERASED}", escaped(text));
    }
    format!("literal:{text}==>{ERASED}")
}

/// Returns a word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "._-/".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Lets `remind` forget all but what it still finds: what it remembers are hashes, some of them of what is gone.
fn forget_reminders(
    root: &Path,
    args: &EraseArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<()> {
    let wait = Duration::from_secs(args.write.wait);
    let folder = Folder::new(find(Some(root), wait, console)?);
    if folder.write(wait, COMMAND)?.reminded()?.is_empty() {
        return Ok(());
    }
    // Where the book cannot be read whole, all is forgotten, and told once more.
    let known = remind::keys(root, console).unwrap_or_default();
    let mut writer = folder.write(wait, COMMAND)?;
    let memory = writer.reminded()?;
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
