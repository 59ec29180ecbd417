//! Receivables: which money went to which invoice, and what is still owed.
//!
//! One pass over the rows in their order, so that no later row changes a past day. Source: the
//! open-item method of accounts receivable, as `docs/methods.md`, "Receivables", tells it.

mod items;
pub(super) mod paying;
pub(in crate::figures) mod traced;
pub(super) mod why;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::NaiveDate;

use super::FiguresContext;
use super::file::terms;
use crate::metric::level::Settlement;
use crate::metric::{PastDue, ReceivablesMetric, Value};
use crate::model::{
    Book, Customer, Day, Fraction, Interaction, Interactions, Money, RefTarget, Role, Word as _,
};
use crate::policy::{Policy, SettlementPolicy, Tolerance};
pub(crate) use items::{MoneyFlow, OpenItem, Waiting};
use paying::{Lateness, billed, days_to_pay, dso, latest};

/// All items of a customer on a day, and the money that waits.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) items: Vec<OpenItem>,
    /// Waiting money that may go to any invoice, oldest first.
    unnamed: VecDeque<Waiting>,
    /// Waiting money that names an invoice still to come, by that invoice's row and then by age.
    reserved: BTreeMap<(usize, usize), Waiting>,
    /// The keys of reserved money by its age; those that are gone are passed over.
    reserved_by_age: VecDeque<(usize, usize)>,
    /// No item before this one is open, but those that are in `reopened`.
    first_open: usize,
    /// Items before `first_open` that money taken back has opened again.
    ///
    /// To go back to them instead would mean to pass over all that are settled once for each.
    reopened: BTreeSet<usize>,
    /// What credits have taken from invoices still to come, by the invoice's row.
    credited_ahead: BTreeMap<usize, Money>,
    tolerance: Option<Tolerance>,
    /// Every movement of money, where somebody will ask.
    pub(crate) flows: Option<Vec<MoneyFlow>>,
    /// Rows of write-offs of which a part had no effect, with that part.
    pub(crate) unused_writeoffs: Vec<(usize, Money)>,
    has_invoice_or_payment: bool,
}

impl Ledger {
    /// Enters a customer's rows up to the day.
    pub(crate) fn of(
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) -> Self {
        let mut ledger = Self::default();
        ledger.enter_all(context, customer, rows);
        ledger
    }

    /// Enters another customer's rows in place of those that are there.
    ///
    /// Lists grow anew for every customer otherwise, and threads that ask for memory so often wait for
    /// each other: that took a tenth of the time of a million rows.
    pub(crate) fn again(
        &mut self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) {
        let Self {
            items,
            unnamed,
            reserved,
            reserved_by_age,
            first_open,
            reopened,
            credited_ahead,
            tolerance: _,
            flows,
            unused_writeoffs,
            has_invoice_or_payment,
        } = self;
        items.clear();
        unnamed.clear();
        reserved_by_age.clear();
        unused_writeoffs.clear();
        *first_open = 0;
        *flows = None;
        *has_invoice_or_payment = false;
        // To clear a tree costs something even if there is nothing in it, as there mostly is not.
        if !reserved.is_empty() {
            reserved.clear();
        }
        if !reopened.is_empty() {
            reopened.clear();
        }
        if !credited_ahead.is_empty() {
            credited_ahead.clear();
        }
        self.enter_all(context, customer, rows);
    }

    /// Does the same and keeps every movement of money.
    pub(crate) fn with_flows(
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) -> Self {
        let mut ledger = Self {
            flows: Some(Vec::new()),
            ..Self::default()
        };
        ledger.enter_all(context, customer, rows);
        ledger
    }

