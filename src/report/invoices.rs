//! What is owed, invoice by invoice: the rows of `receivables --invoices`.

use super::asked::Asked;
use super::buckets::buckets;
use super::item::place;
use super::labels;
use super::row_cells::read_cells;
use super::shape::{Filter, OwnColumn, OwnWords, ReadNeeded, Report, ReportRows, Row, RowsSaid};
use crate::answer::{Column as SheetColumn, Sheet};
use crate::figures::{OpenItem, Steps, dunning_steps, owed_items};
use crate::metric::{PastDue, Type, Value};
use crate::model::{LogColumn, Money, Origin, Text};
use crate::parallel;
use crate::policy::Policy;
use crate::words::say;

/// The report.
pub(crate) static INVOICES: Report<Owed> = Report {
    name: "invoices",
    filter: Filter::Rows,
    reading: ReadNeeded::RowsAndPlaces,
    own: &[
        OwnColumn::new("ref", Type::Text, |_, it| {
            it.reference.as_deref().map(Value::from).into()
        }),
        OwnColumn::new("date", Type::Date, |_, it| it.item.day.date().into()),
        OwnColumn::new("due", Type::Date, |_, it| it.item.due.date().into()),
        OwnColumn::new("days", Type::Days, |_, it| {
            it.days.map_or(Value::Unknown, Value::whole)
        }),
        OwnColumn::new("amount", Type::Money, |_, it| it.item.amount.into()),
        OwnColumn::new("balance", Type::Money, |_, it| it.item.balance.into()),
        OwnColumn::<Owed>::new("status", Type::Text, |_, it| it.status().into())
            .words(OwnWords::These(&STATUSES)),
        OwnColumn::<Owed>::new("level", Type::Text, |asked, it| {
            let rules = &asked.loaded.policy.dunning;
            let rule = it.dunning.and_then(|at| rules.get(at));
            rule.map(|it| it.level.as_str()).into()
        })
        .words(OwnWords::OfPolicy(levels))
        .labelled(labels::dunning),
        OwnColumn::<Owed>::new("kind", Type::Text, |_, it| {
            KINDS[usize::from(it.item.is_debt)].into()
        })
        .words(OwnWords::These(&KINDS)),
        OwnColumn::new("cleared", Type::Money, |_, it| {
            (it.item.amount - it.item.balance).into()
        }),
        OwnColumn::<Owed>::new("bucket", Type::Text, |asked, it| {
            Value::text(it.bucket(&asked.loaded.policy))
        })
        .words(OwnWords::OfPolicy(bucket_names))
        .labelled(labels::bucket_names),
        OwnColumn::new("origin", Type::Text, |asked, it| place(asked, it.origin)),
    ],
    usual: &[
        "ref", "id", "name", "owner", "date", "due", "days", "amount", "balance", "status", "level",
    ],
    spare: &["status", "amount", "date", "owner", "name"],
    order: "-days,-balance",
    rules: |policy| {
        let rules = policy.dunning.iter();
        rules.filter_map(|it| it.when.as_ref()).collect()
    },
    rows,
    said,
    total: &TOTAL,
    drops_blank: true,
    ..Report::BASE
};

/// The columns of the total.
const TOTAL: [(&str, Type); 2] = [("items", Type::Number), ("balance", Type::Money)];

/// What is past its due day, what soon will be, what has time, and what a petty amount is left of.
const STATUSES: [&str; 4] = ["late", "soon", "open", "settled"];

/// What is owed on.
const KINDS: [&str; 2] = ["invoice", "debt"];

/// How many days before its due day an item is `soon` to be paid.
const SOON: i64 = 7;

/// The bucket of what is not past due.
const NOT_DUE: &str = "not_due";

/// An invoice or a debt of which something is left.
pub(crate) struct Owed {
    customer: u32,
    item: OpenItem,
    /// By how many days it is past due, negative before that, unless it is settled.
    days: Option<i64>,
    /// The dunning rule that counts, within the policy's list.
    dunning: Option<usize>,
    /// Where the row stands that opened it.
    origin: Option<Origin>,
    /// The ref of an invoice.
    reference: Option<Text>,
}

