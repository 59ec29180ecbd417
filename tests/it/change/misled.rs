//! What a new user types, and a message that leads on.

use snapbox::str;

use super::session::{Session, check};
use crate::case::Case;

const BOOK: &str = "\
== staff.toml
[[staff]]
id = \"li.wei\"
name = \"Li Wei\"
== customers/acme.toml
name = \"Acme Works\"
# the north
owner = \"li.wei\"
== customers/港口.toml
name = \"上海港口\"
== interactions/2026.csv
date,customer,kind,amount,ref,topic,score,note
2026-02-02,acme,visit,,,,,
2026-02-02,acme,visit,,,,,
2026-02-03,acme,order,125000.00,,,,
";

#[test]
fn rules_by_habit_of_other_languages() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            list 'name like x'
            list 'tags contains key'
            list 'name 包含 港'
            list 'owner equals li.wei'
            list 'last_contact < 2026/11/1'
            list 'last_contact < 1/11/2026'
            list 'name ~ /a\\/b/'
            ",
        ),
        str![[r#"
$ guanxi list 'name like x'
error[rule-syntax]: found `like` where `=`, `in`, `is` or another operator was expected
 --> RULE:1:6
  |
1 | name like x
  |      ^^^^
  |
  = help: write `name ~ x`

1 error
[Failed]
$ guanxi list 'tags contains key'
error[rule-syntax]: found `contains` where `=`, `in`, `is` or another operator was expected
 --> RULE:1:6
  |
1 | tags contains key
  |      ^^^^^^^^
  |
  = help: write `tags ~ key`

1 error
[Failed]
$ guanxi list 'name 包含 港'
error[rule-syntax]: found `包含` where `=`, `in`, `is` or another operator was expected
 --> RULE:1:6
  |
1 | name 包含 港
  |      ^^^^
  |
  = help: write `name ~ 港`

1 error
[Failed]
$ guanxi list 'owner equals li.wei'
error[rule-syntax]: found `equals` where `=`, `in`, `is` or another operator was expected
 --> RULE:1:7
  |
1 | owner equals li.wei
  |       ^^^^^^
  |
  = help: write `owner = li.wei`

1 error
[Failed]
$ guanxi list 'last_contact < 2026/11/1'
error[rule-syntax]: `2026/11/1` is not how a day is written
 --> RULE:1:16
  |
1 | last_contact < 2026/11/1
  |                ^^^^^^^^^
  |
  = help: write `2026-11-01`

1 error
[Failed]
$ guanxi list 'last_contact < 1/11/2026'
error[rule-syntax]: `1/11/2026` is not how a day is written
 --> RULE:1:16
  |
1 | last_contact < 1/11/2026
  |                ^^^^^^^^^
  |
  = help: write a day like `2026-01-31`

1 error
[Failed]
$ guanxi list 'name ~ /a\/b/'
no customer satisfies the rule

"#]],
    );
}

