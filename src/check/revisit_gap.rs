//! The revisit rules of a book leave customers without a cadence.

use super::{Checked, Findings};
use chrono::NaiveDate;

use crate::diagnostic::{Diagnostic, REVISIT_GAP};
use crate::figures::{Figures, Needs};
use crate::load::Loaded;
use crate::metric::{Metric, Value};
use crate::policy::Policy;
use crate::rule::Rule;
use crate::source::{POLICY_FILE, Place};
use crate::words::{Phrase, both};

/// Returns the metrics that tell for whom no rule holds; none where there is a rule for all.
pub(super) fn metrics(policy: &Policy) -> Vec<Metric> {
    let whens: Option<Vec<&Rule>> = policy.revisits.iter().map(|it| it.when.as_ref()).collect();
    let Some(whens) = whens else {
        return Vec::new();
    };
    let metrics = whens.into_iter().flat_map(Rule::metrics).copied();
    metrics.chain([Metric::Lost]).collect()
}

/// Looks for customers that are not lost and for whom no rule holds.
pub(super) fn check(checked: &Checked<'_>) -> Findings {
    let book = &checked.loaded.book;
    // A rule that could not be read may be the one that is missing.
    let figures = checked.figures.filter(|_| checked.has_all_rules);
    let left = figures.map(|figures| left(figures, &checked.loaded.policy, checked.as_of));
    let left = left.unwrap_or_default();
    let Some(first) = left.first() else {
        return Findings::default();
    };
    let ids = [&*book.customers[*first as usize].id];
    Findings {
        listed: vec![told(&ids, left.len())],
        more: 0,
    }
}

/// Returns the ids of customers of a book, which has its rows, that are not lost and for whom no rule holds.
pub(crate) fn without_cadence(loaded: &Loaded, as_of: NaiveDate, threads: usize) -> Vec<String> {
    let (book, policy) = (&loaded.book, &loaded.policy);
    let metrics = metrics(policy);
    if metrics.is_empty() {
        return Vec::new();
    }
    let figures = Figures::new(book, policy, as_of, Needs::of(policy, metrics), threads);
    let left = left(&figures, policy, as_of).into_iter();
    left.map(|index| book.customers[index as usize].id.to_string())
        .collect()
}

fn left(figures: &Figures<'_>, policy: &Policy, as_of: NaiveDate) -> Vec<u32> {
    let rules = &policy.revisits;
    let is_left = |index: &u32| {
        let view = figures.of(*index as usize);
        let holds = |rule: &Rule| rule.matches(&view, as_of);
        view.customer().revisit.is_none()
            && !matches!(view.metric(Metric::Lost), Value::Bool(true))
            && !rules
                .iter()
                .any(|rule| rule.when.as_ref().is_none_or(holds))
    };
    if rules.iter().any(|rule| rule.when.is_none()) {
        return Vec::new();
    }
    figures.present().iter().copied().filter(is_left).collect()
}

/// Tells of so many customers for whom no rule is, with the names of some.
pub(crate) fn told(ids: &[&str], count: usize) -> Diagnostic {
    let whom = match ids {
        [id, ..] => both!(
            "{count} of the customers, such as `{id}`",
            "有 {count} 个客户（如 `{id}`）"
        ),
        [] => both!("{count} of the customers", "有 {count} 个客户"),
    };
    let message = both!(
        "no [[revisit]] rule is for {}: nobody is told to see them",
        "{}没有适用的 [[revisit]] 规则：不会提醒任何人回访",
        whom
    );
    let help = Phrase(
        "add a last [[revisit]] without `when`, such as `every = \"90d\"`; the book's rules replace the default ones",
        "在最后加一条没有 `when` 的 [[revisit]]，如 `every = \"90d\"`；账本的规则会取代默认规则",
    );
    Diagnostic::new(REVISIT_GAP, message, Place::file(POLICY_FILE)).help(help)
}
