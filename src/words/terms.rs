//! The Chinese of words that stand in cells; those of figures stand at their levels (`metric/level.rs`).

/// One column's words with their Chinese.
pub type ColumnTerms = &'static [(&'static str, &'static str)];

/// The default stages.
pub const STAGES: ColumnTerms = &[
    ("prospect", "潜在"),
    ("bidding", "投标"),
    ("delivery", "实施"),
    ("completed", "已完工"),
];

/// The labels of default tiers.
pub const TIERS: ColumnTerms = &[("P", "潜在")];

/// The default signals.
pub const SIGNALS: ColumnTerms = &[
    ("quiet", "沉寂"),
    ("declining", "下滑"),
    ("complaint", "有投诉"),
    ("dissatisfied", "不满意"),
    ("late-payer", "付款拖延"),
    ("unseen", "久未回访"),
    ("agreement-ending", "协议将到期"),
    ("agreement-lapsed", "协议已到期未续"),
];

/// The default flags.
pub const FLAGS: ColumnTerms = &[("over-credit", "超信用额度")];

/// What a policy can expect of a customer's file, and the free keys that the default one expects.
pub const FIELDS: ColumnTerms = &[
    ("name", "名称"),
    ("aliases", "别名"),
    ("owner", "客户经理"),
    ("stage", "阶段"),
    ("since", "合作起始日"),
    ("added", "建档日"),
    ("former_ids", "曾用编号"),
    ("segment", "行业"),
    ("region", "地区"),
    ("tags", "标签"),
    ("communication", "沟通情况"),
    ("score", "主观评分"),
    ("margin", "毛利率"),
    ("credit_limit", "信用额度"),
    ("payment_terms", "账期"),
    ("revisit", "回访周期"),
    ("reviewed", "复核日"),
    ("website", "网址"),
    ("address", "地址"),
    ("licence", "营业执照"),
    ("registered_capital", "注册资本"),
    ("bank_account", "银行账号"),
    ("scorecard", "评分卡"),
    ("profile", "需求与习惯"),
    ("custom", "自定义字段"),
    ("contact", "联系人"),
    ("date", "重要日期"),
    ("competitor", "竞争对手"),
    ("contact.name", "联系人姓名"),
    ("contact.title", "联系人职务"),
    ("contact.phone", "联系人电话"),
    ("contact.mobile", "联系人手机"),
    ("contact.email", "联系人邮箱"),
    ("contact.wechat", "联系人微信"),
    ("contact.birthday", "联系人生日"),
    ("contact.note", "联系人备注"),
    ("date.name", "重要日期名称"),
    ("date.on", "重要日期"),
    ("competitor.name", "竞争对手名称"),
    ("competitor.note", "竞争对手备注"),
    ("profile.needs", "需求"),
    ("profile.habits", "采购习惯"),
];

/// The default levels of dunning.
pub const DUNNING: ColumnTerms = &[
    ("notice", "到期提醒"),
    ("reminder", "催款"),
    ("demand", "催款函"),
    ("final", "最后通知"),
    ("legal", "转法务"),
];

