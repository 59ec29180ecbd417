//! New rows of logs: what can be known is filled in; `placing` finds the logs that take them.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::days::{in_calendar, parse_due, parse_next, parse_when};
use super::values::{amount_cell, is_amount};
use crate::diagnostic::Nearest as _;
use crate::load::log::{hash_of_cells, parse_day};
use crate::model::{
    ByColumn, CellUse, Customer, Day, Family, Kind, LogColumn, Reference, Role, RowHash,
};
use crate::policy::Policy;
use crate::session::hint::hinted;
use crate::words::{Phrase, any_of, listed, say};

/// Up to how many refs are named of which one may be meant, the latest first.
const MOST_REFS: usize = 5;

/// A row as typed: what is `None` or empty is to be filled in, or stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct TypedRow {
    cells: ByColumn<Option<String>>,
    /// Words that are the amount, if the kind has one, and the note.
    pub(crate) rest: Vec<String>,
}

impl TypedRow {
    /// Makes a row of a kind of the cells that are typed.
    pub(crate) fn new<const COUNT: usize>(
        kind: &str,
        cells: [(LogColumn, Option<String>); COUNT],
    ) -> Self {
        let mut row = Self::default();
        row.set(LogColumn::Kind, Some(kind.to_owned()));
        for (column, text) in cells {
            row.set(column, text);
        }
        row
    }

    /// Takes what is typed for a column.
    pub(crate) fn set(&mut self, column: LogColumn, text: Option<String>) {
        self.cells[column] = text;
    }

    /// Returns what is typed for a column, though it be empty.
    pub(crate) fn typed(&self, column: LogColumn) -> Option<&str> {
        self.cells[column].as_deref()
    }

    /// Returns what fills a column's cell.
    pub(crate) fn filled(&self, column: LogColumn) -> Option<&str> {
        self.typed(column).filter(|it| !it.is_empty())
    }

    /// Returns the word that is typed for the kind; empty where there is none.
    pub(crate) fn kind(&self) -> &str {
        self.typed(LogColumn::Kind).unwrap_or("")
    }
}

/// A row to be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RowToLog {
    /// The customer's id.
    pub(crate) id: String,
    pub(crate) day: NaiveDate,
    pub(crate) kind: String,
    /// The ref, if it has one.
    pub(crate) reference: Option<String>,
    /// The ids that the customer once had.
    pub(crate) former_ids: Vec<String>,
    /// Their texts; empty ones where nothing stands.
    cells: ByColumn<String>,
}

impl RowToLog {
    /// Fills in what can be known: the day, an invoice's due day, a fresh ref of a case, lead or agreement.
    ///
    /// # Errors
    /// If a day cannot be read, or the kind or a stage is none of the policy's.
    pub(crate) fn fill(
        policy: &Policy,
        customer: &Customer,
        typed: &TypedRow,
        today: NaiveDate,
        fresh: impl FnOnce(Family, NaiveDate) -> String,
    ) -> anyhow::Result<Self> {
        let (date, day) = match typed.filled(LogColumn::Date) {
            None => (today.to_string(), today),
            // A time stays as it is typed.
            Some(text) => {
                if let Ok((day, _)) = parse_day(text.as_bytes()) {
                    (text.to_owned(), day.date())
                } else {
                    let day = parse_when(text, today)?;
                    (day.to_string(), day)
                }
            }
        };
        let kind = kind_of(policy, typed.kind())?;
        // Behind `stage` the one word that is a stage can mean nothing else.
        let is_stage = |word: &String| policy.stages.iter().any(|it| it == word);
        let mut typed = Cow::Borrowed(typed);
        if kind.role == Role::Stage
            && typed.filled(LogColumn::Topic).is_none()
            && let [word] = typed.rest.as_slice()
            && is_stage(word)
        {
            let typed = typed.to_mut();
            let stage = typed.rest.pop();
            typed.set(LogColumn::Topic, stage);
        }
        let typed = &*typed;
        if kind.role == Role::Stage {
            check_stage(policy, typed.filled(LogColumn::Topic))?;
        }
        let due = match typed.filled(LogColumn::Due) {
            Some(text) if kind.role == Role::Plan => {
                Some(parse_next(text, day, today, policy.calendar.as_ref())?)
            }
            Some(text) => Some(parse_due(text, day, today)?),
            None if kind.role == Role::Invoice => {
                let terms = customer.payment_terms.as_ref();
                let terms = terms.unwrap_or(&policy.payment_terms);
                Some(in_calendar(terms.due(Day::of(day)))?)
            }
            None => None,
        };
        let given = typed.filled(LogColumn::Ref).map(str::to_owned);
        let reference = match (given, kind.reference) {
            (None, Reference::Own(family)) if kind.reference_cell == CellUse::Required => {
                Some(fresh(family, day))
            }
            (given, _) => given,
        };
        let (amount, note) = amount_and_note(kind, typed)?;
        let amount = amount.map(|it| amount_cell(&it));
        let mut cells = ByColumn::from_fn(|column| typed.filled(column).map(str::to_owned));
        for (column, text) in [
            (LogColumn::Date, Some(date)),
            (LogColumn::Customer, Some(customer.id.to_string())),
            (LogColumn::Kind, Some(kind.name.clone())),
            (LogColumn::Amount, amount),
            (LogColumn::Ref, reference.clone()),
            (LogColumn::Due, due.map(|day| day.to_string())),
            (LogColumn::Note, note),
        ] {
            cells[column] = text;
        }
        Ok(Self {
            id: customer.id.to_string(),
            day,
            kind: kind.name.clone(),
            reference,
            former_ids: customer
                .former_ids
                .iter()
                .map(ToString::to_string)
                .collect(),
            cells: cells.map(Option::unwrap_or_default),
        })
    }

