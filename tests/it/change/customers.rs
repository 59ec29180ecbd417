//! Commands about customers' files: `add`, `set`, `rename`, `merge`, `remove`, `edit`, `handover`,
//! and `fmt`.

use std::fs;

use snapbox::str;

use super::session::{Session, check};
use crate::case::Case;

const BOOK: &str = "\
== guanxi.toml
[[revisit]]
every = \"2w\"
== staff.toml
[[staff]]
id = \"li\"
[[staff]]
id = \"wang\"
== customers/south/acme.toml
name = \"Acme\"   # the works
owner = \"li\"
tags = [\"key\"]

[[contact]]
name = \"Wang\"
== customers/acme-2.toml
name = \"ACME Works\"
owner = \"wang\"
region = \"Hunan\"
tags = [\"old\", \"key\"]
custom.lines = 6
[[contact]]
name = \"Li\"
birthday = 1980-05-01
[[contact]]
name = \"Wang\"
== customers/small.toml
# small ones
[[customer]]
id = \"s1\"
name = \"One\"

# the second
[[customer]]
id = \"s2\"
name = \"Two\"
owner = \"li\"
[[customer.date]]
name = \"fair\"
on = 2026-05-01
== interactions/2026.csv
date,customer,kind,staff,ref,due,note
2026-02-02,acme,visit,,,,
# about the second
2026-02-03,acme-2,complaint,li,C-1,,\"late, acme-2\"
2026-02-04,s1,plan,li,,2026-03-20,
2026-02-05,s2,visit,,,,
== interactions/acme-2.csv
date,kind
2026-01-05,call
";

#[test]
fn customers_come_move_and_go() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        add 'Blue Tower' --owner li --since 2026-01-15 --set region=南 --set 'tags=a, b'
        add 株洲地铁 --stage bidding
        add Acme --force
        rename acme-2 emca
        merge emca acme
        rename s1 单
        merge 单 s2
        remove acme
        remove acme --with-rows
        list -f csv -c id,aliases,owner
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi add 'Blue Tower' --owner li --since 2026-01-15 --set region=南 --set 'tags=a, b'
added blue-tower (customers/blue-tower.toml)
next revisit 2026-01-29
$ guanxi add 株洲地铁 --stage bidding
added zhu-zhou-di-tie (customers/zhu-zhou-di-tie.toml)
next revisit 2026-03-16
note: the id is how the name sounds; `--id` or `guanxi rename` gives another
$ guanxi add Acme --force
added acme-3 (customers/acme-3.toml)
next revisit 2026-03-16
$ guanxi rename acme-2 emca
renamed acme-2 to emca (customers/emca.toml), with 2 rows
next revisit 2026-01-19
$ guanxi merge emca acme
merged emca into acme (customers/south/acme.toml), with 2 rows
kept owner li, not wang
next revisit 2026-02-16
$ guanxi rename s1 单
renamed s1 to 单 (customers/small.toml), with 1 row
next revisit 2026-03-20
$ guanxi merge 单 s2
merged 单 into s2 (customers/small.toml), with 1 row
next revisit 2026-03-20
$ guanxi remove acme
error: `acme` has 3 rows
  = help: `--with-rows` removes them too; `guanxi log acme lost` keeps the history of a customer who left
[Failed]
$ guanxi remove acme --with-rows
removed acme (customers/south/acme.toml), with 3 rows
$ guanxi list -f csv -c id,aliases,owner
id,aliases,owner
acme-3,,
blue-tower,,li
s2,One,li
zhu-zhou-di-tie,,

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme-3.toml
name = "Acme"
# owner = ""
# stage = ""
# since = 2026-03-02
added = 2026-03-02
# segment = ""
# region = ""
# address = ""

# [[contact]]
# name = ""
# phone = ""
# birthday = ""

# [profile]
# needs = ""
# habits = ""

# [[competitor]]
# name = ""
== customers/blue-tower.toml
name = "Blue Tower"
owner = "li"
# stage = ""
since = 2026-01-15
added = 2026-03-02
# segment = ""
region = "南"
tags = ["a", "b"]
# address = ""

# [[contact]]
# name = ""
# phone = ""
# birthday = ""

# [profile]
# needs = ""
# habits = ""

# [[competitor]]
# name = ""
== customers/small.toml
# the second
[[customer]]
id = "s2"
name = "Two"
owner = "li"
aliases = ["One"]
former_ids = ["s1", "单"]
[[customer.date]]
name = "fair"
on = 2026-05-01
== customers/zhu-zhou-di-tie.toml
name = "株洲地铁"
# owner = ""
stage = "bidding"
# since = 2026-03-02
added = 2026-03-02
# segment = ""
# region = ""
# address = ""

# [[contact]]
# name = ""
# phone = ""
# birthday = ""

# [profile]
# needs = ""
# habits = ""

# [[competitor]]
# name = ""
== guanxi.toml
[[revisit]]
every = "2w"
== interactions/2026.csv
date,customer,kind,staff,ref,due,note
# about the second
2026-02-04,s2,plan,li,,2026-03-20,
2026-02-05,s2,visit,,,,
== interactions/emca.csv
date,kind,customer
== staff.toml
[[staff]]
id = "li"
[[staff]]
id = "wang"

"#]],
    );
}

