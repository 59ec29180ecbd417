//! Amounts and numbers: signs, currencies, groups of digits, units; exact, and never guessed.

use super::clean::refused;
use super::unit::{Currency, MoneyUnit, currency_before, currency_behind, unit_behind};
use super::{Bad, Habits};
use crate::exchange::cell::{Blanks, SourceCell, trimmed};
use crate::model::{DECIMAL_DIGITS, Money, UNITS, WHOLE_DIGITS, width_folded};
use crate::source::is_blank_character;
use crate::source::told;
use crate::words::{Phrase, both};

/// What is known of a column of amounts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AmountColumn<'a> {
    /// What the heading, or else a title, says.
    pub(crate) unit: &'a MoneyUnit,
    /// Whether it is a title that says it.
    pub(crate) is_of_title: bool,
    /// The book's currency.
    pub(crate) currency: &'a str,
    pub(crate) habits: &'a Habits,
}

/// Refuses an amount with a unit of its own in a column with one.
fn two_units(text: &str, column: AmountColumn<'_>) -> Bad {
    let is_in_yuan = column.unit.power.is_none();
    let (place, help) = match (column.is_of_title, is_in_yuan) {
        (true, true) => (
            Phrase("a title", "标题"),
            Phrase(
                "`--set unit=CNY` if numbers without a unit are in yuan, and the others as they say",
                "如果没有单位的数以元计、有单位的照其单位，用 `--set unit=CNY`",
            ),
        ),
        (true, false) => (
            Phrase("a title", "标题"),
            Phrase(
                "write the number without its unit, or the title without it",
                "数不要带单位，或标题不要带单位",
            ),
        ),
        (false, _) => (
            Phrase("a heading", "列名"),
            Phrase(
                "write the number without its unit, or the heading without it",
                "数不要带单位，或列名不要带单位",
            ),
        ),
    };
    let message = both!(
        "`{}` has a unit of its own below {} with one",
        "`{}` 自带单位，而{}也有单位",
        told(text),
        place
    );
    Bad::new("amount", message).help(help)
}

/// Reads an amount; `None` where the cell is blank.
///
/// # Errors
/// If it is none, could mean two, or is of another currency.
pub(crate) fn read_amount(
    cell: &SourceCell<'_>,
    column: AmountColumn<'_>,
) -> Result<Option<Money>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    let (digits, power) = match cell {
        SourceCell::Blank => return Ok(None),
        SourceCell::Number(number) => {
            let decimal = number.decimal().into_owned();
            let digits = DecimalDigits::of_decimal(&decimal);
            (digits.ok_or_else(|| no_amount(&decimal))?, None)
        }
        SourceCell::Text(text) => {
            let folded = width_folded(text);
            let text = trimmed(&folded);
            let blanks = if column.habits.dash_blank {
                Blanks::WordsAndDash
            } else {
                Blanks::Words
            };
            if blanks.holds(text) {
                return Ok(None);
            }
            let parsed = parse(text, column.habits).ok_or_else(|| misread(text, column.habits))?;
            if let Some(other) = parsed
                .currencies
                .iter()
                .find(|it| !it.may_be(column.currency))
            {
                return Err(other_currency(other.written(), column.currency));
            }
            let is_yuan = parsed.currencies.iter().any(Currency::is_yuan);
            let own = parsed
                .power
                .or((is_yuan && column.unit.power.is_some()).then_some(0));
            let is_yuan = column.unit.currency.as_ref().is_some_and(Currency::is_yuan);
            let given = column
                .unit
                .power
                .or((is_yuan && parsed.power.is_some()).then_some(0));
            if own.is_some() && given.is_some() {
                return Err(two_units(text, column));
            }
            (parsed.digits, own)
        }
        other => return Err(no_amount(kind_of(other).spoken())),
    };
    if let Some(other) = column
        .unit
        .currency
        .as_ref()
        .filter(|it| !it.may_be(column.currency))
    {
        return Err(other_currency(other.written(), column.currency));
    }
    let power = power.or(column.unit.power).unwrap_or(0);
    digits.to_money(power, column.habits.round).map(Some)
}

