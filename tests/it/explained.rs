//! What every figure of the example says of itself: the value, the sentences and the parts that rows play.
//!
//! `SNAPSHOTS=overwrite cargo test` renews `explained.txt`; read the difference.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use guanxi::figures::Needs;
use guanxi::metric::all_metrics;
use snapbox::{Assert, Data};

use crate::recompute::Example;

/// How many explanations of each metric are held, each worded differently.
const HELD: usize = 4;

/// How many rows of each are held.
const ROWS: usize = 6;

#[test]
fn every_figure_is_explained_so() {
    let example = Example::read("rail");
    let figures = example.figures(Example::day("2026-11-20"), Needs::all());
    let mut page = String::new();
    for metric in all_metrics() {
        let mut worded = BTreeSet::new();
        for &index in figures.present() {
            let index = index as usize;
            let why = figures.why(index, metric, &|_| None);
            let mut text = format!("  {}\n", why.in_short());
            for line in &why.arithmetic {
                writeln!(text, "  = {line}").unwrap();
            }
            for row in why.rows.iter().chain(&why.context).take(ROWS) {
                writeln!(text, "  - {}", row.role).unwrap();
            }
            // Two that differ in numbers alone say nothing new.
            let is_new = worded.insert(text.replace(|it: char| it.is_ascii_digit(), "#"));
            if is_new && worded.len() <= HELD {
                let id = &figures.book().customers[index].id;
                writeln!(page, "{} of {id}: {:?}", metric.name(), why.value).unwrap();
                page.push_str(&text);
            }
        }
        assert!(!worded.is_empty(), "{} is explained", metric.name());
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/explained.txt");
    Assert::new()
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV)
        .eq(
            page,
            Data::read_from(&path, Some(snapbox::data::DataFormat::Text)),
        );
}
