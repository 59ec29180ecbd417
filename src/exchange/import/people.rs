//! What the lines of one customer say together, and what of that its file does not say yet.

use super::context::ImportContext;
use super::drafts::{Conflict, NewCustomer};
use super::facts::CustomerFact;
use super::lines::LineFault;
use super::list::add_text;
use super::persons::{PersonDraft, PersonPlan, person_of, plan_people, unite_people};
use super::scan::Who;
use super::targets::ImportTarget;
use super::values::Bad;
use super::worth::ReadValue;
use super::written::{is_written_so, written_value};
use crate::exchange::headings::Into;
use crate::model::{CoreForm, Customer, KindTable, plain_form};
use crate::source::told;
use crate::words::{Phrase, Wording, both};

/// A value for a key of a customer's file.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Filling {
    /// The keys on the way to it.
    pub(crate) path: Vec<String>,
    pub(crate) value: ReadValue,
    pub(crate) line: u32,
    /// Whether the file says something else so far.
    pub(crate) is_change: bool,
}

/// A day that matters, or a competitor: its fields, to be added.
pub(crate) type Listed = Vec<(&'static str, ReadValue)>;

/// What is to be written of a customer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct CustomerFacts {
    pub(crate) fillings: Vec<Filling>,
    pub(crate) conflicts: Vec<Conflict>,
    /// Of one who is there: those to be added.
    pub(crate) aliases: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) people: Vec<PersonPlan>,
    pub(crate) dates: Vec<Listed>,
    pub(crate) competitors: Vec<Listed>,
}

impl CustomerFacts {
    /// Tells whether the customer's file changes.
    pub(crate) fn is_change(&self) -> bool {
        !self.fillings.is_empty()
            || !self.aliases.is_empty()
            || !self.tags.is_empty()
            || !self.people.is_empty()
            || !self.dates.is_empty()
            || !self.competitors.is_empty()
    }
}

/// A line of a customer: its number, its names, its facts, and whether it found the customer only without
/// the company's form.
pub(crate) type OfLine<'l> = (u32, &'l Who, &'l [CustomerFact], bool);

/// A value that a line states.
struct StatedValue<'l> {
    target: &'l ImportTarget,
    value: ReadValue,
    line: u32,
    column: Option<usize>,
    is_by_form: bool,
}

impl StatedValue<'_> {
    /// Tells whether the book has the value, or another; `None` where it has none.
    fn as_written(&self, known: Option<&Customer>) -> Option<bool> {
        known.and_then(|customer| is_written_so(customer, self.target, &self.value))
    }
}

