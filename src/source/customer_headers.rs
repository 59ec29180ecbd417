//! Where the customers of a file of many begin: at its `[[customer]]` headers.
//!
//! They are found before the file is parsed, so that it can be parsed in parts.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Tells whether a text holds many customers.
pub(crate) fn holds_many(text: &str) -> bool {
    !customer_headers(text).is_empty()
}

/// Returns where the lines begin that are `[[customer]]` headers.
pub(crate) fn customer_headers(text: &str) -> Vec<usize> {
    // To prepare the search costs more than the search in a small file.
    static CUSTOMER: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(b"customer"));
    if CUSTOMER.find(text.as_bytes()).is_none() {
        return Vec::new();
    }
    let mut headers = Vec::new();
    let mut strings = MultiLine::default();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if strings.is_outside() && is_header(line) {
            headers.push(at);
        }
        strings.pass(line);
        at += line.len();
    }
    headers
}

/// Tells whether a line is the header `[[customer]]`, however it is spaced.
pub(crate) fn is_header(line: &str) -> bool {
    let inner = line
        .trim_start()
        .strip_prefix("[[")
        .and_then(|rest| rest.split_once("]]"));
    inner.is_some_and(|(name, _)| name.trim() == "customer")
}

/// Whether a line begins inside a text of several lines, where a header is no header.
#[derive(Debug, Default)]
struct MultiLine {
    /// The quote that three of will end the text.
    quote: Option<u8>,
}

impl MultiLine {
    fn is_outside(&self) -> bool {
        self.quote.is_none()
    }

    /// Goes on to the end of a line.
    fn pass(&mut self, line: &str) {
        let bytes = line.as_bytes();
        let mut at = 0;
        while let Some((&byte, rest)) = bytes.get(at..).and_then(<[u8]>::split_first) {
            let begins_three = |quote: u8| byte == quote && rest.starts_with(&[quote; 2]);
            at += match (self.quote, byte) {
                (Some(b'"'), b'\\') => 2,
                (Some(quote), _) if begins_three(quote) => {
                    self.quote = None;
                    // Up to two more quotes belong to the text that ends here.
                    1 + rest.iter().take_while(|it| **it == quote).count()
                }
                (None, b'"' | b'\'') if begins_three(byte) => {
                    self.quote = Some(byte);
                    3
                }
                (None, b'"' | b'\'') => 1 + rest_of_text(byte, rest),
                (None, b'#') => return,
                _ => 1,
            };
        }
    }
}

/// Returns how many bytes a text of one line takes after its opening quote.
fn rest_of_text(quote: u8, rest: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = rest.get(at) {
        at += if byte == b'\\' && quote == b'"' { 2 } else { 1 };
        if byte == quote {
            break;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_inside_a_text_is_none() {
        let headers = |text: &str| customer_headers(text).len();
        assert_eq!(
            headers("[[customer]]\nid = \"a\"\n [[ customer ]] # b\n"),
            2
        );
        assert_eq!(headers("[customer]\n[[customers]]\n# [[customer]]\n"), 0);
        for open in [
            "a = \"\"\"",
            "a = '''",
            "a = [\"x # y\", '''",
            "'k\"' = \"\\\"\"\nb = \"\"\"\\\"\"\"",
        ] {
            let close = if open.ends_with("'''") {
                "'''"
            } else {
                "\"\"\""
            };
            let text = format!("{open}\n[[customer]]\n{close}\n");
            assert_eq!(headers(&text), 0, "{text}");
            let text = format!("{open}\n{close}\"\n[[customer]]\n");
            assert_eq!(headers(&text), 1, "{text}");
        }
        // A text that is not closed ends with its line.
        assert_eq!(headers("a = \"b\n[[customer]]\n"), 1);
        assert_eq!(headers("a = 'it''s' # \"\"\"\n[[customer]]\n"), 1);
    }
}
