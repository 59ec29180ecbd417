//! `guanxi contact`, and people that `add` puts into a new file.

use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== customers/acme.toml
# Acme, since the fair
name = \"Acme\"

[[contact]]
name = \"王 建国\" # calls back
phone = \"1\"

# the secretary
[[contact]]
name = \"Jo Doe\"
email = [\"jo@acme.example\", \"j@acme.example\"]

[custom]
lines = 6
== customers/many.toml
[[customer]]
id = \"s1\"
name = \"Shop 1\"
[customer.custom]
x = 1

[[customer]]
id = \"s2\"
name = \"Shop 2\"
";

#[test]
fn people_are_added_changed_and_removed() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        contact acme 王建国 --phone 2 --title 主任 --birthday 05-01
        contact acme 王建国 --phone 2 --title 主任
        contact acme 'JO  DOE' --email jo@acme.example --note '' --mobile 1 --mobile 2
        contact acme 'Jo Doe' --email ''
        contact acme 'Jo Do'
        contact acme 'Jo Do' --remove
        contact Acme 李 --dry-run
        contact s1 Lee --phone '+86 1' --phone '+86 2' --wechat lee
        contact s2 Lee --birthday 1980-05-01
        contact s1 lee --phone ''
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi contact acme 王建国 --phone 2 --title 主任 --birthday 05-01
set 王 建国 of acme: title 主任, phone 1 -> 2, birthday 05-01
$ guanxi contact acme 王建国 --phone 2 --title 主任
王 建国 of acme has all of that already
$ guanxi contact acme 'JO  DOE' --email jo@acme.example --note '' --mobile 1 --mobile 2
set Jo Doe of acme: mobile ["1", "2"], email ["jo@acme.example", "j@acme.example"] -> jo@acme.example
$ guanxi contact acme 'Jo Doe' --email ''
set Jo Doe of acme: email jo@acme.example removed
$ guanxi contact acme 'Jo Do'
added Jo Do to acme
note: acme has a person of nearly this name; did you mean `Jo Doe`?
$ guanxi contact acme 'Jo Do' --remove
removed Jo Do from acme
$ guanxi contact Acme 李 --dry-run
diff --git a/customers/acme.toml b/customers/acme.toml
--- a/customers/acme.toml
+++ b/customers/acme.toml
@@ -12,5 +12,8 @@
 name = "Jo Doe"
 mobile = ["1", "2"]
 
+[[contact]]
+name = "李"
+
 [custom]
 lines = 6
$ guanxi contact s1 Lee --phone '+86 1' --phone '+86 2' --wechat lee
added Lee to s1: phone ["+86 1", "+86 2"], wechat lee
$ guanxi contact s2 Lee --birthday 1980-05-01
added Lee to s2: birthday 1980-05-01
$ guanxi contact s1 lee --phone ''
set Lee of s1: phone ["+86 1", "+86 2"] removed

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme.toml
# Acme, since the fair
name = "Acme"

[[contact]]
name = "王 建国" # calls back
phone = "2"
title = "主任"
birthday = "05-01"

# the secretary
[[contact]]
name = "Jo Doe"
mobile = ["1", "2"]

[custom]
lines = 6
== customers/many.toml
[[customer]]
id = "s1"
name = "Shop 1"
[customer.custom]
x = 1

[[customer.contact]]
name = "Lee"
wechat = "lee"

[[customer]]
id = "s2"
name = "Shop 2"

[[customer.contact]]
name = "Lee"
birthday = 1980-05-01
== guanxi.toml

"#]],
    );
}

#[test]
fn what_cannot_be_meant_is_refused() {
    let session = Session::new(BOOK);
    session.write(
        "customers/twins.toml",
        "name = \"Twins\"\n[[contact]]\nname = \"Ann\"\n[[contact]]\nname = \"ann\"\n",
    );
    let before = session.book();
    let shown = session.play(
        "
        contact acme 'Jo Doe'
        contact acme ' ' --phone 1
        contact acme - --phone 1
        contact acme 'Jo Deo' --remove
        contact acme 'Jo Doe' --remove --phone 1
        contact acme 'Jo Doe' --birthday 31-12
        contact nobody Ann --phone 1
        contact twins Ann --phone 1
        set acme phone=1
        set acme contact.note=x
        add 'Beta' --phone 1
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi contact acme 'Jo Doe'
error: `acme` has a person called `Jo Doe` already
  = help: give what is to change, like `--phone '138 0000 0000'`
[Failed]
$ guanxi contact acme ' ' --phone 1
error: ` ` is no name
  = help: a person's name has a letter or a digit
[Failed]
$ guanxi contact acme - --phone 1
error: `-` is no name
  = help: a person's name has a letter or a digit
[Failed]
$ guanxi contact acme 'Jo Deo' --remove
error: `acme` has no person called `Jo Deo`
  = help: did you mean `Jo Doe`?
[Failed]
$ guanxi contact acme 'Jo Doe' --remove --phone 1
error: `--remove` goes with no fields
  = help: `--remove` takes the person out; an empty value removes a field
[Failed]
$ guanxi contact acme 'Jo Doe' --birthday 31-12
error[wrong-value]: `31-12` is no birthday
  = help: write it like `1980-05-01`, `"05-01"` or `"lunar 08-15"`

1 error
note: nothing was written
[Failed]
$ guanxi contact nobody Ann --phone 1
error: no customer is called `nobody`
  = help: `guanxi list -c id,name` lists all
[Failed]
$ guanxi contact twins Ann --phone 1
error: `twins` has two people called `Ann`
  = help: `guanxi edit twins` opens the file: give one of them another name
[Failed]
$ guanxi set acme phone=1
error: `phone` is a person's
  = help: `guanxi contact CUSTOMER NAME --phone ...` sets it
[Failed]
$ guanxi set acme contact.note=x
error: `contact.note` is a person's
  = help: `guanxi contact CUSTOMER NAME --note ...` sets it
[Failed]
$ guanxi add 'Beta' --phone 1
error: `--phone` is said of a person without a name
  = help: `--contact NAME` names the person
[Failed]

"#]],
    );
    assert_eq!(session.book(), before);
}

