//! Customers that an import makes, and what it adds to those who are there.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use foldhash::HashSet;

use crate::change::named::{LoadedPart, NamedCustomer};
use crate::change::rows::RowToLog;
use crate::change::told::{RowFact, RowFacts};
use crate::change::{Desk, FileEdit, Logs, load_options, refuse_errors};
use crate::edit::new_id::new_id;
use crate::edit::toml_listed::add_listed;
use crate::edit::toml_scope::TableScope;
use crate::edit::toml_set::{KeySetting, set_all, set_listed};
use crate::edit::toml_value::NewValue;
use crate::edit::toml_waiting::woken;
use crate::exchange::import::drafts::NewCustomer;
use crate::exchange::import::people::{CustomerFacts, Filling};
use crate::exchange::import::plan::ImportPlan;
use crate::exchange::import::worth::ReadValue;
use crate::exchange::import::written::plain;
use crate::model::{CUSTOMER_FIELDS, CoreForm, Customer, Fraction, composed_id, folded_id};
use crate::session::hint::hinted;
use crate::source::{CUSTOMERS, Files as _, short_place};
use crate::toml_table::quoted_key;

/// From how many bytes on a new file of many customers is begun.
const MOST_TOGETHER: usize = 32 * 1024 * 1024;

/// The files of new customers.
pub(super) struct NewFiles {
    /// Their ids, in their order.
    pub(super) ids: Vec<String>,
    pub(super) edits: Vec<FileEdit>,
}

/// Makes the files of new customers: one each, or of many together.
pub(super) fn new_customers(
    desk: &Desk,
    part: &LoadedPart,
    plan: &ImportPlan,
    is_together: bool,
) -> NewFiles {
    let mut new = NewFiles {
        ids: Vec::new(),
        edits: Vec::new(),
    };
    if plan.new_customers.is_empty() {
        return new;
    }
    let mut taken = taken_ids(desk, part);
    let book_count = part.loaded.book.customers.len();
    let mut order: Vec<usize> = (0..plan.new_customers.len()).collect();
    order.sort_by_key(|at| plan.new_customers[*at].line);
    let mut ids = vec![String::new(); plan.new_customers.len()];
    // Those that a column gives come first: a made one must not be one of them.
    for (at, customer) in plan.new_customers.iter().enumerate() {
        if let Some(id) = &customer.id {
            ids[at] = composed_id(id.trim()).into_owned();
            taken.insert(folded_id(&ids[at]).into_owned());
        }
    }
    for at in &order {
        if ids[*at].is_empty() {
            let name = CoreForm::without_form(&plan.new_customers[*at].name);
            let made = new_id(name, |id| taken.contains(&*folded_id(id)));
            taken.insert(folded_id(&made.id).into_owned());
            ids[*at] = made.id;
        }
    }
    let nothing = CustomerFacts::default();
    let mut together = String::new();
    for at in order {
        let number = short_place(book_count + at);
        let facts = plan.facts.get(&number).unwrap_or(&nothing);
        let customer = &plan.new_customers[at];
        if is_together {
            together.push_str(&text_of(desk, customer, facts, Some(&ids[at])));
            if together.len() >= MOST_TOGETHER {
                let edit = make_together(desk, &new.edits, std::mem::take(&mut together));
                new.edits.push(edit);
            }
        } else {
            let path = format!("{CUSTOMERS}{}.toml", ids[at]);
            new.edits
                .push(FileEdit::create(path, text_of(desk, customer, facts, None)));
        }
    }
    if !together.is_empty() {
        let edit = make_together(desk, &new.edits, together);
        new.edits.push(edit);
    }
    new.ids = ids;
    new
}

/// Returns the ids that nobody new can have, in the form in which they are compared.
fn taken_ids(desk: &Desk, part: &LoadedPart) -> HashSet<String> {
    let stems = desk.files.paths().iter().filter_map(|path| {
        let name = path.strip_prefix(CUSTOMERS)?.rsplit('/').next()?;
        name.strip_suffix(".toml")
    });
    let customers = &part.loaded.book.customers;
    let ids = customers.iter().map(|it| &*it.id);
    let former = customers
        .iter()
        .flat_map(|it| it.former_ids.iter().map(|it| &**it));
    let all = stems.chain(ids).chain(former);
    all.map(|it| folded_id(it).into_owned()).collect()
}

/// Makes the next file of many customers: `customers/import-2026-11-20.toml`, then with `-2`.
fn make_together(desk: &Desk, edits: &[FileEdit], text: String) -> FileEdit {
    let name = |number: usize| match number {
        1 => format!("{CUSTOMERS}import-{}.toml", desk.today),
        _ => format!("{CUSTOMERS}import-{}-{number}.toml", desk.today),
    };
    let is_there = |path: &str| desk.has(path) || edits.iter().any(|it| it.path == path);
    let mut number = 1;
    while is_there(&name(number)) {
        number += 1;
    }
    FileEdit::create(name(number), text)
}

