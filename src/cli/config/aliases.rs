//! Aliases: the first word after the program's name, replaced before anything is parsed.

use std::ffi::OsString;

use super::UserSettings;

/// Replaces an alias by what it stands for; what follows is appended.
pub(in crate::cli) fn expand(arguments: Vec<OsString>, settings: &UserSettings) -> Vec<OsString> {
    let word = arguments.get(1).and_then(|it| it.to_str());
    let Some(words) = word.and_then(|it| settings.alias(it)) else {
        return arguments;
    };
    let words = words.iter().map(OsString::from);
    let mut expanded = arguments;
    expanded.splice(1..2, words);
    expanded
}

/// Returns words as they would be typed; those with blanks in quotes.
pub(in crate::cli) fn shown_words(words: &[String]) -> String {
    let word = |it: &String| {
        if it.contains(char::is_whitespace) || it.is_empty() {
            format!("'{it}'")
        } else {
            it.clone()
        }
    };
    words.iter().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::KnownCommands;
    use super::*;
    use std::path::Path;

    #[test]
    fn only_the_first_word_is_replaced() {
        let commands = KnownCommands {
            names: vec!["list"],
            columns: &|_| None,
        };
        let text = "[alias]\nmine = [\"list\", \"owner = li.wei\"]\n";
        let settings = UserSettings::of_text(text, Path::new("c"), &commands);
        let expand = |words: &[&str]| {
            let words = words.iter().map(OsString::from).collect();
            expand(words, &settings)
        };
        assert_eq!(
            expand(&["guanxi", "mine", "-n", "3"]),
            ["guanxi", "list", "owner = li.wei", "-n", "3"]
        );
        assert_eq!(
            expand(&["guanxi", "list", "mine"]),
            ["guanxi", "list", "mine"]
        );
        assert_eq!(expand(&["guanxi"]), ["guanxi"]);
    }
}
