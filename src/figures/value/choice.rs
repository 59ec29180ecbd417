//! What a policy says of the model: which it is, and over how long value is counted.

use crate::customer_base::fit::{Choice, Estimate};
use crate::customer_base::plan::Plan;
use crate::policy::{ModelChoice, Policy};

/// Returns over how long value is counted, and how it is discounted.
pub(crate) fn plan(policy: &Policy) -> Plan {
    Plan {
        years: policy.value.years,
        discount: policy.value.discount.to_f64(),
    }
}

/// Returns which model a policy asks for; `None` is the retention formula.
pub(crate) fn choice(policy: &Policy) -> Option<Choice> {
    Some(match policy.value.model {
        ModelChoice::Auto => Choice::Auto,
        ModelChoice::Mbgnbd => Choice::MbgCnbd {
            k: 1,
            estimate: Estimate::MaximumLikelihood,
        },
        ModelChoice::Bgnbd => Choice::BgNbd,
        ModelChoice::Pnbd => Choice::ParetoNbd,
        ModelChoice::Retention => return None,
    })
}
