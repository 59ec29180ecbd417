//! What people read in Chinese above columns that are neither metrics nor columns of logs; those of metrics
//! stand in the catalogue, those of logs in `model/column.rs`.
//!
//! To add a column is to add its line here: a test walks all reports.

/// Headings by the column's name; one that has a dot is of one report alone, and goes before the others.
const HEADINGS: &[(&str, &str)] = &[
    // Rows of logs, and items made of them.
    ("time", "时间"),
    ("origin", "出处"),
    ("rows", "行数"),
    ("commit", "提交"),
    ("author", "作者"),
    ("committed", "提交日"),
    ("metric", "指标"),
    // Cases.
    ("cases.staff", "负责人"),
    ("opened", "发生日"),
    ("age", "历时天数"),
    ("respond_by", "答复期限"),
    ("resolve_by", "结案期限"),
    ("answered", "首次答复日"),
    ("closed", "结案日"),
    ("deadline", "最近期限"),
    ("left", "剩余天数"),
    ("status", "状态"),
    ("escalate", "上报"),
    ("missed", "超时环节"),
    ("in_time", "是否及时"),
    ("outcome", "结案评分"),
    ("open", "未结数"),
    ("late", "超时数"),
    ("decided", "已判定数"),
    // Invoices.
    ("days", "天数"),
    ("balance", "余额"),
    ("level", "本笔催款级别"),
    ("cleared", "已冲抵"),
    ("bucket", "账龄"),
    ("items", "笔数"),
    // Dates.
    ("calendar.what", "安排"),
    ("what", "事由"),
    ("years", "周年"),
    ("lunar", "农历"),
    ("dates.days", "距今天数"),
    // Leads.
    ("leads.to", "建议跟进人"),
    ("leads.staff", "提供人"),
    ("leads.closed", "关闭日"),
    ("reason", "原因"),
    ("fits", "适合人选"),
    // Groups and periods.
    ("customers", "客户数"),
    ("customer_share", "客户占比"),
    ("period", "期间"),
    ("from", "起始日"),
    ("to", "截止日"),
    ("complete", "是否完整"),
    ("orders", "订单数"),
    ("order_days", "下单天数"),
    ("revenue", "收入"),
    ("invoiced", "开票金额"),
    ("paid", "回款金额"),
    ("written_off", "核销金额"),
    ("expenses", "费用"),
    ("contacts", "联系次数"),
    ("new", "新增客户"),
    ("lost", "流失客户"),
    ("won_back", "挽回客户"),
    ("complaints", "投诉数"),
    ("requests", "服务请求数"),
    ("resolved", "结案数"),
    ("leads", "商机数"),
    ("leads_won", "赢单数"),
    ("leads_lost", "丢单数"),
    ("cohort", "首单期间"),
    ("n", "第几期"),
    ("active", "活跃客户"),
    ("retention", "留存率"),
    // The team.
    ("spread.due", "日期"),
    ("weekday", "星期"),
    ("team.staff", "人员"),
    ("team.name", "姓名"),
    ("visits_needed", "应访次数"),
    ("visits_per_year", "年可访次数"),
    ("load", "负荷率"),
    ("overdue_customers", "逾期未访客户"),
    ("training_due", "待完成培训"),
    ("training_done", "已完成培训"),
    // The portfolio.
    ("section", "部分"),
    ("indicator", "指标"),
    ("value", "数值"),
    ("before", "此前"),
    ("change", "变动"),
    ("command", "命令"),
    ("lever", "措施"),
    ("net", "净增"),
    // Differences.
    ("diff.from", "变更前"),
    ("diff.to", "变更后"),
    ("cause", "成因"),
    ("row", "所在行"),
    // Models.
    ("part", "部分"),
    ("fit.name", "参数"),
    ("word", "文字值"),
    ("log_standard_error", "对数标准误"),
    ("method", "方法"),
    ("predicted", "预测"),
    ("observed", "实际"),
    ("total_error", "总误差"),
    ("mae", "平均绝对误差"),
    ("rmse", "均方根误差"),
    ("precision", "精确率"),
    ("recall", "召回率"),
    ("f1", "F1"),
    // `metrics`, `check`, `explain` of a fault, `config`.
    ("metrics.name", "名称"),
    ("type", "类型"),
    ("unit", "单位"),
    ("group", "分组取值"),
    ("definition", "定义"),
    ("severity", "严重程度"),
    ("code", "代码"),
    ("message", "说明"),
    ("file", "文件"),
    ("line", "行"),
    ("column", "列"),
    ("help", "处理办法"),
    ("count", "次数"),
    ("meaning", "含义"),
    ("cure", "处理办法"),
    ("key", "键"),
    ("source", "来源"),
    ("config.origin", "来源"),
    // Why of a revisit.
    ("why", "依据"),
];

/// Returns all headings by the column's name, perhaps behind that of its report.
pub(super) fn all() -> &'static [(&'static str, &'static str)] {
    HEADINGS
}

/// What stands before the heading of a column whose name is made of another's.
const DERIVED: &[(&str, &str)] = &[
    ("sum", "合计"),
    ("mean", "平均"),
    ("median", "中位"),
    ("min", "最小"),
    ("max", "最大"),
    ("known", "已知"),
    ("end", "期末"),
    ("before", "上年同期"),
    ("change", "同比"),
    ("week", "周"),
    ("month", "月"),
    ("quarter", "季"),
    ("year", "年"),
];

/// The words before a day that stand for the time that it lies in; their Chinese stands behind it.
const PERIODS: [&str; 4] = ["week", "month", "quarter", "year"];

/// Tells whether a name is that of a time in which a day lies, as `month:first_order` is.
pub fn is_period(name: &str) -> bool {
    let word = name.split_once(':').map(|it| it.0);
    word.is_some_and(|word| PERIODS.contains(&word))
}

/// Returns the Chinese heading of a column of a report, if it has one that no metric gives.
pub fn heading(report: &str, name: &str) -> Option<&'static str> {
    let of_report = HEADINGS.iter().find(|(key, _)| {
        let parts = key.split_once('.');
        parts.is_some_and(|it| it == (report, name))
    });
    let found = of_report.or_else(|| HEADINGS.iter().find(|(key, _)| *key == name));
    found.filter(|_| !name.contains('.')).map(|it| it.1)
}

/// Returns what stands before the heading of the rest of a name such as `mean:score`, and that rest.
pub fn derived(name: &str) -> Option<(&'static str, &str)> {
    let (word, rest) = name.split_once(':')?;
    let found = DERIVED.iter().find(|it| it.0 == word)?;
    Some((found.1, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_column_has_two_headings() {
        for (at, (key, chinese)) in HEADINGS.iter().enumerate() {
            assert!(!HEADINGS[..at].iter().any(|it| it.0 == *key), "{key}");
            assert!(
                chinese.chars().any(|it| it as u32 > 0x4e00) || *key == "f1",
                "{key}"
            );
        }
        assert_eq!(heading("leads", "to"), Some("建议跟进人"));
        assert_eq!(heading("trend", "to"), Some("截止日"));
        assert_eq!(heading("trend", "leads.to"), None);
        assert_eq!(derived("end:mean:score"), Some(("期末", "mean:score")));
    }
}
