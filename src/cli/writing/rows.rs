//! New rows of logs: what can be known is filled in; `placing` finds the logs that take them.

use std::borrow::Cow;

use chrono::NaiveDate;

use super::values::{amount_cell, in_calendar, is_amount, parse_due, parse_next, parse_when};
use crate::cli::hint::hinted;
use crate::diagnostic::Nearest as _;
use crate::load::log::{COLUMNS, hash_of_cells, parse_day};
use crate::model::{Cell, Customer, Day, Family, Kind, Reference, Role, RowHash};
use crate::policy::Policy;

/// Up to how many refs are named of which one may be meant, the latest first.
const MOST_REFS: usize = 5;

/// A row as typed: what is `None` or empty is to be filled in, or stays empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed {
    pub(crate) date: Option<String>,
    pub(crate) kind: String,
    pub(crate) amount: Option<String>,
    pub(crate) score: Option<String>,
    pub(crate) staff: Option<String>,
    pub(crate) topic: Option<String>,
    pub(crate) channel: Option<String>,
    pub(crate) reference: Option<String>,
    pub(crate) due: Option<String>,
    pub(crate) note: Option<String>,
    /// Words that are the amount, if the kind has one, and the note.
    pub(crate) rest: Vec<String>,
}

/// A row to be logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NewRow {
    /// The customer's id.
    pub(crate) id: String,
    pub(crate) day: NaiveDate,
    pub(crate) kind: String,
    /// The ref, if it has one.
    pub(crate) reference: Option<String>,
    /// The ids that the customer once had.
    pub(crate) former_ids: Vec<String>,
    /// The texts of [`COLUMNS`].
    cells: [String; COLUMNS.len()],
}

