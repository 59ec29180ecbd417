//! Which rows are new: for each identity as many as the files want and the book does not have.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::identity::{Print, RefCounts, differ_in_facts, identity, is_money, own_family, whole};
use super::new_row::NewRow;
use super::plan::{Fate, Plan, Round, Warning, counted};
use crate::model::{Family, Money, Reference, Role};
use crate::source::told;
use crate::words::{Phrase, Wording, both};

impl Round<'_, '_> {
    /// Finds out which rows are new, once all lines that stay are good.
    pub(super) fn finish(mut self, id_conflicts: BTreeMap<u32, (String, u32)>) -> Plan {
        let mut plan = Plan {
            fates: vec![Fate::None; self.scan.rows.len()],
            id_conflicts,
            ..Plan::default()
        };
        let live = self.live_rows();
        self.tell_apart(&live);
        self.count(&live, &mut plan);
        self.give_refs(&live, &plan.fates);
        self.warn(&live, &mut plan);
        plan.whose = self.whose;
        plan.new_customers = self.new_customers;
        plan.facts = self.facts;
        plan
    }

    /// Gives rows of one file that are equal in every cell a number at the end of their notes.
    fn tell_apart(&mut self, live: &[usize]) {
        let mut seen: HashMap<(u16, Print), u32> = HashMap::new();
        let mut numbered = Vec::new();
        for at in live {
            let row = &self.scan.rows[*at];
            let file = self.scan.lines[row.line as usize].file;
            let count = seen
                .entry((file, whole(row, &self.scan.texts)))
                .or_default();
            *count += 1;
            if *count > 1 {
                numbered.push((*at, *count));
            }
        }
        for (at, number) in numbered {
            let note = &mut self.scan.rows[at].note;
            *note = format!("{} ({number})", note.trim()).trim().into();
        }
    }

    /// Counts for each identity how many rows the files want and the book has.
    fn count(&self, live: &[usize], plan: &mut Plan) {
        let (kinds, texts) = (self.kinds, &self.scan.texts);
        let mut wanted: HashMap<Print, Vec<usize>> = HashMap::new();
        let mut order = Vec::new();
        let mut has_fresh = false;
        for at in live {
            let row = &self.scan.rows[*at];
            has_fresh |= row.needs_ref;
            let refs = if row.needs_ref {
                RefCounts::No
            } else {
                RefCounts::Yes
            };
            let print = identity(row, kinds, texts, refs);
            let rows = wanted.entry(print).or_default();
            if rows.is_empty() {
                order.push(print);
            }
            rows.push(*at);
        }
        let mut there: HashMap<Print, Vec<usize>> = HashMap::new();
        for (at, book_row) in self.planning.book_rows.iter().enumerate() {
            let row = &book_row.row;
            let print = identity(row, kinds, texts, RefCounts::Yes);
            if wanted.contains_key(&print) {
                there.entry(print).or_default().push(at);
            }
            if has_fresh && matches!(kinds.kind(row.kind).reference, Reference::Own(_)) {
                let print = identity(row, kinds, texts, RefCounts::No);
                if wanted.contains_key(&print) {
                    there.entry(print).or_default().push(at);
                }
            }
        }
        let mut differing = Vec::new();
        for print in order {
            let rows = &wanted[&print];
            let in_book = there.get(&print).map_or(&[][..], Vec::as_slice);
            self.count_one(rows, in_book, plan, &mut differing);
        }
        differing.sort_unstable();
        if let Some(first) = differing.first() {
            let rows = &self.scan.rows;
            let places: Vec<Wording> = differing
                .iter()
                .take(5)
                .map(|at| {
                    let number = self.scan.lines[rows[*at].line as usize].number;
                    both!("line {number}", "第 {number} 行")
                })
                .collect();
            let places = Wording::joined(&places, ", ", "、");
            let count = differing.len();
            let differ = if count == 1 { "differs" } else { "differ" };
            let lines = Wording::new(
                format!("{} that the book has {differ} there", counted(count, "row")),
                format!("账本已有的 {count} 行，这里"),
            );
            plan.warnings.push(Warning {
                code: "there-differs",
                message: both!(
                    "{} in staff, topic, channel or due ({}): two events taken for one?",
                    "{}的 staff、topic、channel 或 due 不同（{}）：是不是把两件事当成了一件？",
                    lines,
                    places
                ),
                at: Some((rows[*first].line, None)),
            });
        }
        plan.notes_differ.sort_unstable();
    }

