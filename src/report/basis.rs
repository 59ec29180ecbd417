//! What churn risk and lifetime value rest on, in one line.

use crate::analysis::value::{NO_AMOUNT, NoFit, Outlooks};

/// Above this correlation of order size and frequency the values are warned of.
const TOO_CORRELATED: f64 = 0.3;

/// Says what the figures rest on: how many customers, which model, how it was estimated.
///
/// Without a model it says why, and `instead` what holds then. Without any amount the model speaks
/// of orders, but not of what they are worth.
pub(crate) fn rests_on(outlooks: &Outlooks, instead: &str) -> String {
    match &outlooks.fit {
        Ok(fit) => {
            let (customers, model) = (fit.customers, fit.behaviour.model);
            let amounts = match outlooks.spend {
                Some(_) => String::new(),
                None => format!("; {NO_AMOUNT}"),
            };
            format!("{customers} customers, {model}, {}{amounts}", fit.estimate)
        }
        Err(why) => format!("no model: {}; {instead}", why_not(why)),
    }
}

/// Says why there is no fit.
pub(super) fn why_not(why: &NoFit) -> String {
    match why {
        NoFit::Failed(error) => error.to_string(),
        NoFit::NotWanted => "the policy says `model = \"retention\"`".to_owned(),
        NoFit::NotAsked => "no figure needs one".to_owned(),
    }
}

/// Warns where order size and frequency hang together, which the model of amounts takes for not so.
pub(crate) fn correlation_warning(outlooks: &Outlooks) -> Option<String> {
    let correlation = outlooks.correlation()?;
    let who = if correlation > 0.0 {
        "frequent buyers place larger orders"
    } else {
        "frequent buyers place smaller orders"
    };
    (outlooks.fit.is_ok() && correlation.abs() > TOO_CORRELATED).then(|| {
        format!(
            "warning: {who} (correlation {correlation:.2}), and the model takes the two for unrelated: values may be off"
        )
    })
}
