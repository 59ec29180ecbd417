//! What a cell is worth to its target.

use super::context::ImportContext;
use super::file_plan::ColumnPlan;
use super::targets::{ImportTarget, RowField};
use super::values::Bad;
use super::values::amount::{AmountColumn, read_amount, read_number};
use super::values::clean::{Cleaning, text_of};
use super::values::date::read_date;
use super::values::list::{Parting, parts_of};
use super::values::moment::RowMoment;
use super::values::person::{ReadBirthday, read_birthday};
use super::values::ratio::read_ratio;
use super::values::span::{SpanColumn, read_span};
use super::values::unit::is_currency;
use super::values::words::{read_bool, read_communication, read_stage};
use crate::exchange::cell::{Blanks, SourceCell};
use crate::exchange::headings::{Into, simplified};
use crate::model::word_form;
use crate::model::{Money, width_folded};
use crate::source::told;
use crate::words::{Phrase, both};

/// What a cell is worth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ReadValue {
    Text(String),
    List(Vec<String>),
    Moment(RowMoment),
    Money(Money),
    /// A plain decimal.
    Decimal(String),
    Kind(u8),
    /// Whether the sign of a payment is turned.
    Turn(bool),
    Bool(bool),
    /// Something that a file writes as it is: a number, a day.
    Literal(String),
    /// Tables of JSON, each with its keys and values.
    Tables(Vec<Vec<(String, ReadValue)>>),
}

impl ReadValue {
    /// Returns it as text.
    pub(crate) fn to_text(&self) -> String {
        match self {
            Self::Text(text) | Self::Decimal(text) | Self::Literal(text) => text.clone(),
            Self::List(list) => list.join("; "),
            Self::Moment(moment) => moment.to_string(),
            Self::Money(money) => money.to_string(),
            Self::Kind(_) | Self::Turn(_) | Self::Tables(_) => String::new(),
            Self::Bool(yes) => yes.to_string(),
        }
    }
}

type Read<T> = Result<Option<T>, Bad>;

/// Returns what a cell is worth to a target; `None` where it is blank.
///
/// # Errors
/// If it is worth nothing.
pub(super) fn worth(
    context: &ImportContext<'_>,
    plan: &ColumnPlan,
    target: &ImportTarget,
    cell: &SourceCell<'_>,
    is_delimited: bool,
) -> Read<ReadValue> {
    if matches!(cell, SourceCell::Blank) {
        return Ok(None);
    }
    let cell = CellWorth {
        context,
        plan,
        target,
        cell,
        is_delimited,
    };
    cell.value()
}

/// A cell, and what is known of its column.
#[derive(Clone, Copy)]
struct CellWorth<'w> {
    context: &'w ImportContext<'w>,
    plan: &'w ColumnPlan,
    target: &'w ImportTarget,
    cell: &'w SourceCell<'w>,
    is_delimited: bool,
}

