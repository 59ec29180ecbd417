//! The words of explanations: numbers as people read them, and sums in one line.

use std::borrow::Cow;

use crate::metric::{Metric, Type, Value};
use crate::model::{Fraction, Money, Span};
use crate::policy::Policy;
use crate::words::{Language, write_say, written};

/// The most terms of a sum that are written out.
const MOST_TERMS: usize = 6;

/// Returns money as people read it.
pub(in crate::figures) fn money(amount: Money) -> String {
    amount.grouped()
}

/// Returns a number of days with its word.
pub(in crate::figures) fn days(count: i64) -> String {
    counted(count, "day", "days", "天")
}

/// Returns a span with its word.
pub(crate) fn span(span: Span) -> String {
    match span {
        Span::Days(count) => days(count),
        Span::WorkingDays(count) => counted(count, "working day", "working days", "个工作日"),
    }
}

/// Returns a count with its word; the Chinese one has its measure before it.
pub(in crate::figures) fn counted(
    count: impl Into<i64>,
    one: &str,
    many: &str,
    chinese: &str,
) -> String {
    let count = count.into();
    let word = match written() {
        Language::Chinese => chinese,
        Language::English if count.abs() == 1 => one,
        Language::English => many,
    };
    format!("{count} {word}")
}

/// Returns a text with a colon before it; nothing of none.
pub(in crate::figures) fn behind_colon(text: Option<impl std::fmt::Display>) -> String {
    text.map(|text| write_say!(": {text}", "：{text}"))
        .unwrap_or_default()
}

/// Returns the length of something with its word.
pub(in crate::figures) fn number_of(count: usize, one: &str, many: &str, chinese: &str) -> String {
    counted(i64::try_from(count).unwrap_or(i64::MAX), one, many, chinese)
}

/// Returns what people call a metric: its name in English, its heading in Chinese.
pub(crate) fn called(metric: Metric) -> Cow<'static, str> {
    match written() {
        Language::English => metric.name(),
        Language::Chinese => metric.chinese(),
    }
}

/// Returns what people call one of the policy's lists of rules: its key in English.
pub(crate) fn called_list(list: &'static str) -> &'static str {
    let chinese = match list {
        "tier" => "级别",
        "revisit" => "回访",
        "review" => "复核",
        "churn" => "流失",
        "signal" => "预警",
        "flag" => "标记",
        "dunning" => "催款",
        "sla" => "时限",
        other => other,
    };
    written().pick(list, chinese)
}

/// Returns what joins parts of which all hold.
pub(in crate::figures) fn and() -> &'static str {
    written().pick(" and ", " 且 ")
}

/// Returns what parts of a list stand apart by.
pub(crate) fn comma() -> &'static str {
    written().pick(", ", "，")
}

/// Returns what parts of a line stand apart by that are sentences of their own.
pub(crate) fn semicolon() -> &'static str {
    written().pick("; ", "；")
}

/// Returns a metric's value as people read it, its words in their language.
pub(crate) fn value_of(
    policy: &Policy,
    metric: Option<Metric>,
    found: &Value<'_>,
    kind: Type,
) -> String {
    let label = |word: &str| metric.and_then(|it| policy.word_label(it, word, written()));
    match found {
        Value::Text(word) if written() == Language::Chinese => {
            label(word).unwrap_or_else(|| word.to_string())
        }
        Value::List(list) if written() == Language::Chinese && !list.is_empty() => {
            let labels = list
                .iter()
                .map(|it| label(it).unwrap_or_else(|| it.to_string()));
            labels.collect::<Vec<_>>().join("、")
        }
        other => value(other, kind),
    }
}

/// Returns a share of 1 as a percentage with at most one decimal.
pub(in crate::figures) fn percent(share: f64) -> String {
    format!("{} %", decimals(share * 100.0, 1))
}

/// Returns how many decimals a factor needs for its product with an amount to come out to the cent.
pub(in crate::figures) fn decimals_beside(amount: f64) -> usize {
    // Amounts have at most 14 digits before the point.
    let digits = (0..14).take_while(|digits| 10_f64.powi(*digits) <= amount.abs());
    digits.count() + 3
}

/// Returns an exact share of 1 as a percentage with all its decimals.
pub(in crate::figures) fn exact_percent(share: f64) -> String {
    format!("{} %", decimals(share * 100.0, 10))
}

/// Returns a share of 1 as a percentage, and with it the least decimals with which its product with an
/// amount comes out to the cent.
pub(in crate::figures) fn percent_of(share: f64, amount: f64) -> String {
    let least = decimals_beside(amount).saturating_sub(2);
    let comes_out = |most: usize| {
        let shown = decimals(share * 100.0, most).parse::<f64>();
        shown.is_ok_and(|shown| are_equal_cents(shown / 100.0 * amount, share * amount))
    };
    let most = (least..least + MORE).find(|it| comes_out(*it));
    format!("{} %", decimals(share * 100.0, most.unwrap_or(least)))
}

/// How many decimals more than usual a factor has at most.
const MORE: usize = 6;

