//! `guanxi export anonymous`: a book of the same shape that names nobody.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::Context as _;

use crate::cli::Console;
use crate::cli::args::ExportAnonymousArgs;
use crate::cli::hint::hinted;
use crate::cli::opened::Opened;
use crate::cli::opening::{open, policy_source};
use crate::cli::outcome::Outcome;
use crate::cli::ready::Wanted;
use crate::exchange::anonymous::{Refused, write_anonymous};
use crate::folder::{make_folder, write_file};
use crate::source::{Files as _, POLICY_FILE, SourceText, told};
use crate::words::say;

pub(super) fn run(
    args: &ExportAnonymousArgs,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    refuse_filled(&args.output)?;
    let wanted = Wanted {
        origins: true,
        warns: true,
        ..Wanted::default()
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
    let policy = match &args.book.policy {
        Some(path) => policy_source(path)?,
        None => policy_of(&opened)?,
    };
    make_folder(&args.output).with_context(|| cannot_make(&args.output))?;
    let write = |path: &str, bytes: &[u8]| -> io::Result<()> {
        let path = args.output.join(path);
        if let Some(folder) = path.parent() {
            make_folder(folder)?;
        }
        write_file(&path, bytes)
    };
    write_anonymous(&opened.loaded, &opened.files, &policy, write).map_err(refusal)?;
    opened.let_writers_in()?;
    if !args.book.quiet {
        console.note(&say!(
            "amounts and days are unchanged: whoever knows some of them can recognise a customer\n",
            "金额和日期未变：知道其中一些的人仍能认出客户\n"
        ));
    }
    opened.outcome(false, false)
}

fn shown(path: &Path) -> String {
    told(&path.display().to_string()).into_owned()
}

fn cannot_make(path: &Path) -> String {
    let path = shown(path);
    say!("cannot make `{path}`", "无法建立 `{path}`")
}

/// Refuses a folder in which there is something, and a file in its place.
fn refuse_filled(path: &Path) -> anyhow::Result<()> {
    let folder = shown(path);
    let hint = || {
        Some(say!(
            "name another folder: what is in this one stays as it is",
            "请另指明一个文件夹：这里原有的内容不会改动"
        ))
    };
    match fs::read_dir(path) {
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(());
            }
            let message = say!("`{folder}` is not empty", "`{folder}` 不是空文件夹");
            Err(hinted(message, hint()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => {
            let message = say!("`{folder}` is no folder", "`{folder}` 不是文件夹");
            Err(hinted(message, hint()))
        }
        Err(error) => Err(error).with_context(|| cannot_make(path)),
    }
}

/// Returns the policy of the book as it stands there.
fn policy_of(opened: &Opened) -> anyhow::Result<SourceText> {
    let files = &opened.files;
    let index = files.paths().iter().position(|it| it == POLICY_FILE);
    let mut text = String::new();
    if let Some(index) = index {
        let cannot = || say!("cannot read `{}`", "无法读取 `{}`", POLICY_FILE);
        let mut file = files.open(index).with_context(cannot)?;
        io::Read::read_to_string(&mut file, &mut text).with_context(cannot)?;
    }
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    Ok(SourceText::new(POLICY_FILE, text))
}

/// Says why a book cannot be made anonymous.
fn refusal(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Rule { list, rule, name } => {
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
        Refused::File { path, why } => {
            let path = told(&path).into_owned();
            hinted(format!("`{path}`: {why}"), None)
        }
        Refused::Write(error) => error.into(),
    }
}
