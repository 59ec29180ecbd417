//! `history`.

use std::io::Read as _;
use std::process::{Command, Stdio};

use snapbox::str;

use super::{RAIL, book, run};
use crate::case::Case;

fn small() -> Case {
    book(
        &[
            ("alpha", "name = \"Alpha 甲\"\naliases = [\"A1\"]\n"),
            ("alpine", "name = \"Alpine\"\n"),
            ("beta", "name = \"Beta\"\n"),
        ],
        "# a comment
2026-03-02,alpha,visit,,,li,,,,,\"toured
line 3\"
2026-03-05T14:30,beta,order,1250.50,,wang,Spares,,PO-7,,
2026-03-05T09:05,alpha,order,100,,li,,,PO-8,,
2026-07-01,alpha,survey,,90,,quality,,,,
2026-12-01,alpha,plan,,,,,,,2026-12-24,after the day
",
    )
    .file(
        "interactions/2025.csv",
        "note,kind,date,customer,mood\nfirst SPARES,call,2025-03-05,beta,good\n",
    )
    .args(["history", "--as-of", "2026-11-20"])
}

#[test]
fn the_whole_book_in_the_order_of_its_days() {
    small().stdout(str![[r#"
date        time   customer  kind      amount  score  staff  topic    ref   note           origin
------------------------------------------------------------------------------------------------------------------
2025-03-05  -      beta      call           -      -  -      -        -     first SPARES   interactions/2025.csv:2
2026-03-02  -      alpha     visit          -      -  li     -        -     toured⏎line 3  interactions/2026.csv:3
2026-03-05  09:05  alpha     order     100.00      -  li     -        PO-8  -              interactions/2026.csv:6
2026-03-05  14:30  beta      order   1,250.50      -  wang   Spares   PO-7  -              interactions/2026.csv:5
2026-07-01  -      alpha     survey         -     90  -      quality  -     -              interactions/2026.csv:7

"#]]).code(0);
    small()
        .args(["-f", "csv"])
        .stdout(str![[r#"
date,time,customer,kind,amount,score,staff,topic,channel,ref,due,note,origin
2025-03-05,,beta,call,,,,,,,,first SPARES,interactions/2025.csv:2
2026-03-02,,alpha,visit,,,li,,,,,"toured
line 3",interactions/2026.csv:3
2026-03-05,09:05,alpha,order,100.00,,li,,,PO-8,,,interactions/2026.csv:6
2026-03-05,14:30,beta,order,1250.50,,wang,Spares,,PO-7,,,interactions/2026.csv:5
2026-07-01,,alpha,survey,,90,,quality,,,,,interactions/2026.csv:7

"#]])
        .code(0);
}

#[test]
fn one_customer_by_id_name_alias_or_prefix() {
    for word in ["alpha", "Alpha 甲", "a1", "ALPHA"] {
        small()
            .args([word, "-f", "csv", "-c", "date,time,kind,origin"])
            .stdout(str![[r#"
date,time,kind,origin
2026-03-02,,visit,interactions/2026.csv:3
2026-03-05,09:05,order,interactions/2026.csv:6
2026-07-01,,survey,interactions/2026.csv:7

"#]])
            .code(0);
    }
    small()
        .args(["b", "-c", "customer,kind"])
        .stdout(str![[r#"
customer  kind
---------------
beta      call
beta      order

"#]])
        .stderr(str![[r#"
note: `b` is `beta` (Beta)

"#]])
        .code(0);
    // A program says whom it means in full.
    small()
        .args(["b", "-f", "csv", "-c", "customer,kind"])
        .stderr(str![[r#"
error: no customer is called `b`
  = help: did you mean `beta` (Beta)?

"#]])
        .code(2);
    small()
        .args(["alp"])
        .stderr(str![[r#"
error: `alp` may mean 2 customers
  = help: name one of `alpha`, `alpine`

"#]])
        .code(2);
    small()
        .args(["betta"])
        .stderr(str![[r#"
error: no customer is called `betta`
  = help: did you mean `beta`?

"#]])
        .code(2);
    small()
        .args(["\u{1b}[2J"])
        .stderr(str![[r#"
error: no customer is called `\u{1b}[2J`
  = help: `guanxi list -c id,name` lists all

"#]])
        .code(2);
}

#[test]
fn filters_join() {
    let case = || small().args(["-f", "csv", "-c", "date,customer,kind"]);
    case()
        .args(["--text", "spares"])
        .stdout(str![[r#"
date,customer,kind
2025-03-05,beta,call
2026-03-05,beta,order

"#]])
        .code(0);
    case()
        .args(["--kind", "order,survey", "--staff", "li"])
        .stdout(str![[r#"
date,customer,kind
2026-03-05,alpha,order

"#]])
        .code(0);
    case()
        .args(["--since", "2026-03-05", "--until", "today-142d"])
        .stdout(str![[r#"
date,customer,kind
2026-03-05,alpha,order
2026-03-05,beta,order
2026-07-01,alpha,survey

"#]])
        .code(0);
    case()
        .args(["--since", "today-30d", "--exit-code"])
        .stdout(str![[r#"
date,customer,kind

"#]])
        .code(0);
    small()
        .args(["--text", "golf", "--exit-code"])
        .stderr(str![[r#"
no rows

"#]])
        .code(0);
    case()
        .args(["--kind", "ordr"])
        .stderr(str![[r#"
error: there is no kind `ordr`
  = help: did you mean `order`?

"#]])
        .code(2);
}

#[test]
fn a_limit_shows_the_newest_unless_rows_are_sorted() {
    let case = || small().args(["-f", "csv", "-c", "date,amount", "--exit-code"]);
    case()
        .args(["-n", "2"])
        .stdout(str![[r#"
date,amount
2026-03-05,1250.50
2026-07-01,

"#]])
        .code(1);
    case()
        .args(["-n", "2", "-s", "-amount"])
        .stdout(str![[r#"
date,amount
2026-03-05,1250.50
2026-03-05,100.00

"#]])
        .code(1);
    case()
        .args(["-n", "0"])
        .stdout(str![[r#"
date,amount

"#]])
        .code(0);
    case()
        .args(["--text", "SPARES", "-n", "1"])
        .stdout(str![[r#"
date,amount
2026-03-05,1250.50

"#]])
        .code(1);
}

/// Every row of the book is there once, at the line that `origin` names.
#[test]
fn rail_is_there_row_by_row() {
    let (csv, _) = run(&["history", "-f", "csv", "-c", "date,kind,origin"], &RAIL);
    let rows: Vec<&str> = csv.lines().skip(1).collect();
    assert!(rows.len() > 1000 && rows.is_sorted_by_key(|row| row.split(',').next()));
    let mut origins: Vec<&str> = rows
        .iter()
        .map(|row| row.rsplit(',').next().unwrap())
        .collect();
    origins.sort_unstable();
    origins.dedup();
    assert_eq!(origins.len(), rows.len());
    for row in rows.iter().step_by(37) {
        let mut cells = row.split(',');
        let (date, kind) = (cells.next().unwrap(), cells.next().unwrap());
        let (path, line) = cells.next().unwrap().rsplit_once(':').unwrap();
        let log = std::fs::read_to_string(format!("{}/{path}", RAIL[1])).unwrap();
        let line = log.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        assert!(line.contains(date) && line.contains(kind), "{row}: {line}");
    }
    let (all, _) = run(&["history", "-f", "csv", "-c", "customer"], &RAIL);
    let orders = run(&["list", "-f", "csv", "-c", "orders"], &RAIL).0;
    let orders: usize = orders
        .lines()
        .skip(1)
        .filter_map(|it| it.parse::<usize>().ok())
        .sum();
    let (found, _) = run(&["history", "--kind", "order", "-f", "csv"], &RAIL);
    assert_eq!(found.lines().count() - 1, orders);
    assert_eq!(all.lines().count(), csv.lines().count());
}

/// Who pages through a long answer keeps nobody from writing.
#[test]
fn an_answer_half_read_lets_writers_in() {
    let mut rows = String::new();
    for _ in 0..3000 {
        rows.push_str("2026-03-02,alpha,visit,,,,,,,,a note as long as they come\n");
    }
    let log = [
        "log",
        "alpha",
        "call",
        "--date",
        "2026-03-03",
        "--wait",
        "0",
        "-q",
    ];
    let case = book(&[("alpha", "name = \"A\"\n")], &rows)
        .args(log)
        .code(0);
    let mut reader = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["history", "-f", "csv", "--as-of", "2026-11-20"])
        .current_dir(case.path(""))
        .env_clear()
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut answer = reader.stdout.take().unwrap();
    answer.read_exact(&mut [0; 100]).unwrap();
    let case = case.again(log).args(["--note", "another"]).code(0);
    let mut rest = String::new();
    answer.read_to_string(&mut rest).unwrap();
    assert_eq!(
        (rest.lines().count(), reader.wait().unwrap().code()),
        (3002 - 1, Some(0))
    );
    drop(case);
}
