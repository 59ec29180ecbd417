//! `guanxi export anonymous`: a book of the same shape that names nobody.

use crate::cli::Console;
use crate::cli::args::ExportAnonymousArgs;
use crate::cli::empty_folder::{Written, make, refuse_filled};
use crate::cli::opening::open;
use crate::cli::outcome::Outcome;
use crate::exchange::anonymous::{NotAnonymous, write_anonymous};
use crate::session::hint::hinted;
use crate::session::opening::policy_source;
use crate::session::ready::FiguresWanted;
use crate::source::told;
use crate::words::say;

pub(super) fn run(
    args: &ExportAnonymousArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    refuse_filled(&args.output)?;
    let wanted = FiguresWanted {
        origins: true,
        warns: true,
        ..FiguresWanted::default()
    };
    let opened = open(&args.book, wanted, console)?;
    if opened.outcome(false, false)? != Outcome::Done {
        let message = say!(
            "a book with errors cannot be made anonymous whole",
            "有错误的账本无法完整匿名"
        );
        let hint = say!(
            "`guanxi check` shows what to mend first",
            "`guanxi check` 列出需要先改正之处"
        );
        return Err(hinted(message, Some(hint)));
    }
    let policy = args.book.policy.as_deref().map(policy_source).transpose()?;
    make(&args.output)?;
    let mut written = Written::to(&args.output);
    let write = |path: &str, bytes: &[u8]| written.write(path, bytes);
    let done = write_anonymous(&opened.loaded, &opened.files, policy.as_ref(), write);
    let done = done.map_err(refusal);
    if let Err(error) = done.and_then(|()| Ok(opened.let_writers_in()?)) {
        written.take_back();
        return Err(error);
    }
    opened.say_later_rows(args.book.quiet, console);
    if !args.book.quiet {
        console.note(&say!(
            "amounts and days are unchanged: whoever knows some of them can recognise a customer\n",
            "金额和日期未变：知道其中一些的人仍能认出客户\n"
        ));
    }
    opened.outcome(false, false)
}

/// Says why a book cannot be made anonymous.
fn refusal(refused: NotAnonymous) -> anyhow::Error {
    match refused {
        NotAnonymous::Rule { list, rule, name } => {
            let rule = told(&rule).into_owned();
            let message = say!(
                "a rule of `[[{list}]]` looks into `{name}`, whose texts are replaced: `{rule}`",
                "`[[{list}]]` 的一条规则查看 `{name}`，而其文字要被替换：`{rule}`"
            );
            let hint = say!(
                "compare it by `=`, `!=` or `in`, or take the rule out of a copy of the policy and name that by `--policy`",
                "改用 `=`、`!=` 或 `in` 比较，或从规则文件的副本中去掉该规则，并以 `--policy` 指明副本"
            );
            hinted(message, Some(hint))
        }
        NotAnonymous::File { path, why } => {
            let path = told(&path).into_owned();
            hinted(format!("`{path}`: {why}"), None)
        }
        NotAnonymous::Write(error) => error.into(),
    }
}
