//! The worked examples of cells.

use guanxi::cli::Outcome;

use super::Book;

/// Returns what a cell of delimited text comes to in a log: the text of a column, or the code of its fault.
fn cell(heading: &str, kind: &str, cell: &str, words: &str, column: usize) -> String {
    let book = Book::of_acme();
    let date = if heading == "date" { "" } else { "date," };
    let day = if heading == "date" { "" } else { "2026-03-05," };
    let amount =
        if matches!(kind, "order" | "payment") && !heading.contains("金额") && heading != "amount"
        {
            ("amount,", "7,")
        } else {
            ("", "")
        };
    let text = format!(
        "{date}customer,kind,{}{heading}\n{day}acme,{kind},{}\"{}\"\n",
        amount.0,
        amount.1,
        cell.replace('"', "\"\"")
    );
    let said = book.log(&text, &format!("--yes {words}"));
    if let Some(fault) = said.faults().first() {
        return fault.split(' ').nth(1).unwrap().to_owned();
    }
    said.ends(Outcome::Done);
    let rows = book.rows();
    let cells: Vec<&str> = rows[0].split(',').collect();
    cells.get(column).copied().unwrap_or_default().to_owned()
}

#[track_caller]
fn amount(heading: &str, kind: &str, text: &str, words: &str, expected: &str) {
    assert_eq!(
        cell(heading, kind, text, words, 3),
        expected,
        "`{text}` under {heading} [{words}]"
    );
}

#[test]
fn amounts() {
    for (text, words, expected) in [
        ("１２，３４５．６", "", "12345.60"),
        ("12.5万元", "", "125000.00"),
        ("1.234,56", "", "amount"),
        ("1.234,56", "--read decimal-comma", "1234.56"),
        ("1,23", "", "amount"),
        ("1,2345", "", "amount"),
        ("$100", "", "currency"),
        ("5w", "", "50000.00"),
        ("1万2", "", "amount"),
        ("1.50000", "", "1.50"),
        ("-", "", "amount"),
        ("1E5", "", "amount"),
        ("#DIV/0!", "", "cell-error"),
        ("########", "", "hashes"),
        ("（300）", "", "negative"),
    ] {
        amount("amount", "order", text, words, expected);
    }
    for (text, words, expected) in [
        ("(1,234.50)", "", "-1234.50"),
        ("-¥1,000", "", "-1000.00"),
        ("12-", "", "amount"),
        ("12-", "--read trailing-minus", "-12.00"),
        ("-", "--read dash-blank", "missing-cell"),
    ] {
        amount("amount", "payment", text, words, expected);
    }
    for (heading, text, expected) in [
        ("金额（万元）", "3", "30000.00"),
        ("金额（万元）", "3万", "amount"),
        ("金额（元）", "100元", "100.00"),
        ("金额（万元）", "100元", "amount"),
        ("金额（万美元）", "5", "currency"),
    ] {
        amount(heading, "order", text, "", expected);
    }
}

