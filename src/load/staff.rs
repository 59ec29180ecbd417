//! `staff.toml`: the account managers.

use foldhash::HashSet;

use crate::diagnostic::{self as fault, Diagnostics};
use crate::model::{StaffMember, Training, composed_id};
use crate::source::{SourceText, clipped};
use crate::toml_table::{TomlStore, TomlTable, parse_toml};
use crate::words::{Phrase, both};

/// Reads `staff.toml`.
pub(super) fn read_staff(source: &SourceText, diagnostics: &mut Diagnostics) -> Vec<StaffMember> {
    let mut store = TomlStore::default();
    let document = parse_toml(source, &mut store, diagnostics);
    let mut root = document.root(diagnostics);
    let mut seen: HashSet<String> = HashSet::default();
    let members = root.each("staff", |table| read_member(table, &mut seen));
    root.finish();
    members
        .unwrap_or_default()
        .into_iter()
        .filter(|it| !it.id.is_empty())
        .collect()
}

fn read_member(table: &mut TomlTable<'_, '_>, seen: &mut HashSet<String>) -> StaffMember {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let id = table.required_text("id", Phrase("a staff member", "人员"));
    let id = composed_id(id.unwrap_or_default()).into_owned();
    if let Some((_, span)) = table.text_value("id")
        && seen.contains(&id)
    {
        table.report(
            fault::WRONG_VALUE,
            span,
            both!(
                "two people have the id `{}`",
                "有两个人的编号都是 `{}`",
                clipped(&id)
            ),
            None,
        );
    }
    seen.insert(id.clone());
    let scope = table.texts("scope").unwrap_or_default();
    let visits = table.whole("visits_per_year", 0, 10_000);
    let member = StaffMember {
        id,
        name: owned(table.text("name")),
        email: owned(table.text("email")),
        scope: scope.into_iter().map(|(text, _)| text.to_owned()).collect(),
        visits_per_year: visits.and_then(|visits| u32::try_from(visits).ok()),
        joined: table.date("joined"),
        left: table.date("left"),
        training: table.each("training", read_training).unwrap_or_default(),
    };
    if let (Some(joined), Some(left)) = (member.joined, member.left)
        && left < joined
    {
        let span = table.value("left").map_or(0..0, |it| it.span());
        table.report(
            fault::WRONG_VALUE,
            span,
            Phrase(
                "`left` is before `joined`",
                "离职日 `left` 早于入职日 `joined`",
            ),
            None,
        );
    }
    member
}

fn read_training(table: &mut TomlTable<'_, '_>) -> Training {
    Training {
        topic: table
            .required_text("topic", Phrase("a training", "培训"))
            .unwrap_or_default()
            .to_owned(),
        planned: table.date("planned"),
        done: table.date("done"),
    }
}
