//! Headers and ids as other programs write them: the reader understands them, and so does whoever writes.

use guanxi::cli::Outcome;

use super::session::Session;

/// Headers that the reader takes, and what `fmt` makes of each.
const HEADERS: [(&str, &str); 6] = [
    (
        "date, customer, kind, amount\n",
        "date,customer,kind,amount\n",
    ),
    (
        "date,\u{a0}customer ,\"kind\",amount\n",
        "date,customer,kind,amount\n",
    ),
    (
        "\u{feff}\u{feff}date,customer,kind,amount\n",
        "date,customer,kind,amount\n",
    ),
    (
        ",,,\ndate,customer,kind,amount\n",
        "\ndate,customer,kind,amount\n",
    ),
    (
        "\u{feff}# c\n\"\",,,\ndate,customer, kind,amount\n",
        "# c\n\ndate,customer,kind,amount\n",
    ),
    (
        "date,customer,kind,,amount,\n",
        "date,customer,kind,amount,,\n",
    ),
];

fn book(header: &str, id: &str) -> Session {
    let session = Session::new(
        "== customers/acme.toml\nname = \"Acme\"\nformer_ids = [\"old\"]\n\
         == customers/beta.toml\nname = \"Beta\"\n",
    );
    session.write(
        "interactions/2026.csv",
        format!("{header}{}", row(header, id, "5")),
    );
    session
}

/// Returns an order below a header.
fn row(header: &str, id: &str, amount: &str) -> String {
    if header.contains(",,amount") {
        format!("2026-03-01,{id},order,,{amount},\n")
    } else {
        format!("2026-03-01,{id},order,{amount}\n")
    }
}

#[test]
fn every_writer_finds_the_columns_that_the_reader_finds() {
    for (header, formatted) in HEADERS {
        for (command, id, left) in [
            ("log acme order 7 --date 2026-03-01", "acme", &["acme"][..]),
            ("rename acme zz", "acme", &["zz"]),
            ("merge acme beta", "acme", &["beta"]),
            ("check --fix --yes", "old", &["acme"]),
            ("remove acme --with-rows", "acme", &[]),
        ] {
            let session = book(header, id);
            let said = session.run(&command.split(' ').collect::<Vec<_>>());
            assert_eq!(
                said.outcome,
                Outcome::Done,
                "{header}{command}: {}",
                said.err
            );
            let mut expected = header.to_owned();
            expected.extend(left.iter().map(|id| row(header, id, "5")));
            if command.starts_with("log") {
                expected.push_str(&row(header, id, "7"));
            }
            assert_eq!(session.read("interactions/2026.csv"), expected, "{command}");
        }
        let session = book(header, "acme");
        let refused = session.run(&["remove", "acme"]);
        assert!(refused.err.contains("`acme` has 1 row"), "{}", refused.err);
        for _ in 0..2 {
            assert_eq!(session.run(&["fmt"]).outcome, Outcome::Done, "{header}");
            let log = session.read("interactions/2026.csv");
            assert!(log.starts_with(formatted), "{log}");
        }
    }
}

#[test]
fn ids_are_compared_in_their_composed_form() {
    let session = Session::new(
        "== staff.toml\n[[staff]]\nid = \"Ren\u{e9}\"\nname = \"R\"\n\
         == customers/acme.toml\nname = \"A\"\nformer_ids = [\"th\u{e9}\"]\nowner = \"Rene\u{301}\"\n\
         == interactions/2026.csv\ndate,customer,kind,staff,ref\n\
         2026-02-01,the\u{301},complaint,Rene\u{301},C-1\n",
    );
    let said = session.run(&["check", "-f", "short"]);
    assert_eq!(said.outcome, Outcome::Done, "{}", said.out);
    assert_eq!(said.out.lines().count(), 1, "{}", said.out);
    assert!(said.out.contains("warning[former-id]"), "{}", said.out);
    let fixed = session.run(&["check", "--fix", "--yes"]);
    assert_eq!(fixed.outcome, Outcome::Done);
    assert_eq!(
        session.read("interactions/2026.csv"),
        "date,customer,kind,staff,ref\n2026-02-01,acme,complaint,Rene\u{301},C-1\n"
    );
    let listed = session.run(&["list", "-f", "csv", "-c", "id,owner"]);
    assert_eq!(listed.out, "id,owner\nacme,Ren\u{e9}\n");
}