/// The built-in kinds of rows: the name, the Chinese that people read, and the further words by which they and
/// other programs call it, without blanks.
const CALLED: [(&str, &str, &str); 27] = [
    (
        "visit",
        "拜访",
        "上门 上门拜访 走访 回访 来访 面访 现场拜访",
    ),
    (
        "call",
        "电话",
        "电联 致电 来电 通话 电话拜访 电话回访 phone phonecall",
    ),
    ("meeting", "会议", "开会 会谈 洽谈 座谈"),
    ("email", "邮件", "电邮 mail"),
    (
        "message",
        "消息",
        "微信 企业微信 短信 钉钉 qq 留言 wechat sms chat",
    ),
    ("plan", "计划", "待办 下一步 task todo"),
    (
        "order",
        "订单",
        "销售订单 合同 签约 签单 下单 成交 sale salesorder contract",
    ),
    (
        "credit",
        "冲减",
        "退货 退货单 销售退货 折让 销售折让 红字发票 creditnote creditmemo return",
    ),
    ("invoice", "开票", "发票 蓝字发票 应收单 bill"),
    ("payment", "回款", "收款 收款单 到账 receipt"),
    ("writeoff", "坏账核销", "核销 坏账 baddebt"),
    ("expense", "费用", "招待费 差旅费 样品费 推广费 cost"),
    ("complaint", "投诉", "客诉 质量投诉"),
    (
        "request",
        "服务请求",
        "需求 请求 咨询 报修 诉求 inquiry servicerequest",
    ),
    ("response", "答复", "回复 响应 首次响应 reply"),
    ("resolve", "结案", "解决 已解决 办结 solved resolved"),
    ("reopen", "重新打开", "重启 再次投诉"),
    ("assign", "转派", "指派"),
    ("owner", "移交", "交接 更换客户经理"),
    ("survey", "调查", "满意度 满意度调查 问卷 测评"),
    ("lead", "商机", "线索 opportunity deal"),
    ("agreement", "协议", "框架协议 年度协议 供货协议 服务协议"),
    ("win", "赢单", "中标 成单 won"),
    ("lose", "丢单", "输单 落标 未中标"),
    ("stage", "阶段变更", "阶段"),
    ("lost", "流失", "客户流失 终止合作 churned"),
    ("note", "备注", "记录 其他 其它 other memo"),
];

/// The built-in kinds of rows.
pub const KINDS: ColumnTerms = &read_as();

const fn read_as() -> [(&'static str, &'static str); CALLED.len()] {
    let mut all = [("", ""); CALLED.len()];
    let mut at = 0;
    while at < all.len() {
        all[at] = (CALLED[at].0, CALLED[at].1);
        at += 1;
    }
    all
}

/// Returns the built-in kind that a word calls so; the word has no blanks and is in small letters.
pub(crate) fn kind_called(word: &str) -> Option<&'static str> {
    let calls = |(name, chinese, more): &(&str, &str, &str)| {
        [*name, *chinese].contains(&word) || more.split(' ').any(|it| it == word)
    };
    CALLED.iter().find(|it| calls(it)).map(|it| it.0)
}

/// Returns all words by which kinds are called, the names aside.
pub(crate) fn words_of_kinds<'w>() -> impl Iterator<Item = &'w str> + Clone {
    let words = |it: &'w (&'w str, &'w str, &'w str)| it.2.split(' ').chain([it.1]);
    CALLED.iter().flat_map(words)
}

