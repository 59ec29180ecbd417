//! The command as it was typed, for what says how it was made.

use std::ffi::OsString;

use crate::source::shell_word;

/// Options that say where something is, which the answer does not hang on.
const ELSEWHERE: [&str; 5] = ["--output", "--book", "--threads", "--wait", "-o"];

/// Returns the command, word by word as a shell reads it, but for what names places on this machine.
pub(super) fn told_command(arguments: &[OsString]) -> String {
    let mut told = String::from("guanxi");
    let mut words = arguments.iter().skip(1).map(|it| it.to_string_lossy());
    let mut is_all = false;
    while let Some(word) = words.next() {
        is_all |= word == "--";
        if !is_all && ELSEWHERE.contains(&&*word) {
            words.next();
            continue;
        }
        let is_joined = |option: &str| match word.strip_prefix(option) {
            Some(rest) => rest.starts_with('=') || option == "-o",
            None => false,
        };
        if !is_all && ELSEWHERE.iter().any(|it| is_joined(it)) {
            continue;
        }
        told.push(' ');
        told.push_str(&shell_word(&word));
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &[&str], expected: &str) {
        let words: Vec<OsString> = words.iter().map(Into::into).collect();
        assert_eq!(told_command(&words), expected);
    }

    #[test]
    fn tells_what_was_asked_and_not_where() {
        check(&["/usr/bin/guanxi", "list"], "guanxi list");
        check(
            &["guanxi", "list", "tier = A", "-o", "a.xlsx", "-n", "5"],
            "guanxi list 'tier = A' -n 5",
        );
        check(
            &[
                "guanxi",
                "due",
                "--output=a",
                "-ob.xlsx",
                "--book",
                "x",
                "--book=y",
                "it's",
            ],
            "guanxi due 'it'\\''s'",
        );
        check(&["guanxi", "list", "--", "--book"], "guanxi list -- --book");
    }
}
