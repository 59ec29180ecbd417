//! What churn risk and lifetime value rest on, in one line.

use crate::customer_base::fit::Fit;
use crate::figures::Figures;
use crate::figures::value::{NO_AMOUNT, NoFit, Outlooks, Trend};

/// Above this correlation of order size and frequency gamma-gamma's values are warned of.
const TOO_CORRELATED: f64 = 0.3;

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
        None if outlooks.behaviour.is_some() => format!("; {NO_AMOUNT}"),
        _ => String::new(),
    };
    match &outlooks.fit {
        Ok(fit) => format!("from {}{amounts}", of_fit(fit, &outlooks.trend)),
        Err(why) if outlooks.behaviour.is_some() => {
            let rough = "expected orders and values are what is usual at the book's own rate";
            format!("{}: {rough}{amounts}", why_not(why))
        }
        Err(why) => format!("no model: {}; {instead}", why_not(why)),
    }
}

fn of_fit(fit: &Fit, trend: &Trend) -> String {
    let customers = fit.customers;
    let model = format!("{}, {}", fit.behaviour.model, fit.estimate);
    match moved(trend) {
        Some(moved) => format!("{customers} customers; {moved}; {model}"),
        None => format!("{customers} customers; {model}"),
    }
}

/// Says how the whole book moved; `None` where no trend is in force.
fn moved(trend: &Trend) -> Option<String> {
    let change = (trend.pace() - 1.0) * 100.0;
    if trend.none.is_some() || trend.orders.is_none() {
        return None;
    }
    let word = if change < 0.0 { "fewer" } else { "more" };
    Some(format!(
        "{:.0} % {word} orders than a year ago",
        change.abs()
    ))
}

/// Says why there is no fit.
pub(super) fn why_not(why: &NoFit) -> String {
    match why {
        NoFit::Failed(error) => error.to_string(),
        NoFit::NotWanted => "the policy says `model = \"retention\"`".to_owned(),
        NoFit::NotAsked => "no figure needs one".to_owned(),
    }
}

/// Warns where order size and frequency hang together, which gamma-gamma takes for not so.
pub(crate) fn correlation_warning(outlooks: &Outlooks) -> Option<String> {
    use crate::customer_base::spend::Spend;
    let correlation = outlooks.correlation()?;
    let who = if correlation > 0.0 {
        "frequent buyers place larger orders"
    } else {
        "frequent buyers place smaller orders"
    };
    let is_gamma = matches!(outlooks.spend, Some(Spend::GammaGamma(_)));
    (outlooks.fit.is_ok() && is_gamma && correlation.abs() > TOO_CORRELATED).then(|| {
        format!(
            "warning: {who} (correlation {correlation:.2}), and the model takes the two for unrelated: values may be off"
        )
    })
}
