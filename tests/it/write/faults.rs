//! Deaths and refusals at every system call that changes anything, a full disk, a read-only
//! folder: the book is as before or as after, and a refusal means as before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use guanxi::folder::Folder;

use super::driver::{WAIT, book, driver_under, said, see};

const TASKS: [&str; 8] = [
    "append",
    "append-long",
    "append-new",
    "create",
    "set",
    "rename",
    "rename-back",
    "stage",
];

/// The system calls that change anything, each with the names it has.
const CALLS: [&str; 10] = [
    "write",
    "ftruncate",
    "fsync",
    "fdatasync",
    "rename,renameat,renameat2",
    "link,linkat",
    "unlink,unlinkat",
    "mkdir,mkdirat",
    "fchmod",
    "openat",
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

/// A book in which the task is to be done, and what it looks like before.
fn book_for(task: &str) -> (tempfile::TempDir, String) {
    let home = book();
    // The lock is there, as in any book that was ever written to.
    drop(Folder::new(home.path()).write(WAIT, "init").unwrap());
    if task == "rename-back" {
        fs::rename(
            home.path().join("customers/acme.toml"),
            home.path().join("customers/emca.toml"),
        )
        .unwrap();
    }
    let seen = see(&Folder::new(home.path()));
    (home, seen)
}

fn task_of(task: &str) -> &str {
    if task == "rename-back" {
        "rename"
    } else {
        task
    }
}

/// What the book looks like once the task is done undisturbed.
fn done_state(task: &str) -> String {
    let (home, _) = book_for(task);
    let said = said(driver_under(&[], home.path(), task_of(task), "x", 1));
    assert_eq!(said[0], "done x-0");
    see(&Folder::new(home.path()))
}

/// Runs the task with something injected at the `number`th of the calls. Returns what it said, or
/// `None` when there was no such call any more.
fn injected(
    home: &Path,
    task: &str,
    calls: &str,
    what: &str,
    number: usize,
) -> Option<Vec<String>> {
    let trace = home.join(".trace");
    let trace_name = trace.to_str().unwrap();
    let inject = format!("inject={calls}:{what}:when={number}");
    let calls = format!("trace={calls}");
    let wrapper = [
        "strace", "-f", "-qq", "-o", trace_name, "-e", &calls, "-e", &inject,
    ];
    let said = said(driver_under(&wrapper, home, task_of(task), "x", 1));
    let traced = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    let was_hit = traced.contains("(INJECTED)") || traced.contains("killed by SIGKILL");
    was_hit.then_some(said)
}

/// Tries `what` at every single call and holds the outcome against before and after.
fn check(what: &str, tasks: &[&str], calls: &[&str]) {
    let mut hits = 0;
    for task in tasks {
        let after = done_state(task);
        for calls in calls {
            for number in 1.. {
                let (home, before) = book_for(task);
                let Some(said) = injected(home.path(), task, calls, what, number) else {
                    break;
                };
                hits += 1;
                let folder = Folder::new(home.path());
                let at = format!("{task}: {what} at {calls} number {number}, said {said:?}");
                let seen = see(&folder);
                assert!(seen == before || seen == after, "{at}: half done:\n{seen}");
                if said.iter().any(|it| it.starts_with("done")) {
                    assert_eq!(seen, after, "{at}");
                }
                if let Some(refusal) = said.iter().find(|it| it.starts_with("refused")) {
                    assert_eq!(seen, before, "{at}");
                    assert!(
                        refusal.contains('`') && refusal.contains("os error"),
                        "{at}"
                    );
                    let raw = see_without_journal(home.path());
                    assert_eq!(raw, before, "{at}: files");
                }
                drop(folder.write(WAIT, "next").expect(&at));
                assert_eq!(
                    see_without_journal(home.path()),
                    seen,
                    "{at}: the next writer"
                );
                assert_eq!(
                    hidden(home.path()),
                    Vec::<String>::new(),
                    "{at}: left behind"
                );
            }
        }
    }
    println!("{what}: {hits} places");
}

/// The files alone, whatever the journal and the notes in the lock say.
fn see_without_journal(home: &Path) -> String {
    let aside = tempfile::tempdir().unwrap();
    for name in ["journal", "lock"] {
        let _ = fs::rename(home.join(".guanxi").join(name), aside.path().join(name));
    }
    let seen = see(&Folder::new(home));
    for name in ["journal", "lock"] {
        let _ = fs::rename(aside.path().join(name), home.join(".guanxi").join(name));
    }
    seen
}

/// Temporary files that nobody cleaned up.
fn hidden(home: &Path) -> Vec<String> {
    let mut names = Vec::new();
    for folder in [
        "",
        "customers",
        "interactions",
        "interactions/new",
        ".guanxi",
    ] {
        let Ok(entries) = fs::read_dir(home.join(folder)) else {
            continue;
        };
        let found = entries.map(|it| it.unwrap().file_name().into_string().unwrap());
        names.extend(found.filter(|it| {
            it.starts_with(".guanxi-") || it.starts_with("journal") || it == "undo.next"
        }));
    }
    names
}

#[test]
fn killed_at_every_call() {
    if has_strace() {
        check("signal=KILL", &TASKS, &CALLS);
    }
}

#[test]
fn an_error_from_every_call() {
    if has_strace() {
        check("error=EIO", &TASKS, &CALLS);
        check(
            "error=EIO",
            &["append", "rename"],
            &["read", "statx", "lseek", "flock"],
        );
        check(
            "error=ENOSPC",
            &TASKS,
            &["write", "mkdir,mkdirat", "link,linkat"],
        );
    }
}

#[test]
fn an_error_from_every_call_from_some_moment_on() {
    if !has_strace() {
        return;
    }
    for task in TASKS {
        for calls in [
            "fsync,fdatasync",
            "rename,renameat,renameat2,link,linkat",
            "ftruncate",
        ] {
            let (home, before) = book_for(task);
            let after = done_state(task);
            let what = "error=EIO";
            let Some(said) = injected_from(home.path(), task, calls, what, 1) else {
                continue;
            };
            let seen = see(&Folder::new(home.path()));
            let expected = if said.iter().any(|it| it.starts_with("done")) {
                &after
            } else {
                &before
            };
            assert_eq!(&seen, expected, "{task}: every {calls} fails: {said:?}");
        }
    }
}

/// As `injected`, at the `number`th call and every later one.
fn injected_from(
    home: &Path,
    task: &str,
    calls: &str,
    what: &str,
    number: usize,
) -> Option<Vec<String>> {
    let trace = home.join(".trace");
    let inject = format!("inject={calls}:{what}:when={number}+");
    let wrapper = [
        "strace",
        "-f",
        "-qq",
        "-o",
        trace.to_str().unwrap(),
        "-e",
        "trace=all",
        "-e",
        &inject,
    ];
    let said = said(driver_under(&wrapper, home, task_of(task), "x", 1));
    let was_hit = fs::read_to_string(&trace).unwrap().contains("(INJECTED)");
    fs::remove_file(trace).unwrap();
    was_hit.then_some(said)
}

#[test]
fn a_file_size_limit_is_told() {
    // A short record is written when it is closed alone, for files are written by whole buffers.
    for (task, rows, blocks) in [
        ("append-long", 0, 16),
        ("rename", 1000, 16),
        ("rename", 60, 1),
    ] {
        let (home, before) = book_for(task);
        let log = home.path().join("interactions/2026.csv");
        let mut text = fs::read_to_string(&log).unwrap();
        if task == "rename" {
            text.push_str(&"2026-03-01,acme,visit,again\n".repeat(rows));
            fs::write(&log, &text).unwrap();
        }
        let before = if task == "rename" {
            see(&Folder::new(home.path()))
        } else {
            before
        };
        // Blocks of 512 or 1024 bytes, as the shell counts.
        let limited = format!("ulimit -f {blocks}; exec \"$@\"");
        let wrapper = ["sh", "-c", &limited, "sh"];
        let said = said(driver_under(&wrapper, home.path(), task, "x", 1));
        assert!(
            said[0].contains("the file would exceed the size limit"),
            "{task}: {said:?}"
        );
        assert_eq!(see_without_journal(home.path()), before);
        assert_eq!(hidden(home.path()), Vec::<String>::new());
        // Neither record of it is left, whichever of them was too long.
        for name in ["journal.next", "undo.next"] {
            assert!(
                !home.path().join(".guanxi").join(name).exists(),
                "{task}: {name}"
            );
        }
    }
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let (home, before) = book_for("append");
    let private = home.path().join(".guanxi");
    let set_mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set_mode(&home.path().join("customers"), 0o555);
    set_mode(&private.join("lock"), 0o444);
    let is_root = fs::write(home.path().join("customers/probe"), "").is_ok();
    if is_root {
        println!("skipped: root may write anywhere");
    } else {
        let said = said(driver_under(&[], home.path(), "append", "x", 1));
        assert!(said[0].contains("permission denied"), "{said:?}");
        assert_eq!(see(&Folder::new(home.path())), before);
    }
    set_mode(&home.path().join("customers"), 0o755);
}
