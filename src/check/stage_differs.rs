//! The stage in a customer's file is not the one that its latest `stage` row entered.

use super::{Checked, Findings};
use crate::diagnostic::{Diagnostic, STAGE_DIFFERS};
use crate::load::key_places;
use crate::load::log::Column;
use crate::model::{Day, Role};

/// Compares each file's stage with the latest row up to the day.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    let mut differing = Vec::new();
    for (index, customer) in book.customers.iter().enumerate() {
        let Some(written) = &customer.stage else {
            continue;
        };
        let rows = book.interactions_of(index).until(Day::of(checked.as_of));
        let is_stage = |row: &&crate::model::Interaction| checked.role(row) == Role::Stage;
        let latest = rows.rows().iter().enumerate().rev();
        let Some((row, latest)) = latest.into_iter().find(|(_, row)| is_stage(row)) else {
            continue;
        };
        if let Some(entered) = rows.topic(latest)
            && *entered != **written
        {
            differing.push((&**customer, entered, checked.origin(index, row)));
        }
    }
    let more = Findings::cut(&mut differing);
    let keys: Vec<_> = differing.iter().map(|it| (it.0, "stage")).collect();
    let places = key_places(checked.files, &keys);
    let texts = checked.row_texts(differing.iter().map(|it| it.2));
    let listed = differing.iter().zip(places);
    let listed = listed.map(|((customer, entered, origin), place)| {
        let written = customer.stage.as_deref().unwrap_or_default();
        let message = format!("the file says `{written}`, but the latest stage row `{entered}`");
        let help = format!(
            "the row wins: write `stage = \"{entered}\"` in the file, or log the stage that is right"
        );
        let mut diagnostic = Diagnostic::new(STAGE_DIFFERS, message, place).help(help);
        if let Some(place) = texts.place(*origin, Some(Column::Topic)) {
            diagnostic = diagnostic.second(place, "entered here");
        }
        diagnostic
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
