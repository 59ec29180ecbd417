//! How the book stands, and what happened in it.

use chrono::NaiveDate;

use super::{BothDays, section};
use crate::answer::{Chart, ChartMarks, Column, MemoSection, MemoTable, Sheet};
use crate::figures::Figures;
use crate::figures::flows::{Course, Flow, Flows};
use crate::metric::{GroupColumn, Metric, Taken, Type, Value};
use crate::model::{Day, Fraction, Money, Period, PeriodLength};
use crate::report::given::Gift;
use crate::report::inside::{Inside, headed};
use crate::report::trend::TREND;
use crate::words::{write_say, written};

/// What is told of both days: a metric's figure of the group, or a count of customers.
#[derive(Clone, Copy)]
enum BriefNumber {
    Customers,
    Group(Metric),
    OverdueCustomers,
    AtRisk,
    AtRiskValue,
}

/// The numbers, in the order of the paper.
const NUMBERS: [(&str, &str, BriefNumber); 12] = [
    ("customers", "客户数", BriefNumber::Customers),
    (
        "annual value",
        "年度价值",
        BriefNumber::Group(Metric::AnnualValue),
    ),
    ("growth", "增长率", BriefNumber::Group(Metric::Growth)),
    (
        "receivable",
        "应收账款",
        BriefNumber::Group(Metric::Receivable),
    ),
    ("past due", "逾期金额", BriefNumber::Group(Metric::PastDue)),
    (
        "overdue customers",
        "逾期未访客户",
        BriefNumber::OverdueCustomers,
    ),
    (
        "late cases",
        "超时事项",
        BriefNumber::Group(Metric::LateCases),
    ),
    ("on time", "及时率", BriefNumber::Group(Metric::OnTime)),
    (
        "satisfaction",
        "满意度",
        BriefNumber::Group(Metric::Satisfaction),
    ),
    ("at risk", "高风险客户", BriefNumber::AtRisk),
    ("at risk value", "高风险客户价值", BriefNumber::AtRiskValue),
    ("pipeline", "在谈金额", BriefNumber::Group(Metric::Pipeline)),
];

/// Returns the section of the numbers, with the picture of where the value sits.
pub(super) fn numbers(book: &BothDays<'_, '_>) -> MemoSection {
    let words = format!(
        "--since {} --sections size,value,risk,care,money",
        book.from()
    );
    let mut section = section(
        "The numbers",
        "主要指标",
        book.command("portfolio", None, &words),
    );
    if book.chosen.is_empty() && book.chosen_then.is_empty() {
        return section;
    }
    let columns = [
        ("", ""),
        ("now", "现在"),
        ("before", "此前"),
        ("change", "变动"),
    ];
    let columns = columns.map(|(it, chinese)| {
        headed(
            it,
            chinese,
            if it.is_empty() {
                Type::Text
            } else {
                Type::Number
            },
        )
    });
    let mut sheet = Sheet::new(columns.to_vec());
    for (name, chinese, number) in NUMBERS {
        let name = written().pick(name, chinese);
        let kind = number.kind();
        let now = number.of(&book.now.figures, &book.chosen);
        let then = number.of(&book.then.figures, &book.chosen_then);
        let change = super::minus(&now, &then, kind);
        let cells = [now, then, change].map(|it| super::told(&it, kind));
        sheet.push(std::iter::once(Value::from(name)).chain(cells));
    }
    section.table(MemoTable::of(sheet));
    section.chart(tiers(book));
    section
}

impl BriefNumber {
    fn kind(self) -> Type {
        match self {
            Self::Customers | Self::OverdueCustomers | Self::AtRisk => Type::Number,
            Self::AtRiskValue => Type::Money,
            Self::Group(metric) => metric.entry().kind,
        }
    }

