//! The reports as a user meets them: small books with figures worked by hand, and the examples.

mod books;
mod brief;
mod cases;
mod churn;
mod dates;
mod diff;
mod due;
mod groups;
mod history;
mod init;
mod laws;
mod leads;
mod one;
mod policy;
mod portfolio;
mod receivables;
mod spared;
mod summary;
mod team;
mod tiers;
mod trend;
mod units;
mod value;
mod value_examples;
mod widths;

use std::process::Command;

use crate::case::Case;

/// The example of a rail-equipment supplier.
const RAIL: [&str; 4] = [
    "--book",
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/rail"),
    "--as-of",
    "2026-11-20",
];

/// The example of a shop, the day its data end.
const CDNOW: [&str; 4] = [
    "--book",
    concat!(env!("CARGO_MANIFEST_DIR"), "/examples/cdnow"),
    "--as-of",
    "1998-06-30",
];

/// Makes a case in a book of these customers (id, file) and rows, without their header.
fn book(customers: &[(&str, &str)], rows: &str) -> Case {
    let mut case = Case::new().file("guanxi.toml", "");
    for (id, text) in customers {
        case = case.file(&format!("customers/{id}.toml"), text);
    }
    let header = "date,customer,kind,amount,score,staff,topic,channel,ref,due,note";
    case.file("interactions/2026.csv", format!("{header}\n{rows}"))
}

/// Runs the program, which must end well, and returns both streams.
fn run(command: &[&str], book: &[&str]) -> (String, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(command)
        .args(book)
        .env_clear()
        .output()
        .unwrap();
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{command:?}: {stderr}");
    (String::from_utf8(output.stdout).unwrap(), stderr)
}

/// Runs the program with `-f json` and returns its answer.
fn run_json(command: &[&str], book: &[&str]) -> serde_json::Value {
    let (stdout, _) = run(&[command, &["-f", "json"]].concat(), book);
    serde_json::from_str(&stdout).unwrap()
}

/// Returns a row's number.
fn number(row: &serde_json::Value, key: &str) -> f64 {
    row[key].as_f64().unwrap_or(f64::NAN)
}

/// `docs/reports.md` names every column that is no metric.
#[test]
fn the_page_on_reports_names_their_columns() {
    let page = include_str!("../../../docs/reports.md");
    let commands: &[&[&str]] = &[
        &["due"],
        &["diff", "90d"],
        &["diff", "90d", "--stat"],
        &["cases", "--all"],
        &["churn"],
        &["value"],
        &["value", "--fit"],
        &["churn", "--backtest"],
        &["history", "-n", "1"],
        &[
            "trend",
            "-c",
            "+from,+to,+complete,+order_days,+invoiced,+paid,+written_off,+expenses,+requests,+resolved,+leads,+leads_won,+leads_lost",
        ],
        &["trend", "--cohorts"],
        &["portfolio", "--since", "1y", "-c", "+command"],
        &[
            "team",
            "-c",
            "+visits_per_year,+response_days,+past_due,+pipeline,+leads,+losses,+training_due,+training_done",
        ],
    ];
    for &command in commands {
        let (csv, _) = run(&[command, &["-f", "csv"]].concat(), &RAIL);
        for column in csv.lines().next().unwrap().split(',') {
            let is_metric = guanxi::metric::metric_by_name(column).is_some();
            let is_there = page.contains(&format!("| `{column}` |"));
            assert!(is_metric || is_there, "{command:?}: {column}");
        }
    }
}
