//! Customers, with any metrics as columns, in the order of their ids.

use super::shape::{Report, RowsSaid};
use crate::words::say;

/// The report.
pub(crate) static LIST: Report<u32> = Report {
    name: "list",
    help: "List customers, with any metrics as columns\n\n\
        A rule chooses customers in the language of the policy. They come in the order of their ids \
        unless `-s` says otherwise.\n\n\
        Example: `guanxi list 'tier = AAA and overdue > 0' -c id,overdue,owner -s -overdue`",
    usual: &[
        "id",
        "name",
        "owner",
        "tier",
        "stage",
        "annual_value",
        "last_contact",
        "next_revisit",
        "revisit_status",
    ],
    spare: &["last_contact", "stage", "revisit_status", "owner", "name"],
    rows: |asked| asked.chosen().into(),
    said: |asked, _| RowsSaid {
        nothing: if asked.loaded.book.customers.is_empty() {
            say!(
                "no customers so far; `guanxi add NAME` adds one",
                "还没有客户；`guanxi add NAME` 新增一家"
            )
            .into()
        } else {
            say!("no customer satisfies the rule", "没有符合条件的客户").into()
        },
        ..RowsSaid::default()
    },
    ..Report::BASE
};
