//! The worked examples of customers and rows that are there already.

use guanxi::cli::Outcome;

use super::Book;

/// Imports one order of a name, and returns what is wrong, or else whose it is.
fn found(book: &str, name: &str) -> String {
    let book = Book::new(book);
    let text = format!("日期,客户,金额\n2026-03-05,\"{name}\",5\n");
    let said = book.log(&text, "--set kind=order --yes");
    if let Some(fault) = said.json["faults"].as_array().and_then(|it| it.first()) {
        let near: Vec<&str> = fault["near"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| it.as_str().unwrap())
            .collect();
        return format!("{} {}", fault["code"].as_str().unwrap(), near.join(" "))
            .trim()
            .to_owned();
    }
    book.rows()[0].split(',').nth(1).unwrap().to_owned()
}

#[test]
fn whose_a_line_is() {
    let rail = "== customers/rail.toml\nname = \"株洲地铁集团\"\n";
    assert_eq!(found(rail, "株洲地铁集团有限公司"), "rail");
    assert_eq!(found(rail, "株洲地铁集团　有限责任公司"), "rail");
    let parts = "== customers/parts.toml\nname = \"中铁物资股份有限公司\"\n";
    assert_eq!(found(parts, "中铁物资有限公司"), "unknown-customer parts");
    let xx = "== customers/xx.toml\nname = \"XX有限公司\"\n";
    assert_eq!(found(xx, "XX有限公司长沙分公司"), "unknown-customer");
    let two = "== customers/a1.toml\nname = \"Acme Ltd\"\n== customers/a2.toml\nname = \"ACME Co., Ltd.\"\n";
    assert_eq!(found(two, "Acme"), "ambiguous-customer a1 a2");
    let one = "== customers/one.toml\nname = \"Acme Ltd\"\n";
    assert_eq!(found(one, "acme company"), "one");
    assert_eq!(found(one, "Acme GmbH"), "unknown-customer one");
    assert_eq!(found(one, "Acme-Ltd"), "unknown-customer");
    let siemens =
        "== customers/siemens.toml\nname = \"西门子(中国)\"\naliases = [\"Siemens China\"]\n";
    assert_eq!(found(siemens, "ＳＩＥＭＥＮＳ　ＣＨＩＮＡ"), "siemens");
}

const ORDER: &str = "\
== customers/acme.toml
name = \"Acme Works\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,order,500,,,,,,,typed by hand
";

#[test]
fn rows_are_counted_by_what_they_are() {
    let head = "日期,客户,金额,品名,单号,备注\n";
    let said = Book::new(ORDER).log(
        &format!("{head}2026-03-01,acme,500,,,spares\n"),
        "--set kind=order",
    );
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (0, 1));
    let two = format!("{head}2026-03-01,acme,500,a,,\n2026-03-01,acme,500,b,,\n");
    let said = Book::new(ORDER).log(&two, "--set kind=order");
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (1, 1));
    let said = Book::new(ORDER).log(
        &format!("{head}2026-03-01,acme,500,,SO-9,\n"),
        "--set kind=order",
    );
    assert_eq!(
        (said.count("rows.new"), said.warnings()),
        (1, vec!["maybe-twice".to_owned()])
    );
    let other = ORDER.replace("500,,,,,,,typed by hand", "800,,,,,SO-9,,");
    let said = Book::new(&other).log(
        &format!("{head}2026-03-01,acme,850,,SO-9,\n"),
        "--set kind=order",
    );
    assert_eq!(
        (said.count("rows.new"), said.warnings()),
        (1, vec!["maybe-twice".to_owned()])
    );
}

