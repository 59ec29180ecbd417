//! How many account managers are needed: by what is to be sold, and by the visits that customers need.

use super::Member;
use crate::answer::{Document, Form};
use crate::figures::{said, visits_needed};
use crate::metric::level::OwnerStatus;
use crate::metric::{Metric, Type, Value};
use crate::model::{Fraction, Money, Word as _};
use crate::report::asked::Asked;
use crate::source::escaped;
use crate::words::{self, Units, write_say, written};

/// How many are needed, with the parts that make it.
pub(super) struct Need {
    /// Those in service who own a customer, or can make visits.
    managers: usize,
    /// What their customers brought in the year.
    revenue: Money,
    /// That over the managers.
    per_manager: Option<Fraction>,
    target: Option<Money>,
    growth: Fraction,
    /// The target over what each is to sell.
    by_target: Option<Fraction>,
    visits_needed: Value<'static>,
    /// How many visits each of those who state it can make, on the mean.
    visits_each: Option<Fraction>,
    /// The visits needed over those.
    by_visits: Option<Fraction>,
    /// The customers without an owner.
    unowned: usize,
    /// Those whose owner is not in service.
    orphaned: usize,
}

impl Need {
    /// Computes it for the rows of the team, and the customers that were chosen.
    pub(super) fn of(asked: &Asked<'_>, rows: &[Member], customers: &[u32]) -> Self {
        let figures = asked.figures();
        let visits_of = |it: &Member| it.visits(asked).filter(|it| *it > 0);
        let is_manager = |it: &&Member| {
            let is_ok = it.status == OwnerStatus::Ok.word();
            is_ok && (!it.share.owned.is_empty() || visits_of(it).is_some())
        };
        let managers: Vec<&Member> = rows.iter().filter(is_manager).collect();
        let visits: Vec<u32> = managers.iter().filter_map(|it| visits_of(it)).collect();
        let revenue = |index: &u32| match figures.value(*index as usize, Metric::AnnualRevenue) {
            Value::Money(revenue) => revenue,
            _ => Money::ZERO,
        };
        let revenue: Money = customers.iter().map(revenue).sum();
        let policy = asked.loaded.policy.team;
        let per_manager = over(revenue.to_fraction(), Some(whole(managers.len())));
        let each = per_manager.and_then(|it| {
            let more = policy.growth.checked_add(Fraction::whole(1))?;
            it.checked_mul(more)
        });
        let sum: Fraction = Fraction::whole(visits.iter().map(|it| i64::from(*it)).sum::<i64>());
        let visits_each = over(sum, Some(whole(visits.len())));
        let visits_needed = visits_needed(figures, customers);
        let exact = match visits_needed {
            Value::Exact(exact) => Some(exact),
            _ => None,
        };
        let with_status = |status: &[OwnerStatus]| {
            let is_so = |index: &&u32| {
                let found = figures.value(**index as usize, Metric::OwnerStatus);
                status.iter().any(|it| found == Value::from(it.word()))
            };
            customers.iter().filter(is_so).count()
        };
        Self {
            managers: managers.len(),
            revenue,
            per_manager,
            target: policy.target,
            growth: policy.growth,
            by_target: policy.target.and_then(|it| over(it.to_fraction(), each)),
            by_visits: exact.and_then(|it| over(it, visits_each)),
            visits_needed,
            visits_each,
            unowned: with_status(&[OwnerStatus::None]),
            orphaned: with_status(&[OwnerStatus::Left, OwnerStatus::NotYet]),
        }
    }

    /// Returns the form of it in JSON.
    pub(super) fn form() -> Form {
        let empty = Self::columns();
        Form::of_columns(&empty)
    }

