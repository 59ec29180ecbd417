//! Exact fractions, for shares, means and thresholds that must not depend on binary rounding.

use std::cmp::Ordering;

/// An exact fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Default for Fraction {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Fraction {
    /// Nothing.
    pub const ZERO: Self = Self {
        numerator: 0,
        denominator: 1,
    };

    /// Makes a fraction; `None` when the denominator is zero.
    pub fn new(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 || numerator == i128::MIN || denominator == i128::MIN {
            return None;
        }
        if let (Ok(above), Ok(below)) = (i64::try_from(numerator), i64::try_from(denominator)) {
            return Some(Self::of_small(above, below));
        }
        let divisor = gcd(numerator.unsigned_abs(), denominator.unsigned_abs());
        // A divisor is not above what it divides, so this never gives `None`.
        let divisor = i128::try_from(divisor).ok()?;
        let sign = denominator.signum();
        Some(Self {
            numerator: sign * numerator / divisor,
            denominator: sign * denominator / divisor,
        })
    }

    /// Makes a fraction of 64-bit numbers, whose division costs a tenth; `denominator` is not zero.
    fn of_small(numerator: i64, denominator: i64) -> Self {
        let (above, below) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        let divisor = small_gcd(above, below);
        let above = i128::from(above / divisor);
        let is_negative = (numerator < 0) != (denominator < 0);
        Self {
            numerator: if is_negative { -above } else { above },
            denominator: i128::from(below / divisor),
        }
    }

    /// Makes a whole number.
    pub fn whole(number: impl Into<i64>) -> Self {
        Self {
            numerator: number.into().into(),
            denominator: 1,
        }
    }

    /// Makes a number of how many there are of something.
    pub(crate) fn count(count: usize) -> Self {
        Self {
            numerator: i128::try_from(count).expect("a count has 64 bits"),
            denominator: 1,
        }
    }

    /// Reads `-?digits[.digits]` exactly; `None` for anything else or more than 18 digits in all.
    pub fn parse_decimal(text: &str) -> Option<Self> {
        let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || digits.ends_with('.') || whole.len() + decimals.len() > 18 {
            return None;
        }
        // 18 digits fit, and a loop costs a tenth of joining the parts and parsing them.
        let number = whole
            .bytes()
            .chain(decimals.bytes())
            .try_fold(0_i64, |number, byte| {
                byte.is_ascii_digit()
                    .then(|| number * 10 + i64::from(byte - b'0'))
            })?;
        let below = 10_i64.pow(u32::try_from(decimals.len()).ok()?);
        Some(Self::of_small(sign * number, below))
    }

    /// Reads the same, also with an exponent as TOML has it: `2.2e-1` is `0.22`.
    pub fn parse_number(text: &str) -> Option<Self> {
        const MOST_SHIFTED: usize = 36;
        let Some((mantissa, exponent)) = text.split_once(['e', 'E']) else {
            return Self::parse_decimal(text);
        };
        Self::parse_decimal(mantissa)?;
        let exponent: i32 = exponent.parse().ok()?;
        let shift = usize::try_from(exponent.unsigned_abs()).ok()?;
        if shift > MOST_SHIFTED {
            return None;
        }
        let (sign, digits) = match mantissa.strip_prefix('-') {
            Some(digits) => ("-", digits),
            None => ("", mantissa),
        };
        let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
        let zeros = "0".repeat(shift);
        // The point goes on through the digits, past zeros where they end.
        let (whole, decimals) = if exponent < 0 {
            let padded = format!("{zeros}{whole}");
            let (whole, moved) = padded.split_at(padded.len() - shift);
            (whole.to_owned(), format!("{moved}{decimals}"))
        } else {
            let padded = format!("{decimals}{zeros}");
            let (moved, decimals) = padded.split_at(shift);
            (format!("{whole}{moved}"), decimals.to_owned())
        };
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        match decimals.trim_end_matches('0') {
            "" => Self::parse_decimal(&format!("{sign}{whole}")),
            decimals => Self::parse_decimal(&format!("{sign}{whole}.{decimals}")),
        }
    }

    /// Returns the number above the line.
    pub fn numerator(self) -> i128 {
        self.numerator
    }

    /// Returns the number below the line, above zero.
    pub fn denominator(self) -> i128 {
        self.denominator
    }

    /// Returns the whole number this is, if it is one.
    pub fn to_whole(self) -> Option<i64> {
        if self.denominator == 1 {
            i64::try_from(self.numerator).ok()
        } else {
            None
        }
    }

    /// Returns the double nearest to this fraction, ties to even.
    pub fn to_f64(self) -> f64 {
        let magnitude = self.numerator.unsigned_abs();
        let value = nearest_double(magnitude, self.denominator.unsigned_abs());
        if self.numerator < 0 { -value } else { value }
    }

    /// Returns this times `other`; `None` when it does not fit.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        // Cross-reduction first, so that only a result that really does not fit is lost.
        let left = Self::new(self.numerator, other.denominator)?;
        let right = Self::new(other.numerator, self.denominator)?;
        Some(Self {
            numerator: left.numerator.checked_mul(right.numerator)?,
            denominator: left.denominator.checked_mul(right.denominator)?,
        })
    }

    /// Returns this plus `other`; `None` when it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let left = self.numerator.checked_mul(other.denominator)?;
        let right = other.numerator.checked_mul(self.denominator)?;
        Self::new(
            left.checked_add(right)?,
            self.denominator.checked_mul(other.denominator)?,
        )
    }
}

