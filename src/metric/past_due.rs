//! The family of metrics `past_A_B` and `past_over_A`: what is so many days past due.

/// A span of days past due; its ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PastDue {
    from: u32,
    /// `None` if the span has no end.
    to: Option<u32>,
}

impl PastDue {
    /// Makes the span from `from`, which is at least 1, to `to`, which is not less.
    pub const fn between(from: u32, to: u32) -> Self {
        Self { from, to: Some(to) }
    }

    /// Makes the span of more than `days` days, which are at least 1.
    pub const fn over(days: u32) -> Self {
        Self {
            from: days.saturating_add(1),
            to: None,
        }
    }

    /// Reads the span from a metric's name; `None` for any other name, and where a number has a leading
    /// zero or the span would be empty.
    pub fn of_name(name: &str) -> Option<Self> {
        let rest = name.strip_prefix("past_")?;
        if let Some(days) = rest.strip_prefix("over_") {
            return Some(Self::over(whole(days)?));
        }
        let (from, to) = rest.split_once('_')?;
        let (from, to) = (whole(from)?, whole(to)?);
        (from <= to).then(|| Self::between(from, to))
    }

    /// Returns the metric's name.
    pub fn name(self) -> String {
        match self.to {
            Some(to) => format!("past_{}_{to}", self.from),
            None => format!("past_over_{}", self.from - 1),
        }
    }

    /// Returns what people read above the metric's column: `1–30`, `over 365`.
    pub fn heading(self) -> String {
        match self.to {
            Some(to) if to == self.from => to.to_string(),
            Some(to) => format!("{}–{to}", self.from),
            None => format!("over {}", self.from - 1),
        }
    }

    /// Returns the same in Chinese.
    pub fn chinese(self) -> String {
        match self.to {
            Some(to) if to == self.from => format!("逾期{to}天"),
            Some(to) => format!("逾期{}–{to}天", self.from),
            None => format!("逾期{}天以上", self.from - 1),
        }
    }

    /// Tells whether something so many days past due counts.
    pub fn has(self, days: i64) -> bool {
        i64::from(self.from) <= days && self.to.is_none_or(|to| days <= i64::from(to))
    }
}

/// Reads a whole number of at least 1 as it is written without a leading zero.
fn whole(digits: &str) -> Option<u32> {
    let is_plain = digits.starts_with(|it: char| matches!(it, '1'..='9'))
        && digits.bytes().all(|it| it.is_ascii_digit());
    let number: u32 = is_plain.then(|| digits.parse().ok()).flatten()?;
    (number < u32::MAX).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_which_days_count() {
        for name in ["past_1_30", "past_30_30", "past_over_365", "past_7_1000000"] {
            assert_eq!(PastDue::of_name(name).unwrap().name(), name);
        }
        for name in [
            "past_30_1",
            "past_0_30",
            "past_01_30",
            "past_1_030",
            "past_over_0",
            "past_over_05",
            "past_1",
            "past_1_",
            "past_+1_30",
            "past_1_30_60",
            "past_over_",
            "past_due",
            "past_1_99999999999",
        ] {
            assert_eq!(PastDue::of_name(name), None, "{name}");
        }
    }

    #[test]
    fn both_ends_count() {
        let span = PastDue::between(31, 60);
        assert_eq!(
            [30, 31, 60, 61].map(|days| span.has(days)),
            [false, true, true, false]
        );
        let over = PastDue::over(365);
        assert_eq!(
            [365, 366, 100_000].map(|days| over.has(days)),
            [false, true, true]
        );
    }
}
