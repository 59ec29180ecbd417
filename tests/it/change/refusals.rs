//! Texts and ids that break other programs: stored and given back exactly, or refused with nothing
//! changed.

use std::fs;

use guanxi::cli::Outcome;
use guanxi::model::says_something;
use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
address = \"old\"
== interactions/2026.csv
date,customer,kind,note
2026-03-01,acme,visit,first
";

fn corpus(path: &str) -> serde_json::Value {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpora/");
    serde_json::from_str(&fs::read_to_string(format!("{root}{path}")).unwrap()).unwrap()
}

fn naughty() -> Vec<String> {
    let texts: Vec<String> = serde_json::from_value(corpus("naughty/strings.json")).unwrap();
    // No system hands a NUL to a program.
    texts.into_iter().filter(|it| !it.contains('\0')).collect()
}

/// Tells whether a text has a control character, which no book holds.
fn has_control(text: &str) -> bool {
    text.contains(|it: char| it.is_control() && !matches!(it, '\t' | '\n'))
}

/// Returns the cell of a metric in the JSON that `list` writes.
fn listed(session: &Session, column: &str) -> Vec<serde_json::Value> {
    let said = session.run(&["list", "-f", "json", "-c", column]);
    assert_eq!(said.outcome, Outcome::Done, "{}", said.err);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let rows = json["rows"].as_array().unwrap();
    rows.iter().map(|row| row[column].clone()).collect()
}

#[test]
fn notes_are_stored_exactly_or_refused() {
    let mut refused = 0;
    let session = Session::new(BOOK);
    for text in naughty() {
        let before = session.read("interactions/2026.csv");
        let said = session.run(&["log", "acme", "visit", "--note", &text]);
        let after = session.read("interactions/2026.csv");
        if said.outcome == Outcome::Done {
            let new = after.strip_prefix(&before).unwrap();
            let cell = new.strip_prefix("2026-03-02,acme,visit,").unwrap();
            let cell = cell.strip_suffix('\n').unwrap();
            let cell = match cell.strip_prefix('"') {
                Some(rest) => rest.strip_suffix('"').unwrap().replace("\"\"", "\""),
                None => cell.to_owned(),
            };
            assert_eq!(cell, text);
        } else {
            refused += 1;
            assert_eq!(after, before, "{text:?}");
            assert!(!said.err.is_empty());
        }
        assert!(!said.err.contains('\u{1b}') && !said.out.contains('\u{1b}'));
    }
    assert_eq!(session.run(&["list"]).outcome, Outcome::Done);
    println!("{refused} notes refused");
    assert!(refused < 40, "{refused}");
}

/// How many customers a book of the tests below has: each command reads all of them.
const SHARE: usize = 30;

#[test]
fn values_are_stored_exactly_or_refused() {
    for texts in naughty().chunks(SHARE) {
        let session = Session::new("");
        let ids: Vec<String> = (10..10 + texts.len()).map(|it| format!("c{it}")).collect();
        for (id, text) in ids.iter().zip(texts) {
            session.write(
                &format!("customers/{id}.toml"),
                "name = \"C\"\naddress = \"old\"\n",
            );
            let said = session.run(&["set", id, &format!("address={text}")]);
            let expected = if has_control(text) {
                Outcome::Failed
            } else {
                Outcome::Done
            };
            assert_eq!(said.outcome, expected, "{text:?}: {}", said.err);
        }
        let expected: Vec<serde_json::Value> = texts
            .iter()
            .map(|text| match text.as_str() {
                "" => serde_json::Value::Null,
                text if has_control(text) => "old".into(),
                text => text.into(),
            })
            .collect();
        assert_eq!(listed(&session, "address"), expected);
    }
}

#[test]
fn names_are_stored_exactly_or_refused() {
    let mut refused = Vec::new();
    for texts in naughty().chunks(SHARE) {
        let session = Session::new("");
        let mut stored = Vec::new();
        for text in texts {
            let before = session.book();
            let said = session.run(&["add", "--force", "--", text]);
            if said.outcome == Outcome::Done {
                stored.push(text.trim().to_owned());
            } else {
                refused.push(text.clone());
                assert_eq!(session.book(), before, "{text:?}");
            }
        }
        let mut found: Vec<String> = listed(&session, "name")
            .iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect();
        found.sort();
        stored.sort();
        assert_eq!(found, stored);
    }
    refused.retain(|it| !has_control(it) && says_something(it));
    assert_eq!(refused, [""; 0]);
}

