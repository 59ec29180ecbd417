//! Every figure explains itself: a book that keeps of a customer only the rows that the explanation
//! names gives the same figure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;
use guanxi::figures::{Figures, Needs};
use guanxi::load::{LoadOptions, Loaded, load};
use guanxi::metric::{Metric, Room, Value, all_metrics};
use guanxi::model::{Day, Money};
use guanxi::source::MemoryFiles;

/// A line of a log: the path, and the number from 1.
type Line = (String, u32);

/// An example's files in memory, and the book that they give.
pub(crate) struct Example {
    files: BTreeMap<String, String>,
    loaded: Loaded,
}

impl Example {
    pub(crate) fn read(name: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("examples")
            .join(name);
        let mut files = BTreeMap::new();
        read_folder(&root, &root, &mut files);
        let loaded = load_files(&files);
        assert_eq!(loaded.diagnostics.error_count(), 0, "{name} is in order");
        Self { files, loaded }
    }

    pub(crate) fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    pub(crate) fn figures(&self, as_of: NaiveDate, needs: Needs) -> Figures<'_> {
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
                error.message.english()
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
        needs.has(Room::Ranking) || needs.has_model() || needs.looks_at_book()
    };
    let mut together: BTreeMap<BTreeSet<Line>, Vec<Metric>> = BTreeMap::new();
    let mut alone: BTreeMap<(usize, BTreeSet<Line>), Vec<Metric>> = BTreeMap::new();
    for metric in all_metrics() {
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

#[test]
fn the_amounts_of_the_rows_add_up() {
    let sums = [
        Metric::Revenue,
        Metric::AnnualRevenue,
        Metric::PriorRevenue,
        Metric::Expenses,
        Metric::AnnualExpenses,
        Metric::AcquisitionCost,
        Metric::Pipeline,
    ];
    let example = Example::read("rail");
    let figures = example.figures(Example::day("2026-11-20"), Needs::all());
    for &index in figures.present() {
        for metric in sums {
            let why = figures.why(index as usize, metric, &|_| None);
            let sum: Money = why.rows.iter().filter_map(|part| part.amount).sum();
            match why.value {
                Value::Money(value) => assert_eq!(value, sum, "{metric:?}"),
                _ => assert_eq!(why.rows, [], "{metric:?}"),
            }
        }
    }
}

/// A small generator of numbers, the same on every machine.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005);
        self.0 = self.0.wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Writes what stands behind the customer in a row of a case, or in one that says whose the customer is.
fn row_of_case(which: u64, case: u64, amount: u64, due: NaiveDate, staff: &str) -> String {
    let is_even = amount.is_multiple_of(2);
    match which {
        24 if is_even => format!("reopen,,,,C{case},{due}"),
        24 => format!("reopen,,,,C{case},"),
        25 if !staff.is_empty() => format!("assign,,,,C{case},"),
        26 if !staff.is_empty() => "owner,,,wu,,".to_owned(),
        27 => format!("resolve,,,,C{case},"),
        _ if is_even => format!("response,,,,C{case},"),
        _ => format!("resolve,,70,,C{case},"),
    }
}

/// Writes a book whose rows do all that rows can do, in an order that nobody would choose.
#[expect(clippy::too_many_lines, reason = "a row of every kind")]
fn wild_book(seed: u64, policy: &str) -> Example {
    let mut random = Random(seed);
    let mut files = BTreeMap::from([("guanxi.toml".to_owned(), policy.to_owned())]);
    let mut log = String::from("date,customer,kind,amount,score,topic,ref,due,staff\n");
    for customer in 0..14 {
        let id = format!("c{customer:02}");
        let facts = match random.below(4) {
            0 => "since = 2023-06-01\nmargin = 0.3\n",
            1 => "since = 2026-01-01\ncredit_limit = 900\nrevisit = \"21d\"\n",
            2 => "score = 55\npayment_terms = \"10d\"\nreviewed = 2025-03-01\n",
            _ => "",
        };
        let file = format!("name = \"{id}\"\n{facts}");
        files.insert(format!("customers/{id}.toml"), file);
        // Of each family the refs that are taken; invoices that a payment names before they come.
        let (mut cases, mut invoices, mut leads, mut agreements) = (0, 0, 0, 0);
        let mut day = Example::day("2024-01-01");
        for _ in 0..random.below(70) {
            day = day + chrono::Days::new(random.below(30));
            let amount = random.below(900);
            let staff = ["", "li", "wang"][usize::try_from(random.below(3)).unwrap()];
            let mut row = |cells: &str| writeln!(log, "{day},{id},{cells},{staff}").unwrap();
            let due = day + chrono::Days::new(random.below(40));
            let some = |count: u64, random: &mut Random| 1 + random.below(count);
            match random.below(30) {
                0 | 1 => row("visit,,,,,"),
                2 => row(&format!("plan,,,,,{due}")),
                28 => {
                    // What is planned for today is often done today.
                    row(&format!("plan,,,,,{day}"));
                    row("call,,,,,");
                }
                29 => {
                    agreements += 1;
                    let topic = ["", "frame"][usize::from(amount.is_multiple_of(2))];
                    let worth = ["", "70"][usize::from(amount.is_multiple_of(3))];
                    let due = day + chrono::Days::new(60 + amount % 400);
                    row(&format!("agreement,{worth},,{topic},A{agreements},{due}"));
                }
                3..=6 => row(&format!("order,{amount},,,,")),
                7 => row(&format!("credit,{},,,,", amount / 4)),
                8..=10 => {
                    invoices += 1;
                    row(&format!("invoice,{amount},,,I{invoices},"));
                }
                11 if invoices > 0 => {
                    let invoice = some(invoices, &mut random);
                    row(&format!("credit,{},,,I{invoice},", amount / 4));
                }
                12..=14 if invoices > 0 => {
                    let invoice = some(invoices, &mut random);
                    row(&format!("payment,{amount},,,I{invoice},"));
                }
                15 => row(&format!("payment,{},,,,", amount / 2)),
                16 if invoices > 0 => {
                    let invoice = some(invoices, &mut random);
                    row(&format!("payment,-{},,,I{invoice},", amount / 2));
                }
                17 => row(&format!("payment,-{},,,,", amount / 5)),
                18 if invoices > 0 => {
                    let invoice = some(invoices, &mut random);
                    row(&format!("writeoff,{},,,I{invoice},", amount / 3));
                }
                19 => {
                    cases += 1;
                    let kind = if amount.is_multiple_of(2) {
                        "complaint"
                    } else {
                        "request"
                    };
                    row(&format!("{kind},,,,C{cases},"));
                }
                which @ (20 | 24..=27) if cases > 0 => {
                    let case = some(cases, &mut random);
                    row(&row_of_case(which, case, amount, due, staff));
                }
                21 => {
                    leads += 1;
                    row(&format!("lead,{amount},,roof,L{leads},"));
                }
                22 if leads > 0 => {
                    let lead = some(leads, &mut random);
                    let kind = if amount.is_multiple_of(2) {
                        "win"
                    } else {
                        "lose"
                    };
                    row(&format!("{kind},,,price,L{lead},"));
                }
                _ => match amount % 5 {
                    0 => row("lost,,,moved,,"),
                    1 => row("stage,,,delivery,,"),
                    2 => row(&format!("survey,,{},quality,,", amount % 100)),
                    3 => row(&format!("expense,{},,,,", amount / 9)),
                    _ => {
                        // The invoice comes the next time one is written.
                        row(&format!("payment,{amount},,,I{},", invoices + 1));
                        invoices += 1;
                        day = day + chrono::Days::new(1);
                        writeln!(log, "{day},{id},invoice,{amount},,,I{invoices},,").unwrap();
                    }
                },
            }
        }
    }
    files.insert("interactions/all.csv".to_owned(), log);
    let loaded = load_files(&files);
    let errors = loaded.diagnostics.listed();
    assert_eq!(loaded.diagnostics.error_count(), 0, "{errors:?}");
    Example { files, loaded }
}

#[test]
fn every_figure_of_a_wild_book_follows_from_the_rows_named() {
    let policies = [
        "",
        "[value]\nrevenue = \"invoice\"\nbasis = \"profit\"\nmargin = 0.2\n",
        "[settlement]\ntolerance = 40\n[value]\nmodel = \"retention\"\n",
        "payment_terms = \"eom+20d\"\n[settlement]\ntolerance = \"8%\"\npetty = 0.05\n",
    ];
    for (seed, policy) in (1..).zip(policies) {
        let example = wild_book(seed, policy);
        for day in ["2024-12-31", "2026-02-15"] {
            check(&example, day, 3, |_| true);
        }
    }
}
