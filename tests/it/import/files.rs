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

#[test]
fn cards_are_people_of_customers() {
    let book = Book::new("");
    let card = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:王;建国;;;\r\nFN:王建国\r\nORG:株洲车辆有限公司;采购部\r\nTITLE:主任\r\n\
                TEL;TYPE=CELL:13800000000\r\nTEL;TYPE=WORK:0731-5550\r\nEMAIL:wang@example.com\r\n\
                BDAY:1604-05-01\r\nNOTE:a\\nb\r\nEND:VCARD\r\n";
    let said = book.import("customers", &[("a.vcf", card.as_bytes())], "--yes");
    said.ends(Outcome::Done);
    assert_eq!(said.part("files").as_array().unwrap()[0]["type"], "vcard");
    assert_eq!(
        book.read("customers/zhu-zhou-che-liang.toml"),
        "name = \"株洲车辆有限公司\"\nadded = 2026-11-20\n\n[[contact]]\nname = \"王建国\"\ntitle = \"主任\"\n\
         phone = \"0731-5550\"\nmobile = \"13800000000\"\nemail = \"wang@example.com\"\nbirthday = \"05-01\"\n\
         note = \"a\\nb\"\n"
    );
    let again = book.import("customers", &[("a.vcf", card.as_bytes())], "--yes");
    assert_eq!(
        (
            again.count("customers.same"),
            again.count("customers.filled")
        ),
        (1, 0)
    );
}

#[test]
fn lines_of_json_are_lines() {
    let book = Book::of_acme();
    let text = "{\"date\": \"2026-03-05\", \"customer\": \"acme\", \"kind\": \"order\", \"amount\": 12.5}\n\
                {\"date\": \"2026-03-06\", \"customer\": \"acme\", \"kind\": \"visit\", \"note\": null}\n";
    let said = book.import("log", &[("a.jsonl", text.as_bytes())], "--yes");
    said.ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        ["2026-03-05,acme,order,12.50", "2026-03-06,acme,visit"]
    );
    let book = Book::new("");
    let text = "{\"name\": \"Neu\", \"tags\": [\"a\", \"b\"], \"contact\": [{\"name\": \"x\", \"phone\": [\"1\", \"2\"]}], \
                \"profile\": {\"needs\": \"n\"}, \"custom\": {\"lines\": 6}}\n";
    let said = book.import("customers", &[("a.jsonl", text.as_bytes())], "--yes");
    said.ends(Outcome::Done);
    assert_eq!(
        book.read("customers/neu.toml"),
        "name = \"Neu\"\nadded = 2026-11-20\ntags = [\"a\", \"b\"]\n\n[profile]\nneeds = \"n\"\n\n\
         [[contact]]\nname = \"x\"\nphone = [\"1\", \"2\"]\n\n[custom]\nlines = 6\n"
    );
}

#[test]
fn a_workbook_is_read_as_the_same_table_in_text() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    for (column, heading) in ["单据日期", "购货单位", "金额", "单号", "备注"]
        .iter()
        .enumerate()
    {
        sheet
            .write(0, u16::try_from(column).unwrap(), *heading)
            .unwrap();
    }
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let date = ExcelDateTime::parse_from_str("2026-03-05").unwrap();
    sheet.write_with_format(1, 0, &date, &day).unwrap();
    sheet.write(1, 1, "acme").unwrap();
    sheet.write(1, 2, 0.1 + 0.2).unwrap();
    sheet.write(1, 3, "0012").unwrap();
    sheet.write(1, 4, "x").unwrap();
    let bytes = workbook.save_to_buffer().unwrap();
    let (one, other) = (Book::of_acme(), Book::of_acme());
    let said = one.import("log", &[("a.csv", &bytes)], "--set kind=order --yes");
    said.ends(Outcome::Done);
    assert_eq!(said.part("files").as_array().unwrap()[0]["type"], "xlsx");
    other
        .log(
            "单据日期,购货单位,金额,单号,备注\n2026-03-05,acme,0.3,0012,x\n",
            "--set kind=order --yes",
        )
        .ends(Outcome::Done);
    assert_eq!(one.text(), other.text());
    let again = one.log(
        "单据日期,购货单位,金额,单号,备注\n2026-03-05,acme,0.3,0012,x\n",
        "--set kind=order",
    );
    assert_eq!((again.count("rows.new"), again.count("rows.there")), (0, 1));
}

