//! Reading `guanxi.toml` over the defaults: every mistake at once, each rule with its stage limit.

use std::fmt::Write as _;

use super::imports::read_imports;
use super::keys::{Body, TABLES};
use super::lists::{EXTENDABLE, LISTS};
use super::slot::{Slot, Tiers};
use super::{Policy, Weights, working};
use crate::diagnostic::{Diagnostics, MISPLACED_SETTING, Nearest as _, WRONG_VALUE};
use crate::model::{KindTable, check_id};
use crate::rule::{Rule, RuleScope, RuleText};
use crate::source::SourceText;
use crate::toml_table::{TomlStore, TomlTable, parse_toml};
use crate::words::{Phrase, Same, both};

/// The field's practice: the default rules.
const RULES: &str = include_str!("rules.toml");

impl Default for Policy {
    fn default() -> Self {
        let mut policy = Self::unset();
        let mut text = String::new();
        for table in TABLES {
            if !table.name.is_empty() {
                let _ = writeln!(text, "[{}]", table.name);
            }
            for key in table.keys().iter().filter(|it| !it.default.is_empty()) {
                let _ = writeln!(text, "{} = {}", key.name, key.default);
            }
        }
        text.push_str(RULES);
        let source = SourceText::new("default policy", text);
        let mut diagnostics = Diagnostics::default();
        lay_over(&mut policy, &source, Author::Program, &mut diagnostics);
        debug_assert!(diagnostics.is_empty(), "{:?}", diagnostics.listed());
        policy
    }
}

/// Reads a book's policy: what the file states, over the defaults.
///
/// What is wrong is reported and keeps its default; a rule that is wrong is left out.
pub fn read(source: &SourceText, diagnostics: &mut Diagnostics) -> Policy {
    let mut policy = Policy::default();
    lay_over(&mut policy, source, Author::Book, diagnostics);
    policy
}

/// Who wrote a policy file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Author {
    /// This program: its rules may name what a book does not have.
    Program,
    /// The one who keeps the book.
    Book,
}

fn lay_over(
    policy: &mut Policy,
    source: &SourceText,
    author: Author,
    diagnostics: &mut Diagnostics,
) {
    let is_default = author == Author::Program;
    let mut store = TomlStore::default();
    let document = parse_toml(source, &mut store, diagnostics);
    let mut root = document.root(diagnostics);
    root.set_has_calendar(root.has(working::NAME));
    let mut tiers = Tiers {
        names: Vec::new(),
        may_miss: is_default,
    };
    let mut extended = Vec::new();
    Slot::Texts(&mut extended, EXTENDABLE).read(&mut root, "extend", &tiers);
    let take = |list: &super::lists::List| {
        let extends = extended.iter().any(|it| it == list.name);
        (list.rules)(policy).take(&mut root, list, extends)
    };
    // A rule may use the names of every list, so that conditions come last.
    let conditions: Vec<_> = LISTS.iter().map(take).collect();
    tiers.names = policy.tiers.iter().map(|it| it.name.clone()).collect();
    read_tables(policy, &mut root, &tiers);
    if let Some(mut table) = root.table(working::NAME) {
        working::read(policy, &mut table);
        table.finish();
    }
    if let Some(mut table) = root.table("kind") {
        read_kinds(&mut policy.kinds, &mut table);
    }
    if let Some(mut table) = root.table("import") {
        policy.imports = read_imports(&mut table);
    }
    if let Some(mut table) = root.table("stage") {
        read_stages(policy, &mut table);
    }
    refuse_settings(&mut root);
    root.finish();

    let vocabulary = policy.vocabulary();
    for (list, conditions) in LISTS.iter().zip(conditions) {
        let scope = RuleScope {
            columns: &[],
            vocabulary: &vocabulary,
            limit: list.limit,
            is_default,
        };
        (list.rules)(policy).compile(conditions, &mut |text, span| {
            let text = RuleText::in_toml(source, text, span);
            Rule::compile(&text, &scope, diagnostics)
        });
    }
}

