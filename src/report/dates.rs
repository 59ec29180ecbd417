//! Dates: whose day is coming.

use chrono::{Datelike as _, NaiveDate};

use super::asked::Asked;
use super::given::{Opt, Takes};
use super::item::{place, text};
use super::row_cells::read_cells;
use super::shape::{Filter, OwnColumn, OwnWords, ReadNeeded, Report, ReportRows, Row, RowsSaid};
use crate::figures::Figures;
use crate::load::{KeyPath, path_places};
use crate::metric::{Metric, Type, Value};
use crate::model::{Birthday, Customer, Day, LogColumn, Origin, Person, day_in_year, lunar_days};
use crate::words::say;

/// The report.
pub(crate) static DATES: Report<Occasion> = Report {
    name: "dates",
    help: "List whose day is coming: birthdays, anniversaries, days that matter\n\n\
        A row is an occasion: the `birthday` of a person, by the lunar calendar, too; the anniversary of the \
        `cooperation`, while the customer is not lost; a `date` of the customer's file; the day of the `plan` in \
        force; the day on which an open `lead` is decided; the end of an `agreement` that is not renewed. \
        `person` and `phone` say whom to call. The rule may name these columns beside the customer's \
        metrics.\n\n\
        Example: `guanxi dates 'kind = birthday and tier = AAA' --within 2w`",
    filter: Filter::Rows,
    options: &[Opt::taking(
        "within",
        Takes::Span,
        "SPAN",
        "How far ahead to look: a span such as `30d` or `2w`",
    )
    .default("30d")],
    reading: ReadNeeded::FiguresAndPlaces,
    own: &[
        OwnColumn::new("date", Type::Date, |_, it| it.day.date().into()),
        OwnColumn::new("days", Type::Days, |asked, it| {
            Value::whole(it.day.since(Day::of(asked.as_of)))
        }),
        OwnColumn::<Occasion>::new("kind", Type::Text, |_, it| it.kind().into())
            .words(OwnWords::These(&KINDS)),
        OwnColumn::new("what", Type::Text, |asked, it| match it.of {
            OccasionOf::Date(at) => text(&it.customer_in(asked).dates[at].name),
            _ => text(&it.what),
        }),
        OwnColumn::new("ref", Type::Text, |_, it| text(&it.reference)),
        OwnColumn::<Occasion>::new("person", Type::Text, |asked, it| match it.person(asked) {
            Some(person) => person.name.as_deref().into(),
            None => it.value(asked, Metric::Person),
        })
        .made_of(&[Metric::Person]),
        OwnColumn::new("years", Type::Number, |_, it| {
            it.years.map_or(Value::Unknown, Value::whole)
        }),
        OwnColumn::<Occasion>::new("phone", Type::Text, |asked, it| match it.person(asked) {
            Some(person) => person.number().map(|it| &**it).into(),
            None => it.value(asked, Metric::Phone),
        })
        .made_of(&[Metric::Phone]),
        OwnColumn::new("lunar", Type::Text, |asked, it| {
            let birthday = it.person(asked).and_then(|it| it.birthday);
            let lunar = birthday.filter(|it| it.is_lunar());
            lunar.map(|it| it.to_string()).into()
        }),
        OwnColumn::new("origin", Type::Text, |asked, it| match it.of {
            OccasionOf::Row(_, origin) => place(asked, origin),
            _ => text(&it.origin),
        }),
    ],
    usual: &[
        "date", "days", "kind", "id", "name", "what", "person", "years",
    ],
    spare: &["person", "name"],
    order: "date,kind,id,what,person",
    rests_on: &[Metric::Lost, Metric::OpenLeads, Metric::Agreements],
    rows,
    said: |asked, _| RowsSaid {
        nothing: match within(asked) {
            0 => say!("no day is today", "今天没有日子").into(),
            1 => say!("no day comes within 1 day", "1 天内没有日子").into(),
            days => say!("no day comes within {days} days", "{days} 天内没有日子").into(),
        },
        ..RowsSaid::default()
    },
    ..Report::BASE
};

/// The kinds of occasions, in the order in which those of one day stand.
const KINDS: [&str; 6] = [
    "birthday",
    "cooperation",
    "date",
    "plan",
    "lead",
    "agreement",
];

/// An occasion: something of a customer that has its day.
pub(crate) struct Occasion {
    customer: u32,
    day: Day,
    of: OccasionOf,
    /// How many years after the first it is, if that is known.
    years: Option<i64>,
    /// What the row of a plan, lead or agreement is about.
    what: String,
    /// The ref of a lead or agreement.
    reference: String,
    /// Where the key of the customer's file stands, if that is asked for.
    origin: String,
}

