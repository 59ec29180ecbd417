//! Money: an exact count of ten-thousandths of the book's currency.
//!
//! It never passes through binary floating point. A cell holds at most 14 digits before the point
//! and 4 after; sums live in 128 bits, so no book can overflow them.

use std::cmp::Ordering;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

use super::Fraction;
use crate::words::grouped_digits;

/// How many units of [`Money`] make one unit of the currency.
pub const UNITS: i64 = 10_000;

/// The most digits a written amount may have before its point.
pub const WHOLE_DIGITS: usize = 14;

/// The most digits a written amount may have after its point.
pub const DECIMAL_DIGITS: usize = 4;

/// An exact amount of the book's one currency, in ten-thousandths.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money(pub i128);

/// Why a text is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotMoney {
    /// It is not digits with at most one point (and, where allowed, a unit).
    NotANumber,
    /// It has more than 14 digits before its point.
    TooLarge,
    /// It has more than 4 digits after its point.
    TooFine,
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// Makes an amount from whole units of the currency.
    pub const fn whole(units: i64) -> Self {
        Self(units as i128 * UNITS as i128)
    }

    /// Reads an amount as a log writes it: `-?digits[.digits]`.
    ///
    /// # Errors
    /// Says whether the text is no number, too large or too fine.
    pub fn parse_plain(text: &str) -> Result<Self, NotMoney> {
        parse_units(text.as_bytes()).map(|units| Self(i128::from(units)))
    }

    /// Reads an amount with an optional unit: `3000000`, `300万`, `1.2亿`, `50k`, `3M`.
    ///
    /// # Errors
    /// Says whether the text is no number, too large or too fine for ten-thousandths.
    pub fn parse_with_unit(text: &str) -> Result<Self, NotMoney> {
        const SUFFIXES: [(&str, usize); 4] = [("万", 4), ("亿", 8), ("k", 3), ("M", 6)];
        // Nearly every amount without a unit ends with a digit.
        if text.ends_with(|it: char| it.is_ascii_digit()) {
            return Self::parse_plain(text);
        }
        for (suffix, zeros) in SUFFIXES {
            if let Some(number) = text.strip_suffix(suffix) {
                return shifted(number.trim_end_matches(' '), zeros);
            }
        }
        Self::parse_plain(text)
    }

    /// Returns the amount as a fraction of whole units.
    pub fn to_fraction(self) -> Fraction {
        Fraction::new(self.0, i128::from(UNITS)).unwrap_or(Fraction::ZERO)
    }

    /// Rounds a fraction of whole units half away from zero to ten-thousandths.
    ///
    /// `None` when it does not fit.
    pub fn from_fraction(fraction: Fraction) -> Option<Self> {
        let (numerator, denominator) = (fraction.numerator(), fraction.denominator());
        let scaled = numerator.checked_mul(i128::from(UNITS))?;
        let (quotient, rest) = (scaled / denominator, scaled % denominator);
        let away = i128::from(rest.unsigned_abs() >= (denominator.unsigned_abs()).div_ceil(2));
        Some(Self(quotient + away * scaled.signum()))
    }

    /// Returns the amount, or nothing if it is negative.
    #[must_use]
    pub fn at_least_zero(self) -> Self {
        self.max(Self::ZERO)
    }

    /// Tells whether the amount is more than a share of a whole; of nothing any amount is.
    pub fn is_over(self, share: Fraction, whole: Self) -> bool {
        match self.share_cmp(share, whole) {
            Some(order) => order.is_gt(),
            None => self > Self::ZERO,
        }
    }

    /// Compares an amount's share of a whole with another share; `None` of nothing.
    pub fn share_cmp(self, share: Fraction, whole: Self) -> Option<Ordering> {
        // To reduce the fraction costs more than all else that is asked of most invoices.
        if whole > Self::ZERO
            && let Some(part) = self.0.checked_mul(share.denominator())
            && let Some(most) = share.numerator().checked_mul(whole.0)
        {
            return Some(part.cmp(&most));
        }
        Some(Fraction::new(self.0, whole.0)?.cmp(&share))
    }

    /// Returns the amount with two digits that count, half away from zero.
    #[must_use]
    pub fn to_two_digits(self) -> Self {
        let mut step: i128 = 1;
        while self.0.unsigned_abs() / step.unsigned_abs() >= 100 {
            step *= 10;
        }
        let rounded = (self.0.abs() + step / 2) / step * step;
        Self(rounded * self.0.signum())
    }

    /// Returns the nearest double; only models and charts need it.
    pub fn to_f64(self) -> f64 {
        self.to_fraction().to_f64()
    }

    /// Returns the amount nearest to an estimate, to the hundredth; `None` if it is no number or too large.
    pub fn from_f64(estimate: f64) -> Option<Self> {
        Self::of_steps(estimate * 100.0, 100)
    }

    /// Returns the amount nearest to an estimate, to the last digit of money; else as
    /// [`from_f64`](Self::from_f64).
    pub fn nearest(estimate: f64) -> Option<Self> {
        Self::of_steps(estimate * 10_000.0, 1)
    }

    /// Returns the whole number of steps that is nearest, each of some units.
    fn of_steps(steps: f64, units: i128) -> Option<Self> {
        const MOST: f64 = 1e30;
        let steps = steps.round();
        // Within the bound the cast is exact: a double of that size is a whole number.
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the bound is checked first"
        )]
        (steps.abs() < MOST).then(|| Self(steps as i128 * units))
    }

    /// Appends the amount as [`grouped`](Self::grouped) returns it, if it is not below 0 and has no more
    /// than hundredths, as nearly all have; `false` appends nothing.
    pub(crate) fn push_usual(self, line: &mut String) -> bool {
        const LENGTH: usize = 30;
        let Some(units) = u64::try_from(self.0)
            .ok()
            .filter(|it| it.is_multiple_of(100))
        else {
            return false;
        };
        let (mut whole, cents) = (units / UNITS.unsigned_abs(), units / 100 % 100);
        let mut digits = [b'.'; LENGTH];
        let digit = |number: u64| b'0' + number.to_le_bytes()[0] % 10;
        (digits[LENGTH - 2], digits[LENGTH - 1]) = (digit(cents / 10), digit(cents % 10));
        let mut start = LENGTH - 3;
        let mut count = 0;
        while whole > 0 || count == 0 {
            if count > 0 && count % 3 == 0 {
                start -= 1;
                digits[start] = b',';
            }
            start -= 1;
            digits[start] = digit(whole % 10);
            whole /= 10;
            count += 1;
        }
        line.push_str(
            str::from_utf8(&digits[start..]).expect("digits, points and commas are ASCII"),
        );
        true
    }

    /// Writes the amount with `,` between thousands, for people.
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain
            .strip_prefix('-')
            .map_or(("", &*plain), |rest| ("-", rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        format!("{sign}{}.{decimals}", grouped_digits(whole))
    }
}

