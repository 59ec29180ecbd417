//! The table of metrics. Columns, filters, rules, `metrics`, JSON keys and docs all follow from it.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::PastDue;
use super::level::{ABC, CHURN, COMMUNICATION, MOVEMENT, OWNER_STATUS, REVISIT_STATUS, SETTLEMENT};
use super::types::Trait::{GrowsDaily, LessIsBetter};
use super::types::{GroupFigure, Stage, Trait, Type, Words};

/// One metric's entry.
#[derive(Debug)]
pub struct Entry {
    /// The metric; of a family without end, its usual ones.
    pub metrics: &'static [Metric],
    /// Its name: the column, JSON key and word in rules; of a family, the pattern of the names.
    pub name: &'static str,
    /// What people read above its column in Chinese.
    pub chinese: &'static str,
    /// What kind of values it has.
    pub kind: Type,
    /// The unit or range of its values; empty where the type says it all.
    pub unit: &'static str,
    /// When it is known.
    pub stage: Stage,
    /// Which room makes it.
    pub room: Room,
    /// What it is of a group of customers.
    pub group_figure: GroupFigure,
    /// What else is to be known of it.
    pub traits: &'static [Trait],
    /// What it is, in one or two sentences.
    pub definition: &'static str,
    /// The same in Chinese.
    pub chinese_definition: &'static str,
}

