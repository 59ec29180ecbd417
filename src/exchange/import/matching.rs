//! Which customer a text means: by id, by plain form, by core form; near names are shown, never taken.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};
use strsim::osa_distance;

use super::identity::Print;
use crate::model::{CoreForm, Customer, FirmForm, folded_id, plain_form, width_folded};
use crate::parallel::Share;
use crate::source::short_place;

/// By what a customer of the book was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum MatchStep {
    Id,
    /// Its name, by the plain form.
    Name,
    /// An alias, by the plain form.
    Alias,
    /// Its name or an alias, by the core form.
    Form,
}

impl MatchStep {
    pub(crate) const ALL: [Self; 4] = [Self::Id, Self::Name, Self::Alias, Self::Form];

    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Name => "name",
            Self::Alias => "alias",
            Self::Form => "form",
        }
    }
}

/// What a text finds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    None,
    One(usize, MatchStep),
    /// Several in one step.
    Many(Vec<usize>),
}

/// The names of customers, by their forms.
#[derive(Default)]
pub(crate) struct CustomerNames {
    ids: ByPrint<u32>,
    /// Whose name, or else alias, a plain form is.
    plain: ByPrint<(u32, MatchStep)>,
    core: ByPrint<(u32, FirmForm)>,
}

/// Lists by the prints of what they are of: a hundred thousand names would take ten times the room.
struct ByPrint<T> {
    firsts: HashMap<Print, u32>,
    /// Each with the place of the next one of its list, behind which there is none if it is its own.
    all: Vec<(T, u32)>,
}

impl<T> Default for ByPrint<T> {
    fn default() -> Self {
        Self {
            firsts: HashMap::new(),
            all: Vec::new(),
        }
    }
}

impl<T: Copy> ByPrint<T> {
    fn make_room(&mut self, count: usize) {
        self.firsts.reserve(count);
        self.all.reserve(count);
    }

    /// Adds one to the front of a list.
    fn add(&mut self, print: Print, one: T) {
        let at = short_place(self.all.len());
        let next = self.firsts.insert(print, at).unwrap_or(at);
        self.all.push((one, next));
    }

    /// Returns those of a list, the last added first.
    fn list(&self, print: Print) -> impl Iterator<Item = T> {
        let mut at = self.firsts.get(&print).copied();
        std::iter::from_fn(move || {
            let place = at?;
            let (one, next) = self.all[place as usize];
            at = (next != place).then_some(next);
            Some(one)
        })
    }
}

impl CustomerNames {
    /// Takes the customers of a book.
    pub(crate) fn of<'c>(customers: impl IntoIterator<Item = &'c Customer>) -> Self {
        let customers: Vec<&Customer> = customers.into_iter().collect();
        // The forms of names take their time.
        let of_shares = Share::map(|share| {
            let forms_of = |customer: &&Customer| {
                let names = std::iter::once(&customer.name).chain(&customer.aliases);
                names.map(|it| NameForms::of(it)).collect::<Vec<_>>()
            };
            share
                .part(&customers)
                .iter()
                .map(forms_of)
                .collect::<Vec<_>>()
        });
        let mut names = Self::default();
        names.ids.make_room(customers.len());
        names.plain.make_room(customers.len());
        names.core.make_room(customers.len());
        let forms = of_shares.into_iter().flatten();
        for (index, (customer, forms)) in customers.iter().zip(forms).enumerate() {
            names.add_id(&customer.id, index);
            for former in &customer.former_ids {
                names.add_id(former, index);
            }
            for (at, forms) in forms.into_iter().enumerate() {
                let step = if at == 0 {
                    MatchStep::Name
                } else {
                    MatchStep::Alias
                };
                names.add_forms(forms, index, step);
            }
        }
        names
    }

    fn add_id(&mut self, id: &str, index: usize) {
        let (print, index) = (Print::of(id_form(id)), short_place(index));
        if self.ids.list(print).all(|it| it != index) {
            self.ids.add(print, index);
        }
    }

    pub(crate) fn add_name(&mut self, name: &str, index: usize, step: MatchStep) {
        self.add_forms(NameForms::of(name), index, step);
    }

    fn add_forms(&mut self, forms: NameForms, index: usize, step: MatchStep) {
        let Some(plain) = forms.plain else { return };
        let index = short_place(index);
        if self.plain.list(plain).all(|it| it.0 != index) {
            self.plain.add(plain, (index, step));
        }
        if let Some((core, form)) = forms.core {
            self.core.add(core, (index, form));
        }
    }

    /// Finds whose id a text is, or was.
    pub(crate) fn by_id(&self, text: &str) -> Match {
        let all = self.ids.list(Print::of(id_form(text)));
        one_of(all.map(|it| (it, MatchStep::Id)))
    }

    /// Finds whose id or name a text is, by the first step that finds any.
    pub(crate) fn find(&self, text: &str) -> Match {
        match self.by_id(text) {
            Match::None => {}
            found => return found,
        }
        match self.by_plain(text) {
            Match::None => {}
            found => return found,
        }
        self.by_core(&CoreForm::of(text))
    }

    /// Tells whether a text is somebody's id or name by its plain form.
    pub(crate) fn is_exact(&self, text: &str) -> bool {
        self.by_id(text) != Match::None || self.by_plain(text) != Match::None
    }

    fn by_plain(&self, text: &str) -> Match {
        one_of(self.plain.list(Print::of(plain_form(text))))
    }

    pub(crate) fn by_core(&self, form: &CoreForm) -> Match {
        if form.core().is_empty() {
            return Match::None;
        }
        let all = self.core.list(Print::of(form.core()));
        let fitting = all.filter(|it| it.1.fits(form.form()));
        one_of(fitting.map(|it| (it.0, MatchStep::Form)))
    }
}

