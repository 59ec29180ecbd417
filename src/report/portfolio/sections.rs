//! The sections of the portfolio and their indicators: a line each.

use super::side::{PortfolioSide, share};
use super::winning::Deal;
use crate::answer::Labels;
use crate::figures::Number;
use crate::figures::whole::renewal_rate;
use crate::figures::work::overdue_count;
use crate::metric::level::{Abc, ChurnLevel, Movement, RevisitStatus};
use crate::metric::{Metric, Type, Value};
use crate::model::{Fraction, Money, Word as _};
use crate::words::{Language, written};

/// A part of the portfolio.
pub(super) struct PortfolioSection {
    pub(super) name: &'static str,
    /// What people read above it, in English and in Chinese.
    pub(super) heading: (&'static str, &'static str),
    /// Whether it is shown where none is named.
    pub(super) is_usual: bool,
    /// The metrics that it looks at.
    pub(super) metrics: &'static [Metric],
    pub(super) indicators: &'static [Indicator],
}

/// One number of the whole.
pub(super) struct Indicator {
    pub(super) name: &'static str,
    /// What Chinese calls it.
    pub(super) chinese: &'static str,
    pub(super) kind: Type,
    /// What it is, in few words, in English and in Chinese; empty where its name says it.
    pub(super) told: (&'static str, &'static str),
    /// The command that gives or explains it: its name, its rule, its options.
    pub(super) command: [&'static str; 3],
    /// Returns it exactly: money may be a fraction.
    pub(super) of: fn(&PortfolioSide<'_>) -> Value<'static>,
}

/// Those that bought in the year.
const BOUGHT: &str = "movement in (kept, new, returned)";

/// Those that were won in this book, but for whose cooperation began before its rows.
const WON: &str = "contacts_to_close is known";

macro_rules! sections {
    ($($section:literal $heading:literal $chinese_heading:literal $is_usual:literal [$($metric:ident),* $(,)?] {
        $($name:literal $chinese:literal $kind:ident $told:literal $chinese_told:literal [$command:literal $rule:tt $options:literal] $of:expr;)+
    })+) => {
        /// All sections, in their order.
        pub(super) const SECTIONS: &[PortfolioSection] = &[$(PortfolioSection {
            name: $section,
            heading: ($heading, $chinese_heading),
            is_usual: $is_usual,
            metrics: &[$(Metric::$metric),*],
            indicators: &[$(Indicator {
                name: $name,
                chinese: $chinese,
                kind: Type::$kind,
                told: ($told, $chinese_told),
                command: [$command, $rule, $options],
                of: $of,
            }),+],
        }),+];
    };
}

sections! {
    "size" "Customers" "客户" true [Orders, Lost, Movement] {
        "customers" "客户数" Number "" "" ["summary" "" "-c customers"] |side| count(side.customers.len());
        "buyers" "有订单客户" Number "with an order" "下过订单" ["summary" "orders > 0" "-c customers"] |side| count(side.count(|it| side.is_above_zero(it, Metric::Orders)));
        "potential" "潜在客户" Number "without an order, not lost" "没有订单，也未流失" ["summary" "orders = 0 and not lost" "-c customers"] |side| { let is_so = |it| !side.is_above_zero(it, Metric::Orders) && !side.is_lost(it); count(side.count(is_so)) };
        "bought_in_year" "本年购买客户" Number "" "" ["summary" BOUGHT "-c customers"] |side| count(side.bought().len());
    }
    "value" "Value of a year" "年度价值" true [AnnualValue, AnnualRevenue, Growth, AnnualProfit, Pipeline] {
        "annual_value" "年度价值" Money "by `[value] basis` of the policy" "以规则的 `[value] basis` 为准" ["summary" "" "-c annual_value"] |side| side.figure(Metric::AnnualValue);
        "annual_revenue" "年度收入" Money "orders less credits of the year" "本年订单减冲减" ["summary" "" "-c annual_revenue"] |side| side.figure(Metric::AnnualRevenue);
        "growth" "增长率" Ratio "against the year before" "与上年相比" ["summary" "" "-c growth"] |side| side.figure(Metric::Growth);
        "annual_profit" "年度利润" Money "known where a margin is" "毛利率已知者" ["summary" "" "-c annual_profit"] |side| side.figure(Metric::AnnualProfit);
        "pipeline" "在谈金额" Money "open leads" "在谈商机" ["summary" "" "-c pipeline"] |side| side.figure(Metric::Pipeline);
    }
    "concentration" "Concentration" "集中度" true [AnnualValue, Abc] {
        "top_fifth" "前五分之一占比" Ratio "of the value, with the greatest fifth" "价值最高的五分之一客户所占" ["list" "annual_value > 0" "-s -annual_value -c id,annual_value,share"] |side| top_fifth(side);
        "class_a" "A 类客户" Number "customers that bring four fifths" "带来五分之四价值的客户" ["summary" "abc = A" "-c customers"] |side| count(side.count(|it| side.is(it, Metric::Abc, Abc::A.word())));
    }
    "movement" "Staying and leaving, by orders" "留存与停购（按订单）" true [Movement, AnnualRevenue, PriorRevenue, Orders, OrderDays] {
        "kept" "留存" Number "bought in both years" "两年都购买" ["summary" "movement = kept" "-c customers"] |side| moved(side, Movement::Kept);
        "new" "新增" Number "bought for the first time" "首次购买" ["summary" "movement = new" "-c customers"] |side| moved(side, Movement::New);
        "returned" "回流" Number "after a year without an order" "停购一年后再次购买" ["summary" "movement = returned" "-c customers"] |side| moved(side, Movement::Returned);
        "stopped" "停购" Number "bought the year before, not since" "上年购买，此后没有" ["summary" "movement = stopped" "-c customers"] |side| moved(side, Movement::Stopped);
        "retention" "留存率" Ratio "kept / (kept + stopped)" "留存 / (留存 + 停购)" ["summary" "movement in (kept, stopped)" "--by movement -c customers"] |side| side.retention().into();
        "net_retention" "净收入留存率" Ratio "this year's revenue of last year's buyers" "上年购买者本年的收入" ["summary" "prior_revenue > 0" "-c annual_revenue,prior_revenue"] |side| net_retention(side);
        "gross_retention" "毛收入留存率" Ratio "the same, without what grew" "同上，不计增长" ["list" "prior_revenue > 0" "-c id,prior_revenue,annual_revenue"] |side| gross_retention(side);
        "repeat_rate" "复购率" Ratio "buyers with two order days or more" "下单两天及以上的客户" ["summary" "orders > 0" "--by order_days -c customers"] |side| repeat_rate(side);
    }
    "churn" "Leaving, by what was logged as lost" "流失（按流失记录）" true [Lost, Orders] {
        "lost_in_year" "本年流失" Number "lost in the year, and still" "本年流失且未挽回" ["list" "lost and orders > 0" "-s -lost_on -c id,lost_on,lost_reason"] |side| count(side.gone().lost);
        "lost_rate" "流失率" Ratio "of those there a year ago" "占一年前在册者" ["list" "first_order <= today - 365d" "-c id,first_order,lost,lost_on"] |side| { let (all, lost) = side.gone().of_those_there; share(lost, all).into() };
        "won_back" "挽回" Number "" "" ["trend" "" "-c period,lost,won_back"] |side| count(side.gone().won_back);
    }
    "risk" "At risk" "流失风险" false [Churn, AnnualValue] {
        "at_risk" "高风险客户" Number "customers that may leave" "可能流失的客户" ["summary" "churn = at-risk" "-c customers"] |side| count(at_risk(side).len());
        "at_risk_value" "高风险客户价值" Money "what these bring a year" "它们一年带来的价值" ["summary" "churn = at-risk" "-c annual_value"] |side| side.figure_of(&at_risk(side), Metric::AnnualValue);
    }
    "care" "Care" "客户维护" true [Satisfaction, Complaints, LateCases, OnTime, ResponseDays, RevisitStatus] {
        "satisfaction" "满意度" Number "0 to 100, by surveys" "0 至 100，按调查" ["summary" "" "-c satisfaction"] |side| side.figure(Metric::Satisfaction);
        "complaints" "投诉数" Number "of the year" "本年" ["summary" "" "-c complaints"] |side| side.figure(Metric::Complaints);
        "late_cases" "超时事项" Number "now" "现在" ["summary" "" "-c late_cases"] |side| side.figure(Metric::LateCases);
        "on_time" "及时率" Ratio "of the year's cases" "本年的事项" ["summary" "" "-c on_time"] |side| side.figure(Metric::OnTime);
        "response_days" "平均响应天数" Days "to the first answer" "到首次答复" ["summary" "" "-c response_days"] |side| side.figure(Metric::ResponseDays);
        "overdue_customers" "逾期未访客户" Number "should have been seen" "早该拜访" ["summary" "revisit_status = overdue" "-c customers"] |side| count(overdue_count(side.figures(), &side.customers));
        "on_schedule" "按期回访率" Ratio "of those that are to be seen" "应回访客户中" ["summary" "revisit_status != paused" "--by revisit_status -c customers"] |side| on_schedule(side);
    }
    "archive" "Archive" "档案" false [Completeness, ReviewDue] {
        "completeness" "档案完整度" Ratio "of the fields of files" "客户文件应填各项" ["summary" "" "-c completeness"] |side| side.figure(Metric::Completeness);
        "reviews_due" "待复核档案" Number "files to go through" "应复核的客户文件" ["summary" "review_due <= today" "-c customers"] |side| reviews_due(side);
    }
    "money" "Money owed" "应收账款" true [Receivable, PastDue, Advance, Dso] {
        "receivable" "应收账款" Money "" "" ["summary" "" "-c receivable"] |side| side.figure(Metric::Receivable);
        "past_due" "逾期金额" Money "" "" ["summary" "" "-c past_due"] |side| side.figure(Metric::PastDue);
        "past_due_share" "逾期占比" Ratio "" "" ["summary" "" "-c past_due,receivable"] |side| quotient(&side.figure(Metric::PastDue), &side.figure(Metric::Receivable));
        "advance" "预收款" Money "waits for an invoice" "等待开票" ["summary" "" "-c advance"] |side| side.figure(Metric::Advance);
        "dso" "应收周转天数" Days "of sales that are owed" "相当于多少天的销售" ["summary" "" "-c dso"] |side| side.figure(Metric::Dso);
    }
    "agreements" "Agreements" "协议" false [Agreements, AgreementValue, Movement, Lost] {
        "under_agreement" "协议客户" Number "with one in force" "有在期协议" ["summary" "agreements > 0" "-c customers"] |side| count(side.count(|it| has_agreement(side, it)));
        "signing_rate" "签约率" Ratio "of those that bought in the year" "本年购买者中" ["list" BOUGHT "-c id,agreements"] |side| signing_rate(side);
        "agreement_value" "在期协议金额" Money "" "" ["summary" "" "-c agreement_value"] |side| side.figure(Metric::AgreementValue);
        "renewal_rate" "续签率" Ratio "of those whose time for it ended" "到期协议中" ["history" "" "--kind agreement"] |side| renewal_rate(side.figures(), &side.customers).into();
    }
    "equity" "Customer equity" "客户资产" false [Clv, ClvLow, ClvHigh, Margin] {
        "clv" "终身价值" Money "lifetime value, as `value` has it" "与 `value` 相同" ["value" "" ""] |side| side.equity().clv.into();
        "clv_low" "终身价值下限" Money "" "" ["value" "" ""] |side| side.equity().range.map(|it| it.0).into();
        "clv_high" "终身价值上限" Money "" "" ["value" "" ""] |side| side.equity().range.map(|it| it.1).into();
        "equity_share" "客户资产占比" Ratio "of `[market] value` of the policy" "占规则的 `[market] value`" ["value" "" ""] |side| equity_share(side);
    }
    "winning" "What winning a customer costs, and brings" "获客成本与收益" false [ContactsToClose, AcquisitionCost, Since, FirstSeen, Orders, Expenses, Movement, AnnualRevenue, Margin] {
        "won" "赢得客户" Number "won in this book's rows" "本账记录中赢得" ["list" WON "-c id,since,first_seen,contacts_to_close,acquisition_cost"] |side| count(side.winning().won);
        "visits_to_close" "成交前联系次数" Number "contacts up to the first order" "首单之前的联系" ["list" WON "-c id,since,first_seen,contacts_to_close"] |side| known(Deal::of(side).visits_to_close);
        "visit_cost" "单次拜访费用" Money "expenses of one" "每次的费用" ["list" WON "-c id,contacts_to_close,acquisition_cost"] |side| known(Deal::of(side).visit_cost);
        "promotion" "推广费" Money "expenses by `[winning] promotion`" "`[winning] promotion` 的费用" ["history" "" "--kind expense"] |side| known(Deal::of(side).promotion);
        "cost_of_winning" "获客成本" Money "visits and promotion" "拜访与推广" ["list" WON "-c id,since,first_seen,acquisition_cost"] |side| known(Deal::of(side).cost_of_winning);
        "spent_on_unwon" "未成交花费" Money "on those without an order" "花在没有订单的客户上" ["summary" "orders = 0" "-c expenses"] |side| spent_on_unwon(side);
        "yearly_spend" "年购买额" Money "of one that bought in the year" "本年购买者平均" ["summary" BOUGHT "-c mean:annual_revenue"] |side| known(Deal::of(side).yearly_spend);
        "years_kept" "留存年数" Number "1 / (1 - retention)" "1 / (1 - 留存率)" ["summary" "movement in (kept, stopped)" "--by movement -c customers"] |side| known(Deal::of(side).years_kept);
        "new_customer_value" "新客户价值" Money "spend x years x margin" "年购买额 × 年数 × 毛利率" ["summary" BOUGHT "-c mean:annual_revenue,margin"] |side| known(Deal::of(side).new_customer_value);
        "value_to_cost" "价值成本比" Number "times what winning one costs" "价值是获客成本的几倍" ["portfolio" "" "--sections winning"] |side| known(Deal::of(side).value_to_cost());
    }
}

impl PortfolioSection {
    /// Returns what people read above it.
    pub(super) fn said_heading(&self) -> &'static str {
        written().pick(self.heading.0, self.heading.1)
    }
}

impl Indicator {
    /// Returns what people call it.
    pub(super) fn called(&self) -> String {
        match written() {
            Language::English => self.name.replace('_', " "),
            Language::Chinese => self.chinese.to_owned(),
        }
    }

