//! The lines that were refused, as a list to mend by: their cells as they stand, and why.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::file_plan::FilePlan;
use super::outcome::PlacedFault;
use super::scan::Scan;
use super::values::Habits;
use super::values::clean::{Cleaning, text_of};
use super::values::date::read_date;
use crate::edit::csv_row::format_row;
use crate::exchange::cell::{Blanks, SourceCell};
use crate::exchange::table::{DataLine, FileKind, SourceTable, Unread};
use crate::render::protected;

/// What is refused of a file, by the lines' numbers.
type RefusedLines<'f> = BTreeMap<u64, Vec<&'f PlacedFault>>;

/// Returns the list of the refused lines of all files.
///
/// # Errors
/// What ends the reading of a file.
pub(crate) fn rejects(
    scan: &Scan,
    tables: &[SourceTable],
    plans: &[FilePlan],
    faults: &[(u32, PlacedFault)],
    habits: &Habits,
) -> Result<Vec<u8>, Unread> {
    let mut out = String::new();
    for (at, (table, plan)) in tables.iter().zip(plans).enumerate() {
        let mut refused = RefusedLines::new();
        for (line, told) in faults {
            let state = scan.lines[*line as usize];
            if usize::from(state.file) == at {
                refused.entry(state.number).or_default().push(told);
            }
        }
        if refused.is_empty() {
            continue;
        }
        match table.kind {
            FileKind::JsonLines | FileKind::Vcard => as_they_are(table, plan, &refused, &mut out)?,
            _ => as_table(table, plan, &refused, habits, &mut out)?,
        }
    }
    Ok(out.into_bytes())
}

fn codes_and_reasons(told: &[&PlacedFault]) -> [String; 3] {
    let join = |texts: Vec<String>| texts.join("; ");
    let cells = told.iter().map(|it| {
        it.cell
            .clone()
            .unwrap_or_else(|| it.refusal.place.to_string())
    });
    [
        join(cells.collect()),
        join(told.iter().map(|it| it.refusal.code().to_owned()).collect()),
        join(
            told.iter()
                .map(|it| it.refusal.message.english().to_owned())
                .collect(),
        ),
    ]
}

fn as_table(
    table: &SourceTable,
    plan: &FilePlan,
    refused: &RefusedLines<'_>,
    habits: &Habits,
    out: &mut String,
) -> Result<(), Unread> {
    let is_first = out.is_empty();
    out.push_str(if is_first { "\u{feff}" } else { "\n" });
    let unit = plan
        .title
        .as_ref()
        .and_then(|it| it.1.rsplit([':', '：']).next());
    let headings = table
        .columns
        .iter()
        .zip(&plan.columns)
        .map(
            |(column, plan)| match unit.filter(|_| plan.has_unit_of_title) {
                Some(unit) => format!("{}（{}）", column.heading, unit.trim()),
                None => column.heading.clone(),
            },
        );
    let reasons = ["guanxi:cell", "guanxi:code", "guanxi:reason"].map(str::to_owned);
    put_row(out, headings.chain(reasons));
    table.each_line(&plan.roles, &mut |line| {
        if let Some(told) = refused.get(&line.number) {
            let cells =
                (0..table.columns.len()).map(|column| cell_text(line, column, plan, habits));
            put_row(out, cells.chain(codes_and_reasons(told)));
        }
    })
}

fn put_row(out: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|it| protected(&it).into_owned()).collect();
    out.push_str(&format_row(&cells));
    out.push('\n');
}

/// Returns a cell as text: dates and serials of date targets as ISO.
fn cell_text(line: &DataLine<'_>, column: usize, plan: &FilePlan, habits: &Habits) -> String {
    let cell = line.cell(column);
    let is_date = plan.roles.of(column).is_date;
    if is_date
        && matches!(cell, SourceCell::Number(_) | SourceCell::Date(_))
        && let Ok(Some(moment)) = read_date(&cell, Blanks::All, habits)
    {
        return moment.to_string();
    }
    match &cell {
        SourceCell::Error(error) => return (*error).to_owned(),
        SourceCell::Number(number) => return number.decimal().into_owned(),
        _ => {}
    }
    let how = Cleaning {
        blanks: Blanks::Nothing,
        keeps_lines: true,
        is_free: true,
        is_delimited: plan.kind == FileKind::Delimited,
    };
    match (text_of(&cell, how), &cell) {
        (Ok(text), _) => text.unwrap_or_default(),
        (Err(_), SourceCell::Text(text)) => text.clone().into_owned(),
        (Err(_), _) => String::new(),
    }
}

/// Writes cards and lines of JSON as they stand, with the reasons among their fields.
fn as_they_are(
    table: &SourceTable,
    plan: &FilePlan,
    refused: &RefusedLines<'_>,
    out: &mut String,
) -> Result<(), Unread> {
    table.each_line(&plan.roles, &mut |line| {
        let (Some(told), Some(text)) = (refused.get(&line.number), line.text()) else {
            return;
        };
        let [cell, code, reason] = codes_and_reasons(told);
        let text = text.trim_end();
        if table.kind == FileKind::Vcard {
            let reason = format!("{code}: {reason}").replace(['\r', '\n'], " ");
            match text.rsplit_once('\n') {
                Some((card, end)) => {
                    // Writing to a string cannot fail.
                    let _ = writeln!(
                        out,
                        "{}\r\nX-GUANXI-REASON:{reason}\r\n{}\r",
                        card.trim_end(),
                        end.trim()
                    );
                }
                None => {
                    let _ = writeln!(out, "{text}\r");
                }
            }
            return;
        }
        let mut fields = serde_json::Map::new();
        for (key, value) in [
            ("guanxi:cell", cell),
            ("guanxi:code", code),
            ("guanxi:reason", reason),
        ] {
            fields.insert(key.to_owned(), value.into());
        }
        let reasons = serde_json::Value::Object(fields).to_string();
        let more = reasons.strip_prefix('{').unwrap_or_default();
        let _ = match text.strip_suffix('}') {
            Some(start) if start.trim_end().ends_with('{') => writeln!(out, "{start}{more}"),
            Some(start) => writeln!(out, "{start},{more}"),
            None => writeln!(out, "{text}"),
        };
    })
}
