//! What a message tells to do is what helps, and harms nothing.

use snapbox::str;

use super::session::{Session, check};

const ACME: &str = "== customers/acme.toml\nname = \"Acme\"\n";

/// Makes a book of the customer Acme and these files.
fn acme_and(files: &str) -> Session {
    Session::new(&format!("{ACME}{files}"))
}

#[test]
fn a_file_is_not_renamed_over_another() {
    let upper = "== interactions/2026.CSV\ndate,customer,kind\n2026-01-05,acme,visit\n";
    let session = acme_and(&format!("== customers/beta.TOML\nname = \"B\"\n{upper}"));
    let before = session.book();
    check(
        &session.play("log acme visit\nadd Beta"),
        str![[r#"
$ guanxi log acme visit
error: `interactions/2026.CSV` is not read, for its ending is not in lower case; `interactions/2026.csv` would be made beside it
  = help: rename it to `interactions/2026.csv` first
[Failed]
$ guanxi add Beta
error: `customers/beta.TOML` is not read, for its ending is not in lower case; `customers/beta.toml` would be made beside it
  = help: rename it to `customers/beta.toml` first
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
    session.write("interactions/2026.csv", "date,customer,kind\n");
    check(
        &session.play("check\nlog acme visit"),
        str![[r#"
$ guanxi check
warning[file-ending]: the file is not read, for its ending is not `.toml` in lower case
  --> customers/beta.TOML
  = help: rename it to `customers/beta.toml`

warning[file-ending]: the file is not read, for its ending is not `.csv` in lower case
  --> interactions/2026.CSV
  = help: `interactions/2026.csv` is there too: put its rows into that, and remove this one

2 warnings
$ guanxi log acme visit
logged visit of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-31

"#]],
    );
}

#[test]
fn a_log_named_by_a_former_id_is_renamed_by_hand() {
    let session = Session::new(
        "== customers/ac.toml\nname = \"Acme\"\nformer_ids = [\"acme\"]\n== interactions/acme.csv\ndate,kind\n2026-01-05,visit\n",
    );
    check(
        &session.play("check"),
        str![[r#"
$ guanxi check
warning[former-id]: the log is named `acme`, which its customer is no longer called
  --> interactions/acme.csv
  = help: rename it to the customer's id of today, which `guanxi show acme` tells, or put its rows into the log of that name

1 warning

"#]],
    );
}

#[test]
fn a_log_without_a_header_takes_no_row() {
    for text in ["", "# nothing yet\n\n"] {
        let session = acme_and(&format!("== interactions/2026.csv\n{text}"));
        check(
            &session.play("log acme visit"),
            str![[r#"
$ guanxi log acme visit
error: `interactions/2026.csv` has no header row
  = help: put `date,customer,kind,amount,score,staff,topic,channel,ref,due,note` into its first line; `guanxi explain header-missing` says why
[Failed]

"#]],
        );
        assert_eq!(session.read("interactions/2026.csv"), text);
    }
}

#[test]
fn other_marks_and_names_than_a_logs_are_told() {
    let session = acme_and(
        "== interactions/a.csv\ndate\tcustomer\tkind\n2026-01-05\tacme\tvisit\n== interactions/b.csv\n日期;客户;类型\n== interactions/c.csv\nDate,Customer,Kind\n2026-01-05,acme,visit\n== interactions/d.csv\n日期,客户,类型,金额\n2026-01-05,acme,order,5\n",
    );
    check(
        &session.play("check"),
        str![[r#"
$ guanxi check
error[header-missing]: the columns are parted by tabs, not by commas
 --> interactions/a.csv:1:1
  |
1 | date customer kind
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: save the table once more as CSV with commas, in UTF-8

error[header-missing]: the columns are parted by semicolons, not by commas
 --> interactions/b.csv:1:1
  |
1 | 日期;客户;类型
  | ^^^^^^^^^^^^^^
  |
  = help: save the table once more as CSV with commas, in UTF-8

error[header-missing]: the header names none of the columns of a log as they are called
 --> interactions/c.csv:1:1
  |
1 | Date,Customer,Kind
  | ^^^^^^^^^^^^^^^^^^
  |
  = help: rename `Date` to `date`, `Customer` to `customer`, `Kind` to `kind`

error[header-missing]: the header names none of the columns of a log as they are called
 --> interactions/d.csv:1:1
  |
1 | 日期,客户,类型,金额
  | ^^^^^^^^^^^^^^^^^^^
  |
  = help: rename `日期` to `date`, `客户` to `customer`, `类型` to `kind`, `金额` to `amount`

4 errors
[Found]

"#]],
    );
}

#[test]
fn a_copy_of_rows_of_its_own_may_be_another_log() {
    let session = acme_and(
        "== interactions/2026.csv\ndate,customer,kind\n2026-01-05,acme,visit\n== interactions/2026 (1).csv\ndate,customer,kind\n2026-01-06,acme,visit\n",
    );
    check(
        &session.play("check"),
        str![[r#"
$ guanxi check
error[conflicted-copy]: this is a copy of `interactions/2026.csv` by its name: what both have would count twice
  --> interactions/2026 (1).csv
  = help: `guanxi check --fix` drops the rows that both have; move those that only the copy has into the original and delete the copy, or rename it if it is another log

1 error
[Found]

"#]],
    );
}

#[test]
fn what_nobody_means_is_not_set() {
    let session = acme_and("");
    let before = session.book();
    let play = r#"set acme 'tags=["a","b"]'
set acme custom.revisit=never
contact acme Wang --birthday 2027-01-01
contact acme Wang --email wang.example.com
log acme visit --date 2026-02-30T10:00
log acme visit --date 2026-03-01T25:00
add Acme
add 株洲 --owner x --id a/b
remove nobody"#;
    check(
        &session.play(play),
        str![[r#"
$ guanxi set acme 'tags=["a","b"]'
error: `["a","b"]` is a list as the file has it
  = help: write `tags=a,b`
[Failed]
$ guanxi set acme custom.revisit=never
error: `revisit` is a field of the customer, and means nothing as `custom.revisit`
  = help: write `revisit=never`
[Failed]
$ guanxi contact acme Wang --birthday 2027-01-01
error: the birthday 2027-01-01 is still to come
  = help: write the year of birth, or `MM-DD` where it is not known
[Failed]
$ guanxi contact acme Wang --email wang.example.com
error: `wang.example.com` is no email address
  = help: it has an `@`: `wang@example.com`
[Failed]
$ guanxi log acme visit --date 2026-02-30T10:00
error: `2026-02-30T10:00` is no day
  = help: write it like `2026-01-31`, `today`, `yesterday` or `today-3d`
[Failed]
$ guanxi log acme visit --date 2026-03-01T25:00
error: `25:00` is no time of a day
  = help: write it like `2026-03-01T14:30`: 00:00 to 23:59
[Failed]
$ guanxi add Acme
error: `acme` is called so already
  = help: `guanxi show acme` shows it; `--force` adds another of the name
[Failed]
$ guanxi add 株洲 --owner x --id a/b
error: the id `a/b` has `/` in it, which is no letter, digit, `.`, `_` or `-`
  = help: an id has letters and digits of any script, then also `.`, `_`, `-`
[Failed]
$ guanxi remove nobody
error: no customer is called `nobody`
  = help: `guanxi list -c id,name` lists all
[Failed]

"#]],
    );
    let said = session.run(&["set", "acme", "name=a\nb"]);
    check(
        &said.err,
        str![[r#"
error: `name` has a line break
  = help: write `name` in one line

"#]],
    );
    let said = session.run(&["add", "a\nb"]);
    check(
        &said.err,
        str![[r#"
error: the name has a line break
  = help: write the name in one line

"#]],
    );
    assert_eq!(session.book(), before);
    // Where it is added, the note is told.
    check(
        &session.play("add 株洲\nremove zhu-zhou"),
        str![[r#"
$ guanxi add 株洲
added zhu-zhou (customers/zhu-zhou.toml)
next revisit 2026-05-31
note: the id is how the name sounds; `--id` or `guanxi rename` gives another
$ guanxi remove zhu-zhou
removed zhu-zhou (customers/zhu-zhou.toml), with 0 rows

"#]],
    );
}

#[test]
fn a_commit_needs_a_repository() {
    let session = acme_and("");
    let before = session.book();
    check(
        &session.play("log acme visit --commit\ncheck --staged"),
        str![[r#"
$ guanxi log acme visit --commit
error: nothing can be committed: the book lies in no git repository
  = help: `git init` in the book's folder makes one, or leave `--commit` away
[Failed]
$ guanxi check --staged
error: `git ls-files` failed: fatal: not a git repository (or any of the parent directories): .git
  = help: `git init` makes a repository, or `--book DIR` names a book that lies in one
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn somebody_of_the_staff_is_not_taken_for_another() {
    let session = Session::new(
        "== staff.toml\n[[staff]]\nid = \"wu\"\n[[staff]]\nid = \"xu\"\n[[staff]]\nid = \"li\"\n== customers/acme.toml\nname = \"Acme\"\nowner = \"xu\"\n",
    );
    check(
        &session.play("handover wu li\nhandover wx li"),
        str![[r#"
$ guanxi handover wu li
error: `wu` has no customers, open cases or plans to hand over
[Failed]
$ guanxi handover wx li
error: `wx` has no customers, open cases or plans to hand over
[Failed]

"#]],
    );
}

#[test]
fn a_far_date_of_standard_input_has_its_line() {
    let session =
        acme_and("").input("date,customer,kind\n2026-03-01,acme,visit\n2029-03-01,acme,visit\n");
    let said = session.run(&["log", "-"]);
    assert!(
        said.err.starts_with("error: standard input, line 3: "),
        "{}",
        said.err
    );
}

#[test]
fn files_that_would_get_one_name_are_not_told_to_take_it() {
    let session = acme_and(
        "== interactions/2026.CSV\ndate,customer,kind\n2026-01-05,acme,visit\n\
         == interactions/2026.Csv\ndate,customer,kind\n2026-01-06,acme,visit\n",
    );
    let said = session.run(&["check"]);
    for (one, other) in [("CSV", "Csv"), ("Csv", "CSV")] {
        let expected = format!(
            "--> interactions/2026.{one}\n  = help: `interactions/2026.{other}` would be `interactions/2026.csv` too: \
             put its rows into one of them, remove the others, and rename that\n"
        );
        assert!(said.err.contains(&expected), "{}", said.err);
    }
}

#[test]
fn a_book_made_in_another_is_told() {
    let session = acme_and("");
    let inner = session.root().join("inner");
    let said = session.run(&["init", inner.to_str().unwrap()]);
    assert_eq!(said.outcome, guanxi::cli::Outcome::Done);
    assert!(
        said.err.starts_with("note: it lies in another book, `"),
        "{}",
        said.err
    );
    let alone = tempfile::tempdir().unwrap();
    let said = session.run(&["init", alone.path().join("b").to_str().unwrap()]);
    assert_eq!(said.err, "");
}