    /// Counts the rows of one identity.
    fn count_one(
        &self,
        rows: &[usize],
        in_book: &[usize],
        plan: &mut Plan,
        differing: &mut Vec<usize>,
    ) {
        let file_of = |at: usize| self.scan.lines[self.scan.rows[at].line as usize].file;
        // Of several files those of the first that has the most count.
        let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
        for at in rows {
            *counts.entry(file_of(*at)).or_default() += 1;
        }
        let most = counts.values().max().copied().unwrap_or(0);
        let chosen = counts.iter().find(|it| *it.1 == most).map_or(0, |it| *it.0);
        let (own, others): (Vec<usize>, Vec<usize>) =
            rows.iter().partition(|at| file_of(**at) == chosen);
        for at in others {
            plan.fates[at] = Fate::There;
        }
        let texts = &self.scan.texts;
        let mut left: HashMap<Print, Vec<usize>> = HashMap::new();
        for at in in_book {
            let print =
                self.whole_without_fresh(&self.planning.book_rows[*at].row, own.first().copied());
            left.entry(print).or_default().push(*at);
        }
        let mut unpaired = Vec::new();
        let mut paired = BTreeSet::new();
        for at in &own {
            let print = whole(&self.scan.rows[*at], texts);
            match left.get_mut(&print).and_then(Vec::pop) {
                Some(book_row) => {
                    plan.fates[*at] = Fate::There;
                    paired.insert(book_row);
                }
                None => unpaired.push(*at),
            }
        }
        let new = own.len().saturating_sub(in_book.len());
        for (number, at) in unpaired.iter().enumerate() {
            plan.fates[*at] = if number < new { Fate::New } else { Fate::There };
        }
        let mut rest: Vec<usize> = in_book
            .iter()
            .copied()
            .filter(|it| !paired.contains(it))
            .collect();
        let mut odd = Vec::new();
        for at in unpaired.iter().skip(new) {
            let row = &self.scan.rows[*at];
            let alike = rest
                .iter()
                .position(|it| !differ_in_facts(row, &self.planning.book_rows[*it].row));
            match alike {
                Some(found) => {
                    let other = &self.planning.book_rows[rest.remove(found)].row;
                    if other.note != row.note {
                        plan.notes_differ.push(row.line);
                    }
                }
                None => odd.push(*at),
            }
        }
        differing.extend(odd);
    }

    /// Returns the print of a book's row, without its ref where the file's rows have none yet.
    fn whole_without_fresh(&self, row: &NewRow, of: Option<usize>) -> Print {
        if of.is_some_and(|at| self.scan.rows[at].needs_ref) {
            let row = NewRow {
                reference: Box::default(),
                ..row.clone()
            };
            return whole(&row, &self.scan.texts);
        }
        whole(row, &self.scan.texts)
    }

    /// Gives new rows fresh refs, as `log` does.
    fn give_refs(&mut self, live: &[usize], fates: &[Fate]) {
        let needs = |at: &usize| self.scan.rows[*at].needs_ref && fates[*at] == Fate::New;
        let wanting: Vec<usize> = live.iter().copied().filter(needs).collect();
        if wanting.is_empty() {
            return;
        }
        let book = self.planning.book_rows.iter().map(|it| &it.row);
        let rows = book.chain(live.iter().map(|at| &self.scan.rows[*at]));
        let own = rows.filter(|it| own_family(it, self.kinds).is_some());
        let mut taken: HashSet<(u32, String)> = own
            .map(|it| (it.customer, it.reference.to_string()))
            .collect();
        let mut next: HashMap<(u32, String), u64> = HashMap::new();
        for at in wanting {
            let row = &mut self.scan.rows[at];
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
            row.reference = fresh.into();
        }
    }

