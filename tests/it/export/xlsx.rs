//! `-f xlsx` and `--bom`: typed cells, a sheet that says what they are, nothing that runs.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::Command;

use calamine::{Data, Reader, Xlsx};

use super::{RAIL, answer, book, python, refusal, run, skipped};

/// Returns the cells of a sheet as words: a number, `day N` for a date, a text in quotes, a truth value.
fn cells(bytes: &[u8], sheet: &str) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    let range = workbook.worksheet_range(sheet).unwrap();
    let word = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => format!("{text:?}"),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(day) => format!("day {}", day.as_f64()),
        other => panic!("{other:?}"),
    };
    range
        .rows()
        .map(|row| row.iter().map(word).collect())
        .collect()
}

fn tabs(bytes: &[u8]) -> Vec<String> {
    let workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
    workbook.sheet_names()
}

#[test]
fn cells_have_types_and_unknown_ones_are_blank() {
    let case = book(
        &[
            (
                "acme",
                "name = \"Acme\"\nmargin = 0.125\ncredit_limit = \"12345678901234.5678\"\n",
            ),
            ("bell", "name = \"=1+1\"\ntags = [\"a\", \"b\"]\n"),
        ],
        "2026-11-01,acme,order,1234.5,,,,,,,\n2026-11-02,acme,lost,,,,,,,,\n",
    );
    let columns = "id,name,annual_value,credit_limit,last_order,margin,order_age,orders,lost,tags";
    let bytes = answer(&case.path(""), &["list", "-f", "xlsx", "-c", columns]);
    assert_eq!(tabs(&bytes), ["list", "about"]);
    let expected = [
        vec![
            "\"id\"",
            "\"name\"",
            "\"annual value\"",
            "\"credit limit\"",
            "\"last order\"",
            "\"margin\"",
            "\"order age\"",
            "\"orders\"",
            "\"lost\"",
            "\"tags\"",
        ],
        // 18 digits are more than a spreadsheet keeps.
        vec![
            "\"acme\"",
            "\"Acme\"",
            "1234.5",
            "\"12345678901234.5678\"",
            "day 46327",
            "0.125",
            "19",
            "1",
            "true",
            "",
        ],
        vec![
            "\"bell\"", "\"=1+1\"", "0", "", "", "", "", "0", "false", "\"a;b\"",
        ],
    ];
    assert_eq!(cells(&bytes, "list"), expected);
}

#[test]
fn the_last_sheet_says_what_it_is() {
    let bytes = answer(
        Path::new(RAIL),
        &["list", "tier = AAA", "-f", "xlsx", "-c", "id,rank"],
    );
    let about = cells(&bytes, "about");
    let pairs: Vec<(&str, &str)> = about.iter().map(|row| (&*row[0], &*row[1])).collect();
    assert_eq!(
        pairs[..3],
        [
            (
                "\"command\"",
                "\"guanxi list 'tier = AAA' -f xlsx -c id,rank --as-of 2026-11-20\""
            ),
            ("\"as of\"", "\"2026-11-20\""),
            ("\"book\"", "\"rail\""),
        ]
    );
    assert_eq!(
        about[4],
        ["\"column\"", "\"heading\"", "\"type\"", "\"definition\""]
    );
    assert_eq!(about[6][..3], ["\"rank\"", "\"rank\"", "\"number\""]);
    let rank = guanxi::metric::metric_by_name("rank")
        .unwrap()
        .entry()
        .definition;
    assert_eq!(about[6][3], format!("{rank:?}"));
}

#[test]
fn every_listing_has_the_same_cells_as_its_csv() {
    let commands: [&[&str]; 12] = [
        &["list"],
        &["due", "--within", "60d"],
        &["churn"],
        &["value"],
        &["receivables"],
        &["receivables", "--invoices"],
        &["cases"],
        &["summary", "--by", "tier"],
        &["trend"],
        &["history"],
        &["show", "linjiang-metro"],
        &["explain", "linjiang-metro", "tier"],
    ];
    for command in commands {
        let rail = Path::new(RAIL);
        let bytes = answer(rail, &[command, &["-f", "xlsx", "--raw"]].concat());
        let csv = answer(rail, &[command, &["-f", "csv", "--raw"]].concat());
        let csv = String::from_utf8(csv).unwrap();
        let rows = cells(&bytes, &tabs(&bytes)[0]);
        let lines = csv.lines().count();
        // Notes have line breaks in none of these.
        assert_eq!(rows.len(), lines, "{command:?}");
        let known = |row: &str| row.split(',').filter(|it| !it.is_empty()).count();
        if !csv.contains('"') {
            for (row, line) in rows.iter().zip(csv.lines()) {
                let filled = row.iter().filter(|it| !it.is_empty()).count();
                assert_eq!(filled, known(line), "{command:?}: {line}");
            }
        }
    }
}

