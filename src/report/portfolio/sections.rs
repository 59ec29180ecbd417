//! The sections of the portfolio and their indicators: a line each.

use super::side::{Side, share};
use super::winning::Deal;
use crate::figures::Number;
use crate::figures::whole::renewal_rate;
use crate::figures::work::overdue_count;
use crate::metric::level::{Abc, ChurnLevel, Movement, RevisitStatus};
use crate::metric::{Metric, Type, Value};
use crate::model::{Fraction, Money, Word as _};

/// A part of the portfolio.
pub(super) struct Section {
    pub(super) name: &'static str,
    /// What people read above it.
    pub(super) heading: &'static str,
    /// Whether it is shown where none is named.
    pub(super) is_usual: bool,
    /// The metrics that it looks at.
    pub(super) metrics: &'static [Metric],
    pub(super) indicators: &'static [Indicator],
}

/// One number of the whole.
pub(super) struct Indicator {
    pub(super) name: &'static str,
    pub(super) kind: Type,
    /// What it is, in few words; empty where its name says it.
    pub(super) told: &'static str,
    /// The command that gives or explains it: its name, its rule, its options.
    pub(super) command: [&'static str; 3],
    /// Returns it exactly: money may be a fraction.
    pub(super) of: fn(&Side<'_>) -> Value<'static>,
}

/// Those that bought in the year.
const BOUGHT: &str = "movement in (kept, new, returned)";

/// Those that were won in this book, but for whose cooperation began before its rows.
const WON: &str = "contacts_to_close is known";

macro_rules! sections {
    ($($section:literal $heading:literal $is_usual:literal [$($metric:ident),* $(,)?] {
        $($name:literal $kind:ident $told:literal [$command:literal $rule:tt $options:literal] $of:expr;)+
    })+) => {
        /// All sections, in their order.
        pub(super) const SECTIONS: &[Section] = &[$(Section {
            name: $section,
            heading: $heading,
            is_usual: $is_usual,
            metrics: &[$(Metric::$metric),*],
            indicators: &[$(Indicator {
                name: $name,
                kind: Type::$kind,
                told: $told,
                command: [$command, $rule, $options],
                of: $of,
            }),+],
        }),+];
    };
}

sections! {
    "size" "Customers" true [Orders, Lost, Movement] {
        "customers" Number "" ["summary" "" "-c customers"] |side| count(side.customers.len());
        "buyers" Number "with an order" ["summary" "orders > 0" "-c customers"] |side| count(side.count(|it| side.is_above_zero(it, Metric::Orders)));
        "potential" Number "without an order, not lost" ["summary" "orders = 0 and not lost" "-c customers"] |side| { let is_so = |it| !side.is_above_zero(it, Metric::Orders) && !side.is_lost(it); count(side.count(is_so)) };
        "bought_in_year" Number "" ["summary" BOUGHT "-c customers"] |side| count(side.bought().len());
    }
    "value" "Value of a year" true [AnnualValue, AnnualRevenue, Growth, AnnualProfit, Pipeline] {
        "annual_value" Money "by `[value] basis` of the policy" ["summary" "" "-c annual_value"] |side| side.figure(Metric::AnnualValue);
        "annual_revenue" Money "orders less credits of the year" ["summary" "" "-c annual_revenue"] |side| side.figure(Metric::AnnualRevenue);
        "growth" Ratio "against the year before" ["summary" "" "-c growth"] |side| side.figure(Metric::Growth);
        "annual_profit" Money "known where a margin is" ["summary" "" "-c annual_profit"] |side| side.figure(Metric::AnnualProfit);
        "pipeline" Money "open leads" ["summary" "" "-c pipeline"] |side| side.figure(Metric::Pipeline);
    }
    "concentration" "Concentration" true [AnnualValue, Abc] {
        "top_fifth" Ratio "of the value, with the greatest fifth" ["list" "annual_value > 0" "-s -annual_value -c id,annual_value,share"] |side| top_fifth(side);
        "class_a" Number "customers that bring four fifths" ["summary" "abc = A" "-c customers"] |side| count(side.count(|it| side.is(it, Metric::Abc, Abc::A.word())));
    }
    "movement" "Staying and leaving, by orders" true [Movement, AnnualRevenue, PriorRevenue, Orders, OrderDays] {
        "kept" Number "bought in both years" ["summary" "movement = kept" "-c customers"] |side| moved(side, Movement::Kept);
        "new" Number "bought for the first time" ["summary" "movement = new" "-c customers"] |side| moved(side, Movement::New);
        "returned" Number "after a year without an order" ["summary" "movement = returned" "-c customers"] |side| moved(side, Movement::Returned);
        "stopped" Number "bought the year before, not since" ["summary" "movement = stopped" "-c customers"] |side| moved(side, Movement::Stopped);
        "retention" Ratio "kept / (kept + stopped)" ["summary" "movement in (kept, stopped)" "--by movement -c customers"] |side| side.retention().into();
        "net_retention" Ratio "this year's revenue of last year's buyers" ["summary" "prior_revenue > 0" "-c annual_revenue,prior_revenue"] |side| net_retention(side);
        "gross_retention" Ratio "the same, without what grew" ["list" "prior_revenue > 0" "-c id,prior_revenue,annual_revenue"] |side| gross_retention(side);
        "repeat_rate" Ratio "buyers with two order days or more" ["summary" "orders > 0" "--by order_days -c customers"] |side| repeat_rate(side);
    }
    "churn" "Leaving, by what was logged as lost" true [Lost, Orders] {
        "lost_in_year" Number "lost in the year, and still" ["list" "lost and orders > 0" "-s -lost_on -c id,lost_on,lost_reason"] |side| count(side.gone().lost);
        "lost_rate" Ratio "of those there a year ago" ["list" "first_order <= today - 365d" "-c id,first_order,lost,lost_on"] |side| { let (all, lost) = side.gone().of_those_there; share(lost, all).into() };
        "won_back" Number "" ["trend" "" "-c period,lost,won_back"] |side| count(side.gone().won_back);
    }
    "risk" "At risk" false [Churn, AnnualValue] {
        "at_risk" Number "customers that may leave" ["summary" "churn = at-risk" "-c customers"] |side| count(at_risk(side).len());
        "at_risk_value" Money "what these bring a year" ["summary" "churn = at-risk" "-c annual_value"] |side| side.figure_of(&at_risk(side), Metric::AnnualValue);
    }
    "care" "Care" true [Satisfaction, Complaints, LateCases, OnTime, ResponseDays, RevisitStatus] {
        "satisfaction" Number "0 to 100, by surveys" ["summary" "" "-c satisfaction"] |side| side.figure(Metric::Satisfaction);
        "complaints" Number "of the year" ["summary" "" "-c complaints"] |side| side.figure(Metric::Complaints);
        "late_cases" Number "now" ["summary" "" "-c late_cases"] |side| side.figure(Metric::LateCases);
        "on_time" Ratio "of the year's cases" ["summary" "" "-c on_time"] |side| side.figure(Metric::OnTime);
        "response_days" Days "to the first answer" ["summary" "" "-c response_days"] |side| side.figure(Metric::ResponseDays);
        "overdue_customers" Number "should have been seen" ["summary" "revisit_status = overdue" "-c customers"] |side| count(overdue_count(side.figures(), &side.customers));
        "on_schedule" Ratio "of those that are to be seen" ["summary" "revisit_status != paused" "--by revisit_status -c customers"] |side| on_schedule(side);
    }
    "archive" "Archive" false [Completeness, ReviewDue] {
        "completeness" Ratio "of the fields of files" ["summary" "" "-c completeness"] |side| side.figure(Metric::Completeness);
        "reviews_due" Number "files to go through" ["summary" "review_due <= today" "-c customers"] |side| reviews_due(side);
    }
    "money" "Money owed" true [Receivable, PastDue, Advance, Dso] {
        "receivable" Money "" ["summary" "" "-c receivable"] |side| side.figure(Metric::Receivable);
        "past_due" Money "" ["summary" "" "-c past_due"] |side| side.figure(Metric::PastDue);
        "past_due_share" Ratio "" ["summary" "" "-c past_due,receivable"] |side| quotient(&side.figure(Metric::PastDue), &side.figure(Metric::Receivable));
        "advance" Money "waits for an invoice" ["summary" "" "-c advance"] |side| side.figure(Metric::Advance);
        "dso" Days "of sales that are owed" ["summary" "" "-c dso"] |side| side.figure(Metric::Dso);
    }
    "agreements" "Agreements" false [Agreements, AgreementValue, Movement, Lost] {
        "under_agreement" Number "with one in force" ["summary" "agreements > 0" "-c customers"] |side| count(side.count(|it| has_agreement(side, it)));
        "signing_rate" Ratio "of those that bought in the year" ["list" BOUGHT "-c id,agreements"] |side| signing_rate(side);
        "agreement_value" Money "" ["summary" "" "-c agreement_value"] |side| side.figure(Metric::AgreementValue);
        "renewal_rate" Ratio "of those whose time for it ended" ["history" "" "--kind agreement"] |side| renewal_rate(side.figures(), &side.customers).into();
    }
    "equity" "Customer equity" false [Clv, ClvLow, ClvHigh, Margin] {
        "clv" Money "lifetime value, as `value` has it" ["value" "" ""] |side| side.equity().clv.into();
        "clv_low" Money "" ["value" "" ""] |side| side.equity().range.map(|it| it.0).into();
        "clv_high" Money "" ["value" "" ""] |side| side.equity().range.map(|it| it.1).into();
        "equity_share" Ratio "of `[market] value` of the policy" ["value" "" ""] |side| equity_share(side);
    }
    "winning" "What winning a customer costs, and brings" false [ContactsToClose, AcquisitionCost, Since, FirstSeen, Orders, Expenses, Movement, AnnualRevenue, Margin] {
        "won" Number "won in this book's rows" ["list" WON "-c id,since,first_seen,contacts_to_close,acquisition_cost"] |side| count(side.winning().won);
        "visits_to_close" Number "contacts up to the first order" ["list" WON "-c id,since,first_seen,contacts_to_close"] |side| known(Deal::of(side).visits_to_close);
        "visit_cost" Money "expenses of one" ["list" WON "-c id,contacts_to_close,acquisition_cost"] |side| known(Deal::of(side).visit_cost);
        "promotion" Money "expenses by `[winning] promotion`" ["history" "" "--kind expense"] |side| known(Deal::of(side).promotion);
        "cost_of_winning" Money "visits and promotion" ["list" WON "-c id,since,first_seen,acquisition_cost"] |side| known(Deal::of(side).cost_of_winning);
        "spent_on_unwon" Money "on those without an order" ["summary" "orders = 0" "-c expenses"] |side| spent_on_unwon(side);
        "yearly_spend" Money "of one that bought in the year" ["summary" BOUGHT "-c mean:annual_revenue"] |side| known(Deal::of(side).yearly_spend);
        "years_kept" Number "1 / (1 - retention)" ["summary" "movement in (kept, stopped)" "--by movement -c customers"] |side| known(Deal::of(side).years_kept);
        "new_customer_value" Money "spend x years x margin" ["summary" BOUGHT "-c mean:annual_revenue,margin"] |side| known(Deal::of(side).new_customer_value);
        "value_to_cost" Number "times what winning one costs" ["portfolio" "" "--sections winning"] |side| known(Deal::of(side).value_to_cost());
    }
}

/// The names of the sections, and the word for all of them.
pub(super) const NAMES: &[&str] = &[
    "size",
    "value",
    "concentration",
    "movement",
    "churn",
    "risk",
    "care",
    "archive",
    "money",
    "agreements",
    "equity",
    "winning",
    "all",
];

fn count(count: usize) -> Value<'static> {
    Value::count(count)
}

fn known(number: Option<Number>) -> Value<'static> {
    number.map_or(Value::Unknown, Value::from)
}

