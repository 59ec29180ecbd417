//! `guanxi undo`: the last change shown, and taken back.

use crate::change::{Desk, refuse};
use crate::cli::Console;
use crate::cli::args::UndoArgs;
use crate::cli::outcome::Outcome;
use crate::source::told;
use crate::words::counts;
use crate::words::say;

pub(super) fn run(args: &UndoArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let is_shown = !args.yes || args.write.dry_run;
    let mut desk = if is_shown {
        Desk::look(&args.write, "undo", console)?
    } else {
        Desk::open(&args.write, "undo", console)?
    };
    let undoing = desk.undoing()?;
    let (command, when) = undoing.of();
    let of = say!("`{command}` of {when}", "{when} 的 `{command}`");
    let paths = undoing.paths();
    let (errors, of_what_stands) = desk.errors_without(&undoing);
    if !is_shown && of_what_stands.error_count() > 0 {
        console.note(&say!(
            "note: something rests on {}, and would be wrong without it; take that out first\n\n",
            "note: 有内容以 {} 为依据，撤销后会出错；请先去掉那些内容\n\n",
            told(&of)
        ));
        refuse(of_what_stands)?;
    }
    if errors > 0 {
        let errors = counts(errors, "error", "个错误");
        console.note(&say!(
            "note: without that change the book has {errors} more; `guanxi check` lists them then\n",
            "note: 撤销这项改动后账本会多出 {errors}；届时 `guanxi check` 会列出\n"
        ));
    }
    if is_shown {
        desk.show_undoing(&undoing, console)?;
        console.note(&say!(
            "note: nothing was changed; `--yes` takes {} back\n",
            "note: 没有改动；加 `--yes` 才撤销 {}\n",
            told(&of)
        ));
        return Ok(Outcome::Done);
    }
    desk.take_back(undoing, console)?;
    let files = counts(paths.len(), "file", "个文件");
    let said = [say!("took back {of} ({files})", "已撤销 {of}（{files}）")];
    Ok(desk.done(&said, &paths, console))
}