impl Owed {
    fn status(&self) -> &'static str {
        let [late, soon, open, settled] = STATUSES;
        match self.days {
            None => settled,
            Some(1..) => late,
            Some(days) if days >= -SOON => soon,
            Some(_) => open,
        }
    }

    /// Returns the name of the metric that it is a part of.
    fn bucket(&self, policy: &Policy) -> String {
        let days = self.days.unwrap_or_default();
        let found = buckets(policy).find(|it| it.has(days));
        found.map_or_else(|| NOT_DUE.to_owned(), PastDue::name)
    }
}

impl Row for Owed {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        self.customer.customer()
    }
}

/// Returns the levels of dunning.
fn levels(policy: &Policy) -> Vec<String> {
    let levels = policy.dunning_levels().into_iter();
    levels.map(str::to_owned).collect()
}

fn bucket_names(policy: &Policy) -> Vec<String> {
    let late = buckets(policy).map(PastDue::name);
    std::iter::once(NOT_DUE.to_owned()).chain(late).collect()
}

/// Returns what is left to pay of each item of the chosen customers, those of one in the order of its rows.
fn rows(asked: &Asked<'_>) -> ReportRows<Owed> {
    let chosen = asked.chosen();
    let pieces: Vec<&[u32]> = chosen.chunks(PIECE).collect();
    let found = parallel::map(asked.threads, pieces, |customers| {
        customers
            .iter()
            .flat_map(|it| owed_by(asked, *it))
            .collect::<Vec<_>>()
    });
    let mut rows: Vec<Owed> = found.into_iter().flatten().collect();
    if asked.wants("ref") {
        read_references(asked, &mut rows);
    }
    rows.into()
}

/// How many customers a thread takes at once.
const PIECE: usize = 1 << 8;

fn owed_by(asked: &Asked<'_>, customer: u32) -> impl Iterator<Item = Owed> {
    let context = asked.figures().context();
    let index = customer as usize;
    let rows = asked.loaded.book.interactions_of(index);
    let as_of = context.as_of;
    let items = owed_items(context, index);
    let steps = if items.is_empty() {
        Steps::default()
    } else {
        dunning_steps(asked.figures(), index)
    };
    items.into_iter().map(move |item| {
        let days = item.days_past_due(as_of);
        Owed {
            customer,
            days,
            dunning: days.and_then(|days| steps.reached(days)),
            origin: rows.origin(item.row),
            item,
            reference: None,
        }
    })
}

/// Reads the refs of the invoices. A debt has none: its row's names the invoice that the money had come for.
fn read_references(asked: &Asked<'_>, rows: &mut [Owed]) {
    let placed = rows.iter().enumerate();
    let placed = placed.filter(|it| !it.1.item.is_debt);
    let placed = placed.filter_map(|(at, row)| Some((at, row.origin?)));
    let (indexes, origins): (Vec<usize>, Vec<Origin>) = placed.unzip();
    let (loaded, files) = (asked.loaded, asked.files);
    read_cells(loaded, files, &origins, asked.threads, &mut |at, cells| {
        let text = cells.text(LogColumn::Ref);
        if !text.is_empty() {
            rows[indexes[at]].reference = Some(Text::from(&*text));
        }
    });
}

/// Says how many items there are, and how much is left of them together.
fn said<'f>(_: &'f Asked<'_>, rows: &[Owed]) -> RowsSaid<'f> {
    let balance: Money = rows.iter().map(|it| it.item.balance).sum();
    let mut total = Sheet::new(
        TOTAL
            .map(|(name, kind)| SheetColumn::new(name, kind))
            .to_vec(),
    );
    total.push([Value::count(rows.len()), balance.into()]);
    RowsSaid {
        total: Some(total),
        total_row: Some(Box::new(move |name| match name {
            "balance" => balance.into(),
            _ => Value::Unknown,
        })),
        nothing: say!("nothing is owed", "没有欠款").into(),
        ..RowsSaid::default()
    }
}
