//! What is wrong with the arguments, and what was probably meant.

use std::ffi::OsString;
use std::fmt::Write as _;
use std::num::{IntErrorKind, ParseIntError};

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::Console;
use super::command_tree;
use super::conclusion::conclude;
use super::outcome::Outcome;
use super::topics::TOPICS;
use crate::change::values::field_names;
use crate::diagnostic::nearest;
use crate::metric::metric_by_name;
use crate::source::{clipped, shell_word, told};
use crate::words::{Language, Phrase, all_of, listed, say, spoken};

/// Words that other programs have for what a command does.
const MEANT: [(&[&str], Phrase); 9] = [
    (
        &["search", "find", "query", "grep", "filter", "lookup"],
        Phrase(
            "`guanxi show WORD` shows a customer, `guanxi list 'name ~ WORD'` looks for names",
            "`guanxi show 名称` 查看客户，`guanxi list 'name ~ 名称'` 按名称查找",
        ),
    ),
    (
        &["new", "create", "insert"],
        Phrase(
            "`guanxi add NAME` makes a customer, `guanxi log CUSTOMER KIND` a row, `guanxi init` a book",
            "`guanxi add 名称` 新建客户，`guanxi log 客户 类型` 登记一行，`guanxi init` 新建账本",
        ),
    ),
    (
        &["delete", "rm", "del", "drop"],
        Phrase(
            "`guanxi remove CUSTOMER` takes a customer out of the book",
            "`guanxi remove 客户` 从账本里删除客户",
        ),
    ),
    (
        &["mv", "move"],
        Phrase(
            "`guanxi rename OLD NEW` gives a customer another id",
            "`guanxi rename 旧编号 新编号` 给客户换编号",
        ),
    ),
    (
        &["ls", "customers"],
        Phrase("`guanxi list` shows customers", "`guanxi list` 列出客户"),
    ),
    (
        &["view", "get", "open", "info", "cat"],
        Phrase(
            "`guanxi show CUSTOMER` shows one customer on one screen",
            "`guanxi show 客户` 在一屏里显示一个客户",
        ),
    ),
    (
        &["update", "change", "modify"],
        Phrase(
            "`guanxi set CUSTOMER KEY=VALUE` changes fields, `guanxi edit CUSTOMER` opens the file",
            "`guanxi set 客户 键=值` 修改字段，`guanxi edit 客户` 打开文件",
        ),
    ),
    (
        &["status", "todo", "next", "agenda", "today", "remind"],
        Phrase(
            "`guanxi due` shows whom to see",
            "`guanxi due` 列出该回访的客户",
        ),
    ),
    (
        &["load"],
        Phrase(
            "`guanxi import customers FILE` and `guanxi import log FILE` bring in a spreadsheet",
            "`guanxi import customers 文件` 和 `guanxi import log 文件` 导入表格",
        ),
    ),
];

/// Reports what is wrong with the arguments, or prints the help or version that was asked for.
pub(super) fn usage(
    error: &clap::Error,
    arguments: &[OsString],
    console: &mut Console<'_>,
) -> Outcome {
    let text = error.render();
    if error.use_stderr() {
        let help = help_of(error, arguments);
        if spoken() == Language::Chinese
            && let Some(text) = in_chinese(error, help.as_deref())
        {
            console.note(&text);
            return Outcome::Failed;
        }
        // The message quotes the arguments, which may hold anything; so it comes without colours.
        let text = text.to_string();
        let mut help = help.map(|help| format!("  = help: {}\n", told(&help)));
        let is_known_better = help.is_some();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            // What the parser finds similar is similar by letters alone.
            if is_known_better && line.trim_start().starts_with("tip:") {
                lines.next_if(|it| it.is_empty());
                continue;
            }
            console.note(&format!("{}\n", told(line)));
            if let Some(help) = help.take() {
                console.note(&help);
            }
        }
        return Outcome::Failed;
    }
    let environment = &console.environment;
    let text = if environment.out_is_terminal && !environment.no_color {
        text.ansi().to_string()
    } else {
        text.to_string()
    };
    let written = console.out.write_all(text.as_bytes());
    let written = written.and_then(|()| console.out.flush());
    conclude(written.map(|()| Outcome::Done).map_err(Into::into), console)
}

