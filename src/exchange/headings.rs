//! Headings of other programs' tables: which target each of them is.
//!
//! One table says it for both commands. A heading is compared by its normal form ([`Heading::of`]);
//! the traditional form of a character counts like the simplified one.

use crate::words::Phrase;
use std::sync::LazyLock;

use foldhash::{HashMap, HashMapExt as _};

use crate::model::{LogColumn, width_folded};
use crate::source::Cut as _;

/// What a table is read into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Into {
    Customers,
    Log,
}

impl Into {
    /// Returns the word of the command.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Customers => "customers",
            Self::Log => "log",
        }
    }
}

/// A heading taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Heading {
    /// The letters and digits outside of brackets, in lower case.
    pub(crate) normal: String,
    /// What stands in brackets.
    pub(crate) brackets: Vec<String>,
}

/// The brackets whose content is cut out of a heading.
const BRACKETS: [(char, char); 5] = [
    ('(', ')'),
    ('[', ']'),
    ('【', '】'),
    ('《', '》'),
    ('<', '>'),
];

impl Heading {
    /// Takes a heading apart.
    pub(crate) fn of(text: &str) -> Self {
        let folded = width_folded(text).to_lowercase();
        let mut heading = Self::default();
        let mut rest = folded.as_str();
        while let Some(character) = rest.chars().next() {
            let after = rest.cut(character.len_utf8()..);
            let pair = BRACKETS.iter().find(|it| it.0 == character);
            let end = pair.and_then(|(open, close)| end_of(after, *open, *close));
            if let Some(end) = end {
                let inside = after.cut(..end);
                heading.brackets.push(inside.trim().to_owned());
                let close = after.cut(end..);
                rest = close.cut(close.chars().next().map_or(0, char::len_utf8)..);
                continue;
            }
            if character.is_alphanumeric() {
                heading.normal.push(character);
            }
            rest = after;
        }
        heading
    }
}

/// Returns where the bracket closes that was opened before a text.
fn end_of(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, character) in text.char_indices() {
        if character == open {
            depth += 1;
        } else if character == close {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return Some(at),
            }
        }
    }
    None
}

/// What is known of a heading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KnownHeading {
    /// It is a target of these commands; one that has no target for it lists the column as not taken.
    Target {
        log: Option<&'static str>,
        customers: Option<&'static str>,
        rank: Rank,
    },
    /// It is a part of a person's name, which is one together with the other part of this pair.
    NamePart { is_family: bool, pair: usize },
    /// It says whether a line counts at all.
    Status,
    /// It is known but not taken, and this is why.
    Not(Phrase),
}

/// Which heading goes before another one of the same target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// It stands beside any other.
    Any,
    /// An amount with tax, before which all other totals give way.
    WithTax,
    /// A total, which gives way to one with tax.
    Total,
    /// A sum, which beside a total is that without tax.
    Sum,
    /// A day on which something was posted: it gives way to any other day.
    Posted,
}

impl KnownHeading {
    /// Returns the target that a command has for the heading.
    pub(crate) fn target(self, into: Into) -> Option<&'static str> {
        match (self, into) {
            (Self::Target { log, .. }, Into::Log) => log,
            (Self::Target { customers, .. }, Into::Customers) => customers,
            _ => None,
        }
    }
}

/// Returns what is known of a heading by its normal form.
pub(crate) fn known(normal: &str) -> Option<KnownHeading> {
    let folded = simplified(normal);
    ALL.get(folded.as_str()).copied()
}

/// Returns what is known of a heading of a person or competitor but for a digit at its end, and that digit.
pub(crate) fn known_numbered(normal: &str) -> Option<(KnownHeading, usize)> {
    let digit = normal
        .chars()
        .next_back()?
        .to_digit(10)
        .filter(|it| *it > 0)?;
    let before = normal.get(..normal.len() - 1)?;
    let known = known(before)?;
    let is_listed = match known {
        KnownHeading::NamePart { .. } => true,
        KnownHeading::Target {
            log: None,
            customers: Some(target),
            ..
        } => target.starts_with("contact.") || target.starts_with("competitor."),
        _ => false,
    };
    is_listed.then_some((known, usize::try_from(digit).ok()?))
}

/// Returns a text with the simplified form of the traditional characters of headings.
pub(crate) fn simplified(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    text.chars()
        .map(|it| SIMPLIFIED.get(&it).copied().unwrap_or(it))
        .collect()
}

static SIMPLIFIED: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let pairs = TRADITIONAL.split_whitespace().flat_map(|group| {
        let mut characters = group.chars();
        let simple = characters.next();
        characters.filter_map(move |it| Some((it, simple?)))
    });
    pairs.collect()
});

