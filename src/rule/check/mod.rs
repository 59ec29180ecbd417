//! From an expression to a tree that can judge: names, types, stages and known words, all at once.

mod opposite;

use std::ops::Range;

use opposite::no_text_to_search;

use super::eval::{CompareSide, RuleNode, Test, TestKind};
use super::lex::Op;
use super::literal::{LiteralWritten, described, written};
use super::named::RuleName;
use super::parse::{Expr, Operand, OperandKind};
use super::{FreeTable, RuleFault, RuleScope};
use crate::diagnostic::{RULE_NAME, RULE_STAGE, RULE_TYPE, did_you_mean, nearest};
use crate::metric::{Stage, Type, metric_by_name, metric_names, metric_read_as};
use crate::words::{Phrase, Same, both};

/// A name under `[custom]` or `[profile]` and its bytes in the rule.
pub(super) type FreeUse = (FreeTable, String, Range<usize>);

/// What an expression names that is known only with the whole book.
#[derive(Debug, Default)]
pub(super) struct BookUses {
    /// The names under `[custom]` and `[profile]`.
    pub(super) free: Vec<FreeUse>,
    /// The words opposite `owner`, and where they stand.
    pub(super) owners: Vec<(String, Range<usize>)>,
}

/// Checks an expression and makes it ready to judge; every fault in it is reported.
pub(super) fn check(
    expr: &Expr<'_>,
    scope: &RuleScope<'_>,
    faults: &mut Vec<RuleFault>,
) -> Option<(RuleNode, BookUses)> {
    let mut checker = Checker {
        scope,
        faults,
        uses: BookUses::default(),
    };
    let node = checker.node(expr)?;
    Some((node, checker.uses))
}

struct Checker<'s, 'f> {
    scope: &'s RuleScope<'s>,
    faults: &'f mut Vec<RuleFault>,
    uses: BookUses,
}

/// What an operand turns out to be.
#[derive(Clone, Debug)]
enum OperandMeaning<'s> {
    Named(RuleName<'s>),
    Free(FreeTable, String),
    /// A literal, or a word that may be a text.
    Literal,
}

