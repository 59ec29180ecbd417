//! Whose work it was: who had the contacts, who brought, won and lost the leads, who answers for the cases.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashSet, HashSetExt as _};

use super::cases::{self, Case};
use super::owner::{OwnerFigures, Owners};
use super::roles::RoleLookup;
use super::{Figures, FiguresContext, in_year};
use crate::metric::{Metric, Value};
use crate::model::{Fraction, Interaction, Interactions, RefTarget, Role, TextColumn, second_text};

/// What was done for a customer in the year, and who answers for its cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    /// By whom; several entries may be the same person, and `None` is nobody.
    done: Vec<(Option<OwnerFigures>, Done)>,
    /// Who answers for each of the customer's cases.
    answering: Vec<OwnerFigures>,
}

/// What somebody did in the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) contacts: u32,
    /// Leads that somebody brought.
    pub(crate) leads: u32,
    /// Leads that were won.
    pub(crate) wins: u32,
    /// Leads that were lost.
    pub(crate) losses: u32,
}

impl std::ops::AddAssign for Done {
    fn add_assign(&mut self, other: Self) {
        self.contacts += other.contacts;
        self.leads += other.leads;
        self.wins += other.wins;
        self.losses += other.losses;
    }
}

impl Work {
    /// Reads all rows of a customer, also those after the day; the cases are its own up to the day.
    ///
    /// It must have been kept whom rows name: [`super::Needs::with_work`].
    pub(super) fn of(
        context: &FiguresContext<'_>,
        all_rows: Interactions<'_>,
        cases: &[Case],
    ) -> Self {
        let roles = &context.roles;
        let rows = all_rows.until(context.as_of);
        let owners = Owners::of(roles, all_rows);
        let mut work = Self::default();
        let mut closed = HashSet::new();
        for row in rows.rows() {
            let role = roles.role(row);
            let is_in_year = in_year(context.as_of, row.day);
            let named = || named(roles, rows, row);
            if is_in_year && roles.is_contact(row) {
                let who = named().unwrap_or_else(|| owners.on(row.day));
                work.share(Some(who)).contacts += 1;
            }
            match role {
                Role::Lead if is_in_year => work.share(named()).leads += 1,
                Role::Win | Role::Lose => {
                    let RefTarget::Row(target) = rows.target(row) else {
                        continue;
                    };
                    let lead = rows.rows().get(target);
                    let lead = lead.filter(|it| roles.role(it) == Role::Lead);
                    let (Some(lead), true) = (lead, closed.insert(target) && is_in_year) else {
                        continue;
                    };
                    let named = named().or_else(|| self::named(roles, rows, lead));
                    let done = work.share(Some(named.unwrap_or_else(|| owners.on(row.day))));
                    if role == Role::Win {
                        done.wins += 1;
                    } else {
                        done.losses += 1;
                    }
                }
                _ => {}
            }
        }
        let answering = cases.iter().map(|case| {
            let row = case.staff_row.and_then(|at| rows.rows().get(at));
            let named = row
                .and_then(|row| rows.text_index(row))
                .map(OwnerFigures::Of);
            named.unwrap_or_else(|| owners.on(case.opened))
        });
        work.answering = answering.collect();
        work
    }

    /// Returns what somebody did, to add to it.
    fn share(&mut self, who: Option<OwnerFigures>) -> &mut Done {
        let known = self.done.iter().position(|it| it.0 == who);
        let at = known.unwrap_or_else(|| {
            self.done.push((who, Done::default()));
            self.done.len() - 1
        });
        &mut self.done[at].1
    }
}

/// Returns whom a row names.
fn named(roles: &RoleLookup, rows: Interactions<'_>, row: &Interaction) -> Option<OwnerFigures> {
    let index = rows.text_index(row)?;
    let text = rows.topics.get(index as usize)?;
    match roles.role(row).text() {
        Some(TextColumn::Topic) => second_text(text).map(|_| OwnerFigures::Before(index)),
        Some(TextColumn::Staff) | None => rows.staff(row).map(|_| OwnerFigures::Of(index)),
    }
}

