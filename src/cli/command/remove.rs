//! `guanxi remove`: a customer's file, with its rows if asked.

use crate::change::moving::RowsFate;
use crate::change::{Desk, FileEdit};
use crate::cli::Console;
use crate::cli::args::RemoveArgs;
use crate::cli::outcome::Outcome;
use crate::edit::mend::count_joined;
use crate::session::hint::hinted;
use crate::source::INTERACTIONS;
use crate::words::counts;
use crate::words::{Language, say, spoken};

pub(super) fn run(args: &RemoveArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let command = format!("remove {}", args.customer);
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(&args.customer)?;
    desk.refuse_unread_logs(&named)?;
    let moved = desk.move_rows(&named, RowsFate::Removed)?;
    let rows = counts(moved.count, "row", "条记录");
    if moved.count > 0 && !args.with_rows {
        let id = &named.id;
        let hint = say!(
            "`--with-rows` removes them too; `guanxi log {id} lost` keeps the history of a customer who left",
            "`--with-rows` 连同记录一起删除；客户流失时用 `guanxi log {id} lost` 可保留历史"
        );
        return Err(hinted(
            say!("`{id}` has {rows}", "`{id}` 有 {rows}"),
            Some(hint),
        ));
    }
    let mut edits = vec![desk.without(&named)?];
    edits.extend(moved.edits);
    desk.refuse_worse(&edits, &[], None)?;
    let joined = joined_equals(&edits)?;
    desk.apply(&edits, console)?;
    if joined > 0 {
        let others = counts(joined, "row", "条记录");
        let follow = if joined == 1 { "follows" } else { "follow" };
        console.note(&match spoken() {
            Language::English => format!(
                "note: {others} of others now directly {follow} an equal one, which stood apart: if a merge \
                 doubled them, both count, and `check` takes them for two of one day\n"
            ),
            Language::Chinese => format!(
                "note: 其他客户的 {others}现在紧跟在相同的一条之后，原来是分开的：若是合并造成的重复，两条都会计入，\
                 `check` 会当作同一天的两条\n"
            ),
        });
    }
    let mut said = vec![say!(
        "removed {} ({}), with {rows}",
        "已删除 {}（{}）及其 {rows}",
        named.id,
        named.path
    )];
    if desk.is_in_repository() {
        said.push(say!(
            "what git has committed of it stays in git",
            "已提交到 git 的内容仍留在 git 中"
        ));
    }
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(&said, &paths, console))
}

/// Returns how many rows directly follow their equals once others between them are gone.
fn joined_equals(edits: &[FileEdit]) -> anyhow::Result<usize> {
    let mut joined = 0;
    for edit in edits.iter().filter(|it| it.path.starts_with(INTERACTIONS)) {
        if let (Some(old), Some(new)) = (&edit.old, &edit.new) {
            joined += count_joined(old, new)?;
        }
    }
    Ok(joined)
}
