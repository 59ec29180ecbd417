//! Numbers that a metric never reaches.

use super::RuleFault;
use super::literal::LiteralWritten;
use super::parse::Operand;
use crate::diagnostic::RULE_RANGE;
use crate::metric::{Metric, Type};
use crate::model::Fraction;
use crate::words::{Same, Wording, both};

/// Returns the fault of a literal that lies outside of its metric's range, if that has one.
pub(super) fn out_of_range(
    metric: Metric,
    written: &LiteralWritten,
    operand: &Operand<'_>,
) -> Option<RuleFault> {
    let (least, greatest) = metric.range()?;
    let (least, greatest) = (Fraction::whole(least), Fraction::whole(greatest));
    let (LiteralWritten::Number(number) | LiteralWritten::Percent(number)) = written else {
        return None;
    };
    if (least..=greatest).contains(number) {
        return None;
    }
    let (entry, text) = (metric.entry(), operand.spelling());
    let range = Wording::new(entry.unit.to_owned(), entry.unit.replace(" to ", " 至 "));
    let message = both!(
        "`{}` lies in {}, and `{text}` does not",
        "`{}` 的范围是{}，而 `{text}` 不在其中",
        Same(entry.name),
        range
    );
    let is_percent = matches!(written, LiteralWritten::Number(_))
        && entry.kind == Type::Ratio
        && (least..=Fraction::whole(100)).contains(number);
    let help = is_percent.then(|| both!("is `{text}%` meant?", "是不是要写 `{text}%`？"));
    Some(RuleFault::new(RULE_RANGE, operand.span.clone(), message).maybe_help(help))
}
