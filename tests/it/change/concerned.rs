//! Nothing is written where the files concerned have errors, and no write leaves the book worse.

use guanxi::cli::Outcome;

use super::session::Session;

const CUSTOMERS: &str = "== customers/acme.toml\nname = \"Acme\"\n";

/// Runs a command that is to be refused with these words, and writes nothing.
fn refused(session: &Session, command: &str, words: &str) {
    let before = session.book();
    for dry in ["", " --dry-run"] {
        let command = format!("{command}{dry}");
        let said = session.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(said.outcome, Outcome::Failed, "{command}: {}", said.out);
        assert!(said.err.contains(words), "{command}: {}", said.err);
        assert_eq!(session.book(), before, "{command}");
    }
}

#[test]
fn no_log_with_rows_of_nobody_is_written_into() {
    let session = Session::new(&format!(
        "{CUSTOMERS}== customers/beta.toml\nname = \"Beta\"\n\
         == interactions/2026.csv\ndate,customer,kind,amount,staff,topic\n\
         2026-01-05,acme,order,5,,\n2026-01-06,ghost,order,7,,\n"
    ));
    for command in [
        "log acme call --date 2026-02-01",
        "set acme owner=li",
        "rename acme zz",
        "rename acme ghost",
        "merge acme beta",
        "remove acme --with-rows",
    ] {
        refused(&session, command, "error[unknown-customer]");
    }
    // Who is added is somebody.
    let added = session.run(&["add", "Ghost", "--id", "ghost"]);
    assert_eq!(added.outcome, Outcome::Done, "{}", added.err);
    let logged = session.run(&["log", "acme", "call", "--date", "2026-02-01"]);
    assert_eq!(logged.outcome, Outcome::Done, "{}", logged.err);
}

#[test]
fn an_id_is_not_given_away_while_rows_of_nobody_name_it() {
    let session = Session::new(&format!(
        "{CUSTOMERS}== interactions/2025.csv\ndate,customer,kind\n2025-01-05,ghost,visit\n\
         == interactions/2026.csv\ndate,customer,kind,note\n2026-01-05,acme,visit,not zed\n"
    ));
    refused(&session, "rename acme ghost", "interactions/2025.csv:2:12");
    // What other logs have of others is no matter.
    let renamed = session.run(&["rename", "acme", "zed"]);
    assert_eq!(renamed.outcome, Outcome::Done, "{}", renamed.err);
}

#[test]
fn rows_in_a_file_of_many_and_under_former_ids_are_somebody_s() {
    let session = Session::new(&format!(
        "{CUSTOMERS}== customers/many.toml\n[[customer]]\nid = \"b\"\nname = \"B\"\nformer_ids = [\"old\"]\n\
         == interactions/2026.csv\ndate,customer,kind\n2026-01-05,b,visit\n2026-01-06,old,visit\n"
    ));
    let logged = session.run(&["log", "acme", "call", "--date", "2026-02-01"]);
    assert_eq!(logged.outcome, Outcome::Done, "{}", logged.err);
}

#[test]
fn no_customer_is_removed_while_a_log_cannot_be_read() {
    let utf16: Vec<u8> = "\u{feff}date,customer,kind\n2026-01-05,acme,visit\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (log, words) in [
        (
            "Date,Customer,Kind\n2026-01-05,acme,visit\n",
            "error[header-missing]",
        ),
        (
            "date;customer;kind\n2026-01-05;acme;visit\n",
            "error[header-missing]",
        ),
        ("2026-01-05,acme,visit\n", "error[header-missing]"),
        (
            "date,customer,kind\n2026-01-05,beta,visit\ndate,kind,customer\n2026-01-05,visit,acme\n",
            "error[header-twice]",
        ),
    ] {
        let session = Session::new(CUSTOMERS);
        session.write("interactions/2026.csv", log);
        for command in ["remove acme", "remove acme --with-rows"] {
            refused(&session, command, words);
        }
    }
    let session = Session::new(CUSTOMERS);
    session.write("interactions/2026.csv", utf16);
    let said = session.run(&["remove", "acme"]);
    assert_eq!(said.outcome, Outcome::Failed);
    assert!(said.err.contains("UTF-16"), "{}", said.err);
    assert!(session.root().join("customers/acme.toml").exists());
}

#[cfg(unix)]
#[test]
fn no_customer_s_rows_move_while_a_log_is_a_link() {
    let session = Session::new(&format!(
        "{CUSTOMERS}== customers/beta.toml\nname = \"Beta\"\n"
    ));
    session.write("elsewhere", "date,customer,kind\n2026-01-05,acme,visit\n");
    let link = session.root().join("interactions/2026.csv");
    std::os::unix::fs::symlink(session.root().join("elsewhere"), link).unwrap();
    for command in ["remove acme", "rename acme zz", "merge acme beta"] {
        let said = session.run(&command.split(' ').collect::<Vec<_>>());
        assert_eq!(said.outcome, Outcome::Failed, "{command}: {}", said.out);
        assert!(said.err.contains("interactions/2026.csv"), "{}", said.err);
    }
}

#[test]
fn undo_does_not_take_back_what_other_rows_rest_on() {
    let session = Session::new(CUSTOMERS);
    session.run(&[
        "log",
        "acme",
        "complaint",
        "--date",
        "2026-02-01",
        "--ref",
        "C-1",
    ]);
    let log = session.read("interactions/2026.csv");
    let answer = "2026-02-02,acme,response,,,,,,C-1,,\n";
    session.write("interactions/2026.csv", format!("{log}{answer}"));
    let before = session.book();
    let shown = session.run(&["undo"]);
    assert!(
        shown.err.contains("the book has 1 error more"),
        "{}",
        shown.err
    );
    let said = session.run(&["undo", "--yes"]);
    assert_eq!(said.outcome, Outcome::Failed, "{}", said.out);
    assert!(said.err.contains("error[unknown-ref]"), "{}", said.err);
    assert!(said.err.contains("take that out first"), "{}", said.err);
    assert_eq!(session.book(), before);
    // Without it nothing is in the way.
    session.write("interactions/2026.csv", log);
    assert_eq!(session.run(&["undo", "--yes"]).outcome, Outcome::Done);
    assert_eq!(session.run(&["check", "-q"]).outcome, Outcome::Done);
}
