//! `guanxi check --fix`: what merges, copies and renames leave in the logs is mended, shown first.
//!
//! Rows below a second header are put under the first, present ids written for former ones, and of two
//! equal rows that a merge or a copy could have made one is dropped. A row that directly follows its
//! equal stays: it may be a second purchase of that day.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use crate::change::named::LoadedPart;
use crate::change::{Desk, FileEdit, is_common, load_options};
use crate::cli::Console;
use crate::cli::args::{CheckArgs, WriteOptions};
use crate::cli::outcome::Outcome;
use crate::diagnostic::Severity;
use crate::edit::mend::{RowKey, RowSaid, compared, is_spent, joined, said, with_present_ids};
use crate::edit::rows::{remove_lines, repeat_rows};
use crate::load::Loaded;
use crate::model::{composed_id, telling_part};
use crate::session::hint::hinted;
use crate::source::{DraftFiles, Files as _, INTERACTIONS, original_of, told};
use crate::words::counts;
use crate::words::say;

/// How long another writer is waited for, in seconds.
const WAIT: u64 = 10;

/// How `--fix` opens the book: without `--yes` it only looks.
pub(super) fn options(args: &CheckArgs) -> WriteOptions {
    WriteOptions {
        book: args.book.book.clone(),
        dry_run: args.dry_run || !args.yes,
        wait: WAIT,
        quiet: args.book.quiet,
        ..WriteOptions::default()
    }
}

/// Mends the logs, or shows what would be mended; tells whether anything was changed.
///
/// # Errors
/// If the book cannot be changed; then it is as it was.
pub(super) fn mend(
    options: &WriteOptions,
    is_made: &Cell<bool>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(options, "check --fix", console)?;
    let mut mending = Mending::new(&desk);
    mending.join_headers();
    mending.write_present_ids();
    mending.spend_copies()?;
    mending.drop_equals()?;
    for path in mending.leave_what_has_errors() {
        console.note(&say!(
            "note: `{}` has errors that `--fix` does not mend, so it stays as it is\n",
            "note: `{}` 中有 `--fix` 改不了的错误，保持原样\n",
            told(&path)
        ));
    }
    let (edits, said) = mending.into_edits();
    desk.apply(&edits, console)?;
    is_made.set(!edits.is_empty() && !options.dry_run);
    if edits.is_empty() {
        console.note(&say!(
            "note: there is nothing that `--fix` mends\n",
            "note: 没有 `--fix` 能改的问题\n"
        ));
    } else if options.dry_run {
        let files = counts(edits.len(), "file", "个文件");
        console.note(&if edits.len() == 1 {
            say!(
                "note: {files} would change; `--fix --yes` changes it\n",
                "note: 将改动 {files}；加 `--fix --yes` 才写入\n"
            )
        } else {
            say!(
                "note: {files} would change; `--fix --yes` changes them\n",
                "note: 将改动 {files}；加 `--fix --yes` 才写入\n"
            )
        });
    }
    let has_more = !edits.is_empty() && options.dry_run;
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    let outcome = desk.done(&said, &paths, console);
    Ok(if has_more { Outcome::Found } else { outcome })
}

/// A log that changes.
struct Log {
    old: String,
    /// `None` takes it away.
    new: Option<String>,
    /// What is done to it.
    said: Vec<String>,
    /// The other logs on which that rests.
    with: BTreeSet<String>,
}

/// The changes so far.
struct Mending<'d> {
    desk: &'d Desk,
    paths: Vec<String>,
    logs: BTreeMap<String, Log>,
    /// The rows of joined logs, counting from 0, that stood right below a further header.
    starts: BTreeMap<String, BTreeSet<usize>>,
    /// How many errors each file had.
    errors_before: BTreeMap<String, usize>,
    /// The present id of each customer, by all ids that it has or had.
    ids: BTreeMap<String, String>,
}

impl<'d> Mending<'d> {
    fn new(desk: &'d Desk) -> Self {
        let part = LoadedPart::whole(&desk.files, load_options(false, false));
        let mut ids = BTreeMap::new();
        for customer in &part.loaded.book.customers {
            for id in customer
                .former_ids
                .iter()
                .map(|it| &**it)
                .chain([&*customer.id])
            {
                ids.insert(id.to_owned(), customer.id.to_string());
            }
        }
        let paths = desk.files.paths().iter();
        let logs =
            paths.filter(|it| it.starts_with(INTERACTIONS) && it.strip_suffix(".csv").is_some());
        Self {
            desk,
            paths: logs.cloned().collect(),
            logs: BTreeMap::new(),
            starts: BTreeMap::new(),
            errors_before: errors_of(&part.loaded),
            ids,
        }
    }

