//! One customer on one screen, and the same as nested data.

mod document;
mod labels;
mod money;

pub(crate) use document::form as screen_form;

use labels::heading_of;

use super::row_texts::{RowTexts, written_amount};
use super::told::told;
use crate::answer::{ASIDE, Block, Paper, Part};
use crate::figures::rough::{are_rough, rough_of};
use crate::figures::{
    Figures, RowPart, Why, case_clocks, comma, open_lead_rows, semicolon, standing_agreements,
};
use crate::metric::{Metric, Type, Value};
use crate::model::{Communication, CustomValue, Customer, Text};
use crate::words::{self, write_say, written};

/// How many of the last rows are shown.
const LAST_ROWS: usize = 10;

/// How many ways to the next tier are shown.
const WAYS: usize = 2;

/// What blocks are about; in English it is their heading.
pub(crate) const STANDING: &str = "standing";
pub(crate) const MONEY: &str = "money";
pub(crate) const OPEN_CASES: &str = "open cases";
pub(crate) const OPEN_LEADS: &str = "open leads";
pub(crate) const AGREEMENTS: &str = "agreements";
pub(crate) const LAST: &str = "last rows";

/// The figures whose reasons stand beside them.
pub(crate) const EXPLAINED: [Metric; 7] = [
    Metric::Tier,
    Metric::Churn,
    Metric::ChurnRisk,
    Metric::Signals,
    Metric::Flags,
    Metric::NextRevisit,
    Metric::Cadence,
];

/// One customer with its figures, and what is needed to show them.
///
/// Figures that were not asked for are left out, and a last line tells which and how to get them.
pub(crate) struct Screen<'s> {
    figures: &'s Figures<'s>,
    index: usize,
    texts: &'s RowTexts,
    whys: Vec<Why>,
    cases: Vec<RowPart>,
}

impl<'s> Screen<'s> {
    /// Makes the screen of a customer; `texts` are those of [`Screen::rows_wanted`].
    pub(crate) fn new(figures: &'s Figures<'s>, index: usize, texts: &'s RowTexts) -> Self {
        let names = |row: usize| texts.reference(row);
        let explained = EXPLAINED.into_iter().filter(|it| figures.has(*it));
        let whys = explained.map(|metric| figures.why(index, metric, &names));
        Self {
            figures,
            index,
            texts,
            whys: whys.collect(),
            cases: case_clocks(figures, index, &names),
        }
    }

    /// Returns the rows whose texts a screen shows.
    pub(crate) fn rows_wanted(figures: &Figures<'_>, index: usize) -> Vec<usize> {
        let unnamed = |_: usize| None;
        let count = Self::row_count(figures, index);
        let mut rows: Vec<usize> = (count.saturating_sub(LAST_ROWS)..count).collect();
        let cases = case_clocks(figures, index, &unnamed);
        rows.extend(cases.iter().map(|part| part.row));
        rows.extend(open_lead_rows(figures, index));
        rows.extend(
            standing_agreements(figures, index)
                .iter()
                .map(|part| part.row),
        );
        let why = figures.why(index, Metric::NextRevisit, &unnamed);
        rows.extend(why.rows.iter().map(|part| part.row));
        let why = figures.why(index, Metric::LastContact, &unnamed);
        rows.extend(why.rows.iter().map(|part| part.row));
        rows
    }

    fn row_count(figures: &Figures<'_>, index: usize) -> usize {
        let rows = figures.book().interactions_of(index);
        rows.until(crate::model::Day::of(figures.as_of()))
            .rows()
            .len()
    }

