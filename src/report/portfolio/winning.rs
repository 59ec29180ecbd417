//! What winning a customer costs and brings, and what would make that better.

use super::side::{PortfolioSide, counted};
use crate::figures::Number;
use crate::metric::Metric;
use crate::model::{Fraction, Money};
use crate::words::written;

/// What winning a customer costs and brings, exactly.
pub(super) struct Deal {
    /// Contacts up to the first order.
    pub(super) visits_to_close: Option<Number>,
    /// What each of them cost.
    pub(super) visit_cost: Option<Number>,
    /// What promotion cost.
    pub(super) promotion: Option<Number>,
    pub(super) cost_of_winning: Option<Number>,
    /// What one that buys brings in a year.
    pub(super) yearly_spend: Option<Number>,
    /// The share that stays from year to year.
    retention: Fraction,
    pub(super) years_kept: Option<Number>,
    margin: Option<Number>,
    pub(super) new_customer_value: Option<Number>,
}

impl Deal {
    /// Computes it for the customers of a side.
    pub(super) fn of(side: &PortfolioSide<'_>) -> Self {
        let winning = side.winning();
        let won = counted(winning.won);
        let contacts = Number::Exact(Fraction::whole(
            i64::try_from(winning.contacts).unwrap_or(i64::MAX),
        ));
        let (visits, promotion) = (exact(winning.visits), exact(winning.promotion));
        let bought = side.bought();
        let spend = bought
            .iter()
            .map(|it| side.money(*it, Metric::AnnualRevenue));
        let yearly_spend = exact(spend.sum()).by(counted(bought.len()));
        let one = Fraction::whole(1);
        let retention = side.retention().filter(|it| *it != one);
        let retention = retention.unwrap_or(side.figures().policy().value.retention);
        let years_kept = years(retention);
        let margin = Number::of(&side.figure_of(&bought, Metric::Margin));
        let value = || Some(yearly_spend?.times(years_kept?).times(margin?));
        Self {
            visits_to_close: contacts.by(won),
            visit_cost: visits.by(contacts),
            promotion: promotion.by(won),
            cost_of_winning: visits.plus(promotion).by(won),
            yearly_spend,
            retention,
            years_kept,
            margin,
            new_customer_value: value(),
        }
    }

    /// Returns how many times over winning one is paid back.
    pub(super) fn value_to_cost(&self) -> Option<Number> {
        self.new_customer_value?.by(self.cost_of_winning?)
    }

    /// Returns what the difference of value and cost gains by each of some changes.
    pub(super) fn levers(&self) -> [(&'static str, &'static str, Option<Number>); 5] {
        let hundredth = Number::Exact(hundredth());
        let cheaper = || {
            Some(
                self.visits_to_close?
                    .times(self.visit_cost?)
                    .times(hundredth),
            )
        };
        let margin = || Some(self.yearly_spend?.times(self.years_kept?).times(hundredth));
        [
            (
                "one_visit_less",
                written().pick("one visit less to close", "成交前少拜访一次"),
                self.visit_cost,
            ),
            (
                "visits_1_percent_cheaper",
                written().pick("visits that cost 1 % less", "每次拜访费用低 1 %"),
                cheaper(),
            ),
            (
                "spend_1_percent_more",
                written().pick("1 % more spent a year", "年购买额多 1 %"),
                self.new_customer_value.map(|it| it.times(hundredth)),
            ),
            (
                "margin_1_point_more",
                written().pick("a margin 1 point higher", "毛利率高 1 个百分点"),
                margin(),
            ),
            (
                "kept_1_point_more",
                written().pick(
                    "1 point more kept from year to year",
                    "年留存率高 1 个百分点",
                ),
                self.kept_more(),
            ),
        ]
    }

    /// Returns what is gained where a hundredth more is kept from year to year.
    fn kept_more(&self) -> Option<Number> {
        let more = self.retention.checked_add(hundredth())?;
        if more >= Fraction::whole(1) {
            return None;
        }
        let longer = years(more)?.minus(self.years_kept?);
        Some(self.yearly_spend?.times(self.margin?).times(longer))
    }
}

/// Returns 1 %.
fn hundredth() -> Fraction {
    Fraction::new(1, 100).expect("100 is not 0")
}

/// Returns for how many years one stays of whom a share stays from year to year.
fn years(retention: Fraction) -> Option<Number> {
    let one = Number::Exact(Fraction::whole(1));
    one.by(one.minus(Number::Exact(retention)))
}

fn exact(money: Money) -> Number {
    Number::Exact(money.to_fraction())
}