    const fn columns() -> [(&'static str, Type); 9] {
        [
            ("managers", Type::Number),
            ("revenue", Type::Money),
            ("per_manager", Type::Money),
            ("target", Type::Money),
            ("growth", Type::Ratio),
            ("by_target", Type::Number),
            ("by_visits", Type::Number),
            ("unowned", Type::Number),
            ("orphaned", Type::Number),
        ]
    }

    /// Returns it as JSON has it.
    pub(super) fn document(&self) -> Document {
        let values: [Value<'static>; 9] = [
            Value::count(self.managers),
            self.revenue.into(),
            self.per_manager.and_then(Money::from_fraction).into(),
            self.target.into(),
            self.growth.into(),
            self.by_target.map(rounded_up).into(),
            self.by_visits.map(rounded_up).into(),
            Value::count(self.unowned),
            Value::count(self.orphaned),
        ];
        let parts = Self::columns().into_iter().zip(values);
        Document::object(parts.map(|((name, kind), value)| (name, (value, kind).into())))
    }

    /// Says it in sentences with the arithmetic, and of what is not known what would make it known.
    pub(super) fn told(&self, asked: &Asked<'_>) -> String {
        let lines = [
            Some(self.sold(asked)),
            Some(self.told_by_target()),
            Some(self.told_by_visits(asked)),
            self.told_unowned(),
        ];
        let lines: Vec<String> = lines.into_iter().flatten().collect();
        format!("\n{}\n", lines.join("\n"))
    }

    /// Says what the managers sell.
    fn sold(&self, asked: &Asked<'_>) -> String {
        let currency = escaped(&asked.loaded.policy.currency);
        let revenue = self.revenue.told();
        match (self.managers, self.per_manager) {
            (0, _) | (_, None) => write_say!(
                "Customers bring {revenue} {currency} a year, and no manager is in service who owns one or can make visits.",
                "客户年收入 {revenue} {currency}，没有在职的客户经理。"
            ),
            (1, _) => write_say!(
                "Customers bring {revenue} {currency} a year, with 1 manager.",
                "客户年收入 {revenue} {currency}，1 位客户经理。"
            ),
            (managers, Some(each)) => write_say!(
                "Customers bring {revenue} {currency} a year: {} for each of {managers} managers.",
                "客户年收入 {revenue} {currency}：{managers} 位客户经理，人均 {}。",
                money(each)
            ),
        }
    }

    /// Says how many the target needs.
    fn told_by_target(&self) -> String {
        let Some(target) = self.target else {
            return write_say!(
                "How many the target needs is not known: guanxi.toml states none (`[team] target = \"1000万\"`).",
                "完成目标需要几人未知：guanxi.toml 没有写目标（`[team] target = \"1000万\"`）。"
            );
        };
        let (Some(needed), Some(each)) = (self.by_target, self.per_manager) else {
            return if self.managers == 0 {
                write_say!(
                    "How many the target needs is not known: there is no manager to go by.",
                    "完成目标需要几人未知：没有客户经理可作依据。"
                )
            } else {
                write_say!(
                    "How many the target needs is not known: there is no revenue to go by.",
                    "完成目标需要几人未知：没有收入可作依据。"
                )
            };
        };
        let (target, each) = (target.told(), money(each));
        let divisor = if self.growth == Fraction::ZERO {
            each
        } else {
            let more = self.growth.checked_add(Fraction::whole(1));
            write_say!(
                "({each} x {})",
                "({each} × {})",
                more.map(number).unwrap_or_default()
            )
        };
        write_say!(
            "The target of {target} needs {}: {target} / {divisor} = {}.",
            "完成目标 {target} 需要 {} 人：{target} / {divisor} = {}。",
            number(rounded_up(needed)),
            number(needed)
        )
    }

    /// Says how many the visits need.
    fn told_by_visits(&self, asked: &Asked<'_>) -> String {
        let needed = said(&self.visits_needed, Type::Number);
        if let (Some(managers), Some(each)) = (self.by_visits, self.visits_each) {
            return write_say!(
                "The visits need {}: {needed} a year by the cadences / {} that one makes = {}.",
                "完成回访需要 {} 人：按回访周期每年 {needed} 次 / 每人 {} 次 = {}。",
                number(rounded_up(managers)),
                number(each),
                number(managers)
            );
        }
        let why = match asked.loaded.book.staff {
            None => written().pick(
                "there is no staff.toml to state how many one makes",
                "没有 staff.toml 写明每人能访几次",
            ),
            Some(_) => written().pick(
                "staff.toml states of no manager how many one makes",
                "staff.toml 没有写明哪位客户经理能访几次",
            ),
        };
        write_say!(
            "How many the visits need is not known: {why} (`visits_per_year = 200`).",
            "完成回访需要几人未知：{why}（`visits_per_year = 200`）。"
        )
    }

    /// Says which customers nobody sees to.
    fn told_unowned(&self) -> Option<String> {
        let count = |count: usize| match count {
            1 => write_say!("1 customer has", "1 家客户"),
            count => write_say!("{count} customers have", "{count} 家客户"),
        };
        let who = match (self.unowned, self.orphaned) {
            (0, 0) => return None,
            (unowned, 0) => write_say!("{} no owner", "{}没有客户经理", count(unowned)),
            (0, orphaned) => write_say!(
                "{} an owner who is not in service",
                "{}的客户经理不在职",
                count(orphaned)
            ),
            (unowned, orphaned) => write_say!(
                "{} no owner, {orphaned} one who is not in service",
                "{}没有客户经理，{orphaned} 家的客户经理不在职",
                count(unowned)
            ),
        };
        Some(write_say!(
            "{who}: `guanxi list 'owner_status != ok'`.",
            "{who}：`guanxi list 'owner_status != ok'`。"
        ))
    }
}

/// Divides a number by one above 0.
fn over(number: Fraction, divisor: Option<Fraction>) -> Option<Fraction> {
    let divisor = divisor.filter(|it| *it > Fraction::ZERO)?;
    number.checked_mul(Fraction::new(divisor.denominator(), divisor.numerator())?)
}

fn whole(count: usize) -> Fraction {
    Fraction::count(count)
}

/// Returns the least whole number that is not below a fraction.
fn rounded_up(number: Fraction) -> Fraction {
    let up = -(-number.numerator()).div_euclid(number.denominator());
    Fraction::new(up, 1).unwrap_or(number)
}

/// Returns money as sentences have it, to the cent.
fn money(amount: Fraction) -> String {
    const CENT: i64 = 100;
    if words::units() != Units::Yuan {
        return Money::from_fraction(amount).map_or_else(String::new, Money::told);
    }
    let over = Fraction::new(1, CENT.into()).and_then(|it| amount.checked_mul(it));
    let cents = over.and_then(Money::from_fraction);
    let money = cents.map(|it| Money(it.0 * i128::from(CENT)));
    money.map_or_else(String::new, Money::grouped)
}

fn number(number: Fraction) -> String {
    said(&number.into(), Type::Number)
}