static ALL: LazyLock<HashMap<String, KnownHeading>> = LazyLock::new(|| {
    let mut all = HashMap::new();
    let mut add = |heading: &str, known: KnownHeading| {
        all.entry(simplified(&Heading::of(heading).normal))
            .or_insert(known);
    };
    for (log, customers, headings) in TARGETS {
        let target = |name: &&'static str| Some(*name).filter(|it: &&str| !it.is_empty());
        let (log, customers) = (target(log), target(customers));
        if let Some(log) = log {
            add(
                log,
                KnownHeading::Target {
                    log: Some(log),
                    customers,
                    rank: Rank::Any,
                },
            );
        }
        if let Some(name) = customers {
            // What customers call it means nothing in a log, but for whose they are.
            let log = log.filter(|it| *it == name || name == "owner");
            let known = KnownHeading::Target {
                log,
                customers,
                rank: Rank::Any,
            };
            add(name, known);
            // The last part of what is said of a person is a heading of its own.
            let last = name
                .strip_prefix("contact.")
                .filter(|it| !matches!(*it, "name" | "note"));
            if let Some(last) = last {
                add(last, known);
            }
        }
        let called = log
            .and_then(LogColumn::of)
            .map_or(&[] as &[&str], LogColumn::called);
        let others = headings.split([',', '\n']).map(str::trim);
        for heading in called
            .iter()
            .copied()
            .chain(others)
            .filter(|it| !it.is_empty())
        {
            let rank = rank_of(heading);
            add(
                heading,
                KnownHeading::Target {
                    log,
                    customers,
                    rank,
                },
            );
        }
    }
    for name in OTHER_NAMES {
        add(
            name,
            KnownHeading::Target {
                log: None,
                customers: Some(name),
                rank: Rank::Any,
            },
        );
    }
    for (pair, (given, family)) in NAME_PARTS.iter().enumerate() {
        add(
            given,
            KnownHeading::NamePart {
                is_family: false,
                pair,
            },
        );
        add(
            family,
            KnownHeading::NamePart {
                is_family: true,
                pair,
            },
        );
    }
    for (hint, headings) in NOT_TAKEN {
        for heading in headings.split(',').map(str::trim) {
            add(heading, KnownHeading::Not(*hint));
        }
    }
    for heading in STATUS.split(',').map(str::trim) {
        add(heading, KnownHeading::Status);
    }
    all
});

fn rank_of(heading: &str) -> Rank {
    match heading {
        "价税合计" | "含税金额" => Rank::WithTax,
        "总金额" | "总额" | "total amount" | "total" => Rank::Total,
        "金额" => Rank::Sum,
        "记账日期" | "入账日期" | "posting date" => Rank::Posted,
        _ => Rank::Any,
    }
}

/// Targets of customers that no heading stands for but their own names.
const OTHER_NAMES: &[&str] = &[
    "contact.note",
    "competitor.note",
    "date.name",
    "date.on",
    "date.yearly",
];

