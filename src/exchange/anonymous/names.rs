//! What stands for a text: the same for the same text wherever it is, so that whatever was equal stays equal.

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use unicode_normalization::UnicodeNormalization as _;

use crate::model::{Book, Customer, Person, composed_id};
use crate::source::short_place;

/// Of which sort a text is, which shows in what stands for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Sort {
    Former,
    Staff,
    CustomerName,
    StaffName,
    Person,
    Title,
    Phone,
    Email,
    Chat,
    Website,
    Address,
    Licence,
    Account,
    Reference,
    DayName,
    Competitor,
    Topic,
    Channel,
    Note,
    Other,
}

impl Sort {
    /// Returns what stands before the number and behind it.
    fn around(self) -> (&'static str, &'static str) {
        match self {
            Self::Former => ("f", ""),
            Self::Staff => ("s", ""),
            Self::CustomerName => ("客户", ""),
            Self::StaffName => ("员工", ""),
            Self::Person => ("联系人", ""),
            Self::Title => ("职务", ""),
            Self::Phone => ("", ""),
            Self::Email => ("e", "@example.invalid"),
            Self::Chat => ("wx", ""),
            Self::Website => ("https://w", ".example.invalid"),
            Self::Address => ("地址", ""),
            Self::Licence => ("licence", ""),
            Self::Account => ("account", ""),
            Self::Reference => ("r", ""),
            Self::DayName => ("日子", ""),
            Self::Competitor => ("对手", ""),
            Self::Topic => ("topic", ""),
            Self::Channel => ("channel", ""),
            Self::Note => ("n", ""),
            Self::Other => ("text", ""),
        }
    }
}

/// What stands for each text.
pub(super) struct StandIns {
    /// By the composed text.
    texts: HashMap<String, String>,
    /// Of texts that are compared byte by byte.
    exact: HashMap<(Sort, String), String>,
    birthdays: HashMap<String, String>,
    next_birthday: u64,
    numbers: HashMap<Sort, usize>,
    /// Texts under free keys that stand for themselves.
    kept: HashSet<String>,
    /// Which sorts rules compare with each other.
    links: Vec<(Sort, Sort)>,
    /// The phone numbers that there are, none of which may stand for another.
    phones: HashSet<String>,
}

impl StandIns {
    /// Gives ids, names and people their numbers, in the order of the ids.
    pub(super) fn of(book: &Book) -> Self {
        let mut customers: Vec<&Customer> = book.customers.iter().map(|it| &**it).collect();
        customers.sort_by(|one, other| one.id.cmp(&other.id));
        let mut names = Self {
            texts: HashMap::new(),
            exact: HashMap::new(),
            birthdays: HashMap::new(),
            next_birthday: 0,
            numbers: HashMap::new(),
            kept: HashSet::new(),
            links: Vec::new(),
            phones: phones(&customers),
        };
        let width = customers.len().to_string().len().max(4);
        for (at, customer) in customers.iter().enumerate() {
            let id = format!("c{:0width$}", at + 1);
            names.texts.insert(composed(&customer.id), id);
        }
        for former in customers.iter().flat_map(|it| it.former_ids.iter()) {
            names.replace(Sort::Former, former);
        }
        let staff = book.staff.iter().flatten().map(|it| it.id.as_str());
        let owners = customers.iter().filter_map(|it| it.owner.as_deref());
        let mut staff: Vec<&str> = staff.chain(owners).collect();
        staff.sort_unstable();
        for id in staff {
            names.replace(Sort::Staff, id);
        }
        for (at, customer) in customers.iter().enumerate() {
            names.numbers.insert(Sort::CustomerName, at);
            names.replace(Sort::CustomerName, &customer.name);
        }
        names.numbers.insert(Sort::CustomerName, customers.len());
        for alias in customers.iter().flat_map(|it| it.aliases.iter()) {
            names.replace(Sort::CustomerName, alias);
        }
        let people = || customers.iter().flat_map(|it| it.people.iter());
        for name in people().filter_map(|it| it.name.as_deref()) {
            names.replace(Sort::Person, name);
        }
        for person in people() {
            names.take_numbers(person);
        }
        names
    }

