//! The tools that change a book: shown first, made when confirmed, never anything else.

use std::path::Path;

use serde_json::json;

use super::{LOG, Server, book};

fn small() -> tempfile::TempDir {
    book(&[
        ("guanxi.toml", ""),
        (
            "staff.toml",
            "[[staff]]\nid = \"li.wei\"\nname = \"李伟\"\n",
        ),
        (
            "customers/acme.toml",
            "name = \"Acme\"\n# kept\nregion = \"湖南\"\n",
        ),
        ("customers/acme-20.toml", "name = \"Acme 20\"\n"),
        (
            "interactions/2026.csv",
            &format!("{LOG}2026-11-01,acme,order,100.00,,,,,,,\n"),
        ),
    ])
}

fn text(folder: &Path, path: &str) -> String {
    std::fs::read_to_string(folder.join(path)).unwrap()
}

#[test]
fn a_row_is_shown_and_then_logged() {
    let folder = small();
    let server = Server::of(folder.path()).writing();
    let before = text(folder.path(), "interactions/2026.csv");
    let mut given = json!({
        "customer": "acme", "kind": "order", "date": "2026-11-20", "amount": "12.5万", "ref": "X-1",
        "note": "--dry-run, \"quoted\"", "next": "7d",
    });
    let shown = server.call("log", given.clone()).data();
    let rows = "+2026-11-20,acme,order,125000.00,,,,,X-1,,\"--dry-run, \"\"quoted\"\"\"\n+2026-11-20,acme,plan,,,,,,,2026-11-27,\n";
    assert_eq!(shown["written"], false);
    assert!(shown["diff"].as_str().unwrap().ends_with(rows), "{shown:?}");
    assert_eq!(text(folder.path(), "interactions/2026.csv"), before);
    given["confirm"] = json!(false);
    assert_eq!(server.call("log", given.clone()).data()["written"], false);
    assert_eq!(text(folder.path(), "interactions/2026.csv"), before);
    given["confirm"] = json!(true);
    let done = server.call("log", given).data();
    assert_eq!(done["written"], true);
    assert_eq!(done["diff"], shown["diff"]);
    assert!(
        done["said"]
            .as_str()
            .unwrap()
            .starts_with("logged order X-1 of acme on 2026-11-20")
    );
    let after = text(folder.path(), "interactions/2026.csv");
    assert_eq!(
        after,
        before + &rows.replace("\n+", "\n").replacen('+', "", 1)
    );
}

#[test]
fn fields_are_shown_and_then_set() {
    let folder = small();
    let server = Server::of(folder.path()).writing();
    let fields =
        json!({"owner": "li.wei", "credit_limit": "50万", "region": null, "custom.grade": "a=b"});
    let given = json!({"customer": "Acme", "fields": fields});
    let before = text(folder.path(), "customers/acme.toml");
    let shown = server.call("set", given.clone()).data();
    assert_eq!(shown["written"], false);
    assert_eq!(text(folder.path(), "customers/acme.toml"), before);
    let mut given = given;
    given["confirm"] = json!(true);
    let done = server.call("set", given).data();
    assert_eq!(
        (&done["written"], &done["diff"]),
        (&json!(true), &shown["diff"])
    );
    let after = text(folder.path(), "customers/acme.toml");
    assert!(
        after.contains("# kept\n") && !after.contains("region"),
        "{after}"
    );
    assert!(
        after.contains("owner = \"li.wei\"") && after.contains("grade = \"a=b\""),
        "{after}"
    );
    let (answer, _) = server
        .call(
            "list",
            json!({"columns": ["credit_limit"], "rule": "id = acme", "as_of": "2036-01-01"}),
        )
        .without_page();
    assert_eq!(answer["rows"][0]["credit_limit"].to_string(), "500000.00");
}

#[test]
fn money_is_a_text_and_a_customer_is_named_in_full() {
    let folder = small();
    let server = Server::of(folder.path()).writing();
    let refused = [
        (
            "log",
            json!({"customer": "acme", "kind": "order", "amount": 125_000, "confirm": true}),
            "`amount` cannot be `125000`",
        ),
        (
            "log",
            json!({"customer": "acme", "kind": "visit", "confirm": "yes"}),
            "`confirm` cannot be",
        ),
        (
            "log",
            json!({"customer": "acme-2", "kind": "visit", "confirm": true}),
            "no customer is called `acme-2`",
        ),
        (
            "log",
            json!({"customer": "-", "kind": "visit", "confirm": true}),
            "`-`",
        ),
        (
            "log",
            json!({"customer": "acme", "kind": "visit", "note": "a\u{7}b", "confirm": true}),
            "control character",
        ),
        (
            "set",
            json!({"customer": "acme", "fields": {"credit_limit": 500_000}, "confirm": true}),
            "`fields` cannot be",
        ),
        (
            "set",
            json!({"customer": "acme", "fields": {}, "confirm": true}),
            "`fields` cannot be",
        ),
        (
            "set",
            json!({"customer": "acme", "fields": {"name=x": "y"}, "confirm": true}),
            "`fields` cannot be",
        ),
        (
            "set",
            json!({"customer": "acm", "fields": {"region": "x"}, "confirm": true}),
            "no customer is called `acm`",
        ),
        (
            "set",
            json!({"customer": "acme", "fields": {"tier": "AAA"}, "confirm": true}),
            "tier",
        ),
    ];
    let calls: Vec<_> = refused.iter().map(|it| (it.0, it.1.clone())).collect();
    let before = (
        text(folder.path(), "interactions/2026.csv"),
        text(folder.path(), "customers/acme.toml"),
    );
    for ((name, given, expected), said) in refused.iter().zip(server.calls(&calls)) {
        let fault = said.fault();
        assert!(fault.contains(expected), "{name} {given}: {fault}");
    }
    let after = (
        text(folder.path(), "interactions/2026.csv"),
        text(folder.path(), "customers/acme.toml"),
    );
    assert_eq!(after, before);
}

#[test]
fn an_amount_that_a_kind_does_not_have_is_no_note() {
    let folder = small();
    let server = Server::of(folder.path()).writing();
    let said = server.call(
        "log",
        json!({"customer": "acme", "kind": "visit", "amount": "100", "date": "2026-11-20"}),
    );
    if !said.is_error {
        let diff = said.data();
        let diff = diff["diff"].as_str().unwrap();
        assert!(diff.contains("+2026-11-20,acme,visit,100,"), "{diff}");
    }
}