/// Words of columns of reports, by `report.column`, or by the column alone.
const OF_COLUMNS: &[(&str, ColumnTerms)] = &[
    (
        "cases.status",
        &[
            ("closed", "已结案"),
            ("late", "已超时"),
            ("open", "处理中"),
            ("today", "今天到期"),
        ],
    ),
    (
        "cases.kind",
        &[("complaint", "投诉"), ("request", "服务请求")],
    ),
    ("missed", &[("response", "答复"), ("resolution", "结案")]),
    (
        "invoices.status",
        &[
            ("settled", "已结清"),
            ("late", "已逾期"),
            ("soon", "即将到期"),
            ("open", "未到期"),
        ],
    ),
    ("invoices.kind", &[("invoice", "发票"), ("debt", "欠款")]),
    (
        "dates.kind",
        &[
            ("birthday", "生日"),
            ("cooperation", "合作周年"),
            ("date", "重要日期"),
            ("plan", "计划"),
            ("lead", "商机"),
            ("agreement", "协议"),
        ],
    ),
    (
        "leads.status",
        &[("open", "在谈"), ("won", "赢单"), ("lost", "丢单")],
    ),
    (
        "team.status",
        &[
            ("ok", "在职"),
            ("not-yet", "未到岗"),
            ("left", "已离职"),
            ("unknown", "名单外"),
            ("none", "无"),
        ],
    ),
    (
        "weekday",
        &[
            ("mon", "周一"),
            ("tue", "周二"),
            ("wed", "周三"),
            ("thu", "周四"),
            ("fri", "周五"),
            ("sat", "周六"),
            ("sun", "周日"),
        ],
    ),
    ("calendar.what", &[("worked", "上班"), ("off", "放假")]),
    (
        "backtest.part",
        &[
            ("orders", "订单"),
            ("revenue", "收入"),
            ("calibration", "校准"),
            ("range", "区间"),
            ("range total", "总额区间"),
            ("flag", "预警"),
        ],
    ),
    (
        "backtest.method",
        &[
            ("model", "模型"),
            ("own rate", "自身频率"),
            ("last window", "与上次相同"),
            ("nobody buys", "无人购买"),
            ("tenth 1", "第 1 个十分位"),
            ("tenth 2", "第 2 个十分位"),
            ("tenth 3", "第 3 个十分位"),
            ("tenth 4", "第 4 个十分位"),
            ("tenth 5", "第 5 个十分位"),
            ("tenth 6", "第 6 个十分位"),
            ("tenth 7", "第 7 个十分位"),
            ("tenth 8", "第 8 个十分位"),
            ("tenth 9", "第 9 个十分位"),
            ("tenth 10", "第 10 个十分位"),
            ("orders inside", "订单在区间内"),
            ("orders below", "订单低于区间"),
            ("orders above", "订单高于区间"),
            ("revenue inside", "收入在区间内"),
            ("revenue below", "收入低于区间"),
            ("revenue above", "收入高于区间"),
            ("revenue low", "收入下限"),
            ("revenue high", "收入上限"),
            ("no order > 50 %", "不下单 > 50 %"),
            ("churn_risk > 50 %", "流失概率 > 50 %"),
            ("policy at-risk", "规则判为高风险"),
            ("order_age > churn_horizon", "距上次下单 > 流失判定期"),
            ("everybody", "全部客户"),
        ],
    ),
    ("fit.part", &[("orders", "订单"), ("amounts", "金额")]),
    (
        "fit.name",
        &[
            ("model", "模型"),
            ("estimate", "估计方法"),
            ("log_likelihood", "对数似然"),
            ("log_posterior", "对数后验"),
            ("trend", "趋势"),
            ("trend_observed", "实际下单天数"),
            ("trend_expected", "预期下单天数"),
            ("trend_reason", "趋势说明"),
            ("customers", "客户数"),
            ("histories", "历史数"),
            ("gaps", "间隔数"),
            ("mean", "均值"),
            ("correlation", "相关系数"),
            ("reason", "原因"),
        ],
    ),
    (
        "fit.word",
        &[
            ("weak prior", "弱先验"),
            ("maximum likelihood", "极大似然"),
            ("shrunken mean", "收缩均值"),
        ],
    ),
    (
        "fit.value",
        &[
            ("weak prior", "弱先验"),
            ("maximum likelihood", "极大似然"),
            ("shrunken mean", "收缩均值"),
        ],
    ),
    (
        "clv_basis",
        &[
            ("model", "模型"),
            ("model, revenue", "模型，按收入"),
            ("prior", "通常值"),
            ("prior, revenue", "通常值，按收入"),
            ("retention", "留存率公式"),
            ("retention, revenue", "留存率公式，按收入"),
        ],
    ),
    ("severity", &[("error", "错误"), ("warning", "警告")]),
    (
        "metrics.type",
        &[
            ("text", "文本"),
            ("list", "列表"),
            ("number", "数字"),
            ("money", "金额"),
            ("ratio", "比率"),
            ("days", "天数"),
            ("date", "日期"),
            ("bool", "是否"),
        ],
    ),
    (
        "metrics.stage",
        &[
            ("facts", "事实"),
            ("tier", "级别"),
            ("clock", "期限"),
            ("churn", "流失"),
            ("flags", "标记"),
        ],
    ),
    (
        "metrics.group",
        &[
            ("sum", "合计"),
            ("quotient", "合计之比"),
            ("walk", "合并倒推"),
            ("greatest", "最大"),
            ("mean", "平均"),
            ("none", "无"),
        ],
    ),
    ("metrics.unit", UNITS_OF_METRICS),
    (
        "cause",
        &[
            ("row", "新行"),
            ("removed", "删行"),
            ("file", "客户文件"),
            ("policy", "规则"),
            ("time", "时间推移"),
            ("others", "其他客户"),
        ],
    ),
];

