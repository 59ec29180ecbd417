//! `export journal`: what each row becomes, and hledger's own word that the figures agree.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use super::{RAIL, answer, book, run, skipped};

/// Runs hledger on a journal; `None`, and a word, where it is not installed.
fn hledger(journal: &Path, args: &[&str]) -> Option<Output> {
    let has_it = Command::new("hledger").arg("--version").output();
    if !has_it.is_ok_and(|it| it.status.success()) {
        skipped("hledger");
        return None;
    }
    // It reads files as the locale says.
    let output = Command::new("hledger")
        .env("LC_ALL", "C.UTF-8")
        .arg("-f")
        .arg(journal)
        .args(args)
        .output();
    Some(output.unwrap())
}

/// Lets hledger load a journal strictly; it checks balances, accounts, commodities and assertions then.
fn prove(journal: &Path) {
    if let Some(output) = hledger(journal, &["check", "-s"]) {
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
    }
}

#[test]
fn rows_become_postings() {
    let case = book(
        &[
            ("acme", "name = \"Acme\"\npayment_terms = \"30d\"\n"),
            ("bell", "name = \"Bell\"\n"),
        ],
        "2026-01-02,acme,order,100,,,,,PO-1,,\n\
         2026-01-03,acme,invoice,100,,,,,INV-1,,\n\
         2026-01-04,acme,credit,10.5,,,,,INV-1,,\n\
         2026-01-05,acme,credit,5,,,,,,,\n\
         2026-01-06,acme,payment,40,,,,,INV-1,,\n\
         2026-01-07,acme,payment,-20,,,,,INV-1,,\n\
         2026-01-08,acme,writeoff,100,,,,,INV-1,,\n\
         2026-01-09,acme,expense,7,,,,,,,dinner; 2026-01-01\n\
         2026-01-10,acme,visit,,,,,,,,\n\
         2026-01-11,bell,payment,9,,,,,,,\n\
         2026-12-01,bell,payment,9,,,,,,,\n",
    );
    let journal = String::from_utf8(answer(&case.path(""), &["export", "journal"])).unwrap();
    let expected = "\
decimal-mark .

commodity CNY
  format 1000.00 CNY

account assets:bank
account assets:receivable:acme
account assets:receivable:bell
account costs:acme
account expenses:bad-debts
account orders:acme
account revenues:acme

2026-01-02 (PO-1) order | Acme  ; row:interactions/2026.csv:2
    (orders:acme)  100.00 CNY

2026-01-03 (INV-1) invoice | Acme  ; row:interactions/2026.csv:3, due:2026-02-02
    assets:receivable:acme  100.00 CNY
    revenues:acme  -100.00 CNY

2026-01-04 (INV-1) credit | Acme  ; row:interactions/2026.csv:4
    (orders:acme)  -10.50 CNY
    revenues:acme  10.50 CNY
    assets:receivable:acme  -10.50 CNY

2026-01-05 credit | Acme  ; row:interactions/2026.csv:5
    (orders:acme)  -5.00 CNY

2026-01-06 (INV-1) payment | Acme  ; row:interactions/2026.csv:6
    assets:bank  40.00 CNY
    assets:receivable:acme  -40.00 CNY

2026-01-07 (INV-1) payment | Acme  ; row:interactions/2026.csv:7
    assets:bank  -20.00 CNY
    assets:receivable:acme  20.00 CNY

2026-01-08 (INV-1) writeoff | Acme  ; row:interactions/2026.csv:8
    expenses:bad-debts  69.50 CNY
    assets:receivable:acme  -69.50 CNY

2026-01-09 expense | Acme  ; row:interactions/2026.csv:9
    (costs:acme)  7.00 CNY

2026-01-11 payment | Bell  ; row:interactions/2026.csv:11
    assets:bank  9.00 CNY
    assets:receivable:bell  -9.00 CNY

2026-11-20 guanxi receivables
    assets:receivable:acme  0.00 CNY = 0.00 CNY
    assets:receivable:bell  0.00 CNY = -9.00 CNY
";
    assert_eq!(journal, expected);
    let only = answer(&case.path(""), &["export", "journal", "id = bell"]);
    assert!(!String::from_utf8(only).unwrap().contains("acme"));
    let file = case.path("a.journal");
    fs::write(&file, &journal).unwrap();
    prove(&file);
    // Another program finds a wrong figure.
    fs::write(&file, journal.replace("= -9.00", "= -9.01")).unwrap();
    if let Some(output) = hledger(&file, &["balance"]) {
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("balance assertion"));
    }
}

#[test]
fn the_examples_load_and_their_orders_are_the_revenue() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.journal");
    let cdnow = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cdnow");
    for (example, currency) in [(RAIL, "CNY"), (cdnow, "USD")] {
        let example = Path::new(example);
        fs::write(&file, answer(example, &["export", "journal"])).unwrap();
        prove(&file);
        let args = ["balance", "orders", "-N", "--flat", "-E", "-O", "csv"];
        let Some(output) = hledger(&file, &args) else {
            continue;
        };
        let balances = String::from_utf8(output.stdout).unwrap();
        let revenue = answer(
            example,
            &["list", "orders > 0", "-f", "csv", "-c", "id,revenue"],
        );
        let revenue = String::from_utf8(revenue).unwrap();
        let revenue = revenue.lines().skip(1).map(|line| {
            let (id, sum) = line.split_once(',').unwrap();
            let sum = if sum == "0.00" {
                "0".to_owned()
            } else {
                format!("{sum} {currency}")
            };
            format!("\"orders:{id}\",\"{sum}\"")
        });
        let mut revenue: Vec<String> = revenue.collect();
        let mut balances: Vec<&str> = balances.lines().skip(1).collect();
        revenue.sort();
        balances.sort_unstable();
        // Both are long.
        assert!(balances == revenue, "{}", example.display());
    }
}

