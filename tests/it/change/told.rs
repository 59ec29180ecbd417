//! Owner and stage, which rows tell before a customer's file does; and in what order rows are read.

use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = r#"== customers/a.toml
name = "Alpha"
owner = "li"
stage = "bidding"
== customers/b.toml
name = "Beta"
owner = "wang"
stage = "delivery"
former_ids = ["old"]
== interactions/2026.csv
date,customer,kind,staff,topic,note
2026-01-05,a,owner,zhao,li,
2026-02-05,a,owner,li,zhao,
2026-02-06,a,stage,,bidding,
"#;

const LOG: &str = "interactions/2026.csv";

fn owners(session: &Session) -> String {
    let said = session.run(&["list", "-c", "id,owner,stage", "-f", "csv"]);
    said.out
}

#[test]
fn whoever_stays_in_a_merge_keeps_owner_and_stage() {
    let session = Session::new(BOOK);
    let said = session.play("merge a b");
    assert!(
        said.contains("logged owner wang, so that it stays"),
        "{said}"
    );
    assert_eq!(owners(&session), "id,owner,stage\nb,wang,delivery\n");
    let rows = "2026-03-02,b,owner,wang,li,\n2026-03-02,b,stage,,delivery,\n";
    assert!(session.read(LOG).ends_with(rows));
    assert_eq!(session.run(&["check", "-q"]).out, "");

    // The other way round no row of the one that goes is newer.
    let session = Session::new(BOOK);
    session.play("merge b a");
    assert_eq!(owners(&session), "id,owner,stage\na,li,bidding\n");
    assert_eq!(session.read(LOG).lines().count(), 4);

    // What is in nobody's file comes from the rows of the one that goes.
    let session = Session::new(BOOK);
    session.write("customers/b.toml", "name = \"Beta\"\n");
    session.play("merge a b");
    assert_eq!(owners(&session), "id,owner,stage\nb,li,bidding\n");
    assert_eq!(session.read(LOG).lines().count(), 4);
}

#[test]
fn both_of_a_merge_may_stand_in_one_file_and_the_log_be_of_one_alone() {
    let session = Session::new(
        r#"== customers/all.toml
[[customer]]
id = "a"
name = "Alpha"
owner = "li"
[[customer]]
id = "b"
name = "Beta"
owner = "wang"
== interactions/2026.csv
date,kind,staff,topic
2026-01-05,owner,li,zhao
"#,
    );
    session.write(
        "guanxi.toml",
        "log_file = \"interactions/{customer}.csv\"\n",
    );
    std::fs::rename(
        session.root().join(LOG),
        session.root().join("interactions/a.csv"),
    )
    .unwrap();
    session.play("merge a b");
    assert_eq!(owners(&session), "id,owner,stage\nb,wang,\n");
    assert_eq!(
        session.read("customers/all.toml"),
        "[[customer]]\nid = \"b\"\nname = \"Beta\"\nowner = \"wang\"\naliases = [\"Alpha\"]\nformer_ids = [\"a\"]\n"
    );
    assert_eq!(session.run(&["check", "-q"]).out, "");
}

