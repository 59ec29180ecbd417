//! Values as sentences have them.

use crate::figures::said;
use crate::metric::{Type, Value};
use crate::model::Money;

/// Returns a value as a sentence has it, money in the unit that was chosen.
///
/// What explains a figure is exact instead: [`said`].
pub(crate) fn told(value: &Value<'_>, kind: Type) -> String {
    let money = match (value, kind) {
        (Value::Money(money), _) => Some(*money),
        (Value::Exact(exact), Type::Money) => Money::from_fraction(*exact),
        (Value::Float(estimate), Type::Money) => Money::nearest(*estimate),
        _ => None,
    };
    money.map_or_else(|| said(value, kind), Money::told)
}