/// Reads a number without currency and unit, perhaps with `分` behind it: of a score.
///
/// # Errors
/// If it is none; the fault has the code given.
pub(crate) fn read_number(
    cell: &SourceCell<'_>,
    habits: &Habits,
    code: &'static str,
) -> Result<Option<Money>, Bad> {
    if let Some(bad) = refused(cell) {
        return Err(bad);
    }
    let none = |text: &str| {
        Bad::new(
            code,
            both!(
                "`{}` is no number from 0 to 100",
                "`{}` 不是 0 到 100 的数",
                told(text)
            ),
        )
    };
    let (digits, shown) = match cell {
        SourceCell::Blank => return Ok(None),
        SourceCell::Number(number) => {
            let decimal = number.decimal().into_owned();
            (DecimalDigits::of_decimal(&decimal), decimal)
        }
        SourceCell::Text(text) => {
            let folded = width_folded(text);
            let text = trimmed(&folded);
            if Blanks::All.holds(text) {
                return Ok(None);
            }
            let number = text.strip_suffix('分').map_or(text, trimmed);
            let parsed = parse(number, habits);
            let parsed = parsed.filter(|it| it.currencies.is_empty() && it.power.is_none());
            (parsed.map(|it| it.digits), text.to_owned())
        }
        other => return Err(none(kind_of(other).spoken())),
    };
    let number = digits.and_then(|it| it.to_money(0, false).ok());
    let number = number.filter(|it| (Money::ZERO..=Money::whole(100)).contains(it));
    number.map(Some).ok_or_else(|| none(&shown))
}

fn kind_of(cell: &SourceCell<'_>) -> Phrase {
    match cell {
        SourceCell::Date(_) => Phrase("a date", "日期"),
        SourceCell::Bool(true) => Phrase("TRUE", "TRUE"),
        SourceCell::Bool(false) => Phrase("FALSE", "FALSE"),
        SourceCell::List(_) => Phrase("a list", "列表"),
        _ => Phrase("an object", "对象"),
    }
}

fn no_amount(text: &str) -> Bad {
    Bad::new(
        "amount",
        both!("`{}` is no amount", "`{}` 不是金额", told(text)),
    )
    .help(Phrase(
        "write it like `1234.5`, `1,234.50` or `12.5万`",
        "请写成 `1234.5`、`1,234.50` 或 `12.5万`",
    ))
}

fn other_currency(written: &str, own: &str) -> Bad {
    let message = both!(
        "`{}` is not the book's currency, {}",
        "`{}` 不是本账本的币种 {}",
        told(written),
        told(own)
    );
    Bad::new("currency", message).help(Phrase(
        "convert the amounts, or skip these lines with `--skip`",
        "请折算金额，或用 `--skip` 去掉这些行",
    ))
}

/// Says of a text that is no amount which word of `--read` would make one of it.
fn misread(text: &str, habits: &Habits) -> Bad {
    let with = |change: fn(&mut Habits)| {
        let mut habits = *habits;
        change(&mut habits);
        parse(text, &habits).is_some()
    };
    if matches!(text, "-" | "—") {
        return no_amount(text).help(Phrase(
            "`--read dash-blank` if a dash means nothing, or write `0`",
            "如果短横表示没有，用 `--read dash-blank`，或写 `0`",
        ));
    }
    if with(|it| it.decimal_comma = true) {
        let message = both!(
            "`{}` can be read in two ways",
            "`{}` 有两种读法",
            told(text)
        );
        return Bad::new("amount", message).help(Phrase(
            "`--read decimal-comma` if the comma is the decimal mark",
            "如果逗号是小数点，用 `--read decimal-comma`",
        ));
    }
    if with(|it| it.trailing_minus = true) {
        return no_amount(text).help(Phrase(
            "`--read trailing-minus` if the `-` behind the number is its sign",
            "如果后面的 `-` 是负号，用 `--read trailing-minus`",
        ));
    }
    no_amount(text)
}