#[test]
fn a_beginning_is_nobody_to_who_writes() {
    let session = Session::new(
        "== customers/shop-5.toml\nname = \"Five\"\n== customers/shop-50.toml\nname = \"Fifty\"\n\
         == customers/zzz.toml\nname = \"Zett\"\n",
    )
    .input("customer,kind\nshop,visit\n");
    let shown = session.play(
        "
        rename shop-5 corner
        log shop-5 order 300
        log shop- order 300
        log -
        remove z --with-rows
        set zz region=南
        merge zz corner
        log fifty call
        log shop-5 call
        rename corner shop-5
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi rename shop-5 corner
renamed shop-5 to corner (customers/corner.toml), with 0 rows
next revisit 2026-03-02
$ guanxi log shop-5 order 300
logged order of corner on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-31
$ guanxi log shop- order 300
error: no customer is called `shop-`
  = help: did you mean `shop-50` (Fifty)?
[Failed]
$ guanxi log -
error: standard input, line 2: no customer is called `shop`
  = help: did you mean `shop-50` (Fifty)?

1 error
note: nothing was written
[Failed]
$ guanxi remove z --with-rows
error: no customer is called `z`
  = help: did you mean `zzz` (Zett)?
[Failed]
$ guanxi set zz region=南
error: no customer is called `zz`
  = help: did you mean `zzz`?
[Failed]
$ guanxi merge zz corner
error: no customer is called `zz`
  = help: did you mean `zzz`?
[Failed]
$ guanxi log fifty call
logged call of shop-50 on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-31
$ guanxi log shop-5 call
logged call of corner on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-31
$ guanxi rename corner shop-5
renamed corner to shop-5 (customers/shop-5.toml), with 2 rows
next revisit 2026-05-31

"#]],
    );
    assert_eq!(
        session.read("customers/shop-5.toml"),
        "name = \"Five\"\nformer_ids = [\"corner\"]\n"
    );
}

#[test]
fn a_name_is_given_once_unless_forced() {
    let session = Session::new(
        "== customers/metro.toml\nname = \"株洲地铁集团\"\naliases = [\"Zhuzhou Metro\"]\n\
         == customers/acme.toml\nname = \"Acme Inc\"\nformer_ids = [\"apex\"]\n",
    );
    for name in [
        "株洲地铁集团有限公司",
        " 株洲 地铁集团 ",
        "ZHUZHOU  metro",
        "Ｚhuzhou Metro Co., Ltd.",
        "ACME",
        "",
        " ",
        "-",
        "。",
    ] {
        let said = session.run(&["add", "--", name]);
        assert_eq!(said.outcome, Outcome::Failed, "{name}");
    }
    let shown = session.play(
        "
        add 'Acme GmbH' --id acme-gmbh
        add '  Acme  ' --force
        add Apex
        add Other --id APEX
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi add 'Acme GmbH' --id acme-gmbh
added acme-gmbh (customers/acme-gmbh.toml)
next revisit 2026-05-31
$ guanxi add '  Acme  ' --force
added acme-2 (customers/acme-2.toml)
next revisit 2026-05-31
$ guanxi add Apex
added apex-2 (customers/apex-2.toml)
next revisit 2026-05-31
$ guanxi add Other --id APEX
error: the id `APEX` is taken
  = help: `acme` once had it; choose another
[Failed]

"#]],
    );
    assert!(
        session
            .read("customers/acme-2.toml")
            .starts_with("name = \"Acme\"\n")
    );
}

