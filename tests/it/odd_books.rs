//! Books as disks and hands leave them: odd files, odd names, odd places.

use std::fs;

use snapbox::str;

use crate::case::Case;

/// The arguments of a check on a fixed day.
const CHECK: [&str; 3] = ["check", "--as-of", "2026-11-20"];

/// A book of one customer and one row.
fn book() -> Case {
    Case::new()
        .file("guanxi.toml", "")
        .file("customers/acme.toml", "name = \"Acme\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind\n2026-01-01,acme,visit\n",
        )
        .args(CHECK)
}

#[test]
fn a_clean_book_says_so() {
    book()
        .stdout(str![[r#"
no faults: 1 customer, 1 row

"#]])
        .code(0);
    book().args(["-q"]).code(0);
    book().args(["-f", "short"]).code(0);
    book()
        .args(["-f", "json"])
        .stdout(str![[r#"
{"schema": "check/1", "as_of": "2026-11-20", "errors": 0, "warnings": 0, "rows": []}

"#]])
        .code(0);
}

#[test]
fn faults_as_data() {
    let case = |format| {
        book()
            .file(
                "interactions/2025.csv",
                "date,customer,kind,amount\n2025-13-01,acme,visit,5\n",
            )
            .args(["-f", format])
    };
    case("short")
        .stdout(str![[r#"
interactions/2025.csv:2:1: error[date]: there is no day `2025-13-01`
interactions/2025.csv:2:23: warning[unused-cell]: `visit` has no use for an amount

"#]])
        .code(1);
    case("json")
        .stdout(str![[r#"
{"schema": "check/1", "as_of": "2026-11-20", "errors": 1, "warnings": 1, "rows": [
{"severity": "error", "code": "date", "message": "there is no day `2025-13-01`", "file": "interactions/2025.csv", "line": 2, "column": 1, "help": "write it like `2026-03-05`", "count": 1},
{"severity": "warning", "code": "unused-cell", "message": "`visit` has no use for an amount", "file": "interactions/2025.csv", "line": 2, "column": 23, "help": "correct the kind, or say it in the note", "count": 1}
]}

"#]])
        .code(1);
    case("csv")
        .stdout(str![[r#"
severity,code,message,file,line,column,help,count
error,date,there is no day `2025-13-01`,interactions/2025.csv,2,1,write it like `2026-03-05`,1
warning,unused-cell,`visit` has no use for an amount,interactions/2025.csv,2,23,"correct the kind, or say it in the note",1

"#]])
        .code(1);
}

#[test]
fn a_mistake_down_a_column_is_shown_once() {
    let rows = "2026/3/5,acme,visit,\n".repeat(12) + "2026-03-05,acme,visit,5\n";
    let case = |format| {
        let log = format!("date,customer,kind,amount\n{rows}");
        book()
            .file("interactions/2025.csv", &log)
            .args(["-f", format])
    };
    case("long")
        .stderr(str![[r#"
error[date]: `2026/3/5` is not a date
 --> interactions/2025.csv:2:1
  |
2 | 2026/3/5,acme,visit,
  | ^^^^^^^^ and 11 more in this column
  |
  = help: write it like `2026-03-05`

warning[unused-cell]: `visit` has no use for an amount
  --> interactions/2025.csv:14:23
   |
14 | 2026-03-05,acme,visit,5
   |                       ^
   |
   = help: correct the kind, or say it in the note

12 errors, 1 warning

"#]])
        .code(1);
    case("short")
        .stdout(str![[r#"
interactions/2025.csv:2:1: error[date]: `2026/3/5` is not a date (+11)
interactions/2025.csv:14:23: warning[unused-cell]: `visit` has no use for an amount

"#]])
        .code(1);
    case("jsonl").stdout(str![[r#"
{"severity": "error", "code": "date", "message": "`2026/3/5` is not a date", "file": "interactions/2025.csv", "line": 2, "column": 1, "help": "write it like `2026-03-05`", "count": 12}
{"severity": "warning", "code": "unused-cell", "message": "`visit` has no use for an amount", "file": "interactions/2025.csv", "line": 14, "column": 23, "help": "correct the kind, or say it in the note", "count": 1}

"#]]).code(1);
}

#[test]
fn warnings_alone_pass_unless_asked() {
    let case = || {
        book().file(
            "interactions/2025.csv",
            "date,customer,kind,amount\n2025-12-01,acme,visit,5\n",
        )
    };
    let said = str![[r#"
warning[unused-cell]: `visit` has no use for an amount
 --> interactions/2025.csv:2:23
  |
2 | 2025-12-01,acme,visit,5
  |                       ^
  |
  = help: correct the kind, or say it in the note

1 warning

"#]];
    case().stderr(said.clone()).code(0);
    case().args(["--exit-code"]).stderr(said).code(1);
}

#[test]
fn odd_but_harmless_things_are_passed_over() {
    let deep = "deep/".repeat(60);
    let case = book()
        .file(&format!("customers/{deep}deep.toml"), "name = \"Deep\"\n")
        .file("customers/folder.toml/beta.toml", "name = \"Beta\"\n")
        .file("customers/.hidden.toml", "no toml at all")
        .file("customers/.git/x.toml", "no toml at all")
        .file("customers/notes.txt", "\0")
        .file("interactions/only-header.csv", "date,customer,kind\n")
        .file(
            "interactions/no-newline.csv",
            "date,customer,kind\n2026-02-01,acme,call",
        )
        .file(
            "interactions/bom.csv",
            "\u{feff}# comment\r\n\r\ndate,kind,customer\r\n2026-03-01,call,acme\r\n",
        )
        .file("interactions/acme.csv", "date,kind\n2026-04-01,call\n")
        .file("customers/bom.toml", "\u{feff}name = \"Bom\"\r\n")
        .file("exports/old.csv", "\0\0")
        .file("README.md", "mine");
    case.stdout(str![[r#"
no faults: 4 customers, 4 rows

"#]])
        .code(0);
}

#[test]
fn empty_files() {
    book()
        .file("customers/empty.toml", "")
        .file("staff.toml", "")
        .file("interactions/empty.csv", "")
        .file("interactions/blank.csv", "\n\n# nothing\n")
        .stderr(str![[r#"
error[missing-key]: a customer needs a `name`
 --> customers/empty.toml:1:1
  |
1 |
  | ^
  |
  = help: add `name = ...`

error[header-missing]: the file has no header row
 --> interactions/blank.csv:1:1
  |
1 |
  | ^
  |
  = help: put `date,customer,kind,amount,score,staff,topic,channel,ref,due,note` into its first line

error[header-missing]: the file has no header row
 --> interactions/empty.csv:1:1
  |
1 |
  | ^
  |
  = help: put `date,customer,kind,amount,score,staff,topic,channel,ref,due,note` into its first line

3 errors

"#]])
        .code(1);
}

#[test]
fn conflicts_in_every_kind_of_file() {
    let conflict = |ours: &str, theirs: &str| {
        format!("<<<<<<< HEAD\n{ours}\n||||||| base\n=======\n{theirs}\n>>>>>>> theirs\n")
    };
    book()
        .file("guanxi.toml", conflict("currency = \"CNY\"", ""))
        .file("staff.toml", conflict("[[staff]]", ""))
        .file(
            "customers/beta.toml",
            conflict("name = \"B\"", "name = \"C\""),
        )
        .file(
            "customers/many.toml",
            format!(
                "[[customer]]\nid = \"c\"\nname = \"C\"\n{}",
                conflict("", "")
            ),
        )
        .file("interactions/top.csv", conflict("date,customer,kind", ""))
        .file(
            "interactions/2025.csv",
            format!(
                "date,customer,kind\n{}{}=======\n",
                conflict("2025-01-01,acme,visit", "2025-01-02,acme,visit"),
                conflict("", "2025-01-02,beta,visit"),
            ),
        )
        .args(["-f", "short"])
        .stdout(str![[r#"
customers/beta.toml:1:1: error[conflict-markers]: an unresolved git conflict begins here
customers/many.toml:4:1: error[conflict-markers]: an unresolved git conflict begins here
guanxi.toml:1:1: error[conflict-markers]: an unresolved git conflict begins here
interactions/2025.csv:2:1: error[conflict-markers]: an unresolved git conflict begins here
interactions/2025.csv:8:1: error[conflict-markers]: an unresolved git conflict begins here
interactions/2025.csv:14:1: error[conflict-markers]: an unresolved git conflict begins here
interactions/top.csv:1:1: error[conflict-markers]: an unresolved git conflict begins here
staff.toml:1:1: error[conflict-markers]: an unresolved git conflict begins here

"#]])
        .code(1);
}

#[test]
fn a_mark_below_other_lines_is_no_conflict() {
    book()
        .file(
            "customers/beta.toml",
            "name = \"B\"\naddress = '''\n=== a heading ===\n<<<<<<<<< arrows\n'''\n",
        )
        .stdout(str![[r#"
no faults: 2 customers, 1 row

"#]])
        .code(0);
}

#[test]
fn ids_that_a_file_system_may_take_for_one() {
    book()
        .file("customers/a/ACME.toml", "name = \"A\"\n")
        .file("customers/straße.toml", "name = \"S\"\n")
        .file("customers/STRASSE.toml", "name = \"S\"\n")
        .file("customers/café.toml", "name = \"C\"\n")
        .file("customers/con.x.toml", "name = \"Con\"\n")
        .args(["-f", "short"])
        .stdout(str![[r#"
customers/acme.toml: error[id-twice]: the ids `ACME` and `acme` differ only in case
customers/con.x.toml: error[id-invalid]: the id `con.x` is the name of a device on Windows
customers/straße.toml: error[id-twice]: the ids `STRASSE` and `straße` differ only in case

"#]])
        .code(1);
}

#[test]
fn a_file_of_many_customers() {
    book()
        .file(
            "customers/many.toml",
            "# two\n[[customer]]\nid = \"b\"\nname = \"\"\"B\n[[customer]]\nid = 1\n\"\"\"\n\
             [[customer]]\nid = \"c\"\nname = \"C\"\nfax = 1\n[[customer]]\nname = \"D\"\n\
             [[customer]]\nid = \"acme\"\nname = \"E\"\n[other]\n[[customer]]\nid = \"f\"\nname = \"F\n",
        )
        .file("customers/inline.toml", "customer = [{ id = \"g\", name = \"G\" }]\n")
        .stderr(str![[r#"
error[unknown-key]: no such key here: `fax`
  --> customers/many.toml:11:1
   |
11 | fax = 1
   | ^^^
   |
   = help: facts of your own belong under `[custom]` or `[profile]`

error[missing-key]: a customer needs an `id`
  --> customers/many.toml:12:1
   |
12 | [[customer]]
   | ^^^^^^^^^^^^
   |
   = help: add `id = ...`

error[id-twice]: two customers have the id `acme`
  --> customers/many.toml:15:6
   |
15 | id = "acme"
   |      ^^^^^^
   |
   = help: customers/acme.toml is the other one: rename one, or merge them

error[unknown-key]: `other` stands beside `[[customer]]` tables, where it means nothing
  --> customers/many.toml:17:2
   |
17 | [other]
   |  ^^^^^
   |
   = help: move it into one of them

error[toml-syntax]: a text in double quotes is not closed on its line
  --> customers/many.toml:20:10
   |
20 | name = "F
   |          ^
   |
   = help: put `"` at its end; a quote inside it is written `\"`

5 errors

"#]])
        .code(1);
}

#[cfg(unix)]
#[test]
fn what_is_no_file() {
    use std::os::unix::fs::symlink;
    let case = book()
        .file("away/2024.csv", "date,customer,kind\n")
        .args(["-f", "short"]);
    symlink("../away/2024.csv", case.path("interactions/2024.csv")).unwrap();
    symlink("../away", case.path("customers/away")).unwrap();
    symlink("..", case.path("customers/loop")).unwrap();
    symlink("nowhere", case.path("staff.toml")).unwrap();
    let _socket =
        std::os::unix::net::UnixListener::bind(case.path("interactions/live.csv")).unwrap();
    case.stdout(str![[r#"
customers/away: error[link]: a link inside the book: `customers/away`
customers/loop: error[link]: a link inside the book: `customers/loop`
interactions/2024.csv: error[link]: a link inside the book: `interactions/2024.csv`
interactions/live.csv: error[link]: a pipe, socket or device inside the book: `interactions/live.csv`
staff.toml: error[link]: a link inside the book: `staff.toml`

"#]])
    .code(1);
}

#[cfg(target_os = "linux")]
#[test]
fn names_that_are_no_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let case = book().args(["-f", "short"]);
    let name = OsStr::from_bytes(b"customers/caf\xe9.toml");
    fs::write(case.path(".").join(name), "name = \"C\"\n").unwrap();
    fs::write(case.path("interactions/a\n\u{1b}[31m.csv"), "").unwrap();
    case.stdout(str![[r#"
customers/caf�.toml: error[file-name]: the file's name is not plain UTF-8 text
interactions/a\u{a}\u{1b}[31m.csv: error[file-name]: the file's name is not plain UTF-8 text

"#]])
        .code(1);
}

#[test]
fn files_where_folders_belong() {
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers", "")
        .file("interactions", "")
        .args(CHECK)
        .args(["-f", "short"]);
    case.stdout(str![[r#"
customers: warning[stray-file]: this should be the folder of the customers, but is a file
interactions: warning[stray-file]: this should be the folder of the logs, but is a file

"#]])
        .code(0);
}

#[test]
fn a_book_through_a_link_and_one_without_anything() {
    Case::new()
        .file("guanxi.toml", "")
        .args(CHECK)
        .stdout(str![[r#"
no faults: 0 customers, 0 rows

"#]])
        .code(0);
    #[cfg(unix)]
    {
        let case = Case::new().args(CHECK).args(["--book", "link"]);
        fs::create_dir(case.path("real")).unwrap();
        fs::write(case.path("real/guanxi.toml"), "").unwrap();
        std::os::unix::fs::symlink("real", case.path("link")).unwrap();
        case.stdout(str![[r#"
no faults: 0 customers, 0 rows

"#]])
            .code(0);
    }
}

#[test]
fn what_is_broken_is_left_out_of_a_list_when_asked() {
    let case = |args: &[&str]| {
        Case::new()
            .file("guanxi.toml", "")
            .file("customers/acme.toml", "name = \"Acme\"\n")
            .file("customers/bad.toml", "name = \"Bad\"\nscore = 101\n")
            .file(
                "interactions/2025.csv",
                "date,customer,kind,amount,ref\n2025-01-01,acme,order,100,\n2025-01-02,acme,order,x,\n\
                 2025-01-03,bad,order,7,\n2025-01-04,acme,payment,5,NO-1\n",
            )
            .args(args.iter().copied())
            .args(["--as-of", "2025-06-01"])
    };
    let list = ["list", "-fcsv", "-cid,orders,revenue,receivable"];
    case(&list)
        .args(["--keep-going"])
        .stdout(str![[r#"
id,orders,revenue,receivable
acme,1,100.00,

"#]])
        .stderr(str![[r#"
error[wrong-value]: `score` is a number from 0 to 100, not `101`
 --> customers/bad.toml:2:9
  |
2 | score = 101
  |         ^^^
  |
  = help: write a number from 0 to 100

error[amount]: `x` is not an amount
 --> interactions/2025.csv:3:23
  |
3 | 2025-01-02,acme,order,x,
  |                       ^
  |
  = help: write it like `1250000.00`: no separators, signs of a currency or units

error[unknown-ref]: `acme` has no invoice `NO-1`
 --> interactions/2025.csv:5:27
  |
5 | 2025-01-04,acme,payment,5,NO-1
  |                           ^^^^ `payment` names the invoice it belongs to
  |
  = help: add the row that opens the invoice, or correct the ref

3 errors
note: what these errors are about has been left out of the answer

"#]])
        .code(1);
    case(&list)
        .args(["--keep-going", "-q"])
        .stdout(str![[r#"
id,orders,revenue,receivable
acme,1,100.00,

"#]])
        .stderr(str![[r#"
error[wrong-value]: `score` is a number from 0 to 100, not `101`
 --> customers/bad.toml:2:9
  |
2 | score = 101
  |         ^^^
  |
  = help: write a number from 0 to 100

error[amount]: `x` is not an amount
 --> interactions/2025.csv:3:23
  |
3 | 2025-01-02,acme,order,x,
  |                       ^
  |
  = help: write it like `1250000.00`: no separators, signs of a currency or units

error[unknown-ref]: `acme` has no invoice `NO-1`
 --> interactions/2025.csv:5:27
  |
5 | 2025-01-04,acme,payment,5,NO-1
  |                           ^^^^ `payment` names the invoice it belongs to
  |
  = help: add the row that opens the invoice, or correct the ref

3 errors

"#]])
        .code(1);
    case(&["check", "-f", "short"])
        .stdout(str![[r#"
customers/bad.toml:2:9: error[wrong-value]: `score` is a number from 0 to 100, not `101`
interactions/2025.csv:3:23: error[amount]: `x` is not an amount
interactions/2025.csv:5:27: error[unknown-ref]: `acme` has no invoice `NO-1`

"#]])
        .code(1);
}

/// Numbers of accounts and cards have more digits than a double holds.
#[test]
fn a_long_whole_number_of_ones_own_keeps_its_digits() {
    let file = "name = \"Acme\"\n[custom]\ncard = 6222021234567890123\nflags = 0xFF\nlow = -9223372036854775807\n";
    let columns = "custom.card,custom.flags,custom.low";
    book()
        .file("customers/acme.toml", file)
        .again([
            "list",
            "custom.card = custom.card",
            "-f",
            "csv",
            "-c",
            columns,
        ])
        .stdout(str![[r#"
custom.card,custom.flags,custom.low
6222021234567890123,255,-9223372036854775807

"#]])
        .code(0);
}
