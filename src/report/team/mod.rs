//! Who carries how much, and whether the team is enough.

mod need;

use self::need::Need;
use super::asked::Asked;
use super::row::{OwnColumn, OwnWords, row_of_nobody};
use super::shape::{Report, ReportRows, RowsSaid};
use crate::figures::work::{WorkShare, overdue_count, shares};
use crate::figures::{Needs, in_year, load, member_status, owner_status, visits_needed};
use crate::metric::level::OwnerStatus;
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::{Day, StaffMember, Training, Word as _};
use crate::words::say;

/// Makes a column of what rows and the total have alike.
macro_rules! shared {
    ($name:literal $kind:ident [$($metric:ident)?]) => {
        OwnColumn::<Member>::new($name, Type::$kind, |asked, it| figure(asked, &it.share, $name))
            .made_of(&[$(Metric::$metric)?])
    };
}

/// The report.
pub(crate) static TEAM: Report<Member> = Report {
    name: "team",
    help: "Show who carries how much, and whether the team is enough\n\n\
        A row is a member of the staff in service, or whoever else owns a customer, had a contact or a lead, or \
        answers for a case; what is nobody's stands last. `customers`, their value and `visits_needed`, the \
        visits of a year by their cadences, are those owned today; `load` is the share of `visits_per_year` in \
        staff.toml that these take. Contacts and leads of the year stay with those whom the rows name, else \
        with the owner of that day: a hand-over moves nothing that was done before it. Lost customers count: \
        `team 'not lost'` leaves them out.\n\n\
        Below stands how many managers are needed: by `[team] target` of the policy over what each sells, raised \
        by `growth`, and by the visits over those that one makes.\n\n\
        Customers by tier: `summary --by owner,tier`. Whom to hand over: `list 'owner_status != ok'`, then \
        `handover`.\n\n\
        Example: `guanxi team 'not lost'`",
    own: &[
        OwnColumn::<Member>::new("staff", Type::Text, |_, it| it.staff.as_deref().into())
            .words(OwnWords::People),
        OwnColumn::new("name", Type::Text, |asked, it| {
            it.of_file(asked).and_then(|it| it.name.as_deref()).into()
        }),
        OwnColumn::<Member>::new("status", Type::Text, |_, it| it.status.into())
            .words(OwnWords::These(&STATUSES)),
        shared!("customers" Number []),
        shared!("annual_value" Money [AnnualValue]),
        shared!("visits_needed" Number [Cadence]),
        OwnColumn::new("visits_per_year", Type::Number, |asked, it| {
            it.visits(asked).map_or(Value::Unknown, Value::whole)
        }),
        OwnColumn::<Member>::new("load", Type::Ratio, |asked, it| {
            let needed = visits_needed(asked.figures(), &it.share.owned);
            load(&needed, it.visits(asked).map(u64::from))
        })
        .made_of(&[Metric::Cadence]),
        shared!("overdue_customers" Number [RevisitStatus]),
        shared!("contacts" Number []),
        shared!("open_cases" Number []),
        shared!("late_cases" Number [LateCases]),
        shared!("response_days" Days []),
        shared!("on_time" Ratio [OnTime]),
        shared!("satisfaction" Number [Satisfaction]),
        shared!("past_due" Money [PastDue]),
        shared!("pipeline" Money [Pipeline]),
        shared!("leads" Number []),
        shared!("wins" Number []),
        shared!("losses" Number []),
        OwnColumn::new("training_due", Type::Number, |asked, it| {
            Value::count(it.trainings(asked, is_due))
        }),
        OwnColumn::new("training_done", Type::Number, |asked, it| {
            Value::count(it.trainings(asked, is_done))
        }),
    ],
    usual: &[
        "staff",
        "name",
        "status",
        "customers",
        "annual_value",
        "visits_needed",
        "load",
        "overdue_customers",
        "contacts",
        "open_cases",
        "late_cases",
        "on_time",
        "satisfaction",
        "wins",
    ],
    spare: &[
        "wins",
        "satisfaction",
        "on_time",
        "late_cases",
        "open_cases",
        "contacts",
        "visits_needed",
        "status",
        "name",
    ],
    order: "status,staff",
    rests_on: &[
        Metric::Owner,
        Metric::OwnerStatus,
        Metric::OpenCases,
        Metric::Cadence,
        Metric::AnnualRevenue,
    ],
    needs: |_, _| Needs::default().with_work(),
    rows,
    said,
    keys: Some(&["staff"]),
    parts: &[("need", Need::form)],
    drops_blank: true,
    has_exit_code: false,
    ..Report::BASE
};

/// What is put to a person, or to nobody.
pub(crate) struct Member {
    staff: Option<String>,
    status: &'static str,
    /// Its place in staff.toml, if it stands there.
    place: Option<usize>,
    share: WorkShare,
}

row_of_nobody!(Member);

/// What the file says of whom it lacks.
const UNKNOWN: &str = "unknown";

/// How people stand to the book, in the order of the rows.
const STATUSES: [&str; 5] = ["ok", "not-yet", "left", UNKNOWN, "none"];

