//! What churn risk and lifetime value rest on, in one line.

use crate::analysis::value::{NoFit, Outlooks};

/// Above this correlation of order size and frequency the values are warned of.
const TOO_CORRELATED: f64 = 0.3;

/// Says what the figures rest on: how many customers, which model, how it was estimated.
///
/// Without a model it says why, and `instead` what holds then.
pub(crate) fn rests_on(outlooks: &Outlooks, instead: &str) -> String {
    match (&outlooks.fit, why_not(outlooks)) {
        (Ok(fit), None) => format!(
            "{} customers, {}, {}",
            fit.customers, fit.behaviour.model, fit.estimate
        ),
        (_, why) => format!("no model: {}; {instead}", why.unwrap_or_default()),
    }
}

/// Returns why the model says nothing; `None` where it speaks.
pub(super) fn why_not(outlooks: &Outlooks) -> Option<String> {
    match &outlooks.fit {
        Ok(_) if outlooks.spend.is_some() => None,
        Ok(_) => Some("no order has an amount".to_owned()),
        Err(NoFit::Failed(error)) => Some(error.to_string()),
        Err(NoFit::NotWanted) => Some("the policy says `model = \"retention\"`".to_owned()),
        Err(NoFit::NotAsked) => Some("no figure needs one".to_owned()),
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