/// Reads `-?digits[.digits]` into ten-thousandths.
///
/// # Errors
/// Says whether the bytes are no number, too large or too fine.
#[inline]
pub(crate) fn parse_units(bytes: &[u8]) -> Result<i64, NotMoney> {
    if let Some(units) = parse_usual(bytes) {
        return Ok(units);
    }
    let (negative, digits) = match bytes {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, bytes),
    };
    let (mut units, rest) = leading_digits(0, digits);
    let whole = digits.len() - rest.len();
    let decimals = match rest {
        [] => 0,
        [b'.', rest @ ..] => {
            let (with_decimals, beyond) = leading_digits(units, rest);
            if rest.is_empty() || !beyond.is_empty() {
                return Err(NotMoney::NotANumber);
            }
            units = with_decimals;
            rest.len()
        }
        _ => return Err(NotMoney::NotANumber),
    };
    if whole == 0 {
        return Err(NotMoney::NotANumber);
    }
    if whole > WHOLE_DIGITS {
        return Err(NotMoney::TooLarge);
    }
    if decimals > DECIMAL_DIGITS {
        return Err(NotMoney::TooFine);
    }
    for _ in decimals..DECIMAL_DIGITS {
        units *= 10;
    }
    Ok(if negative { -units } else { units })
}

