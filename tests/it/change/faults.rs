//! Deaths and refusals in the middle of commands: the book is as before or as after, and a refusal
//! means as before.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use super::processes::program;
use super::session::{Session, files_below};

/// A book whose lock is there, as in any that was ever written to.
const BOOK: &str = "\
== guanxi.toml
[[revisit]]
every = \"2w\"
== customers/acme.toml
name   = \"Acme\"
former_ids = [\"old\"]
owner = \"li\"
== customers/beta.toml
name = \"Beta\"
owner = \"li\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,complaint,,,,,,C-1,,
2026-03-01,beta,visit,,,,,,,,
== interactions/beta.csv
kind,date
call,2026-03-01
";

/// Logs with what `check --fix` mends.
const MERGED: &str = "\
== interactions/2025.csv
date,customer,kind,amount
2025-01-05,acme,order,5
2025-01-06,acme,visit,
2025-01-05,old,order,5.00
== interactions/2024.csv
date,customer,kind,amount
2024-01-05,acme,order,5
date,customer,amount,kind
2024-01-06,old,7,order
";

/// A log without the column that a note needs.
const SHORT: &str = "\
== interactions/2025.csv
date,customer,kind
2025-03-01,acme,visit
";

/// What `log -` reads: rows for one log, and for another.
const ROWS: &str = "date,customer,kind\n2026-03-02,acme,visit\n2025-03-02,beta,call\n";

/// A command that is killed or refused at every point of its way.
struct Task {
    /// What the book holds beside `BOOK`.
    files: &'static str,
    /// What is done before.
    first: &'static [&'static str],
    args: &'static [&'static str],
}

impl Task {
    const fn of(args: &'static [&'static str]) -> Self {
        Self {
            files: "",
            first: &[],
            args,
        }
    }

    const fn undo(first: &'static [&'static str]) -> Self {
        Self {
            first,
            ..Self::of(&["undo", "--yes"])
        }
    }

    /// Makes the book in which it is to be done.
    fn book(&self) -> Session {
        let session = Session::new(&format!("{BOOK}{}", self.files));
        let folder = guanxi::folder::Folder::new(session.root());
        drop(folder.write(WAIT, "init").unwrap());
        if !self.first.is_empty() {
            let said = program(session.root(), self.first).output().unwrap();
            assert!(said.status.success(), "{:?}", self.first);
        }
        session.write(".rows", ROWS);
        session
    }
}

const WAIT: std::time::Duration = std::time::Duration::from_secs(30);

/// An import that makes a customer, and adds to two logs.
const IMPORT: [&str; 7] = [
    "import",
    "log",
    "-",
    "--create",
    "--value",
    "customer:beta=Gamma",
    "--yes",
];

/// An import that changes a customer, makes one in a file for many, adds to two logs, and saves its mapping.
const IMPORT_CUSTOMERS: [&str; 14] = [
    "import",
    "customers",
    "-",
    "--map",
    "customer=name",
    "--map",
    "date=visit.date",
    "--map",
    "kind=region",
    "--value",
    "customer:beta=Gamma",
    "--together",
    "--save=list",
    "--yes",
];

/// One of each kind of write, and each taken back: an append, new logs, a new file, a file with a row,
/// and changes over several files.
const TASKS: [Task; 27] = [
    Task::of(&["log", "acme", "visit", "--date", "2026-03-02"]),
    Task::of(&["log", "acme", "visit", "--date", "2024-03-02"]),
    Task::of(&[
        "log",
        "acme",
        "visit",
        "--next",
        "2026-04-01",
        "--date",
        "2026-03-02",
    ]),
    Task {
        files: SHORT,
        ..Task::of(&["log", "acme", "visit", "a note", "--date", "2025-03-02"])
    },
    Task::of(&["log", "-"]),
    Task::of(&["add", "New"]),
    Task::of(&["set", "acme", "region=X"]),
    Task::of(&["set", "acme", "stage=delivery"]),
    Task::of(&["set", "acme", "owner=wang"]),
    Task::of(&["set", "--where", "owner = li", "region=X", "--yes"]),
    Task::of(&["contact", "acme", "Wang", "--phone", "1"]),
    Task::of(&["fmt"]),
    Task::of(&["handover", "li", "wang"]),
    Task::of(&["rename", "beta", "gamma"]),
    Task::of(&["merge", "beta", "acme"]),
    Task::of(&["remove", "beta", "--with-rows"]),
    Task {
        files: MERGED,
        ..Task::of(&["check", "--fix", "--yes"])
    },
    Task::of(&IMPORT),
    Task::of(&IMPORT_CUSTOMERS),
    Task::undo(&["log", "acme", "visit", "--date", "2026-03-02"]),
    Task::undo(&["log", "acme", "visit", "--date", "2024-03-02"]),
    Task::undo(&["set", "acme", "region=X"]),
    Task::undo(&["add", "New"]),
    Task::undo(&["handover", "li", "wang"]),
    Task::undo(&["rename", "beta", "gamma"]),
    Task::undo(&["merge", "beta", "acme"]),
    Task {
        files: MERGED,
        ..Task::undo(&["check", "--fix", "--yes"])
    },
];