impl Ord for Fraction {
    /// Compares exactly, digit by digit of the continued fractions, so that nothing can overflow.
    fn cmp(&self, other: &Self) -> Ordering {
        // Most are whole numbers, or counted in the same parts.
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        if let (Some(left), Some(right)) = (
            self.numerator.checked_mul(other.denominator),
            other.numerator.checked_mul(self.denominator),
        ) {
            return left.cmp(&right);
        }
        let (mut a, mut b) = (*self, *other);
        let mut flipped = false;
        loop {
            let floors = (
                a.numerator.div_euclid(a.denominator),
                b.numerator.div_euclid(b.denominator),
            );
            let rests = (
                a.numerator.rem_euclid(a.denominator),
                b.numerator.rem_euclid(b.denominator),
            );
            let order = match floors.0.cmp(&floors.1) {
                Ordering::Equal => match (rests.0, rests.1) {
                    (0, 0) => Ordering::Equal,
                    (0, _) => Ordering::Less,
                    (_, 0) => Ordering::Greater,
                    _ => {
                        // Compare the reciprocals of what is left, the other way round.
                        a = Self {
                            numerator: a.denominator,
                            denominator: rests.0,
                        };
                        b = Self {
                            numerator: b.denominator,
                            denominator: rests.1,
                        };
                        flipped = !flipped;
                        continue;
                    }
                },
                order => order,
            };
            return if flipped { order.reverse() } else { order };
        }
    }
}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Returns the double nearest to `numerator / denominator`, ties to even.
#[expect(
    clippy::cast_precision_loss,
    reason = "rounding to the nearest double is the point"
)]
fn nearest_double(numerator: u128, denominator: u128) -> f64 {
    const EXACT: u128 = 1 << 53;
    if numerator < EXACT && denominator < EXACT {
        // Both are doubles, and one division of doubles is rounded correctly.
        return numerator as f64 / denominator as f64;
    }
    // Long division for 64 leading bits of the quotient; what is left over only breaks ties.
    let mut exponent = 0_i32;
    let (mut quotient, mut rest) = (numerator / denominator, numerator % denominator);
    while quotient < (1 << 63) {
        let carry = rest >= denominator - rest;
        rest = if carry {
            rest - (denominator - rest)
        } else {
            rest + rest
        };
        quotient = (quotient << 1) | u128::from(carry);
        exponent -= 1;
        if exponent < -300 {
            break;
        }
    }
    let sticky = u128::from(rest != 0);
    // `as` rounds to nearest even; the sticky bit below the 64 leading ones keeps that right.
    let mut value = ((quotient << 1) | sticky) as f64;
    exponent -= 1;
    while exponent < 0 {
        let step = exponent.max(-60);
        value /= (1_u64 << -step) as f64;
        exponent -= step;
    }
    value
}

