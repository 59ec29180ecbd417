//! The shells that ask: the script that teaches each, how it hands over a line, and what it takes as an
//! answer.

use clap::ValueEnum as _;

use crate::cli::args::Shell;
use crate::words::Language;

/// The word by which the scripts call.
pub(super) const CALL: &str = "__complete";

/// What stands behind the name of a shell whose script wants Chinese.
pub(super) const IN_CHINESE: &str = "-zh";

/// A line up to the cursor, as far as it is words.
pub(super) struct ShellLine {
    /// The words before the last, without their quotes.
    pub(super) before: Vec<String>,
    /// The last, as far as it is typed.
    pub(super) last: String,
    /// What of the last the shell takes for a word of its own, so that no answer repeats it.
    pub(super) parted: String,
    /// The quote in which the last stands.
    pub(super) quote: Option<char>,
}

impl Shell {
    /// Returns the script that teaches the shell; in Chinese it gets to know so what words mean.
    pub(in crate::cli) fn script_in(self, language: Language) -> String {
        let call = format!("{CALL} {}", self.word());
        let called = language.pick(call.clone(), format!("{call}{IN_CHINESE}"));
        self.script().replace(&call, &called)
    }

    /// Returns the name of the shell.
    fn word(self) -> String {
        let value = self.to_possible_value().expect("no shell is hidden");
        value.get_name().to_owned()
    }

    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("guanxi.bash"),
            Self::Zsh => include_str!("guanxi.zsh"),
            Self::Fish => include_str!("guanxi.fish"),
            Self::Elvish => include_str!("guanxi.elv"),
            Self::PowerShell => include_str!("guanxi.ps1"),
        }
    }

    /// Returns the shell that a script says it is of.
    pub(super) fn named(name: &str) -> Option<Self> {
        Self::from_str(name, false).ok()
    }

    /// Tells whether the shell shows what a word means.
    pub(super) fn describes(self) -> bool {
        self != Self::Bash
    }

    /// Tells whether the shell puts what it inserts into quotes where that is needed.
    pub(super) fn quotes(self) -> bool {
        matches!(self, Self::Zsh | Self::Fish | Self::Elvish)
    }

    /// Reads what the script hands over; `None` if that is no line.
    pub(super) fn line(self, words: &[String]) -> Option<ShellLine> {
        match self {
            Self::Bash => ShellLine::of_parts(words),
            Self::Zsh | Self::Fish => ShellLine::of_words(words, Some('\\')),
            Self::Elvish => ShellLine::of_words(words, None),
            Self::PowerShell => {
                // It does not hand over an empty word, so that each has a sign before it.
                let words = words
                    .iter()
                    .map(|it| it.strip_prefix('=').map(str::to_owned));
                ShellLine::of_words(&words.collect::<Option<Vec<_>>>()?, Some('`'))
            }
        }
    }
}

impl ShellLine {
    /// Reads words of which only the last has its quotes, if there is a sign that takes a character's
    /// meaning away.
    fn of_words(words: &[String], escape: Option<char>) -> Option<Self> {
        let (last, before) = words.split_last()?;
        let (last, quote) = match escape {
            Some(escape) => unquoted(last, escape),
            None => (last.clone(), None),
        };
        Some(Self {
            before: before.to_vec(),
            last,
            parted: String::new(),
            quote,
        })
    }

    /// Reads the words of bash, which have their quotes and are parted at `=`.
    fn of_parts(words: &[String]) -> Option<Self> {
        let (last, before) = words.split_last()?;
        let mut joined: Vec<String> = Vec::with_capacity(words.len());
        let mut goes_on = false;
        for word in before {
            let is_sign = word == "=";
            match joined.last_mut() {
                Some(whole) if goes_on || is_sign => whole.push_str(word),
                _ => joined.push(word.clone()),
            }
            goes_on = is_sign;
        }
        let parted = if goes_on {
            joined.pop()?
        } else {
            String::new()
        };
        let plain = |word: &str| unquoted(word, '\\').0;
        let parted = plain(&parted);
        let (last, quote) = unquoted(last, '\\');
        Some(Self {
            before: joined.iter().map(|it| plain(it)).collect(),
            last: format!("{parted}{last}"),
            parted,
            quote,
        })
    }
}

/// Returns a word without its quotes, and the quote that is open at its end.
fn unquoted(word: &str, escape: char) -> (String, Option<char>) {
    let mut plain = String::with_capacity(word.len());
    let mut quote = None;
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (it, Some(open)) if it == open => quote = None,
            ('\'' | '"', None) => quote = Some(character),
            (it, None | Some('"')) if it == escape => plain.extend(characters.next()),
            _ => plain.push(character),
        }
    }
    (plain, quote)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(shell: Shell, words: &[&str]) -> (Vec<String>, String, String, Option<char>) {
        let words: Vec<String> = words.iter().map(|it| (*it).to_owned()).collect();
        let line = shell.line(&words).unwrap();
        (line.before, line.last, line.parted, line.quote)
    }

    #[test]
    fn bash_parts_words_and_leaves_their_quotes() {
        let words = ["g", "set", "'a b'", "owner", "=", "li"];
        let before = vec!["g".to_owned(), "set".to_owned(), "a b".to_owned()];
        assert_eq!(
            line(Shell::Bash, &words),
            (before, "owner=li".to_owned(), "owner=".to_owned(), None)
        );
        let (_, last, parted, quote) = line(Shell::Bash, &["g", "list", "'tier = A"]);
        assert_eq!((&*last, &*parted, quote), ("tier = A", "", Some('\'')));
        let (before, last, ..) = line(Shell::Bash, &["g", "a", "=", "b=c", "x\\ y"]);
        assert_eq!((before.join("|"), &*last), ("g|a=b=c".to_owned(), "x y"));
    }

    #[test]
    fn the_others_leave_the_quotes_of_the_last() {
        let (_, last, _, quote) = line(Shell::Fish, &["g", "'a", "\"tier = \\\"x"]);
        assert_eq!((&*last, quote), ("tier = \"x", Some('"')));
        let (before, last, ..) = line(Shell::PowerShell, &["=g", "=", "='a` b"]);
        assert_eq!((before.join("|"), &*last), ("g|".to_owned(), "a` b"));
        let (_, last, _, quote) = line(Shell::Elvish, &["g", "it's"]);
        assert_eq!((&*last, quote), ("it's", None));
    }
}
