//! `export anonymous`: nobody is named, every figure stays, and `check` finds the same.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{RAIL, answer, refusal, run};
use crate::case::Case;

/// The metrics whose texts are replaced.
const REPLACED: [&str; 13] = [
    "id",
    "name",
    "aliases",
    "former_ids",
    "owner",
    "person",
    "phone",
    "email",
    "website",
    "address",
    "licence",
    "bank_account",
    "lost_reason",
];

/// What the command says at its end.
const SAID: &str =
    "amounts and days are unchanged: whoever knows some of them can recognise a customer\n";

/// Makes a book anonymous, and returns the new one's folder.
fn anonymous(book: &Path, out: &Case) -> PathBuf {
    let folder = out.path("anonymous");
    let output = run(
        book,
        &["export", "anonymous", "-o", folder.to_str().unwrap()],
    );
    // Before it stand notes on words of rules that are nobody's.
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.ends_with(SAID), "{said}");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stdout.is_empty());
    folder
}

/// Returns every figure of everybody on some days.
fn figures(book: &Path) -> Vec<String> {
    let metrics = guanxi::metric::metric_names();
    let kept: Vec<_> = metrics.filter(|it| !REPLACED.contains(&&**it)).collect();
    let columns = kept.join(",");
    let on = |day: &&str| {
        let args = [
            "list",
            "-f",
            "csv",
            "-c",
            &columns,
            "--book",
            book.to_str().unwrap(),
        ];
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(args)
            .args(["--as-of", day])
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{said}");
        String::from_utf8(output.stdout).unwrap()
    };
    ["2025-12-31", "2026-06-30", "2026-11-20", "2027-06-01"]
        .iter()
        .map(on)
        .collect()
}

/// Returns how often `check` finds each code.
fn codes(book: &Path) -> BTreeMap<String, usize> {
    let found = answer(book, &["check", "-f", "json"]);
    let found: serde_json::Value = serde_json::from_slice(&found).unwrap();
    let mut codes = BTreeMap::new();
    for row in found["rows"].as_array().unwrap() {
        let count = row["count"].as_u64().unwrap_or(1);
        let code = row["code"].as_str().unwrap().to_owned();
        *codes.entry(code).or_insert(0) += usize::try_from(count).unwrap();
    }
    codes
}

/// Sees that both laws hold for a book.
fn check(book: &Path) -> Case {
    let out = Case::new();
    let made = anonymous(book, &out);
    for (before, after) in figures(book).iter().zip(figures(&made)) {
        let lines = before.lines().zip(after.lines());
        for (number, (before, after)) in lines.enumerate() {
            assert_eq!(before, after, "row {number}");
        }
        assert_eq!(before.lines().count(), after.lines().count());
    }
    assert_eq!(codes(book), codes(&made));
    out
}

/// Returns all files below a folder, by their paths from it.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let path = entry.path().strip_prefix(folder).unwrap();
            let text = fs::read(entry.path()).unwrap();
            let text = String::from_utf8_lossy(&text).into_owned();
            all.insert(path.to_str().unwrap().to_owned(), text);
        }
    }
    all
}

/// Returns paths and texts one after the other.
fn joined(files: &BTreeMap<String, String>) -> String {
    files.iter().fold(String::new(), |mut all, (path, text)| {
        writeln!(all, "{path}\n{text}").unwrap();
        all
    })
}

/// Adds every text of a table of TOML that is not kept.
fn texts(table: &toml::de::DeTable<'_>, found: &mut BTreeSet<String>) {
    const KEPT: [&str; 10] = [
        "stage",
        "segment",
        "region",
        "tags",
        "communication",
        "payment_terms",
        "revisit",
        "scope",
        "credit_limit",
        "registered_capital",
    ];
    for (key, value) in table {
        if !KEPT.contains(&&**key.get_ref()) {
            texts_of(value.get_ref(), found);
        }
    }
}

