//! `guanxi check --fix`: what merges, copies and renames left behind.

use guanxi::cli::Outcome;
use snapbox::str;

use super::session::{Session, check};

const HEADER: &str = "date,customer,kind,amount,ref,note";

fn book(logs: &[(&str, &str)]) -> Session {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\nformer_ids = [\"old\"]\n\
         == customers/beta.toml\nname = \"Beta\"\n",
    );
    for (path, text) in logs {
        session.write(&format!("interactions/{path}"), text.replace('H', HEADER));
    }
    session
}

#[test]
fn nothing_is_written_without_yes() {
    let log =
        "H\n2026-01-05,acme,order,5,,\n2026-01-06,acme,visit,,,\n2026-01-05,old,order,5.00,,\n";
    let session = book(&[("2026.csv", log)]);
    let before = session.book();
    let shown = session.play("check --fix");
    assert_eq!(session.book(), before);
    check(
        &shown,
        str![[r#"
$ guanxi check --fix
diff --git a/interactions/2026.csv b/interactions/2026.csv
--- a/interactions/2026.csv
+++ b/interactions/2026.csv
@@ -1,4 +1,3 @@
 date,customer,kind,amount,ref,note
 2026-01-05,acme,order,5,,
 2026-01-06,acme,visit,,,
-2026-01-05,old,order,5.00,,
note: 1 file would change; `--fix --yes` changes it
[Found]

"#]],
    );
    let shown = session.play("check --fix --yes\ncheck --fix --yes");
    check(
        &shown,
        str![[r#"
$ guanxi check --fix --yes
wrote present ids into 1 row of interactions/2026.csv
dropped 1 row of interactions/2026.csv that the book has once more
no faults: 2 customers, 2 rows
$ guanxi check --fix --yes
no faults: 2 customers, 2 rows
note: there is nothing that `--fix` mends

"#]],
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind,amount,ref,note
2026-01-05,acme,order,5,,
2026-01-06,acme,visit,,,

"#]],
    );
}

#[test]
fn a_row_that_directly_follows_its_equal_stays() {
    let session = book(&[(
        "2026.csv",
        "H\n2026-01-05,acme,order,33.33,,\n2026-01-05,acme,order,33.33,,\n2026-01-06,beta,visit,,,\n",
    )]);
    let before = session.book();
    let said = session.run(&["check", "--fix", "--yes"]);
    assert_eq!(said.outcome, Outcome::Done);
    assert_eq!(session.book(), before);
    // Of what a union merge made of them, the first that follows something else goes.
    let doubled = "2026-01-05,acme,order,33.33,,\n".repeat(2);
    let session = book(&[(
        "2026.csv",
        &format!("H\n{doubled}2026-01-06,beta,visit,,,\n2026-01-05,acme,order,33.33,,\n"),
    )]);
    session.run(&["check", "--fix", "--yes"]);
    assert_eq!(
        session.read("interactions/2026.csv"),
        format!("{HEADER}\n{doubled}2026-01-06,beta,visit,,,\n")
    );
}

#[test]
fn mending_twice_takes_no_more() {
    let order = "2026-01-05,acme,order,9,,\n";
    let call = "2026-01-06,beta,call,,,\n";
    for (log, mended) in [
        // Two purchases one behind the other, of which a merge left one more above: that one goes.
        (
            format!("H\n{order}{call}{order}{order}"),
            format!("H\n{call}{order}{order}"),
        ),
        // Which of two such pairs is the copy, nobody can tell.
        (
            format!("H\n{order}{order}{call}{order}{order}"),
            format!("H\n{order}{order}{call}{order}{order}"),
        ),
    ] {
        let session = book(&[("2026.csv", &log)]);
        for _ in 0..2 {
            session.run(&["check", "--fix", "--yes"]);
            assert_eq!(
                session.read("interactions/2026.csv"),
                mended.replace('H', HEADER)
            );
        }
    }
    // In another log too.
    let session = book(&[
        ("2025.csv", &format!("H\n{order}")),
        ("2026.csv", &format!("H\n{order}{order}")),
    ]);
    session.run(&["check", "--fix", "--yes"]);
    assert_eq!(session.read("interactions/2025.csv"), format!("{HEADER}\n"));
    assert_eq!(
        session.read("interactions/2026.csv"),
        format!("{HEADER}\n{order}{order}")
    );
}

#[test]
fn a_copy_goes_when_it_has_nothing_of_its_own() {
    let log = "H\n# why\n2026-01-05,acme,order,5,,\n2026-01-05,acme,order,5,,\n\
               2026-01-06,beta,invoice,7,I-1,\n";
    for name in [
        "2026 (1).csv",
        "2026 - Copy.csv",
        "2026.sync-conflict-20260301-1-A.csv",
    ] {
        let session = book(&[("2026.csv", log), (name, log)]);
        session.run(&["check", "--fix", "--yes"]);
        assert_eq!(
            session.read("interactions/2026.csv"),
            log.replace('H', HEADER),
            "{name}"
        );
        assert!(
            !session.root().join("interactions").join(name).exists(),
            "{name}"
        );
        assert_eq!(session.run(&["check"]).outcome, Outcome::Done, "{name}");
    }
    // What only the copy has stays there, for a person to move.
    let more = format!("{log}2026-01-07,beta,visit,,,\n");
    let session = book(&[("2026.csv", log), ("2026 (1).csv", &more)]);
    let said = session.run(&["check", "--fix", "--yes"]);
    assert!(
        said.out.starts_with(
            "dropped 3 rows of interactions/2026 (1).csv that interactions/2026.csv has; \
             what is left (1 row) needs another log, or the file another name\n"
        ),
        "{}",
        said.out
    );
    assert_eq!(
        session.read("interactions/2026 (1).csv"),
        format!("{HEADER}\n# why\n2026-01-07,beta,visit,,,\n")
    );
}

#[test]
fn a_second_purchase_that_only_the_copy_has_stays() {
    let order = "2026-01-05,acme,order,5,,\n";
    let visit = "2026-01-06,acme,visit,,,\n";
    for (whole, copy, mended, left) in [
        (1, order.repeat(2), 2, None),
        (2, order.repeat(3), 3, None),
        (1, order.repeat(3), 3, None),
        (2, order.repeat(2), 2, None),
        (1, format!("{order}{order}{visit}"), 2, Some(visit)),
        // One that stands apart is one of the others once more.
        (1, format!("{order}{order}{visit}{order}"), 2, Some(visit)),
    ] {
        let whole = format!("H\n{}", order.repeat(whole));
        let session = book(&[
            ("2026.csv", &whole),
            ("2026 (1).csv", &format!("H\n{copy}")),
        ]);
        for _ in 0..2 {
            session.run(&["check", "--fix", "--yes"]);
            assert_eq!(
                session.read("interactions/2026.csv"),
                format!("{HEADER}\n{}", order.repeat(mended)),
                "{copy}"
            );
            let copy = "interactions/2026 (1).csv";
            match left {
                Some(left) => assert_eq!(session.read(copy), format!("{HEADER}\n{left}")),
                None => assert!(!session.root().join(copy).exists()),
            }
        }
    }
}

#[test]
fn fmt_leaves_equal_rows_apart() {
    let doubled =
        "H\n2026-01-05,acme,order,5,,\n2026-01-06,acme,visit,,,\n2026-01-05,old,order,5.00,,\n";
    let session = book(&[("2026.csv", doubled), ("2027.csv", "\u{feff}H\n")]);
    let said = session.run(&["fmt"]);
    assert_eq!(said.outcome, Outcome::Done);
    assert!(
        said.err.contains("`interactions/2026.csv` stays as it is"),
        "{}",
        said.err
    );
    assert_eq!(
        session.read("interactions/2026.csv"),
        doubled.replace('H', HEADER)
    );
    assert_eq!(session.read("interactions/2027.csv"), format!("{HEADER}\n"));
    session.run(&["check", "--fix", "--yes"]);
    assert_eq!(session.run(&["fmt"]).err, "");
}

#[test]
fn a_row_below_a_second_header_follows_none() {
    let order = "2026-01-05,acme,order,5,,\n";
    for (below, left) in [
        (order.to_owned(), order.to_owned()),
        // Which of a pair is the second purchase, nobody can tell.
        (order.repeat(2), order.repeat(2)),
    ] {
        let session = book(&[("2026.csv", &format!("H\n{order}H\n{below}"))]);
        session.run(&["check", "--fix", "--yes"]);
        assert_eq!(
            session.read("interactions/2026.csv"),
            format!("{HEADER}\n{left}")
        );
    }
}

#[test]
fn what_stands_below_a_second_header_is_joined() {
    let session = book(&[(
        "2026.csv",
        "date,customer,kind\n2026-01-05,acme,visit\n2026-01-06,beta,call\n\
         date,customer,kind,note\n2026-01-05,acme,visit,\n2026-01-06,beta,call,\n\
         2026-01-07,beta,email,\"a, b\"\n",
    )]);
    let shown = session.play("check --fix --yes");
    check(
        &shown,
        str![[r#"
$ guanxi check --fix --yes
put what stood below a second header of interactions/2026.csv under the first
dropped 2 rows of interactions/2026.csv that the book has once more
no faults: 2 customers, 3 rows

"#]],
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind,note
2026-01-05,acme,visit,
2026-01-06,beta,call,
2026-01-07,beta,email,"a, b"

"#]],
    );
}

#[test]
fn a_file_with_other_errors_stays_as_it_is() {
    let session = book(&[
        (
            "2025.csv",
            "H\n2025-01-05,acme,order,5,,\n2025-01-06,acme,vist,,,\n2025-01-05,acme,order,5,,\n",
        ),
        (
            "2026.csv",
            "H\n2026-01-05,acme,order,5,,\n2026-01-06,acme,visit,,,\n2026-01-05,acme,order,5,,\n",
        ),
    ]);
    let before = session.read("interactions/2025.csv");
    let said = session.run(&["check", "--fix", "--yes"]);
    assert_eq!(said.outcome, Outcome::Found);
    assert!(
        said.err
            .contains("note: `interactions/2025.csv` has errors that `--fix` does not mend"),
        "{}",
        said.err
    );
    assert_eq!(session.read("interactions/2025.csv"), before);
    assert_eq!(
        session.read("interactions/2026.csv"),
        format!("{HEADER}\n2026-01-05,acme,order,5,,\n2026-01-06,acme,visit,,,\n")
    );
}

#[test]
fn all_that_was_mended_is_one_change() {
    let session = book(&[
        (
            "2025.csv",
            "H\n2025-01-05,acme,order,5,,\ndate,customer,kind,ref,amount,note\n2025-01-06,old,order,,7,\n",
        ),
        (
            "2026.csv",
            "H\n2026-01-05,acme,order,5,,\n2026-01-06,acme,visit,,,\n2026-01-05,old,order,5.00,,\n",
        ),
    ]);
    let before = session.book();
    assert_eq!(
        session.run(&["check", "--fix", "--yes"]).outcome,
        Outcome::Done
    );
    assert_ne!(session.book(), before);
    assert_eq!(session.run(&["undo", "--yes"]).outcome, Outcome::Done);
    assert_eq!(session.book(), before);
}

#[cfg(target_os = "linux")]
#[test]
fn what_was_mended_is_said_to_be_though_nobody_can_be_told() {
    use std::fs::OpenOptions;
    for quiet in [&[][..], &["-q", "-f", "json"]] {
        let session = book(&[("2026.csv", "H\n2026-01-05,old,order,5,,\n")]);
        let args = [&["check", "--fix", "--yes"], quiet].concat();
        let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = super::processes::program(session.root(), &args)
            .stdout(full)
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("error: the change is made, but"), "{said}");
        assert!(session.read("interactions/2026.csv").contains("acme"));
    }
}

#[test]
fn errors_that_stay_are_told_whether_anything_is_written_or_not() {
    let session = book(&[(
        "2026.csv",
        "H\n2026-01-05,acme,order,5,,\n2026-01-06,acme,oops,,,\n",
    )]);
    let before = session.book();
    for command in ["check --fix", "check --fix --yes", "check --fix --dry-run"] {
        let said = session.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(said.outcome, Outcome::Found, "{command}");
        assert!(said.err.contains("error[unknown-kind]"), "{}", said.err);
        assert!(said.err.contains("there is nothing that `--fix` mends"));
        assert_eq!(session.book(), before);
    }
}

#[test]
fn a_second_header_in_quotes_behind_a_mark_is_one_error() {
    let log = "date,customer,kind\r\n2026-01-05,acme,visit\r\n\u{feff}\"date\",customer,\"kind\",note\r\n\
               2026-01-06,acme,call,x\r\n";
    let session = book(&[("2026.csv", log)]);
    let said = session.run(&["check", "-f", "short"]);
    assert_eq!(
        said.out,
        "interactions/2026.csv:3:1: error[header-twice]: a second header, with other columns: the rows below it are not read\n"
    );
    assert_eq!(
        session.run(&["check", "--fix", "--yes"]).outcome,
        Outcome::Done
    );
    assert_eq!(
        session.read("interactions/2026.csv"),
        "date,customer,kind,note\r\n2026-01-05,acme,visit,\r\n2026-01-06,acme,call,x\r\n"
    );
    for stray in [
        "\u{feff}\"2026-01-06\",acme,visit",
        "\u{feff}\"date\",customer,\"kind\n\"",
    ] {
        let log = format!("date,customer,kind\n{stray}\n");
        let session = book(&[("2026.csv", &log)]);
        let said = session.run(&["check", "-f", "short"]);
        assert!(
            said.out
                .starts_with("interactions/2026.csv:2:2: error[quote-stray]"),
            "{}",
            said.out
        );
    }
}
