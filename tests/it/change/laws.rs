//! What holds of every command that writes, whatever the book is like: it leaves no more faults than
//! it found, it can be taken back to the byte, and refused it changes none.

use std::collections::BTreeMap;

use guanxi::cli::Outcome;
use proptest::prelude::*;

use super::session::Session;

/// A book with a few faults of its own, in odd forms.
const BOOK: &str = "\
== guanxi.toml
stages = [\"bidding\", \"delivery\"]
== staff.toml
[[staff]]
id = \"li\"
name = \"Li\"
[[staff]]
id = \"wang\"
name = \"Wang\"
== customers/a.toml
name = \"A\"   # the first
owner = \"li\"
stage = \"bidding\"
former_ids = [\"old\"]
== customers/b.toml
# B has a log of its own.
name = 'B'
[[contact]]
name = \"Wei\"
== customers/more/c.toml
name = \"C\"
nickname = \"see\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-02-01,a,complaint,,,li,,,C-1,,
2026-02-02,old,order,\"1,000\",,,,,PO-1,,\"x, \"\"y\"\"\"
2026-02-03,c,visit,,,wang,,,,,
2026-02-02,c,call,,,,,,,,
2026-02-03,c,visit,,,wang,,,,,
== interactions/2025.csv
kind,date,customer\r
visit,2025-02-01,a\r
oops,2025-02-01,c\r
== interactions/b.csv
kind,date
call,2026-02-01
";

/// The same without the rows that have errors, so that commands which look at every log do not refuse it.
fn sound_book() -> String {
    let bad = ["oops,2025-02-01,c\r\n", "nickname = \"see\"\n"];
    let fixed = bad
        .iter()
        .fold(BOOK.to_owned(), |text, bad| text.replace(bad, ""));
    fixed.replace("\"1,000\"", "\"1000\"")
}

const IDS: [&str; 5] = ["a", "b", "c", "d", "old"];

/// Commands; `X` and `Y` are customers, `DAY` is a day.
const COMMANDS: [&[&str]; 24] = [
    &["add", "D", "--id", "d"],
    &["add", "X", "--force"],
    &["set", "X", "region=Y"],
    &["set", "X", "stage=delivery"],
    &["set", "X", "owner=wang"],
    &["set", "X", "custom.k=1", "tags=key"],
    &["set", "X", "name="],
    &["set", "--where", "owner = li", "region=X", "--yes"],
    &["contact", "X", "Wei", "--phone", "1"],
    &["contact", "X", "Wei", "--remove"],
    &["log", "X", "visit", "--date", "DAY"],
    &["log", "X", "order", "5", "a, \"note\"", "--date", "DAY"],
    &["log", "X", "complaint", "--date", "DAY"],
    &["log", "X", "response", "--ref", "C-1", "--date", "DAY"],
    &["log", "X", "visit", "--next", "2w", "--date", "DAY"],
    &["log", "X", "owner", "--staff", "wang", "--date", "DAY"],
    &["log", "-"],
    &["rename", "X", "Y"],
    &["merge", "X", "Y"],
    &["remove", "X"],
    &["remove", "X", "--with-rows"],
    &["handover", "li", "wang"],
    &["fmt"],
    &["check", "--fix", "--yes"],
];

const DAYS: [&str; 4] = ["2026-03-01", "2026-02-02", "2025-06-01", "2024-06-01"];

/// A command with what stands for customers and the day put in.
fn command() -> impl Strategy<Value = Vec<&'static str>> {
    let places = (0..IDS.len(), 0..IDS.len(), 0..DAYS.len());
    (0..COMMANDS.len(), places).prop_map(|(command, (x, y, day))| {
        let words = COMMANDS[command].iter();
        let put_in = |word: &&'static str| match *word {
            "X" => IDS[x],
            "Y" => IDS[y],
            "DAY" => DAYS[day],
            word => word,
        };
        words.map(put_in).collect()
    })
}

/// Equal rows are told by whoever logs them: both count, and `check` names them.
const TOLD: [&str; 2] = ["row-twice", "row-near-twice"];

/// Counts the faults of the book by severity and code.
fn faults(session: &Session) -> BTreeMap<String, u64> {
    let said = session.run(&["check", "-f", "json"]);
    assert_ne!(said.outcome, Outcome::Failed, "{}", said.err);
    let json: serde_json::Value = serde_json::from_str(&said.out).unwrap();
    let mut counts = BTreeMap::new();
    for row in json["rows"].as_array().unwrap() {
        let word = |key: &str| row[key].as_str().unwrap().to_owned();
        if TOLD.contains(&&*word("code")) {
            continue;
        }
        let count = row["count"].as_u64().unwrap_or(1);
        *counts
            .entry(format!("{} {}", word("severity"), word("code")))
            .or_default() += count;
    }
    counts
}

/// Does a command and holds the laws against it.
fn obeys(session: &Session, command: &[&str]) {
    let (before, faults_before) = (session.book(), faults(session));
    let said = session.run(command);
    let after = session.book();
    let at = format!("{command:?}: {:?}: {}\n{before}", said.outcome, said.err);
    if said.outcome == Outcome::Failed {
        assert_eq!(after, before, "{at}");
        return;
    }
    let faults_after = faults(session);
    for (fault, count) in &faults_after {
        let had = faults_before.get(fault).copied().unwrap_or(0);
        assert!(
            *count <= had,
            "{fault} from {had} to {count}: {at}\n{after}"
        );
    }
    if after == before {
        return;
    }
    let undone = session.run(&["undo", "--yes"]);
    assert_eq!(undone.outcome, Outcome::Done, "{at}: {}", undone.err);
    assert_eq!(session.book(), before, "{at}");
    let again = session.run(command);
    assert_eq!(
        (again.outcome, session.book()),
        (said.outcome, after),
        "{at}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, max_shrink_iters: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_command_leaves_a_book_worse_or_what_cannot_be_taken_back(
        commands in prop::collection::vec(command(), 1..10)
    ) {
        let rows = "date,customer,kind,note\n2026-03-01,a,email,e\n2024-03-01,b,email,\n";
        let session = Session::new(BOOK).input(rows);
        for command in &commands {
            obeys(&session, command);
        }
    }

    #[test]
    fn nor_does_one_of_a_book_without_errors(
        commands in prop::collection::vec(command(), 1..10)
    ) {
        let rows = "date,customer,kind,note\n2026-03-01,a,email,e\n2024-03-01,b,email,\n";
        let session = Session::new(&sound_book()).input(rows);
        for command in &commands {
            obeys(&session, command);
        }
    }
}

#[test]
fn a_sound_book_lets_commands_over_all_logs_through() {
    for command in [
        &["rename", "a", "d"][..],
        &["merge", "a", "c"],
        &["remove", "a", "--with-rows"],
        &["handover", "li", "wang"],
        &["fmt"],
    ] {
        let session = Session::new(&sound_book());
        let before = session.book();
        obeys(&session, command);
        assert_ne!(session.book(), before, "{command:?}");
    }
}