fn texts_of(value: &toml::de::DeValue<'_>, found: &mut BTreeSet<String>) {
    use toml::de::DeValue;
    match value {
        DeValue::String(text) => {
            found.insert(text.to_string());
        }
        DeValue::Array(items) => items.iter().for_each(|it| texts_of(it.get_ref(), found)),
        DeValue::Table(table) => texts(table, found),
        _ => {}
    }
}

#[test]
fn nobody_of_the_example_is_named() {
    let out = check(Path::new(RAIL));
    let before = files(Path::new(RAIL));
    let mut originals = BTreeSet::new();
    let mut kept = BTreeSet::new();
    for (path, text) in &before {
        if let Some(name) = path.strip_prefix("customers/") {
            let stem = name
                .rsplit('/')
                .next()
                .unwrap()
                .strip_suffix(".toml")
                .unwrap();
            originals.insert(stem.to_owned());
        }
        if path.starts_with("customers/") || path == "staff.toml" {
            texts(
                toml::de::DeTable::parse(text).unwrap().get_ref(),
                &mut originals,
            );
        }
        if path.starts_with("interactions/") {
            let mut rows = csv::ReaderBuilder::new()
                .comment(Some(b'#'))
                .from_reader(text.as_bytes());
            let header = rows.headers().unwrap().clone();
            for row in rows.records() {
                let row = row.unwrap();
                let cell = |name: &str| {
                    let at = header.iter().position(|it| it == name);
                    at.map_or("", |at| &row[at]).to_owned()
                };
                let kind = cell("kind");
                kept.insert(kind.clone());
                let topic = cell("topic");
                let is_kept = matches!(&*kind, "stage" | "survey")
                    || kind == "expense" && topic == "promotion";
                if is_kept {
                    kept.insert(topic);
                } else {
                    originals.insert(topic);
                }
                originals.extend(["customer", "staff", "ref", "note"].map(cell));
            }
        }
    }
    assert!(originals.len() > 900, "{}", originals.len());
    // Words that stand in the policy or in kept columns are nobody's.
    let after = files(&out.path("anonymous"));
    let policy = &after["guanxi.toml"];
    let is_day = |it: &str| it.len() == 5 && it.bytes().all(|it| it == b'-' || it.is_ascii_digit());
    let is_word =
        |it: &str| it.chars().count() < 2 || is_day(it) || kept.contains(it) || policy.contains(it);
    let all = joined(&after);
    for text in originals.iter().filter(|it| !is_word(it)) {
        let is_there = all.match_indices(text.as_str()).any(|(at, _)| {
            let edge = |it: Option<char>| it.is_none_or(|it| !it.is_alphanumeric());
            edge(all.get(..at).unwrap().chars().next_back())
                && edge(all.get(at + text.len()..).unwrap().chars().next())
        });
        assert!(!is_there, "{text}");
    }
    assert!(!all.contains('#'), "comments are dropped");
}

#[test]
fn the_demo_stays_as_it_is() {
    let case = Case::new();
    let book = case.path("demo");
    let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(["init", "--demo", book.to_str().unwrap()])
        .env_clear()
        .output()
        .unwrap();
    assert!(output.status.success());
    check(&book);
}

