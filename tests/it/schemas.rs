//! The forms of the answers in JSON: `docs/schema/`, and that answers are what their schemas say.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};

use crate::case::Case;

/// Runs the program on the example book, as it stood on a day.
fn said(args: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .current_dir(root().join("examples/rail"))
        .env_clear()
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() < Some(2), "{args:?}: {error}");
    output.stdout
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn names() -> Vec<String> {
    let names = String::from_utf8(said(&["schema"])).unwrap();
    names.lines().map(str::to_owned).collect()
}

/// Returns the schema of an answer, closed: nothing beside what it names, no word that it does not know.
fn closed(name: &str, columns: Option<&str>) -> Value {
    let mut args = vec!["schema", name];
    args.extend(columns.iter().flat_map(|it| ["-c", it]));
    let mut schema = serde_json::from_slice(&said(&args)).unwrap();
    close(&mut schema);
    schema
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(parts) => {
            if parts.contains_key("properties") {
                parts.insert("additionalProperties".to_owned(), json!(false));
            }
            if let Some(Value::Array(either)) = parts.get_mut("anyOf") {
                assert_eq!(either[1], json!({"type": ["string", "null"]}));
                either[1] = json!({"type": "null"});
            }
            parts.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

/// Tells what is wrong with an answer.
fn faults(answer: &Value, schema: Value) -> Option<String> {
    let place = "urn:guanxi:closed";
    let mut schema = schema;
    // The name stands for itself; what is closed is another schema.
    schema.as_object_mut().unwrap().remove("$id").unwrap();
    let (mut schemas, mut compiler) = (boon::Schemas::new(), boon::Compiler::new());
    compiler.enable_format_assertions();
    compiler.add_resource(place, schema).unwrap();
    let index = compiler.compile(place, &mut schemas).unwrap();
    schemas
        .validate(answer, index)
        .err()
        .map(|it| format!("{it:#}"))
}

fn check(answer: &Value, columns: Option<&str>, what: &str) {
    let name = answer["schema"].as_str().unwrap();
    let name = name.strip_suffix("/1").unwrap();
    let found = faults(answer, closed(name, columns));
    assert_eq!(found, None, "{what}");
}

#[test]
fn every_schema_stands_in_docs() {
    let mut expected = names();
    for name in &expected {
        let schema = String::from_utf8(said(&["schema", name])).unwrap();
        crate::docs::check(&format!("schema/{name}.json"), &schema);
        let schema: Value = serde_json::from_str(&schema).unwrap();
        assert_eq!(schema["$id"], format!("urn:guanxi:{name}:1"));
        assert!(!schema.to_string().contains("$ref"), "{name}");
    }
    expected.sort_unstable();
    let files = std::fs::read_dir(root().join("docs/schema")).unwrap();
    let files = files.map(|it| it.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.map(|it| it.replace(".json", "")).collect();
    files.sort_unstable();
    assert_eq!(files, expected);
}

/// Commands whose answer is of no day, or that take none where they are asked here.
const WITHOUT_DAY: [&str; 5] = ["metrics", "config", "doctor", "check", "explain"];

#[test]
fn answers_are_what_their_schemas_say() {
    let metrics = guanxi::metric::metric_names();
    let all = metrics.clone().collect::<Vec<_>>().join(",");
    let with_why = format!("{all},why");
    let mut seen = std::collections::BTreeSet::new();
    let commands: &[(&[&str], Option<&str>)] = &[
        (&["list"], None),
        (&["list"], Some(&all)),
        (&["list"], Some("+profile.needs,+profile.habits")),
        (&["summary"], None),
        (&["summary"], Some("customers,dso,known:name,min:since")),
        (&["due", "--within", "20w"], None),
        (&["due"], Some(&with_why)),
        (&["cases", "--all"], None),
        (&["cases"], Some("+missed,+in_time,+outcome,+tier")),
        (&["cases", "--by", "staff"], None),
        (&["leads", "--all"], None),
        (&["leads"], Some("+status,+fits,+reason,+due,+origin,+tier")),
        (&["dates", "--within", "60d"], None),
        (&["dates"], Some("+phone,+lunar,+origin,+owner,+tier")),
        (&["receivables"], None),
        (&["receivables"], Some("+dso,credit_used,past_8_21")),
        (&["receivables", "--invoices"], None),
        (
            &["receivables", "--invoices"],
            Some("+kind,cleared,bucket,origin,tier"),
        ),
        (&["churn"], None),
        (&["churn"], Some("-name")),
        (&["value"], None),
        (&["value", "--fit"], None),
        (&["value", "--backtest"], None),
        (&["churn", "--backtest"], Some("method,f1")),
        (&["team"], None),
        (&["portfolio"], None),
        (
            &["portfolio", "--sections", "all", "--since", "1y"],
            Some("indicator,before,change,command"),
        ),
        (
            &["team"],
            Some("staff,past_due,leads,training_done,response_days"),
        ),
        (&["trend"], None),
        (
            &["trend", "--by", "week"],
            Some("to,before:new,change:end:receivable,end:min:since"),
        ),
        (&["trend"], Some("period")),
        (&["trend", "--cohorts"], None),
        (&["diff", "90d"], None),
        (
            &["diff", "1y", "--metrics", "+flags,+growth,+clv"],
            Some("metric,cause,what"),
        ),
        (&["diff", "90d", "--stat"], None),
        (&["history"], None),
        (&["history"], Some("customer,due")),
        (&["metrics"], None),
        (&["config"], None),
        (&["doctor"], None),
        (&["calendar"], None),
        (&["check"], None),
        (&["explain", "unknown-key"], None),
    ];
    let asked = |args: &[&str], columns: Option<&str>| {
        let mut args = [args, &["-f", "json"]].concat();
        args.extend(columns.iter().flat_map(|it| ["-c", it]));
        let has_day = !WITHOUT_DAY.contains(&args[0]) || args.len() > 4;
        args.extend(["--as-of", "2026-06-30"].iter().filter(|_| has_day));
        serde_json::from_slice::<Value>(&said(&args)).unwrap()
    };
    for (args, columns) in commands {
        let mut answer = asked(args, *columns);
        if let ["cases", "--by", key] = args {
            // Which keys there are hangs on the question, as with `summary`.
            for row in answer["rows"].as_array_mut().unwrap() {
                row.as_object_mut().unwrap().remove(*key).unwrap();
            }
        }
        check(&answer, *columns, &format!("{args:?} {columns:?}"));
        seen.insert(answer["schema"].as_str().unwrap().replace("/1", ""));
    }
    let rows = asked(&["list"], Some("id"));
    for row in rows["rows"].as_array().unwrap() {
        let id = row["id"].as_str().unwrap();
        for args in [
            &["show", id][..],
            &["explain", id],
            &["explain", id, "tier"],
            &["explain", id, "settlement"],
            &["explain", id, "next_revisit"],
            &["history", id],
        ] {
            let answer = asked(args, None);
            check(&answer, None, &format!("{args:?}"));
            seen.insert(answer["schema"].as_str().unwrap().replace("/1", ""));
        }
    }
    assert!(seen.iter().eq(&names_of_book()), "{seen:?}");
}

/// Returns the names of the answers that speak of a book alone, sorted.
fn names_of_book() -> Vec<String> {
    let mut names = names();
    names.retain(|it| it != "import");
    names.sort_unstable();
    names
}

#[test]
fn the_outcome_of_an_import_is_what_its_schema_says() {
    let file = "../spreadsheet/orders.csv";
    let args = ["import", "log", file, "--set", "kind=order", "-f", "json"];
    let answer: Value = serde_json::from_slice(&said(&args)).unwrap();
    assert!(answer["lines"]["data"].as_u64() > Some(0), "{answer}");
    check(&answer, None, "import");
}

#[test]
fn faults_of_a_book_are_what_the_schema_says() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "nmae = \"A\"\n[custom]\ngolf = 3\n")
        .args(["check", "-f", "json"]);
    let answer: Value = serde_json::from_slice(&case.output().stdout).unwrap();
    assert!(answer["errors"].as_u64() > Some(0), "{answer}");
    check(&answer, None, "check");
}

#[test]
fn what_differs_is_seen() {
    let answer = json!({"schema": "metrics/1", "rows": [
        {"name": "a", "type": "text", "unit": null, "stage": "facts", "group": "none",
         "definition": "b"},
    ]});
    assert_eq!(faults(&answer, closed("metrics", None)), None);
    for (pointer, value) in [
        ("/schema", json!("metrics/2")),
        ("/rows/0/unit", json!(1)),
        ("/rows/0", json!({"name": "a"})),
        ("/rows", json!({})),
    ] {
        let mut other = answer.clone();
        *other.pointer_mut(pointer).unwrap() = value;
        let found = faults(&other, closed("metrics", None));
        assert!(found.is_some(), "{pointer}");
    }
    let churn = |day: &str, word: &str| {
        json!({"schema": "churn/1", "as_of": day, "rows": [{"churn": word}],
            "total": {"customers": 1, "at_stake": 1.5}})
    };
    let schema = || closed("churn", Some("churn"));
    assert_eq!(faults(&churn("2026-06-30", "lost"), schema()), None);
    assert!(faults(&churn("2026-06-31", "lost"), schema()).is_some());
    assert!(faults(&churn("2026-06-30", "gone"), schema()).is_some());
    // What the program prints leaves both open.
    let open = serde_json::from_slice(&said(&["schema", "churn", "-c", "churn"])).unwrap();
    let mut more = churn("2026-06-30", "gone");
    more["more"] = json!(true);
    assert_eq!(faults(&more, open), None);
}

/// Returns the texts in which answers are kept as they should be.
fn texts(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            texts(&path, found);
        } else if path.extension().is_some_and(|it| it == "rs" || it == "md") {
            found.push(path);
        }
    }
}