impl CellWorth<'_> {
    fn value(self) -> Read<ReadValue> {
        match self.target {
            ImportTarget::Name
            | ImportTarget::Id
            | ImportTarget::Time
            | ImportTarget::NamePart { .. }
            | ImportTarget::Competitor(..)
            | ImportTarget::Profile(_) => self.as_text(),
            ImportTarget::Aliases => self.list(Parting::Aliases),
            ImportTarget::Kind => {
                let kind = |word: &str| self.context.kinds.read(word);
                self.word(kind, ReadValue::Kind)
            }
            ImportTarget::Currency => self.currency(),
            ImportTarget::Direction => self.word(direction, ReadValue::Turn),
            ImportTarget::Plain(field) | ImportTarget::Of(_, field) => self.field(*field),
            ImportTarget::Key(key) => self.key(key),
            ImportTarget::Contact(_, field) => self.contact(field),
            ImportTarget::Date(_, field) => self.date_field(field),
            ImportTarget::Custom(_) => self.custom(),
            ImportTarget::Scorecard(_) => self.score(),
            ImportTarget::Whole(table) => self.tables(table),
        }
    }

    fn text(self) -> Read<String> {
        let how = Cleaning {
            blanks: self.target.blanks(),
            keeps_lines: self.target.keeps_lines(),
            is_free: self.target.is_free(),
            is_delimited: self.is_delimited,
        };
        text_of(self.cell, how)
    }

    fn as_text(self) -> Read<ReadValue> {
        Ok(self.text()?.map(ReadValue::Text))
    }

    /// Reads the cell's text as a word.
    fn word<T>(
        self,
        read: impl FnOnce(&str) -> Result<T, Bad>,
        value: impl FnOnce(T) -> ReadValue,
    ) -> Read<ReadValue> {
        self.text()?.map(|word| read(&word).map(value)).transpose()
    }

    fn currency(self) -> Read<ReadValue> {
        let own = &self.context.policy.currency;
        let read = |word: &str| {
            if is_currency(word, own) {
                return Ok(word.to_owned());
            }
            let message = both!(
                "`{}` is not the book's currency, {own}",
                "`{}` 不是本账本的币种 {own}",
                told(word)
            );
            Err(Bad::new("currency", message).help(Phrase(
                "convert the amounts, or skip these lines with `--skip`",
                "请折算金额，或用 `--skip` 去掉这些行",
            )))
        };
        self.word(read, ReadValue::Text)
    }

    fn money(self) -> Read<ReadValue> {
        let column = AmountColumn {
            is_of_title: self.plan.has_unit_of_title,
            unit: &self.plan.unit,
            currency: &self.context.policy.currency,
            habits: self.context.habits(),
        };
        let read = read_amount(self.cell, column)?;
        let turned = read.map(|it| if self.plan.turns { -it } else { it });
        Ok(turned.map(ReadValue::Money))
    }

    fn day(self) -> Read<ReadValue> {
        let read = read_date(self.cell, self.target.blanks(), self.context.habits())?;
        Ok(read.map(|it| ReadValue::Moment(RowMoment::day(it.date))))
    }

    fn score(self) -> Read<ReadValue> {
        let read = read_number(self.cell, self.context.habits(), "score")?;
        Ok(read.map(ReadValue::Money))
    }

    fn list(self, parting: Parting) -> Read<ReadValue> {
        let texts = if let SourceCell::List(list) = self.cell {
            let texts: Result<Vec<_>, Bad> = list
                .iter()
                .map(|cell| CellWorth { cell, ..self }.text())
                .collect();
            texts?.into_iter().flatten().collect()
        } else {
            self.text()?
                .map(|it| parts_of(&it, parting))
                .unwrap_or_default()
        };
        Ok((!texts.is_empty()).then_some(ReadValue::List(texts)))
    }

    fn staff(self) -> Read<ReadValue> {
        self.word(|name| self.context.staff.read(name), ReadValue::Text)
    }

    /// Reads a field of a row.
    fn field(self, field: RowField) -> Read<ReadValue> {
        match field {
            RowField::Date => {
                let read = read_date(self.cell, self.target.blanks(), self.context.habits())?;
                Ok(read.map(ReadValue::Moment))
            }
            RowField::Due => self.day(),
            RowField::Amount => self.money(),
            RowField::Score => self.score(),
            RowField::Staff => self.staff(),
            RowField::Topic | RowField::Channel | RowField::Ref | RowField::Note => self.as_text(),
        }
    }

    /// Reads a key of a customer's file.
    fn key(self, key: &str) -> Read<ReadValue> {
        match key {
            "owner" => self.staff(),
            "stage" => {
                let stage = |word: &str| read_stage(word, self.context.policy);
                self.word(stage, ReadValue::Text)
            }
            "since" | "added" | "reviewed" => self.day(),
            "tags" => self.list(Parting::Tags),
            "communication" => self.word(read_communication, |it| ReadValue::Text(it.to_owned())),
            "score" => self.score(),
            "margin" => Ok(read_ratio(self.cell, self.plan.is_percent)?.map(ReadValue::Decimal)),
            "credit_limit" | "registered_capital" => match self.money()? {
                Some(ReadValue::Money(amount)) if amount < Money::ZERO => Err(Bad::new(
                    "negative",
                    both!("`{amount}` is below 0", "`{amount}` 是负数"),
                )),
                amount => Ok(amount),
            },
            "payment_terms" => self.span(SpanColumn::Terms),
            "revisit" => self.span(SpanColumn::Cadence),
            _ => self.as_text(),
        }
    }

    fn span(self, column: SpanColumn) -> Read<ReadValue> {
        Ok(read_span(self.cell, column, self.plan.span_unit)?.map(ReadValue::Text))
    }

    /// Reads a field of a person.
    fn contact(self, field: &str) -> Read<ReadValue> {
        match field {
            "phone" | "mobile" => Ok(self.list(Parting::Numbers)?.map(|numbers| match numbers {
                ReadValue::List(list) => {
                    ReadValue::List(list.iter().map(|it| width_folded(it)).collect())
                }
                other => other,
            })),
            "email" | "wechat" => self.list(Parting::Numbers),
            "birthday" => {
                let read = read_birthday(self.cell, self.context.habits(), self.context.today)?;
                Ok(read.map(|it| match it {
                    ReadBirthday::Day(day) => ReadValue::Moment(RowMoment::day(day)),
                    ReadBirthday::Text(text) => ReadValue::Text(text),
                }))
            }
            _ => self.as_text(),
        }
    }

    /// Reads a field of a day that matters.
    fn date_field(self, field: &str) -> Read<ReadValue> {
        match (field, self.cell) {
            ("on", _) => self.day(),
            ("yearly", SourceCell::Bool(yes)) => Ok(Some(ReadValue::Bool(*yes))),
            ("yearly", _) => self.word(read_bool, ReadValue::Bool),
            _ => self.as_text(),
        }
    }

    /// Reads a fact of one's own: numbers and days stay such.
    fn custom(self) -> Read<ReadValue> {
        match self.cell {
            SourceCell::Number(number) => {
                Ok(Some(ReadValue::Literal(number.decimal().into_owned())))
            }
            SourceCell::Date(_) => match read_date(self.cell, Blanks::All, self.context.habits()) {
                Ok(Some(day)) if day.minute == 0 => Ok(Some(ReadValue::Literal(day.to_string()))),
                _ => self.as_text(),
            },
            SourceCell::List(_) => self.list(Parting::Tags),
            _ => self.as_text(),
        }
    }

    /// Reads a table of JSON, or a list of tables.
    fn tables(self, table: &'static str) -> Read<ReadValue> {
        let is_list = matches!(table, "contact" | "date" | "competitor");
        let cells: Vec<&SourceCell<'_>> = match self.cell {
            SourceCell::List(cells) if is_list => cells.iter().collect(),
            other => vec![other],
        };
        let mut tables = Vec::new();
        for cell in cells {
            let fields = match cell {
                SourceCell::Object(fields) => self.fields(table, fields)?,
                // A person or competitor by the name alone.
                SourceCell::Text(_) if is_list && table != "date" => {
                    let name = self.below(table, "name", cell)?;
                    name.map(|it| ("name".to_owned(), it)).into_iter().collect()
                }
                _ => {
                    return Err(Bad::new(
                        "json",
                        both!("`{table}` is no object", "`{table}` 不是对象"),
                    ));
                }
            };
            if !fields.is_empty() {
                tables.push(fields);
            }
        }
        Ok((!tables.is_empty()).then_some(ReadValue::Tables(tables)))
    }

    fn fields(
        self,
        table: &str,
        fields: &[(std::borrow::Cow<'_, str>, SourceCell<'_>)],
    ) -> Result<Vec<(String, ReadValue)>, Bad> {
        let mut found = Vec::new();
        for (key, cell) in fields {
            if let Some(value) = self.below(table, key, cell)? {
                found.push((key.clone().into_owned(), value));
            }
        }
        Ok(found)
    }

    /// Reads the value of a key of a table.
    fn below(self, table: &str, key: &str, cell: &SourceCell<'_>) -> Read<ReadValue> {
        let name = format!("{table}.{key}");
        let Some((target, _)) =
            ImportTarget::parse(&name, Into::Customers, &self.context.policy.kinds)
        else {
            return Err(Bad::new(
                "json",
                both!(
                    "`{}` is no field of customers",
                    "客户没有 `{}` 这个字段",
                    told(&name)
                ),
            ));
        };
        worth(self.context, self.plan, &target, cell, false)
    }
}

/// Reads which way money went; `true` turns the sign.
fn direction(text: &str) -> Result<bool, Bad> {
    match simplified(&word_form(text)).as_str() {
        "贷" | "收" | "收入" | "来账" | "c" | "cr" => Ok(false),
        "借" | "付" | "支" | "支出" | "往账" | "d" | "dr" => Ok(true),
        _ => Err(Bad::new(
            "wrong-value",
            both!(
                "`{}` does not say which way the money went",
                "从 `{}` 看不出款项的收付方向",
                told(text)
            ),
        )
        .help(Phrase(
            "write 贷 or 收 for what came in, 借 or 付 for what went out",
            "收入写 贷 或 收，支出写 借 或 付",
        ))),
    }
}