    /// Makes a row of its cells.
    pub(crate) fn of_cells(
        id: &str,
        day: NaiveDate,
        former_ids: Vec<String>,
        cells: ByColumn<String>,
    ) -> Self {
        let reference = &cells[LogColumn::Ref];
        Self {
            id: id.to_owned(),
            day,
            kind: cells[LogColumn::Kind].clone(),
            reference: Some(reference.clone()).filter(|it| !it.is_empty()),
            former_ids,
            cells,
        }
    }

    /// Fills in a cell that is empty.
    pub(crate) fn fill_cell(&mut self, column: LogColumn, text: &str) {
        let cell = &mut self.cells[column];
        if cell.is_empty() {
            text.clone_into(cell);
        }
    }

    /// Returns what to say of a cell that the kind requires and nothing fills: the option for it.
    ///
    /// `rest` are the words behind the kind, one of which may be what belongs there; `owned` tells
    /// the refs that the customer has.
    pub(crate) fn missing(
        &self,
        kind: &Kind,
        rest: &[String],
        owned: impl FnOnce(Family) -> Vec<String>,
    ) -> Option<anyhow::Error> {
        let name = &kind.name;
        let is_missing = |column: LogColumn| {
            kind.use_of(column) == CellUse::Required && self.cell(column).is_empty()
        };
        let (what, hint) = if is_missing(LogColumn::Amount) {
            let example = format!("`guanxi log {} {name} 1250000`", self.id);
            (
                Phrase("an amount", "金额").spoken().to_owned(),
                say!(
                    "write it behind the kind: {example}",
                    "写在类型后面：{example}"
                ),
            )
        } else if is_missing(LogColumn::Score) {
            let score = match rest {
                [word, ..] if word.bytes().all(|it| it.is_ascii_digit()) => word,
                _ => "80",
            };
            (
                Phrase("a score", "评分").spoken().to_owned(),
                say!(
                    "give one from 0 to 100: `--score {score}`",
                    "请写 0 到 100 的评分：`--score {score}`"
                ),
            )
        } else if is_missing(LogColumn::Due) {
            (
                Phrase("a due day", "到期日").spoken().to_owned(),
                Phrase(
                    "give it, or a span from the row's day: `--due 2w`",
                    "请写日期，或从该行日期算起的时长：`--due 2w`",
                )
                .spoken()
                .to_owned(),
            )
        } else if is_missing(LogColumn::Staff) {
            let hint = Phrase(
                "give the account manager's id: `--staff ID`",
                "请写客户经理的编号：`--staff 编号`",
            )
            .spoken()
            .to_owned();
            (
                Phrase("a member of staff", "经办人").spoken().to_owned(),
                hint,
            )
        } else if is_missing(LogColumn::Topic) {
            let topic = rest.first().map_or("TEXT", String::as_str);
            (
                Phrase("a topic", "主题").spoken().to_owned(),
                say!("give it: `--topic {topic}`", "请写：`--topic {topic}`"),
            )
        } else if is_missing(LogColumn::Ref) {
            let Reference::Names(family) = kind.reference else {
                return None;
            };
            let family_word = family.word().spoken();
            let owned = owned(family);
            let shown: Vec<String> = (owned.iter().rev().take(MOST_REFS))
                .map(|it| format!("`--ref {it}`"))
                .collect();
            let hint = if shown.is_empty() {
                say!(
                    "`{}` has no {family_word} so far",
                    "`{}` 至今没有{family_word}",
                    self.id
                )
            } else {
                say!("give it: {}", "请写：{}", any_of(&shown).spoken())
            };
            (
                say!("the ref of its {family_word}", "所属{family_word}的单号"),
                hint,
            )
        } else {
            return None;
        };
        Some(hinted(
            say!("`{name}` needs {what}", "`{name}` 必须有{what}"),
            Some(hint),
        ))
    }

    /// Returns the columns with the texts of the row, the empty ones too.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let cells = self.cells.iter();
        cells.map(|(column, text)| (column.name(), text.as_str()))
    }

    /// Returns the hash of the row, however its amount is written.
    pub(crate) fn hash(&self) -> RowHash {
        hash_of_cells(self.cells())
    }

    /// Returns a cell's text.
    pub(crate) fn cell(&self, column: LogColumn) -> &str {
        &self.cells[column]
    }
}