#[test]
fn a_stage_is_logged_for_a_customer_without_rows() {
    let session = Session::new(BOOK);
    check(
        &session.play("set b stage=completed"),
        str![[r#"
$ guanxi set b stage=completed
set b: stage delivery -> completed (logged)
next revisit 2026-05-31

"#]],
    );
    assert!(
        session
            .read(LOG)
            .ends_with("2026-03-02,b,stage,,completed,\n")
    );
}

#[test]
fn what_is_set_is_read_behind_the_rows_of_the_day() {
    let session = Session::new(BOOK);
    session.write(
        LOG,
        "date,customer,kind,staff,topic\n2026-03-02T09:30,a,owner,zhao,li\n2026-03-02T08:00,b,visit,,\n",
    );
    session.play("set a owner=xu");
    assert!(owners(&session).contains("a,xu,"));
    assert!(
        session
            .read(LOG)
            .ends_with("2026-03-02T09:30,a,owner,xu,zhao\n")
    );

    // A log that is read later cannot be overruled by a row of this one.
    session.write(
        "interactions/z.csv",
        "date,customer,kind,staff,topic\n2026-03-02T09:30,a,owner,qi,li\n",
    );
    let before = session.book();
    check(
        &session.play("set a owner=wang"),
        str![[r#"
$ guanxi set a owner=wang
error: `a` would still have `qi` as its owner: a row of today says so
  = help: it stands in a log that is read after the new row's; give it an earlier time, or take it out: `guanxi history a --kind owner` tells where it is
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn an_owner_row_typed_by_hand_tells_whose_it_was_and_the_file_follows() {
    let session = Session::new(BOOK);
    check(
        &session.play("log b owner --staff zhao"),
        str![[r#"
$ guanxi log b owner --staff zhao
logged owner of b on 2026-03-02 (interactions/2026.csv)
owner wang -> zhao (topic `wang`)
set owner in customers/b.toml as well
next revisit 2026-03-02

"#]],
    );
    assert!(
        session
            .read(LOG)
            .ends_with("2026-03-02,b,owner,zhao,wang,\n")
    );
    assert!(
        session
            .read("customers/b.toml")
            .contains("owner = \"zhao\"\n")
    );
    let past = [
        "list",
        "-c",
        "id,owner",
        "-f",
        "csv",
        "--as-of",
        "2026-03-01",
    ];
    assert!(session.run(&past).out.contains("b,wang\n"));
    assert_eq!(session.run(&["check", "-q"]).out, "");
    // One of the past leaves the file alone.
    session.play("log a owner --staff xu --date 2026-01-20");
    assert!(session.read(LOG).ends_with("2026-01-20,a,owner,xu,zhao,\n"));
    assert!(
        session
            .read("customers/a.toml")
            .contains("owner = \"li\"\n")
    );
}

#[test]
fn owner_rows_of_standard_input_follow_each_other() {
    let rows = "date,customer,kind,staff\n2026-02-10,b,owner,xu\n2026-02-20,b,owner,qi\n";
    let session = Session::new(BOOK).input(rows);
    session.play("log -");
    let log = session.read(LOG);
    assert!(
        log.ends_with("2026-02-10,b,owner,xu,wang,\n2026-02-20,b,owner,qi,xu,\n"),
        "{log}"
    );
    assert!(
        session
            .read("customers/b.toml")
            .contains("owner = \"qi\"\n")
    );
}

#[test]
fn a_log_named_for_a_former_id_takes_rows_and_gets_columns() {
    let session = Session::new(BOOK);
    session.write("guanxi.toml", "log_file = \"interactions/old.csv\"\n");
    session.write(
        "interactions/old.csv",
        "date,kind,note\n2026-01-01,visit,x\n",
    );
    session.play("log b call again");
    let log = "date,kind,note\n2026-01-01,visit,x\n2026-03-02,call,again\n";
    assert_eq!(session.read("interactions/old.csv"), log);
    session.play("fmt --all-columns");
    let log = session.read("interactions/old.csv");
    assert!(
        log.ends_with("\n2026-01-01,b,visit,,,,,,,,x\n2026-03-02,b,call,,,,,,,,again\n"),
        "{log}"
    );
}

#[test]
fn rows_of_one_change_keep_their_order_beside_a_short_log() {
    let rows = "date,customer,kind,due\n2026-03-01,b,plan,2026-03-01\n2026-03-01,b,visit,\n2026-03-01,a,visit,\n";
    let session = Session::new(BOOK).input(rows);
    session.play("log -");
    let beside = session.read("interactions/2026_2.csv");
    let kinds: Vec<&str> = beside
        .lines()
        .filter_map(|row| row.split(',').nth(2))
        .collect();
    assert_eq!(kinds, ["kind", "plan", "visit"]);
    assert!(session.read(LOG).ends_with("2026-03-01,a,visit,,,\n"));
}
