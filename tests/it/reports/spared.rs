//! Listings keep no rows, and leave out those that they can do without: what they show must not change by it.

use std::path::Path;

use guanxi::diagnostic::Diagnostics;
use guanxi::figures::{Figures, Needs, PartFacts};
use guanxi::folder::DiskFiles;
use guanxi::load::{LoadOptions, RowsAsked, load, load_but_logs};
use guanxi::metric::{Metric, Room, all_metrics};
use guanxi::model::{Book, Day, LogPart};
use guanxi::policy::Policy;

use super::{CDNOW, RAIL, book, run};

/// The metrics that count contacts, or come with those that do: they need every row.
fn counts_contacts(metric: Metric) -> bool {
    metric == Metric::Contacts || metric.entry().room == Room::Leads
}

#[test]
fn what_a_listing_shows_does_not_depend_on_rows_left_out() {
    let metrics = all_metrics().filter(|it| !counts_contacts(*it));
    let columns: Vec<_> = metrics.map(Metric::name).collect();
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

#[test]
fn figures_are_the_same_whether_rows_are_kept_or_not() {
    for (root, days) in [
        (RAIL[1], ["2024-06-30", "2026-11-20", "2027-06-30"]),
        (CDNOW[1], ["1997-01-01", "1997-09-30", "1998-06-30"]),
    ] {
        let files = DiskFiles::walk(Path::new(root), 1, &mut Diagnostics::default());
        let options = LoadOptions::default();
        let kept = load(&files, None, options);
        for day in days {
            let as_of = day.parse().unwrap();
            let policy = &kept.policy;
            let needs = Needs::of(policy, all_metrics());
            let expected = Figures::new(&kept.book, policy, as_of, needs, 1);
            for threads in [1, 3] {
                let options = LoadOptions { threads, ..options };
                let take = |book: &Book, policy: &Policy, part: &mut LogPart| {
                    PartFacts::new(book, policy, as_of, needs, part)
                };
                let roles = policy.kinds.all().iter().map(|kind| kind.role);
                let asked = RowsAsked {
                    until: Day::of(as_of),
                    roles: Some(roles.filter(|it| needs.asks_for(*it)).collect()),
                    contacts: needs.asks_for_contacts(),
                    ..RowsAsked::default()
                };
                let begun = load_but_logs(&files, None, options);
                let (read, parts) = begun.read_through(&files, options, &asked, take);
                assert_eq!(read.book.interaction_count(), kept.book.interaction_count());
                let (book, policy) = (&read.book, &read.policy);
                let figures = Figures::of_parts(book, policy, as_of, needs, parts, threads);
                assert_eq!(figures.present(), expected.present());
                for &index in expected.present() {
                    let index = index as usize;
                    for metric in all_metrics() {
                        assert_eq!(
                            figures.value(index, metric),
                            expected.value(index, metric),
                            "{day} {} {}",
                            read.book.customers[index].id,
                            metric.name()
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn a_row_left_out_counts_though_another_is_wrong() {
    let rows = "2026-01-05,acme,order,100,,,,,,,\n\
        2026-02-05,acme,resolve,,,,,,C-9,,\n\
        2026-03-05,acme,visit,,,,,,,,\n";
    let case = book(&[("acme", "name = \"Acme\"\n")], rows);
    let list = ["list", "-f", "csv", "-c", "id,first_seen,last_contact"];
    let output = case
        .args(
            list.into_iter()
                .chain(["--keep-going", "--as-of", "2026-04-01"]),
        )
        .output();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "id,first_seen,last_contact\nacme,2026-01-05,2026-03-05\n"
    );
}

#[test]
fn a_plan_is_done_by_a_contact_of_its_day_that_follows_it_though_contacts_are_not_kept() {
    let ids = ["after", "before", "other", "timed"];
    let customers = ids.map(|id| (id, "name = \"x\"\nrevisit = \"30d\"\n"));
    // Times come before the order of lines.
    let rows = "2026-03-01,after,plan,,,,,,,2026-03-01,\n\
        2026-03-01,after,visit,,,,,,,,\n\
        2026-03-01,before,visit,,,,,,,,\n\
        2026-03-01,before,plan,,,,,,,2026-03-01,\n\
        2026-03-01,other,plan,,,,,,,2026-03-02,\n\
        2026-03-01,other,visit,,,,,,,,\n\
        2026-03-01T10:00,timed,plan,,,,,,,2026-03-01,\n\
        2026-03-01T09:00,timed,visit,,,,,,,,\n";
    for columns in ["id,next_revisit", "id,next_revisit,contacts"] {
        let list = ["list", "-f", "csv", "--as-of", "2026-03-05", "-c", columns];
        let output = book(&customers, rows).args(list).output();
        let text = String::from_utf8(output.stdout).unwrap();
        let cells = text.lines().map(|line| line.split(',').nth(1).unwrap());
        assert_eq!(
            cells.collect::<Vec<_>>(),
            [
                "next_revisit",
                "2026-03-31",
                "2026-03-01",
                "2026-03-02",
                "2026-03-01"
            ]
        );
    }
}
