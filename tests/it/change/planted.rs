//! Books that came with something in `.guanxi`: nothing of it is obeyed.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::Command;

use super::processes::program;
use super::session::Session;

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
== interactions/2026.csv
date,customer,kind
2026-03-01,acme,visit
";

/// Returns the 64-bit FNV-1a hash, as journals of early versions have it.
fn hash(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

fn print(bytes: &[u8]) -> String {
    format!("{}:{:016x}", bytes.len(), hash(bytes))
}

fn git(session: &Session, args: &[&str]) -> bool {
    let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com"];
    let done = Command::new("git")
        .args(identity)
        .args(args)
        .current_dir(session.root())
        .output();
    done.is_ok_and(|it| it.status.success())
}

/// Logs a row and returns what is said on standard error.
fn log(session: &Session, more: &[&str]) -> String {
    let mut args = vec!["log", "acme", "visit", "--date", "2026-03-02"];
    args.extend(more);
    let output = program(session.root(), &args).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    said
}

#[test]
fn a_journal_of_an_early_version_makes_no_hook() {
    let session = Session::new(BOOK);
    if !git(&session, &["init", "-q"]) {
        println!("skipped: no git here");
        return;
    }
    let sample = session.root().join(".git/hooks/x.sample");
    fs::create_dir_all(sample.parent().unwrap()).unwrap();
    fs::write(&sample, "#!/bin/sh\n").unwrap();
    fs::set_permissions(&sample, fs::Permissions::from_mode(0o755)).unwrap();
    let script = "#!/bin/sh\ntouch owned\n";
    let body = format!(
        "guanxi-journal 1\ncommand log acme\n- {} .git/hooks/pre-commit\n.git/hooks/x.sample\n{script}\n",
        print(script.as_bytes())
    );
    let journal = format!("{body}end {:016x}\n", hash(body.as_bytes()));
    session.write(".guanxi/journal", &journal);
    assert!(git(&session, &["add", "-f", "."]));
    assert!(git(&session, &["commit", "-q", "-m", "all"]));

    let list = program(session.root(), &["list"]).output().unwrap();
    assert_eq!(list.status.code(), Some(0));
    let said = String::from_utf8(list.stderr).unwrap();
    assert!(
        said.contains("`.guanxi/journal` came with the book"),
        "{said}"
    );

    let said = log(&session, &[]);
    assert!(
        said.contains("set aside as `.guanxi/journal.foreign`"),
        "{said}"
    );
    assert!(!session.root().join(".git/hooks/pre-commit").exists());
    assert!(!session.root().join("owned").exists());
    assert_eq!(session.read(".guanxi/journal.foreign"), journal);
    assert_eq!(log(&session, &["note"]).find("journal"), None);
}

#[test]
fn a_note_removes_and_cuts_nothing() {
    for payload in [
        ".git/HEAD",
        "customers/acme.toml",
        "interactions/.guanxi-1.tmp",
    ] {
        for copy in ["", "1:2 "] {
            let session = Session::new(BOOK);
            session.write(".git/HEAD", "ref: refs/heads/main\n");
            session.write("interactions/.guanxi-1.tmp", "x");
            let version = if copy.is_empty() { 1 } else { 2 };
            let note = format!("temporary {copy}{}\n{payload}", print(payload.as_bytes()));
            let holder = "pid 1\nsince 2026-01-01 00:00:00\ncommand x\n\n";
            session.write(
                ".guanxi/lock",
                format!("guanxi-lock {version}\n{holder}{note}"),
            );
            let said = log(&session, &[]);
            assert!(
                said.contains("set aside as `.guanxi/note.foreign`"),
                "{said}"
            );
            assert_eq!(session.read(".guanxi/note.foreign"), note);
            assert_eq!(session.read(".git/HEAD"), "ref: refs/heads/main\n");
            assert_eq!(session.read("customers/acme.toml"), "name = \"Acme\"\n");
        }
    }
    let session = Session::new(BOOK);
    let torn = "2026-03-01,acme,visit\n2026-03-01,acme,call\n";
    let payload = format!("19 interactions/2026.csv\n{torn}");
    let note = format!("append {}\n{payload}", print(payload.as_bytes()));
    session.write(".guanxi/lock", format!("guanxi-lock 1\npid 1\n\n{note}"));
    log(&session, &[]);
    assert_eq!(session.read("interactions/2026.csv").lines().count(), 3);
}

#[test]
fn a_row_shortened_after_a_kill_stays_and_is_told() {
    let trial = Command::new("strace")
        .args(["-o", "/dev/null", "true"])
        .status();
    if !trial.is_ok_and(|it| it.success()) {
        println!("skipped: no strace here");
        return;
    }
    let session = Session::new(BOOK);
    log(&session, &[]);
    let before = session.read("interactions/2026.csv");
    // Killed when the row is written, but before anybody is told.
    let plain = program(
        session.root(),
        &["log", "acme", "call", "--date", "2026-03-02"],
    );
    let killed = Command::new("strace")
        .args(["-f", "-qq", "-o", "/dev/null"])
        .args(["-e", "inject=fdatasync:signal=KILL:when=1"])
        .arg(plain.get_program())
        .args(plain.get_args())
        .env("GUANXI_BOOK", session.root())
        .status()
        .unwrap();
    assert!(!killed.success());
    let row = "2026-03-02,acme,call\n";
    assert_eq!(
        session.read("interactions/2026.csv"),
        format!("{before}{row}")
    );
    let shortened = format!("{before}2026-03-02,acme,cal");
    session.write("interactions/2026.csv", &shortened);

    let list = program(session.root(), &["check", "-f", "short"])
        .output()
        .unwrap();
    let said = String::from_utf8(list.stdout).unwrap();
    assert!(
        said.contains("`cal`"),
        "a reader sees the line as it is: {said}"
    );
    let output = program(session.root(), &["set", "acme", "region=X"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        said.contains("the row is kept in `.guanxi/row.kept`"),
        "{said}"
    );
    assert_eq!(session.read("interactions/2026.csv"), shortened);
    assert_eq!(session.read(".guanxi/row.kept"), row);
}

#[test]
fn what_lies_in_place_of_journal_and_record_is_set_aside() {
    type Put = fn(&std::path::Path);
    let kinds: [(&str, Put); 3] = [
        ("a folder", |path| fs::create_dir(path).unwrap()),
        ("a link", |path| {
            std::os::unix::fs::symlink("../customers/acme.toml", path).unwrap();
        }),
        ("a pipe", |path| {
            let made = Command::new("mkfifo").arg(path).status();
            assert!(made.is_ok_and(|it| it.success()));
        }),
    ];
    for (kind, put) in kinds {
        for name in ["journal", "undo"] {
            let session = Session::new(BOOK);
            log(&session, &[]);
            let path = session.root().join(".guanxi").join(name);
            let _ = fs::remove_file(&path);
            put(&path);
            // Taken already.
            session.write(&format!(".guanxi/{name}.foreign"), "kept");
            let list = program(session.root(), &["list"]).output().unwrap();
            assert_eq!(list.status.code(), Some(0), "{kind} as {name}");
            let said = log(&session, &["note"]);
            let told = format!("set aside as `.guanxi/{name}.foreign.2`");
            assert!(said.contains(&told), "{kind} as {name}: {said}");
            assert_eq!(session.read(&format!(".guanxi/{name}.foreign")), "kept");
            assert_eq!(session.read("customers/acme.toml"), "name = \"Acme\"\n");
        }
    }
}

#[test]
fn a_folder_in_place_of_what_is_being_written_is_set_aside() {
    for (name, aside) in [("journal", "journal.foreign"), ("undo", "undo.foreign")] {
        let session = Session::new(BOOK);
        let inside = format!(".guanxi/{name}.next/mine");
        session.write(&inside, "kept");
        let list = program(session.root(), &["list"]).output().unwrap();
        assert_eq!((list.status.code(), list.stderr), (Some(0), Vec::new()));
        assert_eq!(
            log(&session, &[]),
            format!(
                "note: `.guanxi/{name}.next` is no plain file: it was set aside as `.guanxi/{aside}`\n"
            )
        );
        assert_eq!(session.read(&format!(".guanxi/{aside}/mine")), "kept");
        assert!(!log(&session, &[]).contains("set aside"));
        let rows = || session.read("interactions/2026.csv").lines().count();
        assert_eq!(rows(), 4);
        let undone = program(session.root(), &["undo", "--yes"])
            .output()
            .unwrap();
        assert_eq!((undone.status.code(), rows()), (Some(0), 3));
    }
}

#[test]
fn a_lock_that_is_another_file_too_is_not_written_to() {
    let session = Session::new(BOOK);
    fs::create_dir(session.root().join(".guanxi")).unwrap();
    let customer = session.root().join("customers/acme.toml");
    fs::hard_link(customer, session.root().join(".guanxi/lock")).unwrap();
    let output = program(session.root(), &["log", "acme", "visit"])
        .output()
        .unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("`.guanxi/lock` is not a plain file"),
        "{said}"
    );
    assert_eq!(session.read("customers/acme.toml"), "name = \"Acme\"\n");
}

#[test]
fn a_copy_made_of_hard_links_is_another_copy() {
    let session = Session::new(BOOK);
    log(&session, &[]);
    let copy = tempfile::tempdir().unwrap();
    let made = Command::new("cp")
        .arg("-al")
        .arg(session.root().join("."))
        .arg(copy.path())
        .status();
    if !made.is_ok_and(|it| it.success()) {
        println!("skipped: no copies of hard links here");
        return;
    }
    let output = program(copy.path(), &["undo"]).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("from another copy"), "{said}");
    let output = program(session.root(), &["undo"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_lock_of_a_gigabyte_costs_nothing() {
    let session = Session::new(BOOK);
    session.write(".guanxi/lock", "guanxi-lock 2\npid 1\n\nappend 1:2 ");
    let lock = fs::OpenOptions::new()
        .write(true)
        .open(session.root().join(".guanxi/lock"))
        .unwrap();
    lock.set_len(1 << 30).unwrap();
    for args in [&["list"][..], &["log", "acme", "visit"]] {
        let plain = program(session.root(), args);
        // Kilobytes.
        let output = Command::new("sh")
            .args(["-c", "ulimit -v 700000; exec \"$@\"", "sh"])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env("GUANXI_BOOK", session.root())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(0), "{args:?}: {said}");
    }
    assert_eq!(lock.metadata().unwrap().len(), 0);
}