#[test]
fn the_same_book_gives_the_same_bytes() {
    let bytes = || answer(Path::new(RAIL), &["list", "-f", "xlsx"]);
    assert_eq!(bytes(), bytes());
}

#[test]
fn a_sheet_for_every_value() {
    let case = book(
        &[
            (
                "a",
                "name = \"A\"\nregion = \"x/y\"\ntags = [\"k\", \"l\"]\n",
            ),
            ("b", "name = \"B\"\nregion = \"about\"\ntags = [\"k\"]\n"),
            ("c", "name = \"C\"\n"),
            ("d", "name = \"D\"\nregion = \"X_Y\"\n"),
        ],
        "",
    );
    let path = case.path("");
    let bytes = answer(
        &path,
        &["list", "-c", "id", "--sheets", "region", "-f", "xlsx"],
    );
    assert_eq!(tabs(&bytes), ["X_Y", "about_", "x_y (2)", "-", "about"]);
    assert_eq!(cells(&bytes, "x_y (2)"), [["\"id\""], ["\"a\""]]);
    let bytes = answer(
        &path,
        &["list", "-c", "id", "--sheets", "tags", "-f", "xlsx"],
    );
    assert_eq!(tabs(&bytes), ["k", "l", "-", "about"]);
    assert_eq!(cells(&bytes, "k"), [["\"id\""], ["\"a\""], ["\"b\""]]);
    let bytes = answer(&path, &["list", "id = z", "--sheets", "tags", "-f", "xlsx"]);
    assert_eq!(tabs(&bytes), ["list", "about"]);
    let bytes = answer(&path, &["history", "--sheets", "kind", "-f", "xlsx"]);
    assert_eq!(tabs(&bytes), ["history_", "about"]);
    let bytes = answer(
        &path,
        &[
            "list",
            "-c",
            "annual_value",
            "--headings",
            "id",
            "-f",
            "xlsx",
        ],
    );
    assert_eq!(cells(&bytes, "list")[0], ["\"annual_value\""]);
    let said = refusal(&path, &["list", "--sheets", "regoin", "-f", "xlsx"]);
    assert!(said.contains("no column is called `regoin`"), "{said}");
    assert!(said.contains("did you mean `region`?"), "{said}");
    let many: Vec<(String, String)> = (0..101)
        .map(|number| (format!("c{number}"), format!("name = \"n{number}\"\n")))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(id, text)| (&**id, &**text)).collect();
    let case = book(&many, "");
    let said = refusal(&case.path(""), &["list", "--sheets", "id", "-f", "xlsx"]);
    assert!(
        said.contains("`id` has 101 values here, and a workbook gets at most 100 sheets"),
        "{said}"
    );
}

#[test]
fn headings_are_names_where_that_is_wanted() {
    for (args, expected) in [
        (
            &["list", "-c", "annual_value", "--headings", "id"][..],
            "annual_value\n",
        ),
        (
            &[
                "list",
                "-c",
                "annual_value",
                "--headings",
                "id",
                "-f",
                "markdown",
            ],
            "| annual_value |\n",
        ),
        (&["list", "-c", "annual_value"], "annual value\n"),
        (&["history", "-c", "ref", "--headings", "id"], "ref\n"),
    ] {
        let text = String::from_utf8(answer(Path::new(RAIL), args)).unwrap();
        assert!(text.starts_with(expected), "{args:?}: {text}");
    }
}

#[test]
fn what_a_format_has_no_use_for_is_refused() {
    for (args, expected) in [
        (
            &["list", "--bom"][..],
            "error: `--bom` is for CSV and TSV\n",
        ),
        (
            &["list", "--bom", "-f", "xlsx"],
            "error: `--bom` is for CSV and TSV\n",
        ),
        (
            &["list", "--sheets", "tier"],
            "error: `--sheets` is for workbooks\n",
        ),
        (
            &["list", "--headings", "id", "-f", "json"],
            "error: `--headings` is for tables, Markdown and workbooks\n",
        ),
    ] {
        let said = refusal(Path::new(RAIL), args);
        assert!(said.starts_with(expected), "{args:?}: {said}");
    }
    let long = format!("name = \"A\"\naddress = \"{}\"\n", "甲".repeat(32_768));
    let case = book(&[("a", &long)], "");
    let said = refusal(&case.path(""), &["list", "-c", "id,address", "-f", "xlsx"]);
    assert!(
        said.contains("a cell has room for 32767 characters"),
        "{said}"
    );
}

#[test]
fn csv_begins_with_its_mark_where_that_is_wanted() {
    let rail = Path::new(RAIL);
    let plain = answer(rail, &["list", "-f", "csv"]);
    let marked = answer(rail, &["list", "-f", "csv", "--bom"]);
    assert_eq!(marked, [b"\xef\xbb\xbf", &plain[..]].concat());
    let marked = answer(rail, &["list", "-f", "tsv", "--bom"]);
    assert!(marked.starts_with(b"\xef\xbb\xbfid\t"));
}

