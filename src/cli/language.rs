//! Which language is spoken: found before anything is parsed, so that help and usage errors follow it, too.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;

use super::args::{CheckFormat, FormatName};
use super::console::Console;
use super::settings::format_of_path;
use crate::render::Format;
use crate::words::{self, Language};

/// Returns the language that is asked for: by the option, the environment, or the system.
pub(super) fn chosen(arguments: &[OsString], console: &Console<'_>) -> Language {
    let environment = &console.environment;
    let of_word = |word: &OsStr| word.to_str().and_then(Language::of_word);
    let option = option(arguments).and_then(|it| of_word(&it));
    let option = option.or_else(|| environment.language.as_deref().and_then(of_word));
    option.unwrap_or_else(|| {
        let locale = environment.locale.as_deref().and_then(OsStr::to_str);
        locale.map_or(Language::English, Language::of_locale)
    })
}

/// Returns the last value of `--lang` before `--`.
fn option(arguments: &[OsString]) -> Option<OsString> {
    let mut found = None;
    let mut rest = arguments.iter().skip(1);
    while let Some(word) = rest.next() {
        match word.to_str() {
            Some("--") => break,
            Some("--lang") => found = rest.next().cloned(),
            Some(word) => {
                let value = word.strip_prefix("--lang=");
                found = value.map(OsString::from).or(found);
            }
            None => {}
        }
    }
    found
}

/// Writes the answer in English where programs read it.
pub(super) fn keep_for_people(matches: &clap::ArgMatches) {
    let Some((_, matches)) = matches.subcommand() else {
        return;
    };
    if is_for_programs(matches) {
        words::write_in(Language::English);
    }
    if let Ok(Some(format)) = matches.try_get_one::<CheckFormat>("format")
        && format.is_for_programs()
    {
        // Its faults are the answer.
        words::write_in(Language::English);
        words::speak(Language::English);
    }
}

/// Tells whether programs read the answer, by `-f` or the ending of the file.
fn is_for_programs(matches: &clap::ArgMatches) -> bool {
    match matches.try_get_one::<FormatName>("format") {
        Ok(Some(format)) => Format::from(*format).is_for_programs(),
        Ok(None) => {
            let path: Option<&PathBuf> = matches.try_get_one("output").ok().flatten();
            path.and_then(|it| format_of_path(it))
                .is_some_and(Format::is_for_programs)
        }
        Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_option_counts() {
        let option = |line: &str| {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            option(&words).map(|it| it.into_string().unwrap())
        };
        for (line, expected) in [
            ("guanxi list --lang zh", Some("zh")),
            ("guanxi --lang=zh list --lang en", Some("en")),
            ("guanxi list -- --lang zh", None),
            ("guanxi list", None),
            ("guanxi list --lang", None),
        ] {
            assert_eq!(option(line).as_deref(), expected, "{line}");
        }
    }
}
