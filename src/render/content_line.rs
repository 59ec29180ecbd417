//! The lines of vCard and iCalendar, which are one form: `NAME;PARAMETER=x:value`, CRLF, folded at 75 octets
//! between characters (RFC 5545 §3.1, RFC 6350 §3.2). A text is escaped, so that none begins a line.

use crate::source::short_hash;

/// The most octets of a line, its end not counted.
const MOST_OCTETS: usize = 75;

/// Lines as they grow.
#[derive(Default)]
pub(crate) struct ContentLines(String);

impl ContentLines {
    /// Adds a line whose value stands as it is to be read: the caller's own words, or what [`text`] made.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        let mut used = 0;
        for character in name.chars().chain([':']).chain(value.chars()) {
            if used + character.len_utf8() > MOST_OCTETS {
                self.0.push_str("\r\n ");
                used = 1;
            }
            self.0.push(character);
            used += character.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// Adds a line with a text of the book.
    pub(crate) fn push_text(&mut self, name: &str, value: &str) {
        self.push(name, &text(value));
    }

    /// Returns the lines.
    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

/// Returns a text as a value: what has a meaning there is escaped, every kind of line end is `\n`, other
/// controls go.
pub(crate) fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut rest = value.chars().peekable();
    while let Some(character) = rest.next() {
        match character {
            '\\' | ';' | ',' => {
                out.push('\\');
                out.push(character);
            }
            '\r' if rest.peek() == Some(&'\n') => {}
            it if is_line_end(it) => out.push_str("\\n"),
            '\t' => out.push(character),
            it if it.is_control() => {}
            it => out.push(it),
        }
    }
    out
}

/// Tells whether some program ends a line at a character.
fn is_line_end(character: char) -> bool {
    matches!(
        character,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// Returns a text without line ends and other controls: for a value in one line that is not escaped, or is
/// to be read in one.
pub(crate) fn one_line(value: &str) -> String {
    let plain = |it: char| match it {
        it if is_line_end(it) => Some(' '),
        it if it.is_control() => None,
        it => Some(it),
    };
    value.chars().filter_map(plain).collect()
}

/// Returns an id that is the same whenever it is of the same, and tells nothing: a hash of some texts.
pub(crate) fn uid(parts: &[&str]) -> String {
    short_hash(&parts.join("\n")) + "@guanxi"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(name: &str, value: &str) -> String {
        let mut lines = ContentLines::default();
        lines.push_text(name, value);
        lines.into_text()
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        assert_eq!(lines("NOTE", "a"), "NOTE:a\r\n");
        let whole = "x".repeat(70);
        assert_eq!(lines("NOTE", &whole), format!("NOTE:{whole}\r\n"));
        assert_eq!(
            lines("NOTE", &format!("{whole}y")),
            format!("NOTE:{whole}\r\n y\r\n")
        );
        for length in 1..200 {
            let text = "甲é😀x".repeat(length);
            let folded = lines("N", &text);
            let mut parts = folded.strip_suffix("\r\n").unwrap().split("\r\n");
            assert!(parts.all(|it| it.len() <= MOST_OCTETS));
            assert_eq!(folded.replace("\r\n ", ""), format!("N:{text}\r\n"));
        }
    }

    #[test]
    fn no_text_begins_a_line_or_a_part() {
        assert_eq!(text("a;b,c\\d"), "a\\;b\\,c\\\\d");
        assert_eq!(
            text("a\r\nb\rc\u{2028}d\u{85}e\u{7}\tf"),
            "a\\nb\\nc\\nd\\ne\tf"
        );
        assert_eq!(one_line("a\r\nb\u{7}"), "a  b");
    }

    #[test]
    fn ids_are_hashes() {
        // `printf 'guanxi\nrevisit\nacme\n' | sha256sum`
        let uid = uid(&["guanxi", "revisit", "acme", ""]);
        assert_eq!(uid, "ee0aeca3944dde7fefc5feacf24a99c2@guanxi");
    }
}
