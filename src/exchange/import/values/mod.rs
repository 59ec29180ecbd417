//! What cells are worth: texts, days, amounts, numbers, spans, lists, words.
//!
//! Each reader gets a cell and what is known of its column, and gives a value, nothing where the cell is
//! blank, or what is wrong with it. What could mean two things is refused.

use crate::words::Wording;
pub(crate) mod amount;
pub(crate) mod clean;
mod clock;
pub(crate) mod date;
pub(crate) mod list;
pub(crate) mod moment;
pub(crate) mod person;
pub(crate) mod ratio;
pub(crate) mod span;
pub(crate) mod time;
pub(crate) mod time_cell;
pub(crate) mod unit;
pub(crate) mod words;

/// What is wrong with a cell or a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    pub(crate) code: &'static str,
    pub(crate) message: Wording,
    pub(crate) help: Option<Wording>,
}

impl Bad {
    /// Makes a fault of its code and a phrase.
    pub(crate) fn new(code: &'static str, message: impl Into<Wording>) -> Self {
        Self {
            code,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do about it.
    pub(crate) fn help(mut self, help: impl Into<Wording>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Writes into its help which column it is about and what stands there, as options name them, where the
    /// help has but words for them.
    pub(crate) fn name_cell(mut self, column: &str, text: Option<&str>) -> Self {
        let Some(help) = self.help.take() else {
            return self;
        };
        let fits = |it: &&str| !it.contains(['\'', '\r', '\n']);
        let named = |help: &str, (heading, of_text): (&str, &str)| match text.filter(fits) {
            Some(text) => help
                .replace(
                    &format!("'{heading}:{of_text}="),
                    &format!("'{column}:{text}="),
                )
                .replace(&format!("'{heading}="), &format!("'{column}=")),
            None => help
                .replace(&format!("'{heading}:"), &format!("'{column}:"))
                .replace(&format!("'{heading}="), &format!("'{column}=")),
        };
        self.help = Some(Wording::new(
            named(help.english(), ("HEADING", "TEXT")),
            named(help.chinese(), ("列名", "文字")),
        ));
        self
    }
}

/// What `--read` says of the habits of the files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of `--read`, given or not"
)]
pub(crate) struct Habits {
    /// `dmy` or `mdy`.
    pub(crate) order: Option<DayOrder>,
    pub(crate) serial: bool,
    /// `utc+8`: how many minutes local time is ahead.
    pub(crate) zone: Option<i32>,
    pub(crate) decimal_comma: bool,
    pub(crate) trailing_minus: bool,
    pub(crate) round: bool,
    pub(crate) dash_blank: bool,
    pub(crate) negative_credit: bool,
    pub(crate) equal_rows: bool,
    pub(crate) short_lines: bool,
    pub(crate) fill_down: bool,
    pub(crate) sum_refs: bool,
}

/// Which of day and month comes first in a numeric date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayOrder {
    DayFirst,
    MonthFirst,
}

/// The words of `--read` but for the time zone.
pub(crate) const READ_WORDS: [&str; 12] = [
    "dmy",
    "mdy",
    "serial",
    "decimal-comma",
    "trailing-minus",
    "round",
    "dash-blank",
    "negative-credit",
    "equal-rows",
    "short-lines",
    "fill-down",
    "sum-refs",
];

impl Habits {
    /// Adds a word; `false` if there is no such, or it contradicts another one.
    pub(crate) fn add(&mut self, word: &str) -> bool {
        let flag = match word {
            "dmy" | "mdy" => {
                let order = if word == "dmy" {
                    DayOrder::DayFirst
                } else {
                    DayOrder::MonthFirst
                };
                let is_new = self.order.is_none_or(|it| it == order);
                self.order = Some(order);
                return is_new;
            }
            "serial" => &mut self.serial,
            "decimal-comma" => &mut self.decimal_comma,
            "trailing-minus" => &mut self.trailing_minus,
            "round" => &mut self.round,
            "dash-blank" => &mut self.dash_blank,
            "negative-credit" => &mut self.negative_credit,
            "equal-rows" => &mut self.equal_rows,
            "short-lines" => &mut self.short_lines,
            "fill-down" => &mut self.fill_down,
            "sum-refs" => &mut self.sum_refs,
            _ => {
                let Some(zone) = clock::zone_of(word) else {
                    return false;
                };
                let is_new = self.zone.is_none_or(|it| it == zone);
                self.zone = Some(zone);
                return is_new;
            }
        };
        *flag = true;
        true
    }
}