/// The units and ranges of the catalogue; words of rules stay what they are.
const UNITS_OF_METRICS: ColumnTerms = &[
    ("currency", "货币"),
    ("days", "天"),
    ("rows", "条"),
    ("cases", "件"),
    ("leads", "个"),
    ("agreements", "份"),
    ("order days", "下单日"),
    ("own intervals", "倍自身间隔"),
    ("cadences", "倍回访周期"),
    ("currency x days", "货币×天"),
    ("three digits", "三位数字"),
    ("0 to 1", "0 至 1"),
    ("0 to 100", "0 至 100"),
    ("1 to 5", "1 至 5"),
    ("from 1", "从 1 起"),
    ("from -1; 0 is none", "从 -1 起，0 为没有"),
    ("0 is none, 1 the whole limit", "0 为未用，1 为用满"),
    ("A, B or C", "A、B 或 C"),
    ("one of the policy's tiers", "规则中的级别"),
    ("one of the policy's stages", "规则中的阶段"),
    ("one of the policy's levels", "规则中的催款级别"),
    ("such as 60d or eom+60d", "如 60d 或 eom+60d"),
    ("normal or difficult", "normal 或 difficult"),
    ("none, left, not-yet or ok", "none、left、not-yet 或 ok"),
    (
        "kept, new, returned, stopped, idle or none",
        "kept、new、returned、stopped、idle 或 none",
    ),
    (
        "stable, fair, unstable or overdue",
        "stable、fair、unstable 或 overdue",
    ),
    (
        "overdue, today, soon, ok or paused",
        "overdue、today、soon、ok 或 paused",
    ),
    (
        "lost, at-risk, watch or active",
        "lost、at-risk、watch 或 active",
    ),
    ("model, prior or retention", "model、prior 或 retention"),
];

/// Returns the words of a column of a report with their Chinese; none where it has no words of its own.
pub fn terms_of(report: &str, column: &str) -> ColumnTerms {
    let of_report = OF_COLUMNS.iter().find(|(key, _)| {
        let parts = key.split_once('.');
        parts.is_some_and(|it| it == (report, column))
    });
    let found = of_report.or_else(|| OF_COLUMNS.iter().find(|(key, _)| *key == column));
    found.map_or(&[], |it| it.1)
}

/// Returns the word of any report's column of a name that is read as this Chinese.
pub(crate) fn words_of_column<'w>(
    column: &'w str,
    chinese: &'w str,
) -> impl Iterator<Item = &'w str> {
    let of_column = OF_COLUMNS
        .iter()
        .filter(move |it| it.0.rsplit('.').next() == Some(column));
    let terms = of_column.flat_map(|it| it.1);
    terms.filter(move |it| it.1 == chinese).map(|it| it.0)
}

/// Tells whether a stage, a field or a column of this name is read as this Chinese.
pub(crate) fn is_read_as(name: &str, chinese: &str) -> bool {
    let is = |it: &(&str, &str)| it.0 == name && it.1 == chinese;
    let is_heading = |it: &(&str, &str)| it.0.rsplit('.').next() == Some(name) && it.1 == chinese;
    STAGES.iter().chain(FIELDS).any(is) || super::headings::all().iter().any(is_heading)
}

/// Returns the Chinese of a word among others.
pub fn term(terms: ColumnTerms, word: &str) -> Option<&'static str> {
    let found = terms.iter().find(|it| it.0 == word);
    found.map(|it| it.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_word_calls_two_kinds() {
        let words = |it: &'static (&str, &str, &str)| it.2.split(' ').chain([it.0, it.1]);
        for called in &CALLED {
            for word in words(called) {
                assert_eq!(kind_called(word), Some(called.0), "{word}");
                assert!(!word.is_empty() && !word.contains(['-', '_']), "{word}");
            }
        }
        assert_eq!(kind_called(""), None);
    }
}
