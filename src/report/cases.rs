//! Cases: who waits for an answer, how long there is left, who must know.

use super::case_rows::{CaseRow, OWN, all_cases};
use super::cases_by::{BY, CasesBy};
use super::given::Opt;
use super::shape::{AnyReport, Filter, ReadNeeded, Report, RowsSaid};
use crate::metric::Metric;
use crate::words::say;

/// The report.
pub(crate) static CASES: Report<CaseRow> = Report {
    name: "cases",
    help: "List open cases: who waits for an answer, how long there is left, who must know\n\n\
        A case is a complaint or request, open until it is resolved, and again when it is reopened. `staff` \
        answers for it: whom the latest `assign` or `reopen` names, else the case's own row, else the owner on \
        the day it was opened. `deadline` is the earliest of what is still to be done (an answer, closing), \
        `left` the days to it, negative when it is late. `escalate` says who must know of a late one, by \
        `[[escalation]]` of the policy. The rule may \
        name these columns beside the customer's metrics.\n\n\
        Example: `guanxi cases 'left < 0 and tier = AAA'`",
    filter: Filter::Rows,
    options: &[Opt::flag("all", "Show closed cases as well"), BY],
    instead: |given| given.has(BY.name).then_some(&CASES_BY as &dyn AnyReport),
    reading: ReadNeeded::RowsAndPlaces,
    own: OWN,
    usual: &[
        "ref", "id", "name", "kind", "opened", "staff", "topic", "age", "deadline", "left",
        "status", "escalate",
    ],
    spare: &["deadline", "age", "topic", "opened", "name"],
    order: "left,opened,id,ref",
    rests_on: &[Metric::OpenCases, Metric::LateCases, Metric::Owner],
    rules: |policy| {
        let rules = policy.escalations.iter();
        rules.filter_map(|it| it.when.as_ref()).collect()
    },
    rows: |asked| all_cases(asked, asked.given.has("all")).into(),
    said: |asked, _| RowsSaid {
        nothing: if asked.given.has("all") {
            say!("there is no case", "没有事项").into()
        } else {
            say!("no case is open", "没有未结事项").into()
        },
        ..RowsSaid::default()
    },
    ..Report::BASE
};

/// The same in groups.
pub(super) static CASES_BY: CasesBy = CasesBy { cases: &CASES };