/// What is put to somebody: customers, what was done, cases.
#[derive(Clone, Debug, Default)]
pub(crate) struct WorkShare {
    /// The customers owned, in id order.
    pub(crate) owned: Vec<u32>,
    pub(crate) done: Done,
    pub(crate) cases: CaseShare,
}

/// The cases that somebody answers for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct CaseShare {
    pub(crate) open: usize,
    /// How many of them are late, if deadlines were asked for.
    pub(crate) late: usize,
    /// Of those opened in the year, the days to the answer and how many were answered.
    response: (i128, i128),
    /// Of those opened in the year, how many missed no deadline, and how many are decided.
    on_time: (i128, i128),
    /// Whether there is one that is open, or was opened in the year.
    has_any: bool,
}

impl CaseShare {
    /// Returns the mean days to the answer.
    pub(crate) fn response_days(&self) -> Option<Fraction> {
        Fraction::new(self.response.0, self.response.1)
    }

    /// Returns the share that missed no deadline.
    pub(crate) fn on_time(&self) -> Option<Fraction> {
        Fraction::new(self.on_time.0, self.on_time.1)
    }
}

impl std::ops::AddAssign for CaseShare {
    fn add_assign(&mut self, other: Self) {
        self.open += other.open;
        self.late += other.late;
        self.response.0 += other.response.0;
        self.response.1 += other.response.1;
        self.on_time.0 += other.on_time.0;
        self.on_time.1 += other.on_time.1;
        self.has_any |= other.has_any;
    }
}

/// Returns what is put to each person of some customers, and what to nobody.
///
/// The figures must have been computed for [`super::Needs::with_work`], owners and cases.
pub(crate) fn shares<'f>(
    figures: &'f Figures<'_>,
    customers: &[u32],
) -> BTreeMap<Option<&'f str>, WorkShare> {
    let book = figures.context().book;
    let mut shares: HashMap<Option<&'f str>, WorkShare> = HashMap::default();
    for &customer in customers {
        let index = customer as usize;
        let file = &book.customers[index];
        let owner = figures.facts.parts.owner(index).id(book, file);
        shares.entry(owner).or_default().owned.push(customer);
        let work = figures.facts.parts.work(index);
        for (who, done) in &work.done {
            let who = who.and_then(|it| it.id(book, file));
            shares.entry(who).or_default().done += *done;
        }
        let cases = figures.facts.parts.cases(index);
        for (case, who) in cases.iter().zip(&work.answering) {
            let of_case = share_of_case(figures, index, case);
            if of_case.has_any {
                let who = who.id(book, file);
                shares.entry(who).or_default().cases += of_case;
            }
        }
    }
    shares.into_iter().collect()
}

/// Returns what one case adds to the share of who answers for it.
fn share_of_case(figures: &Figures<'_>, index: usize, case: &Case) -> CaseShare {
    let as_of = figures.context().as_of;
    let is_open = case.closed().is_none();
    let one = std::slice::from_ref(case);
    let mut share = CaseShare {
        open: usize::from(is_open),
        has_any: is_open || in_year(as_of, case.opened),
        response: cases::mean_parts(one, as_of, Case::days_to_answer),
        ..CaseShare::default()
    };
    if figures.has(Metric::LateCases)
        && let Some(judged) = figures.judged(index)
    {
        let deadlines = judged.deadlines(figures.policy());
        let late = cases::late_count(one, deadlines, as_of);
        share.late = late;
        share.on_time = cases::on_time_parts(one, deadlines, as_of);
    }
    share
}

/// Returns how many of some customers are to be seen already.
///
/// The figures must have been computed for [`Metric::RevisitStatus`].
pub(crate) fn overdue_count(figures: &Figures<'_>, customers: &[u32]) -> usize {
    let overdue = crate::metric::level::RevisitStatus::Overdue;
    let overdue = Value::from(crate::model::Word::word(overdue));
    let statuses = customers.iter();
    let statuses = statuses.map(|it| figures.value(*it as usize, Metric::RevisitStatus));
    statuses.filter(|it| *it == overdue).count()
}
