//! Whose lines are, as far as the book knows; what is said of those who are nobody.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};

use super::drafts::Whose;
use super::lines::LineFault;
use super::mapping::Mapping;
use super::matching::{CustomerNames, Match, MatchStep, NearIndex};
use super::scan::{Scan, Who};
use super::values::Bad;
use crate::exchange::cell::Blanks;
use crate::exchange::headings::Into;
use crate::model::{Book, check_id, composed_id, says_something, width_folded};
use crate::parallel::Share;
use crate::source::{short_place, told};
use crate::words::{Phrase, Wording, any_of, both, listed};

/// For how many unknown names near ones are shown, and how many of them.
const MOST_NEAR: (usize, usize) = (50, 3);

/// Of each [`Who`] whose it is, and by the customers the ids of columns that are nobody's, each with a line.
pub(crate) type FoundKnown = (Vec<Option<Whose>>, BTreeMap<u32, (String, u32)>);

/// Finds the customers of the book whom lines mean; refuses the lines of those who are nobody.
///
/// Returns of each [`Who`] whose it is, as far as the book knows; names that may be new are nobody's yet.
pub(crate) fn find_known(
    scan: &mut Scan,
    mapping: &Mapping,
    book: &Book,
    names: &CustomerNames,
) -> FoundKnown {
    let mut found: Vec<Option<Whose>> = Vec::with_capacity(scan.whos.len());
    let mut ambiguous: HashMap<u32, Vec<usize>> = HashMap::new();
    let mut id_conflicts: HashMap<u32, (String, u32)> = HashMap::new();
    let of_shares = Share::map(|share| {
        let whos = share.part(&scan.whos).iter();
        whos.map(|who| known(who, names)).collect::<Vec<_>>()
    });
    for (at, (whose, many, conflict)) in of_shares.into_iter().flatten().enumerate() {
        let number = short_place(at);
        if let Some(many) = many {
            ambiguous.insert(number, many);
        }
        if let Some((id, customer)) = conflict {
            id_conflicts.insert(number, (id, customer));
        }
        found.push(whose);
    }
    let may_make = mapping.into == Into::Customers || mapping.creates;
    let ids: Vec<&str> = book.customers.iter().map(|it| &*it.id).collect();
    let mut near = Near::new(book);
    let mut conflicts = BTreeMap::new();
    for line in 0..scan.lines.len() {
        let who_number = scan.lines[line].who;
        let line = short_place(line);
        let who = &scan.whos[who_number as usize];
        if *who == Who::default() {
            continue;
        }
        if let Some(many) = ambiguous.get(&who_number) {
            let ids: Vec<String> = many.iter().map(|it| ids[*it].to_owned()).collect();
            let fault = ambiguous_fault(who, ids);
            scan.refuse_who(line, fault);
        } else if found[who_number as usize].is_none() {
            if !may_make {
                let fault = near.unknown(who_number, who);
                scan.refuse_who(line, fault);
            } else if let Some(fault) = unnameable(who, mapping.into) {
                scan.refuse_who(line, fault);
            }
        } else if let Some((id, customer)) = id_conflicts.get(&who_number) {
            conflicts
                .entry(*customer)
                .or_insert_with(|| (id.clone(), line));
        }
    }
    (found, conflicts)
}

/// Returns whose a [`Who`] is in the book, or those among whom it cannot be told, and an id that is nobody's.
type Known = (Option<Whose>, Option<Vec<usize>>, Option<(String, u32)>);

fn known(who: &Who, names: &CustomerNames) -> Known {
    let by_id = who.id.as_deref().map_or(Match::None, |it| names.by_id(it));
    let by_name = who.name.as_deref().map_or(Match::None, |it| names.find(it));
    if let Match::One(index, step) = by_id {
        return match by_name {
            Match::One(other, MatchStep::Id | MatchStep::Name | MatchStep::Alias)
                if other != index =>
            {
                (Some(Whose::Nobody), Some(vec![index, other]), None)
            }
            Match::Many(others) if !others.contains(&index) => {
                let is_exact = names.is_exact(who.name.as_deref().unwrap_or_default());
                if is_exact {
                    let all = std::iter::once(index).chain(others).collect();
                    (Some(Whose::Nobody), Some(all), None)
                } else {
                    (Some(Whose::Book(short_place(index), step)), None, None)
                }
            }
            _ => (Some(Whose::Book(short_place(index), step)), None, None),
        };
    }
    if let Match::Many(many) = by_id {
        return (Some(Whose::Nobody), Some(many), None);
    }
    let aliases = who.aliases.iter().map(|it| names.find(it));
    let mut found = std::iter::once(by_name).chain(aliases);
    match found.find(|it| *it != Match::None) {
        Some(Match::One(index, step)) => {
            let conflict = who.id.clone().map(|id| (id, short_place(index)));
            (Some(Whose::Book(short_place(index), step)), None, conflict)
        }
        Some(Match::Many(many)) => (Some(Whose::Nobody), Some(many), None),
        _ => (None, None, None),
    }
}

