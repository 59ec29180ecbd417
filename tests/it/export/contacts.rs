//! `export contacts`: cards that phones read, and that a reader not ours reads back.

use std::fs;
use std::path::Path;

use super::{RAIL, answer, book, python};

/// A book of people with everything that a card has.
fn people() -> crate::case::Case {
    book(
        &[
            (
                "acme",
                "name = \"Acme; Ltd\"\ntags = [\"key\", \"a,b\"]\nwebsite = \"https://a.example/?x=1;y,2\"\n\
                 address = \"1 High St, London\"\n\
                 [[contact]]\nname = \"John A. Smith\"\ntitle = \"Buyer\"\nphone = \"+86 731 5550 0001\"\n\
                 mobile = [\"138 0000 0000\"]\nemail = [\"j@a.example\", \"s@a.example\"]\n\
                 birthday = 1980-05-01\nnote = \"likes tea\\nBEGIN:VCARD\"\n\
                 [[contact]]\nname = \"王建国\"\nphone = [\"+86 139-0000-0000\", \"0731 1\"]\nbirthday = \"05-01\"\n\
                 wechat = \"wang\"\n\
                 [[contact]]\ntitle = \"nobody knows the name\"\nphone = \"1\"\n\
                 [[contact]]\nname = \"王建国\"\n",
            ),
            (
                "bell",
                "name = \"Bell\"\n[[contact]]\nname = \"B\\u2028BEGIN:VEVENT\"\n",
            ),
        ],
        "",
    )
}

#[test]
fn a_card_for_every_person_with_a_name() {
    let case = people();
    let cards =
        String::from_utf8(answer(&case.path(""), &["export", "contacts", "id = acme"])).unwrap();
    let unfolded = cards.replace("\r\n ", "");
    let uids: Vec<&str> = unfolded
        .lines()
        .filter_map(|it| it.strip_prefix("UID:"))
        .collect();
    let expected = format!(
        "BEGIN:VCARD\nVERSION:3.0\nFN:John A. Smith\nN:Smith;John A.;;;\nORG:Acme\\; Ltd\nTITLE:Buyer\n\
         TEL;TYPE=WORK:+86 731 5550 0001\nTEL;TYPE=CELL:138 0000 0000\nEMAIL:j@a.example\nEMAIL:s@a.example\n\
         BDAY:1980-05-01\nADR:;;1 High St\\, London;;;;\nURL:https://a.example/?x=1;y,2\n\
         NOTE:likes tea\\nBEGIN:VCARD\nCATEGORIES:key,a\\,b\nUID:{}\nEND:VCARD\n\
         BEGIN:VCARD\nVERSION:3.0\nFN:王建国\nN:王建国;;;;\nORG:Acme\\; Ltd\n\
         TEL;TYPE=CELL:+86 139-0000-0000\nTEL;TYPE=WORK:0731 1\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-05-01\n\
         ADR:;;1 High St\\, London;;;;\nURL:https://a.example/?x=1;y,2\nCATEGORIES:key,a\\,b\nUID:{}\nEND:VCARD\n\
         BEGIN:VCARD\nVERSION:3.0\nFN:王建国\nN:王建国;;;;\nORG:Acme\\; Ltd\n\
         ADR:;;1 High St\\, London;;;;\nURL:https://a.example/?x=1;y,2\nCATEGORIES:key,a\\,b\nUID:{}\nEND:VCARD\n",
        uids[0], uids[1], uids[2]
    );
    assert_eq!(unfolded.replace("\r\n", "\n"), expected);
    assert!(uids[0] != uids[1] && uids[1] != uids[2] && uids[0] != uids[2]);
    let four = answer(
        &case.path(""),
        &["export", "contacts", "--vcard", "4", "id = acme"],
    );
    let four = String::from_utf8(four).unwrap();
    for line in [
        "VERSION:4.0\r\n",
        "BDAY:19800501\r\n",
        "BDAY:--0501\r\n",
        "UID;VALUE=text:",
    ] {
        assert!(four.contains(line), "{four}");
    }
}

#[test]
fn another_reader_finds_the_people_and_nothing_else() {
    let case = people();
    let file = case.path("cards.vcf");
    let script = "
import sys, vobject
cards = list(vobject.readComponents(open(sys.argv[1], newline='', encoding='utf-8').read()))
for card in cards:
    print(card.fn.value, '|', card.org.value, '|', [it.value for it in card.contents.get('tel', [])])
";
    for version in ["3", "4"] {
        fs::write(
            &file,
            answer(&case.path(""), &["export", "contacts", "--vcard", version]),
        )
        .unwrap();
        let Some(said) = python("vobject", script, &[&file]) else {
            return;
        };
        let expected = "\
John A. Smith | ['Acme; Ltd'] | ['+86 731 5550 0001', '138 0000 0000']
王建国 | ['Acme; Ltd'] | ['+86 139-0000-0000', '0731 1']
王建国 | ['Acme; Ltd'] | []
B
BEGIN:VEVENT | ['Bell'] | []
";
        assert_eq!(said, expected);
    }
    fs::write(&file, answer(Path::new(RAIL), &["export", "contacts"])).unwrap();
    if let Some(said) = python("vobject", script, &[&file]) {
        let people = answer(
            Path::new(RAIL),
            &["list", "person is known", "-f", "csv", "-c", "id,person"],
        );
        for line in String::from_utf8(people).unwrap().lines().skip(1) {
            let person = line.split_once(',').unwrap().1;
            assert!(said.contains(person), "{line}");
        }
    }
}

#[test]
fn import_of_the_cards_changes_nothing() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().display().to_string();
    let case = people();
    for book in [case.path(""), RAIL.into()] {
        for version in ["3", "4"] {
            let cards = answer(&book, &["export", "contacts", "--vcard", version]);
            fs::write(&path, cards).unwrap();
            let said = answer(&book, &["import", "customers", &path, "-f", "json"]);
            let said: serde_json::Value = serde_json::from_slice(&said).unwrap();
            let counts = &said["customers"];
            assert!(counts["same"].as_u64() > Some(0), "{said}");
            for count in ["new", "filled", "conflicts"] {
                assert_eq!(counts[count], 0, "{said}");
            }
        }
    }
}