/// The system calls that change anything, each with the names that it has.
const CALLS: [&str; 9] = [
    "write",
    "ftruncate",
    "fsync,fdatasync",
    "syncfs",
    "rename,renameat,renameat2",
    "link,linkat",
    "unlink,unlinkat",
    "mkdir,mkdirat",
    "fchmod",
];

/// With this variable every point is tried, which takes many minutes, else one of so many; a word other than
/// `1` names the command that is tried alone.
const ALL: &str = "GUANXI_ALL_FAULTS";
const SAMPLE: usize = 6;

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

/// How a command ended.
struct Ended {
    /// `None` if it was killed.
    status: Option<i32>,
    /// Whether it said that anything was done.
    is_told: bool,
    error: String,
    /// The calls that were traced.
    calls: String,
}

/// Runs a command of the book under `strace`, with something injected.
fn traced(session: &Session, args: &[&str], calls: &str, inject: Option<&str>) -> Ended {
    let trace = session.root().join(".trace");
    let plain = program(session.root(), args);
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(&trace);
    command.args(["-e", &format!("trace={calls}")]);
    if let Some(inject) = inject {
        command.args(["-e", inject]);
    }
    command.arg(plain.get_program()).args(plain.get_args());
    let input = fs::File::open(session.root().join(".rows")).unwrap();
    command.env("GUANXI_BOOK", session.root()).stdin(input);
    let output = command.output().unwrap();
    let calls = fs::read_to_string(&trace).unwrap();
    fs::remove_file(trace).unwrap();
    Ended {
        status: output.status.code(),
        is_told: !output.stdout.is_empty(),
        error: String::from_utf8_lossy(&output.stderr).into_owned(),
        calls,
    }
}

/// Returns what is left of a command in hidden files.
fn left_behind(root: &Path) -> Vec<String> {
    let mut left = Vec::new();
    for folder in ["", ".guanxi", "customers", "interactions"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let is_temporary = name.starts_with(".guanxi-");
            let is_private = folder == ".guanxi";
            let is_usual = ["lock", ".gitignore", "undo"].contains(&name.as_str());
            if is_temporary || is_private && !is_usual {
                left.push(format!("{folder}/{name}"));
            }
        }
    }
    left
}

/// Tries `what` at the calls of all tasks, and holds the books against before and after.
fn check(what: &str) {
    if !has_strace() {
        return;
    }
    let wanted = std::env::var(ALL);
    let step = if wanted.is_ok() { 1 } else { SAMPLE };
    let only = wanted.ok().filter(|it| it != "1");
    let is_wanted = |task: &&Task| only.as_deref().is_none_or(|it| task.args[0] == it);
    let (mut point, mut hits) = (0, 0);
    for task in TASKS.iter().filter(is_wanted) {
        let done = task.book();
        let before = done.book();
        let every = traced(&done, task.args, &CALLS.join(","), None);
        assert_eq!(every.status, Some(0), "{:?}: {}", task.args, every.error);
        let after = done.book();
        assert_ne!(before, after, "{:?}", task.args);
        for calls in CALLS {
            let names: Vec<&str> = calls.split(',').collect();
            let is_one = |line: &&str| {
                let call = line.split_once(' ').map(|it| it.1.trim_start());
                call.is_some_and(|it| names.iter().any(|name| it.starts_with(&format!("{name}("))))
            };
            for number in 1..=every.calls.lines().filter(is_one).count() {
                point += 1;
                if point % step == 0 {
                    hits += usize::from(try_at(task, (&before, &after), calls, what, number));
                }
            }
        }
    }
    println!("{what}: {hits} places");
    assert!(hits > 0);
}

