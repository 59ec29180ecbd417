//! `guanxi metrics`: the catalogue, or some entries of it.

use crate::answer::{Column, Envelope, Sheet};
use crate::cli::Console;
use crate::cli::args::MetricsArgs;
use crate::cli::outcome::Outcome;
use crate::cli::settings::{Chosen, show_grid};
use crate::diagnostic::Nearest as _;
use crate::metric::{CATALOGUE, Entry, Type, metric_by_name, metric_names};
use crate::session::hint::hinted;
use crate::words::{Language, say, written};

/// The columns, all of which are shown.
pub(super) const COLUMNS: [&str; 6] = ["name", "type", "unit", "stage", "group", "definition"];

pub(super) fn run(args: &MetricsArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let sheet = catalogue(&entries(&args.names)?);
    show_grid(
        &sheet,
        &chosen,
        &args.sheet,
        Envelope::named("metrics"),
        console,
    )?;
    Ok(Outcome::Done)
}

/// Returns the entries that some words find, each once, or all where there is no word.
fn entries(words: &[String]) -> anyhow::Result<Vec<&'static Entry>> {
    if words.is_empty() {
        return Ok(CATALOGUE.iter().collect());
    }
    let mut entries: Vec<&'static Entry> = Vec::new();
    for word in words {
        for entry in found_by(word)? {
            if !entries.iter().any(|it| it.name == entry.name) {
                entries.push(entry);
            }
        }
    }
    Ok(entries)
}

/// Returns the metric of this name, else those that have the word in their names or definitions,
/// whatever its case.
fn found_by(word: &str) -> anyhow::Result<Vec<&'static Entry>> {
    if let Some(metric) = metric_by_name(word) {
        return Ok(vec![metric.entry()]);
    }
    let wanted = word.trim().to_lowercase();
    let has = |entry: &&Entry| {
        let english = [entry.name, entry.definition];
        let chinese = [entry.chinese, entry.chinese_definition];
        let mut texts = if wanted.is_ascii() { english } else { chinese }.into_iter();
        texts.any(|it| it.to_lowercase().contains(&wanted))
    };
    let found: Vec<&Entry> = CATALOGUE.iter().filter(has).collect();
    if !found.is_empty() && !wanted.is_empty() {
        return Ok(found);
    }
    let near = metric_names().hint(word);
    let hint = near.unwrap_or_else(all_listed);
    let message = say!("no metric is called `{word}`", "没有名为 `{word}` 的指标");
    Err(hinted(message, Some(hint)))
}

/// Says where all metrics stand.
pub(super) fn all_listed() -> String {
    say!(
        "`guanxi metrics` lists them",
        "`guanxi metrics` 列出全部指标"
    )
}

fn catalogue(entries: &[&'static Entry]) -> Sheet<'static> {
    let mut sheet = Sheet::new(COLUMNS.map(column).to_vec());
    for entry in entries {
        sheet.push([
            entry.name.into(),
            entry.kind.name().into(),
            entry.unit.into(),
            entry.stage.name().into(),
            entry.group_figure.name().into(),
            entry.definition.into(),
        ]);
    }
    sheet
}

/// Returns a column; that of definitions shows them in the language of the answer, and sorts as ever.
fn column(name: &'static str) -> Column {
    let column = Column::of_report("metrics", name, Type::Text);
    match (name, written()) {
        ("definition", Language::Chinese) => {
            let texts = CATALOGUE.iter();
            let texts = texts.map(|it| (it.definition.into(), it.chinese_definition.into()));
            column.labelled(texts.collect())
        }
        _ => column,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::terms::{term, terms_of};

    #[test]
    fn what_the_catalogue_says_is_said_in_chinese_too() {
        let is_han = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
        for entry in CATALOGUE {
            let name = entry.name;
            assert!(entry.chinese_definition.contains(is_han), "{name}");
            assert!(entry.chinese_definition.ends_with('。'), "{name}");
            for (column, word) in [
                ("type", entry.kind.name()),
                ("unit", entry.unit),
                ("stage", entry.stage.name()),
                ("group", entry.group_figure.name()),
            ] {
                let chinese = term(terms_of("metrics", column), word);
                assert!(
                    chinese.is_some() || word.is_empty(),
                    "{name} {column} {word}"
                );
            }
        }
    }
}