#[test]
fn ids_are_made_or_refused() {
    for it in corpus("values/ids.json").as_array().unwrap() {
        let (id, is_right) = (it["id"].as_str().unwrap(), it["ok"].as_bool().unwrap());
        let session = Session::new("== customers/old.toml\nname = \"Old\"\n");
        let before = session.book();
        let id_option = format!("--id={id}");
        for args in [
            vec!["add", "X", &id_option],
            vec!["rename", "old", "--", id],
        ] {
            let said = session.run(&args);
            let is_made = said.outcome == Outcome::Done;
            assert_eq!(is_made, is_right, "{args:?}: {}", said.err);
            if is_right {
                assert!(session.root().join(format!("customers/{id}.toml")).exists());
                session.run(&["remove", "--", id]);
                session.write("customers/old.toml", "name = \"Old\"\n");
            } else {
                assert_eq!(session.book(), before);
            }
        }
        let outside = fs::read_dir(session.root()).unwrap().count();
        assert!(outside <= 4, "{id:?} leaves the folder");
    }
}

#[test]
fn odd_customer_files_keep_all_but_one_line() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/corpora/customers/styles"
    );
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|it| it != "toml") {
            continue;
        }
        let old = fs::read_to_string(&path).unwrap();
        let session = Session::new("");
        session.write("customers/x.toml", &old);
        let ids: Vec<String> = listed(&session, "id")
            .iter()
            .map(|it| it.as_str().unwrap().to_owned())
            .collect();
        for field in ["region=新", "address=a \"b\""] {
            session.write("customers/x.toml", &old);
            let said = session.run(&["set", &ids[0], field]);
            assert_eq!(said.outcome, Outcome::Done, "{path:?}: {}", said.err);
            let new = session.read("customers/x.toml");
            let (before, after): (Vec<&str>, Vec<&str>) =
                (old.split('\n').collect(), new.split('\n').collect());
            let same = before
                .iter()
                .zip(&after)
                .take_while(|(a, b)| a == b)
                .count();
            let rest = before.len().saturating_sub(same);
            let ends = (0..=rest)
                .filter(|back| before.ends_with(&after[after.len() - back.min(&after.len())..]))
                .max()
                .unwrap();
            // One line changed, or one added (which may give the last line its end).
            assert!(
                after.len() - same - ends.min(after.len() - same) <= 2,
                "{path:?}:\n{new}"
            );
            assert!(after.len() - before.len() <= 1, "{path:?}:\n{new}");
            let id = format!("id = '{}'", ids[0]);
            let (name, text) = field.split_once('=').unwrap();
            let said = session.run(&["list", &id, "-f", "json", "-c", name]);
            let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
            assert_eq!(json["rows"][0][name], text);
        }
    }
}

#[test]
fn control_characters_are_refused_before_anything_is_read() {
    let session = Session::new("== customers/acme.toml\nname = \"Acme\"\n");
    let before = session.book();
    for args in [
        &["add", "Bell\u{7}"][..],
        &["add", "Bell", "--owner", "li\u{9b}31m"],
        &["set", "acme", "address=1 High Street\r"],
        &["set", "acme", "custom.\u{7f}=1"],
        &["set", "--where", "id = acme", "region=a\u{1b}[2J", "--yes"],
        &["log", "acme", "visit", "a\u{0085}b"],
        &["log", "acme", "visit", "--topic", "a\u{1}"],
        &["rename", "acme", "b\u{1b}"],
    ] {
        let said = session.run(args);
        assert_eq!(said.outcome, Outcome::Failed, "{args:?}");
        assert!(
            said.err.contains("has the control character U+00"),
            "{}",
            said.err
        );
        assert!(!said.err.contains("-->"), "{}", said.err);
    }
    assert_eq!(session.book(), before);
    // Tabs and line breaks are text.
    let said = session.run(&["set", "acme", "address=a\tb\nc"]);
    assert_eq!(said.outcome, Outcome::Done, "{}", said.err);
    let said = session.run(&["log", "acme", "visit", "a\tb\r\nc"]);
    assert_eq!(said.outcome, Outcome::Done, "{}", said.err);
}

#[test]
fn names_that_look_alike_are_told_apart() {
    let session = Session::new(
        "== customers/a.toml\nname = \"Acme Works\"\n\
         == customers/b.toml\nname = \"Acme\u{a0}Works\"\n\
         == customers/c.toml\nname = \"Acme\u{200b} Works\"\n",
    );
    let said = session.run(&["show", "works"]);
    assert_eq!(
        said.err,
        "error: no customer is called `works`\n  \
         = help: did you mean `a` (Acme Works), `b` (Acme\\u{a0}Works) or `c` (Acme\\u{200b} Works)?\n"
    );
}