/// Tells the amount from the note among the words behind the kind.
fn amount_and_note(
    kind: &Kind,
    typed: &TypedRow,
) -> anyhow::Result<(Option<String>, Option<String>)> {
    let filled = |column| typed.filled(column).map(str::to_owned);
    let (mut amount, mut note) = (filled(LogColumn::Amount), filled(LogColumn::Note));
    let mut words = typed.rest.as_slice();
    if let Some((first, rest)) = words.split_first()
        && amount.is_none()
        && kind.amount != CellUse::Unused
    {
        if is_amount(first) {
            refuse_blanks(first, rest)?;
            amount = Some(first.clone());
            words = rest;
        } else if kind.amount == CellUse::Required {
            let hint = Phrase(
                "write it like `1250000`, `300万` or `50k`, then the note",
                "请写成 `1250000`、`300万` 或 `50k`，再写备注",
            )
            .spoken()
            .to_owned();
            let message = say!(
                "`{}` needs an amount, and `{first}` is none",
                "`{}` 必须有金额，而 `{first}` 不是金额",
                kind.name
            );
            return Err(hinted(message, Some(hint)));
        }
    }
    if let (Some(_), [first, ..]) = (typed.typed(LogColumn::Amount), words)
        && is_amount(first)
    {
        let hint = Phrase(
            "leave `--amount` out, or write the number into `--note`",
            "请去掉 `--amount`，或把这个数写在 `--note` 里",
        )
        .spoken()
        .to_owned();
        return Err(hinted(
            Phrase("the amount is given twice", "金额写了两次").spoken(),
            Some(hint),
        ));
    }
    if !words.is_empty() {
        if note.is_some() {
            let hint = Phrase(
                "quote the words of `--note`, or leave it out",
                "请给 `--note` 的文字加上引号，或去掉它",
            )
            .spoken()
            .to_owned();
            return Err(hinted(
                Phrase("the note is given twice", "备注写了两次").spoken(),
                Some(hint),
            ));
        }
        note = Some(words.join(" ")).filter(|it| !it.is_empty());
    }
    Ok((amount, note))
}

/// Refuses an amount whose thousands stand apart: the rest of it would be taken for the note.
fn refuse_blanks(first: &str, rest: &[String]) -> anyhow::Result<()> {
    let is_head = first.len() <= 3 && first.bytes().all(|it| it.is_ascii_digit());
    let is_group = |word: &&String| {
        let digits = word.split(['.', ',']).next().unwrap_or_default();
        digits.len() == 3
            && word
                .bytes()
                .all(|it| it.is_ascii_digit() || matches!(it, b'.' | b','))
    };
    let groups: Vec<&str> = rest
        .iter()
        .take_while(is_group)
        .map(String::as_str)
        .collect();
    if !is_head || groups.is_empty() {
        return Ok(());
    }
    let groups = groups.concat();
    let message = say!(
        "`{first} {}` is an amount with blanks in it, or an amount and a note",
        "`{first} {}` 可能是中间有空格的金额，也可能是金额和备注",
        rest[0]
    );
    let hint = say!(
        "write `{first}{groups}` without blanks, or the note as `--note '...'`",
        "金额请写 `{first}{groups}`，中间不留空格；备注请写 `--note '...'`"
    );
    Err(hinted(message, Some(hint)))
}

/// Returns the kind of a name.
///
/// # Errors
/// If the policy has none.
pub(crate) fn kind_of<'p>(policy: &'p Policy, name: &str) -> anyhow::Result<&'p Kind> {
    let index = policy.kind_named(name).ok_or_else(|| {
        let names = || policy.kinds.all().iter().map(|it| it.name.as_str());
        let hint = policy
            .kind_words()
            .hint(name)
            .unwrap_or_else(|| say!("the kinds are {}", "类型有 {}", listed(names()).spoken()));
        hinted(
            say!("there is no kind `{name}`", "没有 `{name}` 这个类型"),
            Some(hint),
        )
    })?;
    Ok(policy.kinds.kind(index))
}

/// Refuses a stage that is none of the policy's.
fn check_stage(policy: &Policy, topic: Option<&str>) -> anyhow::Result<()> {
    let Some(stage) = topic else { return Ok(()) };
    if policy.stages.iter().any(|it| it == stage) {
        return Ok(());
    }
    let near = policy.stages.iter().map(String::as_str).hint(stage);
    let hint = near.unwrap_or_else(|| {
        say!(
            "the policy's stages are {}",
            "规则里的阶段有 {}",
            listed(&policy.stages).spoken()
        )
    });
    Err(hinted(
        say!(
            "`{stage}` is not a stage of this book",
            "`{stage}` 不是本账本的阶段"
        ),
        Some(hint),
    ))
}