    fn enter_all(
        &mut self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) {
        self.tolerance = Some(context.policy.settlement.tolerance);
        let terms = terms(context.policy, customer);
        for (index, row) in rows.rows().iter().enumerate() {
            let role = context.roles.role(row);
            let target = match rows.target(row) {
                RefTarget::Row(target) => Some(target),
                RefTarget::None => None,
            };
            match role {
                Role::Invoice => {
                    self.has_invoice_or_payment = true;
                    let due = rows.due(row).unwrap_or_else(|| terms.due(row.day));
                    self.open(index, row, due);
                }
                Role::Payment if row.quantity < 0 => {
                    self.has_invoice_or_payment = true;
                    self.take_back(index, row, target);
                }
                Role::Payment => {
                    self.has_invoice_or_payment = true;
                    self.enter(index, row, role, target);
                }
                Role::Credit => {
                    if let Some(invoice) = target {
                        self.credit(invoice, row.amount());
                        self.enter(index, row, role, target);
                    }
                }
                Role::Writeoff => self.enter(index, row, role, target),
                _ => {}
            }
        }
    }

    /// Opens an invoice, which takes waiting money at once.
    fn open(&mut self, index: usize, row: &Interaction, due: Day) {
        let mut item = OpenItem::new(index, row.day, due, row.amount());
        if !self.credited_ahead.is_empty() {
            item.credited = self.credited_ahead.remove(&index).unwrap_or_default();
        }
        self.items.push(item);
        let item = self.items.len() - 1;
        while let Some(((target, age), mut money)) = self
            .reserved
            .range((index, 0)..=(index, usize::MAX))
            .next()
            .map(|(key, it)| (*key, *it))
        {
            let rest = self.put(item, money, row.day);
            self.reserved.remove(&(target, age));
            if rest > Money::ZERO {
                // What its own invoice does not need goes the way of all money.
                money.amount = rest;
                self.spread(money, row.day);
            }
        }
        self.take_waiting(item, row.day);
        self.settle(item, row.day);
    }

    /// Enters a payment, write-off or credit.
    fn enter(&mut self, index: usize, row: &Interaction, role: Role, target: Option<usize>) {
        let mut money = Waiting {
            row: index,
            amount: row.amount(),
            role,
        };
        if let Some(target) = target {
            if let Ok(item) = self.items.binary_search_by_key(&target, |item| item.row) {
                money.amount = self.put(item, money, row.day);
            } else {
                self.reserved.insert((target, index), money);
                self.reserved_by_age.push_back((target, index));
                return;
            }
        }
        self.spread(money, row.day);
    }

    /// Notes what a credit takes from the invoice that it names, whatever its balance.
    fn credit(&mut self, invoice: usize, amount: Money) {
        match self.items.binary_search_by_key(&invoice, |item| item.row) {
            Ok(item) => self.items[item].credited += amount,
            Err(_) => *self.credited_ahead.entry(invoice).or_default() += amount,
        }
    }

    /// Gives money to the oldest open items; what is left waits, but has no effect of a write-off.
    fn spread(&mut self, mut money: Waiting, day: Day) {
        while money.amount > Money::ZERO
            && let Some(item) = self.oldest_open()
        {
            money.amount = self.put(item, money, day);
        }
        if money.amount > Money::ZERO {
            if money.role == Role::Writeoff {
                self.unused_writeoffs.push((money.row, money.amount));
            } else {
                self.unnamed.push_back(money);
            }
        }
    }

    /// Returns the oldest item with a balance; each that has none is passed over once.
    fn oldest_open(&mut self) -> Option<usize> {
        let is_open = |item: &OpenItem| item.balance > Money::ZERO;
        while let Some(&item) = self.reopened.first() {
            if is_open(&self.items[item]) {
                return Some(item);
            }
            self.reopened.pop_first();
        }
        while let Some(item) = self.items.get(self.first_open) {
            if is_open(item) {
                return Some(self.first_open);
            }
            self.first_open += 1;
        }
        None
    }