/// Brings together what lines say of a customer, which the book has or which is new.
pub(crate) fn gather(
    context: &ImportContext<'_>,
    known: Option<&Customer>,
    new: Option<&NewCustomer>,
    lines: &[OfLine<'_>],
    cell: CellName<'_>,
) -> (CustomerFacts, Vec<(u32, LineFault)>) {
    let mut facts = CustomerFacts::default();
    let mut faults = Vec::new();
    let kinds = &context.policy.kinds;
    let mut stated: Vec<StatedValue<'_>> = Vec::new();
    let mut people: Vec<PersonDraft> = Vec::new();
    for (line, who, of_line, is_by_form) in lines {
        names(
            context,
            known,
            new,
            (*line, who, *is_by_form),
            &mut facts,
            &mut faults,
        );
        let mut own_people: Vec<(usize, PersonDraft)> = Vec::new();
        let mut listed: Vec<((&'static str, usize), Listed)> = Vec::new();
        for fact in *of_line {
            match &fact.target {
                ImportTarget::Key("tags") => {
                    if let ReadValue::List(tags) = &fact.value {
                        let has = |tag: &str| {
                            known.is_some_and(|it| it.tags.iter().any(|it| **it == *tag))
                        };
                        for tag in tags.iter().filter(|it| !has(it)) {
                            add_text(&mut facts.tags, tag);
                        }
                    }
                }
                ImportTarget::Contact(number, field) => {
                    person_of(&mut own_people, *number).set(field, &fact.value);
                }
                ImportTarget::NamePart { person, is_family } => {
                    person_of(&mut own_people, *person).set_part(*is_family, &fact.value.to_text());
                }
                ImportTarget::Competitor(number, field) => {
                    list_of(&mut listed, "competitor", *number).push((field, fact.value.clone()));
                }
                ImportTarget::Date(number, field) => {
                    list_of(&mut listed, "date", *number).push((field, fact.value.clone()));
                }
                ImportTarget::Whole(table) => {
                    whole(table, fact, *line, &mut own_people, &mut listed, &mut facts);
                }
                target => {
                    let it = StatedValue {
                        target,
                        value: fact.value.clone(),
                        line: *line,
                        column: fact.column,
                        is_by_form: *is_by_form,
                    };
                    state(
                        context,
                        known,
                        it,
                        &mut stated,
                        &mut facts,
                        cell,
                        &mut faults,
                    );
                }
            }
        }
        for (_, person) in own_people {
            for (field, before, after) in unite_people(&mut people, person, *line) {
                let message = both!(
                    "`contact.{field}` is `{}` here and `{}` in an earlier line",
                    "`contact.{field}` 在这里是 `{}`，而在前面的行是 `{}`",
                    told(&after),
                    told(&before)
                );
                faults.push((*line, LineFault::new(None, differs(message))));
            }
        }
        take_listed(known, *line, listed, &mut facts, &mut faults);
    }
    for it in stated {
        let as_written = it.as_written(known);
        if as_written == Some(true) {
            continue;
        }
        facts.fillings.push(Filling {
            path: path_of(it.target, kinds),
            is_change: as_written == Some(false),
            value: it.value,
            line: it.line,
        });
    }
    let (plans, conflicts) = plan_people(known, people, &context.mapping.overwrite);
    facts.people = plans;
    facts.conflicts.extend(conflicts);
    (facts, faults)
}

/// Takes days that matter and competitors that a line tells of.
fn take_listed(
    known: Option<&Customer>,
    line: u32,
    listed: Vec<((&'static str, usize), Listed)>,
    facts: &mut CustomerFacts,
    faults: &mut Vec<(u32, LineFault)>,
) {
    for ((table, _), fields) in listed {
        let is_day = table == "date";
        let has = |key: &str| fields.iter().any(|it| it.0 == key);
        if is_day && !(has("name") && has("on")) {
            let bad = Bad::new(
                "missing-cell",
                Phrase(
                    "a day that matters needs a name and a day",
                    "重要日期要有名称和日期",
                ),
            )
            .help(Phrase(
                "`--set 'date.name=TEXT'` names it for all lines",
                "`--set 'date.name=文字'` 给所有行写上名称",
            ));
            faults.push((line, LineFault::new(None, bad)));
            continue;
        }
        let (all, is_known) = if is_day {
            let is_known = known.is_some_and(|it| has_date(it, &fields));
            (&mut facts.dates, is_known)
        } else {
            let is_known = known.is_some_and(|it| has_competitor(it, &fields));
            (&mut facts.competitors, is_known)
        };
        if !is_known && !all.contains(&fields) {
            all.push(fields);
        }
    }
}

fn differs(message: Wording) -> Bad {
    Bad::new("customer-differs", message).help(Phrase(
        "make the lines of one customer agree",
        "请使同一个客户的各行一致",
    ))
}

/// Names the cell of a line and a column, or the line.
pub(super) type CellName<'c> = &'c dyn Fn(u32, Option<usize>) -> Wording;

/// Returns the keys on the way to a target in a customer's file.
fn path_of(target: &ImportTarget, kinds: &KindTable) -> Vec<String> {
    match target {
        ImportTarget::Profile(key) => vec!["profile".to_owned(), key.clone()],
        ImportTarget::Custom(key) => vec!["custom".to_owned(), key.clone()],
        ImportTarget::Scorecard(key) => vec!["scorecard".to_owned(), key.clone()],
        other => vec![other.name(Into::Customers, kinds)],
    }
}

fn list_of<'l>(
    listed: &'l mut Vec<((&'static str, usize), Listed)>,
    table: &'static str,
    number: usize,
) -> &'l mut Listed {
    let at = listed.iter().position(|it| it.0 == (table, number));
    let at = at.unwrap_or_else(|| {
        listed.push(((table, number), Listed::new()));
        listed.len() - 1
    });
    &mut listed[at].1
}

/// Takes a name of a line: of one who is there, what its file does not have is a conflict or an alias.
fn names(
    context: &ImportContext<'_>,
    known: Option<&Customer>,
    new: Option<&NewCustomer>,
    (line, who, is_by_form): (u32, &Who, bool),
    facts: &mut CustomerFacts,
    faults: &mut Vec<(u32, LineFault)>,
) {
    if let Some(new) = new {
        let is_one = |name: &str| {
            let (plain, form) = (plain_form(name), CoreForm::of(name));
            let mut all = std::iter::once(&new.name).chain(&new.aliases);
            all.any(|it| plain_form(it) == plain || CoreForm::of(it).fits(&form))
        };
        let differs_in_name = who.name.as_deref().is_some_and(|it| {
            !is_one(it)
                || (new.id.is_some()
                    && !CoreForm::of(it).fits(&CoreForm::of(&new.name))
                    && plain_form(it) != plain_form(&new.name))
        });
        if let Some(name) = who.name.as_deref().filter(|_| differs_in_name) {
            let message = both!(
                "`name` is `{}` here and `{}` in an earlier line",
                "`name` 在这里是 `{}`，而在前面的行是 `{}`",
                told(name),
                told(&new.name)
            );
            faults.push((line, LineFault::new(None, differs(message))));
        }
        let folded = |id: &str| crate::model::folded_id(id).into_owned();
        if let (Some(id), Some(own)) = (&who.id, &new.id)
            && folded(id) != folded(own)
        {
            let message = both!(
                "`id` is `{}` here and `{}` in an earlier line",
                "`id` 在这里是 `{}`，而在前面的行是 `{}`",
                told(id),
                told(own)
            );
            faults.push((line, LineFault::new(None, differs(message))));
        }
        return;
    }
    let Some(customer) = known else { return };
    let is_called = |name: &str| {
        let plain = plain_form(name);
        let mut all = std::iter::once(&customer.name).chain(&customer.aliases);
        plain_form(&customer.id) == plain || all.any(|it| plain_form(it) == plain)
    };
    let fits = |name: &str| {
        let form = CoreForm::of(name);
        let mut all = std::iter::once(&customer.name).chain(&customer.aliases);
        all.any(|it| CoreForm::of(it).fits(&form))
    };
    if let Some(name) = who.name.as_deref().filter(|it| !is_called(it) && !fits(it)) {
        let is_overwritten = context.mapping.overwrite.takes("name") && !is_by_form;
        if is_overwritten {
            facts.fillings.push(Filling {
                path: vec!["name".to_owned()],
                value: ReadValue::Text(name.to_owned()),
                line,
                is_change: true,
            });
        }
        facts.conflicts.push(Conflict {
            field: "name".to_owned(),
            book: customer.name.to_string(),
            file: name.to_owned(),
            line,
            column: None,
            is_overwritten,
        });
    }
    for alias in who.aliases.iter().filter(|it| !is_called(it)) {
        add_text(&mut facts.aliases, alias);
    }
}

/// Takes a value that a line states.
fn state<'l>(
    context: &ImportContext<'_>,
    known: Option<&Customer>,
    it: StatedValue<'l>,
    stated: &mut Vec<StatedValue<'l>>,
    facts: &mut CustomerFacts,
    cell: CellName<'_>,
    faults: &mut Vec<(u32, LineFault)>,
) {
    let kinds = &context.policy.kinds;
    let field = it.target.name(Into::Customers, kinds);
    let as_written = it.as_written(known);
    let is_overwritten = context.mapping.overwrite.takes(&field) && !it.is_by_form;
    match as_written {
        // Where the file is to win, a line that agrees with the book must agree with the file's others too.
        Some(true) if !is_overwritten => return,
        Some(false) => {
            let book = known.and_then(|customer| written_value(customer, it.target));
            let conflict = Conflict {
                field: field.clone(),
                book: book.unwrap_or_default(),
                file: it.value.to_text(),
                line: it.line,
                column: it.column,
                is_overwritten,
            };
            let is_told = facts
                .conflicts
                .iter()
                .any(|known| known.field == conflict.field && known.file == conflict.file);
            if !is_told {
                facts.conflicts.push(conflict);
            }
            if !is_overwritten {
                return;
            }
        }
        _ => {}
    }
    match stated.iter().find(|known| known.target == it.target) {
        None => stated.push(it),
        Some(before) if before.value == it.value => {}
        Some(before) if as_written == Some(true) && before.as_written(known) == as_written => {}
        Some(before) => {
            let message = both!(
                "`{field}` is `{}` here and `{}` in {}",
                "`{field}` 在这里是 `{}`，而 {2} 是 `{1}`",
                told(&it.value.to_text()),
                told(&before.value.to_text()),
                cell(before.line, before.column)
            );
            faults.push((it.line, LineFault::new(it.column, differs(message))));
        }
    }
}