#[test]
fn days() {
    for (text, words, expected) in [
        ("2026/3/5", "", "2026-03-05"),
        ("2026 年 3 月 5 号", "", "2026-03-05"),
        ("20260305", "", "2026-03-05"),
        ("2026/3/5 下午 3:20", "", "2026-03-05T15:20"),
        ("5-Mar-2026", "", "2026-03-05"),
        ("5.3.2026", "", "date"),
        ("5.3.2026", "--read dmy", "2026-03-05"),
        ("25/12/2026", "", "date"),
        ("46086", "", "date"),
        ("46086", "--read serial", "2026-03-05"),
        ("2026-03-05T01:00:00Z", "", "date-zone"),
        ("2026-03-05T01:00:00Z", "--read utc+8", "2026-03-05T09:00"),
        ("2026-03-04T23:30:00Z", "--read utc+8", "2026-03-05T07:30"),
        ("26-3-5", "", "date"),
        ("3月5日", "", "date"),
        ("2026-03", "", "date"),
    ] {
        assert_eq!(
            cell("date", "visit", text, words, 0),
            expected,
            "{text} [{words}]"
        );
    }
    assert_eq!(cell("due", "invoice", "-", "", 9), "missing-cell");
    let said = Book::of_acme().log(
        "date,customer,kind,amount,due\n2026-03-05,acme,invoice,5,-\n",
        "",
    );
    said.ends(Outcome::Done);
    let book = Book::of_acme();
    book.log(
        "日期,时间,客户,类型\n2026-03-05,093012,acme,电话回访\n",
        "--yes",
    )
    .ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05T09:30,acme,call"]);
    // A time that cannot be read is told beside a day that is missing, and one that can is not.
    let text =
        "日期,时间,客户,类型\n,25:00,acme,拜访\n,093012,acme,拜访\n,2026-03-05 09:30,acme,拜访\n";
    let said = Book::of_acme().log(text, "");
    assert_eq!(
        said.faults(),
        [
            "2 date",
            "2 missing-cell",
            "3 missing-cell",
            "4 missing-cell"
        ]
    );
    let help = Book::of_acme().log("date,customer,kind\n25/12/2026,acme,visit\n", "");
    assert!(
        help.json["faults"][0]["help"]
            .as_str()
            .unwrap()
            .contains("dmy")
    );
}

#[test]
fn scores_kinds_and_refs() {
    assert_eq!(cell("score", "survey", "85分", "", 4), "85");
    assert_eq!(cell("score", "survey", "101", "", 4), "score");
    assert_eq!(cell("note", "付款", "x", "", 2), "unknown-kind");
    let book = Book::of_acme();
    let text = "date,customer,kind,amount,ref\n2026-03-05,acme,order,5,=\"0012\"\n";
    book.log(text, "--yes").ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,order,5.00,,,,,0012"]);
}

/// Returns what a cell comes to in a new customer's file.
fn fact(heading: &str, cell: &str, words: &str) -> String {
    let book = Book::new("");
    let text = format!(
        "name,{heading}\n\"Neu GmbH\",\"{}\"\n",
        cell.replace('"', "\"\"")
    );
    let said = book.customers(&text, &format!("--yes {words}"));
    if let Some(fault) = said.faults().first() {
        return fault.split(' ').nth(1).unwrap().to_owned();
    }
    said.ends(Outcome::Done);
    let file = book.read("customers/neu.toml");
    let lines: Vec<&str> = file
        .lines()
        .filter(|it| !it.starts_with("name") && !it.starts_with("added") && !it.is_empty())
        .collect();
    lines.join("\n")
}

#[test]
fn facts_of_customers() {
    for (heading, cell, words, expected) in [
        (
            "phone",
            "'+86 731 5550",
            "",
            "[[contact]]\nphone = \"+86 731 5550\"",
        ),
        ("tags", "重点、老客户", "", "tags = [\"重点\", \"老客户\"]"),
        ("margin", "22%", "", "margin = 0.22"),
        ("margin", "22", "", "wrong-value"),
        ("payment_terms", "60", "", "payment_terms = \"60d\""),
        ("revisit", "60", "", "wrong-value"),
        (
            "payment_terms",
            "月结30天",
            "",
            "payment_terms = \"eom+30d\"",
        ),
        ("payment_terms", "月结", "", "payment_terms = \"eom\""),
        (
            "payment_terms",
            "月结60天",
            "",
            "payment_terms = \"eom+60d\"",
        ),
        ("birthday", "2026-05-01", "", "date"),
        ("birthday", "05-01", "", "[[contact]]\nbirthday = \"05-01\""),
        ("信用额度（万元）", "300", "", "credit_limit = 3000000"),
        ("评分", "85分", "", "score = 85"),
        ("账期（天）", "45", "", "payment_terms = \"45d\""),
    ] {
        assert_eq!(fact(heading, cell, words), expected, "{heading}: {cell}");
    }
}
