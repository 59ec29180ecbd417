//! Files as tables: one line of text a line of the table, with what is wrong with it.

use std::fmt::Write as _;

use encoding_rs::GB18030;

use crate::exchange::cell::SourceCell;
use crate::exchange::options::{ReadOptions, SourceFile};
use crate::exchange::table::{ColumnRole, ColumnRoles, Merge, SourceTable, Unread};

/// The headings that the tests know.
const KNOWN: [&str; 15] = [
    "date", "customer", "kind", "amount", "score", "staff", "topic", "channel", "ref", "due",
    "日期", "客户", "金额", "备注", "金額",
];

fn known(heading: &str) -> bool {
    KNOWN.contains(&heading)
}

fn opened(bytes: &[u8], options: &ReadOptions) -> Result<SourceTable, String> {
    let name = match bytes {
        [b'P', b'K', ..] => "f.xlsx",
        [b'<', ..] => "f.xls",
        [b'{', ..] => "f.jsonl",
        [b'B', ..] => "f.vcf",
        _ => "f.csv",
    };
    let source = SourceFile::memory(name, bytes);
    SourceTable::open(&source, options, &known).map_err(|it| told(&it))
}

fn told(unread: &Unread) -> String {
    match unread {
        Unread::Refused(it) => format!("{} at {}: {}", it.code(), it.place, it.message.english()),
        Unread::Failed(error) => error.to_string(),
    }
}

/// Returns the roles that the tests' headings have in a log.
fn roles(table: &SourceTable) -> ColumnRoles {
    let role = |heading: &str| ColumnRole {
        is_mapped: known(heading),
        is_date: matches!(heading, "date" | "日期" | "due"),
        may_fill: !matches!(heading, "amount" | "金额" | "score"),
        ..ColumnRole::default()
    };
    ColumnRoles {
        is_log: true,
        columns: table.columns.iter().map(|it| role(&it.heading)).collect(),
        fill_down: false,
    }
}

fn shown(cell: &SourceCell<'_>) -> String {
    match cell {
        SourceCell::Blank => String::new(),
        SourceCell::Text(text) => text.to_string(),
        SourceCell::Number(number) => format!(
            "n{}{}",
            number.decimal(),
            if number.is_percent { "%" } else { "" }
        ),
        SourceCell::Date(date) => {
            format!("d{}{}", date.serial, if date.is_elapsed { "e" } else { "" })
        }
        SourceCell::Bool(value) => format!("{value}"),
        SourceCell::Error(error) => format!("error{error}"),
        SourceCell::Formula => "formula".to_owned(),
        SourceCell::List(list) => format!("{:?}", list.iter().map(shown).collect::<Vec<_>>()),
        SourceCell::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, it)| format!("{key}={}", shown(it)));
            format!("{{{}}}", fields.collect::<Vec<_>>().join(" "))
        }
    }
}

/// Returns a table as text: `number|cell|cell` a line, what is left out or wrong in brackets.
fn lines(table: &SourceTable, roles: &ColumnRoles) -> String {
    let mut out = String::new();
    let read = table.each_line(roles, &mut |line| {
        write!(out, "{}", line.number).unwrap();
        if let Some(why) = line.left_out {
            writeln!(out, " ({})", why.word()).unwrap();
            return;
        }
        for column in 0..table.columns.len() {
            write!(out, "|{}", shown(&line.cell(column))).unwrap();
        }
        for fault in line.faults {
            write!(out, " [{} {}]", fault.code(), fault.place).unwrap();
        }
        writeln!(out).unwrap();
    });
    if let Err(unread) = read {
        writeln!(out, "{}", told(&unread)).unwrap();
    }
    out
}

fn read_with(bytes: &[u8], options: &ReadOptions) -> String {
    match opened(bytes, options) {
        Ok(table) => {
            let headings = table.columns.iter().map(|it| it.heading.as_str());
            let headings = headings.collect::<Vec<_>>().join("|");
            format!(
                "{} {headings}\n{}",
                table.header_row,
                lines(&table, &roles(&table))
            )
        }
        Err(said) => said,
    }
}

fn read(text: &str) -> String {
    read_with(text.as_bytes(), &ReadOptions::default())
}

#[test]
fn a_text_is_a_table() {
    assert_eq!(
        read("date,customer,amount\n2026-01-02,acme,5\n"),
        "1 date|customer|amount\n2|2026-01-02|acme|5\n"
    );
    assert_eq!(
        read("date;customer\r\n\"a;\"\"b\"\"\";c"),
        "1 date|customer\n2|a;\"b\"|c\n"
    );
    assert_eq!(
        read("sep=|\ndate|customer\na,b|c"),
        "2 date|customer\n3|a,b|c\n"
    );
    assert_eq!(
        read("date,customer\rx,y\rz,"),
        "1 date|customer\n2|x|y\n3|z|\n"
    );
    assert_eq!(
        read("customer\nacme\n\nb\n\n\n"),
        "1 customer\n2|acme\n3 (blank)\n4|b\n"
    );
    assert_eq!(
        read("x,y\n1,2\n"),
        "header-missing at f.csv:1:1: none of the first 20 lines has two known headings"
    );
}

