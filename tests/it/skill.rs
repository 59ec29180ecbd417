//! `skills/guanxi`: what the page for assistants says holds, and the twelve answers are the book's.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

/// The day on which the example book is asked.
const DAY: &str = "2026-11-20";

fn skill() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("skills/guanxi")
}

fn page() -> String {
    let page = std::fs::read_to_string(skill().join("SKILL.md")).unwrap();
    page.replace("\r\n", "\n")
}

/// Returns what a command says of the example book on the day.
fn said(args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .args(["--book", "examples/rail"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{args:?}: {error}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the rows of a command.
fn rows(args: &[&str]) -> Vec<Value> {
    let answer = data(args);
    answer["rows"].as_array().unwrap().clone()
}

fn data(args: &[&str]) -> Value {
    let text = said(&[args, &["--as-of", DAY, "-f", "json"]].concat());
    serde_json::from_str(&text).unwrap()
}

/// Returns the cell of a column in each row of a CSV, where amounts are exact texts.
fn cells(args: &[&str], column: &str) -> Vec<String> {
    let text = said(&[args, &["--as-of", DAY, "-f", "csv"]].concat());
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let at = reader.headers().unwrap().iter().position(|it| it == column);
    let at = at.unwrap();
    reader
        .records()
        .map(|it| it.unwrap()[at].to_owned())
        .collect()
}

/// Returns parts of a row.
fn parts(row: &Value, names: &[(&str, &str)]) -> Value {
    let parts = names
        .iter()
        .map(|(name, column)| ((*name).to_owned(), row[*column].clone()));
    Value::Object(parts.collect())
}

#[test]
fn the_page_has_the_form_of_a_skill() {
    let page = page();
    let (head, body) = page
        .strip_prefix("---\n")
        .unwrap()
        .split_once("\n---\n")
        .unwrap();
    let fields: Vec<(&str, &str)> = head
        .lines()
        .map(|it| it.split_once(": ").unwrap())
        .collect();
    let [("name", "guanxi"), ("description", description)] = fields[..] else {
        panic!("{fields:?}");
    };
    assert!(description.chars().count() <= 1024);
    assert!(
        !description.contains(": ") && !description.contains(" #"),
        "it is a plain scalar"
    );
    assert!(body.lines().count() < 300);
}

/// `docs_run` runs the blocks; here is what stands in running text and in the table.
#[test]
fn every_command_that_the_page_names_is_one() {
    let page = page();
    let shown = page.split("```").step_by(2);
    let spans = shown.flat_map(|it| it.split('`').skip(1).step_by(2));
    let whole = spans.filter_map(|it| it.strip_prefix("guanxi "));
    let cells = page
        .lines()
        .filter_map(|it| it.split("| `").nth(1)?.split('`').next());
    let words = whole.chain(cells).map(|it| it.split(' ').next().unwrap());
    let words: std::collections::BTreeSet<&str> = words.collect();
    assert!(words.len() >= 8, "{words:?}");
    for word in words {
        assert!(said_of(&["help", word]), "{word}");
    }
    assert!(page.matches("\n$ guanxi ").count() > 10);
}

/// Tells whether a command can be done.
fn said_of(args: &[&str]) -> bool {
    let mut program = Command::new(env!("CARGO_BIN_EXE_guanxi"));
    program
        .args(args)
        .env_clear()
        .output()
        .unwrap()
        .status
        .success()
}

#[test]
fn sizes_are_what_the_page_says() {
    let page = page();
    let commands: &[(&str, &[&str])] = &[
        (
            "due -f csv -c id,name,overdue,why",
            &["due", "-f", "csv", "-c", "id,name,overdue,why"],
        ),
        ("list -f csv", &["list", "-f", "csv"]),
        ("due -f json", &["due", "-f", "json"]),
        ("show CUSTOMER", &["show", "dabie-power"]),
        (
            "show CUSTOMER -f json",
            &["show", "dabie-power", "-f", "json"],
        ),
        (
            "explain CUSTOMER FIGURE",
            &["explain", "dabie-power", "tier"],
        ),
        ("history -f json", &["history", "-f", "json"]),
    ];
    for (command, args) in commands {
        let count = said(&[args, &["--as-of", DAY][..]].concat())
            .chars()
            .count();
        let row = page
            .lines()
            .find(|it| it.contains(&format!("`{command}`")))
            .unwrap();
        let told = row.rsplit('|').nth(1).unwrap().trim().replace(',', "");
        let told: usize = told.parse().unwrap();
        let (least, most) = (count * 9 / 10, count * 11 / 10);
        assert!(
            (least..=most).contains(&told),
            "{command}: {count}, not {told}"
        );
    }
}

/// Computes the answer to a question.
#[expect(clippy::too_many_lines, reason = "one arm a question")]
fn answer(id: &str) -> Value {
    let lines = |row: &Value| format!("{}:{}", row["file"].as_str().unwrap(), row["line"]);
    match id {
        "most-overdue" => parts(&rows(&["due"])[0], &[("id", "id"), ("days", "overdue")]),
        "why-overdue" => {
            let why = data(&["explain", "dabie-power", "last_contact"]);
            let figure = &why["figures"][0];
            let cadence = rows(&["list", "id = dabie-power", "-c", "cadence"]);
            let contacts = figure["rows"].as_array().unwrap();
            let last = contacts
                .iter()
                .find(|it| it["date"] == figure["value"])
                .unwrap();
            json!({
                "last_contact": figure["value"],
                "row": lines(last),
                "cadence": cadence[0]["cadence"],
            })
        }
        "owes" => {
            let rule = ["list", "name ~ 东湖", "-c", "id,receivable,past_due"];
            json!({
                "id": cells(&rule, "id")[0],
                "receivable": cells(&rule, "receivable")[0],
                "past_due": cells(&rule, "past_due")[0],
            })
        }
        "moved" => {
            let moved = rows(&["diff", "2026-11-01", "--metrics", "tier"]);
            let names = [("id", "id"), ("from", "from"), ("to", "to")];
            moved.iter().map(|it| parts(it, &names)).collect()
        }
        "log-dry" => {
            let args = [
                "log",
                "三江铜业",
                "visit",
                "--date",
                DAY,
                "--staff",
                "li.wei",
            ];
            let args = [&args[..], &["--note", "看了新车间", "--dry-run"]].concat();
            let diff = said(&args);
            let file = diff
                .lines()
                .find_map(|it| it.strip_prefix("+++ b/"))
                .unwrap();
            let mut added = diff.lines().filter_map(|it| it.strip_prefix('+'));
            json!({"file": file, "row": added.rfind(|it| !it.starts_with("++")).unwrap()})
        }
        "count" => {
            let args = [
                "list",
                "tier = AAA and owner = li.wei",
                "-c",
                "annual_value",
            ];
            let args = [&args[..], &["-s", "id"]].concat();
            let of = ["summary", args[1], "-c", "customers,annual_value"];
            let count = rows(&args).len();
            json!({"customers": count, "annual_value": cells(&of, "annual_value")[0]})
        }
        "oldest-invoice" => {
            let args = ["receivables", "--invoices", "-s", "-days", "-n", "1"];
            let mut found = parts(
                &rows(&args)[0],
                &[("ref", "ref"), ("id", "id"), ("days", "days")],
            );
            found["balance"] = json!(cells(&args, "balance")[0]);
            found
        }
        "late-cases" => {
            let late = rows(&["cases", "status = late"]);
            let days = |it: &Value| -it["left"].as_i64().unwrap();
            let of = |it: &Value| json!({"ref": it["ref"], "staff": it["staff"], "days": days(it)});
            late.iter().map(of).collect()
        }
        "segment" => {
            let args = [
                "summary",
                "--by",
                "segment",
                "-s",
                "-annual_value",
                "-n",
                "1",
            ];
            let args = [&args[..], &["-c", "customers,annual_value"]].concat();
            let names = [("segment", "segment"), ("customers", "customers")];
            let mut found = parts(&rows(&args)[0], &names);
            found["annual_value"] = json!(cells(&args, "annual_value")[0]);
            found
        }
        "over-credit" => {
            let over = rows(&["list", "flags = over-credit", "-c", "id,credit_used"]);
            json!(over)
        }
        "orders" => {
            let found = rows(&["list", "name ~ 万丰", "-c", "id"]);
            let id = found[0]["id"].as_str().unwrap();
            let args = ["history", id, "--kind", "order", "--since", "2026-01-01"];
            let orders = rows(&args);
            // In fen, as whole numbers.
            let fen = |it: &String| {
                let (yuan, fen) = it.split_once('.').unwrap();
                yuan.parse::<u64>().unwrap() * 100 + fen.parse::<u64>().unwrap()
            };
            let sum: u64 = cells(&args, "amount").iter().map(fen).sum();
            json!({
                "id": id,
                "orders": orders.len(),
                "amount": format!("{}.{:02}", sum / 100, sum % 100),
                "note": orders.last().unwrap()["note"],
            })
        }
        "managers" => {
            let need = &data(&["team"])["need"];
            json!({"by_target": need["by_target"], "by_visits": need["by_visits"]})
        }
        _ => panic!("how `{id}` is computed is not known"),
    }
}

#[test]
fn the_answers_of_the_twelve_questions_are_the_books() {
    let text = std::fs::read_to_string(skill().join("eval/questions.json")).unwrap();
    let questions: Vec<Value> = serde_json::from_str(&text).unwrap();
    assert_eq!(questions.len(), 12);
    for question in &questions {
        let id = question["id"].as_str().unwrap();
        assert_eq!(question["answer"], answer(id), "{id}");
        let forms = [&question["form"], &question["answer"]].map(|it| match it {
            Value::Array(rows) => keys(&rows[0]),
            row => keys(row),
        });
        assert_eq!(forms[0], forms[1], "{id}");
    }
}

fn keys(object: &Value) -> Vec<String> {
    let mut keys: Vec<String> = object.as_object().unwrap().keys().cloned().collect();
    keys.sort();
    keys
}

#[test]
fn the_scorer_counts_right_answers() {
    let text = std::fs::read_to_string(skill().join("eval/questions.json")).unwrap();
    let questions: Vec<Value> = serde_json::from_str(&text).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let given = folder.path().join("answers.json");
    let score = |answers: &Value| {
        std::fs::write(&given, answers.to_string()).unwrap();
        let mut python = Command::new("python3");
        let output = python
            .arg(skill().join("eval/score.py"))
            .arg(&given)
            .output();
        output.ok().map(|it| String::from_utf8(it.stdout).unwrap())
    };
    let mut answers = json!({});
    for question in &questions {
        answers[question["id"].as_str().unwrap()] = question["answer"].clone();
    }
    answers["late-cases"].as_array_mut().unwrap().reverse();
    let Some(all) = score(&answers) else {
        eprintln!("skipped: there is no python3");
        return;
    };
    assert!(all.ends_with("12 of 12\n"), "{all}");
    answers["owes"]["receivable"] = json!("433600.01");
    answers.as_object_mut().unwrap().remove("moved");
    assert!(score(&answers).unwrap().ends_with("10 of 12\n"));
}
