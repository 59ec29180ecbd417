//! Names that lead elsewhere for a moment, again and again: nothing outside the book is touched, and
//! nobody waits.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use super::processes::program;
use super::session::Session;

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
== customers/beta.toml
name   = \"Beta\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,visit,,,,,,,,
2026-03-01,beta,visit,,,,,,,,
";

/// One of each way to write.
const COMMANDS: [&[&str]; 8] = [
    &["log", "acme", "visit"],
    &["log", "acme", "visit", "--date", "2024-01-01"],
    &["set", "acme", "region=N"],
    &["rename", "beta", "gamma"],
    &["undo", "--yes"],
    &["rename", "gamma", "beta"],
    &["fmt"],
    &["check", "--fix", "--yes"],
];

/// Longer than a command takes on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a name leads to for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trap {
    Link,
    Pipe,
    /// One that can be read for ever.
    Device,
}

/// A folder with everything that is in the book, and more that a command would take for its own.
fn outside() -> Session {
    let outside = Session::new(BOOK);
    for path in [
        ".guanxi/lock",
        ".guanxi/journal",
        ".guanxi/journal.next",
        ".guanxi/undo",
        ".guanxi/undo.next",
        "customers/.guanxi-1.tmp",
    ] {
        outside.write(path, "not yours\n");
    }
    outside
}

/// Returns all files of a folder, hidden ones too.
fn all(root: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(all(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            files.push((path, bytes));
        }
    }
    files.sort();
    files
}

/// Makes a pipe, or a device that can be read for ever; `None` where that is not allowed.
fn odd_file(folder: &Path, trap: Trap) -> Option<PathBuf> {
    let path = folder.join("odd");
    let kind: &[&str] = match trap {
        Trap::Link => return Some(path),
        Trap::Pipe => &["p"],
        // As `/dev/zero`.
        Trap::Device => &["c", "1", "5"],
    };
    let made = Command::new("mknod").arg(&path).args(kind).status();
    made.is_ok_and(|it| it.success()).then_some(path)
}

/// Puts a trap under the name, and back what has it, until it is over.
fn swap(path: &Path, target: &Path, trap: Trap, is_over: &AtomicBool) {
    let aside = path.with_file_name(".aside");
    while !is_over.load(Ordering::Relaxed) {
        if fs::rename(path, &aside).is_ok() {
            let set = match trap {
                Trap::Link => symlink(target, path).is_ok(),
                Trap::Pipe | Trap::Device => fs::hard_link(target, path).is_ok(),
            };
            std::thread::sleep(Duration::from_micros(300));
            // What a command has made anew meanwhile goes.
            if !set || fs::remove_file(path).is_err() {
                let _ = fs::remove_dir_all(path);
            }
            let _ = fs::rename(&aside, path);
        }
        std::thread::sleep(Duration::from_micros(300));
    }
}

/// Runs a command to its end, which must come.
fn run(session: &Session, args: &[&str], at: &str) {
    let mut command = program(session.root(), args);
    if args[0] != "check" {
        command.args(["--wait", "1"]);
    }
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if start.elapsed() > PATIENCE {
            child.kill().unwrap();
            child.wait().unwrap();
            panic!("{at}: `{}` did not end", args.join(" "));
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(
        matches!(status.code(), Some(0..=2)),
        "{at}: {args:?}: {status}"
    );
}

fn check(path: &str, trap: Trap) {
    let (session, outside) = (Session::new(BOOK), outside());
    // Lock and record are there, as in any book that was ever written to.
    run(&session, &["set", "acme", "region=O"], path);
    let before = all(outside.root());
    let odd = tempfile::tempdir().unwrap();
    let Some(odd) = odd_file(odd.path(), trap) else {
        println!("skipped: no {trap:?} can be made here");
        return;
    };
    let is_over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let name = session.root().join(path);
        let target = match trap {
            Trap::Link => outside.root().join(path),
            Trap::Pipe | Trap::Device => odd,
        };
        let is_over = &is_over;
        scope.spawn(move || swap(&name, &target, trap, is_over));
        let tried = std::panic::catch_unwind(|| {
            for args in COMMANDS.iter().chain(&COMMANDS) {
                let at = format!("`{path}` as {trap:?}");
                run(&session, args, &at);
                assert!(all(outside.root()) == before, "{at}: {args:?} got outside");
            }
        });
        is_over.store(true, Ordering::Relaxed);
        if let Err(panic) = tried {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn nothing_is_written_behind_a_link_that_comes_and_goes() {
    for path in [
        "interactions/2026.csv",
        "customers/acme.toml",
        "interactions",
        "customers",
        ".guanxi",
        ".guanxi/lock",
        ".guanxi/undo",
    ] {
        check(path, Trap::Link);
    }
}

#[test]
fn a_pipe_or_device_that_comes_and_goes_is_not_waited_for() {
    for path in [
        "interactions/2026.csv",
        "customers/acme.toml",
        ".guanxi/lock",
        ".guanxi/undo",
    ] {
        check(path, Trap::Pipe);
        check(path, Trap::Device);
    }
}
