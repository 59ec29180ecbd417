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

#[test]
fn money_that_both_logged_without_a_ref_is_told() {
    let order = |day: u32| format!("2026-03-{day:02},acme,order,500,,,\n");
    let orders: String = (1..=7).map(order).collect();
    let both = format!("{HEADER}{orders}");
    let ours = format!("{both}{CALL}");
    let theirs = format!("{both}2026-03-10,acme,call,,,,\n");
    let (result, notes, code) = merged(HEADER, &ours, &theirs);
    assert_eq!(result, format!("{ours}2026-03-10,acme,call,,,,\n"));
    assert_eq!(code, Some(0));
    let told: Vec<&str> = notes.lines().collect();
    assert_eq!(told[0], "2026-03-01 acme order 500: in both, kept once");
    assert_eq!(told.len(), 6);
    assert_eq!(told[5], "and 2 more, 1000.00 together");
    // Also where the two versions are one.
    let (result, notes, code) = merged(
        HEADER,
        &format!("{HEADER}{}", order(1)),
        &format!("{HEADER}{}", order(1)),
    );
    assert_eq!((result, code), (format!("{HEADER}{}", order(1)), Some(0)));
    assert_eq!(notes, "2026-03-01 acme order 500: in both, kept once\n");
}

#[test]
fn columns_are_ours_and_those_that_theirs_adds() {
    let (result, _, code) = merged(
        "date,customer,kind,note\n2026-03-02,acme,visit,\n",
        "customer,date,kind\nacme,2026-03-02,visit\n",
        "date,customer,kind,note,staff\n2026-03-02,acme,visit,,\n2026-03-03,acme,call,\"a, b\",li\n",
    );
    let expected = "customer,date,kind,note,staff\nacme,2026-03-02,visit,,\n\
                    acme,2026-03-03,call,\"a, b\",li\n";
    assert_eq!((&*result, code), (expected, Some(0)));
}

#[test]
fn comments_go_with_the_rows_that_are_new() {
    let (result, _, code) = merged(
        &format!("{HEADER}{VISIT}"),
        &format!("{HEADER}# ours\n{VISIT}"),
        &format!("# top\n{HEADER}{VISIT}# of the call\n{CALL}# end\n"),
    );
    let expected = format!("# top\n{HEADER}# ours\n{VISIT}# of the call\n{CALL}# end\n");
    assert_eq!((result, code), (expected, Some(0)));
}

#[test]
fn a_dropped_column_comes_back_for_a_row_of_theirs_that_fills_it() {
    let base = "date,customer,kind,amount,topic\n2026-03-05,acme,order,1000,spares\n2026-03-06,acme,call,,\n";
    let ours = "date,customer,kind,amount\n2026-03-05,acme,order,1000\n2026-03-06,acme,call,\n";
    let output = merged(base, ours, &base.replace("call,,", "email,,"));
    let expected = ours.replace("call", "email");
    assert_eq!(
        (output.0, output.2),
        (expected, Some(0)),
        "nothing fills it"
    );
    let output = merged(base, ours, &base.replace("1000", "1200"));
    let expected =
        "date,customer,kind,amount,topic\n2026-03-05,acme,order,1200,\n2026-03-06,acme,call,,\n";
    assert_eq!(
        (&*output.0, output.2),
        (expected, Some(0)),
        "a changed row of theirs does"
    );
}

/// Even where there is nothing of theirs to write.
#[test]
fn the_last_line_has_its_end() {
    let base = format!("{HEADER}{VISIT}");
    let ours = format!("{HEADER}{VISIT}{}", ORDER.trim_end());
    let output = merged(&base, &ours, &base);
    assert_eq!((output.0, output.2), (format!("{ours}\n"), Some(0)));
    let (base, ours) = (base.replace('\n', "\r\n"), ours.replace('\n', "\r\n"));
    let output = merged(&base, &ours, &base);
    assert_eq!((output.0, output.2), (format!("{ours}\r\n"), Some(0)));
}

/// A row of theirs that is written anew has no carriage returns in a file that has none.
#[test]
fn a_note_of_many_lines_takes_the_line_ends_of_ours() {
    let header = HEADER.replace("due,note", "note,due");
    let note = "2026-03-09,acme,call,,,\"one\r\ntwo\",\r\n";
    let output = merged(
        &format!("{HEADER}{VISIT}"),
        &format!("{HEADER}{VISIT}{ORDER}"),
        &format!("{}{VISIT}{note}", header.replace('\n', "\r\n")),
    );
    let note = "2026-03-09,acme,call,,,,\"one\ntwo\"\n";
    assert_eq!(output.0, format!("{HEADER}{VISIT}{ORDER}{note}"));
    assert_eq!(output.2, Some(0));
}

#[test]
fn what_is_no_log_is_merged_line_by_line_and_wants_a_look() {
    let case = Case::new()
        .file("base", "date,customer,kind\n")
        .file("ours", "date,customer,kind\n\"open\n")
        .file("theirs", "date,customer,kind\n")
        .env("PATH", &std::env::var("PATH").unwrap_or_default())
        .args(["merge-driver", "base", "ours", "theirs", "--path", "a.csv"]);
    let output = case.output();
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(
        told.contains("ours cannot be read: line 2: a quote that never closes"),
        "{told}"
    );
}

#[test]
fn labels_and_size_of_marks_are_those_asked_for() {
    let case = Case::new()
        .file("base", format!("{HEADER}{ORDER}"))
        .file("ours", format!("{HEADER}{}", order(1200, "PO-7")))
        .file("theirs", format!("{HEADER}{}", order(1500, "PO-7")))
        .args(["merge-driver", "base", "ours", "theirs", "--path", "a.csv"])
        .args([
            "--marker-size",
            "9",
            "--labels",
            "%S",
            "HEAD",
            "3f2a9c1 (work, more)",
        ]);
    assert_eq!(case.output().status.code(), Some(1));
    let result = std::fs::read_to_string(case.path("ours")).unwrap();
    for mark in [
        "<<<<<<<<< HEAD\n",
        "||||||||| base\n",
        "=========\n",
        ">>>>>>>>> 3f2a9c1 (work, more)\n",
    ] {
        assert!(result.contains(mark), "{result}");
    }
}

#[test]
fn usage_and_files_that_are_not_there_are_129() {
    for args in [
        &["merge-driver"][..],
        &["merge-driver", "a", "b", "c", "--marker-size", "0"],
        &["merge-driver", "a", "b", "c", "--path", "x.csv"],
    ] {
        let output = Case::new().args(args.iter().copied()).output();
        assert_eq!(output.status.code(), Some(129), "{args:?}");
    }
}
