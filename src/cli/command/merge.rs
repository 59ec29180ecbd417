//! `guanxi merge`: two customers that are one. The first's rows and facts go to the second.

use std::collections::BTreeSet;

use crate::change::moving::{FORMER_IDS, RowsFate};
use crate::change::named::{LoadedPart, NamedCustomer};
use crate::change::people::CONTACT;
use crate::change::placing::place_among;
use crate::change::told::{RowFact, RowFacts};
use crate::change::values::field_names;
use crate::change::{Desk, FileEdit, Logs, load_options};
use crate::cli::Console;
use crate::cli::args::MergeArgs;
use crate::cli::outcome::Outcome;
use crate::edit::toml_cut::without_customer;
use crate::edit::toml_get::{self, KeyedValue, shown};
use crate::edit::toml_listed::add_listed;
use crate::edit::toml_scope::{SetError, TableScope};
use crate::edit::toml_set::{KeySetting, set_all, set_listed};
use crate::edit::toml_value::NewValue;
use crate::edit::toml_waiting::woken;
use crate::load::LoadOptions;
use crate::model::{CUSTOMER_FIELDS, FieldType, folded_id, plain_form};
use crate::session::hint::hinted;
use crate::words::counts;
use crate::words::say;

/// The fields of a person that may hold several texts.
const PERSON_LISTS: [&str; 4] = ["phone", "mobile", "email", "wechat"];

/// Returns the names of the fields of a type.
fn fields_of(wanted: FieldType) -> impl Iterator<Item = &'static str> {
    let found = CUSTOMER_FIELDS.iter().filter(move |it| it.1 == wanted);
    found.map(|it| it.0)
}

pub(super) fn run(args: &MergeArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let command = format!("merge {} {}", args.from, args.into);
    let mut desk = Desk::open(&args.write, command, console)?;
    let (from, into) = (desk.find(&args.from)?, desk.find(&args.into)?);
    if from.id == into.id {
        return Err(hinted(
            say!("both words name `{}`", "两个词都指 `{}`", from.id),
            None,
        ));
    }
    desk.refuse_broken(&[&from, &into])?;
    let moved = desk.move_rows(&from, RowsFate::Merged(&into.id))?;
    let (united, kept) = unite_files(&desk, &from, &into)?;
    let mut edits = united;
    edits.extend(moved.edits);
    let ids = BTreeSet::from([into.id.as_str()]);
    desk.refuse_worse(&edits, &[&into.path], Some(&ids))?;
    let (held, doubled) = hold_facts(&desk, &from, &into, &mut edits)?;
    let follows = desk.follows(&edits, &into.path, &into.id);
    desk.apply(&edits, console)?;
    if doubled > 0 {
        let rows = counts(doubled, "row", "条记录");
        let id = &into.id;
        console.note(&if doubled == 1 {
            say!(
                "note: {rows} now equals another of `{id}`; both count, and `guanxi check` shows where\n",
                "note: {rows}现在与 `{id}` 的另一条相同；两条都计入，`guanxi check` 指出位置\n"
            )
        } else {
            say!(
                "note: {rows} now equal another of `{id}`; all count, and `guanxi check` shows where\n",
                "note: {rows}现在与 `{id}` 的另一条相同；全部计入，`guanxi check` 指出位置\n"
            )
        });
    }
    let rows = counts(moved.count, "row", "条记录");
    let mut said = vec![say!(
        "merged {} into {} ({}), with {rows}",
        "已将 {} 并入 {}（{}），连同 {rows}",
        from.id,
        into.id,
        into.path
    )];
    said.extend(kept);
    said.extend(held);
    said.extend(follows);
    let paths: Vec<String> = edits.into_iter().map(|it| it.path).collect();
    Ok(desk.done(&said, &paths, console))
}

/// Returns the edits of the customers' files, and a line for each fact that was left behind.
fn unite_files(
    desk: &Desk,
    from: &NamedCustomer,
    into: &NamedCustomer,
) -> anyhow::Result<(Vec<FileEdit>, Vec<String>)> {
    let old_from = desk.known_text(&from.path)?;
    let old = desk.known_text(&into.path)?;
    let United { settings, mut kept } = unite((&old_from, from), (&old, into));
    let refused = |error: SetError| hinted(format!("`{}`: {error}", into.path), None);
    let text = set_all(&old, &settings).map_err(refused)?;
    let text = unite_tables((&old_from, from), (text, into), &mut kept).map_err(refused)?;
    if from.path != into.path {
        let edits = vec![
            FileEdit::replace(&into.path, old, text),
            desk.without(from)?,
        ];
        return Ok((edits, kept));
    }
    // Both stand in one file: what goes is cut out of what is united.
    let cut = match from.scope {
        TableScope::Customer(number) => without_customer(&text, number),
        TableScope::File => None,
    };
    let cut = cut.ok_or_else(|| {
        hinted(
            say!(
                "`{}` cannot be cut out of `{}`",
                "无法把 `{}` 从 `{}` 中取出",
                from.id,
                from.path
            ),
            None,
        )
    })?;
    Ok((vec![FileEdit::replace(&into.path, old, cut)], kept))
}

