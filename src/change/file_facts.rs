//! What the files say of owner and stage, set to what new rows tell.

use std::collections::{BTreeMap, BTreeSet};

use super::named::{LoadedPart, NamedCustomer};
use super::told::RowFact;
use super::{Desk, FileEdit};
use crate::edit::toml_set::{KeySetting, set_all};
use crate::edit::toml_value::NewValue;
use crate::figures::{OwnerFigures, RoleLookup};
use crate::model::{Day, Interaction, Role};
use crate::session::hint::hinted;
use crate::words::{all_of, say};

/// Returns the edits that let the files say whose customers are, and in which stage, as the last row of each
/// does that tells of it, with what is said of each; `facts` are what new rows tell of which customers.
///
/// A file that says no stage is left without.
pub(super) fn fact_edits(
    desk: &Desk,
    part: &LoadedPart,
    facts: &BTreeSet<(usize, RowFact)>,
    customers: &[NamedCustomer],
) -> anyhow::Result<Vec<(FileEdit, String)>> {
    let book = &part.loaded.book;
    let roles = RoleLookup::new(&part.loaded.policy, &part.loaded.book);
    let mut settings: BTreeMap<&str, BTreeMap<(&str, RowFact), KeySetting>> = BTreeMap::new();
    for &(customer, fact) in facts {
        let Some(it) = customers.get(customer) else {
            continue;
        };
        let Some(index) = book.index_of(&it.id) else {
            continue;
        };
        let customer = &book.customers[index];
        let all_rows = book.interactions_of(index);
        let (written, told) = match fact {
            RowFact::Owner => {
                let last = OwnerFigures::on(&roles, all_rows, Day(i32::MAX));
                (customer.owner.as_deref(), last.id(book, customer))
            }
            RowFact::Stage => {
                let entered = all_rows.until(Day::of(desk.today));
                let is_stage = |row: &&Interaction| roles.role(row) == Role::Stage;
                let last = entered.rows().iter().rev().find(is_stage);
                (
                    customer.stage.as_deref(),
                    last.and_then(|row| entered.topic(row)),
                )
            }
        };
        let is_wanted = fact == RowFact::Owner || written.is_some();
        if let Some(told) = told.filter(|told| is_wanted && written != Some(*told)) {
            let setting = KeySetting {
                scope: it.scope,
                path: vec![fact.name().to_owned()],
                value: Some(NewValue::Text(told.to_owned())),
            };
            let of_file = settings.entry(&it.path).or_default();
            of_file.insert((&it.id, fact), setting);
        }
    }
    let edit = |(path, settings): (&str, BTreeMap<(&str, RowFact), KeySetting>)| {
        let old = desk.known_text(path)?;
        let facts: BTreeSet<RowFact> = settings.keys().map(|(_, fact)| *fact).collect();
        let names: Vec<&str> = facts.into_iter().map(RowFact::name).collect();
        let said = say!(
            "set {} in {path} as well",
            "{path} 中也已改 {}",
            all_of(&names).spoken()
        );
        let settings: Vec<KeySetting> = settings.into_values().collect();
        let new =
            set_all(&old, &settings).map_err(|error| hinted(format!("`{path}`: {error}"), None))?;
        Ok((FileEdit::replace(path, old, new), said))
    };
    settings.into_iter().map(edit).collect()
}
