//! Leads: what may be won, and who takes it.

use std::sync::Arc;

use super::asked::Asked;
use super::given::Opt;
use super::item::{date, place, text};
use super::row_cells::read_cells;
use super::shape::{Filter, OwnColumn, OwnWords, ReadNeeded, Report, ReportRows, Row, RowsSaid};
use crate::answer::{Column, Sheet};
use crate::figures::{Lead, Takers};
use crate::metric::level::OwnerStatus;
use crate::metric::{Metric, Type, Value};
use crate::model::{LogColumn, Money, Origin, Word as _};
use crate::words::say;

/// The report.
pub(crate) static LEADS: Report<LeadRow> = Report {
    name: "leads",
    help: "List open leads: what may be won, and who takes it\n\n\
        A lead is open until it is won or lost. `to` is who takes it: the customer's owner, or, where there is \
        none in service, the first of `fits`: the staff in service whose `scope` has the customer's segment or \
        region, both before one, then the least loaded (the visits that all their customers need, by what \
        they can make). `staff` is who brought it. The rule may name these columns beside the customer's \
        metrics.\n\n\
        Example: `guanxi leads 'amount >= 50万 and owner is unknown' -c +fits`",
    filter: Filter::Rows,
    options: &[Opt::flag("all", "Show leads that were won or lost as well")],
    reading: ReadNeeded::FiguresAndPlaces,
    own: &[
        OwnColumn::new("ref", Type::Text, |_, it| text(&it.reference)),
        OwnColumn::new("topic", Type::Text, |_, it| text(&it.topic)),
        OwnColumn::new("opened", Type::Date, |_, it| date(Some(it.lead.opened))),
        OwnColumn::new("age", Type::Days, |asked, it| {
            Value::whole(it.lead.age(asked.figures().context().as_of))
        }),
        OwnColumn::new("amount", Type::Money, |_, it| it.lead.amount.into()),
        OwnColumn::<LeadRow>::new("to", Type::Text, to)
            .words(OwnWords::People)
            .made_of(&[Metric::Owner, Metric::OwnerStatus, Metric::Cadence]),
        OwnColumn::<LeadRow>::new("status", Type::Text, |_, it| it.status().into())
            .words(OwnWords::These(&STATUSES)),
        OwnColumn::new("due", Type::Date, |_, it| date(it.lead.due)),
        OwnColumn::new("closed", Type::Date, |_, it| {
            date(it.lead.closed.map(|it| it.day))
        }),
        OwnColumn::<LeadRow>::new("staff", Type::Text, |_, it| text(&it.staff))
            .words(OwnWords::People),
        OwnColumn::new("reason", Type::Text, |_, it| text(&it.reason)),
        OwnColumn::<LeadRow>::new("fits", Type::List, |_, it| {
            Value::List(it.fits.iter().map(|it| it.as_str().into()).collect())
        })
        .made_of(&[Metric::Owner, Metric::Cadence]),
        OwnColumn::new("origin", Type::Text, |asked, it| {
            place(asked, it.lead.origin)
        }),
    ],
    usual: &[
        "ref", "id", "name", "topic", "opened", "age", "amount", "owner", "to",
    ],
    spare: &["age", "opened", "topic", "name"],
    order: "-amount,opened,id,ref",
    rests_on: &[Metric::OpenLeads],
    rows,
    said,
    total: &TOTAL,
    ..Report::BASE
};

/// The columns of the total.
const TOTAL: [(&str, Type); 2] = [("items", Type::Number), ("amount", Type::Money)];

/// How a lead stands, by code points.
const STATUSES: [&str; 3] = ["lost", "open", "won"];

/// A lead of a customer.
pub(crate) struct LeadRow {
    customer: u32,
    lead: Lead,
    /// Whose field the customer is.
    fits: Arc<[String]>,
    reference: String,
    topic: String,
    staff: String,
    /// The topic of the row that closed it.
    reason: String,
}