    /// Returns what it is, in few words.
    pub(super) fn said_told(&self) -> &'static str {
        written().pick(self.told.0, self.told.1)
    }
}

/// Returns what people read in the place of the names of sections and indicators.
pub(super) fn labels() -> Labels {
    let of = |section: &PortfolioSection| {
        let own = (section.name.into(), section.heading.1.into());
        let indicators = section.indicators.iter();
        let indicators = indicators.map(|it| (it.name.into(), it.chinese.into()));
        std::iter::once(own).chain(indicators).collect::<Labels>()
    };
    match written() {
        Language::English => Labels::new(),
        Language::Chinese => SECTIONS.iter().flat_map(of).collect(),
    }
}

/// The names of the sections, and the word for all of them.
pub(super) const NAMES: &[&str] = &[
    "size",
    "value",
    "concentration",
    "movement",
    "churn",
    "risk",
    "care",
    "archive",
    "money",
    "agreements",
    "equity",
    "winning",
    "all",
];

fn count(count: usize) -> Value<'static> {
    Value::count(count)
}

fn known(number: Option<Number>) -> Value<'static> {
    number.map_or(Value::Unknown, Value::from)
}

/// Divides one value by another, if both are known.
fn quotient(part: &Value<'_>, whole: &Value<'_>) -> Value<'static> {
    let numbers = Number::of(part).zip(Number::of(whole));
    known(numbers.and_then(|(part, whole)| part.by(whole)))
}