    fn take_numbers(&mut self, person: &Person) {
        let lists = [
            (Sort::Phone, &person.phone),
            (Sort::Phone, &person.mobile),
            (Sort::Email, &person.email),
            (Sort::Chat, &person.wechat),
        ];
        for (sort, texts) in lists {
            for text in texts {
                self.replace(sort, text);
            }
        }
    }

    /// Returns the id that stands for a customer's, present or former.
    pub(super) fn id(&mut self, id: &str) -> String {
        self.replace(Sort::Former, &composed_id(id))
    }

    /// Lets a text under a free key stand for itself, as one that a rule takes for a number: it is equal to
    /// numbers, which stay. Elsewhere the same text is replaced, unless a rule compares it with one of those.
    pub(super) fn keep(&mut self, text: &str) {
        self.kept.insert(composed(text));
    }

    /// Notes that a rule compares texts of two sorts with each other.
    pub(super) fn link(&mut self, one: Sort, other: Sort) {
        let link = (one, other);
        if one != other && !self.links.contains(&link) {
            self.links.push(link);
        }
    }

    /// Tells whether texts of a sort are compared with those under free keys, be it by way of others.
    fn is_beside_free(&self, sort: Sort) -> bool {
        let mut reached = vec![Sort::Other];
        let mut next = 0;
        while let Some(from) = reached.get(next).copied() {
            next += 1;
            for (one, other) in &self.links {
                let to = match from {
                    from if from == *one => *other,
                    from if from == *other => *one,
                    _ => continue,
                };
                if !reached.contains(&to) {
                    reached.push(to);
                }
            }
        }
        reached.contains(&sort)
    }

    /// Returns what stands for a text, which gets a number of its sort when it is first seen.
    ///
    /// One of nothing but blanks says nothing and stays.
    pub(super) fn replace(&mut self, sort: Sort, text: &str) -> String {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        let key = composed(text);
        if self.kept.contains(&key) && self.is_beside_free(sort) {
            return text.to_owned();
        }
        let is_composed = key == text;
        let new = if let Some(known) = self.texts.get(&key) {
            known.clone()
        } else {
            let new = self.fresh(sort, text);
            self.texts.insert(key, new.clone());
            new
        };
        // Rows that differ in how a character is put together are not the same row.
        if is_composed {
            new
        } else {
            new.nfd().collect()
        }
    }

    /// Does the same for a text that is compared byte by byte with others of its sort alone.
    pub(super) fn replace_exact(&mut self, sort: Sort, text: &str) -> String {
        if text.trim().is_empty() {
            return text.to_owned();
        }
        let key = (sort, text.to_owned());
        if let Some(known) = self.exact.get(&key) {
            return known.clone();
        }
        let new = self.fresh(sort, text);
        self.exact.insert(key, new.clone());
        new
    }

    /// Returns a birthday of the same form: with a year or without, solar or lunar.
    pub(super) fn birthday(&mut self, text: &str) -> String {
        if let Some(known) = self.birthdays.get(text) {
            return known.clone();
        }
        let new = loop {
            let new = birthday_like(text, self.next_birthday);
            self.next_birthday += 1;
            if new != text {
                break new;
            }
        };
        self.birthdays.insert(text.to_owned(), new.clone());
        new
    }

    fn fresh(&mut self, sort: Sort, text: &str) -> String {
        let has_forms = sort != Sort::Former && !text.is_ascii() && text.nfd().ne(text.nfc());
        loop {
            let number = self.numbers.entry(sort).or_insert(0);
            *number += 1;
            let number = *number;
            let (before, behind) = sort.around();
            let mark = if has_forms { "é" } else { "" };
            let new = match sort {
                Sort::Phone => with_digits(text, number),
                // What `n1` stands for is not counted by anybody.
                Sort::Note => format!("{before}{number}"),
                _ => format!("{before}{number:04}{mark}{behind}"),
            };
            if sort != Sort::Phone || !self.phones.contains(&new) {
                return new;
            }
        }
    }
}

