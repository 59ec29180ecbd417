//! One line of a table: what its cells are worth, whose it is, which rows and facts it gives, what is
//! wrong with it.

use std::borrow::Cow;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _};

use foldhash::fast::FixedState;

use super::context::ImportContext;
use super::file_plan::{ColumnPlan, FilePlan, RowColumns, TargetSlot};
use super::mapping::Constant;
use super::targets::{ImportTarget, RowField};
use super::values::Bad;
use super::values::clean::{Cleaning, cleaned, text_of};
use super::values::moment::RowMoment;
use super::values::time_cell::{check_time, with_time};
use super::worth::{ReadValue, worth};
use crate::exchange::cell::{Blanks, SourceCell};
use crate::exchange::headings::simplified;
use crate::exchange::table::{DataLine, FileKind, Merge};
use crate::model::word_form;
use crate::model::{Money, width_folded};
use crate::source::told;
use crate::words::{Phrase, both};

/// What is wrong with a line, and in which column, if in one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct LineFault {
    pub(crate) column: Option<usize>,
    pub(crate) bad: Bad,
    /// Ids of customers that may be meant.
    pub(crate) near: Vec<String>,
}

impl LineFault {
    pub(crate) fn new(column: Option<usize>, bad: Bad) -> Self {
        Self {
            column,
            bad,
            near: Vec::new(),
        }
    }
}

/// Reads the lines of one file.
pub(crate) struct LineReader<'a> {
    pub(super) context: &'a ImportContext<'a>,
    pub(super) plan: &'a FilePlan,
    /// What the constant of each slot is worth.
    constants: Vec<Option<ReadValue>>,
    /// The places of the slots of plain fields, by the field.
    plain: Vec<Option<usize>>,
    /// For each group, the places of the slots of its fields.
    pub(super) groups: Vec<Vec<Option<usize>>>,
}

impl<'a> LineReader<'a> {
    /// Begins to read a file.
    ///
    /// # Errors
    /// If a constant is worth nothing to its target, with the constant.
    pub(crate) fn new(
        context: &'a ImportContext<'a>,
        plan: &'a FilePlan,
    ) -> Result<Self, Box<(Constant, Bad)>> {
        let column = ColumnPlan::default();
        let mut constants = Vec::with_capacity(plan.slots.len());
        for slot in &plan.slots {
            let Some(constant) = &slot.constant else {
                constants.push(None);
                continue;
            };
            let plan = ColumnPlan {
                turns: constant.turns,
                ..column.clone()
            };
            let cell = SourceCell::Text(constant.value.as_str().into());
            let read = worth(context, &plan, &slot.target, &cell, false);
            constants.push(read.map_err(|bad| Box::new((constant.clone(), bad)))?);
        }
        let place = |target: ImportTarget| plan.slots.iter().position(|it| it.target == target);
        let of_plain = RowField::ALL.map(|field| place(ImportTarget::Plain(field)));
        let groups = plan.groups.iter().map(|group| {
            let of = |field| place(ImportTarget::Of(group.clone(), field));
            RowField::ALL.map(of).to_vec()
        });
        Ok(Self {
            context,
            plan,
            constants,
            plain: of_plain.to_vec(),
            groups: groups.collect(),
        })
    }

    /// Returns the place of the slot of a target.
    pub(super) fn place(&self, target: &ImportTarget) -> Option<usize> {
        self.plan.slots.iter().position(|it| it.target == *target)
    }

    pub(super) fn plain_place(&self, field: RowField) -> Option<usize> {
        self.plain.get(field as usize).copied().flatten()
    }

    /// Returns the column in which a fault of a field is told: of a group its own, else the plain one.
    pub(super) fn column_of(&self, group: Option<usize>, field: RowField) -> Option<usize> {
        let of = |place: Option<usize>| {
            let slot = self.plan.slots.get(place?)?;
            slot.columns.first().copied()
        };
        let own = group.and_then(|at| of(self.groups[at][field as usize]));
        own.or_else(|| of(self.plain_place(field)))
    }

    /// Returns the columns of the rows that a line may have: of the main row, then of those of the groups.
    pub(super) fn row_columns(&self) -> Vec<RowColumns> {
        let groups = (0..self.groups.len()).map(Some);
        let of_rows = std::iter::once(None).chain(groups).map(|group| RowColumns {
            date: self.column_of(group, RowField::Date),
            amount: self.column_of(group, RowField::Amount),
            reference: self.column_of(group, RowField::Ref),
        });
        of_rows.collect()
    }

    fn is_delimited(&self) -> bool {
        self.plan.kind == FileKind::Delimited
    }

