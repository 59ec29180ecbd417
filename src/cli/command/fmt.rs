//! `guanxi fmt`: the book's files in canonical form.

use crate::cli::Console;
use crate::cli::args::FmtArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::named::Part;
use crate::cli::writing::{Desk, Edit, load_options, refuse_errors};
use crate::edit::fmt_log::canonical_log;
use crate::edit::fmt_toml::canonical_toml;
use crate::load::log::COLUMNS;
use crate::source::{Files as _, INTERACTIONS, escaped};

pub(super) fn run(args: &FmtArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let mut desk = if args.check {
        Desk::look(&args.write, "fmt --check", console)?
    } else {
        Desk::open(&args.write, "fmt", console)?
    };
    let part = Part::whole(&desk.files, load_options(false, false));
    refuse_errors(&part.loaded, |_| true, console)?;
    drop(part);
    let mut edits = Vec::new();
    for path in desk.files.paths() {
        let old = desk.text(path)?.unwrap_or_default();
        let new = canonical(path, &old)?;
        if new != old {
            edits.push(Edit::replace(path, old, new));
        }
    }
    if args.check {
        for edit in &edits {
            writeln!(console.out, "{}", escaped(&edit.path))?;
        }
        return Ok(if edits.is_empty() {
            Outcome::Done
        } else {
            Outcome::Found
        });
    }
    // Each file means what it meant, so each is written on its own.
    for edit in &edits {
        desk.apply(std::slice::from_ref(edit), console)?;
    }
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    let mut said: Vec<String> = paths
        .iter()
        .map(|path| format!("formatted {path}"))
        .collect();
    said.push(match paths.len() {
        0 => "every file is in canonical form".to_owned(),
        1 => "1 file changed, none of its facts".to_owned(),
        count => format!("{count} files changed, none of their facts"),
    });
    desk.done(&said, &paths, console)
}

fn canonical(path: &str, text: &str) -> anyhow::Result<String> {
    let hint = || Some("`guanxi check` shows what is wrong".to_owned());
    if path.starts_with(INTERACTIONS) {
        canonical_log(text, &COLUMNS).map_err(|error| hinted(format!("`{path}`, {error}"), hint()))
    } else {
        canonical_toml(text).map_err(|error| hinted(format!("`{path}`: {error}"), hint()))
    }
}
