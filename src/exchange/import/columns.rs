//! Which column of a file is what: by options and sources, else by headings.

use super::file_plan::NotTaken;
use super::file_plan::{ColumnPlan, FilePlan, TargetSlot};
use super::mapping::{HeadingName, MapTo, Mapping, option_names};
use super::targets::{ImportTarget, RowField, RowGroup};
use super::values::ratio::is_percent;
use super::values::span::unit_in;
use super::values::unit::MoneyUnit;
use super::whole_file::{missing, unit_of_titles};
use crate::exchange::cell::Blanks;
use crate::exchange::fault::{REJECTS, SourceFault};
use crate::exchange::headings::{Heading, Into, KnownHeading, Rank, known, known_numbered};
use crate::exchange::place::CellPlace;
use crate::exchange::table::{ColumnRole, ColumnRoles, FileKind, SourceTable};
use crate::model::{KindTable, Role, width_folded};
use crate::source::told;
use crate::words::{Phrase, Wording, both};

/// Tells whether a heading is known to either command, or named by an option or a source.
pub(crate) fn is_known(text: &str, mapping: &Mapping, kinds: &KindTable) -> bool {
    let normal = Heading::of(text).normal;
    known(&normal).is_some()
        || known_numbered(&normal).is_some()
        || mapping
            .names()
            .any(|it| it.normal() == Some(&*normal) && !normal.is_empty())
        || [Into::Log, Into::Customers]
            .iter()
            .any(|into| by_name(text, *into, kinds).is_some())
}

/// Returns the target whose name a heading is.
fn by_name(text: &str, into: Into, kinds: &KindTable) -> Option<(ImportTarget, bool)> {
    let folded = width_folded(text);
    let text = folded.trim();
    let lower = text.to_lowercase();
    // The free keys keep their case.
    let free = ["profile.", "custom.", "scorecard."];
    if let Some(prefix) = free.iter().find(|it| lower.starts_with(**it)) {
        let key = text.get(prefix.len()..)?;
        return ImportTarget::parse(&format!("{prefix}{key}"), into, kinds);
    }
    ImportTarget::parse(&lower, into, kinds)
}

/// How a column came to its target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TargetOrigin {
    /// By an option or a source.
    Given,
    /// By a heading of this rank.
    Heading(Rank),
}

struct DraftColumn<'a> {
    into: Into,
    kinds: &'a KindTable,
    headings: Vec<Heading>,
    columns: Vec<ColumnPlan>,
    origins: Vec<Option<TargetOrigin>>,
}

/// Finds out what a table's columns are.
///
/// # Errors
/// What is wrong with the file as a whole.
pub(crate) fn assign(
    table: &SourceTable,
    mapping: &Mapping,
    kinds: &KindTable,
) -> Result<FilePlan, Vec<SourceFault>> {
    let headings: Vec<Heading> = table
        .columns
        .iter()
        .map(|it| Heading::of(&it.heading))
        .collect();
    let mut draft = DraftColumn {
        into: mapping.into,
        kinds,
        columns: vec![ColumnPlan::default(); headings.len()],
        origins: vec![None; headings.len()],
        headings,
    };
    let mut faults = Vec::new();
    if let Some(column) = table
        .columns
        .iter()
        .find(|it| it.heading.trim().starts_with("guanxi:"))
    {
        let message = both!(
            "`{}` is a heading of a list of rejects",
            "`{}` 是拒收清单的列名",
            told(&column.heading)
        );
        let fault = SourceFault::new(REJECTS, message, column.place.clone());
        faults.push(fault.help(Phrase(
            "mend the cells in the file that was imported, and import that again",
            "请在原来导入的文件里改正单元格，再导入那个文件",
        )));
    }
    draft.take_given(mapping);
    for column in 0..table.columns.len() {
        if draft.origins[column].is_none() && draft.columns[column].reason.is_none() {
            draft.take_heading(column, &table.columns[column].heading, table.kind, mapping);
        }
    }
    draft.pair_names();
    draft.number_people();
    let has_kind =
        draft.has(&ImportTarget::Kind) || mapping.constant(&ImportTarget::Kind).is_some();
    let has_in_and_out = draft.make_plain(has_kind);
    draft.give_way_to_given();
    draft.read_brackets();
    draft.give_way();
    if !draft.has(&ImportTarget::Plain(RowField::Date)) {
        draft.let_time_be_date();
    }
    let mut title = None;
    match unit_of_titles(table, mapping) {
        Ok(found) => {
            if let Some((unit, place)) = found {
                for plan in &mut draft.columns {
                    if plan.target.as_ref().is_some_and(ImportTarget::is_money)
                        && plan.unit.is_empty()
                    {
                        plan.unit = unit.clone();
                        plan.has_unit_of_title = place.is_some();
                    }
                }
                title = place;
            }
        }
        Err(fault) => faults.push(*fault),
    }
    let plan = draft.into_plan(table, mapping, has_kind, has_in_and_out, title);
    faults.extend(missing(table, &plan, mapping, kinds));
    if faults.is_empty() {
        Ok(plan)
    } else {
        Err(faults)
    }
}

