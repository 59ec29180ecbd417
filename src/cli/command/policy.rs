//! `guanxi policy`: the policy in force, defaults included.

use crate::cli::Console;
use crate::cli::args::PolicyArgs;
use crate::cli::opening::policy_in_force;
use crate::cli::outcome::Outcome;
use crate::cli::settings::show_text;
use crate::policy;

pub(super) fn run(args: &PolicyArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let (policy, outcome) = policy_in_force(&args.book, console)?;
    show_text(&policy::print(&policy), args.output.as_deref(), console)?;
    Ok(outcome)
}
