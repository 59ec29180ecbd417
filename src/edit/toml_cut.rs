//! The `[[customer]]` tables of a file as pieces of its text.

use std::ops::Range;

use toml_edit::{Document, Item};

/// Returns where each `[[customer]]` stands, in the order of the file, with all tables below it
/// and the comments right above its header.
///
/// Empty where the text is not TOML or its customers are no such tables.
pub fn customer_spans(text: &str) -> Vec<Range<usize>> {
    let mark_length = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.get(mark_length..).unwrap_or_default();
    let Ok(document) = Document::parse(body) else {
        return Vec::new();
    };
    let Some(Item::ArrayOfTables(tables)) = document.as_table().get("customer") else {
        return Vec::new();
    };
    let headers = tables
        .iter()
        .filter_map(|table| Some(table.span()?.start + mark_length));
    let starts: Vec<usize> = headers.map(|header| lead_start(text, header)).collect();
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end)
        .collect()
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
    let before = text.get(..header).unwrap_or_default();
    let mut start = before.rfind('\n').map_or(0, |at| at + 1);
    while start > 0 {
        let above = text.get(..start - 1).unwrap_or_default();
        let line_start = above.rfind('\n').map_or(0, |at| at + 1);
        let line = above.get(line_start..).unwrap_or_default();
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
}
