//! The program itself, many processes at once: every acknowledged change is there exactly once.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::session::Session;

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme Works\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,visit,,,,,,,,first
";

const LOG: &str = "interactions/2026.csv";

/// Builds a command of the program on a book.
pub(crate) fn program(book: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
    command
        .args(args)
        .env("GUANXI_BOOK", book)
        .stdin(Stdio::null());
    command
}

fn run(book: &Path, args: &[&str]) -> Output {
    program(book, args).output().unwrap()
}

fn error_of(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Asserts that a command was done.
#[track_caller]
fn done(book: &Path, args: &[&str]) {
    let output = run(book, args);
    assert!(output.status.success(), "{args:?}: {}", error_of(&output));
}

/// Asserts that the log has the first row, and one row with each of the notes.
fn assert_notes(session: &Session, notes: &[String]) {
    let text = session.read(LOG);
    let mut found: Vec<&str> = text
        .lines()
        .skip(2)
        .map(|it| it.rsplit(',').next().unwrap())
        .collect();
    assert!(
        text.lines().all(|line| line.matches(',').count() == 10),
        "a torn line"
    );
    found.sort_unstable();
    let mut expected: Vec<&str> = notes.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn eight_writers_log_fifty_rows_each() {
    let session = Session::new(BOOK);
    let start = Instant::now();
    let times: Vec<Duration> = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..8)
            .map(|writer| {
                let root = session.root();
                scope.spawn(move || {
                    let one = |row: usize| {
                        let start = Instant::now();
                        let note = format!("w{writer}-{row}");
                        done(
                            root,
                            &[
                                "log",
                                "acme",
                                "visit",
                                &note,
                                "--date",
                                "2026-03-02",
                                "--wait",
                                "60",
                            ],
                        );
                        start.elapsed()
                    };
                    (0..50).map(one).collect::<Vec<_>>()
                })
            })
            .collect();
        writers
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let mut times = times;
    times.sort_unstable();
    println!(
        "400 rows in {:?}, the 99th percentile {:?}",
        start.elapsed(),
        times[395]
    );
    let notes: Vec<String> = (0..8)
        .flat_map(|writer| (0..50).map(move |row| format!("w{writer}-{row}")))
        .collect();
    assert_notes(&session, &notes);
}

#[test]
fn fields_set_at_once_are_all_set() {
    let session = Session::new(BOOK);
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let root = session.root();
            scope.spawn(move || {
                for key in 0..5 {
                    done(
                        root,
                        &[
                            "set",
                            "acme",
                            &format!("custom.k{writer}{key}=1"),
                            "--wait",
                            "60",
                        ],
                    );
                }
            });
        }
    });
    let text = session.read("customers/acme.toml");
    for writer in 0..8 {
        for key in 0..5 {
            let line = format!("custom.k{writer}{key} = 1");
            assert_eq!(text.lines().filter(|it| **it == line).count(), 1, "{text}");
        }
    }
}

#[test]
fn cases_opened_at_once_get_refs_of_their_own() {
    let session = Session::new(BOOK);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            let root = session.root();
            scope.spawn(move || {
                for _ in 0..5 {
                    done(
                        root,
                        &[
                            "log",
                            "acme",
                            "complaint",
                            "--date",
                            "2026-03-02",
                            "--wait",
                            "60",
                        ],
                    );
                }
            });
        }
    });
    let text = session.read(LOG);
    let rest = (2..=20).map(|number| format!(",C-20260302-{number},"));
    for reference in std::iter::once(",C-20260302,".to_owned()).chain(rest) {
        assert_eq!(text.matches(&reference).count(), 1, "{text}");
    }
}

#[test]
fn rows_of_several_beside_a_short_log_are_all_there() {
    let session = Session::new(BOOK);
    session.write(LOG, "date,customer,kind\n2026-03-01,acme,visit\n");
    let options = [
        ["--note", "n"],
        ["--staff", "s"],
        ["--channel", "c"],
        ["--topic", "t"],
    ];
    std::thread::scope(|scope| {
        for option in options {
            let root = session.root();
            scope.spawn(move || {
                for kind in ["visit", "call", "email"] {
                    let args = [
                        "log",
                        "acme",
                        kind,
                        option[0],
                        option[1],
                        "--date",
                        "2026-03-02",
                        "--wait",
                        "60",
                    ];
                    done(root, &args);
                }
            });
        }
    });
    assert_eq!(
        session.read(LOG),
        "date,customer,kind\n2026-03-01,acme,visit\n"
    );
    let text = session.read("interactions/2026_2.csv");
    assert_eq!(text.lines().count(), 13, "{text}");
    assert!(
        text.lines().all(|it| it.matches(',').count() == 10),
        "{text}"
    );
    for [_, cell] in options {
        assert_eq!(
            text.split([',', '\n']).filter(|it| *it == cell).count(),
            3,
            "{text}"
        );
    }
}

