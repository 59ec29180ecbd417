//! Money as people read it, in the unit that they count in.

use super::Money;
use crate::words::{self, Units};

impl Money {
    /// Returns it in a unit: two decimals, half away from zero, and of what would show as nothing its first
    /// digit; without a unit as [`grouped`](Self::grouped) does.
    ///
    /// # Panics
    /// Never: a part of an amount is no more than the amount.
    pub fn in_units(self, units: Units) -> String {
        if units == Units::Yuan {
            return self.grouped();
        }
        let size = self.0.unsigned_abs();
        let sign = if self.0 < 0 { "-" } else { "" };
        let one = 10_u128.pow(4 + units.digits());
        let rounded = |decimals: u32| {
            let unit = one / 10_u128.pow(decimals);
            size / unit + u128::from(size % unit >= unit.div_ceil(2))
        };
        let hundredths = rounded(2);
        if hundredths > 0 || size == 0 {
            let whole = i128::try_from(hundredths * 100).expect("a unit is more than one");
            return format!("{sign}{}", Self(whole).grouped());
        }
        // Its size is below half a hundredth, and at least the last digit of money.
        let mut decimals = 3;
        while size * 10_u128.pow(decimals) < one {
            decimals += 1;
        }
        match rounded(decimals) {
            10 => format!("{sign}0.{:0width$}", 1, width = decimals as usize - 1),
            digit => format!("{sign}0.{digit:0width$}", width = decimals as usize),
        }
    }

    /// Returns it as a sentence has it: in the unit that was chosen, which stands behind the number.
    pub fn told(self) -> String {
        let units = words::units();
        self.in_units(units) + units.sign()
    }

    /// Returns it in a unit with two digits that count: `3,300`, `0.25`, `-0.033`.
    ///
    /// # Panics
    /// Never: a part of an amount is no more than the amount.
    pub fn in_two_digits(self, units: Units) -> String {
        let two = self.to_two_digits();
        let decimals = 4 + units.digits();
        let (size, one) = (two.0.unsigned_abs(), 10_u128.pow(decimals));
        let whole = i128::try_from(size / one * 10_000).expect("it is a part of the amount");
        let sign = if two.0 < 0 { "-" } else { "" };
        let whole = Self(whole).grouped();
        let whole = whole.trim_end_matches('0').trim_end_matches('.');
        let rest = format!("{:0width$}", size % one, width = decimals as usize);
        match rest.trim_end_matches('0') {
            "" => format!("{sign}{whole}"),
            rest => format!("{sign}{whole}.{rest}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_in_units() {
        for (money, units, expected) in [
            (12_345_670_000, Units::Yuan, "1,234,567.00"),
            (12_345_670_000, Units::Wan, "123.46"),
            (490_000, Units::Wan, "0.005"),
            (0, Units::Wan, "0.00"),
            (-250_000_000, Units::Wan, "-2.50"),
            (49_000, Units::Wan, "0.0005"),
            (-1, Units::Wan, "-0.00000001"),
            (96_000, Units::Wan, "0.001"),
            (500_000, Units::Wan, "0.01"),
            (12_345_678_900_000_000, Units::Yi, "12,345.68"),
            (
                i128::MIN,
                Units::Yi,
                "-170,141,183,460,469,231,731,687,303.72",
            ),
        ] {
            assert_eq!(Money(money).in_units(units), expected, "{money}");
        }
    }

    #[test]
    fn two_digits_count_in_every_unit() {
        for (money, units, expected) in [
            (33_120_000, Units::Yuan, "3,300"),
            (33_120_000, Units::Wan, "0.33"),
            (120_000_000_000, Units::Wan, "1,200"),
            (120_000_000_000, Units::Yi, "0.12"),
            (1_000_000, Units::Yuan, "100"),
            (-2_540, Units::Wan, "-0.000025"),
            (0, Units::Yi, "0"),
        ] {
            assert_eq!(Money(money).in_two_digits(units), expected, "{money}");
        }
    }
}
