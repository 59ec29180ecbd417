//! `guanxi init`: a new book, empty or with a small example.

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::cli::Console;
use crate::cli::args::InitArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::demo;
use crate::folder::change::Change;
use crate::folder::git::setup::{HookError, add_pre_commit_hook};
use crate::folder::{Folder, is_book, make_folder};
use crate::load::log::COLUMNS;
use crate::source::{CUSTOMERS, told};

/// How long another writer is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// What git has to know of a book: logs only grow, so both sides' rows are kept.
const GIT_ATTRIBUTES: &str = "\
# Both sides of a merge append rows: keep all of them. `guanxi check` finds rows that came twice.
interactions/**/*.csv merge=union -text
*.toml text
";

/// What git has to leave alone.
const GIT_IGNORE: &str = "\
# The lock and the journal of this copy of the book.
.guanxi/
# What a writing command makes for a moment beside the file that it replaces.
.guanxi-*.tmp
";

/// The policy of a new book.
const POLICY: &str = "\
# This file marks the folder as a book of guanxi. What it leaves out is the default:
# `guanxi policy` prints all that is in force. Take off the `#` and change what differs here.

# currency = \"CNY\"
# payment_terms = \"30d\"

# The stages that a customer goes through.
# stages = [\"prospect\", \"bidding\", \"delivery\", \"completed\"]

# Who is seen how often: the first rule that matches. A list of rules replaces the default list.
# [[revisit]]
# when = \"tier = AAA\"
# every = \"30d\"
# [[revisit]]
# every = \"90d\"

# A finding of your own beside a customer:
# [[flag]]
# name = \"big-and-late\"
# when = \"annual_value >= 50万 and days_past_due > 30\"

# [value]
# margin = 0.25                      # what is left of a sale
";

pub(super) fn run(args: &InitArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = args.dir.as_deref().unwrap_or_else(|| Path::new("."));
    let shown = told(&root.display().to_string()).into_owned();
    if args.hooks && !args.demo && is_book(root) {
        return add_hook(root, console);
    }
    let today = console.environment.today;
    let files = if args.demo {
        demo::files(today)
    } else {
        blank_files(today)
    };
    refuse_what_is_there(root, &shown, &files)?;
    make_folder(root).with_context(|| format!("cannot make `{shown}`"))?;
    let mut changes: Vec<Change> = Vec::new();
    for (path, text) in [
        (".gitattributes", GIT_ATTRIBUTES),
        (".gitignore", GIT_IGNORE),
    ] {
        if is_there(&root.join(path)) {
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let lines: Vec<String> = lines.map(|line| format!("`{line}`")).collect();
            let lines = lines.join(" and ");
            console.note(&format!(
                "note: `{path}` is there already; let it say {lines}\n"
            ));
        } else {
            changes.push(Change::create(path, text));
        }
    }
    changes.extend(
        files
            .into_iter()
            .map(|(path, text)| Change::create(path, text)),
    );
    Folder::new(root).write(WAIT, "init")?.change_all(changes)?;
    make_folder(&root.join(CUSTOMERS)).with_context(|| format!("cannot make `{CUSTOMERS}`"))?;
    let outcome = console.acknowledge(&next_steps(args, &shown));
    if args.hooks && outcome == Outcome::Done {
        return add_hook(root, console);
    }
    Ok(outcome)
}

/// Adds the hook that checks the book before a commit.
fn add_hook(root: &Path, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let hook = add_pre_commit_hook(root).map_err(|error| {
        let hint = match &error {
            HookError::Git(_) => "`git init` makes a repository; then `guanxi init --hooks` again",
            HookError::Exists(_) => "let it run `guanxi check`",
            HookError::Failed { .. } => "look at the permissions of the file and its folder",
        };
        hinted(error.to_string(), Some(hint.to_owned()))
    })?;
    let hook = hook.strip_prefix(".").unwrap_or(&hook);
    let hook = told(&hook.display().to_string()).into_owned();
    Ok(console.acknowledge(&format!(
        "added the hook `{hook}`: it checks what is committed\n"
    )))
}

/// Returns the files of a book without customers.
fn blank_files(today: NaiveDate) -> Vec<(String, String)> {
    let log = format!("interactions/{:04}.csv", today.year());
    vec![
        ("guanxi.toml".to_owned(), POLICY.to_owned()),
        (log, format!("{}\n", COLUMNS.join(","))),
    ]
}

/// Looks for what must not be there before anything is written.
fn refuse_what_is_there(
    root: &Path,
    shown: &str,
    files: &[(String, String)],
) -> anyhow::Result<()> {
    if is_book(root) {
        let hint =
            format!("`guanxi list --book {shown}` reads it, `guanxi check` looks for faults");
        return Err(hinted(format!("`{shown}` is a book already"), Some(hint)));
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| is_there(&root.join(path))) {
        let message = format!("`{path}` is in `{shown}` already, and nothing is overwritten");
        let hint = "name a new folder, or move the file away";
        return Err(hinted(message, Some(hint.to_owned())));
    }
    Ok(())
}

/// Tells whether anything has this path; a link that leads nowhere has it too.
fn is_there(path: &Path) -> bool {
    path.symlink_metadata().is_ok()
}

/// Returns a text as a shell takes it for one word.
fn shell_word(text: &str) -> Cow<'_, str> {
    let is_plain = |it: char| it.is_alphanumeric() || matches!(it, '/' | '.' | '_' | '-');
    if text.chars().all(is_plain) {
        return text.into();
    }
    format!("'{}'", text.replace('\'', "'\\''")).into()
}

/// Says what was made and what to do with it.
fn next_steps(args: &InitArgs, shown: &str) -> String {
    let (place, enter) = match &args.dir {
        Some(_) => (
            format!("`{shown}`"),
            format!("    cd {}\n", shell_word(shown)),
        ),
        None => ("this folder".to_owned(), String::new()),
    };
    let steps = if args.demo {
        "    guanxi due
    guanxi list -s -annual_value
    guanxi churn
    guanxi show harbour-metro
"
    } else {
        "    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due
"
    };
    format!("made a book in {place}; next:\n\n{enter}{steps}")
}