/// Tries `what` at the `number`th of the calls; returns whether there was one.
fn try_at(
    task: &Task,
    (before, after): (&str, &str),
    calls: &str,
    what: &str,
    number: usize,
) -> bool {
    let session = task.book();
    let inject = format!("inject={calls}:{what}:when={number}");
    let ended = traced(&session, task.args, calls, Some(&inject));
    if !ended.calls.contains("(INJECTED)") && !ended.calls.contains("killed by SIGKILL") {
        return false;
    }
    let Ended {
        status,
        is_told,
        error,
        ..
    } = ended;
    let at = format!(
        "{:?} after {:?}: {what} at {calls} number {number}: {error}",
        task.args, task.first
    );
    let found = seen(&session);
    assert!(
        found == before || found == after,
        "{at}: half done:\n{found}"
    );
    if is_told && task.args[0] != "check" {
        assert_eq!(found, after, "{at}");
    }
    match status {
        Some(0) => assert_eq!(found, after, "{at}"),
        Some(1) => {
            assert!(error.contains("error: the change is made, but"), "{at}");
            assert_eq!(found, after, "{at}");
        }
        Some(2) => {
            assert!(error.contains("nothing was changed"), "{at}");
            assert!(error.contains('`') && error.contains("(os error "), "{at}");
            assert_eq!(found, before, "{at}");
        }
        _ => assert!(what.starts_with("signal"), "{at}: {status:?}"),
    }
    // The next one succeeds, leaves nothing half done, and can be taken back itself.
    for (args, gone) in [
        (&["set", "acme", "custom.x=1"][..], "custom.x = 1\n"),
        (&["undo", "--yes"], ""),
    ] {
        let next = program(session.root(), args).output().unwrap();
        let said = String::from_utf8_lossy(&next.stderr);
        assert!(next.status.success(), "{at}: then {args:?}: {said}");
        assert_eq!(
            session.book().replacen(gone, "", 1),
            found,
            "{at}: then {args:?}"
        );
        assert_eq!(left_behind(session.root()), Vec::<String>::new(), "{at}");
    }
    true
}

#[test]
fn killed_at_every_lasting_call() {
    check("signal=KILL");
}

#[test]
fn an_error_from_every_lasting_call() {
    check("error=EIO");
}

#[test]
fn a_full_disk_at_every_lasting_call() {
    if std::env::var_os(ALL).is_some() {
        check("error=ENOSPC");
    } else {
        println!("skipped: {ALL} is not set");
    }
}

#[test]
fn a_change_that_stays_in_the_journal_is_no_failure() {
    if !has_strace() {
        return;
    }
    // Neither can the journal be carried out to the end, nor what was done be taken back.
    let task = Task::of(&["rename", "beta", "gamma"]);
    let done = task.book();
    assert!(program(done.root(), task.args).status().unwrap().success());
    let session = task.book();
    let calls = "rename,renameat,renameat2";
    let ended = traced(
        &session,
        task.args,
        calls,
        Some(&format!("inject={calls}:error=EIO:when=2+")),
    );
    assert_eq!(ended.status, Some(1), "{}", ended.error);
    let told = "error: the change is made, but cannot replace `interactions/2026.csv`: ";
    assert!(ended.error.starts_with(told), "{}", ended.error);
    assert_eq!(seen(&session), done.book());
    let next = program(session.root(), &["set", "acme", "region=X"])
        .output()
        .unwrap();
    assert!(next.status.success());
    let after = session.book().replace("region = \"X\"\n", "");
    assert_eq!(after, done.book());
}

#[cfg(unix)]
#[test]
fn a_file_size_limit_is_told() {
    let session = Task::of(&[]).book();
    let mut log = session.read("interactions/2026.csv");
    log.push_str(&"2026-03-01,beta,visit,,,,,,,,\n".repeat(2000));
    session.write("interactions/2026.csv", &log);
    let before = session.book();
    for task in [&TASKS[0], &TASKS[13], &TASKS[14]].map(|it| it.args) {
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
    let session = Task::of(&[]).book();
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
        let output = program(session.root(), TASKS[0].args).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("permission denied"));
        assert_eq!(session.book(), before);
    }
    for folder in ["", ".guanxi", "interactions", "customers"] {
        set_mode(folder, 0o755);
    }
}
