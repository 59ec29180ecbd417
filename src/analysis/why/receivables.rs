//! Why the figures of receivables are what they are: every invoice, what settled it, what is open.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::file::share;
use super::orders::say_sum;
use super::words::{days, money, number_of};
use super::{Reasons, Why};
use crate::analysis::in_year;
use crate::analysis::receivables::{Flow, Item, Ledger, judged};
use crate::metric::{Metric, Value};
use crate::model::{Fraction, Money, Role, Target};

/// A ledger with its movements of money, and which rows they bind together.
pub(super) struct Traced {
    ledger: Ledger,
    /// For each row of the customer, the first row of those that money binds it to.
    bound_to: Vec<usize>,
}

impl Traced {
    fn flows(&self) -> &[Flow] {
        self.ledger.flows.as_deref().unwrap_or_default()
    }

    /// Returns the rows that money binds to some rows, themselves included.
    ///
    /// What is not bound to an item can be taken away without a change to it.
    pub(super) fn bound(&self, rows: &BTreeSet<usize>) -> BTreeSet<usize> {
        let roots: BTreeSet<usize> = rows.iter().map(|row| self.root(*row)).collect();
        (0..self.bound_to.len())
            .filter(|row| roots.contains(&self.root(*row)))
            .collect()
    }

    fn root(&self, mut row: usize) -> usize {
        while let Some(&next) = self.bound_to.get(row)
            && next != row
        {
            row = next;
        }
        row
    }

    fn bind(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        if let Some(bound) = self.bound_to.get_mut(a.max(b)) {
            *bound = a.min(b);
        }
    }
}

impl Reasons<'_, '_> {
    /// Returns the customer's ledger with its movements of money.
    pub(super) fn ledger(&mut self) -> Rc<Traced> {
        if let Some(ledger) = &self.ledger {
            return Rc::clone(ledger);
        }
        let ledger = Ledger::with_flows(self.context(), self.customer, self.rows);
        let mut traced = Traced {
            ledger,
            bound_to: (0..self.rows.rows().len()).collect(),
        };
        for flow in traced.flows().to_vec() {
            match flow {
                Flow::Put { row, item, .. } | Flow::TakenBack { row, item, .. } => {
                    let opener = traced.ledger.items[item].row;
                    traced.bind(row, opener);
                }
                Flow::Withdrawn { row, from, .. } => traced.bind(row, from),
            }
        }
        let traced = Rc::new(traced);
        self.ledger = Some(Rc::clone(&traced));
        traced
    }

