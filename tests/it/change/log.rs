//! `log`, as typed and from standard input.

use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== guanxi.toml
[[revisit]]
every = \"2w\"
[kind.golf]
contact = true
== customers/acme.toml
name = \"Acme Works\"
payment_terms = \"60d\"
== customers/株洲.toml
name = \"株洲地铁\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-02-02,acme,visit,,,,,,,,
2026-02-03,acme,complaint,,,,,,C-4,,late
";

#[test]
fn a_day_of_work() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        log acme visit 'toured line 3, depot' --next 2w
        log acme order 300万 'spare parts' --ref PO-7
        log acme invoice 1250000 --ref INV-1
        log acme payment -5.5 --ref INV-1 --date yesterday
        log acme payment -5.5 bounced --ref INV-1
        log 株洲地铁 request 'a quote' --staff li
        log acme complaint
        log acme response --ref C-4
        log acme resolve --ref C-20260302 --score 85
        log acme golf --date 2026-03-01T09:30
        log acme lead 50k --topic tram
        log acme survey --score 90 --topic quality
        log acme plan --due 3w
        log acme lost --topic price
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi log acme visit 'toured line 3, depot' --next 2w
logged visit of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme order 300万 'spare parts' --ref PO-7
logged order PO-7 of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme invoice 1250000 --ref INV-1
logged invoice INV-1 of acme on 2026-03-02 (interactions/2026.csv)
due 2026-05-01; next revisit 2026-03-16; receivable 1,250,000.00
$ guanxi log acme payment -5.5 --ref INV-1 --date yesterday
logged payment INV-1 of acme on 2026-03-01 (interactions/2026.csv)
next revisit 2026-03-16; receivable 1,250,005.50
$ guanxi log acme payment -5.5 bounced --ref INV-1
logged payment INV-1 of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16; receivable 1,250,011.00
$ guanxi log 株洲地铁 request 'a quote' --staff li
logged request C-20260302 of 株洲 on 2026-03-02 (interactions/2026.csv)
respond by 2026-03-05, resolve by 2026-04-01; next revisit 2026-03-16
$ guanxi log acme complaint
logged complaint C-20260302 of acme on 2026-03-02 (interactions/2026.csv)
respond by 2026-03-03, resolve by 2026-03-09; next revisit 2026-03-16
$ guanxi log acme response --ref C-4
logged response C-4 of acme on 2026-03-02 (interactions/2026.csv)
open cases 2; next revisit 2026-03-16
$ guanxi log acme resolve --ref C-20260302 --score 85
logged resolve C-20260302 of acme on 2026-03-02 (interactions/2026.csv)
open cases 1; next revisit 2026-03-16
$ guanxi log acme golf --date 2026-03-01T09:30
logged golf of acme on 2026-03-01 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme lead 50k --topic tram
logged lead L-20260302 of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme survey --score 90 --topic quality
logged survey of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme plan --due 3w
logged plan of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-23
$ guanxi log acme lost --topic price
logged lost of acme on 2026-03-02 (interactions/2026.csv)
no next revisit

"#]],
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-02-02,acme,visit,,,,,,,,
2026-02-03,acme,complaint,,,,,,C-4,,late
2026-03-02,acme,visit,,,,,,,,"toured line 3, depot"
2026-03-02,acme,plan,,,,,,,2026-03-16,
2026-03-02,acme,order,3000000.00,,,,,PO-7,,spare parts
2026-03-02,acme,invoice,1250000,,,,,INV-1,2026-05-01,
2026-03-01,acme,payment,-5.5,,,,,INV-1,,
2026-03-02,acme,payment,-5.5,,,,,INV-1,,bounced
2026-03-02,株洲,request,,,li,,,C-20260302,,a quote
2026-03-02,acme,complaint,,,,,,C-20260302,,
2026-03-02,acme,response,,,,,,C-4,,
2026-03-02,acme,resolve,,85,,,,C-20260302,,
2026-03-01T09:30,acme,golf,,,,,,,,
2026-03-02,acme,lead,50000.00,,,tram,,L-20260302,,
2026-03-02,acme,survey,,90,,quality,,,,
2026-03-02,acme,plan,,,,,,,2026-03-23,
2026-03-02,acme,lost,,,,price,,,,

"#]],
    );
}

