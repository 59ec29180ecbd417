//! `guanxi init`: a new book, empty or with a small example.

use std::path::Path;
use std::time::Duration;

use anyhow::Context as _;
use chrono::{Datelike as _, NaiveDate};

use crate::cli::Console;
use crate::cli::args::InitArgs;
use crate::cli::outcome::Outcome;
use crate::demo;
use crate::edit::toml_value::NewValue;
use crate::folder::change::Change;
use crate::folder::git::GitError;
use crate::folder::git::repository::Repository;
use crate::folder::git::setup::{SetupError, SetupPart, SetupState, make, plan, plan_hook};
use crate::folder::{Folder, book_around, is_book, is_there, make_folder};
use crate::model::LOG_COLUMNS;
use crate::session::hint::{causes_of, hint_of, hinted};
use crate::session::refusal::refuse_control;
use crate::source::{CUSTOMERS, POLICY_FILE, shell_word, told, told_lines};
use crate::words::{Phrase, all_of, listed, say, spoken};

/// How long another writer is waited for.
const WAIT: Duration = Duration::from_secs(10);

/// What git has to know of a book: logs only grow, so both sides' rows are kept.
const GIT_ATTRIBUTES: Phrase = Phrase(
    "\
# Both sides of a merge append rows: keep all of them. `guanxi check` finds rows that came twice.
interactions/**/*.csv merge=union -text
*.toml text
",
    "\
# 合并时双方都在末尾加行：全部保留。重复的行由 `guanxi check` 找出。
interactions/**/*.csv merge=union -text
*.toml text
",
);

/// What git has to leave alone.
const GIT_IGNORE: Phrase = Phrase(
    "\
# The lock and the journal of this copy of the book.
.guanxi/
# What a writing command makes for a moment beside the file that it replaces.
.guanxi-*.tmp
",
    "\
# 本份账本的锁和未完成的改动。
.guanxi/
# 写入的命令在替换文件之前，暂时放在旁边的文件。
.guanxi-*.tmp
",
);

/// The policy of a new book.
const POLICY: Phrase = Phrase(
    "\
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
",
    "\
# 有这个文件的文件夹就是 guanxi 的账本。没有写的都按默认：`guanxi policy` 打印全部现行规则，
# `guanxi help policy` 说明各键的含义。要改哪一项，去掉前面的 `#` 再改。

# currency = \"CNY\"
# payment_terms = \"30d\"

# 客户的各个阶段：潜在、投标、实施、已完工。
# stages = [\"prospect\", \"bidding\", \"delivery\", \"completed\"]

# 多久回访一次：取第一条符合的规则。写了规则，就替换全部默认的回访规则。
# [[revisit]]
# when = \"tier = AAA\"
# every = \"30d\"
# [[revisit]]
# every = \"90d\"

# 自己的标记，显示在客户旁边：
# [[flag]]
# name = \"big-and-late\"
# label = \"大额逾期\"
# when = \"annual_value >= 50万 and days_past_due > 30\"

# [value]
# margin = 0.25                      # 毛利率
",
);