/// Reads an amount of 1 to 8 digits, a point and two decimals, as nearly all are written.
///
/// Its digits are told and added up eight at a time: a loop over so few of them ends where no
/// processor foretells.
#[inline]
fn parse_usual(bytes: &[u8]) -> Option<i64> {
    const HIGH: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    const THREES: u64 = 0x3030_3030_3030_3030;
    const SIXES: u64 = 0x0606_0606_0606_0606;
    let (rest, &[b'.', tens, ones]) = bytes.split_last_chunk::<3>()? else {
        return None;
    };
    let count = u32::try_from(rest.len()).ok()?;
    if !(1..=8).contains(&count) {
        return None;
    }
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 {
        return None;
    }
    // The digits are moved to the end of eight, after zeros.
    let zeros = THREES.checked_shr(8 * count).unwrap_or(0);
    let digits = first_eight(bytes)? << (64 - 8 * count) | zeros;
    // A digit's high half is 3, and stays so if 6 is added; no other byte's does both.
    if digits & HIGH != THREES || digits.wrapping_add(SIXES) & HIGH != THREES {
        return None;
    }
    // Neighbours become numbers of two, then of four, then of eight digits.
    let ones_of = digits & !HIGH;
    let pairs = (ones_of * 10 + (ones_of >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let whole = (fours * 10_000 + (fours >> 32)) & 0xffff_ffff;
    let whole = i64::try_from(whole).ok()?;
    Some(whole * UNITS + i64::from(tens) * (UNITS / 10) + i64::from(ones) * (UNITS / 100))
}

/// Returns the first eight bytes of a text of at least four, those past its end as zero.
#[inline]
fn first_eight(text: &[u8]) -> Option<u64> {
    if let Some(eight) = text.first_chunk() {
        return Some(u64::from_le_bytes(*eight));
    }
    let four = |bytes: &[u8; 4]| u64::from(u32::from_le_bytes(*bytes));
    // Where the two overlap they are the same bytes.
    let end = four(text.last_chunk()?) << (8 * (text.len() - 4));
    Some(four(text.first_chunk()?) | end)
}

/// Returns a number with the digits appended that a text begins with, and what follows them.
///
/// 14 + 4 digits fit; longer texts are refused, so what becomes of their value is of no interest.
#[inline]
fn leading_digits(mut number: i64, mut text: &[u8]) -> (i64, &[u8]) {
    while let [byte, rest @ ..] = text {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            break;
        }
        number = number.wrapping_mul(10).wrapping_add(i64::from(digit));
        text = rest;
    }
    (number, text)
}

/// Reads `number` times ten to the power of `zeros`.
fn shifted(number: &str, zeros: usize) -> Result<Money, NotMoney> {
    let (sign, digits) = number
        .strip_prefix('-')
        .map_or((1, number), |rest| (-1, rest));
    let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || digits.ends_with('.') || !all_digits(whole) || !all_digits(decimals) {
        return Err(NotMoney::NotANumber);
    }
    let whole = whole.trim_start_matches('0');
    if whole.len() + zeros > WHOLE_DIGITS {
        return Err(NotMoney::TooLarge);
    }
    let left = (zeros + DECIMAL_DIGITS)
        .checked_sub(decimals.len())
        .ok_or(NotMoney::TooFine)?;
    let digits = whole
        .bytes()
        .chain(decimals.bytes())
        .map(|byte| i128::from(byte - b'0'));
    let units = digits.fold(0_i128, |units, digit| units * 10 + digit);
    Ok(Money(sign * (0..left).fold(units, |units, _| units * 10)))
}

impl fmt::Display for Money {
    /// Writes a plain decimal with 2 decimals, or up to 4 where the amount has them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = u128::from(UNITS.unsigned_abs());
        let (whole, rest) = (self.0.unsigned_abs() / units, self.0.unsigned_abs() % units);
        let sign = if self.0 < 0 { "-" } else { "" };
        if rest.is_multiple_of(100) {
            write!(f, "{sign}{whole}.{:02}", rest / 100)
        } else if rest.is_multiple_of(10) {
            write!(f, "{sign}{whole}.{:03}", rest / 10)
        } else {
            write!(f, "{sign}{whole}.{rest:04}")
        }
    }
}

impl Add for Money {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Money {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl AddAssign for Money {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Money {
    fn sub_assign(&mut self, other: Self) {
        *self = *self - other;
    }
}

impl Neg for Money {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}

impl Sum for Money {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Result<String, NotMoney> {
        Money::parse_plain(text).map(|money| money.to_string())
    }

