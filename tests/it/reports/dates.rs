//! `dates`, on the books whose cells are worked by hand.

use serde_json::{Value, json};
use snapbox::str;

use super::books::{A, F};
use super::{book, run_json};

/// Returns columns of the rows of an answer, as arrays.
fn cells(answer: &Value, columns: &[&str]) -> Value {
    let rows = answer["rows"].as_array().unwrap().iter();
    rows.map(|row| columns.iter().map(|it| row[it].clone()).collect::<Value>())
        .collect()
}

#[test]
fn days_of_a_book_stand_in_their_order() {
    let answer = run_json(&["dates"], &F);
    assert_eq!(answer["schema"], "dates/1");
    let columns = ["date", "days", "kind", "id", "what", "person", "years"];
    assert_eq!(
        cells(&answer, &columns),
        json!([
            ["2026-11-25", 5, "cooperation", "alpha", null, "Chen", 5],
            ["2026-12-01", 11, "date", "alpha", "renewal", "Chen", null],
            ["2026-12-15", 25, "lead", "delta", "line 9", null, null],
            ["2026-12-20", 30, "birthday", "alpha", null, "Du", 46],
        ])
    );
}

#[test]
fn the_29th_of_february_comes_every_year() {
    let birthdays = |within: &str| {
        let args = [
            "dates",
            "kind = birthday",
            "--within",
            within,
            "-c",
            "+phone,+origin",
        ];
        let columns = ["date", "days", "person", "years", "phone", "origin"];
        cells(&run_json(&args, &F), &columns)
    };
    let du = json!(["2026-12-20", 30, "Du", 46, null, "customers/alpha.toml:16"]);
    let chen = json!([
        "2027-02-28",
        100,
        "Chen",
        null,
        "1",
        "customers/alpha.toml:12"
    ]);
    assert_eq!(birthdays("99d"), json!([du]));
    assert_eq!(birthdays("100d"), json!([du, chen]));
}

#[test]
fn agreements_that_are_not_renewed_end() {
    let on = |day, within| {
        let args = ["dates", "--within", within, "-c", "+origin"];
        let answer = run_json(&args, &[A[0], A[1], A[2], day]);
        cells(&answer, &["date", "kind", "id", "what", "days"])
    };
    assert_eq!(
        on("2026-06-30", "31d"),
        json!([
            ["2026-07-10", "agreement", "u", "tools", 10],
            ["2026-07-31", "agreement", "r", null, 31],
        ])
    );
    assert_eq!(
        on("2026-07-01", "30d"),
        json!([["2026-07-10", "agreement", "u", "tools", 9]])
    );
}

