//! `guanxi brief`: the paper of a meeting.

use std::path::Path;

use crate::answer::Memo;
use crate::cli::Console;
use crate::cli::args::{BookOptions, BriefArgs, MemoOptions};
use crate::cli::opening::open_for_all;
use crate::cli::outcome::Outcome;
use crate::cli::output::write_answer;
use crate::render::{MemoFormat, render_memo};
use crate::report::brief::{Brief, brief};
use crate::report::{AskedBy, Inside};
use crate::session::hint::hinted;
use crate::session::opened::Opened;
use crate::source::told;
use crate::words::say;

pub(super) fn run(args: &BriefArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let format = format(&args.output)?;
    let opened = open_for_all(&args.book, console)?;
    let from = args.since.resolve(opened.as_of);
    if from > opened.as_of {
        return Err(hinted(
            say!(
                "`--since` is {from}, which is after {}",
                "`--since` 为 {from}，晚于 {}",
                opened.as_of
            ),
            Some(say!(
                "name an earlier day, or a span such as `2w`",
                "请用更早的日期，或 `2w` 这样的时长"
            )),
        ));
    }
    let rule = opened.filter(args.rule.as_deref(), &[], console)?;
    let by = asked_by(&args.book);
    let inside = |day| Inside::on(&opened.loaded, &opened.files, day, by, opened.threads);
    let memo = brief(&Brief {
        now: inside(opened.as_of),
        then: inside(from),
        rule: args.rule.as_deref().zip(rule.as_ref()),
    })?;
    opened.let_writers_in()?;
    tell_memo(&memo, format, &args.output, &opened, console)
}

/// Returns what a book is asked by beside the day.
pub(super) fn asked_by(options: &BookOptions) -> AskedBy<'_> {
    AskedBy {
        policy: options.policy.as_deref(),
        revision: options.rev.as_deref(),
    }
}

/// Writes a paper.
///
/// # Errors
/// Whatever the output says.
pub(super) fn tell_memo(
    memo: &Memo,
    format: MemoFormat,
    options: &MemoOptions,
    opened: &Opened,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let file = options.output.as_deref().filter(|&it| it != Path::new("-"));
    write_answer(file, console, |out| render_memo(memo, format, out))?;
    opened.outcome(false, false)
}

/// Returns the format: the one asked for, else the one that the output file's ending tells.
///
/// # Errors
/// If the ending is of neither.
pub(super) fn format(options: &MemoOptions) -> anyhow::Result<MemoFormat> {
    if let Some(format) = options.format {
        return Ok(format.into());
    }
    let ending = options.output.as_deref().and_then(Path::extension);
    let ending = ending.map(|it| it.to_string_lossy().to_lowercase());
    match ending.as_deref() {
        None | Some("md" | "markdown") => Ok(MemoFormat::Markdown),
        Some("html" | "htm") => Ok(MemoFormat::Html),
        Some(other) => Err(hinted(
            say!(
                "no format of a paper has the ending `.{}`",
                "没有以 `.{}` 结尾的文稿格式",
                told(other)
            ),
            Some(say!(
                "the endings are `.md`, `.html`; `-f` names a format for any other",
                "可以是 `.md`、`.html`；其他结尾用 `-f` 指定格式"
            )),
        )),
    }
}