impl<'s> Checker<'s, '_> {
    fn node(&mut self, expr: &Expr<'_>) -> Option<RuleNode> {
        match expr {
            Expr::Or(parts) => self.nodes(parts).map(RuleNode::Any),
            Expr::And(parts) => self.nodes(parts).map(RuleNode::All),
            Expr::Not(part) => Some(RuleNode::Not(Box::new(self.node(part)?))),
            Expr::Compare(left, op, right) => {
                let (left, right) = self.compare(left, *op, right)?;
                Some(test(expr, left, TestKind::Compare(*op, right)))
            }
            Expr::In(left, list) => {
                let mut sides = Vec::with_capacity(list.len());
                let mut name = None;
                let mut is_right = true;
                for element in list {
                    // The left side's own faults are told once, not for each element.
                    let before = self.faults.len();
                    match self.compare(left, Op::Equal, element) {
                        Some((left, element)) => {
                            name = Some(left);
                            sides.push(element);
                        }
                        None => is_right = false,
                    }
                    if self.faults[before..].iter().any(|it| it.span == left.span) {
                        return None;
                    }
                }
                let left = name.filter(|_| is_right)?;
                Some(test(expr, left, TestKind::In(sides)))
            }
            Expr::Known(operand, wanted) => {
                let side = self.name(operand)?;
                Some(test(expr, side, TestKind::Known(*wanted)))
            }
            Expr::Alone(operand) => {
                let side = self.name(operand)?;
                if let OperandMeaning::Named(metric) = self.meaning(operand)
                    && metric.kind() != Type::Bool
                {
                    let message = both!(
                        "`{}` is {} and no condition by itself",
                        "`{}` 是{}，不能单独作条件",
                        metric.name(),
                        described(metric.kind())
                    );
                    let help = both!(
                        "compare it with something, or write `{} is known`",
                        "请与某个值比较，或写 `{} is known`",
                        metric.name()
                    );
                    self.push(RuleFault::new(RULE_TYPE, operand.span.clone(), message).help(help));
                    return None;
                }
                Some(test(expr, side, TestKind::True))
            }
        }
    }

    /// Returns what an operand turns out to be.
    fn meaning(&self, operand: &Operand<'_>) -> OperandMeaning<'s> {
        let OperandKind::Word(word) = operand.kind else {
            return OperandMeaning::Literal;
        };
        let mut columns = self.scope.columns.iter().enumerate();
        if let Some((index, column)) = columns.find(|it| it.1.name == word) {
            return OperandMeaning::Named(RuleName::Column(index, column));
        }
        if let Some(metric) = metric_by_name(word) {
            return OperandMeaning::Named(RuleName::Metric(metric));
        }
        let free = |prefix| word.strip_prefix(prefix).filter(|name| !name.is_empty());
        if let Some(name) = free("custom.") {
            return OperandMeaning::Free(FreeTable::Custom, name.to_owned());
        }
        if let Some(name) = free("profile.") {
            return OperandMeaning::Free(FreeTable::Profile, name.to_owned());
        }
        OperandMeaning::Literal
    }

    /// Returns the name that an operand is near to.
    fn near_metric(&self, operand: &Operand<'_>) -> Option<&'s str> {
        let columns = self.scope.columns.iter().map(|it| it.name);
        match operand.kind {
            OperandKind::Word(word) => nearest(word, columns.chain(metric_names())),
            _ => None,
        }
    }

    fn nodes(&mut self, parts: &[Expr<'_>]) -> Option<Vec<RuleNode>> {
        // All parts are checked before giving up, so that every fault is told.
        let nodes: Vec<Option<RuleNode>> = parts.iter().map(|part| self.node(part)).collect();
        nodes.into_iter().collect()
    }

    fn push(&mut self, fault: RuleFault) {
        self.faults.push(fault);
    }

    /// Checks both sides of a comparison.
    fn compare(
        &mut self,
        left: &Operand<'_>,
        op: Op,
        right: &Operand<'_>,
    ) -> Option<(CompareSide, CompareSide)> {
        if let OperandKind::Regex(_) = left.kind {
            let message = Phrase(
                "a regular expression stands on the right of `~`",
                "正则表达式要写在 `~` 的右边",
            );
            self.push(RuleFault::new(RULE_TYPE, left.span.clone(), message));
            return None;
        }
        match (self.meaning(left), self.meaning(right)) {
            (OperandMeaning::Named(metric), other) if metric.is_text() => {
                let side = self.metric(metric, &left.span)?;
                if !self.fits_text(metric, op, &left.span) {
                    return None;
                }
                let right = match other {
                    OperandMeaning::Free(table, name) => self.free(table, name, &right.span),
                    _ => self.text_opposite(metric, op, right)?,
                };
                Some((side, right))
            }
            (OperandMeaning::Literal, OperandMeaning::Named(metric)) if metric.is_text() => {
                let side = self.metric(metric, &right.span)?;
                if op == Op::Like {
                    let message = Phrase(
                        "a name stands on the left of `~`, what it is searched for on the right",
                        "`~` 的左边写指标名，右边写要查找的文字",
                    );
                    self.push(RuleFault::new(RULE_TYPE, left.span.clone(), message));
                    return None;
                }
                if !self.fits_text(metric, op, &right.span) {
                    return None;
                }
                Some((self.text_opposite(metric, op, left)?, side))
            }
            (OperandMeaning::Named(metric), other) => {
                let side = self.metric(metric, &left.span);
                if !self.fits_order(metric, op, &left.span) {
                    return None;
                }
                let right = self.opposite(metric, other, right, &left.span)?;
                Some((side?, right))
            }
            (other, OperandMeaning::Named(metric)) => {
                if op == Op::Like || metric.is_text() {
                    // Only `custom.X` is left here: opposite a text metric all else is a text.
                    let right_side = self.metric(metric, &right.span)?;
                    if op == Op::Like && !metric.is_text() {
                        self.push(no_text_to_search(metric, &right.span));
                        return None;
                    }
                    let left_side = match other {
                        OperandMeaning::Free(table, name) => self.free(table, name, &left.span),
                        _ => return None,
                    };
                    if op.is_ordering() {
                        self.fits_text(metric, op, &right.span);
                        return None;
                    }
                    return Some((left_side, right_side));
                }
                let side = self.metric(metric, &right.span);
                if !self.fits_order(metric, op, &right.span) {
                    return None;
                }
                let left = self.opposite(metric, other, left, &right.span)?;
                Some((left, side?))
            }
            (OperandMeaning::Free(table, name), OperandMeaning::Free(other_table, other_name)) => {
                let left = self.free(table, name, &left.span);
                Some((left, self.free(other_table, other_name, &right.span)))
            }
            (OperandMeaning::Free(table, name), OperandMeaning::Literal) => {
                let side = self.free(table, name, &left.span);
                Some((side, self.any_literal(op, right)?))
            }
            (OperandMeaning::Literal, OperandMeaning::Free(table, name)) => {
                let side = self.free(table, name, &right.span);
                if op == Op::Like {
                    let message = Phrase(
                        "a name stands on the left of `~`, what it is searched for on the right",
                        "`~` 的左边写指标名，右边写要查找的文字",
                    );
                    self.push(RuleFault::new(RULE_TYPE, left.span.clone(), message));
                    return None;
                }
                Some((self.any_literal(op, left)?, side))
            }
            (OperandMeaning::Literal, OperandMeaning::Literal) => {
                // The side that looks more like a name is the one to complain of.
                let is_right_a_name = !is_bare_text(left) && is_bare_text(right)
                    || self.near_metric(left).is_none() && self.near_metric(right).is_some();
                self.no_metric(if is_right_a_name { right } else { left });
                None
            }
        }
    }

    /// Takes an operand that must be a name.
    fn name(&mut self, operand: &Operand<'_>) -> Option<CompareSide> {
        match self.meaning(operand) {
            OperandMeaning::Named(metric) => self.metric(metric, &operand.span),
            OperandMeaning::Free(table, name) => Some(self.free(table, name, &operand.span)),
            OperandMeaning::Literal => {
                self.no_metric(operand);
                None
            }
        }
    }

    fn no_metric(&mut self, operand: &Operand<'_>) {
        let spelling = operand.spelling();
        let fault = match &operand.kind {
            OperandKind::Word(word) if is_bare_text(operand) => {
                let message = both!("no metric is called `{word}`", "没有名为 `{word}` 的指标");
                let near = metric_read_as(word).or_else(|| self.near_metric(operand));
                let lists = || {
                    Phrase(
                        "`guanxi metrics` lists them; a name of your own is written `custom.NAME`",
                        "`guanxi metrics` 列出全部指标；自己的字段写成 `custom.名称`",
                    )
                    .into()
                };
                let help = near.map_or_else(lists, did_you_mean);
                RuleFault::new(RULE_NAME, operand.span.clone(), message).help(help)
            }
            _ => {
                let message = both!(
                    "`{spelling}` is no metric, and one must stand on either side",
                    "`{spelling}` 不是指标，而两边至少有一边要是指标"
                );
                RuleFault::new(RULE_NAME, operand.span.clone(), message).help(Phrase(
                    "`guanxi metrics` lists them",
                    "`guanxi metrics` 列出全部指标",
                ))
            }
        };
        self.push(fault);
    }

    /// Takes a metric, if this rule may use it.
    fn metric(&mut self, named: RuleName<'s>, span: &Range<usize>) -> Option<CompareSide> {
        let RuleName::Metric(metric) = named else {
            return Some(named.side());
        };
        let entry = metric.entry();
        if entry.stage <= self.scope.limit {
            return Some(named.side());
        }
        let own = match self.scope.limit {
            Stage::Facts => Stage::Tier,
            Stage::Tier => Stage::Clock,
            Stage::Clock => Stage::Churn,
            Stage::Churn | Stage::Flags => Stage::Flags,
        };
        let when = if entry.stage == own {
            Phrase(
                "at the same time as this rule is judged",
                "与本规则同时得出",
            )
        } else {
            Phrase("after this rule is judged", "在本规则之后才得出")
        };
        let message = both!(
            "`{}` is made {}, so the rule cannot use it",
            "`{}` {}，因此本规则不能用它",
            Same(entry.name),
            when
        );
        let help = both!(
            "the order is facts, tier, clock, churn, flags: this rule belongs to {} and may use \
             what comes before, `{}` belongs to {}",
            "先后顺序是 facts、tier、clock、churn、flags：本规则属于 {}，只能用在它之前的；`{}` 属于 {}",
            Same(own.name()),
            Same(entry.name),
            Same(entry.stage.name())
        );
        self.push(RuleFault::new(RULE_STAGE, span.clone(), message).help(help));
        None
    }

    fn free(&mut self, table: FreeTable, name: String, span: &Range<usize>) -> CompareSide {
        let side = match table {
            FreeTable::Custom => CompareSide::Custom(name.as_str().into()),
            FreeTable::Profile => CompareSide::Profile(name.as_str().into()),
        };
        // The left side of `in` is looked at once for each element.
        if self.uses.free.last().is_none_or(|last| last.2 != *span) {
            self.uses.free.push((table, name, span.clone()));
        }
        side
    }
}

fn test(expr: &Expr<'_>, left: CompareSide, kind: TestKind) -> RuleNode {
    let text = expr.to_string().into();
    RuleNode::Test(Test { left, kind, text })
}

/// Tells whether an operand is a word that reads as no literal.
fn is_bare_text(operand: &Operand<'_>) -> bool {
    matches!(written(operand), LiteralWritten::Bare)
}
