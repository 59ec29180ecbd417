//! Which rooms a command's metrics need, through the rules in force.

use chrono::NaiveDate;

use super::value::choice;
use crate::metric::{GroupColumn, Metric, Room, all_metrics};
use crate::model::{Day, Role};
use crate::policy::Policy;
use crate::rule::Rule;

/// The days of the year.
const YEAR: i64 = 365;

/// A set of rooms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is asked for without the others"
)]
pub struct Needs {
    rooms: u32,
    model: bool,
    /// Whether the amount of a future order day is asked for, which needs no model.
    order_value: bool,
    /// Whether contacts are counted, not only the latest looked for.
    contact_count: bool,
    /// Whether invoices of several customers are counted back over.
    walk: bool,
    /// Whether it is asked whose work it was.
    work: bool,
    /// Whether it is asked on which days customers left and came back.
    turns: bool,
    /// Whether it is asked what expenses were for.
    promotion: bool,
}

impl Needs {
    /// Returns what some metrics need under a policy.
    pub fn of(policy: &Policy, metrics: impl IntoIterator<Item = Metric>) -> Self {
        let mut needs = Self::default();
        for metric in metrics {
            needs.add(policy, metric);
        }
        needs
    }

    /// Returns what some columns of groups need under a policy.
    pub fn of_groups(policy: &Policy, columns: impl IntoIterator<Item = GroupColumn>) -> Self {
        let mut needs = Self::default();
        for column in columns {
            needs.walk |= column.is_walk();
            for metric in column.metrics() {
                needs.add(policy, metric);
            }
        }
        needs
    }