#[test]
fn titles_comments_totals_and_footers_are_no_data() {
    let text = "单位：万元,,\n# made by hand\n日期,客户,金额\n# a \"comment\"\n2026-01-01,a,1\n,,\n日期,客户,金额\n\
                合　计,,1\n2026-01-02,b,2\n总计：,,3,\n2026-01-03,小计,3\n制表人：张三\n";
    let table = opened(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(table.title[0].0, "单位：万元");
    assert_eq!(table.title[0].1.to_string(), "f.csv:1:1");
    assert_eq!(table.title.len(), 1);
    let meant = "4 (comment)\n5|2026-01-01|a|1\n6 (blank)\n7 (heading)\n8 (total)\n9|2026-01-02|b|2\n10 (total)\n\
                 11|2026-01-03|小计|3\n12 (footer)\n";
    assert_eq!(lines(&table, &roles(&table)), meant);
}

#[test]
fn quotes_are_strict() {
    let head = "date,customer\n";
    let one = |line: &str| {
        let said = read(&format!("{head}{line}"));
        let rest = said.strip_prefix("1 date|customer\n").unwrap_or(&said);
        rest.to_owned()
    };
    assert_eq!(
        one("a,6\" pipe\nb,c\n"),
        "2|a| [quote-stray f.csv:2:4]\n3|b|c\n"
    );
    assert_eq!(
        one("\"a\"b,c\nd,e"),
        "2|a| [quote-stray f.csv:2:4]\n3|d|e\n"
    );
    assert_eq!(one("=\"0012\",\"=\"\"a\"\"\"\n"), "2|0012|a\n");
    assert_eq!(one("=\"a,b\",c\n"), "2|| [quote-stray f.csv:2:2]\n");
    assert_eq!(
        one("a,\"b\nc,d\n"),
        "quote-unclosed at f.csv:2:3: a quote opens here and never closes"
    );
    assert_eq!(
        one("a,\"b\nc,\"d\n"),
        "quote-unclosed at f.csv:2:3: a quote opens here, and text follows where it closes"
    );
    assert_eq!(one("a,\"b\nc\"\nd,e\n"), "2|a|b\nc\n4|d|e\n");
}

#[test]
fn cells_are_as_many_as_headings() {
    let text = "date,customer,amount\na,b\nc,d,e,\nf,g,h,i\n#N/A,#x,y\n";
    let meant = "1 date|customer|amount\n2|a|b| [cell-count f.csv:2:4]\n3|c|d|e\n4|f|g|h [cell-count f.csv:4:7]\n\
                 5|error#N/A|#x|y\n";
    assert_eq!(read(text), meant);
    let options = ReadOptions {
        short_lines: true,
        ..ReadOptions::default()
    };
    assert!(read_with(text.as_bytes(), &options).contains("2|a|b|\n"));
    let wide = format!(
        "date,customer\n{}\n{}x\n",
        ",".repeat(1500),
        ",".repeat(1500)
    );
    assert_eq!(
        read(&wide),
        "1 date|customer\n2 (blank)\n3|| [too-large f.csv:3:1001]\n"
    );
    assert_eq!(
        read("date,customer\na,b\u{1}\n合计,\u{1}\n"),
        "1 date|customer\n2|a|b\u{1} [control-character f.csv:2:4]\n3 (total)\n"
    );
}

#[test]
fn the_encoding_is_proved() {
    let text = "日期,客户,备注\n2026-01-01,acme,到店，看货\n";
    let meant = read(text);
    assert_eq!(
        read_with(&GB18030.encode(text).0, &ReadOptions::default()),
        meant
    );
    let mut wide = vec![0xfe, 0xff];
    wide.extend(text.encode_utf16().flat_map(u16::to_be_bytes));
    assert_eq!(read_with(&wide, &ReadOptions::default()), meant);
    let marked = format!("\u{feff}{text}");
    assert_eq!(read(&marked), meant);
    let table = opened(&GB18030.encode(text).0, &ReadOptions::default()).unwrap();
    assert_eq!(table.encoding.as_deref(), Some("gb18030"));
    assert_eq!(table.samples, ["日期", "客户", "备注"]);
    let cases: [(&[u8], &str); 5] = [
        (
            b"date,customer\ncaf\xe9,b\n",
            "encoding at f.csv:2:4: the byte `E9` is not UTF-8",
        ),
        (b"\xff\xfe\0\0d", "encoding at f.csv: the file is in UTF-32"),
        (
            b"\xfe\xff\xd8\0",
            "encoding at f.csv:1:3: the byte `D8` is not UTF-16BE",
        ),
        ("客户\u{0}".as_bytes(), "header-missing"),
        (b"\xe5\xae\xa2,\xe5\xae\n,x", "damaged-utf8 at f.csv:1:3"),
    ];
    for (bytes, said) in cases {
        let told = read_with(bytes, &ReadOptions::default());
        assert!(told.starts_with(said), "{told}");
    }
    let asked = |label: &str| ReadOptions {
        encoding: crate::exchange::options::encoding_of_label(label),
        ..ReadOptions::default()
    };
    let big5 = encoding_rs::BIG5
        .encode("日期,金額\n客戶,電話號碼與傳真\n")
        .0
        .into_owned();
    assert!(read_with(&big5, &ReadOptions::default()).starts_with("encoding"));
    assert!(read_with(&big5, &asked("big5")).ends_with("客戶|電話號碼與傳真\n"));
    assert!(read_with(b"date,customer\n\x81,a", &asked("windows-1252")).starts_with("1 date"));
}

#[test]
fn conflict_markers_are_refused() {
    let text = "date,customer\n<<<<<<< a\nx,y\n=======\nx,z\n>>>>>>> b\n";
    assert!(read(text).starts_with("conflict-markers at f.csv:2:1"));
    assert!(read("date,customer\n=======,b\n").starts_with("1 date"));
    assert!(read("date,customer\n>>>>>>>,b\n<<<<<<<,c\n").starts_with("1 date"));
}

#[test]
fn the_separator_is_found() {
    let cases = [
        ("date\tcustomer\na,b\tc\n", '\t'),
        ("a title; of two\ndate,customer\n1,2\n", ','),
        ("x|y|z\n1|2|3\n", '|'),
    ];
    for (text, separator) in cases {
        let options = ReadOptions {
            header_row: Some(1),
            ..ReadOptions::default()
        };
        let table = opened(text.as_bytes(), &options).unwrap();
        assert_eq!(table.separator, Some(separator), "{text}");
    }
    assert!(read("x,y;z\n1,2;3;4\n2\n").starts_with("separator"));
}

#[test]
fn a_cell_left_of_the_first_filled_one_may_be_filled_from_above() {
    let text = "customer,date,topic,amount\na,d1,t,1\n,,u,2\n,d2,,3\n小计,,,6\n,,,4\nb,,,5\n";
    let table = opened(text.as_bytes(), &ReadOptions::default()).unwrap();
    let roles = ColumnRoles {
        fill_down: true,
        ..roles(&table)
    };
    let meant = "2|a|d1|t|1\n3|a|d1|u|2\n4|a|d2||3\n5 (total)\n6|a|d2|u|4\n7|b|||5\n";
    assert_eq!(lines(&table, &roles), meant);
}

/// Makes a workbook of sheets.
fn workbook(make: impl FnOnce(&mut rust_xlsxwriter::Workbook)) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    make(&mut workbook);
    workbook.save_to_buffer().unwrap()
}