/// The target in a log, the one of customers (empty: none), and their headings.
///
/// Names of targets are headings of themselves, and what people call a column of logs is one of it, too
/// ([`LogColumn::called`]).
const TARGETS: &[(&str, &str, &str)] = &[
    (
        "customer",
        "name",
        "client, company, customer name, account name, buyer, organization, organization name, 客户名, 客户全称, 单位名称, \
         往来单位, 购货单位, 购方名称, 购买方名称, 购方, 买方, 买方名称, 需方, 甲方, 订货单位, 付款单位, 付款方, 付款人, 付款方名称, 对方户名, 对方名称, 对方单位, 公司, 公司名称, \
         企业名称",
    ),
    ("", "name", "名称"),
    (
        "customer.id",
        "id",
        "customer id, customer no, customer code, 客户编号, 客户编码, 客户代码, 客户号",
    ),
    ("", "id", "code, 编号, 编码, 代码"),
    (
        "customer.aliases",
        "aliases",
        "alias, short name, 简称, 客户简称, 别名, 曾用名, 英文名, 英文名称",
    ),
    (
        "date",
        "",
        "day, 单据日期, 业务日期, 发生日期, 交易日期, 记账日期, 入账日期, document date, posting date, transaction date, close date",
    ),
    ("time", "", "时间, 交易时间, 发生时间"),
    (
        "kind",
        "",
        "type, 业务类型, 单据类型, 事件类型, 活动类型, 跟进方式, 跟进类型, 沟通方式, 拜访方式, activity type",
    ),
    (
        "amount",
        "",
        "total, total amount, 价税合计, 含税金额, 总金额, 总额, 本币金额, 交易金额",
    ),
    (
        "currency",
        "currency",
        "币种, 币别, 交易币种, 原币, currency code",
    ),
    ("direction", "", "借贷标志, 借贷方向, 收支, 收付标志"),
    ("score", "score", "rating, 打分"),
    ("score", "", "满意度, 满意度评分"),
    ("", "score", "客户评分, 主观评分"),
    (
        "staff",
        "owner",
        "salesperson, sales rep, account manager, account owner, handled by, 业务员, 销售, 销售员, 销售代表, 销售人员, 客户经理, 负责人, \
         跟进人, 拜访人, 处理人, 受理人, 归属人, 所属业务员",
    ),
    (
        "topic",
        "",
        "subject, product, item, deal name, opportunity name, 事项, 产品, 产品名称, 品名, 商品名称, 货品名称, 物料名称, 存货名称, 项目, 项目名称",
    ),
    ("channel", "", "途径"),
    (
        "ref",
        "",
        "reference, 单据编号, 单据号, 流水号, 交易流水号, 凭证号, ref no, document no",
    ),
    (
        "due",
        "",
        "due date, 到期日期, 应收日期, 付款到期日, 要求完成日期",
    ),
    (
        "note",
        "profile.note",
        "notes, remark, remarks, comment, comments, memo, description, 摘要, 内容, 描述, 用途, 附言, 跟进内容, 跟进记录, 拜访内容, 沟通内容",
    ),
    (
        "order.date",
        "order.date",
        "订单日期, 下单日期, 下单时间, 签单日期, 签约日期, 合同日期, 成交日期",
    ),
    (
        "order.amount",
        "order.amount",
        "订单金额, 合同金额, 合同额, 成交金额, 下单金额, 销售金额",
    ),
    (
        "order.ref",
        "order.ref",
        "order no, po, po number, 订单号, 订单编号, 合同号, 合同编号",
    ),
    ("invoice.date", "invoice.date", "开票日期, 发票日期"),
    ("invoice.amount", "invoice.amount", "开票金额, 发票金额"),
    (
        "invoice.ref",
        "invoice.ref",
        "invoice no, invoice number, 发票号, 发票号码, 数电发票号码, 数电票号码",
    ),
    (
        "payment.date",
        "payment.date",
        "回款日期, 收款日期, 到账日期, 付款日期",
    ),
    (
        "payment.amount",
        "payment.amount",
        "amount received, credit amount, 回款金额, 收款金额, 到账金额, 收入金额, 收入, 贷方金额, 贷方发生额",
    ),
    (
        "-payment:out.amount",
        "-payment:out.amount",
        "debit amount, 支出金额, 支出, 借方金额, 借方发生额",
    ),
    (
        "visit.date",
        "visit.date",
        "last visit, last contact, 拜访日期, 拜访时间, 回访日期, 最近拜访, 最近拜访日期, 上次拜访, 上次拜访日期, 最近联系, \
         最近联系日期, 最后联系日期, 最近跟进时间, 最后跟进时间",
    ),
    (
        "plan.due",
        "plan.due",
        "next visit, next contact, follow up, 下次回访, 下次回访日期, 下次拜访, 下次拜访日期, 下次联系, 下次联系日期, \
         下次跟进, 下次跟进时间, 计划拜访日期",
    ),
    ("complaint.date", "complaint.date", "投诉日期, 投诉时间"),
    ("", "stage", "阶段, 客户阶段, 合作阶段"),
    (
        "",
        "since",
        "customer since, 合作日期, 合作起始, 合作开始日期, 首次合作日期, 建立合作日期",
    ),
    ("", "added", "建档日期, 建档时间"),
    (
        "",
        "segment",
        "industry, sector, 行业, 所属行业, 客户类型, 客户类别, 客户分类",
    ),
    (
        "",
        "region",
        "province, area, 地区, 区域, 所属区域, 省份, 省, 所在地",
    ),
    ("", "tags", "labels, 标签"),
    ("", "communication", "沟通情况, 沟通难度"),
    ("", "margin", "gross margin, 毛利率, 利润率"),
    ("", "credit_limit", "credit limit, 信用额度, 授信额度"),
    (
        "",
        "payment_terms",
        "terms, 账期, 帐期, 付款条件, 付款期限, 信用期, 结算周期",
    ),
    ("", "revisit", "回访周期, 拜访周期, 跟进周期"),
    ("", "reviewed", "核对日期"),
    ("", "website", "url, web, 网址, 网站, 官网"),
    (
        "",
        "address",
        "地址, 公司地址, 联系地址, 详细地址, 注册地址, 通讯地址, 办公地址",
    ),
    (
        "",
        "licence",
        "license, tax id, vat no, 营业执照, 营业执照号, 统一社会信用代码, 社会信用代码, 统一编号, 税号, 纳税人识别号, \
         购方识别号",
    ),
    ("", "registered_capital", "注册资本, 注册资金"),
    (
        "",
        "bank_account",
        "account number, 银行账号, 银行账户, 开户账号, 账号, 开户行及账号",
    ),
    (
        "",
        "contact.name",
        "contact, contact person, person, attn, 联系人, 联络人, 联系人姓名, 姓名, 对接人, 关键人",
    ),
    ("", "contact.title", "position, job title, 职务, 职位, 岗位"),
    (
        "",
        "contact.phone",
        "tel, telephone, phone number, business phone, work phone, 电话, 联系电话, 联系方式, 电话号码, 座机, 固定电话",
    ),
    (
        "",
        "contact.mobile",
        "cell, mobile phone, 手机, 手机号, 手机号码, 移动电话",
    ),
    ("", "contact.wechat", "微信, 微信号"),
    (
        "",
        "contact.email",
        "e-mail, mail, email address, e-mail address, 邮箱, 电子邮箱, 电子邮件",
    ),
    ("", "contact.birthday", "date of birth, 生日, 出生日期"),
    ("", "profile.needs", "requirements, 需求, 客户需求"),
    ("", "profile.habits", "习惯, 采购习惯, 购买习惯"),
    ("", "competitor.name", "competitors, 竞争对手, 竞品"),
];

