//! `tests/faults/`: for every kind of fault a smallest book, and just what `check` says of it.
//!
//! `book.txt` holds the files of a book, each below a line `== PATH`; an empty `guanxi.toml` is added
//! where there is none. What text cannot hold is told in brackets after the path:
//! `(bytes)` as hexadecimal digits, `(repeat N)` the text so many times, `(link)` to what follows,
//! `(pipe)`, `(closed)` that nobody may read, `(tracked)` by git. `expected.txt` is what standard error then says.
//! `SNAPSHOTS=overwrite cargo test` renews it; read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use guanxi::diagnostic::{FAULTS, Severity};
use guanxi::exchange::fault::IMPORT_FAULTS;
use snapbox::{Assert, Data};

/// Returns the folder of all faults.
fn faults() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/faults")
}

#[test]
fn every_fault_has_a_folder_and_a_paragraph() {
    let folders = std::fs::read_dir(faults()).unwrap();
    let folders: BTreeSet<String> = folders
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    let codes: BTreeSet<String> = FAULTS.iter().map(|it| it.code.to_owned()).collect();
    assert_eq!(folders, codes);
    for fault in FAULTS {
        for text in [fault.meaning, fault.cure] {
            assert!(
                text.ends_with(['.', ')']) && !text.contains("  "),
                "{}",
                fault.code
            );
        }
    }
}

#[test]
fn every_fault_of_an_import_has_a_paragraph_of_its_own() {
    let mut codes = BTreeSet::new();
    for it in IMPORT_FAULTS {
        assert!(
            codes.insert(it.fault.code),
            "{} stands twice",
            it.fault.code
        );
        for text in [it.fault.meaning, it.fault.cure] {
            let ends = text.ends_with(['.', ')', '`']);
            assert!(ends && !text.contains("  "), "{}", it.fault.code);
        }
    }
}

#[test]
fn every_fault_has_its_exact_message() {
    let assert = Assert::new()
        .normalize_paths(false)
        .action_env(snapbox::assert::DEFAULT_ACTION_ENV);
    for fault in FAULTS {
        let folder = faults().join(fault.code);
        let text = std::fs::read_to_string(folder.join("book.txt")).unwrap();
        let Some(book) = lay_out(&text) else {
            // Nothing is closed to a privileged user, nor has every system pipes.
            continue;
        };
        let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
            .args(["check", "--as-of", "2026-11-20"])
            .current_dir(book.path())
            .env_clear()
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert.eq(
            said.as_str(),
            Data::read_from(&folder.join("expected.txt"), None),
        );
        let code = format!("{}[{}]", fault.severity.word(), fault.code);
        assert!(said.contains(&code), "{code} is not in:\n{said}");
        assert!(output.stdout.is_empty(), "{}", fault.code);
        let status = i32::from(fault.severity == Severity::Error);
        assert_eq!(output.status.code(), Some(status), "{}", fault.code);
    }
}

#[test]
fn every_fault_is_told_in_chinese_too() {
    for fault in FAULTS {
        let folder = faults().join(fault.code);
        let text = std::fs::read_to_string(folder.join("book.txt")).unwrap();
        let Some(book) = lay_out(&text) else { continue };
        let run = |args: &[&str]| {
            let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
                .args(["check", "--as-of", "2026-11-20"])
                .args(args)
                .current_dir(book.path())
                .env_clear()
                .output()
                .unwrap();
            let answer = String::from_utf8(output.stdout).unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            (answer, said, output.status.code())
        };
        for format in ["long", "short"] {
            let english = run(&["-f", format]);
            let chinese = run(&["-f", format, "--lang", "zh"]);
            let [english, chinese] = [english, chinese].map(|it| (it.0 + &it.1, it.2));
            assert_eq!(english.1, chinese.1, "{}", fault.code);
            assert_eq!(places(&english.0), places(&chinese.0), "{}", fault.code);
            for text in texts(&chinese.0) {
                let is_chinese = text.chars().any(|it| ('一'..='鿿').contains(&it));
                assert!(is_chinese, "{}: {text}\n{}", fault.code, chinese.0);
            }
        }
        for format in ["json", "csv", "jsonl"] {
            let english = run(&["-f", format]);
            let chinese = run(&["-f", format, "--lang", "zh"]);
            assert_eq!((english.0, english.2), (chinese.0, chinese.2));
        }
    }
}

/// Returns codes and places: all of a message that no language changes.
fn places(said: &str) -> Vec<String> {
    let lines = said.lines().filter_map(|line| {
        let place = line.trim_start().strip_prefix("--> ");
        let head = || line.split_once("]: ").map(|it| it.0);
        place.or_else(head).map(str::to_owned)
    });
    lines.collect()
}

/// Returns what is said in words: messages, labels and helps.
fn texts(said: &str) -> Vec<&str> {
    let lines = said.lines().filter_map(|line| {
        let message = line.split_once("]: ").map(|it| it.1);
        let help = || line.trim_start().strip_prefix("= help: ");
        let label = || {
            let beside = line.trim_start().strip_prefix('|')?.trim_start();
            let label = beside.trim_start_matches(['^', '-']).trim();
            (label.len() < beside.len() && !label.is_empty()).then_some(label)
        };
        message.or_else(help).or_else(label)
    });
    lines.collect()
}

/// Makes a book of its description; nothing if that cannot be done here.
fn lay_out(text: &str) -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("guanxi.toml"), "").unwrap();
    for section in text.split("== ").skip(1) {
        let (head, content) = section.split_once('\n').unwrap();
        let (path, how) = match head.split_once(" (") {
            Some((path, how)) => (path, how.trim_end_matches(')')),
            None => (head, ""),
        };
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        match how.split_once(' ').map_or((how, ""), |words| words) {
            ("", _) => std::fs::write(path, content).unwrap(),
            ("bytes", _) => std::fs::write(path, bytes(content)).unwrap(),
            ("repeat", count) => {
                let content = content.trim_end_matches('\n');
                std::fs::write(path, content.repeat(count.parse().unwrap())).unwrap();
            }
            #[cfg(unix)]
            ("link", _) => std::os::unix::fs::symlink(content.trim_end(), path).unwrap(),
            ("tracked", _) => {
                std::fs::write(&path, content).unwrap();
                for args in [&["init", "-q"][..], &["add", "-f", "."]] {
                    let git = Command::new("git")
                        .args(args)
                        .current_dir(folder.path())
                        .status();
                    git.ok()?.success().then_some(())?;
                }
            }
            #[cfg(unix)]
            ("pipe", _) => {
                let made = Command::new("mkfifo").arg(path).status().ok()?;
                made.success().then_some(())?;
            }
            #[cfg(unix)]
            ("closed", _) => {
                use std::os::unix::fs::PermissionsExt as _;
                std::fs::write(&path, content).unwrap();
                std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
                std::fs::File::open(path).err()?;
            }
            _ => return None,
        }
    }
    Some(folder)
}

/// Reads hexadecimal digits.
fn bytes(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let pairs = digits
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap());
    pairs
        .map(|pair| u8::from_str_radix(pair, 16).unwrap())
        .collect()
}
