//! What an import does to a book: whose the lines are, which rows are new, which lines are refused.
//!
//! A refused line makes nobody and owns no ref, so that refusing one may refuse others: lines are looked
//! at again until nothing more is found.

use std::collections::BTreeMap;

use foldhash::{HashSet, HashSetExt as _};

use super::drafts::{NewCustomer, Whose};
use super::identity::own_family;
use super::known::ambiguous_fault;
use super::lines::LineFault;
use super::matching::{CustomerNames, Match, MatchStep, NewName, crossed, unite};
use super::new_row::RowRead;
use super::owned_refs::OwnedRefs;
use super::people::{CustomerFacts, gather};
use super::planning::Planning;
use super::scan::Scan;
use crate::exchange::headings::Into;
use crate::model::{CoreForm, KindTable, plain_form};
use crate::source::{short_place, told};
use crate::words::{Wording, both};

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ImportFate {
    /// Its line is refused, or it is part of the sum of another.
    None,
    New,
    There,
}

/// Something odd, which refuses nothing.
#[derive(Clone, Debug)]
pub(crate) struct ImportWarning {
    pub(crate) code: &'static str,
    pub(crate) message: Wording,
    /// The line and column.
    pub(crate) at: Option<(u32, Option<usize>)>,
}

/// What an import does.
#[derive(Debug, Default)]
pub(crate) struct ImportPlan {
    /// Of each [`super::scan::Who`], whose it is.
    pub(crate) whose: Vec<Whose>,
    pub(crate) new_customers: Vec<NewCustomer>,
    /// Of each row, what becomes of it.
    pub(crate) fates: Vec<ImportFate>,
    /// The facts of customers, by their numbers: first those of the book, then the new ones.
    pub(crate) facts: BTreeMap<u32, CustomerFacts>,
    pub(crate) warnings: Vec<ImportWarning>,
    /// The places of rows that are there but for their notes.
    pub(crate) notes_differ: Vec<u32>,
    /// Ids of a column that nobody has, though the name is somebody's.
    pub(crate) id_conflicts: BTreeMap<u32, (String, u32)>,
}

/// One look at the lines.
pub(super) struct Round<'a, 'p> {
    pub(super) planning: &'p Planning<'a>,
    pub(super) scan: &'p mut Scan,
    pub(super) kinds: &'a KindTable,
    pub(super) whose: Vec<Whose>,
    pub(super) new_customers: Vec<NewCustomer>,
    /// The lines to be refused after it, with the reasons.
    pub(super) refused: Vec<(u32, LineFault)>,
    pub(super) facts: BTreeMap<u32, CustomerFacts>,
    /// The refs that the book has, of those that the files own or name.
    pub(super) owned: &'a OwnedRefs,
}

/// Plans the import.
pub(crate) fn plan(
    planning: &Planning<'_>,
    scan: &mut Scan,
    known: &[Option<Whose>],
    id_conflicts: BTreeMap<u32, (String, u32)>,
) -> ImportPlan {
    let originals = Originals::of(scan, planning);
    let owned = OwnedRefs::of(planning, scan, known);
    loop {
        originals.restore(scan);
        let mut round = Round {
            planning,
            scan,
            kinds: &planning.context.policy.kinds,
            whose: Vec::new(),
            new_customers: Vec::new(),
            refused: Vec::new(),
            facts: BTreeMap::new(),
            owned: &owned,
        };
        round.find_new(known);
        if round.refused.is_empty() {
            round.assign();
            round.check_facts();
            let known = round.refused.len();
            round.sum_refs();
            // Rows of a sum that does not stand are not held against each other.
            if round.refused.len() == known {
                round.check_refs();
            }
        }
        let refused = std::mem::take(&mut round.refused);
        if refused.is_empty() {
            return round.finish(id_conflicts);
        }
        for (line, fault) in refused {
            scan.refuse(line, fault);
        }
    }
}

/// The rows that sums change, as they were.
struct Originals(Vec<(usize, RowRead)>);

impl Originals {
    fn of(scan: &Scan, planning: &Planning<'_>) -> Self {
        if !planning.context.habits().sum_refs {
            return Self(Vec::new());
        }
        let rows = scan.rows.iter().enumerate();
        let own = rows.filter(|(_, row)| {
            own_family(&row.cells(&scan.texts), &planning.context.policy.kinds).is_some()
        });
        Self(own.map(|(at, row)| (at, row.clone())).collect())
    }

