//! What churn risk and lifetime value rest on, in one line.

use crate::customer_base::fit::Fit;
use crate::figures::Figures;
use crate::figures::value::{NoFit, Outlooks, Trend, no_amount};
use crate::words::{Language, say, spoken};

/// Above this correlation of order size and frequency gamma-gamma's values are warned of.
const TOO_CORRELATED: f64 = 0.3;

/// Says how lifetime values come about where there is no model.
pub(super) fn by_retention() -> &'static str {
    spoken().pick("clv is by the retention formula", "终身价值按留存率公式")
}

/// Says in lines what a model's figures rest on, and warns where they may be off.
pub(crate) fn basis(figures: &Figures<'_>, instead: &str) -> Vec<String> {
    let outlooks = figures.outlooks();
    let lines = [
        Some(rests_on(outlooks, instead)),
        correlation_warning(outlooks),
    ];
    lines.into_iter().flatten().collect()
}

/// Says what the figures rest on: how many customers, how the book moved, which model.
///
/// Without a model it says why, and `instead` what holds then. Without any amount the model speaks
/// of orders, but not of what they are worth.
pub(crate) fn rests_on(outlooks: &Outlooks, instead: &str) -> String {
    let amounts = match outlooks.spend {
        None if outlooks.behaviour.is_some() => {
            say!("; {}", "；{}", no_amount(spoken()))
        }
        _ => String::new(),
    };
    match &outlooks.fit {
        Ok(fit) => say!(
            "from {}{amounts}",
            "依据 {}{amounts}",
            of_fit(fit, &outlooks.trend)
        ),
        Err(why) if outlooks.behaviour.is_some() => {
            say!(
                "{}: expected orders and values are what is usual at the book's own rate{amounts}",
                "{}：预计订货次数和价值取本账自身下单频率下的通常值{amounts}",
                why_not(why, spoken())
            )
        }
        Err(why) => say!(
            "no model: {}; {instead}",
            "没有模型：{}；{instead}",
            why_not(why, spoken())
        ),
    }
}

fn of_fit(fit: &Fit, trend: &Trend) -> String {
    let customers = fit.customers;
    let model = say!(
        "{}, {}",
        "{}（{}）",
        fit.behaviour.model,
        fit.estimate.said(spoken())
    );
    match moved(trend) {
        Some(moved) => say!(
            "{customers} customers; {moved}; {model}",
            "{customers} 家客户；{moved}；{model}"
        ),
        None => say!(
            "{customers} customers; {model}",
            "{customers} 家客户；{model}"
        ),
    }
}

/// Says how the whole book moved; `None` where no trend is in force.
fn moved(trend: &Trend) -> Option<String> {
    let change = (trend.pace() - 1.0) * 100.0;
    if trend.none.is_some() || trend.orders.is_none() {
        return None;
    }
    let size = change.abs();
    Some(if change < 0.0 {
        say!(
            "{size:.0} % fewer orders than a year ago",
            "订单比一年前少 {size:.0} %"
        )
    } else {
        say!(
            "{size:.0} % more orders than a year ago",
            "订单比一年前多 {size:.0} %"
        )
    })
}

/// Says in a language why there is no fit.
pub(super) fn why_not(why: &NoFit, language: Language) -> String {
    match why {
        NoFit::Failed(error) => error.said(language),
        NoFit::NotWanted => language
            .pick(
                "the policy says `model = \"retention\"`",
                "规则指定 `model = \"retention\"`",
            )
            .to_owned(),
        NoFit::NotAsked => language
            .pick("no figure needs one", "没有指标需要")
            .to_owned(),
    }
}

/// Warns where order size and frequency hang together, which gamma-gamma takes for not so.
pub(crate) fn correlation_warning(outlooks: &Outlooks) -> Option<String> {
    use crate::customer_base::spend::Spend;
    let correlation = outlooks.correlation()?;
    let who = if correlation > 0.0 {
        say!(
            "frequent buyers place larger orders",
            "下单频繁的客户单笔更大"
        )
    } else {
        say!(
            "frequent buyers place smaller orders",
            "下单频繁的客户单笔更小"
        )
    };
    let is_gamma = matches!(outlooks.spend, Some(Spend::GammaGamma(_)));
    (outlooks.fit.is_ok() && is_gamma && correlation.abs() > TOO_CORRELATED).then(|| {
        say!(
            "warning: {who} (correlation {correlation:.2}), and the model takes the two for unrelated: values may be off",
            "warning: {who}（相关系数 {correlation:.2}），而模型假定两者无关：价值可能有偏差"
        )
    })
}
