//! Rows with figures that rest on no fit, as people read them.
//!
//! Rows are sorted by the figures themselves, and data formats have all of their digits.

use std::io;
use std::ops::Range;

use super::period_ends::end_of_name;
use crate::answer::{Column, GridRows, RowsInParts};
use crate::figures::rough::{ROUGH, rough};
use crate::metric::{GroupColumn, Value};
use crate::words::{Units, say};

/// What people are told of them.
pub(crate) fn note() -> String {
    say!(
        "`~` stands before what is rough: two digits count; `-f csv` has all of them",
        "带 `~` 的是粗略值：只有前两位有意义；`-f csv` 给出全部位数"
    )
}

/// Tells whether a column's figures are rough: those of a metric, of a customer or taken of several, also
/// at the end of a period.
fn is_rough(column: &Column) -> bool {
    let name = &*column.name;
    let name = end_of_name(name).unwrap_or(name);
    let of_group = GroupColumn::of_name(name).ok().flatten();
    let of_group = of_group.is_some_and(|it| ROUGH.contains(&it.metric));
    of_group || ROUGH.iter().any(|it| it.name() == name)
}

/// Returns a value of a column as people read it.
pub(crate) fn as_read(column: &Column, value: Value<'static>) -> Value<'static> {
    let text = is_rough(column)
        .then(|| rough(&value, column.units))
        .flatten();
    text.map_or(value, Value::text)
}

/// Rows of which some columns are shown as people read them.
pub(crate) struct Rough<'r, R> {
    rows: &'r R,
    /// For each column whose figures are rough the unit that it is in.
    units: Vec<Option<Units>>,
}

impl<'r, R: GridRows> Rough<'r, R> {
    /// Makes the rows rough where they have a column that is; `None` where they have none.
    pub(crate) fn of(rows: &'r R) -> Option<Self> {
        let unit = |column: &Column| is_rough(column).then_some(column.units);
        let units: Vec<Option<Units>> = rows.columns().iter().map(unit).collect();
        let has_some = units.iter().any(Option::is_some);
        has_some.then_some(Self { rows, units })
    }

    /// Hands a row on as people read it; `shown` is room for it.
    fn show<'v>(
        &self,
        row: &'v [Value<'_>],
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        let of = |(value, units): (&'v Value<'_>, &Option<Units>)| {
            let text = units.and_then(|units| rough(value, units));
            text.map_or_else(|| value.borrowed(), Value::text)
        };
        let shown: Vec<Value<'v>> = row.iter().zip(&self.units).map(of).collect();
        visit(&shown)
    }
}

impl<R: GridRows + RowsInParts> GridRows for Rough<'_, R> {
    fn columns(&self) -> &[Column] {
        self.rows.columns()
    }

    fn row_count(&self) -> usize {
        self.rows.row_count()
    }

    fn for_each(&self, visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>) -> io::Result<()> {
        self.rows.for_each(&mut |row| self.show(row, visit))
    }

    fn in_parts(&self) -> Option<&dyn RowsInParts> {
        Some(self)
    }
}

impl<R: GridRows + RowsInParts> RowsInParts for Rough<'_, R> {
    fn for_range(
        &self,
        range: Range<usize>,
        visit: &mut dyn FnMut(&[Value<'_>]) -> io::Result<()>,
    ) -> io::Result<()> {
        self.rows.for_range(range, &mut |row| self.show(row, visit))
    }
}
