//! What is erased of a customer: the texts that tell who it is, and the edits after which they are nowhere.

use std::collections::{BTreeMap, BTreeSet};

use super::named::NamedCustomer;
use super::people::{CONTACT, People};
use super::traces::Traces;
use super::{Desk, FileEdit};
use crate::edit::csv_outline::LogError;
use crate::edit::row_cells::{Fate, JudgedLog, JudgedRow, judge_rows};
use crate::edit::toml_get::{get, tables, value};
use crate::edit::toml_listed::remove_listed;
use crate::edit::toml_texts::replace_texts;
use crate::edit::toml_value::NewValue;
use crate::model::{
    CUSTOMER_FIELDS, KindTable, LogColumn, PERSON_FIELDS, Tells, composed_id, customer_field_tells,
    folded_id, person_field_tells, telling_part,
};
use crate::session::hint::hinted;
use crate::source::{CUSTOMERS, Files as _, INTERACTIONS};
use crate::words::say;

/// What stands in the place of a text that is erased.
pub(crate) const ERASED: &str = "[erased]";

/// The key of one customer among many, which is no field.
const ID: &str = "id";

/// The keys of a person that are numbers, whatever words stand behind.
const NUMBERS: [&str; 2] = ["phone", "mobile"];

/// What is erased, and how.
pub(crate) struct Erasure {
    /// The texts that are to be nowhere any more.
    pub(crate) traces: Traces,
    /// The ids that are to be nowhere any more; none where a person goes alone.
    pub(crate) ids: Vec<String>,
    pub(crate) edits: Vec<FileEdit>,
    /// How many rows go or change.
    pub(crate) rows: usize,
    /// The file that the customer has from then on, and the id.
    pub(crate) path: Option<String>,
    pub(crate) new_id: Option<String>,
    /// At which places the customer's column stands in logs that have rows of it.
    pub(crate) columns: BTreeSet<usize>,
    /// The name of the person who goes alone.
    pub(crate) person: Option<String>,
    /// Places where a text stands and cannot be cut.
    pub(crate) left: Vec<String>,
}

impl Erasure {
    fn of(ids: Vec<String>, traces: Traces) -> Self {
        Self {
            traces,
            ids,
            edits: Vec::new(),
            rows: 0,
            path: None,
            new_id: None,
            columns: BTreeSet::new(),
            person: None,
            left: Vec::new(),
        }
    }

    /// Judges the customer's rows of a log, and notes them; returns how many there are.
    fn judge(
        &mut self,
        text: &str,
        is_own: bool,
        mut fate: impl FnMut(&JudgedRow<'_>) -> Fate,
    ) -> Result<(usize, JudgedLog), LogError> {
        let ids = self.ids.clone();
        let mut rows = 0;
        let judged = judge_rows(text, |row| {
            if !is_of(row, &ids, is_own) {
                return Fate::Stays;
            }
            rows += 1;
            self.columns
                .extend(row.names.iter().position(|it| it == "customer"));
            fate(row)
        })?;
        self.rows += rows;
        Ok((rows, judged))
    }
}

impl Desk {
    /// Works out how a customer goes with all its rows.
    ///
    /// # Errors
    /// If its file or a log cannot be read in one way alone.
    pub(crate) fn erasing_all(&self, named: &NamedCustomer) -> anyhow::Result<Erasure> {
        let mut erasure = Erasure::of(self.ids_of(named)?, self.traces_of(named)?);
        erasure.edits.push(self.without(named)?);
        self.each_log(named, |path, text, is_own| {
            let (_, judged) = erasure.judge(text, is_own, |_| Fate::Goes)?;
            if is_own {
                erasure.edits.push(FileEdit::remove(path, text.to_owned()));
            } else if judged.gone > 0 {
                erasure
                    .edits
                    .push(FileEdit::replace(path, text.to_owned(), judged.text));
            }
            Ok(())
        })?;
        Ok(erasure)
    }