/// The forms by which a name is found; none of an empty one.
#[derive(Clone, Copy)]
struct NameForms {
    plain: Option<Print>,
    core: Option<(Print, FirmForm)>,
}

impl NameForms {
    fn of(name: &str) -> Self {
        let (plain, form) = (plain_form(name), CoreForm::of(name));
        let core = Some(form.core()).filter(|it| !it.is_empty());
        Self {
            plain: (!plain.is_empty()).then(|| Print::of(&plain)),
            core: core.map(|it| (Print::of(it), form.form())),
        }
    }
}

fn one_of(found: impl Iterator<Item = (u32, MatchStep)>) -> Match {
    let mut found: Vec<(usize, MatchStep)> = found.map(|it| (it.0 as usize, it.1)).collect();
    found.sort_unstable();
    found.dedup_by_key(|it| it.0);
    match found[..] {
        [] => Match::None,
        [(index, step)] => Match::One(index, step),
        _ => Match::Many(found.into_iter().map(|it| it.0).collect()),
    }
}

/// Returns the form in which ids are compared.
fn id_form(text: &str) -> String {
    folded_id(width_folded(text).trim()).into_owned()
}

/// The core forms of customers' names by their lengths, to find near ones.
pub(crate) struct NearIndex<'c> {
    by_length: BTreeMap<usize, Vec<(String, usize)>>,
    customers: &'c [Box<Customer>],
}

/// How near a name must be to be shown.
const LEAST_SIMILARITY: f64 = 0.75;

impl<'c> NearIndex<'c> {
    /// Puts the names of customers in order.
    pub(crate) fn of(customers: &'c [Box<Customer>]) -> Self {
        let of_shares = Share::map(|share| {
            let of_share = share.part(customers).iter();
            let cores_of = |customer: &Customer| {
                let names = std::iter::once(&customer.name).chain(&customer.aliases);
                let cores = names.map(|it| CoreForm::of(it).into_core());
                cores.filter(|it| !it.is_empty()).collect::<Vec<_>>()
            };
            of_share.map(|it| cores_of(it)).collect::<Vec<_>>()
        });
        let mut by_length: BTreeMap<usize, Vec<_>> = BTreeMap::new();
        for (at, cores) in of_shares.into_iter().flatten().enumerate() {
            for core in cores {
                let length = core.chars().count();
                by_length.entry(length).or_default().push((core, at));
            }
        }
        Self {
            by_length,
            customers,
        }
    }

    /// Returns up to `most` customers with a name near to this one, with how near they are, the nearest
    /// first.
    pub(crate) fn near_to(&self, text: &str, most: usize) -> Vec<(usize, f64)> {
        self.near(CoreForm::of(text).core(), most)
    }