/// Divides one value by another, if both are known.
fn quotient(part: &Value<'_>, whole: &Value<'_>) -> Value<'static> {
    let numbers = Number::of(part).zip(Number::of(whole));
    known(numbers.and_then(|(part, whole)| part.by(whole)))
}

fn moved(side: &Side<'_>, movement: Movement) -> Value<'static> {
    Value::count(side.moved(&[movement]).len())
}

/// Returns which share of the value comes from the greatest fifth of those that bring any.
fn top_fifth(side: &Side<'_>) -> Value<'static> {
    let values = side.customers.iter();
    let values = values.map(|it| side.money(*it, Metric::AnnualValue));
    let mut values: Vec<Money> = values.filter(|it| *it > Money::ZERO).collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    let greatest = values.iter().take(values.len().div_ceil(5)).copied();
    let (greatest, all): (Money, Money) = (greatest.sum(), values.iter().copied().sum());
    Fraction::new(greatest.0, all.0).into()
}

/// Returns what the buyers of the year before brought in the year, over what they brought then.
fn net_retention(side: &Side<'_>) -> Value<'static> {
    retained(side, |now, _| now)
}

/// Returns the same, where nobody counts for more than before.
fn gross_retention(side: &Side<'_>) -> Value<'static> {
    retained(side, |now, before| now.at_least_zero().min(before))
}

fn retained(side: &Side<'_>, counted: fn(Money, Money) -> Money) -> Value<'static> {
    let (mut now, mut before) = (Money::ZERO, Money::ZERO);
    for &index in &side.customers {
        let prior = side.money(index, Metric::PriorRevenue);
        if prior > Money::ZERO {
            now += counted(side.money(index, Metric::AnnualRevenue), prior);
            before += prior;
        }
    }
    Fraction::new(now.0, before.0).into()
}

fn repeat_rate(side: &Side<'_>) -> Value<'static> {
    let buyers = side.those(|it| side.is_above_zero(it, Metric::Orders));
    let repeated = buyers.iter();
    let repeated = repeated.filter(|it| side.is_at_least(**it, Metric::OrderDays, 2.0));
    share(repeated.count(), buyers.len()).into()
}

fn at_risk(side: &Side<'_>) -> Vec<u32> {
    side.those(|it| side.is(it, Metric::Churn, ChurnLevel::AtRisk.word()))
}

fn on_schedule(side: &Side<'_>) -> Value<'static> {
    let paused = RevisitStatus::Paused.word();
    let to_see = side.count(|it| !side.is(it, Metric::RevisitStatus, paused));
    let overdue = overdue_count(side.figures(), &side.customers);
    share(to_see - overdue, to_see).into()
}

fn reviews_due(side: &Side<'_>) -> Value<'static> {
    let today = Value::Date(side.figures().as_of());
    let is_due = |it| {
        let due = side.figures().value(it, Metric::ReviewDue);
        due.compare(&today).is_some_and(std::cmp::Ordering::is_le)
    };
    Value::count(side.count(|it| is_due(it as usize)))
}

fn has_agreement(side: &Side<'_>, index: u32) -> bool {
    side.is_above_zero(index, Metric::Agreements)
}

fn signing_rate(side: &Side<'_>) -> Value<'static> {
    let bought = side.bought();
    let signed = bought.iter().filter(|it| has_agreement(side, **it));
    share(signed.count(), bought.len()).into()
}

fn equity_share(side: &Side<'_>) -> Value<'static> {
    let parts = side.equity().clv.zip(side.figures().policy().market);
    let share = parts.and_then(|(clv, market)| Fraction::new(clv.0, market.0));
    share.into()
}

fn spent_on_unwon(side: &Side<'_>) -> Value<'static> {
    let unwon = side.those(|it| !side.is_above_zero(it, Metric::Orders));
    let spent = unwon.iter().map(|it| side.money(*it, Metric::Expenses));
    spent.sum::<Money>().into()
}
