//! One row of a log: its cells become an interaction, or faults.
//!
//! [`RowReader::read`] reads any row and says all that is wrong with it. [`RowReader::read_plain`]
//! reads those that have nothing unusual, which are nearly all, in half the time.

mod cells;
mod checks;
mod day;
mod found;
mod plain;
mod shape;
mod uses;

use std::borrow::Cow;
use std::sync::Arc;

use crate::diagnostic::{self as fault, Nearest, did_you_mean};
use crate::load::log::cut::{LogCell, LogRecord};
use crate::load::log::names::{IdOwner, IdTable, KindNames, LogHeader};
use crate::model::{
    ByColumn, Day, Interaction, KindTable, LogColumn, NO_MINUTE, NotMoney, SECOND_TEXT, parse_units,
};
use crate::source::clipped;
use crate::words::{Phrase, both, listed};
pub(crate) use cells::{RowCells, hash_of_cells};
pub(in crate::load::log) use cells::{cells_of, row_hash, text_of};
use day::NotDay;
pub(crate) use day::parse_day;
pub(in crate::load::log) use found::BlockFound;
pub(in crate::load::log) use plain::PlainRow;
pub(in crate::load::log) use shape::{
    BlockLook, MOST_CELLS, commented_row, hashes, header_again, is_second_header, odd_characters,
    read_marked_header, too_big, wrong_shape,
};
use uses::{CellValues, REQUIRED_BY_SOME, USED_BY_SOME, bit, parse_score};
pub(in crate::load::log) use uses::{LogRow, RowUses, Sighting, composed};

/// How to mend a former id.
const FORMER_HELP: Phrase = Phrase(
    "`guanxi check --fix` writes the present id",
    "`guanxi check --fix` 会改写为现在的编号",
);

/// The texts of a row that was read with care: quotes inside them are no longer doubled.
#[derive(Debug, Default)]
pub(in crate::load::log) struct Contents {
    text: Vec<u8>,
    reference: Vec<u8>,
}

/// What rows of one log are read with.
pub(in crate::load::log) struct RowReader<'a> {
    path: &'a Arc<str>,
    header: &'a LogHeader,
    kinds: &'a KindTable,
    stages: &'a [String],
    currency: &'a str,
    kind_names: &'a KindNames<'a>,
    ids: &'a IdTable<'a>,
    only_customer: Option<IdOwner>,
    warns: bool,
    uses: &'a [RowUses],
    /// Where each column stands; past every cell where there is none.
    places: ByColumn<usize>,
    /// Which columns there are, a bit each.
    present: u16,
}

/// What every log of a book is read with.
#[derive(Clone, Copy)]
pub(in crate::load::log) struct Shared<'a> {
    pub(in crate::load::log) kinds: &'a KindTable,
    pub(in crate::load::log) kind_names: &'a KindNames<'a>,
    pub(in crate::load::log) uses: &'a [RowUses],
    /// The policy's stages.
    pub(in crate::load::log) stages: &'a [String],
    /// The policy's currency.
    pub(in crate::load::log) currency: &'a str,
    pub(in crate::load::log) ids: &'a IdTable<'a>,
    /// Whether warnings are wanted too.
    pub(in crate::load::log) warns: bool,
}

/// What the last row had: logs are sorted, so its day is nearly always the next one's too.
#[derive(Debug)]
pub(in crate::load::log) struct Last {
    date: [u8; 10],
    day: Day,
}

impl Default for Last {
    fn default() -> Self {
        // No date is written so.
        Self {
            date: *b"----------",
            day: Day(0),
        }
    }
}

impl Last {
    /// Reads a row's day and minute, if it has one, and remembers them for the next.
    ///
    /// Reading the digits anew for every row costs a quarter of the time of a log.
    #[inline]
    fn read(&mut self, text: &[u8]) -> Option<(Day, u16)> {
        let date = text.first_chunk();
        if text.len() == self.date.len() && date == Some(&self.date) {
            return Some((self.day, NO_MINUTE));
        }
        let day = parse_day(text).ok()?;
        if let (Some(date), NO_MINUTE) = (date, day.1) {
            *self = Self {
                date: *date,
                day: day.0,
            };
        }
        Some(day)
    }
}

