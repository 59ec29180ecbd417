//! The filter of a question, compiled in the words of the book that is asked.

use super::owners::check_filter;
use super::refusal::Refused;
use crate::diagnostic::{Diagnostic, Diagnostics, RULE_NAME};
use crate::load::Loaded;
use crate::rule::{RowColumn, Rule, Vocabulary};
use crate::source::{Files, SourceText};
use crate::words::both;

/// The words that a filter may use.
pub(crate) struct FilterWords<'w> {
    /// Those of the policy.
    pub(crate) vocabulary: &'w Vocabulary,
    /// Columns beside all metrics.
    pub(crate) columns: &'w [RowColumn],
}

/// Compiles a filter, and returns whom it names that may be nobody.
///
/// # Errors
/// [`Refused`] if it is wrong.
pub(crate) fn compile_filter(
    text: &str,
    words: &FilterWords<'_>,
    (files, loaded): (&dyn Files, &Loaded),
    threads: usize,
) -> Result<(Rule, Vec<Diagnostic>), Refused> {
    let source = SourceText::new("RULE", text);
    let mut faults = Diagnostics::default();
    let rule = Rule::compile_filter(&source, words.vocabulary, words.columns, &mut faults);
    let Some(rule) = rule else {
        say_rule_of_word(text, words.vocabulary, &mut faults);
        return Err(Refused::Question(faults));
    };
    let odd = check_filter(&rule, files, loaded, threads).map_err(Refused::Question)?;
    Ok((rule, odd))
}

/// Says what rule was probably meant where only a word was typed: a tier, a stage, a name.
fn say_rule_of_word(word: &str, known: &Vocabulary, faults: &mut Diagnostics) {
    let is_word = |it: char| it.is_alphanumeric() || matches!(it, '.' | '_' | '-');
    let word = word.trim();
    if word.is_empty() || !word.chars().all(is_word) {
        return;
    }
    let metrics = [
        ("tier", &known.tiers),
        ("stage", &known.stages),
        ("flags", &known.flags),
        ("signals", &known.signals),
    ];
    let metric = metrics
        .iter()
        .find(|(_, words)| words.iter().any(|it| it == word));
    for fault in faults.listed_mut() {
        if fault.fault != RULE_NAME {
            continue;
        }
        let is_near = fault
            .help
            .as_ref()
            .is_some_and(|it| it.english().starts_with("did you mean"));
        if let Some((metric, _)) = metric {
            fault.help = Some(both!(
                "write '{metric} = {word}'",
                "请写 '{metric} = {word}'"
            ));
        } else if !is_near {
            fault.help = Some(both!(
                "`guanxi show {word}` shows a customer, 'name ~ {word}' looks for names",
                "`guanxi show {word}` 查看一个客户，'name ~ {word}' 按名称查找"
            ));
        }
    }
}
