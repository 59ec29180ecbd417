//! The `[[customer]]` tables of a file as pieces of its text.

use std::ops::Range;

use super::toml_outline::next_line;
use super::toml_scope::{SetError, TableScope};
use crate::source::{Cut as _, behind_last, customer_headers};

/// Returns where each `[[customer]]` stands, in the order of the file, with all tables below it
/// and the comments right above its header.
///
/// Empty where the customers are no such tables. Nothing is parsed: the pieces of a file that is TOML
/// are TOML, and in each its customer is the first.
pub fn customer_spans(text: &str) -> Vec<Range<usize>> {
    let mark_length = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.cut(mark_length..);
    let headers = customer_headers(body).into_iter();
    let starts: Vec<usize> = headers
        .map(|header| lead_start(text, header + mark_length).max(mark_length))
        .collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
}

/// Returns the piece of a text in which all of a scope stands, and the scope in that piece; `spans` are
/// those of the text's customers.
///
/// To read or change one customer among a hundred thousand so costs no more than it is long.
pub fn piece_of<'t>(
    text: &'t str,
    spans: &[Range<usize>],
    scope: TableScope,
) -> (&'t str, TableScope) {
    let span = match scope {
        TableScope::Customer(number) => spans.get(number),
        TableScope::File => None,
    };
    match span.and_then(|span| text.get(span.clone())) {
        Some(piece) => (piece, TableScope::Customer(0)),
        None => (text, scope),
    }
}

/// Returns a text with what `change` makes of the piece in which a scope stands.
///
/// A piece that is no TOML alone was cut wrongly, or is none in the whole either: then the whole is
/// changed.
pub(super) fn change_piece(
    text: &str,
    scope: TableScope,
    change: impl Fn(&str, TableScope) -> Result<String, SetError>,
) -> Result<String, SetError> {
    let TableScope::Customer(number) = scope else {
        return change(text, scope);
    };
    let spans = customer_spans(text);
    let Some(span) = spans.get(number) else {
        return change(text, scope);
    };
    let (mut piece, inner) = piece_of(text, &spans, scope);
    if span.end < text.len() {
        // The blank lines keep it apart from the next.
        let end = next_line(piece, piece.trim_end().len());
        piece = piece.get(..end).unwrap_or(piece);
    }
    match change(piece, inner) {
        Err(SetError::Malformed { .. }) => change(text, scope),
        Ok(new) => {
            let mut whole = text.to_owned();
            whole.replace_range(span.start..span.start + piece.len(), &new);
            Ok(whole)
        }
        Err(error) => Err(error),
    }
}

/// Returns the text without the customer of this number, counting from 0; `None` if there is none.
pub fn without_customer(text: &str, number: usize) -> Option<String> {
    let span = customer_spans(text).get(number)?.clone();
    let mut new = text.to_owned();
    new.replace_range(span, "");
    Some(new)
}

/// Returns where the comment lines right above a header begin.
fn lead_start(text: &str, header: usize) -> usize {
    let before = text.cut(..header);
    let mut start = behind_last(b'\n', before.as_bytes());
    while start > 0 {
        let above = text.cut(..start - 1);
        let line_start = behind_last(b'\n', above.as_bytes());
        let line = above.cut(line_start..);
        if !line.trim_start().starts_with('#') {
            break;
        }
        start = line_start;
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Wording;

    #[test]
    fn a_customer_with_its_tables_and_comments() {
        let text = "\u{feff}# all\n\n# of a\n[[customer]]\nid = 'a'\n[customer.custom]\nx = 1\n\n\
                    # of b\n# too\n[[customer]]\nid = 'b'";
        let spans = customer_spans(text);
        let pieces: Vec<&str> = spans
            .into_iter()
            .map(|span| text.get(span).unwrap())
            .collect();
        assert_eq!(
            pieces,
            [
                "# of a\n[[customer]]\nid = 'a'\n[customer.custom]\nx = 1\n\n",
                "# of b\n# too\n[[customer]]\nid = 'b'"
            ]
        );
        assert_eq!(
            without_customer(text, 0).unwrap(),
            "\u{feff}# all\n\n# of b\n# too\n[[customer]]\nid = 'b'"
        );
        assert_eq!(without_customer(text, 2), None);
        assert!(customer_spans("customer = [{ id = 'a' }]").is_empty());
    }

    #[test]
    fn a_piece_is_changed_alone_unless_it_was_cut_wrongly() {
        let upper = |text: &str, scope: TableScope| match text.matches("\"\"\"").count() {
            1 => Err(SetError::Malformed {
                message: Wording::default(),
                at: 0,
            }),
            _ => Ok(format!("{scope:?} {}", text.to_uppercase())),
        };
        let text = "\u{feff}# all\n\n[[customer]]\nid = 'a'\n\n\n# b\n[[customer]]\nid = 'b'\n\n";
        let change = |number| change_piece(text, TableScope::Customer(number), upper).unwrap();
        assert_eq!(
            change(0),
            text.replace(
                "[[customer]]\nid = 'a'",
                "Customer(0) [[CUSTOMER]]\nID = 'A'"
            )
        );
        assert_eq!(
            change(1),
            text.replace(
                "# b\n[[customer]]\nid = 'b'",
                "Customer(0) # B\n[[CUSTOMER]]\nID = 'B'"
            )
        );
        assert_eq!(change(2), format!("Customer(2) {}", text.to_uppercase()));
        // What looks like a comment above the header is the end of a text.
        let text = "[[customer]]\nid = \"\"\"a\n#\"\"\"\n[[customer]]\n";
        let changed = change_piece(text, TableScope::Customer(0), upper).unwrap();
        assert_eq!(changed, format!("Customer(0) {}", text.to_uppercase()));
    }
}
