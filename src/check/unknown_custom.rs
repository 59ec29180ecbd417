//! A rule of the policy uses a name under `[custom]` or `[profile]` that no customer's file has.

use foldhash::HashSet;

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, Nearest as _, UNKNOWN_CUSTOM};
use crate::model::{CustomValue, Customer, Text};
use crate::rule::{FreeTable, Rule};
use crate::words::{Phrase, both};

/// The keys of a table that takes any.
type FreeKeys = [(Text, CustomValue)];

/// Looks up each such name.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = &checked.loaded.book.customers;
    let used: Vec<_> = checked
        .loaded
        .policy
        .rules()
        .flat_map(Rule::free_names)
        .collect();
    // A book that is being set up has rules before it has customers.
    if !checked.is_whole || used.is_empty() || customers.is_empty() {
        return Findings::default();
    }
    let (custom, profile) = (
        names(customers, |it| &it.custom),
        names(customers, |it| &it.profile),
    );
    let mut listed = Vec::new();
    for used in used {
        let (table, known) = match used.table {
            FreeTable::Custom => ("custom", &custom),
            FreeTable::Profile => ("profile", &profile),
        };
        if known.contains(&*used.name) {
            continue;
        }
        let message = both!(
            "no customer has a `{}` under `[{table}]`",
            "没有一个客户在 `[{table}]` 下写了 `{}`",
            used.name
        );
        let mut sorted: Vec<&str> = known.iter().copied().collect();
        sorted.sort_unstable();
        let help = sorted.into_iter().help(&used.name);
        listed.push(
            Diagnostic::new(UNKNOWN_CUSTOM, message, used.place.clone())
                .label(Phrase("always unknown", "永远是未知"))
                .maybe_help(help),
        );
    }
    Findings { listed, more: 0 }
}

/// Returns the free keys of all customers.
fn names(customers: &[Box<Customer>], of: fn(&Customer) -> &FreeKeys) -> HashSet<&str> {
    let keys = customers.iter().flat_map(|customer| of(customer));
    keys.map(|(name, _)| &**name).collect()
}
