//! The policy in force as TOML with comments, such that reading it gives the same policy; and the table
//! of its keys for the page of the format.

use std::fmt::Write as _;

use super::keys::{Body, PolicyTable, TABLES};
use super::lists::{LISTS, List, WrittenRule};
use super::slot::{Slot, Tiers, decimal};
use super::{Policy, working};
use crate::diagnostic::Diagnostics;
use crate::model::{Kind, KindTable};
use crate::rule::{Rule, RuleScope, RuleText, Vocabulary};
use crate::source::SourceText;
use crate::toml_table::{quoted, quoted_key, quoted_list};
use crate::words::{Language, Phrase, both};

const HEAD: Phrase = Phrase(
    "The policy in force. A key that is left out keeps its default; a list of rules, such as all\n\
     [[tier]] tables together, is replaced as a whole, but one that `extend = [\"tier\"]` names goes on with\n\
     the default rules. The rule language: `guanxi help rules`.",
    "现行规则。没有写的键用默认值；一组规则（如全部 [[tier]]）要替换就整组替换，但在 `extend = [\"tier\"]` 中\n\
     写出名称的，后面接着默认规则。规则的语言：`guanxi help rules`。",
);

/// Writes a policy as a `guanxi.toml` that states every key, with comments in a language.
///
/// A default rule may name a stage or tier that this policy does not have; stated, it would be an
/// error. Such a list stands as a comment, and is in force because it is not stated.
pub fn print(policy: &Policy, language: Language) -> String {
    // The places of values are those that reading writes to.
    let mut policy = policy.clone();
    let lists = LISTS
        .each_ref()
        .map(|list| PrintedList::new(list, &mut policy));
    let (top, tables) = TABLES.split_at(1);
    let mut out = String::new();
    put_comment(&mut out, HEAD.of(language));
    put_tables(&mut out, top, &mut policy, language);
    let names = |is: fn(&PrintedList<'_>) -> bool| {
        let names = lists
            .iter()
            .filter(|it| is(it))
            .map(|it| it.list.name.to_owned());
        names.collect::<Vec<_>>()
    };
    let extended = names(|it| matches!(it.stated, StatedList::First(_)));
    if !extended.is_empty() {
        out.push('\n');
        let comment = Phrase(
            "The lists that go on with the default rules.",
            "后面接着默认规则的各组。",
        );
        put_comment(&mut out, comment.of(language));
        put(&mut out, "extend", &quoted_list(&extended));
    }
    // Such a key must come before all tables.
    let empty = names(|it| it.rules.is_empty());
    if !empty.is_empty() {
        out.push('\n');
        let comment = Phrase("Lists without any rule.", "一条规则也没有的各组。");
        put_comment(&mut out, comment.of(language));
    }
    for name in empty {
        put(&mut out, &name, "[]");
    }
    for list in &lists {
        list.print(&mut out, language);
    }
    put_tables(&mut out, tables, &mut policy, language);
    out.push('\n');
    out.push_str(&working::print(&policy, language));
    for (stage, label) in &policy.stage_labels {
        let _ = writeln!(out, "\n[stage.{}]", quoted_key(stage));
        put(&mut out, "label", &quoted(label));
    }
    put_kinds(&mut out, &policy.kinds, language);
    out
}

/// Writes the default tiers alone.
pub(super) fn print_tiers(language: Language) -> String {
    let mut out = String::new();
    PrintedList::new(&LISTS[0], &mut Policy::default()).print(&mut out, language);
    out
}

/// Writes the table of keys of the page of the format.
pub fn page() -> String {
    let mut policy = Policy::default();
    let mut page = "| key | default | meaning |\n|---|---|---|\n".to_owned();
    let mut row = |key: &str, default: &str, meaning: &str| {
        let _ = writeln!(page, "| {key} | {default} | {meaning} |");
    };
    let (top, tables) = TABLES.split_at(1);
    for (at, table) in top.iter().chain(tables).enumerate() {
        if at == top.len() {
            let names = LISTS
                .each_ref()
                .map(|it| format!("`{}`", it.name))
                .join(", ");
            let meaning = format!("lists of rules that go on with the default ones: {names}");
            row("`extend`", "none", &meaning);
            for list in &LISTS {
                let [keys, default, meaning] = list.page;
                row(&format!("`[[{}]]` {keys}", list.name), default, meaning);
            }
        }
        if let Body::Weights(name, meaning, _) = table.body {
            row(&format!("`[{}]` {name}", table.name), "1 each", meaning);
        }
        for (index, key) in table.keys().iter().enumerate() {
            let header = match index {
                0 if !table.name.is_empty() => format!("`[{}]` ", table.name),
                _ => String::new(),
            };
            let default = match (key.slot)(&mut policy) {
                Slot::Lines(texts, _) => format!("{} fields", texts.len()),
                Slot::Texts(texts, _) if texts.is_empty() => "none".to_owned(),
                Slot::NoShare(None, _) | Slot::NoMoney(None, _) => "none".to_owned(),
                slot => format!("`{}`", slot.value()),
            };
            row(&format!("{header}`{}`", key.name), &default, key.meaning);
        }
    }
    for (at, [key, default, meaning]) in working::PAGE.iter().enumerate() {
        let header = if at == 0 { "`[calendar]` " } else { "" };
        row(&format!("{header}`{key}`"), default, meaning);
    }
    row(
        "`[stage.NAME]` `label`",
        "none",
        "what people read in the place of a stage",
    );
    row(
        "`[kind.NAME]` `contact`, `label`",
        "none",
        "a kind of your own, or a change to one",
    );
    row(
        "`[import.NAME]` `into`, `sheet`, `header_row`, `encoding`, `separator`, `read`, `map`, `set`, `skip`, `values`, `create`",
        "none",
        "how the export of another program is read: `import --save NAME` writes it, `--source NAME` uses it",
    );
    page
}

