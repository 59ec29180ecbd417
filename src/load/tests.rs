//! Loading as a whole: whatever the bytes, the blocks, the threads and the line ends are.

use std::fmt::Write as _;

use proptest::prelude::*;

use super::*;
use crate::diagnostic::Diagnostic;
use crate::model::RefTarget;
use crate::source::MemoryFiles;

/// A log with everything that a strict reader must keep apart.
const LOG: &str = "\
# kept by hand
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,zhuzhou-metro,visit,,,li.wei,,,,,\"toured line 3, depot\"

2026-03-05T09:30,zhuzhou-metro,order,1250000.00,,li.wei,spares,,PO-7,,
2026-03-05,王小明,order,12.5,,,,,,,\"第一行
第二行, \"\"quoted\"\"\"
2026-03-20,zhuzhou-metro,invoice,1250000.00,,,,,INV-31,2026-05-19,
2026-05-11,zhuzhou-metro,payment,1250000.00,,,,,INV-31,,\"\"
# a \"remark\", with quotes
2026-06-01,王小明,complaint,,,,delivery,phone,C-4,,two crates late
2026-06-05,王小明,resolve,,85,,,,C-4,,
2026-06-06,王小明,stage,,,,completed,,,,
";

/// The book of [`LOG`].
fn book(log: &[u8]) -> Vec<(String, Vec<u8>)> {
    let customers = [
        (
            "customers/zhuzhou-metro.toml",
            "name = \"株洲地铁集团\"\nstage = \"delivery\"\n",
        ),
        (
            "customers/王小明.toml",
            "name = \"王小明\"\n[custom]\nlines = 6\n",
        ),
        (
            "customers/more.toml",
            "[[customer]]\nid = \"a\"\nname = \"A\"\n[[customer]]\nid = \"b\"\nname = \"\"\"B\n[[customer]]\n\"\"\"\n",
        ),
        (
            "guanxi.toml",
            "[[flag]]\nname = \"big\"\nwhen = \"custom.lines > 5\"\n",
        ),
    ];
    let mut files: Vec<(String, Vec<u8>)> = customers
        .iter()
        .map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec()))
        .collect();
    files.push((
        "interactions/2025.csv".to_owned(),
        b"date,customer,kind,ref\n2025-01-01,a,lead,L\n2025-02-01,a,win,L\n".to_vec(),
    ));
    files.push(("interactions/2026.csv".to_owned(), log.to_vec()));
    files
}

/// Loads files and tells everything about what was loaded, in texts alone.
fn told(files: &[(String, Vec<u8>)], threads: usize, block_bytes: usize) -> String {
    told_of(files, threads, block_bytes, true, |_| {})
}

/// Tells what is wrong and all rows, without warnings; with `care` every record is read with care,
/// as it is for warnings, and without most are read as plain ones.
fn told_of_errors(
    files: &[(String, Vec<u8>)],
    threads: usize,
    block_bytes: usize,
    care: bool,
) -> String {
    told_of(
        files,
        threads,
        block_bytes,
        care,
        Diagnostics::drop_warnings,
    )
}

fn told_of(
    files: &[(String, Vec<u8>)],
    threads: usize,
    block_bytes: usize,
    warns: bool,
    change: impl Fn(&mut Diagnostics),
) -> String {
    let files = MemoryFiles::new(files.to_vec());
    let options = LoadOptions {
        threads,
        origins: true,
        warns,
        hashes: warns,
        copies: false,
        names_alone: false,
        block_bytes,
    };
    let mut loaded = load(&files, None, options);
    change(&mut loaded.diagnostics);
    let mut told = format!("{:#?}\n", loaded.diagnostics);
    for (index, customer) in loaded.book.customers.iter().enumerate() {
        writeln!(told, "{customer:?}").unwrap();
        let rows = loaded.book.interactions_of(index);
        for (row, origin) in rows.rows().iter().zip(rows.origins) {
            let target = match rows.target(row) {
                RefTarget::Row(target) => Some(rows.origins[target]),
                RefTarget::None => None,
            };
            writeln!(
                told,
                "{:?} {} {} {} {:?} {:?} {:?} {origin:?} {target:?}",
                row.day,
                row.minute,
                row.kind,
                row.quantity,
                row.has_quantity,
                rows.topic(row),
                rows.due(row),
            )
            .unwrap();
        }
    }
    told
}

