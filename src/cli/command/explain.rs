//! `guanxi explain`: what a fault means and how to mend it.

use crate::cli::Console;
use crate::cli::args::ExplainArgs;
use crate::cli::hint::hinted;
use crate::cli::outcome::Outcome;
use crate::diagnostic::{FAULTS, Fault, Nearest as _, fault_by_code};
use crate::render::wrapped;

/// The widest that running text is, for the eye's sake.
const PROSE_WIDTH: usize = 80;

pub(super) fn run(args: &ExplainArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let code = args.code.as_str();
    let fault = fault_by_code(code).ok_or_else(|| {
        let near = FAULTS.iter().map(|fault| fault.code).help(code);
        let hint = near.unwrap_or_else(|| {
            "a code is what stands in brackets in a message, as in `error[unknown-key]`".to_owned()
        });
        hinted(format!("no fault has the code `{code}`"), Some(hint))
    })?;
    let width = console.environment.width.unwrap_or(PROSE_WIDTH);
    let text = paragraphs(fault, width.min(PROSE_WIDTH));
    console.out.write_all(text.as_bytes())?;
    Ok(Outcome::Done)
}

fn paragraphs(fault: &Fault, width: usize) -> String {
    let (word, code) = (fault.severity.word(), fault.code);
    let meaning = wrapped(fault.meaning, width);
    let cure = wrapped(&format!("To mend it: {}", fault.cure), width);
    format!("{word}[{code}]\n\n{meaning}\n\n{cure}\n")
}
