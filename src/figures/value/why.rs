//! Why churn risk and lifetime value are what they are: the history, the model, the numbers.

use crate::customer_base::spend::{Purchases, Spend};
use crate::figures::rough::{are_rough, rough_of};
use crate::figures::value::{Expected, NO_AMOUNT, NoFit, Worth, churn_horizon, plan};
use crate::figures::why::words::{
    self, amount_with, counted, days, decimals, exact_percent, factors, money, percent, percent_of,
};
use crate::figures::why::{Reasons, RowPart, Why};
use crate::metric::{Metric, Value, ValueMetric};
use crate::model::{Day, Money, Role};

/// A figure that rests on order days alone.
#[derive(Clone, Copy)]
enum OfOrders {
    Alive,
    Orders,
    Risk,
}

/// A figure that rests on amounts too.
#[derive(Clone, Copy)]
enum OfWorth {
    Value(Point),
    Basis,
}

/// A point of what a customer's value may come to.
#[derive(Clone, Copy)]
enum Point {
    Mean,
    Low,
    High,
}

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_value(&self, metric: ValueMetric, why: &mut Why) {
        match metric {
            ValueMetric::ChurnHorizon => self.why_horizon(why),
            ValueMetric::PAlive => self.why_expected(why, OfOrders::Alive),
            ValueMetric::ExpectedOrders => self.why_expected(why, OfOrders::Orders),
            ValueMetric::ChurnRisk => self.why_expected(why, OfOrders::Risk),
            ValueMetric::ExpectedOrderValue => self.why_order_value(why),
            ValueMetric::Clv => self.why_worth(why, OfWorth::Value(Point::Mean)),
            ValueMetric::ClvLow => self.why_worth(why, OfWorth::Value(Point::Low)),
            ValueMetric::ClvHigh => self.why_worth(why, OfWorth::Value(Point::High)),
            ValueMetric::ClvBasis => self.why_worth(why, OfWorth::Basis),
        }
    }

    /// Explains a figure that rests on order days alone.
    fn why_expected(&self, why: &mut Why, figure: OfOrders) {
        self.add_history(why);
        self.rest_on(why, Metric::Lost);
        let expected = self.figures.facts.outlooks.expected(self.index);
        let Some(expected) = expected.filter(|_| why.value.is_known()) else {
            return self.why_no_model(why);
        };
        if matches!(figure, OfOrders::Alive) && expected.history.left {
            why.say("the customer is lost: 0");
        } else {
            self.say_model(why);
            say_history(why, expected);
        }
        self.say_orders(why, figure, expected);
    }

    /// Explains a figure that rests on amounts too.
    fn why_worth(&self, why: &mut Why, figure: OfWorth) {
        self.add_history(why);
        self.rest_on(why, Metric::Lost);
        let expected = self.figures.facts.outlooks.expected(self.index);
        let worth = expected.and_then(|it| Some((it, it.worth.as_ref()?)));
        let Some((expected, worth)) = worth else {
            return self.why_no_model(why);
        };
        self.say_model(why);
        say_history(why, expected);
        self.say_worth(why, figure, expected, worth);
    }

    /// Explains the amount of a future order day, which rests on amounts alone.
    fn why_order_value(&self, why: &mut Why) {
        self.add_purchases(why);
        let outlooks = &self.figures.facts.outlooks;
        let amount = outlooks.order_value(self.index);
        let Some((purchases, amount)) = outlooks.purchases_of(self.index).zip(amount) else {
            let reason = if why.rows.is_empty() {
                "there is no order"
            } else {
                NO_AMOUNT
            };
            return why.say(format!("unknown: {reason}"));
        };
        let value = money_of(amount);
        self.say_spend(why, purchases, &value);
        why.sentence = Some(if purchases.orders == 0 {
            let days = counted(purchases.days, "order day", "order days");
            format!("{days} that brought nothing so far: {value}")
        } else {
            format!(
                "{} of {} on average, drawn towards what everybody spends: {value}",
                counted(purchases.orders, "order day", "order days"),
                money_of(purchases.mean)
            )
        });
    }

    /// Writes which model speaks, with its parameters, and how the whole book moved.
    fn say_model(&self, why: &mut Why) {
        let outlooks = &self.figures.facts.outlooks;
        let Some(behaviour) = &outlooks.behaviour else {
            return;
        };
        let model = behaviour.model;
        let parameters = model
            .parameter_names()
            .into_iter()
            .zip(behaviour.parameters);
        let parameters: Vec<String> = parameters
            .map(|(name, value)| format!("{name} {}", decimals(value, 4)))
            .collect();
        let parameters = parameters.join(", ");
        match &outlooks.fit {
            Ok(fit) => {
                let customers = words::number_of(fit.customers, "customer", "customers");
                why.say(format!(
                    "model: {model} fitted to {customers}; {parameters} (per week)"
                ));
            }
            Err(_) => why.say(format!(
                "too few customers for a fit: {model} as is usual, at the rate of the book's own orders; \
                 {parameters} (per week)"
            )),
        }
        let trend = &outlooks.trend;
        if let (Some((came, expected)), None) = (trend.orders, trend.none) {
            why.say(format!(
                "trend: {came} order days in the last year where {} were to be expected: times ahead × \
                 ({came} + 100) / ({} + 100), within 0.5 to 2 = {}",
                decimals(expected, 1),
                decimals(expected, 1),
                decimals(trend.pace(), 4)
            ));
        }
    }

    /// Adds the order days, the credits that lower them, and what says that the customer left.
    fn add_history(&self, why: &mut Why) {
        self.add_purchases(why);
        let roles = &self.context().roles;
        // Who was lost a year ago does not count in the trend.
        for (index, _) in self.rows_where(|row| roles.role(row) == Role::Lost) {
            why.context.push(RowPart {
                row: index,
                amount: None,
                role: "left".to_owned(),
            });
        }
    }

    /// Adds the order days and the credits that lower them.
    fn add_purchases(&self, why: &mut Why) {
        let roles = &self.context().roles;
        let mut last: Option<Day> = None;
        let mut first: Option<Day> = None;
        for (index, row) in self.rows_where(|row| self.is_order(row)) {
            let role = match last {
                None => "the first order day".to_owned(),
                Some(last) if last == row.day => "on the same day".to_owned(),
                Some(last) => format!("{} later", days(row.day.since(last))),
            };
            last = Some(row.day);
            first = first.or(last);
            why.add_row(index, Some(row.amount()), role);
        }
        let lowers = |row: &crate::model::Interaction| {
            roles.is_revenue_credit(self.rows, row) && first.is_some_and(|first| first <= row.day)
        };
        for (index, row) in self.rows_where(lowers) {
            let role = "lowers the latest order days up to it";
            why.add_row(index, Some(-row.amount()), role);
        }
    }

    fn why_no_model(&self, why: &mut Why) {
        let outlooks = &self.figures.facts.outlooks;
        let reason = match &outlooks.fit {
            Ok(_) if why.rows.is_empty() => "there is no order".to_owned(),
            Ok(_) => NO_AMOUNT.to_owned(),
            Err(NoFit::NotAsked | NoFit::NotWanted) => {
                "the policy asks for the retention formula".to_owned()
            }
            Err(NoFit::Failed(error)) => error.to_string(),
        };
        match (why.metric, &why.value) {
            (Metric::Clv, Value::Money(clv)) => {
                let clv = *clv;
                self.rest_on(why, Metric::AnnualProfit);
                self.rest_on(why, Metric::AnnualRevenue);
                let (metric, yearly) = match self.value(Metric::AnnualProfit) {
                    Value::Money(_) => ("annual_profit", self.said(Metric::AnnualProfit)),
                    _ => ("annual_revenue", self.said(Metric::AnnualRevenue)),
                };
                let value = &self.context().policy.value;
                why.say(format!("no model: {reason}"));
                why.say(format!(
                    "retention formula: {metric} {yearly}, {} kept a year, {} discount, {}: {}",
                    percent(value.retention.to_f64()),
                    percent(value.discount.to_f64()),
                    counted(value.years, "year", "years"),
                    money(clv)
                ));
            }
            (Metric::ClvBasis, Value::Text(_)) => {
                self.rest_on(why, Metric::Margin);
                why.say(format!("no model: {reason}"));
            }
            _ => why.say(format!("unknown: {reason}")),
        }
    }

    fn why_horizon(&self, why: &mut Why) {
        self.rest_on(why, Metric::OrderInterval);
        let horizon = words::value(&why.value, crate::metric::Type::Days);
        why.say(if self.value(Metric::OrderInterval).is_known() {
            format!(
                "2 × {}, at least 91 days: {horizon}",
                self.said(Metric::OrderInterval)
            )
        } else {
            format!("order_interval is unknown: {horizon}")
        });
    }

    /// Writes the numbers of a figure that rests on order days alone, and its sentence.
    fn say_orders(&self, why: &mut Why, figure: OfOrders, expected: &Expected) {
        let outlook = &expected.outlook;
        match figure {
            OfOrders::Risk => {
                self.rest_on(why, Metric::ChurnHorizon);
                let horizon = self.horizon_words();
                let Some(risk) = expected.churn_risk else {
                    return;
                };
                why.say(format!("no order within {horizon}: {}", percent(risk)));
                why.sentence = Some(format!(
                    "{}: {} likely not to order within {horizon}",
                    self.bought(),
                    whole_percent(risk)
                ));
            }
            OfOrders::Alive => {
                why.sentence = Some(format!(
                    "{}: {} likely to be a customer still",
                    self.bought(),
                    whole_percent(expected.p_alive.unwrap_or(outlook.p_alive))
                ));
            }
            OfOrders::Orders => {
                let orders = match self.read(Metric::ExpectedOrders) {
                    rough if rough.starts_with('~') => rough,
                    _ => decimals(outlook.expected_orders, 1),
                };
                why.sentence = Some(format!(
                    "{}: {} order days to be expected in the next 365 days",
                    self.bought(),
                    about(&orders)
                ));
            }
        }
    }

    /// Writes the numbers of a figure that rests on amounts too, and its sentence.
    fn say_worth(&self, why: &mut Why, figure: OfWorth, expected: &Expected, worth: &Worth) {
        match figure {
            OfWorth::Basis => {
                self.rest_on(why, Metric::Margin);
                why.say(match &self.figures.facts.outlooks.fit {
                    Ok(_) => "the fitted model",
                    Err(_) => "what is usual of customers, for there are too few to fit a model to",
                });
            }
            OfWorth::Value(point) => self.say_value(why, point, expected, worth),
        }
    }

    fn say_value(&self, why: &mut Why, point: Point, expected: &Expected, worth: &Worth) {
        self.rest_on(why, Metric::Margin);
        self.rest_on(why, Metric::ExpectedOrderValue);
        let outlook = &expected.outlook;
        let plan = plan(self.context().policy);
        let years = counted(plan.years, "year", "years");
        let margin = self.value(Metric::Margin).to_f64();
        let (times_margin, share) = match margin {
            None => (" (revenue: no margin is known)".to_owned(), 1.0),
            Some(margin) => (format!(" × margin {}", exact_percent(margin)), margin),
        };
        let end = match point {
            Point::Mean => None,
            Point::Low => Some(outlook.low_orders),
            Point::High => Some(outlook.high_orders),
        };
        let orders = match end {
            None => outlook.discounted_orders,
            Some(count) if outlook.plan_orders > 0.0 => {
                f64::from(count) * outlook.discounted_orders / outlook.plan_orders
            }
            Some(_) => 0.0,
        };
        let (orders_shown, value) = factors(orders, worth.order_value, share);
        self.say_spend(why, &expected.purchases, &value);
        let to_come = decimals(outlook.plan_orders, 4);
        let discounted = factors(outlook.discounted_orders, worth.order_value, share).0;
        why.say(format!(
            "{to_come} order days to be expected in {years}, {discounted} discounted by {} a year",
            percent(plan.discount)
        ));
        why.say(match (outlook.low_orders, outlook.high_orders) {
            (_, 0) => "at least 9 times in 10 there will be no order day".to_owned(),
            (low, high) => format!("8 times in 10 there will be {low} to {high} order days"),
        });
        if let Some(count) = end {
            let count = counted(count, "order day", "order days");
            why.say(format!("{count}, discounted alike: {orders_shown}"));
        }
        let product = money_of(orders * worth.order_value * share);
        why.say(format!(
            "{orders_shown} × {value}{times_margin} = {product}"
        ));
        let [clv, low, high] =
            [Metric::Clv, Metric::ClvLow, Metric::ClvHigh].map(|it| self.read(it));
        let cases = match (outlook.low_orders, outlook.high_orders) {
            _ if expected.history.left => "nothing".to_owned(),
            (_, 0) => format!("{}, in nine of ten cases nothing", about(&clv)),
            (0, _) => format!("{}, in nine of ten cases at most {high}", about(&clv)),
            _ => format!(
                "{}, in four of five cases between {low} and {high}",
                about(&clv)
            ),
        };
        why.sentence = Some(format!(
            "{}; in the next {years} worth {cases}",
            self.bought()
        ));
    }

    /// Returns a figure in words, as people read it where it rests on no fit.
    fn read(&self, metric: Metric) -> String {
        let is_rough = are_rough(self.figures);
        let rough = is_rough.then(|| rough_of(metric, &self.value(metric)));
        rough.flatten().unwrap_or_else(|| self.said(metric))
    }

    /// Writes how the value of an order comes about; `value` is how it is shown.
    fn say_spend(&self, why: &mut Why, purchases: &Purchases, value: &str) {
        let own = format!(
            "{} with an amount, {} on average",
            counted(purchases.orders, "order day", "order days"),
            money_of(purchases.mean)
        );
        why.say(match &self.figures.facts.outlooks.spend {
            Some(Spend::GammaGamma(model)) => format!(
                "order value: gamma-gamma, p {}, q {}, gamma {}; {own}: {value}",
                decimals(model.p, 4),
                decimals(model.q, 4),
                decimals(model.gamma, 4)
            ),
            Some(Spend::Shrunk { mean }) => {
                let days = purchases.days;
                let sum = money_of(purchases.total());
                let all = term_of_mean(purchases.total(), *mean, f64::from(days) + 1.0, value);
                format!(
                    "order value: {} that brought {sum}, and one more of the usual {all}: \
                     ({sum} + {all}) / ({days} + 1) = {value}",
                    counted(days, "order day", "order days")
                )
            }
            None => format!("order value: {own}"),
        });
    }

    /// Writes what would go with the customer.
    pub(in crate::figures) fn why_at_stake(&self, why: &mut Why) {
        self.rest_on(why, Metric::ChurnRisk);
        self.rest_on(why, Metric::Churn);
        self.rest_on(why, Metric::AnnualValue);
        let (risk, yearly) = (self.said(Metric::ChurnRisk), self.said(Metric::AnnualValue));
        let factors = (
            self.value(Metric::ChurnRisk).to_f64(),
            self.value(Metric::AnnualValue).to_f64(),
        );
        let risk = match factors {
            (Some(risk), Some(yearly)) => percent_of(risk, yearly),
            _ => risk,
        };
        let stake = words::value(&why.value, crate::metric::Type::Money);
        why.say(match (&why.value, self.value(Metric::ChurnRisk)) {
            (Value::Unknown, _) => {
                format!("churn_risk {risk}, churn {}, annual_value {yearly}: not to be told", self.said(Metric::Churn))
            }
            (_, Value::Unknown) => {
                format!("churn is at-risk and no risk is known: all of annual_value {yearly}, at least 0: {stake}")
            }
            _ => format!("churn_risk {risk} × annual_value {yearly}, at least 0 = {stake}"),
        });
    }

    /// Writes the history as a salesperson would tell it.
    fn bought(&self) -> String {
        let orders = self.figures.facts.parts.orders(self.index);
        let Some(expected) = self.figures.facts.outlooks.expected(self.index) else {
            return String::new();
        };
        let history = &expected.history;
        let bought = match history.repeats {
            0 => "bought once".to_owned(),
            repeats => format!("bought on {} days", repeats + 1),
        };
        let usual = orders.interval().or_else(|| {
            let days = history.recency_days.checked_div(history.repeats)?;
            Some(i64::from(days).max(1))
        });
        let usual = usual.map(|usual| match usual {
            1 => ", about every day".to_owned(),
            usual => format!(", about every {usual} days"),
        });
        let silent = orders.last().map(|last| {
            let silent = days(self.as_of().since(last));
            format!("; silent for {silent}")
        });
        let left = history.left.then(|| "; recorded as lost".to_owned());
        let parts = [Some(bought), usual, silent, left];
        parts.into_iter().flatten().collect()
    }

    fn horizon_words(&self) -> String {
        let horizon = churn_horizon(self.figures.facts.parts.orders(self.index));
        days(horizon)
    }
}

