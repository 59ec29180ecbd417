//! `guanxi completions`: a script that teaches a shell what can stand in a line.

use std::borrow::Cow;

use clap::ValueEnum as _;

use crate::cli::Console;
use crate::cli::args::{CompletionsArgs, LanguageName};
use crate::cli::completing::{CALL, IN_CHINESE};
use crate::cli::outcome::Outcome;

/// Writes the script; one that is asked for in Chinese by `lang` gets to know in Chinese what words mean.
pub(super) fn run(
    args: &CompletionsArgs,
    lang: Option<LanguageName>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let script = args.shell.script();
    let script = match (lang, args.shell.to_possible_value()) {
        (Some(LanguageName::Zh), Some(shell)) => {
            let call = format!("{CALL} {}", shell.get_name());
            Cow::Owned(script.replace(&call, &format!("{call}{IN_CHINESE}")))
        }
        _ => Cow::Borrowed(script),
    };
    console.out.write_all(script.as_bytes())?;
    Ok(Outcome::Done)
}
