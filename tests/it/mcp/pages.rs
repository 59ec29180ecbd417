//! Answers that are too long for one: pages, cursors, and what is left out.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::{LOG, MOST, Server, book};

/// Makes a book of so many customers and rows, with long notes.
fn large(customers: usize, rows: usize, note: &str) -> tempfile::TempDir {
    let mut log = LOG.to_owned();
    for row in 0..rows {
        let (customer, day) = (row % customers, row % 28 + 1);
        writeln!(
            log,
            "2026-10-{day:02},c{customer:04},visit,,,,,,,,{row} {note}"
        )
        .unwrap();
    }
    let folder = book(&[("guanxi.toml", ""), ("interactions/2026.csv", &log)]);
    let mut text = String::new();
    for customer in 0..customers {
        write!(
            text,
            "[[customer]]\nid = \"c{customer:04}\"\nname = \"客户{customer}\"\n"
        )
        .unwrap();
    }
    std::fs::create_dir(folder.path().join("customers")).unwrap();
    std::fs::write(folder.path().join("customers/all.toml"), text).unwrap();
    folder
}

/// Reads all pages of an answer; returns its rows, and how many pages there were.
fn all_pages(server: &Server, name: &str, mut given: Value) -> (Vec<Value>, usize) {
    let (mut rows, mut count) = (Vec::new(), 0);
    loop {
        let (answer, page) = server.call(name, given.clone()).without_page();
        let shown = answer["rows"].as_array().unwrap();
        assert_eq!(page["shown"], shown.len());
        rows.extend(shown.clone());
        count += 1;
        match &page["next_cursor"] {
            Value::Null => {
                assert_eq!(page["total"], rows.len());
                return (rows, count);
            }
            cursor => given["cursor"] = cursor.clone(),
        }
    }
}

#[test]
fn pages_together_are_the_whole_answer() {
    let server = Server::rail();
    for (name, given, args) in [
        ("list", json!({"limit": 15}), &["list"] as &[_]),
        (
            "due",
            json!({"limit": 2, "within": "20w"}),
            &["due", "--within", "20w"],
        ),
        (
            "answer",
            json!({"name": "receivables", "limit": 5}),
            &["receivables"],
        ),
        (
            "history",
            json!({"limit": 200}),
            &["history", "-s", "-date"],
        ),
    ] {
        let (rows, count) = all_pages(&server, name, given);
        let whole = server.json(args);
        assert_eq!(rows, *whole["rows"].as_array().unwrap(), "{name}");
        assert!(count > 2, "{name}: {count} pages");
    }
}

#[test]
fn whole_rows_are_left_out_of_what_is_too_long() {
    let folder = large(3, 200, &"长".repeat(200));
    let server = Server::of(folder.path());
    let (answer, page) = server.call("history", json!({"limit": 200})).without_page();
    let shown = answer["rows"].as_array().unwrap();
    assert!((50..100).contains(&shown.len()), "{}", shown.len());
    assert_eq!(
        (&page["shown"], &page["total"]),
        (&json!(shown.len()), &json!(200))
    );
    let (rows, _) = all_pages(&server, "history", json!({"limit": 200}));
    assert_eq!(
        rows,
        *server.json(&["history", "-s", "-date"])["rows"]
            .as_array()
            .unwrap()
    );
}

#[test]
fn an_answer_has_at_most_so_many_characters() {
    // `said` measures each.
    let folder = large(900, 5000, &"长".repeat(100));
    let server = Server::of(folder.path());
    let wide: Vec<&str> = guanxi::metric::metric_names().take(20).collect();
    let said = server.calls(&[
        ("list", json!({"columns": wide, "limit": 200})),
        ("due", json!({"within": "900d", "limit": 200})),
        ("show", json!({"customer": "c0001"})),
        ("history", json!({"limit": 200})),
        (
            "answer",
            json!({"name": "summary", "by": "id", "limit": 200}),
        ),
        ("answer", json!({"name": "portfolio", "limit": 200})),
        (
            "explain",
            json!({"customer": "c0001", "metric": "contacts", "rows": 200}),
        ),
    ]);
    assert!(said.iter().all(|it| !it.is_error));
    assert!(said[0].text.chars().count() > MOST - 1000);
}