macro_rules! catalogue {
    (@metrics $metric:ident) => {
        &[Metric::$metric]
    };
    (@metrics $metric:ident $usual:ident) => {
        $usual
    };
    ($(
        $(#[$about:meta])+
        $room:ident $in_room:ident {
            $($metric:ident $(($field:ident: $payload:ty as $usual:ident))?
                $name:literal $chinese:literal $kind:ident $unit:literal $stage:ident $figure:ident $([$($trait:expr),+])?
                $definition:literal $chinese_definition:literal)+
        }
    )+) => {
        /// A metric: a figure of one customer on one day.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Metric {
            $($(#[doc = concat!("`", $name, "`")] $metric $(($payload))?,)+)+
        }

        /// The rooms that make metrics; a command opens only those that it needs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Room {
            $($(#[$about])+ $room,)+
        }

        $(
            /// The metrics of one room, so that none can be forgotten where they are made and explained.
            #[derive(Clone, Copy, Debug, PartialEq, Eq)]
            pub(crate) enum $in_room {
                $(#[doc = concat!("`", $name, "`")] $metric $(($payload))?,)+
            }
        )+

        /// A metric by its room.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum InRoom {
            $($(#[$about])+ $room($in_room),)+
        }

        /// The lines of the catalogue.
        enum CatalogueLine {
            $($($metric,)+)+
        }

        impl Metric {
            /// Returns the metric's entry in the catalogue.
            pub fn entry(self) -> &'static Entry {
                let line = match self {
                    $($(Self::$metric { .. } => CatalogueLine::$metric,)+)+
                };
                &CATALOGUE[line as usize]
            }

            /// Returns the metric as one of its room's.
            pub(crate) fn in_room(self) -> InRoom {
                match self {
                    $($(Self::$metric $(($field))? => InRoom::$room($in_room::$metric $(($field))?),)+)+
                }
            }
        }

        /// Every metric, in the order of the documentation.
        pub const CATALOGUE: &[Entry] = &[$($(Entry {
            metrics: catalogue!(@metrics $metric $($usual)?),
            name: $name,
            chinese: $chinese,
            kind: Type::$kind,
            unit: $unit,
            stage: Stage::$stage,
            room: Room::$room,
            group_figure: GroupFigure::$figure,
            traits: &[$($($trait),+)?],
            definition: $definition,
            chinese_definition: $chinese_definition,
        },)+)+];
    };
}

impl Metric {
    /// Returns the least and the greatest value that the metric can have, if its unit states a range.
    pub fn range(self) -> Option<(i64, i64)> {
        let (least, greatest) = self.entry().unit.split_once(" to ")?;
        Some((least.parse().ok()?, greatest.parse().ok()?))
    }

    /// Returns the metric's name.
    pub fn name(self) -> Cow<'static, str> {
        match self {
            Self::Past(days) => Cow::Owned(days.name()),
            plain => Cow::Borrowed(plain.entry().name),
        }
    }

    /// Returns what Chinese calls the metric.
    pub fn chinese(self) -> Cow<'static, str> {
        match self {
            Self::Past(days) => Cow::Owned(days.chinese()),
            plain => Cow::Borrowed(plain.entry().chinese),
        }
    }
}

/// Returns the name of the metric that Chinese calls so.
pub fn metric_read_as(chinese: &str) -> Option<&'static str> {
    let found = CATALOGUE.iter().find(|entry| entry.chinese == chinese);
    found.map(|entry| entry.name)
}

/// Returns the metric with a name.
pub fn metric_by_name(name: &str) -> Option<Metric> {
    if let Some(days) = PastDue::of_name(name) {
        return Some(Metric::Past(days));
    }
    let entry = CATALOGUE.iter().find(|entry| entry.name == name)?;
    match entry.metrics {
        [metric] => Some(*metric),
        _ => None,
    }
}

/// Returns every metric, of a family without end its usual ones.
pub fn all_metrics() -> impl Iterator<Item = Metric> + Clone {
    CATALOGUE.iter().flat_map(|entry| entry.metrics).copied()
}

/// Returns the names of every metric, of a family without end those of its usual ones.
pub fn metric_names<'n>() -> impl Iterator<Item = &'n str> + Clone {
    static NAMES: LazyLock<Vec<Cow<'static, str>>> =
        LazyLock::new(|| all_metrics().map(Metric::name).collect());
    NAMES.iter().map(Cow::as_ref)
}

/// The parts of receivable that are known by their names without a policy.
const USUAL_PAST_DUE: &[Metric] = &[
    Metric::Past(PastDue::between(1, 30)),
    Metric::Past(PastDue::between(31, 60)),
    Metric::Past(PastDue::between(61, 90)),
    Metric::Past(PastDue::between(91, 365)),
    Metric::Past(PastDue::over(365)),
];

catalogue! {
    /// What the customer's file says.
    File FileMetric {
        Id "id" "编号" Text "" Facts None
            "The customer's id: the file's stem, or the `id` of its `[[customer]]` table."
            "客户编号：客户文件的主名，或 `[[customer]]` 表中的 `id`。"
        Name "name" "名称" Text "" Facts None
            "The customer's name."
            "客户名称。"
        Aliases "aliases" "别名" List "" Facts None
            "Other names of the customer."
            "客户的其他名称。"
        Segment "segment" "行业" Text "" Facts None
            "The market segment."
            "所属行业。"
        Region "region" "地区" Text "" Facts None
            "The region."
            "所在地区。"
        Tags "tags" "标签" List "" Facts None
            "The customer's tags."
            "客户的标签。"
        Since "since" "合作起始日" Date "" Facts None
            "The start of the cooperation, as the file says."
            "客户文件所写的合作起始日。"
        Added "added" "建档日" Date "" Facts None
            "When the customer's file was made, as it says."
            "客户文件所写的建档日。"
        FormerIds "former_ids" "曾用编号" List "" Facts None
            "The ids that the customer once had."
            "客户曾经用过的编号。"
        Website "website" "网址" Text "" Facts None
            "The customer's website."
            "客户网址。"
        Address "address" "地址" Text "" Facts None
            "The customer's address."
            "客户地址。"
        Person "person" "联系人" Text "" Facts None
            "The name of the first person with a phone or mobile, else of the first person."
            "第一位有电话或手机的联系人；都没有时取第一位联系人。"
        Phone "phone" "电话" Text "" Facts None
            "That person's first number: of `phone`, else of `mobile`."
            "该联系人的第一个号码：先取 `phone`，再取 `mobile`。"
        Email "email" "邮箱" Text "" Facts None
            "That person's first email address."
            "该联系人的第一个邮箱。"
        Licence "licence" "营业执照" Text "" Facts None
            "The number of the business licence."
            "营业执照号码。"
        RegisteredCapital "registered_capital" "注册资本" Money "currency" Facts Sum
            "The registered capital."
            "注册资本。"
        BankAccount "bank_account" "银行账号" Text "" Facts None
            "The customer's bank account."
            "客户的银行账号。"
        CreditLimit "credit_limit" "信用额度" Money "currency" Facts Sum
            "The most that the customer may owe."
            "客户最多可以欠的金额。"
        Communication "communication" "沟通情况" Text "normal or difficult" Facts None [Trait::Words(Words::Levels(&COMMUNICATION))]
            "How communication goes; `normal` unless the file says `difficult`."
            "沟通情况；客户文件写 `difficult` 为困难，否则为正常（`normal`）。"
        PaymentTerms "payment_terms" "账期" Text "such as 60d or eom+60d" Facts None
            "When an invoice is due that does not say it: the file's terms, else the policy's, as written."
            "发票未写明到期日时的账期：按客户文件所写，没有时按规则，照原样列出。"
        Margin "margin" "毛利率" Ratio "0 to 1" Facts Quotient
            "The share of revenue that is earned: the file's, else the policy's."
            "收入中赚得的比例：按客户文件所写，没有时按规则。"
    }
    /// Whose the customer is.
    Owner OwnerMetric {
        Owner "owner" "客户经理" Text "" Facts None
            "The account manager's id: the staff of the latest `owner` row, before the first one its topic, else the file's."
            "客户经理的编号：取最近一条 `owner` 记录的 staff，在第一条之前取其 topic，没有这种记录时按客户文件。"
        OwnerStatus "owner_status" "客户经理状态" Text "none, left, not-yet or ok" Facts None [Trait::Words(Words::Levels(&OWNER_STATUS))]
            "Of the owner: none, left or not-yet joined as staff.toml says, else ok."
            "客户经理的状态：无、已离职或未到岗以 staff.toml 为准，否则为在职。"
    }
    /// Contact.
    Contact ContactMetric {
        FirstSeen "first_seen" "首次出现" Date "" Facts None
            "The earliest of `since`, `added` and the first row's date, `owner` rows aside."
            "`since`、`added` 和第一条记录的日期中最早的一个，`owner` 记录不计。"
        Tenure "tenure" "合作天数" Days "days" Facts Mean [GrowsDaily]
            "Days since `since`, or since the first row but `owner` rows where the file has none; at least 0."
            "从 `since` 起的天数，客户文件没有时从第一条记录（`owner` 记录不计）起；最少为 0。"
        LastContact "last_contact" "最近联系" Date "" Facts None
            "The latest contact row's date."
            "最近一条联系记录的日期。"
        ContactAge "contact_age" "距上次联系" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last contact."
            "距最近一次联系的天数。"
        Contacts "contacts" "联系次数" Number "rows" Facts Sum
            "Contact rows in the year."
            "近一年的联系记录数。"
        Stage "stage" "阶段" Text "one of the policy's stages" Facts None [Trait::Words(Words::Stages)]
            "The latest `stage` row's topic, else the file's."
            "最近一条 `stage` 记录的 topic，没有时按客户文件。"
        Lost "lost" "已流失" Bool "" Facts Sum
            "True if a `lost` row follows the last order; on one day, lost wins."
            "最后一笔订单之后有 `lost` 记录则为是；同一天的，以流失为准。"
        LostOn "lost_on" "流失日期" Date "" Facts None
            "The day of the first `lost` row after the last order."
            "最后一笔订单之后第一条 `lost` 记录的日期。"
        LostReason "lost_reason" "流失原因" Text "" Facts None
            "The topic of the latest `lost` row after the last order that names one."
            "最后一笔订单之后，写明原因的最近一条 `lost` 记录的 topic。"
    }
    /// Orders and what they brought.
    Orders OrdersMetric {
        Orders "orders" "订单数" Number "rows" Facts Sum
            "Order rows."
            "订单记录数。"
        OrderDays "order_days" "下单天数" Number "days" Facts Sum
            "Distinct days of order rows."
            "有订单的不同日期数。"
        FirstOrder "first_order" "首单日期" Date "" Facts None
            "The first order's date."
            "第一笔订单的日期。"
        LastOrder "last_order" "最近下单" Date "" Facts None
            "The last order's date."
            "最后一笔订单的日期。"
        OrderAge "order_age" "距上次下单" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last order."
            "距最后一笔订单的天数。"
        Revenue "revenue" "累计收入" Money "currency" Facts Sum
            "Orders minus credits, all time."
            "全部订单减去冲减。"
        AnnualRevenue "annual_revenue" "年度收入" Money "currency" Facts Sum
            "Orders minus credits in the year."
            "近一年的订单减去冲减。"
        PriorRevenue "prior_revenue" "上年收入" Money "currency" Facts Sum
            "Orders minus credits in the year before."
            "再往前一年的订单减去冲减。"
        RevenueChange "revenue_change" "收入变动" Money "currency" Facts Sum
            "annual_revenue - prior_revenue."
            "annual_revenue - prior_revenue，即年度收入减上年收入。"
        Movement "movement" "客户变动" Text "kept, new, returned, stopped, idle or none" Facts None [Trait::Words(Words::Levels(&MOVEMENT))]
            "By order rows in the year and the year before: kept both, new or returned the year alone, stopped the year before alone, idle only earlier, none never."
            "按近一年和上一年有无订单：两年都有为留存，仅近一年有为新增或回流，仅上一年有为停购，只在更早有为沉睡，从未有过为未成交。"
        Growth "growth" "增长率" Ratio "from -1; 0 is none" Facts Quotient
            "annual_revenue / prior_revenue - 1 if prior_revenue is above 0; growth only from two years on."
            "annual_revenue / prior_revenue - 1，prior_revenue 须大于 0；首次下单满两年才计算。"
        Expenses "expenses" "累计费用" Money "currency" Facts Sum [LessIsBetter]
            "Expenses, all time."
            "全部费用。"
        AnnualExpenses "annual_expenses" "年度费用" Money "currency" Facts Sum [LessIsBetter]
            "Expenses in the year."
            "近一年的费用。"
        Profit "profit" "累计利润" Money "currency" Facts Sum
            "revenue x margin - expenses, rounded once, half away from zero, to 4 decimals."
            "revenue × margin - expenses，只舍入一次，四舍五入到 4 位小数。"
        AnnualProfit "annual_profit" "年度利润" Money "currency" Facts Sum
            "annual_revenue x margin - annual_expenses, rounded once, half away from zero, to 4 decimals."
            "annual_revenue × margin - annual_expenses，只舍入一次，四舍五入到 4 位小数。"
        AnnualValue "annual_value" "年度价值" Money "currency" Facts Sum
            "annual_revenue, or annual_profit where the policy says `basis = \"profit\"`."
            "等于 annual_revenue；规则写 `basis = \"profit\"` 时等于 annual_profit。"
        OrderInterval "order_interval" "下单间隔" Days "days" Facts Mean
            "The length-weighted median gap between order days, known from three of them on."
            "相邻下单日间隔的中位数，以间隔长短加权；有三个下单日起才可知。"
        Silence "silence" "沉寂倍数" Number "own intervals" Facts Mean [LessIsBetter]
            "order_age / order_interval."
            "order_age / order_interval，即距上次下单为自身间隔的几倍。"
    }
    /// Rank, share, ABC and RFM, which need all customers.
    Ranking RankingMetric {
        Rank "rank" "排名" Number "from 1" Facts None [LessIsBetter]
            "The place by annual_value, highest first; ties by id."
            "按年度价值从高到低的名次；相同的按编号。"
        Share "share" "占比" Ratio "0 to 1" Facts Sum
            "The customer's part of the annual_value of all customers, none counted below 0."
            "该客户在全部客户年度价值中所占的比例，小于 0 的按 0 计。"
        Abc "abc" "ABC" Text "A, B or C" Facts None [Trait::Words(Words::Levels(&ABC))]
            "A while the share of those ranked before is under 80 %, B while under 95 %, else C; C without annual_value."
            "排在前面的客户合计占比不到 80 % 为 A，不到 95 % 为 B，其余为 C；没有年度价值的为 C。"
        RecencyScore "recency_score" "近度" Number "1 to 5" Facts Mean
            "1 + floor(5 x (older last orders + equal ones / 2) / customers with an order), at most 5."
            "1 + floor(5 ×（最后下单更早的客户数 + 相同者数 / 2）/ 有订单的客户数)，最高为 5。"
        FrequencyScore "frequency_score" "频度" Number "1 to 5" Facts Mean
            "1 + floor(5 x (those with fewer orders + equal ones / 2) / customers with an order), at most 5."
            "1 + floor(5 ×（订单更少的客户数 + 相同者数 / 2）/ 有订单的客户数)，最高为 5。"
        MonetaryScore "monetary_score" "额度分" Number "1 to 5" Facts Mean
            "1 + floor(5 x (those with less revenue + equal ones / 2) / customers with an order), at most 5."
            "1 + floor(5 ×（收入更少的客户数 + 相同者数 / 2）/ 有订单的客户数)，最高为 5。"
        Rfm "rfm" "RFM" Text "three digits" Facts None
            "recency_score, frequency_score and monetary_score, one digit each."
            "近度、频度和额度分，各占一位。"
    }
    /// Receivables.
    Receivables ReceivablesMetric {
        Receivable "receivable" "应收账款" Money "currency" Facts Sum [LessIsBetter]
            "What the customer owes: the balances of all invoices and debts."
            "客户的欠款：全部发票和欠款的余额。"
        Advance "advance" "预收款" Money "currency" Facts Sum
            "Money received that no invoice has taken yet."
            "已收到、尚无发票冲抵的款项。"
        PastDue "past_due" "逾期金额" Money "currency" Facts Sum [LessIsBetter]
            "The balances of unsettled items whose due day is over."
            "已过到期日的未结清款项的余额。"
        DaysPastDue "days_past_due" "最长逾期天数" Days "days" Facts Greatest [LessIsBetter]
            "By how many days the latest of the unsettled items is past its due day; at least 0."
            "未结清款项中拖得最久的一笔超过到期日的天数；最少为 0。"
        NotDue "not_due" "未到期" Money "currency" Facts Sum
            "The part of receivable that is not past due."
            "应收账款中尚未到期的部分。"
        Past(days: PastDue as USUAL_PAST_DUE) "past_A_B" "逾期A–B天" Money "currency" Facts Sum
            "The part of receivable that is A to B days past due, for any whole numbers; `past_over_A`: more than A days."
            "应收账款中逾期 A 至 B 天的部分，A、B 为任意整数；`past_over_A` 为逾期超过 A 天的部分。"
        MoneyDays "money_days" "逾期金额×天" Number "currency x days" Facts Sum [LessIsBetter]
            "What lateness costs, up to an interest rate: each balance past due times its days past due."
            "拖欠的代价，再乘利率即为利息：每笔逾期余额乘以其逾期天数之和。"
        Dso "dso" "应收周转天数" Days "days" Facts Walk [LessIsBetter]
            "Days sales outstanding, by counting back: the age at which what was billed since, less the credits that name it, comes to receivable."
            "应收周转天数，用倒推法：往回数到哪一天，其后开票的金额（减去注明这些发票的冲减）正好等于应收账款。"
        DaysToPay "days_to_pay" "平均回款天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days from an invoice to its settlement, by amount, over invoices settled in the year without a write-off."
            "从开票到结清的平均天数，按金额加权，只计近一年内结清且未核销的发票。"
        Settlement "settlement" "结算情况" Text "stable, fair, unstable or overdue" Facts None [Trait::Words(Words::Levels(&SETTLEMENT))]
            "How reliably invoices of the last two years and all open ones were settled: by the shares of their amount that are late."
            "近两年的发票和全部未结清发票是否按时结清：看其中拖欠部分所占的金额比例。"
    }
    /// What is not billed yet, and what the customer would owe with that.
    Exposure ExposureMetric {
        Unbilled "unbilled" "未开票金额" Money "currency" Facts Sum [LessIsBetter]
            "Orders - credits that name no invoice - invoices, at least 0; orders more than 180 days before the book's first invoice do not count."
            "订单 - 未注明发票的冲减 - 发票，最少为 0；早于账本第一张发票 180 天以上的订单不计。"
        Exposure "exposure" "信用占用" Money "currency" Facts Sum [LessIsBetter]
            "What the customer owes with what is to be billed: receivable + unbilled - advance, at least 0."
            "连同将要开票的，客户共欠：receivable + unbilled - advance，最少为 0。"
        CreditUsed "credit_used" "额度使用率" Ratio "0 is none, 1 the whole limit" Facts Quotient [LessIsBetter]
            "exposure / credit_limit."
            "exposure / credit_limit，即信用占用除以信用额度。"
    }
    /// Complaints and requests.
    Cases CasesMetric {
        OpenCases "open_cases" "未结事项" Number "cases" Facts Sum [LessIsBetter]
            "Complaints and requests that are not closed."
            "尚未结案的投诉和服务请求。"
        OpenComplaints "open_complaints" "未结投诉" Number "cases" Facts Sum [LessIsBetter]
            "Complaints that are not closed."
            "尚未结案的投诉。"
        Cases "cases" "事项数" Number "cases" Facts Sum [LessIsBetter]
            "Complaints and requests opened in the year."
            "近一年内发生的投诉和服务请求。"
        Complaints "complaints" "投诉数" Number "cases" Facts Sum [LessIsBetter]
            "Complaints opened in the year."
            "近一年内发生的投诉。"
        ResponseDays "response_days" "平均响应天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days from opening to the first answer, over the cases of the year that were answered."
            "近一年内已答复的事项，从发生到首次答复的平均天数。"
        ResolutionDays "resolution_days" "平均结案天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days open, over the cases of the year that are closed; each stretch of a reopened one counts."
            "近一年内已结案的事项，处理中的平均天数；重新打开的，各段都计。"
    }
    /// Deadlines of cases.
    Deadlines DeadlinesMetric {
        LateCases "late_cases" "超时事项" Number "cases" Clock Sum [LessIsBetter]
            "Cases that are unanswered past their response deadline or open past their resolve deadline."
            "过了答复期限仍未答复，或过了结案期限仍未结案的事项。"
        OnTime "on_time" "及时率" Ratio "0 to 1" Clock Quotient
            "The share of the year's decided cases that missed no deadline."
            "近一年已判定的事项中，没有错过任何期限的比例。"
    }
    /// Satisfaction.
    Satisfaction SatisfactionMetric {
        Satisfaction "satisfaction" "满意度" Number "0 to 100" Facts Mean
            "The weighted mean, over topics, of the mean score of the topic's latest day in the year."
            "各主题在近一年内最近一天的平均评分，再按权重加权平均。"
    }
    /// The subjective score.
    Score ScoreMetric {
        Score "score" "主观评分" Number "0 to 100" Facts Mean
            "The file's score, else the weighted mean of its scorecard."
            "客户文件所写的评分，没有时取评分卡的加权平均。"
    }
    /// The customer file's completeness and its last review.
    Archive ArchiveMetric {
        Completeness "completeness" "档案完整度" Ratio "0 to 1" Facts Mean
            "The share of the expected fields of the customer file that are filled."
            "客户文件应填的字段中已填的比例。"
        Missing "missing" "缺项" List "" Facts None
            "The expected fields that are not filled."
            "应填而未填的字段。"
        Reviewed "reviewed" "档案复核于" Date "" Facts None
            "When a person last went through the file; unknown if that is after the day."
            "最近一次由人核对客户文件的日期；晚于当天的视为未知。"
        ReviewAge "review_age" "距上次复核" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last review."
            "距上次复核的天数。"
    }
    /// The next review of the customer's file.
    Review ReviewMetric {
        ReviewDue "review_due" "档案复核日" Date "" Clock None
            "When the next review of the file is due, by the first matching review rule."
            "客户文件下次应复核的日期，取第一条符合的复核规则。"
    }
    /// Leads and the cost of winning.
    Leads LeadsMetric {
        OpenLeads "open_leads" "在谈商机" Number "leads" Facts Sum
            "Leads neither won nor lost."
            "既未赢单也未丢单的商机。"
        Pipeline "pipeline" "在谈金额" Money "currency" Facts Sum
            "The amounts of the open leads."
            "在谈商机的金额合计。"
        Wins "wins" "赢单数" Number "leads" Facts Sum
            "Leads won in the year."
            "近一年赢单的商机。"
        Losses "losses" "丢单数" Number "leads" Facts Sum [LessIsBetter]
            "Leads lost in the year."
            "近一年丢单的商机。"
        ContactsToClose "contacts_to_close" "成交前联系次数" Number "rows" Facts Mean
            "Contact rows up to and on the first order's day."
            "首单当天及之前的联系记录数。"
        AcquisitionCost "acquisition_cost" "获客成本" Money "currency" Facts Sum [LessIsBetter]
            "Expenses up to and on the first order's day."
            "首单当天及之前的费用。"
    }
    /// Contracts for a time.
    Agreements AgreementsMetric {
        Agreements "agreements" "在期协议数" Number "agreements" Facts Sum
            "Agreements in force that no later one has renewed."
            "在期且没有被后来的协议续签的协议数。"
        AgreementEnd "agreement_end" "协议到期日" Date "" Facts None
            "The earliest `due` of the agreements in force that no later one has renewed."
            "在期且尚未续签的协议中最早的 `due`。"
        AgreementLeft "agreement_left" "协议剩余天数" Days "days" Facts Mean
            "Days until agreement_end; 0 on the day itself."
            "距 agreement_end 的天数；当天为 0。"
        AgreementValue "agreement_value" "在期协议金额" Money "currency" Facts Sum
            "The amounts of the agreements in force that no later one has renewed; unknown if none has an amount."
            "在期且尚未续签的协议金额合计；都没有写金额时为未知。"
        AgreementsLapsed "agreements_lapsed" "近期到期未续协议" Number "agreements" Facts Sum
            "Agreements that ended in the last 90 days and that no later one has renewed."
            "最近 90 天内到期、之后没有续签的协议数。"
    }
    /// The tier.
    Tier TierMetric {
        Tier "tier" "级别" Text "one of the policy's tiers" Tier None [Trait::Words(Words::Tiers)]
            "The first matching tier rule's name."
            "第一条符合的级别规则的名称。"
    }
    /// The revisit clock.
    Revisit RevisitMetric {
        Cadence "cadence" "回访周期" Days "days" Clock Mean
            "The days from one contact to the next: the file's, else the first matching revisit rule's."
            "两次联系之间的天数：按客户文件所写，没有时取第一条符合的回访规则。"
        NextRevisit "next_revisit" "下次回访" Date "" Clock None
            "The due day of the plan in force, else the last contact (or first seen) plus cadence."
            "有效计划的到期日；没有时为最近联系（或首次出现）加回访周期。"
        Overdue "overdue" "回访逾期" Days "days" Clock Mean [LessIsBetter]
            "Days past next_revisit; at least 0."
            "超过下次回访的天数；最少为 0。"
        Urgency "urgency" "紧迫度" Number "cadences" Clock Mean [LessIsBetter]
            "overdue / cadence, or overdue / 7 without a cadence."
            "overdue / cadence，没有回访周期时为 overdue / 7。"
        RevisitStatus "revisit_status" "回访状态" Text "overdue, today, soon, ok or paused" Clock None [Trait::Words(Words::Levels(&REVISIT_STATUS))]
            "Where the next revisit stands; soon is within 7 days, paused is without cadence and plan."
            "下次回访的状态；7 天以内为即将到期，既无回访周期也无计划为暂停。"
    }
    /// Dunning.
    Dunning DunningMetric {
        Dunning "dunning" "催款级别" Text "one of the policy's levels" Clock None [Trait::Words(Words::Dunning)]
            "How hard to ask for what is owed: of the dunning rules that match the unsettled item that is latest, the level of the one with the greatest `after`."
            "催款的力度：对拖得最久的未结清款项，在符合的催款规则中取 `after` 最大的一级。"
    }
    /// The fitted model and lifetime value.
    Value ValueMetric {
        PAlive "p_alive" "存续概率" Ratio "0 to 1" Facts Mean
            "The probability that the customer still buys here, from the fitted model."
            "客户仍会在本公司购买的概率，由拟合的模型得出。"
        ExpectedOrders "expected_orders" "预计订货次数" Number "order days" Facts Sum
            "Expected order days in the next 365 days, from the fitted model or its prior."
            "今后 365 天内预计的下单天数，由拟合的模型或其先验得出。"
        ChurnHorizon "churn_horizon" "流失判定期" Days "days" Facts Mean
            "2 x order_interval, at least 91 days; 182 while the interval is unknown."
            "2 × order_interval，最少 91 天；下单间隔未知时为 182 天。"
        ChurnRisk "churn_risk" "流失概率" Ratio "0 to 1" Facts Mean [LessIsBetter]
            "The probability of no order within churn_horizon, from the fitted model."
            "在流失判定期内不下单的概率，由拟合的模型得出。"
        ExpectedOrderValue "expected_order_value" "预计单次金额" Money "currency" Facts Mean
            "The expected amount of one future order day: as if there were one more of the usual amount."
            "今后一个下单日的预计金额：相当于再多一笔平常金额的订单。"
        Clv "clv" "终身价值" Money "currency" Facts Sum
            "Customer lifetime value: the discounted value of the next years."
            "客户终身价值：今后若干年价值的折现。"
        ClvLow "clv_low" "终身价值下限" Money "currency" Facts None
            "The lifetime value that is reached with at least 90 % probability, by the orders' distribution."
            "至少有 90 % 的概率达到的终身价值，按下单次数的分布。"
        ClvHigh "clv_high" "终身价值上限" Money "currency" Facts None
            "The lifetime value that is exceeded with at most 10 % probability, by the orders' distribution."
            "至多有 10 % 的概率超过的终身价值，按下单次数的分布。"
        ClvBasis "clv_basis" "估值依据" Text "model, prior or retention" Facts None
            "What clv rests on; with `, revenue` after it where no margin is known."
            "终身价值的依据；毛利率未知的，后面加上 `, revenue`。"
    }
    /// Churn level.
    Churn ChurnMetric {
        Churn "churn" "流失状态" Text "lost, at-risk, watch or active" Churn None [Trait::Words(Words::Levels(&CHURN))]
            "The worst level of the matching churn rules; unknown without an order."
            "符合的流失规则中最严重的一级；没有订单的为未知。"
    }
    /// What would go with the customer, by its churn.
    AtStake AtStakeMetric {
        AtStake "at_stake" "可能流失额" Money "currency" Churn Sum
            "churn_risk x annual_value, at least 0; without a risk all of it if churn is at-risk."
            "churn_risk × annual_value，最少为 0；没有流失概率的，高风险客户按全额计。"
    }
    /// Signals.
    Signals SignalsMetric {
        Signals "signals" "预警信号" List "" Churn None [Trait::Words(Words::Signals)]
            "The names of the matching signal rules."
            "符合的预警规则的名称。"
    }
    /// Flags.
    Flags FlagsMetric {
        Flags "flags" "标记" List "" Flags None [Trait::Words(Words::Flags)]
            "The names of the matching flag rules."
            "符合的标记规则的名称。"
    }
}
