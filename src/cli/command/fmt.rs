//! `guanxi fmt`: the book's files in canonical form.

use std::borrow::Cow;
use std::collections::BTreeMap;

use anyhow::Context as _;

use crate::change::named::LoadedPart;
use crate::change::{Desk, FileEdit, load_options, refuse_errors};
use crate::cli::Console;
use crate::cli::args::FmtArgs;
use crate::cli::console::unless_closed;
use crate::cli::outcome::Outcome;
use crate::edit::fmt_log::{all_columns, canonical_log};
use crate::edit::fmt_toml::canonical_toml;
use crate::edit::mend::count_followers;
use crate::model::{Customer, LOG_COLUMNS, composed_id};
use crate::session::hint::hinted;
use crate::source::{Files as _, INTERACTIONS, escaped};
use crate::words::say;

pub(super) fn run(args: &FmtArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let mut desk = if args.check {
        Desk::look(&args.write, "fmt --check", console)?
    } else {
        Desk::open(&args.write, "fmt", console)?
    };
    let part = LoadedPart::whole(&desk.files, load_options(false, false));
    refuse_errors(&part.loaded, |_| true)?;
    let owners = owners(&part);
    drop(part);
    let mut edits = Vec::new();
    for path in desk.files.paths() {
        let old = desk.known_text(path)?;
        let new = canonical(path, &old)?;
        let owner = owners.get(&*stem_of(path)).map_or("", String::as_str);
        let new = match owner {
            owner if args.all_columns && path.starts_with(INTERACTIONS) => {
                all_columns(&new, &LOG_COLUMNS, owner).with_context(|| {
                    say!(
                        "cannot give `{path}` all columns",
                        "无法给 `{path}` 补齐所有列"
                    )
                })?
            }
            _ => new,
        };
        if new != old && path.starts_with(INTERACTIONS) && hides_equals(&old, &new, owner, &owners)?
        {
            console.note(&say!(
                "note: `{}` stays as it is: in the order of their dates, equal rows that stand apart would follow each \
                 other like two purchases of one day; `guanxi check --fix` drops one, or put them together by hand if \
                 both are true\n",
                "note: `{}` 保持原样：按日期排好之后，原来分开的相同记录会前后相连，看起来像同一天的两笔；\
                 `guanxi check --fix` 删去其中一条，若两条都属实，请手工放到一起\n",
                escaped(path)
            ));
        } else if new != old {
            edits.push(FileEdit::replace(path, old, new));
        }
    }
    if args.check {
        let paths = edits
            .iter()
            .map(|edit| format!("{}\n", escaped(&edit.path)));
        let paths: String = paths.collect();
        unless_closed(console.out.write_all(paths.as_bytes()))?;
        return Ok(if edits.is_empty() {
            Outcome::Done
        } else {
            Outcome::Found
        });
    }
    // One change, which `undo` takes back whole.
    desk.apply(&edits, console)?;
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    let mut said: Vec<String> = paths
        .iter()
        .map(|path| say!("formatted {path}", "已整理 {path}"))
        .collect();
    said.push(match paths.len() {
        0 => say!("every file is in canonical form", "所有文件的格式都已规范"),
        1 => say!(
            "1 file changed, none of its facts",
            "已整理 1 个文件，内容不变"
        ),
        count => say!(
            "{count} files changed, none of their facts",
            "已整理 {count} 个文件，内容不变"
        ),
    });
    Ok(desk.done(&said, &paths, console))
}

/// Returns the customers by what a log may be called that has no column for them.
fn owners(part: &LoadedPart) -> BTreeMap<String, String> {
    let customers = part.loaded.book.customers.iter();
    let names = |it: &Customer| {
        let former = it.former_ids.iter().map(|former| &**former);
        let all = std::iter::once(&*it.id).chain(former);
        let named = all.map(|name| (name.to_string(), it.id.to_string()));
        named.collect::<Vec<_>>()
    };
    customers.flat_map(|it| names(it)).collect()
}

/// Tells whether more rows of a log directly follow their equals than did: where they stood apart, a union
/// merge may have doubled them.
fn hides_equals(
    old: &str,
    new: &str,
    owner: &str,
    owners: &BTreeMap<String, String>,
) -> anyhow::Result<bool> {
    let before = count_followers(old, owner, owners)?;
    Ok(count_followers(new, owner, owners)? > before)
}

fn stem_of(path: &str) -> Cow<'_, str> {
    let name = path.rsplit('/').next().unwrap_or(path);
    composed_id(name.strip_suffix(".csv").unwrap_or(name))
}

fn canonical(path: &str, text: &str) -> anyhow::Result<String> {
    let hint = || {
        Some(say!(
            "`guanxi check` shows what is wrong",
            "`guanxi check` 显示哪里不对"
        ))
    };
    if path.starts_with(INTERACTIONS) {
        canonical_log(text, &LOG_COLUMNS)
            .map_err(|error| hinted(format!("`{path}`, {error}"), hint()))
    } else {
        canonical_toml(text).map_err(|error| hinted(format!("`{path}`: {error}"), hint()))
    }
}
