//! Why the figures of orders are what they are.

use crate::figures::contact::why::{age, year};
use crate::figures::why::words::{
    self, SumTerms, called, days, exact_percent, money, number, number_of, percent, value_of,
};
use crate::figures::why::{Reasons, Why};
use crate::figures::{in_prior_year, in_year};
use crate::metric::{Metric, OrdersMetric, Value};
use crate::model::{Day, Interaction, Money, Role};
use crate::policy::ValueBasis;
use crate::words::{write_say, written};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_orders(&self, metric: OrdersMetric, why: &mut Why) {
        let as_of = self.as_of();
        let before = |day: Day| in_prior_year(as_of, day);
        match metric {
            OrdersMetric::Orders => {
                for (index, row) in self.rows_where(|row| self.is_order(row)) {
                    let role = write_say!("counts as an order", "计为订单");
                    why.add_row(index, Some(row.amount()), role);
                }
                why.say(number_of(
                    why.rows.len(),
                    "order row",
                    "order rows",
                    "笔订单",
                ));
            }
            OrdersMetric::OrderDays => {
                let mut last = None;
                for (index, row) in self.rows_where(|row| self.is_order(row)) {
                    if last != Some(row.day) {
                        let role = write_say!("counts as an order day", "计为下单日");
                        why.add_row(index, None, role);
                    }
                    last = Some(row.day);
                }
                why.say(number_of(
                    why.rows.len(),
                    "order day",
                    "order days",
                    "个下单日",
                ));
            }
            OrdersMetric::FirstOrder => {
                let first = self.rows_where(|row| self.is_order(row)).next();
                one_order(why, first, written().pick("the first order", "首笔订单"));
            }
            OrdersMetric::LastOrder => {
                let last = self.rows_where(|row| self.is_order(row)).next_back();
                one_order(why, last, written().pick("the last order", "最近一笔订单"));
            }
            OrdersMetric::OrderAge => {
                self.rest_on(why, Metric::LastOrder);
                match self.figures.facts.parts.orders(self.index).last() {
                    Some(day) => why.say(age(as_of, day)),
                    None => why.say(no_order()),
                }
            }
            OrdersMetric::Revenue => self.why_revenue(why, all_days(), |_| true),
            OrdersMetric::AnnualRevenue => {
                self.why_revenue(why, &year(as_of), |day| in_year(as_of, day));
            }
            OrdersMetric::PriorRevenue => self.why_revenue(why, &year(as_of.plus(-365)), before),
            OrdersMetric::Expenses => self.why_expenses(why, all_days(), |_| true),
            OrdersMetric::AnnualExpenses => {
                self.why_expenses(why, &year(as_of), |day| in_year(as_of, day));
            }
            OrdersMetric::RevenueChange => {
                self.rest_on(why, Metric::AnnualRevenue);
                self.rest_on(why, Metric::PriorRevenue);
                let [now, then] =
                    [Metric::AnnualRevenue, Metric::PriorRevenue].map(|it| self.said(it));
                let change = words::value(&why.value, crate::metric::Type::Money);
                why.say(format!("{now} − {then} = {change}"));
            }
            OrdersMetric::Movement => self.why_movement(why),
            OrdersMetric::Growth => self.why_growth(why),
            OrdersMetric::Profit => self.why_profit(why, Metric::Revenue, Metric::Expenses),
            OrdersMetric::AnnualProfit => {
                self.why_profit(why, Metric::AnnualRevenue, Metric::AnnualExpenses);
            }
            OrdersMetric::AnnualValue => {
                let (basis, metric, word) = match self.context().policy.value.basis {
                    ValueBasis::Revenue => (
                        Metric::AnnualRevenue,
                        OrdersMetric::AnnualRevenue,
                        written().pick("revenue", "收入"),
                    ),
                    ValueBasis::Profit => {
                        let word = written().pick("profit", "利润");
                        (Metric::AnnualProfit, OrdersMetric::AnnualProfit, word)
                    }
                };
                self.rest_on(why, basis);
                why.say(write_say!(
                    "{}: the policy's basis is {word}",
                    "{}：规则以{word}为准",
                    called(basis)
                ));
                let mut other = self.without_reason(basis);
                self.why_orders(metric, &mut other);
                why.arithmetic.append(&mut other.arithmetic);
            }
            OrdersMetric::OrderInterval => self.why_interval(why),
            OrdersMetric::Silence => {
                self.rest_on(why, Metric::OrderAge);
                self.rest_on(why, Metric::OrderInterval);
                self.ratio(why, Metric::OrderAge, Metric::OrderInterval);
            }
        }
    }

    fn why_revenue(&self, why: &mut Why, when: &str, counts: impl Fn(Day) -> bool) {
        let roles = &self.context().roles;
        let mut terms = Vec::new();
        for (index, row) in self.rows_where(|row| counts(row.day)) {
            let (amount, role) = if roles.is_order(row) {
                (row.amount(), written().pick("adds to ", "计入"))
            } else if roles.is_revenue_credit(self.rows, row) {
                (-row.amount(), written().pick("takes back from ", "冲减"))
            } else {
                continue;
            };
            terms.push(amount);
            let role = format!("{role}{}", called(why.metric));
            why.add_row(index, Some(amount), role);
        }
        let names = (("orders", "笔订单"), ("credits", "笔冲减"));
        say_sums(why, &terms, names, when);
    }

    fn why_expenses(&self, why: &mut Why, when: &str, counts: impl Fn(Day) -> bool) {
        let mut terms = Vec::new();
        for (index, row) in self
            .rows_of(Role::Expense)
            .filter(|(_, row)| counts(row.day))
        {
            terms.push(row.amount());
            let role = write_say!("adds to {}", "计入{}", called(why.metric));
            why.add_row(index, Some(row.amount()), role);
        }
        say_sum(why, &terms, ("expenses", "笔费用"), when);
    }

    fn why_movement(&self, why: &mut Why) {
        let as_of = self.as_of();
        self.rest_on(why, Metric::FirstOrder);
        let (mut now, mut then) = (0_usize, 0_usize);
        for (index, row) in self.rows_where(|row| self.is_order(row)) {
            if in_year(as_of, row.day) {
                now += 1;
                why.add_row(index, None, write_say!("an order in the year", "本年订单"));
            } else if in_prior_year(as_of, row.day) {
                then += 1;
                let role = write_say!("an order in the year before", "上年订单");
                why.add_row(index, None, role);
            }
        }
        let orders = |count| number_of(count, "order", "orders", "笔订单");
        why.say(match self.value(Metric::FirstOrder) {
            Value::Date(first) => write_say!(
                "{} in the year, {} in the year before; the first order was {first}",
                "本年 {}，上年 {}；首单日期 {first}",
                orders(now),
                orders(then)
            ),
            _ => no_order(),
        });
    }

    fn why_growth(&self, why: &mut Why) {
        self.rest_on(why, Metric::AnnualRevenue);
        self.rest_on(why, Metric::PriorRevenue);
        self.rest_on(why, Metric::FirstOrder);
        let now = self.said(Metric::AnnualRevenue);
        let before = self.said(Metric::PriorRevenue);
        why.say(match why.value.to_f64() {
            Some(growth) => format!("{now} / {before} − 1 = {}", percent(growth)),
            None if matches!(self.value(Metric::PriorRevenue), Value::Money(it) if it > Money::ZERO) => {
                let first = self.said(Metric::FirstOrder);
                write_say!(
                    "unknown: the first order was {first}, so that the year before is incomplete: \
                     {now} now against {before} then need not be growth",
                    "未知：首单日期 {first}，上年不完整：本年 {now} 与上年 {before} 相比不一定是增长"
                )
            }
            None => write_say!(
                "unknown: the revenue of the year before, {before}, is not above 0",
                "未知：上年收入 {before} 不大于 0"
            ),
        });
    }

    fn why_profit(&self, why: &mut Why, revenue: Metric, expenses: Metric) {
        for metric in [revenue, Metric::Margin, expenses] {
            self.rest_on(why, metric);
        }
        let (revenue, expenses) = (self.said(revenue), self.said(expenses));
        let margin = self.value(Metric::Margin).to_f64().map(exact_percent);
        why.say(match (&why.value, margin) {
            (Value::Money(profit), Some(margin)) => {
                format!("{revenue} × {margin} − {expenses} = {}", money(*profit))
            }
            _ => write_say!("unknown: no margin is known", "未知：毛利率未知"),
        });
    }

    fn why_interval(&self, why: &mut Why) {
        let mut last: Option<Day> = None;
        let mut gaps = Vec::new();
        for (index, row) in self.rows_where(|row| self.is_order(row)) {
            let role = match last {
                Some(last) if last == row.day => continue,
                Some(last) => {
                    let gap = row.day.since(last);
                    gaps.push(gap);
                    write_say!("{} later", "{}后", days(gap))
                }
                None => write_say!("the first order day", "首个下单日"),
            };
            last = Some(row.day);
            why.add_row(index, None, role);
        }
        gaps.sort_unstable();
        let known = why.value.is_known();
        why.say(if known {
            let shown: Vec<String> = gaps.iter().take(12).map(i64::to_string).collect();
            let more = if gaps.len() > 12 {
                written().pick(", …", "、…")
            } else {
                ""
            };
            let whole: i64 = gaps.iter().sum();
            write_say!(
                "{} fill {}: {}{more}; those of at most {} fill half of it or more",
                "{}共 {}：{}{more}；其中不超过 {}的占一半以上",
                number_of(gaps.len(), "gap", "gaps", "个间隔"),
                days(whole),
                shown.join(words::comma()),
                words::value(&why.value, crate::metric::Type::Days)
            )
        } else {
            let found = number_of(why.rows.len(), "order day", "order days", "个下单日");
            write_say!(
                "unknown: {found}, and it takes three",
                "未知：只有 {found}，至少要 3 个"
            )
        });
    }

    /// Writes a ratio of two figures.
    pub(in crate::figures) fn ratio(&self, why: &mut Why, above: Metric, below: Metric) {
        let (above, below) = (self.said(above), self.said(below));
        why.say(match &why.value {
            Value::Exact(ratio) if why.metric.entry().kind == crate::metric::Type::Ratio => {
                format!("{above} / {below} = {}", percent(ratio.to_f64()))
            }
            Value::Exact(ratio) => format!("{above} / {below} = {}", number(*ratio)),
            _ => write_say!("{above} / {below} is unknown", "{above} / {below} 未知"),
        });
    }

    /// Returns another figure as people read it.
    pub(in crate::figures) fn said(&self, metric: Metric) -> String {
        let policy = self.context().policy;
        value_of(
            policy,
            Some(metric),
            &self.value(metric),
            metric.entry().kind,
        )
    }
}

fn one_order(why: &mut Why, order: Option<(usize, &Interaction)>, role: &str) {
    match order {
        Some((index, row)) => why.add_row(index, Some(row.amount()), role),
        None => why.say(no_order()),
    }
}

fn no_order() -> String {
    write_say!("there is no order", "没有订单")
}

fn all_days() -> &'static str {
    written().pick("on all days", "全部日期")
}

/// Writes a sum of money, none of whose terms is taken away, with the days that it is about.
pub(in crate::figures) fn say_sum(why: &mut Why, terms: &[Money], name: SumTerms<'_>, when: &str) {
    say_sums(why, terms, (name, ("", "")), when);
}

/// Writes a sum of money with the days that it is about.
fn say_sums(why: &mut Why, terms: &[Money], names: (SumTerms<'_>, SumTerms<'_>), when: &str) {
    let total = match &why.value {
        Value::Money(total) => *total,
        _ => terms.iter().copied().sum(),
    };
    if terms.len() == 1 && when.is_empty() && !why.arithmetic.is_empty() {
        // The one term has been told.
        return;
    }
    let sum = words::sum(terms, names, total);
    why.say(if when.is_empty() {
        sum
    } else {
        write_say!("{when}: {sum}", "{when}：{sum}")
    });
}