    /// Returns a log's text as it is to be; `None` for one that is gone or cannot be read as text.
    fn text(&self, path: &str) -> Option<String> {
        match self.logs.get(path) {
            Some(log) => log.new.clone(),
            None => self.desk.text(path).ok().flatten(),
        }
    }

    /// Returns the customer for whom a log is named; nobody's name is empty.
    fn owner(&self, path: &str) -> &str {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name.strip_suffix(".csv").unwrap_or(name);
        self.ids.get(&*composed_id(stem)).map_or("", String::as_str)
    }

    fn put(&mut self, path: &str, new: Option<String>, said: String, with: Option<&str>) {
        let desk = self.desk;
        let log = self.logs.entry(path.to_owned()).or_insert_with(|| Log {
            old: (desk.text(path).ok().flatten()).expect("a log that is mended has been read"),
            new: None,
            said: Vec::new(),
            with: BTreeSet::new(),
        });
        log.new = new;
        log.said.push(said);
        log.with.extend(with.map(str::to_owned));
    }

    fn join_headers(&mut self) {
        for path in self.paths.clone() {
            let Some(text) = self.text(&path) else {
                continue;
            };
            // A log that cannot be read is told by the reader.
            if let Ok(Some(new)) = joined(&text, self.owner(&path)) {
                let said = say!(
                    "put what stood below a second header of {path} under the first",
                    "已将 {path} 第二个表头下的内容并到第一个之下"
                );
                self.put(&path, Some(new.text), said, None);
                self.starts.insert(path, new.starts);
            }
        }
    }

    fn write_present_ids(&mut self) {
        let former = self.ids.iter().filter(|(id, present)| id != present);
        let former: BTreeMap<String, String> = former
            .map(|(id, present)| (id.clone(), present.clone()))
            .collect();
        if former.is_empty() {
            return;
        }
        for path in self.paths.clone() {
            let Some(text) = self.text(&path) else {
                continue;
            };
            if !former.keys().any(|id| text.contains(telling_part(id))) {
                continue;
            }
            if let Ok((new, rows @ 1..)) = with_present_ids(&text, &former) {
                let rows = counts(rows, "row", "条记录");
                self.put(
                    &path,
                    Some(new),
                    say!(
                        "wrote present ids into {rows} of {path}",
                        "已在 {path} 的 {rows}中写入现用编号"
                    ),
                    None,
                );
            }
        }
    }

    /// Takes out of copies what their originals have, and copies that have nothing else.
    fn spend_copies(&mut self) -> anyhow::Result<()> {
        for path in self.paths.clone() {
            let Some(original) = self.original(&path) else {
                continue;
            };
            let (Some(text), Some(whole)) = (self.text(&path), self.text(&original)) else {
                continue;
            };
            let owner = self.owner(&original);
            let (Ok(copy), Ok(rows)) = (said(&text, owner), said(&whole, owner)) else {
                continue;
            };
            let compared = compared(&copy, &rows, &self.starts_of(&path));
            let followers = compared.followers.iter().map(|it| it.0);
            let gone: BTreeSet<usize> = compared.common.iter().copied().chain(followers).collect();
            let lines: Vec<usize> = gone.iter().map(|index| copy[*index].line_number).collect();
            let Some(new) = remove_lines(&text, &lines)? else {
                continue;
            };
            self.give_followers(&path, &original, &compared.followers)?;
            if is_spent(&new, &whole) {
                let said = say!(
                    "removed {path}: {original} has all that it said",
                    "已删除 {path}：{original} 中全都有"
                );
                self.put(&path, None, said, Some(&original));
            } else if !lines.is_empty() {
                let rows = counts(lines.len(), "row", "条记录");
                let left = counts(copy.len() - lines.len(), "row", "条记录");
                let said = say!(
                    "dropped {rows} of {path} that {original} has; what is left ({left}) needs another log, or the file another name",
                    "已从 {path} 去掉 {original} 中已有的 {rows}；剩下的（{left}）要放到别的记录文件，或给该文件改名"
                );
                self.put(&path, Some(new), said, Some(&original));
                let start = |it: usize| it - gone.range(..it).count();
                let starts = self.starts_of(&path).into_iter().map(start).collect();
                self.starts.insert(path, starts);
            }
        }
        Ok(())
    }