/// A number of decimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DecimalDigits {
    is_negative: bool,
    whole: String,
    decimals: String,
}

impl DecimalDigits {
    /// Reads `-?digits[.digits][e±digits]`, as programs write numbers.
    fn of_decimal(text: &str) -> Option<Self> {
        let (is_negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, decimals) = rest.split_once('.').unwrap_or((rest, ""));
        let are_digits = |text: &str| text.bytes().all(|it| it.is_ascii_digit());
        (!whole.is_empty() && are_digits(whole) && are_digits(decimals)).then(|| Self {
            is_negative,
            whole: whole.to_owned(),
            decimals: decimals.to_owned(),
        })
    }

    /// Returns so many times the number as an amount.
    fn to_money(&self, power: u32, rounds: bool) -> Result<Money, Bad> {
        let power = power as usize;
        let mut decimals = self.decimals.trim_end_matches('0').to_owned();
        let moved = power.min(decimals.len());
        let behind = decimals.split_off(moved);
        let zeros = "0".repeat(power - moved);
        let whole = format!("{}{decimals}{zeros}", self.whole);
        let whole = whole.trim_start_matches('0');
        if whole.len() > WHOLE_DIGITS {
            return Err(no_amount(&self.shown()).help(Phrase(
                "an amount has at most 14 digits before its point",
                "金额的整数部分最多 14 位",
            )));
        }
        let is_exact = behind.len() <= DECIMAL_DIGITS;
        if !is_exact && !rounds {
            let message = both!(
                "`{}` has more than 4 decimals",
                "`{}` 的小数超过 4 位",
                self.shown()
            );
            return Err(Bad::new("amount", message).help(Phrase(
                "`--read round` rounds every amount to 2 decimals, half away from zero",
                "`--read round` 把各金额四舍五入到 2 位小数",
            )));
        }
        let digit = |at: usize| {
            behind
                .as_bytes()
                .get(at)
                .map_or(0, |it| i128::from(it - b'0'))
        };
        let whole = whole
            .bytes()
            .fold(0_i128, |all, it| all * 10 + i128::from(it - b'0'));
        let units = i128::from(UNITS);
        let amount = if rounds {
            let up = i128::from(digit(2) >= 5);
            whole * units + (digit(0) * 10 + digit(1) + up) * (units / 100)
        } else {
            (0..DECIMAL_DIGITS).fold(whole, |all, at| all * 10 + digit(at))
        };
        let most = (0..WHOLE_DIGITS).fold(units, |all, _| all * 10);
        if amount >= most {
            return Err(no_amount(&self.shown()).help(Phrase(
                "an amount has at most 14 digits before its point",
                "金额的整数部分最多 14 位",
            )));
        }
        Ok(Money(if self.is_negative { -amount } else { amount }))
    }

    fn shown(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        match self.decimals.as_str() {
            "" => format!("{sign}{}", self.whole),
            decimals => format!("{sign}{}.{decimals}", self.whole),
        }
    }
}

/// An amount taken apart.
struct ParsedAmount {
    digits: DecimalDigits,
    power: Option<u32>,
    currencies: Vec<Currency>,
}

/// Takes an amount apart; `None` if it is none.
fn parse(text: &str, habits: &Habits) -> Option<ParsedAmount> {
    let text = text.to_lowercase();
    let mut rest = trimmed(&text);
    let mut currencies = Vec::new();
    let mut is_negative = None;
    if let Some(inner) = rest.strip_prefix('(') {
        rest = trimmed(inner.strip_suffix(')')?);
        is_negative = Some(true);
    } else {
        (is_negative, rest) = signed(is_negative, rest)?;
    }
    if let Some((currency, behind)) = currency_before(rest) {
        currencies.push(currency);
        (is_negative, rest) = signed(is_negative, trimmed(behind))?;
    }
    if habits.trailing_minus
        && is_negative.is_none()
        && let Some(before) = rest.strip_suffix('-')
    {
        is_negative = Some(true);
        rest = trimmed(before);
    }
    if let Some((currency, before)) = currency_behind(rest) {
        currencies.push(currency);
        rest = trimmed(before);
    }
    let mut power = None;
    if let Some((found, before)) = unit_behind(rest) {
        power = Some(found);
        rest = trimmed(before);
    }
    let (whole, decimals) = if habits.decimal_comma {
        in_comma_style(rest)?
    } else {
        in_point_style(rest)?
    };
    let digits = DecimalDigits {
        is_negative: is_negative.unwrap_or(false),
        whole,
        decimals,
    };
    Some(ParsedAmount {
        digits,
        power,
        currencies,
    })
}