fn read_tables(policy: &mut Policy, root: &mut TomlTable<'_, '_>, tiers: &Tiers) {
    for row in TABLES {
        if row.name.is_empty() {
            for key in row.keys() {
                (key.slot)(policy).read(root, key.name, tiers);
            }
            continue;
        }
        let Some(mut table) = root.table(row.name) else {
            continue;
        };
        if let Body::Weights(_, _, weights) = row.body {
            read_weights(weights(policy), &mut table);
            continue;
        }
        let before = policy.clone();
        for key in row.keys() {
            // Where a book states an earlier name and the present one, that counts.
            for earlier in key.earlier {
                (key.slot)(policy).read(&mut table, earlier, tiers);
                if table.has(earlier) && table.has(key.name) {
                    let span = table.value(earlier).map_or(0..0, |it| it.span());
                    let name = key.name;
                    let message = both!(
                        "`{earlier}` is the earlier name of `{name}`, which is there too",
                        "`{earlier}` 是 `{name}` 的旧名，而两个都写了"
                    );
                    table.report(
                        WRONG_VALUE,
                        span,
                        message,
                        both!("remove `{earlier}`", "删去 `{earlier}`"),
                    );
                }
            }
            (key.slot)(policy).read(&mut table, key.name, tiers);
        }
        if let Body::Judged(_, judge) = row.body {
            judge(policy, &before, &mut table);
        }
        table.finish();
    }
}

fn read_weights(weights: &mut Weights, table: &mut TomlTable<'_, '_>) {
    for (name, value) in table.entries() {
        let Some(weight) = table.decimal_of(name.get_ref(), &value, 0, i64::MAX) else {
            continue;
        };
        match weights.0.iter_mut().find(|it| it.0 == **name.get_ref()) {
            Some(known) => known.1 = weight,
            None => weights.0.push((name.get_ref().to_string(), weight)),
        }
    }
}

/// Reads `[stage.X] label`.
fn read_stages(policy: &mut Policy, table: &mut TomlTable<'_, '_>) {
    for (name, value) in table.entries() {
        let Some(mut below) = table.below(&format!("stage.{}", name.get_ref()), &value) else {
            continue;
        };
        let label = below.text("label").map(str::to_owned);
        below.finish();
        let name_text = name.get_ref().to_string();
        if !policy.stages.contains(&name_text) {
            let message = both!(
                "`{name_text}` is not one of the `stages`",
                "`{name_text}` 不在 `stages` 之中"
            );
            let help = policy.stages.iter().map(String::as_str).help(&name_text);
            table.report(WRONG_VALUE, name.span(), message, help);
            continue;
        }
        policy.stage_labels.retain(|it| it.0 != name_text);
        policy.stage_labels.extend(label.map(|it| (name_text, it)));
    }
}

/// The keys of a user's own settings, none of which a book may set: they run programs or lead out of it.
const SETTINGS: [&str; 4] = ["alias", "pager", "editor", "book"];

/// Refuses settings that only a user's own file may have.
fn refuse_settings(root: &mut TomlTable<'_, '_>) {
    for key in SETTINGS {
        let Some(value) = root.value(key) else {
            continue;
        };
        let message = both!(
            "`{key}` is a setting of a person, and a book cannot make it",
            "`{key}` 是个人设置，不能写在账本里"
        );
        let help = Phrase(
            "put it into your own file: `guanxi config --path` tells where that is",
            "写进自己的设置文件：`guanxi config --path` 会显示它在哪里",
        );
        root.report(MISPLACED_SETTING, value.span(), message, help);
    }
}

fn read_kinds(kinds: &mut KindTable, table: &mut TomlTable<'_, '_>) {
    for (name, value) in table.entries() {
        let Some(mut below) = table.below(&format!("kind.{}", name.get_ref()), &value) else {
            continue;
        };
        let contact = below.bool("contact");
        let label = below.text("label").map(str::to_owned);
        below.finish();
        if let Err(fault) = check_id(name.get_ref()) {
            let message = both!(
                "the kind `{}` {}",
                "类型 `{}` {}",
                Same(name.get_ref()),
                fault.reason()
            );
            table.report(WRONG_VALUE, name.span(), message, None);
        } else if !kinds.set(name.get_ref(), contact, label) {
            let message = Phrase("there can be no more than 255 kinds", "类型最多 255 个");
            table.report(WRONG_VALUE, name.span(), message, None);
        }
    }
}
