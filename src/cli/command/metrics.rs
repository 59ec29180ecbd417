//! `guanxi metrics`: the catalogue, or some entries of it.

use crate::cli::Console;
use crate::cli::args::MetricsArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::cli::settings::{Chosen, show_grid};
use crate::diagnostic::Nearest as _;
use crate::metric::{CATALOGUE, Entry, Type, metric_by_name};
use crate::sheet::{Column, Sheet};

/// The columns, all of which are shown.
const COLUMNS: [&str; 5] = ["name", "type", "unit", "stage", "definition"];

pub(super) fn run(args: &MetricsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let sheet = catalogue(&entries(&args.names)?);
    show_grid(&sheet, &chosen, &args.sheet, None, console)?;
    Ok(Outcome::Done)
}

/// Returns the entries of the metrics named, or all where none is.
fn entries(names: &[String]) -> anyhow::Result<Vec<&'static Entry>> {
    if names.is_empty() {
        return Ok(CATALOGUE.iter().collect());
    }
    let entry = |name: &String| {
        let metric = metric_by_name(name).ok_or_else(|| {
            let near = CATALOGUE.iter().map(|entry| entry.name).help(name);
            let hint = near.unwrap_or_else(|| "`guanxi metrics` lists them".to_owned());
            hinted(format!("no metric is called `{name}`"), Some(hint))
        })?;
        Ok(metric.entry())
    };
    names.iter().map(entry).collect()
}

fn catalogue(entries: &[&'static Entry]) -> Sheet<'static> {
    let columns = COLUMNS.map(|name| Column::new(name, Type::Text));
    let mut sheet = Sheet::new(columns.to_vec());
    for entry in entries {
        sheet.push([
            entry.name.into(),
            entry.kind.name().into(),
            entry.unit.into(),
            entry.stage.name().into(),
            entry.definition.into(),
        ]);
    }
    sheet
}