/// Logs rows of today where the first's rows would change what rows tell of the second, and returns a
/// line for each; and how many rows equal another from then on that did not before.
///
/// It keeps its owner and stage as it keeps what its file says; what it does not have it gets.
fn hold_facts(
    desk: &Desk,
    from: &NamedCustomer,
    into: &NamedCustomer,
    edits: &mut Vec<FileEdit>,
) -> anyhow::Result<(Vec<String>, usize)> {
    let options = LoadOptions {
        hashes: true,
        ..load_options(false, false)
    };
    let both = |path: &str| path == from.path || path == into.path;
    let ids = BTreeSet::from([from.id.as_str(), into.id.as_str()]);
    let before = LoadedPart::of(&desk.part(Logs::With, both), &ids, options);
    let facts = RowFacts::of(&before, desk.today);
    let value = |named: &NamedCustomer, fact| {
        let index = before.loaded.book.index_of(&named.id)?;
        facts.value(index, fact)
    };
    let wanted = RowFact::ALL.map(|fact| (fact, value(into, fact).or_else(|| value(from, fact))));
    let load = |edits: &[FileEdit]| {
        let draft = desk.draft_about(edits, &[&into.path]);
        LoadedPart::of(&draft, &ids, options)
    };
    let after = load(edits);
    let Some(index) = after.loaded.book.index_of(&into.id) else {
        return Ok((Vec::new(), 0));
    };
    let facts = RowFacts::of(&after, desk.today);
    let mut rows = Vec::new();
    let mut held = Vec::new();
    for (fact, wanted) in wanted {
        let Some(wanted) = wanted else { continue };
        if let Some(row) = facts.row(index, fact, &wanted)? {
            rows.push(row);
            held.push((fact, wanted));
        }
    }
    place_among(desk, &after.loaded.policy, &rows, edits)?;
    let text = edits.iter_mut().find(|it| it.path == into.path);
    if let Some(text) = text.and_then(|it| it.new.as_mut()) {
        // Where both stand in one file, the second is another of its tables now.
        let scope = desk
            .named(&after, &after.loaded.book.customers[index])
            .scope;
        let setting = |(fact, wanted): &(RowFact, String)| KeySetting {
            scope,
            path: vec![fact.name().to_owned()],
            value: Some(NewValue::Text(wanted.clone())),
        };
        let settings: Vec<KeySetting> = held.iter().map(setting).collect();
        *text = set_all(text, &settings)
            .map_err(|error| hinted(format!("`{}`: {error}", into.path), None))?;
    }
    let settled = load(edits);
    let facts = RowFacts::of(&settled, desk.today);
    for (fact, wanted) in &held {
        facts.expect(&into.id, *fact, wanted)?;
    }
    let line = |(fact, wanted): &(RowFact, String)| {
        say!(
            "logged {} {wanted}, so that it stays",
            "已登记 {} {wanted}，使其不变",
            fact.name()
        )
    };
    let doubled_before = |id: &str| before.loaded.book.twin_count(id);
    let doubled = settled.loaded.book.twin_count(&into.id);
    let doubled = doubled.saturating_sub(doubled_before(&into.id) + doubled_before(&from.id));
    Ok((held.iter().map(line).collect(), doubled))
}

/// What the second customer gets of the first.
struct United {
    settings: Vec<KeySetting>,
    /// What the second keeps where they differ, a line each.
    kept: Vec<String>,
}

fn unite(
    (from_text, from): (&str, &NamedCustomer),
    (text, into): (&str, &NamedCustomer),
) -> United {
    let mut united = United {
        settings: Vec::new(),
        kept: Vec::new(),
    };
    let mut add = |(path, value): KeyedValue| match toml_get::value(text, into.scope, &path) {
        None => united.settings.push(KeySetting {
            scope: into.scope,
            path,
            value: Some(value),
        }),
        Some(own) if own != value => united.kept.push(say!(
            "kept {} {}, not {}",
            "保留 {} {}，不用 {}",
            path.join("."),
            shown(&own),
            shown(&value)
        )),
        Some(_) => {}
    };
    for key in field_names() {
        let path = vec![key.to_owned()];
        if matches!(key, "name" | "aliases" | "tags" | FORMER_IDS) {
            continue;
        }
        if let Some(value) = toml_get::value(from_text, from.scope, &path) {
            add((path, value));
        }
    }
    // Tables of free keys are united key by key.
    for table in fields_of(FieldType::Table) {
        for entry in toml_get::values_below(from_text, from.scope, table) {
            add(entry);
        }
    }
    united
        .settings
        .extend(united_lists((from_text, from), (text, into)));
    united
}