impl NewRow {
    /// Fills in what can be known: the day, an invoice's due day, a fresh ref of a case, lead or agreement.
    ///
    /// # Errors
    /// If a day cannot be read, or the kind or a stage is none of the policy's.
    pub(crate) fn fill(
        policy: &Policy,
        customer: &Customer,
        typed: &Typed,
        today: NaiveDate,
        fresh: impl FnOnce(Family, NaiveDate) -> String,
    ) -> anyhow::Result<Self> {
        let filled = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
        let (date, day) = match filled(&typed.date) {
            None => (today.to_string(), today),
            // A time stays as it is typed.
            Some(text) => {
                if let Ok((day, _)) = parse_day(text.as_bytes()) {
                    (text, day.date())
                } else {
                    let day = parse_when(&text, today)?;
                    (day.to_string(), day)
                }
            }
        };
        let kind = kind_of(policy, &typed.kind)?;
        // Behind `stage` the one word that is a stage can mean nothing else.
        let is_stage = |word: &String| policy.stages.iter().any(|it| it == word);
        let mut typed = Cow::Borrowed(typed);
        if kind.role == Role::Stage
            && filled(&typed.topic).is_none()
            && let [word] = typed.rest.as_slice()
            && is_stage(word)
        {
            let typed = typed.to_mut();
            typed.topic = typed.rest.pop();
        }
        let typed = &*typed;
        let topic = filled(&typed.topic);
        if kind.role == Role::Stage {
            check_stage(policy, topic.as_deref())?;
        }
        let due = match filled(&typed.due) {
            Some(text) if kind.role == Role::Plan => {
                Some(parse_next(&text, day, today, policy.calendar.as_ref())?)
            }
            Some(text) => Some(parse_due(&text, day, today)?),
            None if kind.role == Role::Invoice => {
                let terms = customer.payment_terms.as_ref();
                let terms = terms.unwrap_or(&policy.payment_terms);
                Some(in_calendar(terms.due(Day::of(day)))?)
            }
            None => None,
        };
        let reference = match (filled(&typed.reference), kind.reference) {
            (None, Reference::Own(family)) if kind.reference_cell == Cell::Required => {
                Some(fresh(family, day))
            }
            (given, _) => given,
        };
        let (amount, note) = amount_and_note(kind, typed)?;
        let amount = amount.map(|it| amount_cell(&it));
        let cells = [
            Some(date),
            Some(customer.id.to_string()),
            Some(kind.name.clone()),
            amount,
            filled(&typed.score),
            filled(&typed.staff),
            topic,
            filled(&typed.channel),
            reference.clone(),
            due.map(|day| day.to_string()),
            note,
        ];
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

    /// Makes a row of its cells, which stand in the order of [`COLUMNS`].
    pub(crate) fn of_cells(
        id: &str,
        day: NaiveDate,
        former_ids: Vec<String>,
        cells: [String; COLUMNS.len()],
    ) -> Self {
        let [_, _, kind, .., reference, _, _] = &cells;
        Self {
            id: id.to_owned(),
            day,
            kind: kind.clone(),
            reference: Some(reference.clone()).filter(|it| !it.is_empty()),
            former_ids,
            cells,
        }
    }

    /// Fills in a cell that is empty.
    pub(crate) fn fill_cell(&mut self, column: &str, text: &str) {
        let place = COLUMNS.iter().position(|it| *it == column);
        if let Some(cell) = place.and_then(|place| self.cells.get_mut(place))
            && cell.is_empty()
        {
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
        let is_missing =
            |cell: Cell, column: &str| cell == Cell::Required && self.cell(column).is_empty();
        let (what, hint) = if is_missing(kind.amount, "amount") {
            let example = format!("`guanxi log {} {name} 1250000`", self.id);
            (
                "an amount".to_owned(),
                format!("write it behind the kind: {example}"),
            )
        } else if is_missing(kind.score, "score") {
            let score = match rest {
                [word, ..] if word.bytes().all(|it| it.is_ascii_digit()) => word,
                _ => "80",
            };
            (
                "a score".to_owned(),
                format!("give one from 0 to 100: `--score {score}`"),
            )
        } else if is_missing(kind.due, "due") {
            (
                "a due day".to_owned(),
                "give it, or a span from the row's day: `--due 2w`".to_owned(),
            )
        } else if is_missing(kind.staff, "staff") {
            let hint = "give the account manager's id: `--staff ID`".to_owned();
            ("a member of staff".to_owned(), hint)
        } else if is_missing(kind.topic, "topic") {
            let topic = rest.first().map_or("TEXT", String::as_str);
            ("a topic".to_owned(), format!("give it: `--topic {topic}`"))
        } else if is_missing(kind.reference_cell, "ref") {
            let Reference::Names(family) = kind.reference else {
                return None;
            };
            let family_word = family.word().spoken();
            let owned = owned(family);
            let shown: Vec<String> = (owned.iter().rev().take(MOST_REFS))
                .map(|it| format!("`--ref {it}`"))
                .collect();
            let hint = if shown.is_empty() {
                format!("`{}` has no {family_word} so far", self.id)
            } else {
                format!("give it: {}", shown.join(" or "))
            };
            (format!("the ref of its {family_word}"), hint)
        } else {
            return None;
        };
        Some(hinted(format!("`{name}` needs {what}"), Some(hint)))
    }

    /// Returns the columns with the texts of the row, the empty ones too.
    pub(crate) fn cells(&self) -> impl Iterator<Item = (&'static str, &str)> {
        COLUMNS
            .iter()
            .zip(&self.cells)
            .map(|(column, text)| (*column, text.as_str()))
    }

    /// Returns the hash of the row, however its amount is written.
    pub(crate) fn hash(&self) -> RowHash {
        hash_of_cells(self.cells())
    }

    /// Returns a cell by its column's name.
    pub(crate) fn cell(&self, column: &str) -> &str {
        let place = COLUMNS.iter().position(|it| *it == column);
        place.map_or("", |place| &self.cells[place])
    }
}

/// Tells the amount from the note among the words behind the kind.
fn amount_and_note(kind: &Kind, typed: &Typed) -> anyhow::Result<(Option<String>, Option<String>)> {
    let filled = |text: &Option<String>| text.clone().filter(|it| !it.is_empty());
    let (mut amount, mut note) = (filled(&typed.amount), filled(&typed.note));
    let mut words = typed.rest.as_slice();
    if let Some((first, rest)) = words.split_first()
        && amount.is_none()
        && kind.amount != Cell::Unused
    {
        if is_amount(first) {
            refuse_blanks(first, rest)?;
            amount = Some(first.clone());
            words = rest;
        } else if kind.amount == Cell::Required {
            let hint = "write it like `1250000`, `300万` or `50k`, then the note".to_owned();
            let message = format!("`{}` needs an amount, and `{first}` is none", kind.name);
            return Err(hinted(message, Some(hint)));
        }
    }
    if let (Some(_), [first, ..]) = (&typed.amount, words)
        && is_amount(first)
    {
        let hint = "leave `--amount` out, or write the number into `--note`".to_owned();
        return Err(hinted("the amount is given twice", Some(hint)));
    }
    if !words.is_empty() {
        if note.is_some() {
            let hint = "quote the words of `--note`, or leave it out".to_owned();
            return Err(hinted("the note is given twice", Some(hint)));
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
    let message = format!(
        "`{first} {}` is an amount with blanks in it, or an amount and a note",
        rest[0]
    );
    let hint = format!("write `{first}{groups}` without blanks, or the note as `--note '...'`");
    Err(hinted(message, Some(hint)))
}

/// Returns the kind of a name.
///
/// # Errors
/// If the policy has none.
pub(crate) fn kind_of<'p>(policy: &'p Policy, name: &str) -> anyhow::Result<&'p Kind> {
    let index = policy.kind_named(name).ok_or_else(|| {
        let names = || policy.kinds.all().iter().map(|it| it.name.as_str());
        let hint = names().hint(name).unwrap_or_else(|| {
            let all: Vec<&str> = names().collect();
            format!("the kinds are {}", all.join(", "))
        });
        hinted(format!("there is no kind `{name}`"), Some(hint))
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
    let hint =
        near.unwrap_or_else(|| format!("the policy's stages are {}", policy.stages.join(", ")));
    Err(hinted(
        format!("`{stage}` is not a stage of this book"),
        Some(hint),
    ))
}
