//! Deaths and refusals in the middle of commands: the book is as before or as after, and a refusal
//! means as before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::processes::program;
use super::session::{Session, files_below};

const BOOK: &str = "\
== guanxi.toml
[[revisit]]
every = \"2w\"
== customers/acme.toml
name = \"Acme\"
== customers/beta.toml
name = \"Beta\"
owner = \"li\"
== interactions/2026.csv
date,customer,kind,ref
2026-03-01,acme,complaint,C-1
2026-03-01,beta,visit,
== interactions/beta.csv
kind,date
call,2026-03-01
";

/// One of each kind of write: an append, new logs, a new file, a file with a row, and changes over
/// several files.
const TASKS: [&[&str]; 8] = [
    &["log", "acme", "visit", "--date", "2026-03-02"],
    &["log", "acme", "visit", "a note", "--date", "2026-03-02"],
    &["log", "acme", "visit", "--date", "2025-03-02"],
    &["add", "New"],
    &["set", "acme", "region=X"],
    &["rename", "beta", "gamma"],
    &["merge", "beta", "acme"],
    &["remove", "beta", "--with-rows"],
];

/// The system calls that make a change lasting, or take it away.
const CALLS: [&str; 5] = [
    "write",
    "fsync,fdatasync",
    "rename,renameat,renameat2",
    "link,linkat",
    "unlink,unlinkat",
];

fn has_strace() -> bool {
    let trial = Command::new("strace")
        .args(["-o", "/dev/null", "-e", "inject=fsync:error=EIO", "true"])
        .stderr(Stdio::null())
        .status();
    let has = trial.is_ok_and(|it| it.success());
    if !has {
        println!("skipped: no strace here, or it may not trace");
    }
    has
}

/// A book whose lock is there, as in any that was ever written to.
fn book() -> Session {
    let session = Session::new(BOOK);
    let folder = guanxi::folder::Folder::new(session.root());
    drop(
        folder
            .write(std::time::Duration::from_secs(5), "init")
            .unwrap(),
    );
    session
}

/// Returns the book as a reader of this version sees it: every file through the journal.
fn seen(session: &Session) -> String {
    let folder = guanxi::folder::Folder::new(session.root());
    let (overlay, _) = folder.pending().unwrap();
    let mut paths = files_below(session.root(), "");
    paths.extend(overlay.paths().map(str::to_owned));
    paths.sort();
    paths.dedup();
    let mut text = String::new();
    for path in paths {
        if let Some(bytes) = folder.read_through(&overlay, &path).unwrap() {
            text.extend(["== ", &path, "\n", &String::from_utf8(bytes).unwrap()]);
        }
    }
    text
}

/// Runs a task under `strace` with something injected at the `number`th of the calls; `None` when
/// there was no such call any more.
fn injected(
    root: &Path,
    task: &[&str],
    calls: &str,
    what: &str,
    number: usize,
) -> Option<(bool, String)> {
    let trace = root.join(".trace");
    let plain = program(root, task);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&trace);
    command.args(["-e", &format!("trace={calls}")]);
    command.args(["-e", &format!("inject={calls}:{what}:when={number}")]);
    command.arg(plain.get_program()).args(plain.get_args());
    command.env("GUANXI_BOOK", root).stdin(Stdio::null());
    let output = command.output().unwrap();
    let traced = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    let was_hit = traced.contains("(INJECTED)") || traced.contains("killed by SIGKILL");
    let is_told = !output.stdout.is_empty();
    let error = String::from_utf8_lossy(&output.stderr).into_owned();
    was_hit.then_some((is_told, error))
}

fn check(what: &str) {
    if !has_strace() {
        return;
    }
    let is_death = what.starts_with("signal");
    let mut hits = 0;
    for task in TASKS {
        let done = book();
        assert!(
            program(done.root(), task)
                .output()
                .unwrap()
                .status
                .success(),
            "{task:?}"
        );
        let after = done.book();
        for calls in CALLS {
            for number in 1.. {
                let session = book();
                let before = session.book();
                let Some((is_told, error)) = injected(session.root(), task, calls, what, number)
                else {
                    break;
                };
                hits += 1;
                let at = format!("{task:?}: {what} at {calls} number {number}: {error}");
                let found = seen(&session);
                assert!(
                    found == before || found == after,
                    "{at}: half done:\n{found}"
                );
                if is_told {
                    assert_eq!(found, after, "{at}");
                } else if !is_death && error.contains("cannot") {
                    assert_eq!(found, before, "{at}");
                    assert!(error.contains('`') && error.contains("os error 5"), "{at}");
                }
                // The next one succeeds, and leaves nothing half done.
                let next = program(session.root(), &["set", "acme", "custom.x=1"])
                    .output()
                    .unwrap();
                assert!(
                    next.status.success(),
                    "{at}: {}",
                    String::from_utf8_lossy(&next.stderr)
                );
                let now = session.book().replace("custom.x = 1\n", "");
                assert_eq!(now, found, "{at}: the next writer");
            }
        }
    }
    println!("{what}: {hits} places");
}

#[test]
fn killed_at_every_lasting_call() {
    check("signal=KILL");
}

#[test]
fn an_error_from_every_lasting_call() {
    check("error=EIO");
}

#[cfg(unix)]
#[test]
fn a_file_size_limit_is_told() {
    let session = book();
    let mut log = session.read("interactions/2026.csv");
    log.push_str(&"2026-03-01,beta,visit,\n".repeat(2000));
    session.write("interactions/2026.csv", &log);
    let before = session.book();
    for task in [TASKS[0], TASKS[5], TASKS[6]] {
        let plain = program(session.root(), task);
        let output = Command::new("sh")
            .args(["-c", "ulimit -f 16; exec \"$@\"", "sh"])
            .arg(plain.get_program())
            .args(plain.get_args())
            .env("GUANXI_BOOK", session.root())
            .output()
            .unwrap();
        let error = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{task:?}: {error}");
        assert!(
            error.contains("the file would exceed the size limit"),
            "{task:?}: {error}"
        );
        assert_eq!(session.book(), before, "{task:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_book_can_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let session = book();
    let before = session.book();
    let set_mode = |path: &str, mode| {
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(session.root().join(path), permissions).unwrap();
    };
    for folder in ["customers", "interactions", ".guanxi", ""] {
        set_mode(folder, 0o555);
    }
    set_mode(".guanxi/lock", 0o000);
    let is_root = fs::write(session.root().join("customers/probe"), "").is_ok();
    if is_root {
        println!("skipped: root may write anywhere");
        fs::remove_file(session.root().join("customers/probe")).unwrap();
    } else {
        assert!(
            program(session.root(), &["list"])
                .output()
                .unwrap()
                .status
                .success()
        );
        let output = program(session.root(), TASKS[0]).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("permission denied"));
        assert_eq!(session.book(), before);
    }
    for folder in ["", ".guanxi", "interactions", "customers"] {
        set_mode(folder, 0o755);
    }
}
