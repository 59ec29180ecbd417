//! `guanxi doctor`: what is set up wrongly, a line a check, each with the command that mends it.
//!
//! A check is one function and one line of [`CHECKS`]. It changes nothing and asks no network.
#![expect(
    clippy::unnecessary_wraps,
    reason = "all checks are of one type, and some may have nothing to say"
)]

mod found;
mod git;

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{Local, TimeZone as _};

use found::{Finding, FindingState, Patient, fail, ok, warn};
use git::{driver, git, hook, line_ends, repository, uncommitted, unmerged};

use crate::answer::{Column, Envelope, Sheet};
use crate::cli::Console;
use crate::cli::args::{BookOptions, CheckArgs, CheckFormat, ColorWhen, DoctorArgs, Shell};
use crate::cli::command::check;
use crate::cli::finding::{book_in_sight, find};
use crate::cli::outcome::Outcome;
use crate::cli::settings::{Chosen, format_of_path, show_grid, show_text};
use crate::folder::error::LockError;
use crate::folder::git::health;
use crate::folder::{Folder, is_book, is_there, is_writable, read_file};
use crate::metric::Type;
use crate::render::Format;
use crate::source::told;
use crate::words::{Language, both, write_say};

/// The columns, all of which are shown.
pub(in crate::cli) const COLUMNS: [&str; 4] = ["check", "state", "seen", "cure"];

/// The most bytes of a script that is looked at.
const MOST: u64 = 1024 * 1024;

