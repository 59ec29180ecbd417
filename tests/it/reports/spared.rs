//! Rows that a listing can do without: what it shows must not change by their absence.

use guanxi::metric::{CATALOGUE, Group, Metric};

use super::{RAIL, run};

/// The metrics that count contacts, or come with those that do: they need every row.
fn counts_contacts(metric: Metric) -> bool {
    metric == Metric::Contacts || metric.entry().group == Group::Leads
}

#[test]
fn what_a_listing_shows_does_not_depend_on_rows_left_out() {
    let names = CATALOGUE.iter().filter(|it| !counts_contacts(it.metric));
    let columns: Vec<&str> = names.map(|entry| entry.name).collect();
    let columns = columns.join(",");
    let all = format!("{columns},contacts");
    let rules: [&[&str]; 3] = [&[], &["contact_age > 30d"], &["lost or overdue > 0"]];
    for day in ["2024-06-30", "2025-12-31", "2026-11-20", "2027-06-30"] {
        for rule in rules {
            let book = ["--book", RAIL[1], "--as-of", day];
            let list = |columns: &str| {
                run(
                    &[&["list", "-f", "jsonl", "-c", columns], rule].concat(),
                    &book,
                )
                .0
            };
            let rows = |text: String| -> Vec<serde_json::Value> {
                let rows = text.lines().map(serde_json::from_str);
                rows.collect::<Result<_, _>>().unwrap()
            };
            let mut with_all = rows(list(&all));
            for row in &mut with_all {
                row.as_object_mut().unwrap().remove("contacts").unwrap();
            }
            assert!(!rule.is_empty() || with_all.len() > 10, "{day}");
            assert_eq!(rows(list(&columns)), with_all, "{day} {rule:?}");
        }
    }
}
