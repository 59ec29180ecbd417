//! `guanxi rename`: another id for a customer, in its file and in every row.

use std::collections::BTreeSet;

use crate::change::moving::{FORMER_IDS, RowsFate, with_stem};
use crate::change::{Desk, FileEdit};
use crate::cli::Console;
use crate::cli::args::RenameArgs;
use crate::cli::command::add::checked_id;
use crate::cli::outcome::Outcome;
use crate::edit::toml_set::{KeySetting, set_all};
use crate::edit::toml_value::NewValue;
use crate::model::{check_id, composed_id, folded_id};
use crate::session::hint::hinted;
use crate::words::counts;
use crate::words::say;

pub(super) fn run(args: &RenameArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let command = format!("rename {} {}", args.old, args.new);
    let mut desk = Desk::open(&args.write, command, console)?;
    let named = desk.find(&args.old)?;
    let new = &*composed_id(&args.new);
    let old = named.id.as_str();
    if old == new {
        return Err(hinted(
            say!("`{old}` has that id already", "`{old}` 已经是这个编号"),
            None,
        ));
    }
    // Another case of the same letters is no other customer's.
    if folded_id(old) != folded_id(new) || check_id(new).is_err() {
        checked_id(&desk, &desk.customers(), new, Some(old))?;
    }
    desk.refuse_broken(&[&named])?;
    desk.refuse_id_of_rows(new)?;
    let text = desk.known_text(&named.path)?;
    let mut former = desk.former_ids(&named)?;
    former.retain(|id| id != new && id != old);
    former.push(old.to_owned());
    let setting = |key: &str, value| KeySetting {
        scope: named.scope,
        path: vec![key.to_owned()],
        value: Some(value),
    };
    let mut settings = vec![setting(FORMER_IDS, NewValue::Texts(former))];
    if !named.is_alone() {
        settings.push(setting("id", NewValue::Text(new.to_owned())));
    }
    let changed = set_all(&text, &settings)
        .map_err(|error| hinted(format!("`{}`: {error}", named.path), None))?;
    let mut edits = Vec::new();
    let path = if named.is_alone() {
        let path = with_stem(&named.path, new);
        edits.extend(FileEdit::rename(&named.path, &path, text, changed));
        path
    } else {
        edits.push(FileEdit::replace(&named.path, text, changed));
        named.path.clone()
    };
    let moved = desk.move_rows(&named, RowsFate::Renamed(new))?;
    edits.extend(moved.edits);
    let ids = BTreeSet::from([new]);
    desk.refuse_worse(&edits, &[&path], Some(&ids))?;
    let follows = desk.follows(&edits, &path, new);
    desk.apply(&edits, console)?;
    let rows = counts(moved.count, "row", "条记录");
    let mut said = vec![say!(
        "renamed {old} to {new} ({path}), with {rows}",
        "已将 {old} 改名为 {new}（{path}），连同 {rows}"
    )];
    said.extend(follows);
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(&said, &paths, console))
}
