//! The policy without comments: words in its rules that stand beside a replaced text are replaced alike.

use std::collections::HashSet;

use chrono::NaiveDate;
use toml_edit::{DocumentMut, Value};

use super::customers::replaced;
use super::names::{Sort, StandIns};
use super::tree::{Replace, each_value, parse, written};
use super::{NotAnonymous, text};
use crate::diagnostic::Diagnostics;
use crate::load::files_below;
use crate::metric::{self, Metric};
use crate::model::{Book, CustomValue};
use crate::rule::{
    FreeTable, NamedText, Op, Opposite, Rule, Subject, Vocabulary, compared, quoted,
};
use crate::source::{CUSTOMERS, Cut as _, Files, POLICY_FILE, SourceText};

/// To whom cases go by the default policy: a word, and nobody's id.
const HEAD: &str = "head";

/// The word of rules from which days are counted.
const TODAY: &str = "today";

/// Returns the policy without whom it is about.
pub(super) fn anonymous(
    policy: &str,
    book: &Book,
    files: &dyn Files,
    names: &mut StandIns,
) -> Result<String, NotAnonymous> {
    let document = without_unneeded(parse(POLICY_FILE, policy)?);
    // What one rule keeps is kept in all.
    let plain = PlainKeys {
        book,
        words: plain_words(files)?,
    };
    once(&document, &plain, names)?;
    once(&document, &plain, names)
}

/// Does so, as far as it is known what is kept.
fn once(
    document: &DocumentMut,
    plain: &PlainKeys<'_>,
    names: &mut StandIns,
) -> Result<String, NotAnonymous> {
    let mut refused = None;
    let replace: Replace<'_> = &mut |path, value| match path {
        [list, "when"] => match value.as_str() {
            Some(rule) => match reworded(rule, plain, names) {
                Ok(rule) => Some(Value::from(rule)),
                Err(name) => {
                    refused.get_or_insert_with(|| NotAnonymous::Rule {
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
fn reworded(rule: &str, plain: &PlainKeys<'_>, names: &mut StandIns) -> Result<String, String> {
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
                let looked_into = match (sort, sort_of(&other)) {
                    (Some(one), Some(other)) if !like => {
                        names.link(one, other);
                        continue;
                    }
                    (None, None) => continue,
                    (Some(_), _) => &comparison.name,
                    (None, Some(_)) => &other,
                };
                return Err(shown(looked_into));
            }
            Opposite::Text(text, span) => {
                let Some(sort) = sort else { continue };
                if like {
                    return Err(shown(&comparison.name));
                }
                if comparison.op.is_ordering() {
                    continue;
                }
                if plain.has(&comparison.name, &text, rule.cut(span.clone())) {
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

/// What stands under free keys and is no text: that stays, and so does what a rule says of it.
struct PlainKeys<'b> {
    book: &'b Book,
    /// By their keys, as they are written: in lists they are compared as texts.
    words: HashSet<(String, String)>,
}

impl PlainKeys<'_> {
    /// Tells whether a text of a rule is equal to something of a key that is no text; `said` is how the rule
    /// says it.
    fn has(&self, name: &NamedText, text: &str, said: &str) -> bool {
        let NamedText::Free(table, key) = name else {
            return false;
        };
        if self.words.contains(&(shown(name), text.to_owned())) {
            return true;
        }
        let values = || {
            let customers = self.book.customers.iter();
            customers.filter_map(|it| {
                let keys = match table {
                    FreeTable::Custom => &it.custom,
                    FreeTable::Profile => &it.profile,
                };
                let found = keys.iter().find(|it| *it.0 == **key);
                found.map(|it| &it.1)
            })
        };
        // A day counted from today is no text, and is some day on some day.
        if said.starts_with(TODAY) && values().any(|it| matches!(it, CustomValue::Date(_))) {
            return true;
        }
        let source = SourceText::new("", format!("{} = {said}", shown(name)));
        let mut faults = Diagnostics::default();
        let rule = Rule::compile_filter(&source, &Vocabulary::default(), &[], &mut faults);
        let is_text = |it: &CustomValue| matches!(it, CustomValue::Text(_) | CustomValue::List(_));
        rule.is_some_and(|rule| {
            let mut others = values().filter(|it| !is_text(it));
            others.any(|it| rule.matches(&Only(it), NaiveDate::MIN))
        })
    }
}

/// Returns what stands under free keys and is no text.
fn plain_words(files: &dyn Files) -> Result<HashSet<(String, String)>, NotAnonymous> {
    let mut words = HashSet::new();
    for index in files_below(files, CUSTOMERS, ".toml") {
        let document = parse(&files.paths()[index], &text(files, index)?)?;
        each_value(document.as_table(), &mut Vec::new(), &mut |path, value| {
            let path = match path {
                ["customer", rest @ ..] => rest,
                all => all,
            };
            let is_free = matches!(path, ["custom" | "profile", ..]);
            if is_free && value.as_str().is_none() {
                words.insert((path.join("."), value.to_string().trim().to_owned()));
            }
        });
    }
    Ok(words)
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
