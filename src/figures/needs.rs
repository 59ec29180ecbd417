//! Which analyses a command's metrics need, through the rules in force.

use chrono::NaiveDate;

use super::value::choice;
use crate::metric::{CATALOGUE, Group, Metric};
use crate::model::{Day, Kind, Role, Spared};
use crate::policy::Policy;
use crate::rule::Rule;

/// A set of analyses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    groups: u32,
    model: bool,
    /// Whether contacts are counted, not only the latest looked for.
    contact_count: bool,
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

    /// Returns what those figures of a customer need that its own rows tell: all but its rank and what
    /// a model of all customers makes.
    ///
    /// `None` where a rule of the policy compares customers: then tier, clocks or flags cannot be told
    /// from one alone.
    pub fn of_one(policy: &Policy) -> Option<Self> {
        let is_own = |metric: &Metric| !Self::of(policy, [*metric]).compares_customers(policy);
        let may_compare = |metric: &Metric| {
            let group = metric.entry().group;
            matches!(
                group,
                Group::Ranking | Group::Value | Group::Churn | Group::AtStake
            )
        };
        let mut metrics = CATALOGUE.iter().map(|entry| entry.metric);
        let is_enough = metrics.clone().all(|it| may_compare(&it) || is_own(&it));
        is_enough.then(|| Self::of(policy, metrics.by_ref().filter(is_own)))
    }

    /// Returns what everything needs.
    pub fn all() -> Self {
        Self {
            groups: u32::MAX,
            model: true,
            contact_count: true,
        }
    }

    /// Tells which rows can be left out of a book that is loaded for nothing else.
    pub fn spared(self, policy: &Policy, as_of: NaiveDate) -> Spared {
        // A kind without a role only says that the customer was there, and when; and so does a survey
        // if nobody asks for its score.
        let is_spared = |kind: &Kind| {
            let counts = match kind.role {
                Role::Other => false,
                Role::Survey => self.has(Group::Satisfaction),
                _ => true,
            };
            !(counts || kind.contact && self.contact_count)
        };
        Spared {
            kinds: policy.kinds.all().iter().map(is_spared).collect(),
            until: Day::of(as_of),
        }
    }

    /// Returns the same, so that no contact is spared.
    #[must_use]
    pub fn with_contacts(self) -> Self {
        Self {
            contact_count: true,
            ..self
        }
    }

    /// Tells whether a group of metrics is needed.
    pub fn has(self, group: Group) -> bool {
        self.groups & (1 << group as u32) != 0
    }

    /// Tells whether the fitted model is needed.
    pub fn has_model(self) -> bool {
        self.model
    }

    /// Tells whether a metric is among what is needed, or comes with it.
    pub fn has_metric(self, metric: Metric) -> bool {
        match metric.entry().group {
            Group::File => true,
            Group::Value if metric != Metric::ChurnHorizon => self.model,
            group => self.has(group),
        }
    }

    /// Tells whether one customer's figures cannot be told without all others.
    pub fn compares_customers(self, policy: &Policy) -> bool {
        self.has(Group::Ranking) || self.fits_model(policy)
    }

    /// Tells whether a fact of the whole book is needed: the day of its first invoice.
    pub fn looks_at_book(self) -> bool {
        self.has(Group::Exposure)
    }

    /// Tells whether a model is to be fitted, if the policy wants one.
    pub(super) fn fits_model(self, policy: &Policy) -> bool {
        self.model && choice(policy).is_some()
    }

    fn add(&mut self, policy: &Policy, metric: Metric) {
        let group = metric.entry().group;
        self.contact_count |= metric == Metric::Contacts || group == Group::Leads;
        if group == Group::Value && metric != Metric::ChurnHorizon {
            self.model = true;
        }
        if !self.insert(group) {
            return;
        }
        match group {
            Group::Exposure => {
                self.insert(Group::Receivables);
            }
            Group::Ranking | Group::Leads => {
                self.insert(Group::Orders);
            }
            Group::Value => {
                self.insert(Group::Orders);
                self.insert(Group::Contact);
            }
            Group::Agreements => {
                self.insert(Group::Contact);
            }
            Group::Archive => {
                self.insert(Group::Contact);
                self.add_rules(
                    policy,
                    policy.reviews.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::Tier => {
                self.add_rules(
                    policy,
                    policy.tiers.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::Revisit => {
                self.insert(Group::Contact);
                self.add_rules(
                    policy,
                    policy.revisits.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::Deadlines => {
                self.insert(Group::Cases);
                self.add_rules(policy, policy.slas.iter().filter_map(|it| it.when.as_ref()));
            }
            Group::Churn => {
                self.insert(Group::Orders);
                self.add_rules(
                    policy,
                    policy.churn.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::AtStake => {
                for metric in [Metric::Churn, Metric::ChurnRisk, Metric::AnnualValue] {
                    self.add(policy, metric);
                }
            }
            Group::Signals => {
                self.add_rules(
                    policy,
                    policy.signals.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::Flags => {
                self.add_rules(
                    policy,
                    policy.flags.iter().filter_map(|it| it.when.as_ref()),
                );
            }
            Group::File
            | Group::Owner
            | Group::Contact
            | Group::Orders
            | Group::Receivables
            | Group::Cases
            | Group::Satisfaction
            | Group::Score => {}
        }
    }

    fn add_rules<'p>(&mut self, policy: &Policy, rules: impl Iterator<Item = &'p Rule>) {
        for &metric in rules.flat_map(Rule::metrics) {
            self.add(policy, metric);
        }
    }

    /// Adds a group; `false` if it was there.
    fn insert(&mut self, group: Group) -> bool {
        let is_new = !self.has(group);
        self.groups |= 1 << group as u32;
        is_new
    }
}