    /// Returns what both need.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            rooms: self.rooms | other.rooms,
            model: self.model || other.model,
            order_value: self.order_value || other.order_value,
            contact_count: self.contact_count || other.contact_count,
            walk: self.walk || other.walk,
            work: self.work || other.work,
            turns: self.turns || other.turns,
            promotion: self.promotion || other.promotion,
        }
    }

    /// Returns what those figures of a customer need that its own rows tell: all but its rank and what
    /// a model of all customers makes.
    ///
    /// `None` where a rule of the policy compares customers: then tier, clocks or flags cannot be told
    /// from one alone.
    pub fn of_one(policy: &Policy) -> Option<Self> {
        let is_own = |metric: &Metric| !Self::of(policy, [*metric]).compares_customers(policy);
        let may_compare = |metric: &Metric| {
            let room = metric.entry().room;
            matches!(
                room,
                Room::Ranking | Room::Value | Room::Churn | Room::AtStake
            )
        };
        let mut metrics = all_metrics();
        let is_enough = metrics.clone().all(|it| may_compare(&it) || is_own(&it));
        is_enough.then(|| Self::of(policy, metrics.by_ref().filter(is_own)))
    }

    /// Returns what every metric needs.
    pub fn all() -> Self {
        Self {
            rooms: u32::MAX,
            model: true,
            order_value: true,
            contact_count: true,
            walk: true,
            work: false,
            turns: false,
            promotion: false,
        }
    }

    /// Tells whether rows that do this say anything of what is asked but that the customer was there, and when.
    pub fn asks_for(self, role: Role) -> bool {
        match role {
            Role::Other => false,
            Role::Survey => self.has(Room::Satisfaction),
            _ => true,
        }
    }

    /// Tells whether contacts are counted, not only the latest looked for.
    pub fn asks_for_contacts(self) -> bool {
        self.contact_count
    }

    /// Returns from which day on it is asked whom rows that do this name, contacts or not.
    pub fn staff_from(self, as_of: NaiveDate, role: Role) -> Option<Day> {
        match role {
            // A lead of years ago may be won today by whom it names.
            Role::Lead => Some(Day(i32::MIN)).filter(|_| self.work),
            Role::Win | Role::Lose => self.contact_staff_from(as_of),
            _ => None,
        }
    }

    /// Returns from which day on it is asked whom contacts name.
    pub fn contact_staff_from(self, as_of: NaiveDate) -> Option<Day> {
        self.work.then(|| Day::of(as_of).plus(1 - YEAR))
    }

    /// Tells whether it is asked what rows were for that do this, though nothing else depends on it.
    pub fn asks_for_topic(self, role: Role) -> bool {
        self.promotion && role == Role::Expense
    }

    /// Returns the same, so that every contact is asked for.
    #[must_use]
    pub fn with_contacts(self) -> Self {
        Self {
            contact_count: true,
            ..self
        }
    }

    /// Returns the same and whose work it was: who had contacts and leads, and who answers for cases.
    #[must_use]
    pub fn with_work(self) -> Self {
        Self {
            work: true,
            contact_count: true,
            ..self
        }
    }

    /// Returns the same and on which days customers left and came back.
    #[must_use]
    pub fn with_turns(self) -> Self {
        Self {
            turns: true,
            ..self
        }
    }

    /// Returns the same and what winning customers cost.
    #[must_use]
    pub fn with_promotion(self) -> Self {
        Self {
            promotion: true,
            ..self
        }
    }

    /// Tells whether it is asked on which days customers left and came back.
    pub(super) fn has_turns(self) -> bool {
        self.turns
    }

    /// Tells whether it is asked whose work it was.
    pub(super) fn has_work(self) -> bool {
        self.work
    }

    /// Tells whether a room is needed.
    pub fn has(self, room: Room) -> bool {
        self.rooms & (1 << room as u32) != 0
    }

    /// Tells whether invoices of several customers are counted back over.
    pub(super) fn walks(self) -> bool {
        self.walk
    }

    /// Tells whether the fitted model is needed.
    pub fn has_model(self) -> bool {
        self.model
    }

    /// Tells whether a metric is among what is needed, or comes with it.
    pub fn has_metric(self, metric: Metric) -> bool {
        match metric.entry().room {
            Room::File => true,
            Room::Value if metric == Metric::ExpectedOrderValue => self.order_value,
            Room::Value if metric != Metric::ChurnHorizon => self.model,
            room => self.has(room),
        }
    }

    /// Tells whether one customer's figures cannot be told without all others.
    pub fn compares_customers(self, policy: &Policy) -> bool {
        self.has(Room::Ranking) || self.compares_buyers(policy)
    }

    /// Tells whether a fact of the whole book is needed: the day of its first invoice.
    pub fn looks_at_book(self) -> bool {
        self.has(Room::Exposure)
    }

    /// Tells whether all customers with an order are looked at: by a model, if the policy wants one, or
    /// for the usual amount of the book, which `expected_order_value` needs whatever the model.
    pub(super) fn compares_buyers(self, policy: &Policy) -> bool {
        self.model && choice(policy).is_some() || self.order_value
    }

    fn add(&mut self, policy: &Policy, metric: Metric) {
        let room = metric.entry().room;
        self.contact_count |= metric == Metric::Contacts || room == Room::Leads;
        if room == Room::Value && metric != Metric::ChurnHorizon {
            self.model = true;
        }
        self.order_value |= metric == Metric::ExpectedOrderValue;
        if !self.insert(room) {
            return;
        }
        match room {
            Room::Exposure => {
                self.insert(Room::Receivables);
            }
            Room::Ranking | Room::Leads => {
                self.insert(Room::Orders);
            }
            Room::Value => {
                self.insert(Room::Orders);
                self.insert(Room::Contact);
            }
            Room::Agreements => {
                self.insert(Room::Contact);
            }
            Room::Review => {
                self.insert(Room::Contact);
                self.add_rules(
                    policy,
                    policy.reviews.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::Tier => {
                self.add_rules(
                    policy,
                    policy.tiers.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::Revisit => {
                self.insert(Room::Contact);
                self.add_rules(
                    policy,
                    policy.revisits.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::Deadlines => {
                self.insert(Room::Cases);
                self.add_rules(policy, policy.slas.iter().filter_map(|it| it.when.as_ref()));
            }
            Room::Dunning => {
                self.insert(Room::Receivables);
                self.add_rules(
                    policy,
                    policy.dunning.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::Churn => {
                self.insert(Room::Orders);
                self.add_rules(
                    policy,
                    policy.churn.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::AtStake => {
                for metric in [Metric::Churn, Metric::ChurnRisk, Metric::AnnualValue] {
                    self.add(policy, metric);
                }
            }
            Room::Signals => {
                self.add_rules(
                    policy,
                    policy.signals.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::Flags => {
                self.add_rules(
                    policy,
                    policy.flags.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Room::File
            | Room::Owner
            | Room::Contact
            | Room::Orders
            | Room::Receivables
            | Room::Cases
            | Room::Satisfaction
            | Room::Score
            | Room::Archive => {}
        }
    }

    fn add_rules<'p>(&mut self, policy: &Policy, rules: impl Iterator<Item = &'p Rule>) {
        for &metric in rules.flat_map(Rule::metrics) {
            self.add(policy, metric);
        }
    }

    /// Adds a room; `false` if it was there.
    fn insert(&mut self, room: Room) -> bool {
        let is_new = !self.has(room);
        self.rooms |= 1 << room as u32;
        is_new
    }
}