    /// Tells what is odd about the new rows.
    fn warn(&self, live: &[usize], plan: &mut Plan) {
        let today = self.planning.context.today;
        let new: Vec<&NewRow> = live
            .iter()
            .filter(|at| plan.fates[**at] == Fate::New)
            .map(|at| &self.scan.rows[*at])
            .collect();
        let role = |row: &NewRow| self.kinds.kind(row.kind).role;
        let after = new
            .iter()
            .filter(|it| role(it) != Role::Plan && it.date.date > today);
        let after: Vec<&&NewRow> = after.collect();
        if let Some(latest) = after.iter().max_by_key(|it| it.date.date) {
            let count = after.len();
            let is = if count == 1 { "is" } else { "are" };
            let rows = Wording::new(
                format!("{} {is}", counted(count, "row")),
                format!("{count} 行"),
            );
            plan.warnings.push(Warning {
                code: "after-today",
                message: both!(
                    "{} dated after {today}, the latest {}",
                    "{}的日期在 {today} 之后，最晚的是 {}",
                    rows,
                    latest.date.date
                ),
                at: Some((latest.line, latest.date_column.map(usize::from))),
            });
        }
        for row in &new {
            if let Some(message) = super::far::far(row, today) {
                plan.warnings.push(Warning {
                    code: "date-far",
                    message,
                    at: Some((row.line, row.date_column.map(usize::from))),
                });
            }
        }
        self.warn_maybe_twice(&new, plan);
    }

    fn warn_maybe_twice(&self, new: &[&NewRow], plan: &mut Plan) {
        let mut by_amount: HashMap<(u32, u8, chrono::NaiveDate, Option<Money>), usize> =
            HashMap::new();
        let mut by_ref: HashMap<(u32, u8, &str), usize> = HashMap::new();
        for (at, it) in self.planning.book_rows.iter().enumerate() {
            let row = &it.row;
            if !is_money(self.kinds.kind(row.kind).role) {
                continue;
            }
            by_amount.insert((row.customer, row.kind, row.date.date, row.amount), at);
            if !row.reference.is_empty() {
                by_ref.insert((row.customer, row.kind, &row.reference), at);
            }
        }
        if by_amount.is_empty() {
            return;
        }
        for row in new {
            if !is_money(self.kinds.kind(row.kind).role) {
                continue;
            }
            let same = by_amount.get(&(row.customer, row.kind, row.date.date, row.amount));
            let same =
                same.filter(|at| self.planning.book_rows[**at].row.reference != row.reference);
            let other = || {
                let key = (row.customer, row.kind, &*row.reference);
                (!row.reference.is_empty())
                    .then(|| by_ref.get(&key))
                    .flatten()
            };
            let Some(at) = same.or_else(other) else {
                continue;
            };
            let it = &self.planning.book_rows[*at];
            let path = self
                .planning
                .log_paths
                .get(it.log as usize)
                .map_or("", String::as_str);
            let amount = it.row.amount;
            let amount = amount.map_or_else(Wording::default, |it| both!(" of {it}", "（{it}）"));
            let kind = &self.kinds.kind(row.kind).name;
            let article = if kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
                "an"
            } else {
                "a"
            };
            let reference = if it.row.reference.is_empty() {
                Phrase("without ref", "没有单号").into()
            } else {
                let reference = told(&it.row.reference);
                both!("with ref `{reference}`", "单号 `{reference}`")
            };
            let (day, line) = (it.row.date.date, it.line);
            let message = both!(
                "the book has {article} {kind}{} on {day} {} ({path}:{line}): the same event?",
                "账本里 {day} 已有一行 {kind}{}，{}（{path}:{line}）：是不是同一件事？",
                amount,
                reference
            );
            plan.warnings.push(Warning {
                code: "maybe-twice",
                message,
                at: Some((row.line, row.amount_column.map(usize::from))),
            });
        }
    }
}