pub(super) fn ambiguous_fault(who: &Who, ids: Vec<String>) -> LineFault {
    let name = who
        .name
        .as_deref()
        .or(who.id.as_deref())
        .or(who.spelling())
        .unwrap_or_default();
    let shown = any_of(ids.iter().map(|it| format!("`{}`", told(it))));
    let message = both!("`{}` may be {}", "`{}` 可能是 {}", told(name), shown);
    let bad = Bad::new("ambiguous-customer", message).help(Phrase(
        "give the id in a column, an alias to one of them, or `--value 'HEADING:TEXT=ID'`",
        "用一列写编号，或给其中一个加别名，或用 `--value '列名:文字=编号'`",
    ));
    LineFault {
        near: ids,
        ..LineFault::new(None, bad)
    }
}

/// Refuses a name that no new customer could have.
fn unnameable(who: &Who, into: Into) -> Option<LineFault> {
    if let Some(id) = &who.id
        && let Err(fault) = check_id(&composed_id(id.trim()))
    {
        let message = both!("the id `{}` {}", "编号 `{}` {}", told(id), fault.reason());
        let bad = Bad::new("id-invalid", message).help(Phrase(
            "mend the id, or leave the column out: `--map 'HEADING=-'`",
            "请改正编号，或去掉这一列：`--map '列名=-'`",
        ));
        return Some(LineFault::new(None, bad));
    }
    let Some(name) = who.spelling() else {
        let id = who.id.as_deref().unwrap_or_default();
        let bad = match into {
            Into::Customers => Bad::new(
                "missing-cell",
                Phrase(
                    "`name` is blank, and the customer is new",
                    "`name` 是空的，而这是新客户",
                ),
            ),
            Into::Log => Bad::new(
                "unknown-customer",
                both!(
                    "no customer is called `{}`",
                    "没有名为 `{}` 的客户",
                    told(id)
                ),
            )
            .help(Phrase("a new customer needs a name", "新客户必须有名称")),
        };
        return Some(LineFault::new(None, bad));
    };
    (!says_something(name) || Blanks::All.holds(&width_folded(name))).then(|| {
        let message = both!("`{}` is no name", "`{}` 不是名称", told(name));
        LineFault::new(None, Bad::new("wrong-value", message))
    })
}

/// Near names of those who are nobody, for the first of them.
struct Near<'n> {
    book: &'n Book,
    index: Option<NearIndex<'n>>,
    known: HashMap<u32, (Wording, Vec<String>)>,
}

impl<'n> Near<'n> {
    fn new(book: &'n Book) -> Self {
        Self {
            book,
            index: None,
            known: HashMap::new(),
        }
    }

    fn unknown(&mut self, number: u32, who: &Who) -> LineFault {
        let text = who
            .name
            .as_deref()
            .or(who.spelling())
            .or(who.id.as_deref())
            .unwrap_or_default();
        let count = self.known.len();
        let (help, near) = self.known.entry(number).or_insert_with(|| {
            if count >= MOST_NEAR.0 {
                return (Wording::default(), Vec::new());
            }
            let index = self
                .index
                .get_or_insert_with(|| NearIndex::of(&self.book.customers));
            let found = index.near_to(text, MOST_NEAR.1);
            let id = |at: usize| &*self.book.customers[at].id;
            let shown: Vec<String> = found
                .iter()
                .map(|(at, near)| format!("`{}` ({near:.2})", id(*at)))
                .collect();
            let near = found.iter().map(|(at, _)| id(*at).to_owned()).collect();
            let shown = match shown.as_slice() {
                [] => Wording::default(),
                all => both!("near: {}; ", "相近的有：{}；", listed(all)),
            };
            (shown, near)
        });
        let message = both!(
            "no customer is called `{}`",
            "没有名为 `{}` 的客户",
            told(text)
        );
        let bad = Bad::new("unknown-customer", message).help(both!(
"{}give one of them the alias, say who is meant by `--value 'HEADING:TEXT=ID'`, or make new customers by `--create`",
"{}给其中一个加上这个别名，或用 `--value '列名:文字=编号'` 写明是谁，或用 `--create` 新建客户",
&*help
));
        LineFault {
            near: near.clone(),
            ..LineFault::new(None, bad)
        }
    }
}
