//! Which rows are new: for each identity as many as the files want and the book does not have.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::held::HeldAmount;
use super::identity::{Print, differ_in_facts, is_money, own_family};
use super::new_row::{RowContent, RowRead};
use super::plan::{ImportFate, ImportPlan, ImportWarning, Round};
use super::planning::BookRow;
use super::there::{Firsts, KeptRow, LikeRow, RowToFind, RowsToFind, There};
use crate::check::Far;
use crate::model::{Day, Family, Reference, Role};
use crate::source::told;
use crate::words::{Phrase, Wording, article, both, counts_in_both};

impl Round<'_, '_> {
    /// Finds out which rows are new, once all lines that stay are good.
    pub(super) fn finish(mut self, id_conflicts: BTreeMap<u32, (String, u32)>) -> ImportPlan {
        let mut plan = ImportPlan {
            fates: vec![ImportFate::None; self.scan.rows.len()],
            id_conflicts,
            ..ImportPlan::default()
        };
        let live = self.live_rows();
        let wanted = self.told_apart(&live);
        self.count(&wanted, &mut plan);
        drop(wanted);
        self.give_refs(&live, &plan.fates);
        self.warn(&live, &mut plan);
        plan.whose = self.whose;
        plan.new_customers = self.new_customers;
        plan.facts = self.facts;
        plan
    }