#[test]
fn a_cell_too_long_for_any_answer_is_passed_over() {
    let log = format!(
        "{LOG}2026-11-01,甲,note,,,,,,,,first\n2026-11-02,甲,note,,,,,,,,{}\n2026-11-03,甲,note,,,,,,,,last\n",
        "x".repeat(MOST)
    );
    let folder = book(&[
        ("guanxi.toml", ""),
        ("customers/甲.toml", "name = \"甲\"\n"),
        ("interactions/2026.csv", &log),
    ]);
    let server = Server::of(folder.path());
    let (mut notes, mut given) = (Vec::new(), json!({}));
    for _ in 0..3 {
        let (answer, page) = server.call("history", given.clone()).without_page();
        for row in answer["rows"].as_array().unwrap() {
            notes.push(row["note"].as_str().unwrap().to_owned());
        }
        given = json!({"cursor": page["next_cursor"]});
    }
    assert_eq!(notes, ["last", "first"]);
    // `show` leaves rows out, too.
    let (_, page) = server
        .call("show", json!({"customer": "甲"}))
        .without_page();
    assert!(page["shown"].as_u64().unwrap() < page["total"].as_u64().unwrap());
}

#[test]
fn rows_behind_a_figure_are_as_many_as_asked_for() {
    let server = Server::rail();
    let given = json!({"customer": "yunling-metro", "metric": "revenue", "rows": 3});
    let (mut answer, page) = server.call("explain", given).without_page();
    let whole = server.json(&["explain", "yunling-metro", "revenue"]);
    let all = whole["figures"][0]["rows"].as_array().unwrap();
    assert_eq!(
        page,
        json!({"shown": 3, "total": all.len(), "next_cursor": null})
    );
    assert_eq!(
        answer["figures"][0]["rows"].as_array().unwrap()[..],
        all[..3]
    );
    answer["figures"][0]["rows"] = json!(all);
    assert_eq!(answer, whole);
}

#[test]
fn a_cursor_is_of_one_book_one_question_and_one_day() {
    let folder = large(5, 5, "note");
    let server = Server::of(folder.path());
    let given = json!({"limit": 2, "columns": ["id"]});
    let (_, page) = server.call("list", given).without_page();
    let cursor = &page["next_cursor"];
    let next = |more: Value| {
        let mut given = json!({"limit": 2, "columns": ["id"], "cursor": cursor});
        given
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        server.call("list", given)
    };
    let (answer, _) = next(json!({})).without_page();
    assert_eq!(answer["rows"], json!([{"id": "c0002"}, {"id": "c0003"}]));
    // More rows at a time are the same question.
    let (answer, _) = next(json!({"limit": 10})).without_page();
    assert_eq!(answer["rows"].as_array().unwrap().len(), 3);
    for other in [
        json!({"columns": ["id", "name"]}),
        json!({"rule": "id != x"}),
        json!({"as_of": "2026-11-01"}),
    ] {
        assert!(next(other).fault().contains("start again"));
    }
    let path = folder.path().join("guanxi.toml");
    std::fs::write(&path, "# nothing that any figure knows\n").unwrap();
    let fault = next(json!({})).fault();
    assert_eq!(
        fault,
        "error: the book, the question or the day has changed since this cursor was given\n  = help: start again: \
         ask without `cursor`\n"
    );
    std::fs::write(&path, "").unwrap();
    assert!(!next(json!({})).is_error);
}

#[test]
fn faults_come_as_many_as_asked_for() {
    let mut text = "name = \"甲\"\n".to_owned();
    for key in 0..30 {
        writeln!(text, "wrong{key} = 1").unwrap();
    }
    let folder = book(&[("guanxi.toml", ""), ("customers/甲.toml", &text)]);
    let server = Server::of(folder.path());
    let whole = server.json(&["check"]);
    let (answer, page) = server.call("check", json!({"limit": 4})).without_page();
    assert_eq!(
        answer["rows"].as_array().unwrap()[..],
        whole["rows"].as_array().unwrap()[..4]
    );
    assert_eq!(answer["warnings"], whole["warnings"]);
    assert_eq!(page, json!({"shown": 4, "total": 30, "next_cursor": null}));
    let (_, page) = server.call("check", json!({})).without_page();
    assert_eq!(page["shown"], 20);
}
