//! The values of workbooks that `calamine` reads whole.

use calamine::{Data, Dimensions, Range, Sheet, SheetType, SheetVisible};

use super::grid::{GridBuilder, GridValue, MergedRange, error_of};
use super::serial::{serial_of_iso, span_of_iso};
use super::sheet::SheetName;
use crate::exchange::cell::ERRORS;
use crate::exchange::table::Unread;

/// Returns the sheets of cells among those of a workbook.
pub(super) fn sheet_names(sheets: &[Sheet]) -> Vec<SheetName> {
    let of_cells = sheets.iter().filter(|it| it.typ == SheetType::WorkSheet);
    let named = of_cells.map(|it| SheetName {
        name: it.name.clone(),
        is_visible: it.visible == SheetVisible::Visible,
    });
    named.collect()
}

/// Puts the values of a range into a grid.
pub(super) fn fill(grid: &mut GridBuilder, range: &Range<Data>) -> Result<(), Unread> {
    let Some((first_row, first_column)) = range.start() else {
        return Ok(());
    };
    for (row, column, value) in range.used_cells() {
        let at = |offset: usize, first: u32| {
            first.saturating_add(u32::try_from(offset).unwrap_or(u32::MAX))
        };
        let (row, column) = (at(row, first_row), at(column, first_column));
        put(grid, row, column, value)?;
    }
    Ok(())
}

/// Puts a value into a grid.
pub(super) fn put(
    grid: &mut GridBuilder,
    row: u32,
    column: u32,
    value: &Data,
) -> Result<(), Unread> {
    let value = match value {
        Data::Empty => return Ok(()),
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet keeps no others")]
        Data::Int(number) => GridValue::Number(*number as f64),
        Data::Float(number) => GridValue::Number(*number),
        Data::String(text) if ERRORS.contains(&text.as_str()) => error_of(text),
        Data::String(text) => return grid.text(row, column, text),
        Data::Bool(value) => GridValue::Bool(*value),
        Data::DateTime(date) if date.is_duration() => GridValue::Elapsed(date.as_f64()),
        Data::DateTime(date) => GridValue::Date(date.as_f64()),
        Data::DateTimeIso(text) => match serial_of_iso(text, grid.is_from_1904) {
            Some(serial) => GridValue::Date(serial),
            None => return grid.text(row, column, text),
        },
        Data::DurationIso(text) => match span_of_iso(text) {
            Some(serial) => GridValue::Date(serial),
            None => return grid.text(row, column, text),
        },
        Data::Error(error) => error_of(&error.to_string()),
    };
    grid.value(row, column, value)
}

/// Returns merged ranges as a grid has them.
pub(super) fn merged(ranges: &[Dimensions]) -> Vec<MergedRange> {
    let forward = ranges
        .iter()
        .filter(|it| it.start.0 <= it.end.0 && it.start.1 <= it.end.1);
    let ranges = forward.map(|it| MergedRange {
        rows: (it.start.0, it.end.0),
        columns: (it.start.1, it.end.1),
    });
    ranges.collect()
}
