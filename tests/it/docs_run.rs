//! The pages that people read, run as they stand.
//!
//! Every `console` block of a page runs, one after the other, in a folder with copies of the
//! examples. A block whose fence names a path (` ```csv my-book/interactions/2025.csv `) is a file
//! that the reader types at that point. `TRYCMD=overwrite cargo test docs_run` renews what commands
//! say; read the difference.
#![expect(
    clippy::string_slice,
    reason = "texts are cut where a search found something"
)]

use std::path::{Path, PathBuf};

/// Runs one page.
fn run(page: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("page.in");
    // Who reads a page has its language, and the book that it makes.
    let (locale, book) = if page.contains(".zh-CN.") || page.starts_with("docs/zh/") {
        ("zh_CN.UTF-8", "销售")
    } else {
        ("C.UTF-8", "my-book")
    };
    for example in ["rail", "cdnow", "spreadsheet"] {
        copy_folder(
            &root.join("examples").join(example),
            &inside.join("examples").join(example),
        );
    }
    let text = std::fs::read_to_string(root.join(page)).unwrap();
    let text = text.replace("\r\n", "\n");
    let mut renewed = String::new();
    let mut failed = None;
    for part in parts(&text) {
        match part {
            Part::Shown(part) if part.contains("```console") => {
                // Blank lines before keep the page's line numbers in messages.
                let before = "\n".repeat(renewed.matches('\n').count());
                let file = folder.path().join("page.md");
                std::fs::write(&file, format!("{before}{}", spaced(part))).unwrap();
                // It fails as well where it overwrites; what it wrote is wanted then.
                let result = std::panic::catch_unwind(|| {
                    trycmd::TestCases::new()
                        .env("GUANXI_BOOK", book)
                        .env("LC_ALL", locale)
                        .env("NO_COLOR", "1")
                        .case(&file)
                        .run();
                });
                failed = failed.or(result.err());
                let after = std::fs::read_to_string(&file).unwrap();
                renewed.push_str(&after[before.len()..].replace(LAST, "\n```\n"));
            }
            Part::Shown(part) => renewed.push_str(part),
            Part::Typed { path, content, all } => {
                let path = inside.join(path);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, content).unwrap();
                renewed.push_str(all);
            }
        }
    }
    if renewed != text {
        std::fs::write(root.join(page), renewed).unwrap();
    }
    if let Some(panic) = failed {
        std::panic::resume_unwind(panic);
    }
}

/// What trycmd wants to see at a block's end: it takes the last line end for a matter of form.
const LAST: &str = "\n\n```\n";

/// Returns a text with an empty line at the end of every block that runs.
fn spaced(text: &str) -> String {
    let mut spaced = String::new();
    for (index, block) in text.split("```console\n").enumerate() {
        if index == 0 {
            spaced.push_str(block);
        } else {
            spaced.push_str("```console\n");
            spaced.push_str(&block.replacen("\n```\n", LAST, 1));
        }
    }
    spaced
}

/// A part of a page.
enum Part<'p> {
    /// Text and blocks to run.
    Shown(&'p str),
    /// A file to be made: its path, what it holds, the block as it stands.
    Typed {
        path: &'p str,
        content: &'p str,
        all: &'p str,
    },
}

/// Parts a page at the blocks that are files.
fn parts(text: &str) -> Vec<Part<'_>> {
    let (mut parts, mut start, mut at, mut is_open) = (Vec::new(), 0, 0, false);
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        if let Some(info) = line.strip_prefix("```") {
            is_open = !is_open;
            if let Some((_, path)) = info.trim().split_once(' ')
                && is_open
            {
                let close = end + text[end..].find("```\n").unwrap();
                parts.push(Part::Shown(&text[start..at]));
                parts.push(Part::Typed {
                    path,
                    content: &text[end..close],
                    all: &text[at..close + 4],
                });
                start = close + 4;
            }
        }
        at = end;
    }
    parts.push(Part::Shown(&text[start..]));
    parts
}

fn copy_folder(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy_folder(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}

#[test]
fn readme() {
    run("README.md");
}

#[test]
fn readme_in_chinese() {
    run("README.zh-CN.md");
}

#[test]
fn guide_in_chinese() {
    run("docs/guide.zh-CN.md");
}

#[test]
fn git() {
    run("docs/git.md");
}

#[test]
fn methods() {
    run("docs/methods.md");
}

#[test]
fn kinds() {
    run("docs/kinds.md");
}

#[test]
fn rules() {
    run("docs/rules.md");
}

#[test]
fn policy() {
    run("docs/policy.md");
}

#[test]
fn writing() {
    run("docs/writing.md");
}

#[test]
fn import() {
    run("docs/import.md");
}

#[test]
fn import_in_chinese() {
    run("docs/zh/import.md");
}

#[test]
fn policy_in_chinese() {
    run("docs/zh/policy.md");
}

#[test]
fn cron() {
    run("docs/cron.md");
}

#[test]
fn skill() {
    run("skills/guanxi/SKILL.md");
}

/// The pages of `docs/` that are run.
const RUN: [&str; 11] = [
    "zh/import.md",
    "zh/policy.md",
    "guide.zh-CN.md",
    "git.md",
    "methods.md",
    "import.md",
    "kinds.md",
    "rules.md",
    "policy.md",
    "writing.md",
    "cron.md",
];

/// Returns the paths of the pages of `docs/`, those in Chinese too.
fn pages() -> impl Iterator<Item = PathBuf> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let folders = [docs.clone(), docs.join("zh")];
    let entries = folders
        .into_iter()
        .flat_map(|it| std::fs::read_dir(it).unwrap());
    let paths = entries.map(|it| it.unwrap().path());
    paths.filter(|it| it.extension().is_some_and(|it| it == "md"))
}

#[test]
fn every_page_with_a_console_block_is_run() {
    for page in pages() {
        let has_block = std::fs::read_to_string(&page)
            .unwrap()
            .contains("```console");
        let is_run = RUN
            .iter()
            .any(|it| page.ends_with(Path::new("docs").join(it)));
        assert!(!has_block || is_run, "{} has to be run", page.display());
    }
}