/// Takes a table of JSON, or a list of tables, apart.
fn whole(
    table: &'static str,
    fact: &CustomerFact,
    line: u32,
    people: &mut Vec<(usize, PersonDraft)>,
    listed: &mut Vec<((&'static str, usize), Listed)>,
    facts: &mut CustomerFacts,
) {
    let ReadValue::Tables(tables) = &fact.value else {
        return;
    };
    for (number, fields) in tables.iter().enumerate() {
        for (key, value) in fields {
            match table {
                "contact" => {
                    let key = crate::model::PERSON_FIELDS.iter().find(|it| **it == *key);
                    if let Some(key) = key {
                        person_of(people, number + 1).set(key, value);
                    }
                }
                "date" | "competitor" => {
                    let key = ["name", "on", "yearly", "note"]
                        .into_iter()
                        .find(|it| *it == key);
                    if let Some(key) = key {
                        list_of(listed, table, number + 1).push((key, value.clone()));
                    }
                }
                _ => facts.fillings.push(Filling {
                    path: vec![table.to_owned(), key.clone()],
                    value: value.clone(),
                    line,
                    is_change: false,
                }),
            }
        }
    }
}

fn field_text(fields: &Listed, key: &str) -> Option<String> {
    fields
        .iter()
        .find(|it| it.0 == key)
        .map(|it| it.1.to_text())
}

fn has_date(customer: &Customer, fields: &Listed) -> bool {
    let (name, on) = (field_text(fields, "name"), field_text(fields, "on"));
    customer
        .dates
        .iter()
        .any(|it| name.as_deref() == Some(&*it.name) && on.as_deref() == Some(&*it.on.to_string()))
}

fn has_competitor(customer: &Customer, fields: &Listed) -> bool {
    let name = field_text(fields, "name").map(|it| plain_form(&it));
    customer
        .competitors
        .iter()
        .any(|it| it.name.as_deref().map(plain_form) == name)
}
