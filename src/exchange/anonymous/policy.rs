//! The policy without comments: words in its rules that stand beside a replaced text are replaced alike.

use std::collections::HashSet;

use toml_edit::{DocumentMut, Value};

use super::customers::replaced;
use super::names::{Names, Sort};
use super::tree::{Replace, each_value, parse, written};
use super::{Refused, text};
use crate::load::files_below;
use crate::metric::Metric;
use crate::rule::{FreeTable, NamedText, Op, Opposite, compared};
use crate::source::{CUSTOMERS, Cut as _, Files, POLICY_FILE};

/// To whom cases go by the default policy: a word, and nobody's id.
const HEAD: &str = "head";

/// Returns the policy without whom it is about.
pub(super) fn anonymous(
    policy: &str,
    files: &dyn Files,
    names: &mut Names,
) -> Result<String, Refused> {
    let document = without_unneeded(parse(POLICY_FILE, policy)?);
    let mut plain = Plain { files, keys: None };
    // What one rule keeps is kept in all.
    once(&document, &mut plain, names)?;
    once(&document, &mut plain, names)
}

/// Does so, as far as it is known what is kept.
fn once(
    document: &DocumentMut,
    plain: &mut Plain<'_>,
    names: &mut Names,
) -> Result<String, Refused> {
    let mut refused = None;
    let replace: Replace<'_> = &mut |path, value| match path {
        [list, "when"] => match value.as_str() {
            Some(rule) => match reworded(rule, plain, names) {
                Ok(rule) => Some(Value::from(rule)),
                Err(why) => {
                    let why = why.in_rule(list, rule);
                    refused.get_or_insert(why);
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

/// Why a rule cannot be written anew.
enum Why {
    /// It looks into a text that is replaced.
    Looked(String),
    /// The customers' files cannot be read.
    Unread(Refused),
}

impl Why {
    fn in_rule(self, list: &str, rule: &str) -> Refused {
        match self {
            Self::Looked(name) => Refused::Rule {
                list: list.to_owned(),
                rule: rule.to_owned(),
                name,
            },
            Self::Unread(refused) => refused,
        }
    }
}

/// Returns a rule with the words for those that stand beside a replaced text.
fn reworded(rule: &str, plain: &mut Plain<'_>, names: &mut Names) -> Result<String, Why> {
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
                return Err(Why::Looked(shown(name)));
            }
            Opposite::Text(text, span) => {
                let Some(sort) = sort else { continue };
                if like {
                    return Err(Why::Looked(shown(&comparison.name)));
                }
                if comparison.op.is_ordering() {
                    continue;
                }
                if plain.has(&comparison.name, &text).map_err(Why::Unread)? {
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

/// Returns a text in the quotes of rules.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
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

/// The free keys that have numbers, days or truth values somewhere: those stay, and so does a word of a rule
/// that is one.
struct Plain<'f> {
    files: &'f dyn Files,
    keys: Option<HashSet<String>>,
}

impl Plain<'_> {
    /// Tells whether a word of a rule reads as a number, a day or a truth value, and the name beside it has
    /// such values.
    fn has(&mut self, name: &NamedText, word: &str) -> Result<bool, Refused> {
        let reads = word.starts_with(|it: char| it.is_ascii_digit() || it == '-')
            || matches!(word, "true" | "false" | "today");
        let NamedText::Free(..) = name else {
            return Ok(false);
        };
        if !reads {
            return Ok(false);
        }
        if self.keys.is_none() {
            self.keys = Some(plain_keys(self.files)?);
        }
        let keys = self.keys.as_ref();
        Ok(keys.is_some_and(|it| it.contains(&shown(name))))
    }
}

/// Returns the free keys under which something stands that is no text.
fn plain_keys(files: &dyn Files) -> Result<HashSet<String>, Refused> {
    let mut keys = HashSet::new();
    for index in files_below(files, CUSTOMERS, ".toml") {
        let document = parse(&files.paths()[index], &text(files, index)?)?;
        each_value(document.as_table(), &mut Vec::new(), &mut |path, value| {
            let path = match path {
                ["customer", rest @ ..] => rest,
                all => all,
            };
            let is_free = matches!(path, ["custom" | "profile", ..]);
            if is_free && value.as_str().is_none() {
                keys.insert(path.join("."));
            }
        });
    }
    Ok(keys)
}