/// A book in which everything stands that is replaced in a way of its own.
fn odd() -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "# 株洲 is ours\ncurrency = \"EUR\"\nlog_file = \"interactions/li/{year}.csv\"\n\
             [log]\nother_columns = [\"hall\"]\n\
             [[flag]]\nname = \"ours\"\nwhen = \"\"\"owner = li.wei and name != '株洲 \\\\' 地铁'\n  or id in (acme, 'b1')\"\"\"\n\
             [[flag]]\nname = \"code\"\nwhen = \"custom.code = 3 or custom.only = '7' or custom.boss = owner\"\n\
             [[flag]]\nname = \"gone\"\nwhen = \"lost_reason = price and 'Acme' = aliases or owner = nobody\"\n\
             [[escalation]]\nto = \"王总\"\n[remind]\nfrom = \"crm@firm.example\"\ndefault = \"li.wei\"\n\
             [import.erp]\ninto = \"log\"\n[import.erp.map]\n\"王总的列\" = \"note\"\n\
             [export]\ncalendar = \"株洲\"\n[winning]\npromotion = [\"fair\"]\n\
             [archive]\nexpect = [\"name\", \"contact.note\", \"contact.birthday\", \"competitor.note\", \"profile.likes\"]\n",
        )
        .file("staff.toml", "[[staff]]\nid = \"li.wei\"\nname = \"李伟\"\n[[staff]]\nid = \"nobody\"\n")
        .file(
            "customers/south/zz.toml",
            "# secret\nname = \"株洲 ' 地铁\"\naliases = [\"Acme\"]\nowner = \"li.wei\"\nformer_ids = [\"zz-old\"]\n\
             tags = [\"key\"]\ncustom.code = \"3\"\ncustom.only = 7\ncustom.boss = \"li.wei\"\n\
             contact = [{ name = \"王建国\", phone = \"+86 731-8888 (王秘书)\", birthday = \"lunar leap 06-10\", note = \"tea\" }]\n\
             profile.likes = [\"tea\", 3, \"乒乓\"]\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme\"\nowner = \"li.wei\"\nadded = 2025-01-01\n[custom]\ncode = 3\nonly = \"7\"\n[[contact]]\nname = \"B\"\n\
             mobile = [\"1\", \"22\"]\nbirthday = 1980-05-01\n[[contact]]\nbirthday = \"05-01\"\n\
             [[competitor]]\nname = \"对手厂\"\nnote = \"cheap\"\n[[date]]\nname = \"王总生日\"\non = 2027-01-01\n",
        )
        .file(
            "customers/many.toml",
            "[[customer]]\nid = \"b1\"\nname = \"Bé\"\n[[customer]]\nid = \"a2\"\nname = \" \"\nrevisit = \"never\"\n",
        )
        .file(
            "interactions/2026.csv",
            "\u{feff}customer,date,kind,amount,note,hall,ref,topic,staff\r\n# 王总 said\r\n#1024,2026-01-05,visit,,,,,,\r\n\
             acme,2026-03-05T09:30,order,800.50,x,w1,PO-1,,li.wei\r\nacme,2026-03-05,visit,,\"a\nb\",,,,\r\n\
             b1,2026-03-05,lost,,,,,price,\r\nacme,2026-03-05,visit,,\"a\nb\",,,,\r\nacme,2026-03-06,expense,5,,,,fair,\r\n\
             zz-old,2026-03-07,note,,,,,quality,\r\n",
        )
        .file(
            "interactions/south/b1.csv",
            "date,kind,topic,staff,currency,unknown column\n2026-04-01,owner,li.wei,nobody,EUR,王总\n",
        )
        .file("interactions/zz-old.csv", "date,kind,amount\n2026-04-01,order,7\n2026-05-01,order,9\n")
        .file("interactions/2025.CSV", "date,kind\n")
        .file("interactions/old.xlsx", "王总")
}

#[test]
fn what_is_odd_stays_so() {
    let case = odd();
    let found = codes(&case.path(""));
    for code in [
        "row-twice",
        "row-commented",
        "former-id",
        "file-ending",
        "stray-file",
        "other-column",
        "blank-name",
    ] {
        assert!(found.contains_key(code), "{code}: {found:?}");
    }
    let out = check(&case.path(""));
    let after = files(&out.path("anonymous"));
    let all = joined(&after);
    for text in [
        "王",
        "株洲",
        "li.wei",
        "nobody",
        "acme",
        "Acme",
        "zz",
        "b1.",
        "tea",
        "乒乓",
        "price",
        "8888",
        "731",
        "PO-1",
        "secret",
        "对手厂",
        "cheap",
        "firm",
        "erp",
        "1024",
        "lunar leap",
        "w1",
    ] {
        assert!(!all.contains(text), "{text}: {all}");
    }
    // What a figure or a rule needs as it is.
    for text in ["fair", "custom.code = 3", "only = 7", "\"key\"", "EUR"] {
        assert!(all.contains(text), "{text}: {all}");
    }
    assert!(after["guanxi.toml"].contains("log_file = \"interactions/{year}.csv\""));
    let paths: Vec<&str> = after.keys().map(String::as_str).collect();
    assert_eq!(
        paths,
        [
            "customers/c0002.toml",
            "customers/c0004.toml",
            "customers/m0001.toml",
            "guanxi.toml",
            "interactions/l0001.csv",
            "interactions/l0002/c0003.csv",
            "interactions/l0003/f0001.csv",
            "interactions/x0001.CSV",
            "interactions/x0002.xlsx",
            "staff.toml",
        ]
    );
}

