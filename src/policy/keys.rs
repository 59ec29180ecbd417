//! The keys of a policy: for each a row with its default, what is said of it in the policy as printed
//! and on the page of the format, and its place. Reading, printing and the page follow.

use super::slot::{Slot, Tiers, Verdict, stage, tier, topic};
use super::{Policy, Weights};
use crate::diagnostic::{Nearest as _, WRONG_VALUE};
use crate::model::expectable;
use crate::toml_table::TomlTable;
use crate::words::{Phrase, both};

/// One key of a policy.
pub(super) struct PolicyKey {
    /// Its name in its table.
    pub(super) name: &'static str,
    /// Its default as TOML; empty if it need not be stated.
    pub(super) default: &'static str,
    /// What it does, for the page of the format.
    pub(super) meaning: &'static str,
    /// What stands above it in the policy as printed; empty if nothing.
    pub(super) comment: Phrase,
    /// Its place in the policy.
    pub(super) slot: fn(&mut Policy) -> Slot<'_>,
    /// The names that it once had, which are still read.
    pub(super) earlier: &'static [&'static str],
}

/// One table of a policy.
pub(super) struct PolicyTable {
    /// Its name; empty for what stands before all tables.
    pub(super) name: &'static str,
    /// What stands above it in the policy as printed; empty if nothing.
    pub(super) comment: Phrase,
    pub(super) body: Body,
}

/// What stands in a table.
pub(super) enum Body {
    /// Keys that are known.
    Keys(&'static [PolicyKey]),
    /// Keys like these, and what is judged when they all are read, with what held before.
    Judged(
        &'static [PolicyKey],
        fn(&mut Policy, &Policy, &mut TomlTable<'_, '_>),
    ),
    /// A weight for each name, called so on the page.
    Weights(&'static str, &'static str, fn(&mut Policy) -> &mut Weights),
}

impl PolicyTable {
    /// Returns the keys that are known.
    pub(super) fn keys(&self) -> &'static [PolicyKey] {
        match self.body {
            Body::Keys(keys) | Body::Judged(keys, _) => keys,
            Body::Weights(..) => &[],
        }
    }
}

macro_rules! keys {
    ($($name:literal $slot:ident($($field:ident).+ $(, $more:expr)?) $(once $earlier:literal)?
       $default:literal $meaning:literal $comment:literal $chinese:literal)*) => {
        &[$(PolicyKey {
            name: $name,
            default: $default,
            meaning: $meaning,
            comment: Phrase($comment, $chinese),
            slot: |policy| Slot::$slot(&mut policy.$($field).+ $(, $more)?),
            earlier: &[$($earlier)?],
        }),*]
    };
}

/// The most years that lifetime value may look ahead.
const MOST_YEARS: i64 = 100;

