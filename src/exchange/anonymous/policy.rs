//! The policy without comments: words in its rules that stand beside a replaced text are replaced alike.

use chrono::NaiveDate;
use toml_edit::{DocumentMut, Value};

use super::Refused;
use super::customers::replaced;
use super::names::{Names, Sort};
use super::tree::{Replace, parse, written};
use crate::diagnostic::Diagnostics;
use crate::metric::{self, Metric};
use crate::model::{Book, CustomValue};
use crate::rule::{
    FreeTable, NamedText, Op, Opposite, Rule, Subject, Vocabulary, compared, quoted,
};
use crate::source::{Cut as _, POLICY_FILE, SourceText};

/// To whom cases go by the default policy: a word, and nobody's id.
const HEAD: &str = "head";

/// The word of rules from which days are counted.
const TODAY: &str = "today";

/// Returns the policy without whom it is about.
pub(super) fn anonymous(policy: &str, book: &Book, names: &mut Names) -> Result<String, Refused> {
    let document = without_unneeded(parse(POLICY_FILE, policy)?);
    // What one rule keeps is kept in all.
    once(&document, book, names)?;
    once(&document, book, names)
}

/// Does so, as far as it is known what is kept.
fn once(document: &DocumentMut, book: &Book, names: &mut Names) -> Result<String, Refused> {
    let mut refused = None;
    let replace: Replace<'_> = &mut |path, value| match path {
        [list, "when"] => match value.as_str() {
            Some(rule) => match reworded(rule, book, names) {
                Ok(rule) => Some(Value::from(rule)),
                Err(name) => {
                    refused.get_or_insert_with(|| Refused::Rule {
                        list: (*list).to_owned(),
                        rule: rule.to_owned(),
                        name,
                    });
                    None
                }
            },
            None => Some(value),
        },
        ["escalation", "to"] if value.as_str() != Some(HEAD) => {
            Some(replaced(value, Sort::Staff, names))
        }
        ["remind", "from"] => Some(replaced(value, Sort::Email, names)),
        ["remind", "default"] => Some(replaced(value, Sort::Staff, names)),
        ["log_file"] => value.as_str().and_then(log_file).map(Value::from),
        _ => Some(value),
    };
    let text = written(document, replace);
    match refused {
        Some(why) => Err(why),
        None => Ok(text),
    }
}

/// Takes away which headings others' files have, and what a calendar is called: no figure hangs on it.
fn without_unneeded(mut document: DocumentMut) -> DocumentMut {
    document.remove("import");
    document.remove("export");
    document
}

/// Returns a pattern of logs' names that has nothing but the parts that are filled in.
fn log_file(pattern: &str) -> Option<String> {
    let parts = ["{customer}", "{year}", "{month}"];
    let mut parts: Vec<(usize, &str)> = parts
        .into_iter()
        .filter_map(|part| Some((pattern.find(part)?, part)))
        .collect();
    parts.sort_unstable();
    let parts: Vec<&str> = parts.into_iter().map(|it| it.1).collect();
    (!parts.is_empty()).then(|| format!("interactions/{}.csv", parts.join("-")))
}

/// Returns a rule with the words for those that stand beside a replaced text.
///
/// # Errors
/// The name of a replaced text that it looks into, or compares with a text that is not replaced.
fn reworded(rule: &str, book: &Book, names: &mut Names) -> Result<String, String> {
    let mut new = String::new();
    let mut done = 0;
    let mut found = compared(rule);
    let start = |other: &Opposite| match other {
        Opposite::Text(_, span) => span.start,
        Opposite::Name(_) => 0,
    };
    found.sort_by_key(|it| start(&it.other));
    for comparison in found {
        let sort = sort_of(&comparison.name);
        let like = comparison.op == Op::Like;
        match comparison.other {
            Opposite::Name(other) => {
                let is_replaced = [sort.is_some(), sort_of(&other).is_some()];
                if is_replaced == [true, true] && !like || is_replaced == [false, false] {
                    continue;
                }
                let name = if sort.is_some() {
                    &comparison.name
                } else {
                    &other
                };
                return Err(shown(name));
            }
            Opposite::Text(text, span) => {
                let Some(sort) = sort else { continue };
                if like {
                    return Err(shown(&comparison.name));
                }
                if comparison.op.is_ordering() {
                    continue;
                }
                if is_plain(&comparison.name, rule.cut(span.clone()), book) {
                    names.keep(&text);
                    continue;
                }
                new.push_str(rule.cut(done..span.start));
                new.push_str(&quoted(&names.replace(sort, &text)));
                done = span.end;
            }
        }
    }
    new.push_str(rule.cut(done..));
    Ok(new)
}

/// Returns of which sort the texts of a name are; nothing if they are kept.
fn sort_of(name: &NamedText) -> Option<Sort> {
    let metric = match name {
        NamedText::Free(..) => return Some(Sort::Other),
        NamedText::Metric(metric) => *metric,
    };
    let replaced = [
        (Metric::Id, Sort::Former),
        (Metric::FormerIds, Sort::Former),
        (Metric::Name, Sort::CustomerName),
        (Metric::Aliases, Sort::CustomerName),
        (Metric::Owner, Sort::Staff),
        (Metric::Person, Sort::Person),
        (Metric::Phone, Sort::Phone),
        (Metric::Email, Sort::Email),
        (Metric::Website, Sort::Website),
        (Metric::Address, Sort::Address),
        (Metric::Licence, Sort::Licence),
        (Metric::BankAccount, Sort::Account),
        (Metric::LostReason, Sort::Topic),
    ];
    let found = replaced.iter().find(|it| it.0 == metric);
    found.map(|it| it.1)
}

fn shown(name: &NamedText) -> String {
    match name {
        NamedText::Metric(metric) => metric.name().into_owned(),
        NamedText::Free(FreeTable::Custom, name) => format!("custom.{name}"),
        NamedText::Free(FreeTable::Profile, name) => format!("profile.{name}"),
    }
}

/// Tells whether what a rule says is meant as a number, a day or a truth value somewhere: those stay.
fn is_plain(name: &NamedText, said: &str, book: &Book) -> bool {
    let NamedText::Free(table, key) = name else {
        return false;
    };
    let values = || {
        let customers = book.customers.iter();
        customers.filter_map(|it| {
            let keys = match table {
                FreeTable::Custom => &it.custom,
                FreeTable::Profile => &it.profile,
            };
            let found = keys.iter().find(|it| *it.0 == **key);
            found.map(|it| &it.1)
        })
    };
    // Days counted from today are no text, and meet some day on some day.
    if said.starts_with(TODAY) && values().any(|it| matches!(it, CustomValue::Date(_))) {
        return true;
    }
    let source = SourceText::new("", format!("{} = {said}", shown(name)));
    let mut faults = Diagnostics::default();
    let rule = Rule::compile_filter(&source, &Vocabulary::default(), &[], &mut faults);
    let is_text = |it: &CustomValue| matches!(it, CustomValue::Text(_) | CustomValue::List(_));
    rule.is_some_and(|rule| {
        let mut plain = values().filter(|it| !is_text(it));
        plain.any(|it| rule.matches(&Only(it), NaiveDate::MIN))
    })
}

/// A customer that has one value, under whatever free key.
struct Only<'v>(&'v CustomValue);

impl Subject for Only<'_> {
    fn value(&self, _: Metric) -> metric::Value<'_> {
        metric::Value::Unknown
    }

    fn custom(&self, _: &str) -> Option<&CustomValue> {
        Some(self.0)
    }

    fn profile(&self, _: &str) -> Option<&CustomValue> {
        Some(self.0)
    }
}