/// Returns two factors with the least decimals with which their product, times the rest, comes out to
/// the cent; the second is an amount.
pub(in crate::figures) fn factors(first: f64, amount: f64, rest: f64) -> (String, String) {
    let least = decimals_beside(amount);
    let shown = |more: usize| (decimals(first, least + more), amount_with(amount, 2 + more));
    let comes_out = |more: &usize| {
        let (first_shown, amount_shown) = shown(*more);
        let parsed = |text: &str| text.replace(',', "").parse::<f64>().unwrap_or(f64::NAN);
        let product = parsed(&first_shown) * parsed(&amount_shown) * rest;
        are_equal_cents(product, first * amount * rest)
    };
    shown((0..MORE).find(comes_out).unwrap_or(0))
}

/// Returns an amount as money is written, with at most so many decimals and at least two.
pub(in crate::figures) fn amount_with(amount: f64, most: usize) -> String {
    let text = format!("{amount:.most$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole = Money::parse_plain(whole).map_or_else(|_| whole.to_owned(), Money::grouped);
    let whole = whole.strip_suffix(".00").unwrap_or(&whole);
    format!("{whole}.{:0<2}", rest.trim_end_matches('0'))
}

/// Tells whether two amounts are the same to the cent.
fn are_equal_cents(a: f64, b: f64) -> bool {
    Money::from_f64(a) == Money::from_f64(b)
}

/// Returns a number with at most so many decimals, without those that are zero.
pub(in crate::figures) fn decimals(number: f64, most: usize) -> String {
    let text = format!("{number:.most$}");
    let text = match text.split_once('.') {
        Some(_) => text.trim_end_matches('0').trim_end_matches('.'),
        None => &text,
    };
    match text {
        "-0" => "0".to_owned(),
        text => text.to_owned(),
    }
}

/// Returns an exact number as people read it.
pub(in crate::figures) fn number(number: Fraction) -> String {
    decimals(number.to_f64(), 2)
}

/// Returns a value as people read it.
pub(crate) fn value(value: &Value<'_>, kind: Type) -> String {
    match value {
        Value::Unknown => write_say!("unknown", "未知"),
        Value::Text(text) => text.clone().into_owned(),
        Value::List(list) if list.is_empty() => write_say!("none", "无"),
        Value::List(list) => list.join(written().pick(", ", "、")),
        Value::Money(amount) => money(*amount),
        Value::Date(date) => date.to_string(),
        Value::Bool(true) => write_say!("yes", "是"),
        Value::Bool(false) => write_say!("no", "否"),
        Value::Exact(_) | Value::Float(_) => {
            let found = value.to_f64().expect("a number is one");
            match kind {
                Type::Ratio => percent(found),
                Type::Days if decimals(found, 1) == "1" => days(1),
                Type::Days => write_say!("{} days", "{} 天", decimals(found, 1)),
                Type::Money => Money::from_f64(found).map_or_else(|| decimals(found, 2), money),
                _ => decimals(found, 2),
            }
        }
    }
}

/// What many terms of a sum are called in English and, with a measure before it, in Chinese.
pub(in crate::figures) type SumTerms<'n> = (&'n str, &'n str);

/// Writes a sum: its terms where they are few, else how many of each sign and their subtotals.
pub(in crate::figures) fn sum(
    terms: &[Money],
    names: (SumTerms<'_>, SumTerms<'_>),
    total: Money,
) -> String {
    if terms.is_empty() {
        return write_say!(
            "nothing to add up: {}",
            "没有可合计的金额：{}",
            money(total)
        );
    }
    let mut line = String::new();
    let mut push = |text: String, is_negative: bool| {
        match (line.is_empty(), is_negative) {
            (true, false) => {}
            (true, true) => line.push('−'),
            (false, false) => line.push_str(" + "),
            (false, true) => line.push_str(" − "),
        }
        line.push_str(&text);
    };
    let size = |amount: Money| money(Money(amount.0.saturating_abs()));
    if terms.len() <= MOST_TERMS {
        for term in terms {
            push(size(*term), term.0 < 0);
        }
    } else {
        let (plus, minus): (Vec<Money>, Vec<Money>) = terms.iter().partition(|term| term.0 >= 0);
        for (some, name, is_negative) in [(plus, names.0, false), (minus, names.1, true)] {
            if !some.is_empty() {
                let subtotal: Money = some.iter().copied().sum();
                let (many, chinese) = name;
                let one = many.strip_suffix('s').unwrap_or(many);
                let count = number_of(some.len(), one, many, chinese);
                let text = write_say!("{} of {count}", "{}（{count}）", size(subtotal));
                push(text, is_negative);
            }
        }
    }
    if terms.len() == 1 {
        return line;
    }
    format!("{line} = {}", money(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_written_out_while_they_are_short() {
        let names = (("orders", "笔订单"), ("credits", "笔冲减"));
        let terms = [1_250_000, 300_000, -50_000].map(Money::whole);
        assert_eq!(
            sum(&terms, names, Money::whole(1_500_000)),
            "1,250,000.00 + 300,000.00 − 50,000.00 = 1,500,000.00"
        );
        let mut many = vec![Money::whole(100); 8];
        many.push(Money::whole(-30));
        assert_eq!(
            sum(&many, names, Money::whole(770)),
            "800.00 of 8 orders − 30.00 of 1 credit = 770.00"
        );
        assert_eq!(sum(&[], names, Money::ZERO), "nothing to add up: 0.00");
    }

    #[test]
    fn numbers_lose_empty_decimals() {
        assert_eq!(decimals(12.50, 2), "12.5");
        assert_eq!(decimals(-0.001, 2), "0");
        assert_eq!(percent(0.787), "78.7 %");
        assert_eq!(days(1), "1 day");
    }
}
