//! Every figure explains itself: a book that keeps of a customer only the rows that the explanation
//! names gives the same figure.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use chrono::NaiveDate;
use guanxi::analysis::{Figures, Needs};
use guanxi::load::{LoadOptions, Loaded, load};
use guanxi::metric::{CATALOGUE, Group, Metric, Value};
use guanxi::model::Day;
use guanxi::source::MemoryFiles;

/// A line of a log: the path, and the number from 1.
type Line = (String, u32);

/// An example's files in memory, and the book that they give.
struct Example {
    files: BTreeMap<String, String>,
    loaded: Loaded,
}

impl Example {
    fn read(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(name);
        let mut files = BTreeMap::new();
        read_folder(&root, &root, &mut files);
        let loaded = load_files(&files);
        assert_eq!(loaded.diagnostics.error_count(), 0, "{name} is in order");
        Self { files, loaded }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn figures(&self, as_of: NaiveDate, needs: Needs) -> Figures<'_> {
        Figures::new(&self.loaded.book, &self.loaded.policy, as_of, needs, 1)
    }

    /// Returns the lines of a customer's rows up to a day that are not among some rows.
    fn left_out(&self, index: usize, as_of: NaiveDate, kept: &BTreeSet<usize>) -> Vec<Line> {
        let all = self.loaded.book.interactions_of(index);
        let count = all.until(Day::of(as_of)).rows().len();
        let left = (0..count).filter(|row| !kept.contains(row));
        left.map(|row| {
            let origin = all.origin(row).unwrap();
            (self.loaded.log_path(origin.log).to_owned(), origin.line)
        })
        .collect()
    }

    /// Loads the book without some lines, in whose place blank ones stand.
    ///
    /// Only rows after the day may then name a row that is not there: those do not exist anyway.
    fn without(&self, lines: &BTreeSet<Line>, as_of: NaiveDate) -> Loaded {
        let mut files = self.files.clone();
        for (path, text) in &mut files {
            if !lines.iter().any(|(log, _)| log == path) {
                continue;
            }
            let mut kept = String::with_capacity(text.len());
            let mut drops = false;
            let mut is_inside = false;
            for (number, line) in (1..).zip(text.split_inclusive('\n')) {
                if !is_inside {
                    drops = lines.contains(&(path.clone(), number));
                }
                is_inside ^= line.matches('"').count() % 2 == 1;
                kept.push_str(if drops { "\n" } else { line });
            }
            *text = kept;
        }
        let loaded = load_files(&files);
        for error in loaded.diagnostics.listed() {
            let place = error.place.as_ref().unwrap();
            let row = place.excerpt.clone();
            assert!(
                row > as_of.to_string(),
                "the rows named stand on their own: {}",
                error.message
            );
        }
        loaded
    }
}

fn read_folder(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_folder(root, &path, files);
        } else if path
            .extension()
            .is_some_and(|it| it == "csv" || it == "toml")
        {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap();
            let name = name.replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
}

fn load_files(files: &BTreeMap<String, String>) -> Loaded {
    let files = files.iter();
    let files = MemoryFiles::new(files.map(|(path, text)| (path.clone(), text.clone().into())));
    let options = LoadOptions {
        origins: true,
        ..LoadOptions::default()
    };
    load(&files, None, options)
}

/// Checks a day: first what looks at one customer alone, all customers at once, then what compares
/// customers, one at a time.
fn check(example: &Example, day: &str, one_in: usize, metrics: impl Fn(Metric) -> bool) {
    let as_of = Example::day(day);
    let figures = example.figures(as_of, Needs::all());
    let policy = &example.loaded.policy;
    let unnamed = |_: usize| None;
    let compared = |metric: Metric| {
        let needs = Needs::of(policy, [metric]);
        needs.has(Group::Ranking) || needs.has_model()
    };
    let mut together: BTreeMap<BTreeSet<Line>, Vec<Metric>> = BTreeMap::new();
    let mut alone: BTreeMap<(usize, BTreeSet<Line>), Vec<Metric>> = BTreeMap::new();
    for metric in CATALOGUE.iter().map(|entry| entry.metric) {
        if !metrics(metric) {
            continue;
        }
        let mut left_out = BTreeSet::new();
        for &index in figures.present() {
            let index = index as usize;
            if compared(metric) && !index.is_multiple_of(one_in) {
                continue;
            }
            let rows = figures.why(index, metric, &unnamed).row_indexes();
            let lines = example.left_out(index, as_of, &rows);
            if compared(metric) {
                let lines = lines.into_iter().collect();
                alone.entry((index, lines)).or_default().push(metric);
            } else {
                left_out.extend(lines);
            }
        }
        if !compared(metric) {
            together.entry(left_out).or_default().push(metric);
        }
    }
    let mut wrong = Vec::new();
    let mut compare = |index: usize, metric: Metric, found: Value<'_>| {
        let expected = figures.value(index, metric);
        if expected != found {
            let id = &example.loaded.book.customers[index].id;
            wrong.push(format!(
                "{day} {id} {}: {expected:?}, not {found:?}",
                metric.name()
            ));
        }
    };
    for (lines, metrics) in &together {
        let loaded = example.without(lines, as_of);
        let needs = Needs::of(policy, metrics.iter().copied());
        let reduced = Figures::new(&loaded.book, &loaded.policy, as_of, needs, 1);
        for &index in figures.present() {
            for &metric in metrics {
                compare(
                    index as usize,
                    metric,
                    reduced.value(index as usize, metric),
                );
            }
        }
    }
    for ((index, lines), metrics) in &alone {
        // Where nothing is left out, it is the same book.
        if lines.is_empty() {
            continue;
        }
        let loaded = example.without(lines, as_of);
        let needs = Needs::of(policy, metrics.iter().copied());
        let reduced = Figures::new(&loaded.book, &loaded.policy, as_of, needs, 1);
        for &metric in metrics {
            compare(*index, metric, reduced.value(*index, metric));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn every_figure_of_rail_follows_from_the_rows_named() {
    let example = Example::read("rail");
    for day in ["2024-03-31", "2025-06-30", "2026-11-20"] {
        check(&example, day, 1, |_| true);
    }
}

#[test]
fn every_figure_of_cdnow_follows_from_the_rows_named() {
    let example = Example::read("cdnow");
    check(&example, "1998-06-30", 40, |_| true);
}