#[test]
fn nothing_below_a_second_header_with_other_columns_is_read() {
    let below = "2026-07-01,a,90,visit\n2026-07-02,note,a,b,c,d\n".repeat(30);
    let log = format!("{LOG}\u{feff}kind, date,customer,amount\n{below}");
    let files = book(log.as_bytes());
    for care in [true, false] {
        let whole = told_of_errors(&files, 1, log::BLOCK_BYTES, care);
        assert_eq!(whole.matches("code: ").count(), 1, "{whole}");
        assert!(whole.contains("header-twice"), "{whole}");
        assert_eq!(whole.lines().filter(|it| it.contains("Origin")).count(), 10);
        for block_bytes in [1, 20, 50, 100, 400, 1000] {
            for threads in [1, 3] {
                let told = told_of_errors(&files, threads, block_bytes, care);
                assert_eq!(told, whole, "{block_bytes} {threads} {care}");
            }
        }
    }
}

#[test]
fn the_good_book_is_good() {
    let told = told(&book(LOG.as_bytes()), 1, log::BLOCK_BYTES);
    assert!(told.contains("list: []"), "{told}");
    assert_eq!(told.lines().filter(|it| it.contains("Origin")).count(), 10);
}

#[test]
fn block_borders_and_threads_change_nothing() {
    let good = book(LOG.as_bytes());
    let whole = told(&good, 1, log::BLOCK_BYTES);
    for block_bytes in 1..200 {
        for threads in [1, 3] {
            assert_eq!(
                told(&good, threads, block_bytes),
                whole,
                "{block_bytes} {threads}"
            );
        }
    }
}

/// What is put into a good log to break it.
const INSERTS: [&str; 22] = [
    "\"",
    "\"\"",
    ",",
    "\n",
    "\r",
    "#",
    "\"\n",
    ",\"",
    "<<<<<<< x\n",
    "=======\n",
    ">>>>>>> y\n",
    "\0",
    "\u{85}",
    "株",
    "\t",
    "\n\"x\"y,\"z\n",
    "0",
    "9",
    ".",
    "-",
    " ",
    "a",
];

/// A good log with a few things put into it or taken out.
fn damaged() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0..INSERTS.len() + 1);
    prop::collection::vec(change, 1..6).prop_map(|changes| {
        let mut log: Vec<char> = LOG.chars().collect();
        for (at, insert) in changes {
            let at = at.index(log.len());
            match INSERTS.get(insert) {
                Some(text) => {
                    log.splice(at..at, text.chars());
                }
                None => {
                    log.remove(at);
                }
            }
        }
        log.into_iter().collect()
    })
}

/// What the cells of a column may hold, right and wrong; the first stands for most rows.
const CELLS: [&[&str]; 11] = [
    &[
        "2026-03-02",
        "2026-03-05",
        "2026-03-05T09:30",
        "2024-02-29",
        "2025-02-29",
        "date",
        "",
    ],
    &[
        "zhuzhou-metro",
        "a",
        "王小明",
        "b",
        "A",
        "zhuzhou-metro-of-a-long-name",
        "",
    ],
    &[
        "visit",
        "order",
        "invoice",
        "payment",
        "complaint",
        "resolve",
        "survey",
        "stage",
        "lead",
        "golf",
        "",
    ],
    &[
        "",
        "12.50",
        "1250000.00",
        "-3.00",
        "0.0001",
        "7",
        "99999999999999.9999",
        "1.23456",
        "x",
        "1,5",
    ],
    &["", "85", "100", "100.01", "-1", "x"],
    &["", "li.wei"],
    &["", "delivery", "spares", "价格, 交期", "say \"yes\""],
    &["", "phone"],
    &[
        "",
        "I-1",
        "I-2",
        "C-1",
        "a ref, with a comma",
        "a-ref-of-more-than-fifteen-bytes",
    ],
    &["", "2026-05-19", "2026-05-19T10:00", "soon"],
    &[
        "",
        "said \"yes\"",
        "one\ntwo",
        "ends in \r\n",
        "a,b",
        "株洲",
    ],
];