/// Says in Chinese what is wrong with the arguments: the parser itself speaks English alone.
///
/// Nothing where it shows a page of help instead.
fn in_chinese(error: &clap::Error, help: Option<&str>) -> Option<String> {
    let message = message_in_chinese(error)?;
    let mut text = format!("error: {}\n", told(&message));
    let suggested = || {
        let kinds = [
            ContextKind::SuggestedArg,
            ContextKind::SuggestedValue,
            ContextKind::SuggestedSubcommand,
        ];
        let found = kinds.into_iter().flat_map(|it| words(error, it)).next()?;
        Some(format!("您是否指 `{found}`？"))
    };
    let valid = || {
        let all = words(error, ContextKind::ValidValue);
        (!all.is_empty()).then(|| format!("可选的值有 {}", all.join("、")))
    };
    let help = help.map(str::to_owned).or_else(suggested).or_else(valid);
    if let Some(help) = help {
        let _ = writeln!(text, "  = help: {}", told(&help));
    }
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let usage = usage.strip_prefix("Usage: ").unwrap_or(&usage);
        let usage = usage
            .replace("[OPTIONS]", "[选项]")
            .replace("<COMMAND>", "<命令>");
        let _ = write!(text, "\n用法：{usage}\n");
    }
    text.push_str("\n加上 `--help` 可看详细说明\n");
    Some(text)
}

/// Returns the sentence itself; nothing where the error is a page of help.
fn message_in_chinese(error: &clap::Error) -> Option<String> {
    let first = |kind| words(error, kind).into_iter().next().unwrap_or_default();
    let argument = first(ContextKind::InvalidArg);
    let value = first(ContextKind::InvalidValue);
    let number = |kind| match error.get(kind) {
        Some(ContextValue::Number(number)) => *number,
        _ => 0,
    };
    let actual = number(ContextKind::ActualNumValues);
    Some(match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("`{argument}` 缺少值"),
        ErrorKind::InvalidValue => format!("`{argument}` 不能是 `{value}`"),
        ErrorKind::UnknownArgument => format!("没有 `{argument}` 这个参数"),
        ErrorKind::InvalidSubcommand => {
            format!("没有 `{}` 这个命令", first(ContextKind::InvalidSubcommand))
        }
        ErrorKind::NoEquals => format!("`{argument}` 和它的值之间要有 `=`"),
        ErrorKind::ValueValidation => {
            let why = std::error::Error::source(error).map(why_in_chinese);
            let why = why.map_or_else(String::new, |why| format!("：{why}"));
            format!("`{argument}` 不能是 `{value}`{why}")
        }
        ErrorKind::TooManyValues => format!("`{argument}` 不需要 `{value}` 这个值"),
        ErrorKind::TooFewValues => {
            let least = number(ContextKind::MinValues);
            format!("`{argument}` 至少要有 {least} 个值，这里有 {actual} 个")
        }
        ErrorKind::WrongNumberOfValues => {
            let wanted = number(ContextKind::ExpectedNumValues);
            format!("`{argument}` 要有 {wanted} 个值，这里有 {actual} 个")
        }
        ErrorKind::ArgumentConflict => {
            let others = words(error, ContextKind::PriorArg);
            if others.contains(&argument) {
                format!("`{argument}` 只能写一次")
            } else if others.is_empty() {
                format!("`{argument}` 不能与其他参数同时使用")
            } else {
                format!("`{argument}` 不能与 `{}` 同时使用", others.join("`、`"))
            }
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = words(error, ContextKind::InvalidArg);
            format!("缺少参数：{}", missing.join("、"))
        }
        ErrorKind::MissingSubcommand => {
            format!("`{}` 后面要写命令", first(ContextKind::InvalidSubcommand))
        }
        ErrorKind::InvalidUtf8 => "参数里有不是 UTF-8 的内容".to_owned(),
        _ => return None,
    })
}

