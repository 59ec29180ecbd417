//! People at customers': which of two is one person, and what of one is new.

use super::drafts::Conflict;
use super::list::add_text;
use super::mapping::Overwrite;
use super::values::list::phone_key;
use super::worth::ReadValue;
use crate::model::{Customer, Person, is_han, plain_form};

/// A person as lines describe one.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PersonDraft {
    name: Option<String>,
    given: Option<String>,
    family: Option<String>,
    title: Option<String>,
    phone: Vec<String>,
    mobile: Vec<String>,
    email: Vec<String>,
    wechat: Vec<String>,
    /// A day, or a text.
    birthday: Option<ReadValue>,
    note: Option<String>,
    /// The first line that describes the person.
    line: u32,
}

/// Returns the person of a number among those of a line.
pub(super) fn person_of(people: &mut Vec<(usize, PersonDraft)>, number: usize) -> &mut PersonDraft {
    let at = people
        .iter()
        .position(|it| it.0 == number)
        .unwrap_or_else(|| {
            people.push((number, PersonDraft::default()));
            people.len() - 1
        });
    &mut people[at].1
}

/// What is to be written of a person.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PersonPlan {
    /// Which of the customer's people it is; `None` of a new one.
    pub(crate) index: Option<usize>,
    /// The values of its fields.
    pub(crate) values: Vec<(&'static str, ReadValue)>,
}

impl PersonDraft {
    pub(super) fn set(&mut self, field: &str, value: &ReadValue) {
        let text = || Some(value.to_text()).filter(|it| !it.is_empty());
        let add = |list: &mut Vec<String>| match value {
            ReadValue::List(more) => more.iter().for_each(|it| add_text(list, it)),
            other => add_text(list, &other.to_text()),
        };
        match field {
            "name" => self.name = text(),
            "title" => self.title = text(),
            "phone" => add(&mut self.phone),
            "mobile" => add(&mut self.mobile),
            "email" => add(&mut self.email),
            "wechat" => add(&mut self.wechat),
            "birthday" => self.birthday = Some(value.clone()),
            "note" => self.note = text(),
            _ => {}
        }
    }

    pub(super) fn set_part(&mut self, is_family: bool, text: &str) {
        let part = Some(text.to_owned());
        if is_family {
            self.family = part;
        } else {
            self.given = part;
        }
    }

    /// Makes one name of its parts: of Han characters the family's first, without a space.
    fn join_name(&mut self) {
        let (given, family) = (self.given.take(), self.family.take());
        if self.name.is_some() {
            return;
        }
        self.name = match (given, family) {
            (Some(given), Some(family)) => {
                let all_han = |text: &str| text.chars().any(is_han);
                Some(if all_han(&given) || all_han(&family) {
                    format!("{family}{given}")
                } else {
                    format!("{given} {family}")
                })
            }
            (given, family) => given.or(family),
        };
    }

    fn numbers(&self) -> impl Iterator<Item = String> + '_ {
        self.phone
            .iter()
            .chain(&self.mobile)
            .map(|it| phone_key(it))
    }

    /// Tells whether another has the same name.
    fn has_name_of(&self, other: &Self) -> bool {
        let names = self.name.as_ref().zip(other.name.as_ref());
        names.is_some_and(|(one, other)| plain_form(one) == plain_form(other))
    }

    /// Tells whether another is the same person: by name, where one has none by number, else by address.
    fn is(&self, other: &Self) -> bool {
        if let (Some(name), Some(other)) = (&self.name, &other.name) {
            return plain_form(name) == plain_form(other);
        }
        let numbers: Vec<String> = other.numbers().collect();
        if self.numbers().any(|it| numbers.contains(&it)) {
            return true;
        }
        let addresses: Vec<String> = other.email.iter().map(|it| it.to_lowercase()).collect();
        self.email
            .iter()
            .any(|it| addresses.contains(&it.to_lowercase()))
    }

    /// Tells whether there is nothing by which the person could be known again.
    fn is_nobody(&self) -> bool {
        self.name.is_none() && self.numbers().next().is_none() && self.email.is_empty()
    }

    /// Tells whether another says all that is said of this one.
    fn adds_nothing_to(&self, other: &Self) -> bool {
        let is_there = |one: &Option<String>, other: &Option<String>| one.is_none() || one == other;
        let birthday = |it: &Self| it.birthday.as_ref().map(ReadValue::to_text);
        is_there(&self.title, &other.title)
            && is_there(&self.note, &other.note)
            && is_there(&birthday(self), &birthday(other))
            && self.wechat.iter().all(|it| other.wechat.contains(it))
    }

    fn of(person: &Person) -> Self {
        let texts = |list: &[crate::model::Text]| list.iter().map(ToString::to_string).collect();
        // Blanks around a text are no part of what it says.
        let text = |text: &Option<crate::model::Text>| {
            let text = text.as_ref().map(|it| it.trim().to_owned());
            text.filter(|it| !it.is_empty())
        };
        Self {
            name: text(&person.name),
            title: text(&person.title),
            phone: texts(&person.phone),
            mobile: texts(&person.mobile),
            email: texts(&person.email),
            wechat: texts(&person.wechat),
            birthday: person.birthday.map(|it| ReadValue::Text(it.to_string())),
            note: text(&person.note),
            ..Self::default()
        }
    }
}

