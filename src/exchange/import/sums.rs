//! Sums of the amounts of lines, held against the totals that a file states.

use super::file_plan::FilePlan;
use super::lines::LineReader;
use super::targets::ImportTarget;
use crate::exchange::cell::SourceCell;
use crate::exchange::headings::simplified;
use crate::exchange::place::{CellPlace, column_letters};
use crate::exchange::table::DataLine;
use crate::model::{Money, width_folded};

/// A total that a file states.
#[derive(Clone, Debug)]
pub(crate) struct StatedTotal {
    pub(crate) place: CellPlace,
    /// The cell, as `C14`.
    pub(crate) cell: String,
    pub(crate) stated: Money,
    pub(crate) summed: Money,
    /// The same with the lines that are left out by their texts.
    pub(crate) with_left_out: Money,
    /// The first cell above that could not be read, and how many more.
    pub(crate) unread: Option<(String, usize)>,
    column: usize,
    is_of: SumOf,
}

/// Of which lines above it a total is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SumOf {
    All,
    /// Of those since the last total.
    Since,
    /// Of those since the last total, which is not among the lines that were read together.
    SinceBefore,
}

/// The sums of the columns of amounts, to be held against stated totals.
pub(super) struct ColumnSums {
    columns: Vec<Sum>,
    /// Whether there was a total.
    has_total: bool,
}

#[derive(Default)]
struct Sum {
    column: usize,
    /// Of all lines, and of those since the last total; each also with lines left out by their texts.
    all: Money,
    all_with: Money,
    since: Money,
    since_with: Money,
    unread: Option<(String, usize)>,
}

impl ColumnSums {
    pub(super) fn of(plan: &FilePlan) -> Self {
        let columns = plan.columns.iter().enumerate();
        let money =
            columns.filter(|(_, it)| it.target.as_ref().is_some_and(ImportTarget::is_money));
        let sum = |column: usize| Sum {
            column,
            ..Sum::default()
        };
        Self {
            columns: money.map(|(column, _)| sum(column)).collect(),
            has_total: false,
        }
    }

    /// Adds the sums of lines that come next, and what stands before these to their totals.
    pub(super) fn lead(&mut self, totals: &mut [StatedTotal], part: Self) {
        for total in totals {
            let sum = self.columns.iter().find(|it| it.column == total.column);
            if let Some(sum) = sum {
                let (before, with) = match total.is_of {
                    SumOf::All => (sum.all, sum.all_with),
                    SumOf::SinceBefore => (sum.since, sum.since_with),
                    SumOf::Since => (Money::ZERO, Money::ZERO),
                };
                total.summed += before;
                total.with_left_out += with;
                total.unread = unread_of_both(sum.unread.as_ref(), total.unread.take());
            }
        }
        for (sum, next) in self.columns.iter_mut().zip(part.columns) {
            sum.all += next.all;
            sum.all_with += next.all_with;
            if part.has_total {
                (sum.since, sum.since_with) = (Money::ZERO, Money::ZERO);
            }
            sum.since += next.since;
            sum.since_with += next.since_with;
            sum.unread = unread_of_both(sum.unread.as_ref(), next.unread);
        }
        self.has_total |= part.has_total;
    }

    pub(super) fn add(&mut self, line: &DataLine<'_>, reader: &LineReader<'_>, is_left_out: bool) {
        for sum in &mut self.columns {
            match reader.stated(line, sum.column) {
                Ok(Some(amount)) => {
                    sum.all_with += amount;
                    sum.since_with += amount;
                    if !is_left_out {
                        sum.all += amount;
                        sum.since += amount;
                    }
                }
                Ok(None) => {}
                Err(_) => {
                    if let Some((_, more)) = &mut sum.unread {
                        *more += 1;
                    } else {
                        let cell = format!("{}{}", column_letters(sum.column), line.number);
                        sum.unread = Some((cell, 0));
                    }
                }
            }
        }
    }

    /// Holds a total against the sums of the lines above it.
    pub(super) fn check(
        &mut self,
        line: &DataLine<'_>,
        reader: &LineReader<'_>,
    ) -> Vec<StatedTotal> {
        let columns = 0..reader.plan.columns.len();
        let first = columns.map(|it| line.cell(it)).find_map(|it| match it {
            SourceCell::Text(text) if !text.trim().is_empty() => Some(text.into_owned()),
            _ => None,
        });
        let word = first.unwrap_or_default();
        let word: String = simplified(&width_folded(&word).to_lowercase());
        let word: String = word.chars().filter(|it| !it.is_whitespace()).collect();
        let begins = |words: &[&str]| words.iter().any(|it| word.starts_with(it));
        let is_part = begins(&["小计", "subtotal", "本页合计"]);
        let is_of_time = begins(&["本月合计", "本年累计"]);
        let is_of = match (is_part, self.has_total) {
            (false, _) => SumOf::All,
            (true, true) => SumOf::Since,
            (true, false) => SumOf::SinceBefore,
        };
        self.has_total = true;
        let mut totals = Vec::new();
        for sum in &mut self.columns {
            if let Ok(Some(stated)) = reader.stated(line, sum.column)
                && !is_of_time
            {
                let (summed, with_left_out) = if is_part {
                    (sum.since, sum.since_with)
                } else {
                    (sum.all, sum.all_with)
                };
                totals.push(StatedTotal {
                    place: line.place(sum.column),
                    cell: format!("{}{}", column_letters(sum.column), line.number),
                    stated,
                    summed,
                    with_left_out,
                    unread: sum.unread.clone(),
                    column: sum.column,
                    is_of,
                });
            }
            (sum.since, sum.since_with) = (Money::ZERO, Money::ZERO);
        }
        totals
    }
}

/// Returns the first cell that could not be read of some lines and of those behind them, and how many more.
fn unread_of_both(
    before: Option<&(String, usize)>,
    behind: Option<(String, usize)>,
) -> Option<(String, usize)> {
    match (before, behind) {
        (Some((cell, more)), Some((_, others))) => Some((cell.clone(), more + 1 + others)),
        (Some(before), None) => Some(before.clone()),
        (None, behind) => behind,
    }
}
