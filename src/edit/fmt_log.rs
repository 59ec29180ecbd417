//! The canonical form of a log: what `fmt` makes of it.
//!
//! UTF-8 without a BOM, lines that end in LF, quotes only where they must be, known columns first,
//! rows in the order of their dates. Every cell keeps its content, line breaks inside quotes
//! included, and comments and blank lines stay before the row that follows them.

use super::csv_outline::{LogError, LogFault, LogOutline, OutlineRow};
use super::csv_row::{add_columns, add_filled_column, format_row};
use crate::source::Cut as _;

/// Returns the log in canonical form; that form again gives itself.
///
/// `known` are the columns that come first, in this order. Rows of one date and time keep their
/// order; a row without a time comes before those of its day with one. Blank lines at the end go.
///
/// # Errors
///
/// [`LogError`] if the text is not a log that can be read, or a date in it is none.
pub fn canonical_log(text: &str, known: &[&str]) -> Result<String, LogError> {
    let log = LogOutline::parse(text)?;
    let date = log.column("date")?;
    let mut rows = Vec::with_capacity(log.rows.len());
    for row in &log.rows {
        let date = log.content(row, date);
        if !is_date_and_time(&date) {
            let fault = LogFault::BadDate(date.into_owned());
            return Err(LogError {
                line_number: row.line_number,
                fault,
            });
        }
        rows.push((date, row));
    }
    // As text: a date sorts before the same date with a time.
    rows.sort_by(|one, other| one.0.cmp(&other.0));

    let known_places = known
        .iter()
        .filter_map(|name| log.names.iter().position(|it| it == name));
    let mut order: Vec<usize> = known_places.collect();
    order.extend((0..log.names.len()).filter(|place| !known.contains(&&*log.names[*place])));

    let mut result = String::with_capacity(text.len());
    push_lead(&mut result, &log, &log.header);
    let names: Vec<_> = order.iter().map(|place| &log.names[*place]).collect();
    result.push_str(&format_row(&names));
    result.push('\n');
    for (_, row) in &rows {
        push_lead(&mut result, &log, row);
        let cells: Vec<_> = order.iter().map(|place| log.content(row, *place)).collect();
        result.push_str(&format_row(&cells));
        result.push('\n');
    }
    push_lines(&mut result, text.cut(log.tail_start..));
    let length = result.trim_end_matches('\n').len();
    // A last cell of nothing but line breaks ends in its quote, so this cuts blank lines alone.
    result.truncate(length);
    result.push('\n');
    Ok(result)
}

/// Returns a canonical log with all `known` columns, in their order before all others.
///
/// Those that it lacks are empty in every row, but for `customer`, which holds `owner`.
///
/// # Errors
///
/// [`LogError`] as [`canonical_log`].
pub fn all_columns(text: &str, known: &[&str], owner: &str) -> Result<String, LogError> {
    let named = add_filled_column(text, "customer", owner)?;
    canonical_log(&add_columns(&named, known)?, known)
}

/// Copies the comments and blank lines before a row.
fn push_lead(result: &mut String, log: &LogOutline<'_>, row: &OutlineRow) {
    push_lines(result, log.text.cut(row.lead_start..row.span.start));
}

fn push_lines(result: &mut String, lines: &str) {
    for line in lines.lines() {
        let is_comment = line.starts_with('#');
        result.push_str(if is_comment { line } else { "" });
        result.push('\n');
    }
}

/// Returns whether the text has the form `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`.
fn is_date_and_time(text: &str) -> bool {
    let has_form = |text: &str, form: &str| {
        text.len() == form.len()
            && text
                .bytes()
                .zip(form.bytes())
                .all(|(byte, wanted)| match wanted {
                    b'0' => byte.is_ascii_digit(),
                    _ => byte == wanted,
                })
    };
    has_form(text, "0000-00-00") || has_form(text, "0000-00-00T00:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, expected: &str) {
        let known = ["date", "customer", "kind", "note"];
        let form = canonical_log(before, &known).unwrap();
        assert_eq!(form, expected);
        assert_eq!(canonical_log(&form, &known).unwrap(), form, "twice is once");
    }

    #[test]
    fn rows_come_in_the_order_of_their_dates() {
        check(
            "date,kind\n2026-03-02T09:00,b\n# of c\n\n2026-03-01,c\n2026-03-02,d\n2026-03-01,e\n# end\n\n\n",
            "date,kind\n# of c\n\n2026-03-01,c\n2026-03-01,e\n2026-03-02,d\n2026-03-02T09:00,b\n# end\n",
        );
    }

    #[test]
    fn columns_quotes_and_line_ends() {
        check(
            "\u{feff}# top\r\nx,\"kind\",note,date\r\n\"1\",visit,\"a,\r\n\"\"b\",2026-03-01\r\n  \r\n\"#\",\"2\",z,2026-03-02",
            "# top\ndate,kind,note,x\n2026-03-01,visit,\"a,\r\n\"\"b\",1\n\n2026-03-02,2,z,#\n",
        );
        check("date,kind", "date,kind\n");
        check(
            "\u{feff}\u{feff}\"date\", kind,\u{a0}note,\n2026-03-01,x, y,\n",
            "date,kind,note,\n2026-03-01,x, y,\n",
        );
        check(
            "date,note\n2026-03-02,\"\n\n\"",
            "date,note\n2026-03-02,\"\n\n\"\n",
        );
    }

    #[test]
    fn a_log_gets_all_columns() {
        let known = ["date", "customer", "kind", "note"];
        let check = |before: &str, expected: &str| {
            assert_eq!(all_columns(before, &known, "acme").unwrap(), expected);
            assert_eq!(all_columns(expected, &known, "x").unwrap(), expected);
        };
        check(
            "# top\ndate,kind,x\n# why\n2026-03-01,visit,\"1,2\"\n# end\n",
            "# top\ndate,customer,kind,note,x\n# why\n2026-03-01,acme,visit,,\"1,2\"\n# end\n",
        );
        check("kind,customer,date\n", "date,customer,kind,note\n");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let fault = |text| canonical_log(text, &[]).unwrap_err().fault;
        assert_eq!(fault("kind\n"), LogFault::NoColumn("date"));
        assert_eq!(
            fault("date\n2026-3-1\n"),
            LogFault::BadDate("2026-3-1".to_owned())
        );
        assert_eq!(fault("date\n\"x\n"), LogFault::Unclosed);
    }
}
