//! A journal of hledger, which ledger reads, too: orders and costs as virtual postings, invoices and money as
//! double entries, and last what each customer must owe then, so that another program proves our figures.
//!
//! Notes stay out: such programs read dates and tags in comments.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use super::LeavingBook;
use crate::figures::Ledger;
use crate::model::{Day, Interaction, Interactions, LogColumn, Money, Origin, RefTarget, Role};
use crate::report::read_cells;
use crate::source::is_hostile;

/// One row of the book as a transaction.
struct JournalEntry {
    day: Day,
    minute: u16,
    origin: Origin,
    customer: u32,
    /// The word of its kind.
    kind: u8,
    reference: String,
    due: Option<Day>,
    postings: Vec<Posting>,
}

/// What a transaction does to one account.
struct Posting {
    account: Account,
    amount: Money,
}

/// The accounts; those of customers have their ids behind them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Account {
    Bank,
    Receivable(u32),
    Costs(u32),
    BadDebts,
    Orders(u32),
    Revenues(u32),
}

impl Account {
    /// Tells whether it stands beside the books: what is posted there has no other side.
    fn is_virtual(self) -> bool {
        matches!(self, Self::Costs(_) | Self::Orders(_))
    }
}

/// Writes the journal.
///
/// # Errors
/// Whatever the stream says.
pub(crate) fn write(leaving: &LeavingBook<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut entries = Vec::new();
    let mut owed = BTreeMap::new();
    for (index, _) in leaving.customers() {
        let found = of_customer(leaving, index, &mut entries);
        owed.extend(found);
    }
    entries.sort_by_key(|it| (it.day, it.minute, it.origin));
    read_references(leaving, &mut entries);
    let amounts = entries
        .iter()
        .flat_map(|it| it.postings.iter().map(|it| it.amount));
    let is_fine = amounts
        .chain(owed.values().copied())
        .any(|it| it.0 % 100 != 0);
    let journal = LedgerJournal {
        leaving,
        currency: label(&leaving.loaded.policy.currency),
        decimals: if is_fine { 4 } else { 2 },
    };
    journal.write_head(&entries, &owed, out)?;
    for entry in &entries {
        journal.write_entry(entry, out)?;
    }
    journal.write_proof(&owed, out)
}

/// Appends the transactions of a customer, and returns what it owes less what it paid ahead, if anything
/// moves its account.
fn of_customer(
    leaving: &LeavingBook<'_>,
    index: usize,
    entries: &mut Vec<JournalEntry>,
) -> Option<(u32, Money)> {
    let context = leaving.figures.context();
    let book = &leaving.loaded.book;
    let rows = book.interactions_of(index).until(context.as_of);
    let ledger = Ledger::of(context, &book.customers[index], rows);
    let unused: BTreeMap<usize, Money> = ledger.unused_writeoffs.iter().copied().collect();
    let dues: BTreeMap<usize, Day> = ledger.items.iter().map(|it| (it.row, it.due)).collect();
    let kinds = leaving.loaded.policy.kinds.all();
    let mut moves = false;
    for (at, row) in rows.rows().iter().enumerate() {
        let role = kinds[usize::from(row.kind)].role;
        let postings = postings(role, row, rows, unused.get(&at).copied());
        moves |= postings
            .iter()
            .any(|it| matches!(it.account, Account::Receivable(_)));
        if !postings.is_empty() {
            entries.push(JournalEntry {
                day: row.day,
                minute: row.minute,
                origin: rows.origin(at).expect("the book was loaded with origins"),
                customer: row.customer,
                kind: row.kind,
                reference: String::new(),
                due: dues.get(&at).copied().filter(|_| role == Role::Invoice),
                postings,
            });
        }
    }
    let receivable: Money = ledger.items.iter().map(|it| it.balance).sum();
    let id = u32::try_from(index).expect("customers are counted in 32 bits");
    moves.then(|| (id, receivable - ledger.advance()))
}

/// Returns what a row does to the accounts; `unused` is how much of a write-off had no effect.
fn postings(
    role: Role,
    row: &Interaction,
    rows: Interactions<'_>,
    unused: Option<Money>,
) -> Vec<Posting> {
    use Account::{BadDebts, Bank, Costs, Orders, Receivable, Revenues};
    let (customer, amount) = (row.customer, row.amount());
    let names_invoice = matches!(rows.target(row), RefTarget::Row(_));
    let pairs = match role {
        Role::Order => vec![(Orders(customer), amount)],
        Role::Credit if names_invoice => vec![
            (Orders(customer), -amount),
            (Revenues(customer), amount),
            (Receivable(customer), -amount),
        ],
        Role::Credit => vec![(Orders(customer), -amount)],
        Role::Invoice => vec![
            (Receivable(customer), amount),
            (Revenues(customer), -amount),
        ],
        Role::Payment => vec![(Bank, amount), (Receivable(customer), -amount)],
        Role::Writeoff => {
            let effect = amount - unused.unwrap_or_default();
            vec![(BadDebts, effect), (Receivable(customer), -effect)]
        }
        Role::Expense => vec![(Costs(customer), amount)],
        _ => Vec::new(),
    };
    let pairs = pairs.into_iter();
    pairs
        .map(|(account, amount)| Posting { account, amount })
        .collect()
}