fn moved(side: &PortfolioSide<'_>, movement: Movement) -> Value<'static> {
    Value::count(side.moved(&[movement]).len())
}

/// Returns which share of the value comes from the greatest fifth of those that bring any.
fn top_fifth(side: &PortfolioSide<'_>) -> Value<'static> {
    let values = side.customers.iter();
    let values = values.map(|it| side.money(*it, Metric::AnnualValue));
    let mut values: Vec<Money> = values.filter(|it| *it > Money::ZERO).collect();
    values.sort_unstable_by(|a, b| b.cmp(a));
    let greatest = values.iter().take(values.len().div_ceil(5)).copied();
    let (greatest, all): (Money, Money) = (greatest.sum(), values.iter().copied().sum());
    Fraction::new(greatest.0, all.0).into()
}

/// Returns what the buyers of the year before brought in the year, over what they brought then.
fn net_retention(side: &PortfolioSide<'_>) -> Value<'static> {
    retained(side, |now, _| now)
}

/// Returns the same, where nobody counts for more than before.
fn gross_retention(side: &PortfolioSide<'_>) -> Value<'static> {
    retained(side, |now, before| now.at_least_zero().min(before))
}

fn retained(side: &PortfolioSide<'_>, counted: fn(Money, Money) -> Money) -> Value<'static> {
    let (mut now, mut before) = (Money::ZERO, Money::ZERO);
    for &index in &side.customers {
        let prior = side.money(index, Metric::PriorRevenue);
        if prior > Money::ZERO {
            now += counted(side.money(index, Metric::AnnualRevenue), prior);
            before += prior;
        }
    }
    Fraction::new(now.0, before.0).into()
}

fn repeat_rate(side: &PortfolioSide<'_>) -> Value<'static> {
    let buyers = side.those(|it| side.is_above_zero(it, Metric::Orders));
    let repeated = buyers.iter();
    let repeated = repeated.filter(|it| side.is_at_least(**it, Metric::OrderDays, 2.0));
    share(repeated.count(), buyers.len()).into()
}

fn at_risk(side: &PortfolioSide<'_>) -> Vec<u32> {
    side.those(|it| side.is(it, Metric::Churn, ChurnLevel::AtRisk.word()))
}

fn on_schedule(side: &PortfolioSide<'_>) -> Value<'static> {
    let paused = RevisitStatus::Paused.word();
    let to_see = side.count(|it| !side.is(it, Metric::RevisitStatus, paused));
    let overdue = overdue_count(side.figures(), &side.customers);
    share(to_see - overdue, to_see).into()
}

fn reviews_due(side: &PortfolioSide<'_>) -> Value<'static> {
    let today = Value::Date(side.figures().as_of());
    let is_due = |it| {
        let due = side.figures().value(it, Metric::ReviewDue);
        due.compare(&today).is_some_and(std::cmp::Ordering::is_le)
    };
    Value::count(side.count(|it| is_due(it as usize)))
}

fn has_agreement(side: &PortfolioSide<'_>, index: u32) -> bool {
    side.is_above_zero(index, Metric::Agreements)
}

fn signing_rate(side: &PortfolioSide<'_>) -> Value<'static> {
    let bought = side.bought();
    let signed = bought.iter().filter(|it| has_agreement(side, **it));
    share(signed.count(), bought.len()).into()
}

fn equity_share(side: &PortfolioSide<'_>) -> Value<'static> {
    let parts = side.equity().clv.zip(side.figures().policy().market);
    let share = parts.and_then(|(clv, market)| Fraction::new(clv.0, market.0));
    share.into()
}

fn spent_on_unwon(side: &PortfolioSide<'_>) -> Value<'static> {
    let unwon = side.those(|it| !side.is_above_zero(it, Metric::Orders));
    let spent = unwon.iter().map(|it| side.money(*it, Metric::Expenses));
    spent.sum::<Money>().into()
}
