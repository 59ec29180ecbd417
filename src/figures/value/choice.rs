//! What a policy says of the model: which it is, and over how long value is counted.

use crate::customer_base::fit::{Estimate, FitChoice};
use crate::customer_base::plan::ValuePlan;
use crate::policy::{ModelChoice, Policy};

/// Returns over how long value is counted, and how it is discounted.
pub(crate) fn plan(policy: &Policy) -> ValuePlan {
    ValuePlan {
        years: policy.value.years,
        discount: policy.value.discount.to_f64(),
    }
}

/// Returns which model a policy asks for; `None` is the retention formula.
pub(crate) fn choice(policy: &Policy) -> Option<FitChoice> {
    Some(match policy.value.model {
        ModelChoice::Auto => FitChoice::Auto,
        ModelChoice::Mbgnbd => FitChoice::MbgCnbd {
            k: 1,
            estimate: Estimate::MaximumLikelihood,
        },
        ModelChoice::Bgnbd => FitChoice::BgNbd,
        ModelChoice::Pnbd => FitChoice::ParetoNbd,
        ModelChoice::Retention => return None,
    })
}