    fn near(&self, core: &str, most: usize) -> Vec<(usize, f64)> {
        #[expect(clippy::cast_precision_loss, reason = "names are short")]
        let similarity = |distance: usize, length: usize| 1.0 - distance as f64 / length as f64;
        let length = core.chars().count();
        let mut best: HashMap<usize, f64> = HashMap::new();
        for (other, names) in &self.by_length {
            let longest = length.max(*other);
            if longest == 0 || similarity(longest - length.min(*other), longest) < LEAST_SIMILARITY
            {
                continue;
            }
            for (name, customer) in names {
                let near = similarity(osa_distance(core, name), longest);
                if near >= LEAST_SIMILARITY {
                    let known = best.entry(*customer).or_insert(near);
                    *known = known.max(near);
                }
            }
        }
        let mut all: Vec<(usize, f64)> = best.into_iter().collect();
        let id = |index: usize| &self.customers[index].id;
        all.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| id(a.0).cmp(id(b.0))));
        all.truncate(most);
        all
    }
}

/// Names that are new, brought together: which of them are one customer.
#[derive(Debug, Default)]
pub(crate) struct NewNames {
    /// Of each name asked about, its customer, counted from 0; `None` where it fits several.
    pub(crate) of: Vec<Option<usize>>,
    pub(crate) count: usize,
}

/// The texts by which a line names somebody who is new.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewName<'l> {
    pub(crate) id: Option<&'l str>,
    pub(crate) names: Vec<&'l str>,
}

/// Brings names together that are one customer's by id, plain form or core form, in whatever order they
/// stand.
pub(crate) fn unite(lines: &[NewName<'_>]) -> NewNames {
    let mut sets = Sets::of(lines.len());
    let mut by_key: HashMap<Print, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        let ids = line.id.map(|it| Print::of(("id", id_form(it))));
        let names = line.names.iter().map(|it| Print::of(plain_form(it)));
        for key in ids.into_iter().chain(names) {
            let first = *by_key.entry(key).or_insert(at);
            sets.join(first, at);
        }
    }
    drop(by_key);
    let mut cores = Vec::with_capacity(lines.len());
    for (at, line) in lines.iter().enumerate() {
        let forms = line.names.iter().map(|it| CoreForm::of(it));
        let forms = forms.filter(|it| !it.core().is_empty());
        cores.extend(forms.map(|it| (it.form(), at, it.into_core().into_boxed_str())));
    }
    cores.sort_by(|one, other| one.2.cmp(&other.2));
    let mut is_ambiguous = vec![false; lines.len()];
    for forms in cores.chunk_by(|one, other| one.2 == other.2) {
        let mut firsts: BTreeMap<u8, usize> = BTreeMap::new();
        for (form, at, _) in forms {
            if let Some(class) = form.class() {
                let first = *firsts.entry(class).or_insert(*at);
                sets.join(first, *at);
            }
        }
        let different: BTreeSet<usize> = firsts.values().map(|it| sets.root(*it)).collect();
        let open = forms.iter().filter(|it| it.0.class().is_none());
        if different.len() <= 1 {
            let mut first = different.first().copied();
            for (_, at, _) in open {
                let one = *first.get_or_insert(*at);
                sets.join(one, *at);
            }
        } else {
            for (_, at, _) in open {
                // One that is a customer's by its id or another name is told by that.
                if !different.contains(&sets.root(*at)) {
                    is_ambiguous[*at] = true;
                }
            }
        }
    }
    let mut numbers: HashMap<usize, usize> = HashMap::new();
    let mut result = NewNames::default();
    for at in 0..lines.len() {
        let root = sets.root(at);
        if is_ambiguous[at] || is_ambiguous[root] {
            result.of.push(None);
            continue;
        }
        let next = numbers.len();
        result.of.push(Some(*numbers.entry(root).or_insert(next)));
    }
    result.count = numbers.len();
    result
}