    /// Returns the text of a column's cell as options compare it; empty where it is blank.
    pub(super) fn compared(&self, line: &DataLine<'_>, column: usize) -> String {
        let how = Cleaning {
            blanks: Blanks::Nothing,
            keeps_lines: false,
            is_free: true,
            is_delimited: self.is_delimited(),
        };
        text_of(&line.cell(column), how)
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// Tells by which texts of columns a line is left out.
    pub(super) fn is_skipped(&self, line: &DataLine<'_>) -> bool {
        let columns = self.plan.columns.iter().enumerate();
        let mut columns = columns.filter(|(_, plan)| !plan.skips.is_empty());
        columns.any(|(column, plan)| {
            let text = self.compared(line, column);
            let text = plan.values.get(&text).unwrap_or(&text);
            let form = width_folded(text);
            plan.skips.iter().any(|it| width_folded(it) == form)
        })
    }

    /// Returns the text of each column of statuses that says something.
    pub(super) fn statuses(&self, line: &DataLine<'_>) -> Vec<(usize, String)> {
        let columns = self.plan.columns.iter().enumerate();
        let columns = columns.filter(|(_, plan)| plan.is_status && plan.target.is_none());
        let texts = columns.map(|(column, plan)| {
            let text = self.compared(line, column);
            let text = plan.values.get(&text).cloned().unwrap_or(text);
            (column, text)
        });
        texts.filter(|it| !it.1.is_empty()).collect()
    }

    /// Tells whether a slot has a cell with something in it on a line, whatever that is worth.
    pub(super) fn is_filled(&self, line: &DataLine<'_>, slot: usize) -> bool {
        let Some(slot) = self.plan.slots.get(slot) else {
            return false;
        };
        let blanks = slot.target.blanks_in(self.context.habits());
        slot.columns
            .iter()
            .any(|column| !line.cell(*column).is_blank(blanks))
    }

    /// Returns what a slot is worth on a line, the constant where its cells are blank.
    pub(super) fn value(
        &self,
        line: &DataLine<'_>,
        place: usize,
    ) -> Result<Option<ReadValue>, LineFault> {
        let Some(slot) = self.plan.slots.get(place) else {
            return Ok(None);
        };
        let found = self.of_cells(line, slot)?;
        Ok(found.or_else(|| self.constants.get(place).cloned().flatten()))
    }

    fn of_cells(
        &self,
        line: &DataLine<'_>,
        slot: &TargetSlot,
    ) -> Result<Option<ReadValue>, LineFault> {
        let mut found: Option<(usize, ReadValue)> = None;
        for column in &slot.columns {
            let read = self.cell_value(line, *column, &slot.target);
            let Some(value) = read.map_err(|bad| self.of_cell(line, *column, bad))? else {
                continue;
            };
            let Some((first, before)) = &mut found else {
                found = Some((*column, value));
                continue;
            };
            if *before == value {
                continue;
            }
            match (&mut *before, value) {
                (ReadValue::List(list), ReadValue::List(more)) if slot.target.is_listed() => {
                    for it in more {
                        if !list.contains(&it) {
                            list.push(it);
                        }
                    }
                }
                (ReadValue::Text(text), ReadValue::Text(more)) if slot.target.is_joined() => {
                    if !text.split("; ").any(|it| it == more) {
                        text.push_str("; ");
                        text.push_str(&more);
                    }
                }
                (before, value) => {
                    let bad = self.twice(*first, *column, before, &value);
                    return Err(LineFault::new(Some(*column), bad));
                }
            }
        }
        Ok(found.map(|it| it.1))
    }

    /// Returns a fault of a cell, which its help names.
    fn of_cell(&self, line: &DataLine<'_>, column: usize, bad: Bad) -> LineFault {
        let text = self.compared(line, column);
        let bad = bad.name_cell(self.plan.option_name(column), Some(&text));
        LineFault::new(Some(column), bad)
    }

    fn twice(&self, first: usize, second: usize, before: &ReadValue, value: &ReadValue) -> Bad {
        let heading = |column: usize| {
            let heading = self.plan.headings.get(column).map_or("", String::as_str);
            told(heading).into_owned()
        };
        let message = both!(
            "`{}` ({}) and `{}` ({}) are one to the book, and differ",
            "`{}`（{}）和 `{}`（{}）在账本里是同一项，而两者不同",
            heading(first),
            told(&before.to_text()),
            heading(second),
            told(&value.to_text())
        );
        let named = self.plan.option_name(second).to_owned();
        Bad::new("column-twice", message).help(both!(
            "mend the line, or leave one out: `--map '{}=-'`",
            "请改正这一行，或去掉其中一个：`--map '{}=-'`",
            named
        ))
    }

    fn cell_value(
        &self,
        line: &DataLine<'_>,
        column: usize,
        target: &ImportTarget,
    ) -> Result<Option<ReadValue>, Bad> {
        let Some(plan) = self.plan.columns.get(column) else {
            return Ok(None);
        };
        match line.merge(column) {
            Merge::None => {}
            Merge::Column if !target.is_money() && !target.is_score() => {}
            Merge::Column | Merge::Block => {
                return Err(Bad::new(
                    "merged",
                    Phrase(
                        "the cell is merged with others that have values of their own",
                        "这个单元格与别的单元格合并了，而它们各有自己的值",
                    ),
                )
                .help(Phrase(
                    "unmerge the cells in the spreadsheet and fill each line",
                    "请在电子表格里取消合并，逐行填写",
                )));
            }
        }
        let cell = line.cell(column);
        if !plan.values.is_empty() {
            let text = self.compared(line, column);
            if let Some(new) = plan.values.get(&text) {
                let cell = SourceCell::Text(new.as_str().into());
                return worth(self.context, plan, target, &cell, false);
            }
        }
        worth(self.context, plan, target, &cell, self.is_delimited())
    }

    /// Returns the amount of a column as the file states it, its sign not turned.
    pub(super) fn stated(&self, line: &DataLine<'_>, column: usize) -> Result<Option<Money>, Bad> {
        let plan = self.plan.columns.get(column);
        let target = plan.and_then(|it| it.target.as_ref());
        let Some((plan, target)) = plan.zip(target) else {
            return Ok(None);
        };
        let Some(ReadValue::Money(amount)) = self.cell_value(line, column, target)? else {
            return Ok(None);
        };
        Ok(Some(if plan.turns { -amount } else { amount }))
    }

    /// Returns the day of a line with the time of the column beside it.
    pub(super) fn moment(
        &self,
        line: &DataLine<'_>,
        place: usize,
    ) -> Result<Option<RowMoment>, LineFault> {
        let Some(ReadValue::Moment(day)) = self.value(line, place)? else {
            return Ok(None);
        };
        let Some(time) = self.place(&ImportTarget::Time) else {
            return Ok(Some(day));
        };
        let mut joined = day;
        for column in &self.plan.slots[time].columns {
            let read = with_time(joined, &line.cell(*column), self.context.habits());
            joined = read.map_err(|bad| LineFault::new(Some(*column), bad))?;
        }
        Ok(Some(joined))
    }

    /// Returns what is wrong with the times of a line that has no day, by themselves.
    pub(super) fn time_faults(&self, line: &DataLine<'_>) -> Vec<LineFault> {
        let slot = self.place(&ImportTarget::Time);
        let columns = slot.map_or(&[][..], |it| &self.plan.slots[it].columns);
        let faults = columns.iter().filter_map(|column| {
            let read = check_time(&line.cell(*column), self.context.habits());
            read.err().map(|bad| LineFault::new(Some(*column), bad))
        });
        faults.collect()
    }

    /// Returns a number that is equal for lines that are equal in every column.
    pub(super) fn print(&self, line: &DataLine<'_>) -> (u64, u64) {
        let mut one = FixedState::with_seed(1).build_hasher();
        let mut two = FixedState::with_seed(2).build_hasher();
        let mut blank_count = 0_u32;
        for column in 0..self.plan.columns.len() {
            let cell = line.cell(column);
            let how = Cleaning {
                blanks: Blanks::Nothing,
                keeps_lines: true,
                is_free: true,
                is_delimited: self.is_delimited(),
            };
            let text: Cow<'_, str> = match &cell {
                SourceCell::Blank => Cow::Borrowed(""),
                SourceCell::Text(text) => cleaned(text, how),
                // `500` as a number and as a text are one to whoever looks at the sheet.
                other => Cow::Owned(
                    text_of(other, how)
                        .ok()
                        .flatten()
                        .unwrap_or_else(|| format!("{other:?}")),
                ),
            };
            if text.is_empty() {
                blank_count += 1;
                continue;
            }
            for hasher in [&mut one, &mut two] {
                blank_count.hash(hasher);
                text.hash(hasher);
            }
            blank_count = 0;
        }
        (one.finish(), two.finish())
    }
}

/// Tells of a status whether its line does not count; `None` where that is not known.
pub(super) fn is_void(text: &str) -> Option<bool> {
    const VOID: &str = "作废 已作废 取消 已取消 草稿 开立 暂存 创建 制单 制单状态 未提交 待提交 未审核 待审核 审核中 重新审核 \
                        已驳回 中止 已中止 已终止 已红冲 void voided cancelled canceled draft rejected deleted";
    const VALID: &str = "已审核 审核 已完成 完成 已关闭 关闭 正常 有效 生效 已开票 approved completed closed active open paid won";
    let word = simplified(&word_form(text));
    let is_in = |list: &str| list.split_whitespace().any(|it| it == word);
    if is_in(VOID) {
        Some(true)
    } else if is_in(VALID) {
        Some(false)
    } else {
        None
    }
}
