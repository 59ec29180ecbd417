//! Facts of customers: what lines say of them, one customer's lines united, compared with the book.

use super::lines::{LineFault, LineReader};
use super::targets::Target;
use super::worth::Value;
use crate::exchange::table::Line;

/// What a line says of its customer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Fact {
    pub(crate) target: Target,
    pub(crate) value: Value,
    pub(crate) column: Option<usize>,
}

/// Reads the facts of a line.
pub(super) fn read_facts(
    reader: &LineReader<'_>,
    line: &Line<'_>,
    faults: &mut Vec<LineFault>,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    for (place, slot) in reader.plan.slots.iter().enumerate() {
        if matches!(
            slot.target,
            Target::Name | Target::Id | Target::Aliases | Target::Currency | Target::Of(..)
        ) {
            continue;
        }
        match reader.value(line, place) {
            Ok(Some(value)) => facts.push(Fact {
                target: slot.target.clone(),
                value,
                column: slot.columns.first().copied(),
            }),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    facts
}
