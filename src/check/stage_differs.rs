//! The stage in a customer's file is not the one that its latest `stage` row entered.

use super::{CheckRun, Checked, Findings, Noted, origin_of};
use crate::diagnostic::{Diagnostic, STAGE_DIFFERS};
use crate::load::key_places;
use crate::model::{Day, Interaction, LogColumn, Origin, Role};
use crate::words::{Phrase, both};

/// A stage that a row entered and a file does not say.
pub(super) struct Entered {
    customer: usize,
    stage: Box<str>,
    origin: Origin,
}

/// Compares each file's stage with the latest row up to the day.
pub(super) fn note(run: &CheckRun<'_>, noted: &mut Noted) {
    let today = Day::of(run.as_of);
    for (index, customer, rows) in run.customers() {
        let Some(written) = &customer.stage else {
            continue;
        };
        let rows = rows.until(today);
        let is_stage = |row: &Interaction| run.roles.role(row) == Role::Stage;
        let Some(row) = rows.rows().iter().rposition(is_stage) else {
            continue;
        };
        if let Some(entered) = rows.topic(&rows.rows()[row])
            && *entered != **written
        {
            noted.stages.push(Entered {
                customer: index,
                stage: entered.into(),
                origin: origin_of(rows, row),
            });
        }
    }
}

/// Tells of each stage that differs.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let customers = &checked.loaded.book.customers;
    let noted = checked.noted.stages.iter();
    let mut differing: Vec<_> = noted
        .map(|it| (&*customers[it.customer], &it.stage, it.origin))
        .collect();
    let more = Findings::cut(&mut differing);
    let keys: Vec<_> = differing.iter().map(|it| (it.0, "stage")).collect();
    let places = key_places(checked.files, &keys);
    let texts = checked.row_texts(differing.iter().map(|it| it.2));
    let listed = differing.iter().zip(places);
    let listed = listed.map(|((customer, entered, origin), place)| {
        let written = customer.stage.as_deref().unwrap_or_default();
        let message = both!("the file says `{written}`, but the latest stage row `{entered}`",
"客户文件写的是 `{written}`，而最近一行阶段变更写的是 `{entered}`");
        let help = both!(
            "the row wins: write `stage = \"{entered}\"` in the file, or log the stage that is right",
"以流水为准：在客户文件里写 `stage = \"{entered}\"`，或登记正确的阶段"
        );
        let mut diagnostic = Diagnostic::new(STAGE_DIFFERS, message, place).help(help);
        if let Some(place) = texts.place(*origin, Some(LogColumn::Topic)) {
            diagnostic = diagnostic.second(place, Phrase("entered here", "登记在这里"));
        }
        diagnostic
    });
    Findings {
        listed: listed.collect(),
        more,
    }
}
