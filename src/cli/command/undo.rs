//! `guanxi undo`: the last change shown, and taken back.

use crate::cli::Console;
use crate::cli::args::UndoArgs;
use crate::cli::outcome::Outcome;
use crate::cli::writing::{Desk, refuse};
use crate::render::counted;
use crate::source::told;

pub(super) fn run(args: &UndoArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let is_shown = !args.yes || args.write.dry_run;
    let mut desk = if is_shown {
        Desk::look(&args.write, "undo", console)?
    } else {
        Desk::open(&args.write, "undo", console)?
    };
    let undoing = desk.undoing()?;
    let (command, when) = undoing.of();
    let of = format!("`{command}` of {when}");
    let paths = undoing.paths();
    let (errors, of_what_stands) = desk.errors_without(&undoing);
    if !is_shown && of_what_stands.error_count() > 0 {
        console.note(&format!(
            "note: something rests on {}, and would be wrong without it; take that out first\n\n",
            told(&of)
        ));
        refuse(&of_what_stands, console)?;
    }
    if errors > 0 {
        let errors = counted(errors, "error");
        console.note(&format!(
            "note: without that change the book has {errors} more; `guanxi check` lists them then\n"
        ));
    }
    if is_shown {
        desk.show_undoing(&undoing, console)?;
        console.note(&format!(
            "note: nothing was changed; `--yes` takes {} back\n",
            told(&of)
        ));
        return Ok(Outcome::Done);
    }
    desk.take_back(undoing, console)?;
    let files = counted(paths.len(), "file");
    let said = [format!("took back {of} ({files})")];
    Ok(desk.done(&said, &paths, console))
}