/// Writes a customer's history as the model sees it.
fn say_history(why: &mut Why, expected: &Expected) {
    let history = &expected.history;
    why.say(format!(
        "history: x = {} order days after the first, t_x = {} from the first to the last, T = {} \
         from the first to the day",
        history.repeats,
        days(history.recency_days.into()),
        days(history.age_days.into())
    ));
}

/// Says that a figure is an expectation; of one that is rough it is told already.
fn about(figure: &str) -> String {
    if figure.starts_with('~') {
        return figure.to_owned();
    }
    format!("about {figure}")
}

fn money_of(amount: f64) -> String {
    Money::from_f64(amount).map_or_else(|| "unknown".to_owned(), money)
}

/// Returns the usual amount with as many decimals as the mean of it and `sum` needs to come out as it is
/// shown.
fn term_of_mean(sum: f64, usual: f64, count: f64, shown: &str) -> String {
    let least = shown.rsplit_once('.').map_or(0, |it| it.1.len());
    let comes_out = |most: &usize| {
        let parsed = amount_with(usual, *most).replace(',', "").parse::<f64>();
        parsed.is_ok_and(|it| amount_with((sum + it) / count, least) == shown)
    };
    let most = (least..least + 6).find(comes_out).unwrap_or(least);
    amount_with(usual, most)
}

/// Returns a chance in whole per cent; what is neither 0 nor 1 never looks so.
fn whole_percent(share: f64) -> String {
    match decimals(share * 100.0, 0).as_str() {
        "0" if share > 0.0 => "under 1 %".to_owned(),
        "100" if share < 1.0 => "over 99 %".to_owned(),
        whole => format!("{whole} %"),
    }
}