/// Of what an occasion is.
#[derive(Clone, Copy, Debug)]
enum OccasionOf {
    /// The birthday of a person, counted among the customer's.
    Birthday(usize),
    /// The start of the cooperation.
    Cooperation,
    /// A day that matters, counted among the customer's.
    Date(usize),
    /// A row of the log, and where it stands.
    Row(RowKind, Option<Origin>),
}

/// A row that has a day to come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RowKind {
    Plan,
    Lead,
    Agreement,
}

impl Row for Occasion {
    const IS_OF_CUSTOMER: bool = true;

    fn customer(&self) -> Option<usize> {
        self.customer.customer()
    }
}

impl Occasion {
    fn kind(&self) -> &'static str {
        let [birthday, cooperation, date, plan, lead, agreement] = KINDS;
        match self.of {
            OccasionOf::Birthday(_) => birthday,
            OccasionOf::Cooperation => cooperation,
            OccasionOf::Date(_) => date,
            OccasionOf::Row(RowKind::Plan, _) => plan,
            OccasionOf::Row(RowKind::Lead, _) => lead,
            OccasionOf::Row(RowKind::Agreement, _) => agreement,
        }
    }

    fn customer_in<'a>(&self, asked: &Asked<'a>) -> &'a Customer {
        &asked.loaded.book.customers[self.customer as usize]
    }

    /// Returns whose birthday it is, if it is one.
    fn person<'a>(&self, asked: &Asked<'a>) -> Option<&'a Person> {
        match self.of {
            OccasionOf::Birthday(at) => self.customer_in(asked).people.get(at),
            _ => None,
        }
    }

    fn value<'v>(&self, asked: &'v Asked<'_>, metric: Metric) -> Value<'v> {
        asked.figures().value(self.customer as usize, metric)
    }

    /// Returns the key of the customer's file that tells its day, if one does.
    fn key(&self) -> Option<KeyPath<'static>> {
        let (list, key) = match self.of {
            OccasionOf::Birthday(at) => (Some(("contact", at)), "birthday"),
            OccasionOf::Cooperation => (None, "since"),
            OccasionOf::Date(at) => (Some(("date", at)), "on"),
            OccasionOf::Row(..) => return None,
        };
        Some(KeyPath { list, key })
    }
}

fn within(asked: &Asked<'_>) -> i64 {
    asked.ahead("within").expect("it has a default")
}

/// The days that are looked at, both included.
#[derive(Clone, Copy)]
struct Time {
    from: Day,
    to: Day,
}

impl Time {
    fn has(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }

    /// Returns the years in which such a day may lie, and the one before, whose lunar year may not be over.
    fn years(self) -> impl Iterator<Item = i32> {
        self.from.date().year() - 1..=self.to.date().year()
    }

    /// Returns the returns of a day in later years that lie in the time, each with the years that have passed.
    fn returns_of(self, first: NaiveDate) -> impl Iterator<Item = (Day, i64)> {
        let later = self.years().filter(move |year| *year > first.year());
        later.filter_map(move |year| {
            let day = day_in_year(year, first.month(), first.day())?;
            let years = i64::from(year) - i64::from(first.year());
            self.has(day).then_some((day, years))
        })
    }
}

/// Returns the occasions of the customers chosen from the day on.
fn rows(asked: &Asked<'_>) -> ReportRows<Occasion> {
    let from = Day::of(asked.as_of);
    let last = Day::of(from.plus(within(asked)).date());
    let time = Time { from, to: last };
    let mut rows = Vec::new();
    for customer in asked.chosen() {
        let mut add = |day, of, years| {
            rows.push(Occasion {
                customer,
                day,
                of,
                years,
                what: String::new(),
                reference: String::new(),
                origin: String::new(),
            });
        };
        add_from_file(asked, customer as usize, time, &mut add);
        add_from_rows(asked.figures(), customer as usize, time, &mut add);
    }
    if asked.wants("what") || asked.wants("ref") {
        read_what(asked, &mut rows);
    }
    if asked.wants("origin") {
        find_keys(asked, &mut rows);
    }
    let notes = lunar_note(asked, time).into_iter().collect();
    ReportRows { rows, notes }
}

