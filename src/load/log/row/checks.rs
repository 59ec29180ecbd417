//! What a row lacks, or has too much of, and the faults that say so.

use super::found::BlockFound;
use super::uses::uses_of;
use super::{LogRecord, RowReader, shown};
use crate::diagnostic::{self as fault, Diagnostic, Fault, Nearest};
use crate::load::log::cut::LogCell;
use crate::model::{CURRENCY, CellUse, Day, Kind, LogColumn, Role};
use crate::words::{Phrase, Same, Wording, both, listed};

impl RowReader<'_> {
    pub(super) fn negative(&self, record: &LogRecord<'_>, kind: &Kind) -> Diagnostic {
        let message = both!(
            "`{}` cannot have a negative amount",
            "`{}` 的金额不能是负数",
            kind.name
        );
        let span = self
            .cell(record, LogColumn::Amount)
            .map_or(record.start..record.end, |it| it.0.span());
        Diagnostic::new(fault::AMOUNT, message, record.place(self.path, span))
            .maybe_help(negative_help(kind))
    }

    /// Checks that a row is in the book's currency, where its log says in which it is.
    pub(super) fn check_currency(&self, record: &LogRecord<'_>, found: &mut BlockFound) {
        let cell = self.header.currency().and_then(|it| record.cells.get(it));
        let Some(cell) = cell.copied() else { return };
        let text = cell.raw(record.bytes).trim_ascii();
        if text.is_empty() || text.eq_ignore_ascii_case(self.currency.as_bytes()) {
            return;
        }
        found.tell_in(fault::OTHER_CURRENCY, CURRENCY, || {
            let message = both!(
                "`{}` is not the book's currency",
                "`{}` 不是本账本的币种",
                shown(text)
            );
            let help = both!(
                "a book has one currency, here `{}`: convert the amount and write that",
                "一个账本只有一个币种，这里是 `{}`：请折算金额，再写这个币种",
                Same(self.currency)
            );
            self.at(fault::OTHER_CURRENCY, message, record, cell)
                .help(help)
        });
    }

    /// Checks that the stage entered is one of the policy's.
    pub(super) fn check_stage(&self, record: &LogRecord<'_>, found: &mut BlockFound) {
        let Some((cell, text)) = self.cell(record, LogColumn::Topic) else {
            return;
        };
        if self.stages.iter().any(|stage| stage.as_bytes() == text) {
            return;
        }
        found.tell(fault::UNKNOWN_STAGE, LogColumn::Topic, || {
            let stage = shown(text);
            let message = both!(
                "`{stage}` is not a stage of this book",
                "`{stage}` 不是本账本的阶段"
            );
            let near = self.stages.iter().map(String::as_str).help(&stage);
            let help = near.unwrap_or_else(|| {
                both!(
                    "the policy's stages are {}",
                    "规则里的阶段有 {}",
                    listed(self.stages)
                )
            });
            let diagnostic = self.at(fault::UNKNOWN_STAGE, message, record, cell);
            diagnostic.help(help)
        });
    }

    /// Checks that what lasts from a day on does not end before it.
    pub(super) fn check_end(
        &self,
        record: &LogRecord<'_>,
        day: Day,
        due: Day,
        found: &mut BlockFound,
    ) {
        let Some((cell, _)) = self.cell(record, LogColumn::Due).filter(|_| due < day) else {
            return;
        };
        found.tell(fault::DUE_BEFORE, LogColumn::Due, || {
            let message = both!(
                "this ends on {}, before it begins",
                "截止日 {} 早于起始日",
                due.date()
            );
            let help = Phrase(
                "`due` is the last day on which it is in force",
                "`due` 是有效期的最后一天",
            );
            self.at(fault::DUE_BEFORE, message, record, cell).help(help)
        });
    }

    /// Reports what the kind requires and is not there and, if wanted, what it has no use for.
    pub(super) fn report_uses(&self, record: &LogRecord<'_>, kind: &Kind, found: &mut BlockFound) {
        for (column, cell_use) in uses_of(kind) {
            match cell_use {
                CellUse::Required if self.cell(record, column).is_none() => {
                    found.tell(fault::MISSING_CELL, column, || {
                        let why = both!("`{}` needs {}", "`{}` 必须有{}", kind.name, need(column));
                        self.missing(record, column, why)
                    });
                }
                CellUse::Unused if self.warns => {
                    if let Some((cell, _)) = self.cell(record, column) {
                        found.tell(fault::UNUSED_CELL, column, || {
                            let message = both!(
                                "`{}` has no use for {}",
                                "`{}` 用不到{}",
                                kind.name,
                                need(column)
                            );
                            let help = Phrase(
                                "correct the kind, or say it in the note",
                                "改正类型，或写在备注里",
                            );
                            self.at(fault::UNUSED_CELL, message, record, cell)
                                .help(help)
                        });
                    }
                }
                _ => {}
            }
        }
    }

    pub(super) fn tell_missing(
        &self,
        record: &LogRecord<'_>,
        column: LogColumn,
        why: impl Into<Wording>,
        found: &mut BlockFound,
    ) {
        found.tell(fault::MISSING_CELL, column, || {
            self.missing(record, column, why)
        });
    }

    pub(super) fn missing(
        &self,
        record: &LogRecord<'_>,
        column: LogColumn,
        why: impl Into<Wording>,
    ) -> Diagnostic {
        let cell = self
            .header
            .place(column)
            .and_then(|index| record.cells.get(index));
        let span = cell.map_or(record.start..record.start, |cell| cell.span());
        let (name, why) = (column.name(), why.into());
        let message = match cell {
            Some(_) => both!("no `{name}`: {}", "缺少 `{name}`：{}", why),
            None => both!("no column `{name}`: {}", "没有 `{name}` 列：{}", why),
        };
        let help = match column {
            LogColumn::Date | LogColumn::Due => {
                Phrase("write it like `2026-03-05`", "请写成 `2026-03-05`")
            }
            LogColumn::Amount => Phrase("write it like `1250000.00`", "请写成 `1250000.00`"),
            LogColumn::Score => Phrase("write a number from 0 to 100", "写 0 到 100 的数"),
            LogColumn::Ref => Phrase(
                "write the ref of the case, invoice, lead or agreement",
                "写上事项、发票、商机或协议的单号",
            ),
            LogColumn::Staff => Phrase("write the id of the account manager", "写上客户经理的编号"),
            _ => Phrase("fill it in", "请填写"),
        };
        let place = record.place(self.path, span);
        Diagnostic::new(fault::MISSING_CELL, message, place).help(help)
    }

    pub(super) fn at(
        &self,
        fault: &'static Fault,
        message: impl Into<Wording>,
        record: &LogRecord<'_>,
        cell: LogCell,
    ) -> Diagnostic {
        Diagnostic::new(fault, message, record.place(self.path, cell.span()))
    }
}

fn need(column: LogColumn) -> Phrase {
    match column {
        LogColumn::Amount => Phrase("an amount", "金额"),
        LogColumn::Score => Phrase("a score", "评分"),
        LogColumn::Topic => Phrase("a topic", "主题"),
        LogColumn::Ref => Phrase("a ref", "单号"),
        LogColumn::Staff => Phrase("a member of staff", "经办人"),
        _ => Phrase("a due day", "到期日"),
    }
}

fn negative_help(kind: &Kind) -> Option<Wording> {
    let help = match kind.role {
        Role::Order | Role::Invoice => Phrase(
            "to take it back, log a `credit`",
            "要冲回，请登记一行 `credit`（冲减）",
        ),
        Role::Credit | Role::Writeoff => Phrase(
            "its amount is what is taken off: write it without the sign",
            "金额就是要减去的数：不要写负号",
        ),
        _ => return None,
    };
    Some(help.into())
}