#[test]
fn undo_takes_an_import_back() {
    let book = Book::of_acme();
    let before = book.text();
    book.log(
        "日期,客户,金额\n2026-03-05,Neu,5\n2025-03-05,acme,6\n",
        "--set kind=order --create --yes",
    )
    .ends(Outcome::Done);
    assert_ne!(book.text(), before);
    assert_eq!(book.run("undo --yes").outcome, Outcome::Done);
    assert_eq!(book.text(), before);
}

#[test]
fn a_dash_that_means_nothing_fills_no_cell() {
    let bank =
        "交易日期,对方户名,收入,支出\n2026-03-05,Acme Works,500,-\n2026-03-06,Acme Works,-,—\n";
    let said = Book::of_acme().log(bank, "--read dash-blank");
    assert_eq!(said.faults(), Vec::<String>::new());
    assert_eq!(said.count("rows.new"), 1);
    assert_eq!(said.part("lines.left_out").to_string(), r#"{"zero":1}"#);
    let said = Book::of_acme().log(bank, "");
    assert_eq!(said.faults(), ["2 amount", "3 amount", "3 amount"]);
}

#[test]
fn an_agreement_without_a_day_is_not_said_to_end_too_early() {
    let text = "日期,客户,类型,截止日期\n3月5日,Acme Works,协议,2025-06-19\n2026-03-05,Acme Works,协议,2025-06-19\n";
    let said = Book::of_acme().log(text, "");
    assert_eq!(said.faults(), ["2 date", "3 wrong-value"]);
}

#[test]
fn a_title_in_yuan_may_stand_over_amounts_with_units() {
    let text = ",,单位：元\n日期,客户,金额\n2026-03-05,acme,12.5万\n2026-03-06,acme,6\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    assert_eq!(said.faults(), ["3 amount"]);
    let help = said.json["faults"][0]["help"].as_str().unwrap_or_default();
    assert!(help.contains("`--set unit=CNY`"), "{help}");
    let book = Book::of_acme();
    book.log(text, "--set kind=order --set unit=CNY --yes")
        .ends(Outcome::Done);
    assert_eq!(
        book.rows(),
        [
            "2026-03-05,acme,order,125000.00",
            "2026-03-06,acme,order,6.00"
        ]
    );
}

#[test]
fn lines_of_one_customer_that_differ_are_told_with_both_cells() {
    let text = "客户名称,业务员\n甲厂有限公司,li.wei\n乙厂,wang.fang\n甲厂,wang.fang\n";
    let said = Book::new("").customers(text, "");
    assert_eq!(said.faults(), ["4 customer-differs"]);
    let message = said.json["faults"][0]["message"].as_str().unwrap();
    assert_eq!(message, "`owner` is `wang.fang` here and `li.wei` in B2");
}

#[test]
fn a_long_file_is_summed_as_one() {
    let book = Book::of_acme();
    let mut text = "日期,客户,金额,单据状态,产品\n".to_owned();
    // Much more than what is looked at together, in pages of 500 lines; every page has a cancelled line.
    for page in 0..40 {
        text.extend((0..500).map(|line| {
            let status = if line == 7 { "作废" } else { "" };
            format!("2026-03-05,acme,{line}.25,{status},轴承 {page}-{line}\n")
        }));
        text += "小计,,124868.00,,\n";
        text += ",,,,\n";
    }
    text += "合计,,\"4,994,720.00\",,\n";
    let said = book.log(&text, "--set kind=order --skip 单据状态=作废");
    said.ends(Outcome::Done);
    let left_out = said.part("lines.left_out").to_string();
    assert_eq!(left_out, r#"{"blank":40,"skip":40,"total":41}"#);
    assert_eq!(
        (said.count("lines.data"), said.count("rows.new")),
        (20_081, 19_960)
    );
    let totals = said.json["files"][0]["totals"].as_array().unwrap();
    assert_eq!(totals.len(), 41);
    for (number, total) in totals.iter().enumerate() {
        let (summed, with) = if number == 40 {
            (4_994_710.0, 4_995_000.0)
        } else {
            (124_867.75, 124_875.0)
        };
        assert_eq!(total["summed"], summed, "{total}");
        assert_eq!(total["with_left_out"], with, "{total}");
    }
    let said = book.log(&text, "--set kind=order --skip 单据状态=作废 --yes -q");
    said.ends(Outcome::Done);
    let again = book.log(&text, "--set kind=order --skip 单据状态=作废");
    assert_eq!(
        (again.count("rows.new"), again.count("rows.there")),
        (0, 19_960)
    );
}

#[test]
fn a_cure_names_the_heading_and_the_text() {
    let book = Book::new(
        "== customers/a1.toml\nname = \"Acme Ltd\"\n== customers/a2.toml\nname = \"Acme Inc\"\n",
    );
    let help = |text: &str, words: &str| {
        let said = book.log(text, words);
        said.json["faults"][0]["help"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    let line = "日期,购货单位：,类型,金额\n2026-03-05,Acme,订单,5\n";
    assert!(
        help(line, "").contains("`--value '购货单位：:Acme=ID'`"),
        "{}",
        help(line, "")
    );
    let unknown = "日期,购货单位：,类型,金额\n2026-03-05,Tesco,订单,5\n";
    assert!(help(unknown, "").contains("`--value '购货单位：:Tesco=ID'`"));
    let kind = "日期,客户,类型,金额\n2026-03-05,Acme Ltd,销售出库单,5\n";
    assert!(help(kind, "").starts_with("`--value '类型:销售出库单=KIND'` says"));
    // Where the heading says it not, its letters do.
    let twice = "日期,客户,金额,金额\n2026-03-05,Acme Ltd,5,6\n";
    assert!(help(twice, "--set kind=order").contains("`--map '@D=-'`"));
    let said = book.log(
        "Date,Client:,Amount\n2026-03-05,Acme,5\n",
        "--set kind=order --value Client::Acme=a1",
    );
    assert_eq!((said.faults(), said.count("rows.new")), (vec![], 1));
}

#[test]
fn a_day_far_before_the_others_of_its_file_is_told() {
    let book = Book::of_acme();
    let text = "日期,客户,金额\n2026-03-05,acme,5\n1996-03-05,acme,5\n2025-03-05,acme,5\n";
    let said = book.log(text, "--set kind=order");
    assert_eq!(said.warnings(), ["date-far"]);
    assert_eq!(said.json["warnings"][0]["place"]["cell"], "A3");
    let near = text.replace("1996", "2006");
    assert_eq!(book.log(&near, "--set kind=order").warnings(), [""; 0]);
}

#[test]
fn a_time_is_no_day_that_speaks_against_a_footer() {
    let text =
        "日期,时间,客户,金额\n2026-03-05,9:30,acme,5\n制表人：,9:30,,\n打印,审核人：李四,,\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    said.ends(Outcome::Done);
    assert_eq!(said.part("lines.left_out").to_string(), r#"{"footer":2}"#);
    // Where no day is mapped, the times are the days.
    let text = "时间,客户,金额\n2026-03-05 9:30,acme,5\n2026-03-06,合计,5\n";
    let said = Book::of_acme().log(text, "--set kind=order");
    assert_eq!(said.faults(), ["3 unknown-customer"]);
}