/// Says in Chinese why a value is refused, where the refusal is not ours.
fn why_in_chinese(source: &(dyn std::error::Error + 'static)) -> String {
    if let Some(error) = source.downcast_ref::<ParseIntError>() {
        return match error.kind() {
            IntErrorKind::PosOverflow | IntErrorKind::NegOverflow => "超出了范围",
            _ => "应当是整数",
        }
        .to_owned();
    }
    let text = source.to_string();
    match text.split_once(" is not in ") {
        Some((_, range)) => format!("应在 {range} 之内"),
        None => text,
    }
}

/// Returns the words that an error tells of a kind.
fn words(error: &clap::Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(word)) => vec![word.clone()],
        Some(ContextValue::Strings(words)) => words.clone(),
        _ => Vec::new(),
    }
}

/// Returns what was probably meant, where we know it better than the parser of arguments.
fn help_of(error: &clap::Error, arguments: &[OsString]) -> Option<String> {
    let word_of = |kind| match error.get(kind) {
        Some(ContextValue::String(word)) => Some(word.as_str()),
        _ => None,
    };
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            Some(meant_command(word_of(ContextKind::InvalidSubcommand)?))
        }
        ErrorKind::UnknownArgument => {
            let word = word_of(ContextKind::InvalidArg)?;
            meant_argument(word, arguments).or_else(|| meant_elsewhere(word))
        }
        _ => None,
    }
}

/// Says which command does what a word means, or is near to it.
pub(super) fn meant_command(word: &str) -> String {
    let lower = word.to_lowercase();
    let known = MEANT
        .iter()
        .find(|(words, _)| words.contains(&lower.as_str()));
    if let Some((_, help)) = known {
        return help.spoken().to_owned();
    }
    let tree = command_tree();
    let names = tree.get_subcommands().map(clap::Command::get_name);
    match nearest(word, names) {
        Some(near) => say!("did you mean `{near}`?", "您是否指 `{near}`？"),
        None => match nearest(word, TOPICS.iter().map(|it| it.name)) {
            Some(topic) => say!(
                "`guanxi help {topic}` is the page on it",
                "`guanxi help {topic}` 是这方面的说明"
            ),
            None => Phrase(
                "`guanxi help` lists the commands",
                "`guanxi help` 列出各命令",
            )
            .spoken()
            .to_owned(),
        },
    }
}

/// Says how a rule, a field or a name is written, where an argument that is none would be a part of one.
fn meant_argument(word: &str, arguments: &[OsString]) -> Option<String> {
    let mut words = arguments.iter().skip(1).filter_map(|it| it.to_str());
    let command = words.find(|it| !it.starts_with('-'))?;
    let tree = command_tree();
    let command = tree.find_subcommand(command)?;
    let writes = command
        .get_opts()
        .any(|it| it.get_long() == Some("dry-run"));
    let name = command.get_name();
    if word == "--rev" && (writes || ["import", "remind", "spread", "undo"].contains(&name)) {
        return Some(why_no_revision(name));
    }
    let takes_rule = command.get_positionals().any(|it| it.get_id() == "rule");
    if !takes_rule {
        return meant_field(word, command, arguments);
    }
    let Some(option) = word.strip_prefix("--") else {
        let is_word = !word.starts_with('-');
        return is_word.then(|| {
            Phrase(
                "a rule is one word of the shell: put it in quotes, like 'tier = AAA'",
                "规则要作为一个词传给命令行：请放在引号里，如 'tier = AAA'",
            )
            .spoken()
            .to_owned()
        });
    };
    let name = option.replace('-', "_");
    metric_by_name(&name)?;
    let value = value_of(word, arguments);
    Some(say!(
        "a filter is a rule: '{name} = {}'",
        "筛选条件是一条规则：'{name} = {}'",
        clipped(value)
    ))
}

/// Says which commands have an option that is none here.
fn meant_elsewhere(option: &str) -> Option<String> {
    let tree = command_tree();
    let mut found = Vec::new();
    for command in tree.get_subcommands().filter(|it| !it.is_hide_set()) {
        let name = command.get_name();
        if has_option(command, option) {
            found.push(name.to_owned());
        }
        let below = command.get_subcommands();
        let below = below.filter(|it| has_option(it, option));
        found.extend(below.map(|it| format!("{name} {}", it.get_name())));
    }
    let count = found.len();
    let more = count.saturating_sub(SHOWN);
    let mut names = found.iter().map(|it| format!("`{it}`"));
    match (count, more) {
        (0, _) => None,
        (_, 0 | 1) => {
            let names = all_of(names);
            let names = names.spoken();
            Some(say!("`{option}` is for {names}", "`{option}` 用于 {names}"))
        }
        _ => {
            let first = listed(names.by_ref().take(SHOWN));
            let first = first.spoken();
            Some(say!(
                "`{option}` is for {first} and {more} more commands",
                "`{option}` 用于 {first} 等 {count} 个命令"
            ))
        }
    }
}

