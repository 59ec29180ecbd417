//! The table of metrics. Columns, filters, rules, `metrics`, JSON keys and docs all follow from it.

use std::borrow::Cow;
use std::sync::LazyLock;

use super::PastDue;
use super::level::{
    ABC, CHURN, COMMUNICATION, Levels, MOVEMENT, OWNER_STATUS, REVISIT_STATUS, SETTLEMENT,
};
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
}

impl Entry {
    /// Tells whether less of the metric is better.
    pub fn is_less_better(&self) -> bool {
        self.traits
            .iter()
            .any(|it| matches!(it, Trait::LessIsBetter))
    }

    /// Tells whether the metric grows by itself, a day a day.
    pub fn grows_daily(&self) -> bool {
        self.traits.iter().any(|it| matches!(it, Trait::GrowsDaily))
    }

    /// Returns from where its words come, if it has no others.
    pub fn words(&self) -> Option<Words> {
        self.traits.iter().find_map(|it| match it {
            Trait::Words(words) => Some(*words),
            Trait::LessIsBetter | Trait::GrowsDaily => None,
        })
    }

    /// Returns its words, if they never change.
    pub fn levels(&self) -> Option<&'static Levels> {
        match self.words()? {
            Words::Levels(levels) => Some(levels),
            Words::Stages | Words::Tiers | Words::Signals | Words::Flags | Words::Dunning => None,
        }
    }
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
                $definition:literal)+
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
        enum Line {
            $($($metric,)+)+
        }

        impl Metric {
            /// Returns the metric's entry in the catalogue.
            pub fn entry(self) -> &'static Entry {
                let line = match self {
                    $($(Self::$metric { .. } => Line::$metric,)+)+
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
        Name "name" "名称" Text "" Facts None
            "The customer's name."
        Aliases "aliases" "别名" List "" Facts None
            "Other names of the customer."
        Segment "segment" "行业" Text "" Facts None
            "The market segment."
        Region "region" "地区" Text "" Facts None
            "The region."
        Tags "tags" "标签" List "" Facts None
            "The customer's tags."
        Since "since" "合作起始日" Date "" Facts None
            "The start of the cooperation, as the file says."
        Added "added" "建档日" Date "" Facts None
            "When the customer's file was made, as it says."
        FormerIds "former_ids" "曾用编号" List "" Facts None
            "The ids that the customer once had."
        Website "website" "网址" Text "" Facts None
            "The customer's website."
        Address "address" "地址" Text "" Facts None
            "The customer's address."
        Person "person" "联系人" Text "" Facts None
            "The name of the first person with a phone or mobile, else of the first person."
        Phone "phone" "电话" Text "" Facts None
            "That person's first number: of `phone`, else of `mobile`."
        Email "email" "邮箱" Text "" Facts None
            "That person's first email address."
        Licence "licence" "营业执照" Text "" Facts None
            "The number of the business licence."
        RegisteredCapital "registered_capital" "注册资本" Money "currency" Facts Sum
            "The registered capital."
        BankAccount "bank_account" "银行账号" Text "" Facts None
            "The customer's bank account."
        CreditLimit "credit_limit" "信用额度" Money "currency" Facts Sum
            "The most that the customer may owe."
        Communication "communication" "沟通情况" Text "normal or difficult" Facts None [Trait::Words(Words::Levels(&COMMUNICATION))]
            "How communication goes; `normal` unless the file says `difficult`."
        PaymentTerms "payment_terms" "账期" Text "such as 60d or eom+60d" Facts None
            "When an invoice is due that does not say it: the file's terms, else the policy's, as written."
        Margin "margin" "毛利率" Ratio "0 to 1" Facts Quotient
            "The share of revenue that is earned: the file's, else the policy's."
    }
    /// Whose the customer is.
    Owner OwnerMetric {
        Owner "owner" "客户经理" Text "" Facts None
            "The account manager's id: the staff of the latest `owner` row, before the first one its topic, else the file's."
        OwnerStatus "owner_status" "客户经理状态" Text "none, left, not-yet or ok" Facts None [Trait::Words(Words::Levels(&OWNER_STATUS))]
            "Of the owner: none, left or not-yet joined as staff.toml says, else ok."
    }
    /// Contact.
    Contact ContactMetric {
        FirstSeen "first_seen" "首次出现" Date "" Facts None
            "The earliest of `since`, `added` and the first row's date, `owner` rows aside."
        Tenure "tenure" "合作天数" Days "days" Facts Mean [GrowsDaily]
            "Days since `since`, or since the first row but `owner` rows where the file has none; at least 0."
        LastContact "last_contact" "最近联系" Date "" Facts None
            "The latest contact row's date."
        ContactAge "contact_age" "距上次联系" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last contact."
        Contacts "contacts" "联系次数" Number "rows" Facts Sum
            "Contact rows in the year."
        Stage "stage" "阶段" Text "one of the policy's stages" Facts None [Trait::Words(Words::Stages)]
            "The latest `stage` row's topic, else the file's."
        Lost "lost" "已流失" Bool "" Facts Sum
            "True if a `lost` row follows the last order; on one day, lost wins."
        LostOn "lost_on" "流失日期" Date "" Facts None
            "The day of the first `lost` row after the last order."
        LostReason "lost_reason" "流失原因" Text "" Facts None
            "The topic of the latest `lost` row after the last order that names one."
    }
    /// Orders and what they brought.
    Orders OrdersMetric {
        Orders "orders" "订单数" Number "rows" Facts Sum
            "Order rows."
        OrderDays "order_days" "下单天数" Number "days" Facts Sum
            "Distinct days of order rows."
        FirstOrder "first_order" "首单日期" Date "" Facts None
            "The first order's date."
        LastOrder "last_order" "最近下单" Date "" Facts None
            "The last order's date."
        OrderAge "order_age" "距上次下单" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last order."
        Revenue "revenue" "累计收入" Money "currency" Facts Sum
            "Orders minus credits, all time."
        AnnualRevenue "annual_revenue" "年度收入" Money "currency" Facts Sum
            "Orders minus credits in the year."
        PriorRevenue "prior_revenue" "上年收入" Money "currency" Facts Sum
            "Orders minus credits in the year before."
        RevenueChange "revenue_change" "收入变动" Money "currency" Facts Sum
            "annual_revenue - prior_revenue."
        Movement "movement" "客户变动" Text "kept, new, returned, stopped, idle or none" Facts None [Trait::Words(Words::Levels(&MOVEMENT))]
            "By order rows in the year and the year before: kept both, new or returned the year alone, stopped the year before alone, idle only earlier, none never."
        Growth "growth" "增长率" Ratio "from -1; 0 is none" Facts Quotient
            "annual_revenue / prior_revenue - 1 if prior_revenue is above 0; growth only from two years on."
        Expenses "expenses" "累计费用" Money "currency" Facts Sum [LessIsBetter]
            "Expenses, all time."
        AnnualExpenses "annual_expenses" "年度费用" Money "currency" Facts Sum [LessIsBetter]
            "Expenses in the year."
        Profit "profit" "累计利润" Money "currency" Facts Sum
            "revenue x margin - expenses, rounded once, half away from zero, to 4 decimals."
        AnnualProfit "annual_profit" "年度利润" Money "currency" Facts Sum
            "annual_revenue x margin - annual_expenses, rounded once, half away from zero, to 4 decimals."
        AnnualValue "annual_value" "年度价值" Money "currency" Facts Sum
            "annual_revenue, or annual_profit where the policy says `basis = \"profit\"`."
        OrderInterval "order_interval" "下单间隔" Days "days" Facts Mean
            "The length-weighted median gap between order days, known from three of them on."
        Silence "silence" "沉寂倍数" Number "own intervals" Facts Mean [LessIsBetter]
            "order_age / order_interval."
    }
    /// Rank, share, ABC and RFM, which need all customers.
    Ranking RankingMetric {
        Rank "rank" "排名" Number "from 1" Facts None [LessIsBetter]
            "The place by annual_value, highest first; ties by id."
        Share "share" "占比" Ratio "0 to 1" Facts Sum
            "The customer's part of the annual_value of all customers, none counted below 0."
        Abc "abc" "ABC" Text "A, B or C" Facts None [Trait::Words(Words::Levels(&ABC))]
            "A while the share of those ranked before is under 80 %, B while under 95 %, else C; C without annual_value."
        RecencyScore "recency_score" "近度" Number "1 to 5" Facts Mean
            "1 + floor(5 x (older last orders + equal ones / 2) / customers with an order), at most 5."
        FrequencyScore "frequency_score" "频度" Number "1 to 5" Facts Mean
            "1 + floor(5 x (those with fewer orders + equal ones / 2) / customers with an order), at most 5."
        MonetaryScore "monetary_score" "额度分" Number "1 to 5" Facts Mean
            "1 + floor(5 x (those with less revenue + equal ones / 2) / customers with an order), at most 5."
        Rfm "rfm" "RFM" Text "three digits" Facts None
            "recency_score, frequency_score and monetary_score, one digit each."
    }
    /// Receivables.
    Receivables ReceivablesMetric {
        Receivable "receivable" "应收账款" Money "currency" Facts Sum [LessIsBetter]
            "What the customer owes: the balances of all invoices and debts."
        Advance "advance" "预收款" Money "currency" Facts Sum
            "Money received that no invoice has taken yet."
        PastDue "past_due" "逾期金额" Money "currency" Facts Sum [LessIsBetter]
            "The balances of unsettled items whose due day is over."
        DaysPastDue "days_past_due" "最长逾期天数" Days "days" Facts Greatest [LessIsBetter]
            "By how many days the latest of the unsettled items is past its due day; at least 0."
        NotDue "not_due" "未到期" Money "currency" Facts Sum
            "The part of receivable that is not past due."
        Past(days: PastDue as USUAL_PAST_DUE) "past_A_B" "逾期A–B天" Money "currency" Facts Sum
            "The part of receivable that is A to B days past due, for any whole numbers; `past_over_A`: more than A days."
        MoneyDays "money_days" "逾期金额×天" Number "currency x days" Facts Sum [LessIsBetter]
            "What lateness costs, up to an interest rate: each balance past due times its days past due."
        Dso "dso" "应收周转天数" Days "days" Facts Walk [LessIsBetter]
            "Days sales outstanding, by counting back: the age at which what was billed since, less the credits that name it, comes to receivable."
        DaysToPay "days_to_pay" "平均回款天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days from an invoice to its settlement, by amount, over invoices settled in the year without a write-off."
        Settlement "settlement" "结算情况" Text "stable, fair, unstable or overdue" Facts None [Trait::Words(Words::Levels(&SETTLEMENT))]
            "How reliably invoices of the last two years and all open ones were settled: by the shares of their amount that are late."
    }
    /// What is not billed yet, and what the customer would owe with that.
    Exposure ExposureMetric {
        Unbilled "unbilled" "未开票金额" Money "currency" Facts Sum [LessIsBetter]
            "Orders - credits that name no invoice - invoices, at least 0; orders more than 180 days before the book's first invoice do not count."
        Exposure "exposure" "信用占用" Money "currency" Facts Sum [LessIsBetter]
            "What the customer owes with what is to be billed: receivable + unbilled - advance, at least 0."
        CreditUsed "credit_used" "额度使用率" Ratio "0 is none, 1 the whole limit" Facts Quotient [LessIsBetter]
            "exposure / credit_limit."
    }
    /// Complaints and requests.
    Cases CasesMetric {
        OpenCases "open_cases" "未结事项" Number "cases" Facts Sum [LessIsBetter]
            "Complaints and requests that are not closed."
        OpenComplaints "open_complaints" "未结投诉" Number "cases" Facts Sum [LessIsBetter]
            "Complaints that are not closed."
        Cases "cases" "事项数" Number "cases" Facts Sum [LessIsBetter]
            "Complaints and requests opened in the year."
        Complaints "complaints" "投诉数" Number "cases" Facts Sum [LessIsBetter]
            "Complaints opened in the year."
        ResponseDays "response_days" "平均响应天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days from opening to the first answer, over the cases of the year that were answered."
        ResolutionDays "resolution_days" "平均结案天数" Days "days" Facts Quotient [LessIsBetter]
            "Mean days open, over the cases of the year that are closed; each stretch of a reopened one counts."
    }
    /// Deadlines of cases.
    Deadlines DeadlinesMetric {
        LateCases "late_cases" "超时事项" Number "cases" Clock Sum [LessIsBetter]
            "Cases that are unanswered past their response deadline or open past their resolve deadline."
        OnTime "on_time" "及时率" Ratio "0 to 1" Clock Quotient
            "The share of the year's decided cases that missed no deadline."
    }
    /// Satisfaction.
    Satisfaction SatisfactionMetric {
        Satisfaction "satisfaction" "满意度" Number "0 to 100" Facts Mean
            "The weighted mean, over topics, of the mean score of the topic's latest day in the year."
    }
    /// The subjective score.
    Score ScoreMetric {
        Score "score" "主观评分" Number "0 to 100" Facts Mean
            "The file's score, else the weighted mean of its scorecard."
    }
    /// The customer file's completeness and its last review.
    Archive ArchiveMetric {
        Completeness "completeness" "档案完整度" Ratio "0 to 1" Facts Mean
            "The share of the expected fields of the customer file that are filled."
        Missing "missing" "缺项" List "" Facts None
            "The expected fields that are not filled."
        Reviewed "reviewed" "档案复核于" Date "" Facts None
            "When a person last went through the file; unknown if that is after the day."
        ReviewAge "review_age" "距上次复核" Days "days" Facts Mean [LessIsBetter, GrowsDaily]
            "Days since the last review."
    }
    /// The next review of the customer's file.
    Review ReviewMetric {
        ReviewDue "review_due" "档案复核日" Date "" Clock None
            "When the next review of the file is due, by the first matching review rule."
    }
    /// Leads and the cost of winning.
    Leads LeadsMetric {
        OpenLeads "open_leads" "在谈商机" Number "leads" Facts Sum
            "Leads neither won nor lost."
        Pipeline "pipeline" "在谈金额" Money "currency" Facts Sum
            "The amounts of the open leads."
        Wins "wins" "赢单数" Number "leads" Facts Sum
            "Leads won in the year."
        Losses "losses" "丢单数" Number "leads" Facts Sum [LessIsBetter]
            "Leads lost in the year."
        ContactsToClose "contacts_to_close" "成交前联系次数" Number "rows" Facts Mean
            "Contact rows up to and on the first order's day."
        AcquisitionCost "acquisition_cost" "获客成本" Money "currency" Facts Sum [LessIsBetter]
            "Expenses up to and on the first order's day."
    }
    /// Contracts for a time.
    Agreements AgreementsMetric {
        Agreements "agreements" "在期协议数" Number "agreements" Facts Sum
            "Agreements in force that no later one has renewed."
        AgreementEnd "agreement_end" "协议到期日" Date "" Facts None
            "The earliest `due` of the agreements in force that no later one has renewed."
        AgreementLeft "agreement_left" "协议剩余天数" Days "days" Facts Mean
            "Days until agreement_end; 0 on the day itself."
        AgreementValue "agreement_value" "在期协议金额" Money "currency" Facts Sum
            "The amounts of the agreements in force that no later one has renewed; unknown if none has an amount."
        AgreementsLapsed "agreements_lapsed" "近期到期未续协议" Number "agreements" Facts Sum
            "Agreements that ended in the last 90 days and that no later one has renewed."
    }
    /// The tier.
    Tier TierMetric {
        Tier "tier" "级别" Text "one of the policy's tiers" Tier None [Trait::Words(Words::Tiers)]
            "The first matching tier rule's name."
    }
    /// The revisit clock.
    Revisit RevisitMetric {
        Cadence "cadence" "回访周期" Days "days" Clock Mean
            "The days from one contact to the next: the file's, else the first matching revisit rule's."
        NextRevisit "next_revisit" "下次回访" Date "" Clock None
            "The due day of the plan in force, else the last contact (or first seen) plus cadence."
        Overdue "overdue" "回访逾期" Days "days" Clock Mean [LessIsBetter]
            "Days past next_revisit; at least 0."
        Urgency "urgency" "紧迫度" Number "cadences" Clock Mean [LessIsBetter]
            "overdue / cadence, or overdue / 7 without a cadence."
        RevisitStatus "revisit_status" "回访状态" Text "overdue, today, soon, ok or paused" Clock None [Trait::Words(Words::Levels(&REVISIT_STATUS))]
            "Where the next revisit stands; soon is within 7 days, paused is without cadence and plan."
    }
    /// Dunning.
    Dunning DunningMetric {
        Dunning "dunning" "催款级别" Text "one of the policy's levels" Clock None [Trait::Words(Words::Dunning)]
            "How hard to ask for what is owed: of the dunning rules that match the unsettled item that is latest, the level of the one with the greatest `after`."
    }
    /// The fitted model and lifetime value.
    Value ValueMetric {
        PAlive "p_alive" "存续概率" Ratio "0 to 1" Facts Mean
            "The probability that the customer still buys here, from the fitted model."
        ExpectedOrders "expected_orders" "预计订货次数" Number "order days" Facts Sum
            "Expected order days in the next 365 days, from the fitted model or its prior."
        ChurnHorizon "churn_horizon" "流失判定期" Days "days" Facts Mean
            "2 x order_interval, at least 91 days; 182 while the interval is unknown."
        ChurnRisk "churn_risk" "流失概率" Ratio "0 to 1" Facts Mean [LessIsBetter]
            "The probability of no order within churn_horizon, from the fitted model."
        ExpectedOrderValue "expected_order_value" "预计单次金额" Money "currency" Facts Mean
            "The expected amount of one future order day: as if there were one more of the usual amount."
        Clv "clv" "终身价值" Money "currency" Facts Sum
            "Customer lifetime value: the discounted value of the next years."
        ClvLow "clv_low" "终身价值下限" Money "currency" Facts None
            "The lifetime value that is exceeded with 90 % probability, by the orders' distribution."
        ClvHigh "clv_high" "终身价值上限" Money "currency" Facts None
            "The lifetime value that is exceeded with 10 % probability, by the orders' distribution."
        ClvBasis "clv_basis" "估值依据" Text "model, prior or retention" Facts None
            "What clv rests on; with `, revenue` after it where no margin is known."
    }
    /// Churn level.
    Churn ChurnMetric {
        Churn "churn" "流失状态" Text "lost, at-risk, watch or active" Churn None [Trait::Words(Words::Levels(&CHURN))]
            "The worst level of the matching churn rules; unknown without an order."
    }
    /// What would go with the customer, by its churn.
    AtStake AtStakeMetric {
        AtStake "at_stake" "可能流失额" Money "currency" Churn Sum
            "churn_risk x annual_value, at least 0; without a risk all of it if churn is at-risk."
    }
    /// Signals.
    Signals SignalsMetric {
        Signals "signals" "预警信号" List "" Churn None [Trait::Words(Words::Signals)]
            "The names of the matching signal rules."
    }
    /// Flags.
    Flags FlagsMetric {
        Flags "flags" "标记" List "" Flags None [Trait::Words(Words::Flags)]
            "The names of the matching flag rules."
    }
}