    fn of(self, figures: &Figures<'_>, members: &[u32]) -> Value<'static> {
        let is = |metric: Metric, word: &str| -> Vec<u32> {
            let mut found = members.to_vec();
            found.retain(|it| super::text_of(&figures.value(*it as usize, metric)) == word);
            found
        };
        match self {
            Self::Customers => Value::count(members.len()),
            Self::Group(metric) => group(figures, members, metric),
            Self::OverdueCustomers => Value::count(is(Metric::RevisitStatus, "overdue").len()),
            Self::AtRisk => Value::count(is(Metric::Churn, "at-risk").len()),
            Self::AtRiskValue => group(figures, &is(Metric::Churn, "at-risk"), Metric::AnnualValue),
        }
    }
}

/// Returns the figure of some customers taken together.
pub(super) fn group(figures: &Figures<'_>, members: &[u32], metric: Metric) -> Value<'static> {
    let taken = Taken::Group;
    figures.of_group(members, GroupColumn { taken, metric })
}

/// Returns the picture of the share of customers and of the value by tier.
fn tiers(book: &BothDays<'_, '_>) -> Chart {
    let figures = &book.now.figures;
    let policy = figures.policy();
    let mut names: Vec<Option<&str>> = policy.tiers_in_order().into_iter().map(Some).collect();
    names.push(None);
    let columns = [
        headed("tier", "级别", Type::Text),
        headed("customers", "客户数", Type::Number),
        headed("share of customers", "客户占比", Type::Ratio),
        headed("annual value", "年度价值", Type::Money),
        headed("share", "价值占比", Type::Ratio),
    ];
    let mut sheet = Sheet::new(columns.to_vec());
    let mut bars = Vec::new();
    for name in names {
        let is_in = |index: &u32| {
            let tier = figures.value(*index as usize, Metric::Tier);
            match name {
                Some(name) => super::text_of(&tier) == name,
                None => !tier.is_known(),
            }
        };
        let members: Vec<u32> = book.chosen.iter().copied().filter(is_in).collect();
        if members.is_empty() {
            continue;
        }
        let of_customers = Value::from(Fraction::new(
            i128::try_from(members.len()).unwrap_or(i128::MAX),
            i128::try_from(book.chosen.len()).unwrap_or(i128::MAX),
        ));
        let share = group(figures, &members, Metric::Share);
        // A share that is unknown has no bar; it is the last one.
        let lengths = [&of_customers, &share]
            .into_iter()
            .filter_map(Value::to_f64);
        bars.push((
            name.unwrap_or(written().pick("no tier", "未定级"))
                .to_owned(),
            lengths.collect(),
            false,
        ));
        sheet.push([
            name.map_or(Value::Unknown, |it| Value::text(it.to_owned())),
            Value::count(members.len()),
            of_customers,
            group(figures, &members, Metric::AnnualValue),
            share,
        ]);
    }
    Chart {
        title: write_say!("Where does the value sit?", "价值在哪里？"),
        command: book.command(
            "summary",
            None,
            "--by tier -c customers,customer_share,annual_value,share",
        ),
        told: write_say!(
            "For each tier two bars: its share of the customers, and below it its share of the annual value of \
             the book.",
            "每一级别两条：上为客户数占比，下为年度价值占比。"
        ),
        marks: ChartMarks::Bars(
            vec![
                write_say!("% of customers", "客户占比 %"),
                write_say!("% of annual value", "价值占比 %"),
            ],
            bars,
        ),
        numbers: MemoTable::of(sheet),
    }
}

/// The flows, with what people call them.
const FLOWS: [(&str, &str, Flow); 17] = [
    ("orders", "订单数", Flow::Orders),
    ("order days", "下单天数", Flow::OrderDays),
    ("revenue", "收入", Flow::Revenue),
    ("invoiced", "开票金额", Flow::Invoiced),
    ("paid", "回款金额", Flow::Paid),
    ("written off", "核销金额", Flow::WrittenOff),
    ("expenses", "费用", Flow::Expenses),
    ("contacts", "联系次数", Flow::Contacts),
    ("new customers", "新增客户", Flow::New),
    ("lost", "流失客户", Flow::Lost),
    ("won back", "挽回客户", Flow::WonBack),
    ("complaints", "投诉数", Flow::Complaints),
    ("requests", "服务请求数", Flow::Requests),
    ("cases closed", "结案数", Flow::Resolved),
    ("leads", "商机数", Flow::Leads),
    ("leads won", "赢单数", Flow::LeadsWon),
    ("leads lost", "丢单数", Flow::LeadsLost),
];

/// Returns the section of what happened in the time and in the one before it.
///
/// # Errors
/// What the report says.
pub(super) fn happened(book: &BothDays<'_, '_>) -> anyhow::Result<MemoSection> {
    let command = book.command("trend", None, "--by week");
    let mut section = section("What happened", "本期动态", command);
    let (now, from) = (Day::of(book.now.day()), Day::of(book.from()));
    if book.rule.is_none() {
        // The rows themselves, since the time seldom is so many whole weeks.
        let words = format!("--since {}", from.plus(1).date());
        section.commands.push(book.command("history", None, &words));
    }
    let before = from.plus(-now.since(from));
    let starts = [before, from, now].map(|day| day.plus(1));
    let context = book.now.figures.context();
    let mut course = Course::new(starts.to_vec());
    for &index in &book.chosen {
        let index = index as usize;
        let rows = context.book.interactions_of(index).until(context.as_of);
        course.take(context, &context.book.customers[index], rows);
    }
    let times = [
        course.between(starts[1], starts[2]),
        course.between(starts[0], starts[1]),
    ];
    let columns: [Column; 3] = [
        headed("", "", Type::Text),
        headed("now", "本期", Type::Number),
        headed("the time before", "上期", Type::Number),
    ];
    let mut sheet = Sheet::new(columns.to_vec());
    let is_there = |it: &Flows, flow| it.units(flow) != 0;
    for (name, chinese, flow) in FLOWS {
        let name = written().pick(name, chinese);
        if times.iter().any(|it| is_there(it, flow)) {
            let cells = times
                .iter()
                .map(|it| super::told(&it.value(flow), flow.kind()));
            sheet.push(std::iter::once(Value::from(name)).chain(cells));
        }
    }
    section.table(MemoTable::of(sheet));
    if section.is_empty() {
        return Ok(section);
    }
    let words = words_of_months(book.now);
    let mut months = months(book.now, book.rule.map(|it| it.0))?;
    months.command = book.command("trend", None, &words);
    section.chart(months);
    section.chart(bridge(book));
    Ok(section)
}

/// The columns of the picture of the months.
const MONTHS: [&str; 3] = ["period", "revenue", "before:revenue"];

/// Returns the first day of the 24 months up to the day.
fn first_of_months(inside: &Inside<'_>) -> NaiveDate {
    let last = Period::of(PeriodLength::Month, Day::of(inside.day()));
    last.plus(-23).first().date()
}

/// Returns the words behind `trend` that give the numbers of [`months`].
pub(in crate::report) fn words_of_months(inside: &Inside<'_>) -> String {
    format!(
        "--since {} -c {}",
        first_of_months(inside),
        MONTHS.join(",")
    )
}

/// Returns the picture of the revenue of 24 months beside the year before, of the customers that a rule chooses.
///
/// # Errors
/// What the report says.
pub(in crate::report) fn months(inside: &Inside<'_>, rule: Option<&str>) -> anyhow::Result<Chart> {
    let since = first_of_months(inside);
    let given = vec![
        ("by", Gift::Texts(vec!["month".to_owned()])),
        ("since", Gift::Day(since)),
    ];
    let found = inside.rows(&TREND, given, rule, &MONTHS)?;
    let number = |value: &Value<'_>| value.to_f64().unwrap_or(0.0);
    let marks = found.rows.iter().map(|row| {
        let name = super::text_of(&row[0]).to_owned();
        (name, number(&row[1]), Some(number(&row[2])))
    });
    let mut marks: Vec<_> = marks.collect();
    if marks.iter().all(|it| it.1 == 0.0 && it.2 == Some(0.0)) {
        marks.clear();
    }
    let mut numbers = found.sheet();
    numbers.head(
        "before:revenue",
        written().pick("the year before", "上年同期"),
    );
    Ok(Chart {
        title: write_say!("Which way?", "走势如何？"),
        told: write_say!(
            "A column for the revenue of each of the last 24 months; the line is the same month of the year \
             before. The last month goes up to the day.",
            "最近 24 个月每月收入一柱；折线为上年同月。最后一个月截至当日。"
        ),
        marks: ChartMarks::Columns(marks),
        numbers: MemoTable::of(numbers),
        command: String::new(),
    })
}

/// Returns the picture of what moved revenue from the year before to this one.
fn bridge(book: &BothDays<'_, '_>) -> Chart {
    let figures = &book.now.figures;
    let mut parts = [Money::ZERO; 6];
    for &index in &book.chosen {
        let index = index as usize;
        let Value::Money(change) = figures.value(index, Metric::RevenueChange) else {
            continue;
        };
        let movement = figures.value(index, Metric::Movement);
        let at = match super::text_of(&movement) {
            "new" => 0,
            "returned" => 1,
            "kept" if change > Money::ZERO => 2,
            "kept" => 3,
            "stopped" => 4,
            _ => 5,
        };
        parts[at] += change;
    }
    let money = |metric| match group(figures, &book.chosen, metric) {
        Value::Money(money) => money,
        _ => Money::ZERO,
    };
    let (prior, annual) = (money(Metric::PriorRevenue), money(Metric::AnnualRevenue));
    let names = [
        ("new", "新增"),
        ("returned", "回流"),
        ("kept, up", "留存，增加"),
        ("kept, down", "留存，减少"),
        ("stopped", "停购"),
        ("others", "其他"),
    ];
    let names = names.map(|(english, chinese)| written().pick(english, chinese));
    let columns = [
        headed("part", "部分", Type::Text),
        headed("amount", "金额", Type::Money),
    ];
    let mut sheet = Sheet::new(columns.to_vec());
    let mut steps = vec![(write_say!("year before", "上年"), 0.0, prior.to_f64(), true)];
    let name = written().pick("revenue of the year before", "上年收入");
    sheet.push([name.into(), prior.into()]);
    let mut at = prior;
    for (name, part) in names.into_iter().zip(parts) {
        steps.push((name.to_owned(), at.to_f64(), (at + part).to_f64(), false));
        at += part;
        sheet.push([name.into(), part.into()]);
    }
    steps.push((write_say!("this year", "本年"), 0.0, annual.to_f64(), true));
    let name = written().pick("revenue of the year", "本年收入");
    sheet.push([name.into(), annual.into()]);
    let is_nothing =
        prior == Money::ZERO && annual == Money::ZERO && parts.iter().all(|it| *it == Money::ZERO);
    if is_nothing {
        steps.clear();
    }
    Chart {
        title: write_say!("What moved it?", "变动从何而来？"),
        command: book.command(
            "summary",
            None,
            "--by movement -c customers,prior_revenue,annual_revenue,revenue_change",
        ),
        told: write_say!(
            "From the revenue of the year before to that of the year: new customers, those that returned, those \
             kept that bought more, those kept that bought less, those that stopped, and all others.",
            "从上年收入到本年收入：新增客户、回流客户、留存客户中买得多的和买得少的、停购客户，以及其他。"
        ),
        marks: ChartMarks::Steps(steps),
        numbers: MemoTable::of(sheet),
    }
}
