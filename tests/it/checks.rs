//! What `check` says, and does not say, of a whole book.

use snapbox::str;

use crate::case::Case;

/// A book with two people in its staff, one of whom has left, and a customer with every doubt.
fn book(as_of: &'static str) -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "[[flag]]\nname = \"metro\"\nwhen = \"custom.lines > 5 and profile.needs ~ bogie\"\n",
        )
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li.wei\"\nleft = 2026-06-30\n[[staff]]\nid = \"wang.fang\"\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme\"\nowner = \"li.wei\"\nstage = \"bidding\"\n[custom]\nlines = 6\n[profile]\nneeds = \"bogies\"\n",
        )
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,topic,ref,staff\n\
             2026-01-01,acme,order,500,,,li.wei\n\
             2026-01-02,acme,invoice,500,,INV-1,\n\
             2026-07-01,acme,stage,,delivery,,\n\
             2026-08-01,acme,writeoff,600,,INV-1,\n",
        )
        .args(["check", "-f", "short", "--as-of", as_of])
}

#[test]
fn checks_look_at_the_day() {
    book("2026-06-29").code(0);
    book("2026-06-30")
        .stdout(str![[r#"
customers/acme.toml:2:9: warning[owner-left]: the owner `li.wei` left on 2026-06-30

"#]])
        .code(0);
    book("2026-08-01").stdout(str![[r#"
customers/acme.toml:2:9: warning[owner-left]: the owner `li.wei` left on 2026-06-30
customers/acme.toml:3:9: warning[stage-differs]: the file says `bidding`, but the latest stage row `delivery`
interactions/2026.csv:5:26: warning[writeoff-unused]: no open invoice is left for 100.00 of this write-off

"#]]).code(0);
}

#[test]
fn rows_that_are_equal_and_rows_that_are_not() {
    let header = "date,customer,kind,amount,note,ref,extra\n";
    let rows = "2026-01-01,acme,visit,,a,,\n\
                2026-01-01,acme,visit,,b,,\n\
                2026-01-01T09:00,acme,visit,,a,,\n\
                2026-01-01,acme,visit,,\"a\",,\n\
                2026-01-01,acme,visit,,a,,x\n\
                2026-01-01,beta,visit,,a,,\n\
                2026-01-02,acme,order,500,,PO-1,\n\
                2026-01-02,acme,order,500.00,,PO-1,\n";
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file("customers/beta.toml", "name = \"Beta\"\n")
        .file("interactions/a.csv", format!("{header}{rows}"))
        .file(
            "interactions/b.csv",
            "customer,note,kind,date\nacme,a,visit,2026-01-01\n",
        )
        .args(["check", "-f", "short", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
interactions/a.csv:1:36: warning[other-column]: the column `extra` means nothing here
interactions/a.csv:5:1: warning[row-twice]: this row stands twice in the book
interactions/b.csv:2:1: warning[row-twice]: this row stands twice in the book

"#]])
        .stderr(str![[r#"
note: interactions/a.csv: 1 row is equal to the row right before; all count

"#]])
        .code(0);
}

#[test]
fn rows_that_follow_their_equals_are_counted() {
    let rows = "2026-01-05,acme,order,33.33,,\n\
                # the same again\n\
                2026-01-05,acme,order,33.33,,\n\
                2026-01-05,acme,order,33.33,,\n\
                2026-01-06,acme,visit,,,\"a\nb\"\n\
                2026-01-06,acme,visit,,,\"a\nb\"\n\
                2026-01-05,acme,order,33.33,,\n";
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "interactions/a.csv",
            format!("date,customer,kind,amount,ref,note\n{rows}"),
        )
        .file(
            "interactions/b/acme.csv",
            "date,kind,amount\n2026-01-05,order,33.33\n",
        )
        .args(["check", "-f", "short", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
interactions/a.csv:10:1: warning[row-twice]: this row stands twice in the book
interactions/b/acme.csv:2:1: warning[row-twice]: this row stands twice in the book

"#]])
        .stderr(str![[r#"
note: interactions/a.csv: 3 rows are equal to the row right before; all count

"#]])
        .code(0);
}

#[test]
fn versions_of_a_row_differ_in_its_amount_alone() {
    let rows = "2026-01-05,acme,order,100,PO-1,spares\n\
                2026-01-05,acme,order,120,PO-1,spares\n\
                2026-01-05,acme,order,100.00,PO-1,spares\n\
                2026-01-05,acme,order,130,PO-1,other\n\
                2026-01-05,acme,order,140,PO-2,spares\n\
                2026-01-05T10:00,acme,order,150,PO-1,spares\n\
                2026-01-05,acme,payment,160,,\n\
                2026-01-05,acme,payment,170,,\n";
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "interactions/a.csv",
            format!("date,customer,kind,amount,ref,note\n{rows}"),
        )
        .args(["check", "-f", "short", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
interactions/a.csv:3:23: warning[row-near-twice]: this row differs from another in its amount alone: 100 and 120
interactions/a.csv:4:1: warning[row-twice]: this row stands twice in the book

"#]])
        .code(0);
}

#[test]
fn a_union_merge_of_an_invoice_is_one_fault() {
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "interactions/a.csv",
            "date,customer,kind,amount,ref\n2026-01-01,acme,order,5,\n\
             2026-01-02,acme,invoice,500,INV-1\n2026-01-02,acme,invoice,500,INV-1\n",
        )
        .args(["check", "-f", "short", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
interactions/a.csv:4:29: error[ref-used-twice]: invoice `INV-1` is entered twice

"#]])
        .code(1);
}

#[test]
fn what_is_left_out_is_not_called_missing() {
    // The only order is broken, and so is the file that has the key of the rule.
    Case::new()
        .file(
            "guanxi.toml",
            "[[flag]]\nname = \"metro\"\nwhen = \"custom.lines > 5\"\n",
        )
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "customers/beta.toml",
            "name = \"Beta\"\nscore = 101\n[custom]\nlines = 6\n",
        )
        .file(
            "interactions/a.csv",
            "date,customer,kind,amount,staff\n2026-01-01,acme,order,x,\n2026-01-02,acme,invoice,500,nobody\n",
        )
        .args(["check", "-f", "short", "--as-of", "2026-11-20"])
        .stdout(str![[r#"
customers/beta.toml:2:9: error[wrong-value]: `score` is a number from 0 to 100, not `101`
interactions/a.csv:2:23: error[amount]: `x` is not an amount

"#]])
        .code(1);
}

#[test]
fn an_owner_who_is_nobody_is_told() {
    let book = || {
        Case::new()
            .file("guanxi.toml", "")
            .file(
                "customers/acme.toml",
                "name = \"Acme\"\nowner = \"li.wei\"\n",
            )
            .file(
                "interactions/2026.csv",
                "date,customer,kind,staff,topic\n2026-01-01,acme,owner,li.wei,wang.fang\n",
            )
    };
    book()
        .args(["due", "owner = liwei", "-q"])
        .stderr(str![[r#"
note: RULE: `liwei` is no customer's owner; did you mean `li.wei`?

"#]])
        .code(0);
    // Whoever was an owner once is somebody.
    book()
        .args([
            "list",
            "owner in (li.wei, 'wang.fang')",
            "-c",
            "id",
            "-f",
            "csv",
        ])
        .stdout(str![[r#"
id
acme

"#]])
        .stderr(str![[""]])
        .code(0);
    book()
        .file("staff.toml", "[[staff]]\nid = \"li.wei\"\n")
        .args(["due", "owner = liwei", "-q"])
        .stderr(str![[r#"
error[rule-word]: `liwei` is nobody in staff.toml, and no customer's owner
 --> RULE:1:9
  |
1 | owner = liwei
  |         ^^^^^
  |
  = help: did you mean `li.wei`?

1 error

"#]])
        .code(2);
}

/// A rule that could not be read may be the one that is for the customer.
#[test]
fn gaps_of_revisits_are_not_judged_beside_a_faulty_rule() {
    let book = |every: &str| {
        Case::new()
            .file("customers/acme.toml", "name = \"Acme\"\n")
            .file(
                "guanxi.toml",
                format!(
                    "[[revisit]]\nwhen = \"tier = AAA\"\nevery = \"30d\"\n\n[[revisit]]\n{every}\n"
                ),
            )
            .args(["check", "-f", "short"])
    };
    let said = |case: Case| {
        let found = case.output();
        let bytes = [found.stdout, found.stderr].concat();
        String::from_utf8(bytes).unwrap()
    };
    let found = said(book("when = \"annual_value >> 5\"\nevery = \"9d\""));
    assert!(
        found.contains("rule-syntax") && !found.contains("revisit-gap"),
        "{found}"
    );
    let found = said(book("when = \"tier = AA\"\nevery = \"9d\""));
    assert!(found.contains("revisit-gap"), "{found}");
}