    fn customer(&self) -> &'s Customer {
        &self.figures.book().customers[self.index]
    }

    fn value(&self, metric: Metric) -> Value<'static> {
        if !self.figures.has(metric) {
            return Value::Unknown;
        }
        self.figures.value(self.index, metric).into_owned()
    }

    /// Returns a metric as people read it: with two digits that count where it rests on no fit.
    fn read(&self, metric: Metric) -> Value<'static> {
        let value = self.value(metric);
        let is_rough = are_rough(self.figures);
        let units = words::units();
        let text = is_rough.then(|| rough_of(metric, &value, units)).flatten();
        let unit = match value {
            Value::Money(_) => units.sign(),
            _ => "",
        };
        text.map_or(value, |text| Value::text(text + unit))
    }

    /// Returns a metric in words, `-` where it is unknown.
    fn told(&self, metric: Metric) -> String {
        match self.value(metric) {
            Value::Unknown => "-".to_owned(),
            value => told(&self.worded(metric, value), metric.entry().kind),
        }
    }

    /// Returns `before value` where the value is known and not nothing.
    fn with(&self, before: &str, metric: Metric) -> Option<String> {
        let value = self.value(metric);
        let is_nothing = !value.is_known()
            || value.to_f64() == Some(0.0)
            || matches!(&value, Value::List(list) if list.is_empty());
        (!is_nothing).then(|| {
            format!(
                "{before}{}",
                told(&self.worded(metric, self.read(metric)), metric.entry().kind)
            )
        })
    }

    fn why(&self, metric: Metric) -> Option<&Why> {
        self.whys.iter().find(|why| why.metric == metric)
    }

    /// Returns the page for people.
    pub(crate) fn page(&self) -> Paper {
        let mut paper = Paper::default();
        self.add_heading(&mut paper);
        self.add_standing(&mut paper);
        self.add_money(&mut paper);
        self.add_cases_and_leads(&mut paper);
        self.add_agreements(&mut paper);
        self.add_file(&mut paper);
        self.add_last_rows(&mut paper);
        self.add_left_out(&mut paper);
        paper
    }

    fn add_heading(&self, paper: &mut Paper) {
        let customer = self.customer();
        let mut title = write_say!("{} ({})", "{}（{}）", customer.name, customer.id);
        if !customer.aliases.is_empty() {
            title.push_str(written().pick(", also ", "，又名 "));
            title.push_str(&customer.aliases.join(written().pick(", ", "、")));
        }
        title.push_str(written().pick(", on ", "，截至 "));
        title.push_str(&self.figures.as_of().to_string());
        let block = paper.indented("", 0);
        block.text(title);
        let staff = self.figures.book().staff.as_deref().unwrap_or_default();
        let owner = self.value(Metric::Owner);
        let owner = owner.is_known().then(|| {
            let owner = told(&owner, Type::Text);
            let name = staff.iter().find(|it| it.id == owner);
            let name = name.and_then(|it| it.name.as_deref());
            name.map_or_else(
                || write_say!("owner {owner}", "客户经理 {owner}"),
                |name| write_say!("owner {owner} ({name})", "客户经理 {owner}（{name}）"),
            )
        });
        let facts = [
            owner,
            self.with(written().pick("stage ", "阶段 "), Metric::Stage),
            self.with(written().pick("segment ", "行业 "), Metric::Segment),
            self.with(written().pick("region ", "地区 "), Metric::Region),
            self.with(written().pick("tags ", "标签 "), Metric::Tags),
        ];
        let times = [
            self.with(written().pick("since ", "合作始于 "), Metric::Since)
                .or(self.with(
                    written().pick("first seen ", "首次出现 "),
                    Metric::FirstSeen,
                )),
            self.with(written().pick("tenure ", "合作 "), Metric::Tenure),
            self.with(written().pick("score ", "主观评分 "), Metric::Score),
            self.with(
                written().pick("satisfaction ", "满意度 "),
                Metric::Satisfaction,
            ),
            (customer.communication == Some(Communication::Difficult))
                .then(|| write_say!("communication difficult", "沟通困难")),
            self.with(written().pick("reviewed ", "档案复核于 "), Metric::Reviewed),
        ];
        let missing = self.with(written().pick("not filled: ", "未填："), Metric::Missing);
        for line in [joined(facts), joined(times), missing.unwrap_or_default()] {
            if !line.is_empty() {
                block.text(line);
            }
        }
    }

    fn add_standing(&self, paper: &mut Paper) {
        let block = paper.keyed(STANDING, written().pick(STANDING, "状况"));
        if let Some(tier) = self.why(Metric::Tier) {
            self.reason(block, Metric::Tier, &tier.in_short());
            for line in tier.missing.iter().take(WAYS) {
                block.line([Part::text(""), Part::text(""), Part::text(line.clone())]);
            }
        }
        if let Some(churn) = self.why(Metric::Churn) {
            let risk = self.why(Metric::ChurnRisk);
            let sentence = risk.and_then(|risk| risk.sentence.clone());
            self.reason(
                block,
                Metric::Churn,
                &sentence.unwrap_or_else(|| churn.in_short()),
            );
        }
        for metric in [Metric::Signals, Metric::Flags] {
            let each = self.why(metric).map(Why::each_in_short).unwrap_or_default();
            for (index, (name, words)) in each.into_iter().enumerate() {
                let heading = if index == 0 {
                    heading_of(metric)
                } else {
                    "".into()
                };
                let name = self.label(metric, name);
                block.line([Part::text(heading), Part::text(name), Part::text(words)]);
            }
        }
        if let Some(next) = self.why(Metric::NextRevisit) {
            self.add_next_step(block, next);
        }
        if let Value::Date(day) = self.value(Metric::LastContact) {
            let unnamed = |_: usize| None;
            let why = self.figures.why(self.index, Metric::LastContact, &unnamed);
            let row = why.rows.first().map(|part| part.row);
            let text = row.and_then(|row| self.row_words(row));
            block.line([
                Part::text(written().pick("last contact", "最近联系")),
                Part::text(day.to_string()),
                Part::of_some(text),
            ]);
        }
    }

    fn add_next_step(&self, block: &mut Block, next: &Why) {
        let mut words = Vec::new();
        if let Some(plan) = next.rows.first().filter(|_| next.rows.len() == 1) {
            let text = self.text_of(plan.row);
            let planned = text.map_or_else(
                || write_say!("planned", "已计划"),
                |text| write_say!("planned: {text}", "计划：{text}"),
            );
            words.extend([self.told(Metric::NextRevisit), planned]);
        } else {
            words.push(next.in_short());
            let cadence = self.why(Metric::Cadence).map(Why::in_short);
            words.extend(cadence.filter(|it| !it.is_empty()));
        }
        if let Some(days) = self.with("", Metric::Overdue) {
            words.insert(1, write_say!("{days} overdue", "逾期 {days}"));
        }
        let status = Part::of_metric(Metric::RevisitStatus, self.value(Metric::RevisitStatus));
        block.line([
            Part::text(written().pick("next step", "下一步")),
            status,
            Part::text(words.join(semicolon())),
        ]);
    }

    /// Adds a figure with its reason.
    fn reason(&self, block: &mut Block, metric: Metric, words: &str) {
        let shown = match self.value(metric) {
            Value::List(list) if list.is_empty() => Part::text(written().pick("none", "无")),
            // A level has its label, and its colour by the word itself.
            value if metric.entry().levels().is_some() => Part::of_metric(metric, value),
            value => Part::of_metric(metric, self.worded(metric, value)),
        };
        block.line([Part::text(heading_of(metric)), shown, Part::text(words)]);
    }

    fn add_cases_and_leads(&self, paper: &mut Paper) {
        if !self.cases.is_empty() {
            let block = paper.keyed(OPEN_CASES, written().pick(OPEN_CASES, "未结事项"));
            for case in &self.cases {
                let text = self.topic_of(case.row);
                let text = text.map_or_else(
                    || case.role.clone(),
                    |text| format!("{}{}{text}", case.role, semicolon()),
                );
                block.text(text);
            }
        }
        let leads = open_lead_rows(self.figures, self.index);
        if !leads.is_empty() {
            let block = paper.keyed(OPEN_LEADS, written().pick(OPEN_LEADS, "在谈商机"));
            let rows = self.figures.book().interactions_of(self.index);
            for lead in leads {
                let row = &rows.rows()[lead];
                block.line([
                    Part::of_some(self.texts.reference(lead)),
                    Part::of(row.day.date(), Type::Date),
                    Part::of(row.amount(), Type::Money),
                    Part::of_some(self.topic_of(lead)),
                ]);
            }
        }
    }

    fn add_agreements(&self, paper: &mut Paper) {
        let agreements = standing_agreements(self.figures, self.index);
        if agreements.is_empty() {
            return;
        }
        let block = paper.keyed(AGREEMENTS, written().pick(AGREEMENTS, "协议"));
        for part in agreements {
            let amount = part.amount.map_or_else(
                || Part::of(Value::text(""), Type::Money),
                |amount| Part::of(amount, Type::Money),
            );
            block.line([
                Part::of_some(self.texts.reference(part.row)),
                Part::text(part.role),
                amount,
                Part::of_some(self.topic_of(part.row)),
            ]);
        }
    }

    fn add_file(&self, paper: &mut Paper) {
        let customer = self.customer();
        if !customer.people.is_empty() {
            let block = paper.block(written().pick("people", "联系人"));
            for person in &customer.people {
                let name = person.name.as_deref().unwrap_or("-");
                let title = person.title.as_deref().unwrap_or_default();
                let born = |day: &_| write_say!("born {day}", "生日 {day}");
                let birthday = person.birthday.as_ref().map(born);
                let own = |text: &Option<Text>| text.as_deref().map(str::to_owned);
                let comma = written().pick(", ", "、");
                let all = |texts: &[Text]| (!texts.is_empty()).then(|| texts.join(comma));
                block.line([
                    Part::text(name),
                    Part::text(title),
                    Part::text(joined([
                        all(&person.phone),
                        all(&person.mobile),
                        all(&person.email),
                        all(&person.wechat).map(|it| write_say!("WeChat {it}", "微信 {it}")),
                        birthday,
                        own(&person.note),
                    ])),
                ]);
            }
        }
        let mut lines: Vec<(String, String)> = Vec::new();
        for (key, value) in customer.profile.iter().chain(&customer.custom) {
            let (value, kind) = free_value(value);
            lines.push((key.to_string(), told(&value, kind)));
        }
        for competitor in &customer.competitors {
            let own = |text: &Option<Text>| text.as_deref().map(str::to_owned);
            let text = joined([own(&competitor.name), own(&competitor.note)]);
            lines.push((write_say!("competitor", "竞争对手"), text));
        }
        for date in &customer.dates {
            let yearly = if date.is_yearly {
                written().pick(", every year", "，每年")
            } else {
                ""
            };
            lines.push((
                write_say!("date", "重要日期"),
                format!("{} {}{yearly}", date.on, date.name),
            ));
        }
        if !lines.is_empty() {
            let block = paper.block(written().pick("file", "档案"));
            for (key, text) in lines {
                block.line([Part::text(key), Part::text(text)]);
            }
        }
    }

    fn add_last_rows(&self, paper: &mut Paper) {
        let count = Self::row_count(self.figures, self.index);
        if count == 0 {
            return;
        }
        let rows = self.figures.book().interactions_of(self.index);
        let kinds = &self.figures.policy().kinds;
        let block = paper.keyed(LAST, written().pick(LAST, "最近记录"));
        for index in count.saturating_sub(LAST_ROWS)..count {
            let row = &rows.rows()[index];
            let quantity = if let Some(amount) = written_amount(kinds, row) {
                Part::of(amount, Type::Money)
            } else if let Some(score) = row.score() {
                Part::of(score, Type::Number)
            } else {
                Part::of(Value::text(""), Type::Money)
            };
            block.line([
                Part::text(self.texts.place(index)),
                Part::of(row.day.date(), Type::Date),
                Part::text(self.kind_label(row)),
                quantity,
                Part::of_some(self.text_of(index)),
            ]);
        }
    }

    /// Tells which figures are not there for want of the other customers.
    fn add_left_out(&self, paper: &mut Paper) {
        let names = [
            (written().pick("rank", "排名"), Metric::Rank),
            (written().pick("churn risk", "流失概率"), Metric::Churn),
            (written().pick("lifetime value", "终身价值"), Metric::Clv),
        ];
        let left_out = names.iter().filter(|it| !self.figures.has(it.1));
        let names: Vec<&str> = left_out.map(|it| it.0).collect();
        let Some((last, before)) = names.split_last() else {
            return;
        };
        let all = names.join("、");
        let (names, verb) = match before {
            [] => ((*last).to_owned(), "compares"),
            before => (format!("{} and {last}", before.join(", ")), "compare"),
        };
        let id = &self.customer().id;
        let text = written().pick(
            format!("{names} {verb} all customers: guanxi show {id} --all"),
            format!("{all}要与全部客户比较：guanxi show {id} --all"),
        );
        let block = paper.indented("", 0);
        block.line([]).line([Part::text(text).toned(ASIDE)]);
    }

    /// Returns a row's ref, topic and note, if they were read and one is there.
    fn text_of(&self, row: usize) -> Option<String> {
        let text = self.texts.of(row)?;
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let words = joined([&text.reference, &text.topic, &text.note].map(filled));
        (!words.is_empty()).then_some(words)
    }

    /// Returns a row's topic and note, if they were read and one is there.
    fn topic_of(&self, row: usize) -> Option<String> {
        let text = self.texts.of(row)?;
        let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
        let words = joined([&text.topic, &text.note].map(filled));
        (!words.is_empty()).then_some(words)
    }

    /// Returns what kind of row it is, who did it, and its texts.
    fn row_words(&self, row: usize) -> Option<String> {
        let found = self
            .figures
            .book()
            .interactions_of(self.index)
            .rows()
            .get(row)?;
        let kind = self.kind_label(found);
        let staff = self.texts.of(row).map(|text| text.staff.as_str());
        let staff = staff.filter(|staff| !staff.is_empty());
        let by = staff.map_or_else(String::new, |staff| {
            write_say!(" by {staff}", "（{staff}）")
        });
        Some(joined([Some(format!("{kind}{by}")), self.text_of(row)]))
    }
}

/// Joins what is there by commas.
fn joined(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(comma())
}

/// Returns a free value with its type.
fn free_value(value: &CustomValue) -> (Value<'static>, Type) {
    match value {
        CustomValue::Text(text) => (Value::text(text.to_string()), Type::Text),
        CustomValue::Number(number) => ((*number).into(), Type::Number),
        CustomValue::Float(number) => ((*number).into(), Type::Number),
        CustomValue::Date(date) => ((*date).into(), Type::Date),
        CustomValue::Bool(yes) => ((*yes).into(), Type::Bool),
        CustomValue::List(list) => {
            let list = list.iter().map(|text| text.to_string().into());
            (Value::List(list.collect()), Type::List)
        }
    }
}
