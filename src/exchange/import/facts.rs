//! Facts of customers: what lines say of them, one customer's lines united, compared with the book.

use super::lines::{LineFault, LineReader};
use super::targets::ImportTarget;
use super::worth::ReadValue;
use crate::exchange::table::DataLine;

/// What a line says of its customer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CustomerFact {
    pub(crate) target: ImportTarget,
    pub(crate) value: ReadValue,
    pub(crate) column: Option<usize>,
}

/// Reads the facts of a line.
pub(super) fn read_facts(
    reader: &LineReader<'_>,
    line: &DataLine<'_>,
    faults: &mut Vec<LineFault>,
) -> Vec<CustomerFact> {
    let mut facts = Vec::new();
    for (place, slot) in reader.plan.slots.iter().enumerate() {
        if matches!(
            slot.target,
            ImportTarget::Name
                | ImportTarget::Id
                | ImportTarget::Aliases
                | ImportTarget::Currency
                | ImportTarget::Of(..)
        ) {
            continue;
        }
        match reader.value(line, place) {
            Ok(Some(value)) => facts.push(CustomerFact {
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
