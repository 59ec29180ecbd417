//! What the kinds in force do, by the small number that rows carry.

use crate::model::{Book, Interaction, Interactions, KindTable, RefTarget, Role};
use crate::policy::{Policy, RevenueBasis};

/// A look-up of roles and contacts, and of what counts as an order.
#[derive(Clone, Debug)]
pub(crate) struct RoleLookup {
    kinds: Vec<Role>,
    contacts: Vec<bool>,
    /// The rows that are orders: `Order` or `Invoice`.
    order: Role,
}

impl RoleLookup {
    /// Makes the look-up of a policy for a book.
    pub(crate) fn new(policy: &Policy, book: &Book) -> Self {
        let kinds: &KindTable = &policy.kinds;
        Self {
            kinds: kinds.all().iter().map(|kind| kind.role).collect(),
            contacts: kinds.all().iter().map(|kind| kind.contact).collect(),
            order: order_role(policy, book),
        }
    }

    /// Returns what a row does.
    pub(crate) fn role(&self, row: &Interaction) -> Role {
        self.kinds
            .get(usize::from(row.kind))
            .copied()
            .unwrap_or(Role::Other)
    }

    /// Tells whether a row is a contact.
    pub(crate) fn is_contact(&self, row: &Interaction) -> bool {
        self.contacts
            .get(usize::from(row.kind))
            .copied()
            .unwrap_or(false)
    }

    /// Tells whether invoices stand for orders.
    pub(crate) fn counts_invoices(&self) -> bool {
        self.order == Role::Invoice
    }

    /// Tells whether a row counts as an order.
    pub(crate) fn is_order(&self, row: &Interaction) -> bool {
        self.role(row) == self.order
    }

    /// Tells whether a row is a credit that lowers revenue.
    pub(crate) fn is_revenue_credit(&self, rows: Interactions<'_>, row: &Interaction) -> bool {
        self.role(row) == Role::Credit
            && (self.order == Role::Order || rows.target(row) != RefTarget::None)
    }
}

/// Returns which rows are orders under a policy: those of a book without any are its invoices, unless
/// the policy says otherwise.
fn order_role(policy: &Policy, book: &Book) -> Role {
    match policy.value.revenue {
        RevenueBasis::Order => Role::Order,
        RevenueBasis::Auto if book.has_orders => Role::Order,
        RevenueBasis::Auto | RevenueBasis::Invoice => Role::Invoice,
    }
}