#[test]
fn a_rule_that_looks_into_a_replaced_text_is_named() {
    for (rule, name) in [
        ("name ~ 地铁", "name"),
        ("owner ~ /^li/", "owner"),
        ("not (custom.x ~ y)", "custom.x"),
        ("profile.needs = region", "profile.needs"),
        ("region ~ custom.x", "custom.x"),
    ] {
        let case = Case::new()
            .file(
                "guanxi.toml",
                format!("[[flag]]\nname = \"f\"\nwhen = \"{rule}\"\n"),
            )
            .file(
                "customers/a.toml",
                "name = \"甲\"\n[custom]\nx = \"y\"\n[profile]\nneeds = \"z\"\n",
            );
        let out = Case::new();
        let folder = out.path("out");
        let said = refusal(
            &case.path(""),
            &["export", "anonymous", "-o", folder.to_str().unwrap()],
        );
        let expected = format!(
            "error: a rule of `[[flag]]` looks into `{name}`, whose texts are replaced: `{rule}`\n"
        );
        assert!(said.starts_with(&expected), "{said}");
        assert!(!folder.join("guanxi.toml").exists());
    }
    // Those that name a kept text are nobody's business.
    let case = Case::new()
        .file(
            "guanxi.toml",
            "[[flag]]\nname = \"f\"\nwhen = \"region ~ 湖 and missing ~ x\"\n",
        )
        .file("customers/a.toml", "name = \"甲\"\nregion = \"湖南\"\n");
    check(&case.path(""));
}

#[test]
fn a_number_that_a_rule_says_stays_where_it_is_a_number_alone() {
    let case = Case::new()
        .file(
            "guanxi.toml",
            "[[flag]]\nname = \"a\"\nwhen = \"custom.code = 13800001111 or custom.code = 7\"\n\
             [[flag]]\nname = \"b\"\nwhen = \"custom.day >= today - 30d and custom.day = 2026-11-01\"\n\
             [[flag]]\nname = \"c\"\nwhen = \"custom.list in (4, 13900002222)\"\n",
        )
        .file(
            "customers/a.toml",
            "name = \"甲\"\n[custom]\ncode = 7.0\nlist = [4]\nday = 2026-11-01\n[[contact]]\nphone = \"13800001111\"\n",
        )
        .file(
            "customers/b.toml",
            "name = \"乙\"\n[custom]\ncode = \"13800001111\"\nlist = [\"13900002222\", \"7\"]\n\
             [[contact]]\nphone = [\"7\", \"13900002222\"]\n",
        );
    let out = check(&case.path(""));
    let all = joined(&files(&out.path("anonymous")));
    for text in ["13800001111", "13900002222"] {
        assert!(!all.contains(text), "{text}: {all}");
    }
    for text in ["custom.code = 7", "today - 30d", "custom.list in (4, '0"] {
        assert!(all.contains(text), "{text}: {all}");
    }
    assert!(!all.contains("phone = [\"7\""), "{all}");
}

#[test]
fn rows_after_the_day_are_written_and_told() {
    let case = super::book(
        &[("a", "name = \"甲\"\n")],
        "2026-11-20,a,visit,,,,,,,,\n2026-11-21,a,visit,,,,,,,,\n",
    );
    let out = Case::new();
    for (what, end) in [("anonymous", SAID), ("book", "")] {
        let folder = out.path(what);
        let output = run(
            &case.path(""),
            &["export", what, "-o", folder.to_str().unwrap()],
        );
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            said,
            format!("note: the book is written whole, with 1 row after 2026-11-20\n{end}")
        );
        let all = joined(&files(&folder));
        assert!(all.contains("2026-11-21"), "{all}");
    }
}