#[test]
fn lines_that_are_equal_are_refused_or_numbered() {
    let book = Book::of_acme();
    let text = "日期,客户,金额\n2026-03-01,acme,500\n2026-03-01,acme,500\n";
    let said = book.log(text, "--set kind=order");
    assert_eq!(said.faults(), ["3 row-twice"]);
    book.log(text, "--set kind=order --read equal-rows --yes")
        .ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-01,acme,order,500.00",
            "2026-03-01,acme,order,500.00,,,,,,,(2)"
        ]
    );
    let again = book.log(text, "--set kind=order --read equal-rows --yes");
    assert_eq!((again.count("rows.new"), again.count("rows.there")), (0, 2));
    let more = format!("{text}2026-03-02,acme,7\n");
    let said = book.log(&more, "--set kind=order --read equal-rows --yes");
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (1, 2));
}

#[test]
fn an_invoice_is_one_by_its_ref() {
    let book = "== customers/acme.toml\nname = \"Acme\"\n== interactions/2026.csv\n\
                date,customer,kind,amount,ref\n2026-03-01,acme,invoice,900,INV-1\n";
    let head = "日期,客户,发票金额,发票号,品名\n";
    let said = Book::new(book).log(&format!("{head}2026-03-01,acme,950,INV-1,\n"), "");
    assert_eq!(said.faults(), ["2 row-differs"]);
    assert!(
        said.json["faults"][0]["message"]
            .as_str()
            .unwrap()
            .contains("interactions/2026.csv:2")
    );
    let same = Book::new(book).log(&format!("{head}2026-03-01,acme,900,INV-1,\n"), "");
    assert_eq!((same.count("rows.new"), same.count("rows.there")), (0, 1));
    let two = format!("{head}2026-03-02,acme,100,INV-2,a\n2026-03-02,acme,50,INV-2,b\n");
    let said = Book::new(book).log(&two, "");
    assert_eq!(said.faults(), ["3 ref-used-twice"]);
    let summed = Book::new(book);
    summed
        .log(&two, "--read sum-refs --yes")
        .ends(Outcome::Done);
    let rows = summed.rows();
    // The log there has no column of topics, so the row stands beside it.
    assert!(
        rows.contains(&"2026-03-02,acme,invoice,150.00,,,a; b,,INV-2".to_owned()),
        "{rows:?}"
    );
    let broken = two.replace(",50,", ",x,");
    let said = Book::new(book).log(&broken, "--read sum-refs");
    assert_eq!(said.faults(), ["2 ref-incomplete", "3 amount"]);
}

#[test]
fn other_rows_are_told_apart_by_their_notes() {
    let book = "== customers/acme.toml\nname = \"Acme\"\n== interactions/2026.csv\n\
                date,customer,kind,staff,note\n2026-03-01,acme,visit,li.wei,a\n";
    let said = Book::new(book).log(
        "日期,客户,类型,业务员,备注\n2026-03-01,acme,拜访,li.wei,b\n",
        "",
    );
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (1, 0));
}

#[test]
fn two_files_of_one_command_are_one_import() {
    let text: &[u8] = "日期,客户,金额\n2026-03-01,acme,500\n".as_bytes();
    let said = Book::of_acme().import(
        "log",
        &[("a.csv", text), ("b.csv", text)],
        "--set kind=order",
    );
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (1, 1));
}

#[test]
fn a_line_yields_a_row_for_each_group() {
    let book = Book::of_acme();
    book.log(
        "日期,客户,订单金额,回款金额\n2026-03-05,acme,800,300\n",
        "--yes",
    )
    .ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-05,acme,order,800.00",
            "2026-03-05,acme,payment,300.00"
        ]
    );
    let book = Book::of_acme();
    book.log(
        "类型,客户,订单日期,订单金额\n订单,acme,2026-03-05,800\n",
        "--yes",
    )
    .ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,order,800.00"]);
    let book = Book::of_acme();
    book.log(
        "客户,订单日期,开票日期,金额\nacme,2026-03-05,2026-03-06,800\n",
        "--yes",
    )
    .ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-05,acme,order,800.00",
            "2026-03-06,acme,invoice,800.00"
        ]
    );
}