/// Writes a new customer as its own file, or with an id as one of many.
fn text_of(desk: &Desk, new: &NewCustomer, facts: &CustomerFacts, id: Option<&str>) -> String {
    let prefix = if id.is_some() { "customer." } else { "" };
    let mut out = String::new();
    // Writing to a string cannot fail.
    if let Some(id) = id {
        let _ = writeln!(
            out,
            "[[customer]]\nid = {}",
            NewValue::Text(id.to_owned()).to_toml()
        );
    }
    let filling = |key: &str| facts.fillings.iter().find(|it| it.path == [key]);
    for (key, _) in CUSTOMER_FIELDS {
        let value = match *key {
            "name" => Some(NewValue::Text(new.name.clone())),
            "aliases" => {
                let aliases: Vec<String> = new.aliases.clone();
                (!aliases.is_empty()).then_some(NewValue::Texts(aliases))
            }
            "tags" => (!facts.tags.is_empty()).then(|| NewValue::Texts(facts.tags.clone())),
            "owner" if filling("owner").is_none() => new.owner.clone().map(NewValue::Text),
            "added" if filling("added").is_none() => {
                Some(NewValue::Literal(desk.today.to_string()))
            }
            key => filling(key).map(|it| toml_of(&it.value)),
        };
        if let Some(value) = value {
            let _ = writeln!(out, "{key} = {}", value.to_toml());
        }
    }
    for table in ["scorecard", "profile"] {
        put_table(&mut out, prefix, table, facts);
    }
    for person in &facts.people {
        put_listed(&mut out, prefix, "contact", &person.values);
    }
    for date in &facts.dates {
        put_listed(&mut out, prefix, "date", date);
    }
    for competitor in &facts.competitors {
        put_listed(&mut out, prefix, "competitor", competitor);
    }
    put_table(&mut out, prefix, "custom", facts);
    if id.is_some() {
        out.push('\n');
    }
    out
}

fn put_table(out: &mut String, prefix: &str, table: &str, facts: &CustomerFacts) {
    let below = facts
        .fillings
        .iter()
        .filter(|it| it.path.len() == 2 && it.path[0] == table);
    let lines: Vec<String> = below
        .map(|it| {
            format!(
                "{} = {}",
                quoted_key(&it.path[1]),
                toml_of(&it.value).to_toml()
            )
        })
        .collect();
    if !lines.is_empty() {
        let _ = writeln!(out, "\n[{prefix}{table}]\n{}", lines.join("\n"));
    }
}

