//! What happens to the customers, month by month: rows that belong together (an order, its invoice, the payments) are made
//! at once and wait for their month, so only the rows to come are in memory.

use std::collections::HashSet;

use crate::calendar::{Calendar, Day};
use crate::random::Random;

/// The kinds of row, as far as their cells differ; `cells.rs` spells them.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Kind {
    Visit,
    Call,
    Meeting,
    Email,
    Message,
    Plan,
    Order,
    Credit,
    Invoice,
    Payment,
    Writeoff,
    Expense,
    Complaint,
    Request,
    Response,
    Resolve,
    Survey,
    Lead,
    Win,
    Lose,
    Stage,
    Lost,
    Note,
}

/// One row, before it is written.
#[derive(Clone, Copy)]
pub(crate) struct Row {
    pub(crate) day: Day,
    pub(crate) customer: u32,
    pub(crate) kind: Kind,
    /// The amount in hundredths; what it means for kinds without an amount is nothing.
    pub(crate) cents: i64,
    /// The running number in the ref; 0 where the row names none.
    pub(crate) number: u32,
    /// Decides the words, the score and the manager.
    pub(crate) seed: u32,
}

/// What has to be remembered of a customer.
#[derive(Clone, Copy, Default)]
pub(crate) struct Customer {
    pub(crate) since: Day,
    pub(crate) orders: u32,
    invoices: u32,
    cases: u32,
    leads: u32,
    stage_day: Day,
    /// The index in `STAGES` of the latest `stage` row.
    pub(crate) stage: Option<u8>,
}

/// The customers' story, told a month at a time.
pub(crate) struct Story<'a> {
    calendar: &'a Calendar,
    random: Random,
    pub(crate) customers: Vec<Customer>,
    active: u32,
    waiting: Vec<Vec<Row>>,
    made: u64,
    total: u64,
    /// Customer, day and kind of this month's rows that have no ref to tell them apart.
    taken: HashSet<(u32, Day, Kind)>,
}

impl<'a> Story<'a> {
    pub(crate) fn new(calendar: &'a Calendar, customers: u32, rows: u64, seed: u64) -> Self {
        Self {
            calendar,
            random: Random::new(seed),
            customers: vec![Customer::default(); customers as usize],
            active: 0,
            waiting: vec![Vec::new(); calendar.month_count()],
            made: 0,
            total: rows,
            taken: HashSet::new(),
        }
    }

    /// Returns the month's rows by day. Months have to be asked for in order, each once.
    pub(crate) fn month(&mut self, month: usize) -> Vec<Row> {
        let (first, last) = self.calendar.days_of(month);
        self.let_customers_in(month, first);
        self.taken.clear();
        let days = u64::from(self.calendar.last) + 1;
        let target = if last == self.calendar.last {
            self.total
        } else {
            self.total * u64::from(last) / days
        };
        while self.made < target {
            self.happen(first, last);
        }
        let mut rows = std::mem::take(&mut self.waiting[month]);
        // Stable: rows of one day stay in the order in which they were made, an answer after its case.
        rows.sort_by_key(|row| row.day);
        rows
    }

    /// A tenth of the customers are there from the start, the others join over eight of the ten years.
    fn let_customers_in(&mut self, month: usize, first: Day) {
        let count = self.customers.len() as u64;
        let months = self.calendar.month_count() as u64;
        let joined = count / 10 + count * 9 * (month as u64 + 1) / (months * 8);
        let active = joined.clamp(1, count) as u32;
        for customer in self.active..active {
            self.customers[customer as usize].since = first;
        }
        self.active = active;
    }

    /// Every fifth customer is a key account and has about half of all rows.
    fn choose_customer(&mut self) -> u32 {
        let customer = self.random.below(self.active);
        if self.random.chance(40) {
            customer - customer % 5
        } else {
            customer
        }
    }

    fn happen(&mut self, first: Day, last: Day) {
        let customer = self.choose_customer();
        let day = self.random.between(first, last);
        match self.random.below(1000) {
            0..230 if customer % 25 != 24 => self.order(customer, day),
            230..244 => self.case(customer, day, Kind::Complaint),
            244..264 => self.case(customer, day, Kind::Request),
            264..289 => self.single(customer, day, Kind::Survey),
            289..307 => self.lead(customer, day),
            307..337 => self.single(customer, day, Kind::Plan),
            337..377 => self.single(customer, day, Kind::Expense),
            377..397 => self.single(customer, day, Kind::Note),
            397..403 => self.stage(customer, day),
            403 => self.single(customer, day, Kind::Lost),
            404..640 => self.single(customer, day, Kind::Visit),
            640..850 => self.single(customer, day, Kind::Call),
            850..900 => self.single(customer, day, Kind::Meeting),
            900..950 => self.single(customer, day, Kind::Email),
            _ => self.single(customer, day, Kind::Message),
        }
    }

