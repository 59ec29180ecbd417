//! Why a customer is whose it is.

use super::owner_row;
use crate::figures::why::{Reasons, Why};

impl Reasons<'_, '_> {
    pub(in crate::figures) fn why_owner(&self, why: &mut Why) {
        let context = self.context();
        let rows = context.book.interactions_of(self.index);
        let Some(at) = owner_row(&context.roles, rows, context.as_of) else {
            return why.say(match self.customer.owner {
                Some(_) => "no `owner` row: what the customer's file says",
                None => "no `owner` row, and the customer's file has no `owner`",
            });
        };
        if at < self.rows.rows().len() {
            why.add_row(at, None, "the latest `owner` row");
            why.say("its `staff`");
        } else {
            why.add_row(at, None, "the first `owner` row, still to come");
            why.say(if why.value.is_known() {
                "its `topic`: whose the customer was before it"
            } else {
                "it has no `topic`: the customer was nobody's before it"
            });
        }
    }
}
