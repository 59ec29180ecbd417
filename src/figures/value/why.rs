//! Why churn risk and lifetime value are what they are: the history, the model, the numbers.

use crate::customer_base::spend::{Purchases, Spend};
use crate::figures::rough::{are_rough, rough_of};
use crate::figures::value::{Expected, NoFit, OrdersWorth, churn_horizon, no_amount, plan};
use crate::figures::why::words::{
    self, amount_with, called, counted, days, decimals, exact_percent, factors, money, percent,
    percent_of,
};
use crate::figures::why::{Reasons, RowPart, Why};
use crate::metric::{Metric, Value, ValueMetric};
use crate::model::{Day, Money, Role};
use crate::words::{Units, write_say, written};

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
            why.say(write_say!("the customer is lost: 0", "客户已流失：0"));
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
                write_say!("there is no order", "没有订单")
            } else {
                no_amount(written()).to_owned()
            };
            return why.say(write_say!("unknown: {reason}", "未知：{reason}"));
        };
        let value = money_of(amount);
        self.say_spend(why, purchases, &value);
        // Gamma-gamma knows no order day that brought nothing.
        let days = match &outlooks.spend {
            Some(Spend::GammaGamma(_)) => purchases.orders,
            _ => purchases.days,
        };
        why.sentence = Some(if purchases.orders == 0 {
            let days = order_days(purchases.days);
            write_say!(
                "{days} that brought nothing so far: {value}",
                "{days}，至今没有金额：{value}"
            )
        } else {
            write_say!(
                "{} of {} on average, drawn towards what everybody spends: {value}",
                "{}，平均 {}，再向全部客户的水平修正：{value}",
                order_days(days),
                money_of(purchases.total() / f64::from(days))
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
        let parameters = parameters.join(words::comma());
        match &outlooks.fit {
            Ok(fit) => {
                let customers =
                    words::number_of(fit.customers, "customer", "customers", "家客户");
                why.say(write_say!(
                    "model: {model} fitted to {customers}; {parameters} (per week)",
                    "模型：{model}，由 {customers}拟合；{parameters}（每周）"
                ));
            }
            Err(_) => why.say(write_say!(
                "too few customers for a fit: {model} as is usual, at the rate of the book's own orders; \
                 {parameters} (per week)",
                "客户太少，无法拟合：按通常的 {model}，以本账自己的下单频率；{parameters}（每周）"
            )),
        }
        let trend = &outlooks.trend;
        if let (Some((came, expected)), None) = (trend.orders, trend.none) {
            why.say(write_say!(
                "trend: {came} order days in the last year where {} were to be expected: times ahead × \
                 ({came} + 100) / ({} + 100), within 0.5 to 2 = {}",
                "趋势：最近一年有 {came} 个下单日，预期为 {}：今后的时间 × \
                 ({came} + 100) / ({} + 100)，限于 0.5 至 2 = {}",
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
                role: write_say!("left", "流失"),
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
                None => write_say!("the first order day", "首个下单日"),
                Some(last) if last == row.day => write_say!("on the same day", "同一天"),
                Some(last) => write_say!("{} later", "{}后", days(row.day.since(last))),
            };
            last = Some(row.day);
            first = first.or(last);
            why.add_row(index, Some(row.amount()), role);
        }
        let lowers = |row: &crate::model::Interaction| {
            roles.is_revenue_credit(self.rows, row) && first.is_some_and(|first| first <= row.day)
        };
        for (index, row) in self.rows_where(lowers) {
            let role = write_say!(
                "lowers the latest order days up to it",
                "冲减此前最近的下单日"
            );
            why.add_row(index, Some(-row.amount()), role);
        }
    }

    fn why_no_model(&self, why: &mut Why) {
        let outlooks = &self.figures.facts.outlooks;
        let reason = match &outlooks.fit {
            Ok(_) if why.rows.is_empty() => write_say!("there is no order", "没有订单"),
            Ok(_) => no_amount(written()).to_owned(),
            Err(NoFit::NotAsked | NoFit::NotWanted) => {
                write_say!(
                    "the policy asks for the retention formula",
                    "规则指定用留存率公式"
                )
            }
            Err(NoFit::Failed(error)) => error.said(written()),
        };
        match (why.metric, &why.value) {
            (Metric::Clv, Value::Money(clv)) => {
                let clv = *clv;
                self.rest_on(why, Metric::AnnualProfit);
                self.rest_on(why, Metric::AnnualRevenue);
                let (metric, yearly) = match self.value(Metric::AnnualProfit) {
                    Value::Money(_) => (Metric::AnnualProfit, self.said(Metric::AnnualProfit)),
                    _ => (Metric::AnnualRevenue, self.said(Metric::AnnualRevenue)),
                };
                let metric = called(metric);
                let value = &self.context().policy.value;
                why.say(write_say!("no model: {reason}", "没有模型：{reason}"));
                why.say(write_say!(
                    "retention formula: {metric} {yearly}, {} kept a year, {} discount, {}: {}",
                    "留存率公式：{metric} {yearly}，年留存率 {}，折现率 {}，{}：{}",
                    percent(value.retention.to_f64()),
                    percent(value.discount.to_f64()),
                    counted(value.years, "year", "years", "年"),
                    money(clv)
                ));
            }
            (Metric::ClvBasis, Value::Text(_)) => {
                self.rest_on(why, Metric::Margin);
                why.say(write_say!("no model: {reason}", "没有模型：{reason}"));
            }
            _ => why.say(write_say!("unknown: {reason}", "未知：{reason}")),
        }
    }

    fn why_horizon(&self, why: &mut Why) {
        self.rest_on(why, Metric::OrderInterval);
        let horizon = words::value(&why.value, crate::metric::Type::Days);
        why.say(if self.value(Metric::OrderInterval).is_known() {
            write_say!(
                "2 × {}, at least 91 days: {horizon}",
                "2 × {}，至少 91 天：{horizon}",
                self.said(Metric::OrderInterval)
            )
        } else {
            write_say!(
                "order_interval is unknown: {horizon}",
                "下单间隔未知：{horizon}"
            )
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
                why.say(write_say!(
                    "no order within {horizon}: {}",
                    "{horizon}内没有订单：{}",
                    percent(risk)
                ));
                why.sentence = Some(write_say!(
                    "{}: {} likely not to order within {horizon}",
                    "{}：{horizon}内不下单的概率 {}",
                    self.bought(),
                    whole_percent(risk)
                ));
            }
            OfOrders::Alive => {
                why.sentence = Some(write_say!(
                    "{}: {} likely to be a customer still",
                    "{}：仍是客户的概率 {}",
                    self.bought(),
                    whole_percent(expected.p_alive.unwrap_or(outlook.p_alive))
                ));
            }
            OfOrders::Orders => {
                let orders = match self.read(Metric::ExpectedOrders) {
                    rough if rough.starts_with('~') => rough,
                    _ => decimals(outlook.expected_orders, 1),
                };
                why.sentence = Some(write_say!(
                    "{}: {} order days to be expected in the next 365 days",
                    "{}：今后 365 天预计下单 {} 天",
                    self.bought(),
                    about(&orders)
                ));
            }
        }
    }

    /// Writes the numbers of a figure that rests on amounts too, and its sentence.
    fn say_worth(&self, why: &mut Why, figure: OfWorth, expected: &Expected, worth: &OrdersWorth) {
        match figure {
            OfWorth::Basis => {
                self.rest_on(why, Metric::Margin);
                why.say(match &self.figures.facts.outlooks.fit {
                    Ok(_) => write_say!("the fitted model", "拟合的模型"),
                    Err(_) => write_say!(
                        "what is usual of customers, for there are too few to fit a model to",
                        "客户太少，无法拟合模型，按客户的通常情况"
                    ),
                });
            }
            OfWorth::Value(point) => self.say_value(why, point, expected, worth),
        }
    }

    fn say_value(&self, why: &mut Why, point: Point, expected: &Expected, worth: &OrdersWorth) {
        self.rest_on(why, Metric::Margin);
        self.rest_on(why, Metric::ExpectedOrderValue);
        let outlook = &expected.outlook;
        let plan = plan(self.context().policy);
        let years = counted(plan.years, "year", "years", "年");
        let margin = self.value(Metric::Margin).to_f64();
        let (times_margin, share) = match margin {
            None => (
                write_say!(" (revenue: no margin is known)", "（收入：毛利率未知）"),
                1.0,
            ),
            Some(margin) => (
                write_say!(" × margin {}", " × 毛利率 {}", exact_percent(margin)),
                margin,
            ),
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
        why.say(write_say!(
            "{to_come} order days to be expected in {years}, {discounted} discounted by {} a year",
            "{years}内预计下单 {to_come} 天，按每年 {} 折现后 {discounted} 天",
            percent(plan.discount)
        ));
        why.say(match (outlook.low_orders, outlook.high_orders) {
            (_, 0) => write_say!(
                "at least 9 times in 10 there will be no order day",
                "十次中至少九次不再下单"
            ),
            (low, high) => write_say!(
                "8 times in 10 there will be {low} to {high} order days",
                "十次中有八次下单 {low} 至 {high} 天"
            ),
        });
        if let Some(count) = end {
            let count = order_days(count);
            why.say(write_say!(
                "{count}, discounted alike: {orders_shown}",
                "{count}，同样折现：{orders_shown}"
            ));
        }
        let product = money_of(orders * worth.order_value * share);
        why.say(format!(
            "{orders_shown} × {value}{times_margin} = {product}"
        ));
        let [clv, low, high] =
            [Metric::Clv, Metric::ClvLow, Metric::ClvHigh].map(|it| self.read(it));
        let cases = match (outlook.low_orders, outlook.high_orders) {
            _ if expected.history.left => write_say!("nothing", "0"),
            (_, 0) => write_say!(
                "{}, in nine of ten cases nothing",
                "{}，九成可能为 0",
                about(&clv)
            ),
            (0, _) => write_say!(
                "{}, in nine of ten cases at most {high}",
                "{}，九成可能不超过 {high}",
                about(&clv)
            ),
            _ => write_say!(
                "{}, in four of five cases between {low} and {high}",
                "{}，八成可能在 {low} 至 {high} 之间",
                about(&clv)
            ),
        };
        why.sentence = Some(write_say!(
            "{}; in the next {years} worth {cases}",
            "{}；今后 {years}的价值：{cases}",
            self.bought()
        ));
    }

    /// Returns a figure in words, as people read it where it rests on no fit.
    fn read(&self, metric: Metric) -> String {
        let is_rough = are_rough(self.figures);
        let rough = is_rough.then(|| rough_of(metric, &self.value(metric), Units::Yuan));
        rough.flatten().unwrap_or_else(|| self.said(metric))
    }

    /// Writes how the value of an order comes about; `value` is how it is shown.
    fn say_spend(&self, why: &mut Why, purchases: &Purchases, value: &str) {
        let own = write_say!(
            "{} with an amount, {} on average",
            "{}有金额，平均 {}",
            order_days(purchases.orders),
            money_of(purchases.mean)
        );
        why.say(match &self.figures.facts.outlooks.spend {
            Some(Spend::GammaGamma(model)) => write_say!(
                "order value: gamma-gamma, p {}, q {}, gamma {}; {own}: {value}",
                "单次金额：gamma-gamma，p {}，q {}，gamma {}；{own}：{value}",
                decimals(model.p, 4),
                decimals(model.q, 4),
                decimals(model.gamma, 4)
            ),
            Some(Spend::Shrunk { mean, .. }) => {
                let days = purchases.days;
                let sum = money_of(purchases.total());
                let all = term_of_mean(purchases.total(), *mean, f64::from(days) + 1.0, value);
                write_say!(
                    "order value: {} that brought {sum}, and one more of the usual {all}: \
                     ({sum} + {all}) / ({days} + 1) = {value}",
                    "单次金额：{}共 {sum}，再加一次通常的 {all}：\
                     ({sum} + {all}) / ({days} + 1) = {value}",
                    order_days(days)
                )
            }
            None => write_say!("order value: {own}", "单次金额：{own}"),
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
                write_say!(
                    "churn_risk {risk}, churn {}, annual_value {yearly}: not to be told",
                    "流失概率 {risk}，流失状态 {}，年度价值 {yearly}：无法判断",
                    self.said(Metric::Churn)
                )
            }
            (_, Value::Unknown) => {
                write_say!(
                    "churn is at-risk and no risk is known: all of annual_value {yearly}, at least 0: {stake}",
                    "流失状态为高风险而流失概率未知：年度价值 {yearly} 全额，不小于 0：{stake}"
                )
            }
            _ => write_say!(
                "churn_risk {risk} × annual_value {yearly}, at least 0 = {stake}",
                "流失概率 {risk} × 年度价值 {yearly}，不小于 0 = {stake}"
            ),
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
            0 => write_say!("bought once", "只下过一次单"),
            repeats => write_say!("bought on {} days", "共下单 {} 天", repeats + 1),
        };
        let usual = orders.interval().or_else(|| {
            let days = history.recency_days.checked_div(history.repeats)?;
            Some(i64::from(days).max(1))
        });
        let usual = usual.map(|usual| match usual {
            1 => write_say!(", about every day", "，约每天一次"),
            usual => write_say!(", about every {usual} days", "，约每 {usual} 天一次"),
        });
        let silent = orders.last().map(|last| {
            let silent = days(self.as_of().since(last));
            write_say!("; silent for {silent}", "；已沉寂 {silent}")
        });
        let left = history
            .left
            .then(|| write_say!("; recorded as lost", "；已登记流失"));
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
    why.say(write_say!(
        "history: x = {} order days after the first, t_x = {} from the first to the last, T = {} \
         from the first to the day",
        "历史：首单之后下单 x = {} 天，首单至末单 t_x = {}，首单至今 T = {}",
        history.repeats,
        days(history.recency_days.into()),
        days(history.age_days.into())
    ));
}

/// Returns a number of order days with its word.
fn order_days(count: impl Into<i64>) -> String {
    counted(count, "order day", "order days", "个下单日")
}

/// Says that a figure is an expectation; of one that is rough it is told already.
fn about(figure: &str) -> String {
    if figure.starts_with('~') {
        return figure.to_owned();
    }
    write_say!("about {figure}", "约 {figure}")
}

fn money_of(amount: f64) -> String {
    Money::from_f64(amount).map_or_else(|| write_say!("unknown", "未知"), money)
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
        "0" if share > 0.0 => write_say!("under 1 %", "不到 1 %"),
        "100" if share < 1.0 => write_say!("over 99 %", "超过 99 %"),
        whole => format!("{whole} %"),
    }
}