    /// Works out how nothing is left of a customer but its rows of money, under another id.
    ///
    /// # Errors
    /// As [`Desk::erasing_all`].
    pub(crate) fn erasing_but_amounts(&self, named: &NamedCustomer) -> anyhow::Result<Erasure> {
        let mut erasure = Erasure::of(self.ids_of(named)?, self.traces_of(named)?);
        let id = self.erased_id();
        let path = format!("{CUSTOMERS}{id}.toml");
        erasure.edits.push(self.without(named)?);
        erasure
            .edits
            .push(FileEdit::create(&path, "name = \"erased\"\n".to_owned()));
        let mut refs = NewRefs::default();
        // A policy adds no kind of money, and takes none away.
        let kinds = KindTable::default();
        self.each_log(named, |path, text, is_own| {
            let (rows, judged) = erasure.judge(text, is_own, |row| {
                let kind = kinds.index_of(row.text("kind"));
                if kind.is_some_and(|it| kinds.kind(it).role.is_of_money()) {
                    Fate::Becomes(money_alone(row, &id, &mut refs))
                } else {
                    Fate::Goes
                }
            })?;
            let JudgedLog { text: new, .. } = judged;
            if is_own && rows == judged.gone {
                erasure.edits.push(FileEdit::remove(path, text.to_owned()));
            } else if is_own {
                let new_path = super::moving::with_stem(path, &id);
                erasure
                    .edits
                    .extend(FileEdit::rename(path, &new_path, text.to_owned(), new));
            } else if rows > 0 {
                erasure
                    .edits
                    .push(FileEdit::replace(path, text.to_owned(), new));
            }
            Ok(())
        })?;
        erasure.path = Some(path);
        erasure.new_id = Some(id);
        Ok(erasure)
    }

    /// Works out how a person at a customer goes, with every text in which the person stands.
    ///
    /// # Errors
    /// If there is no such person, or two.
    pub(crate) fn erasing_person(
        &self,
        named: &NamedCustomer,
        name: &str,
    ) -> anyhow::Result<Erasure> {
        let old = self.known_text(&named.path)?;
        let people = People::read(&old, named.scope);
        let Some(number) = people.find(&named.id, name)? else {
            let message = say!(
                "`{}` has no person called `{name}`",
                "`{}` 没有名为 `{name}` 的联系人",
                named.id
            );
            return Err(hinted(message, people.near(name)));
        };
        let mut traces = Traces::default();
        for key in PERSON_FIELDS.iter().filter(|it| is_whos(it)) {
            if let Some(value) = people.value(number, key) {
                add(&mut traces, key, value);
            }
        }
        let broken =
            |error: &dyn std::fmt::Display| hinted(format!("`{}`: {error}", named.path), None);
        let mut erasure = Erasure::of(Vec::new(), traces.clone());
        let new = remove_listed(&old, named.scope, CONTACT, number).map_err(|it| broken(&it))?;
        let mut left = Vec::new();
        let new = replace_texts(&new, named.scope, &mut |path, text| {
            if !traces.stand_in(text) {
                return None;
            }
            if is_meant(path) {
                left.push(format!("{}: {}", named.path, path.join(".")));
                return None;
            }
            Some(ERASED.to_owned())
        })
        .map_err(|it| broken(&it))?;
        erasure.edits.push(FileEdit::replace(&named.path, old, new));
        let ids = self.ids_of(named)?;
        self.each_log(named, |path, text, is_own| {
            let judged = judge_rows(text, |row| {
                if !is_of(row, &ids, is_own) {
                    return Fate::Stays;
                }
                let kind = row.text("kind").to_owned();
                let cell =
                    |(name, cell): (&std::borrow::Cow<'_, str>, &std::borrow::Cow<'_, str>)| {
                        if !traces.stand_in(cell) {
                            return cell.clone().into_owned();
                        }
                        // Such a cell means something by itself, and is not cut.
                        let is_meant = LogColumn::of(name)
                            .is_some_and(|it| it.tells() != Tells::Free)
                            || name == "topic" && matches!(&*kind, "stage" | "owner");
                        if is_meant {
                            left.push(format!("{path}: {name} `{cell}`"));
                            return cell.clone().into_owned();
                        }
                        ERASED.to_owned()
                    };
                Fate::Becomes(row.names.iter().zip(&row.cells).map(cell).collect())
            })?;
            erasure.rows += judged.changed;
            if judged.changed > 0 {
                erasure
                    .edits
                    .push(FileEdit::replace(path, text.to_owned(), judged.text));
            }
            Ok(())
        })?;
        left.dedup();
        erasure.left = left;
        erasure.person = Some(people.name(number).to_owned());
        erasure.path = Some(named.path.clone());
        Ok(erasure)
    }