/// Writes tables with all their keys.
fn put_tables(out: &mut String, tables: &[PolicyTable], policy: &mut Policy, language: Language) {
    let tiers = Tiers {
        names: policy.tiers.iter().map(|it| it.name.clone()).collect(),
        may_miss: false,
    };
    for table in tables {
        if !table.name.is_empty() {
            out.push('\n');
            put_comment(out, table.comment.of(language));
            let _ = writeln!(out, "[{}]", table.name);
        }
        for key in table.keys() {
            if table.name.is_empty() {
                out.push('\n');
            }
            put_comment(out, key.comment.of(language));
            out.push_str(&(key.slot)(policy).line(key.name, &tiers));
        }
        if let Body::Weights(_, _, weights) = table.body {
            for (name, weight) in &weights(policy).0 {
                put(out, &quoted_key(name), &decimal(*weight));
            }
        }
    }
}

/// A list with how much of it a book can state.
struct PrintedList<'l> {
    list: &'l List,
    rules: Vec<WrittenRule>,
    stated: StatedList,
}

/// How much of a list a book can state.
enum StatedList {
    All,
    /// So many rules, which the default ones follow.
    First(usize),
    /// Nothing: the list is the default one.
    Nothing,
}

impl<'l> PrintedList<'l> {
    fn new(list: &'l List, policy: &mut Policy) -> Self {
        let rules = (list.rules)(policy).written(list);
        let default = (list.rules)(&mut Policy::default()).written(list);
        let vocabulary = policy.vocabulary();
        let is_wrong = |it: &WrittenRule| {
            let when = it.when.as_ref();
            when.is_some_and(|rule| !can_be_stated(rule, list, &vocabulary))
        };
        let stated = match rules.iter().position(is_wrong) {
            None => StatedList::All,
            Some(_) if rules == default => StatedList::Nothing,
            Some(most) => {
                own_count(&rules, &default, most).map_or(StatedList::All, StatedList::First)
            }
        };
        Self {
            list,
            rules,
            stated,
        }
    }

    fn print(&self, out: &mut String, language: Language) {
        out.push('\n');
        put_comment(out, self.list.comment.of(language));
        if self.rules.is_empty() {
            let name = self.list.name;
            let comment = both!(
                "There are none: `{name} = []` above.",
                "一条也没有：见上面的 `{name} = []`。"
            );
            put_comment(out, comment.of(language));
        }
        let own = match self.stated {
            StatedList::All => self.rules.len(),
            StatedList::First(count) => count,
            StatedList::Nothing => 0,
        };
        let (own, others) = self.rules.split_at(own);
        out.extend(own.iter().map(|it| &*it.text));
        if others.is_empty() {
            return;
        }
        if !own.is_empty() {
            out.push('\n');
        }
        let comment = Phrase(
            "These defaults are in force but name what this policy does not have, which they\n\
             may do only as long as they are not stated:",
            "以下默认规则有效，但提到了这里没有的名称；只有不写出来，才可以这样：",
        );
        put_comment(out, comment.of(language));
        let others: String = others.iter().map(|it| &*it.text).collect();
        put_comment(out, others.trim_start());
    }
}

/// Tells whether a rule has no fault if a book states it.
fn can_be_stated(rule: &str, list: &List, vocabulary: &Vocabulary) -> bool {
    let scope = RuleScope {
        columns: &[],
        vocabulary,
        limit: list.limit,
        is_default: false,
    };
    let source = SourceText::new("", rule);
    let text = RuleText::whole(&source);
    Rule::compile(&text, &scope, &mut Diagnostics::default()).is_some()
}

/// Returns how many rules stand before the default ones, at most so many, if a list ends in these: all,
/// but for those that were left out because a rule before bears their name.
fn own_count(rules: &[WrittenRule], default: &[WrittenRule], most: usize) -> Option<usize> {
    (0..=most).find(|own| {
        let (own, rest) = rules.split_at(*own);
        let is_borne =
            |it: &WrittenRule| it.name.is_some() && own.iter().any(|own| own.name == it.name);
        default.iter().filter(|it| !is_borne(it)).eq(rest)
    })
}

fn put_kinds(out: &mut String, kinds: &KindTable, language: Language) {
    let comment = Phrase(
        "Kinds of interaction of your own, and changes to the built-in ones:",
        "自己的记录类型，和对已有类型的更改：",
    );
    out.push('\n');
    put_comment(out, comment.of(language));
    let built_in = KindTable::default();
    let is_new = |kind: &&Kind| {
        let index = built_in.index_of(&kind.name);
        index.is_none_or(|index| built_in.kind(index) != *kind)
    };
    let changed: Vec<&Kind> = kinds.all().iter().filter(is_new).collect();
    if changed.is_empty() {
        put_comment(out, "[kind.golf]\ncontact = true\nlabel = \"高尔夫\"");
    }
    for kind in changed {
        let _ = writeln!(out, "[kind.{}]", quoted_key(&kind.name));
        put(out, "contact", &kind.contact.to_string());
        if let Some(label) = &kind.label {
            put(out, "label", &quoted(label));
        }
    }
}

/// Writes a key and its value.
fn put(out: &mut String, key: &str, value: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{key} = {value}");
}

/// Writes lines as a comment.
fn put_comment(out: &mut String, lines: &str) {
    for line in lines.lines() {
        let _ = writeln!(out, "{}", format!("# {line}").trim_end());
    }
}