/// Returns the second's text with the tables of lists that the first has beside them.
///
/// A person of both, whatever the spelling of the name, is one, and gets what is known of the first.
fn unite_tables(
    (from_text, from): (&str, &NamedCustomer),
    (text, into): (String, &NamedCustomer),
    kept: &mut Vec<String>,
) -> Result<String, SetError> {
    let mut text = text;
    for key in fields_of(FieldType::Tables) {
        for table in toml_get::tables(from_text, from.scope, key) {
            let own = toml_get::tables(&text, into.scope, key);
            if table.is_empty() || own.iter().any(|it| sorted(it) == sorted(&table)) {
                continue;
            }
            let same = own
                .iter()
                .position(|it| key == CONTACT && is_same_person(it, &table));
            text = if let Some(number) = same {
                let settings = united_person(&own[number], &table, into.scope, kept);
                let woken = woken(&text, Some((key, number)), &settings);
                set_listed(&woken, key, number, &settings)?
            } else {
                let values = table
                    .iter()
                    .filter_map(|(path, value)| match path.as_slice() {
                        [key] => Some((key.as_str(), value.clone())),
                        _ => None,
                    });
                let values: Vec<(&str, NewValue)> = values.collect();
                add_listed(&text, into.scope, key, &values)?
            };
        }
    }
    Ok(text)
}

/// Returns what a key of a table of a list holds.
fn held<'t>(table: &'t [KeyedValue], key: &str) -> Option<&'t NewValue> {
    let mut found = table.iter().filter(|(path, _)| *path == [key]);
    found.next().map(|it| &it.1)
}

/// Tells whether two tables are of one person: by the name, whatever its spelling.
fn is_same_person(one: &[KeyedValue], other: &[KeyedValue]) -> bool {
    let name = |table: &[KeyedValue]| match held(table, "name") {
        Some(NewValue::Text(name)) if !name.trim().is_empty() => Some(plain_form(name)),
        _ => None,
    };
    name(one).is_some_and(|it| Some(it) == name(other))
}

/// Returns what a person gets of what another file says of them: what is not known, and more numbers and
/// addresses. What differs otherwise is kept, and told.
fn united_person(
    own: &[KeyedValue],
    other: &[KeyedValue],
    scope: TableScope,
    kept: &mut Vec<String>,
) -> Vec<KeySetting> {
    let called = match held(own, "name") {
        Some(NewValue::Text(name)) => name.as_str(),
        _ => "",
    };
    let mut settings = Vec::new();
    for (path, value) in other {
        let key = path.join(".");
        let value = match held(own, &key) {
            _ if key == "name" => continue,
            None => value.clone(),
            Some(own) if own == value => continue,
            Some(own) if PERSON_LISTS.contains(&key.as_str()) => {
                let mut all = texts_of(own);
                let more = texts_of(value)
                    .into_iter()
                    .filter(|it| !texts_of(own).contains(it));
                all.extend(more);
                if all == texts_of(own) {
                    continue;
                }
                NewValue::Texts(all)
            }
            Some(own) => {
                let (own, other) = (shown(own), shown(value));
                kept.push(say!(
                    "kept {key} {own} of {called}, not {other}",
                    "保留 {called} 的 {key} {own}，不用 {other}"
                ));
                continue;
            }
        };
        settings.push(KeySetting {
            scope,
            path: path.clone(),
            value: Some(value),
        });
    }
    settings
}

/// Returns the texts of a text or a list of texts.
fn texts_of(value: &NewValue) -> Vec<String> {
    match value {
        NewValue::Texts(texts) => texts.clone(),
        NewValue::Text(text) => vec![text.clone()],
        NewValue::Literal(_) => Vec::new(),
    }
}

/// Returns the values of a table in the order of their keys, to compare it with another.
fn sorted(table: &[KeyedValue]) -> Vec<&KeyedValue> {
    let mut entries: Vec<&KeyedValue> = table.iter().collect();
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    entries
}

/// Unites aliases, which get the first's name so that a search still finds it, former ids, which get its
/// id so that rows still do, and tags.
fn united_lists(
    (from_text, from): (&str, &NamedCustomer),
    (text, into): (&str, &NamedCustomer),
) -> Vec<KeySetting> {
    let list = |text: &str, named: &NamedCustomer, key: &str| -> Vec<String> {
        match toml_get::value(text, named.scope, &[key.to_owned()]) {
            Some(NewValue::Texts(texts)) => texts,
            Some(NewValue::Text(text)) => vec![text],
            _ => Vec::new(),
        }
    };
    let name = |text: &str, named: &NamedCustomer| list(text, named, "name");
    let mut settings = Vec::new();
    for key in ["aliases", FORMER_IDS, "tags"] {
        let own = list(text, into, key);
        let mut wanted = list(from_text, from, key);
        let mut known: Vec<String> = own.clone();
        if key == "aliases" {
            wanted.splice(0..0, name(from_text, from));
            known.extend(name(text, into));
            known.push(into.id.clone());
        }
        if key == FORMER_IDS {
            wanted.push(from.id.clone());
            known.push(into.id.clone());
        }
        let mut all = own.clone();
        for word in wanted {
            let is_new = known.iter().all(|it| folded_id(it) != folded_id(&word));
            if is_new && !word.is_empty() {
                known.push(word.clone());
                all.push(word);
            }
        }
        if all != own {
            settings.push(KeySetting {
                scope: into.scope,
                path: vec![key.to_owned()],
                value: Some(NewValue::Texts(all)),
            });
        }
    }
    settings
}