    /// Takes back money: from the invoice named, from what waits, else it is a debt.
    fn take_back(&mut self, index: usize, row: &Interaction, target: Option<usize>) {
        let mut rest = -row.amount();
        if let Some(target) = target
            && let Ok(item) = self.items.binary_search_by_key(&target, |item| item.row)
        {
            let taken = rest.min(self.items[item].paid);
            rest -= taken;
            self.note(MoneyFlow::TakenBack {
                row: index,
                item,
                amount: taken,
            });
            self.items[item].paid -= taken;
            self.items[item].balance += taken;
            if !self.is_settled(item) {
                self.items[item].settled = None;
            }
            if self.items[item].balance > Money::ZERO && item < self.first_open {
                self.reopened.insert(item);
            }
            self.take_waiting(item, row.day);
        }
        if let Some(target) = target {
            while rest > Money::ZERO
                && let same = self.reserved.range((target, 0)..=(target, usize::MAX))
                && let Some(key) = same.map(|(key, _)| *key).next()
            {
                self.take_back_reserved(index, key, &mut rest);
            }
        }
        while rest > Money::ZERO
            && let Some(front) = self.unnamed.front_mut()
        {
            let taken = rest.min(front.amount);
            let from = front.row;
            front.amount -= taken;
            rest -= taken;
            if front.amount == Money::ZERO {
                self.unnamed.pop_front();
            }
            self.note(MoneyFlow::Withdrawn {
                row: index,
                from,
                amount: taken,
            });
        }
        while rest > Money::ZERO
            && let Some(&key) = self.reserved_by_age.front()
        {
            if self.reserved.contains_key(&key) {
                self.take_back_reserved(index, key, &mut rest);
            } else {
                self.reserved_by_age.pop_front();
            }
        }
        if rest > Money::ZERO {
            self.items.push(OpenItem {
                is_debt: true,
                ..OpenItem::new(index, row.day, row.day, rest)
            });
            let item = self.items.len() - 1;
            self.settle(item, row.day);
        }
    }

    /// Takes back reserved money, up to the rest.
    fn take_back_reserved(&mut self, row: usize, key: (usize, usize), rest: &mut Money) {
        let Some(money) = self.reserved.get_mut(&key) else {
            return;
        };
        let taken = (*rest).min(money.amount);
        let from = money.row;
        money.amount -= taken;
        *rest -= taken;
        if money.amount == Money::ZERO {
            self.reserved.remove(&key);
        }
        self.note(MoneyFlow::Withdrawn {
            row,
            from,
            amount: taken,
        });
    }

    /// Gives waiting money that names no invoice to an item.
    fn take_waiting(&mut self, item: usize, day: Day) {
        while self.items[item].balance > Money::ZERO
            && let Some(mut money) = self.unnamed.pop_front()
        {
            money.amount = self.put(item, money, day);
            if money.amount > Money::ZERO {
                self.unnamed.push_front(money);
            }
        }
    }

    /// Puts money to an item, up to its balance; returns what is left of it.
    fn put(&mut self, item: usize, money: Waiting, day: Day) -> Money {
        let it = &mut self.items[item];
        let taken = money.amount.min(it.balance);
        it.balance -= taken;
        match money.role {
            Role::Payment => it.paid += taken,
            Role::Writeoff => it.written_off += taken,
            _ => {}
        }
        self.settle(item, day);
        self.note(MoneyFlow::Put {
            row: money.row,
            item,
            amount: taken,
            day,
        });
        money.amount - taken
    }

    /// Keeps a movement of money, if somebody will ask for it.
    fn note(&mut self, flow: MoneyFlow) {
        if let Some(flows) = &mut self.flows {
            let (MoneyFlow::Put { amount, .. }
            | MoneyFlow::TakenBack { amount, .. }
            | MoneyFlow::Withdrawn { amount, .. }) = flow;
            if amount > Money::ZERO {
                flows.push(flow);
            }
        }
    }

    fn settle(&mut self, item: usize, day: Day) {
        if self.items[item].settled.is_none() && self.is_settled(item) {
            self.items[item].settled = Some(day);
        }
    }

    /// Tells whether an item's balance is within the tolerance.
    fn is_settled(&self, item: usize) -> bool {
        let it = &self.items[item];
        match self.tolerance {
            Some(tolerance) => tolerance.settles(it.balance, it.amount),
            None => it.balance <= Money::ZERO,
        }
    }

