//! Why a figure is what it is, as a page for people, as nested data, and as rows.

mod blame;
mod document;

pub(crate) use blame::{Blame, FileValue, WrittenBy};
pub(crate) use document::form;

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::answer::{Column, Paper, Part, Sheet};
use crate::figures::rough::{are_rough, rough_of};
use crate::figures::{
    Basis, Figures, RowPart, RuleOutcome, Why, called, called_list, comma, said, said_of,
};
use crate::metric::{Metric, Type, Value, metric_by_name};
use crate::model::CellUse;
use crate::policy::Labelled;
use crate::words::{Language, Units, write_say, written};

use super::row_texts::{RowTexts, kind_name, written_amount};
use blame::BLAME_COLUMNS;

/// The figures that tell most of a customer, for an explanation of none in particular.
pub(crate) const TELLING: [Metric; 16] = [
    Metric::Tier,
    Metric::NextRevisit,
    Metric::RevisitStatus,
    Metric::Churn,
    Metric::ChurnRisk,
    Metric::Signals,
    Metric::Flags,
    Metric::AnnualValue,
    Metric::Growth,
    Metric::Clv,
    Metric::Receivable,
    Metric::PastDue,
    Metric::Settlement,
    Metric::OpenCases,
    Metric::LateCases,
    Metric::Satisfaction,
];

/// How many rows of the figure itself, and of each that it rests on, a page shows.
pub(crate) const ROWS: (usize, usize) = (20, 3);

/// One customer's explanations, with what is needed to show them.
pub(crate) struct Explanation<'e> {
    pub(crate) figures: &'e Figures<'e>,
    pub(crate) index: usize,
    pub(crate) texts: &'e RowTexts,
    /// Who wrote what is shown, if that is asked for.
    pub(crate) blame: Option<&'e Blame>,
    /// The command that shows all of it, where the page is a part of another answer.
    pub(crate) command: Option<&'e str>,
}

