//! A rule's text and where each of its bytes stands in the file that it comes from.

use std::ops::Range;

use crate::source::{Place, SourceText};

/// A rule's text, so placed that its faults point into the file it stands in.
#[derive(Clone, Debug)]
pub struct RuleText<'s> {
    source: &'s SourceText,
    text: &'s str,
    offsets: Offsets,
}

/// How a byte of a rule is found in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Offsets {
    /// The text stands in the file as it is, from this byte on.
    Same(usize),
    /// Where each byte of the text stands, and where its end does.
    Each(Vec<usize>),
    /// It cannot be told more exactly than this span.
    Whole(Range<usize>),
}

impl<'s> RuleText<'s> {
    /// Takes a whole source as a rule, such as one of the command line.
    pub fn whole(source: &'s SourceText) -> Self {
        Self {
            source,
            text: source.text(),
            offsets: Offsets::Same(0),
        }
    }

    /// Takes the value of a TOML string as a rule; `span` is that of the string with its quotes.
    pub fn in_toml(source: &'s SourceText, text: &'s str, span: Range<usize>) -> Self {
        let written = source.text().get(span.clone()).unwrap_or_default();
        let offsets = offsets_in(written, text, span.start).unwrap_or(Offsets::Whole(span));
        Self {
            source,
            text,
            offsets,
        }
    }

    /// Returns the rule as the language reads it.
    pub fn text(&self) -> &'s str {
        self.text
    }

    /// Returns the place of a part of the rule.
    pub(super) fn place(&self, span: Range<usize>) -> Place {
        let span = match &self.offsets {
            Offsets::Same(base) => span.start + base..span.end + base,
            Offsets::Whole(whole) => whole.clone(),
            Offsets::Each(each) => {
                let at = |index: usize| each.get(index).or(each.last()).copied().unwrap_or(0);
                at(span.start)..at(span.end).max(at(span.start))
            }
        };
        self.source.place(span)
    }
}

/// Finds the bytes of `text` in the TOML string that is written so; `None` if they do not agree.
fn offsets_in(written: &str, text: &str, start: usize) -> Option<Offsets> {
    let (quotes, has_escapes) = if written.starts_with("\"\"\"") {
        (3, true)
    } else if written.starts_with("'''") {
        (3, false)
    } else if written.starts_with('"') {
        (1, true)
    } else {
        (1, false)
    };
    let inner = written.get(quotes..written.len().checked_sub(quotes)?)?;
    // A line break right after three quotes does not belong to the text.
    let first = match inner {
        _ if quotes == 1 => 0,
        _ if inner.starts_with("\r\n") => 2,
        _ => usize::from(inner.starts_with('\n')),
    };
    let inner = inner.get(first..)?;
    let base = start + quotes + first;
    if inner == text {
        return Some(Offsets::Same(base));
    }
    if !has_escapes {
        return None;
    }
    let mut each = Vec::with_capacity(text.len() + 1);
    let mut characters = inner.char_indices().peekable();
    let mut known = text.chars();
    while let Some((index, character)) = characters.next() {
        if character == '\\' {
            let (_, letter) = characters.next()?;
            let digits = match letter {
                'x' => 2,
                'u' => 4,
                'U' => 8,
                _ => 0,
            };
            for _ in 0..digits {
                characters.next()?;
            }
            if letter.is_whitespace() {
                // A backslash at a line's end swallows the blanks that follow.
                while characters.next_if(|(_, it)| it.is_whitespace()).is_some() {}
                continue;
            }
        }
        let decoded = known.next()?;
        each.extend(std::iter::repeat_n(base + index, decoded.len_utf8()));
    }
    each.push(base + inner.len());
    (known.next().is_none() && each.len() == text.len() + 1).then_some(Offsets::Each(each))
}

/// Returns a text in the quotes of rules.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives the bytes of the file that the part of the rule is placed at.
    fn check(toml: &str, part: &str) -> String {
        let source = SourceText::new("a.toml", toml);
        let table = toml::de::DeTable::parse(source.text()).unwrap();
        let value = table.get_ref().get("a").unwrap();
        let text = value.get_ref().as_str().unwrap();
        let rule = RuleText::in_toml(&source, text, value.span());
        let at = text.find(part).unwrap();
        let place = rule.place(at..at + part.len());
        let shown = place.excerpt.chars().skip(place.excerpt_start);
        shown.take(place.excerpt_width).collect()
    }

    #[test]
    fn places_point_into_the_toml_string() {
        assert_eq!(check("a = \"x = 株洲 or y\"", "株洲"), "株洲");
        assert_eq!(check("a = 'x = \"株\" or y'", "or"), "or");
        assert_eq!(check("a = \"x = \\\"株\\\" or y\"", "or"), "or");
        assert_eq!(check("a = \"x = \\u682a or y\"", "株"), "\\u682a");
        assert_eq!(check("a = \"\"\"\nx = 1\nor y\"\"\"", "or"), "or");
        assert_eq!(check("a = \"\"\"x = 1 \\\n   or y\"\"\"", "or"), "or");
        assert_eq!(check("a = '''\r\nx\r\nor y'''", "or"), "or");
    }
}
