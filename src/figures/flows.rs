//! Flows: what happened with customers, each row on its day, and the sums over times that follow one another.

use super::FiguresContext;
use super::cases;
use super::leads::Leads;
use super::leaving::{Leaving, LossTurn};
use super::receivables::{Ledger, MoneyFlow as Move};
use crate::metric::{Type, Value};
use crate::model::{Customer, Day, Interactions, Money, RefTarget, Role};

/// What can be counted or summed up of the rows of a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// Order rows.
    Orders,
    /// Days with an order, of each customer.
    OrderDays,
    /// Orders less the credits that lower revenue.
    Revenue,
    /// Invoices less the credits that name one.
    Invoiced,
    /// Payments, those sent back subtracted.
    Paid,
    /// What write-offs took off balances.
    WrittenOff,
    /// Expenses.
    Expenses,
    /// Contacts.
    Contacts,
    /// Customers with their first order.
    New,
    /// Times that a customer with an order was lost.
    Lost,
    /// Times that such a customer came back.
    WonBack,
    /// Complaints.
    Complaints,
    /// Requests.
    Requests,
    /// Times that a case was closed.
    Resolved,
    /// Leads.
    Leads,
    /// Leads that were won.
    LeadsWon,
    /// Leads that were lost.
    LeadsLost,
}

/// How many flows there are.
const COUNT: usize = Flow::LeadsLost as usize + 1;

impl Flow {
    /// Returns what kind of values it has.
    pub(crate) const fn kind(self) -> Type {
        match self {
            Self::Revenue | Self::Invoiced | Self::Paid | Self::WrittenOff | Self::Expenses => {
                Type::Money
            }
            _ => Type::Number,
        }
    }
}

/// The sum of every flow over a time: counts, and money in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Flows([i128; COUNT]);

impl Flows {
    fn add(&mut self, flow: Flow, amount: i128) {
        self.0[flow as usize] += amount;
    }

    /// Returns the sum of a flow, as it is counted.
    pub(crate) fn units(&self, flow: Flow) -> i128 {
        self.0[flow as usize]
    }

    /// Returns the sum of a flow.
    pub(crate) fn value(&self, flow: Flow) -> Value<'static> {
        let units = self.units(flow);
        match flow.kind() {
            Type::Money => Money(units).into(),
            _ => Value::whole(i64::try_from(units).unwrap_or(i64::MAX)),
        }
    }
}

impl std::ops::AddAssign<&Self> for Flows {
    fn add_assign(&mut self, other: &Self) {
        for (sum, it) in self.0.iter_mut().zip(&other.0) {
            *sum += it;
        }
    }
}

/// The flows of times that follow one another.
#[derive(Clone, Debug)]
pub(crate) struct Course {
    /// The first day of each time, ascending.
    starts: Vec<Day>,
    /// The flows of each; what lies before the first day is left out.
    times: Vec<Flows>,
}

impl Course {
    /// Makes an empty one from the first days of its times.
    pub(crate) fn new(mut starts: Vec<Day>) -> Self {
        starts.sort_unstable();
        starts.dedup();
        let times = vec![Flows::default(); starts.len()];
        Self { starts, times }
    }

    /// Returns the sums from the day on which a time begins until the day before another does.
    pub(crate) fn between(&self, from: Day, end: Day) -> Flows {
        let place = |day: Day| self.starts.partition_point(|it| *it < day);
        let mut sums = Flows::default();
        for time in self.times.get(place(from)..place(end)).unwrap_or_default() {
            sums += time;
        }
        sums
    }

    /// Adds what another one of the same times holds.
    pub(crate) fn join(&mut self, other: &Self) {
        for (time, it) in self.times.iter_mut().zip(&other.times) {
            *time += it;
        }
    }

    fn add(&mut self, day: Day, flow: Flow, amount: i128) {
        let after = self.starts.partition_point(|it| *it <= day);
        if let Some(time) = after.checked_sub(1).and_then(|it| self.times.get_mut(it)) {
            time.add(flow, amount);
        }
    }

    /// Adds the flows of a customer, from the rows up to the day.
    pub(crate) fn take(
        &mut self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) {
        let roles = &context.roles;
        let (mut has_case, mut has_lead, mut has_writeoff) = (false, false, false);
        let mut last_order = None;
        let mut leaving = Leaving::default();
        for row in rows.rows() {
            let amount = row.amount().0;
            self.turn(leaving.begin(row.day));
            leaving.take(roles, row);
            if roles.is_contact(row) {
                self.add(row.day, Flow::Contacts, 1);
            }
            if roles.is_order(row) {
                self.add(row.day, Flow::Orders, 1);
                self.add(row.day, Flow::Revenue, amount);
                if last_order.is_none() {
                    self.add(row.day, Flow::New, 1);
                }
                if last_order != Some(row.day) {
                    self.add(row.day, Flow::OrderDays, 1);
                }
                last_order = Some(row.day);
            } else if roles.is_revenue_credit(rows, row) {
                self.add(row.day, Flow::Revenue, -amount);
            }
            match roles.role(row) {
                Role::Invoice => self.add(row.day, Flow::Invoiced, amount),
                Role::Credit if rows.target(row) != RefTarget::None => {
                    self.add(row.day, Flow::Invoiced, -amount);
                }
                Role::Payment => self.add(row.day, Flow::Paid, amount),
                Role::Writeoff => has_writeoff = true,
                Role::Expense => self.add(row.day, Flow::Expenses, amount),
                Role::Complaint => {
                    has_case = true;
                    self.add(row.day, Flow::Complaints, 1);
                }
                Role::Request => {
                    has_case = true;
                    self.add(row.day, Flow::Requests, 1);
                }
                Role::Lead => {
                    has_lead = true;
                    self.add(row.day, Flow::Leads, 1);
                }
                _ => {}
            }
        }
        self.turn(leaving.end());
        if has_case {
            for case in cases::cases(context, rows) {
                for closed in case.stretches().filter_map(|it| it.closed) {
                    self.add(closed, Flow::Resolved, 1);
                }
            }
        }
        if has_lead {
            for (day, is_won) in ended_leads(context, rows) {
                let flow = if is_won {
                    Flow::LeadsWon
                } else {
                    Flow::LeadsLost
                };
                self.add(day, flow, 1);
            }
        }
        if has_writeoff {
            self.take_writeoffs(context, customer, rows);
        }
    }

    /// Adds a loss or a win-back.
    fn turn(&mut self, turn: Option<LossTurn>) {
        if let Some(turn) = turn {
            let flow = if turn.is_loss {
                Flow::Lost
            } else {
                Flow::WonBack
            };
            self.add(turn.day, flow, 1);
        }
    }

    /// Adds what write-offs took off balances, on the day on which they did.
    fn take_writeoffs(
        &mut self,
        context: &FiguresContext<'_>,
        customer: &Customer,
        rows: Interactions<'_>,
    ) {
        let ledger = Ledger::with_flows(context, customer, rows);
        for it in ledger.flows.iter().flatten() {
            if let Move::Put {
                row, amount, day, ..
            } = it
                && context.roles.role(&rows.rows()[*row]) == Role::Writeoff
            {
                self.add(*day, Flow::WrittenOff, amount.0);
            }
        }
    }
}

/// Returns when leads ended, and whether they were won.
fn ended_leads(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Vec<(Day, bool)> {
    let leads = Leads::of(context, rows, None);
    leads
        .all()
        .iter()
        .filter_map(|it| it.closed)
        .map(|it| (it.day, it.is_won))
        .collect()
}