impl Explanation<'_> {
    /// Returns the page of one figure, with at most so many rows of it and of each other.
    pub(crate) fn page(&self, why: &Why, (own, other): (usize, usize)) -> Paper {
        let entry = why.metric.entry();
        let mut paper = Paper::default();
        paper.indented("", 0).text(self.title());
        paper
            .indented("", 0)
            .line([Part::text(named(why.metric)), self.shown(why)]);
        let definition = paper.block("");
        if let Some(sentence) = &why.sentence {
            definition.text(sentence.clone());
        }
        definition.text(write_say!(
            "Definition: {}",
            "定义：{}",
            entry.defined_in(written())
        ));
        if !why.missing.is_empty() {
            let block = paper.block(written().pick("what is missing", "还差什么"));
            for line in &why.missing {
                block.text(line.clone());
            }
        }
        if !why.rules.is_empty() {
            let block = paper.block(written().pick("rules", "规则"));
            for rule in &why.rules {
                for line in self.rule_lines(rule) {
                    block.line(line);
                }
            }
        }
        if !why.arithmetic.is_empty() {
            let block = paper.block(written().pick("how", "算法"));
            // What all lines come to stands last.
            let left_out = why.arithmetic.len().saturating_sub(own.max(ROWS.0));
            if left_out > 0 {
                let all = why.arithmetic.len();
                block.text(self.earlier(left_out, all));
            }
            for line in &why.arithmetic[left_out..] {
                block.text(line.clone());
            }
        }
        if !why.rests_on.is_empty() {
            let block = paper.block(written().pick("rests on", "依据的指标"));
            for basis in &why.rests_on {
                let value = || self.basis_value(basis);
                let rough = self.rough_of(basis.metric, &basis.value);
                block.line([
                    Part::text(named(basis.metric)),
                    rough.map_or_else(value, Part::text),
                    Part::text(row_count(basis.rows.len())),
                ]);
            }
        }
        self.add_values(&mut paper);
        self.add_rows(&mut paper, written().pick("rows", "记录"), &why.rows, own);
        let mut is_only = why.rows.is_empty() && why.rests_on.len() == 1;
        let mut shown: BTreeSet<usize> = why.rows.iter().map(|part| part.row).collect();
        for basis in &why.rests_on {
            let before = shown.len();
            shown.extend(basis.rows.iter().map(|part| part.row));
            if shown.len() == before {
                continue;
            }
            let limit = if is_only { own } else { other };
            is_only = false;
            let heading = write_say!("rows behind {}", "{}所依据的记录", called(basis.metric));
            self.add_rows(&mut paper, &heading, &basis.rows, limit);
        }
        paper
    }

    /// Returns the page of several figures, a line each.
    pub(crate) fn overview(&self, whys: &[Why]) -> Paper {
        let mut paper = Paper::default();
        paper.indented("", 0).text(self.title());
        let block = paper.block("");
        for why in whys {
            let each = why.each_in_short();
            for (index, (name, words)) in each.iter().enumerate() {
                let heading = if index == 0 {
                    named(why.metric)
                } else {
                    "".into()
                };
                let part = Part::text(*name);
                block.line([Part::text(heading), part, Part::text(words.clone())]);
            }
            if !each.is_empty() {
                continue;
            }
            block.line([
                Part::text(named(why.metric)),
                self.shown(why),
                Part::text(why.in_short()),
            ]);
            for line in why.missing.iter().take(1) {
                block.line([Part::text(""), Part::text(""), Part::text(line.clone())]);
            }
        }
        let id = &self.figures.book().customers[self.index].id;
        paper.indented("", 0).line([]).text(write_say!(
            "`guanxi explain {id} METRIC` shows the rules, the rows and the arithmetic of any metric.",
            "`guanxi explain {id} 指标` 显示任一指标的规则、记录和算法。"
        ));
        paper
    }

    /// Returns a figure's value in words, coloured as its column is.
    fn shown(&self, why: &Why) -> Part {
        let kind = why.metric.entry().kind;
        let policy = self.figures.policy();
        let text = || match (written(), why.metric.entry().words()) {
            (Language::Chinese, Some(_)) => said_of(policy, Some(why.metric), &why.value, kind),
            _ => said(&why.value, kind),
        };
        if let (Value::Text(_), Some(_)) = (&why.value, why.metric.entry().levels()) {
            // A level has its label, and its colour by the word itself.
            return Part::of_metric(why.metric, why.value.clone());
        }
        let rough = self.rough_of(why.metric, &why.value);
        Part::text(rough.unwrap_or_else(text)).toned(why.metric.entry().name)
    }

    /// Returns a figure as people read it where it rests on no fit.
    fn rough_of(&self, metric: Metric, value: &Value<'_>) -> Option<String> {
        let is_rough = are_rough(self.figures);
        is_rough
            .then(|| rough_of(metric, value, Units::Yuan))
            .flatten()
    }

    /// Says how many are left out, and what shows them.
    fn earlier(&self, left_out: usize, all: usize) -> String {
        match self.command {
            None => write_say!(
                "{left_out} earlier, which `-n {all}` or `-f json` shows too",
                "另有更早的 {left_out} 条，用 `-n {all}` 或 `-f json` 显示"
            ),
            Some(command) => write_say!(
                "{left_out} earlier, which `{command} -n {all}` shows too",
                "另有更早的 {left_out} 条，用 `{command} -n {all}` 显示"
            ),
        }
    }

    fn title(&self) -> String {
        let customer = &self.figures.book().customers[self.index];
        let day = self.figures.as_of();
        write_say!(
            "{} ({}) on {day}",
            "{}（{}），截至 {day}",
            customer.name,
            customer.id
        )
    }

    /// Adds the lines of the customer's file that the answer rests on, with who wrote them.
    fn add_values(&self, paper: &mut Paper) {
        let Some(blame) = self.blame.filter(|it| !it.values.is_empty()) else {
            return;
        };
        let block = paper.block(written().pick("in the file", "客户文件中"));
        let mut shown = BTreeSet::new();
        for FileValue {
            key, file, line, ..
        } in &blame.values
        {
            if shown.insert(key) {
                block.line([
                    Part::text(format!("{file}:{line}")),
                    Part::text(key.clone()),
                    Part::text(blame.said(file, *line)),
                ]);
            }
        }
    }

    fn add_rows(&self, paper: &mut Paper, heading: &str, rows: &[RowPart], limit: usize) {
        if rows.is_empty() || limit == 0 {
            return;
        }
        let all = self.figures.book().interactions_of(self.index);
        let kinds = &self.figures.policy().kinds;
        let shown: Vec<_> = (rows.iter().rev().take(limit).rev())
            .filter_map(|part| Some((part, all.rows().get(part.row)?)))
            .collect();
        let left_out = rows.len() - shown.len();
        let block = paper.block(heading);
        if left_out > 0 {
            block.text(self.earlier(left_out, rows.len()));
        }
        for (part, row) in shown {
            let quantity = match (written_amount(kinds, row), row.score()) {
                (Some(amount), _) => Part::of(amount, Type::Money),
                (None, Some(score)) => Part::of(score, Type::Number),
                (None, None) => Part::of(Value::text(""), Type::Money),
            };
            let mut line = vec![
                Part::text(self.texts.place(part.row)),
                Part::of(row.day.date(), Type::Date),
                Part::text(self.kind_called(kind_name(kinds, row).as_ref())),
                quantity,
                Part::text(part.role.clone()),
            ];
            if let (Some(blame), Some(text)) = (self.blame, self.texts.of(part.row)) {
                line.push(Part::text(blame.said(&text.file, text.line)));
            }
            block.line(line);
        }
    }

    /// Returns the lines of one rule: what it gives, whether it holds, what it says, and each comparison.
    fn rule_lines(&self, rule: &RuleOutcome) -> Vec<Vec<Part>> {
        let word = |held: bool| Part::text(said(&Value::Bool(held), Type::Bool));
        let policy = self.figures.policy();
        let values = |test: &crate::figures::TestOutcome| {
            let operands = test.operands.iter();
            let said = operands.map(|(name, kind, value)| {
                let value = said_of(policy, metric_by_name(name), value, *kind);
                write_say!("{name} is {value}", "{name} 为 {value}")
            });
            said.collect::<Vec<_>>().join(comma())
        };
        let when = rule.when.as_deref();
        let when = when.unwrap_or(written().pick("always", "总是"));
        let gives = Part::text(format!("{} {}", called_list(rule.list), rule.label));
        match &rule.tests[..] {
            [only] if rule.when.as_deref() == Some(only.text.as_str()) => {
                let text = write_say!("{when}: {}", "{when}：{}", values(only));
                vec![vec![gives, word(rule.held), Part::text(text)]]
            }
            tests => {
                let mut lines = vec![vec![gives, word(rule.held), Part::text(when)]];
                for test in tests {
                    let mark = match (test.held, test.is_unknown) {
                        (true, _) => '✓',
                        (false, true) => '?',
                        (false, false) => '✗',
                    };
                    let (asked, values) = (&test.text, values(test));
                    let text = write_say!("{mark} {asked}: {values}", "{mark} {asked}：{values}");
                    lines.push(vec![Part::text(""), Part::text(""), Part::text(text)]);
                }
                lines
            }
        }
    }

    /// Returns the value of a figure that another rests on, its word as people read it.
    fn basis_value(&self, basis: &Basis) -> Part {
        let metric = basis.metric;
        match (&basis.value, written()) {
            // A level has its label, and its colour by the word itself.
            _ if metric.entry().levels().is_some() => Part::of_metric(metric, basis.value.clone()),
            (Value::Text(_) | Value::List(_), Language::Chinese) => {
                let kind = metric.entry().kind;
                let text = said_of(self.figures.policy(), Some(metric), &basis.value, kind);
                Part::text(text)
            }
            _ => Part::of_metric(metric, basis.value.clone()),
        }
    }

    /// Returns what people call a kind of rows.
    fn kind_called(&self, name: &str) -> String {
        let label = match written() {
            Language::English => None,
            Language::Chinese => self
                .figures
                .policy()
                .label(Labelled::Kinds, name, written()),
        };
        label.unwrap_or_else(|| name.to_owned())
    }

    /// Returns every row behind some figures as a sheet.
    pub(crate) fn rows(&self, whys: &[Why]) -> Sheet<'static> {
        let columns = self.columns().into_iter();
        let columns = columns.map(|(name, kind)| Column::new(name, kind));
        let mut sheet = Sheet::new(columns.collect());
        for why in whys {
            let own = (why.metric, &why.rows);
            let others = why.rests_on.iter().map(|basis| (basis.metric, &basis.rows));
            for (metric, rows) in std::iter::once(own).chain(others) {
                for cells in self.sheet(Some(metric), rows) {
                    sheet.push(cells);
                }
            }
        }
        sheet
    }

    /// Returns the columns of rows.
    fn columns(&self) -> Vec<(&'static str, Type)> {
        let blamed = self.blame.map(|_| BLAME_COLUMNS);
        let blamed = blamed.into_iter().flatten();
        COLUMNS.into_iter().chain(blamed).collect()
    }

    fn sheet(&self, metric: Option<Metric>, rows: &[RowPart]) -> Vec<Vec<Value<'static>>> {
        let all = self.figures.book().interactions_of(self.index);
        let kinds = &self.figures.policy().kinds;
        let cells = |part: &RowPart| {
            let row = all.rows().get(part.row)?;
            let text = self.texts.of(part.row);
            let kind = kinds.kind(row.kind);
            let amount = written_amount(kinds, row);
            let score = row.score().filter(|_| kind.score != CellUse::Unused);
            let reference = text
                .map(|it| it.reference.clone())
                .filter(|it| !it.is_empty());
            let mut cells = vec![
                metric.map_or(Value::Unknown, |it| Value::text(it.name())),
                text.map_or(Value::Unknown, |it| Value::text(it.file.clone())),
                text.map_or(Value::Unknown, |it| Value::whole(it.line)),
                row.day.date().into(),
                Value::text(kind.name.clone()),
                amount.into(),
                score.into(),
                reference.map_or(Value::Unknown, Value::text),
                Value::text(part.role.clone()),
            ];
            if let Some(blame) = self.blame {
                let by = text.map(|it| blame.values_of(&it.file, it.line));
                cells.extend(by.unwrap_or([const { Value::Unknown }; 3]));
            }
            Some(cells)
        };
        rows.iter().filter_map(cells).collect()
    }
}

/// The columns of rows: the metric that they are behind, then what stands in the files.
const COLUMNS: [(&str, Type); 9] = [
    ("metric", Type::Text),
    ("file", Type::Text),
    ("line", Type::Number),
    ("date", Type::Date),
    ("kind", Type::Text),
    ("amount", Type::Money),
    ("score", Type::Number),
    ("ref", Type::Text),
    ("role", Type::Text),
];

/// Returns a metric's name, in Chinese with its heading before it.
fn named(metric: Metric) -> Cow<'static, str> {
    match written() {
        Language::English => metric.name(),
        Language::Chinese => format!("{} {}", metric.chinese(), metric.name()).into(),
    }
}

fn row_count(count: usize) -> String {
    match count {
        0 => write_say!("no row", "无记录"),
        1 => write_say!("1 row", "1 条记录"),
        count => write_say!("{count} rows", "{count} 条记录"),
    }
}
