//! `due`.

use std::io::Read as _;
use std::process::{Command, Stdio};

use snapbox::str;

use super::{RAIL, book};
use crate::case::Case;

/// Six customers on 2026-11-20. In urgency (days overdue by cadence) `alpha` with 6/14 and `delta`
/// with 3/7 are equal, so the earlier day decides; `beta` has 10/30; `gamma` is due in 5 days,
/// `zeta` in 41; `eps` is never visited.
fn small() -> Case {
    let person =
        "\n[[contact]]\nname = \"Wu\"\n[[contact]]\nname = \"王建国\"\nphone = \"+86 1\"\n";
    book(
        &[
            (
                "alpha",
                &format!("name = \"Alpha 甲\"\nowner = \"li\"\nrevisit = \"14d\"\n{person}"),
            ),
            (
                "beta",
                "name = \"Beta\"\nowner = \"li\"\nrevisit = \"30d\"\n",
            ),
            (
                "delta",
                "name = \"Delta\"\nrevisit = \"never\"\n[[contact]]\nname = \"Xu\"\n",
            ),
            ("eps", "name = \"Epsilon\"\nrevisit = \"never\"\n"),
            (
                "gamma",
                "name = \"Gamma\"\nrevisit = \"7d\"\nsince = 2026-11-18\n",
            ),
            ("zeta", "name = \"Zeta\"\nrevisit = \"60d\"\n"),
        ],
        "2026-10-11,beta,visit,,,,,,,,
2026-10-31,alpha,visit,,,,,,,,
2026-11-01,zeta,visit,,,,,,,,
2026-11-10,delta,plan,,,,,,,2026-11-17,bring the sample
",
    )
    .args(["due", "--as-of", "2026-11-20"])
}