/// Takes a sign off a text; `None` if it has one already.
fn signed(is_negative: Option<bool>, text: &str) -> Option<(Option<bool>, &str)> {
    let found = match text.chars().next() {
        Some('+') => false,
        Some('-' | '−') => true,
        _ => return Some((is_negative, text)),
    };
    let rest = text.trim_start_matches(['+', '-', '−']);
    let is_one = text.chars().count() - rest.chars().count() == 1;
    (is_negative.is_none() && is_one).then(|| (Some(found), trimmed(rest)))
}

/// Reads `1234.5` and `1,234.5`.
fn in_point_style(text: &str) -> Option<(String, String)> {
    let (whole, decimals) = match text.split_once('.') {
        Some((whole, decimals)) => (whole, digits(decimals)?),
        None => (text, String::new()),
    };
    Some((grouped(whole, |it| it == ',')?, decimals))
}

/// Reads `1234,5`, `1.234,5` and `1 234,5`.
fn in_comma_style(text: &str) -> Option<(String, String)> {
    let (whole, decimals) = match text.split_once(',') {
        Some((whole, decimals)) => (whole, digits(decimals)?),
        None => (text, String::new()),
    };
    let whole = if whole.contains('.') {
        grouped(whole, |it| it == '.')?
    } else {
        grouped(whole, is_blank_character)?
    };
    Some((whole, decimals))
}

/// Reads digits, which may be in groups of three.
fn grouped(text: &str, parts: impl Fn(char) -> bool) -> Option<String> {
    if !text.contains(&parts) {
        return digits(text);
    }
    let mut groups = text.split(&parts);
    let first = groups.next().filter(|it| (1..=3).contains(&it.len()))?;
    let mut whole = digits(first)?;
    for group in groups {
        whole.push_str(&digits(group).filter(|it| it.len() == 3)?);
    }
    Some(whole)
}

