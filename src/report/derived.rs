//! Columns that are derived from others, such as `mean:score`: where each kind of them belongs.

use super::free_keys::is_free_column;
use super::trend::is_column_of_periods;
use crate::answer::ChoiceError;
use crate::metric::{Taken, metric_by_name};
use crate::model::{PeriodLength, Word as _};

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
        format!("`summary --by {name}` groups by it")
    } else if is_known && Taken::of_word(word).is_some() {
        format!("`summary -c {name}` has it, of a group of customers")
    } else if is_column_of_periods(name) {
        format!("`trend -c {name}` has it, of each period")
    } else {
        return Ok(());
    };
    let why = format!("`{name}` is no column here, but `{rest}` may be one");
    Err(ChoiceError::Impossible {
        why,
        cure: Some(cure),
    })
}
