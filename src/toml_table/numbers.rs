//! Reading money, numbers and spans of days.

use super::tree::{Spanned, TomlValue};
use super::{TomlTable, value_digits};
use crate::diagnostic::WRONG_VALUE;
use crate::model::{Fraction, Money, NotMoney, Revisit, Span, Terms, Text, parse_span};
use crate::source::clipped;
use crate::words::{Phrase, both};

impl<'t> TomlTable<'t, '_> {
    /// Reads money that is not negative: written digits, or a text with a unit.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn money(&mut self, key: &'t str) -> Option<Money> {
        let entry = self.entry(key)?;
        let text = self.table.text(entry);
        text.and_then(|text| Money::parse_with_unit(text).ok())
            .filter(|money| *money >= Money::ZERO)
            .or_else(|| self.money_of(key, &self.table.value(entry)))
    }

    fn money_of(&mut self, key: &str, value: &Spanned<TomlValue<'_>>) -> Option<Money> {
        const CURE: Phrase = Phrase(
            "write it like `3000000`, `\"3000000.00\"`, `\"300万\"` or `\"50k\"`",
            "请写成 `3000000`、`\"3000000.00\"`、`\"300万\"` 或 `\"50k\"`",
        );
        let written = match *value.get_ref() {
            TomlValue::String("") => return None,
            TomlValue::String(text) => text,
            ref other => {
                let Some(digits) = value_digits(other) else {
                    self.wrong_type(key, value, Phrase("money", "金额"), CURE);
                    return None;
                };
                digits
            }
        };
        let fault = match Money::parse_with_unit(written) {
            Ok(money) if money >= Money::ZERO => return Some(money),
            Ok(_) => both!("`{key}` cannot be negative", "`{key}` 不能是负数"),
            Err(NotMoney::NotANumber) => both!(
                "`{}` is no amount of money",
                "`{}` 不是金额",
                clipped(written)
            ),
            Err(NotMoney::TooLarge) => {
                both!(
                    "`{}` has more than 14 digits before the point",
                    "`{}` 的整数部分超过 14 位",
                    clipped(written)
                )
            }
            Err(NotMoney::TooFine) => both!(
                "`{}` has more than 4 digits after the point",
                "`{}` 的小数部分超过 4 位",
                clipped(written)
            ),
        };
        self.report(WRONG_VALUE, value.span(), fault, CURE);
        None
    }

    /// Reads a number exactly as written, from `least` to `most` (both allowed).
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn decimal(&mut self, key: &'t str, least: i64, most: i64) -> Option<Fraction> {
        let entry = self.entry(key)?;
        // Most numbers of a customer are one to three digits.
        let digits = self.table.digits(entry);
        digits
            .and_then(short_whole)
            .filter(|number| (least..=most).contains(number))
            .map(Fraction::whole)
            .or_else(|| self.decimal_of(key, &self.table.value(entry), least, most))
    }

    /// Reads a number of a table with free keys, from `least` to `most` (both allowed).
    pub(crate) fn decimal_of(
        &mut self,
        key: &str,
        value: &Spanned<TomlValue<'_>>,
        least: i64,
        most: i64,
    ) -> Option<Fraction> {
        let range = || {
            if most == i64::MAX {
                both!("a number from {least} up", "不小于 {least} 的数")
            } else {
                both!("a number from {least} to {most}", "{least} 到 {most} 的数")
            }
        };
        let Some(digits) = value_digits(value.get_ref()) else {
            self.wrong_type(key, value, range(), number_cure(value.get_ref()));
            return None;
        };
        // Its at most 18 digits times 64 bits fit, which comparing fractions would find out first.
        let is_within = |it: &Fraction| {
            let of_least = i128::from(least) * it.denominator();
            let of_most = i128::from(most) * it.denominator();
            (of_least..=of_most).contains(&it.numerator())
        };
        let number = Fraction::parse_number(digits).filter(is_within);
        if number.is_none() {
            let message = both!(
                "`{}` is {}, not `{}`",
                "`{}` 应当是{}，不能是 `{}`",
                clipped(key),
                range(),
                clipped(digits)
            );
            let cure = match Fraction::parse_number(digits) {
                Some(_) => both!("write {}", "请写{}", range()),
                None => PLAIN_DIGITS.into(),
            };
            self.report(WRONG_VALUE, value.span(), message, Some(cure));
        }
        number
    }

    /// Reads a whole number from `least` to `most` (both allowed).
    pub(crate) fn whole(&mut self, key: &'t str, least: i64, most: i64) -> Option<i64> {
        let number = self.decimal(key, least, most)?;
        if number.to_whole().is_none() {
            let span = self.table.get(key).map_or(0..0, |it| it.span());
            self.report(
                WRONG_VALUE,
                span,
                both!("`{key}` is a whole number", "`{key}` 是整数"),
                None,
            );
        }
        number.to_whole()
    }

    /// Reads a span such as `"60d"` as days.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn span_days(&mut self, key: &'t str, least: i64) -> Option<i64> {
        let value = self.value(key)?;
        match self.cadence_or_span(key, &value, least, Unusual::Refused)? {
            Revisit::Every(Span::Days(days)) => Some(days),
            Revisit::Every(Span::WorkingDays(_)) | Revisit::Never => None,
        }
    }

    /// Reads a cadence: a span of at least a day, or `"never"`.
    #[expect(
        clippy::inline_always,
        reason = "of a key that is written in the code, all but the look-up is done when compiling"
    )]
    #[inline(always)]
    pub(crate) fn cadence(&mut self, key: &'t str) -> Option<Revisit> {
        let value = self.value(key)?;
        self.cadence_or_span(key, &value, 1, Unusual::Taken)
    }

    /// Reads a span of so many calendar days at least, or `"never"`.
    pub(crate) fn days_or_never(&mut self, key: &'t str, least: i64) -> Option<Revisit> {
        if self.value(key)?.get_ref().as_str() == Some("never") {
            return Some(Revisit::Never);
        }
        let days = self.span_days(key, least)?;
        Some(Revisit::Every(Span::Days(days)))
    }

    /// Reads a span of at least so many days, or `"never"`, which gives none.
    pub(crate) fn span_or_never(&mut self, key: &'t str, least: i64) -> Option<Span> {
        let value = self.value(key)?;
        match self.cadence_or_span(key, &value, least, Unusual::Taken)? {
            Revisit::Every(span) => Some(span),
            Revisit::Never => None,
        }
    }

    /// Reads a span that may also count back, such as `"7d"` or `"-7d"`.
    pub(crate) fn signed_span(&mut self, key: &'t str) -> Option<i64> {
        const CURE: Phrase = Phrase(
            "write it like `\"7d\"`, or `\"-7d\"` for days before",
            "请写成 `\"7d\"`，之前的天数写成 `\"-7d\"`",
        );
        let value = self.value(key)?;
        let TomlValue::String(text) = value.get_ref() else {
            self.wrong_type(key, &value, Phrase("a span of days", "时长"), CURE);
            return None;
        };
        if text.is_empty() {
            return None;
        }
        let days = match text.strip_prefix('-') {
            Some(back) => parse_span(back).map(|days| -days),
            None => parse_span(text),
        };
        if days.is_none() {
            let message = both!("`{}` is no span of days", "`{}` 不是时长", clipped(text));
            self.report(WRONG_VALUE, value.span(), message, CURE);
        }
        days
    }

    /// Reads payment terms such as `"60d"` or `"eom+60d"`; `own` makes a text of what is written.
    #[inline]
    pub(crate) fn terms(&mut self, key: &'t str, own: impl FnOnce(&str) -> Text) -> Option<Terms> {
        const CURE: Phrase = Phrase(
            "write it like `\"60d\"`, or `\"eom+60d\"` for days from the end of the month",
            "请写成 `\"60d\"`，从月底算起写成 `\"eom+60d\"`",
        );
        let value = self.value(key)?;
        let TomlValue::String(text) = value.get_ref() else {
            self.wrong_type(key, &value, Phrase("terms of payment", "账期"), CURE);
            return None;
        };
        if text.is_empty() {
            return None;
        }
        let terms = Terms::parse(own(text));
        if terms.is_none() {
            let message = both!(
                "`{}` is no terms of payment",
                "`{}` 不是账期",
                clipped(text)
            );
            self.report(WRONG_VALUE, value.span(), message, CURE);
        }
        terms
    }

    fn cadence_or_span(
        &mut self,
        key: &str,
        value: &Spanned<TomlValue<'_>>,
        least: i64,
        unusual: Unusual,
    ) -> Option<Revisit> {
        let may_unusual = unusual == Unusual::Taken;
        let cure = match (may_unusual, self.has_calendar) {
            (true, true) => Phrase(
                "write it like `\"60d\"`, `\"2w\"`, `\"6m\"` or `\"1y\"`, `\"5bd\"` for working days, or `\"never\"`",
                "请写成 `\"60d\"`、`\"2w\"`、`\"6m\"` 或 `\"1y\"`，工作日写成 `\"5bd\"`，或写 `\"never\"`",
            ),
            (true, false) => Phrase(
                "write it like `\"60d\"`, `\"2w\"`, `\"6m\"` or `\"1y\"`, or `\"never\"`",
                "请写成 `\"60d\"`、`\"2w\"`、`\"6m\"` 或 `\"1y\"`，或写 `\"never\"`",
            ),
            (false, _) => Phrase(
                "write it like `\"60d\"`, `\"2w\"`, `\"6m\"` or `\"1y\"`",
                "请写成 `\"60d\"`、`\"2w\"`、`\"6m\"` 或 `\"1y\"`",
            ),
        };
        let TomlValue::String(text) = value.get_ref() else {
            self.wrong_type(key, value, Phrase("a span of days", "时长"), cure);
            return None;
        };
        if text.is_empty() {
            return None;
        }
        if may_unusual && *text == "never" {
            return Some(Revisit::Never);
        }
        let (message, cure) = match Span::parse(text) {
            Some(Span::WorkingDays(_)) if !may_unusual => (
                both!(
                    "`{key}` counts days of the calendar, not working days",
                    "`{key}` 按日历日计算，不能用工作日"
                ),
                cure,
            ),
            Some(Span::WorkingDays(_)) if !self.has_calendar => (
                both!(
                    "`{}` needs a `[calendar]`",
                    "`{}` 需要有 `[calendar]` 表",
                    clipped(text)
                ),
                NEEDS_CALENDAR,
            ),
            Some(span) if span.count() >= least => return Some(Revisit::Every(span)),
            Some(_) => (
                both!(
                    "`{key}` is at least {least} day, not `{}`",
                    "`{key}` 至少是 {least} 天，不能是 `{}`",
                    clipped(text)
                ),
                cure,
            ),
            None => (
                both!("`{}` is no span of days", "`{}` 不是时长", clipped(text)),
                cure,
            ),
        };
        self.report(WRONG_VALUE, value.span(), message, cure);
        None
    }
}