/// Tells of each line whether its id is one new customer's and its name another's.
pub(crate) fn crossed(lines: &[NewName<'_>]) -> Vec<bool> {
    let keys: Vec<Option<(String, String)>> = lines.iter().map(id_and_name).collect();
    let mut ids: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    let mut names: HashMap<&str, BTreeSet<&str>> = HashMap::new();
    for (id, name) in keys.iter().flatten() {
        ids.entry(name).or_default().insert(id);
        names.entry(id).or_default().insert(name);
    }
    let has_several = |all: &HashMap<&str, BTreeSet<&str>>, key: &str| {
        all.get(key).is_some_and(|it| it.len() > 1)
    };
    let is_crossed =
        |(id, name): &(String, String)| has_several(&ids, name) && has_several(&names, id);
    keys.iter()
        .map(|it| it.as_ref().is_some_and(is_crossed))
        .collect()
}

/// Returns the id of a line, and its name without the company's form, if it has both.
fn id_and_name(line: &NewName<'_>) -> Option<(String, String)> {
    let (id, name) = line.id.zip(line.names.first())?;
    Some((id_form(id), CoreForm::of(name).core().to_owned()))
}

/// Sets that are joined.
struct Sets(Vec<usize>);

impl Sets {
    fn of(count: usize) -> Self {
        Self((0..count).collect())
    }

    /// Returns the least member of a set.
    fn root(&mut self, mut at: usize) -> usize {
        while self.0[at] != at {
            self.0[at] = self.0[self.0[at]];
            at = self.0[at];
        }
        at
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.root(one), self.root(other));
        self.0[one.max(other)] = one.min(other);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Customers;

    fn customers(customers: &[(&str, &str, &[&str])]) -> Customers {
        let customers = customers.iter().map(|(id, name, aliases)| Customer {
            id: (*id).into(),
            name: (*name).into(),
            aliases: aliases.iter().map(|it| (*it).into()).collect(),
            ..Customer::default()
        });
        customers.map(Box::new).collect()
    }

    fn book(of: &[(&str, &str, &[&str])]) -> CustomerNames {
        CustomerNames::of(customers(of).iter().map(|it| &**it))
    }

    #[test]
    fn a_customer_is_found_by_the_first_step_that_finds_any() {
        let names = book(&[
            ("rail", "株洲地铁集团", &[]),
            ("rail-parts", "中铁物资股份有限公司", &[]),
            ("siemens", "西门子(中国)", &["Siemens China"]),
            ("acme", "Acme Ltd", &[]),
        ]);
        for name in ["株洲地铁集团有限公司", "株洲地铁集团　有限责任公司"] {
            assert_eq!(names.find(name), Match::One(0, MatchStep::Form), "{name}");
        }
        assert_eq!(
            names.find("ＳＩＥＭＥＮＳ　ＣＨＩＮＡ"),
            Match::One(2, MatchStep::Alias)
        );
        assert_eq!(names.find("西门子（中国）"), Match::One(2, MatchStep::Name));
        assert_eq!(names.find("ACME"), Match::One(3, MatchStep::Id));
        assert_eq!(names.find("acme company"), Match::One(3, MatchStep::Form));
        for name in [
            "中铁物资有限公司",
            "Acme GmbH",
            "Acme-Ltd",
            "株洲地铁集团有限公司长沙分公司",
            "",
        ] {
            assert_eq!(names.find(name), Match::None, "{name}");
        }
        let twins = book(&[("a1", "Acme Ltd", &[]), ("a2", "ACME Co., Ltd.", &[])]);
        assert_eq!(twins.find("Acme"), Match::Many(vec![0, 1]));
    }

    #[test]
    fn near_names_are_told_in_order() {
        let customers = customers(&[
            ("b", "中铁物资股份有限公司", &[]),
            ("a", "中铁物贸有限公司", &[]),
            ("c", "中铁", &[]),
        ]);
        let near = NearIndex::of(&customers).near(CoreForm::of("中铁物资有限公司").core(), 3);
        assert_eq!(near, [(0, 1.0), (1, 0.75)]);
    }

    #[test]
    fn new_names_are_one_customer_in_whatever_order() {
        let of = |names: &[&str]| {
            let lines: Vec<NewName<'_>> = names
                .iter()
                .map(|it| NewName {
                    id: None,
                    names: vec![*it],
                })
                .collect();
            unite(&lines).of
        };
        assert_eq!(of(&["株洲车辆", "株洲车辆有限公司"]), [Some(0), Some(0)]);
        assert_eq!(of(&["株洲车辆有限公司", "株洲车辆"]), [Some(0), Some(0)]);
        for (names, expected) in [
            (
                ["株洲车辆", "株洲车辆有限公司", "株洲车辆股份有限公司"],
                [None, Some(0), Some(1)],
            ),
            (
                ["株洲车辆有限公司", "株洲车辆股份有限公司", "株洲车辆"],
                [Some(0), Some(1), None],
            ),
            (
                ["株洲车辆股份有限公司", "株洲车辆", "株洲车辆有限公司"],
                [Some(0), None, Some(1)],
            ),
        ] {
            assert_eq!(of(&names), expected);
        }
    }
}