fn small_gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn gcd(mut a: u128, mut b: u128) -> u128 {
    // Most fractions here are of 64-bit numbers, whose division is several times cheaper.
    while b != 0 {
        if let (Ok(small_a), Ok(small_b)) = (u64::try_from(a), u64::try_from(b)) {
            return small_gcd(small_a, small_b).into();
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "the nearest double is one exact number")]
mod tests {
    use super::*;

    fn fraction(numerator: i128, denominator: i128) -> Fraction {
        Fraction::new(numerator, denominator).unwrap()
    }

    #[test]
    fn is_kept_in_lowest_terms() {
        assert_eq!(fraction(4, -6), fraction(-2, 3));
        assert_eq!(fraction(0, 5), Fraction::ZERO);
        assert_eq!(Fraction::new(1, 0), None);
        assert_eq!(fraction(0, -5), Fraction::ZERO);
        let (least, most) = (i128::from(i64::MIN), i128::from(i64::MAX));
        assert_eq!(fraction(least, least), fraction(1, 1));
        assert_eq!(fraction(least, -1).numerator(), most + 1);
        assert_eq!(fraction(2 * least, 2).numerator(), least);
    }

    #[test]
    fn compares_without_overflow() {
        let big = 10_i128.pow(30);
        assert!(fraction(big + 1, big) > fraction(big + 2, big + 1));
        assert!(fraction(-big - 1, big) < fraction(-big - 2, big + 1));
        assert!(fraction(8, 10) == fraction(4, 5));
        assert!(fraction(1, 3) < fraction(34, 100));
    }

    #[test]
    fn gives_the_nearest_double() {
        assert_eq!(fraction(1, 3).to_f64(), 1.0 / 3.0);
        assert_eq!(fraction(-25, 2).to_f64(), -12.5);
        let big = 10_i128.pow(25);
        assert_eq!(fraction(big, 3).to_f64(), 3.333_333_333_333_333_3e24);
        assert_eq!(fraction(1, 10_i128.pow(20)).to_f64(), 1e-20);
        // 2^53 + 1 over 1 is a tie and goes to the even neighbour.
        assert_eq!(fraction((1 << 53) + 1, 1).to_f64(), 9_007_199_254_740_992.0);
    }

    #[test]
    fn reads_decimals() {
        assert_eq!(Fraction::parse_decimal("0.22"), Some(fraction(11, 50)));
        assert_eq!(Fraction::parse_decimal("-3"), Some(fraction(-3, 1)));
        assert_eq!(
            Fraction::parse_decimal("-9999999999999999.99"),
            Some(fraction(-999_999_999_999_999_999, 100))
        );
        for text in ["", "-", "1.", ".5", "1.2.3", "1e3", "1234567890123456789"] {
            assert_eq!(Fraction::parse_decimal(text), None, "{text}");
        }
    }

    #[test]
    fn reads_exponents() {
        let read = Fraction::parse_number;
        assert_eq!(read("2.2e-1"), Some(fraction(11, 50)));
        assert_eq!(read("22E-2"), Some(fraction(11, 50)));
        assert_eq!(read("-1.25e+1"), Some(fraction(-25, 2)));
        assert_eq!(read("7e1"), Some(fraction(70, 1)));
        assert_eq!(read("0.78"), Some(fraction(39, 50)));
        assert_eq!(read("0e0"), Some(fraction(0, 1)));
        for text in [
            "1e400",
            "1e",
            "e1",
            "1e1.5",
            "1e20",
            "1e-20",
            "1e99999999999",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