#[test]
fn a_word_instead_of_a_rule() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            list harbour
            list 港口
            list AAA
            list delivery
            list ownr
            due acme
            set --where acme region=x
            list acme works
            list --owner li.wei
            list --tier=AAA
            due --last-contact
            show acme --owner li.wei
            ",
        ),
        str![[r#"
$ guanxi list harbour
error[rule-name]: no metric is called `harbour`
 --> RULE:1:1
  |
1 | harbour
  | ^^^^^^^
  |
  = help: `guanxi show harbour` shows a customer, 'name ~ harbour' looks for names

1 error
[Failed]
$ guanxi list 港口
error[rule-name]: no metric is called `港口`
 --> RULE:1:1
  |
1 | 港口
  | ^^^^
  |
  = help: `guanxi show 港口` shows a customer, 'name ~ 港口' looks for names

1 error
[Failed]
$ guanxi list AAA
error[rule-name]: no metric is called `AAA`
 --> RULE:1:1
  |
1 | AAA
  | ^^^
  |
  = help: write 'tier = AAA'

1 error
[Failed]
$ guanxi list delivery
error[rule-name]: no metric is called `delivery`
 --> RULE:1:1
  |
1 | delivery
  | ^^^^^^^^
  |
  = help: write 'stage = delivery'

1 error
[Failed]
$ guanxi list ownr
error[rule-name]: no metric is called `ownr`
 --> RULE:1:1
  |
1 | ownr
  | ^^^^
  |
  = help: did you mean `owner`?

1 error
[Failed]
$ guanxi due acme
error[rule-name]: no metric is called `acme`
 --> RULE:1:1
  |
1 | acme
  | ^^^^
  |
  = help: `guanxi show acme` shows a customer, 'name ~ acme' looks for names

1 error
[Failed]
$ guanxi set --where acme region=x
error[rule-name]: no metric is called `acme`
 --> RULE:1:1
  |
1 | acme
  | ^^^^
  |
  = help: `guanxi show acme` shows a customer, 'name ~ acme' looks for names

1 error
[Failed]
$ guanxi list acme works
error: unexpected argument 'works' found
  = help: a rule is one word of the shell: put it in quotes, like 'tier = AAA'

Usage: guanxi list [OPTIONS] [RULE]

For more information, try '--help'.
[Failed]
$ guanxi list --owner li.wei
error: unexpected argument '--owner' found
  = help: a filter is a rule: 'owner = li.wei'

Usage: guanxi list [OPTIONS] [RULE]

For more information, try '--help'.
[Failed]
$ guanxi list --tier=AAA
error: unexpected argument '--tier' found
  = help: a filter is a rule: 'tier = AAA'

Usage: guanxi list [OPTIONS] [RULE]

For more information, try '--help'.
[Failed]
$ guanxi due --last-contact
error: unexpected argument '--last-contact' found
  = help: a filter is a rule: 'last_contact = ...'

Usage: guanxi due --as-of <DAY> [RULE]

For more information, try '--help'.
[Failed]
$ guanxi show acme --owner li.wei
error: unexpected argument '--owner' found
  = help: `--owner` is for `add`, `export calendar` and `remind`

Usage: guanxi show <CUSTOMER>

For more information, try '--help'.
[Failed]

"#]],
    );
}

#[test]
fn fields_and_names_written_as_another_command_has_them() {
    for (words, help) in [
        (
            &["add", "Acme", "Works"][..],
            "a name of several words goes into quotes: \"Acme Works\"",
        ),
        (&["add", "Gamma", "owner=li"], "write `--owner li`"),
        (
            &["add", "Gamma", "region=North East"],
            "write `--set 'region=North East'`",
        ),
        (
            &["add", "Gamma", "--region", "North"],
            "write `--set region=North`",
        ),
        (
            &["add", "Gamma", "--payment-terms=60d"],
            "write `--set payment_terms=60d`",
        ),
        (&["set", "acme", "--owner", "li"], "write `owner=li`"),
        (
            &["log", "acme", "visit", "--as-of", "2026-01-05"],
            "write `--date 2026-01-05`",
        ),
        (
            &["rename", "acme", "b", "--rev=HEAD"],
            "`rename` works on the book as it is: reading commands such as `guanxi list --rev REV` show an earlier book",
        ),
        (
            &["rename", "acme", "b", "--as-of=2026-01-05"],
            "`--as-of` is for commands that look at a day; this change is made today, in the files as they are",
        ),
        (
            &["contact", "acme", "Wang", "phone=123"],
            "write `--phone 123`",
        ),
    ] {
        let case = Case::new()
            .file("guanxi.toml", "")
            .args(words.iter().copied());
        let said = String::from_utf8(case.output().stderr).unwrap();
        assert!(
            said.contains(&format!("  = help: {help}\n")),
            "{words:?}: {said}"
        );
        assert!(!said.contains("tip:"), "{words:?}: {said}");
    }
}

