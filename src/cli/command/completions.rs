//! `guanxi completions`: a script that teaches a shell what can stand in a line.

use crate::cli::Console;
use crate::cli::args::{CompletionsArgs, LanguageName};
use crate::cli::outcome::Outcome;
use crate::words::Language;

/// Writes the script; one that is asked for in Chinese by `lang` gets to know in Chinese what words mean.
pub(super) fn run(
    args: &CompletionsArgs,
    lang: Option<LanguageName>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let language = match lang {
        Some(LanguageName::Zh) => Language::Chinese,
        _ => Language::English,
    };
    let script = args.shell.script_in(language);
    console.out.write_all(script.as_bytes())?;
    Ok(Outcome::Done)
}