    /// Gives an original the rows of its copy that directly follow one of both, which they equal.
    ///
    /// Left alone in the copy, such a row would be taken for that of the original the next time.
    fn give_followers(
        &mut self,
        copy: &str,
        original: &str,
        followers: &[(usize, usize)],
    ) -> anyhow::Result<()> {
        let rows: Vec<usize> = followers.iter().map(|it| it.1).collect();
        let Some(text) = self.text(original).filter(|_| !rows.is_empty()) else {
            return Ok(());
        };
        let new = repeat_rows(&text, &rows)?;
        let count = counts(rows.len(), "row", "条记录");
        let said = say!(
            "put {count} of {copy} behind equal ones of {original}",
            "已将 {copy} 的 {count}移到 {original} 中相同的记录之后"
        );
        self.put(original, Some(new), said, Some(copy));
        let start = |it: usize| it + rows.iter().filter(|row| **row < it).count();
        let starts = self.starts_of(original).into_iter().map(start).collect();
        self.starts.insert(original.to_owned(), starts);
        Ok(())
    }

    /// Returns the rows of a log, counting from 0, that follow none though they stand behind one.
    fn starts_of(&self, path: &str) -> BTreeSet<usize> {
        self.starts.get(path).cloned().unwrap_or_default()
    }

    /// Returns the log of which this one is a copy.
    fn original(&self, path: &str) -> Option<String> {
        original_of(&self.paths, path)
    }

    /// Drops the later of equal rows.
    fn drop_equals(&mut self) -> anyhow::Result<()> {
        let dropped = self.equals();
        for (path, Dropped { lines, with }) in dropped {
            let Some(text) = self.text(&path) else {
                continue;
            };
            let new = remove_lines(&text, &lines)
                .map_err(|error| hinted(format!("`{path}`, {error}"), None))?;
            if let Some(new) = new {
                let rows = counts(lines.len(), "row", "条记录");
                let said = say!(
                    "dropped {rows} of {path} that the book has once more",
                    "已从 {path} 去掉账本中重复的 {rows}"
                );
                self.put(&path, Some(new), said, None);
                if let Some(log) = self.logs.get_mut(&path) {
                    log.with.extend(with);
                }
            }
        }
        Ok(())
    }

    /// Finds the lines to be dropped of each log, and the logs that have the same rows.
    ///
    /// Of equal rows the first stays; one in a copy of a log goes before one in any other. Rows that directly
    /// follow their equal stay with it, and then those that stand alone go.
    fn equals(&self) -> BTreeMap<String, Dropped> {
        let repeated = self.repeated();
        let (copies, mut paths): (Vec<&String>, Vec<&String>) =
            (self.paths.iter()).partition(|path| self.original(path).is_some());
        paths.extend(copies);
        if repeated.is_empty() {
            return BTreeMap::new();
        }
        // The log that keeps each row: the first that has it twice in a row, else the first that has it.
        let mut keepers: HashMap<RowKey, Keeper<'_>> = HashMap::new();
        for path in &paths {
            self.runs(path, &repeated, |key, line, length| {
                let keeper = keepers.entry(key).or_insert(Keeper { path, line, length });
                if keeper.length == 1 && length > 1 {
                    *keeper = Keeper { path, line, length };
                }
            });
        }
        let mut dropped: BTreeMap<String, Dropped> = BTreeMap::new();
        for path in &paths {
            self.runs(path, &repeated, |key, line, length| {
                let keeper = &keepers[&key];
                if length == 1 && (keeper.path, keeper.line) != (path, line) {
                    let of_log = dropped.entry((*path).clone()).or_default();
                    of_log.lines.push(line);
                    of_log.with.insert(keeper.path.clone());
                }
            });
        }
        dropped
    }

