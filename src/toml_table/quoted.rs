//! Texts and keys as TOML writes them.

use std::fmt::Write as _;

use crate::source::is_hostile;

/// Returns a text as a basic string, which may hold anything on one line.
pub(crate) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            // TOML allows most of these, but a person who edits the file would not see them.
            _ if is_hostile(char) && char > '\u{ffff}' => {
                let _ = write!(quoted, "\\U{:08x}", u32::from(char));
            }
            _ if is_hostile(char) => {
                let _ = write!(quoted, "\\u{:04x}", u32::from(char));
            }
            _ => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Returns a list of texts on one line.
pub(crate) fn quoted_list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|it| quoted(it)).collect();
    format!("[{}]", texts.join(", "))
}

/// Returns how a key is written: bare where that is allowed.
pub(crate) fn quoted_key(key: &str) -> String {
    let is_bare = |it: u8| it.is_ascii_alphanumeric() || it == b'_' || it == b'-';
    if !key.is_empty() && key.bytes().all(is_bare) {
        key.to_owned()
    } else {
        quoted(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_bare_where_they_can_be() {
        assert_eq!(quoted_key("metro_lines-2"), "metro_lines-2");
        assert_eq!(quoted_key("地铁"), "\"地铁\"");
        assert_eq!(quoted_key("a.b"), "\"a.b\"");
        assert_eq!(quoted_key(""), "\"\"");
    }

    #[test]
    fn texts_stay_on_one_line() {
        let text = "a \"b\" \\ \n\r\t\u{1b}\u{202e}\u{e0041}长";
        assert_eq!(
            quoted(text),
            r#""a \"b\" \\ \n\r\t\u001b\u202e\U000e0041长""#
        );
        let texts = ["a".to_owned(), "b".to_owned()];
        assert_eq!(quoted_list(&texts), r#"["a", "b"]"#);
    }
}