fn digits(text: &str) -> Option<String> {
    let are_digits = !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit());
    are_digits.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::cell::CellNumber;

    /// Reads a cell with these words of `--read` under a heading with this in its brackets.
    fn read(
        cell: &SourceCell<'_>,
        heading: &str,
        words: &str,
    ) -> Result<Option<String>, &'static str> {
        let mut habits = Habits::default();
        assert!(words.split_whitespace().all(|it| habits.add(it)));
        let brackets = [heading.to_owned()];
        let unit = MoneyUnit::of_brackets(&brackets).unwrap();
        let column = AmountColumn {
            is_of_title: false,
            unit: &unit,
            currency: "CNY",
            habits: &habits,
        };
        let read = read_amount(cell, column).map_err(|it| it.code)?;
        Ok(read.map(|it| it.to_string()))
    }

    fn text(cell: &str, heading: &str, words: &str) -> String {
        match read(&SourceCell::Text(cell.into()), heading, words) {
            Ok(Some(amount)) => amount,
            Ok(None) => "blank".to_owned(),
            Err(code) => code.to_owned(),
        }
    }

    #[test]
    fn amounts_as_people_write_them() {
        for (cell, amount) in [
            ("１２，３４５．６", "12345.60"),
            ("12.5万元", "125000.00"),
            ("(1,234.50)", "-1234.50"),
            ("-¥1,000", "-1000.00"),
            ("¥-1,000", "-1000.00"),
            ("￥ 100", "100.00"),
            ("RMB 100", "100.00"),
            ("100 人民币", "100.00"),
            ("100CNY", "100.00"),
            ("5w", "50000.00"),
            ("3M", "3000000.00"),
            ("2 千万", "20000000.00"),
            ("1.2亿", "120000000.00"),
            ("1.50000", "1.50"),
            ("+3", "3.00"),
            ("−3", "-3.00"),
            ("007", "7.00"),
            ("99999999999999.9999", "99999999999999.9999"),
            ("无", "blank"),
            ("", "blank"),
            ("1E5", "amount"),
            ("1.234,56", "amount"),
            ("1,23", "amount"),
            ("1,2345", "amount"),
            ("12-", "amount"),
            ("1万2", "amount"),
            ("-", "amount"),
            ("--5", "amount"),
            ("-(5)", "amount"),
            ("(-5)", "amount"),
            ("¥-¥5", "amount"),
            ("-¥-5", "amount"),
            (".5", "amount"),
            ("5.", "amount"),
            ("1.2.3", "amount"),
            ("1 000", "amount"),
            ("abc", "amount"),
            ("1.23456", "amount"),
            ("100000000000000", "amount"),
            ("$100", "currency"),
            ("100 USD", "currency"),
            ("€5", "currency"),
        ] {
            assert_eq!(text(cell, "", ""), amount, "{cell}");
        }
    }

    #[test]
    fn units_of_headings_hold_for_cells_without_one() {
        for (cell, heading, amount) in [
            ("3", "万元", "30000.00"),
            ("3万", "万元", "amount"),
            ("100元", "元", "100.00"),
            ("100元", "万元", "amount"),
            ("3万", "元", "amount"),
            ("¥3", "万元", "30000.00"),
            ("3万", "人民币", "30000.00"),
            ("5", "万美元", "currency"),
            ("12.34567", "万", "123456.70"),
        ] {
            assert_eq!(text(cell, heading, ""), amount, "{cell} under {heading}");
        }
    }

    #[test]
    fn habits_of_a_file_are_told() {
        for (cell, words, amount) in [
            ("1.234,56", "decimal-comma", "1234.56"),
            ("1 234,5", "decimal-comma", "1234.50"),
            ("1234.56", "decimal-comma", "amount"),
            ("1.234 567,5", "decimal-comma", "amount"),
            ("12-", "trailing-minus", "-12.00"),
            ("-12-", "trailing-minus", "amount"),
            ("(12-)", "trailing-minus", "amount"),
            ("-", "dash-blank", "blank"),
            ("1.2345", "round", "1.23"),
            ("-0.005", "round", "-0.01"),
            ("0.00499999", "round", "0.00"),
            ("99999999999999.999", "round", "amount"),
        ] {
            assert_eq!(text(cell, "", words), amount, "{cell} [{words}]");
        }
    }

    #[test]
    fn numbers_are_exact() {
        let number = |value: f64, words: &str| {
            let cell = SourceCell::Number(CellNumber::binary(value, false, false));
            read(&cell, "", words).map(Option::unwrap)
        };
        assert_eq!(number(0.300_000_000_000_000_04, "").as_deref(), Ok("0.30"));
        assert_eq!(number(333.333_333_333_333_3, ""), Err("amount"));
        assert_eq!(
            number(333.333_333_333_333_3, "round").as_deref(),
            Ok("333.33")
        );
        let written = SourceCell::Number(CellNumber::written("1e5"));
        assert_eq!(read(&written, "", ""), Err("amount"));
    }

    #[test]
    fn scores_are_numbers_up_to_100() {
        let score = |text: &str| {
            let read = read_number(&SourceCell::Text(text.into()), &Habits::default(), "score");
            read.map(|it| it.map(|it| it.to_string()))
                .map_err(|it| it.code)
        };
        assert_eq!(score("85分"), Ok(Some("85.00".to_owned())));
        assert_eq!(score("８５.5 分"), Ok(Some("85.50".to_owned())));
        assert_eq!(score("-"), Ok(None));
        for text in ["101", "-1", "5元", "3k", "x", "分"] {
            assert_eq!(score(text), Err("score"), "{text}");
        }
    }
}