/// A check: its name in both languages, and what it finds; nothing where it says nothing.
type DoctorCheck = (
    &'static str,
    &'static str,
    fn(&Patient<'_>) -> Option<Finding>,
);

/// All checks, in the order in which they are told.
const CHECKS: [DoctorCheck; 20] = [
    ("program", "程序", program),
    ("settings", "个人设置", settings),
    ("book", "账本", book),
    ("faults", "错误", faults),
    ("lock", "锁", lock),
    ("journal", "未完成的改动", journal),
    ("terminal", "终端", terminal),
    ("clock", "时钟", clock),
    ("git", "git", git),
    ("repository", "仓库", repository),
    ("merge driver", "合并程序", driver),
    ("hook", "提交前检查", hook),
    ("line ends", "换行符", line_ends),
    ("unmerged", "未合并", unmerged),
    ("uncommitted", "未提交", uncommitted),
    ("copies", "冲突副本", copies),
    ("holidays", "节假日", holidays),
    ("completions", "补全", completions),
    ("cron", "cron", cron),
    ("cron language", "cron 语言", cron_language),
];

pub(super) fn run(args: &DoctorArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let chosen = Chosen::resolve(&args.sheet, &COLUMNS, &COLUMNS)?;
    let environment = console.environment.clone();
    let named = args.book.as_deref();
    let root = find(named, Duration::ZERO, console).ok();
    let faults = root.as_deref().and_then(|root| faults_of(root, console));
    let in_git = root.as_deref().is_some_and(health::is_in_repository);
    let here = root.clone().unwrap_or_else(|| PathBuf::from("."));
    let git = health::version(&here);
    let patient = Patient {
        environment: &environment,
        in_git: in_git && git.is_ok(),
        root: root.or_else(|| {
            let settings = &environment.personal.settings;
            let seen = book_in_sight(named.map(Path::as_os_str), settings, console);
            seen.filter(|it| is_book(it))
        }),
        faults,
        git,
    };
    let found = CHECKS.iter().filter_map(|(english, chinese, check)| {
        Some((write_say!("{english}", "{chinese}"), check(&patient)?))
    });
    let found: Vec<(String, Finding)> = found.collect();
    let has_failed = found.iter().any(|it| it.1.state == FindingState::Fail);
    if is_for_people(args) {
        let lines = found.iter().map(|(name, it)| line_of(name, it));
        show_text(
            &lines.collect::<String>(),
            args.sheet.output.output.as_deref(),
            console,
        )?;
    } else {
        let mut sheet = Sheet::new(COLUMNS.map(|name| Column::new(name, Type::Text)).to_vec());
        for (name, it) in found {
            sheet.push([
                name.into(),
                it.state.word().to_owned().into(),
                it.seen.into(),
                it.cure.into(),
            ]);
        }
        show_grid(
            &sheet,
            &chosen,
            &args.sheet,
            Envelope::named("doctor"),
            console,
        )?;
    }
    Ok(if has_failed {
        Outcome::Found
    } else {
        Outcome::Done
    })
}

/// Tells whether lines are wanted, and not rows with chosen columns.
fn is_for_people(args: &DoctorArgs) -> bool {
    let output = &args.sheet.output;
    let of_path = output.output.as_deref().and_then(format_of_path);
    matches!(output.format, Some(Format::Table) | None)
        && (of_path.is_none() || output.format.is_some())
        && args.sheet.columns.is_empty()
        && args.sheet.sort.is_empty()
        && args.sheet.limit.is_none()
}

/// Returns the line of a check.
fn line_of(name: &str, found: &Finding) -> String {
    let cure = if found.cure.is_empty() {
        String::new()
    } else {
        write_say!(": {}", "：{}", found.cure)
    };
    let line = format!("{:<4}  {name}  {}{cure}", found.state.word(), found.seen);
    format!("{}\n", told(&line))
}

/// Lets `check` look at a book; nothing where a writer is at it, or it cannot be read.
fn faults_of(root: &Path, console: &mut Console<'_>) -> Option<serde_json::Value> {
    let args = CheckArgs {
        book: BookOptions {
            book: Some(root.to_owned()),
            quiet: true,
            ..BookOptions::default()
        },
        format: CheckFormat::Json,
        color: ColorWhen::Never,
        exit_code: false,
        fix: false,
        yes: false,
        dry_run: false,
        staged: false,
    };
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let mut inner = Console {
        input: &mut *console.input,
        out: &mut out,
        err: &mut err,
        environment: console.environment.clone(),
    };
    check::run(&args, &mut inner).ok()?;
    serde_json::from_slice(&out).ok()
}

fn program(_: &Patient<'_>) -> Option<Finding> {
    Some(ok(format!(
        "guanxi {} (format 1)",
        env!("CARGO_PKG_VERSION")
    )))
}

fn settings(patient: &Patient<'_>) -> Option<Finding> {
    let personal = &patient.environment.personal;
    let faults = &personal.settings.faults;
    if let Some(first) = faults.first() {
        return Some(fail(first.written(), "guanxi config --edit"));
    }
    let path = personal.file.path().filter(|it| is_there(it));
    Some(ok(match path {
        Some(path) => path.display().to_string(),
        None => write_say!("none of your own", "没有"),
    }))
}

fn book(patient: &Patient<'_>) -> Option<Finding> {
    let Some(root) = &patient.root else {
        let seen = write_say!("none here", "这里没有账本");
        return Some(fail(seen, "guanxi init"));
    };
    let shown = root.display();
    if is_writable(root) {
        return Some(ok(write_say!(
            "{shown}, readable and writable",
            "{shown}，可读可写"
        )));
    }
    let seen = write_say!(
        "{shown} can be read and not written",
        "{shown} 可读，不可写"
    );
    Some(warn(seen, "chmod -R u+w ."))
}

fn faults(patient: &Patient<'_>) -> Option<Finding> {
    patient.root.as_ref()?;
    let Some(faults) = &patient.faults else {
        let seen = write_say!("the book could not be checked now", "现在无法检查账本");
        return Some(warn(seen, "guanxi check"));
    };
    let count = |key: &str| faults[key].as_u64().expect("`check` counts its faults");
    let (errors, warnings) = (count("errors"), count("warnings"));
    let rows = faults["rows"].as_array();
    let first = rows.and_then(|it| {
        it.iter()
            .find(|row| errors == 0 || row["severity"] == "error")
    });
    let first = first.map_or(String::new(), |row| {
        let text = |key: &str| row[key].as_str().unwrap_or_default().to_owned();
        let line = row["line"]
            .as_u64()
            .map_or(String::new(), |it| format!(":{it}"));
        format!(
            ", {}{line}: {}[{}]",
            text("file"),
            text("severity"),
            text("code")
        )
    });
    let seen = write_say!(
        "errors {errors}, warnings {warnings}{first}",
        "错误 {errors}，警告 {warnings}{first}"
    );
    Some(match (errors, warnings) {
        (0, 0) => ok(seen),
        (0, _) => warn(seen, "guanxi check"),
        _ => fail(seen, "guanxi check"),
    })
}

fn lock(patient: &Patient<'_>) -> Option<Finding> {
    let root = patient.root.as_ref()?;
    Some(match Folder::new(root.clone()).read_lock(Duration::ZERO) {
        Ok(_) => ok(write_say!("free", "空闲")),
        Err(LockError::Busy { holder, .. }) => {
            let seen = write_say!("held by {holder}", "被占用：{holder}");
            warn(seen, write_say!("wait until it is done", "请等它完成"))
        }
        Err(error) => fail(error.to_string(), String::new()),
    })
}

fn journal(patient: &Patient<'_>) -> Option<Finding> {
    let root = patient.root.as_ref()?;
    let cure = || {
        write_say!(
            "the next command that writes finishes it",
            "下一个写入命令会完成它"
        )
    };
    let folder = Folder::new(root.clone());
    Some(match folder.pending() {
        Ok((_, told)) if !told.is_empty() => warn(told[0].to_string(), String::new()),
        Ok(_) if folder.has_journal() => warn(
            write_say!("a change was interrupted", "有改动被中断"),
            cure(),
        ),
        Ok(_) => ok(write_say!("nothing left over", "没有")),
        Err(error) => fail(error.to_string(), String::new()),
    })
}

fn terminal(patient: &Patient<'_>) -> Option<Finding> {
    let locale = patient.environment.personal.charset.as_ref();
    let locale = locale.map_or(String::new(), |it| it.to_string_lossy().into_owned());
    let plain = locale.to_lowercase().replace('-', "");
    // A terminal without a locale is one of macOS or Windows.
    if plain.contains("utf8") || plain.is_empty() && !cfg!(target_os = "linux") {
        return Some(ok(locale));
    }
    let seen = if locale.is_empty() {
        write_say!(
            "no locale is set, so text may not be UTF-8",
            "未设置区域，文字可能不是 UTF-8"
        )
    } else {
        write_say!("text is not UTF-8: {locale}", "文字不是 UTF-8：{locale}")
    };
    Some(warn(seen, "export LC_CTYPE=C.UTF-8"))
}

fn clock(patient: &Patient<'_>) -> Option<Finding> {
    let today = patient.environment.today;
    let noon = today.and_hms_opt(12, 0, 0)?;
    let zone = Local.from_local_datetime(&noon).earliest();
    let zone = zone.map_or(String::new(), |it| format!(" (UTC{})", it.format("%:z")));
    Some(ok(format!("{today}{zone}")))
}

/// Returns where the first fault of a code is.
fn first_of(patient: &Patient<'_>, code: &str) -> Option<String> {
    let rows = patient.faults.as_ref()?["rows"].as_array()?;
    let row = rows.iter().find(|row| row["code"] == code)?;
    Some(row["file"].as_str().unwrap_or_default().to_owned())
}

fn copies(patient: &Patient<'_>) -> Option<Finding> {
    patient.faults.as_ref()?;
    Some(match first_of(patient, "conflicted-copy") {
        Some(path) => fail(path, "guanxi check --fix"),
        None => ok(write_say!("none", "没有")),
    })
}

fn holidays(patient: &Patient<'_>) -> Option<Finding> {
    patient.faults.as_ref()?;
    Some(match first_of(patient, "calendar-year") {
        Some(_) => warn(
            write_say!("not known for the next 60 days", "今后 60 天的节假日未知"),
            write_say!(
                "a newer guanxi, or `off` under `[calendar]`",
                "请更新 guanxi，或写入 `[calendar]` 的 `off`"
            ),
        ),
        None => ok(write_say!(
            "no day that the book counts by is unknown in the next 60 days",
            "今后 60 天内，账本所依据的日子都已知"
        )),
    })
}

/// Where the scripts of completions lie below a home, and how they come there.
const SCRIPTS: [(Shell, &str, &str); 3] = [
    (
        Shell::Bash,
        ".local/share/bash-completion/completions/guanxi",
        "guanxi completions bash > ~/.local/share/bash-completion/completions/guanxi",
    ),
    (
        Shell::Fish,
        ".config/fish/completions/guanxi.fish",
        "guanxi completions fish > ~/.config/fish/completions/guanxi.fish",
    ),
    (
        Shell::Zsh,
        ".zfunc/_guanxi",
        "guanxi completions zsh > ~/.zfunc/_guanxi",
    ),
];

fn completions(patient: &Patient<'_>) -> Option<Finding> {
    let home = patient.environment.personal.home.as_ref()?;
    let there: Vec<_> = SCRIPTS
        .iter()
        .filter(|it| is_there(&home.join(it.1)))
        .collect();
    let mut old = None;
    for it in &there {
        let bytes = match read_file(&home.join(it.1), MOST) {
            Ok(bytes) => bytes,
            Err(error) => {
                return Some(warn(
                    both!("~/{}: {}", "~/{}：{}", it.1.to_owned(), error).written(),
                    it.2,
                ));
            }
        };
        let is_ours = |language| bytes == it.0.script_in(language).as_bytes();
        if !is_ours(Language::English) && !is_ours(Language::Chinese) {
            old = old.or(Some(it));
        }
    }
    if let Some(old) = old {
        let seen = write_say!("~/{} is of another version", "~/{} 属于其他版本", old.1);
        return Some(warn(seen, old.2));
    }
    Some(match there.first() {
        Some(it) => ok(format!("~/{}", it.1)),
        None => warn(
            write_say!("none of this version found", "未找到本版本的补全脚本"),
            SCRIPTS[0].2,
        ),
    })
}

fn cron(_: &Patient<'_>) -> Option<Finding> {
    Some(match std::env::current_exe() {
        Ok(path) => ok(path.display().to_string()),
        Err(error) => warn(told_error(&error), String::new()),
    })
}

fn told_error(error: &io::Error) -> String {
    error.to_string()
}

fn cron_language(_: &Patient<'_>) -> Option<Finding> {
    Some(ok(write_say!(
        "`LANG` is empty in cron: `lang` under `[view]` in guanxi.toml says which language its mail has",
        "cron 中 `LANG` 为空：邮件的语言由 guanxi.toml 中 `[view]` 的 `lang` 决定"
    )))
}
