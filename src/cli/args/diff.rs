//! The arguments of `diff`.

use clap::Args;

use super::common::{BookOptions, SheetOptions, parse_since};
use crate::model::{AsOf, parse_as_of};

/// Show what changed between two days, two policies or two revisions, and what did it
///
/// One thing differs: the day (`diff 2w`, `diff 2026-10-01 2026-11-20`), the policy (`diff --policy NEW`:
/// the book's against that one), or the files (`diff --rev A..B`; without B what lies in the folder). A row is a
/// metric of a customer whose value differs. `cause` is found by doing it again: `row` names the new row
/// after which the value held, `removed` a row that is gone, `file` the customer's file, `policy` the rules;
/// `time` says that days went by, and `others` that other customers moved. JSON has beside the rows what each
/// metric comes to on both sides, and how many customers went from one word to another.
///
/// It costs `list` once for each side, and a replay of each customer that changed. `churn`, which is shown by
/// default, rests on the fitted model and so fits it twice: `--metrics -churn` does without.
///
/// Example: `guanxi diff 2w --where 'owner = li.wei'`
///
/// Example: `guanxi diff --policy new.toml --metrics tier,cadence --stat`
#[derive(Args, Clone, Debug)]
pub struct DiffArgs {
    /// The day that comes first, or a span such as `2w` that is counted back from TO
    #[arg(value_parser = parse_since)]
    pub from: Option<AsOf>,
    /// The day that comes last; without it the day of `--as-of`
    #[arg(value_parser = parse_as_of)]
    pub to: Option<AsOf>,
    /// Compare these metrics: `a,b,c` replaces the usual ones, `+x` adds, `-x` drops
    ///
    /// Whether a customer exists always comes first. The usual ones are lost, owner, stage, tier, churn,
    /// settlement, flags, `annual_value`, receivable and `past_due`.
    #[arg(long, value_name = "NAMES", allow_hyphen_values = true)]
    pub metrics: Vec<String>,
    /// Only customers that satisfy this rule on either side
    #[arg(long = "where", value_name = "RULE")]
    pub rule: Option<String>,
    /// Show what each metric comes to on both sides, and how many customers went from one word to another
    #[arg(long)]
    pub stat: bool,
    /// The book.
    #[command(flatten)]
    pub book: BookOptions,
    /// The output.
    #[command(flatten)]
    pub sheet: SheetOptions,
    /// Exit with 1 if there is a row
    #[arg(long)]
    pub exit_code: bool,
}
