//! Refs of rows: summed where lines are parts of one, owned once, named only where they are there.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use foldhash::{HashMap, HashMapExt as _, HashSet, HashSetExt as _};

use super::drafts::Whose;
use super::held::HeldAmount;
use super::identity::{Print, named_family, own_family, ref_print};
use super::lines::LineFault;
use super::new_row::RowRead;
use super::owned_refs::OwnedRef;
use super::plan::Round;
use super::row_faults::negative;
use super::values::Bad;
use crate::model::{Family, Money, Role};
use crate::source::{short_place, told};
use crate::words::{Phrase, Wording, article, both};

/// Who owns a ref.
#[derive(Clone, Copy, Debug)]
enum RefOwner {
    /// A row of the book.
    Book(OwnedRef),
    /// A row of a file.
    File(usize),
    /// One of the book and one of a file, which are the same.
    Both(OwnedRef, usize),
}

/// What the lines share that are one row: file, customer, kind, day, ref.
type SumKey = (u16, u32, u8, NaiveDate, Box<str>);

/// As much of it as a refused line tells: file and ref, and if they are known customer, kind and day.
type PartRefused<'r> = (u16, &'r str, Option<u32>, Option<u8>, Option<NaiveDate>);

/// Tells whether a line that is refused is or may be a part of the rows with a key.
fn is_part_refused(refused: &HashSet<PartRefused<'_>>, key: &SumKey) -> bool {
    let (file, customer, kind, day, reference) = key;
    [None, Some(*customer)].into_iter().any(|customer| {
        [None, Some(*kind)].into_iter().any(|kind| {
            let days = [None, Some(*day)].into_iter();
            let mut keys = days.map(|day| (*file, &**reference, customer, kind, day));
            keys.any(|key| refused.contains(&key))
        })
    })
}

impl Round<'_, '_> {
    /// Makes one row of those that are parts of one invoice.
    pub(super) fn sum_refs(&mut self) {
        if !self.planning.context.habits().sum_refs {
            return;
        }
        let mut groups: BTreeMap<SumKey, Vec<usize>> = BTreeMap::new();
        for (at, row) in self.scan.rows.iter().enumerate() {
            let line = self.scan.lines[row.line as usize];
            if !line.is_refused && own_family(&row.cells(&self.scan.texts), self.kinds).is_some() {
                let key = (
                    line.file,
                    row.customer,
                    row.kind,
                    row.date.date,
                    self.scan.reference(row).into(),
                );
                groups.entry(key).or_default().push(at);
            }
        }
        let book_count = self.book_count();
        let mut refused: HashSet<PartRefused<'_>> = HashSet::new();
        for (line, refs) in &self.scan.refs {
            let state = self.scan.lines[*line as usize];
            if !state.is_refused {
                continue;
            }
            let customer = match self.whose[state.who as usize] {
                Whose::Book(customer, _) => Some(customer),
                Whose::New(number) => Some(book_count + number),
                Whose::Nobody => None,
            };
            let keys = refs.iter().map(|it| {
                let reference = it.reference.as_str();
                (state.file, reference, customer, it.kind, it.day)
            });
            refused.extend(keys);
        }
        let mut incomplete = Vec::new();
        for (key, rows) in &groups {
            if is_part_refused(&refused, key) {
                for at in rows {
                    let row = &self.scan.rows[*at];
                    let message = both!(
                        "another line of `{}` is refused",
                        "`{}` 的另一行被拒收",
                        told(&key.4)
                    );
                    let bad = Bad::new("ref-incomplete", message).help(Phrase(
                        "mend that line: the lines of one ref count together or not at all",
                        "请改正那一行：同一单号的各行要么全部导入，要么都不导入",
                    ));
                    incomplete.push((
                        row.line,
                        LineFault::new(self.scan.columns_of(row).reference, bad),
                    ));
                }
            }
        }
        if !incomplete.is_empty() {
            self.refused.extend(incomplete);
            return;
        }
        for rows in groups.values() {
            let amounts = rows.iter().map(|at| self.scan.rows[*at].amount.get());
            let has_amount = amounts.clone().any(|it| it.is_some());
            let sum: Money = amounts.flatten().sum();
            let mut topics: Vec<&str> = Vec::new();
            for at in rows {
                let topic = self.scan.texts.text(self.scan.rows[*at].topic);
                if !topic.is_empty() && !topics.contains(&topic) {
                    topics.push(topic);
                }
            }
            let topic = topics.join("; ");
            let topic = self.scan.texts.of(&topic);
            let Some((first, others)) = rows.split_first() else {
                continue;
            };
            for at in others {
                // A row without a kind of its own counts in the sum of the first.
                self.scan.rows[*at].customer = u32::MAX;
            }
            let row = &mut self.scan.rows[*first];
            row.topic = topic;
            let kind = self.kinds.kind(row.kind);
            let held = HeldAmount::of(sum);
            let bad = if has_amount && sum < Money::ZERO && !kind.negative {
                Some(negative(kind, sum))
            } else {
                held.is_none().then(|| too_long(sum))
            };
            if has_amount {
                row.amount = held.unwrap_or(HeldAmount::NONE);
            }
            if let Some(bad) = bad {
                for at in rows {
                    let row = &self.scan.rows[*at];
                    let column = self.scan.columns_of(row).amount;
                    self.refused
                        .push((row.line, LineFault::new(column, bad.clone())));
                }
            }
        }
    }