fn put_listed(out: &mut String, prefix: &str, table: &str, values: &[(&'static str, ReadValue)]) {
    let lines: Vec<String> = values
        .iter()
        .map(|(key, value)| format!("{key} = {}", listed_toml_of(key, value).to_toml()))
        .collect();
    let _ = writeln!(out, "\n[[{prefix}{table}]]\n{}", lines.join("\n"));
}

/// Returns a value of a table of a list; a list of one is a text.
fn listed_toml_of(key: &str, value: &ReadValue) -> NewValue {
    match value {
        ReadValue::List(list) if matches!(key, "phone" | "mobile" | "email" | "wechat") => {
            match list.as_slice() {
                [one] => NewValue::Text(one.clone()),
                all => NewValue::Texts(all.to_vec()),
            }
        }
        other => toml_of(other),
    }
}

/// Returns a value as a file writes it.
fn toml_of(value: &ReadValue) -> NewValue {
    match value {
        ReadValue::Text(text) => NewValue::Text(text.clone()),
        ReadValue::List(list) => NewValue::Texts(list.clone()),
        ReadValue::Moment(moment) => NewValue::Literal(moment.date.to_string()),
        ReadValue::Money(amount) => NewValue::Literal(plain(*amount)),
        ReadValue::Decimal(text) => NewValue::Literal(text.clone()),
        ReadValue::Bool(yes) => NewValue::Literal(yes.to_string()),
        ReadValue::Literal(text) => {
            let digits = text.trim_start_matches('-');
            let is_number = Fraction::parse_decimal(text).is_some() && digits.len() <= 18;
            let is_day = text.len() == 10 && text.parse::<chrono::NaiveDate>().is_ok();
            if is_number || is_day {
                NewValue::Literal(text.clone())
            } else {
                NewValue::Text(text.clone())
            }
        }
        ReadValue::Kind(_) | ReadValue::Turn(_) | ReadValue::Tables(_) => {
            NewValue::Text(value.to_text())
        }
    }
}

/// Returns the edits of files of customers who are there, and rows that tell of changed owners and stages.
///
/// # Errors
/// If a file cannot be changed so.
pub(super) fn known_edits(
    desk: &Desk,
    part: &LoadedPart,
    plan: &ImportPlan,
) -> anyhow::Result<(Vec<FileEdit>, Vec<RowToLog>)> {
    let customers = &part.loaded.book.customers;
    let mut by_file: BTreeMap<String, Vec<(NamedCustomer, &Customer, &CustomerFacts)>> =
        BTreeMap::new();
    for (number, facts) in plan.facts.iter().filter(|it| it.1.is_change()) {
        let Some(customer) = customers.get(*number as usize) else {
            continue;
        };
        let named = desk.named(part, customer);
        by_file
            .entry(named.path.clone())
            .or_default()
            .push((named, customer, facts));
    }
    let logged = changed_facts(desk, &by_file)?;
    let mut edits = Vec::new();
    for (path, all) in by_file {
        let old = desk.known_text(&path)?;
        let failed =
            |error: crate::edit::toml_scope::SetError| hinted(format!("`{path}`: {error}"), None);
        let mut settings = Vec::new();
        for (named, customer, facts) in &all {
            settings.extend(settings_of(named.scope, customer, facts));
        }
        let mut text = set_all(&woken(&old, None, &settings), &settings).map_err(failed)?;
        for (named, _, facts) in &all {
            text = with_lists(&text, named.scope, facts).map_err(failed)?;
        }
        edits.push(FileEdit::replace(path.clone(), old, text));
    }
    Ok((edits, logged))
}

/// Returns the keys that are to be set for a customer.
fn settings_of(scope: TableScope, customer: &Customer, facts: &CustomerFacts) -> Vec<KeySetting> {
    let setting = |path: &[String], value: NewValue| KeySetting {
        scope,
        path: path.to_vec(),
        value: Some(value),
    };
    let mut settings: Vec<KeySetting> = facts
        .fillings
        .iter()
        .map(|it: &Filling| setting(&it.path, toml_of(&it.value)))
        .collect();
    let lists = [
        ("aliases", &customer.aliases, &facts.aliases),
        ("tags", &customer.tags, &facts.tags),
    ];
    for (key, own, more) in lists {
        if !more.is_empty() {
            let all = own
                .iter()
                .map(ToString::to_string)
                .chain(more.iter().cloned());
            settings.push(setting(&[key.to_owned()], NewValue::Texts(all.collect())));
        }
    }
    settings
}

/// Returns the text with people, days and competitors added, or filled.
fn with_lists(
    text: &str,
    scope: TableScope,
    facts: &CustomerFacts,
) -> Result<String, crate::edit::toml_scope::SetError> {
    let mut text = text.to_owned();
    for person in &facts.people {
        let values: Vec<(&str, NewValue)> = person
            .values
            .iter()
            .map(|(key, value)| (*key, listed_toml_of(key, value)))
            .collect();
        text = match person.index {
            None => add_listed(&text, scope, "contact", &values)?,
            Some(number) => {
                let settings: Vec<KeySetting> = values
                    .into_iter()
                    .map(|(key, value)| KeySetting {
                        scope,
                        path: vec![key.to_owned()],
                        value: Some(value),
                    })
                    .collect();
                set_listed(&text, "contact", number, &settings)?
            }
        };
    }
    for (list, all) in [("date", &facts.dates), ("competitor", &facts.competitors)] {
        for fields in all {
            let values: Vec<(&str, NewValue)> = fields
                .iter()
                .map(|(key, value)| (*key, toml_of(value)))
                .collect();
            text = add_listed(&text, scope, list, &values)?;
        }
    }
    Ok(text)
}

/// Returns the rows that tell of owners and stages that change.
fn changed_facts(
    desk: &Desk,
    by_file: &BTreeMap<String, Vec<(NamedCustomer, &Customer, &CustomerFacts)>>,
) -> anyhow::Result<Vec<RowToLog>> {
    let of_fact = |it: &Filling| match it.path.as_slice() {
        [key] => RowFact::of(key).filter(|_| it.is_change),
        _ => None,
    };
    let is_told = |facts: &CustomerFacts| facts.fillings.iter().any(|it| of_fact(it).is_some());
    let paths: Vec<&str> = by_file
        .iter()
        .filter(|(_, all)| all.iter().any(|it| is_told(it.2)))
        .map(|(path, _)| path.as_str())
        .collect();
    if paths.is_empty() {
        return Ok(Vec::new());
    }
    let part = LoadedPart::load(
        &desk.part(Logs::With, |path| paths.binary_search(&path).is_ok()),
        load_options(false, false),
    );
    refuse_errors(&part.loaded, |_| true)?;
    let facts_now = RowFacts::of(&part, desk.today);
    let mut rows = Vec::new();
    for (named, _, facts) in by_file.values().flatten() {
        let Some(index) = part.loaded.book.index_of(&named.id) else {
            continue;
        };
        for filling in &facts.fillings {
            if let Some(fact) = of_fact(filling) {
                rows.extend(facts_now.row(index, fact, &filling.value.to_text())?);
            }
        }
    }
    Ok(rows)
}