impl DraftColumn<'_> {
    fn has(&self, target: &ImportTarget) -> bool {
        self.columns
            .iter()
            .any(|it| it.target.as_ref() == Some(target))
    }

    /// Returns which of several columns of its heading a column is, from 0.
    fn before(&self, column: usize) -> usize {
        let normal = &self.headings[column].normal;
        self.headings[..column]
            .iter()
            .filter(|it| it.normal == *normal)
            .count()
    }

    fn means(&self, name: &HeadingName, column: usize) -> bool {
        name.means(column, &self.headings[column].normal, self.before(column))
    }

    /// Takes what options and sources say.
    fn take_given(&mut self, mapping: &Mapping) {
        for column in 0..self.columns.len() {
            let all = || mapping.maps.iter().filter(|it| self.means(&it.0, column));
            let is_of_option = |it: &&&(HeadingName, MapTo)| !it.0.is_of_source;
            let exact = all().filter(|it| it.0.is_exact()).collect::<Vec<_>>();
            let plain = all().filter(|it| !it.0.is_exact()).collect::<Vec<_>>();
            let chosen = exact
                .iter()
                .find(is_of_option)
                .or_else(|| plain.iter().find(is_of_option));
            let chosen = chosen.or_else(|| exact.first()).or_else(|| plain.first());
            match chosen.map(|it| it.1.clone()) {
                Some(MapTo::Target(target, turns)) => {
                    self.columns[column].target = Some(target);
                    self.columns[column].turns = turns;
                    self.origins[column] = Some(TargetOrigin::Given);
                }
                Some(MapTo::Nothing) => {
                    self.columns[column].reason =
                        Some(because(Phrase("deliberately not taken", "有意不取")));
                }
                None => {}
            }
            for (name, text, new) in &mapping.values {
                if self.means(name, column) {
                    let values = &mut self.columns[column].values;
                    values.entry(text.clone()).or_insert_with(|| new.clone());
                }
            }
            for (name, texts) in &mapping.skips {
                if self.means(name, column) {
                    self.columns[column].skips.extend(texts.iter().cloned());
                }
            }
        }
    }

    /// Takes a column by its heading.
    fn take_heading(&mut self, column: usize, text: &str, kind: FileKind, mapping: &Mapping) {
        let (into, kinds) = (self.into, self.kinds);
        let normal = self.headings[column].normal.clone();
        let whole = ImportTarget::whole(text.trim())
            .filter(|_| kind == FileKind::JsonLines && into == Into::Customers);
        let plan = &mut self.columns[column];
        let mut take = |target: ImportTarget, turns: bool, rank: Rank| {
            plan.target = Some(target);
            plan.turns = turns;
            self.origins[column] = Some(TargetOrigin::Heading(rank));
        };
        if let Some(whole) = whole {
            return take(whole, false, Rank::Any);
        }
        let exact = by_name(text, into, kinds);
        let found = known(&normal);
        match (exact, found) {
            // A name of a target that says more than a heading: `order:2.amount`.
            (Some((target, turns)), None) => return take(target, turns, Rank::Any),
            (_, Some(found @ KnownHeading::Target { rank, .. })) => {
                if let Some(name) = found.target(into) {
                    let (target, turns) = ImportTarget::parse(name, into, kinds)
                        .expect("the table of headings has names of targets");
                    return take(target, turns, rank);
                }
                let other = match into {
                    Into::Log => FACT_OF_CUSTOMERS,
                    Into::Customers => Phrase(
                        "a field of a log: `import log` takes it",
                        "记录的内容：由 `import log` 导入",
                    ),
                };
                plan.reason = Some(because(other));
                return;
            }
            (_, Some(KnownHeading::NamePart { is_family, .. })) if into == Into::Customers => {
                return take(
                    ImportTarget::NamePart {
                        person: 1,
                        is_family,
                    },
                    false,
                    Rank::Any,
                );
            }
            (_, Some(KnownHeading::NamePart { .. })) => {
                plan.reason = Some(because(FACT_OF_CUSTOMERS));
                return;
            }
            (_, Some(KnownHeading::Status)) => {
                plan.is_status = true;
                plan.reason = Some(because(Phrase(
                    "it says whether a line counts",
                    "说明该行是否有效",
                )));
                return;
            }
            (_, Some(KnownHeading::Not(hint))) => {
                plan.reason = Some(because(hint));
                return;
            }
            (None, None) => {}
        }
        match (known_numbered(&normal), into) {
            (Some(_), Into::Log) => {
                plan.reason = Some(because(FACT_OF_CUSTOMERS));
            }
            (Some((KnownHeading::NamePart { is_family, .. }, person)), Into::Customers) => {
                take(
                    ImportTarget::NamePart { person, is_family },
                    false,
                    Rank::Any,
                );
            }
            (Some((found, number)), Into::Customers) => {
                let name = found.target(into).unwrap_or_default();
                match ImportTarget::parse(name, into, kinds) {
                    Some((ImportTarget::Contact(_, field), _)) => {
                        take(ImportTarget::Contact(number, field), false, Rank::Any);
                    }
                    Some((ImportTarget::Competitor(_, field), _)) => {
                        take(ImportTarget::Competitor(number, field), false, Rank::Any);
                    }
                    _ => {}
                }
            }
            (None, _) if mapping.rest_is_custom && !text.trim().is_empty() => {
                take(
                    ImportTarget::Custom(text.trim().to_owned()),
                    false,
                    Rank::Any,
                );
            }
            (None, _) => plan.reason = Some(NotTaken::Unknown),
        }
    }

    /// Lets parts of names be taken only where both are there.
    fn pair_names(&mut self) {
        let pair_of = |heading: &Heading| {
            let normal = heading.normal.as_str();
            let numbered = || known_numbered(normal).map(|it| it.0);
            match known(normal).or_else(numbered) {
                Some(KnownHeading::NamePart { pair, .. }) => Some(pair),
                _ => None,
            }
        };
        let parts: Vec<(usize, usize, bool, Option<usize>)> = self
            .columns
            .iter()
            .enumerate()
            .filter_map(|(column, plan)| match plan.target {
                Some(ImportTarget::NamePart { person, is_family }) => {
                    Some((column, person, is_family, pair_of(&self.headings[column])))
                }
                _ => None,
            })
            .collect();
        for (column, person, is_family, pair) in &parts {
            let is_other = |it: &&(usize, usize, bool, Option<usize>)| {
                it.1 == *person && it.2 != *is_family && it.3 == *pair
            };
            if !parts.iter().any(|it| is_other(&it)) {
                let reason = Phrase("a name needs both of its parts", "姓名要有姓和名两部分");
                self.drop_column(*column, reason);
            }
        }
    }

    fn drop_column(&mut self, column: usize, reason: impl std::convert::Into<Wording>) {
        self.columns[column].target = None;
        self.columns[column].reason = Some(because(reason));
        self.origins[column] = None;
    }

    /// Lets numbers and addresses of a person without a name be further ones of the first.
    fn number_people(&mut self) {
        let has_name = |person: usize| {
            self.columns.iter().any(|it| match it.target {
                Some(
                    ImportTarget::Contact(number, "name")
                    | ImportTarget::NamePart { person: number, .. },
                ) => number == person,
                _ => false,
            })
        };
        let named: Vec<bool> = (0..=99).map(has_name).collect();
        for (plan, origin) in self.columns.iter_mut().zip(&self.origins) {
            if let (Some(ImportTarget::Contact(number, field)), Some(TargetOrigin::Heading(_))) =
                (&plan.target, origin)
                && *number > 1
                && matches!(*field, "phone" | "mobile" | "email" | "wechat")
                && !named.get(*number).copied().unwrap_or(false)
            {
                plan.target = Some(ImportTarget::Contact(1, field));
            }
        }
    }

    /// Lets headings of kinds be plain fields where lines say their kind; tells whether what came in and
    /// what went out have columns of their own.
    fn make_plain(&mut self, has_kind: bool) -> bool {
        let kinds = self.kinds;
        let of_heading =
            |origin: &Option<TargetOrigin>| matches!(origin, Some(TargetOrigin::Heading(_)));
        let is_amount = |plan: &ColumnPlan, is_out: bool| match &plan.target {
            Some(ImportTarget::Of(group, RowField::Amount)) => {
                kinds.kind(group.kind).role == Role::Payment
                    && group.label.as_deref() == is_out.then_some("out")
                    && plan.turns == is_out
            }
            _ => false,
        };
        let has = |is_out: bool| {
            let mut all = self.columns.iter().zip(&self.origins);
            all.any(|(plan, origin)| of_heading(origin) && is_amount(plan, is_out))
        };
        let has_in_and_out = has(false) && has(true);
        if !has_kind || self.into == Into::Customers {
            return has_in_and_out;
        }
        for (plan, origin) in self.columns.iter_mut().zip(&self.origins) {
            if !of_heading(origin)
                || has_in_and_out && (is_amount(plan, true) || is_amount(plan, false))
            {
                continue;
            }
            if let Some(ImportTarget::Of(group, field)) = &plan.target {
                let is_out = group.label.as_deref() == Some("out") && plan.turns;
                let is_meant = matches!(
                    kinds.kind(group.kind).name.as_str(),
                    "order" | "invoice" | "payment" | "visit" | "complaint"
                );
                if is_meant && (group.label.is_none() || is_out) {
                    plan.target = Some(ImportTarget::Plain(*field));
                }
            }
        }
        has_in_and_out
    }

    /// Lets targets that are given take no columns by their headings.
    fn give_way_to_given(&mut self) {
        for column in 0..self.columns.len() {
            let Some(TargetOrigin::Heading(_)) = self.origins[column] else {
                continue;
            };
            let target = self.columns[column].target.clone();
            let given = (0..self.columns.len()).find(|other| {
                self.origins[*other] == Some(TargetOrigin::Given)
                    && self.columns[*other].target == target
            });
            if given.is_some() {
                let reason = Phrase(
                    "another column is mapped to its target",
                    "已另有一列对应到它的目标",
                );
                self.drop_column(column, reason);
            }
        }
    }

    /// Reads what brackets of headings say.
    fn read_brackets(&mut self) {
        for column in 0..self.columns.len() {
            let brackets = &self.headings[column].brackets;
            let plan = &mut self.columns[column];
            plan.span_unit = unit_in(brackets);
            plan.is_percent = is_percent(brackets);
            if !plan.target.as_ref().is_some_and(ImportTarget::is_money) {
                continue;
            }
            match MoneyUnit::of_brackets(brackets) {
                Some(unit) => plan.unit = unit,
                None if self.origins[column] == Some(TargetOrigin::Given) => {}
                None => {
                    let reason = both!(
                        "`{}` in its heading is no unit; `--map` takes it all the same",
                        "列名里的 `{}` 不是单位；用 `--map` 仍可取用",
                        told(&brackets.join(", "))
                    );
                    self.drop_column(column, reason);
                }
            }
        }
    }

    /// Lets sums without tax and days of posting give way.
    fn give_way(&mut self) {
        let has = |target: &ImportTarget, ranks: &[Rank]| {
            let mut all = self.columns.iter().zip(&self.origins);
            all.any(|(plan, origin)| match origin {
                Some(TargetOrigin::Heading(rank)) => {
                    plan.target.as_ref() == Some(target) && ranks.contains(rank)
                }
                _ => false,
            })
        };
        let (amount, date) = (
            ImportTarget::Plain(RowField::Amount),
            ImportTarget::Plain(RowField::Date),
        );
        let has_tax = has(&amount, &[Rank::WithTax]);
        let has_total = has_tax || has(&amount, &[Rank::Total]);
        let has_day = has(&date, &[Rank::Any]);
        for column in 0..self.columns.len() {
            let reason = match (self.origins[column], &self.columns[column].target) {
                (Some(TargetOrigin::Heading(Rank::Total)), Some(target))
                    if *target == amount && has_tax =>
                {
                    Phrase("the amount with tax goes before it", "以价税合计为准")
                }
                (Some(TargetOrigin::Heading(Rank::Sum)), Some(target))
                    if *target == amount && has_total =>
                {
                    Phrase(
                        "beside a total it is the sum without tax",
                        "已有合计，此列为不含税金额",
                    )
                }
                (Some(TargetOrigin::Heading(Rank::Posted)), Some(target))
                    if *target == date && has_day =>
                {
                    Phrase(
                        "the day of the event goes before that of its posting",
                        "以业务日期为准，不用记账日期",
                    )
                }
                _ => continue,
            };
            self.drop_column(column, reason);
        }
    }

    fn let_time_be_date(&mut self) {
        for plan in &mut self.columns {
            if plan.target == Some(ImportTarget::Time) {
                plan.target = Some(ImportTarget::Plain(RowField::Date));
            }
        }
    }

    fn into_plan(
        self,
        table: &SourceTable,
        mapping: &Mapping,
        has_main: bool,
        has_in_and_out: bool,
        title: Option<(CellPlace, String)>,
    ) -> FilePlan {
        let mut slots: Vec<TargetSlot> = Vec::new();
        let mut groups: Vec<RowGroup> = Vec::new();
        for (column, plan) in self.columns.iter().enumerate() {
            let Some(target) = &plan.target else { continue };
            if let ImportTarget::Of(group, _) = target
                && !groups.contains(group)
            {
                groups.push(group.clone());
            }
            match slots.iter_mut().find(|it| it.target == *target) {
                Some(slot) => slot.columns.push(column),
                None => slots.push(TargetSlot {
                    target: target.clone(),
                    columns: vec![column],
                    constant: None,
                }),
            }
        }
        for constant in &mapping.constants {
            match slots.iter_mut().find(|it| it.target == constant.target) {
                Some(slot) => {
                    slot.constant.get_or_insert_with(|| constant.clone());
                }
                None => slots.push(TargetSlot {
                    target: constant.target.clone(),
                    columns: Vec::new(),
                    constant: Some(constant.clone()),
                }),
            }
        }
        let role = |plan: &ColumnPlan| {
            let target = plan.target.as_ref();
            ColumnRole {
                is_mapped: target.is_some(),
                is_date: target.is_some_and(ImportTarget::is_date),
                may_fill: target.is_some_and(ImportTarget::may_fill),
                blanks: target.map_or_else(Blanks::default, |it| it.blanks_in(&mapping.habits)),
            }
        };
        let headings: Vec<String> = table.columns.iter().map(|it| it.heading.clone()).collect();
        FilePlan {
            kind: table.kind,
            option_names: option_names(&headings),
            headings,
            roles: ColumnRoles {
                is_log: self.into == Into::Log,
                columns: self.columns.iter().map(role).collect(),
                fill_down: mapping.habits.fill_down,
            },
            columns: self.columns,
            slots,
            groups,
            has_main,
            has_in_and_out,
            title,
        }
    }
}

/// Why a log does not take a column that `import customers` does.
const FACT_OF_CUSTOMERS: Phrase = Phrase(
    "a fact of customers: `import customers` takes it",
    "客户资料：由 `import customers` 导入",
);

fn because(reason: impl std::convert::Into<Wording>) -> NotTaken {
    NotTaken::Because(reason.into())
}