#[test]
fn a_payment_names_an_invoice_that_is_there() {
    let text = "日期,客户,金额,流水号\n2026-03-05,acme,800,T1\n";
    let said = Book::of_acme().log(text, "--set kind=payment");
    assert_eq!(said.faults(), ["2 unknown-ref"]);
    let book = Book::of_acme();
    book.log(text, "--set kind=payment --map 流水号=note --yes")
        .ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,payment,800.00,,,,,,,T1"]);
    // A refused invoice is none.
    let text = "客户,开票日期,发票金额,发票号,回款日期,回款金额,回款单号\n\
                acme,2026-03-05,x,INV-1,,,\nacme,,,,2026-03-06,5,INV-1\n";
    let said = Book::of_acme().log(text, "--map 回款单号=payment.ref");
    assert_eq!(said.faults(), ["2 amount", "3 unknown-ref"]);
}

#[test]
fn a_case_without_a_ref_gets_one() {
    let book = Book::of_acme();
    let text = "日期,客户,类型,备注\n2026-03-05,acme,投诉,late\n2026-03-05,acme,投诉,broken\n";
    book.log(text, "--yes").ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-05,acme,complaint,,,,,,C-20260305,,late",
            "2026-03-05,acme,complaint,,,,,,C-20260305-2,,broken"
        ]
    );
    let again = book.log(text, "--yes");
    assert_eq!((again.count("rows.new"), again.count("rows.there")), (0, 2));
}

#[test]
fn credits_are_made_of_negative_orders() {
    let book = Book::of_acme();
    let text = "日期,客户,金额,单号\n2026-03-05,acme,-80,SO-1\n";
    assert_eq!(book.log(text, "--set kind=order").faults(), ["2 negative"]);
    book.log(text, "--set kind=order --read negative-credit --yes")
        .ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,credit,80.00,,,,,,,SO-1"]);
}

#[test]
fn a_cell_that_cannot_be_read_is_not_told_as_blank() {
    let text =
        "日期,time,客户,amount,金额\n2026-03-05 15:20,09:30,acme,5,5\n2026-03-05,,acme,5,6\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    assert_eq!(said.faults(), ["2 date", "3 column-twice"]);
}

#[test]
fn somebody_of_the_book_who_may_be_somebody_new_is_refused_once() {
    let book = Book::new("== customers/a1.toml\nname = \"株洲车辆有限公司\"\n");
    let text = "日期,客户,金额\n2026-03-05,株洲车辆,5\n2026-03-06,株洲车辆股份有限公司,6\n";
    let said = book.log(text, "--set kind=order --create");
    assert_eq!(said.faults(), ["2 ambiguous-customer"]);
    assert_eq!(said.count("rows.new"), 1);
    let text = "日期,客户编号,客户,金额\n2026-03-05,a1,Summit,5\n2026-03-06,,Summit,6\n";
    let said = book.log(text, "--set kind=order --create");
    assert_eq!(said.faults(), ["2 ambiguous-customer"]);
}

#[test]
fn a_short_name_never_becomes_the_name() {
    let book = Book::new("");
    let text = "日期,客户,简称,金额\n2026-03-05,株洲车辆,Zhuzhou Ltd,5\n";
    book.log(text, "--set kind=order --create --yes");
    assert_eq!(
        book.read("customers/zhu-zhou-che-liang.toml"),
        "name = \"株洲车辆\"\naliases = [\"Zhuzhou Ltd\"]\nadded = 2026-11-20\n"
    );
}

#[test]
fn lines_are_equal_whether_a_number_is_one_or_its_text() {
    let lines = "{\"date\": \"2026-03-05\", \"customer\": \"acme\", \"amount\": 5}\n\
                 {\"date\": \"2026-03-05\", \"customer\": \"acme\", \"amount\": \"5\"}\n";
    let files: [(&str, &[u8]); 1] = [("in.jsonl", lines.as_bytes())];
    let said = Book::of_acme().import("log", &files, "--set kind=order");
    assert_eq!(said.faults(), ["2 row-twice"]);
}