/// How many commands that have an option are named.
const SHOWN: usize = 4;

/// Tells whether a command has an option, by its long or short name.
fn has_option(command: &clap::Command, option: &str) -> bool {
    command.get_opts().any(|it| {
        let long = it.get_long().map(|it| format!("--{it}"));
        let short = it.get_short().map(|it| format!("-{it}"));
        long.as_deref() == Some(option) || short.as_deref() == Some(option)
    })
}

/// Says why a command looks at no revision, and what does.
fn why_no_revision(command: &str) -> String {
    match command {
        "remind" => Phrase(
            "`remind` tells what is due in the book of today: `guanxi due --rev REV` shows an earlier book",
            "`remind` 提醒的是今天账本里到期的事：`guanxi due --rev 版本` 可查看以前的账本",
        )
        .spoken()
        .to_owned(),
        _ => say!(
            "`{command}` works on the book as it is: reading commands such as `guanxi list --rev REV` show an earlier book",
            "`{command}` 只针对当前的账本：`guanxi list --rev 版本` 等只读命令可查看以前的账本"
        ),
    }
}

/// Returns what was typed for an option; three dots where there is nothing.
fn value_of<'a>(option: &str, arguments: &'a [OsString]) -> &'a str {
    let mut words = arguments.iter().filter_map(|it| it.to_str());
    let typed = words.find(|it| it.split('=').next() == Some(option));
    let value = match typed.and_then(|it| it.split_once('=')) {
        Some((_, value)) => Some(value),
        None => words.next(),
    };
    value.filter(|it| !it.starts_with('-')).unwrap_or("...")
}

/// Says how a command takes a field of a customer that was written in another one's way, or a name of
/// several words.
fn meant_field(word: &str, command: &clap::Command, arguments: &[OsString]) -> Option<String> {
    let has_option = |name: &str| command.get_opts().any(|it| it.get_long() == Some(name));
    let is_field = |name: &str| {
        let is_own = name.starts_with("custom.") || name.starts_with("profile.");
        is_own || field_names().any(|it| it == name)
    };
    let written = |name: &str, value: &str| {
        let value = clipped(value);
        let name = name.replace('-', "_");
        let pair = shell_word(&format!("{name}={value}"));
        let option = name.replace('_', "-");
        if has_option(&option) {
            Some(format!("--{option} {}", shell_word(&value)))
        } else if has_option("set") && is_field(&name) {
            Some(format!("--set {pair}"))
        } else {
            let is_set = command.get_name() == "set";
            (is_set && is_field(&name)).then_some(pair)
        }
    };
    let shown = match (word.strip_prefix("--"), word.split_once('=')) {
        (Some("as-of"), _) if has_option("date") => {
            let day = value_of(word, arguments);
            Some(format!("--date {}", shell_word(&clipped(day))))
        }
        (Some("as-of"), _) if has_option("dry-run") => {
            return Some(say!(
                "`{word}` is for commands that look at a day; this change is made today, in the files as they are",
                "`{word}` 用于按某一天计算的命令；这项改动是今天在现有文件上进行"
            ));
        }
        (Some(option), _) => written(option, value_of(word, arguments)),
        (None, Some((name, value))) => written(name, value),
        (None, None) => None,
    };
    if let Some(shown) = shown {
        return Some(say!("write `{shown}`", "请写 `{shown}`"));
    }
    let mut positionals = command.get_positionals();
    let takes_name = positionals.any(|it| it.get_id() == "name");
    (takes_name && !word.starts_with('-')).then(|| {
        Phrase(
            "a name of several words goes into quotes: \"Acme Works\"",
            "名称里有空格时要加引号：\"Acme Works\"",
        )
        .spoken()
        .to_owned()
    })
}