    /// Adds a row; refuses one past the last day or past the number asked for.
    fn add(&mut self, day: Day, customer: u32, kind: Kind, cents: i64, number: u32) -> bool {
        if day > self.calendar.last || self.made == self.total {
            return false;
        }
        let seed = self.random.draw() as u32;
        let row = Row {
            day,
            customer,
            kind,
            cents,
            number,
            seed,
        };
        self.waiting[self.calendar.month(day)].push(row);
        self.made += 1;
        true
    }

    /// Adds a row that stands alone, unless the customer has one of its kind that day: two rows may not be equal.
    fn single(&mut self, customer: u32, day: Day, kind: Kind) {
        if self.taken.insert((customer, day, kind)) {
            let cents = i64::from(self.random.between(80, 2_000)) * 100;
            self.add(day, customer, kind, cents, 0);
        }
    }

    fn stage(&mut self, customer: u32, day: Day) {
        if self.taken.insert((customer, day, Kind::Stage)) {
            let stage = self.random.below(4);
            if self.add(day, customer, Kind::Stage, 0, stage) {
                let known = &mut self.customers[customer as usize];
                if day >= known.stage_day {
                    known.stage_day = day;
                    known.stage = Some(stage as u8);
                }
            }
        }
    }

    fn case(&mut self, customer: u32, day: Day, kind: Kind) {
        self.customers[customer as usize].cases += 1;
        let number = self.customers[customer as usize].cases;
        if !self.add(day, customer, kind, 0, number) || self.random.chance(3) {
            return;
        }
        let answered = day + self.random.between(0, 4);
        let resolved = answered + self.random.between(0, 25);
        if self.add(answered, customer, Kind::Response, 0, number) && self.random.chance(96) {
            self.add(resolved, customer, Kind::Resolve, 0, number);
        }
    }

    fn lead(&mut self, customer: u32, day: Day) {
        self.customers[customer as usize].leads += 1;
        let number = self.customers[customer as usize].leads;
        let cents = i64::from(self.random.between(5, 900)) * 1_000_000;
        if self.add(day, customer, Kind::Lead, cents, number) && self.random.chance(85) {
            let ended = day + self.random.between(10, 200);
            let kind = if self.random.chance(45) {
                Kind::Win
            } else {
                Kind::Lose
            };
            self.add(ended, customer, kind, 0, number);
        }
    }

    fn order(&mut self, customer: u32, day: Day) {
        self.customers[customer as usize].orders += 1;
        let number = self.customers[customer as usize].orders;
        let scale = if customer.is_multiple_of(5) { 400 } else { 60 };
        let cents = i64::from(self.random.between(1, scale)) * 100_000
            + i64::from(self.random.between(100, 99_999));
        if !self.add(day, customer, Kind::Order, cents, number) {
            return;
        }
        if self.random.chance(1) {
            // Cancelled before it was billed.
            let cancelled = day + self.random.between(1, 20);
            self.add(cancelled, customer, Kind::Credit, cents, 0);
            return;
        }
        let billed = day + self.random.between(2, 25);
        let invoice = self.customers[customer as usize].invoices + 1;
        if self.add(billed, customer, Kind::Invoice, cents, invoice) {
            self.customers[customer as usize].invoices = invoice;
            self.pay(customer, billed, cents, invoice);
        }
    }

    /// Most invoices are paid about when they are due. Some customers never say which one they pay: nothing is written
    /// off for them, because the oldest invoice takes their money and the one written off might be settled by then.
    fn pay(&mut self, customer: u32, billed: Day, cents: i64, invoice: u32) {
        let due = billed + self.random.between(20, 100);
        let later = due + self.random.between(5, 60);
        let half = cents / 2;
        if customer % 16 == 7 {
            self.add(due, customer, Kind::Payment, cents, 0);
            return;
        }
        let steps = match self.random.below(100) {
            0..88 => vec![(due, Kind::Payment, cents)],
            88..94 => vec![
                (due, Kind::Payment, half),
                (later, Kind::Payment, cents - half),
            ],
            94 => vec![
                (due, Kind::Payment, half),
                (later + 200, Kind::Writeoff, cents - half),
            ],
            // Bounced, and paid again.
            95 => vec![
                (due, Kind::Payment, cents),
                (due + 3, Kind::Payment, -cents),
                (later, Kind::Payment, cents),
            ],
            // A tenth was sent back.
            96 => vec![
                (billed + 10, Kind::Credit, cents / 10),
                (due, Kind::Payment, cents - cents / 10),
            ],
            // The rest stays open.
            _ => Vec::new(),
        };
        for (day, kind, cents) in steps {
            if !self.add(day, customer, kind, cents, invoice) {
                break;
            }
        }
    }
}
