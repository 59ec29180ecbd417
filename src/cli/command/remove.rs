//! `guanxi remove`: a customer's file, with its rows if asked.

use crate::cli::Console;
use crate::cli::args::RemoveArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::Desk;
use crate::cli::writing::moving::Rows;
use crate::render::counted;

pub(super) fn run(args: &RemoveArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let command = format!("remove {}", args.customer);
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(&args.customer)?;
    desk.refuse_unread_logs(&named.path, console)?;
    let moved = desk.move_rows(&named, Rows::Removed)?;
    let rows = counted(moved.count, "row");
    if moved.count > 0 && !args.with_rows {
        let hint = format!(
            "`--with-rows` removes them too; `guanxi log {} lost` keeps the history of a customer who left",
            named.id
        );
        return Err(hinted(format!("`{}` has {rows}", named.id), Some(hint)));
    }
    let mut edits = vec![desk.without(&named)?];
    edits.extend(moved.edits);
    desk.refuse_worse(&edits, &[], console)?;
    desk.apply(&edits, console)?;
    let mut said = vec![format!(
        "removed {} ({}), with {rows}",
        named.id, named.path
    )];
    if desk.is_in_repository() {
        said.push("what git has committed of it stays in git".to_owned());
    }
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(&said, &paths, console))
}
