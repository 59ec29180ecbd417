//! `guanxi edit`: a customer's file in the user's editor, checked on return.

use crate::change::named::NamedCustomer;
use crate::change::{Desk, FileEdit};
use crate::cli::Console;
use crate::cli::args::EditArgs;
use crate::cli::editor::EditorCopy;
use crate::cli::outcome::Outcome;
use crate::cli::telling::tell_refused;
use crate::session::hint::hinted;
use crate::source::told;
use crate::words::{Phrase, say};

pub(super) fn run(args: &EditArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let command = format!("edit {}", args.customer);
    let desk = Desk::look_first(&args.write, &command, console)?;
    let named = desk.find(&args.customer)?;
    let old = desk.known_text(&named.path)?;
    let mode = desk.mode(&named.path);
    // An editor may be open for hours: nobody waits for it.
    drop(desk);
    let Some(editor) = console.environment.editor.clone() else {
        let hint = Phrase(
            "set `VISUAL` or `EDITOR` to your editor",
            "请把 `VISUAL` 或 `EDITOR` 设为您的编辑器",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            Phrase("no editor is set", "没有设置编辑器").spoken(),
            Some(hint),
        ));
    };
    let name = named.path.rsplit('/').next().unwrap_or("customer.toml");
    let mut copy = EditorCopy::of(&old, name, mode)?;
    let result = match copy.edit(&editor) {
        Ok(new) if new == old => Ok(if args.write.quiet {
            Outcome::Done
        } else {
            console.acknowledge(&say!("{} is as it was\n", "{} 没有改动\n", told(&named.id)))
        }),
        Ok(new) => put(args, &command, &named, old.clone(), new, console),
        Err(error) => Err(error),
    };
    // Which place holds what was written is told behind the reason.
    let result = result.map_err(|error| tell_refused(error, console));
    if result.is_err()
        && let Some(path) = copy.keep_unless(&old)
    {
        let path = path.display().to_string();
        console.note(&say!(
            "note: what you wrote is in {}\n",
            "note: 您写的内容在 {}\n",
            told(&path)
        ));
    }
    result
}

fn put(
    args: &EditArgs,
    command: &str,
    named: &NamedCustomer,
    old: String,
    new: String,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let mut desk = Desk::open(&args.write, command, console)?;
    let edits = [FileEdit::replace(&named.path, old, new)];
    desk.refuse_worse(&edits, &[&named.path], None)?;
    let follows = desk.follows(&edits, &named.path, &named.id);
    desk.apply(&edits, console)?;
    let mut said = vec![say!(
        "changed {} ({})",
        "已修改 {}（{}）",
        named.id,
        named.path
    )];
    said.extend(follows);
    Ok(desk.done(&said, std::slice::from_ref(&named.path), console))
}