#[test]
fn a_customer_renamed_again_and_again_is_logged_all_the_time() {
    let session = Session::new(BOOK);
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let writers: Vec<_> = (0..2)
            .map(|writer| {
                let root = session.root();
                scope.spawn(move || {
                    for row in 0..15 {
                        let note = format!("w{writer}-{row}");
                        // By name: the id may be another one in a moment.
                        done(
                            root,
                            &[
                                "log",
                                "Acme Works",
                                "visit",
                                &note,
                                "--date",
                                "2026-03-02",
                                "--wait",
                                "60",
                            ],
                        );
                    }
                })
            })
            .collect();
        scope.spawn(|| {
            for (from, to) in [("acme", "emca"), ("emca", "acme")].iter().cycle() {
                if is_over.load(Ordering::Relaxed) {
                    break;
                }
                done(session.root(), &["rename", from, to, "--wait", "60"]);
            }
        });
        scope.spawn(|| {
            while !is_over.load(Ordering::Relaxed) {
                let output = run(
                    session.root(),
                    &["list", "-f", "csv", "-c", "id,last_contact"],
                );
                assert!(output.status.success(), "{}", error_of(&output));
            }
        });
        for writer in writers {
            let result = writer.join();
            is_over.store(true, Ordering::Relaxed);
            result.unwrap();
        }
    });
    let notes: Vec<String> = (0..2)
        .flat_map(|writer| (0..15).map(move |row| format!("w{writer}-{row}")))
        .collect();
    assert_notes(&session, &notes);
    let said = session.run(&["list", "-f", "csv", "-c", "id"]);
    assert_eq!(said.err, "");
}

#[test]
fn a_locked_book_says_who_holds_it() {
    let session = Session::new(BOOK);
    done(session.root(), &["set", "acme", "region=x"]);
    let folder = guanxi::folder::Folder::new(session.root());
    let before = session.book();
    let writer = folder
        .write(Duration::from_secs(1), "import big.csv")
        .unwrap();
    let output = run(session.root(), &["log", "acme", "visit", "--wait", "0"]);
    assert_eq!(output.status.code(), Some(2));
    let said = error_of(&output);
    assert!(
        said.starts_with("error: the book is being changed by `import big.csv` (process "),
        "{said}"
    );
    drop(writer);
    assert_eq!(session.book(), before);
}

/// Commands that change the book from `BOOK`, and again from what they made of it.
const KILLED: [&[&str]; 4] = [
    &[
        "log",
        "Acme Works",
        "visit",
        "killed",
        "--date",
        "2026-03-02",
    ],
    &["set", "Acme Works", "region=A"],
    &["rename", "acme", "emca"],
    &["rename", "emca", "acme"],
];

#[test]
fn killed_at_random_moments() {
    let session = Session::new(BOOK);
    let mut logged = 0;
    let mut asked = 0;
    for round in 0..48 {
        let args = KILLED[round % KILLED.len()];
        let mut child = program(session.root(), args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_micros(
            4_000 + 1_500 * (round as u64 * 7 % 23),
        ));
        child.kill().unwrap();
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        if args[0] == "log" {
            asked += 1;
            logged += usize::from(said.contains("logged"));
        }
        let listed = run(
            session.root(),
            &[
                "list",
                "-f",
                "csv",
                "-c",
                "id,contacts",
                "--as-of",
                "2026-03-02",
            ],
        );
        assert!(listed.status.success(), "{args:?}: {}", error_of(&listed));
        // The next write goes through at once, and readers saw what it leaves.
        done(
            session.root(),
            &["set", "Acme Works", &format!("custom.round={round}")],
        );
        let again = run(
            session.root(),
            &[
                "list",
                "-f",
                "csv",
                "-c",
                "id,contacts",
                "--as-of",
                "2026-03-02",
            ],
        );
        assert_eq!(listed.stdout, again.stdout);
    }
    let found = session.read(LOG).matches(",killed\n").count();
    println!("{logged} of {asked} told, {found} there");
    assert!((logged..=asked).contains(&found));
    let left: Vec<_> = fs::read_dir(session.root().join("customers"))
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with('.'))
        .collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn rows_of_a_killed_command_are_given_again_and_there_once() {
    let rows = "date,customer,kind,amount,ref,note\n\
                2026-03-02,acme,visit,,,one\n2025-03-02,acme,order,5,PO-1,two\n\
                2026-03-02,acme,complaint,,C-9,three\n";
    let (mut in_time, mut too_late) = (0, 0);
    for round in 0..24 {
        let session = Session::new(BOOK);
        session.write(".rows", rows);
        let log = || {
            let input = fs::File::open(session.root().join(".rows")).unwrap();
            let mut command = program(session.root(), &["log", "-"]);
            command
                .stdin(input)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let mut killed = log();
        std::thread::sleep(Duration::from_micros(2_000 + 1_000 * round));
        killed.kill().unwrap();
        killed.wait().unwrap();
        // A ref of its own tells rows that are there already.
        let again = log().wait_with_output().unwrap();
        if again.status.success() {
            in_time += 1;
        } else {
            let said = error_of(&again);
            assert!(said.contains("case `C-9` is entered twice"), "{said}");
            too_late += 1;
        }
        let text = session.read(LOG) + &session.read("interactions/2025.csv");
        for note in ["one", "two", "three"] {
            assert_eq!(text.matches(&format!(",{note}\n")).count(), 1, "{text}");
        }
    }
    println!("{in_time} killed before their change, {too_late} after");
}