#[test]
fn a_merge_unites_facts() {
    let session = Session::new(BOOK);
    session.play("merge acme-2 acme");
    check(
        &session.book(),
        str![[r#"
== customers/small.toml
# small ones
[[customer]]
id = "s1"
name = "One"

# the second
[[customer]]
id = "s2"
name = "Two"
owner = "li"
[[customer.date]]
name = "fair"
on = 2026-05-01
== customers/south/acme.toml
name = "Acme"   # the works
owner = "li"
tags = ["key", "old"]
region = "Hunan"
custom.lines = 6
aliases = ["ACME Works"]
former_ids = ["acme-2"]

[[contact]]
name = "Wang"

[[contact]]
name = "Li"
birthday = 1980-05-01
== guanxi.toml
[[revisit]]
every = "2w"
== interactions/2026.csv
date,customer,kind,staff,ref,due,note
2026-02-02,acme,visit,,,,
# about the second
2026-02-03,acme,complaint,li,C-1,,"late, acme-2"
2026-02-04,s1,plan,li,,2026-03-20,
2026-02-05,s2,visit,,,,
== interactions/acme-2.csv
date,kind,customer
2026-01-05,call,acme
== staff.toml
[[staff]]
id = "li"
[[staff]]
id = "wang"

"#]],
    );
}

#[test]
fn refs_of_both_stop_a_merge() {
    let session = Session::new(BOOK);
    session.play("log acme complaint --ref C-1");
    let before = session.book();
    check(
        &session.play("merge acme-2 acme"),
        str![[r#"
$ guanxi merge acme-2 acme
error[ref-used-twice]: case `C-1` is entered twice
 --> interactions/2026.csv:7:28
  |
7 | 2026-03-02,acme,complaint,,C-1,,
  |                            ^^^
  |
 ::: interactions/2026.csv:4:32
  |
4 | 2026-02-03,acme-2,complaint,li,C-1,,"late, acme-2"
  |                                --- first entered here
  |
  = help: give one of them its own ref, or remove the copy

1 error
note: nothing was written
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn fields_are_set_where_they_stand() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        set acme owner=wang region=Hunan tags=
        set acme owner=wang
        set s1 custom.lines=6 'profile.needs=a \"b\"' scorecard.fit=80
        set acme stage=delivery
        set s2 stage=delivery --date
        set acme-2 stage=nowhere
        set acme-2 onwer=li
        set acme-2 owner=nobody
        set acme-2 score=101
        set acme-2 contact.name=x
        set acme-2 name=
        set acme-2
        set --where 'owner = li' region=North
        set --where 'owner = li' region=North --yes
        set --where 'owner = li' region=North --yes
        set --where 'owner = wang and region = East' region=North --yes
        set --where 'onwer = li' region=North --yes
        set s2 region=South --dry-run
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi set acme owner=wang region=Hunan tags=
set acme: owner li -> wang (logged), region Hunan, tags ["key"] removed
next revisit 2026-02-16
note: `interactions/2026.csv` has no column `topic`, so `interactions/2026_2.csv` is begun beside it
$ guanxi set acme owner=wang
acme has all of that already
$ guanxi set s1 custom.lines=6 'profile.needs=a "b"' scorecard.fit=80
set s1: custom.lines 6, profile.needs a "b", scorecard.fit 80
next revisit 2026-03-20
$ guanxi set acme stage=delivery
set acme: stage delivery (logged)
next revisit 2026-02-16
$ guanxi set s2 stage=delivery --date
error: unexpected argument '--date' found
  = help: `--date` is for `log`

Usage: guanxi set <CUSTOMER_AND_FIELDS>...

For more information, try '--help'.
[Failed]
$ guanxi set acme-2 stage=nowhere
error: `nowhere` is not a stage of this book
  = help: the policy's stages are prospect, bidding, delivery, completed
[Failed]
$ guanxi set acme-2 onwer=li
error: no field is called `onwer`
  = help: did you mean `owner`?
[Failed]
$ guanxi set acme-2 owner=nobody
error[unknown-owner]: `nobody` is nobody in staff.toml
  = help: the ids there are li, wang

1 error
note: nothing was written
[Failed]
$ guanxi set acme-2 score=101
error[wrong-value]: `score` is a number from 0 to 100, not `101`
  = help: write a number from 0 to 100

1 error
note: nothing was written
[Failed]
$ guanxi set acme-2 contact.name=x
error: `contact.name` is a person's
  = help: `guanxi edit CUSTOMER` opens the file: a person stands below `[[contact]]`
[Failed]
$ guanxi set acme-2 name=
error: every customer has a name
  = help: give the firm's name: `name=Acme Works`
[Failed]
$ guanxi set acme-2
error: there is nothing to set
  = help: write fields like `owner=li.wei`
[Failed]
$ guanxi set --where 'owner = li' region=North
set s2: region North
note: 1 customer would change; `--yes` changes it
$ guanxi set --where 'owner = li' region=North --yes
set s2: region North
1 customer changed
$ guanxi set --where 'owner = li' region=North --yes
nothing changed: all of them have that already
$ guanxi set --where 'owner = wang and region = East' region=North --yes
nothing changed: no customer satisfies the rule
$ guanxi set --where 'onwer = li' region=North --yes
error[rule-name]: no metric is called `onwer`
 --> RULE:1:1
  |
1 | onwer = li
  | ^^^^^
  |
  = help: did you mean `owner`?

1 error
[Failed]
$ guanxi set s2 region=South --dry-run
diff --git a/customers/small.toml b/customers/small.toml
--- a/customers/small.toml
+++ b/customers/small.toml
@@ -11,7 +11,7 @@
 id = "s2"
 name = "Two"
 owner = "li"
-region = "North"
+region = "South"
 [[customer.date]]
 name = "fair"
 on = 2026-05-01

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme-2.toml
name = "ACME Works"
owner = "wang"
region = "Hunan"
tags = ["old", "key"]
custom.lines = 6
[[contact]]
name = "Li"
birthday = 1980-05-01
[[contact]]
name = "Wang"
== customers/small.toml
# small ones
[[customer]]
id = "s1"
name = "One"
custom.lines = 6
profile.needs = "a \"b\""
scorecard.fit = 80

# the second
[[customer]]
id = "s2"
name = "Two"
owner = "li"
region = "North"
[[customer.date]]
name = "fair"
on = 2026-05-01
== customers/south/acme.toml
name = "Acme"   # the works
owner = "wang"
region = "Hunan"
stage = "delivery"

[[contact]]
name = "Wang"
== guanxi.toml
[[revisit]]
every = "2w"
== interactions/2026.csv
date,customer,kind,staff,ref,due,note
2026-02-02,acme,visit,,,,
# about the second
2026-02-03,acme-2,complaint,li,C-1,,"late, acme-2"
2026-02-04,s1,plan,li,,2026-03-20,
2026-02-05,s2,visit,,,,
== interactions/2026_2.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02,acme,owner,,,wang,li,,,,
2026-03-02,acme,stage,,,,delivery,,,,
== interactions/acme-2.csv
date,kind
2026-01-05,call
== staff.toml
[[staff]]
id = "li"
[[staff]]
id = "wang"

"#]],
    );
}

#[test]
fn ids_that_cannot_be_are_refused() {
    let session = Session::new(BOOK);
    let before = session.book();
    let shown = session.play(
        "
        add X --id ../x
        add X --id ACME
        add X --id S1
        add X --owner nobody
        add X --since 2026/01/05
        add X --set phone=1
        add X --set name=Y
        rename acme s1
        rename acme a/b
        rename acme acme
        rename nobody x
        merge acme acme
        merge acme nobody
        remove nobody
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi add X --id ../x
error: the id `../x` begins with `.`, not with a letter or digit
  = help: an id has letters and digits of any script, then also `.`, `_`, `-`
[Failed]
$ guanxi add X --id ACME
error: the id `ACME` is taken
  = help: ids must differ in more than case; choose another
[Failed]
$ guanxi add X --id S1
error: the id `S1` is taken
  = help: ids must differ in more than case; choose another
[Failed]
$ guanxi add X --owner nobody
error[unknown-owner]: `nobody` is nobody in staff.toml
  = help: the ids there are li, wang

1 error
note: nothing was written
[Failed]
$ guanxi add X --since 2026/01/05
error: `2026/01/05` is no day
  = help: write it like `2026-01-31`, `today`, `yesterday` or `today-3d`
[Failed]
$ guanxi add X --set phone=1
error: `phone` is a person's
  = help: `guanxi contact CUSTOMER NAME --phone ...` sets it
[Failed]
$ guanxi add X --set name=Y
error: `name` is given twice
[Failed]
$ guanxi rename acme s1
error: the id `s1` is taken
  = help: choose another
[Failed]
$ guanxi rename acme a/b
error: the id `a/b` has `/` in it, which is no letter, digit, `.`, `_` or `-`
  = help: an id has letters and digits of any script, then also `.`, `_`, `-`
[Failed]
$ guanxi rename acme acme
error: `acme` has that id already
[Failed]
$ guanxi rename nobody x
error: no customer is called `nobody`
  = help: `guanxi list -c id,name` lists all
[Failed]
$ guanxi merge acme acme
error: both words name `acme`
[Failed]
$ guanxi merge acme nobody
error: no customer is called `nobody`
  = help: `guanxi list -c id,name` lists all
[Failed]
$ guanxi remove nobody
error: no customer is called `nobody`
  = help: `guanxi list -c id,name` lists all
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn a_value_takes_the_place_that_waits_for_it() {
    let session = Session::new("");
    session.play("add A\nset a region=南 since=2026-01-15 website=w");
    let text = session.read("customers/a.toml");
    let (start, _) = text.split_once("\n\n").unwrap();
    check(
        start,
        str![[r#"
name = "A"
# owner = ""
# stage = ""
since = 2026-01-15
added = 2026-03-02
# segment = ""
region = "南"
website = "w"
# address = ""
"#]],
    );
}

#[test]
fn one_of_two_customers_of_a_file_is_removed_alone() {
    let session = Session::new(BOOK);
    session.play("remove s2 --with-rows");
    assert_eq!(
        session.read("customers/small.toml"),
        "# small ones\n[[customer]]\nid = \"s1\"\nname = \"One\"\n\n"
    );
    // With the last one goes the file.
    session.play("remove s1 --with-rows");
    assert!(!session.root().join("customers/small.toml").exists());
}

#[test]
fn only_the_case_of_an_id_may_change() {
    let session = Session::new(BOOK);
    session.play("rename acme Acme");
    assert!(
        session
            .read("customers/south/Acme.toml")
            .starts_with("name = \"Acme\"   # the works")
    );
    assert!(
        session
            .read("interactions/2026.csv")
            .contains("2026-02-02,Acme,visit")
    );
}

#[test]
fn work_is_handed_over() {
    let session = Session::new(BOOK);
    let shown = session.play("handover li wang\nhandover li wang\nhandover wang nobody");
    check(
        &shown,
        str![[r#"
$ guanxi handover li wang
customer acme
customer s2
complaint C-1 of acme-2
plan due 2026-03-20 of s1
handed over from li to wang: 2 customers, 2 cases and plans
`guanxi due 'owner = wang'` lists whom to see
note: `interactions/2026.csv` has no column `topic`, so `interactions/2026_2.csv` is begun beside it
$ guanxi handover li wang
error: `li` has no customers, open cases or plans to hand over
[Failed]
$ guanxi handover wang nobody
error: `nobody` is nobody in staff.toml
  = help: the ids there are li, wang
[Failed]

"#]],
    );
    check(
        &session.read("interactions/2026.csv"),
        str![[r#"
date,customer,kind,staff,ref,due,note
2026-02-02,acme,visit,,,,
# about the second
2026-02-03,acme-2,complaint,li,C-1,,"late, acme-2"
2026-02-04,s1,plan,li,,2026-03-20,
2026-02-05,s2,visit,,,,
2026-03-02,acme-2,assign,wang,C-1,,
2026-03-02,s1,plan,wang,,2026-03-20,

"#]],
    );
    let session = Session::new(BOOK);
    let shown = session.play("handover li wang 'id = s1'");
    check(
        &shown,
        str![[r#"
$ guanxi handover li wang 'id = s1'
plan due 2026-03-20 of s1
handed over from li to wang: 0 customers, 1 case or plan
`guanxi due 'owner = wang'` lists whom to see

"#]],
    );
}

#[test]
fn work_of_today_with_a_time_is_handed_over_too() {
    let session = Session::new(
        "\
== staff.toml
[[staff]]
id = \"li\"
[[staff]]
id = \"wang\"
== customers/acme.toml
name = \"Acme\"
owner = \"li\"
== interactions/2026.csv
date,customer,kind,amount,score,staff,topic,channel,ref,due,note
2026-03-02T16:30,acme,complaint,,,li,,,C-1,,late
2026-03-02T16:40,acme,plan,,,li,,,,2026-03-09,see it
",
    );
    session.play("handover li wang");
    let log = session.read("interactions/2026.csv");
    assert!(
        log.contains("2026-03-02T16:40,acme,assign,,,wang,,,C-1,,\n"),
        "{log}"
    );
    let shown = session.play("handover li wang");
    assert!(
        shown.contains("`li` has no customers, open cases or plans"),
        "{shown}"
    );
}

#[cfg(unix)]
#[test]
fn an_editor_changes_a_file() {
    let session = Session::new(BOOK).editor("sed -i s/Acme/Acne/");
    check(
        &session.play("edit acme\nedit acme"),
        str![[r#"
$ guanxi edit acme
changed acme (customers/south/acme.toml)
next revisit 2026-02-16
$ guanxi edit acme
acme is as it was

"#]],
    );
    assert!(
        session
            .read("customers/south/acme.toml")
            .starts_with("name = \"Acne\"   # the works")
    );

    let session = Session::new(BOOK).editor("sed -i s/owner/onwer/");
    let before = session.book();
    let said = session.run(&["edit", "acme"]);
    assert!(
        said.err
            .starts_with("error[unknown-key]: no such key here: `onwer`"),
        "{}",
        said.err
    );
    assert_eq!(session.book(), before);
    let (_, kept) = said
        .err
        .trim_end()
        .rsplit_once("note: what you wrote is in ")
        .unwrap();
    assert!(std::fs::read_to_string(kept).unwrap().contains("onwer"));
    std::fs::remove_dir_all(std::path::Path::new(kept).parent().unwrap()).unwrap();
}

/// The program itself, with a folder for temporary files of its own.
#[cfg(unix)]
#[test]
fn nobody_else_reads_what_an_editor_works_on() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::{Command, Stdio};
    let session = Session::new(BOOK);
    let customer = session.root().join("customers/south/acme.toml");
    let mode = std::fs::Permissions::from_mode(0o640);
    std::fs::set_permissions(&customer, mode).unwrap();
    let temporary = tempfile::tempdir().unwrap();
    let edit = |editor: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_guanxi"));
        command
            .args(["edit", "acme"])
            .current_dir(session.root())
            .env("EDITOR", editor)
            .env("TMPDIR", temporary.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    };
    let count = || std::fs::read_dir(temporary.path()).unwrap().count();
    let said = edit("stat -c %a $(dirname $1) $1; false").output().unwrap();
    assert_eq!(String::from_utf8(said.stdout).unwrap(), "700\n640\n");
    assert_eq!(said.status.code(), Some(2));
    // Nothing was typed, so nothing is left: neither of an editor that failed, nor of one that is none.
    assert_eq!(count(), 0);
    let said = edit("/no/such/editor").output().unwrap();
    assert_eq!((said.status.code(), count()), (Some(2), 0));
    // An editor that is ended from outside takes the copy with it.
    for signal in ["TERM", "HUP"] {
        let mut running = edit("exec sleep 20; :").spawn().unwrap();
        while count() == 0 {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        let kill = format!("kill -s {signal} {}", running.id());
        Command::new("sh").args(["-c", &kill]).status().unwrap();
        assert_eq!(running.wait().unwrap().code(), Some(2), "{signal}");
        assert_eq!(count(), 0, "{signal}");
    }
    // What was typed before the editor failed is kept.
    let said = edit("sed -i s/Acme/Acne/ $1; false").output().unwrap();
    let said = String::from_utf8(said.stderr).unwrap();
    let kept = said.strip_prefix("note: what you wrote is in ").unwrap();
    let kept = kept.lines().next().unwrap();
    assert!(std::fs::read_to_string(kept).unwrap().contains("Acne"));
    assert!(session.read("customers/south/acme.toml").contains("Acme"));
}

#[test]
fn files_are_put_into_canonical_form() {
    let session = Session::new(
        "== customers/a.toml\n\u{feff}name = 'A'  \r\n# c\r\n== interactions/l.csv\n\
         kind,date,customer,x,note\r\nvisit,2026-02-02,a,,\"b\tc\"\r\n# of the first\r\n\
         \"call\",2026-02-01,a,\"1\",\"a, b\"",
    );
    check(
        &session.play("fmt --check\nfmt --dry-run\nfmt\nfmt\nfmt --check"),
        str![[r#"
$ guanxi fmt --check
customers/a.toml
interactions/l.csv
[Found]
$ guanxi fmt --dry-run
diff --git a/customers/a.toml b/customers/a.toml
--- a/customers/a.toml
+++ b/customers/a.toml
@@ -1,2 +1,2 @@
-\u{feff}name = 'A'  \u{d}
-# c\u{d}
+name = 'A'
+# c
diff --git a/interactions/l.csv b/interactions/l.csv
--- a/interactions/l.csv
+++ b/interactions/l.csv
@@ -1,4 +1,4 @@
-kind,date,customer,x,note\u{d}
-visit,2026-02-02,a,,"b\u{9}c"\u{d}
-# of the first\u{d}
-"call",2026-02-01,a,"1","a, b"
\ No newline at end of file
+date,customer,kind,note,x
+# of the first
+2026-02-01,a,call,"a, b",1
+2026-02-02,a,visit,"b\u{9}c",
$ guanxi fmt
formatted customers/a.toml
formatted interactions/l.csv
2 files changed, none of their facts
$ guanxi fmt
every file is in canonical form
$ guanxi fmt --check

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/a.toml
name = 'A'
# c
== guanxi.toml
== interactions/l.csv
date,customer,kind,note,x
# of the first
2026-02-01,a,call,"a, b",1
2026-02-02,a,visit,"b	c",

"#]],
    );
    session.write(
        "interactions/l.csv",
        "date,customer,kind\n2026-02-01,a,vist\n",
    );
    let shown = session.play("fmt");
    assert!(
        shown.contains("there is no kind `vist`") && shown.ends_with("[Failed]\n"),
        "{shown}"
    );
}

#[test]
fn a_list_without_customers_says_so() {
    let shown = Session::new("").play("list\nlist -q\nadd Acme -q\nlist 'owner = li'");
    check(
        &shown,
        str![[r#"
$ guanxi list
no customers so far; `guanxi add NAME` adds one
$ guanxi list -q
$ guanxi add Acme -q
$ guanxi list 'owner = li'
note: RULE: `li` is no customer's owner
no customer satisfies the rule

"#]],
    );
}

#[test]
fn rows_that_a_merge_makes_equal_are_told() {
    let session = Session::new(
        "== customers/a.toml\nname = \"A\"\n== customers/b.toml\nname = \"B\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount\n\
         2026-02-01,a,order,5\n2026-02-01,a,order,5\n2026-02-02,a,visit,\n\
         2026-02-01,b,order,5.00\n2026-02-03,b,visit,\n",
    );
    check(
        &session.play("merge a b\ncheck -f short"),
        str![[r#"
$ guanxi merge a b
merged a into b (customers/b.toml), with 3 rows
next revisit 2026-05-04
note: 1 row now equals another of `b`; both count, and `guanxi check` shows where
$ guanxi check -f short
interactions/2026.csv:5:1: warning[row-twice]: this row stands twice in the book
note: interactions/2026.csv: 1 row is equal to the row right before; all count

"#]],
    );
}

#[test]
fn a_handover_as_of_another_day_is_dated_by_it() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/a.toml", "name = \"A\"\nowner = \"li\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,staff,topic,ref\n2026-01-05,a,complaint,,heat,C-1\n",
        )
        .args(["handover", "li", "wang", "--as-of", "2026-11-20", "-q"])
        .code(0);
    assert_eq!(
        fs::read_to_string(case.path("interactions/2026.csv")).unwrap(),
        "date,customer,kind,staff,topic,ref\n2026-01-05,a,complaint,,heat,C-1\n\
         2026-11-20,a,owner,wang,li,\n2026-11-20,a,assign,wang,,C-1\n"
    );
}

#[test]
fn a_handover_names_kinds_as_people_do() {
    for (language, lines) in [
        ("en", ["complaint C-1 of a\n", "plan due 2026-12-01 of a\n"]),
        ("zh", ["a 的投诉 C-1\n", "a 的计划，到期 2026-12-01\n"]),
    ] {
        let case = Case::new()
            .file("guanxi.toml", "")
            .file("customers/a.toml", "name = \"A\"\nowner = \"li\"\n")
            .file(
                "interactions/2026.csv",
                "date,customer,kind,staff,due,ref\n2026-01-05,a,complaint,,,C-1\n\
                 2026-11-19,a,plan,,2026-12-01,\n",
            )
            .args(["handover", "li", "wang", "--as-of", "2026-11-20"])
            .args(["--lang", language]);
        let output = case.output();
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        for line in lines {
            assert!(said.contains(line), "{said}");
        }
    }
}
