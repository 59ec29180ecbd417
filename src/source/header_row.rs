//! What makes a row of a log a header, wherever in the log it stands.

/// The columns that every header has.
const ALWAYS: [&str; 2] = ["date", "kind"];

/// Returns the name that a header's cell holds: a byte-order mark and blanks around it are none of it.
pub(crate) fn column_name(cell: &str) -> &str {
    let is_around = |it: char| it == '\u{feff}' || it.is_whitespace();
    cell.trim_matches(is_around)
}

/// Tells whether the cells of a row below a header are the names of columns.
///
/// `date_place` is where the header above has its dates. A row has something there, and no column's
/// name begins with a digit; so a row whose note and topic are `date` and `kind` stays a row.
pub(crate) fn is_header_again<C: AsRef<str>>(cells: &[C], date_place: Option<usize>) -> bool {
    let names = || cells.iter().map(|cell| column_name(cell.as_ref()));
    let has = |wanted: &str| names().any(|name| name == wanted);
    let is_empty_date = date_place.is_some_and(|place| names().nth(place) == Some(""));
    ALWAYS.iter().all(|name| has(name))
        && !is_empty_date
        && !names().any(|name| name.starts_with(|it: char| it.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::is_header_again;

    #[test]
    fn a_header_is_known_by_its_names() {
        let is_header = |row: &str| {
            let cells: Vec<&str> = row.split(',').collect();
            is_header_again(&cells, Some(0))
        };
        assert!(is_header("date,customer,kind"));
        assert!(is_header("\u{feff}date , kind\t,customer,warehouse"));
        assert!(is_header("kind,customer,date,,"));
        assert!(!is_header("date,customer,note"));
        assert!(!is_header("Date,Kind"));
        assert!(!is_header("2026-03-01,acme,note,date,kind"));
        assert!(!is_header("2026/3/1,acme,note,date,kind"));
        assert!(!is_header(",acme,note,date,kind"));
    }
}
