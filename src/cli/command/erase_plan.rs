//! The plan for what `erase` cannot reach: comments of a shell, and lines for one.
//!
//! All that is replaced in a history is told by expressions, in an order: git-filter-repo replaces plain texts
//! before any expression, and would take away the words by which a row or a table is known.

use crate::change::erasing::{ERASED, Erasure};
use crate::change::trace_pattern::{Pattern, python_text};
use crate::folder::git::history::Held;
use crate::source::shell_word;
use crate::words::write_say;

/// A cell of a row, in quotes or not.
const CELL: &str = r#"("([^"]|"")*"|[^,\n]*)"#;

/// What stands behind a table's header up to the next header, or to a place that is told.
const REST: &str = r"((?!^[ \t]*\[).)*";

/// Returns the plan.
pub(super) fn plan(history: Option<&Held>, erasure: &Erasure) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(held) = history.filter(|it| it.commits > 0) {
        let count = held.commits;
        let first = erasure.traces.texts.first().map_or("", String::as_str);
        lines.push(write_say!(
            "# commits that hold it: {count} (`git log --all -S {}` and the like). Nothing below was run.",
            "# 含有它的提交：{count} 个（`git log --all -S {}` 等）。以下命令均未执行。",
            shell_word(first)
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
    for id in &erasure.ids {
        lines.extend(rows(id, erasure));
        lines.push(table(
            "customer",
            "id",
            id,
            r"((?!^[ \t]*\[\[[ \t]*customer[ \t]*\]\]).)*",
        ));
    }
    if let Some(person) = &erasure.person {
        lines.push(table(
            r"(customer[ \t]*\.[ \t]*)?contact",
            "name",
            person,
            REST,
        ));
    }
    let texts = erasure.traces.patterns().into_iter();
    lines.extend(texts.map(|it| replaced(&it)));
    lines.push("END".to_owned());
    let mut messages = "../erased.txt";
    if !erasure.ids.is_empty() {
        // A commit may have been called after the command; in files an id may be another's word.
        messages = "../erased-messages.txt";
        lines.push(format!("cat ../erased.txt - > {messages} <<'END'"));
        let ids = erasure.ids.iter();
        lines.extend(ids.map(|it| replaced(&Pattern::of_id(it))));
        lines.push("END".to_owned());
    }
    let paths = held.paths.iter().map(|it| shell_word(it));
    let paths = paths.fold(String::new(), |all, it| all + " --path " + &it);
    if !paths.is_empty() {
        lines.push(format!("git filter-repo --invert-paths{paths}"));
    }
    lines.push(format!(
        "git filter-repo --replace-text ../erased.txt --replace-message {messages}"
    ));
    lines
}

fn replaced(pattern: &Pattern) -> String {
    format!("regex:{}==>{ERASED}", pattern.for_python())
}

/// Returns what takes away the rows of a customer, those of several lines too, by the places at which logs
/// name one.
fn rows(id: &str, erasure: &Erasure) -> Vec<String> {
    let columns = erasure.columns.iter().copied();
    let columns: Vec<usize> = if erasure.columns.is_empty() {
        vec![1]
    } else {
        columns.collect()
    };
    let id = python_text(id);
    let row = |before: usize| {
        format!("regex:(?m)^({CELL},){{{before}}}\"?{id}\"?(?=[,\\r\\n]|\\Z)(,{CELL})*\\r?\\n?==>")
    };
    columns.into_iter().map(row).collect()
}

/// Returns what takes away a table of a list, known by one of its keys, up to where `rest` ends.
fn table(list: &str, key: &str, value: &str, rest: &str) -> String {
    let value = python_text(value);
    format!(
        "regex:(?ms)^[ \\t]*\\[\\[[ \\t]*{list}[ \\t]*\\]\\]{REST}?^[ \\t]*{key}[ \\t]*=[ \\t]*[\"']{value}[\"']{rest}==>"
    )
}