/// Reads the refs of all rows.
fn read_references(leaving: &LeavingBook<'_>, entries: &mut [JournalEntry]) {
    let origins: Vec<Origin> = entries.iter().map(|it| it.origin).collect();
    let (loaded, files) = (leaving.loaded, leaving.files);
    read_cells(
        loaded,
        files,
        &origins,
        leaving.threads,
        &mut |at, cells| {
            entries[at].reference = plain_words(&cells.text(LogColumn::Ref));
        },
    );
}

/// How the amounts of a journal are written.
struct LedgerJournal<'a> {
    leaving: &'a LeavingBook<'a>,
    /// The currency, with a blank before it.
    currency: String,
    decimals: usize,
}

impl LedgerJournal<'_> {
    /// Writes how numbers, the currency and the accounts read.
    fn write_head(
        &self,
        entries: &[JournalEntry],
        owed: &BTreeMap<u32, Money>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        writeln!(out, "decimal-mark .\n")?;
        if !self.currency.is_empty() {
            let (currency, decimals) = (&self.currency, self.decimals);
            writeln!(
                out,
                "commodity{currency}\n  format 1000.{:0decimals$}{currency}\n",
                0
            )?;
        }
        let used = entries
            .iter()
            .flat_map(|it| it.postings.iter().map(|it| it.account));
        let used = used.chain(owed.keys().map(|it| Account::Receivable(*it)));
        let names: BTreeSet<String> = used.map(|it| self.name(it)).collect();
        for name in &names {
            writeln!(out, "account {name}")?;
        }
        if names.is_empty() {
            Ok(())
        } else {
            writeln!(out)
        }
    }

    fn write_entry(&self, entry: &JournalEntry, out: &mut dyn Write) -> io::Result<()> {
        let loaded = self.leaving.loaded;
        write!(out, "{}", entry.day.date())?;
        if !entry.reference.is_empty() {
            write!(out, " ({})", entry.reference)?;
        }
        let kind = &loaded.policy.kinds.all()[usize::from(entry.kind)].name;
        let name = plain_words(&loaded.book.customers[entry.customer as usize].name);
        let file = in_comment(loaded.log_path(entry.origin.log));
        write!(out, " {kind} | {name}  ; row:{file}:{}", entry.origin.line)?;
        if let Some(due) = entry.due {
            write!(out, ", due:{}", due.date())?;
        }
        writeln!(out)?;
        for posting in &entry.postings {
            let name = self.name(posting.account);
            let name = if posting.account.is_virtual() {
                format!("({name})")
            } else {
                name
            };
            writeln!(out, "    {name}  {}", self.amount(posting.amount))?;
        }
        writeln!(out)
    }

    /// Writes what each customer's account must hold on the day; who loads the journal checks it.
    fn write_proof(&self, owed: &BTreeMap<u32, Money>, out: &mut dyn Write) -> io::Result<()> {
        if owed.is_empty() {
            return Ok(());
        }
        writeln!(out, "{} guanxi receivables", self.leaving.figures.as_of())?;
        for (customer, amount) in owed {
            let name = self.name(Account::Receivable(*customer));
            let (nothing, amount) = (self.amount(Money::ZERO), self.amount(*amount));
            writeln!(out, "    {name}  {nothing} = {amount}")?;
        }
        Ok(())
    }

    fn name(&self, account: Account) -> String {
        let (kind, customer) = match account {
            Account::Bank => return "assets:bank".to_owned(),
            Account::BadDebts => return "expenses:bad-debts".to_owned(),
            Account::Receivable(customer) => ("assets:receivable", customer),
            Account::Costs(customer) => ("costs", customer),
            Account::Orders(customer) => ("orders", customer),
            Account::Revenues(customer) => ("revenues", customer),
        };
        let id = &self.leaving.loaded.book.customers[customer as usize].id;
        format!("{kind}:{id}")
    }

    fn amount(&self, amount: Money) -> String {
        let units = amount.0.unsigned_abs();
        let sign = if amount.0 < 0 { "-" } else { "" };
        let (whole, rest) = (units / 10_000, units % 10_000);
        let currency = &self.currency;
        if self.decimals == 2 {
            format!("{sign}{whole}.{:02}{currency}", rest / 100)
        } else {
            format!("{sign}{whole}.{rest:04}{currency}")
        }
    }
}

/// Returns a currency as a journal has it behind a number: in quotes unless it is letters alone.
fn label(currency: &str) -> String {
    let kept = |it: &char| !is_hostile(*it) && !matches!(it, '"' | ';');
    let kept: String = currency.chars().filter(kept).collect();
    match kept.trim() {
        "" => String::new(),
        letters if letters.chars().all(char::is_alphabetic) => format!(" {letters}"),
        other => format!(" \"{other}\""),
    }
}

/// Returns a name or a ref without what a journal would read: comments, codes, notes, lines.
fn plain_words(text: &str) -> String {
    let plain = |it: char| match it {
        ';' | '|' | '(' | ')' => ' ',
        it if is_hostile(it) => ' ',
        it => it,
    };
    let text: String = text.chars().map(plain).collect();
    text.trim().to_owned()
}

/// Returns a path that stands in a comment as the value of a tag, which a comma ends; dates stand in brackets.
fn in_comment(path: &str) -> String {
    let plain = |it: char| match it {
        ',' | '[' | ']' => ' ',
        it if is_hostile(it) => ' ',
        it => it,
    };
    path.chars().map(plain).collect()
}