impl LeadRow {
    fn status(&self) -> &'static str {
        let [lost, open, won] = STATUSES;
        match self.lead.closed {
            None => open,
            Some(closing) if closing.is_won => won,
            Some(_) => lost,
        }
    }
}

impl Row for LeadRow {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        self.customer.customer()
    }
}

/// Returns who takes a lead: the owner, if in service, else the first whose field it is.
fn to<'v>(asked: &'v Asked<'_>, row: &'v LeadRow) -> Value<'v> {
    let value = |metric| asked.figures().value(row.customer as usize, metric);
    match value(Metric::OwnerStatus) {
        Value::Text(status) if status == OwnerStatus::Ok.word() => value(Metric::Owner),
        _ => row.fits.first().map(String::as_str).into(),
    }
}

/// Returns the leads of the customers chosen, the closed ones only with `--all`.
fn rows(asked: &Asked<'_>) -> ReportRows<LeadRow> {
    let figures = asked.figures();
    let is_all = asked.given.has("all");
    let wants_fits = asked.wants("fits") || asked.wants("to");
    let takers = wants_fits.then(|| Takers::of(figures));
    let mut rows = Vec::new();
    for customer in asked.chosen() {
        let index = customer as usize;
        let leads = figures.leads(index).iter();
        let mut leads = leads.filter(|it| is_all || it.closed.is_none()).peekable();
        if leads.peek().is_none() {
            continue;
        }
        let fits = takers
            .iter()
            .flat_map(|it| it.fits(&figures.book().customers[index]));
        let fits: Arc<[String]> = fits.map(str::to_owned).collect();
        rows.extend(leads.map(|lead| LeadRow {
            customer,
            lead: *lead,
            fits: Arc::clone(&fits),
            reference: String::new(),
            topic: String::new(),
            staff: String::new(),
            reason: String::new(),
        }));
    }
    if ["ref", "topic", "staff"].iter().any(|it| asked.wants(it)) {
        read_texts(
            asked,
            &mut rows,
            |it| it.origin,
            |row, text| {
                row.reference = text(LogColumn::Ref);
                row.topic = text(LogColumn::Topic);
                row.staff = text(LogColumn::Staff);
            },
        );
    }
    if asked.wants("reason") {
        read_texts(
            asked,
            &mut rows,
            |it| it.closed?.origin,
            |row, text| {
                row.reason = text(LogColumn::Topic);
            },
        );
    }
    rows.into()
}

/// Reads what one row in the log of each lead says.
fn read_texts(
    asked: &Asked<'_>,
    rows: &mut [LeadRow],
    place: fn(&Lead) -> Option<Origin>,
    take: fn(&mut LeadRow, &dyn Fn(LogColumn) -> String),
) {
    let placed = rows.iter().enumerate();
    let placed = placed.filter_map(|(at, row)| Some((at, place(&row.lead)?)));
    let (indexes, origins): (Vec<usize>, Vec<Origin>) = placed.unzip();
    let (loaded, files) = (asked.loaded, asked.files);
    read_cells(loaded, files, &origins, asked.threads, &mut |at, cells| {
        take(&mut rows[indexes[at]], &|column| {
            cells.text(column).into_owned()
        });
    });
}

/// Says how many leads there are, and how much they are worth together.
fn said<'f>(asked: &'f Asked<'_>, rows: &[LeadRow]) -> RowsSaid<'f> {
    let amount: Money = rows.iter().filter_map(|it| it.lead.amount).sum();
    let mut total = Sheet::new(TOTAL.map(|(name, kind)| Column::new(name, kind)).to_vec());
    total.push([Value::count(rows.len()), amount.into()]);
    RowsSaid {
        total: Some(total),
        total_row: Some(Box::new(move |name| match name {
            "amount" => amount.into(),
            _ => Value::Unknown,
        })),
        nothing: if asked.given.has("all") {
            say!("there is no lead", "没有商机").into()
        } else {
            say!("no lead is open", "没有在谈商机").into()
        },
        ..RowsSaid::default()
    }
}