/// A generator of numbers that are the same at every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }
}

/// Rows of all kinds of money, in no order, that name invoices before and behind them.
fn rows(dice: &mut Dice) -> String {
    let mut rows = String::new();
    let mut invoices = Vec::new();
    for number in 0..12 {
        let (day, customer) = (
            dice.below(300),
            ["a", "b"][usize::try_from(dice.below(2)).unwrap()],
        );
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(day);
        let amount = dice.below(90_000);
        writeln!(
            rows,
            "{day},{customer},invoice,{}.{:02},,,,,I{number},,",
            amount / 100,
            amount % 100
        )
        .unwrap();
        invoices.push((day, customer, number));
    }
    for _ in 0..40 {
        let day = dice.below(330);
        let day = chrono::NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + chrono::Days::new(day);
        let kinds = [
            "order", "credit", "payment", "payment", "writeoff", "expense",
        ];
        let kind = kinds[usize::try_from(dice.below(6)).unwrap()];
        let (of, customer, number) = invoices[usize::try_from(dice.below(12)).unwrap()];
        let may_name =
            matches!(kind, "credit" | "payment" | "writeoff") && (kind != "writeoff" || of <= day);
        let reference = if may_name && dice.below(2) == 0 {
            format!("I{number}")
        } else {
            String::new()
        };
        let sign = if kind == "payment" && dice.below(4) == 0 {
            "-"
        } else {
            ""
        };
        let amount = dice.below(120_000);
        writeln!(
            rows,
            "{day},{customer},{kind},{sign}{}.{:02},,,,,{reference},,",
            amount / 100,
            amount % 100
        )
        .unwrap();
    }
    rows
}

#[test]
fn hledger_agrees_on_random_books() {
    for seed in 0..24 {
        let mut dice = Dice(seed);
        let mut rows = rows(&mut dice);
        if seed % 3 == 0 {
            rows.push_str("2026-02-02,a,payment,0.0625,,,,,,,\n");
        }
        let terms = ["tolerance = 0", "tolerance = \"5%\"", "tolerance = 50"];
        let policy = format!(
            "[settlement]\n{}\n",
            terms[usize::try_from(seed % 3).unwrap()]
        );
        let case = book(&[("a", "name = \"A\"\n"), ("b", "name = \"B\"\n")], &rows);
        let case = case.file("guanxi.toml", policy);
        let output = run(&case.path(""), &["export", "journal"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{seed}: {said}");
        let file = case.path("a.journal");
        fs::write(&file, &output.stdout).unwrap();
        prove(&file);
        let figures = answer(
            &case.path(""),
            &["list", "-f", "csv", "-c", "id,receivable,advance"],
        );
        let journal = String::from_utf8(output.stdout).unwrap();
        for line in String::from_utf8(figures).unwrap().lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [id, receivable, advance] = cells[..] else {
                panic!("{line}")
            };
            let start = format!("    assets:receivable:{id}  0.00");
            let stated = journal
                .lines()
                .find(|it| it.starts_with(&start) && it.contains(" = "))
                .unwrap();
            let stated: f64 = stated.split(' ').rev().nth(1).unwrap().parse().unwrap();
            let figure = receivable.parse::<f64>().unwrap() - advance.parse::<f64>().unwrap();
            assert!(
                (stated - figure).abs() < 0.00005,
                "{seed}: {stated} {figure}"
            );
        }
    }
}

#[test]
fn no_name_becomes_code() {
    let case = book(
        &[(
            "a",
            "name = \"A; date:2020-01-01 | (x)\\n\\n2020-01-01 hack\\n    a:b  1\"\n",
        )],
        "2026-01-02,a,invoice,1,,,,,\"I)\n2026-01-01 x; (\",,\n",
    );
    let case = case.file("guanxi.toml", "currency = \"¥; \\\"\\n1\"\n");
    let journal = answer(&case.path(""), &["export", "journal"]);
    let file = case.path("a.journal");
    fs::write(&file, &journal).unwrap();
    let text = String::from_utf8(journal).unwrap();
    let head =
        "2026-01-02 (I 2026-01-01 x) invoice | A date:2020-01-01 x 2020-01-01 hack a:b 1 ; row:";
    let words: Vec<&str> = text.split(' ').filter(|it| !it.is_empty()).collect();
    assert!(words.join(" ").contains(head), "{text}");
    assert!(text.contains("    revenues:a  -1.00 \"¥ 1\"\n"), "{text}");
    prove(&file);
    if let Some(output) = hledger(&file, &["print"]) {
        let printed = String::from_utf8(output.stdout).unwrap();
        let days = printed.lines().filter(|it| it.starts_with("20"));
        assert_eq!(days.count(), 2, "{printed}");
    }
}

#[test]
fn another_program_reads_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("book.journal");
    fs::write(&file, answer(Path::new(RAIL), &["export", "journal"])).unwrap();
    match Command::new("ledger")
        .arg("-f")
        .arg(&file)
        .args(["balance", "orders"])
        .output()
    {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{said}");
            assert!(String::from_utf8_lossy(&output.stdout).contains("87496100.00 CNY"));
        }
        Err(_) => skipped("ledger"),
    }
}