/// Finds a person among others: one of the same name goes before one without a name.
///
/// Of whom no more than a title or a birthday is told is whoever has it, lest the next import add one more.
fn find_person(people: &[PersonDraft], person: &PersonDraft) -> Option<usize> {
    if person.is_nobody() {
        return people.iter().position(|it| person.adds_nothing_to(it));
    }
    let of_name = people.iter().position(|it| it.has_name_of(person));
    of_name.or_else(|| people.iter().position(|it| it.is(person)))
}

/// Adds a person of a line to those of the lines before; returns the fields in which the two differ.
pub(super) fn unite_people(
    people: &mut Vec<PersonDraft>,
    mut person: PersonDraft,
    line: u32,
) -> Vec<(&'static str, String, String)> {
    person.join_name();
    person.line = line;
    let Some(known) = find_person(people, &person).and_then(|at| people.get_mut(at)) else {
        people.push(person);
        return Vec::new();
    };
    let mut differing = Vec::new();
    let mut one = |field: &'static str, before: &mut Option<String>, after: Option<String>| match (
        &*before, after,
    ) {
        (None, after) => *before = after,
        (Some(before), Some(after)) if *before != after && field != "name" => {
            differing.push((field, before.clone(), after));
        }
        _ => {}
    };
    one("name", &mut known.name, person.name);
    one("title", &mut known.title, person.title);
    one("note", &mut known.note, person.note);
    match (&known.birthday, person.birthday) {
        (None, after) => known.birthday = after,
        (Some(before), Some(after)) if before.to_text() != after.to_text() => {
            differing.push(("birthday", before.to_text(), after.to_text()));
        }
        _ => {}
    }
    for (list, more) in [
        (&mut known.phone, person.phone),
        (&mut known.mobile, person.mobile),
        (&mut known.email, person.email),
        (&mut known.wechat, person.wechat),
    ] {
        for it in &more {
            add_text(list, it);
        }
    }
    differing
}

/// Compares people of lines with those of a customer's file, or plans all of a new customer's.
pub(super) fn plan_people(
    known: Option<&Customer>,
    people: Vec<PersonDraft>,
    overwrite: &Overwrite,
) -> (Vec<PersonPlan>, Vec<Conflict>) {
    let mut there: Vec<PersonDraft> = known.map_or_else(Vec::new, |it| {
        it.people.iter().map(PersonDraft::of).collect()
    });
    let mut plans = Vec::new();
    let mut conflicts = Vec::new();
    for person in people {
        let index = find_person(&there, &person);
        let before = index.map(|at| there[at].clone()).unwrap_or_default();
        let mut values: Vec<(&'static str, ReadValue)> = Vec::new();
        let name = person.name.clone().filter(|_| before.name.is_none());
        values.extend(name.map(|it| ("name", ReadValue::Text(it))));
        let texts = [
            ("title", before.title.clone(), person.title.clone()),
            (
                "birthday",
                before.birthday.as_ref().map(ReadValue::to_text),
                person.birthday.as_ref().map(ReadValue::to_text),
            ),
            ("note", before.note.clone(), person.note.clone()),
        ];
        let mut later = Vec::new();
        for (field, before, after) in texts {
            let Some(after) = after else { continue };
            let value = if field == "birthday" {
                person
                    .birthday
                    .clone()
                    .unwrap_or(ReadValue::Text(after.clone()))
            } else {
                ReadValue::Text(after.clone())
            };
            match before {
                None => later.push((field, value)),
                Some(before) if before == after => {}
                Some(before) => {
                    let key = format!("contact.{field}");
                    let is_overwritten = overwrite.takes(&key) || overwrite.takes("contact");
                    conflicts.push(Conflict {
                        field: key,
                        book: before,
                        file: after,
                        line: person.line,
                        column: None,
                        is_overwritten,
                    });
                    if is_overwritten {
                        later.push((field, value));
                    }
                }
            }
        }
        let known_numbers: Vec<String> = before.numbers().collect();
        let mut taken = known_numbers.clone();
        let mut list = |field: &'static str, own: &[String], more: &[String]| {
            let mut all = own.to_vec();
            for it in more {
                let key = match field {
                    "phone" | "mobile" => phone_key(it),
                    "email" => it.to_lowercase(),
                    _ => it.clone(),
                };
                let is_there = match field {
                    "phone" | "mobile" => taken.contains(&key),
                    "email" => all.iter().any(|it| it.to_lowercase() == key),
                    _ => all.contains(it),
                };
                if !is_there {
                    taken.push(key);
                    all.push(it.clone());
                }
            }
            let is_more = all.len() > own.len();
            is_more.then_some((field, ReadValue::List(all)))
        };
        let lists = [
            list("phone", &before.phone, &person.phone),
            list("mobile", &before.mobile, &person.mobile),
            list("email", &before.email, &person.email),
            list("wechat", &before.wechat, &person.wechat),
        ];
        values.extend(lists.into_iter().flatten());
        values.extend(later);
        let order = |field: &str| {
            crate::model::PERSON_FIELDS
                .iter()
                .position(|it| *it == field)
        };
        values.sort_by_key(|it| order(it.0));
        if !values.is_empty() {
            plans.push(PersonPlan { index, values });
        }
        if index.is_none() {
            there.push(person);
        }
    }
    (plans, conflicts)
}