#[test]
fn commands_by_other_names() {
    let session = Session::new(BOOK);
    check(
        &session.play("search x\nnew x\nload\nlst\nfrobnicate"),
        str![[r#"
$ guanxi search x
error: unrecognized subcommand 'search'
  = help: `guanxi show WORD` shows a customer, `guanxi list 'name ~ WORD'` looks for names

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.
[Failed]
$ guanxi new x
error: unrecognized subcommand 'new'
  = help: `guanxi add NAME` makes a customer, `guanxi log CUSTOMER KIND` a row, `guanxi init` a book

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.
[Failed]
$ guanxi load
error: unrecognized subcommand 'load'
  = help: `guanxi import customers FILE` and `guanxi import log FILE` bring in a spreadsheet

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.
[Failed]
$ guanxi lst
error: unrecognized subcommand 'lst'
  = help: did you mean `list`?

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.
[Failed]
$ guanxi frobnicate
error: unrecognized subcommand 'frobnicate'
  = help: `guanxi help` lists the commands

Usage: guanxi [OPTIONS] <COMMAND>

For more information, try '--help'.
[Failed]

"#]],
    );
}

#[test]
fn fields_that_cannot_be_set_so() {
    let session = Session::new(BOOK);
    let before = session.book();
    check(
        &session.play(
            "
            set acme margin=22%
            set acme since=2019
            set acme since=2019年3月5日
            set acme score=good
            set acme scorecard.fit=x
            set acme credit_limit=much
            set acme tier=AAA
            set acme next_revisit=2026-04-01
            set acme orders=3
            set acme score=120
            set acme owner=li
            add Bell --owner li
            contact acme Wang --birthday May
            log acme survey --score 120
            log acme order 5 --ref a --score 3 --date 2026-13-01
            log acme plan --due 30
            ",
        ),
        str![[r#"
$ guanxi set acme margin=22%
error: `margin` is a number, and `22%` is none
  = help: write `margin=0.22`
[Failed]
$ guanxi set acme since=2019
error: `since` is a day, and `2019` is none
  = help: write `since=2019-01-01`
[Failed]
$ guanxi set acme since=2019年3月5日
error: `since` is a day, and `2019年3月5日` is none
  = help: write `since=2019-03-05`
[Failed]
$ guanxi set acme score=good
error: `score` is a number, and `good` is none
  = help: write `score=80`
[Failed]
$ guanxi set acme scorecard.fit=x
error: `scorecard.fit` is a number, and `x` is none
  = help: write `scorecard.fit=80`
[Failed]
$ guanxi set acme credit_limit=much
error: `credit_limit` is an amount, and `much` is none
  = help: write `credit_limit=3000000` or `credit_limit=300万`
[Failed]
$ guanxi set acme tier=AAA
error: `tier` is computed and cannot be set
  = help: `guanxi explain CUSTOMER tier` says by which rule; `score=` or the rules `[[tier]]` of guanxi.toml change it
[Failed]
$ guanxi set acme next_revisit=2026-04-01
error: `next_revisit` is computed and cannot be set
  = help: `guanxi explain CUSTOMER next_revisit` says by which rule; `revisit=30d` sets a cadence of its own
[Failed]
$ guanxi set acme orders=3
error: `orders` is computed and cannot be set
  = help: `guanxi explain CUSTOMER orders` says from what
[Failed]
$ guanxi set acme score=120
error[wrong-value]: `score` is a number from 0 to 100, not `120`
  = help: write a number from 0 to 100

1 error
note: nothing was written
[Failed]
$ guanxi set acme owner=li
error[unknown-owner]: `li` is nobody in staff.toml
  = help: the ids there are li.wei

1 error
note: nothing was written
[Failed]
$ guanxi add Bell --owner li
error[unknown-owner]: `li` is nobody in staff.toml
  = help: the ids there are li.wei

1 error
note: nothing was written
[Failed]
$ guanxi contact acme Wang --birthday May
error[wrong-value]: `May` is no birthday
  = help: write it like `1980-05-01`, `"05-01"` or `"lunar 08-15"`

1 error
note: nothing was written
[Failed]
$ guanxi log acme survey --score 120
error[score]: `120` is not a score from 0 to 100
  = help: write a number from 0 to 100, such as `78.5`, or nothing

1 error
note: nothing was written
[Failed]
$ guanxi log acme order 5 --ref a --score 3 --date 2026-13-01
error: `2026-13-01` is no day
  = help: write it like `2026-01-31`, `today`, `yesterday` or `today-3d`
[Failed]
$ guanxi log acme plan --due 30
error: `30` is neither a day nor a span
  = help: a span has a unit: write `30d` for days
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn a_fault_of_the_file_itself_is_shown_where_it_stands() {
    let session = Session::new(BOOK);
    session.write(
        "customers/acme.toml",
        "name = \"Acme\"\n# c\nrevisit = \"soon\"\n",
    );
    let said = session.run(&["set", "acme", "owner=li.wei"]);
    assert!(
        said.err.contains(" --> customers/acme.toml:3:11\n"),
        "{}",
        said.err
    );
}

#[test]
fn what_is_plain_is_taken() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            log acme stage delivery
            --as-of tomorrow list -c id,contact_age
            -f csv list -c id
            list --as-of +3d -c contact_age
            due --within 30
            ",
        ),
        str![[r#"
$ guanxi log acme stage delivery
logged stage of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-02-16
$ guanxi --as-of tomorrow list -c id,contact_age
id    contact age
-----------------
acme           29
港口            -
$ guanxi -f csv list -c id
id
acme
港口
$ guanxi list --as-of +3d -c contact_age
contact age
-----------
         31
          -
$ guanxi due --within 30
error: invalid value '30' for '--within <SPAN>': a span has a unit: write `30d` for days

For more information, try '--help'.
[Failed]

"#]],
    );
    assert!(
        session
            .read("interactions/2026.csv")
            .ends_with("2026-03-02,acme,stage,,,delivery,,\n")
    );
}

#[test]
fn an_equal_row_is_told_of_the_row_at_hand_alone() {
    let session = Session::new(BOOK);
    let note = "note: an equal row is there already; both count\n";
    for (args, expected) in [
        // Two visits of that day are equal, and this is none of them.
        (&["log", "acme", "call", "--date", "2026-02-02"][..], ""),
        (&["log", "acme", "visit", "--date", "2026-02-02"], note),
        (
            &["log", "acme", "order", "125000", "--date", "2026-02-03"],
            note,
        ),
        (
            &["log", "acme", "order", "125000.5", "--date", "2026-02-03"],
            "",
        ),
        (
            &["log", "acme", "order", "125000.50", "--date", "2026-02-03"],
            note,
        ),
        (
            &["log", "acme", "order", "12万5千", "--date", "2026-02-03"],
            "error",
        ),
        (
            &["log", "acme", "order", "12.5万", "--date", "2026-02-04"],
            "",
        ),
    ] {
        let said = session.run(args);
        if expected == "error" {
            assert!(said.err.starts_with("error"), "{}", said.err);
        } else {
            assert_eq!(said.err, expected, "{args:?}");
        }
    }
}

#[test]
fn rows_that_would_move_are_shown_as_they_stand() {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\n== customers/acme-2.toml\nname = \"Acme\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount,ref\n\
         2026-01-05,acme,invoice,1000,I1\n2026-01-05,acme-2,invoice,1000,I1\n",
    );
    check(
        &session.play("merge acme-2 acme"),
        str![[r#"
$ guanxi merge acme-2 acme
error[ref-used-twice]: invoice `I1` is entered twice
 --> interactions/2026.csv:3:32
  |
3 | 2026-01-05,acme-2,invoice,1000,I1
  |                                ^^
  |
 ::: interactions/2026.csv:2:30
  |
2 | 2026-01-05,acme,invoice,1000,I1
  |                              -- first entered here
  |
  = help: give one of them its own ref, or remove the copy

1 error
note: nothing was written
[Failed]

"#]],
    );
}

#[test]
fn a_list_of_customers_in_csv_is_called_one() {
    let session = Session::new(BOOK);
    session.write("customers/all.csv", "id,name\nacme,Acme\n");
    let said = session.run(&["check"]);
    check(
        &said.err,
        str![[r#"
warning[stray-file]: this is a table, and a customer is a TOML file of its own
  --> customers/all.csv
  = help: move it out of the folder; `guanxi add NAME` makes a customer, or write a `[[customer]]` for each into one `.toml` file

1 warning
note: interactions/2026.csv: 1 row is equal to the row right before; all count

"#]],
    );
}
