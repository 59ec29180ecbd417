//! Texts, keys and numbers as a policy's TOML writes them.

use std::fmt::{self, Display, Write as _};

use super::{Tolerance, Weights};
use crate::model::Fraction;

/// A text as a TOML string.
pub(super) struct Text<'t>(pub(super) &'t str);

impl Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for character in self.0.chars() {
            match character {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                '\n' => f.write_str("\\n")?,
                '\t' => f.write_str("\\t")?,
                it if crate::source::is_hostile(it) => write!(f, "\\U{:08X}", u32::from(it))?,
                it => f.write_char(it)?,
            }
        }
        f.write_char('"')
    }
}

/// A key of a TOML table, in quotes where it needs them.
pub(super) struct Key<'t>(pub(super) &'t str);

impl Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_bare = |it: u8| it.is_ascii_alphanumeric() || matches!(it, b'_' | b'-');
        if !self.0.is_empty() && self.0.bytes().all(is_bare) {
            f.write_str(self.0)
        } else {
            Text(self.0).fmt(f)
        }
    }
}

/// A fraction that was read from digits, as digits again.
pub(super) struct Decimal(pub(super) Fraction);

impl Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (numerator, denominator) = (self.0.numerator(), self.0.denominator());
        let sign = if numerator < 0 { "-" } else { "" };
        let (mut rest, denominator) = (numerator.unsigned_abs(), denominator.unsigned_abs());
        write!(f, "{sign}{}", rest / denominator)?;
        rest %= denominator;
        if rest > 0 {
            f.write_char('.')?;
        }
        // What was read has at most 18 digits.
        for _ in 0..18 {
            if rest == 0 {
                break;
            }
            rest *= 10;
            write!(f, "{}", rest / denominator)?;
            rest %= denominator;
        }
        Ok(())
    }
}

/// A tolerance as it is written between quotes.
pub(super) struct Limit(pub(super) Tolerance);

impl Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Tolerance::Money(money) => write!(f, "{money}"),
            Tolerance::Share(share) => {
                let percent = share.checked_mul(Fraction::whole(100));
                write!(f, "{}%", Decimal(percent.unwrap_or(share)))
            }
        }
    }
}

/// Weights as lines of a table.
pub(super) struct WeightLines<'w>(pub(super) &'w Weights);

impl Display for WeightLines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, weight) in &self.0.0 {
            writeln!(f, "{} = {}", Key(name), Decimal(*weight))?;
        }
        Ok(())
    }
}
