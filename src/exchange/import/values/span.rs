//! Spans of days, and payment terms.

use super::Bad;
use super::clean::refused;
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::{Terms, parse_span, width_folded};
use crate::source::told;
use crate::words::{Phrase, both};

/// Which spans a column has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SpanColumn {
    Terms,
    Cadence,
}

/// The units of spans as people write them.
const UNITS: [(&str, char); 17] = [
    ("d", 'd'),
    ("w", 'w'),
    ("m", 'm'),
    ("y", 'y'),
    ("天", 'd'),
    ("日", 'd'),
    ("周", 'w'),
    ("个月", 'm'),
    ("月", 'm'),
    ("年", 'y'),
    ("day", 'd'),
    ("days", 'd'),
    ("week", 'w'),
    ("weeks", 'w'),
    ("month", 'm'),
    ("months", 'm'),
    ("year", 'y'),
];

fn unit_of(word: &str) -> Option<char> {
    let word = if word == "years" { "year" } else { word };
    UNITS.iter().find(|it| it.0 == word).map(|it| it.1)
}

/// Returns the unit that the brackets of a heading hold.
pub(crate) fn unit_in(brackets: &[String]) -> Option<char> {
    brackets.iter().find_map(|it| unit_of(it.trim()))
}

/// Reads a span, or payment terms, as a file writes them; `None` where the cell is blank.
///
/// # Errors
/// If it is none.
pub(crate) fn read_span(
    cell: &SourceCell<'_>,
    column: SpanColumn,
    heading_unit: Option<char>,
) -> Result<Option<String>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    let text = match cell {
        SourceCell::Blank => return Ok(None),
        SourceCell::Text(text) => width_folded(text).to_lowercase(),
        SourceCell::Number(number) => number.decimal().into_owned(),
        _ => String::new(),
    };
    let text = trimmed(&text);
    if matches!(cell, SourceCell::Text(_)) && Blanks::All.holds(text) {
        return Ok(None);
    }
    let span = match column {
        SpanColumn::Terms => terms(text, heading_unit),
        SpanColumn::Cadence => cadence(text, heading_unit),
    };
    span.map(Some).ok_or_else(|| {
        let bad = Bad::new(
            "wrong-value",
            both!("`{}` is no span of days", "`{}` 不是时长", told(text)),
        );
        match column {
            SpanColumn::Terms => bad.help(Phrase(
                "write it like `60d`, `60天`, `月结30天` or `eom+30d`",
                "请写成 `60d`、`60天`、`月结30天` 或 `eom+30d`",
            )),
            SpanColumn::Cadence => bad.help(Phrase(
                "write it like `14d`, `2周` or `1个月`",
                "请写成 `14d`、`2周` 或 `1个月`",
            )),
        }
    })
}

fn terms(text: &str, heading_unit: Option<char>) -> Option<String> {
    if matches!(text, "现结" | "cash" | "货到付款") {
        return Some("0d".to_owned());
    }
    if matches!(text, "月结" | "eom") {
        return Some("eom".to_owned());
    }
    let written = if let Some(rest) = text.strip_prefix("月结") {
        let (number, unit) = parted(trimmed(rest))?;
        (unit == "天").then(|| format!("eom+{number}d"))?
    } else if text.starts_with("eom") {
        text.to_owned()
    } else {
        span(text, heading_unit.or(Some('d')))?
    };
    Terms::parse(written.as_str().into()).map(|_| written)
}

fn cadence(text: &str, heading_unit: Option<char>) -> Option<String> {
    if text == "never" {
        return Some(text.to_owned());
    }
    let span = span(text, heading_unit)?;
    parse_span(&span).filter(|it| *it >= 1).map(|_| span)
}

/// Reads a number with a unit, or without one where the column has one.
fn span(text: &str, bare_unit: Option<char>) -> Option<String> {
    let (number, unit) = parted(text)?;
    let unit = if unit.is_empty() {
        bare_unit?
    } else {
        unit_of(unit)?
    };
    let number = match number.trim_start_matches('0') {
        "" => "0",
        number => number,
    };
    let span = format!("{number}{unit}");
    parse_span(&span).map(|_| span)
}

/// Parts a number from what follows it.
fn parted(text: &str) -> Option<(&str, &str)> {
    let end = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at_checked(end)?;
    (!number.is_empty()).then_some((number, trimmed(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::cell::CellNumber;

    fn read(text: &str, column: SpanColumn, brackets: &str) -> String {
        let unit = unit_in(&[brackets.to_owned()]);
        match read_span(&SourceCell::Text(text.into()), column, unit) {
            Ok(span) => span.unwrap_or_else(|| "blank".to_owned()),
            Err(bad) => bad.code.to_owned(),
        }
    }

    #[test]
    fn terms_and_cadences() {
        use SpanColumn::{Cadence, Terms};
        for (text, column, brackets, expected) in [
            ("60", Terms, "", "60d"),
            ("60", Cadence, "", "wrong-value"),
            ("2", Cadence, "周", "2w"),
            ("2", Terms, "月", "2m"),
            ("6 个月", Terms, "", "6m"),
            ("14 days", Cadence, "", "14d"),
            ("2 Weeks", Cadence, "", "2w"),
            ("月结30天", Terms, "", "eom+30d"),
            ("月结", Terms, "", "eom"),
            ("月结60天", Terms, "", "eom+60d"),
            ("月结60", Terms, "", "wrong-value"),
            ("EOM+30d", Terms, "", "eom+30d"),
            ("现结", Terms, "", "0d"),
            ("货到付款", Terms, "", "0d"),
            ("never", Cadence, "", "never"),
            ("0d", Cadence, "", "wrong-value"),
            ("2.5周", Cadence, "", "wrong-value"),
            ("-", Terms, "", "blank"),
            ("月结", Cadence, "", "wrong-value"),
        ] {
            assert_eq!(read(text, column, brackets), expected, "{text} {column:?}");
        }
        let number = SourceCell::Number(CellNumber::binary(60.0, false, false));
        assert_eq!(read_span(&number, Terms, None), Ok(Some("60d".to_owned())));
    }
}