#[test]
#[cfg(unix)]
fn what_cannot_be_written_whole_is_taken_back() {
    let case = odd();
    let out = Case::new();
    let folder = out.path("out");
    let output = Command::new("sh")
        .args([
            "-c",
            "trap \"\" XFSZ; ulimit -f 1; exec \"$0\" export anonymous -o \"$1\" --book \"$2\" --as-of 2026-11-20",
        ])
        .arg(env!("CARGO_BIN_EXE_guanxi"))
        .arg(&folder)
        .arg(many_rows(case).path(""))
        .env_clear()
        .output()
        .unwrap();
    assert_ne!(output.status.code(), Some(0));
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

/// Adds a log that is longer than a file may be.
fn many_rows(case: Case) -> Case {
    let rows = "2026-03-05,acme,visit\n2026-03-06,acme,call\n".repeat(100);
    case.file("interactions/z.csv", format!("date,customer,kind\n{rows}"))
}

#[test]
fn what_lies_there_is_let_alone() {
    let case = odd();
    let out = Case::new().file("full/x", "");
    let full = out.path("full");
    let said = refusal(
        &case.path(""),
        &["export", "anonymous", "-o", full.to_str().unwrap()],
    );
    assert!(said.contains("is not empty"), "{said}");
    let inside = case.path("customers/new");
    let said = refusal(
        &case.path(""),
        &["export", "anonymous", "-o", inside.to_str().unwrap()],
    );
    assert!(said.contains("belongs to a book"), "{said}");
    assert!(!inside.exists());
    let file = out.path("full/x");
    let said = refusal(
        &case.path(""),
        &["export", "anonymous", "-o", file.to_str().unwrap()],
    );
    assert!(said.contains("is no folder"), "{said}");
    let broken = Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "nam = 1\n");
    let new = out.path("new");
    let args = [
        "export",
        "anonymous",
        "-o",
        new.to_str().unwrap(),
        "--keep-going",
    ];
    let said = refusal(&broken.path(""), &args);
    assert!(
        said.contains("a book with errors cannot be made anonymous"),
        "{said}"
    );
    assert!(!new.exists());
}

/// Numbers that look like chance and are the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// Texts that could be taken for something else.
const TEXTS: [&str; 10] = [
    "li",
    "甲",
    "b1",
    "3",
    "café",
    "cafe\u{301}",
    "true",
    "'q'",
    "2026-01-01",
    "a b",
];

/// Makes a book of what occurs to chance: equal days, amounts and names, several files for one customer.
fn any_book(seed: u64) -> Case {
    let mut chance = Chance(seed);
    let ids = ["b1", "A2", "甲", "z.z", "3", "乙", "li"];
    let ids = &ids[..2 + chance.below(6)];
    let mut case = Case::new().file("guanxi.toml", any_policy(&mut chance));
    for id in ids {
        let text = any_customer(id, &mut chance);
        let folder = chance.one(&["", "n/", "南/"]);
        case = case.file(&format!("customers/{folder}{id}.toml"), text);
    }
    let mut reference = 0;
    for path in ["2026", "a/2026", "甲/x", "b1", "n/b1", "old-A2", "Z"] {
        if chance.below(3) == 0 {
            continue;
        }
        let is_own = matches!(path.rsplit('/').next(), Some("b1" | "old-A2"));
        let mut log = "date,kind,amount,staff,topic,ref,note,due".to_owned();
        log.push_str(if is_own { "\n" } else { ",customer\n" });
        for _ in 0..chance.below(12) {
            reference += 1;
            log.push_str(&any_row(reference, &mut chance));
            if !is_own {
                let former = if chance.below(5) == 0 { "old-" } else { "" };
                write!(log, ",{former}{}", chance.one(ids)).unwrap();
            }
            log.push('\n');
        }
        case = case.file(&format!("interactions/{path}.csv"), log);
    }
    case
}

