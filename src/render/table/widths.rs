//! How wide columns are, and which go, so that a table fits a terminal.

use std::cmp::Ordering;
use std::io;

use super::cells::cell_text;
use crate::answer::{Column, GridRows};
use crate::metric::{Type, Value};
use crate::render::headings::narrowest;
use crate::render::prose::widest_piece;
use crate::source::display_width;

/// Up to how many rows are laid out at once. More would need memory for every cell.
pub(super) const ROWS_LAID_OUT: usize = 2_000;

/// The least width that a narrow terminal leaves to a column of texts.
const NARROWEST_TEXT: usize = 10;

/// The most lines of a terminal that an unbroken row may take.
const MOST_TERMINAL_LINES: usize = 3;

/// The blanks between columns.
pub(super) const GAP: usize = 2;

/// How wide the cells of a column are.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CellWidths {
    /// The widest cell.
    pub(super) whole: usize,
    /// The widest part of a cell that is not broken: a word, a number.
    pub(super) piece: usize,
    /// The widest number without decimals.
    pub(super) whole_number: usize,
}

impl CellWidths {
    pub(super) fn take(&mut self, value: &Value<'_>, text: &str) {
        let width = display_width(text);
        self.whole = self.whole.max(width);
        if matches!(value, Value::Exact(_) | Value::Float(_)) && !text.contains('.') {
            self.whole_number = self.whole_number.max(width);
        }
    }
}

/// Tells whether long cells of a column may be broken.
pub(super) fn is_text(column: &Column) -> bool {
    matches!(column.kind, Type::Text | Type::List)
}

/// Returns the names of the columns of a table that go, so that it fits a terminal with every row on one
/// line, the last one about all of them too.
///
/// One that says nothing in any row goes before the others, and `id` where it repeats the name. Headings
/// are broken between words before any column goes. A long table is looked at by its first rows alone.
pub(crate) fn left_out<'s>(
    rows: &dyn GridRows,
    last: Option<&dyn GridRows>,
    spares: &Spare<'_, 's>,
    terminal: usize,
) -> Vec<&'s str> {
    let spare = spares.first;
    if spare.is_empty() {
        return Vec::new();
    }
    let columns = rows.columns();
    let mut widths: Vec<usize> = columns.iter().map(|it| narrowest(&it.heading)).collect();
    // How wide each is with its texts broken.
    let mut broken: Vec<usize> = widths.clone();
    let mut says_nothing = vec![true; columns.len()];
    let place = |name: &str| columns.iter().position(|it| it.name == name);
    let mut repeats = place("id").zip(place("name"));
    // The end of the rows that are looked at is no error.
    let mut left = ROWS_LAID_OUT;
    let _ = rows.for_each(&mut |row| {
        left = left.checked_sub(1).ok_or(io::ErrorKind::Other)?;
        for (index, value) in row.iter().enumerate() {
            let text = cell_text(value, &columns[index], false);
            widths[index] = widths[index].max(display_width(&text));
            let piece = if is_text(&columns[index]) && index > 0 {
                widest_piece(&text)
            } else {
                display_width(&text)
            };
            broken[index] = broken[index].max(piece);
            says_nothing[index] &= !value.is_known();
        }
        repeats =
            repeats.filter(|&(id, name)| row[id].compare(&row[name]) == Some(Ordering::Equal));
        Ok(())
    });
    let _ = last.map(|last| {
        last.for_each(&mut |row| {
            for ((value, column), width) in row.iter().zip(last.columns()).zip(&mut widths) {
                *width = (*width).max(display_width(&cell_text(value, column, false)));
            }
            Ok(())
        })
    });
    if let Some(first) = widths.first_mut() {
        // The heading of the first column stays whole.
        *first = (*first).max(columns.first().map_or(0, |it| display_width(&it.heading)));
    }
    let is_first = |name: &&str| {
        place(name).is_some_and(|at| says_nothing[at] || repeats.is_some_and(|it| it.0 == at))
    };
    let id = repeats.map(|_| "id").filter(|_| !spare.contains(&"id"));
    let firsts = id.into_iter().chain(spare.iter().copied().filter(is_first));
    let order = firsts.chain(spare.iter().copied().filter(|it| !is_first(it)));
    let mut total = widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    let mut gone = Vec::new();
    for name in order {
        if total <= terminal {
            break;
        }
        if let Some(at) = place(name) {
            total = total.saturating_sub(widths[at] + GAP);
            gone.push(name);
        }
    }
    for name in spares.last.iter().copied() {
        let stays = |at: &usize| !gone.iter().any(|gone| *gone == columns[*at].name);
        let narrowed = |at: usize| broken[at].max(NARROWEST_TEXT).min(widths[at]) + GAP;
        let total: usize = (0..columns.len()).filter(stays).map(narrowed).sum();
        if total > terminal + GAP && place(name).is_some() {
            gone.push(name);
        }
    }
    gone
}

/// The columns that a table on a narrow terminal may leave out, in the order in which they go.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spare<'a, 's> {
    /// Those that go until every row stands on one line.
    pub(crate) first: &'a [&'s str],
    /// Those that go where not even broken texts make it fit.
    pub(crate) last: &'a [&'s str],
}

impl<'a, 's> Spare<'a, 's> {
    /// Names columns that go until every row stands on one line.
    pub(crate) fn first(first: &'a [&'s str]) -> Self {
        Self { first, last: &[] }
    }
}

/// Returns the widths of the columns, narrowed until the table fits the terminal.
///
/// First headings are broken between words, if they can be, then the widest columns of texts are
/// narrowed. The first column is left alone, since it mostly is an id that somebody will copy.
/// What cannot fit is not narrowed at all, for a terminal breaks whole lines better than narrow
/// columns that still run over its edge; but no line takes more than [`MOST_TERMINAL_LINES`].
pub(super) fn fit(
    contents: &[CellWidths],
    columns: &[Column],
    terminal: Option<usize>,
) -> Vec<usize> {
    let headings = columns.iter().map(|column| display_width(&column.heading));
    let whole: Vec<usize> = (contents.iter().zip(headings))
        .map(|(content, heading)| heading.max(content.whole))
        .collect();
    let gaps = GAP * whole.len().saturating_sub(1);
    let total = whole.iter().sum::<usize>() + gaps;
    let Some(mut excess) = terminal.map(|terminal| total.saturating_sub(terminal)) else {
        return whole;
    };
    let narrowest_heading = |index: usize| {
        let heading = &columns[index].heading;
        if index > 0 {
            narrowest(heading)
        } else {
            display_width(heading)
        }
    };
    let least_of_headings: Vec<usize> = (0..whole.len())
        .map(|index| narrowest_heading(index).max(contents[index].whole))
        .collect();
    let least_of_texts: Vec<usize> = (0..whole.len())
        .map(|index| {
            if is_text(&columns[index]) && index > 0 {
                let least = NARROWEST_TEXT.max(narrowest_heading(index));
                // A word or a number is never broken.
                least.max(contents[index].piece)
            } else {
                least_of_headings[index]
            }
        })
        .collect();
    let mut widths = whole.clone();
    for least in [least_of_headings, least_of_texts] {
        while excess > 0 {
            let shrinkable = (0..widths.len()).filter(|&index| widths[index] > least[index]);
            let Some(widest) = shrinkable.max_by_key(|&index| widths[index]) else {
                break;
            };
            widths[widest] -= 1;
            excess -= 1;
        }
    }
    let most = terminal.unwrap_or(0).saturating_mul(MOST_TERMINAL_LINES);
    if excess > 0 && total <= most {
        return whole;
    }
    widths
}