    /// Returns the places at which a trace stands once the edits are made, up to some, and how many there are.
    ///
    /// # Errors
    /// If a file cannot be read.
    pub(crate) fn still_named(
        &self,
        erasure: &Erasure,
        most: usize,
    ) -> anyhow::Result<(Vec<String>, usize)> {
        let edits: BTreeMap<&str, Option<&str>> = erasure
            .edits
            .iter()
            .map(|it| (it.path.as_str(), it.new.as_deref()))
            .collect();
        let (mut places, mut count) = (Vec::new(), 0);
        let told = erasure.traces.told(&erasure.ids);
        let mut note = |place: String| {
            count += 1;
            if places.len() < most {
                places.push(place);
            }
        };
        let mut look = |path: &str, text: &str| {
            if told.stand_in(path) {
                note(path.to_owned());
            }
            for (number, line) in text.lines().enumerate() {
                if told.stand_in(line) {
                    note(format!("{path}:{}", number + 1));
                }
            }
        };
        for path in self.files.paths() {
            match edits.get(path.as_str()) {
                Some(Some(new)) => look(path, new),
                Some(None) => {}
                None => look(path, &String::from_utf8_lossy(&self.bytes(path)?)),
            }
        }
        Ok((places, count))
    }

    /// Returns the ids by which rows name a customer.
    fn ids_of(&self, named: &NamedCustomer) -> anyhow::Result<Vec<String>> {
        let mut ids = vec![named.id.clone()];
        ids.extend(self.former_ids(named)?);
        Ok(ids)
    }

    /// Returns the texts that tell who a customer is, and who its people are.
    fn traces_of(&self, named: &NamedCustomer) -> anyhow::Result<Traces> {
        let text = self.known_text(&named.path)?;
        let mut traces = Traces::default();
        let fields = CUSTOMER_FIELDS.iter().map(|it| it.0);
        for key in fields.filter(|it| customer_field_tells(it) == Some(Tells::Who)) {
            let path = [key.to_owned()];
            match value(&text, named.scope, &path) {
                Some(NewValue::Texts(texts)) => texts.iter().for_each(|it| traces.add(it)),
                _ => traces.add(&get(&text, named.scope, &path).unwrap_or_default()),
            }
        }
        for (path, value) in tables(&text, named.scope, CONTACT).into_iter().flatten() {
            let key = path.iter().find(|it| is_whos(it));
            if let Some(key) = key {
                add(&mut traces, key, &value);
            }
        }
        Ok(traces)
    }

    /// Hands over each log that may have rows of a customer, its text, and whether its name says that all
    /// of it is the customer's.
    fn each_log(
        &self,
        named: &NamedCustomer,
        mut take: impl FnMut(&str, &str, bool) -> Result<(), LogError>,
    ) -> anyhow::Result<()> {
        let ids = self.ids_of(named)?;
        for path in self.files.paths() {
            let name = path.strip_prefix(INTERACTIONS);
            let Some(name) = name.and_then(|it| it.strip_suffix(".csv")) else {
                continue;
            };
            let stem = composed_id(name.rsplit('/').next().unwrap_or(name)).into_owned();
            let is_named = ids.contains(&stem);
            let bytes = self.bytes(path)?;
            let has =
                |id: &String| memchr::memmem::find(&bytes, telling_part(id).as_bytes()).is_some();
            if !is_named && !ids.iter().any(has) {
                continue;
            }
            let broken = |why: &dyn std::fmt::Display| {
                let hint = say!("`guanxi check` shows it", "`guanxi check` 会指出");
                hinted(format!("`{path}`: {why}"), Some(hint))
            };
            let text = String::from_utf8(bytes).map_err(|error| broken(&error))?;
            let columns = crate::edit::csv_row::columns(&text).map_err(|error| broken(&error))?;
            let has_column = columns.iter().any(|it| it == "customer");
            if has_column || is_named {
                take(path, &text, !has_column).map_err(|error| broken(&error))?;
            }
        }
        Ok(())
    }

