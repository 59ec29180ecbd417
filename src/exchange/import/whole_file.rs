//! What a file says or lacks as a whole: the unit of its amounts, columns without which no line means anything.

use super::file_plan::FilePlan;
use super::file_plan::NotTaken;
use super::mapping::Mapping;
use super::targets::{ImportTarget, RowField, RowGroup};
use super::values::unit::MoneyUnit;
use crate::exchange::fault::{COLUMN_MISSING, KIND_MISSING, SourceFault, UNIT};
use crate::exchange::headings::{Into, simplified};
use crate::exchange::place::CellPlace;
use crate::exchange::table::SourceTable;
use crate::model::{KindTable, Role, width_folded};
use crate::source::told;
use crate::words::{Phrase, Wording, any_of, both, listed};

/// A unit, and the title that gives it, if one does.
type GivenUnit = (MoneyUnit, Option<(CellPlace, String)>);

fn unclear(message: Wording, place: &CellPlace) -> SourceFault {
    SourceFault::new(UNIT, message, place.clone()).help(Phrase(
        "`--set unit=元` says in which unit the amounts are",
        "用 `--set unit=元` 写明金额的单位",
    ))
}

/// Returns the unit that titles or the option give, with the title's place and text.
///
/// # Errors
/// If titles differ, or one gives no unit.
pub(super) fn unit_of_titles(
    table: &SourceTable,
    mapping: &Mapping,
) -> Result<Option<GivenUnit>, Box<SourceFault>> {
    if let Some(unit) = &mapping.unit {
        return Ok(Some((unit.clone(), None)));
    }
    let mut found: Option<(MoneyUnit, CellPlace, String)> = None;
    for (text, place) in &table.title {
        let Some(written) = unit_in_title(text) else {
            continue;
        };
        let Some(unit) = MoneyUnit::parse(&written) else {
            let message = both!(
                "`{}` is no unit of money",
                "`{}` 不是金额单位",
                told(&written)
            );
            return Err(Box::new(unclear(message, place)));
        };
        match &found {
            Some((before, other, shown)) if *before != unit => {
                let message = both!(
                    "`{}` here, but `{}` in {other}",
                    "这里是 `{}`，而 {other} 是 `{}`",
                    told(text),
                    told(shown)
                );
                return Err(Box::new(unclear(message, place)));
            }
            Some(_) => {}
            None => found = Some((unit, place.clone(), text.clone())),
        }
    }
    Ok(found.map(|(unit, place, text)| (unit, Some((place, text)))))
}

/// Returns what a title `单位：U` says.
fn unit_in_title(text: &str) -> Option<String> {
    let folded = simplified(&width_folded(text).to_lowercase());
    let text = folded.trim();
    let rest = text.strip_prefix("金额").unwrap_or(text).trim_start();
    let rest = rest
        .strip_prefix("单位")
        .or_else(|| text.strip_prefix("unit"))?;
    let unit = rest.trim_start().strip_prefix(':')?.trim();
    (!unit.is_empty()).then(|| unit.to_owned())
}

/// Returns what the file lacks as a whole.
pub(super) fn missing(
    table: &SourceTable,
    plan: &FilePlan,
    mapping: &Mapping,
    kinds: &KindTable,
) -> Vec<SourceFault> {
    let place = || {
        table
            .columns
            .first()
            .map_or_else(|| table.place(), |it| it.place.clone())
    };
    let mut faults = Vec::new();
    let is_log = mapping.into == Into::Log;
    if is_log && !plan.has_main && plan.groups.is_empty() {
        let message = Phrase(
            "nothing says what kind of rows the lines are",
            "没有写明各行是什么类型",
        );
        let fault = SourceFault::new(KIND_MISSING, message, place());
        faults.push(fault.help(Phrase(
            "`--set kind=order` says it for all of them",
            "用 `--set kind=order` 给所有行写明类型",
        )));
    }
    let mut lacking = Vec::new();
    if ![ImportTarget::Name, ImportTarget::Id, ImportTarget::Aliases]
        .iter()
        .any(|it| plan.gives(it))
    {
        lacking.push(if is_log { "`customer`" } else { "`name`" });
    }
    let is_plan = |kind: u8| kinds.kind(kind).role == Role::Plan;
    let gives_date = |group: &RowGroup| {
        is_plan(group.kind) || plan.gives(&ImportTarget::Of(group.clone(), RowField::Date))
    };
    let main_is_plan = || {
        let constant = mapping.constant(&ImportTarget::Kind);
        constant.is_some_and(|it| kinds.index_of(&it.value).is_some_and(is_plan))
    };
    let has_rows = is_log || !plan.groups.is_empty();
    let has_date = plan.gives(&ImportTarget::Plain(RowField::Date))
        || plan.groups.iter().any(gives_date)
        || main_is_plan();
    if has_rows && !has_date {
        lacking.push("`date`");
    }
    if !lacking.is_empty() {
        let unknown: Vec<String> = table
            .columns
            .iter()
            .zip(&plan.columns)
            .filter(|(column, plan)| {
                plan.reason == Some(NotTaken::Unknown) && !column.heading.is_empty()
            })
            .map(|(column, _)| format!("`{}`", told(&column.heading)))
            .collect();
        let named = match unknown.as_slice() {
            [] => Wording::default(),
            names => {
                let be = if names.len() == 1 { "is" } else { "are" };
                both!("; {} {be} unknown", "；不认识 {}", listed(names))
            }
        };
        let message = both!(
            "no column gives {}{}",
            "没有一列给出 {}{}",
            any_of(&lacking),
            named
        );
        let name = if lacking[0] == "`date`" {
            "date"
        } else if is_log {
            "customer"
        } else {
            "name"
        };
        let fault = SourceFault::new(COLUMN_MISSING, message, place());
        faults.push(fault.help(both!(
"`--map 'HEADING={name}'` says which it is, `--set '{name}=VALUE'` gives it for all lines",
"用 `--map '列名={name}'` 写明是哪一列，或用 `--set '{name}=值'` 给所有行写明"
)));
    }
    faults
}
