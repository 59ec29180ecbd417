//! Lists of rules as a policy states them: compiled, and put in the place of the default ones or before them.

use std::ops::Range;

use super::{CadenceRule, ChurnRule, NamedRule, SlaRule, TierRule};
use crate::diagnostic::Diagnostics;
use crate::metric::Stage;
use crate::rule::{Rule, RuleText, Scope};
use crate::source::SourceText;

/// A rule's text and where it stands, quotes included.
pub(super) type When<'t> = Option<(&'t str, Range<usize>)>;

/// The rules of one list with their conditions still to be compiled; `None` if it is not stated.
pub(super) type Stated<'t, T> = Option<Vec<Option<(T, When<'t>)>>>;

/// A rule of any list.
pub(super) trait ListedRule {
    /// Returns its condition.
    fn condition(&mut self) -> &mut Option<Rule>;

    /// Returns its name, where no other of the list has that.
    fn name(&self) -> Option<&str>;
}

impl ListedRule for TierRule {
    fn condition(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl ListedRule for NamedRule {
    fn condition(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        Some(&self.name)
    }
}

impl ListedRule for CadenceRule {
    fn condition(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        None
    }
}

impl ListedRule for SlaRule {
    fn condition(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        None
    }
}

impl ListedRule for ChurnRule {
    fn condition(&mut self) -> &mut Option<Rule> {
        &mut self.when
    }
    fn name(&self) -> Option<&str> {
        None
    }
}

/// Takes the names of a list's stated rules in the place of those before, or before them.
pub(super) fn name_all<T>(
    names: &mut Vec<String>,
    stated: &Stated<'_, T>,
    extends: bool,
    name: impl Fn(&T) -> &String,
) {
    if let Some(stated) = stated {
        let own = stated.iter().flatten().map(|(rule, _)| name(rule).clone());
        let own: Vec<String> = own.collect();
        let before = std::mem::replace(names, own);
        if extends {
            for name in before {
                if !names.contains(&name) {
                    names.push(name);
                }
            }
        }
    }
}

/// Compiles the conditions of one file.
pub(super) struct Compiler<'s> {
    pub(super) source: &'s SourceText,
    pub(super) scope: Scope<'s>,
    pub(super) diagnostics: &'s mut Diagnostics,
}

impl Compiler<'_> {
    /// Puts the stated rules in place of a list, or before it; one whose condition is wrong is left out.
    ///
    /// A rule of the list whose name a stated one bears gives way to that.
    pub(super) fn lay<T: ListedRule>(
        &mut self,
        list: &mut Vec<T>,
        stated: Stated<'_, T>,
        limit: Stage,
        extends: bool,
    ) {
        let Some(stated) = stated else {
            return;
        };
        self.scope.limit = limit;
        let before = std::mem::take(list);
        for (mut rule, when) in stated.into_iter().flatten() {
            if let Some((text, span)) = when {
                let text = RuleText::in_toml(self.source, text, span);
                let compiled = Rule::compile(&text, &self.scope, self.diagnostics);
                if compiled.is_none() {
                    continue;
                }
                *rule.condition() = compiled;
            }
            list.push(rule);
        }
        if extends {
            let own = list.len();
            for rule in before {
                let is_borne = |name: &str| list[..own].iter().any(|it| it.name() == Some(name));
                if !rule.name().is_some_and(is_borne) {
                    list.push(rule);
                }
            }
        }
    }
}
