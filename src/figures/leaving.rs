//! On which days a customer is lost and won back: all rows of a day count together.

use super::roles::RoleLookup;
use super::{FiguresContext, in_year};
use crate::model::{Day, Interaction, Interactions, Role};

/// The days of the year.
const YEAR: i64 = 365;

/// Whether a customer with an order is lost, as rows come.
#[derive(Default)]
pub(super) struct Leaving {
    /// The day of the rows that come.
    day: Option<Day>,
    order: Option<Day>,
    lost: Option<Day>,
    /// Whether the customer was lost, and had an order, the day before.
    was_lost: bool,
}

/// A day on which a customer with an order is lost and was not the day before, or the other way round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LossTurn {
    pub(super) day: Day,
    pub(super) is_loss: bool,
}

impl Leaving {
    /// Begins a day, unless it has begun, and returns what the one before has turned.
    pub(super) fn begin(&mut self, day: Day) -> Option<LossTurn> {
        if self.day == Some(day) {
            return None;
        }
        let turn = self.end();
        self.day = Some(day);
        turn
    }

    /// Takes in a row of the day.
    pub(super) fn take(&mut self, roles: &RoleLookup, row: &Interaction) {
        if roles.is_order(row) {
            self.order = Some(row.day);
        }
        if roles.role(row) == Role::Lost {
            self.lost = Some(row.day);
        }
    }

    /// Ends the day, and returns what it has turned.
    pub(super) fn end(&mut self) -> Option<LossTurn> {
        let (day, is_loss) = (self.day?, self.is_lost());
        let has_turned = is_loss != self.was_lost;
        self.was_lost = is_loss;
        has_turned.then_some(LossTurn { day, is_loss })
    }

    /// Tells whether the customer has an order, and is lost.
    fn is_lost(&self) -> bool {
        self.order.is_some() && self.lost >= self.order
    }
}

/// How a customer came and went in the year.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Turns {
    /// Whether there was a day on which it was lost.
    pub(crate) has_loss: bool,
    /// Whether there was one on which it was won back.
    pub(crate) has_win_back: bool,
    /// Whether it had an order a year ago, and was not lost.
    pub(crate) was_there: bool,
}

impl Turns {
    /// Reads a customer's rows up to the day.
    pub(super) fn of(context: &FiguresContext<'_>, rows: Interactions<'_>) -> Self {
        let (roles, as_of) = (&context.roles, context.as_of);
        let year_ago = as_of.plus(-YEAR);
        let mut turns = Self::default();
        let mut leaving = Leaving::default();
        for row in rows.rows() {
            turns.note(leaving.begin(row.day), as_of);
            leaving.take(roles, row);
            if row.day <= year_ago {
                turns.was_there = leaving.order.is_some() && !leaving.is_lost();
            }
        }
        turns.note(leaving.end(), as_of);
        turns
    }

    fn note(&mut self, turn: Option<LossTurn>, as_of: Day) {
        if let Some(turn) = turn.filter(|it| in_year(as_of, it.day)) {
            self.has_loss |= turn.is_loss;
            self.has_win_back |= !turn.is_loss;
        }
    }
}