/// A log of random rows: most cells are the first of their column, some in quotes without need.
fn random_log() -> impl Strategy<Value = String> {
    let cell = (0..40_usize, any::<bool>());
    let row = (prop::collection::vec(cell, 11), any::<bool>());
    prop::collection::vec(row, 1..40).prop_map(|rows| {
        let mut log =
            "date,customer,kind,amount,score,staff,topic,channel,ref,due,note\n".to_owned();
        for (cells, has_return) in rows {
            let cells = cells
                .into_iter()
                .zip(CELLS)
                .map(|((chosen, is_quoted), known)| {
                    // Days, customers and kinds are mostly right, but any of several.
                    let right = if known[0].is_empty() { 1 } else { 4 };
                    let text = known.get(chosen).unwrap_or(&known[chosen % right]);
                    if is_quoted && chosen % 7 == 0 || text.contains([',', '"', '\n']) {
                        format!("\"{}\"", text.replace('"', "\"\""))
                    } else {
                        (*text).to_owned()
                    }
                });
            log += &cells.collect::<Vec<_>>().join(",");
            log += if has_return { "\r\n" } else { "\n" };
        }
        log
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn plain_rows_are_what_care_makes_of_them(
        log in prop_oneof![damaged(), random_log()],
        block_bytes in 1_usize..3000,
        threads in 1_usize..4,
    ) {
        let files = book(log.as_bytes());
        let with_care = told_of_errors(&files, 1, log::BLOCK_BYTES, true);
        prop_assert_eq!(told_of_errors(&files, threads, block_bytes, false), with_care);
    }

    #[test]
    fn what_is_wrong_does_not_depend_on_blocks_and_threads(
        log in damaged(),
        block_bytes in 1_usize..300,
        threads in 1_usize..4,
    ) {
        let files = book(log.as_bytes());
        let whole = told(&files, 1, log::BLOCK_BYTES);
        prop_assert_eq!(told(&files, threads, block_bytes), whole);
    }

    #[test]
    fn line_ends_change_nothing(log in damaged()) {
        prop_assume!(!log.contains('\r'));
        let feeds = told(&book(log.as_bytes()), 1, log::BLOCK_BYTES);
        let returns = log.replace('\n', "\r\n");
        prop_assert_eq!(told(&book(returns.as_bytes()), 1, log::BLOCK_BYTES), feeds);
    }

    #[test]
    fn no_bytes_make_it_panic(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        path in 0_usize..6,
        at in any::<prop::sample::Index>(),
        threads in 1_usize..4,
    ) {
        let mut files = book(LOG.as_bytes());
        let content = &mut files[path].1;
        let at = at.index(content.len());
        content.splice(at..at, bytes.clone());
        told(&files, threads, 16);
        files[path].1 = bytes;
        told(&files, threads, 16);
    }

    #[test]
    fn files_come_in_any_order(seed in any::<u64>()) {
        let mut files = book(LOG.as_bytes());
        let length = files.len();
        files.rotate_left(usize::try_from(seed % 6).unwrap() % length);
        files.swap(0, usize::try_from(seed % 5).unwrap());
        prop_assert_eq!(told(&files, 2, 64), told(&book(LOG.as_bytes()), 1, 64));
    }
}

#[test]
fn a_note_is_refused_or_given_back_exactly() {
    let corpus = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpora/naughty/strings.json"
    );
    #[expect(clippy::disallowed_methods, reason = "a test reads its data")]
    let texts: Vec<String> =
        serde_json::from_str(&std::fs::read_to_string(corpus).unwrap()).unwrap();
    assert!(texts.len() > 200);
    let mut exact = 0;
    for text in &texts {
        let quoted = text.replace('"', "\"\"");
        let log = format!("date,customer,kind,note\n2026-01-01,a,visit,\"{quoted}\"\n");
        let files = MemoryFiles::new(book(log.as_bytes()));
        let loaded = load(&files, None, LoadOptions::default());
        if loaded.diagnostics.error_count() > 0 {
            let is_odd = |it: char| it.is_control() && !matches!(it, '\t' | '\n');
            assert!(text.contains(is_odd), "{text:?}: {:?}", loaded.diagnostics);
            continue;
        }
        let mut notes = Vec::new();
        log::read_rows(
            &files,
            loaded.logs[1].file,
            |_, _| true,
            |_, cells| {
                notes.push(cells.text(crate::model::LogColumn::Note).into_owned());
            },
        );
        assert_eq!(notes, [text.as_str()]);
        exact += 1;
    }
    assert!(exact > texts.len() / 2);
}

#[test]
fn limits_are_told_without_reading_on() {
    const MIB: usize = 1024 * 1024;
    let header = "date,customer,kind,note\n";
    let long =
        |fill: &str, count: usize| format!("{header}2026-01-01,a,visit,{}", fill.repeat(count));
    let cases = [
        (long("x", MIB), "line-too-long", 2),
        (long("x", 5 * MIB), "line-too-long", 2),
        (long("\0", 5 * MIB), "control-character", 2),
        (long("\"x\n", 1) + &"x,y\n".repeat(MIB), "quote-unclosed", 2),
        (long("\"", 1) + &"x".repeat(5 * MIB), "quote-unclosed", 2),
        (long(",", 997), "too-many-cells", 2),
        ("\0".repeat(3 * MIB), "control-character", 1),
        ("x".repeat(3 * MIB), "line-too-long", 1),
        (long("\"\"", MIB), "quote-unclosed", 2),
        (long("6\"", 3 * MIB), "quote-stray", 2),
    ];
    for (log, code, line) in cases {
        let files = MemoryFiles::new(book(log.as_bytes()));
        let loaded = load(&files, None, LoadOptions::default());
        let found = loaded.diagnostics.listed().first().unwrap();
        let place = found.place.as_ref().unwrap();
        let start: String = log.chars().take(60).collect();
        assert_eq!((found.fault.code, place.line), (code, line), "{start}");
        assert!(found.message.english().len() < 600 && place.excerpt.len() < 2000);
    }
    let named = |text: String| {
        let mut files = book(LOG.as_bytes());
        files.push(("customers/x.toml".to_owned(), text.into_bytes()));
        let loaded = load(&MemoryFiles::new(files), None, LoadOptions::default());
        let codes: Vec<_> = loaded
            .diagnostics
            .listed()
            .iter()
            .map(|it| it.fault.code)
            .collect();
        codes
    };
    let one = "name = \"X\"\n";
    assert_eq!(named(format!("{one}#{}", "x".repeat(MIB - 12))), [""; 0]);
    assert_eq!(
        named(format!("{one}#{}", "x".repeat(MIB))),
        ["file-too-large"]
    );
    let many = "[[customer]]\nid = \"x\"\nname = \"X\"\n";
    assert_eq!(named(format!("{many}#{}", "x".repeat(63 * MIB))), [""; 0]);
    assert_eq!(
        named(format!("{many}#{}", "x".repeat(64 * MIB))),
        ["file-too-large"]
    );
}

#[test]
fn two_files_of_one_id_in_two_forms_are_refused() {
    let mut files = book(LOG.as_bytes());
    for stem in ["cafe\u{301}", "caf\u{e9}"] {
        let path = format!("customers/{stem}.toml");
        files.push((path, b"name = \"C\"\n".to_vec()));
    }
    let loaded = load(&MemoryFiles::new(files), None, LoadOptions::default());
    let messages: Vec<_> = loaded.diagnostics.listed().iter().collect();
    assert_eq!(messages.len(), 1);
    assert_eq!(
        messages[0].message.english(),
        "two customers have the id `caf\u{e9}`"
    );
    assert!(loaded.book.index_of("caf\u{e9}").is_none());
}

#[test]
fn ids_are_compared_composed_and_former_ones_count() {
    let whole = |path: &str, text: &str| (path.to_owned(), text.as_bytes().to_vec());
    let files = MemoryFiles::new([
        whole(
            "customers/cafe\u{301}.toml",
            "name = \"C\"\nformer_ids = [\"bar\", \"thé\"]\n",
        ),
        whole(
            "interactions/2026.csv",
            "date,customer,kind\n2026-01-01,caf\u{e9},visit\n2026-01-02,cafe\u{301},visit\n\
             2026-01-03,bar,visit\n2026-01-04,the\u{301},visit\n",
        ),
        whole("interactions/bar.csv", "date,kind\n2026-01-05,visit\n"),
        whole(
            "interactions/the\u{301}.csv",
            "date,kind\n2026-01-06,visit\n",
        ),
    ]);
    for warns in [false, true] {
        let options = LoadOptions {
            warns,
            ..LoadOptions::default()
        };
        let loaded = load(&files, None, options);
        assert_eq!(loaded.diagnostics.error_count(), 0);
        let warnings = loaded.diagnostics.listed().len();
        assert_eq!(warnings, if warns { 4 } else { 0 });
        let index = loaded.book.index_of("caf\u{e9}").unwrap();
        assert_eq!(loaded.book.interactions_of(index).rows().len(), 6);
        let one = load_one(&files, None, options, &[0], |_| Ok::<_, ()>(0)).unwrap();
        assert_eq!(one.book.interactions_of(0).rows().len(), 6);
    }
}

#[test]
fn a_mistake_that_fills_a_column_is_told_once() {
    let rows = "2026-13-01,nobody,vist,x\n".repeat(30_000);
    let log = format!("date,customer,kind,amount\n{rows}");
    for threads in [1, 2] {
        let options = LoadOptions {
            threads,
            ..LoadOptions::default()
        };
        let loaded = load(&MemoryFiles::new(book(log.as_bytes())), None, options);
        let told = loaded.diagnostics.listed().iter();
        let told: Vec<_> = told
            .map(|it| (it.fault.code, it.place.as_ref().unwrap().line, it.count()))
            .collect();
        let codes = ["date", "unknown-customer", "unknown-kind", "amount"];
        assert_eq!(told, codes.map(|code| (code, 2, 30_000)));
        assert_eq!(loaded.diagnostics.error_count(), 120_000);
        assert_eq!(loaded.diagnostics.unlisted_count(), 0);
    }
}

#[test]
fn refs_that_name_nothing_are_counted_and_the_first_described() {
    let mut log = String::from("date,customer,kind,amount,ref\n2026-01-01,a,invoice,5,INV-10000\n");
    for index in 0..1000 {
        writeln!(log, "2026-01-01,a,payment,5,INV-{index}").unwrap();
    }
    let loaded = load(
        &MemoryFiles::new(book(log.as_bytes())),
        None,
        LoadOptions::default(),
    );
    let [first] = loaded.diagnostics.listed() else {
        panic!("{:?}", loaded.diagnostics.listed())
    };
    assert_eq!(first.count(), 1000);
    assert_eq!(loaded.diagnostics.error_count(), 1000);
    assert_eq!(first.message.english(), "`a` has no invoice `INV-0`");
}

#[test]
fn up_to_ten_of_a_kind_are_told_one_by_one() {
    let told = |count: usize, threads| {
        let rows = "2026/3/5,a,visit,x\n".repeat(count);
        let log = format!("date,customer,kind,amount\n{rows}");
        let options = LoadOptions {
            threads,
            block_bytes: 64,
            ..LoadOptions::default()
        };
        let loaded = load(&MemoryFiles::new(book(log.as_bytes())), None, options);
        assert_eq!(loaded.diagnostics.error_count(), 2 * count);
        let listed = loaded.diagnostics.listed().iter();
        listed.map(Diagnostic::count).collect::<Vec<_>>()
    };
    for threads in [1, 3] {
        assert_eq!(told(10, threads), [1; 20]);
        assert_eq!(told(11, threads), [11; 2]);
        assert_eq!(told(5000, threads), [5000; 2]);
    }
}

/// A conflict of which no side is the right one, with a second header in it.
const CONFLICT: &str = "\
<<<<<<< HEAD
2026-06-10,王小明,order,100,,,,,,,
2026-06-10,a,order,100,,,,,,,
date,kind,customer
=======
2026-06-10,王小明,order,150,,,,,,,
2026-06-10,王小明,order,7,,,,,,,\"two
lines\"
>>>>>>> other
2026-06-11,王小明,order,3,,,,,,,
";

#[test]
fn no_side_of_a_conflict_counts() {
    let files = book(format!("{LOG}{CONFLICT}").as_bytes());
    for care in [true, false] {
        let whole = told_of_errors(&files, 1, log::BLOCK_BYTES, care);
        assert_eq!(whole.matches("code: ").count(), 1, "{whole}");
        assert!(whole.contains("conflict-markers"), "{whole}");
        assert_eq!(whole.lines().filter(|it| it.contains("Origin")).count(), 11);
        for block_bytes in [1, 20, 50, 100, 400, 1000] {
            for threads in [1, 3] {
                let told = told_of_errors(&files, threads, block_bytes, care);
                assert_eq!(told, whole, "{block_bytes} {threads} {care}");
            }
        }
    }
}

#[test]
fn who_reads_one_customer_alone_meets_a_conflict_too() {
    let others = "2026-06-09,a,visit,,,,,,,,\n".repeat(50);
    let text = format!("{LOG}{others}{CONFLICT}{others}");
    let files = MemoryFiles::new(book(text.as_bytes()));
    let paths = files.paths().iter();
    let own = paths.clone().position(|it| it == "customers/王小明.toml");
    for block_bytes in [50, 400, log::BLOCK_BYTES] {
        let options = LoadOptions {
            block_bytes,
            ..LoadOptions::default()
        };
        let own = [own.unwrap()];
        let one = load_one(&files, None, options, &own, |_| Ok::<_, ()>(0)).unwrap();
        let found = one.diagnostics.listed().iter();
        let codes: Vec<&str> = found.map(|it| it.fault.code).collect();
        assert_eq!(codes, ["conflict-markers"], "{block_bytes}");
    }
}

/// Rows of customers whose files cannot be read are no faults of their own.
#[test]
fn a_file_that_cannot_be_read_still_says_whom_it_is_about() {
    let of_many =
        "[[customer]]\nid = 'many'\nname = \"M\"\nformer_ids = [\n  \"was\", # once\n  'before']\n";
    for wrong in [
        "<<<<<<< HEAD\n=======\nx = 1\n>>>>>>> other\n",
        "[profile]\nx = = 1\n",
    ] {
        let one = format!("name = \"O\"\nformer_ids = [\"old\"]\n{wrong}");
        let log = "date,customer,kind\n2026-01-01,one,visit\n2026-01-01,old,visit\n2026-01-02,many,visit\n\
                   2026-01-02,was,visit\n2026-01-02,before,visit\n";
        let files = [
            ("customers/one.toml", one),
            ("customers/all.toml", format!("{of_many}{wrong}")),
            ("interactions/2026.csv", log.to_owned()),
        ];
        let files = files.map(|(path, text)| (path.to_owned(), text.into_bytes()));
        let loaded = load(&MemoryFiles::new(files), None, LoadOptions::default());
        let found = loaded.diagnostics.listed().iter();
        let found: Vec<&str> = found.map(|it| it.fault.code).collect();
        let own = ["conflict-markers", "toml-syntax", "unknown-key"];
        assert!(found.iter().all(|it| own.contains(it)), "{found:?}");
        assert_eq!(loaded.book.interaction_count(), 0);
    }
}