    pub(super) fn why_receivables(&mut self, why: &mut Why) {
        if why.metric == Metric::CreditUsed {
            self.rest_on(why, Metric::Receivable);
            self.rest_on(why, Metric::CreditLimit);
            self.ratio(why, Metric::Receivable, Metric::CreditLimit);
            return;
        }
        let traced = self.ledger();
        let as_of = self.as_of();
        let policy = &self.context().policy.settlement;
        let late = |item: &Item| match item.settled {
            None => as_of.since(item.due).max(0),
            Some(_) => 0,
        };
        let counts = |item: &Item| match why.metric {
            Metric::PastDue | Metric::DaysPastDue => late(item) > 0,
            Metric::NotDue => late(item) == 0 && item.balance != Money::ZERO,
            Metric::PastDue1To30 => (1..=30).contains(&late(item)),
            Metric::PastDue31To60 => (31..=60).contains(&late(item)),
            Metric::PastDue61To90 => (61..=90).contains(&late(item)),
            Metric::PastDue91To365 => (91..=365).contains(&late(item)),
            Metric::PastDueOver365 => late(item) > 365,
            Metric::Settlement => judged(item, policy, as_of).is_some(),
            Metric::Advance => false,
            _ => item.balance != Money::ZERO,
        };
        let items: Vec<&Item> = traced.ledger.items.iter().filter(|it| counts(it)).collect();
        let mut rows: BTreeSet<usize> = items.iter().map(|item| item.row).collect();
        let mut balances: Vec<Money> = items.iter().map(|item| item.balance).collect();
        if why.metric == Metric::Advance {
            for money in traced.ledger.waiting() {
                rows.insert(money.row);
                balances.push(money.amount);
            }
        }
        if why.metric == Metric::Dso {
            rows.extend(self.invoiced_rows());
        }
        if rows.is_empty() && why.value.is_known() {
            // That nothing is owed is known by an invoice or payment; the latest will do.
            let known = |role| matches!(role, Role::Invoice | Role::Payment);
            let last = self.rows_where(|row| known(self.context().roles.role(row)));
            rows.extend(last.map(|(index, _)| index).next_back());
        }
        for row in traced.bound(&rows) {
            self.add_money_row(why, &traced, row);
        }
        for item in &items {
            let line = self.item_line(item, &traced);
            why.say(line);
        }
        match why.metric {
            _ if !why.value.is_known() && why.metric != Metric::Dso => {
                why.say("unknown: there is nothing to judge by");
            }
            Metric::Settlement => self.judgement(why, &items),
            Metric::DaysPastDue => why.say("the latest of the unsettled items counts"),
            Metric::Dso => {
                let invoiced = money(traced.ledger.invoiced_in_year);
                self.rest_on(why, Metric::Receivable);
                why.say(format!(
                    "{} / {invoiced} invoiced in the year × 365 = {}",
                    self.said(Metric::Receivable),
                    super::words::value(&why.value, crate::metric::Type::Days)
                ));
            }
            _ => say_sum(why, &balances, ("balances", ""), ""),
        }
    }

    /// Returns the invoices of the year and the credits that name one.
    fn invoiced_rows(&self) -> Vec<usize> {
        let (as_of, roles) = (self.as_of(), &self.context().roles);
        let counts = |row: &crate::model::Interaction| {
            in_year(as_of, row.day)
                && match roles.role(row) {
                    Role::Invoice => true,
                    Role::Credit => self.rows.target(row) != Target::None,
                    _ => false,
                }
        };
        self.rows_where(counts).map(|(index, _)| index).collect()
    }

    /// Adds a row with what it did to which invoice.
    fn add_money_row(&self, why: &mut Why, traced: &Traced, index: usize) {
        let row = self.rows.rows()[index];
        let role = self.context().roles.role(&row);
        let mut amount = Some(row.amount());
        let mut parts: Vec<String> = Vec::new();
        if role == Role::Invoice {
            parts.push(format!("opens {}", self.name(index)));
        }
        let name = |item: usize| self.name(traced.ledger.items[item].row);
        for flow in traced.flows() {
            match *flow {
                Flow::Put {
                    row,
                    item,
                    amount: taken,
                    ..
                } if row == index => {
                    let verb = match role {
                        Role::Writeoff => "writes off",
                        Role::Credit => "lowers",
                        _ if traced.ledger.items[item].balance <= Money::ZERO
                            && Self::is_last(traced, item, index) =>
                        {
                            "settles"
                        }
                        _ => "pays",
                    };
                    parts.push(format!("{verb} {}: {}", name(item), money(taken)));
                }
                Flow::TakenBack {
                    row,
                    item,
                    amount: taken,
                } if row == index => {
                    parts.push(format!("takes back from {}: {}", name(item), money(taken)));
                }
                Flow::Withdrawn {
                    row,
                    from,
                    amount: taken,
                } if row == index => {
                    parts.push(format!(
                        "takes back from {}: {}",
                        self.name(from),
                        money(taken)
                    ));
                }
                _ => {}
            }
        }
        for item in traced
            .ledger
            .items
            .iter()
            .filter(|it| it.row == index && it.is_debt)
        {
            parts.push(format!("leaves a debt of {}", money(item.balance)));
        }
        for waiting in traced.ledger.waiting().filter(|it| it.row == index) {
            parts.push(format!("still waits: {}", money(waiting.amount)));
        }
        if !matches!(role, Role::Invoice) {
            amount = amount.map(|amount| -amount);
        }
        why.add_row(index, amount, parts.join(", "));
    }

