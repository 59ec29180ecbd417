//! `guanxi check --fix`: rows that stand twice, as a union merge in git leaves them, stand once.

use std::collections::BTreeMap;

use crate::check::{Checked, check_book};
use crate::cli::Console;
use crate::cli::args::{CheckArgs, WriteOptions};
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::writing::named::Part;
use crate::cli::writing::{Desk, Edit, load_options};
use crate::diagnostic::{Diagnostic, Diagnostics, REF_TWICE, ROW_TWICE};
use crate::edit::rows::remove_lines;
use crate::load::Loaded;
use crate::load::log::RowTexts;
use crate::model::Origin;
use crate::render::counted;
use crate::source::Place;

/// How often copies are looked for: only the first thousand are listed at a time.
const ROUNDS: usize = 1000;

/// Drops the copies and says which; with `--dry-run` they are shown.
///
/// # Errors
/// If the book cannot be changed; then it is as it was.
pub(super) fn drop_copies(args: &CheckArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let options = WriteOptions {
        book: args.book.book.clone(),
        dry_run: args.dry_run,
        wait: args.book.wait,
        quiet: args.book.quiet,
        ..WriteOptions::default()
    };
    for round in 0..ROUNDS {
        let mut desk = Desk::open(&options, "check --fix", console)?;
        let copies = copies(&desk);
        if copies.is_empty() {
            break;
        }
        let mut edits = Vec::with_capacity(copies.len());
        let mut said = Vec::new();
        for (path, lines) in &copies {
            let old = desk.text(path)?.unwrap_or_default();
            let broken = |error: &dyn std::fmt::Display| hinted(format!("`{path}`, {error}"), None);
            let new = remove_lines(&old, lines).map_err(|error| broken(&error))?;
            let new = new.ok_or_else(|| broken(&"a row is not where it was"))?;
            edits.push(Edit::replace(path, old, new));
            let rows = counted(lines.len(), "row");
            said.push(format!(
                "dropped {rows} of {path} that the book has once more"
            ));
        }
        desk.apply(&edits, console)?;
        let paths: Vec<String> = copies.into_keys().collect();
        desk.done(&said, &paths, console)?;
        if args.dry_run || round + 1 == ROUNDS {
            break;
        }
    }
    Ok(Outcome::Done)
}

/// Returns the lines of each log that hold a row once more, but not the first of equals.
fn copies(desk: &Desk) -> BTreeMap<String, Vec<usize>> {
    let options = load_options(true, true);
    let part = Part::whole(&desk.files, options);
    let mut found = Diagnostics::default();
    let checked = Checked {
        files: &desk.files,
        loaded: &part.loaded,
        as_of: desk.today,
        threads: options.threads,
        is_whole: part.loaded.diagnostics.error_count() == 0,
    };
    check_book(&checked, &mut found);
    let twice = found.listed().iter().filter(|it| it.fault == ROW_TWICE);
    let mut lines: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let places = twice.filter_map(|it| it.place.clone());
    for place in places.chain(equal_owners(desk, &part.loaded, options.threads)) {
        let line = usize::try_from(place.line).unwrap_or(usize::MAX);
        lines.entry(place.path.to_string()).or_default().push(line);
    }
    lines
}

/// Returns the places of rows that own a ref a second time and are the same row in all.
fn equal_owners(desk: &Desk, loaded: &Loaded, threads: usize) -> Vec<Place> {
    let origin = |place: &Place| -> Option<Origin> {
        let log = loaded.logs.iter().position(|log| log.path == place.path)?;
        Some(Origin {
            log: u32::try_from(log).ok()?,
            line: u32::try_from(place.line).ok()?,
        })
    };
    let pair = |it: &Diagnostic| -> Option<(Origin, Origin, Place)> {
        let (first, _) = it.second.as_ref()?;
        let place = it.place.clone()?;
        Some((origin(&place)?, origin(first)?, place))
    };
    let twice = loaded
        .diagnostics
        .listed()
        .iter()
        .filter(|it| it.fault == REF_TWICE);
    let pairs: Vec<(Origin, Origin, Place)> = twice.filter_map(pair).collect();
    let origins = pairs.iter().flat_map(|(copy, first, _)| [*copy, *first]);
    let texts = RowTexts::read(&desk.files, &loaded.logs, origins, threads);
    let is_same = |copy: &Origin, first: &Origin| -> Option<bool> {
        Some(texts.cells(*copy)?.is_same_row(texts.cells(*first)?))
    };
    let same = pairs
        .into_iter()
        .filter(|(copy, first, _)| is_same(copy, first) == Some(true));
    same.map(|it| it.2).collect()
}
