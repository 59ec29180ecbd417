//! What may stand opposite a metric: operators, texts, patterns and literals that suit its type.

use std::ops::Range;

use unicode_normalization::UnicodeNormalization;

use super::{Checker, OperandMeaning};
use crate::diagnostic::{Nearest, RULE_NAME, RULE_SYNTAX, RULE_TYPE, RULE_WORD};
use crate::metric::Type;
use crate::rule::RuleFault;
use crate::rule::eval::{CompareSide, Literal, NumberLiteral, TextLiteral};
use crate::rule::lex::Op;
use crate::rule::literal::{self, LiteralWritten, described, fitting, written, written_like};
use crate::rule::named::{RuleName, named_by_label};
use crate::rule::parse::{Operand, OperandKind};
use crate::rule::range::out_of_range;
use crate::words::{Phrase, Same, both, listed};

impl<'s> Checker<'s, '_> {
    /// Sees that an operator suits a text metric.
    pub(super) fn fits_text(&mut self, metric: RuleName<'s>, op: Op, span: &Range<usize>) -> bool {
        if op.is_ordering() {
            let message = both!(
                "`{}` is {}, which has no order for `{}`",
                "`{}` 是{}，没有大小顺序，不能用 `{}`",
                metric.name(),
                described(metric.kind()),
                Same(op.symbol())
            );
            let help = Phrase(
                "texts are compared with `=`, `!=`, `~` or `in`",
                "文本用 `=`、`!=`、`~` 或 `in` 比较",
            );
            self.push(RuleFault::new(RULE_TYPE, span.clone(), message).help(help));
        }
        !op.is_ordering()
    }

    /// Sees that an operator suits a metric that is no text.
    pub(super) fn fits_order(&mut self, metric: RuleName<'s>, op: Op, span: &Range<usize>) -> bool {
        if op == Op::Like {
            self.push(no_text_to_search(metric, span));
            return false;
        }
        if op.is_ordering() && metric.kind() == Type::Bool {
            let name = metric.name();
            let message = both!(
                "`{name}` is true or false, which has no order for `{}`",
                "`{name}` 是是非值，没有大小顺序，不能用 `{}`",
                Same(op.symbol())
            );
            let help = both!(
                "write `{name}` or `not {name}`",
                "请写 `{name}` 或 `not {name}`"
            );
            self.push(RuleFault::new(RULE_TYPE, span.clone(), message).help(help));
            return false;
        }
        true
    }

    /// Takes what stands opposite a text metric: a text by its spelling, or a pattern.
    pub(super) fn text_opposite(
        &mut self,
        metric: RuleName<'s>,
        op: Op,
        operand: &Operand<'_>,
    ) -> Option<CompareSide> {
        if let OperandKind::Regex(pattern) = operand.kind {
            return self.pattern(pattern, op, &operand.span);
        }
        let text = operand.spelling();
        if op != Op::Like {
            self.check_word(metric, text, &operand.span)?;
            if metric.is_person() && !self.scope.is_default {
                let word = (text.to_owned(), operand.span.clone());
                self.uses.owners.push(word);
            }
        }
        Some(text_side(text))
    }

    /// Sees that a metric whose words are known can have this one.
    fn check_word(&mut self, metric: RuleName<'s>, text: &str, span: &Range<usize>) -> Option<()> {
        let vocabulary = self.scope.vocabulary;
        let Some(words) = metric.words(vocabulary) else {
            return Some(());
        };
        if self.scope.is_default || words.iter().any(|word| word.nfc().eq(text.nfc())) {
            return Some(());
        }
        let name = metric.name();
        let message = if metric.kind() == Type::List {
            both!(
                "`{name}` never have `{text}` among them",
                "`{name}` 中不会有 `{text}`"
            )
        } else {
            both!("`{name}` is never `{text}`", "`{name}` 不会是 `{text}`")
        };
        let of_label = named_by_label(metric, &words, text, vocabulary);
        let help = of_label
            .or_else(|| words.iter().copied().help(text))
            .unwrap_or_else(|| {
                let all = listed(words.iter().map(|word| format!("`{word}`")));
                match &words[..] {
                    [] => both!(
                        "this book's policy has no {name}",
                        "本账本的规则中没有 {name}"
                    ),
                    _ if text == "unknown" || text == "known" => {
                        both!("write `{name} is {text}`", "写成 `{name} is {text}`")
                    }
                    _ => both!("it can be {}", "可以是 {}", all),
                }
            });
        self.push(RuleFault::new(RULE_WORD, span.clone(), message).help(help));
        None
    }

    fn pattern(&mut self, pattern: &str, op: Op, span: &Range<usize>) -> Option<CompareSide> {
        if op != Op::Like {
            let message = both!(
                "a regular expression goes with `~`, not with `{}`",
                "正则表达式只能用 `~`，不能用 `{}`",
                Same(op.symbol())
            );
            self.push(RuleFault::new(RULE_TYPE, span.clone(), message));
            return None;
        }
        match literal::pattern(pattern) {
            Ok(pattern) => {
                let literal = Literal {
                    pattern: Some(pattern),
                    ..Literal::default()
                };
                Some(CompareSide::Literal(Box::new(literal)))
            }
            Err((reason, part)) => {
                let inner = span.start + 1;
                let span = part.map_or(span.clone(), |it| inner + it.start..inner + it.end);
                let message = both!(
                    "this is no regular expression: {}",
                    "正则表达式有误：{}",
                    reason
                );
                self.push(RuleFault::new(RULE_SYNTAX, span, message));
                None
            }
        }
    }

    /// Takes what stands opposite a metric that is no text.
    pub(super) fn opposite(
        &mut self,
        metric: RuleName<'s>,
        meaning: OperandMeaning<'s>,
        operand: &Operand<'_>,
        metric_span: &Range<usize>,
    ) -> Option<CompareSide> {
        let kind = metric.kind();
        match meaning {
            OperandMeaning::Named(other) => {
                let side = self.metric(other, &operand.span)?;
                let other_kind = other.kind();
                if other_kind == kind {
                    return Some(side);
                }
                let message = both!(
                    "`{}` is {} and cannot be compared with `{}`, which is {}",
                    "`{}` 是{}，不能与 `{}`（{}）比较",
                    metric.name(),
                    described(kind),
                    other.name(),
                    described(other_kind)
                );
                let span = if operand.span.start > metric_span.start {
                    operand.span.clone()
                } else {
                    metric_span.clone()
                };
                self.push(RuleFault::new(RULE_TYPE, span, message).label(written_like(kind)));
                None
            }
            OperandMeaning::Free(table, name) => Some(self.free(table, name, &operand.span)),
            OperandMeaning::Literal => {
                let written = written(operand);
                if let Some(literal) = fitting(&written, kind) {
                    if let RuleName::Metric(metric) = metric
                        && let Some(fault) = out_of_range(metric, &written, operand)
                    {
                        self.push(fault);
                        return None;
                    }
                    return Some(CompareSide::Literal(Box::new(literal)));
                }
                let name = metric.name();
                let fault = match (&written, self.near_metric(operand)) {
                    (LiteralWritten::Bare, Some(near)) => {
                        let message = both!(
                            "no metric is called `{}`",
                            "没有名为 `{}` 的指标",
                            Same(operand.spelling())
                        );
                        RuleFault::new(RULE_NAME, operand.span.clone(), message)
                            .help(both!("did you mean `{near}`?", "您是否指 `{near}`？"))
                    }
                    (LiteralWritten::Bare, None) => {
                        let text = operand.spelling();
                        let message = both!(
                            "`{name}` is {}, and `{text}` is none",
                            "`{name}` 是{}，而 `{text}` 不是",
                            described(kind)
                        );
                        let help = matches!(text, "known" | "unknown")
                            .then(|| both!("write `{name} is {text}`", "请写 `{name} is {text}`"));
                        RuleFault::new(RULE_TYPE, operand.span.clone(), message)
                            .label(written_like(kind))
                            .maybe_help(help)
                    }
                    (LiteralWritten::TooLong, _) => {
                        let message = Phrase("a number has at most 18 digits", "数最多 18 位");
                        RuleFault::new(RULE_TYPE, operand.span.clone(), message)
                    }
                    (LiteralWritten::NoDay, _) => {
                        let message = both!(
                            "there is no day `{}`",
                            "没有 `{}` 这一天",
                            Same(operand.spelling())
                        );
                        RuleFault::new(RULE_TYPE, operand.span.clone(), message)
                    }
                    _ => {
                        let message = both!(
                            "`{name}` is {} and cannot be compared with {}",
                            "`{name}` 是{}，不能与{}比较",
                            described(kind),
                            written.described()
                        );
                        // In Chinese business `20w` is short for 20万; here it is twenty weeks.
                        let digits = operand.spelling().strip_suffix('w');
                        let help = digits.filter(|_| kind == Type::Money).map(|digits| {
                            both!(
                                "`w` is for weeks; write `{digits}万`",
                                "`w` 表示周；请写 `{digits}万`"
                            )
                        });
                        RuleFault::new(RULE_TYPE, operand.span.clone(), message)
                            .label(written_like(kind))
                            .maybe_help(help)
                    }
                };
                self.push(fault);
                None
            }
        }
    }

    /// Takes what stands opposite `custom.X`: all that it can be read as.
    pub(super) fn any_literal(&mut self, op: Op, operand: &Operand<'_>) -> Option<CompareSide> {
        if let OperandKind::Regex(pattern) = operand.kind {
            return self.pattern(pattern, op, &operand.span);
        }
        let written = written(operand);
        if op.is_ordering()
            && matches!(
                written,
                LiteralWritten::Bare | LiteralWritten::Quoted | LiteralWritten::Truth(_)
            )
        {
            let message = both!(
                "`{}` asks for an order, and `{}` is neither a number nor a date",
                "`{}` 要比较大小，而 `{}` 既不是数也不是日期",
                Same(op.symbol()),
                Same(operand.spelling())
            );
            self.push(RuleFault::new(RULE_TYPE, operand.span.clone(), message));
            return None;
        }
        let mut literal = Literal {
            text: Some(TextLiteral::new(operand.spelling())),
            ..Literal::default()
        };
        match written {
            LiteralWritten::Number(number)
            | LiteralWritten::Money(number)
            | LiteralWritten::Percent(number)
            | LiteralWritten::Span(number) => literal.number = Some(NumberLiteral::new(number)),
            LiteralWritten::Date(date) => literal.date = Some(date),
            LiteralWritten::Truth(truth) => literal.truth = Some(truth),
            LiteralWritten::Bare
            | LiteralWritten::Quoted
            | LiteralWritten::Regex
            | LiteralWritten::TooLong
            | LiteralWritten::NoDay => {}
        }
        Some(CompareSide::Literal(Box::new(literal)))
    }
}

fn text_side(text: &str) -> CompareSide {
    CompareSide::Literal(Box::new(Literal {
        text: Some(TextLiteral::new(text)),
        ..Literal::default()
    }))
}

pub(super) fn no_text_to_search(metric: RuleName<'_>, span: &Range<usize>) -> RuleFault {
    let message = both!(
        "`{}` is {} and has no text for `~` to search",
        "`{}` 是{}，没有可供 `~` 查找的文字",
        metric.name(),
        described(metric.kind())
    );
    RuleFault::new(RULE_TYPE, span.clone(), message)
}
