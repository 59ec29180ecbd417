//! The worked examples of whole files.

use guanxi::cli::Outcome;

use super::Book;

#[test]
fn a_title_gives_the_unit() {
    let book = Book::of_acme();
    let said = book.log(
        ",,单位：万元\n日期,客户,金额\n2026-03-05,acme,12.5\n",
        "--set kind=order --yes",
    );
    said.ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,order,125000.00"]);
    let unit = &said.json["files"][0]["unit"];
    assert_eq!(
        (unit["cell"].as_str(), unit["text"].as_str()),
        (Some("C1"), Some("单位：万元"))
    );
}

#[test]
fn a_cancelled_order_is_no_revenue() {
    let text = "日期,客户,金额,单据状态\n2026-03-05,acme,5,作废\n2026-03-06,acme,6,草稿\n";
    let said = Book::of_acme().log(text, "--set kind=order --skip 单据状态=草稿");
    said.ends(Outcome::Found);
    assert_eq!(said.faults(), ["2 void-line"]);
    assert_eq!(said.part("lines.left_out").to_string(), r#"{"skip":1}"#);
    let said = Book::of_acme().log(text, "--set kind=order --map 单据状态=-");
    said.ends(Outcome::Done);
    assert_eq!(said.count("rows.new"), 2);
}

#[test]
fn totals_are_left_out_and_missing_cells_are_not() {
    let text = "客户,日期,金额\nSummit Ltd,,5\n合计：,,5\nTotal,2026-03-05,6\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    said.ends(Outcome::Found);
    let mut faults = said.faults();
    faults.sort();
    assert_eq!(
        faults,
        ["2 missing-cell", "2 unknown-customer", "4 unknown-customer"]
    );
    assert_eq!(said.part("lines.left_out").to_string(), r#"{"total":1}"#);
    assert_eq!(said.count("lines.refused"), 2);
}

#[test]
fn a_direction_turns_payments() {
    let book = Book::of_acme();
    let text =
        "交易日期,对方户名,交易金额,借贷标志\n2026-03-05,acme,500,贷\n2026-03-06,acme,80,借\n";
    book.log(text, "--set kind=payment --yes")
        .ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-05,acme,payment,500.00",
            "2026-03-06,acme,payment,-80.00"
        ]
    );
}

#[test]
fn a_bank_has_a_column_for_each_way() {
    let book = Book::of_acme();
    let text =
        "交易日期,对方户名,收入金额,支出金额,交易流水号,摘要\n2026-03-05,acme,500,0.00,T001,货款\n";
    book.log(text, "--yes").ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        ["2026-03-05,acme,payment,500.00,,,,,,,T001 货款"]
    );
    let text = text.replace("500,0.00", "0.00,0.00");
    let said = book.log(&text, "");
    assert_eq!(said.part("lines.left_out").to_string(), r#"{"zero":1}"#);
}

#[test]
fn the_sum_with_tax_goes_before_the_one_without() {
    let book = Book::of_acme();
    let text = "开票日期,购买方名称,数电发票号码,金额,税额,价税合计\n2026-03-05,acme,26430000,100,13,113\n";
    let said = book.log(text, "--yes");
    said.ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-05,acme,invoice,113.00,,,,,26430000"]);
    let column = &said.json["files"][0]["columns"][3];
    assert_eq!(column["heading"], "金额");
    assert!(column["target"].is_null() && column["reason"].is_string());
}

#[test]
fn cells_that_are_left_off_are_told() {
    let text = "日期,客户,金额,备注\n2026-03-05,acme,500\n2026-03-06,acme,6,x\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    assert_eq!(said.faults(), ["2 cell-count"]);
    let said = Book::of_acme().log(text, "--set kind=order --read short-lines");
    said.ends(Outcome::Done);
    assert_eq!(said.count("rows.new"), 2);
}