    /// Returns the money that waits, by the rows that brought it.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = &Waiting> {
        self.unnamed.iter().chain(self.reserved.values())
    }

    /// Returns all waiting money.
    pub(crate) fn advance(&self) -> Money {
        self.waiting().map(|money| money.amount).sum()
    }

    /// Returns all that was billed, for counting back over several customers.
    pub(crate) fn billed(&self) -> Box<[(Day, Money)]> {
        billed(&self.items)
    }

    /// Adds up the ledger as of a day.
    pub(crate) fn receivables(&self, policy: &SettlementPolicy, as_of: Day) -> Option<Receivables> {
        if !self.has_invoice_or_payment {
            return None;
        }
        let mut sums = Receivables {
            advance: self.advance(),
            days_to_pay: days_to_pay(&self.items, as_of),
            settlement: Lateness::of(&self.items, policy, as_of).settlement(policy),
            latest: latest(&self.items, as_of).map(|it| it.0),
            ..Receivables::default()
        };
        let mut late = Vec::new();
        for item in &self.items {
            match item.days_past_due(as_of) {
                Some(days) if days > 0 => late.push((days, item.balance)),
                _ => sums.not_due += item.balance,
            }
        }
        sums.late = late.into();
        sums.dso = dso(&self.items, sums.receivable(), as_of);
        Some(sums)
    }
}

/// Returns what finds the write-offs of a customer up to the day of which a part had no effect: the row
/// among the customer's, and that part.
pub(crate) fn unused_writeoffs<'b>(
    book: &'b Book,
    policy: &'b Policy,
    as_of: NaiveDate,
) -> impl Fn(&Customer, Interactions<'_>) -> Vec<(usize, Money)> + 'b {
    let context = FiguresContext::new(book, policy, as_of);
    move |customer, rows| {
        let rows = rows.until(context.as_of);
        let is_writeoff = |row: &Interaction| context.roles.role(row) == Role::Writeoff;
        if rows.rows().iter().any(is_writeoff) {
            Ledger::of(&context, customer, rows).unused_writeoffs
        } else {
            Vec::new()
        }
    }
}

/// The figures of receivables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Receivables {
    advance: Money,
    /// The balances of what is settled or not past due.
    not_due: Money,
    /// The days past due and balances of the others.
    late: Box<[(i64, Money)]>,
    dso: Option<Fraction>,
    /// Amounts times days, and the amounts, of the invoices that count for `days_to_pay`.
    pub(super) days_to_pay: (i128, i128),
    /// All that was billed, if a group is to be counted back over.
    pub(super) billed: Box<[(Day, Money)]>,
    settlement: Option<Settlement>,
    /// By how many days the latest unsettled item is past due, negative before that.
    pub(super) latest: Option<i64>,
}

impl Receivables {
    /// Returns all balances.
    pub(crate) fn receivable(&self) -> Money {
        self.not_due + self.past_due()
    }

    /// Returns the balances that are past due.
    fn past_due(&self) -> Money {
        self.late.iter().map(|it| it.1).sum()
    }

    /// Returns the balances that are so many days past due.
    fn past(&self, days: PastDue) -> Money {
        let counts = |it: &&(i64, Money)| days.has(it.0);
        self.late.iter().filter(counts).map(|it| it.1).sum()
    }

    /// Returns the balances that are past due, each times its days.
    fn money_days(&self) -> Money {
        let late = self.late.iter();
        late.map(|(days, balance)| Money(balance.0 * i128::from(*days)))
            .sum()
    }

    /// Returns the money that waits.
    pub(crate) fn advance(&self) -> Money {
        self.advance
    }

    /// Returns a figure of receivables.
    pub(crate) fn value<'b>(&self, metric: ReceivablesMetric) -> Value<'b> {
        match metric {
            ReceivablesMetric::Receivable => self.receivable().into(),
            ReceivablesMetric::Advance => self.advance.into(),
            ReceivablesMetric::PastDue => self.past_due().into(),
            ReceivablesMetric::DaysPastDue => Value::whole(self.latest.unwrap_or_default().max(0)),
            ReceivablesMetric::NotDue => self.not_due.into(),
            ReceivablesMetric::Past(days) => self.past(days).into(),
            ReceivablesMetric::MoneyDays => self.money_days().to_fraction().into(),
            ReceivablesMetric::Dso => self.dso.into(),
            ReceivablesMetric::DaysToPay => {
                Fraction::new(self.days_to_pay.0, self.days_to_pay.1).into()
            }
            ReceivablesMetric::Settlement => self.settlement.map(Settlement::word).into(),
        }
    }
}
