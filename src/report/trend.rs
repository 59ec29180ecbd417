//! Which way it is going: what happened in each week, month, quarter or year, and how it stood at its end.

use super::asked::Asked;
use super::asked_periods::{BY, SINCE, check_since, periods};
use super::cohorts::cohorts_instead;
use super::given::Opt;
use super::period_ends::{EndName, PeriodEnds, PeriodSide};
use super::row::{Derived, OwnColumn, Row};
use super::shape::{ReadNeeded, Report, RowsSaid};
use crate::figures::flows::{Course, Flow, Flows};
use crate::metric::{GroupColumn, Type, Value};
use crate::model::{Day, Fraction, Period, PeriodLength};
use crate::parallel;
use crate::source::Cut as _;
use crate::words::{say, write_say};

/// Makes the columns of flows, three each, and the list of their names.
macro_rules! flows {
    ($($name:literal $flow:ident),+ $(,)?) => {
        /// The names of the flows.
        const FLOWS: &[(&str, Flow)] = &[$(($name, Flow::$flow)),+];

        const OWN: &[OwnColumn<TrendPeriod>] = &[
            OwnColumn::new("period", Type::Text, |asked, it| it.name(asked)),
            OwnColumn::new("from", Type::Date, |_, it| it.from.date().into()),
            OwnColumn::new("to", Type::Date, |_, it| it.to.date().into()),
            OwnColumn::new("complete", Type::Bool, |_, it| it.is_complete.into()),
            $(OwnColumn::new($name, Flow::$flow.kind(), |_, it| it.now.value(Flow::$flow)),)+
            $(OwnColumn::new(concat!("before:", $name), Flow::$flow.kind(), |_, it| {
                it.before.value(Flow::$flow)
            }),)+
            $(OwnColumn::new(concat!("change:", $name), Type::Ratio, |_, it| {
                change(&it.now, &it.before, Flow::$flow)
            }),)+
        ];
    };
}

flows! {
    "orders" Orders,
    "order_days" OrderDays,
    "revenue" Revenue,
    "invoiced" Invoiced,
    "paid" Paid,
    "written_off" WrittenOff,
    "expenses" Expenses,
    "contacts" Contacts,
    "new" New,
    "lost" Lost,
    "won_back" WonBack,
    "complaints" Complaints,
    "requests" Requests,
    "resolved" Resolved,
    "leads" Leads,
    "leads_won" LeadsWon,
    "leads_lost" LeadsLost,
}

/// The report.
pub(crate) static TREND: Report<TrendPeriod> = Report {
    name: "trend",
    help: "Show which way it is going, period by period\n\n\
        A row is a week, month, quarter or year, the oldest first; the last is cut at the day of the answer \
        and marked with `…` if it is not over. A column counts or sums up what happened in it: `orders`, \
        `revenue`, `paid`, `new`, `lost`, `won_back` and others. `before:` before a name is the same a \
        year earlier, cut at the same day, and `change:` the change since; `end:` before what is known of a \
        group of customers, such as `end:receivable` or `end:mean:score`, is how that stood on the last \
        day. The rule is judged on the day of the answer.\n\n\
        `end:` computes the figures of the book once a period, `before:end:` once more.\n\n\
        Example: `guanxi trend 'segment = metro' --by quarter -c +end:receivable`",
    options: &[
        BY,
        SINCE,
        Opt::flag(
            "cohorts",
            "Show instead how many of those won in a period still buy in later ones",
        ),
    ],
    instead: cohorts_instead,
    reading: ReadNeeded::Rows,
    own: OWN,
    derived: Some(Derived {
        kind: kind_of,
        of: |row, name| row.ends.value(name),
    }),
    usual: &[
        "period",
        "orders",
        "revenue",
        "change:revenue",
        "contacts",
        "new",
        "lost",
        "won_back",
        "complaints",
    ],
    spare: &["complaints"],
    check: check_since,
    rows: |asked| rows(asked).into(),
    said,
    keys: Some(&["period", "from", "to", "complete"]),
    drops_blank: true,
    has_exit_code: false,
    ..Report::BASE
};

/// What happened in a period.
pub(crate) struct TrendPeriod {
    period: Period,
    from: Day,
    /// The last day: of the period, or that of the answer.
    to: Day,
    is_complete: bool,
    now: Flows,
    /// In the same period a year earlier, cut at the same day.
    before: Flows,
    /// How it stood at the end.
    ends: PeriodEnds,
}

impl Row for TrendPeriod {
    const IS_OF_CUSTOMER: bool = false;

    fn customer(&self) -> Option<usize> {
        None
    }

    fn is_rough(&self) -> bool {
        self.ends.are_rough
    }
}