impl Member {
    /// Makes the row of a person, or of nobody.
    fn new(asked: &Asked<'_>, staff: Option<&str>, share: WorkShare) -> Self {
        let status = owner_status(asked.figures().context(), staff);
        let members = asked.loaded.book.staff.as_deref().unwrap_or_default();
        Self {
            staff: staff.map(str::to_owned),
            status: status.map_or(UNKNOWN, OwnerStatus::word),
            place: members.iter().position(|it| Some(&*it.id) == staff),
            share,
        }
    }

    /// Returns what staff.toml says of the person.
    fn of_file<'a>(&self, asked: &'a Asked<'_>) -> Option<&'a StaffMember> {
        asked.loaded.book.staff.as_deref()?.get(self.place?)
    }

    /// Returns how many visits a year the person can make, if the file says so.
    fn visits(&self, asked: &Asked<'_>) -> Option<u32> {
        self.of_file(asked)?.visits_per_year
    }

    /// Counts trainings of the person.
    fn trainings(&self, asked: &Asked<'_>, is_counted: fn(&Training, Day) -> bool) -> usize {
        let as_of = Day::of(asked.as_of);
        let trainings = self.of_file(asked).map_or(&[][..], |it| &it.training);
        trainings.iter().filter(|it| is_counted(it, as_of)).count()
    }
}

/// Returns a figure of what is put to somebody, by the name of its column.
fn figure(asked: &Asked<'_>, share: &WorkShare, name: &str) -> Value<'static> {
    let figures = asked.figures();
    let of_owned = |metric| {
        let taken = Taken::Group;
        let column = GroupColumn { taken, metric };
        column.shown(figures.of_group(&share.owned, column))
    };
    match name {
        "customers" => Value::count(share.owned.len()),
        "annual_value" => of_owned(Metric::AnnualValue),
        "visits_needed" => visits_needed(figures, &share.owned),
        "overdue_customers" => Value::count(overdue_count(figures, &share.owned)),
        "contacts" => Value::whole(share.done.contacts),
        "open_cases" => Value::count(share.cases.open),
        "late_cases" => Value::count(share.cases.late),
        "response_days" => share.cases.response_days().into(),
        "on_time" => share.cases.on_time().into(),
        "satisfaction" => of_owned(Metric::Satisfaction),
        "past_due" => of_owned(Metric::PastDue),
        "pipeline" => of_owned(Metric::Pipeline),
        "leads" => Value::whole(share.done.leads),
        "wins" => Value::whole(share.done.wins),
        "losses" => Value::whole(share.done.losses),
        _ => Value::Unknown,
    }
}

/// Tells whether a training should have been by a day, and was not.
fn is_due(training: &Training, day: Day) -> bool {
    let is_by = |it: Option<chrono::NaiveDate>| it.is_some_and(|it| Day::of(it) <= day);
    is_by(training.planned) && !is_by(training.done)
}

/// Tells whether a training was in the year up to a day.
fn is_done(training: &Training, day: Day) -> bool {
    let done = training.done.map(Day::of);
    done.is_some_and(|it| it <= day && in_year(day, it))
}

/// Returns the members of the staff in service, and whoever else has something.
fn rows(asked: &Asked<'_>) -> ReportRows<Member> {
    let mut shares = shares(asked.figures(), &asked.chosen());
    let as_of = Day::of(asked.as_of);
    for member in asked.loaded.book.staff.iter().flatten() {
        if member_status(member, as_of) == OwnerStatus::Ok {
            shares.entry(Some(&member.id)).or_default();
        }
    }
    let rows = shares.into_iter();
    let rows = rows.map(|(staff, share)| Member::new(asked, staff, share));
    rows.collect::<Vec<_>>().into()
}

/// Says what all carry together, and how many are needed.
fn said<'f>(asked: &'f Asked<'_>, rows: &[Member]) -> RowsSaid<'f> {
    let mut whole = WorkShare {
        owned: asked.chosen(),
        ..WorkShare::default()
    };
    let mut visits: Option<u64> = None;
    let (mut due, mut done) = (0, 0);
    for row in rows {
        whole.done += row.share.done;
        whole.cases += row.share.cases;
        if let Some(number) = row.visits(asked) {
            *visits.get_or_insert(0) += u64::from(number);
        }
        due += row.trainings(asked, is_due);
        done += row.trainings(asked, is_done);
    }
    if rows.is_empty() {
        visits = Some(0);
    }
    let stating: Vec<&Member> = rows
        .iter()
        .filter(|it| it.visits(asked).is_some_and(|it| it > 0))
        .collect();
    let mut theirs: Vec<u32> = stating
        .iter()
        .flat_map(|it| it.share.owned.clone())
        .collect();
    theirs.sort_unstable();
    let need = Need::of(asked, rows, &whole.owned);
    let total = move |name: &str| match name {
        "visits_per_year" => visits.map_or(Value::Unknown, |it| {
            Value::whole(i64::try_from(it).unwrap_or(i64::MAX))
        }),
        "load" => load(&visits_needed(asked.figures(), &theirs), visits),
        "training_due" => Value::count(due),
        "training_done" => Value::count(done),
        _ => figure(asked, &whole, name),
    };
    RowsSaid {
        total_row: Some(Box::new(total)),
        below: need.told(asked),
        parts: vec![("need", need.document())],
        nothing: say!(
            "there is nobody: no customer, no staff.toml, and no row that names one",
            "没有人员：没有客户，没有 staff.toml，记录中也没有提到谁"
        )
        .into(),
        ..RowsSaid::default()
    }
}
