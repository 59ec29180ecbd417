//! What commands say of a book that git left in conflict.

use snapbox::str;

use super::session::{Session, check};

const BOOK: &str = "\
== customers/acme.toml
name = \"Acme\"
== customers/beta.toml
name = \"Beta\"
former_ids = [\"b\"]
<<<<<<< HEAD
region = \"north\"
=======
region = \"south\"
>>>>>>> other
== interactions/2026.csv
date,customer,kind,amount
2026-01-01,acme,order,1
2026-01-01,b,order,1
<<<<<<< HEAD
2026-01-02,acme,order,1200
=======
2026-01-02,acme,order,1500
>>>>>>> other
2026-01-03,acme,order,7
";

#[test]
fn neither_side_counts_and_the_conflict_alone_is_told() {
    let session = Session::new(BOOK);
    check(
        &session.play(
            "
            check -f short
            list --keep-going -c id,revenue -f csv
            set acme owner=li
            remove acme --with-rows
            ",
        ),
        str![[r#"
$ guanxi check -f short
customers/beta.toml:3:1: error[conflict-markers]: an unresolved git conflict begins here
interactions/2026.csv:4:1: error[conflict-markers]: an unresolved git conflict begins here
[Found]
$ guanxi list --keep-going -c id,revenue -f csv
id,revenue
acme,8.00
error[conflict-markers]: an unresolved git conflict begins here
 --> customers/beta.toml:3:1
  |
3 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: keep the right lines, delete the marks, and `git add` the file

error[conflict-markers]: an unresolved git conflict begins here
 --> interactions/2026.csv:4:1
  |
4 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: keep the right lines, delete the marks, and `git add` the file

2 errors
note: what these errors are about has been left out of the answer
[Found]
$ guanxi set acme owner=li
error[conflict-markers]: an unresolved git conflict begins here
 --> interactions/2026.csv:4:1
  |
4 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: keep the right lines, delete the marks, and `git add` the file

1 error
note: nothing was written
[Failed]
$ guanxi remove acme --with-rows
error[conflict-markers]: an unresolved git conflict begins here
 --> interactions/2026.csv:4:1
  |
4 | <<<<<<< HEAD
  | ^^^^^^^^^^^^
  |
  = help: keep the right lines, delete the marks, and `git add` the file

1 error
note: nothing was written
[Failed]

"#]],
    );
}