    #[test]
    fn reads_and_writes_what_a_log_holds() {
        assert_eq!(plain("0").as_deref(), Ok("0.00"));
        assert_eq!(plain("12.5").as_deref(), Ok("12.50"));
        assert_eq!(plain("-999.99").as_deref(), Ok("-999.99"));
        assert_eq!(plain("-0.5").as_deref(), Ok("-0.50"));
        assert_eq!(plain("1.2345").as_deref(), Ok("1.2345"));
        assert_eq!(plain("1.230").as_deref(), Ok("1.23"));
        assert_eq!(
            plain("99999999999999.9999").as_deref(),
            Ok("99999999999999.9999")
        );
    }

    #[test]
    fn every_digit_counts_however_many_there_are() {
        for count in 1..=WHOLE_DIGITS {
            let digits: String = "73509186420573".chars().take(count).collect();
            for decimals in ["", ".4", ".08", ".69", ".123", ".9007"] {
                let text = format!("{digits}{decimals}");
                let point = decimals.trim_start_matches('.');
                let units = format!("{digits}{point:0<4}").parse().unwrap();
                assert_eq!(parse_units(text.as_bytes()), Ok(units), "{text}");
                // Whatever else stands in the place of a digit, it is no number.
                for at in (0..text.len()).filter(|at| text.as_bytes()[*at] != b'.') {
                    for byte in (0..=u8::MAX).filter(|it| !it.is_ascii_digit()) {
                        let mut bytes = text.clone().into_bytes();
                        bytes[at] = byte;
                        let is_minus = byte == b'-' && at == 0 && count > 1;
                        let is_point = byte == b'.' && decimals.is_empty();
                        if !is_minus && !is_point {
                            assert_eq!(parse_units(&bytes), Err(NotMoney::NotANumber), "{bytes:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn refuses_everything_else() {
        for text in [
            "", "-", ".", "1.", ".5", "1,234", "１２", "1e3", "+1", " 1", "0x1", "--5",
        ] {
            assert_eq!(plain(text), Err(NotMoney::NotANumber), "{text}");
        }
        assert_eq!(plain("100000000000000"), Err(NotMoney::TooLarge));
        assert_eq!(plain("1.23456"), Err(NotMoney::TooFine));
    }

    #[test]
    fn units_shift_the_point_exactly() {
        let with_unit = |text| Money::parse_with_unit(text).map(|money| money.to_string());
        assert_eq!(with_unit("300万").as_deref(), Ok("3000000.00"));
        assert_eq!(with_unit("1.2亿").as_deref(), Ok("120000000.00"));
        assert_eq!(with_unit("0.00005万").as_deref(), Ok("0.50"));
        assert_eq!(with_unit("50k").as_deref(), Ok("50000.00"));
        assert_eq!(with_unit("3M").as_deref(), Ok("3000000.00"));
        assert_eq!(with_unit("-3M").as_deref(), Ok("-3000000.00"));
        assert_eq!(with_unit("1.23456789万").as_deref(), Ok("12345.6789"));
        assert_eq!(with_unit("1.234567891万"), Err(NotMoney::TooFine));
        assert_eq!(with_unit("100000000亿"), Err(NotMoney::TooLarge));
        assert_eq!(with_unit("万"), Err(NotMoney::NotANumber));
        assert_eq!(with_unit("1.万"), Err(NotMoney::NotANumber));
    }

    #[test]
    fn rounds_half_away_from_zero() {
        let round = |n, d| {
            Money::from_fraction(Fraction::new(n, d).unwrap())
                .unwrap()
                .0
        };
        assert_eq!(round(1, 20_000), 1);
        assert_eq!(round(-1, 20_000), -1);
        assert_eq!(round(1, 30_000), 0);
        assert_eq!(round(2, 30_000), 1);
        assert_eq!(round(3, 1), 30_000);
    }

    #[test]
    fn groups_thousands() {
        assert_eq!(Money::whole(1_250_000).grouped(), "1,250,000.00");
        assert_eq!(Money::whole(-999).grouped(), "-999.00");
        assert_eq!(Money(-10_000_000).grouped(), "-1,000.00");
    }
}