    /// Returns an id for a customer of whom nothing else is left.
    fn erased_id(&self) -> String {
        let part = self.customers();
        let customers = &part.loaded.book.customers;
        let ids = customers.iter().flat_map(|it| {
            std::iter::once(&*it.id).chain(it.former_ids.iter().map(|former| &**former))
        });
        let taken: BTreeSet<String> = ids.map(|it| folded_id(it).into_owned()).collect();
        let free = |number: &usize| {
            let id = format!("erased-{number:04}");
            !taken.contains(&id) && !self.has(&format!("{CUSTOMERS}{id}.toml"))
        };
        let number = (1..=taken.len() + self.files.paths().len() + 1).find(free);
        let number = number.expect("fewer ids are taken than there are numbers");
        format!("erased-{number:04}")
    }
}

/// Tells whether a key of a person tells who it is.
fn is_whos(key: &str) -> bool {
    person_field_tells(key) == Some(Tells::Who)
}

/// Tells whether the value at a path means something by itself, and is not cut.
fn is_meant(path: &[&str]) -> bool {
    let tells = match path {
        [CONTACT, key, ..] => person_field_tells(key),
        [ID] => return true,
        [key, ..] => customer_field_tells(key),
        [] => None,
    };
    tells == Some(Tells::Word)
}

/// Adds what a key of a person says.
fn add(traces: &mut Traces, key: &str, value: &NewValue) {
    let mut add = |text: &str| {
        if NUMBERS.contains(&key) {
            traces.add_number(text);
        } else {
            traces.add(text);
        }
    };
    match value {
        NewValue::Texts(texts) => texts.iter().for_each(|it| add(it)),
        NewValue::Text(text) => add(text),
        NewValue::Literal(_) => {}
    }
}

/// Tells whether a row is of one of these ids.
fn is_of(row: &JudgedRow<'_>, ids: &[String], is_own: bool) -> bool {
    is_own
        || ids
            .iter()
            .any(|id| **id == *composed_id(row.text("customer")))
}

/// New refs of rows of money, and what the rows say beside them.
#[derive(Default)]
struct NewRefs {
    new: BTreeMap<String, usize>,
    /// How many refs there are, those included that a row had none of.
    count: usize,
    seen: BTreeSet<Vec<String>>,
}

impl NewRefs {
    fn of(&mut self, old: &str) -> String {
        if let Some(known) = self.new.get(old) {
            return known.to_string();
        }
        self.count += 1;
        self.new.insert(old.to_owned(), self.count);
        self.count.to_string()
    }

    /// Gives an order or an invoice that would equal another a ref of its own: they were two before.
    fn part(&mut self, row: &JudgedRow<'_>, cells: &mut [String]) {
        let at = row.names.iter().position(|it| it == "ref");
        let is_free = matches!(row.text("kind"), "order" | "invoice");
        let said = [&["date", "kind", "amount", "due"].map(|it| row.text(it).to_owned())[..]];
        if self.seen.insert(said.concat()) || !is_free {
            return;
        }
        if let Some(cell) = at
            .and_then(|at| cells.get_mut(at))
            .filter(|it| it.is_empty())
        {
            self.count += 1;
            *cell = self.count.to_string();
        }
    }
}

/// Returns a row of money without whom it is of.
fn money_alone(row: &JudgedRow<'_>, id: &str, refs: &mut NewRefs) -> Vec<String> {
    let cells = row.names.iter().zip(&row.cells);
    let cell = |(name, cell): (&std::borrow::Cow<'_, str>, &std::borrow::Cow<'_, str>)| {
        // Whatever else a log has may tell who it was.
        let Some(column) = LogColumn::of(name) else {
            return String::new();
        };
        match column {
            LogColumn::Date | LogColumn::Kind | LogColumn::Amount | LogColumn::Due => {
                cell.clone().into_owned()
            }
            LogColumn::Customer => id.to_owned(),
            LogColumn::Ref if !cell.is_empty() => refs.of(cell),
            LogColumn::Ref
            | LogColumn::Score
            | LogColumn::Staff
            | LogColumn::Topic
            | LogColumn::Channel
            | LogColumn::Note => String::new(),
        }
    };
    let mut made: Vec<String> = cells.map(cell).collect();
    refs.part(row, &mut made);
    made
}