/// A book whose texts would be formulas, or are more than XML takes.
fn hostile() -> crate::case::Case {
    book(
        &[
            ("a", "name = \"=HYPERLINK(1)\"\n"),
            ("b", "name = \"'=1\"\n"),
            ("c", "name = \"_x000D_</t><f>1</f>\"\n"),
            ("d", "name = \"https://example.com\"\n"),
        ],
        "",
    )
}

#[test]
fn another_reader_finds_numbers_days_and_texts_that_are_guarded() {
    let case = hostile();
    let file = case.path("list.xlsx");
    answer(
        &case.path(""),
        &["list", "-c", "id,name", "-o", file.to_str().unwrap()],
    );
    let script = "
import sys, openpyxl
from openpyxl.utils.escape import unescape
sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
for row in sheet.iter_rows(min_row=2):
    cell = row[1]
    print(cell.data_type, repr(unescape(cell.value)), bool(cell.quotePrefix), cell.hyperlink)
print(sheet.freeze_panes, sheet.auto_filter.ref, sheet['A1'].font.b)
";
    if let Some(said) = python("openpyxl", script, &[&file]) {
        let expected = "\
s '=HYPERLINK(1)' True None
s \"'=1\" True None
s '_x000D_</t><f>1</f>' False None
s 'https://example.com' False None
A2 A1:B5 True
";
        // That reader takes a text in a cell of its own for a formula if it begins like one.
        assert_eq!(said.replace("f '=HYP", "s '=HYP"), expected);
    }
    let file = case.path("rail.xlsx");
    let columns = "id,annual_value,last_order,share,order_age";
    answer(
        Path::new(RAIL),
        &[
            "list",
            "-n",
            "1",
            "-s",
            "-annual_value",
            "-c",
            columns,
            "-o",
            file.to_str().unwrap(),
        ],
    );
    let script = "
import sys, openpyxl
sheet = openpyxl.load_workbook(sys.argv[1]).worksheets[0]
print([(type(it.value).__name__, it.number_format) for it in sheet[2]])
";
    if let Some(said) = python("openpyxl", script, &[&file]) {
        let expected = "[('str', 'General'), ('int', '#,##0.00'), ('datetime', 'yyyy\\\\-mm\\\\-dd'), \
            ('float', '0.0%'), ('int', '0')]\n";
        assert_eq!(
            said.replace("yyyy-mm-dd", "yyyy\\\\-mm\\\\-dd")
                .replace("'float', '#", "'int', '#"),
            expected
        );
    }
}

#[test]
fn an_office_program_opens_it() {
    let case = hostile();
    let has_it = Command::new("soffice").arg("--version").output();
    if !has_it.is_ok_and(|it| it.status.success()) {
        skipped("soffice");
        return;
    }
    for (book, args, expected) in [
        (
            case.path(""),
            &["list", "-c", "id,name"][..],
            "\"id\",\"name\"\n\"a\",\"=HYPERLINK(1)\"\n\"b\",\"'=1\"\n\"c\",\"_x000D_</t><f>1</f>\"\n\"d\",\"https://example.com\"\n",
        ),
        (
            Path::new(RAIL).to_owned(),
            &[
                "list",
                "id = linjiang-metro",
                "-c",
                "id,annual_value,last_order,lost",
            ],
            "\"id\",\"annual value\",\"last order\",\"lost\"\n\"linjiang-metro\",\"3,913,600.00\",2026-09-17,FALSE\n",
        ),
    ] {
        let file = case.path("answer.xlsx");
        answer(&book, &[args, &["-o", file.to_str().unwrap()]].concat());
        let profile = format!(
            "-env:UserInstallation=file://{}",
            case.path("profile").display()
        );
        let output = Command::new("soffice")
            .args([
                &profile,
                "--headless",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1",
                "--outdir",
            ])
            .arg(case.path("out"))
            .arg(&file)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let csv = fs::read_to_string(case.path("out/answer.csv")).expect(&said);
        assert_eq!(csv, expected);
    }
}

#[test]
fn a_file_of_the_book_is_not_overwritten_by_a_workbook() {
    let case = hostile();
    let path = case.path("interactions/a.xlsx");
    let output = run(&case.path(""), &["list", "-o", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2));
    assert!(!path.exists());
}

#[test]
fn facts_of_ones_own_are_said_to_be_such() {
    let case = book(&[("a", "name = \"A\"\n[custom]\nold_tier = \"B\"\n")], "");
    let args = ["list", "-c", "id,custom.old_tier", "-f", "xlsx"];
    let about = cells(&answer(&case.path(""), &args), "about");
    let row = about.iter().find(|row| row[0] == "\"custom.old_tier\"");
    assert_eq!(
        row.unwrap()[3],
        "\"`custom.old_tier` of the customer's file\""
    );
}