/// The given and the family name of a person, which are the name together.
const NAME_PARTS: [(&str, &str); 3] = [
    ("first name", "last name"),
    ("given name", "family name"),
    ("名", "姓"),
];

/// What is known but not taken: why, and the headings.
const NOT_TAKEN: &[(Phrase, &str)] = &[
    (
        Phrase(
            "tiers are computed; `--map 'HEADING=custom.old_tier'` keeps it as a fact",
            "级别由程序计算；用 `--map '列名=custom.old_tier'` 可留作资料",
        ),
        "tier, grade, 等级, 级别, 客户等级",
    ),
    (
        Phrase(
            "a sum is no event; `--map 'HEADING=order:NAME.amount' --set order:NAME.date=DAY` makes an opening value of it",
            "累计数不是一件事；用 `--map '列名=order:名称.amount' --set order:名称.date=日期` 可作为期初数",
        ),
        "年销售额, 销售总额, 累计金额, 年度金额",
    ),
    (
        Phrase(
            "a balance is no event; `--map 'HEADING=invoice:open.amount' --set invoice:open.date=DAY` makes an opening invoice of it",
            "余额不是一件事；用 `--map '列名=invoice:open.amount' --set invoice:open.date=日期` 可作为期初发票",
        ),
        "应收余额, 欠款, 余额, balance",
    ),
    (
        Phrase("it follows from payments and invoices", "由回款和开票得出"),
        "已收金额, 未收金额",
    ),
    (
        Phrase("it only numbers the lines", "只是行的序号"),
        "no, 序号, 行号",
    ),
    (
        Phrase("no figure is made of it", "没有指标用到它"),
        "数量, 单价, 税额, 税率, 不含税金额",
    ),
    (
        Phrase(
            "a stage of a deal is no fact of a log",
            "商机的阶段不是记录的内容",
        ),
        "deal stage, 销售阶段, 商机阶段",
    ),
    (
        Phrase(
            "an answer needs the number of its case",
            "答复要有所属事项的单号",
        ),
        "响应日期, 答复日期, 解决日期, 办结日期, 关闭日期",
    ),
];

/// The headings of columns that say whether a line counts.
const STATUS: &str = "状态, 单据状态, 订单状态, 审核状态, 发票状态, status";

/// Each character of the headings with its traditional forms behind it.
const TRADITIONAL: &str = "价價 税稅 合閤 计計 额額 总總 记記 账賬 户戶 称稱 单單 来來 购購 货貨 买買 订訂 对對 业業 编編 号號 码碼 简簡 别別彆 据據 务務 发發髮 时時 间間 类類 动動 进進 沟溝 访訪 币幣 种種 借藉 贷貸 标標 志誌 向嚮曏 评評 满滿 观觀 员員 销銷 表錶 经經 负負 责責 办辦 处處 归歸 属屬 题題 项項 产產 径徑 凭憑 证證証 应應 备備 注註 说說 内內 录錄彔 签籤簽 约約 同衕 开開 数數 电電 回迴 出齣 联聯 系係繫 后後 划劃 诉訴 阶階 档檔 区區 况況 难難 润潤 帐帳 条條 结結 周週賙 核覈 网網 详詳 细細 册冊 讯訊 营營 执執 统統 会會 纳納 识識 资資 银銀 络絡 关關 键鍵 职職 岗崗 话話 机機 邮郵 习習 惯慣 采採寀 竞競 争爭 级級 余餘 响響 复復複覆 决決 闭閉 状狀 态態 审審 废廢 暂暫 创創 制製 驳駁 终終 红紅 冲衝沖";