#[test]
fn what_the_reader_refuses_is_refused() {
    let session = Session::new(BOOK);
    let before = session.book();
    let shown = session.play(
        "
        log acme vist
        log acne visit
        log cm visit
        log acme
        log acme response 'called back'
        log acme win
        log acme survey 90
        log acme stage deliverey
        log acme order
        log acme order cheap
        log acme order -5
        log acme order 123456789012345
        log acme visit --date 2026-02-30
        log acme payment 5 --ref INV-9
        log acme response --ref C-44
        log acme response --ref C-4 --date 2026-01-01
        log acme complaint --ref C-4
        log acme survey --score 101
        log acme plan
        log acme plan --due 'next monday'
        log acme stage --topic dilivery
        log acme visit note --note 'another note'
        log - visit
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi log acme vist
error: there is no kind `vist`
  = help: did you mean `visit`?
[Failed]
$ guanxi log acne visit
error: no customer is called `acne`
  = help: did you mean `acme`?
[Failed]
$ guanxi log cm visit
error: no customer is called `cm`
  = help: did you mean `acme` (Acme Works)?
[Failed]
$ guanxi log acme
error: the kind of row is missing
  = help: say what happened: `guanxi log CUSTOMER visit`
[Failed]
$ guanxi log acme response 'called back'
error: `response` needs the ref of its case
  = help: give it: `--ref C-4`
[Failed]
$ guanxi log acme win
error: `win` needs the ref of its lead
  = help: `acme` has no lead so far
[Failed]
$ guanxi log acme survey 90
error: `survey` needs a score
  = help: give one from 0 to 100: `--score 90`
[Failed]
$ guanxi log acme stage deliverey
error: `stage` needs a topic
  = help: give it: `--topic deliverey`
[Failed]
$ guanxi log acme order
error: `order` needs an amount
  = help: write it behind the kind: `guanxi log acme order 1250000`
[Failed]
$ guanxi log acme order cheap
error: `order` needs an amount, and `cheap` is none
  = help: write it like `1250000`, `300万` or `50k`, then the note
[Failed]
$ guanxi log acme order -5
error[amount]: `order` cannot have a negative amount
  = help: to take it back, log a `credit`

1 error
note: nothing was written
[Failed]
$ guanxi log acme order 123456789012345
error[amount]: `123456789012345` has more than 14 digits before its point
  = help: write it like `1250000.00`: no separators, signs of a currency or units

1 error
note: nothing was written
[Failed]
$ guanxi log acme visit --date 2026-02-30
error: `2026-02-30` is no day
  = help: write it like `2026-01-31`, `today`, `yesterday` or `today-3d`
[Failed]
$ guanxi log acme payment 5 --ref INV-9
error[unknown-ref]: `acme` has no invoice `INV-9`
  = help: add the row that opens the invoice, or correct the ref

1 error
note: nothing was written
[Failed]
$ guanxi log acme response --ref C-44
error[unknown-ref]: `acme` has no case `C-44`
  = help: did you mean `C-4`?

1 error
note: nothing was written
[Failed]
$ guanxi log acme response --ref C-4 --date 2026-01-01
error[answer-before]: this `response` is dated before its case `C-4`
 --> interactions/2026.csv:3:32
  |
3 | 2026-02-03,acme,complaint,,,,,,C-4,,late
  |                                ^^^ entered here, for a later day
  |
  = help: correct one of the two dates

1 error
note: nothing was written
[Failed]
$ guanxi log acme complaint --ref C-4
error[ref-used-twice]: case `C-4` is entered twice
 --> interactions/2026.csv:3:32
  |
3 | 2026-02-03,acme,complaint,,,,,,C-4,,late
  |                                ^^^ first entered here
  |
  = help: give one of them its own ref, or remove the copy

1 error
note: nothing was written
[Failed]
$ guanxi log acme survey --score 101
error[score]: `101` is not a score from 0 to 100
  = help: write a number from 0 to 100, such as `78.5`, or nothing

1 error
note: nothing was written
[Failed]
$ guanxi log acme plan
error: `plan` needs a due day
  = help: give it, or a span from the row's day: `--due 2w`
[Failed]
$ guanxi log acme plan --due 'next monday'
error: `next monday` is neither a day nor a span
  = help: write it like `2026-01-31` or `tomorrow`, or as a span like `2w`
[Failed]
$ guanxi log acme stage --topic dilivery
error: `dilivery` is not a stage of this book
  = help: did you mean `delivery`?
[Failed]
$ guanxi log acme visit note --note 'another note'
error: the note is given twice
  = help: quote the words of `--note`, or leave it out
[Failed]
$ guanxi log - visit
error: `-` goes with no other words
  = help: `log -` takes everything from the rows of standard input
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn a_log_is_made_and_kept_as_it_is() {
    let session = Session::new(
        "== guanxi.toml\nlog_file = \"interactions/{customer}/{year}-{month}.csv\"\n\
         == customers/a.toml\nname = \"A\"\n== customers/b.toml\nname = \"B\"\n\
         == interactions/b/2026-03.csv\n# mine\r\nkind,date,customer,x\r\n\
         visit,2026-03-01,b,\"1,2\"\r\n# end",
    );
    session.play("log a visit\nlog b visit\nlog b call 'on line 3' --channel phone\nlog b email");
    check(
        &session.book(),
        str![[r#"
== customers/a.toml
name = "A"
== customers/b.toml
name = "B"
== guanxi.toml
log_file = "interactions/{customer}/{year}-{month}.csv"
== interactions/a/2026-03.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,a,visit,,,,,,,,
== interactions/b/2026-03.csv
# mine
kind,date,customer,x
visit,2026-03-01,b,"1,2"
# end
visit,2026-03-02,b,
email,2026-03-02,b,
== interactions/b/2026-03_2.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,b,call,,,,,phone,,,on line 3

"#]],
    );
}

#[test]
fn errors_in_the_files_concerned_stop_a_row() {
    for (path, text, fault) in [
        ("customers/acme.toml", "name = 1\n", "wrong-type"),
        ("guanxi.toml", "stages = 1\n", "wrong-type"),
        (
            "interactions/2026.csv",
            "date,customer,kind\n2026-01-01,acme,\"vis\n",
            "quote-unclosed",
        ),
        (
            "interactions/2026.csv",
            "date,customer,kind,note\n2026-01-01,株洲,vist,\n",
            "unknown-kind",
        ),
        ("interactions/2026.csv", "", "header-missing"),
        (
            "interactions/2026.csv",
            "date;customer;kind\n",
            "header-missing",
        ),
        (
            "interactions/2026.csv",
            "datum,customer,kind\n",
            "header-column",
        ),
    ] {
        let session = Session::new(BOOK);
        session.write(path, text);
        let before = session.book();
        let said = session.run(&["log", "acme", "visit", "a note"]);
        assert!(said.err.contains(fault), "{path} {text:?}: {}", said.err);
        assert_eq!(session.book(), before);
    }
    // Somebody else's mistakes do not; but then no figure is told.
    let session = Session::new(BOOK);
    session.write("customers/株洲.toml", "nmae = 1\n");
    session.write(
        "interactions/2020.csv",
        "date,customer,kind\n2020-01-01,acme,vist\n",
    );
    let said = session.run(&["log", "acme", "visit"]);
    assert_eq!(
        said.out,
        "logged visit of acme on 2026-03-02 (interactions/2026.csv)\n"
    );
    assert!(
        said.err.contains("the book has errors elsewhere"),
        "{}",
        said.err
    );
}

#[test]
fn a_policy_that_compares_customers_is_asked_with_all_of_them() {
    let session = Session::new(BOOK);
    session.write(
        "guanxi.toml",
        "[[revisit]]\nwhen = \"rank = 1\"\nevery = \"7d\"\n[[revisit]]\nevery = \"90d\"\n",
    );
    let shown =
        session.play("log 株洲 order 10\nlog acme order 9\nlog acme order 2\nset acme region=x");
    let follows: Vec<&str> = shown.lines().filter(|it| it.starts_with("next")).collect();
    // From the first row of one, and the last visit of the other.
    assert_eq!(
        follows,
        [
            "next revisit 2026-03-09",
            "next revisit 2026-05-03",
            "next revisit 2026-02-09",
            "next revisit 2026-02-09"
        ]
    );
}

#[test]
fn a_row_that_the_log_has_no_column_for_goes_beside_it() {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\n== interactions/2026.csv\n\
         date,kind,customer,warehouse\n2026-03-01,visit,acme,north\n\
         == interactions/2026_2.csv\ndate,customer,kind,note\n",
    );
    let shown = session.play(
        "
        log acme plan --due 2w --dry-run
        log acme plan --due 2w
        log acme visit
        log acme call 'on line 3'
        log acme plan --due 3w
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi log acme plan --due 2w --dry-run
diff --git a/interactions/2026_3.csv b/interactions/2026_3.csv
new file mode 100644
--- /dev/null
+++ b/interactions/2026_3.csv
@@ -0,0 +1,2 @@
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note
+2026-03-02,acme,plan,,,,,,,2026-03-16,
note: `interactions/2026_2.csv` has no column `due`, so `interactions/2026_3.csv` is begun beside it
$ guanxi log acme plan --due 2w
logged plan of acme on 2026-03-02 (interactions/2026_3.csv)
next revisit 2026-03-16
note: `interactions/2026_2.csv` has no column `due`, so `interactions/2026_3.csv` is begun beside it
$ guanxi log acme visit
logged visit of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi log acme call 'on line 3'
logged call of acme on 2026-03-02 (interactions/2026_2.csv)
next revisit 2026-03-16
$ guanxi log acme plan --due 3w
logged plan of acme on 2026-03-02 (interactions/2026_3.csv)
next revisit 2026-03-23

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme.toml
name = "Acme"
== guanxi.toml
== interactions/2026.csv
date,kind,customer,warehouse
2026-03-01,visit,acme,north
2026-03-02,visit,acme,
== interactions/2026_2.csv
date,customer,kind,note
2026-03-02,acme,call,on line 3
== interactions/2026_3.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,acme,plan,,,,,,,2026-03-16,
2026-03-02,acme,plan,,,,,,,2026-03-23,

"#]],
    );
}

#[test]
fn logs_get_all_columns_on_purpose() {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\n== interactions/acme.csv\n\
         date,kind\n2026-03-01,visit\n== interactions/2026.csv\n\
         # mine\r\ndate,kind,customer,warehouse\r\n# on line 3\r\n2026-03-01,call,acme,north\r\n",
    );
    let shown = session.play(
        "
        fmt --all-columns --check
        fmt --all-columns --dry-run
        fmt --all-columns
        fmt --all-columns
        log acme plan --due 2w
        check
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi fmt --all-columns --check
interactions/2026.csv
interactions/acme.csv
[Found]
$ guanxi fmt --all-columns --dry-run
diff --git a/interactions/2026.csv b/interactions/2026.csv
--- a/interactions/2026.csv
+++ b/interactions/2026.csv
@@ -1,4 +1,4 @@
-# mine\u{d}
-date,kind,customer,warehouse\u{d}
-# on line 3\u{d}
-2026-03-01,call,acme,north\u{d}
+# mine
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note,warehouse
+# on line 3
+2026-03-01,acme,call,,,,,,,,,north
diff --git a/interactions/acme.csv b/interactions/acme.csv
--- a/interactions/acme.csv
+++ b/interactions/acme.csv
@@ -1,2 +1,2 @@
-date,kind
-2026-03-01,visit
+date,customer,kind,amount,score,staff,topic,channel,ref,due,note
+2026-03-01,acme,visit,,,,,,,,
$ guanxi fmt --all-columns
formatted interactions/2026.csv
formatted interactions/acme.csv
2 files changed, none of their facts
$ guanxi fmt --all-columns
every file is in canonical form
$ guanxi log acme plan --due 2w
logged plan of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-16
$ guanxi check
warning[other-column]: the column `warehouse` means nothing here
 --> interactions/2026.csv:2:66
  |
2 | …customer,kind,amount,score,staff,topic,channel,ref,due,note,warehouse
  |                                                              ^^^^^^^^^
  |
  = help: correct the name, or list it in guanxi.toml: `[log]`, `other_columns = ["warehouse"]`

1 warning

"#]],
    );
}

#[test]
fn a_number_of_json_is_written_as_it_stands() {
    for amount in ["12345678901234.5678", "4000000000000.0002", "1.50"] {
        let row = format!(
            "{{\"date\":\"2026-03-01\",\"customer\":\"acme\",\"kind\":\"invoice\",\
             \"amount\":{amount},\"ref\":2026.10,\"due\":\"2026-04-01\"}}\n"
        );
        let session = Session::new(BOOK).input(&row);
        session.write(
            "interactions/2026.csv",
            "date,customer,kind,amount,ref,due\n",
        );
        session.run(&["log", "-"]);
        let log = session.read("interactions/2026.csv");
        let written = format!("2026-03-01,acme,invoice,{amount},2026.10,2026-04-01\n");
        assert!(log.ends_with(&written), "{log}");
    }
}

#[test]
fn rows_of_standard_input_go_where_there_is_a_column_for_them() {
    let rows = "date,customer,kind,amount\n2026-03-01,acme,visit,\n\
                2026-03-01,acme,order,5\n2026-03-02,株洲,visit,\n2026-03-02,株洲,order,6\n";
    let session = Session::new(BOOK).input(rows);
    session.write("interactions/2026.csv", "date,customer,kind\r\n");
    let said = session.run(&["log", "-"]);
    check(
        &said.out,
        str![[r#"
logged 4 rows of 2 customers (interactions/2026.csv, interactions/2026_2.csv)
acme: next revisit 2026-03-15; 株洲: next revisit 2026-03-16

"#]],
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind
2026-03-01,acme,visit
2026-03-02,株洲,visit

"#]],
    );
    check(
        &session.read("interactions/2026_2.csv"),
        str![[r#"
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-01,acme,order,5,,,,,,,
2026-03-02,株洲,order,6,,,,,,,

"#]],
    );
}

#[test]
fn a_log_beside_one_named_for_its_customer_has_the_column() {
    let session = Session::new(
        "== guanxi.toml\nlog_file = \"interactions/{customer}.csv\"\n\
         == customers/a.toml\nname = \"A\"\n== customers/a_2.toml\nname = \"A 2\"\n\
         == interactions/a.csv\ndate,kind\n== interactions/a_2.csv\ndate,kind,note\n",
    );
    session.play("log a visit\nlog a call 'a word'\nlog a_2 call 'a word'");
    check(
        &session.book(),
        str![[r#"
== customers/a.toml
name = "A"
== customers/a_2.toml
name = "A 2"
== guanxi.toml
log_file = "interactions/{customer}.csv"
== interactions/a.csv
date,kind
2026-03-02,visit
== interactions/a_2.csv
date,kind,note
2026-03-02,call,a word
== interactions/a_3.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,a,call,,,,,,,,a word

"#]],
    );
}

#[test]
fn an_error_in_the_log_that_lacks_a_column_stops_the_row() {
    let session = Session::new(BOOK);
    session.write(
        "interactions/2026.csv",
        "date,customer,kind\n2026-03-01,acme,vist\n",
    );
    let before = session.book();
    let said = session.run(&["log", "acme", "order", "5"]);
    assert!(said.err.contains("unknown-kind"), "{}", said.err);
    assert_eq!(session.book(), before);
}

#[test]
fn a_log_named_for_its_customer_needs_no_column() {
    let session = Session::new(
        "== guanxi.toml\nlog_file = \"interactions/{customer}.csv\"\n\
         == customers/a.toml\nname = \"A\"\n== interactions/a.csv\n\u{feff}date,kind\n2026-03-01,visit",
    );
    session.play("log a call");
    assert_eq!(
        session.read("interactions/a.csv"),
        "\u{feff}date,kind\n2026-03-01,visit\n2026-03-02,call\n"
    );
}

#[test]
fn rows_of_standard_input_are_logged_all_or_none() {
    let csv = "customer,kind,date,amount,note\nacme,order,2026-02-10,50k,\"a, b\"\n\
               株洲地铁,visit,,,\nacme,complaint,,,\n株洲,complaint,2025-12-31,,\n";
    let session = Session::new(BOOK).input(csv);
    check(
        &session.play("log -"),
        str![[r#"
$ guanxi log -
logged 4 rows of 2 customers (interactions/2026.csv, interactions/2025.csv)
acme: next revisit 2026-02-16; 株洲: next revisit 2026-03-16

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme.toml
name = "Acme Works"
payment_terms = "60d"
== customers/株洲.toml
name = "株洲地铁"
== guanxi.toml
[[revisit]]
every = "2w"
[kind.golf]
contact = true
== interactions/2025.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2025-12-31,株洲,complaint,,,,,,C-20251231,,
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-02-02,acme,visit,,,,,,,,
2026-02-03,acme,complaint,,,,,,C-4,,late
2026-02-10,acme,order,50000.00,,,,,,,"a, b"
2026-03-02,株洲,visit,,,,,,,,
2026-03-02,acme,complaint,,,,,,C-20260302,,

"#]],
    );

    let jsonl = "{\"customer\": \"acme\", \"kind\": \"order\", \"amount\": 12.50, \"note\": \"a\\nb\"}\n\n\
                 {\"customer\": \"acme\", \"kind\": \"survey\", \"score\": 90, \"topic\": null}\n";
    let session = Session::new(BOOK).input(jsonl);
    check(
        &session.play("log - --dry-run\nlog -"),
        str![[r#"
$ guanxi log - --dry-run
diff --git a/interactions/2026.csv b/interactions/2026.csv
--- a/interactions/2026.csv
+++ b/interactions/2026.csv
@@ -1,3 +1,6 @@
 date,customer,kind,amount,score,staff,topic,channel,ref,due,note
 2026-02-02,acme,visit,,,,,,,,
 2026-02-03,acme,complaint,,,,,,C-4,,late
+2026-03-02,acme,order,12.50,,,,,,,"a
+b"
+2026-03-02,acme,survey,,90,,,,,,
$ guanxi log -
logged 2 rows of 1 customer (interactions/2026.csv)
next revisit 2026-02-16

"#]],
    );
}

#[test]
fn one_bad_row_of_standard_input_stops_all() {
    for (input, expected) in [
        ("", "standard input has no rows"),
        (
            "customer,kind\nacme,visit\nacme,vist\n",
            "standard input, line 3: there is no kind `vist`",
        ),
        (
            "customer,kind\nacme,visit\nacne,visit\n",
            "standard input, line 3: no customer is called `acne`",
        ),
        (
            "customer,knid\nacme,visit\n",
            "standard input, line 1: no column is called `knid`",
        ),
        (
            "customer,kind\nacme,visit,x\n",
            "standard input, line 2: the row has 3 cells, the header 2",
        ),
        (
            "customer,kind,amount\nacme,visit,\nacme,order,x\n",
            "`x` is not an amount",
        ),
        (
            "customer,kind,ref\nacme,complaint,C-9\nacme,complaint,C-9\n",
            "case `C-9` is entered twice",
        ),
        (
            "{\"customer\": \"acme\", \"kind\": \"order\", \"amount\": 999999999999.99999}",
            "`999999999999.99999` has more than 4 digits after its point",
        ),
        (
            "{\"customer\": \"acme\", \"kind\": [1]}",
            "`kind` is neither text nor a number",
        ),
        ("{\"customer\": \"acme\"", "no JSON: EOF"),
        (
            "{\"customer\": \"acme\", \"kind\": \"visit\", \"customer\": \"株洲\"}",
            "standard input, line 1: `customer` is given twice",
        ),
        (
            "[{\"customer\": \"acme\", \"kind\": \"visit\"},\n{\"customer\": \"acme\", \"kind\": \"vist\"}]",
            "standard input, line 2: there is no kind `vist`",
        ),
        (
            "customer,kind,note\nacme,visit,a\u{1b}[2Jb\n",
            "standard input, line 2: `note` has the control character U+001B",
        ),
        ("[]", "standard input has no rows"),
    ] {
        let session = Session::new(BOOK).input(input);
        let before = session.book();
        let said = session.run(&["log", "-"]);
        assert!(said.err.contains(expected), "{input}: {}", said.err);
        assert_eq!(session.book(), before);
    }
}

#[test]
fn all_bad_rows_of_standard_input_are_told_at_once_by_their_lines() {
    let rows = "date,customer,kind,amount,ref,note\n\
                2026-03-01,acme,order,-5,,\n\
                2026-03-01,acme,visit,,,\"two\nlines\"\n\
                2026-03-01,acme,payment,5,NONE,\n\
                2026-03-01,acne,complaint,,C-7,\n\
                2026-03-01,acme,resolve,,C-7,\n\
                2026-03-01,acme,invoice,6,I-1,\n\
                # a comment\n\
                2026-03-01,acme,invoice,6,I-1,\n\
                2026-03-01,acme,complaint,,C-4,\n\
                2026-13-01,acme,vist,,,\n";
    let session = Session::new(BOOK).input(rows);
    let before = session.book();
    check(
        &session.play("log -"),
        str![[r#"
$ guanxi log -
error[amount]: standard input, line 2: `order` cannot have a negative amount
  = help: to take it back, log a `credit`

error[unknown-ref]: standard input, line 5: `acme` has no invoice `NONE`
  = help: add the row that opens the invoice, or correct the ref

error: standard input, line 6: no customer is called `acne`
  = help: did you mean `acme`?

error[ref-used-twice]: standard input, line 10: invoice `I-1` is entered twice (first entered here: standard input, line 8)
  = help: give one of them its own ref, or remove the copy

error[ref-used-twice]: standard input, line 11: case `C-4` is entered twice
 --> interactions/2026.csv:3:32
  |
3 | 2026-02-03,acme,complaint,,,,,,C-4,,late
  |                                ^^^ first entered here
  |
  = help: give one of them its own ref, or remove the copy

error: standard input, line 12: `2026-13-01` is no day
  = help: write it like `2026-01-31`, `today`, `yesterday` or `today-3d`

6 errors
note: nothing was written
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
    let uneven = "customer,kind,ref\nacme,visit\nacme,response,C-9\nacme,plan,\n";
    check(
        &Session::new(BOOK).input(uneven).play("log -"),
        str![[r#"
$ guanxi log -
error: standard input, line 2: the row has 2 cells, the header 3

error[missing-cell]: standard input, line 4: no `due`: `plan` needs a due day
  = help: write it like `2026-03-05`

2 errors
note: nothing was written
[Failed]

"#]],
    );
    let json = "[{\"customer\": \"acme\", \"kind\": \"order\", \"amount\": -1},\n7,\n\
                {\"customer\": \"acme\", \"kind\": [1]}, {\"customer\": \"acme\"}]";
    check(
        &Session::new(BOOK).input(json).play("log -"),
        str![[r#"
$ guanxi log -
error[amount]: standard input, line 1: `order` cannot have a negative amount
  = help: to take it back, log a `credit`

error: standard input, line 2: a row is a JSON object
  = help: write rows like `{"customer": "acme", "kind": "visit"}`

error: standard input, line 3: `kind` is neither text nor a number

error: standard input, line 3: no `kind`

4 errors
note: nothing was written
[Failed]

"#]],
    );
}

#[test]
fn what_check_will_warn_of_is_told_with_the_change() {
    let session = Session::new(
        "== staff.toml\n[[staff]]\nid = \"li\"\n\
         == customers/acme.toml\nname = \"Acme\"\n\
         == customers/beta.toml\nname = \"Beta\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount,score,staff,topic,channel,ref,due,note\n\
         2026-02-01,acme,visit,,,zhao,,,,,\n\
         2026-02-02,acme,complaint,,,,,,C-1,,\n\
         2026-02-03,acme,resolve,,,,,,C-1,,\n\
         2026-02-03,acme,order,5,,,,,P-1,,\n",
    )
    .input("customer,kind,amount,staff\nacme,call,,li\nbeta,invoice,6,le\nacme,call,,le\n");
    check(
        &session.play(
            "
            log acme resolve --ref C-1 --staff wu --date 2026-02-04 --yes
            log acme order 6 --ref P-1 --date 2026-02-03
            log acme writeoff 7
            log - --yes
            set acme since=2027-01-01 region=北
            set --where name!=Q reviewed=2027-01-02 --yes
            add Gamma --since 2027-01-01
            log acme call
            ",
        ),
        str![[r#"
$ guanxi log acme resolve --ref C-1 --staff wu --date 2026-02-04 --yes
logged resolve C-1 of acme on 2026-02-04 (interactions/2026.csv)
open cases 0; next revisit 2026-05-05
warning[case-row-unused]: this `resolve` is of a case that is closed, and changes nothing
  = help: log the `reopen` before it, or take the row out

warning[unknown-staff]: `wu` is nobody in staff.toml
  = help: add the person to staff.toml, or correct the id

2 warnings
$ guanxi log acme order 6 --ref P-1 --date 2026-02-03
logged order P-1 of acme on 2026-02-03 (interactions/2026.csv)
next revisit 2026-05-05
warning[row-near-twice]: this row differs from another in its amount alone: 5 and 6
 --> interactions/2026.csv:5:23
  |
5 | 2026-02-03,acme,order,5,,,,,P-1,,
  |                       ^ the other one
  |
  = help: a merge keeps both versions of an edited row: delete the wrong one; if both are true, make them differ, as by a time or a note

1 warning
$ guanxi log acme writeoff 7
logged writeoff of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-05-05
warning[writeoff-unused]: no open invoice is left for 7.00 of this write-off
  = help: correct its amount, or name the invoice that is meant in `ref`

1 warning
$ guanxi log - --yes
logged 3 rows of 2 customers (interactions/2026.csv)
acme: next revisit 2026-05-31; beta: next revisit 2026-05-31
warning[revenue-mixed]: standard input, line 3: `beta` has invoices but no order, so that it brings no revenue
  = help: log its orders; or, if invoices are what counts in this book, write `revenue = "invoice"` under `[value]` in guanxi.toml

warning[unknown-staff]: standard input, line 3: `le` is nobody in staff.toml
  = help: did you mean `li`?

2 warnings
$ guanxi set acme since=2027-01-01 region=北
set acme: since 2027-01-01, region 北
next revisit 2026-03-09
warning[date-ahead]: `since` is 2027-01-01, which is still to come
  = help: correct the date

1 warning
$ guanxi set --where name!=Q reviewed=2027-01-02 --yes
set acme: reviewed 2027-01-02
set beta: reviewed 2027-01-02
2 customers changed
warning[date-ahead]: `reviewed` is 2027-01-02, which is still to come
  = help: correct the date

1 warning
$ guanxi add Gamma --since 2027-01-01
added gamma (customers/gamma.toml)
next revisit 2026-03-09
warning[date-ahead]: `since` is 2027-01-01, which is still to come
  = help: correct the date

1 warning
$ guanxi log acme call
logged call of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2026-03-09

"#]],
    );
}

#[test]
fn what_is_no_text_on_standard_input_says_what_it_is() {
    let gbk = b"customer,kind\n\xd6\xea\xd6\xde,visit\n";
    let utf16: Vec<u8> = "customer,kind\na,visit\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (bytes, expected) in [
        (
            gbk.as_slice(),
            "standard input looks like GB18030 (GBK), not UTF-8",
        ),
        (gbk, "`iconv -f GB18030 -t UTF-8 FILE | guanxi log -`"),
        (&utf16, "`iconv -f UTF-16 -t UTF-8 FILE | guanxi log -`"),
        (b"customer,kind\n\xff,visit\n", "standard input:2:1"),
        (b"PK\x03\x04", "an Excel workbook or another archive"),
    ] {
        let session = Session::new(BOOK).input(bytes);
        let before = session.book();
        let said = session.run(&["log", "-"]);
        assert!(said.err.contains(expected), "{}", said.err);
        assert_eq!(session.book(), before);
    }
}

#[test]
fn a_case_is_reopened_by_whoever_is_there() {
    let session = Session::new(
        "== staff.toml\n[[staff]]\nid = \"li\"\nleft = 2026-02-20\n[[staff]]\nid = \"wang\"\n\
         == customers/acme.toml\nname = \"Acme\"\nowner = \"wang\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount,score,staff,topic,channel,ref,due,note\n\
         2026-02-01,acme,owner,,,wang,li,,,,\n\
         2026-01-05,acme,complaint,,,,,,C-1,,\n2026-01-06,acme,resolve,,,,,,C-1,,\n\
         2026-01-05,acme,complaint,,,wang,,,C-2,,\n2026-01-06,acme,resolve,,,,,,C-2,,\n\
         2026-01-05,acme,request,,,li,,,C-3,,\n2026-01-06,acme,resolve,,,,,,C-3,,\n",
    );
    session.play(
        "
        log acme reopen --ref C-1 --date 2026-02-10
        log acme reopen --ref C-2
        log acme reopen --ref C-3 --due 1w
        ",
    );
    let log = session.read("interactions/2026.csv");
    let rows: Vec<&str> = log.lines().skip(8).collect();
    assert_eq!(
        rows,
        [
            // Whoever had it then was still there.
            "2026-02-10,acme,reopen,,,,,,C-1,,",
            "2026-03-02,acme,reopen,,,,,,C-2,,",
            "2026-03-02,acme,reopen,,,wang,,,C-3,2026-03-09,",
        ]
    );
    let shown = session.play("log acme assign --ref C-1\nlog acme owner");
    check(
        &shown,
        str![[r#"
$ guanxi log acme assign --ref C-1
error: `assign` needs a member of staff
  = help: give the account manager's id: `--staff ID`
[Failed]
$ guanxi log acme owner
error: `owner` needs a member of staff
  = help: give the account manager's id: `--staff ID`
[Failed]

"#]],
    );
}

#[test]
fn a_fresh_ref_has_the_day_in_it() {
    let session = Session::new(BOOK);
    session.play(
        "
        log acme complaint
        log acme request
        log acme complaint --date 2026-02-28
        log acme lead --topic a
        log acme lead --topic b
        log acme agreement --due 2027-01-01
        log acme complaint
        ",
    );
    let log = session.read("interactions/2026.csv");
    let refs: Vec<&str> = log
        .lines()
        .skip(3)
        .filter_map(|line| line.split(',').nth(8))
        .collect();
    assert_eq!(
        refs,
        [
            "C-20260302",
            "C-20260302-2",
            "C-20260228",
            "L-20260302",
            "L-20260302-2",
            "A-20260302",
            "C-20260302-3",
        ]
    );
}

#[test]
fn a_date_that_is_far_off_must_be_meant() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        log acme visit --date 2062-03-01
        log acme visit --date 2027-03-02
        log acme plan --due 2036-03-01
        log acme plan --due 2036-03-01 --yes
        log acme visit --date 2062-03-01 --yes
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi log acme visit --date 2062-03-01
error: `2062-03-01` is more than a year away
  = help: correct the year, or add `--yes` if it is meant
[Failed]
$ guanxi log acme visit --date 2027-03-02
logged visit of acme on 2027-03-02 (interactions/2027.csv)
next revisit 2026-02-16
note: that day is still to come; figures know the row from then on
$ guanxi log acme plan --due 2036-03-01
error: due on `2036-03-01`, more than five years after its row
  = help: correct the year, or add `--yes` if it is meant
[Failed]
$ guanxi log acme plan --due 2036-03-01 --yes
logged plan of acme on 2026-03-02 (interactions/2026.csv)
next revisit 2036-03-01
$ guanxi log acme visit --date 2062-03-01 --yes
logged visit of acme on 2062-03-01 (interactions/2062.csv)
next revisit 2036-03-01
note: that day is still to come; figures know the row from then on

"#]],
    );
    let session = Session::new(
        "== guanxi.toml\nlog_file = \"interactions/all.csv\"\n\
        == customers/acme.toml\nname = \"Acme\"\n== customers/beta.toml\nname = \"Beta\"\n\
        == interactions/all.csv\ndate,customer,kind\n2026-02-01,acme,visit\n",
    );
    let shown = session.play(
        "
        log beta visit --date 1926-03-01
        log beta visit --date 2006-02-01
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi log beta visit --date 1926-03-01
error: `1926-03-01` is more than 20 years before the other rows of the file
  = help: correct the year, or add `--yes` if it is meant
[Failed]
$ guanxi log beta visit --date 2006-02-01
logged visit of beta on 2006-02-01 (interactions/all.csv)
next revisit 2006-05-02

"#]],
    );
}

#[test]
fn a_new_row_is_warned_of_among_many() {
    let session = Session::new(BOOK);
    let rows = "2026-02-04,acme,visit,5,,,,,,,\n".repeat(12);
    let log = session.read("interactions/2026.csv");
    session.write("interactions/2026.csv", format!("{log}{rows}"));
    let shown = session.play("log acme visit --due 2026-03-01 --date 2026-02-05");
    check(
        &shown,
        str![[r#"
$ guanxi log acme visit --due 2026-03-01 --date 2026-02-05
logged visit of acme on 2026-02-05 (interactions/2026.csv)
next revisit 2026-02-19
warning[unused-cell]: `visit` has no use for a due day
  = help: correct the kind, or say it in the note

1 warning

"#]],
    );
}

#[test]
fn a_row_that_does_not_fit_one_of_another_log_is_refused() {
    let session = Session::new(BOOK);
    let before = session.book();
    for (kind, date, code) in [
        ("response", "2025-06-01", "answer-before"),
        ("complaint", "2025-06-01", "ref-used-twice"),
        ("complaint", "2027-01-01", "ref-used-twice"),
    ] {
        let said = session.run(&["log", "acme", kind, "--ref", "C-4", "--date", date, "--yes"]);
        assert!(said.err.contains(&format!("error[{code}]")), "{}", said.err);
        assert!(
            said.err.ends_with("note: nothing was written\n"),
            "{}",
            said.err
        );
    }
    assert_eq!(session.book(), before);
}
