//! The cases of the customers chosen as rows, and what each says in its own columns.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::asked::Asked;
use super::item::{date, place, text};
use super::row_cells::read_cells;
use super::shape::{OwnColumn, OwnWords, Row};
use crate::figures::{CaseStanding, standings};
use crate::load::log::RowCells;
use crate::metric::{Type, Value};
use crate::model::{LogColumn, Origin, Word as _};
use crate::policy::{CaseKind, Policy};

/// What a case says of itself.
pub(super) const OWN: &[OwnColumn<CaseRow>] = &[
    OwnColumn::new("ref", Type::Text, |_, it| text(&it.texts.reference)),
    OwnColumn::<CaseRow>::new("kind", Type::Text, |_, it| it.kind().word().into())
        .words(OwnWords::These(&["complaint", "request"])),
    OwnColumn::new("opened", Type::Date, |_, it| date(Some(it.case.opened))),
    OwnColumn::<CaseRow>::new("staff", Type::Text, |_, it| it.case.staff.as_deref().into())
        .words(OwnWords::People),
    OwnColumn::new("topic", Type::Text, |_, it| text(&it.texts.topic)),
    OwnColumn::new("channel", Type::Text, |_, it| text(&it.texts.channel)),
    OwnColumn::new("note", Type::Text, |_, it| text(&it.texts.note)),
    OwnColumn::new("origin", Type::Text, |asked, it| place(asked, it.origin)),
    OwnColumn::new("age", Type::Days, |_, it| Value::whole(it.case.age)),
    OwnColumn::new("respond_by", Type::Date, |_, it| date(it.case.respond_by)),
    OwnColumn::new("resolve_by", Type::Date, |_, it| date(it.case.resolve_by)),
    OwnColumn::new("answered", Type::Date, |_, it| date(it.case.answered)),
    OwnColumn::new("closed", Type::Date, |_, it| date(it.case.closed)),
    OwnColumn::new("deadline", Type::Date, |_, it| date(it.case.deadline)),
    OwnColumn::new("left", Type::Days, |_, it| {
        it.case.left.map_or(Value::Unknown, Value::whole)
    }),
    OwnColumn::<CaseRow>::new("status", Type::Text, |_, it| status(&it.case).into())
        .words(OwnWords::These(&["closed", "late", "open", "today"])),
    OwnColumn::<CaseRow>::new("escalate", Type::Text, |asked, it| {
        let rules = &asked.loaded.policy.escalations;
        let rule = it.case.escalation.and_then(|at| rules.get(at));
        rule.map(|it| it.to.as_str()).into()
    })
    .words(OwnWords::OfPolicy(escalated_to)),
    OwnColumn::new("missed", Type::List, |_, it| missed(&it.case)),
    OwnColumn::new("in_time", Type::Bool, |_, it| {
        it.case.in_time.map_or(Value::Unknown, Value::Bool)
    }),
    OwnColumn::new("outcome", Type::Number, |_, it| it.case.outcome.into()),
];

/// Returns whom the policy's rules let know of late cases, each once and sorted.
fn escalated_to(policy: &Policy) -> Vec<String> {
    let names = policy.escalations.iter().map(|it| it.to.clone());
    let names: BTreeSet<String> = names.collect();
    names.into_iter().collect()
}

/// A case of a customer.
pub(crate) struct CaseRow {
    pub(super) customer: u32,
    pub(super) case: CaseStanding,
    origin: Option<Origin>,
    texts: CaseTexts,
}

/// What the row of a case says.
#[derive(Default)]
struct CaseTexts {
    reference: String,
    topic: String,
    channel: String,
    note: String,
}

impl Row for CaseRow {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        self.customer.customer()
    }
}

impl CaseRow {
    fn kind(&self) -> CaseKind {
        if self.case.is_complaint {
            CaseKind::Complaint
        } else {
            CaseKind::Request
        }
    }
}

/// Returns the cases of the customers chosen: all, or those that are open.
pub(super) fn all_cases(asked: &Asked<'_>, is_all: bool) -> Vec<CaseRow> {
    let (figures, book) = (asked.figures(), &asked.loaded.book);
    let mut rows = Vec::new();
    for customer in asked.chosen() {
        let index = customer as usize;
        let cases = standings(figures, index).into_iter();
        rows.extend(
            cases
                .filter(|case| is_all || case.closed.is_none())
                .map(|case| CaseRow {
                    customer,
                    origin: book.interactions_of(index).origin(case.row),
                    case,
                    texts: CaseTexts::default(),
                }),
        );
    }
    if ["ref", "topic", "channel", "note"]
        .iter()
        .any(|it| asked.wants(it))
    {
        read_texts(asked, &mut rows);
    }
    rows
}

/// Reads what the rows of the cases say.
fn read_texts(asked: &Asked<'_>, rows: &mut [CaseRow]) {
    let known = rows.iter().enumerate();
    let known = known.filter_map(|(at, row)| Some((at, row.origin?)));
    let (places, origins): (Vec<usize>, Vec<Origin>) = known.unzip();
    let (loaded, files) = (asked.loaded, asked.files);
    read_cells(
        loaded,
        files,
        &origins,
        asked.threads,
        &mut |at, cells: RowCells| {
            let text = |column| cells.text(column).into_owned();
            rows[places[at]].texts = CaseTexts {
                reference: text(LogColumn::Ref),
                topic: text(LogColumn::Topic),
                channel: text(LogColumn::Channel),
                note: text(LogColumn::Note),
            };
        },
    );
}

/// Returns how a case stands, in a word.
fn status(case: &CaseStanding) -> &'static str {
    match (case.closed, case.left) {
        (Some(_), _) => "closed",
        (None, Some(..0)) => "late",
        (None, Some(0)) => "today",
        (None, _) => "open",
    }
}

/// Returns the deadlines that were missed.
fn missed(case: &CaseStanding) -> Value<'static> {
    let missed = [
        (case.has_missed_response, "response"),
        (case.has_missed_resolution, "resolution"),
    ];
    let missed = missed.into_iter().filter(|it| it.0);
    Value::List(missed.map(|it| Cow::Borrowed(it.1)).collect())
}
