//! One customer's figures as they would be with other rows, or with another file, while all other customers
//! and whatever the whole book decides stay as they are.
//!
//! The customer stands alone in a book of its own, which costs its own rows and no more.

use super::parts::PartFacts;
pub(crate) use super::ranking::Ranks;
use super::{Figures, FiguresContext, Needs, judge};
use crate::model::{Book, Customer, LogPart, OwnRow, OwnRows, StaffMember};

/// A book for one customer after another.
pub(crate) struct ReplayBook {
    book: Book,
}

impl ReplayBook {
    /// Makes one for a book's staff.
    pub(crate) fn new(staff: Option<Vec<StaffMember>>) -> Self {
        let book = Book {
            staff,
            ..Book::default()
        };
        Self { book }
    }

    /// Puts a customer on it, as its file says, or clears it.
    pub(crate) fn enter(&mut self, customer: Option<&Customer>) {
        self.book.customers = customer.cloned().map(Box::new).into_iter().collect();
    }

    /// Gives the customer rows, in this order.
    pub(crate) fn give(&mut self, rows: &OwnRows, order: &[OwnRow]) {
        let part: LogPart = rows.part(order);
        self.book.log = vec![part];
        self.book.topics.clone_from(rows.topics());
    }
}

/// What a customer is among the others.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Among {
    /// Its index in the book, or the one that it would have.
    pub(crate) index: usize,
    /// Whether it is one of those that exist there.
    pub(crate) is_own: bool,
}

impl Figures<'_> {
    /// Returns how the customers rank, for [`Figures::replay`].
    pub(crate) fn ranks(&self) -> Ranks {
        self.facts.ranks()
    }

    /// Computes the figures of the customer on a stage, index 0, as one of those here.
    ///
    /// What is needed must be among what these figures were made for.
    pub(crate) fn replay<'s>(
        &'s self,
        stage: &'s ReplayBook,
        ranks: &Ranks,
        among: Among,
        needs: Needs,
    ) -> Figures<'s> {
        let book = &stage.book;
        let own = &self.facts.context;
        let context = FiguresContext {
            book,
            policy: own.policy,
            as_of: own.as_of,
            roles: own.roles.clone(),
        };
        let all = 0..book.customers.len();
        let part = PartFacts::of(&context, needs, all, |index| book.interactions_of(index));
        let place = (among.index, among.is_own);
        let facts = self.facts.of_one(context, needs, part, ranks, place);
        let judged = judge::judge(&facts, 1);
        Figures { facts, judged }
    }
}