    /// Returns the places of the rows that count.
    pub(super) fn live_rows(&self) -> Vec<u32> {
        let rows = self.scan.rows.iter().enumerate();
        let is_live = |row: &RowRead| {
            row.customer != u32::MAX && !self.scan.lines[row.line as usize].is_refused
        };
        let live = rows.filter(|it| is_live(it.1));
        live.map(|it| short_place(it.0)).collect()
    }

    /// Checks that refs are owned once, and that those named are there.
    pub(super) fn check_refs(&mut self) {
        let mut refs: HashMap<Print, RefOwner> = HashMap::new();
        let own_of = |row: &RowRead| own_family(&row.cells(&self.scan.texts), self.kinds);
        let mut refused = Vec::new();
        let live = self.live_rows();
        for at in &live {
            let row = &self.scan.rows[*at as usize];
            let Some(family) = own_of(row) else { continue };
            let print = ref_print(row.customer, family, self.scan.reference(row));
            match self.owner(&refs, print) {
                None => _ = refs.insert(print, RefOwner::File(*at as usize)),
                Some(owner) => {
                    if let Some(bad) = self.owned_by(row, &owner, family) {
                        let column = self.scan.columns_of(row).reference;
                        refused.push((row.line, LineFault::new(column, bad)));
                    }
                    // Of the book's it is one of the file's now as well.
                    if let RefOwner::Book(of_book) = owner {
                        refs.insert(print, RefOwner::Both(of_book, *at as usize));
                    }
                }
            }
        }
        for at in &live {
            let row = &self.scan.rows[*at as usize];
            let Some(family) = named_family(&row.cells(&self.scan.texts), self.kinds) else {
                continue;
            };
            let print = ref_print(row.customer, family, self.scan.reference(row));
            let column = self.scan.columns_of(row).reference;
            let kind = self.kinds.kind(row.kind);
            let Some(owner) = self.owner(&refs, print) else {
                let message = both!(
                    "the customer has no {} `{}`",
                    "这个客户没有{} `{}`",
                    family.word(),
                    told(self.scan.reference(row))
                );
                let mut bad = Bad::new("unknown-ref", message);
                if matches!(kind.role, Role::Payment | Role::Writeoff | Role::Credit) {
                    let heading = self.heading(row.line, column);
                    bad = bad.help(both!(
"bring the invoice in first, or put the number into the note: `--map '{heading}=note'`",
"请先导入发票，或把号码放到备注里：`--map '{heading}=note'`"
));
                } else {
                    bad = bad.help(both!(
                        "bring in the row that opens the {}",
                        "请先导入登记这个{}的那一行",
                        family.word()
                    ));
                }
                refused.push((row.line, LineFault::new(column, bad)));
                continue;
            };
            let opened = match owner {
                RefOwner::Book(row) | RefOwner::Both(row, _) => row.day,
                RefOwner::File(at) => self.scan.rows[at].date.date,
            };
            if !matches!(kind.role, Role::Payment | Role::Credit) && row.date.date < opened {
                let message = both!(
                    "this `{}` is dated before its {} `{}`, which is of {opened}",
                    "这一行 `{}` 的日期早于所属的{} `{}`（{opened}）",
                    kind.name,
                    family.word(),
                    told(self.scan.reference(row))
                );
                let column = self.scan.columns_of(row).date;
                refused.push((
                    row.line,
                    LineFault::new(column, Bad::new("answer-before", message)),
                ));
            }
        }
        self.refused.extend(refused);
    }

