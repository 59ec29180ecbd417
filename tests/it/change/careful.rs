//! What a command takes only from whoever means it: slips that would be believed for years.

use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== staff.toml
[[staff]]
id = \"wu\"
[[staff]]
id = \"li\"
left = 2026-01-01
== customers/acme.toml
name = \"Acme\"
tags = [
  \"key\", # by the board
  # until 2027
  \"rail\",
]
== customers/beta.toml
name = \"Beta\"
aliases = [\"Beta Rail\"]
== interactions/2026.csv
date,customer,kind,amount,ref,staff
2026-01-05,acme,complaint,,C-1,wu
";

#[test]
fn an_amount_with_blanks_and_an_empty_day_are_refused() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            log acme order 1 250 000 spares
            log acme order 12 500.50
            log acme order 5 100 --dry-run
            log acme order 1250 300 pieces --dry-run
            log acme visit --date ''
            log acme invoice 100 --due ' '
            ",
        ),
        str![[r#"
$ guanxi log acme order 1 250 000 spares
error: `1 250` is an amount with blanks in it, or an amount and a note
  = help: write `1250000` without blanks, or the note as `--note '...'`
[Failed]
$ guanxi log acme order 12 500.50
error: `12 500.50` is an amount with blanks in it, or an amount and a note
  = help: write `12500.50` without blanks, or the note as `--note '...'`
[Failed]
$ guanxi log acme order 5 100 --dry-run
error: `5 100` is an amount with blanks in it, or an amount and a note
  = help: write `5100` without blanks, or the note as `--note '...'`
[Failed]
$ guanxi log acme order 1250 300 pieces --dry-run
diff --git a/interactions/2026_2.csv b/interactions/2026_2.csv
new file mode 100644
--- /dev/null
+++ b/interactions/2026_2.csv
@@ -0,0 +1,2 @@
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note
+2026-03-02,acme,order,1250,,,,,,,300 pieces
note: `interactions/2026.csv` has no column `note`, so `interactions/2026_2.csv` is begun beside it
$ guanxi log acme visit --date ''
error: `--date` is empty
  = help: give a day like `2026-01-31`, or leave `--date` away
[Failed]
$ guanxi log acme invoice 100 --due ' '
error: `--due` is empty
  = help: give a day like `2026-01-31`, or leave `--due` away
[Failed]

"#]],
    );
}

