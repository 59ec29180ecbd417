//! Columns that are derived from others, such as `mean:score`: where each kind of them belongs.

use super::free_keys::is_free_column;
use super::trend::is_column_of_periods;
use crate::answer::ChoiceError;
use crate::metric::{Taken, metric_by_name};
use crate::model::{PeriodLength, Word as _};
use crate::words::say;

/// Refuses a derived column where it does not belong, and says where it does.
///
/// # Errors
/// If another report has it.
pub(crate) fn refuse_derived(name: &str) -> Result<(), ChoiceError> {
    let Some((word, rest)) = name.split_once(':') else {
        return Ok(());
    };
    let is_known = metric_by_name(rest).is_some() || is_free_column(rest);
    let cure = if is_known && PeriodLength::of_word(word).is_some() {
        say!(
            "`summary --by {name}` groups by it",
            "`summary --by {name}` 按它分组"
        )
    } else if is_known && Taken::of_word(word).is_some() {
        say!(
            "`summary -c {name}` has it, of a group of customers",
            "`summary -c {name}` 有它，按客户组计"
        )
    } else if is_column_of_periods(name) {
        say!(
            "`trend -c {name}` has it, of each period",
            "`trend -c {name}` 有它，按期间计"
        )
    } else {
        return Ok(());
    };
    let why = say!(
        "`{name}` is no column here, but `{rest}` may be one",
        "这里没有列 `{name}`，但可以有 `{rest}`"
    );
    Err(ChoiceError::Impossible {
        why,
        cure: Some(cure),
    })
}
