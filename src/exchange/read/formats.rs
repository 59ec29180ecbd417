//! What the format of a number in a workbook says of it: a day, elapsed time, percent, or no more than it is.

use super::grid::GridValue;

/// As what a format shows a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Shown {
    #[default]
    Number,
    Percent,
    Date,
    Elapsed,
}

impl Shown {
    /// Returns what a format of every workbook shows, by its number.
    pub(super) fn of_number(number: u16) -> Self {
        match number {
            9 | 10 => Self::Percent,
            // From 27 and from 50 on are the days of East Asia.
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Date,
            46 => Self::Elapsed,
            _ => Self::Number,
        }
    }

    /// Returns what a format shows by its code, of which the first section counts.
    pub(super) fn of_code(code: &str) -> Self {
        let mut characters = code.chars();
        let mut shown = Self::Number;
        while let Some(character) = characters.next() {
            match character {
                '"' => _ = characters.by_ref().find(|it| *it == '"'),
                // The next character stands for itself, or for room.
                '\\' | '_' | '*' => _ = characters.next(),
                '[' => {
                    let inner: String = characters.by_ref().take_while(|it| *it != ']').collect();
                    let inner = inner.to_ascii_lowercase();
                    let is_of =
                        |unit: char| !inner.is_empty() && inner.chars().all(|it| it == unit);
                    if ['h', 'm', 's'].into_iter().any(is_of) {
                        return Self::Elapsed;
                    }
                }
                ';' => return shown,
                '%' => return Self::Percent,
                'd' | 'm' | 'y' | 'h' | 's' | 'D' | 'M' | 'Y' | 'H' | 'S' => shown = Self::Date,
                _ => {}
            }
        }
        shown
    }

    /// Returns a number as a cell of such a format has it.
    pub(super) fn value(self, number: f64) -> GridValue {
        match self {
            Self::Number => GridValue::Number(number),
            Self::Percent => GridValue::Percent(number),
            Self::Date => GridValue::Date(number),
            Self::Elapsed => GridValue::Elapsed(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_tells_what_a_number_is() {
        for (code, shown) in [
            ("General", Shown::Number),
            ("#,##0.00_);[Red](#,##0.00)", Shown::Number),
            ("0.00E+00", Shown::Number),
            ("0.0%", Shown::Percent),
            ("0;0%", Shown::Number),
            ("0\" %\"", Shown::Number),
            ("0\\%", Shown::Number),
            ("yyyy-mm-dd", Shown::Date),
            ("yyyy\"年\"m\"月\"d\"日\";@", Shown::Date),
            ("[$-804]yyyy/m/d", Shown::Date),
            ("h:mm AM/PM", Shown::Date),
            ("[h]:mm:ss", Shown::Elapsed),
            ("[Red]0.00", Shown::Number),
            ("[$USD] 0.00", Shown::Number),
            ("0\"days\"", Shown::Number),
        ] {
            assert_eq!(Shown::of_code(code), shown, "{code}");
        }
    }
}