/// All tables and their keys in the order of the policy as printed.
pub(super) const TABLES: &[PolicyTable] = &[
    PolicyTable {
        name: "",
        comment: Phrase("", ""),
        body: Body::Keys(keys![
            "format" Format(format)
                "1"
                "the format of the book's files; a program that knows an older one alone refuses the book"
                "The format of this book's files."
                "账本文件的格式。"
            "currency" Text(currency)
                r#""CNY""#
                "a label; a book has one currency"
                "The name of the book's one currency; a label."
                "货币名称，只作标示；一个账本只用一种货币。"
            "stages" Texts(stages, stage)
                r#"["prospect", "bidding", "delivery", "completed"]"#
                "the stages of customers"
                "The stages that a customer can be in."
                "客户的各个阶段。"
            "payment_terms" Terms(payment_terms)
                r#""30d""#
                "from an invoice to its due day; `\"eom\"` is the end of the invoice's month, `\"eom+60d\"` 60 days after that"
                "When an invoice is due, where neither its row nor the customer's file says: so many days after it,\n\
                 or \"eom+60d\", after the end of its month."
                "账期，用于记录和客户文件都没有写的：从开票日算起的天数；\"eom+60d\" 从开票当月的月底算起。"
            "log_file" LogFile(log_file)
                r#""interactions/{year}.csv""#
                "where `log` appends; also `{month}`, `{customer}`"
                "Where `guanxi log` appends; {year}, {month} and {customer} are filled in."
                "`guanxi log` 写入的日志；{year}、{month} 和 {customer} 会换成年、月和客户编号。"
            "tier_order" Texts(tier_order, tier)
                r#"["AAA", "AA", "A", "B", "P"]"#
                "how tiers are sorted; others follow in the order of their tables"
                "The tiers from the best on, as they are sorted; others follow in the order of their tables."
                "级别由高到低的排列顺序；其余级别按规则出现的顺序排在后面。"
        ]),
    },
    PolicyTable {
        name: "value",
        comment: Phrase(
            "How orders are counted and lifetime value is reckoned.",
            "订单如何计算，终身价值如何估计。",
        ),
        body: Body::Keys(keys![
            "model" Word(value.model)
                r#""auto""#
                "`auto`, `mbgnbd`, `bgnbd`, `pnbd`, `retention`"
                "auto, mbgnbd, bgnbd, pnbd, or retention for the formula of the field's texts."
                "auto、mbgnbd、bgnbd、pnbd，或 retention：业内教材的留存率公式。"
            "amount" Word(value.amount)
                r#""shrunk""#
                "or `\"gamma-gamma\"`: how the amount of a future order day is told"
                "What a future order day brings: \"shrunk\", as if there were one more of the usual amount, or \"gamma-gamma\"."
                "今后一个下单日的金额：\"shrunk\" 相当于再加一个金额平常的下单日，或 \"gamma-gamma\"。"
            "trend" Bool(value.trend)
                "true"
                "whether `auto` follows the whole book's last year"
                "Whether auto follows the whole book where its last year was far from what it expects."
                "全账本最近一年与预计相差很远时，auto 是否随之调整。"
            "revenue" Word(value.revenue)
                r#""auto""#
                "`\"order\"` or `\"invoice\"`: which rows are revenue; `auto` is `invoice` where the whole book has no order row"
                "Which rows are revenue: \"order\", or \"invoice\" for books fed by an accounting export; \"auto\" is\n\
                 \"invoice\" where the whole book has no order row, else \"order\"."
                "哪类记录算收入：\"order\"（订单）；数据来自财务软件的账本用 \"invoice\"（开票）；\"auto\" 在全账本没有订单\n\
                 记录时取 \"invoice\"，否则取 \"order\"。"
            "basis" Word(value.basis)
                r#""revenue""#
                "or `\"profit\"`: what annual_value is"
                "What annual_value is: \"revenue\", or \"profit\", which needs a margin. The field's text speaks of\n\
                 benefit, which is nearer to profit."
                "annual_value（年度价值）按 \"revenue\"（收入）还是按 \"profit\"（利润，要有毛利率）。业内教材说的是收益，\n\
                 更接近利润。"
            "margin" NoShare(value.margin, "0.25")
                ""
                "0 to 1, where a customer's file says none"
                "The share of revenue that is earned, where a customer's file says none."
                "毛利率，用于客户文件没有写的。"
            "years" Whole(value.years, MOST_YEARS)
                "3"
                "how far lifetime value looks ahead, 1 to 100"
                "How many years lifetime value looks ahead, and the discount a year."
                "终身价值往后看多少年，以及年贴现率。"
            "discount" Share(value.discount)
                "0.1"
                "a year"
                "" ""
            "retention" Share(value.retention)
                "0.8"
                "a year, for the retention formula"
                "The share of customers kept from year to year, for the retention formula."
                "年留存率，用于留存率公式。"
            "first_order" Word(value.first_order)
                r#""include""#
                "or `\"exclude\"`: whether it counts in expected_order_value"
                "Whether the first order day counts in the expected order value: \"include\" or \"exclude\"."
                "首单是否计入预计单次金额：\"include\"（计入）或 \"exclude\"（不计）。"
        ]),
    },
    PolicyTable {
        name: "settlement",
        comment: Phrase(
            "How reliably a customer pays: stable, fair, unstable or overdue.",
            "结算情况：稳定（stable）、相对稳定（fair）、不稳定（unstable）或长期拖欠（overdue）。",
        ),
        body: Body::Keys(keys![
            "window" Days(settlement.window, 1)
                r#""730d""#
                "invoices of these last days are judged"
                "Invoices of these last days are judged, and all that are not settled."
                "按最近这些天的发票和所有未结清的发票判断。"
            "grace" Days(settlement.grace, 0)
                r#""30d""#
                "late no more than this is still reliable"
                "Stable or fair: at least such a share of their amount was, or is, no later than the grace."
                "逾期不超过宽限期（grace）的金额至少占这个比例，分别为稳定、相对稳定。"
            "stable_share" Share(settlement.stable_share)
                "0.95"
                "stable if this share of the amount is within the grace"
                "" ""
            "fair_share" Share(settlement.fair_share)
                "0.8"
                "fair if this share is"
                "" ""
            "limit" Days(settlement.limit, 0) once "fair_limit"
                r#""90d""#
                "unstable if more than a petty share is later than this (`fair_limit` is its earlier name, and still read)"
                "Unstable at best, and overdue: more than a petty share of the amount is later than this."
                "逾期超过这些天的金额不止零头时：前者至多为不稳定，后者为长期拖欠。"
            "overdue" Days(settlement.overdue, 0)
                r#""365d""#
                "overdue if more than a petty share is later than this"
                "" ""
            "petty" Share(settlement.petty)
                "0.01"
                "the share of an amount that does not matter"
                "The share of an amount that does not matter; an invoice of which more was written off is never settled."
                "算作零头、不予计较的金额比例；核销超过这个比例的发票永远不算结清。"
            "tolerance" Tolerance(settlement.tolerance)
                r#""0.00""#
                "the balance up to which an invoice counts as settled: money, or a share of its amount like `\"5%\"`"
                "The balance up to which an invoice counts as settled: money, or a share of its amount like \"5%\"."
                "余额不超过它就算结清：金额，或发票金额的比例，如 \"5%\"。"
        ]),
    },
    PolicyTable {
        name: "receivables",
        comment: Phrase(
            "How what is owed is told by its days past due.",
            "应收账款如何按逾期天数分段。",
        ),
        body: Body::Keys(keys![
            "buckets" Buckets(buckets)
                r#"["30d", "90d", "180d", "365d"]"#
                "where the spans of days past due end that `receivables` shows; the last has what is later still"
                "The days past due at which each span ends; the last span has what is later still."
                "各段到逾期多少天为止；更久的归入最后一段。"
        ]),
    },
    PolicyTable {
        name: "team",
        comment: Phrase(
            "What the account managers are to sell together, from which `team` tells how many are needed.",
            "全体客户经理的销售目标，`team` 据此说明需要多少人。",
        ),
        body: Body::Keys(keys![
            "target" NoMoney(team.target, r#""1000万""#)
                ""
                "the revenue of a year that is aimed at, for how many managers `team` says are needed"
                "The revenue of a year that is aimed at."
                "一年的收入目标。"
            "growth" Rate(team.growth)
                "0"
                "by what share more each of them is to sell, such as `0.2`; above -1"
                "By what share more each of them is to sell than today, such as 0.2."
                "希望每人比现在多卖多少，如 0.2。"
        ]),
    },
    PolicyTable {
        name: "market",
        comment: Phrase(
            "What there is to win, of which `portfolio` tells the share.",
            "市场的大小，`portfolio` 据此说明占多大份额。",
        ),
        body: Body::Keys(keys![
            "value" NoMoney(market, r#""2亿""#)
                ""
                "the lifetime value of all customers of the market, yours and others'"
                "The lifetime value of all customers of the market, yours and others'."
                "整个市场（自己的和别家的）客户终身价值之和。"
        ]),
    },
    PolicyTable {
        name: "winning",
        comment: Phrase("What winning a customer costs.", "争取一家客户的花费。"),
        body: Body::Keys(keys![
            "promotion" Texts(promotion, topic)
                r#"["promotion"]"#
                "the topics of expenses that count as promotion; all others are what visits cost"
                "The topics of expenses that count as promotion; all others are what visits cost."
                "主题为这些的费用算推广费，其余算拜访的花费。"
        ]),
    },
    PolicyTable {
        name: "export",
        comment: Phrase(
            "What leaves the book for other programs.",
            "导出给其他程序的内容。",
        ),
        body: Body::Keys(keys![
            "calendar" Text(export_calendar)
                r#""guanxi""#
                "the name of the calendar that `export calendar` writes; another one makes other events of all"
                "The name of the calendar. The ids of its events are made with it: several books want several names."
                "日历的名称。事件的编号由它生成：有几个账本，就要用几个名称。"
        ]),
    },
    PolicyTable {
        name: "pareto",
        comment: Phrase(
            "Classes A and B end where these shares of the value of all customers are reached.",
            "A 类和 B 类客户到累计占全部客户价值的多少为止。",
        ),
        body: Body::Judged(
            keys![
                "a" Share(pareto.a)
                    "0.8"
                    "where class A ends"
                    "" ""
                "b" Share(pareto.b)
                    "0.95"
                    "where class B ends"
                    "" ""
            ],
            judge_pareto,
        ),
    },
    PolicyTable {
        name: "satisfaction",
        comment: Phrase(
            "The weights of survey topics in `satisfaction`; 1 for a topic that is not here.",
            "`satisfaction`（满意度）中调查各主题的权重；没有写的为 1。",
        ),
        body: Body::Weights("TOPIC", "weights of survey topics", |it| {
            &mut it.satisfaction
        }),
    },
    PolicyTable {
        name: "scorecard",
        comment: Phrase(
            "The weights of the items of a customer's [scorecard] in `score`; 1 for one that is not here.",
            "`score`（主观评分）中客户 [scorecard] 各项的权重；没有写的为 1。",
        ),
        body: Body::Weights("ITEM", "weights of scorecard items", |it| &mut it.scorecard),
    },
    PolicyTable {
        name: "archive",
        comment: Phrase(
            "The fields that a complete customer file has.",
            "完整的客户档案应有的字段。",
        ),
        body: Body::Keys(keys![
            "expect" Lines(expect, field)
                r#"["name", "owner", "stage", "since", "segment", "region", "address", "contact.name", "contact.phone",
                    "contact.birthday", "profile.needs", "profile.habits", "competitor.name"]"#
                "the fields of a complete file"
                "" ""
        ]),
    },
    PolicyTable {
        name: "view",
        comment: Phrase(
            "How the team wishes answers to look to those who have set nothing themselves: the language (zh, en,\n\
                  auto) and the unit of money (yuan, wan, yi). No figure hangs on it.",
            "读者自己没有设置时，结果用什么语言（zh、en、auto），金额用什么单位（yuan 元、wan 万元、yi 亿元）。\n\
                  与任何数字的大小无关。",
        ),
        body: Body::Keys(keys![
            "lang" Word(view.lang)
                r#""auto""#
                "`zh` or `en`: the language of answers where the reader has set none; `auto` is that of the system"
                "" ""
            "units" Word(view.units)
                r#""yuan""#
                "`wan` or `yi`: money in tables in 10⁴ or 10⁸, where the reader has set no unit"
                "" ""
        ]),
    },
    PolicyTable {
        name: "log",
        comment: Phrase(
            "Columns of logs that mean nothing here, and are meant to.",
            "日志中有意保留、本程序用不到的列。",
        ),
        body: Body::Keys(keys![
            "other_columns" Texts(other_columns, |_, _, _| Ok(true))
                "[]"
                "columns of logs that mean nothing here, and are meant to"
                "" ""
        ]),
    },
    PolicyTable {
        name: "remind",
        comment: Phrase(
            "What `guanxi remind` tells whom.",
            "`guanxi remind` 通知谁、怎样通知。",
        ),
        body: Body::Keys(keys![
            "from" Text(remind.from)
                r#""""#
                "the address that messages come from, where `--from` names none"
                "The address that messages come from."
                "邮件的发件地址。"
            "default" Text(remind.default)
                r#""""#
                "the id of whom to tell what nobody answers for"
                "Who is told what nobody answers for."
                "无人负责的事通知谁。"
            "again" SpanOrNever(remind.again)
                r#""7d""#
                "after how long what is still late is told once more; or `\"never\"`"
                "After how long what is still late is told once more; or \"never\"."
                "仍然逾期的，隔多久再通知一次；或 \"never\"（不再通知）。"
        ]),
    },
];

/// Keeps the classes in their order.
fn judge_pareto(policy: &mut Policy, before: &Policy, table: &mut TomlTable<'_, '_>) {
    if policy.pareto.a > policy.pareto.b {
        policy.pareto = before.pareto;
        let key = if table.has("b") { "b" } else { "a" };
        let span = table.value(key).map_or(0..0, |it| it.span());
        let message = Phrase(
            "class B cannot end before class A: `b` must be at least `a`",
            "B 类不能先于 A 类截止：`b` 不能小于 `a`",
        );
        table.report(WRONG_VALUE, span, message, None);
    }
}

/// Takes each field of a customer file once.
fn field(name: &str, _: &Tiers, taken: &[String]) -> Verdict {
    let free = |prefix| {
        name.strip_prefix(prefix)
            .is_some_and(|rest: &str| !rest.is_empty())
    };
    if expectable().any(|it| it == name) || free("profile.") || free("custom.") {
        return Ok(!taken.iter().any(|it| it == name));
    }
    let fields: Vec<String> = expectable().collect();
    let help = fields.iter().map(String::as_str).help(name);
    Err((
        both!(
            "a customer file has no field `{name}`",
            "客户文件没有 `{name}` 这个字段"
        ),
        help,
    ))
}
