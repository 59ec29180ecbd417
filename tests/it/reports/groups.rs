//! Figures of groups, as they are worked for the books of `tests/books/`.

use guanxi::diagnostic::Diagnostics;
use guanxi::figures::{Figures, Needs};
use guanxi::folder::DiskFiles;
use guanxi::load::{LoadOptions, load};
use guanxi::metric::{GroupColumn, Metric, Value};
use guanxi::model::{Fraction, Money};

use super::books::{A, F, G};

/// Checks figures of the customers whose text metric is a word (all, where there is no metric), each as
/// (metric, word, column, figure); the empty word stands for unknown.
fn check(book: &[&str; 4], by: Option<Metric>, cells: &[(&str, &str, Value<'_>)]) {
    let files = DiskFiles::walk(
        std::path::Path::new(book[1]),
        1,
        &mut Diagnostics::default(),
    );
    let loaded = load(&files, None, LoadOptions::default());
    let columns = cells
        .iter()
        .map(|it| GroupColumn::of_name(it.1).unwrap().unwrap());
    let needs = Needs::of_groups(&loaded.policy, columns.clone());
    let needs = needs.and(Needs::of(&loaded.policy, by));
    let day = book[3].parse().unwrap();
    let figures = Figures::new(&loaded.book, &loaded.policy, day, needs, 1);
    for ((word, name, expected), column) in cells.iter().zip(columns) {
        let is_member = |index: &&u32| {
            by.is_none_or(|by| match figures.value(**index as usize, by) {
                Value::Text(found) => found == *word,
                _ => word.is_empty(),
            })
        };
        let members: Vec<u32> = figures
            .present()
            .iter()
            .filter(is_member)
            .copied()
            .collect();
        let found = figures.of_group(&members, column);
        assert_eq!(found, *expected, "{name} of `{word}`");
    }
}

fn money(units: i64) -> Value<'static> {
    Value::Money(Money::whole(units))
}

fn exact(above: i128, below: i128) -> Value<'static> {
    Fraction::new(above, below).into()
}

#[test]
fn receivables_of_all_are_those_of_the_whole() {
    check(
        &F,
        None,
        &[
            ("", "receivable", money(440_000)),
            ("", "not_due", money(140_000)),
            ("", "past_1_30", money(200_000)),
            ("", "past_181_365", money(100_000)),
            ("", "advance", money(20_000)),
            ("", "credit_used", exact(7, 8)),
            ("", "dso", exact(194, 1)),
            ("", "days_to_pay", exact(22, 1)),
            ("", "unbilled", money(0)),
            ("", "exposure", money(440_000)),
            ("", "days_past_due", exact(234, 1)),
            ("", "on_time", exact(1, 4)),
            ("", "completeness", exact(33, 104)),
            ("", "margin", exact(1, 4)),
            ("", "known:receivable", exact(3, 1)),
            ("", "lost", exact(1, 1)),
        ],
    );
    check(
        &G,
        None,
        &[
            ("", "receivable", money(500)),
            ("", "advance", money(50)),
            ("", "dso", exact(50, 1)),
            ("", "days_to_pay", exact(260, 7)),
            ("", "unbilled", money(220)),
            ("", "exposure", money(670)),
        ],
    );
}

#[test]
fn movement_is_a_bridge() {
    let row = |word, before, now, change| {
        [
            (word, "prior_revenue", money(before)),
            (word, "annual_revenue", money(now)),
            (word, "revenue_change", money(change)),
        ]
    };
    let rows = [
        row("kept", 750_000, 920_000, 170_000),
        row("new", 0, 150_000, 150_000),
        row("returned", 0, 90_000, 90_000),
        row("stopped", 60_000, 0, -60_000),
        row("idle", 0, -5_000, -5_000),
        row("none", 0, 0, 0),
    ];
    check(&F, Some(Metric::Movement), &rows.concat());
    check(&F, None, &row("", 810_000, 1_155_000, 345_000));
}

#[test]
fn quotients_means_and_medians_are_exact() {
    check(
        &F,
        Some(Metric::Owner),
        &[
            ("li", "growth", exact(99, 80)),
            ("li", "mean:annual_value", exact(895_000, 3)),
            ("li", "median:annual_value", money_as_exact(150_000)),
            ("wang", "growth", exact(-24, 41)),
            ("wang", "mean:annual_value", exact(170_000, 3)),
            ("wang", "median:annual_value", money_as_exact(70_000)),
            ("zhao", "growth", Value::Unknown),
            ("zhao", "mean:annual_value", money_as_exact(90_000)),
            ("", "growth", Value::Unknown),
            ("", "mean:annual_value", money_as_exact(0)),
            ("", "min:since", Value::Unknown),
            (
                "li",
                "min:since",
                Value::Date("2021-11-25".parse().unwrap()),
            ),
        ],
    );
    check(
        &F,
        None,
        &[
            ("", "growth", exact(23, 54)),
            ("", "median:annual_value", money_as_exact(80_000)),
            ("", "min:annual_value", money(-5_000)),
        ],
    );
}

/// Makes money that is computed exactly and not rounded yet.
fn money_as_exact(units: i64) -> Value<'static> {
    exact(units.into(), 1)
}

#[test]
fn agreements_add_and_what_is_left_of_them_is_a_mean() {
    check(
        &A,
        Some(Metric::Owner),
        &[
            ("an", "agreements", exact(2, 1)),
            ("an", "agreement_value", money(300)),
            ("an", "agreement_left", exact(274, 1)),
            ("bo", "agreements", exact(2, 1)),
            ("bo", "agreement_value", money(580)),
            ("bo", "agreement_left", exact(77, 1)),
            ("", "agreements", exact(2, 1)),
            ("", "agreement_value", money(95)),
            ("", "agreement_left", exact(10, 1)),
        ],
    );
    check(
        &A,
        None,
        &[
            ("", "agreements", exact(6, 1)),
            ("", "agreement_value", money(975)),
            ("", "agreement_left", exact(712, 5)),
        ],
    );
}

#[test]
fn of_nobody_sums_are_nothing_and_the_rest_is_unknown() {
    check(
        &F,
        Some(Metric::Owner),
        &[
            ("nobody", "receivable", money(0)),
            ("nobody", "orders", exact(0, 1)),
            ("nobody", "known:orders", exact(0, 1)),
            ("nobody", "dso", Value::Unknown),
            ("nobody", "mean:orders", Value::Unknown),
            ("nobody", "days_past_due", Value::Unknown),
            // Nothing is known of what eps and theta owe, with alpha it is known.
            ("li", "known:receivable", exact(1, 1)),
            ("", "receivable", Value::Unknown),
        ],
    );
}
