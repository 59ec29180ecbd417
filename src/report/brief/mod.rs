//! The fortnightly meeting's paper: what changed, what is late, who acts.
//!
//! Each section quotes a report, and names the command that gives all of it.

mod archive;
mod cases;
mod leads;
mod lists;
mod money;
mod moved;
mod numbers;

use chrono::NaiveDate;

use super::diff::less;
use super::inside::Inside;
use crate::answer::{Memo, MemoSection};
use crate::figures::said;
use crate::metric::{Type, Value};
use crate::rule::Rule;
use crate::source::shell_word;
use crate::words::{write_say, written};

pub(super) use numbers::{months, words_of_months};

/// How many rows a list shows.
const SHOWN: usize = 10;

/// What a brief is made from.
pub(crate) struct Brief<'a> {
    /// The book on the day.
    pub(crate) now: Inside<'a>,
    /// The book on the day on which the time began.
    pub(crate) then: Inside<'a>,
    /// The rule as typed, and what it means.
    pub(crate) rule: Option<(&'a str, &'a Rule)>,
}

/// Makes the paper.
///
/// # Errors
/// What a report says.
pub(crate) fn brief(asked: &Brief<'_>) -> anyhow::Result<Memo> {
    let all = BothDays::new(asked);
    let (day, from) = (asked.now.day(), asked.then.day());
    let currency = &asked.now.loaded.policy.currency;
    let mut memo = Memo {
        title: write_say!("Brief of {day}", "{day} 简报"),
        ..Memo::default()
    };
    let whom = match asked.rule {
        Some((text, _)) => write_say!(" Customers: {text}.", "客户范围：{text}。"),
        None => String::new(),
    };
    memo.lead.push(write_say!(
        "After {from}, up to {day}; amounts in {currency}.{whom}",
        "{from} 之后，截至 {day}；金额单位 {currency}。{whom}"
    ));
    memo.lead.extend(asked.now.asked_by());
    let sections = [
        numbers::numbers(&all),
        numbers::happened(&all)?,
        cases::problems(&all)?,
        cases::late(&all)?,
        money::to_chase(&all)?,
        lists::slipping(&all)?,
        moved::moved(&all),
        leads::leads(&all)?,
        lists::visits(&all)?,
        lists::dates(&all)?,
        lists::team(&all)?,
        archive::archive(&all)?,
    ];
    let mut nothing = Vec::new();
    for section in sections {
        if section.is_empty() {
            nothing.push(section.heading);
        } else {
            memo.sections.push(section);
        }
    }
    if !nothing.is_empty() {
        let names = nothing.join(written().pick(", ", "、")).to_lowercase();
        memo.closing = write_say!("Nothing to report: {names}.", "以下各项无事：{names}。");
    }
    Ok(memo)
}

/// The book on both days, and whom the paper is about.
struct BothDays<'a, 'b> {
    now: &'b Inside<'a>,
    then: &'b Inside<'a>,
    rule: Option<(&'a str, &'a Rule)>,
    /// The customers chosen on the day, in id order.
    chosen: Vec<u32>,
    /// Those chosen on the day on which the time began, by the rule as it holds there.
    chosen_then: Vec<u32>,
}

impl<'a, 'b> BothDays<'a, 'b> {
    fn new(asked: &'b Brief<'a>) -> Self {
        let rule = asked.rule;
        let chosen = |inside: &Inside<'_>| {
            let figures = &inside.figures;
            let holds = |index: &u32| {
                let view = figures.of(*index as usize);
                rule.is_none_or(|(_, rule)| rule.matches(&view, inside.day()))
            };
            figures.present().iter().copied().filter(holds).collect()
        };
        Self {
            chosen: chosen(&asked.now),
            chosen_then: chosen(&asked.then),
            now: &asked.now,
            then: &asked.then,
            rule,
        }
    }

    fn from(&self) -> NaiveDate {
        self.then.day()
    }

    /// Returns a rule that holds where the paper's own does, too.
    fn and(&self, rule: &str) -> String {
        match self.rule {
            Some((own, _)) => format!("({own}) and {rule}"),
            None => rule.to_owned(),
        }
    }

    /// Returns a command: its name and the words behind it, a rule, and the day.
    fn command(&self, name: &str, rule: Option<&str>, words: &str) -> String {
        let rule = match (rule, self.rule) {
            (Some(rule), _) => Some(self.and(rule)),
            (None, Some((own, _))) => Some(own.to_owned()),
            (None, None) => None,
        };
        let mut command = name.to_owned();
        if let Some(rule) = rule {
            command.push(' ');
            command.push_str(&shell_word(&rule));
        }
        if !words.is_empty() {
            command.push(' ');
            command.push_str(words);
        }
        self.now.command(&command)
    }
}

/// Returns a text, empty where nothing is known.
fn text_of<'v>(value: &'v Value<'_>) -> &'v str {
    match value {
        Value::Text(text) => text,
        _ => "",
    }
}

/// Returns an empty section whose heading, in both languages, and command are given.
fn section(english: &str, chinese: &str, command: String) -> MemoSection {
    MemoSection::new(written().pick(english, chinese)).command(command)
}

/// Returns a value as a cell among others of other types: ratios in percent, days as such.
///
/// Numbers of one column are of one type elsewhere; here each line has its own, so that texts are made.
fn told(value: &Value<'static>, kind: Type) -> Value<'static> {
    match (value, kind) {
        (Value::Unknown, _) => Value::Unknown,
        // Others in the same line have a decimal.
        (value, Type::Ratio) => match said(value, kind) {
            text if text.contains('.') => text.into(),
            text => text.replace(" %", ".0 %").into(),
        },
        // So may those of the other time.
        (value @ (Value::Exact(_) | Value::Float(_)), Type::Number)
            if value.to_f64().is_some_and(|it| it.fract() != 0.0) =>
        {
            let mut text = said(value, kind);
            let decimals = text.split_once('.').map_or(0, |it| it.1.len());
            text.push_str(&"0".repeat(2_usize.saturating_sub(decimals)));
            text.into()
        }
        (value, kind) => crate::report::told::told(value, kind).into(),
    }
}

/// Returns `now` less `then`, if both are known.
fn minus(now: &Value<'static>, then: &Value<'static>, kind: Type) -> Value<'static> {
    if now.is_known() && then.is_known() {
        less(now, then, kind)
    } else {
        Value::Unknown
    }
}