    /// Tells whether a row is the last whose money went to an item.
    fn is_last(traced: &Traced, item: usize, index: usize) -> bool {
        let is_put = |flow: &&Flow| matches!(flow, Flow::Put { item: it, .. } if *it == item);
        let last = traced.flows().iter().rfind(is_put);
        matches!(last, Some(Flow::Put { row, .. }) if *row == index)
    }

    /// Writes one item: what it was, when it was due, what became of it.
    fn item_line(&self, item: &Item, traced: &Traced) -> String {
        let name = self.name(item.row);
        let what = if item.is_debt { "debt" } else { "invoice" };
        let amount = if item.is_debt {
            item.balance
        } else {
            self.rows.rows()[item.row].amount()
        };
        let mut parts = vec![
            format!(
                "{name}: {what} of {} over {}",
                item.day.date(),
                money(amount)
            ),
            format!("due {}", item.due.date()),
        ];
        let late = |by: i64| match by {
            0 => "on its due day".to_owned(),
            1.. => format!("{} late", days(by)),
            _ => format!("{} early", days(-by)),
        };
        if let Some(day) = item.settled {
            let by = traced.flows().iter().rev().find_map(|flow| match flow {
                Flow::Put {
                    row,
                    item: at,
                    day: on,
                    ..
                } if traced.ledger.items[*at].row == item.row && *on == day => Some(*row),
                _ => None,
            });
            let by = by.and_then(|row| self.rows.rows().get(row));
            let by = by.map_or_else(String::new, |row| format!(" by {}", self.kind(row)));
            parts.push(format!("settled {}{by}", day.date()));
            parts.push(late(day.since(item.due)));
            if item.is_written_off {
                parts.push("but a part was written off".to_owned());
            }
            if item.balance != Money::ZERO {
                parts.push(format!("{} left", money(item.balance)));
            }
        } else {
            parts.push(format!("open: {}", money(item.balance)));
            let overdue = self.as_of().since(item.due);
            if overdue > 0 {
                parts.push(late(overdue));
            }
        }
        parts.join(", ")
    }

    /// Writes how the judged invoices come to the word for the settlement.
    fn judgement(&self, why: &mut Why, items: &[&Item]) {
        let (as_of, policy) = (self.as_of(), &self.context().policy.settlement);
        let of = |item: &Item| judged(item, policy, as_of);
        let overdue = items.iter().find_map(|item| {
            let (late, is_settled) = of(item)?;
            (!is_settled && late > policy.overdue).then_some((item.row, late))
        });
        if let Some((row, late)) = overdue {
            let (name, limit) = (self.name(row), days(policy.overdue));
            let late = days(late);
            why.say(format!(
                "{name} is not paid and {late} late, over {limit}: overdue"
            ));
            return;
        }
        let judged: Vec<(i64, bool)> = items.iter().filter_map(|item| of(item)).collect();
        let within = judged.iter().filter(|it| it.0 <= policy.grace).count();
        let worst = judged.iter().map(|it| it.0).max().unwrap_or_default();
        let whole = |count: usize| i128::try_from(count).unwrap_or_default();
        let (grace, count) = (days(policy.grace), judged.len());
        let part = share(Fraction::new(whole(within), whole(count)));
        let invoices = number_of(count, "judged invoice", "judged invoices");
        let Value::Text(word) = &why.value else {
            return;
        };
        let worst = if worst > 0 {
            format!("the latest {} late", days(worst))
        } else {
            "none late".to_owned()
        };
        let line = format!("{within} of {invoices} at most {grace} late ({part}), {worst}: {word}");
        why.say(line);
    }
}
