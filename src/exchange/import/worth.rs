//! What a cell is worth to its target.

use super::context::Context;
use super::file_plan::ColumnPlan;
use super::targets::{Field, Target};
use super::values::Bad;
use super::values::amount::{AmountColumn, read_amount, read_number};
use super::values::clean::{Cleaning, text_of};
use super::values::date::read_date;
use super::values::list::{Parting, parts_of};
use super::values::moment::Moment;
use super::values::person::{Birthday, read_birthday};
use super::values::ratio::read_ratio;
use super::values::span::{SpanColumn, read_span};
use super::values::unit::is_currency;
use super::values::words::{read_bool, read_communication, read_stage};
use crate::exchange::cell::{Blanks, Cell};
use crate::exchange::headings::{Into, simplified};
use crate::model::word_form;
use crate::model::{Money, width_folded};
use crate::source::told;
use crate::words::{Phrase, both};

/// What a cell is worth.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Text(String),
    List(Vec<String>),
    Moment(Moment),
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
    Tables(Vec<Vec<(String, Value)>>),
}

impl Value {
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
    context: &Context<'_>,
    plan: &ColumnPlan,
    target: &Target,
    cell: &Cell<'_>,
    is_delimited: bool,
) -> Read<Value> {
    if matches!(cell, Cell::Blank) {
        return Ok(None);
    }
    let cell = Worth {
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
struct Worth<'w> {
    context: &'w Context<'w>,
    plan: &'w ColumnPlan,
    target: &'w Target,
    cell: &'w Cell<'w>,
    is_delimited: bool,
}

impl Worth<'_> {
    fn value(self) -> Read<Value> {
        match self.target {
            Target::Name
            | Target::Id
            | Target::Time
            | Target::NamePart { .. }
            | Target::Competitor(..)
            | Target::Profile(_) => self.as_text(),
            Target::Aliases => self.list(Parting::Aliases),
            Target::Kind => {
                let kind = |word: &str| self.context.kinds.read(word);
                self.word(kind, Value::Kind)
            }
            Target::Currency => self.currency(),
            Target::Direction => self.word(direction, Value::Turn),
            Target::Plain(field) | Target::Of(_, field) => self.field(*field),
            Target::Key(key) => self.key(key),
            Target::Contact(_, field) => self.contact(field),
            Target::Date(_, field) => self.date_field(field),
            Target::Custom(_) => self.custom(),
            Target::Scorecard(_) => self.score(),
            Target::Whole(table) => self.tables(table),
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

    fn as_text(self) -> Read<Value> {
        Ok(self.text()?.map(Value::Text))
    }

    /// Reads the cell's text as a word.
    fn word<T>(
        self,
        read: impl FnOnce(&str) -> Result<T, Bad>,
        value: impl FnOnce(T) -> Value,
    ) -> Read<Value> {
        self.text()?.map(|word| read(&word).map(value)).transpose()
    }

    fn currency(self) -> Read<Value> {
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
        self.word(read, Value::Text)
    }

    fn money(self) -> Read<Value> {
        let column = AmountColumn {
            is_of_title: self.plan.has_unit_of_title,
            unit: &self.plan.unit,
            currency: &self.context.policy.currency,
            habits: self.context.habits(),
        };
        let read = read_amount(self.cell, column)?;
        let turned = read.map(|it| if self.plan.turns { -it } else { it });
        Ok(turned.map(Value::Money))
    }

    fn day(self) -> Read<Value> {
        let read = read_date(self.cell, self.target.blanks(), self.context.habits())?;
        Ok(read.map(|it| Value::Moment(Moment::day(it.date))))
    }

    fn score(self) -> Read<Value> {
        let read = read_number(self.cell, self.context.habits(), "score")?;
        Ok(read.map(Value::Money))
    }

    fn list(self, parting: Parting) -> Read<Value> {
        let texts = if let Cell::List(list) = self.cell {
            let texts: Result<Vec<_>, Bad> = list
                .iter()
                .map(|cell| Worth { cell, ..self }.text())
                .collect();
            texts?.into_iter().flatten().collect()
        } else {
            self.text()?
                .map(|it| parts_of(&it, parting))
                .unwrap_or_default()
        };
        Ok((!texts.is_empty()).then_some(Value::List(texts)))
    }

    fn staff(self) -> Read<Value> {
        self.word(|name| self.context.staff.read(name), Value::Text)
    }

    /// Reads a field of a row.
    fn field(self, field: Field) -> Read<Value> {
        match field {
            Field::Date => {
                let read = read_date(self.cell, self.target.blanks(), self.context.habits())?;
                Ok(read.map(Value::Moment))
            }
            Field::Due => self.day(),
            Field::Amount => self.money(),
            Field::Score => self.score(),
            Field::Staff => self.staff(),
            Field::Topic | Field::Channel | Field::Ref | Field::Note => self.as_text(),
        }
    }

    /// Reads a key of a customer's file.
    fn key(self, key: &str) -> Read<Value> {
        match key {
            "owner" => self.staff(),
            "stage" => {
                let stage = |word: &str| read_stage(word, self.context.policy);
                self.word(stage, Value::Text)
            }
            "since" | "added" | "reviewed" => self.day(),
            "tags" => self.list(Parting::Tags),
            "communication" => self.word(read_communication, |it| Value::Text(it.to_owned())),
            "score" => self.score(),
            "margin" => Ok(read_ratio(self.cell, self.plan.is_percent)?.map(Value::Decimal)),
            "credit_limit" | "registered_capital" => match self.money()? {
                Some(Value::Money(amount)) if amount < Money::ZERO => Err(Bad::new(
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

    fn span(self, column: SpanColumn) -> Read<Value> {
        Ok(read_span(self.cell, column, self.plan.span_unit)?.map(Value::Text))
    }

    /// Reads a field of a person.
    fn contact(self, field: &str) -> Read<Value> {
        match field {
            "phone" | "mobile" => Ok(self.list(Parting::Numbers)?.map(|numbers| match numbers {
                Value::List(list) => Value::List(list.iter().map(|it| width_folded(it)).collect()),
                other => other,
            })),
            "email" | "wechat" => self.list(Parting::Numbers),
            "birthday" => {
                let read = read_birthday(self.cell, self.context.habits(), self.context.today)?;
                Ok(read.map(|it| match it {
                    Birthday::Day(day) => Value::Moment(Moment::day(day)),
                    Birthday::Text(text) => Value::Text(text),
                }))
            }
            _ => self.as_text(),
        }
    }

    /// Reads a field of a day that matters.
    fn date_field(self, field: &str) -> Read<Value> {
        match (field, self.cell) {
            ("on", _) => self.day(),
            ("yearly", Cell::Bool(yes)) => Ok(Some(Value::Bool(*yes))),
            ("yearly", _) => self.word(read_bool, Value::Bool),
            _ => self.as_text(),
        }
    }

    /// Reads a fact of one's own: numbers and days stay such.
    fn custom(self) -> Read<Value> {
        match self.cell {
            Cell::Number(number) => Ok(Some(Value::Literal(number.decimal().into_owned()))),
            Cell::Date(_) => match read_date(self.cell, Blanks::All, self.context.habits()) {
                Ok(Some(day)) if day.minute == 0 => Ok(Some(Value::Literal(day.to_string()))),
                _ => self.as_text(),
            },
            Cell::List(_) => self.list(Parting::Tags),
            _ => self.as_text(),
        }
    }

    /// Reads a table of JSON, or a list of tables.
    fn tables(self, table: &'static str) -> Read<Value> {
        let is_list = matches!(table, "contact" | "date" | "competitor");
        let cells: Vec<&Cell<'_>> = match self.cell {
            Cell::List(cells) if is_list => cells.iter().collect(),
            other => vec![other],
        };
        let mut tables = Vec::new();
        for cell in cells {
            let fields = match cell {
                Cell::Object(fields) => self.fields(table, fields)?,
                // A person or competitor by the name alone.
                Cell::Text(_) if is_list && table != "date" => {
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
        Ok((!tables.is_empty()).then_some(Value::Tables(tables)))
    }

    fn fields(
        self,
        table: &str,
        fields: &[(std::borrow::Cow<'_, str>, Cell<'_>)],
    ) -> Result<Vec<(String, Value)>, Bad> {
        let mut found = Vec::new();
        for (key, cell) in fields {
            if let Some(value) = self.below(table, key, cell)? {
                found.push((key.clone().into_owned(), value));
            }
        }
        Ok(found)
    }

    /// Reads the value of a key of a table.
    fn below(self, table: &str, key: &str, cell: &Cell<'_>) -> Read<Value> {
        let name = format!("{table}.{key}");
        let Some((target, _)) = Target::parse(&name, Into::Customers, &self.context.policy.kinds)
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
