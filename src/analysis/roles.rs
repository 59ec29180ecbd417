//! What the kinds in force do, by the small number that rows carry.

use crate::model::{Interaction, Interactions, KindTable, Role, Target};
use crate::policy::{Policy, RevenueBasis};

/// A look-up of roles and contacts, and of what counts as an order.
#[derive(Clone, Debug)]
pub(crate) struct Roles {
    kinds: Vec<Role>,
    contacts: Vec<bool>,
    revenue: RevenueBasis,
}

impl Roles {
    /// Makes the look-up of a policy.
    pub(crate) fn new(policy: &Policy) -> Self {
        let kinds: &KindTable = &policy.kinds;
        Self {
            kinds: kinds.all().iter().map(|kind| kind.role).collect(),
            contacts: kinds.all().iter().map(|kind| kind.contact).collect(),
            revenue: policy.value.revenue,
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

    /// Tells whether a row counts as an order.
    pub(crate) fn is_order(&self, row: &Interaction) -> bool {
        self.role(row)
            == match self.revenue {
                RevenueBasis::Order => Role::Order,
                RevenueBasis::Invoice => Role::Invoice,
            }
    }

    /// Tells whether a row is a credit that lowers revenue.
    pub(crate) fn is_revenue_credit(&self, rows: Interactions<'_>, row: &Interaction) -> bool {
        self.role(row) == Role::Credit
            && (self.revenue == RevenueBasis::Order || rows.target(row) != Target::None)
    }
}