#[test]
fn the_most_urgent_stands_first() {
    small().args(["-c", "-tier"]).stdout(str![[r#"
id     name      owner  next revisit  overdue  why                                                   person  phone
------------------------------------------------------------------------------------------------------------------
alpha  Alpha 甲  li     2026-11-14          6  last contact 2026-10-31 + 14 days                     王建国  +86 1
delta  Delta     -      2026-11-17          3  plan of 2026-11-10: bring the sample                  Xu      -
beta   Beta      li     2026-11-10         10  last contact 2026-10-11 + 30 days                     -       -
gamma  Gamma     -      2026-11-25          0  no visit or call yet; first seen 2026-11-18 + 7 days  -       -

"#]])
    .stderr(str![[r#"
3 overdue, 1 within 7 days; most urgent first: days overdue by cadence

"#]])
    .code(0);
    // In another order, the line does not speak of it; data and -q have none.
    small()
        .args(["-c", "id", "-s", "name"])
        .stdout(str![[r#"
id
-----
alpha
beta
delta
gamma

"#]])
        .stderr(str![[r#"
3 overdue, 1 within 7 days

"#]])
        .code(0);
    small()
        .args([
            "--within",
            "6w",
            "-f",
            "csv",
            "-c",
            "id,overdue,cadence,next_revisit",
        ])
        .stdout(str![[r#"
id,overdue,cadence,next_revisit
alpha,6,14,2026-11-14
delta,3,,2026-11-17
beta,10,30,2026-11-10
gamma,0,7,2026-11-25
zeta,0,60,2026-12-31

"#]])
        .code(0);
}

#[test]
fn columns_rules_sorting_and_limits_apply() {
    small()
        .args([
            "owner = li",
            "-f",
            "csv",
            "-c",
            "id,why,phone",
            "-s",
            "-overdue",
        ])
        .stdout(str![[r#"
id,why,phone
beta,last contact 2026-10-11 + 30 days,
alpha,last contact 2026-10-31 + 14 days,'+86 1

"#]])
        .code(0);
    small()
        .args([
            "-n",
            "1",
            "-f",
            "json",
            "-c",
            "id,person,urgency",
            "--exit-code",
        ])
        .stdout(str![[r#"
{"schema": "due/1", "as_of": "2026-11-20", "rows": [
{"id": "alpha", "person": "王建国", "urgency": 0.42857142857142855}
]}

"#]])
        .code(1);
    small()
        .args(["-c", "phoen"])
        .stderr(str![[r#"
error: no column is called `phoen`
  = help: did you mean `phone`?

"#]])
        .code(2);
    small()
        .args(["ownr = li"])
        .stderr(str![[r#"
error[rule-name]: no metric is called `ownr`
 --> RULE:1:1
  |
1 | ownr = li
  | ^^^^
  |
  = help: did you mean `owner`?

1 error

"#]])
        .code(2);
}

#[test]
fn nobody_is_due_in_words_for_people_and_in_a_header_for_scripts() {
    let case = || small().args(["id = eps", "--exit-code"]);
    case()
        .stderr(str![[r#"
nobody is due within 7 days

"#]])
        .code(0);
    case().args(["-q"]).code(0);
    case()
        .args(["-f", "csv", "-c", "id,overdue"])
        .stdout(str![[r#"
id,overdue

"#]])
        .code(0);
    case()
        .args(["-f", "json"])
        .stdout(str![[r#"
{"schema": "due/1", "as_of": "2026-11-20", "rows": []}

"#]])
        .code(0);
    let case = case()
        .args(["-o", "due.txt"])
        .stderr(str![[r#"
nobody is due within 7 days

"#]])
        .code(0);
    assert_eq!(std::fs::read_to_string(case.path("due.txt")).unwrap(), "");
}

#[test]
fn a_closed_pipe_is_a_quiet_end() {
    for command in ["due", "churn", "value", "history", "policy"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut child = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .arg(command)
            .args(if command == "policy" {
                &RAIL[..2]
            } else {
                &RAIL[..]
            })
            .env_clear()
            .stdout(writer)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let stderr = child.stderr.as_mut().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        // What figures rest on is said before them.
        let basis = ["from 36 customers;", "11 overdue, 13 within 7 days;"];
        let is_quiet = said.is_empty() || basis.iter().any(|it| said.starts_with(it));
        assert!(is_quiet && said.lines().count() <= 2, "{command}: {said}");
        assert_eq!(child.wait().unwrap().code(), Some(0), "{command}");
    }
}

#[test]
fn rail_on_a_friday_morning() {
    Case::new()
        .args(["due", "--within", "0d", "-c", "-name,-owner"])
        .args(RAIL)
        .stdout(str![[r#"
id                  tier  next revisit  overdue  why                                           person  phone
------------------------------------------------------------------------------------------------------------------------
dabie-power         AA    2026-06-20        153  last contact 2026-05-21 + 30 days             夏工    +86 713 5550 2506
songhua-works       AAA   2026-08-21         91  last contact 2026-07-22 + 30 days             于厂长  +86 431 5550 1002
nandu-metro         AAA   2026-09-30         51  last contact 2026-08-19 + 42 days             黄经理  +86 20 5550 0309
zhongyuan-freight   AAA   2026-10-17         34  last contact 2026-09-17 + 30 days             崔经理  +86 371 5550 2006
yunling-metro       AA    2026-11-10         10  plan of 2026-10-27: 和杨主任当面谈欠款        杨主任  +86 871 5550 0607
lanjiang-logistics  AA    2026-11-05         15  last contact 2026-10-06 + 30 days             章主管  +86 579 5550 1903
huaihai-wagon       AAA   2026-11-08         12  last contact 2026-10-09 + 30 days             徐工    +86 516 5550 1307
donghu-metro        AAA   2026-11-16          4  last contact 2026-11-02 + 14 days             刘部长  +86 27 5550 0220
qingyuan-cement     AAA   2026-11-12          8  last contact 2026-10-13 + 30 days             曾工    +86 796 5550 1502
三江铜业            A     2026-11-19          1  last contact 2026-11-12 + 7 days              熊经理  +86 793 5550 3002
guanshan-works      B     2026-11-18          2  plan of 2026-11-03: 上门要款                  马科长  +86 931 5550 0904
xiangdong-works     AAA   2026-11-20          0  last contact 2026-11-06 + 14 days             周处长  +86 733 5550 0801
xihe-metro          AA    2026-11-20          0  plan of 2026-10-28: 带车门控制器样机去段里试  赵科长  +86 29 5550 0415
yunfan-telecom      P     2026-11-20          0  no visit or call yet                          -       -

"#]])
        .stderr(str![[r#"
11 overdue, 3 due today; most urgent first: days overdue by cadence

"#]])
        .code(0);
}

#[test]
fn one_never_visited_is_told_by_its_last_order_and_what_the_day_counts_from() {
    book(
        &[(
            "acme",
            "name = \"Acme\"\nadded = 2026-01-01\nrevisit = \"90d\"\n",
        )],
        "2026-05-01,acme,order,100,,,,,,,\n",
    )
    .args([
        "due",
        "--as-of",
        "2026-05-20",
        "-f",
        "csv",
        "-c",
        "id,next_revisit,why",
    ])
    .stdout(str![[r#"
id,next_revisit,why
acme,2026-04-01,no visit or call yet; last order 2026-05-01; first seen 2026-01-01 + 90 days

"#]])
    .code(0);
}

#[test]
fn a_span_beyond_any_calendar_is_called_too_large() {
    small()
        .args(["--within", "99999999d"])
        .stderr(str![[r#"
error: invalid value '99999999d' for '--within <SPAN>': `99999999d` is too large: a span is at most 4000000 days

For more information, try '--help'.

"#]])
        .code(2);
}