#[test]
fn a_cell_that_has_lost_its_value_is_refused_though_no_row_wants_it() {
    let text = "日期,客户,金额,订单日期,订单金额\n2026-03-05,acme,####,2026-03-06,5\n2026-03-05,acme,-,2026-03-07,5\n";
    let said = Book::of_acme().log(text, "");
    assert_eq!(said.faults(), ["2 hashes"]);
    let text = "日期,客户,金额\n2026-03-05,acme,#REF!\n";
    let said = Book::of_acme().log(text, "--set kind=visit");
    assert_eq!(said.faults(), ["2 cell-error"]);
}

#[test]
fn an_id_of_one_new_customer_beside_the_name_of_another_is_ambiguous() {
    let lines = "2026-03-01,N0,甲厂,1\n2026-03-02,N1,乙厂,2\n2026-03-03,N0,乙厂,3\n2026-03-04,,甲厂有限公司,4\n";
    let text = format!("日期,客户编号,客户,金额\n{lines}");
    let book = Book::new("");
    let said = book.log(&text, "--set kind=order --create");
    assert_eq!(said.faults(), ["4 ambiguous-customer"]);
    assert_eq!(
        (said.count("customers.new"), said.count("rows.new")),
        (2, 3)
    );
}

#[test]
fn a_sum_stands_or_falls_with_its_own_lines() {
    let said = |lines: &str| {
        let text = format!("开票日期,客户,发票号,价税合计,产品\n{lines}");
        let said = Book::of_acme().log(&text, "--read sum-refs");
        (said.faults(), said.count("rows.new"))
    };
    let two = "2026-03-05,Acme Works,F1,100,a\n2026-03-05,Acme Works,F1,50,b\n";
    // Of another day it is another row, whatever is wrong with it.
    let (faults, new) = said(&format!("{two}2026-03-06,Acme Works,F1,x,c\n"));
    assert_eq!((faults, new), (vec!["4 amount".to_owned()], 1));
    let (faults, new) = said(&format!("{two}2026-03-06,Acme Works,F1,5,c\n"));
    assert_eq!((faults, new), (vec!["4 ref-used-twice".to_owned()], 1));
    // Of the same day, or of one that cannot be read, it is or may be a part.
    for (line, fault) in [
        ("2026-03-05,Acme Works,F1,x,c", "4 amount"),
        ("3月5日,Acme Works,F1,5,c", "4 date"),
    ] {
        let (faults, new) = said(&format!("{two}{line}\n"));
        assert_eq!(faults, ["2 ref-incomplete", "3 ref-incomplete", fault]);
        assert_eq!(new, 0);
    }
    let text = "日期,客户,类型,单号,金额\n2026-03-05,Acme Works,发票,F1,100\n2026-03-05,Acme Works,发漂,F1,50\n";
    let said = Book::of_acme().log(text, "--read sum-refs");
    assert_eq!(said.faults(), ["2 ref-incomplete", "3 unknown-kind"]);
}

#[test]
fn many_rows_of_one_identity_are_counted_one_by_one() {
    let book = Book::of_acme();
    let line = |note: usize| format!("2026-03-05,Acme Works,5,n{note}\n");
    let text = |notes: std::ops::Range<usize>| {
        format!(
            "日期,客户,金额,备注\n{}",
            notes.map(line).collect::<String>()
        )
    };
    let words = "--set kind=order --yes";
    assert_eq!(book.log(&text(0..60), words).count("rows.new"), 60);
    assert_eq!(book.log(&text(0..60), words).count("rows.there"), 60);
    // Thirty are the same, thirty have another note, and ten are more than there were.
    let said = book.log(&text(30..100), words);
    assert_eq!((said.count("rows.new"), said.count("rows.there")), (10, 60));
    assert_eq!(book.rows().len(), 70);
}