/// What to do where working days are counted and nothing says which days those are.
const NEEDS_CALENDAR: Phrase = Phrase(
    "working days are those of the table `[calendar]` in `guanxi.toml`; \
     write such a table, or a span of calendar days such as `\"7d\"`",
    "工作日由 `guanxi.toml` 的 `[calendar]` 表规定；写上这个表，或改用日历日的时长，如 `\"7d\"`",
);

/// Whether a span may also be of working days, or none at all.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unusual {
    Taken,
    Refused,
}

/// How a number is written where what stands there has other digits than decimal ones.
const PLAIN_DIGITS: Phrase = Phrase(
    "write plain digits, at most 18 of them, such as `78` or `0.22`",
    "只写数字，不超过 18 位，如 `78` 或 `0.22`",
);

/// Returns how to write a number in place of a value that is none.
fn number_cure(value: &TomlValue<'_>) -> Phrase {
    let TomlValue::String(text) = value else {
        return PLAIN_DIGITS;
    };
    match text.trim().strip_suffix(['%', '％']) {
        Some(_) => Phrase(
            "write the share as a number, such as `0.22` for 22 %",
            "比例写成数，如 22 % 写成 `0.22`",
        ),
        None if Fraction::parse_number(text).is_some() => {
            Phrase("write it without quotes", "不要加引号")
        }
        None => PLAIN_DIGITS,
    }
}

/// Returns the whole number that one to three digits are.
#[inline]
fn short_whole(digits: &str) -> Option<i64> {
    let value = |byte: u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    match *digits.as_bytes() {
        [a] => value(a),
        [a, b] => Some(value(a)? * 10 + value(b)?),
        [a, b, c] => Some(value(a)? * 100 + value(b)? * 10 + value(c)?),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_read_as_any() {
        for number in 0..1000 {
            assert_eq!(short_whole(&number.to_string()), Some(number));
        }
        for text in ["", "1000", "-1", "+1", "1.5", "1a", "１"] {
            assert_eq!(short_whole(text), None, "{text}");
        }
    }
}