fn any_policy(chance: &mut Chance) -> String {
    let mut policy = String::new();
    let free = ["custom.x", "profile.y", "custom.sub.z"];
    let names = ["owner", "name", "id", "aliases"];
    for number in 0..chance.below(6) {
        let name = chance.one(&[&free[..], &names[..]].concat());
        let op = chance.one(&["=", "!="]);
        let text = chance.one(&TEXTS).replace('\'', "\\\\'");
        let rule = match chance.below(4) {
            0 => format!("{name} {op} '{text}'"),
            1 => format!("{name} in (3, '{text}', 4, li, true, false)"),
            2 => format!("{name} {op} {}", chance.one(&free)),
            _ => format!("not 'li' = {name} or custom.x > 2"),
        };
        let rule = format!("\"\"\"{rule}\"\"\"");
        writeln!(policy, "[[flag]]\nname = \"f{number}\"\nwhen = {rule}").unwrap();
    }
    policy
}

fn any_customer(id: &str, chance: &mut Chance) -> String {
    let mut text = format!("name = \"{}\"\n", chance.one(&TEXTS));
    for key in ["owner", "region", "address", "segment"] {
        if chance.below(2) > 0 {
            writeln!(text, "{key} = \"{}\"", chance.one(&TEXTS)).unwrap();
        }
    }
    let aliases = [chance.one(&TEXTS), chance.one(&TEXTS)].join("\", \"");
    writeln!(
        text,
        "aliases = [\"{aliases}\"]\nformer_ids = [\"old-{id}\"]"
    )
    .unwrap();
    if chance.below(2) > 0 {
        writeln!(text, "since = 202{}-02-03", chance.below(7)).unwrap();
    }
    let free = |chance: &mut Chance| match chance.below(4) {
        0 => "3".to_owned(),
        1 => format!("[\"{}\", 4, false]", chance.one(&TEXTS)),
        2 => "true".to_owned(),
        _ => format!("\"{}\"", chance.one(&TEXTS)),
    };
    let (x, z, y) = (free(chance), free(chance), free(chance));
    writeln!(text, "[custom]\nx = {x}\nsub.z = {z}\n[profile]\ny = {y}").unwrap();
    if chance.below(2) > 0 {
        let (name, phone) = (
            chance.one(&TEXTS),
            chance.one(&["1", "138 0000", "+86 (2) x"]),
        );
        writeln!(text, "[[contact]]\nname = \"{name}\"\nphone = \"{phone}\"").unwrap();
    }
    text
}

/// Returns a row without its customer; `number` makes its own ref.
fn any_row(number: usize, chance: &mut Chance) -> String {
    let day = format!("2026-{:02}-0{}", 1 + chance.below(5), 1 + chance.below(3));
    let time = chance.one(&["", "", "T09:30"]);
    let note = chance.one(&["", "x", "y", "x"]);
    let (text, other) = (chance.one(&TEXTS), chance.one(&TEXTS));
    let (hundreds, due) = (chance.below(3), 1 + chance.below(9));
    let topic = chance.one(&["m", "café", "cafe\u{301}"]);
    let row = match chance.below(9) {
        0 => format!("order,{hundreds}00,{text},,PO,{note},"),
        1 => format!("invoice,{hundreds}00,,,I{number},{note},2026-03-0{due}"),
        2 => format!("payment,{hundreds}00,,,,{note},"),
        3 => format!("owner,,{text},{other},,{note},"),
        4 => format!("complaint,,{text},{other},C{number},{note},"),
        5 => format!("agreement,50,,{topic},A{number},{note},2026-09-1{due}"),
        6 => format!("lost,,,{text},,{note},"),
        7 => format!("plan,,,,,{note},2026-06-0{due}"),
        _ => format!("visit,,{text},{text},,{note},"),
    };
    format!("{day}{time},{row}")
}

#[test]
fn chance_finds_no_book_whose_figures_change() {
    let mut tried = 0;
    for seed in 0..20 {
        let case = any_book(seed);
        let found = run(&case.path(""), &["check", "-f", "short"]);
        let found = String::from_utf8_lossy(&found.stdout).into_owned();
        if found.contains("error[") {
            continue;
        }
        tried += 1;
        check(&case.path(""));
    }
    assert!(tried > 10, "{tried}");
}