/// Adds what the file of a customer says: birthdays, the start of the cooperation, days that matter.
fn add_from_file(
    asked: &Asked<'_>,
    index: usize,
    time: Time,
    add: &mut dyn FnMut(Day, OccasionOf, Option<i64>),
) {
    let customer = &asked.loaded.book.customers[index];
    for (at, person) in customer.people.iter().enumerate() {
        let Some(birthday) = person.birthday else {
            continue;
        };
        let born = birthday.year();
        for year in time.years().filter(|year| born.is_none_or(|it| it < *year)) {
            if let Some(day) = birthday.in_year(year).filter(|it| time.has(*it)) {
                let years = born.map(|born| i64::from(year) - i64::from(born));
                add(day, OccasionOf::Birthday(at), years);
            }
        }
    }
    let is_lost = || asked.figures().value(index, Metric::Lost) == Value::Bool(true);
    if let Some(since) = customer.since.filter(|_| !is_lost()) {
        for (day, years) in time.returns_of(since) {
            add(day, OccasionOf::Cooperation, Some(years));
        }
    }
    for (at, date) in customer.dates.iter().enumerate() {
        let first = Day::of(date.on);
        if time.has(first) {
            add(first, OccasionOf::Date(at), None);
        }
        for (day, years) in time.returns_of(date.on).filter(|_| date.is_yearly) {
            add(day, OccasionOf::Date(at), Some(years));
        }
    }
}

/// Adds what the rows of a customer say: the plan in force, open leads, agreements that end.
fn add_from_rows(
    figures: &Figures<'_>,
    index: usize,
    time: Time,
    add: &mut dyn FnMut(Day, OccasionOf, Option<i64>),
) {
    let plan = figures.of(index).plan();
    let plan = plan.map(|it| (RowKind::Plan, it.due, it.origin));
    let leads = figures.leads(index).iter();
    let leads = leads.filter(|it| it.closed.is_none());
    let leads = leads.filter_map(|it| Some((RowKind::Lead, it.due?, it.origin)));
    let agreements = figures.agreements_in_force(index);
    let agreements = agreements.map(|it| (RowKind::Agreement, it.until, it.origin));
    for (kind, day, origin) in plan.into_iter().chain(leads).chain(agreements) {
        if time.has(day) {
            add(day, OccasionOf::Row(kind, origin), None);
        }
    }
}

/// Reads what the rows of plans, leads and agreements are about: the topic, of a plan its note before that.
fn read_what(asked: &Asked<'_>, rows: &mut [Occasion]) {
    let placed = rows.iter().enumerate();
    let placed = placed.filter_map(|(at, row)| match row.of {
        OccasionOf::Row(_, origin) => Some((at, origin?)),
        _ => None,
    });
    let (indexes, origins): (Vec<usize>, Vec<Origin>) = placed.unzip();
    let (loaded, files) = (asked.loaded, asked.files);
    read_cells(loaded, files, &origins, asked.threads, &mut |at, cells| {
        let row = &mut rows[indexes[at]];
        let note = match row.of {
            OccasionOf::Row(RowKind::Plan, _) => cells.text(LogColumn::Note),
            _ => "".into(),
        };
        if !matches!(row.of, OccasionOf::Row(RowKind::Plan, _)) {
            row.reference = cells.text(LogColumn::Ref).into_owned();
        }
        row.what = if note.is_empty() {
            cells.text(LogColumn::Topic).into_owned()
        } else {
            note.into_owned()
        };
    });
}

/// Finds where the keys stand in the files of customers.
fn find_keys(asked: &Asked<'_>, rows: &mut [Occasion]) {
    let keyed = rows.iter().enumerate();
    let keyed = keyed.filter_map(|(at, row)| Some((at, (row.customer_in(asked), row.key()?))));
    let (indexes, keys): (Vec<usize>, Vec<_>) = keyed.unzip();
    for (at, place) in indexes.into_iter().zip(path_places(asked.files, &keys)) {
        rows[at].origin = format!("{}:{}", place.path, place.line);
    }
}

/// Tells people, once, that some have no birthday there because the lunar calendar is not known so far.
fn lunar_note(asked: &Asked<'_>, time: Time) -> Option<String> {
    let (first, last) = lunar_days()?;
    if first <= time.from && time.to <= last {
        return None;
    }
    let customers = asked.chosen().into_iter();
    let mut people = customers.flat_map(|it| &asked.loaded.book.customers[it as usize].people);
    let has_one = people.any(|it| it.birthday.is_some_and(Birthday::is_lunar));
    let (first, last) = (first.date(), last.date());
    has_one.then(|| {
        say!(
            "note: lunar birthdays are known from {first} to {last}; others are left out",
            "说明：农历生日只推算 {first} 至 {last}，其余略去"
        )
    })
}