pub(super) fn run(args: &InitArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let root = args.dir.as_deref().unwrap_or_else(|| Path::new("."));
    let shown = told(&root.display().to_string()).into_owned();
    if (args.hooks || args.git) && !args.demo && is_book(root) {
        return set_up(args, root, console);
    }
    if args.dry_run {
        if !args.quiet {
            let would = say!("would make a book in `{shown}`", "将在 `{shown}` 新建账本");
            writeln!(console.out, "{would}")?;
        }
        if is_there(root) {
            return set_up(args, root, console);
        }
        return Ok(Outcome::Done);
    }
    let today = console.environment.today;
    let mut files = if args.demo {
        demo::files(today)
    } else {
        blank_files(today)
    };
    if let Some(currency) = &args.currency {
        set_currency(&mut files, currency)?;
    }
    refuse_what_is_there(root, &shown, &files)?;
    make_folder(root).with_context(|| say!("cannot make `{shown}`", "无法新建 `{shown}`"))?;
    let mut changes: Vec<Change> = Vec::new();
    for (path, text) in [
        (".gitattributes", GIT_ATTRIBUTES.spoken()),
        (".gitignore", GIT_IGNORE.spoken()),
    ] {
        if is_there(&root.join(path)) {
            if args.quiet {
                continue;
            }
            let lines = text.lines().filter(|line| !line.starts_with('#'));
            let lines = all_of(lines.map(|line| format!("`{line}`")));
            let lines = lines.spoken();
            console.note(&say!(
                "note: `{path}` is there already; let it say {lines}\n",
                "note: 已有 `{path}`；请在其中写上 {lines}\n"
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
    make_folder(&root.join(CUSTOMERS))
        .with_context(|| say!("cannot make `{CUSTOMERS}`", "无法新建 `{CUSTOMERS}`"))?;
    let outcome = acknowledge(args, &next_steps(args, &shown), console);
    if let Some(outer) = book_around(root).filter(|_| !args.quiet) {
        console.note(&say!(
            "note: it lies in another book, `{}`; in `{shown}` commands are of the new one\n",
            "note: 它位于另一账本 `{}` 之内；在 `{shown}` 中的命令针对新账本\n",
            told(&outer.display().to_string())
        ));
    }
    if (args.hooks || args.git) && outcome == Outcome::Done {
        let set_up = set_up(args, root, console);
        return Ok(set_up.unwrap_or_else(|error| {
            tell_unset(
                spoken().pick(
                    "the book is made, but git does not know of it",
                    "账本已建好，但 git 还不知道",
                ),
                &error,
                console,
            );
            Outcome::Found
        }));
    }
    Ok(outcome)
}

/// Says what was done, unless nothing but errors is to be said.
fn acknowledge(args: &InitArgs, text: &str, console: &mut Console<'_>) -> Outcome {
    if args.quiet {
        return Outcome::Done;
    }
    console.acknowledge(text)
}

/// Tells an error behind what is made all the same.
fn tell_unset(made: &str, error: &anyhow::Error, console: &mut Console<'_>) {
    let error_text = told_lines(&causes_of(error));
    let help = hint_of(error).map(|help| format!("  = help: {help}\n"));
    let help = help.unwrap_or_default();
    console.note(&say!(
        "error: {made}: {error_text}\n{help}",
        "error: {made}：{error_text}\n{help}"
    ));
}

/// Tells git in this clone what it needs to know of the book; what is there already is left.
fn set_up(args: &InitArgs, root: &Path, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let with_hint = |error: SetupError| {
        let hint = match &error {
            SetupError::Git(error) => git_hint(args, root, error),
            SetupError::Exists(_) => say!(
                "let it run `guanxi check --staged`",
                "请让它执行 `guanxi check --staged`"
            ),
            SetupError::Unread { .. } | SetupError::Failed { .. } => say!(
                "look at the permissions of the file and its folder",
                "请检查文件及其文件夹的权限"
            ),
        };
        hinted(error.to_string(), Some(hint))
    };
    let plan = if args.git {
        plan(root)
    } else {
        plan_hook(root)
            .map(|hook| vec![hook])
            .map_err(SetupError::from)
    };
    let plan = plan.map_err(with_hint)?;
    let mut text = String::new();
    for (wanted, state) in &plan {
        match (state, wanted) {
            (SetupState::Missing, _) => {
                if !args.dry_run
                    && let Err(error) = make(root, wanted)
                {
                    let error = with_hint(error);
                    if text.is_empty() {
                        return Err(error);
                    }
                    acknowledge(args, &text, console);
                    let part = spoken().pick(
                        "git knows a part of it, but not the rest",
                        "git 只知道其中一部分",
                    );
                    tell_unset(part, &error, console);
                    return Ok(Outcome::Found);
                }
                text.push_str(&made(wanted, args.dry_run));
            }
            (SetupState::There, SetupPart::Hook(path, _)) if !args.git => {
                return Err(with_hint(SetupError::Exists(path.clone())));
            }
            (SetupState::There, _) => {
                text.push_str(&name(wanted));
                text.push_str(spoken().pick(" is there already\n", " 已经有了\n"));
            }
            (SetupState::Other(_), SetupPart::Hook(path, _)) if !args.git => {
                return Err(with_hint(SetupError::Exists(path.clone())));
            }
            (SetupState::Other(_), _) if args.quiet => {}
            (SetupState::Other(found), _) => console.note(&differs(wanted, found)),
        }
    }
    Ok(acknowledge(args, &text, console))
}

/// Returns what to try where git could not be asked, or refused.
fn git_hint(args: &InitArgs, root: &Path, error: &GitError) -> String {
    let folder = args.dir.as_deref().map(|dir| {
        let shown = dir.display().to_string();
        format!(" {}", shell_word(&told(&shown)))
    });
    let folder = folder.unwrap_or_default();
    let command = if args.git { "--git" } else { "--hooks" };
    let again = say!(
        "then `guanxi init {command}{folder}` again",
        "然后再执行 `guanxi init {command}{folder}`"
    );
    if matches!(error, GitError::NotRun(_)) {
        return say!(
            "install git, or put it on the path; {again}",
            "请安装 git，或把它放进 PATH；{again}"
        );
    }
    if Repository::around(root).is_none() {
        return say!(
            "`git init{folder}` makes a repository; {again}",
            "`git init{folder}` 新建仓库；{again}"
        );
    }
    say!("do what git says; {again}", "请按 git 的提示处理；{again}")
}

/// Returns what a thing that git is told is called.
fn name(wanted: &SetupPart) -> String {
    match wanted {
        SetupPart::Key(key, _) => format!("`{key}`"),
        SetupPart::Lines(path, _) => {
            say!(
                "what `{}` says of the book",
                "`{}` 中关于账本的内容",
                shown_path(path)
            )
        }
        SetupPart::Hook(path, _) => say!("the hook `{}`", "钩子 `{}`", shown_path(path)),
    }
}

/// Says what was made, or would be.
fn made(wanted: &SetupPart, is_dry: bool) -> String {
    let would = if is_dry {
        spoken().pick("would have ", "将")
    } else {
        spoken().pick("", "已")
    };
    match wanted {
        SetupPart::Key(key, value) => {
            say!(
                "{would}set `{key}` to `{}`\n",
                "{would}设置 `{key}` 为 `{}`\n",
                told(value)
            )
        }
        SetupPart::Lines(path, lines) => {
            let path = shown_path(path);
            let line = |line: &String| {
                say!(
                    "{would}added to `{path}`: {}\n",
                    "{would}写入 `{path}`：{}\n",
                    told(line)
                )
            };
            lines.iter().map(line).collect()
        }
        SetupPart::Hook(path, _) => say!(
            "{would}added the hook `{}`: it checks what is committed\n",
            "{would}添加钩子 `{}`：提交前检查账本\n",
            shown_path(path)
        ),
    }
}

/// Says what is there in place of what should be, and what to do.
fn differs(wanted: &SetupPart, found: &str) -> String {
    match wanted {
        SetupPart::Key(key, value) => say!(
            "note: `{key}` is left as it is, `{}`; to change it: git config {key} {}\n",
            "note: `{key}` 保持原样 `{}`；要改：git config {key} {}\n",
            told(found),
            shell_word(value)
        ),
        SetupPart::Lines(path, _) => {
            let found = listed(found.lines().map(|it| format!("`{}`", told(it))));
            say!(
                "note: `{}` says otherwise, and is left as it is: {}\n",
                "note: `{}` 写法不同，保持原样：{}\n",
                shown_path(path),
                found.spoken()
            )
        }
        SetupPart::Hook(path, script) => {
            let last = script.lines().last().unwrap_or_default();
            say!(
                "note: `{}` is another hook, and is left as it is; let it run: {}\n",
                "note: `{}` 是别的钩子，保持原样；请让它运行：{}\n",
                shown_path(path),
                told(last)
            )
        }
    }
}

fn shown_path(path: &Path) -> String {
    let path = path.strip_prefix(".").unwrap_or(path);
    told(&path.display().to_string()).into_owned()
}

/// Returns the files of a book without customers.
fn blank_files(today: NaiveDate) -> Vec<(String, String)> {
    let log = format!("interactions/{:04}.csv", today.year());
    vec![
        ("guanxi.toml".to_owned(), POLICY.spoken().to_owned()),
        (log, format!("{}\n", LOG_COLUMNS.join(","))),
    ]
}

/// Lets the policy state the currency, where it stands as a comment or as that of the example.
fn set_currency(files: &mut [(String, String)], currency: &str) -> anyhow::Result<()> {
    refuse_control(currency, || say!("the currency", "货币名称"))?;
    if currency.trim().is_empty() {
        let hint = say!("name it like `EUR`", "请写成 `EUR` 这样");
        let message = say!("a currency without a name", "没有写货币名称");
        return Err(hinted(message, Some(hint)));
    }
    let stated = format!(
        "currency = {}",
        NewValue::Text(currency.to_owned()).to_toml()
    );
    for (_, text) in files.iter_mut().filter(|(path, _)| path == POLICY_FILE) {
        let is_currency = |line: &&str| line.trim_start_matches("# ").starts_with("currency = ");
        let line = text.lines().find(is_currency).map(str::to_owned);
        let line = line.expect("the policy of a new book names the currency");
        *text = text.replacen(&line, &stated, 1);
    }
    Ok(())
}

/// Looks for what must not be there before anything is written.
fn refuse_what_is_there(
    root: &Path,
    shown: &str,
    files: &[(String, String)],
) -> anyhow::Result<()> {
    if is_book(root) {
        let hint = say!(
            "`guanxi list --book {shown}` reads it, `guanxi check` looks for faults",
            "`guanxi list --book {shown}` 读取它，`guanxi check` 检查问题"
        );
        let message = say!("`{shown}` is a book already", "`{shown}` 已经是账本");
        return Err(hinted(message, Some(hint)));
    }
    if let Some((path, _)) = files.iter().find(|(path, _)| is_there(&root.join(path))) {
        let message = say!(
            "`{path}` is in `{shown}` already, and nothing is overwritten",
            "`{shown}` 中已有 `{path}`，不会覆盖"
        );
        let hint = spoken().pick(
            "name a new folder, or move the file away",
            "请指定新文件夹，或移走该文件",
        );
        return Err(hinted(message, Some(hint.to_owned())));
    }
    Ok(())
}

/// Says what was made and what to do with it.
fn next_steps(args: &InitArgs, shown: &str) -> String {
    let (place, enter) = match &args.dir {
        Some(_) => (
            format!("`{shown}`"),
            format!("    cd {}\n", shell_word(shown)),
        ),
        None => (say!("this folder", "本文件夹"), String::new()),
    };
    let steps = if args.demo {
        "    guanxi due
    guanxi list -s -annual_value
    guanxi churn
    guanxi show harbour-metro
"
    } else {
        spoken().pick(
            "    guanxi add 'Zhuzhou Metro' --stage bidding
    guanxi log zhuzhou-metro visit 'toured the depot'
    guanxi due
",
            "    guanxi add 株洲地铁 --stage bidding
    guanxi log 株洲地铁 拜访 看了车辆段
    guanxi due
",
        )
    };
    say!(
        "made a book in {place}; next:\n\n{enter}{steps}",
        "已在 {place} 新建账本；接下来：\n\n{enter}{steps}"
    )
}