    /// Returns the rows to look for in the book, after those of one file that are equal in every cell got a
    /// number at the end of their notes.
    fn told_apart(&mut self, live: &[u32]) -> RowsToFind {
        let wanted = RowsToFind::of(self, live);
        let mut numbered = Vec::new();
        // Rows that are equal in every cell are one event.
        for rows in wanted.groups().filter(|it| it.len() > 1) {
            let file_of = |at: u32| self.scan.lines[self.scan.rows[at as usize].line as usize].file;
            let mut prints: Vec<(u64, u16, u32)> = rows
                .iter()
                .map(|it| (it.cells, file_of(it.at), it.at))
                .collect();
            prints.sort_unstable();
            for equal in prints.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)) {
                let others = equal.iter().enumerate().skip(1);
                numbered.extend(others.map(|(number, it)| (it.2, number + 1)));
            }
        }
        if numbered.is_empty() {
            return wanted;
        }
        for (at, number) in numbered {
            let texts = self.cells(at);
            let reference = texts.reference.to_owned();
            let note = format!("{} ({number})", texts.note.trim());
            self.set_texts(at, &reference, note.trim());
        }
        drop(wanted);
        RowsToFind::of(self, live)
    }

    pub(super) fn cells(&self, at: u32) -> RowContent<'_> {
        self.scan.rows[at as usize].cells(&self.scan.texts)
    }

    /// Gives a row another ref and note.
    fn set_texts(&mut self, at: u32, reference: &str, note: &str) {
        self.scan.rows[at as usize].texts = self.scan.texts.keep(reference, note);
    }

    /// Counts for each identity how many rows the files want and the book has.
    fn count(&self, wanted: &RowsToFind, plan: &mut ImportPlan) {
        let (there, kept) = wanted.there(self);
        let mut differing = Vec::new();
        let mut there = there.as_slice();
        for rows in wanted.groups() {
            let first = rows[0].at;
            let count = there.iter().take_while(|it| it.first == first).count();
            let (in_book, others) = there.split_at(count);
            there = others;
            self.count_one(rows, in_book, &kept, plan, &mut differing);
        }
        differing.sort_unstable();
        if let Some(first) = differing.first() {
            let rows = &self.scan.rows;
            let places: Vec<Wording> = differing
                .iter()
                .take(5)
                .map(|at| {
                    let row = &rows[*at as usize];
                    let number = self.scan.lines[row.line as usize].number;
                    both!("line {number}", "第 {number} 行")
                })
                .collect();
            let places = Wording::joined(&places, ", ", "、");
            let count = differing.len();
            let differ = if count == 1 { "differs" } else { "differ" };
            let counted = counts_in_both(count, "row", "行");
            let lines = both!(
                "{} that the book has {differ} there",
                "账本已有的 {}，这里",
                counted
            );
            plan.warnings.push(ImportWarning {
                code: "there-differs",
                message: both!(
                    "{} in staff, topic, channel or due ({}): two events taken for one?",
                    "{}的 staff、topic、channel 或 due 不同（{}）：是不是把两件事当成了一件？",
                    lines,
                    places
                ),
                at: Some((rows[*first as usize].line, None)),
            });
        }
        plan.notes_differ.sort_unstable();
    }

    /// Counts the rows of one identity.
    fn count_one(
        &self,
        rows: &[RowToFind],
        in_book: &[There],
        kept: &[KeptRow],
        plan: &mut ImportPlan,
        differing: &mut Vec<u32>,
    ) {
        if let (
            [RowToFind { at, .. }],
            [
                There {
                    like: LikeRow::Row(_),
                    ..
                },
            ],
        ) = (rows, in_book)
        {
            plan.fates[*at as usize] = ImportFate::There;
            return;
        }
        let file_of = |at: u32| self.scan.lines[self.scan.rows[at as usize].line as usize].file;
        // Of several files those of the first that has the most count.
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for RowToFind { at, .. } in rows {
            *counts.entry(file_of(*at)).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or(0);
        let chosen = counts.iter().find(|it| *it.1 == most).map_or(0, |it| *it.0);
        let all = rows.iter().map(|it| it.at);
        let (own, others): (Vec<u32>, Vec<u32>) = all.partition(|at| file_of(*at) == chosen);
        for at in others {
            plan.fates[at as usize] = ImportFate::There;
        }
        // Each row of the book under the first row of the files that is equal to it.
        let mut left: HashMap<u32, Vec<usize>> = HashMap::new();
        for (at, there) in in_book.iter().enumerate().rev() {
            if let LikeRow::Row(row) = there.like {
                left.entry(row).or_default().push(at);
            }
        }
        let firsts = Firsts::of(self, rows);
        let mut unpaired = Vec::new();
        let mut paired = vec![false; in_book.len()];
        for at in &own {
            let first = firsts.equal_to(&self.cells(*at));
            let equal = first.and_then(|first| left.get_mut(&first).and_then(Vec::pop));
            match equal {
                Some(of_book) => {
                    plan.fates[*at as usize] = ImportFate::There;
                    paired[of_book] = true;
                }
                None => unpaired.push(*at),
            }
        }
        let new = own.len().saturating_sub(in_book.len());
        for (number, at) in unpaired.iter().enumerate() {
            plan.fates[*at as usize] = if number < new {
                ImportFate::New
            } else {
                ImportFate::There
            };
        }
        let rest = in_book.iter().zip(paired).filter(|it| !it.1);
        let mut rest: Vec<RowContent<'_>> = rest
            .map(|(it, _)| match it.like {
                LikeRow::Row(at) => self.cells(at),
                LikeRow::KeptRow(at) => kept[at as usize].beside(self.cells(it.first)),
            })
            .collect();
        for at in unpaired.iter().skip(new) {
            let row = self.cells(*at);
            let alike = rest.iter().position(|it| !differ_in_facts(&row, it));
            match alike {
                Some(found) => {
                    if rest.remove(found).note != row.note {
                        plan.notes_differ.push(self.scan.rows[*at as usize].line);
                    }
                }
                None => differing.push(*at),
            }
        }
    }

    /// Gives new rows fresh refs, as `log` does.
    fn give_refs(&mut self, live: &[u32], fates: &[ImportFate]) {
        let needs = |at: &u32| {
            self.scan.rows[*at as usize].needs_ref && fates[*at as usize] == ImportFate::New
        };
        let wanting: Vec<u32> = live.iter().copied().filter(needs).collect();
        if wanting.is_empty() {
            return;
        }
        let customers: HashSet<u32> = wanting.iter().map(|at| self.cells(*at).customer).collect();
        let mut taken: HashSet<(u32, String)> = HashSet::new();
        let mut take = |row: &RowContent<'_>| {
            if own_family(row, self.kinds).is_some() {
                taken.insert((row.customer, row.reference.to_owned()));
            }
        };
        let is_wanted = |customer: u32| customers.contains(&customer);
        let rows = self.planning.book_rows;
        rows.each(&self.scan.texts, &is_wanted, &mut |row| take(&row.cells));
        let of_files = live.iter().map(|at| self.cells(*at));
        of_files
            .filter(|it| is_wanted(it.customer))
            .for_each(|it| take(&it));
        let mut next: HashMap<(u32, String), u64> = HashMap::new();
        for at in wanting {
            let row = &self.scan.rows[at as usize];
            let Reference::Own(family) = self.kinds.kind(row.kind).reference else {
                continue;
            };
            let prefix = match family {
                Family::Case => 'C',
                Family::Lead => 'L',
                Family::Invoice => 'I',
                Family::Agreement => 'A',
            };
            let first = format!("{prefix}-{}", row.date.date.format("%Y%m%d"));
            let number = next.entry((row.customer, first.clone())).or_insert(1);
            let fresh = loop {
                let fresh = if *number == 1 {
                    first.clone()
                } else {
                    format!("{first}-{number}")
                };
                *number += 1;
                if taken.insert((row.customer, fresh.clone())) {
                    break fresh;
                }
            };
            let note = self.cells(at).note.to_owned();
            self.set_texts(at, &fresh, &note);
        }
    }

    /// Tells what is odd about the new rows.
    fn warn(&self, live: &[u32], plan: &mut ImportPlan) {
        let today = self.planning.context.today;
        let new: Vec<&RowRead> = live
            .iter()
            .filter(|at| plan.fates[**at as usize] == ImportFate::New)
            .map(|at| &self.scan.rows[*at as usize])
            .collect();
        let role = |row: &RowRead| self.kinds.kind(row.kind).role;
        let after = new
            .iter()
            .filter(|it| role(it) != Role::Plan && it.date.date > today);
        let after: Vec<&&RowRead> = after.collect();
        if let Some(latest) = after.iter().max_by_key(|it| it.date.date) {
            let count = after.len();
            let is = if count == 1 { "is" } else { "are" };
            let rows = both!("{} {is}", "{}", counts_in_both(count, "row", "行"));
            plan.warnings.push(ImportWarning {
                code: "after-today",
                message: both!(
                    "{} dated after {today}, the latest {}",
                    "{}的日期在 {today} 之后，最晚的是 {}",
                    rows,
                    latest.date.date
                ),
                at: Some((latest.line, self.scan.columns_of(latest).date)),
            });
        }
        let firsts = self.first_days(live);
        for row in &new {
            let file = self.scan.lines[row.line as usize].file;
            let first = firsts.get(&file).copied();
            if let Some(message) = super::far::far(row, first, today) {
                plan.warnings.push(ImportWarning {
                    code: "date-far",
                    message,
                    at: Some((row.line, self.scan.columns_of(row).date)),
                });
            }
        }
        self.warn_maybe_twice(&new, plan);
    }

    /// Returns of each file with rows far before its others the first day of those others.
    fn first_days(&self, live: &[u32]) -> BTreeMap<u16, Day> {
        let rows = live.iter().map(|at| &self.scan.rows[*at as usize]);
        let file_of = |row: &RowRead| self.scan.lines[row.line as usize].file;
        let mut days: BTreeMap<u16, Vec<Day>> = BTreeMap::new();
        for row in rows {
            days.entry(file_of(row))
                .or_default()
                .push(Day::of(row.date.date));
        }
        let firsts = days.into_iter();
        firsts
            .filter_map(|(file, days)| Some((file, Far::first_of(days.into_iter())?)))
            .collect()
    }

    fn warn_maybe_twice(&self, new: &[&RowRead], plan: &mut ImportPlan) {
        let is_of_money = |kind: u8| is_money(self.kinds.kind(kind).role);
        let book_count = self.book_count();
        // A customer who is new has no rows in the book.
        let of_known = |row: &&&RowRead| row.customer < book_count && is_of_money(row.kind);
        let new: Vec<&RowRead> = new.iter().filter(of_known).copied().collect();
        // Of each key that a new row asks for, the last row of the book that has it.
        let mut by_amount: HashMap<AmountKey, Option<Mention>> = HashMap::new();
        let mut by_ref: HashMap<Print, Option<Mention>> = HashMap::new();
        let mut customers: HashSet<u32> = HashSet::new();
        for row in &new {
            let cells = row.cells(&self.scan.texts);
            customers.insert(cells.customer);
            by_amount.insert(amount_key(&cells), None);
            if !cells.reference.is_empty() {
                by_ref.insert(ref_key(&cells), None);
            }
        }
        if customers.is_empty() {
            return;
        }
        let is_wanted = |customer: u32| customers.contains(&customer);
        let rows = self.planning.book_rows;
        rows.each(&self.scan.texts, &is_wanted, &mut |row| {
            let cells = &row.cells;
            if let Some(found) = by_amount.get_mut(&amount_key(cells)) {
                *found = Some(Mention::of(row));
            }
            if let Some(found) = by_ref.get_mut(&ref_key(cells)) {
                *found = Some(Mention::of(row));
            }
        });
        for row in &new {
            let cells = row.cells(&self.scan.texts);
            let same = by_amount.get(&amount_key(&cells)).and_then(Option::as_ref);
            let same = same.filter(|it| *it.reference != *cells.reference);
            let other = || by_ref.get(&ref_key(&cells)).and_then(Option::as_ref);
            if let Some(mention) = same.or_else(other) {
                plan.warnings.push(self.maybe_twice(row, mention));
            }
        }
    }

    /// Warns of a row that may be one which the book has.
    fn maybe_twice(&self, row: &RowRead, mention: &Mention) -> ImportWarning {
        let path = self.planning.log_paths.get(mention.log as usize);
        let path = path.map_or("", String::as_str);
        let amount = mention.amount.get();
        let amount = amount.map_or_else(Wording::default, |it| both!(" of {it}", "（{it}）"));
        let kind = self.kinds.kind(row.kind).called();
        let article = article(kind.english());
        let reference = if mention.reference.is_empty() {
            Phrase("without ref", "没有单号").into()
        } else {
            let reference = told(&mention.reference);
            both!("with ref `{reference}`", "单号 `{reference}`")
        };
        let (day, line) = (mention.day, mention.line);
        let message = both!(
            "the book has {article} {}{} on {day} {} ({path}:{line}): the same event?",
            "账本里 {day} 已有一条{}{}，{}（{path}:{line}）：是不是同一件事？",
            kind,
            amount,
            reference
        );
        ImportWarning {
            code: "maybe-twice",
            message,
            at: Some((row.line, self.scan.columns_of(row).amount)),
        }
    }
}

/// Customer, kind, day, amount.
type AmountKey = (u32, u8, NaiveDate, HeldAmount);

fn amount_key(row: &RowContent<'_>) -> AmountKey {
    (row.customer, row.kind, row.date.date, row.amount)
}

fn ref_key(row: &RowContent<'_>) -> Print {
    Print::of((row.customer, row.kind, row.reference))
}

/// A row of the book of which a warning speaks.
struct Mention {
    reference: Box<str>,
    day: NaiveDate,
    amount: HeldAmount,
    log: u32,
    line: u32,
}

impl Mention {
    fn of(row: &BookRow<'_>) -> Self {
        Self {
            reference: row.cells.reference.into(),
            day: row.cells.date.date,
            amount: row.cells.amount,
            log: row.log,
            line: row.line,
        }
    }
}
