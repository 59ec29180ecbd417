//! A process that changes a book and says on standard output what it was told.
//!
//! It runs as a test of this binary that does nothing unless asked by an environment variable, so
//! that no second program needs to be built.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use guanxi::folder::Folder;
use guanxi::folder::append::{AppendRows, AppendTarget};
use guanxi::folder::change::Change;
use guanxi::folder::error::WriteError;
use guanxi::source::AddedRows;

/// Long: a test that starts processes beside shares its open lock with them for a moment.
pub(crate) const WAIT: Duration = Duration::from_secs(30);
const VARIABLE: &str = "GUANXI_DRIVER";

pub(crate) const HEADER: &str = "date,customer,kind,note";
pub(crate) const LOG: &str = "interactions/2026.csv";
pub(crate) const NEW_LOG: &str = "interactions/new/2027.csv";

/// Builds the command of a driver that does `task` on `book` so many times.
pub(crate) fn driver(book: &Path, task: &str, name: &str, count: usize) -> Command {
    driver_under(&[], book, task, name, count)
}

/// The same, started by another program such as `strace`.
pub(crate) fn driver_under(
    wrapper: &[&str],
    book: &Path,
    task: &str,
    name: &str,
    count: usize,
) -> Command {
    let own = std::env::current_exe().unwrap();
    let own = own.to_str().unwrap();
    let mut words = wrapper.to_vec();
    words.extend([
        own,
        "--exact",
        "write::driver::driver_process",
        "--nocapture",
    ]);
    words.push("--test-threads=1");
    let mut command = Command::new(words[0]);
    command
        .args(&words[1..])
        .env(
            VARIABLE,
            format!("{}\n{task}\n{name}\n{count}", book.display()),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    command
}

/// Runs the driver to its end and returns what it said, line by line.
pub(crate) fn said(mut command: Command) -> Vec<String> {
    let mut child = command.spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    // Other lines are the test harness's own.
    let said = lines
        .map_while(Result::ok)
        .filter(|it| is_said(it))
        .collect();
    child.wait().unwrap();
    said
}

pub(crate) fn is_said(line: &str) -> bool {
    ["done ", "refused ", "saw ", "slow "]
        .iter()
        .any(|it| line.starts_with(it))
}

#[test]
fn driver_process() {
    let Ok(told) = std::env::var(VARIABLE) else {
        return;
    };
    let told: Vec<&str> = told.split('\n').collect();
    let [book, task, name, count] = told[..] else {
        panic!("told {told:?}")
    };
    let folder = Folder::new(book);
    // The harness has written the start of a line by now.
    println!();
    for number in 0..count.parse().unwrap() {
        let start = Instant::now();
        match run(&folder, task, name, number) {
            Ok(()) => println!("done {name}-{number}"),
            Err(error) => println!("refused {name}-{number}: {error}"),
        }
        println!("slow {}", start.elapsed().as_micros());
    }
}

fn run(folder: &Folder, task: &str, name: &str, number: usize) -> Result<(), WriteError> {
    let row = format!("2026-03-02,acme,visit,{name}-{number}");
    let row: Arc<AddedRows> = Arc::new([row].iter().collect());
    let rows = AppendRows {
        header: HEADER,
        rows: &row,
    };
    match task {
        "append" => folder
            .write(WAIT, task)?
            .append(LOG, AppendTarget::Existing, rows),
        "append-new" => folder
            .write(WAIT, task)?
            .append(NEW_LOG, AppendTarget::New, rows),
        "append-long" => {
            let row = format!("2026-03-02,acme,visit,{}", "x".repeat(100_000));
            let row: Arc<AddedRows> = Arc::new([row].iter().collect());
            let rows = AppendRows {
                header: HEADER,
                rows: &row,
            };
            folder
                .write(WAIT, task)?
                .append(LOG, AppendTarget::Existing, rows)
        }
        "create" => folder
            .write(WAIT, task)?
            .create("customers/南/new.toml", b"name = \"n\"\n"),
        "set" => {
            let mut writer = folder.write(WAIT, task)?;
            let old = writer
                .read("customers/acme.toml")
                .expect("the customer's file");
            let text = String::from_utf8(old.clone()).unwrap();
            let count: usize = text.trim().rsplit(' ').next().unwrap().parse().unwrap();
            let new = format!("name = \"Acme\"\nscore = {}\n", count + 1);
            writer.replace("customers/acme.toml", &old, new.as_bytes())
        }
        // A customer's rename there and back: the file moves and every row of the log changes.
        "rename" => {
            let mut writer = folder.write(WAIT, task)?;
            let (from, to) = match writer.read("customers/acme.toml") {
                Ok(_) => ("acme", "emca"),
                Err(_) => ("emca", "acme"),
            };
            let paths = [from, to].map(|id| format!("customers/{id}.toml"));
            let file = writer.read(&paths[0]).expect("the customer's file");
            let log = writer.read(LOG).expect("the log");
            let text = String::from_utf8(log.clone()).unwrap();
            let new = text.replace(&format!(",{from},"), &format!(",{to},"));
            let mut changes = Vec::from(Change::rename(&paths[0], &paths[1], &file, file.clone()));
            changes.push(Change::replace(LOG, &log, new));
            writer.change_all(changes)
        }
        // A customer's field and rows of it in two logs, one of them new.
        "stage" => {
            let mut writer = folder.write(WAIT, task)?;
            let old = writer
                .read("customers/acme.toml")
                .expect("the customer's file");
            writer.change_all(vec![
                Change::append(LOG, HEADER, row.clone()),
                Change::replace("customers/acme.toml", &old, "name = \"Acme\"\nscore = 1\n"),
                Change::create_log(NEW_LOG, HEADER, row),
            ])
        }
        // A reader: every row must be of the customer whose file is there.
        "read" => {
            let text = see(folder);
            let customers = ["acme", "emca"].map(|id| text.contains(&format!("{id}.toml")));
            let rows = ["acme", "emca"].map(|id| text.contains(&format!(",{id},")));
            let is_whole = customers[0] != customers[1]
                && (0..2).all(|it| customers[it] || !rows[it])
                && text.ends_with('\n');
            println!("saw {}", if is_whole { "whole" } else { &text });
            Ok(())
        }
        _ => panic!("no such task: {task}"),
    }
}

/// Returns the whole book as a reader sees it.
///
/// Before the first writer ever there is no lock to take. If one has come meanwhile, its change may have been seen
/// half, so the reader looks again, as the program does.
pub(crate) fn see(folder: &Folder) -> String {
    let lock = folder.read_lock(WAIT).unwrap();
    let text = see_now(folder);
    if lock.is_none() && folder.read_lock(WAIT).unwrap().is_some() {
        return see(folder);
    }
    text
}

fn see_now(folder: &Folder) -> String {
    let (overlay, _) = folder.pending().unwrap();
    let mut paths: Vec<String> = files_below(folder.root(), "");
    paths.extend(overlay.paths().map(str::to_owned));
    paths.sort();
    paths.dedup();
    let mut text = String::new();
    for path in paths {
        if let Some(bytes) = folder.read_through(&overlay, &path).unwrap() {
            text.extend([
                "== ",
                &path,
                "\n",
                String::from_utf8(bytes).unwrap().as_str(),
            ]);
        }
    }
    text
}

/// Lists the files of the book, leaving out hidden ones.
fn files_below(root: &Path, inside: &str) -> Vec<String> {
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(root.join(inside)).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if name.starts_with('.') {
            continue;
        }
        let path = if inside.is_empty() {
            name
        } else {
            format!("{inside}/{name}")
        };
        if entry.file_type().unwrap().is_dir() {
            paths.extend(files_below(root, &path));
        } else {
            paths.push(path);
        }
    }
    paths
}

/// Makes a book of one customer and one log.
pub(crate) fn book() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir(home.path().join("customers")).unwrap();
    std::fs::create_dir(home.path().join("interactions")).unwrap();
    let write = |path: &str, text: &str| std::fs::write(home.path().join(path), text).unwrap();
    write("guanxi.toml", "");
    write("customers/acme.toml", "name = \"Acme\"\nscore = 0\n");
    write(LOG, &format!("{HEADER}\n2026-03-01,acme,visit,first\n"));
    home
}
