//! How well the method would have done on this very book: fitted on the past, held against what came.
//!
//! Everything but what came is computed as it stood on the day of the past, tiers and rules too. The
//! naive rules beside it are what a person with a calendar can do; a model that is no better is not
//! worth its trouble.

use std::cmp::Ordering;

use super::asked::Asked;
use super::basis::{correlation_warning, rests_on};
use super::digits::short;
use super::given::{Given, Opt, Takes};
use super::shape::{AnyReport, OwnColumn, ReadNeeded, Report, ReportRows, row_of_nobody};
use crate::customer_base::backtest::{Accuracy, Coverage, WarningQuality, calibration, own_rate};
use crate::customer_base::behaviour::Behaviour;
use crate::customer_base::history::{DAYS_PER_WEEK, History};
use crate::customer_base::spend::{Purchases, Spend};
use crate::customer_base::value::{LifetimeValue as Range, equity_range};
use crate::figures::value::{OrderDays, buyer};
use crate::figures::{Figures, FiguresContext};
use crate::metric::level::ChurnLevel;
use crate::metric::{Metric, Type, Value};
use crate::model::{Day, Money, Word as _};
use crate::rule::Rule;
use crate::words::{say, spoken};

/// The option that asks for this answer in the place of a report of the model's figures.
pub(crate) const BACKTEST_OPTION: Opt = Opt::flag(
    "backtest",
    "Test the method on this book: fit on the past, predict, and compare with what came",
);

/// The option that says how far back it looks.
pub(crate) const HORIZON: Opt = Opt::taking(
    "horizon",
    Takes::Time,
    "SPAN",
    "How far before the day the backtest stands",
)
.default("26w")
.only_with("backtest");

/// Returns this answer, if it is asked for.
pub(crate) fn backtest_instead(given: &Given) -> Option<&'static dyn AnyReport> {
    given.has("backtest").then_some(&BACKTEST)
}

/// The answer: one row a method.
pub(crate) static BACKTEST: Report<BacktestLine> = Report {
    name: "backtest",
    // Two days are asked about.
    reading: ReadNeeded::Rows,
    own: &[
        OwnColumn::new("part", Type::Text, |_, it| it.part.into()),
        OwnColumn::new("method", Type::Text, |_, it| it.method.into()),
        OwnColumn::new("customers", Type::Number, |_, it| {
            Value::count(it.customers)
        }),
        OwnColumn::new("predicted", Type::Number, |asked, it| {
            number(asked, it.predicted)
        }),
        OwnColumn::new("observed", Type::Number, |asked, it| {
            number(asked, it.observed)
        }),
        OwnColumn::new("total_error", Type::Ratio, |_, it| it.total_error.into()),
        OwnColumn::new("mae", Type::Number, |asked, it| number(asked, it.mae)),
        OwnColumn::new("rmse", Type::Number, |asked, it| number(asked, it.rmse)),
        OwnColumn::new("precision", Type::Ratio, |_, it| it.precision.into()),
        OwnColumn::new("recall", Type::Ratio, |_, it| it.recall.into()),
        OwnColumn::new("f1", Type::Ratio, |_, it| it.f1.into()),
    ],
    usual: &[
        "part",
        "method",
        "customers",
        "predicted",
        "observed",
        "total_error",
        "mae",
        "rmse",
        "precision",
        "recall",
        "f1",
    ],
    spare: &["f1", "rmse", "customers", "mae", "recall"],
    rows: backtest,
    ..Report::BASE
};

/// One row: how good a method was at a part.
#[derive(Default)]
pub(crate) struct BacktestLine {
    part: &'static str,
    method: &'static str,
    customers: usize,
    predicted: Option<f64>,
    observed: Option<f64>,
    total_error: Option<f64>,
    mae: Option<f64>,
    rmse: Option<f64>,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
}

row_of_nobody!(BacktestLine);

