//! Working days: spans of them, revisits and deadlines that follow, and the days themselves.

use snapbox::str;

use crate::case::Case;

/// A book whose calendar is China's.
fn book(rows: &str) -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "[calendar]\nholidays = \"CN\"\n\
             [[revisit]]\nwhen = \"segment = metro\"\nevery = \"3bd\"\n\
             [[revisit]]\nevery = \"14d\"\n\
             [[sla]]\nrespond = \"2bd\"\nresolve = \"3bd\"\n",
        )
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "customers/beta.toml",
            "name = \"Beta\"\nrevisit = \"1bd\"\n",
        )
        .file(
            "customers/metro.toml",
            "name = \"Metro\"\nsegment = \"metro\"\n",
        )
        .file(
            "interactions/2026.csv",
            format!("date,customer,kind,ref\n{rows}"),
        )
}

/// Returns what the program says, with one blank between words.
fn words(case: &Case) -> String {
    let said = String::from_utf8(case.output().stdout).unwrap();
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn revisits_and_deadlines_follow_working_days() {
    let book = book(
        "2026-02-13,beta,visit,\n2026-02-13,metro,visit,\n2026-09-17,acme,visit,\n\
         2026-09-30,acme,complaint,C-1\n",
    );
    let columns = ["-f", "csv", "-c", "id,cadence,next_revisit"];
    let book = book
        .args(["list", "--as-of", "2026-09-30"])
        .args(columns)
        .stdout(str![[r#"
id,cadence,next_revisit
acme,14,2026-10-08
beta,2,2026-02-14
metro,5,2026-02-25

"#]])
        .code(0);
    let columns = "id,respond_by,resolve_by,deadline,left";
    let book = book
        .again(["cases", "--as-of", "2026-10-08", "-f", "csv", "-c", columns])
        .stdout(str![[r#"
id,respond_by,resolve_by,deadline,left
acme,2026-10-09,2026-10-10,2026-10-09,1

"#]])
        .code(0);
    let book = book.again(["explain", "acme", "next_revisit", "--as-of", "2026-09-30"]);
    let said = words(&book);
    let sentence = "2026-09-17 (the last contact) + 14 days = 2026-10-01, a day off: 2026-10-08";
    assert!(said.contains(sentence), "{said}");
    let book = book.again([
        "due",
        "--as-of",
        "2026-02-14",
        "-f",
        "csv",
        "-c",
        "id,why",
        "--within",
        "1bd",
    ]);
    book.stdout(str![[r#"
id,why
beta,last contact 2026-02-13 + 1 working day

"#]])
        .code(0);
}

#[test]
fn later_years_have_weekends_alone_and_say_so() {
    let book = book("2027-09-30,beta,visit,\n")
        .args([
            "list",
            "id = beta",
            "--as-of",
            "2027-10-08",
            "-c",
            "next_revisit",
            "-f",
            "csv",
        ])
        .stdout(str![[r#"
next_revisit
2027-10-01

"#]])
        .stderr(str![[r#"
note: the days off after 2026-12-31 are not announced here: weekends alone were counted

"#]])
        .code(0);
    let book = book.again(["explain", "beta", "next_revisit", "--as-of", "2027-10-08"]);
    let said = words(&book);
    let sentence = "= 2027-10-01; the days off of 2027 are not known here, weekends alone count";
    assert!(said.contains(sentence), "{said}");
}

#[test]
fn a_plan_is_made_for_so_many_working_days_ahead() {
    book("2026-01-05,acme,visit,\n")
        .args([
            "log",
            "acme",
            "call",
            "--date",
            "2026-09-30",
            "--next",
            "2bd",
            "-q",
        ])
        .file("interactions/2026.csv", "date,customer,kind,due\n")
        .code(0)
        .again([
            "history",
            "acme",
            "-c",
            "date,kind,due",
            "-f",
            "csv",
            "--as-of",
            "2026-09-30",
        ])
        .stdout(str![[r#"
date,kind,due
2026-09-30,call,
2026-09-30,plan,2026-10-09

"#]])
        .code(0);
}

#[test]
fn without_a_calendar_working_days_are_refused_where_they_stand() {
    let book = Case::new()
        .file(
            "guanxi.toml",
            "[settlement]\ngrace = \"3bd\"\n[[sla]]\nrespond = \"2bd\"\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme\"\nrevisit = \"5bd\"\n",
        )
        .args(["check", "-f", "short"])
        .stdout(str![[r#"
customers/acme.toml:2:11: error[wrong-value]: `5bd` needs a `[calendar]`
guanxi.toml:2:9: error[wrong-value]: `grace` counts days of the calendar, not working days
guanxi.toml:4:11: error[wrong-value]: `2bd` needs a `[calendar]`

"#]])
        .code(1);
    let book = book
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n");
    let book = book
        .again(["due", "--within", "5bd"])
        .stderr(str![[r#"
error: `5bd` needs a `[calendar]`
  = help: working days are those of the table `[calendar]` in `guanxi.toml`; write such a table, or a span of calendar days such as `7d`

"#]])
        .code(2);
    book.again(["log", "acme", "call", "--next", "5bd"])
        .stderr(str![[r#"
error: `5bd` needs a `[calendar]`
  = help: working days are those of the table `[calendar]` in `guanxi.toml`; write such a table, or a span of calendar days such as `7d`

"#]])
        .code(2);
}

#[test]
fn a_calendar_is_read_printed_and_listed_as_it_is_written() {
    let calendar = "[calendar]\nweekend = [\"fri\", \"sat\"]\nholidays = \"CN\"\n\
                    off = [\"2026-12-29..2026-12-30\", 2026-12-31]\nwork = [2026-12-30]\n";
    let case = Case::new().file("guanxi.toml", calendar).args(["policy"]);
    let said = String::from_utf8(case.output().stdout).unwrap();
    assert!(said.contains(calendar), "{said}");
    let case = case
        .again(["calendar", "2026", "-s", "-date", "-n", "4", "-f", "csv"])
        .stdout(str![[r#"
date,weekday,what,source
2026-12-31,thu,off,[calendar] off
2026-12-30,wed,worked,[calendar] work
2026-12-29,tue,off,[calendar] off
2026-10-10,sat,worked,国办发明电〔2025〕7号

"#]])
        .code(0);
    case.file(
        "guanxi.toml",
        "[calendar]\nweekend = [\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]\n\
         holidays = \"DE\"\noff = [\"2026-02-30\", 2026-12-24T00:00:00]\n",
    )
    .again(["check", "-f", "short"])
    .stdout(str![[r#"
guanxi.toml:2:54: error[wrong-value]: a week of days off alone
guanxi.toml:3:12: error[wrong-value]: `holidays` is `CN`, not `DE`
guanxi.toml:4:8: error[wrong-value]: `2026-02-30` is no day and no range of days
guanxi.toml:4:22: error[wrong-value]: `off` is a list of days

"#]])
    .code(1);
}