fn phones(customers: &[&Customer]) -> HashSet<String> {
    let people = customers.iter().flat_map(|it| it.people.iter());
    let numbers = people.flat_map(|it| it.phone.iter().chain(it.mobile.iter()));
    numbers.map(ToString::to_string).collect()
}

/// Returns the birthday of a number in the form of another.
fn birthday_like(text: &str, number: u64) -> String {
    match text.strip_prefix("lunar") {
        Some(rest) => {
            // Every month of the lunar calendar has these days.
            let (month, day) = (number / 29 % 12 + 1, number % 29 + 1);
            let year = if rest.matches('-').count() > 1 {
                "1980-"
            } else {
                ""
            };
            format!("lunar {year}{month:02}-{day:02}")
        }
        None if text.len() > 5 => day_after(1980, number % 9000).to_string(),
        None => day_after(2001, number % 365).format("%m-%d").to_string(),
    }
}

fn composed(text: &str) -> String {
    text.nfc().collect()
}

/// Returns the day so many days after a year began.
fn day_after(year: i32, days: u64) -> NaiveDate {
    let start = NaiveDate::from_ymd_opt(year, 1, 1);
    let day = start.and_then(|it| it.checked_add_days(Days::new(days)));
    day.expect("some thousand days after a year of today's calendar is a day of it")
}

/// Returns a phone number of the same length and signs with the digits of a number; letters go.
fn with_digits(text: &str, number: usize) -> String {
    let mut rest = number;
    let mut new: Vec<char> = text.chars().collect();
    for character in new.iter_mut().rev() {
        if character.is_numeric() {
            *character =
                char::from_digit(short_place(rest % 10), 10).expect("a number below 10 is a digit");
            rest /= 10;
        } else if character.is_alphabetic() {
            *character = 'x';
        }
    }
    let more = if rest > 0 {
        rest.to_string()
    } else {
        String::new()
    };
    more + &new.into_iter().collect::<String>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_keeps_its_length_and_signs() {
        assert_eq!(with_digits("+86 731-8888", 42), "+00 000-0042");
        assert_eq!(with_digits("110 (Wang)", 7), "007 (xxxx)");
        assert_eq!(with_digits("1", 23), "23");
        assert_eq!(with_digits("none", 5), "5xxxx");
        let all: HashSet<String> = (0..300).map(|it| with_digits("10", it)).collect();
        assert_eq!(all.len(), 300);
    }

    #[test]
    fn a_birthday_keeps_its_form() {
        for (text, expected) in [
            ("05-01", "01-03"),
            ("1980-05-01", "1980-01-03"),
            ("lunar 08-15", "lunar 01-03"),
            ("lunar leap 06-10", "lunar 01-03"),
            ("lunar 1980-08-15", "lunar 1980-01-03"),
        ] {
            assert_eq!(birthday_like(text, 2), expected, "{text}");
        }
        for number in 0..20_000 {
            for text in ["05-01", "1980-05-01", "lunar 1980-08-15"] {
                assert!(birthday_like(text, number).len() == text.len());
            }
        }
    }

    #[test]
    fn the_same_text_gets_the_same_word() {
        let mut names = StandIns::of(&Book::default());
        assert_eq!(names.replace(Sort::Staff, "café"), "s0001é");
        assert_eq!(names.replace(Sort::Topic, "cafe\u{301}"), "s0001e\u{301}");
        assert_eq!(names.replace(Sort::Topic, "x"), "topic0001");
        assert_eq!(names.replace(Sort::Topic, " "), " ");
        assert_eq!(names.replace_exact(Sort::Note, "x"), "n1");
        assert_eq!(names.replace_exact(Sort::Note, "cafe\u{301}"), "n2");
        assert_eq!(names.replace_exact(Sort::Note, "x"), "n1");
        names.keep("3");
        assert_eq!(names.replace(Sort::Other, "3"), "3");
        assert_eq!(names.replace(Sort::Phone, "3"), "1");
        names.link(Sort::Staff, Sort::Person);
        assert_eq!(names.replace(Sort::Person, "3"), "1");
        names.link(Sort::Other, Sort::Staff);
        assert_eq!(names.replace(Sort::Person, "3"), "3");
        assert_eq!(names.replace(Sort::Other, "3"), "3");
    }
}
