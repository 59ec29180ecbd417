//! Texts that break other programs, through every format.

use std::io;

use guanxi::answer::{Column, Sheet};
use guanxi::metric::{Type, Value};
use guanxi::render::{Format, Page, render};

/// A handful of our own.
const OWN: &[&str] = &[
    "",
    " ",
    "-",
    "-5",
    "-5.5",
    "--1",
    "=1+1",
    "\u{3000}=1+1",
    "＝HYPERLINK(\"x\")",
    "@SUM(A1)",
    "+86 731",
    "\t=1",
    "\r\n=1",
    "\0=1",
    "a,b;c\td\"e\"",
    "\"",
    "a\nb\r\nc",
    "\u{1b}]0;title\u{7}",
    "\u{9b}31m",
    "\u{202e}txt.exe",
    "\u{2066}x\u{2069}",
    "\u{2028}\u{2029}\u{feff}",
    "\u{e0041}\u{e007f}",
    "\u{2062}\u{2063}\u{2064}",
    "e\u{301}\u{200d}👩‍👩‍👧‍👦🇨🇳",
    "株洲地铁集团有限公司",
    "<script>alert(1)</script>",
    "a|b`c`*d*[e](f)",
    "NaN",
    "null",
    "#comment",
];

/// Returns our own texts, and those of the corpus where it lies in `tests/`.
fn texts() -> Vec<String> {
    let mut texts: Vec<String> = OWN.iter().map(|&text| text.to_owned()).collect();
    let corpus = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpora/naughty/strings.json"
    );
    if let Ok(json) = std::fs::read_to_string(corpus) {
        texts.extend(serde_json::from_str::<Vec<String>>(&json).unwrap());
    }
    texts
}

fn written(texts: &[String], format: Format, page: Page) -> String {
    let columns = [
        ("id", Type::Text),
        ("note", Type::Text),
        ("tags", Type::List),
    ];
    let columns = columns.map(|(name, kind)| Column::new(name, kind));
    let mut sheet = Sheet::new(columns.to_vec());
    for text in texts {
        let text = text.as_str();
        sheet.push([
            "a".into(),
            text.into(),
            Value::List(vec![text.into(), "b".into()]),
        ]);
    }
    let mut out = Vec::new();
    render(&sheet, format, &page, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn json_gives_every_text_back() {
    let texts = texts();
    let json: serde_json::Value =
        serde_json::from_str(&written(&texts, Format::Json, Page::default())).unwrap();
    let lines = written(&texts, Format::Jsonl, Page::default());
    assert_eq!(lines.lines().count(), texts.len());
    for ((index, text), line) in texts.iter().enumerate().zip(lines.lines()) {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        assert_eq!(row, json["rows"][index]);
        assert_eq!(row["note"], text.as_str());
        assert_eq!(row["tags"][0], text.as_str());
    }
}

#[test]
fn csv_gives_every_text_back_but_for_the_protection() {
    let texts = texts();
    for (format, separator) in [(Format::Csv, ','), (Format::Tsv, '\t')] {
        for raw in [true, false] {
            let page = Page {
                raw,
                ..Page::default()
            };
            let rows = strict_rows(&written(&texts, format, page), separator);
            assert_eq!(rows.len(), texts.len() + 1);
            for (row, text) in rows.iter().skip(1).zip(&texts) {
                assert_eq!(row.len(), 3);
                let (note, list) = (&row[1], format!("{text};b"));
                if raw {
                    assert_eq!((note, &row[2]), (text, &list));
                    continue;
                }
                assert_eq!(
                    note.strip_prefix('\'').unwrap_or(note),
                    text.strip_prefix('\'').unwrap_or(text)
                );
                let first = note
                    .trim_start_matches([' ', '\u{3000}', '\u{a0}'])
                    .chars()
                    .next();
                let acts = first.is_some_and(|it| "=+-@\t\r\n\0＝＋－＠".contains(it));
                assert!(!acts || note.parse::<f64>().is_ok(), "{note:?}");
            }
        }
    }
}

#[test]
fn tables_hold_no_character_that_acts() {
    let texts = texts();
    for format in [Format::Table, Format::Markdown] {
        let page = Page {
            width: Some(100),
            ..Page::default()
        };
        let out = written(&texts, format, page);
        let acts = |it: char| {
            it != '\n'
                && (it.is_control()
                    || matches!(it, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}'
                        | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}'))
        };
        assert_eq!(out.chars().find(|&it| acts(it)), None);
    }
    let markdown = written(&texts, Format::Markdown, Page::default());
    assert_eq!(markdown.lines().count(), texts.len() + 2);
}

#[test]
fn a_closed_pipe_comes_back_as_that() {
    struct Closed;
    impl io::Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut sheet = Sheet::new(vec![Column::new("id", Type::Text)]);
    sheet.push(["a".into()]);
    for format in [
        Format::Table,
        Format::Csv,
        Format::Json,
        Format::Jsonl,
        Format::Markdown,
    ] {
        let error = render(&sheet, format, &Page::default(), &mut Closed).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}

proptest::proptest! {
    #[test]
    fn any_text_survives_csv_and_json(texts in proptest::collection::vec("(?s).{0,20}", 0..5)) {
        let page = Page { raw: true, ..Page::default() };
        let rows = strict_rows(&written(&texts, Format::Csv, page), ',');
        let json = written(&texts, Format::Json, page);
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        for (index, text) in texts.iter().enumerate() {
            proptest::prop_assert_eq!(&rows[index + 1][1], text);
            proptest::prop_assert_eq!(&json["rows"][index]["note"], text.as_str());
        }
    }
}

/// Reads RFC 4180 by hand: a quote opens at a cell's start, is doubled inside, and closes at its end.
fn strict_rows(text: &str, separator: char) -> Vec<Vec<String>> {
    let mut rows = vec![];
    let mut row = vec![];
    let mut cell = String::new();
    let mut characters = text.chars().peekable();
    loop {
        if cell.is_empty() && characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next().expect("a quote that opens is closed") {
                    '"' if characters.next_if_eq(&'"').is_some() => cell.push('"'),
                    '"' => break,
                    character => cell.push(character),
                }
            }
            let next = characters.peek().copied();
            assert!(
                next == Some(separator) || next == Some('\n'),
                "after a quote: {next:?}"
            );
        }
        match characters.next() {
            None => break,
            Some('\n') => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            Some(character) if character == separator => row.push(std::mem::take(&mut cell)),
            Some(character) => {
                assert!(character != '"' && character != '\r', "{cell:?}");
                cell.push(character);
            }
        }
    }
    assert!(row.is_empty() && cell.is_empty());
    rows
}
