//! Owner and stage: what rows tell of a customer before its file does.
//!
//! Such a fact changes by a row of today, which has to be read behind all that the customer has
//! today; else the row would be there and the fact as before.

use chrono::NaiveDate;

use super::named::LoadedPart;
use super::rows::{RowToLog, TypedRow};
use crate::figures::{Figures, Needs};
use crate::metric::{Metric, Value};
use crate::model::{Day, Interactions, LogColumn, NO_MINUTE};
use crate::session::hint::hinted;
use crate::words::say;

/// A fact that rows tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RowFact {
    /// Whose the customer is.
    Owner,
    /// How far things are.
    Stage,
}

impl RowFact {
    pub(crate) const ALL: [Self; 2] = [Self::Owner, Self::Stage];

    /// Returns the fact of a field's name, if rows tell of that field.
    pub(crate) fn of(field: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == field)
    }

    /// Returns the name of the field, and of the kind of row.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Stage => "stage",
        }
    }

    fn metric(self) -> Metric {
        match self {
            Self::Owner => Metric::Owner,
            Self::Stage => Metric::Stage,
        }
    }
}

/// The facts of a part of the book as they are today.
pub(crate) struct RowFacts<'p> {
    part: &'p LoadedPart,
    figures: Figures<'p>,
    today: NaiveDate,
}

impl<'p> RowFacts<'p> {
    pub(crate) fn of(part: &'p LoadedPart, today: NaiveDate) -> Self {
        let (book, policy) = (&part.loaded.book, &part.loaded.policy);
        let needs = Needs::of(policy, RowFact::ALL.map(RowFact::metric));
        Self {
            part,
            figures: Figures::new(book, policy, today, needs, 1),
            today,
        }
    }

    /// Returns a fact of a customer, by its index in the book.
    pub(crate) fn value(&self, index: usize, fact: RowFact) -> Option<String> {
        match self.figures.value(index, fact.metric()) {
            Value::Text(text) => Some(text.into_owned()),
            _ => None,
        }
    }

    /// Tells whether there are rows of a fact, of whatever day.
    pub(crate) fn is_told(&self, index: usize, fact: RowFact) -> bool {
        let (book, policy) = (&self.part.loaded.book, &self.part.loaded.policy);
        let mut rows = book.interactions_of(index).rows().iter();
        rows.any(|row| policy.kinds.kind(row.kind).name == fact.name())
    }

    /// Returns the row that makes a fact this from now on, if it is not so already.
    ///
    /// # Errors
    /// If no row can say so.
    pub(crate) fn row(
        &self,
        index: usize,
        fact: RowFact,
        now: &str,
    ) -> anyhow::Result<Option<RowToLog>> {
        let before = self.value(index, fact);
        if before.as_deref() == Some(now) {
            return Ok(None);
        }
        let (book, policy) = (&self.part.loaded.book, &self.part.loaded.policy);
        let (staff, topic) = match fact {
            RowFact::Owner => (Some(now.to_owned()), before),
            RowFact::Stage => (None, Some(now.to_owned())),
        };
        let date = date_behind(book.interactions_of(index), self.today);
        let cells = [
            (LogColumn::Date, date),
            (LogColumn::Staff, staff),
            (LogColumn::Topic, topic),
        ];
        let typed = TypedRow::new(fact.name(), cells);
        let customer = &book.customers[index];
        RowToLog::fill(policy, customer, &typed, self.today, |_, _| String::new()).map(Some)
    }

    /// Refuses a change after which a fact is not what a row was to make it.
    ///
    /// # Errors
    /// If it is something else.
    pub(crate) fn expect(&self, id: &str, fact: RowFact, wanted: &str) -> anyhow::Result<()> {
        let index = self.part.loaded.book.index_of(id);
        let found = index.and_then(|index| self.value(index, fact));
        if index.is_none() || found.as_deref() == Some(wanted) {
            return Ok(());
        }
        let name = fact.name();
        let found = found.unwrap_or_else(|| say!("nothing", "空"));
        let message = say!(
            "`{id}` would still have `{found}` as its {name}: a row of today says so",
            "`{id}` 的 `{name}` 仍会是 `{found}`：今天的一条记录这样写"
        );
        let hint = say!(
            "it stands in a log that is read after the new row's; give it an earlier time, or take it out: \
             `guanxi history {id} --kind {name}` tells where it is",
            "它所在的日志读在新行之后；请给它写更早的时间，或删去它：`guanxi history {id} --kind {name}` 指出它在哪里"
        );
        Err(hinted(message, Some(hint)))
    }
}

/// Returns the `date` cell of a row that is to be read behind a customer's rows of today.
///
/// `None` where the day alone will do, because none of them has a time.
pub(crate) fn date_behind(rows: Interactions<'_>, today: NaiveDate) -> Option<String> {
    let day = Day::of(today);
    let last = rows.until(day).rows().last()?;
    if last.day != day || last.minute == NO_MINUTE {
        return None;
    }
    let minute = last.minute - 1;
    Some(format!("{today}T{:02}:{:02}", minute / 60, minute % 60))
}