impl TrendPeriod {
    /// Returns the name of the period; people see that it is not over.
    fn name(&self, asked: &Asked<'_>) -> Value<'static> {
        let is_marked = !self.is_complete && asked.reader.is_person();
        let mark = if is_marked { "…" } else { "" };
        Value::from(format!("{}{mark}", self.period))
    }
}

/// Returns the type of a column that tells how something stood.
///
/// # Errors
/// If nothing stands so, or only as `end:`.
fn kind_of(name: &str) -> Result<Option<Type>, String> {
    let (_, rest) = PeriodSide::of_name(name);
    if matches!(GroupColumn::of_name(rest), Ok(Some(_))) || rest == "customers" {
        let prefix = name.cut(..name.len() - rest.len());
        let cure = format!("{prefix}end:{rest}");
        return Err(say!(
            "`{rest}` does not happen in a period: `{cure}` is how it stood at the end",
            "`{rest}` 不按期间发生: 期末的情况用 `{cure}`"
        ));
    }
    Ok(EndName::read(name)?.map(|it| it.kind()))
}

/// Tells whether the report has a column of this name.
pub(super) fn is_column_of_periods(name: &str) -> bool {
    TREND.own.iter().any(|it| it.name == name) || matches!(kind_of(name), Ok(Some(_)))
}

fn rows(asked: &Asked<'_>) -> Vec<TrendPeriod> {
    let today = Day::of(asked.as_of);
    let chosen = asked.chosen();
    let periods = periods(asked, PeriodLength::Month);
    let mut sides = Vec::with_capacity(periods.len());
    for period in periods {
        let (from, to) = (period.first(), period.last().min(today));
        let before = period.a_year_before();
        let before_to = if to < period.last() {
            period.length().a_year_before(today)
        } else {
            before.last()
        };
        sides.push((period, [(from, to), (before.first(), before_to)]));
    }
    let times = sides.iter().flat_map(|it| it.1);
    let course = course(
        asked,
        &chosen,
        times.flat_map(|(from, to)| [from, to.plus(1)]),
    );
    let names = asked.names.iter();
    let names = names.filter_map(|it| EndName::read(it).ok()?);
    let days = sides.iter().map(|it| it.1.map(|time| time.1));
    let ends = PeriodEnds::of_days(
        asked,
        &chosen,
        &names.collect::<Vec<_>>(),
        &days.collect::<Vec<_>>(),
    );
    let spans = sides.into_iter().zip(ends);
    let spans = spans.map(|((period, [now, before]), ends)| {
        let flows = |(from, to): (Day, Day)| course.between(from, to.plus(1));
        TrendPeriod {
            period,
            from: now.0,
            to: now.1,
            is_complete: now.1 == period.last(),
            now: flows(now),
            before: flows(before),
            ends,
        }
    });
    spans.collect()
}

/// Adds up the flows of some customers, on several threads.
fn course(asked: &Asked<'_>, customers: &[u32], starts: impl Iterator<Item = Day>) -> Course {
    let context = asked.figures().context();
    let empty = Course::new(starts.collect());
    let share = customers.len().div_ceil(asked.threads.max(1)).max(1);
    let shares = customers.chunks(share).collect();
    let courses = parallel::map(asked.threads, shares, |share| {
        let mut course = empty.clone();
        for &index in share {
            let index = index as usize;
            let rows = context.book.interactions_of(index).until(context.as_of);
            course.take(context, &context.book.customers[index], rows);
        }
        course
    });
    let mut all = empty;
    for course in &courses {
        all.join(course);
    }
    all
}

/// Returns by what share a flow changed, if it was above 0.
fn change(now: &Flows, before: &Flows, flow: Flow) -> Value<'static> {
    let (now, before) = (now.units(flow), before.units(flow));
    let share = Fraction::new(now - before, before);
    share.filter(|_| before > 0).into()
}

fn said<'f>(_: &'f Asked<'_>, rows: &[TrendPeriod]) -> RowsSaid<'f> {
    let (mut now, mut before) = (Flows::default(), Flows::default());
    for row in rows {
        now += &row.now;
        before += &row.before;
    }
    let total = move |name: &str| {
        let (side, name) = PeriodSide::of_name(name);
        let flow = FLOWS.iter().find(|it| it.0 == name).map(|it| it.1);
        flow.map_or(Value::Unknown, |flow| match side {
            PeriodSide::Now => now.value(flow),
            PeriodSide::Before => before.value(flow),
            PeriodSide::Change => change(&now, &before, flow),
        })
    };
    let revenues: Vec<_> = rows.iter().map(|it| it.now.units(Flow::Revenue)).collect();
    RowsSaid {
        total_row: Some(Box::new(total)),
        below_on_terminal: write_say!("\nrevenue {}\n", "\n收入 {}\n", sparkline(&revenues)),
        ..RowsSaid::default()
    }
}

/// Draws numbers as bars of eight heights, the greatest the highest; what is not above 0 has the lowest.
fn sparkline(numbers: &[i128]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let greatest = numbers.iter().copied().fold(1, i128::max);
    let height = |it: i128| {
        // Rounded up, so that nothing but 0 looks like it.
        let steps = (it.max(0) * 7 + greatest - 1) / greatest;
        BARS[usize::try_from(steps).expect("no number is above the greatest")]
    };
    numbers.iter().map(|it| height(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_is_the_highest_bar_and_only_nothing_the_lowest() {
        for (numbers, drawn) in [
            (&[][..], ""),
            (&[0, 0], "▁▁"),
            (&[0, 1, 50, 100], "▁▂▅█"),
            (&[-5, 7], "▁█"),
            (&[-5, -7], "▁▁"),
        ] {
            assert_eq!(sparkline(numbers), drawn, "{numbers:?}");
        }
    }
}