#[test]
fn a_sheet_is_a_table() {
    use rust_xlsxwriter::{Format, Formula};
    let bytes = workbook(|book| {
        let sheet = book.add_worksheet();
        sheet
            .merge_range(0, 0, 0, 3, "单位：万元", &Format::new())
            .unwrap();
        for (column, heading) in ["date", "customer", "amount", "note", "score"]
            .iter()
            .enumerate()
        {
            sheet
                .write(2, u16::try_from(column).unwrap(), *heading)
                .unwrap();
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let time = Format::new().set_num_format("[h]:mm");
        let percent = Format::new().set_num_format("0.0%");
        sheet.write_with_format(3, 0, 46_086.395_833, &day).unwrap();
        sheet.write(3, 1, "acme").unwrap();
        sheet.write(3, 2, 0.1 + 0.2).unwrap();
        sheet.write_with_format(3, 4, 0.22, &percent).unwrap();
        sheet.write_with_format(5, 0, 1.5, &time).unwrap();
        sheet.write(5, 1, true).unwrap();
        sheet
            .write_formula(5, 2, Formula::new("=1+1").set_result("2"))
            .unwrap();
        sheet
            .write_formula(5, 3, Formula::new("=1/0").set_result("#DIV/0!"))
            .unwrap();
        sheet.write(6, 0, "合计").unwrap();
        sheet.write(6, 2, 1_234_567_890_123_456.0).unwrap();
        sheet.write(7, 3, "=cmd|' /C calc'!A0 \u{1}").unwrap();
    });
    let table = opened(&bytes, &ReadOptions::default()).unwrap();
    assert_eq!(table.title[0].0, "单位：万元");
    assert_eq!(table.title[0].1.to_string(), "Sheet1!A1");
    assert_eq!(table.columns[2].place.to_string(), "Sheet1!C3");
    let meant = "4|d46086.395833|acme|n0.3||n0.22%\n5 (blank)\n6|d1.5e|true|n2|error#DIV/0!|\n7 (total)\n\
                 8||||=cmd|' /C calc'!A0 \u{1}| [control-character Sheet1!D8]\n";
    assert_eq!(lines(&table, &roles(&table)), meant);
}

#[test]
fn the_sheet_with_headings_is_taken_and_two_are_refused() {
    let head = |sheet: &mut rust_xlsxwriter::Worksheet, name: &str| {
        sheet.set_name(name).unwrap();
        sheet.write(0, 0, "date").unwrap();
        sheet.write(0, 1, "customer").unwrap();
        sheet.write(1, 1, name).unwrap();
    };
    let one = workbook(|book| {
        book.add_worksheet().write(0, 0, "read me").unwrap();
        head(book.add_worksheet(), "订单 2026");
        head(book.add_worksheet().set_hidden(true), "old");
    });
    assert_eq!(
        read_with(&one, &ReadOptions::default()),
        "1 date|customer\n2||订单 2026\n"
    );
    let asked = |sheet: &str| ReadOptions {
        sheet: Some(sheet.to_owned()),
        ..ReadOptions::default()
    };
    assert_eq!(read_with(&one, &asked("old")), "1 date|customer\n2||old\n");
    assert_eq!(
        read_with(&one, &asked("2")),
        "1 date|customer\n2||订单 2026\n"
    );
    assert!(read_with(&one, &asked("4")).starts_with("sheet at f.xlsx: no sheet is called `4`"));
    let two = workbook(|book| {
        head(book.add_worksheet(), "a");
        head(book.add_worksheet(), "b c");
    });
    let said = "sheet at f.xlsx: several sheets have headings: `a` (2 rows), `b c` (2 rows)";
    assert_eq!(read_with(&two, &ReadOptions::default()), said);
}

#[test]
fn merged_cells_give_their_value_or_are_told() {
    use rust_xlsxwriter::Format;
    let bytes = workbook(|book| {
        let plain = Format::new();
        let sheet = book.add_worksheet();
        // Headings in two lines: a customer over both, amounts under a broad one.
        sheet.merge_range(0, 0, 1, 0, "客户", &plain).unwrap();
        sheet.merge_range(0, 1, 0, 2, "金额", &plain).unwrap();
        sheet.merge_range(0, 3, 1, 3, "日期", &plain).unwrap();
        sheet.write(1, 1, "amount").unwrap();
        sheet.write(1, 2, "tax").unwrap();
        sheet.merge_range(2, 0, 4, 0, "acme", &plain).unwrap();
        for row in 2..5 {
            sheet.write(row, 3, format!("d{row}")).unwrap();
        }
        sheet.merge_range(3, 1, 3, 2, "5", &plain).unwrap();
    });
    let table = opened(&bytes, &ReadOptions::default()).unwrap();
    let headings: Vec<&str> = table.columns.iter().map(|it| it.heading.as_str()).collect();
    assert_eq!(headings, ["客户", "amount", "tax", "日期"]);
    assert_eq!(table.header_row, 2);
    assert_eq!(
        lines(&table, &roles(&table)),
        "3|acme|||d2\n4|acme|5||d3\n5|acme|||d4\n"
    );
    let mut merges = Vec::new();
    table
        .each_line(&ColumnRoles::default(), &mut |line| {
            merges.push((0..4).map(|column| line.merge(column)).collect::<Vec<_>>());
        })
        .unwrap();
    assert_eq!(
        merges[1],
        [Merge::Column, Merge::Block, Merge::Block, Merge::None]
    );
}

/// Makes an archive of parts.
fn archive(parts: &[(&str, &str)]) -> Vec<u8> {
    let parts = parts.iter().map(|(name, text)| (*name, text.as_bytes()));
    archive_of_bytes(&parts.collect::<Vec<_>>())
}

fn archive_of_bytes(parts: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write as _;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in parts {
        let options = zip::write::SimpleFileOptions::default();
        zip.start_file(*name, options).unwrap();
        zip.write_all(text).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// Makes a workbook by hand: its shared texts and the part of its sheet.
fn raw_workbook(shared: &str, sheet: &str) -> Vec<u8> {
    let relations = "<Relationships><Relationship Id=\"a\" Target=\"worksheets/s.xml\" \
                     Type=\"x/worksheet\"/></Relationships>";
    let book = "<workbook><sheets><sheet name=\"S\" r:id=\"a\"/></sheets></workbook>";
    let root = "<Relationships><Relationship Id=\"r\" Target=\"xl/workbook.xml\" \
                Type=\"x/relationships/officeDocument\"/></Relationships>";
    archive(&[
        ("_rels/.rels", root),
        ("xl/workbook.xml", book),
        ("xl/_rels/workbook.xml.rels", relations),
        ("xl/sharedStrings.xml", shared),
        ("xl/worksheets/s.xml", sheet),
    ])
}

const HEAD: &str = "<row r=\"1\"><c r=\"A1\" t=\"str\"><v>date</v></c><c r=\"B1\" t=\"str\"><v>customer</v></c></row>";

#[test]
fn hostile_workbooks_are_refused() {
    let sheet = |rows: &str| format!("<worksheet><sheetData>{HEAD}{rows}</sheetData></worksheet>");
    let said = |bytes: &[u8]| read_with(bytes, &ReadOptions::default());
    let good = raw_workbook(
        "<sst/>",
        &sheet("<row r=\"2\"><c r=\"A2\"><f>1+1</f></c><c r=\"B2\"><v>7</v></c></row>"),
    );
    assert_eq!(said(&good), "1 date|customer\n2|formula|n7\n");
    let blank = raw_workbook(
        "<sst/>",
        &sheet(
            "<row r=\"2\"><c r=\"A2\"><f>B2</f><v/></c><c r=\"B2\" t=\"str\"><f>A2</f><v></v></c></row>",
        ),
    );
    assert_eq!(said(&blank), "1 date|customer\n2|formula|\n");
    for (place, code) in [
        ("A4294967298", "file-type"),
        ("ZZZ1", "file-type"),
        ("AZZ2", "too-large"),
        ("A1048577", "file-type"),
    ] {
        let rows = format!("<row r=\"2\"><c r=\"{place}\"><v>1</v></c></row>");
        let told = said(&raw_workbook("<sst/>", &sheet(&rows)));
        assert!(told.starts_with(code), "{place}: {told}");
    }
    let many = raw_workbook("<sst uniqueCount=\"99999999999999\"/>", &sheet(""));
    assert!(said(&many).starts_with("file-type"));
    let zeros = sheet(&format!(
        "<row r=\"2\"><c r=\"A2\"><v>{}</v></c></row>",
        "0".repeat(20_000_000)
    ));
    assert!(
        said(&raw_workbook("<sst/>", &zeros)).starts_with("too-large"),
        "{}",
        said(&raw_workbook("<sst/>", &zeros))
    );
    let laughs = "<!DOCTYPE a [<!ENTITY x \"ha\"><!ENTITY y SYSTEM \"file:///etc/passwd\">]>";
    let rows = "<row r=\"2\"><c r=\"A2\" t=\"str\"><v>&y;&x;</v></c></row>";
    assert!(
        said(&raw_workbook("<sst/>", &format!("{laughs}{}", sheet(rows)))).starts_with("file-type")
    );
    let back = "<worksheet><dimension ref=\"B2:A1\"/><sheetData/></worksheet>";
    assert!(said(&raw_workbook("<sst/>", back)).starts_with("file-type"));
    assert!(
        said(&archive(&[("a.txt", "b")]))
            .starts_with("file-type at f.xlsx: the file is an archive")
    );
    assert!(said(b"PK\x03\x04 no archive").starts_with("file-type"));
    assert!(said(b"%PDF-1.7").starts_with("file-type"));
}

#[test]
fn the_table_of_a_page_is_a_sheet() {
    let page =
        |rows: &str| format!("<html><meta charset=gbk><table border=1>{rows}</table></html>");
    let head = "<tr><td colspan=2>订单表</td></tr><tr><th>date</th><th>客户 </th></tr>";
    let rows = "<tr><td>2026-03-05<td>a &amp; b<br> c\n  d&nbsp;e<style>x</style></tr><tr></tr><tr><td><td>0012";
    let text = page(&format!("{head}{rows}"));
    assert_eq!(
        read(&text),
        "2 date|客户\n3|2026-03-05|a & b\nc d e\n4 (blank)\n5||0012\n"
    );
    let table = opened(text.as_bytes(), &ReadOptions::default()).unwrap();
    assert_eq!(table.columns[1].place.to_string(), "B2");
    assert_eq!(table.kind.word(), "html");
    for (text, said) in [
        (page(&format!("{head}<tr><td colspan=2>x</td></tr>")), "the table has a cell over several rows or columns at A3"),
        (page(&format!("{head}<tr><td rowspan=0>x</td></tr>")), "the table has a cell over several rows or columns at A3"),
        (page(&format!("{head}<tr><td><table></table></td></tr>")), "a page with 2 tables"),
        ("<?xml version=\"1.0\"?><Workbook><Worksheet><Table><Row><Cell>a</Cell></Row></Table></Worksheet></Workbook>".to_owned(), "a page or other markup whose table has no cells"),
        ("<a></a>".to_owned(), "a page or other markup without a table"),
        ("<div>".repeat(100_000), "a page whose elements stand too deep"),
    ] {
        let told = read(&text);
        assert!(told.starts_with(&format!("file-type at f.xls: {said}")), "{told}");
    }
    let two =
        page("<tr><td rowspan=2>客户<td colspan=2>金额<tr><td>amount<td>date<tr><td>a<td>1<td>2");
    assert_eq!(read(&two), "2 客户|amount|date\n3|a|1|2\n");
}

#[test]
fn json_lines_are_a_table_of_all_keys() {
    let text = "{\"date\":\"2026-03-05\",\"amount\":12345678901234567890.10}\n\n\
                {\"customer\":\"a\\u0001\",\"tags\":[\"x\",\"y\"],\"ok\":true,\"n\":null}\r\n\
                {\"contact\":[{\"name\":\"王\",\"phone\":[\"1\",\"2\"]}],\"profile\":{\"k\":1e5}}\n\
                {\"a\":1,\"a\":2}\n[1]\n{\"a\":[[1]]}\n{\"a\":{\"b\":{}}}\n{\"a\":1} x\n";
    let meant = "0 date|amount|customer|tags|ok|n|contact|profile|a\n\
                 1|2026-03-05|n12345678901234567890.10|||||||\n2 (blank)\n\
                 3|||a\u{1}|[\"x\", \"y\"]|true|||| [control-character f.jsonl:3 (customer)]\n\
                 4|||||||[\"{name=王 phone=[\\\"1\\\", \\\"2\\\"]}\"]|{k=n1e5}|\n\
                 5||||||||| [json f.jsonl:5]\n6||||||||| [json f.jsonl:6]\n7||||||||| [json f.jsonl:7]\n\
                 8||||||||| [json f.jsonl:8]\n9||||||||| [json f.jsonl:9]\n";
    assert_eq!(read(text), meant);
    let deep = format!("{{\"a\":{}}}", "[".repeat(100_000));
    assert!(
        !deep.is_empty() && read(&format!("{{\"b\":1}}\n{deep}\n")).contains("[json f.jsonl:2]")
    );
    assert!(read("{not json},b\n").starts_with("header-missing"));
}

#[test]
fn cards_are_lines() {
    let card = |rows: &str| format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{rows}END:VCARD\r\n");
    let cells = |text: &str| {
        let said = read(text);
        said.split_once('\n').unwrap().1.to_owned()
    };
    let full = card(
        "FN:王建国\r\nORG:株洲地铁;采购部\r\nTITLE:主任\r\nTEL;TYPE=CELL:138\r\nTEL;TYPE=WORK:0731\r\n\
                     item1.EMAIL:a@b.c\r\nEMAIL;TYPE=INTERNET,PREF:x@y.z\r\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01\r\n\
                     ADR:;;珠江路1号;株洲;湖南;412000;中国\r\nURL:http://a.cn\r\nCATEGORIES:a,b\r\nNOTE:one\\, t\r\n wo\r\n",
    );
    assert_eq!(
        cells(&full),
        "1|株洲地铁|王建国|主任|0731|138|[\"x@y.z\", \"a@b.c\"]|05-01|中国湖南株洲珠江路1号|http://a.cn|[\"a\", \"b\"]|one, two\n"
    );
    let old = "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B;=E5=BB=BA=\n=E5=9B=BD;;;\nTEL;CELL:1\nEND:VCARD\n";
    assert_eq!(cells(old), "1|王建国|王建国|||1||||||\n");
    let four = "BEGIN:VCARD\nVERSION:4.0\nFN:Ann Lee\nTEL;VALUE=uri;TYPE=cell:tel:+86-731\nBDAY:--0501\n\
                ADR:;;1 High St;York;;YO1;UK\nBDAY:19800501\nEND:VCARD\n";
    assert_eq!(
        cells(four),
        "1|Ann Lee|Ann Lee|||+86-731||05-01|1 High St, York, YO1, UK||||\n"
            .replace("||||\n", "|||\n")
    );
    for (text, place) in [
        ("BEGIN:VCARD\nFN:a\n".to_owned(), 1),
        (
            card("FN;CHARSET=GBK;ENCODING=QUOTED-PRINTABLE:=CD=F5\r\n"),
            1,
        ),
        (card("FN;ENCODING=QUOTED-PRINTABLE:=CD=F5\r\n"), 1),
        (
            "BEGIN:VCARD\nFN:a\nBEGIN:VCARD\nFN:b\nEND:VCARD\n".to_owned(),
            1,
        ),
    ] {
        let said = cells(&text);
        assert!(said.contains(&format!("[vcard f.vcf:{place}]")), "{said}");
    }
}

/// Reads a workbook that `LibreOffice` made.
#[expect(clippy::disallowed_methods, reason = "a test reads its data")]
fn of_office(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/import/");
    std::fs::read(format!("{folder}{name}")).unwrap()
}

#[test]
fn the_same_table_in_every_kind_of_workbook_is_the_same() {
    let meant = |percent: &str, time: &str, truth: &str, merged: &str| {
        format!(
            "2 date|customer|amount|note|score\n3|d46086|acme|n1234.5|error#NAME?|n0.22{percent}\n\
             4|d46087.{time}|甲公司|n0.3|error#DIV/0!|\n5 (blank)\n6 (total)\n7|d46088|b|{truth}|x|n85\n\
             8|d46089|{merged}|n2||\n"
        )
    };
    let read = |name: &str| read_with(&of_office(name), &ReadOptions::default());
    // OpenDocument writes times out, and LibreOffice a truth value without a format as a number.
    assert_eq!(read("orders.ods"), meant("%", "395833333336", "n1", ""));
    assert_eq!(read("orders.xls"), meant("%", "39583333334", "true", "b"));
}

#[test]
fn a_document_of_the_old_container_that_is_no_workbook_is_refused() {
    let make = |streams: &[(&str, Vec<u8>)]| {
        use std::io::Write as _;
        let mut container = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
        for (name, bytes) in streams {
            container
                .create_stream(name)
                .unwrap()
                .write_all(bytes)
                .unwrap();
        }
        container.flush().unwrap();
        container.into_inner().into_inner()
    };
    let said = |bytes: &[u8]| read_with(bytes, &ReadOptions::default());
    assert!(said(&make(&[("/WordDocument", vec![])])).contains("but no workbook"));
    assert!(said(&make(&[("/EncryptedPackage", vec![])])).contains("the workbook is encrypted"));
    let mut huge = vec![0x00, 0x02, 14, 0];
    huge.extend([0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0, 0, 0]);
    assert!(said(&make(&[("/Workbook", huge)])).contains("a place that no sheet has"));
    let mut far = vec![0x03, 0x02, 14, 0];
    far.extend([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    assert!(said(&make(&[("/Workbook", far)])).contains("a place that no sheet has"));
}

/// Makes the bytes of a workbook's record.
fn record(kind: u16, parts: &[&[u8]]) -> Vec<u8> {
    let length = parts.iter().map(|it| it.len()).sum::<usize>();
    let mut bytes = Vec::new();
    for mut number in [usize::from(kind), length] {
        while number >= 0x80 {
            bytes.push(u8::try_from(number & 0x7f).unwrap() | 0x80);
            number >>= 7;
        }
        bytes.push(u8::try_from(number).unwrap());
    }
    bytes.extend(parts.concat());
    bytes
}

/// Makes a text as a record has it.
fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let length = u32::try_from(units.len()).unwrap().to_le_bytes();
    let units = units.iter().flat_map(|it| it.to_le_bytes());
    length.into_iter().chain(units).collect()
}

/// Makes a row of a workbook in records: each cell with its kind, format and value.
fn row_of_records(row: u32, cells: &[(u16, u32, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = record(0, &[&row.to_le_bytes(), &[0; 13]]);
    for (column, (kind, format, value)) in cells.iter().enumerate() {
        let column = u32::try_from(column).unwrap().to_le_bytes();
        bytes.extend(record(*kind, &[&column, &format.to_le_bytes(), value]));
    }
    bytes
}

/// Makes a workbook in records with the rows of its one sheet.
fn workbook_of_records(rows: &[u8]) -> Vec<u8> {
    let book = [
        record(0x99, &[&[0; 12]]),
        record(0x9c, &[&[0; 8], &wide("rId1"), &wide("S")]),
    ];
    let code = |number: u16, code: &str| record(0x2c, &[&number.to_le_bytes(), &wide(code)]);
    let format = |number: u16| record(0x2f, &[&[0; 2], &number.to_le_bytes(), &[0; 12]]);
    let styles = [
        code(170, "yyyy\"年\"m\"月\""),
        code(171, "0.0%"),
        format(14),
        record(0x269, &[&[3, 0, 0, 0]]),
        format(0),
        format(170),
        format(171),
        record(0x26a, &[]),
    ];
    let text = |text: &str| record(0x13, &[&[0], &wide(text)]);
    let texts = [text("date"), text("customer"), text("株洲")];
    let relations = "<Relationships><Relationship Id=\"rId1\" Target=\"worksheets/s.bin\" \
                     Type=\"x/worksheet\"/></Relationships>";
    let sheet = [
        record(0x81, &[]),
        record(0x91, &[]),
        rows.to_vec(),
        record(0x92, &[]),
        record(0xb0, &[&[2, 0, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0]]),
        record(0x82, &[]),
    ];
    archive_of_bytes(&[
        ("xl/workbook.bin", &book.concat()),
        ("xl/_rels/workbook.bin.rels", relations.as_bytes()),
        ("xl/styles.bin", &styles.concat()),
        ("xl/sharedStrings.bin", &texts.concat()),
        ("xl/worksheets/s.bin", &sheet.concat()),
    ])
}

fn rows_in_records() -> Vec<u8> {
    let long = |it: u32| it.to_le_bytes().to_vec();
    let double = |it: f64| it.to_le_bytes().to_vec();
    let head = [
        (7, 0, long(0)),
        (7, 0, long(1)),
        (6, 0, wide("amount")),
        (6, 0, wide("note")),
    ];
    let first = [
        (5, 1, double(46086.5)),
        (7, 0, long(2)),
        (2, 0, long(12_345 << 2 | 3)),
        (9, 2, double(0.22)),
    ];
    let second = [
        (2, 1, long(46087 << 2 | 2)),
        (8, 0, wide("b")),
        (11, 0, vec![7]),
        (4, 0, vec![1]),
    ];
    let third = [
        (5, 0, double(1e15)),
        (1, 0, vec![]),
        (3, 0, vec![0x2a]),
        (0x3e, 0, [vec![1], wide("x")].concat()),
    ];
    [
        row_of_records(0, &head),
        row_of_records(1, &first),
        row_of_records(2, &second),
        row_of_records(3, &third),
    ]
    .concat()
}

#[test]
fn a_workbook_in_records_is_a_table() {
    let said = read_with(
        &workbook_of_records(&rows_in_records()),
        &ReadOptions::default(),
    );
    assert_eq!(
        said,
        "1 date|customer|amount|note\n2|d46086.5|株洲|n123.45|n0.22%\n3|d46087|b|error#DIV/0!|true\n\
         4|n1000000000000000|b|error#N/A|x\n"
    );
}

#[test]
fn a_damaged_workbook_in_records_is_refused() {
    let said = |rows: &[u8]| read_with(&workbook_of_records(rows), &ReadOptions::default());
    let head = || row_of_records(0, &[(7, 0, vec![0; 4]), (7, 0, vec![1, 0, 0, 0])]);
    for (what, rows) in [
        ("a cell before any row", record(2, &[&[0; 12]])),
        (
            "a row that no sheet has",
            record(0, &[&0x0010_0000_u32.to_le_bytes(), &[0; 13]]),
        ),
        (
            "a column that no sheet has",
            [head(), record(2, &[&20_000_u32.to_le_bytes(), &[0; 8]])].concat(),
        ),
        (
            "a number cut short",
            [head(), record(5, &[&[0; 15]])].concat(),
        ),
        (
            "a text that is not there",
            [head(), record(7, &[&[0; 8], &[9, 0, 0, 0]])].concat(),
        ),
        (
            "a text cut short",
            [head(), record(6, &[&[0; 8], &[200, 0, 0, 0]])].concat(),
        ),
        (
            "a text of more than all bytes",
            [head(), record(8, &[&[0; 8], &[255; 4]])].concat(),
        ),
        (
            "no number",
            [head(), record(5, &[&[0; 8], &f64::NAN.to_le_bytes()])].concat(),
        ),
        (
            "an error of no code",
            [head(), record(3, &[&[0; 8], &[1]])].concat(),
        ),
        (
            "a record that promises more",
            [head(), vec![6, 0xff, 0xff, 0xff, 0x07]].concat(),
        ),
        (
            "a record of many bytes",
            [head(), vec![6, 0xff, 0xff, 0xff, 0x7f]].concat(),
        ),
        (
            "a range that goes back",
            record(0xb0, &[&[2, 0, 0, 0], &[0; 12]]),
        ),
    ] {
        let told = said(&rows);
        assert!(told.starts_with("file-type"), "{what}: {told}");
    }
    // Whatever byte is another, there is an answer.
    let parts = rows_in_records();
    for at in 0..parts.len() {
        for byte in [0, 0x80, 0xff] {
            let mut rows = parts.clone();
            rows[at] = byte;
            said(&rows);
        }
    }
    for length in 0..parts.len() {
        said(&parts[..length]);
    }
    let bomb = record(1, &[&[0; 8]]).repeat(200_000);
    assert!(said(&[head(), bomb].concat()).starts_with("1 date|customer"));
}

#[test]
fn repeated_cells_do_not_fill_the_memory() {
    let content = |rows: &str| {
        format!(
            "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\"><office:body><office:spreadsheet>\
             <table:table table:name=\"S\">{rows}</table:table></office:spreadsheet></office:body></office:document-content>"
        )
    };
    let book = |rows: &str| {
        archive(&[
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", &content(rows)),
        ])
    };
    let cell = "<table:table-cell office:value-type=\"float\" office:value=\"1\" table:number-columns-repeated=\"900\"/>";
    let rows =
        format!("<table:table-row table:number-rows-repeated=\"1000000\">{cell}</table:table-row>");
    let said = read_with(&book(&rows), &ReadOptions::default());
    assert!(said.starts_with("too-large"), "{said}");
}

/// The headings of the corpora, which all stand in the table of headings.
fn known_in_corpora(heading: &str) -> bool {
    known(heading)
        || [
            "note", "类型", "评分", "员工", "主题", "渠道", "单号", "到期",
        ]
        .contains(&heading)
}

fn corpus(path: &str) -> Vec<u8> {
    of_office(&format!("../csv/{path}"))
}

/// Returns the cases of a list of what is expected.
fn cases(folder: &str) -> Vec<serde_json::Value> {
    let list = corpus(&format!("{folder}/expected.json"));
    let list: serde_json::Value = serde_json::from_slice(&list).unwrap();
    let list = list.get("cases").unwrap_or(&list);
    list.as_array().unwrap().clone()
}

#[test]
fn every_dialect_of_the_corpora_is_a_table() {
    let mut count = 0;
    for case in cases("dialects") {
        let file = case["file"].as_str().unwrap();
        let source = SourceFile::memory(file, corpus(&format!("dialects/{file}")));
        let table = SourceTable::open(&source, &ReadOptions::default(), &known_in_corpora);
        let table = table.unwrap_or_else(|it| panic!("{file}: {}", told(&it)));
        let mut rows = Vec::new();
        let read = table.each_line(&roles(&table), &mut |line| {
            assert!(line.faults.is_empty(), "{file}: {:?}", line.faults);
            if line.left_out.is_none() {
                let cells = (0..table.columns.len()).map(|column| shown(&line.cell(column)));
                rows.push(cells.collect::<Vec<_>>());
            }
        });
        assert!(read.is_ok(), "{file}");
        let meant = case["rows"].as_array().unwrap();
        assert_eq!(rows.len(), meant.len(), "{file}");
        // The cells are read by who knows their columns; the note is text in all.
        let note = |row: &Vec<String>, table: &SourceTable| {
            let column = table
                .columns
                .iter()
                .position(|it| matches!(it.heading.as_str(), "note" | "备注"));
            row[column.unwrap()].replace("\r\n", "\n").trim().to_owned()
        };
        for (row, meant) in rows.iter().zip(meant) {
            assert_eq!(note(row, &table), meant[10].as_str().unwrap(), "{file}");
        }
        count += 1;
    }
    assert_eq!(count, 18);
}

#[test]
fn what_is_damaged_in_the_corpora_is_told_at_its_line() {
    // The others are damaged in what their cells mean.
    let by_shape = [
        ("conflict-markers.csv", "conflict-markers"),
        ("open-quote.csv", "quote-unclosed"),
        ("text-after-quote.csv", "quote-stray"),
        ("one-cell-short.csv", "cell-count"),
        ("unquoted-comma.csv", "cell-count"),
        ("half-row.csv", "cell-count"),
        ("nul-block.csv", "control-character"),
        // Not one letter beside it speaks for UTF-8.
        ("bad-utf8.csv", "encoding"),
        ("header-missing.csv", "header-missing"),
        ("xlsx-renamed.csv", "file-type"),
    ];
    let mut count = 0;
    for case in cases("damaged") {
        let file = case["file"].as_str().unwrap();
        let code = by_shape.iter().find(|it| it.0 == file).map(|it| it.1);
        let source = SourceFile::memory(file, corpus(&format!("damaged/{file}")));
        let mut found: Vec<(String, Option<u64>)> = Vec::new();
        match SourceTable::open(&source, &ReadOptions::default(), &known_in_corpora) {
            Ok(table) => {
                let read = table.each_line(&roles(&table), &mut |line| {
                    let faults = line.faults.iter();
                    found.extend(faults.map(|it| (it.code().to_owned(), it.place.line())));
                });
                if let Err(Unread::Refused(it)) = read {
                    found.push((it.code().to_owned(), it.place.line()));
                }
            }
            Err(Unread::Refused(it)) => found.push((it.code().to_owned(), it.place.line())),
            Err(Unread::Failed(error)) => panic!("{file}: {error}"),
        }
        match code {
            None => assert!(found.is_empty(), "{file}: {found:?}"),
            // A whole file has no line.
            Some("file-type") => assert_eq!(found, [("file-type".to_owned(), None)]),
            Some(code) => {
                let meant = (code.to_owned(), case["line"].as_u64());
                assert!(found.contains(&meant), "{file}: {found:?}");
                assert!(found.iter().all(|it| it.1 == meant.1), "{file}: {found:?}");
                count += 1;
            }
        }
    }
    assert_eq!(count, 9);
}

mod properties {
    use proptest::prelude::*;

    use super::*;
    use crate::exchange::read::encoding::prove;
    use crate::exchange::read::record::TextRecords;

    /// Returns the records of a text, or nothing if its quotes are not strict.
    fn strict(text: &str) -> Option<Vec<Vec<String>>> {
        let source = SourceFile::memory("f.csv", text.as_bytes());
        let form = prove(&source, None).ok()?;
        let mut records = TextRecords::of(&source, form, ',').ok()?;
        let mut out = Vec::new();
        while let Some(record) = records.next().ok()? {
            if record.broken.is_some() {
                return None;
            }
            out.push(
                (0..record.count())
                    .map(|it| record.text(it).into_owned())
                    .collect(),
            );
        }
        Some(out)
    }

    proptest! {
        #[test]
        fn strict_records_are_those_of_the_csv_crate(
            text in "([ab,\"] |\"[a,\n\u{5ba2}]{0,3}\"|\"\"\"\"|[a,\u{5ba2}]|\r\n|\n){0,24}"
        ) {
            if let Some(found) = strict(&text) {
                let reader = csv::ReaderBuilder::new()
                    .has_headers(false)
                    .flexible(true)
                    .from_reader(text.as_bytes());
                let meant: Vec<Vec<String>> = reader
                    .into_records()
                    .map(|it| it.unwrap().iter().map(str::to_owned).collect())
                    .collect();
                // The crate skips lines without anything in them.
                let found: Vec<Vec<String>> = found.into_iter().filter(|it| *it != [""]).collect();
                let meant: Vec<Vec<String>> = meant.into_iter().filter(|it| *it != [""]).collect();
                prop_assert_eq!(found, meant);
            }
        }

        #[test]
        fn no_bytes_make_it_panic(
            start in prop::sample::select(vec![
                &b""[..], b"date,customer\n", b"<table>", b"BEGIN:VCARD\n", b"{\"a\":1}\n", b"\xff\xfe", b"sep=",
            ]),
            bytes in prop::collection::vec(any::<u8>(), 0..200),
        ) {
            let bytes = [start, &bytes].concat();
            read_with(&bytes, &ReadOptions::default());
        }

        #[test]
        fn no_page_card_or_object_makes_it_panic(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<table>", "<tr>", "<td rowspan=3>", "<td colspan=99999>", "</table>", "<th>date", "<th>客户", "<br>",
                "BEGIN:VCARD\n", "END:VCARD\n", "TEL;PREF=1:", "ADR:;;;", "FN;ENCODING=QUOTED-PRINTABLE:=E5=\n",
                "BDAY:", "--0501\n", "{\"a\":", "[{", "}]}\n", "\"", ",", "1e999", "null", "=\"", "\r", "#",
            ]), 0..40),
        ) {
            let text = parts.concat();
            for start in ["", "<html>", "BEGIN:VCARD\n", "{\"a\":1}\n", "date,customer\n"] {
                read(&format!("{start}{text}"));
            }
        }

        #[test]
        fn no_sheet_makes_it_panic(
            parts in prop::collection::vec(prop::sample::select(vec![
                "<row r=\"3\">", "<row>", "</row>", "<c r=\"C3\">", "<c r=\"A0\">", "<c t=\"s\"><v>9</v></c>",
                "<c t=\"e\"><v>#SPILL!</v></c>", "<c><v>1e999</v></c>", "<c t=\"d\"><v>2026-99-99</v></c>", "<f>",
                "</f>", "<v>", "</v>", "</c>", "<is><t>_x0000_</t></is>", "</sheetData>",
                "<mergeCells><mergeCell ref=\"A1:C9\"/>", "<mergeCell ref=\"B2:B1048576\"/>", "&amp;", "&x;", "<![CDATA[",
            ]), 0..20),
        ) {
            let sheet = format!("<worksheet><sheetData>{HEAD}{}", parts.concat());
            read_with(&raw_workbook("<sst/>", &sheet), &ReadOptions::default());
        }
    }
}
