//! Logs, row by row: the examples that `docs/merging.md` promises.

use crate::case::Case;

const HEADER: &str = "date,customer,kind,amount,ref,due,note\n";
const VISIT: &str = "2026-03-02,acme,visit,,,,\n";
const ORDER: &str = "2026-03-05,acme,order,1000,PO-7,,\n";

/// Merges three logs, given without their headers, and expects the rows and the exit status.
#[track_caller]
fn check(base: &[&str], ours: &[&str], theirs: &[&str], expected: &[&str], code: i32) {
    let whole = |rows: &[&str]| format!("{HEADER}{}", rows.concat());
    let output = merged(&whole(base), &whole(ours), &whole(theirs));
    assert_eq!(output.0, whole(expected));
    assert_eq!(output.2, Some(code));
}

/// Merges three logs; returns the result, standard error and the exit status.
fn merged(base: &str, ours: &str, theirs: &str) -> (String, String, Option<i32>) {
    let case = Case::new()
        .file("base", base)
        .file("ours", ours)
        .file("theirs", theirs)
        .args([
            "merge-driver",
            "base",
            "ours",
            "theirs",
            "--path",
            "interactions/2026.csv",
        ]);
    let output = case.output();
    let result = std::fs::read_to_string(case.path("ours")).unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    (result, notes, output.status.code())
}

#[test]
fn e15_rows_of_both_stand_by_their_dates() {
    let call = "2026-03-09,acme,call,,,,a\n";
    let (email, later) = (
        "2026-03-07,acme,email,,,,b\n",
        "2026-03-11,acme,call,,,,c\n",
    );
    check(
        &[VISIT, ORDER],
        &[VISIT, ORDER, call],
        &[VISIT, ORDER, email, later],
        &[VISIT, ORDER, email, call, later],
        0,
    );
}

#[test]
fn e16_a_row_that_both_logged_stands_once() {
    let order = "2026-03-08,acme,order,500,PO-8,,\n";
    let call = "2026-03-09,acme,call,,,,\n";
    check(
        &[VISIT, ORDER],
        &[VISIT, ORDER, order, call],
        &[VISIT, ORDER, order],
        &[VISIT, ORDER, order, call],
        0,
    );
}

const CALL: &str = "2026-03-09,acme,call,,,,\n";

fn order(amount: u32, reference: &str) -> String {
    format!("2026-03-05,acme,order,{amount},{reference},,\n")
}

#[test]
fn e17_a_change_of_ours_meets_a_row_of_theirs() {
    let changed = order(1200, "PO-7");
    check(
        &[VISIT, ORDER],
        &[VISIT, &changed],
        &[VISIT, ORDER, CALL],
        &[VISIT, &changed, CALL],
        0,
    );
    check(
        &[VISIT, ORDER],
        &[VISIT, ORDER, CALL],
        &[VISIT, &changed],
        &[VISIT, &changed, CALL],
        0,
    );
}

#[test]
fn e18_a_deleted_row_is_gone() {
    check(
        &[VISIT, ORDER],
        &[ORDER],
        &[VISIT, ORDER, CALL],
        &[ORDER, CALL],
        0,
    );
    check(
        &[VISIT, ORDER],
        &[VISIT, ORDER, CALL],
        &[ORDER],
        &[ORDER, CALL],
        0,
    );
}

#[test]
fn e19_two_cells_of_one_row() {
    check(
        &[VISIT, ORDER],
        &[VISIT, &order(1200, "PO-7")],
        &[VISIT, &order(1000, "PO-70")],
        &[VISIT, &order(1200, "PO-70")],
        0,
    );
}

#[test]
fn e20_one_cell_changed_in_two_ways() {
    let (ours, theirs) = (order(1200, "PO-7"), order(1500, "PO-7"));
    check(
        &[VISIT, ORDER],
        &[VISIT, &ours],
        &[VISIT, &theirs],
        &[
            VISIT,
            "<<<<<<< ours\n",
            &ours,
            "||||||| base\n",
            ORDER,
            "=======\n",
            &theirs,
            ">>>>>>> theirs\n",
        ],
        1,
    );
}

#[test]
fn e20_cells_that_are_not_in_conflict_are_merged_in_both() {
    check(
        &[ORDER],
        &[&order(1250, "PO-7")],
        &[&order(1300, "PO-70")],
        &[
            "<<<<<<< ours\n",
            &order(1250, "PO-70"),
            "||||||| base\n",
            ORDER,
            "=======\n",
            &order(1300, "PO-70"),
            ">>>>>>> theirs\n",
        ],
        1,
    );
}

#[test]
fn e21_one_deleted_what_the_other_changed() {
    let changed = order(1200, "PO-7");
    let marks = [
        "<<<<<<< ours\n",
        "||||||| base\n",
        ORDER,
        "=======\n",
        &changed,
        ">>>>>>> theirs\n",
    ];
    let mut expected = vec![VISIT];
    expected.extend(marks);
    check(&[VISIT, ORDER], &[VISIT], &[VISIT, &changed], &expected, 1);
    expected.push(CALL);
    check(
        &[VISIT, ORDER],
        &[VISIT, CALL],
        &[VISIT, &changed],
        &expected,
        1,
    );
}

#[test]
fn e22_the_order_of_rows_is_ours() {
    check(
        &[VISIT, ORDER],
        &[ORDER, VISIT],
        &[VISIT, ORDER, CALL],
        &[ORDER, VISIT, CALL],
        0,
    );
}

#[test]
fn e23_one_ref_in_two_rows_is_one_row() {
    let invoice =
        |due: &str, note: &str| format!("2026-03-20,acme,invoice,1000,INV-1,{due},{note}\n");
    check(
        &[VISIT, ORDER],
        &[VISIT, ORDER, &invoice("2026-04-19", "")],
        &[VISIT, ORDER, &invoice("", "by post")],
        &[VISIT, ORDER, &invoice("2026-04-19", "by post")],
        0,
    );
    check(
        &[],
        &[&invoice("2026-04-19", "x")],
        &[&invoice("", "y")],
        &[
            "<<<<<<< ours\n",
            &invoice("2026-04-19", "x"),
            "=======\n",
            &invoice("2026-04-19", "y"),
            ">>>>>>> theirs\n",
        ],
        1,
    );
}

#[test]
fn e24_a_customer_renamed_here_and_changed_there() {
    check(
        &[VISIT, ORDER],
        &[
            "2026-03-02,acme-co,visit,,,,\n",
            "2026-03-05,acme-co,order,1000,PO-7,,\n",
        ],
        &[VISIT, &order(1200, "PO-7"), CALL],
        &[
            "2026-03-02,acme-co,visit,,,,\n",
            "2026-03-05,acme-co,order,1200,PO-7,,\n",
            CALL,
        ],
        0,
    );
}
