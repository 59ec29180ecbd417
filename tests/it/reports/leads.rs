//! `leads`, on a book whose cells are worked by hand.

use serde_json::{Value, json};
use snapbox::str;

use super::books::F;
use super::{RAIL, book, run, run_json};

/// Returns the cells of a row, by its ref.
fn row<'a>(answer: &'a Value, reference: &str) -> &'a Value {
    let rows = answer["rows"].as_array().unwrap();
    rows.iter().find(|it| it["ref"] == *reference).unwrap()
}

/// Checks cells of a row.
fn check(row: &Value, cells: &[(&str, Value)]) {
    for (column, value) in cells {
        assert_eq!(row[column], *value, "{column} of {}", row["ref"]);
    }
}

#[test]
fn a_lead_goes_to_the_owner_else_to_whom_it_fits() {
    let columns = "+fits,+status,+staff,+reason,+due,+closed";
    let answer = run_json(&["leads", "--all", "-c", columns], &F);
    assert_eq!(answer["rows"].as_array().unwrap().len(), 2);
    check(
        row(&answer, "L-1"),
        &[
            ("id", json!("delta")),
            ("amount", json!(500_000.0)),
            ("owner", json!(null)),
            // Each matches once; wang is less loaded; zhao, who has both, has left.
            ("fits", json!(["wang", "li"])),
            ("to", json!("wang")),
            ("status", json!("open")),
            ("age", json!(163)),
            ("due", json!("2026-12-15")),
        ],
    );
    check(
        row(&answer, "L-2"),
        &[
            ("status", json!("won")),
            ("staff", json!("wang")),
            ("owner", json!("li")),
            ("to", json!("li")),
            ("age", json!(19)),
            ("closed", json!("2026-07-20")),
            ("reason", json!(null)),
        ],
    );
    let answer = run_json(&["leads"], &F);
    assert_eq!(answer["schema"], "leads/1");
    assert_eq!(answer["total"], json!({"items": 1, "amount": 500_000.0}));
    let pipeline = run_json(&["summary", "-c", "pipeline"], &F);
    assert_eq!(pipeline["total"]["pipeline"], answer["total"]["amount"]);
}

/// A book of one customer with a lead, and its staff.
const STAFF: &str = "\
[[staff]]\nid = \"both\"\nscope = [\"rail\", \"Hunan\"]\nvisits_per_year = 1\n\
[[staff]]\nid = \"busy\"\nscope = [\"rail\", \"rail\"]\nvisits_per_year = 10\n\
[[staff]]\nid = \"free\"\nscope = [\"Hunan\"]\nvisits_per_year = 10\n\
[[staff]]\nid = \"idle\"\nscope = [\"Hunan\"]\nvisits_per_year = 10\n\
[[staff]]\nid = \"none\"\nscope = [\"Hunan\"]\nvisits_per_year = 0\n\
[[staff]]\nid = \"mute\"\nscope = [\"rail\"]\n\
[[staff]]\nid = \"soon\"\nscope = [\"rail\"]\nvisits_per_year = 10\njoined = 2026-06-05\n\
[[staff]]\nid = \"gone\"\nscope = [\"rail\"]\nvisits_per_year = 10\nleft = 2026-06-04\n";

#[test]
fn those_who_fit_stand_by_matches_then_load_then_id() {
    let case = |owner: &str| {
        let a = format!("name = \"A\"\nsegment = \"rail\"\nregion = \"Hunan\"\n{owner}");
        let b = "name = \"B\"\nowner = \"busy\"\nrevisit = \"73d\"\n";
        let rows = "2026-06-01,a,lead,,,,,,L-1,,\n2026-06-01,b,lead,5,,,,,M-1,,\n";
        book(&[("a", &a), ("b", b)], rows)
            .file("staff.toml", STAFF)
            .args(["leads", "-c", "ref,owner,to,fits", "-f", "csv"])
    };
    for (day, owner, expected) in [
        (
            "2026-06-04",
            "",
            "M-1,busy,busy,\nL-1,,both,both;free;idle;busy;mute;none\n",
        ),
        (
            "2026-06-05",
            "owner = \"gone\"\n",
            "M-1,busy,busy,\nL-1,gone,both,both;free;idle;soon;busy;mute;none\n",
        ),
        (
            "2026-06-03",
            "owner = \"gone\"\n",
            "M-1,busy,busy,\nL-1,gone,gone,both;free;idle;gone;busy;mute;none\n",
        ),
    ] {
        let output = case(owner).args(["--as-of", day]).output();
        let found = String::from_utf8(output.stdout).unwrap();
        assert_eq!(found, format!("ref,owner,to,fits\n{expected}"), "{day}");
    }
}

#[test]
fn rules_name_columns_of_leads_and_the_total_is_that_of_the_rows() {
    let answer = run_json(&["leads", "--all", "status = won", "-c", "ref"], &F);
    assert_eq!(answer["rows"], json!([{"ref": "L-2"}]));
    assert_eq!(answer["total"], json!({"items": 1, "amount": 80_000.0}));
    let answer = run_json(&["leads", "topic ~ line and to = wang", "-c", "ref"], &F);
    assert_eq!(answer["rows"], json!([{"ref": "L-1"}]));
    let program = env!("CARGO_BIN_EXE_guanxi");
    for (rule, near) in [("status = opne", "open"), ("to = wong", "wang")] {
        let mut asked = std::process::Command::new(program);
        let output = asked.args(["leads", rule, "--exit-code"]).args(F).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2));
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.contains(&format!("did you mean `{near}`?")), "{told}");
    }
}

#[test]
fn a_lead_without_an_amount_comes_last_and_adds_nothing() {
    let rows = "2026-06-01,a,lead,,,,x,,L-1,,\n2026-06-02,a,lead,0,,,,,L-2,,\n";
    book(&[("a", "name = \"甲公司\"\n")], rows)
        .args(["leads", "--as-of", "2026-06-04"])
        .stdout(str![[r#"
ref    id  name    topic  opened      age  amount  owner  to
------------------------------------------------------------
L-2    a   甲公司  -      2026-06-02    2    0.00  -      -
L-1    a   甲公司  x      2026-06-01    3       -  -      -
------------------------------------------------------------
total                                   -    0.00

"#]])
        .code(0);
}

#[test]
fn nobody_may_be_won() {
    book(&[], "")
        .args(["leads", "--exit-code"])
        .stdout(str![[r#""#]])
        .stderr(str![[r#"
no lead is open

"#]])
        .code(0);
}

/// Between the day on which its owner left and the hand-over a lead waits for somebody who is in service.
#[test]
fn a_lead_whose_owner_left_goes_to_whom_it_fits() {
    let columns = "ref,id,owner,owner_status,fits,to";
    let on = |day: &str| {
        let args = [
            "leads",
            "id = tiedong-telecom",
            "-f",
            "csv",
            "-c",
            columns,
            "--as-of",
            day,
        ];
        run(&args, &RAIL[..2]).0
    };
    let head = "ref,id,owner,owner_status,fits,to\n";
    for (day, row) in [
        (
            "2024-06-29",
            "L-24-02,tiedong-telecom,zhao.lei,ok,zhao.lei,zhao.lei\n",
        ),
        (
            "2024-07-05",
            "L-24-02,tiedong-telecom,zhao.lei,left,zhang.min,zhang.min\n",
        ),
        (
            "2024-07-08",
            "L-24-02,tiedong-telecom,zhang.min,ok,zhang.min,zhang.min\n",
        ),
        ("2024-12-02", ""),
    ] {
        assert_eq!(on(day), format!("{head}{row}"), "{day}");
    }
}