    /// Hands over each row of a log that the book has more than once, with its line and how many equal ones
    /// stand there one behind the other.
    fn runs(
        &self,
        path: &str,
        repeated: &HashSet<u64>,
        mut take: impl FnMut(RowKey, usize, usize),
    ) {
        let starts = self.starts_of(path);
        let mut rows = self.rows(path).into_iter().enumerate().peekable();
        while let Some((_, row)) = rows.next() {
            let mut length = 1;
            let is_next =
                |(index, it): &(usize, RowSaid)| it.key == row.key && !starts.contains(index);
            while rows.next_if(is_next).is_some() {
                length += 1;
            }
            if repeated.contains(&hash_of(&row.key)) {
                take(row.key, row.line_number, length);
            }
        }
    }

    /// Returns the hashes of rows that stand more than once.
    fn repeated(&self) -> HashSet<u64> {
        let mut hashes: Vec<u64> = Vec::new();
        for path in &self.paths {
            hashes.extend(self.rows(path).iter().map(|row| hash_of(&row.key)));
        }
        hashes.sort_unstable();
        let pairs = hashes.windows(2).filter(|pair| pair[0] == pair[1]);
        pairs.map(|pair| pair[0]).collect()
    }

    /// Returns what the rows of a log say; none of one that cannot be read.
    fn rows(&self, path: &str) -> Vec<RowSaid> {
        let text = self.text(path);
        let rows = text.and_then(|text| said(&text, self.owner(path)).ok());
        rows.unwrap_or_default()
    }

    fn draft(&self) -> DraftFiles<'_> {
        let mut draft = DraftFiles::new(&self.desk.files, |_| true);
        for (path, log) in &self.logs {
            draft.put(path, log.new.as_ref().map(|it| it.as_bytes().into()));
        }
        draft
    }

    /// Gives up the changes of logs that would have errors still, and returns those.
    ///
    /// Nothing is changed where another file would have more errors than it had.
    fn leave_what_has_errors(&mut self) -> BTreeSet<String> {
        let mut left = BTreeSet::new();
        while !self.logs.is_empty() {
            let part = LoadedPart::whole(&self.draft(), load_options(false, false));
            let errors = errors_of(&part.loaded);
            let is_worse = errors
                .iter()
                .any(|(path, count)| *count > self.errors_before.get(path).copied().unwrap_or(0));
            let has_errors = |path: &String| errors.contains_key(path);
            let is_common_wrong = errors.keys().any(|it| is_common(it) || it.is_empty());
            let concerned =
                |path: &String, log: &Log| has_errors(path) || log.with.iter().any(has_errors);
            let mut given_up: Vec<String> = (self.logs.iter())
                .filter(|(path, log)| is_common_wrong || concerned(path, log))
                .map(|(path, _)| path.clone())
                .collect();
            if given_up.is_empty() && is_worse {
                given_up = self.logs.keys().cloned().collect();
            }
            if given_up.is_empty() {
                break;
            }
            for path in given_up {
                self.logs.remove(&path);
                left.insert(path);
            }
        }
        left
    }

    /// Returns the edits, and what is said of them.
    fn into_edits(self) -> (Vec<FileEdit>, Vec<String>) {
        let mut all_said = Vec::new();
        let mut edits = Vec::new();
        for (path, log) in self.logs {
            match log.new {
                Some(new) if new == log.old => continue,
                Some(new) => edits.push(FileEdit::replace(path, log.old, new)),
                None => edits.push(FileEdit::remove(path, log.old)),
            }
            all_said.extend(log.said);
        }
        (edits, all_said)
    }
}

/// Where a row stands that stays, and how many equal ones one behind the other.
struct Keeper<'p> {
    path: &'p String,
    line: usize,
    length: usize,
}

/// The lines of a log whose rows are dropped, and the logs that have those rows too.
#[derive(Default)]
struct Dropped {
    lines: Vec<usize>,
    with: BTreeSet<String>,
}

fn hash_of(key: &RowKey) -> u64 {
    FixedState::default().hash_one(key)
}

/// Returns how many errors each file has, a log that is a copy by its name alone aside.
fn errors_of(loaded: &Loaded) -> BTreeMap<String, usize> {
    let mut errors = BTreeMap::new();
    for it in loaded.diagnostics.listed() {
        if it.severity() == Severity::Error && it.fault.code != "conflicted-copy" {
            let path = it.place.as_ref().map(|place| place.path.to_string());
            *errors.entry(path.unwrap_or_default()).or_insert(0) += 1;
        }
    }
    errors
}