/// Returns a number; people need its size and not its last digit.
fn number(asked: &Asked<'_>, number: Option<f64>) -> Value<'static> {
    match number {
        Some(number) if asked.reader.is_person() => Value::text(short(number)),
        number => number.into(),
    }
}

/// What the figures of the past must hold.
const METRICS: [Metric; 5] = [
    Metric::Lost,
    Metric::ChurnRisk,
    Metric::Churn,
    Metric::OrderAge,
    Metric::ChurnHorizon,
];

/// A chance of no order above this is a warning.
const LIKELY: f64 = 0.5;

/// The ends of the range, as chances.
const RANGE: (f64, f64) = (0.1, 0.9);

/// One customer with an order in the past: what was known, and what came.
struct PastBuyer {
    index: usize,
    history: History,
    purchases: Purchases,
    /// What came of orders and of revenue.
    came: OrderWindow,
    /// What came in a time of the same length up to the past day.
    last: OrderWindow,
}

/// The order days and the net revenue of a time.
#[derive(Clone, Copy, Debug, Default)]
struct OrderWindow {
    orders: f64,
    revenue: f64,
}

/// What the model said of one customer.
struct Foretold {
    orders: f64,
    /// What one order day is taken to bring; `None` where no order has an amount.
    order_value: Option<f64>,
    /// The chance of no order; `None` without a fit.
    none: Option<f64>,
    low: f64,
    high: f64,
}

impl Foretold {
    /// Returns the revenue with its range, as `value` prints them of a longer time.
    fn revenue(&self) -> Option<Range> {
        let value = self.order_value?;
        Some(Range {
            clv: self.orders * value,
            low: self.low * value,
            high: self.high * value,
        })
    }
}

/// Holds what the figures of a past day say against what came since, one row a method.
///
/// The rule, judged on the past day, chooses whom to look at, while the model is fitted to all. Without a
/// model only the naive rules are there.
fn backtest(asked: &Asked<'_>) -> ReportRows<BacktestLine> {
    let to = Day::of(asked.as_of);
    let horizon = asked.given.days("horizon").expect("it has a default");
    let from = to.plus(-horizon).date();
    let past = &asked.figures_on(from, asked.needs_of(METRICS));
    let weeks = days(past.context().as_of, to) / DAYS_PER_WEEK;
    let buyers = buyers(past, asked.rule, to);
    let foretold = foretell(past, &buyers, weeks);
    let mut rows = BacktestTable::default();
    accuracies(&mut rows, &buyers, foretold.as_deref(), weeks);
    if let Some(foretold) = &foretold {
        let pairs = buyers.iter().zip(foretold);
        let silent: Vec<_> = pairs
            .filter_map(|(buyer, it)| Some((it.none?, buyer.came.orders == 0.0)))
            .collect();
        for (band, name) in calibration(&silent).iter().zip(DECILES) {
            rows.compare(
                "calibration",
                name,
                band.customers,
                band.predicted,
                band.observed,
            );
        }
        ranges(&mut rows, &buyers, foretold, weeks);
    }
    let fitted = foretold.as_deref().filter(|_| past.outlooks().fit.is_ok());
    flags(&mut rows, past, &buyers, fitted);
    let mut notes = Vec::from_iter(foretold.and_then(|it| verdict(&buyers, &it)));
    let basis = rests_on(
        past.outlooks(),
        spoken().pick("only the naive rules are here", "这里只有简单规则"),
    );
    let to = asked.as_of;
    notes.push(say!(
        "{basis}; known up to {from}, predicted to {to}",
        "{basis}；已知至 {from}，预测至 {to}"
    ));
    notes.extend(correlation_warning(past.outlooks()));
    let rows = rows.lines;
    ReportRows { rows, notes }
}

/// Says how far the total of the orders was off, how often the ranges held, and whether the model was
/// worth its trouble, of orders and of revenue.
fn verdict(buyers: &[PastBuyer], foretold: &[Foretold]) -> Option<String> {
    let accuracy = |predicted: Vec<f64>, came: &dyn Fn(&PastBuyer) -> f64| {
        let pairs: Vec<_> = predicted.into_iter().zip(buyers.iter().map(came)).collect();
        Accuracy::of(&pairs)
    };
    let last =
        |part: &dyn Fn(&OrderWindow) -> f64| buyers.iter().map(|it| part(&it.last)).collect();
    let orders = |it: &PastBuyer| it.came.orders;
    let model = accuracy(foretold.iter().map(|it| it.orders).collect(), &orders)?;
    let naive = accuracy(last(&|it| it.orders), &orders)?;
    let total = match model.error_of_total() {
        None => say!("orders of all: none came", "订单总数：实际没有"),
        Some(error) if error.abs() < 0.005 => {
            say!("orders of all: as many as came", "订单总数：与实际相同")
        }
        Some(error) => {
            let size = error.abs() * 100.0;
            if error < 0.0 {
                say!(
                    "orders of all: {size:.0} % too few",
                    "订单总数：少估 {size:.0} %"
                )
            } else {
                say!(
                    "orders of all: {size:.0} % too many",
                    "订单总数：多估 {size:.0} %"
                )
            }
        }
    };
    let triples = buyers.iter().zip(foretold);
    let triples: Vec<_> = triples
        .map(|(it, told)| (told.low, told.high, it.came.orders))
        .collect();
    let held = Coverage::of(&triples)?.inside * 100.0;
    let mut parts = vec![
        total,
        say!("80 % ranges held {held:.0} %", "80 % 区间命中 {held:.0} %"),
        say!("orders: {}", "订单：{}", beside_last_time(&model, &naive)),
    ];
    let revenue = |it: &PastBuyer| it.came.revenue;
    let foretold: Option<Vec<f64>> = foretold
        .iter()
        .map(|it| it.revenue().map(|range| range.clv))
        .collect();
    let model = foretold.and_then(|foretold| accuracy(foretold, &revenue));
    if let Some((model, naive)) = model.zip(accuracy(last(&|it| it.revenue), &revenue)) {
        parts.push(say!(
            "revenue: {}",
            "收入：{}",
            beside_last_time(&model, &naive)
        ));
    }
    Some(parts.join(spoken().pick("; ", "；")))
}

/// Says whether the model was nearer than what came last time, customer by customer, and where that
/// differs, in total.
fn beside_last_time(model: &Accuracy, last: &Accuracy) -> String {
    let errors = |it: &Accuracy| (it.mean_absolute_error, (it.predicted - it.observed).abs());
    let ((model, model_total), (last, last_total)) = (errors(model), errors(last));
    let word = |ordering| match ordering {
        Ordering::Less => spoken().pick(("better than", "better"), ("优于", "更好")),
        Ordering::Equal => spoken().pick(("as good as", "as good"), ("等于", "一样")),
        Ordering::Greater => spoken().pick(("worse than", "worse"), ("差于", "更差")),
    };
    let (each, total) = (model.total_cmp(&last), model_total.total_cmp(&last_total));
    let said = say!(
        "{} `as many as last time`",
        "{}“与上次相同”的估计",
        word(each).0
    );
    if each == total {
        said
    } else {
        say!("{said}, but {} in total", "{said}，但总数{}", word(total).1)
    }
}

/// The tenths of the customers by the predicted chance of no order, lowest first.
const DECILES: [&str; 10] = [
    "tenth 1", "tenth 2", "tenth 3", "tenth 4", "tenth 5", "tenth 6", "tenth 7", "tenth 8",
    "tenth 9", "tenth 10",
];

fn days(from: Day, to: Day) -> f64 {
    // A calendar's days are far below 2^53.
    i32::try_from(to.since(from)).map_or(0.0, f64::from)
}

/// Returns the customers with an order up to the past day.
fn buyers(past: &Figures<'_>, rule: Option<&Rule>, to: Day) -> Vec<PastBuyer> {
    let context = past.context();
    let today = past.as_of();
    let (now, length) = (context.as_of, to.since(context.as_of));
    let mut space = OrderDays::default();
    let mut buyers = Vec::new();
    for &index in past.present() {
        let index = index as usize;
        if rule.is_some_and(|rule| !rule.matches(&past.of(index), today)) {
            continue;
        }
        let left = past.value(index, Metric::Lost) == Value::Bool(true);
        let rows = context.book.interactions_of(index).until(now);
        if let Some(known) = buyer(context, index, rows, left, &mut space) {
            buyers.push(PastBuyer {
                index,
                history: known.history,
                purchases: known.purchases,
                came: window(context, index, now, to),
                last: window(context, index, now.plus(-length), now),
            });
        }
    }
    buyers
}

/// Returns the order days after `from` up to `to`, and the revenue of that time.
fn window(context: &FiguresContext<'_>, index: usize, from: Day, to: Day) -> OrderWindow {
    let rows = context.book.interactions_of(index).until(to);
    let (mut orders, mut last) = (0.0, None);
    let mut revenue = Money::whole(0);
    for row in rows.rows().iter().filter(|row| row.day > from) {
        if context.roles.is_order(row) {
            revenue += row.amount();
            if last.replace(row.day) != Some(row.day) {
                orders += 1.0;
            }
        } else if context.roles.is_revenue_credit(rows, row) {
            revenue -= row.amount();
        }
    }
    OrderWindow {
        orders,
        revenue: revenue.to_f64(),
    }
}

/// Returns what the model says of each buyer; `None` without a model.
fn foretell(past: &Figures<'_>, buyers: &[PastBuyer], weeks: f64) -> Option<Vec<Foretold>> {
    let outlooks = past.outlooks();
    let (behaviour, spend) = (outlooks.behaviour.as_ref()?, outlooks.spend.as_ref());
    let is_fitted = outlooks.fit.is_ok();
    let weeks = weeks * outlooks.trend.pace();
    // Equal histories stand together, so that each distribution is made once.
    let key = |at: &usize| {
        let history = &buyers[*at].history;
        (
            history.repeats,
            history.age_days,
            history.recency_days,
            history.left,
        )
    };
    let mut places: Vec<usize> = (0..buyers.len()).collect();
    places.sort_unstable_by_key(key);
    let mut foretold: Vec<Option<Foretold>> = buyers.iter().map(|_| None).collect();
    for equal in places.chunk_by(|a, b| key(a) == key(b)) {
        let ahead = Expectation::of(behaviour, is_fitted, &buyers[equal[0]].history, weeks);
        for &at in equal {
            foretold[at] = Some(ahead.of_buyer(spend, &buyers[at]));
        }
    }
    foretold.into_iter().collect()
}

/// What a history lets expect.
struct Expectation {
    expected: f64,
    none: Option<f64>,
    low: f64,
    high: f64,
}

impl Expectation {
    fn of(behaviour: &Behaviour, is_fitted: bool, history: &History, weeks: f64) -> Self {
        let forecast = behaviour.forecast(&history.record());
        let orders = forecast.orders(weeks);
        let end = |level| u32::try_from(orders.quantile(level)).map_or(f64::INFINITY, f64::from);
        Self {
            expected: forecast.expected_orders(weeks),
            none: is_fitted.then(|| forecast.p_no_order(weeks)),
            low: end(RANGE.0),
            high: end(RANGE.1),
        }
    }

    fn of_buyer(&self, spend: Option<&Spend>, buyer: &PastBuyer) -> Foretold {
        Foretold {
            orders: self.expected,
            order_value: spend.map(|it| it.expected_order_value(&buyer.purchases)),
            none: self.none,
            low: self.low,
            high: self.high,
        }
    }
}

/// The name of the model's rows.
const MODEL: &str = "model";

/// The name of the rule that the next time brings what the last of the same length brought.
const LAST_WINDOW: &str = "last window";

/// Adds the errors of orders and of revenue, of the model and of the naive rules.
fn accuracies(
    rows: &mut BacktestTable,
    buyers: &[PastBuyer],
    foretold: Option<&[Foretold]>,
    weeks: f64,
) {
    let orders = |buyer: &PastBuyer| buyer.came.orders;
    let revenue = |buyer: &PastBuyer| buyer.came.revenue;
    let rate = |buyer: &PastBuyer| own_rate(&buyer.history, weeks);
    let spent = |buyer: &PastBuyer| rate(buyer) * buyer.purchases.mean;
    let model =
        |part: fn(&Foretold) -> Option<f64>| foretold.and_then(|it| it.iter().map(part).collect());
    let naive = |part: &dyn Fn(&PastBuyer) -> f64| Some(buyers.iter().map(part).collect());
    let mut compare =
        |part, method, predicted: Option<Vec<f64>>, observed: fn(&PastBuyer) -> f64| {
            let Some(predicted) = predicted else { return };
            let observed = buyers.iter().map(observed);
            let pairs: Vec<_> = predicted.into_iter().zip(observed).collect();
            if let Some(accuracy) = Accuracy::of(&pairs) {
                rows.accuracy(part, method, &accuracy);
            }
        };
    let of_revenue = |it: &Foretold| it.revenue().map(|range| range.clv);
    compare("orders", MODEL, model(|it| Some(it.orders)), orders);
    compare("orders", "own rate", naive(&rate), orders);
    compare("orders", LAST_WINDOW, naive(&|it| it.last.orders), orders);
    compare("orders", "nobody buys", naive(&|_| 0.0), orders);
    compare("revenue", MODEL, model(of_revenue), revenue);
    compare("revenue", "own rate", naive(&spent), revenue);
    compare(
        "revenue",
        LAST_WINDOW,
        naive(&|it| it.last.revenue),
        revenue,
    );
    compare("revenue", "nobody buys", naive(&|_| 0.0), revenue);
}

/// Adds how often the 10-90 % ranges held what came, of each customer and of all together.
fn ranges(rows: &mut BacktestTable, buyers: &[PastBuyer], foretold: &[Foretold], weeks: f64) {
    let of_orders = buyers.iter().zip(foretold);
    let of_orders: Vec<_> = of_orders
        .map(|(it, told)| (told.low, told.high, it.came.orders))
        .collect();
    let printed: Option<Vec<Range>> = foretold.iter().map(Foretold::revenue).collect();
    let of_revenue: Option<Vec<_>> = printed.as_ref().map(|ranges| {
        let ranges = ranges.iter().zip(buyers);
        let of = |(range, it): (&Range, &PastBuyer)| (range.low, range.high, it.came.revenue);
        ranges.map(of).collect()
    });
    let names = [
        ("orders inside", "orders below", "orders above"),
        ("revenue inside", "revenue below", "revenue above"),
    ];
    let (low, high) = RANGE;
    for (names, triples) in names.into_iter().zip([Some(of_orders), of_revenue]) {
        if let Some(found) = triples.as_deref().and_then(Coverage::of) {
            let count = buyers.len();
            rows.compare("range", names.0, count, high - low, found.inside);
            rows.compare("range", names.1, count, low, found.below);
            rows.compare("range", names.2, count, 1.0 - high, found.above);
        }
    }
    let years = weeks * DAYS_PER_WEEK / 365.0;
    if let Some((low, high)) = printed.and_then(|ranges| equity_range(&ranges, years)) {
        let came = buyers.iter().map(|it| it.came.revenue).sum();
        rows.compare("range total", "revenue low", buyers.len(), low, came);
        rows.compare("range total", "revenue high", buyers.len(), high, came);
    }
}

/// Adds how good the warnings were: who is flagged, against who did not order.
fn flags(
    rows: &mut BacktestTable,
    past: &Figures<'_>,
    buyers: &[PastBuyer],
    foretold: Option<&[Foretold]>,
) {
    let mut flag = |method, flagged: Vec<bool>| {
        let silent = buyers.iter().map(|buyer| buyer.came.orders == 0.0);
        let pairs: Vec<_> = flagged.into_iter().zip(silent).collect();
        rows.warning(method, &WarningQuality::of(&pairs));
    };
    if let Some(foretold) = foretold {
        let is_silent = |it: &Foretold| it.none.is_some_and(|chance| chance > LIKELY);
        flag("no order > 50 %", foretold.iter().map(is_silent).collect());
        let risk = |buyer: &PastBuyer| past.value(buyer.index, Metric::ChurnRisk).to_f64();
        let is_risky = |buyer| risk(buyer).is_some_and(|risk| risk > LIKELY);
        flag("churn_risk > 50 %", buyers.iter().map(is_risky).collect());
    }
    let is_warned = |buyer: &PastBuyer| match past.value(buyer.index, Metric::Churn) {
        Value::Text(level) => ChurnLevel::of_word(&level) >= Some(ChurnLevel::AtRisk),
        _ => false,
    };
    flag("policy at-risk", buyers.iter().map(is_warned).collect());
    let is_silent_too_long = |buyer: &PastBuyer| {
        let age = past.value(buyer.index, Metric::OrderAge);
        let horizon = past.value(buyer.index, Metric::ChurnHorizon);
        age.compare(&horizon) == Some(Ordering::Greater)
    };
    let too_long = buyers.iter().map(is_silent_too_long).collect();
    flag("order_age > churn_horizon", too_long);
    flag("everybody", vec![true; buyers.len()]);
}

/// The rows as they grow.
#[derive(Default)]
struct BacktestTable {
    lines: Vec<BacktestLine>,
}

impl BacktestTable {
    fn accuracy(&mut self, part: &'static str, method: &'static str, found: &Accuracy) {
        self.lines.push(BacktestLine {
            part,
            method,
            customers: found.customers,
            predicted: Some(found.predicted),
            observed: Some(found.observed),
            total_error: found.error_of_total(),
            mae: Some(found.mean_absolute_error),
            rmse: Some(found.root_mean_square_error),
            ..BacktestLine::default()
        });
    }

    fn compare(
        &mut self,
        part: &'static str,
        method: &'static str,
        customers: usize,
        predicted: f64,
        observed: f64,
    ) {
        self.lines.push(BacktestLine {
            part,
            method,
            customers,
            predicted: Some(predicted),
            observed: Some(observed),
            ..BacktestLine::default()
        });
    }

    fn warning(&mut self, method: &'static str, found: &WarningQuality) {
        self.lines.push(BacktestLine {
            part: "flag",
            method,
            customers: found.flagged,
            precision: found.precision,
            recall: found.recall,
            f1: found.f1,
            ..BacktestLine::default()
        });
    }
}