#[test]
fn a_day_of_long_ago_begins_no_log_unasked() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            log acme visit --date 1996-05-01
            log acme visit --date 2005-12-31 --dry-run
            log acme visit --date 2006-01-05 --dry-run
            log acme visit --date 1996-05-01 --yes
            log acme visit --date 1997-05-01
            ",
        ),
        str![[r#"
$ guanxi log acme visit --date 1996-05-01
error: `1996-05-01` is more than 20 years ago, and nothing in the book is as old
  = help: correct the year, or add `--yes` if it is meant
[Failed]
$ guanxi log acme visit --date 2005-12-31 --dry-run
error: `2005-12-31` is more than 20 years ago, and nothing in the book is as old
  = help: correct the year, or add `--yes` if it is meant
[Failed]
$ guanxi log acme visit --date 2006-01-05 --dry-run
diff --git a/interactions/2006.csv b/interactions/2006.csv
new file mode 100644
--- /dev/null
+++ b/interactions/2006.csv
@@ -0,0 +1,2 @@
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note
+2006-01-05,acme,visit,,,,,,,,
$ guanxi log acme visit --date 1996-05-01 --yes
logged visit of acme on 1996-05-01 (interactions/1996.csv)
next revisit 1996-07-30
$ guanxi log acme visit --date 1997-05-01
logged visit of acme on 1997-05-01 (interactions/1997.csv)
next revisit 1997-07-30

"#]],
    );
    let empty = Session::new("== customers/acme.toml\nname = \"Acme\"\n");
    check(
        &empty.play("log acme visit --date 1996-05-01"),
        str![[r#"
$ guanxi log acme visit --date 1996-05-01
error: `1996-05-01` is more than 20 years ago, and nothing in the book is as old
  = help: correct the year, or add `--yes` if it is meant
[Failed]

"#]],
    );
    let rows = "date,customer,kind\n1996-05-01,acme,visit\n2026-01-01,acme,visit\n";
    let history = empty.input(rows);
    assert_eq!(history.run(&["log", "-"]).err, "");
}

#[test]
fn who_is_no_staff_or_has_left_did_nothing_unasked() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            log acme visit --staff wuu
            log acme visit --staff li --date 2025-12-31 --dry-run
            log acme visit --staff li --date 2026-01-01
            log acme assign --ref C-1 --staff li
            log acme assign --ref C-1 --staff zhang
            log acme visit --staff zhang --yes
            ",
        ),
        str![[r#"
$ guanxi log acme visit --staff wuu
error: `wuu` is nobody in staff.toml
  = help: did you mean `wu`?; `--yes` logs it all the same
[Failed]
$ guanxi log acme visit --staff li --date 2025-12-31 --dry-run
diff --git a/interactions/2025.csv b/interactions/2025.csv
new file mode 100644
--- /dev/null
+++ b/interactions/2025.csv
@@ -0,0 +1,2 @@
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note
+2025-12-31,acme,visit,,,li,,,,,
$ guanxi log acme visit --staff li --date 2026-01-01
error: `li` left on 2026-01-01
  = help: name somebody who is there that day, or correct staff.toml; `--yes` logs it all the same
[Failed]
$ guanxi log acme assign --ref C-1 --staff li
error: `li` left on 2026-01-01
  = help: name somebody who is there that day, or correct staff.toml; `--yes` logs it all the same
[Failed]
$ guanxi log acme assign --ref C-1 --staff zhang
error: `zhang` is nobody in staff.toml
  = help: the ids there are wu, li; `--yes` logs it all the same
[Failed]
$ guanxi log acme visit --staff zhang --yes
logged visit of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-31
warning[unknown-staff]: `zhang` is nobody in staff.toml
  = help: add the person to staff.toml, or correct the id

1 warning

"#]],
    );
    let rows = "date,customer,kind,staff\n2026-02-01,acme,visit,wu\n2026-02-02,acme,call,lii\n2026-02-03,acme,call,li\n";
    let session = session.input(rows);
    check(
        &session.play("log -"),
        str![[r#"
$ guanxi log -
error: standard input, line 3: `lii` is nobody in staff.toml
  = help: did you mean `li`?; `--yes` logs it all the same

error: standard input, line 4: `li` left on 2026-01-01
  = help: name somebody who is there that day, or correct staff.toml; `--yes` logs it all the same

2 errors
note: nothing was written
[Failed]

"#]],
    );
}

#[test]
fn a_name_is_somebodys_and_says_something() {
    let session = Session::new(BOOK);
    session.write("customers/blank.toml", "name = \"  \"\n");
    check(
        &session.play(
            "
            check
            set acme 'name=   '
            set acme name=
            set acme 'name=BETA  rail'
            set --where 'id = acme or id = beta' name=Gamma
            set acme 'name=ACME' --dry-run
            set acme name=Beta --force
            ",
        ),
        str![[r#"
$ guanxi check
warning[blank-name]: the name is blank
 --> customers/blank.toml:1:8
  |
1 | name = "  "
  |        ^^^^
  |
  = help: write what the customer is called

1 warning
$ guanxi set acme 'name=   '
error: `   ` is no name
  = help: give the firm's name: `name=Acme Works`
[Failed]
$ guanxi set acme name=
error: every customer has a name
  = help: give the firm's name: `name=Acme Works`
[Failed]
$ guanxi set acme 'name=BETA  rail'
error: `beta` is called `Beta Rail` already
  = help: `guanxi show beta` shows it; `--force` sets it all the same
[Failed]
$ guanxi set --where 'id = acme or id = beta' name=Gamma
error: 2 customers would be called `Gamma`
  = help: name one customer
[Failed]
$ guanxi set acme 'name=ACME' --dry-run
diff --git a/customers/acme.toml b/customers/acme.toml
--- a/customers/acme.toml
+++ b/customers/acme.toml
@@ -1,4 +1,4 @@
-name = "Acme"
+name = "ACME"
 tags = [
   "key", # by the board
   # until 2027
$ guanxi set acme name=Beta --force
set acme: name Acme -> Beta
next revisit 2026-04-05

"#]],
    );
}

#[test]
fn comments_in_a_list_of_lines_stay() {
    let session = Session::new(BOOK);
    check(
        &session.play("set acme tags=key,metro"),
        str![[r#"
$ guanxi set acme tags=key,metro
set acme: tags ["key", "rail"] -> ["key", "metro"]
next revisit 2026-04-05

"#]],
    );
    assert_eq!(
        session.read("customers/acme.toml"),
        "name = \"Acme\"\ntags = [\n  \"key\", # by the board\n  # until 2027\n  \"metro\",\n]\n"
    );
}

#[test]
fn rows_that_come_together_are_told() {
    let session = Session::new(BOOK);
    session.write(
        "interactions/more.csv",
        "date,customer,kind\n2026-02-01,beta,visit\n2026-02-01,acme,visit\n2026-02-01,beta,visit\n",
    );
    check(
        &session.play("remove acme --with-rows"),
        str![[r#"
$ guanxi remove acme --with-rows
removed acme (customers/acme.toml), with 2 rows
note: 1 row of others now directly follows an equal one, which stood apart: if a merge doubled them, both count, and `check` takes them for two of one day

"#]],
    );
}

#[test]
fn whoever_comes_to_be_without_a_cadence_is_told() {
    let session = Session::new(BOOK);
    session.write(
        "guanxi.toml",
        "[[revisit]]\nwhen = \"region is known\"\nevery = \"30d\"\n",
    );
    check(
        &session.play(
            "
            set acme region=north
            set acme segment=rail
            set acme region=
            add Gamma
            ",
        ),
        str![[r#"
$ guanxi set acme region=north
set acme: region north
next revisit 2026-02-04
$ guanxi set acme segment=rail
set acme: segment rail
next revisit 2026-02-04
$ guanxi set acme region=
set acme: region north removed
no next revisit
warning[revisit-gap]: no [[revisit]] rule is for 1 of the customers, such as `acme`: nobody is told to see them
  = help: add a last [[revisit]] without `when`, such as `every = "90d"`; the book's rules replace the default ones

1 warning
$ guanxi add Gamma
added gamma (customers/gamma.toml)
no next revisit
warning[revisit-gap]: no [[revisit]] rule is for 1 of the customers, such as `gamma`: nobody is told to see them
  = help: add a last [[revisit]] without `when`, such as `every = "90d"`; the book's rules replace the default ones

1 warning

"#]],
    );
}

#[test]
fn a_cadence_by_what_others_bought_is_judged_beside_them() {
    let session = Session::new(
        "== guanxi.toml\n[[revisit]]\nwhen = \"rank = 1 or region = south\"\nevery = \"30d\"\n\
         == customers/acme.toml\nname = \"Acme\"\n== customers/beta.toml\nname = \"Beta\"\nregion = \"south\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount\n2026-01-02,acme,order,9\n2026-01-02,beta,order,5\n",
    );
    let told = session.play("set beta region=north\n");
    assert!(
        told.contains("is for 1 of the customers, such as `beta`"),
        "{told}"
    );
    let told = session.play("set acme region=north\n");
    assert!(!told.contains("revisit-gap"), "{told}");
}

/// Two spellings of one letter are one id.
#[test]
fn staff_in_another_spelling_hands_over() {
    let session = Session::new(
        "== staff.toml\n[[staff]]\nid = \"Rene\u{301}\"\n[[staff]]\nid = \"wu\"\n\
         == customers/acme.toml\nname = \"Acme\"\nowner = \"Rene\u{301}\"\n\
         == interactions/2026.csv\ndate,customer,kind,staff,due,topic\n\
         2026-01-07,acme,plan,Rene\u{301},2026-04-01,\n",
    );
    for name in ["Ren\u{e9}", "Rene\u{301}"] {
        let said = session.run(&["handover", name, "wu", "--dry-run"]);
        assert!(said.out.contains(",acme,plan,wu,2026-04-01,\n"), "{said:?}");
        let said = session.run(&["history", "--staff", name, "-f", "csv", "-c", "date"]);
        assert_eq!(said.out, "date\n2026-01-07\n");
    }
}

#[test]
fn people_of_two_files_are_united_by_name() {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\ncontact = [{ name = \"Wang Li\", phone = \"1\", title = \"CFO\" }]\n\
         == customers/beta.toml\nname = \"Beta\"\n[[contact]]\nname = \"wang  li\"\nphone = [\"1\", \"2\"]\ntitle = \"Head\"\n\
         email = \"w@x.cn\"\n[[contact]]\nname = \"Zhao\"\n",
    );
    check(
        &session.play("merge beta acme"),
        str![[r#"
$ guanxi merge beta acme
merged beta into acme (customers/acme.toml), with 0 rows
kept title CFO of Wang Li, not Head
next revisit 2026-03-02

"#]],
    );
    assert_eq!(
        session.read("customers/acme.toml"),
        "name = \"Acme\"\ncontact = [{ name = \"Wang Li\", phone = [\"1\", \"2\"], title = \"CFO\", email = \"w@x.cn\" }, \
         { name = \"Zhao\" }]\naliases = [\"Beta\"]\nformer_ids = [\"beta\"]\n"
    );
}