#[test]
fn a_new_customer_has_a_person() {
    let session = Session::new("");
    let shown = session.play(
        "
        add Acme --contact 王建国 --phone 1 --phone 2 --email w@acme.example
        add Beta --contact Jo
        contact beta Jo --phone 7
        contact beta Ann
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi add Acme --contact 王建国 --phone 1 --phone 2 --email w@acme.example
added acme (customers/acme.toml)
next revisit 2026-05-31
$ guanxi add Beta --contact Jo
added beta (customers/beta.toml)
next revisit 2026-05-31
$ guanxi contact beta Jo --phone 7
set Jo of beta: phone 7
$ guanxi contact beta Ann
added Ann to beta

"#]],
    );
    check(
        &session.book(),
        str![[r#"
== customers/acme.toml
name = "Acme"
# owner = ""
# stage = ""
# since = 2026-03-02
added = 2026-03-02
# segment = ""
# region = ""
# address = ""

[[contact]]
name = "王建国"
phone = ["1", "2"]
email = "w@acme.example"
# birthday = ""

# [profile]
# needs = ""
# habits = ""

# [[competitor]]
# name = ""
== customers/beta.toml
name = "Beta"
# owner = ""
# stage = ""
# since = 2026-03-02
added = 2026-03-02
# segment = ""
# region = ""
# address = ""

[[contact]]
name = "Jo"
phone = "7"
# birthday = ""

[[contact]]
name = "Ann"

# [profile]
# needs = ""
# habits = ""

# [[competitor]]
# name = ""
== guanxi.toml

"#]],
    );
}

#[test]
fn a_file_with_crlf_keeps_it() {
    let session =
        Session::new("== customers/a.toml\n\u{feff}name = \"A\"\r\n\r\n[custom]\r\nx = 1\r\n");
    session.play(
        "contact a Jo --phone 1\ncontact a Jo --phone 2\ncontact a Ann\ncontact a jo --remove",
    );
    assert_eq!(
        session.read("customers/a.toml"),
        "\u{feff}name = \"A\"\r\n\r\n[custom]\r\nx = 1\r\n\r\n[[contact]]\r\nname = \"Ann\"\r\n"
    );
}

#[test]
fn a_birthday_may_be_of_the_lunar_calendar() {
    let session = Session::new(BOOK);
    let shown = session.play(
        "
        contact s1 Lee --birthday 'lunar leap 1979-06-10'
        show s1
        contact s1 Lee --birthday 'lunar 08-15'
        contact s1 Lee --birthday 'lunar 2026-05-01'
        contact s1 Lee --birthday 'lunar leap 1980-06-10'
        contact s1 Lee --birthday 'lunar 2026-12-30'
        contact s1 Lee --birthday 'lunar 1899-12-30'
        contact s1 Lee --birthday 'lunar 15 August'
        ",
    );
    check(
        &shown,
        str![[r#"
$ guanxi contact s1 Lee --birthday 'lunar leap 1979-06-10'
added Lee to s1: birthday lunar leap 1979-06-10
$ guanxi show s1
Shop 1 (s1), on 2026-03-02
not filled: owner, stage, since, segment, region, address, contact.phone, profile.needs,
profile.habits, competitor.name

standing
  tier       P      orders = 0 (0) and stage is unknown
                    to leave P: a first order
  churn      -      unknown: there is no order
  next step  today  never seen: today, 2026-03-02

money (CNY)
  annual value    0.00  rank 2, class C
  orders in all   0.00
  lifetime value     -  next 3 years

people
  Lee    born lunar leap 1979-06-10

file
  x  1
$ guanxi contact s1 Lee --birthday 'lunar 08-15'
set Lee of s1: birthday lunar leap 1979-06-10 -> lunar 08-15
$ guanxi contact s1 Lee --birthday 'lunar 2026-05-01'
error: the birthday 2026-06-15 is still to come
  = help: write the year of birth, or `lunar MM-DD` where it is not known
[Failed]
$ guanxi contact s1 Lee --birthday 'lunar leap 1980-06-10'
error[wrong-value]: `lunar leap 1980-06-10` names a leap month that its year has not
  = help: correct the year or the month, or leave `leap` out

1 error
note: nothing was written
[Failed]
$ guanxi contact s1 Lee --birthday 'lunar 2026-12-30'
error[wrong-value]: the month of `lunar 2026-12-30` has 29 days
  = help: correct the day or the year

1 error
note: nothing was written
[Failed]
$ guanxi contact s1 Lee --birthday 'lunar 1899-12-30'
error[wrong-value]: of the year of `lunar 1899-12-30` no lunar calendar is known
  = help: lunar years are known from 1900 to 2099; leave the year out

1 error
note: nothing was written
[Failed]
$ guanxi contact s1 Lee --birthday 'lunar 15 August'
error[wrong-value]: `lunar 15 August` is no birthday
  = help: write it like `lunar 08-15` or `lunar 1980-08-15`, and of a leap month `lunar leap 06-10`

1 error
note: nothing was written
[Failed]

"#]],
    );
    let book = session.book();
    assert!(book.contains("birthday = \"lunar 08-15\""), "{book}");
}