const TWO: &str = "\
== staff.toml
[[staff]]
id = \"li\"
[[staff]]
id = \"wu\"
left = 2025-01-01
== customers/acme.toml
name = \"Acme\"
owner = \"li\"
stage = \"bidding\"
== customers/beta.toml
name = \"Beta\"
former_ids = [\"old\"]
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
";

#[test]
fn a_former_id_is_nobody_elses() {
    let session = Session::new(TWO).editor("sed -i '$a former_ids = [\"beta\"]'");
    let before = session.book();
    for args in [
        ["set", "acme", "former_ids=beta"].as_slice(),
        &["set", "acme", "former_ids=x,OLD"],
        &["add", "C", "--set", "former_ids=acme"],
        &["add", "C", "--set", "former_ids=old"],
        &["edit", "acme"],
    ] {
        let said = session.run(args);
        assert_eq!(said.outcome, Outcome::Failed, "{args:?}");
        assert!(
            said.err.contains("error[id-twice]"),
            "{args:?} {}",
            said.err
        );
        assert_eq!(session.book(), before, "{args:?}");
    }
    assert_eq!(
        session.run(&["set", "acme", "former_ids=acme-1"]).outcome,
        Outcome::Done
    );
}

#[test]
fn customers_are_given_to_people_in_service() {
    let session = Session::new(TWO);
    let before = session.book();
    for (args, said_of) in [
        (
            ["log", "acme", "owner", "--staff", "nosuch"].as_slice(),
            "`nosuch` is nobody in staff.toml",
        ),
        (
            &["log", "acme", "owner", "--staff", "wu"],
            "`wu` left on 2025-01-01",
        ),
        (&["set", "acme", "owner=wu"], "`wu` left on 2025-01-01"),
        (&["add", "C", "--owner", "wu"], "`wu` left on 2025-01-01"),
    ] {
        let said = session.run(args);
        assert_eq!(said.outcome, Outcome::Failed, "{args:?}");
        assert!(said.err.contains(said_of), "{args:?} {}", said.err);
        assert_eq!(session.book(), before, "{args:?}");
    }
    // On a day of the past it was so.
    let said = session.run(&[
        "log",
        "acme",
        "owner",
        "--staff",
        "wu",
        "--date",
        "2024-05-01",
    ]);
    assert_eq!(said.outcome, Outcome::Done, "{}", said.err);
}

#[test]
fn a_wrong_owner_is_mended_with_a_row() {
    let session = Session::new(TWO);
    let text = session.read("customers/acme.toml");
    session.write("customers/acme.toml", text.replace("\"li\"", "\"nosuch\""));
    session.write(
        "interactions/2026.csv",
        format!(
            "{}2026-02-02,acme,owner,,,nosuch,li,,,,\n",
            session.read("interactions/2026.csv")
        ),
    );
    let said = session.run(&["set", "acme", "owner=li"]);
    assert!(said.out.contains("(logged)"), "{}{}", said.out, said.err);
    let listed = session.run(&["list", "-c", "id,owner", "-f", "csv"]);
    assert_eq!(listed.out, "id,owner\nacme,li\nbeta,\n");
}

#[test]
fn a_stage_that_is_logged_stands_in_the_file_too() {
    let session = Session::new(TWO);
    let said = session.run(&["log", "acme", "stage", "delivery"]);
    assert!(
        said.out
            .contains("set stage in customers/acme.toml as well"),
        "{}",
        said.out
    );
    assert!(
        session
            .read("customers/acme.toml")
            .contains("stage = \"delivery\"")
    );
    // A stage of the past does not change what is so today.
    session.run(&["log", "acme", "stage", "prospect", "--date", "2025-05-01"]);
    assert!(
        session
            .read("customers/acme.toml")
            .contains("stage = \"delivery\"")
    );
    assert_eq!(
        session.run(&["check"]).err.matches("stage-differs").count(),
        0
    );
}