#[test]
fn answers_that_are_kept_are_what_their_schemas_say() {
    let mut files = vec![root().join("README.md")];
    texts(&root().join("docs"), &mut files);
    texts(&root().join("tests/it"), &mut files);
    let mut count = 0;
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, _) in text.match_indices("\"schema\": \"") {
            let Some(at) = text
                .get(..at)
                .and_then(|it| it.trim_end().strip_suffix('{'))
            else {
                continue;
            };
            let at = at.len();
            let mut values =
                serde_json::Deserializer::from_slice(&text.as_bytes()[at..]).into_iter::<Value>();
            // Some are cut short.
            let Some(Ok(answer)) = values.next() else {
                continue;
            };
            let first = answer.pointer("/rows/0").and_then(Value::as_object);
            let keys = first.map(|it| it.keys().cloned().collect::<Vec<_>>().join(","));
            let is_fixed = answer["schema"] == "check/1";
            let keys = keys.filter(|_| !is_fixed);
            check(&answer, keys.as_deref(), &path.display().to_string());
            count += 1;
        }
    }
    assert!(count >= 4, "{count}");
}

#[test]
fn wrong_names_and_columns_are_refused() {
    for (args, expected) in [
        (
            &["schema", "lst"][..],
            "error: no answer in JSON is called `lst`\n  = help: did you mean `list`?\n",
        ),
        (
            &["schema", "show", "-c", "id"],
            "error: `-c` chooses columns, and `show` has none\n  = help: leave `-c` out\n",
        ),
        (
            &["schema", "due", "-c", "+teir"],
            "error: no column is called `teir`\n  = help: did you mean `tier`?\n",
        ),
    ] {
        let output = Case::new().args(args.iter().copied()).output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        assert_eq!(String::from_utf8_lossy(&output.stderr), expected);
    }
}