    fn restore(&self, scan: &mut Scan) {
        for (at, row) in &self.0 {
            scan.rows[*at] = row.clone();
        }
    }
}

impl Round<'_, '_> {
    pub(super) fn book_count(&self) -> u32 {
        short_place(self.planning.book.customers.len())
    }

    fn live_lines(&self) -> impl Iterator<Item = u32> + '_ {
        let lines = self.scan.lines.iter().enumerate();
        lines
            .filter(|it| !it.1.is_refused)
            .map(|it| short_place(it.0))
    }

    /// Finds out which names that the book does not have are one new customer.
    fn find_new(&mut self, known: &[Option<Whose>]) {
        self.whose = known.iter().map(|it| it.unwrap_or(Whose::Nobody)).collect();
        let mut seen = vec![false; known.len()];
        let mut order: Vec<u32> = Vec::new();
        for line in self.live_lines() {
            let who = self.scan.lines[line as usize].who;
            if known[who as usize].is_none() && !std::mem::replace(&mut seen[who as usize], true) {
                order.push(who);
            }
        }
        if order.is_empty() {
            return;
        }
        let names: Vec<NewName<'_>> = order
            .iter()
            .map(|who| {
                let who = &self.scan.whos[*who as usize];
                let names = who.name.iter().chain(&who.aliases).map(String::as_str);
                NewName {
                    id: who.id.as_deref(),
                    names: names.collect(),
                }
            })
            .collect();
        let united = unite(&names);
        let mut new_names = CustomerNames::default();
        let is_of_book = |it: &Option<Whose>| matches!(it, Some(Whose::Book(..)));
        // They are only asked who else of the book's may be meant.
        let asked_about = if known.iter().any(is_of_book) {
            names.as_slice()
        } else {
            &[]
        };
        for (name, of) in asked_about.iter().zip(&united.of) {
            let Some(of) = of else { continue };
            for name in &name.names {
                new_names.add_name(name, *of, MatchStep::Name);
            }
        }
        let mut ambiguous: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for (who, of) in order.iter().zip(&united.of) {
            match of {
                Some(of) => {
                    self.whose[*who as usize] = Whose::New(short_place(*of));
                }
                None => {
                    ambiguous.insert(*who, Vec::new());
                }
            }
        }
        for (who, is_crossed) in order.iter().zip(crossed(&names)) {
            if is_crossed {
                ambiguous.insert(*who, Vec::new());
            }
        }
        // Who is somebody of the book may be somebody new as well.
        for (at, whose) in known.iter().enumerate() {
            let Some(Whose::Book(customer, step)) = whose else {
                continue;
            };
            let who = &self.scan.whos[at];
            let mut names = who.name.iter().chain(&who.aliases);
            // Found by id or an alias, while the name itself is somebody new's.
            let is_named_new = who.name.iter().any(|it| new_names.is_exact(it));
            let is_formed_new = *step == MatchStep::Form
                && names.any(|it| new_names.by_core(&CoreForm::of(it)) != Match::None);
            if is_named_new || is_formed_new {
                let id = self.planning.book.customers[*customer as usize]
                    .id
                    .to_string();
                ambiguous.insert(short_place(at), vec![id]);
            }
        }
        for (line, state) in self.scan.lines.iter().enumerate() {
            let index = short_place(line);
            if let Some(ids) = ambiguous.get(&state.who)
                && !self.scan.is_told(index, "ambiguous-customer")
            {
                let who = &self.scan.whos[state.who as usize];
                let mut fault = ambiguous_fault(who, ids.clone());
                let name = told(who.spelling().unwrap_or_default()).into_owned();
                fault.bad.message = match ids.first() {
                    Some(id) => both!(
                        "`{name}` may be `{id}` or a new customer of the files",
                        "`{name}` 可能是 `{id}`，也可能是文件里的新客户"
                    ),
                    None => both!(
                        "`{name}` may be one of several new customers of the files",
                        "`{name}` 可能是文件里几个新客户中的一个"
                    ),
                };
                let fault = self.scan.place_who(index, fault);
                self.refused.push((index, fault));
            }
        }
        if self.refused.is_empty() {
            self.describe_new(united.count);
        }
    }

    /// Finds out what new customers are called.
    fn describe_new(&mut self, count: usize) {
        let mut made: Vec<Option<NewCustomer>> = vec![None; count];
        let mut spellings: Vec<Spellings> = vec![Spellings::default(); count];
        let mut seen = HashSet::new();
        for line in self.live_lines().collect::<Vec<_>>() {
            let who_number = self.scan.lines[line as usize].who;
            let Whose::New(number) = self.whose[who_number as usize] else {
                continue;
            };
            let new = made[number as usize].get_or_insert_with(|| NewCustomer {
                line,
                ..NewCustomer::default()
            });
            if new.owner.is_none() {
                let staff = self
                    .scan
                    .rows_of(line)
                    .iter()
                    .find(|it| !it.staff.is_empty());
                new.owner = staff.map(|it| self.scan.texts.text(it.staff).to_owned());
            }
            if !seen.insert(who_number) {
                continue;
            }
            let who = &self.scan.whos[who_number as usize];
            if new.id.is_none() {
                new.id.clone_from(&who.id);
            }
            let all = &mut spellings[number as usize];
            if let Some(spelling) = who.spelling() {
                add_spelling(&mut all.of_lines, spelling);
            }
            for alias in &who.aliases {
                add_spelling(&mut all.aliases, alias);
            }
        }
        self.new_customers = made
            .into_iter()
            .zip(spellings)
            .map(|(new, spellings)| {
                let new = new.expect("a line that is taken has made each");
                named(new, &spellings)
            })
            .collect();
    }

    /// Gives the rows of live lines their customers.
    fn assign(&mut self) {
        let book_count = self.book_count();
        for line in 0..self.scan.lines.len() {
            let state = self.scan.lines[line];
            if state.is_refused {
                continue;
            }
            let customer = match self.whose[state.who as usize] {
                Whose::Book(customer, _) => customer,
                Whose::New(number) => book_count + number,
                Whose::Nobody => continue,
            };
            let first = state.first_row as usize;
            for row in &mut self.scan.rows[first..first + usize::from(state.row_count)] {
                row.customer = customer;
            }
        }
    }

    /// Brings together what lines say of each customer.
    fn check_facts(&mut self) {
        if self.planning.context.mapping.into == Into::Log {
            return;
        }
        let book_count = self.book_count();
        let mut lines: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for line in self.live_lines() {
            let customer = match self.whose[self.scan.lines[line as usize].who as usize] {
                Whose::Book(customer, _) => customer,
                Whose::New(number) => book_count + number,
                Whose::Nobody => continue,
            };
            lines.entry(customer).or_default().push(line);
        }
        for (customer, lines) in lines {
            let known = self.planning.book.customers.get(customer as usize);
            let is_by_form = |line: &u32| {
                let whose = self.whose[self.scan.lines[*line as usize].who as usize];
                matches!(whose, Whose::Book(_, MatchStep::Form))
            };
            let of_lines = lines.iter().map(|line| {
                let facts = self.scan.facts.get(line).map_or(&[][..], Vec::as_slice);
                let who = &self.scan.whos[self.scan.lines[*line as usize].who as usize];
                (*line, who, facts, is_by_form(line))
            });
            let new = customer
                .checked_sub(book_count)
                .map(|it| &self.new_customers[it as usize]);
            let context = self.planning.context;
            let (facts, faults) = gather(
                context,
                known.map(|it| &**it),
                new,
                &of_lines.collect::<Vec<_>>(),
                &|line, column| self.scan.cell_name(line, column),
            );
            self.refused.extend(faults);
            self.facts.insert(customer, facts);
        }
    }
}

/// What the lines of a new customer call it, each plain form once.
#[derive(Clone, Debug, Default)]
struct Spellings {
    /// The spelling of each line: its name, or else its first alias.
    of_lines: Vec<String>,
    /// Its other names, which never become its name.
    aliases: Vec<String>,
}

fn add_spelling(all: &mut Vec<String>, spelling: &str) {
    let plain = plain_form(spelling);
    if !all.iter().any(|known| plain_form(known) == plain) {
        all.push(spelling.to_owned());
    }
}

/// Names a new customer: by the first spelling with a company's form, else the first.
fn named(mut new: NewCustomer, spellings: &Spellings) -> NewCustomer {
    let of_lines = &spellings.of_lines;
    let with_form = of_lines.iter().find(|it| CoreForm::of(it).has_form());
    let name = with_form.or(of_lines.first()).cloned().unwrap_or_default();
    let plain = plain_form(&name);
    for spelling in spellings.of_lines.iter().chain(&spellings.aliases) {
        if plain_form(spelling) != plain {
            add_spelling(&mut new.aliases, spelling);
        }
    }
    new.name = name;
    new
}