#[test]
fn what_no_column_gives_is_told_once() {
    let said = Book::of_acme().log("日期,金额,顾客\n2026-03-05,5,acme\n", "--set kind=order");
    said.ends(Outcome::Failed);
    assert_eq!(said.faults(), ["1 column-missing"]);
    assert!(
        said.json["faults"][0]["message"]
            .as_str()
            .unwrap()
            .contains("顾客")
    );
    let said = Book::of_acme().log("日期,客户,金额\n2026-03-05,acme,5\n", "");
    assert_eq!(said.faults(), ["1 kind-missing"]);
    assert_eq!(said.part("written"), false);
}

#[test]
fn a_heading_that_no_file_has_is_no_option() {
    let said = Book::of_acme().log(
        "日期,客户,金额\n2026-03-05,acme,5\n",
        "--set kind=order --map 数量=note",
    );
    said.ends(Outcome::Failed);
    assert!(
        said.said.err.contains("no file has a heading `数量`"),
        "{}",
        said.said.err
    );
}

#[test]
fn a_mapping_is_saved_and_used_again() {
    let book = Book::of_acme();
    let text = "开单日,客户,钱,单据状态\n2026-03-05,acme,5万,作废\n2026-03-06,acme,6,好\n";
    let words =
        "--map 开单日=date --map 钱=amount --set kind=order --skip 单据状态=作废 --save erp";
    let said = book.log(text, words);
    said.ends(Outcome::Done);
    assert_eq!(
        said.part("files").as_array().unwrap()[0]["status"].to_string(),
        r#"{"好":1}"#
    );
    assert_eq!(
        book.read("guanxi.toml"),
        "[import.erp]\ninto = \"log\"\n\n[import.erp.map]\n\"开单日\" = \"date\"\n\"钱\" = \"amount\"\n\n\
         [import.erp.set]\nkind = \"order\"\n\n[import.erp.skip]\n\"单据状态\" = [\"作废\"]\n"
    );
    let said = book.log(text, "--source erp --yes");
    said.ends(Outcome::Done);
    assert_eq!(book.rows(), ["2026-03-06,acme,order,6.00"]);
    assert_eq!(book.run("check").outcome, Outcome::Done);
    // A source may name what this file does not have.
    let said = book.log("date,客户,amount\n2026-03-07,acme,1\n", "--source erp");
    said.ends(Outcome::Done);
    assert!(said.warnings().contains(&"heading-absent".to_owned()));
}

#[test]
fn rejects_are_a_list_to_mend_by() {
    let book = Book::of_acme();
    let text = "日期,客户,金额,备注\n2026-03-05,acme,1.2.3,=a\n2026-03-06,acme,6,x\n";
    let list = tempfile::tempdir().unwrap();
    let path = list.path().join("bad.csv");
    let words = format!("--set kind=order --yes --rejects {}", path.display());
    let said = book.log(text, &words);
    said.ends(Outcome::Found);
    assert_eq!(said.part("written"), true);
    assert_eq!(book.rows(), ["2026-03-06,acme,order,6.00,,,,,,,x"]);
    let rejects = std::fs::read_to_string(&path).unwrap();
    let mut lines = rejects.lines();
    assert_eq!(
        lines.next(),
        Some("\u{feff}日期,客户,金额,备注,guanxi:cell,guanxi:code,guanxi:reason")
    );
    let line = lines.next().unwrap();
    assert!(
        line.starts_with("2026-03-05,acme,1.2.3,'=a,C2,amount,"),
        "{line}"
    );
    let said = book.import(
        "log",
        &[("bad.csv", rejects.as_bytes())],
        "--set kind=order",
    );
    said.ends(Outcome::Failed);
    assert_eq!(said.faults(), ["1 rejects"]);
    // Without a list nothing is left out.
    let before = book.text();
    let said = book.log(text, "--set kind=order --yes");
    said.ends(Outcome::Failed);
    assert_eq!((said.part("written"), book.text()), (false.into(), before));
}