impl<'a> RowReader<'a> {
    /// Prepares to read the rows of a log; `only_customer` is the one that its file is named for.
    pub(in crate::load::log) fn new(
        shared: Shared<'a>,
        path: &'a Arc<str>,
        header: &'a LogHeader,
        only_customer: Option<IdOwner>,
    ) -> Self {
        let Shared {
            kinds,
            stages,
            currency,
            kind_names,
            uses,
            ids,
            warns,
        } = shared;
        let places = ByColumn::from_fn(|column| header.place(column).unwrap_or(usize::MAX));
        let present = LogColumn::ALL.into_iter();
        let present = present.filter(|it| header.place(*it).is_some());
        Self {
            path,
            header,
            kinds,
            stages,
            currency,
            kind_names,
            ids,
            only_customer,
            warns,
            uses,
            present: present.fold(0, |bits, column| bits | bit(column)),
            places,
        }
    }

    /// Reads a record of the right width; `None` if it is left out, with the faults in `found`.
    pub(in crate::load::log) fn read<'t>(
        &self,
        record: &LogRecord<'_>,
        last: &mut Last,
        contents: &'t mut Contents,
        found: &mut BlockFound,
    ) -> Option<LogRow<'t>> {
        let errors_before = found.error_count();
        let filled = self.filled(record);
        let has = |column: LogColumn| filled & bit(column) != 0;
        let day = self.day(record, last, found);
        let customer = self.customer(record, found);
        let kind_index = self.kind(record, found);
        let amount = if has(LogColumn::Amount) {
            self.amount(record, found)
        } else {
            None
        };
        let score = if has(LogColumn::Score) {
            self.score(record, found)
        } else {
            None
        };
        let due = if has(LogColumn::Due) {
            self.due(record, found)
        } else {
            None
        };
        self.check_currency(record, found);
        let kind_index = kind_index?;
        let uses = self.uses[usize::from(kind_index)];
        if amount.is_some_and(|amount| amount < 0) && uses.is_positive {
            found.tell(fault::AMOUNT, LogColumn::Amount, || {
                self.negative(record, self.kinds.kind(kind_index))
            });
        }
        if uses.required & !filled != 0 || (self.warns && uses.unused & filled != 0) {
            self.report_uses(record, self.kinds.kind(kind_index), found);
        }
        if uses.is_stage {
            self.check_stage(record, found);
        }
        if let (true, Some(day), Some(due)) = (uses.lasts, day, due) {
            self.check_end(record, day.0, due, found);
        }
        if found.error_count() > errors_before {
            return None;
        }
        let IdOwner::Customer(customer) = customer? else {
            return None;
        };
        let day = day?;
        let values = CellValues {
            day,
            amount,
            score,
            due,
        };
        let add = |column, text: &mut Vec<u8>| {
            if let Some((cell, _)) = self.cell(record, column) {
                text.extend_from_slice(&cell.content(record.bytes));
            }
        };
        let Contents { text, reference } = contents;
        text.clear();
        reference.clear();
        if let Some(column) = uses.text
            && day.0 >= uses.text_from
        {
            add(column, text);
        }
        if uses.is_owner && has(LogColumn::Topic) {
            text.push(SECOND_TEXT);
            add(LogColumn::Topic, text);
        }
        if has(LogColumn::Staff) && uses.staff_from.is_some_and(|from| day.0 >= from) {
            let mut staff = Vec::new();
            add(LogColumn::Staff, &mut staff);
            text.push(SECOND_TEXT);
            text.extend_from_slice(&composed(&staff));
        }
        if uses.has_link {
            add(LogColumn::Ref, reference);
        }
        Some(uses.row(customer, kind_index, values, text, reference))
    }

    /// Returns what there is to remember of a row if it need not be kept.
    #[inline]
    pub(in crate::load::log) fn sighting(&self, row: &Interaction) -> Option<Sighting> {
        self.uses[usize::from(row.kind)].sighting(row.customer, row.day)
    }

    /// Returns what stands in a column's cell, without quotes around it; nothing where there is no such cell.
    pub(in crate::load::log) fn content<'t>(
        &self,
        record: &LogRecord<'t>,
        column: LogColumn,
    ) -> Cow<'t, [u8]> {
        let cell = record.cells.get(self.places[column]);
        cell.map_or(Cow::Borrowed(&[]), |cell| cell.content(record.bytes))
    }

    /// Returns a column's cell and its text, if there is something in it.
    fn cell<'t>(&self, record: &LogRecord<'t>, column: LogColumn) -> Option<(LogCell, &'t [u8])> {
        let cell = *record.cells.get(self.places[column])?;
        let text = cell.raw(record.bytes);
        if text.is_empty() {
            None
        } else {
            Some((cell, text))
        }
    }

    /// Returns the bits of the columns of [`REQUIRED_BY_SOME`] that have something in them.
    fn filled(&self, record: &LogRecord<'_>) -> u16 {
        REQUIRED_BY_SOME.into_iter().fold(0, |filled, column| {
            if self.cell(record, column).is_some() {
                filled | bit(column)
            } else {
                filled
            }
        })
    }

    fn day(
        &self,
        record: &LogRecord<'_>,
        last: &mut Last,
        found: &mut BlockFound,
    ) -> Option<(Day, u16)> {
        let Some((cell, text)) = self.cell(record, LogColumn::Date) else {
            self.tell_missing(
                record,
                LogColumn::Date,
                Phrase("every row has its day", "每一行都要有日期"),
                found,
            );
            return None;
        };
        last.read(text)
            .or_else(|| self.date(record, LogColumn::Date, cell, text, found))
    }

    fn due(&self, record: &LogRecord<'_>, found: &mut BlockFound) -> Option<Day> {
        let (cell, text) = self.cell(record, LogColumn::Due)?;
        self.date(record, LogColumn::Due, cell, text, found)
            .map(|(day, _)| day)
    }

    fn date(
        &self,
        record: &LogRecord<'_>,
        column: LogColumn,
        cell: LogCell,
        text: &[u8],
        found: &mut BlockFound,
    ) -> Option<(Day, u16)> {
        match parse_day(text) {
            Ok(day) if column == LogColumn::Date || day.1 == NO_MINUTE => Some(day),
            other => {
                found.tell(fault::DATE, column, || {
                    let shown = shown(text);
                    let message = match other {
                        Err(NotDay::NoSuchDay) => {
                            both!("there is no day `{shown}`", "没有 `{shown}` 这一天")
                        }
                        Err(NotDay::TooEarly) => both!(
                            "`{shown}` is before the year 1900",
                            "`{shown}` 早于 1900 年"
                        ),
                        _ => both!("`{shown}` is not a date", "`{shown}` 不是日期"),
                    };
                    let help = Phrase("write it like `2026-03-05`", "请写成 `2026-03-05`");
                    self.at(fault::DATE, message, record, cell).help(help)
                });
                None
            }
        }
    }

    fn customer(&self, record: &LogRecord<'_>, found: &mut BlockFound) -> Option<IdOwner> {
        if self.header.place(LogColumn::Customer).is_none() {
            return self.only_customer;
        }
        let Some((cell, text)) = self.cell(record, LogColumn::Customer) else {
            self.tell_missing(
                record,
                LogColumn::Customer,
                Phrase("every row names its customer", "每一行都要写明客户"),
                found,
            );
            return None;
        };
        let owner = self.ids.find(text);
        if owner.is_none() {
            found.tell(fault::UNKNOWN_CUSTOMER, LogColumn::Customer, || {
                let id = shown(text);
                let message = both!("no customer is called `{id}`", "没有编号为 `{id}` 的客户");
                // The nearest name is added once the first faults of the whole book are known.
                let diagnostic = self.at(fault::UNKNOWN_CUSTOMER, message, record, cell);
                let diagnostic = diagnostic.label(both!(
                    "no customers/**/{id}.toml",
                    "没有 customers/**/{id}.toml"
                ));
                diagnostic.about(&id)
            });
        } else if self.warns && self.ids.is_former(text) {
            found.tell(fault::FORMER_ID, LogColumn::Customer, || {
                let message = both!(
                    "`{}` is an id that its customer has no longer",
                    "`{}` 是客户的曾用编号",
                    shown(text)
                );
                let diagnostic = self.at(fault::FORMER_ID, message, record, cell);
                diagnostic.help(FORMER_HELP)
            });
        }
        owner
    }

    fn kind(&self, record: &LogRecord<'_>, found: &mut BlockFound) -> Option<u8> {
        let Some((cell, text)) = self.cell(record, LogColumn::Kind) else {
            self.tell_missing(
                record,
                LogColumn::Kind,
                Phrase("every row says what it is", "每一行都要写明类型"),
                found,
            );
            return None;
        };
        let index = self.kind_names.find(text);
        let index = index.and_then(|index| u8::try_from(index).ok());
        if index.is_none() {
            found.tell(fault::UNKNOWN_KIND, LogColumn::Kind, || {
                let name = shown(text);
                let names = self.kinds.all().iter().map(|kind| kind.name.as_str());
                // What people call a kind stands on the command line alone: a file has its name.
                let called = self.kinds.named(&name);
                let called = called.map(|index| did_you_mean(&self.kinds.kind(index).name));
                let help = called.or_else(|| names.clone().help(&name));
                let help = help.unwrap_or_else(|| {
                    let names = listed(names);
                    both!(
                        "the kinds are {}; `[kind.{name}]` in guanxi.toml adds one",
                        "类型有 {}；可在 guanxi.toml 里用 `[kind.{name}]` 增加",
                        names
                    )
                });
                let message = both!("there is no kind `{name}`", "没有 `{name}` 这个类型");
                self.at(fault::UNKNOWN_KIND, message, record, cell)
                    .help(help)
            });
        }
        index
    }

    /// Reads the amount in ten-thousandths.
    fn amount(&self, record: &LogRecord<'_>, found: &mut BlockFound) -> Option<i64> {
        let (cell, text) = self.cell(record, LogColumn::Amount)?;
        let reason = match parse_units(text) {
            Ok(amount) => return Some(amount),
            Err(NotMoney::NotANumber) => Phrase("is not an amount", "不是金额"),
            Err(NotMoney::TooLarge) => Phrase(
                "has more than 14 digits before its point",
                "的整数部分超过 14 位",
            ),
            Err(NotMoney::TooFine) => Phrase(
                "has more than 4 digits after its point",
                "的小数部分超过 4 位",
            ),
        };
        found.tell(fault::AMOUNT, LogColumn::Amount, || {
            let message = both!("`{}` {}", "`{}` {}", shown(text), reason);
            let help = Phrase(
                "write it like `1250000.00`: no separators, signs of a currency or units",
                "请写成 `1250000.00`：不带千分号、货币符号和单位",
            );
            self.at(fault::AMOUNT, message, record, cell).help(help)
        });
        None
    }

    /// Reads the score in ten-thousandths.
    fn score(&self, record: &LogRecord<'_>, found: &mut BlockFound) -> Option<i64> {
        let (cell, text) = self.cell(record, LogColumn::Score)?;
        let score = parse_score(text);
        if score.is_none() {
            found.tell(fault::SCORE, LogColumn::Score, || {
                let message = both!(
                    "`{}` is not a score from 0 to 100",
                    "`{}` 不是 0 到 100 的评分",
                    shown(text)
                );
                self.at(fault::SCORE, message, record, cell).help(Phrase(
                    "write a number from 0 to 100, such as `78.5`, or nothing",
                    "写 0 到 100 的数，如 `78.5`，或留空",
                ))
            });
        }
        score
    }
}

/// Returns a cell's text for a message.
fn shown(text: &[u8]) -> String {
    clipped(&String::from_utf8_lossy(text)).into_owned()
}
