//! Words as a shell reads them.

/// Returns a word as a shell wants it.
pub(crate) fn shell_word(word: &str) -> String {
    let is_plain = |it: char| it.is_alphanumeric() || "-_.,:/+@%=".contains(it);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    shell_quoted(word)
}

/// Returns a word in quotes, whether a shell wants them or not.
pub(crate) fn shell_quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', "'\\''"))
}