#[test]
fn lunar_birthdays_fall_where_the_moon_has_them() {
    let file = "name = \"甲\"\n[[contact]]\nname = \"full moon\"\nbirthday = \"lunar 1950-08-15\"\n\
                [[contact]]\nname = \"eve\"\nbirthday = \"lunar 12-30\"\n\
                [[contact]]\nname = \"leap\"\nmobile = \"7\"\nbirthday = \"lunar leap 06-10\"\n\
                [[contact]]\nname = \"born 1980\"\nbirthday = \"lunar 1980-12-30\"\n";
    let on = |day: &str, within: &str, person: &str| {
        let rule = format!("person = '{person}'");
        let args = [
            "dates", &rule, "--as-of", day, "--within", within, "-f", "csv",
        ];
        let output = book(&[("a", file)], "")
            .args(args)
            .args(["-c", "date,years,lunar,phone,origin"])
            .output();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().skip(1).collect::<Vec<_>>().join("\n")
    };
    let path = "customers/a.toml";
    for (day, within, person, expected) in [
        (
            "2026-09-25",
            "0d",
            "full moon",
            "2026-09-25,76,lunar 1950-08-15,,customers/a.toml:4",
        ),
        (
            "2027-09-01",
            "30d",
            "full moon",
            "2027-09-15,77,lunar 1950-08-15,,customers/a.toml:4",
        ),
        (
            "2027-02-01",
            "30d",
            "eve",
            "2027-02-05,,lunar 12-30,,customers/a.toml:7",
        ),
        (
            "2030-02-01",
            "30d",
            "eve",
            "2030-02-02,,lunar 12-30,,customers/a.toml:7",
        ),
        (
            "2025-07-01",
            "60d",
            "leap",
            "2025-08-03,,lunar leap 06-10,7,customers/a.toml:11",
        ),
        (
            "2026-07-01",
            "60d",
            "leap",
            "2026-07-23,,lunar leap 06-10,7,customers/a.toml:11",
        ),
        // The day of birth itself is no return of it.
        ("1981-02-04", "0d", "born 1980", ""),
        (
            "1982-01-24",
            "0d",
            "born 1980",
            "1982-01-24,1,lunar 1980-12-30,,customers/a.toml:14",
        ),
    ] {
        assert_eq!(
            on(day, within, person),
            expected,
            "{person} on {day} of {path}"
        );
    }
    book(&[("a", file)], "")
        .args([
            "dates",
            "--as-of",
            "2100-02-08",
            "--within",
            "1d",
            "-f",
            "csv",
        ])
        .stdout(str![[r#"
date,days,kind,id,name,what,person,years
2100-02-08,0,birthday,a,甲,,born 1980,119
2100-02-08,0,birthday,a,甲,,eve,

"#]])
        .stderr(str![[r#"
note: lunar birthdays are known from 1900-01-31 to 2100-02-08; others are left out

"#]])
        .code(0);
}

#[test]
fn every_kind_of_day_has_its_own() {
    let file = "name = \"A\"\nsince = 2024-02-29\n[[contact]]\nname = \"Wu\"\nphone = \"1\"\nbirthday = 1990-03-01\n\
                [[date]]\nname = \"fair\"\non = 2024-02-29\nyearly = true\n[[date]]\nname = \"once\"\non = 2026-03-01\n\
                [[date]]\nname = \"new\"\non = 2026-03-02\nyearly = true\n[[date]]\nname = \"over\"\non = 2025-03-01\n";
    let rows = "2026-01-05,a,plan,,,,topic,,,2026-03-01,see the line\n2026-01-06,a,lead,,,,depot,,L-1,2026-03-01,\n\
                2026-01-07,a,lead,,,,won,,L-2,2026-03-01,\n2026-01-08,a,win,,,,,,L-2,,\n\
                2026-01-09,a,agreement,,,,frame,,V-1,2026-03-01,\n";
    let shown = |rows: &str| {
        let args = [
            "dates",
            "--as-of",
            "2026-02-27",
            "--within",
            "3d",
            "-f",
            "csv",
        ];
        let output = book(&[("a", file)], rows)
            .args(args)
            .args(["-c", "date,kind,what,person,years,phone,origin"])
            .output();
        String::from_utf8(output.stdout).unwrap()
    };
    let expected = "date,kind,what,person,years,phone,origin\n\
        2026-02-28,cooperation,,Wu,2,1,customers/a.toml:2\n\
        2026-02-28,date,fair,Wu,2,1,customers/a.toml:9\n\
        2026-03-01,birthday,,Wu,36,1,customers/a.toml:6\n\
        2026-03-01,date,once,Wu,,1,customers/a.toml:13\n\
        2026-03-01,plan,see the line,Wu,,1,interactions/2026.csv:2\n\
        2026-03-01,lead,depot,Wu,,1,interactions/2026.csv:3\n\
        2026-03-01,agreement,frame,Wu,,1,interactions/2026.csv:6\n\
        2026-03-02,date,new,Wu,,1,customers/a.toml:16\n";
    assert_eq!(shown(rows), expected);
    // Of a lost customer neither the cooperation nor agreements nor plans count any more.
    let lost = format!("{rows}2026-02-01,a,lost,,,,,,,,\n");
    let expected: String = expected
        .split_inclusive('\n')
        .filter(|it| {
            !["cooperation", "plan", "agreement"]
                .iter()
                .any(|kind| it.contains(kind))
        })
        .collect();
    assert_eq!(shown(&lost), expected);
}

#[test]
fn keys_are_found_in_a_file_of_many() {
    let case = book(&[("a", "name = \"A\"\n")], "").file(
        "customers/many.toml",
        "[[customer]]\nid = \"m\"\nname = \"M\"\n[[customer.contact]]\nname = \"Wu\"\n\
         [[customer.contact]]\nname = \"Li\"\nbirthday = \"03-01\"\n[[customer]]\nid = \"n\"\nname = \"N\"\n\
         since = 2020-03-01\n[[customer.contact]]\nbirthday = \"03-01\"\n",
    );
    case.args([
        "dates",
        "--as-of",
        "2026-03-01",
        "--within",
        "0d",
        "-f",
        "csv",
        "-c",
        "kind,id,person,origin",
    ])
    .stdout(str![[r#"
kind,id,person,origin
birthday,m,Li,customers/many.toml:8
birthday,n,,customers/many.toml:14
cooperation,n,,customers/many.toml:12

"#]])
    .code(0);
}

#[test]
fn rules_of_dates_name_their_columns() {
    let count = |rule: &str| {
        let answer = run_json(&["dates", rule, "-c", "date"], &F);
        answer["rows"].as_array().unwrap().len()
    };
    assert_eq!(count("kind = birthday"), 1);
    // `person` is whose birthday it is; of other kinds it is the customer's.
    assert_eq!(count("person = Du"), 1);
    assert_eq!(count("person = Chen"), 2);
    assert_eq!(count("days <= 11 and tier = AA"), 2);
    assert_eq!(count("what ~ line"), 1);
    assert_eq!(count("origin ~ alpha"), 3);
    assert_eq!(count("lunar is known"), 0);
    let program = env!("CARGO_BIN_EXE_guanxi");
    for (rule, told) in [
        ("kind = birtday", "did you mean `birthday`?"),
        ("lunr is known", "did you mean `lunar`?"),
    ] {
        let mut asked = std::process::Command::new(program);
        let output = asked.args(["dates", rule, "--exit-code"]).args(F).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(2));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains(told), "{error}");
    }
}

#[test]
fn the_ends_of_the_calendar_are_reached() {
    let file = "name = \"A\"\nsince = 1900-01-01\n[[contact]]\nbirthday = \"12-31\"\n\
                [[contact]]\nbirthday = \"lunar 12-30\"\n";
    for (day, within, expected) in [
        ("9999-12-30", "4000000d", "9999-12-31,birthday,\n"),
        (
            "1900-01-02",
            "364d",
            "1900-12-31,birthday,\n1901-01-01,cooperation,1\n",
        ),
    ] {
        let args = [
            "dates", "--as-of", day, "--within", within, "-q", "-f", "csv",
        ];
        let case = book(&[("a", file)], "");
        let output = case
            .args(args)
            .args(["-c", "date,kind,years"])
            .args(["lunar is unknown"]);
        let found = String::from_utf8(output.output().stdout).unwrap();
        assert_eq!(found, format!("date,kind,years\n{expected}"), "{day}");
    }
    book(&[], "")
        .args(["dates", "--exit-code"])
        .stdout(str![[r#""#]])
        .stderr(str![[r#"
no day comes within 30 days

"#]])
        .code(0);
}