    /// Returns who owns a ref, as far as the rows before say, or else the book.
    fn owner(&self, of_files: &HashMap<Print, RefOwner>, print: Print) -> Option<RefOwner> {
        let of_book = || self.owned.0.get(&print).copied().map(RefOwner::Book);
        of_files.get(&print).copied().or_else(of_book)
    }

    fn heading(&self, line: u32, column: Option<usize>) -> String {
        let file = usize::from(self.scan.lines[line as usize].file);
        let names = self.scan.option_names.get(file).zip(column);
        let heading = names.and_then(|(all, at)| all.get(at));
        heading.map_or_else(|| "HEADING".to_owned(), |it| told(it).into_owned())
    }

    /// Says why a row cannot own a ref that another owns.
    fn owned_by(&self, row: &RowRead, owner: &RefOwner, family: Family) -> Option<Bad> {
        let is_same = |day: NaiveDate, kind: u8, amount: HeldAmount| {
            day == row.date.date && kind == row.kind && amount == row.amount
        };
        let of_file = |at: usize| {
            let other = &self.scan.rows[at];
            let (line, other_line) = (
                self.scan.lines[row.line as usize],
                self.scan.lines[other.line as usize],
            );
            if line.file != other_line.file {
                return (!is_same(other.date.date, other.kind, other.amount)).then(|| {
                    let message = both!(
                        "{} `{}` is another in line {} of another file",
                        "{} `{}` 与另一个文件第 {} 行的不同",
                        family.word(),
                        told(self.scan.reference(row)),
                        other_line.number
                    );
                    Bad::new("row-differs", message)
                });
            }
            let message = both!(
                "{} `{}` is entered twice, first in line {}",
                "{} `{}` 登记了两次，第一次在第 {} 行",
                family.word(),
                told(self.scan.reference(row)),
                other_line.number
            );
            Some(Bad::new("ref-used-twice", message).help(Phrase(
                "`--read sum-refs` if these are the items of one; else give each its own number",
                "如果是同一张单据的多行明细，用 `--read sum-refs`；否则给每个各自的号码",
            )))
        };
        let of_book = |other: OwnedRef| {
            (!is_same(other.day, other.kind, other.amount)).then(|| {
                let path = self.planning.log_paths.get(other.log as usize);
                let amount = other.amount.get();
                let amount =
                    amount.map_or_else(Wording::default, |it| both!(" of {it}", "（{it}）"));
                let kind = self.kinds.kind(other.kind).called();
                let article = article(kind.english());
                let (day, line) = (other.day, other.line);
                let path = path.map_or("", String::as_str);
                let reference = told(self.scan.reference(row));
                let message = both!(
                    "the book has `{reference}` as {article} {}{} on {day} ({path}:{line})",
                    "账本里的 `{reference}` 是 {day} 的{}{}（{path}:{line}）",
                    kind,
                    amount
                );
                Bad::new("row-differs", message).help(Phrase(
                    "import never changes a row: mend it in the book or in the file",
                    "导入从不修改已有的行：请在账本里或文件里改正",
                ))
            })
        };
        match owner {
            RefOwner::File(at) => of_file(*at),
            RefOwner::Book(at) => of_book(*at),
            RefOwner::Both(of_the_book, at) => of_file(*at).or_else(|| of_book(*of_the_book)),
        }
    }
}

/// Refuses a sum that has more digits than an amount may have.
fn too_long(sum: Money) -> Bad {
    let message = both!(
        "the lines of this ref sum to `{sum}`, more than 14 digits before the point",
        "这个单号的各行合计为 `{sum}`，小数点前超过 14 位"
    );
    Bad::new("amount", message)
}
