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
