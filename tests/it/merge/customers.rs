//! Customer files and staff, key by key: the examples that `docs/merging.md` promises.

use crate::case::Case;

const BASE: &str = "\
name = \"甲\"
owner = \"li\"
tags = [\"key\"]
[[contact]]
name = \"王\"
phone = \"1\"
";

/// Merges three files of a path; returns the result, standard error and the exit status.
fn merged_at(path: &str, base: &str, ours: &str, theirs: &str) -> (String, String, Option<i32>) {
    let case = Case::new()
        .file("base", base)
        .file("ours", ours)
        .file("theirs", theirs)
        .env("PATH", &std::env::var("PATH").unwrap_or_default())
        .args(["merge-driver", "base", "ours", "theirs", "--path", path]);
    let output = case.output();
    let result = std::fs::read_to_string(case.path("ours")).unwrap();
    let notes = String::from_utf8(output.stderr).unwrap();
    (result, notes, output.status.code())
}

#[track_caller]
fn check(base: &str, ours: &str, theirs: &str, expected: &str, code: i32) {
    let (result, notes, status) = merged_at("customers/jia.toml", base, ours, theirs);
    assert_eq!(result, expected, "{notes}");
    assert_eq!(status, Some(code), "{notes}");
}

#[test]
fn e25_keys_of_both() {
    let ours = BASE.replace("\"li\"", "\"wu\"");
    let theirs = BASE.replace("tags", "stage = \"delivery\"\ntags").replace(
        "phone = \"1\"\n",
        "phone = \"1\"\nemail = \"w@x.example\"\n",
    );
    let expected = theirs.replace("\"li\"", "\"wu\"");
    check(BASE, &ours, &theirs, &expected, 0);
    check(BASE, &theirs, &ours, &expected, 0);
}

#[test]
fn e26_one_key_changed_in_two_ways() {
    let marked = "<<<<<<< ours\nowner = \"wu\"\n||||||| base\nowner = \"li\"\n=======\n\
                  owner = \"xu\"\n>>>>>>> theirs\n";
    check(
        BASE,
        &BASE.replace("\"li\"", "\"wu\""),
        &BASE.replace("\"li\"", "\"xu\""),
        &BASE.replace("owner = \"li\"\n", marked),
        1,
    );
}

#[test]
fn e27_tags_are_a_set() {
    check(
        BASE,
        &BASE.replace("[\"key\"]", "[\"key\", \"rail\"]"),
        &BASE.replace("[\"key\"]", "[\"metro\"]"),
        &BASE.replace("[\"key\"]", "[\"rail\", \"metro\"]"),
        0,
    );
}

#[test]
fn e28_a_person_deleted_here_and_changed_there() {
    let person = "[[contact]]\nname = \"王\"\nphone = \"1\"\n";
    let changed = person.replace("\"1\"", "\"2\"");
    check(
        BASE,
        &BASE.replace(person, ""),
        &BASE.replace("\"1\"", "\"2\""),
        &BASE.replace(
            person,
            &format!("<<<<<<< ours\n||||||| base\n{person}=======\n{changed}>>>>>>> theirs\n"),
        ),
        1,
    );
    check(
        BASE,
        &BASE.replace("\"1\"", "\"2\""),
        &BASE.replace(person, ""),
        &BASE.replace(
            person,
            &format!("<<<<<<< ours\n{changed}||||||| base\n{person}=======\n>>>>>>> theirs\n"),
        ),
        1,
    );
}

#[test]
fn a_value_is_replaced_and_the_comment_behind_it_stays() {
    check(
        "name = \"甲\"\nowner = \"li\" # since May\nregion = \"a\"\n",
        "name = \"甲\"\nowner = \"li\" # since May\nregion = \"b\" # moved\n",
        "name = \"甲\"\nowner = \"wu\"\nregion = \"a\"\n",
        "name = \"甲\"\nowner = \"wu\" # since May\nregion = \"b\" # moved\n",
        0,
    );
}

#[test]
fn a_new_key_follows_the_nearest_before_it() {
    check(
        "name = \"甲\"\nowner = \"li\"\n[custom]\na = 1\nb = 2\n",
        "name = \"甲\"\nowner = \"wu\"\n[custom]\na = 1\nc = 3\n",
        "name = \"甲\"\nstage = \"delivery\" # new\nowner = \"li\"\n[custom]\na = 1\nd = 4\nb = 2\n",
        "name = \"甲\"\nstage = \"delivery\" # new\nowner = \"wu\"\n[custom]\na = 1\nd = 4\nc = 3\n",
        0,
    );
}

#[test]
fn keys_of_a_table_are_places_however_it_is_written() {
    check(
        "name = \"甲\"\ncustom = { a = 1, b = 2 }\n",
        "name = \"甲\"\n\n[custom]\na = 1\nb = 3\n",
        "name = \"甲\"\ncustom = { a = 5, b = 2, c = 4 }\n",
        "name = \"甲\"\n\n[custom]\na = 5\nb = 3\nc = 4\n",
        0,
    );
    check(
        "name = \"甲\"\ncustom = { a = 1, b = 2 } # c\n",
        "name = \"甲\"\ncustom = { a = 1, b = 3 } # c\n",
        "name = \"甲\"\ncustom.b = 4\ncustom.c = 5\n",
        "name = \"甲\"\n<<<<<<< ours\ncustom = { b = 3, c = 5 } # c\n||||||| base\n\
         custom = { b = 2, c = 5 } # c\n=======\ncustom = { b = 4, c = 5 } # c\n>>>>>>> theirs\n",
        1,
    );
}

#[test]
fn a_new_table_stands_behind_the_last_of_its_kind() {
    check(
        "name = \"甲\"\n\n[[contact]]\nname = \"a\"\n\n[[date]]\nname = \"d\"\non = 2026-01-01\n",
        "name = \"甲\"\n\n[[contact]]\nname = \"a\"\nphone = \"1\"\n\n[[contact]]\nname = \"b\"\n\n\
         [[date]]\nname = \"d\"\non = 2026-01-01\n",
        "name = \"甲\"\n\n[[contact]]\nname = \"a\"\n\n# the boss\n[[contact]]\nname = \"c\"\n\n\
         [[date]]\nname = \"d\"\non = 2026-01-01\n\n[custom]\nx = 1\n",
        "name = \"甲\"\n\n[[contact]]\nname = \"a\"\nphone = \"1\"\n\n[[contact]]\nname = \"b\"\n\n\
         # the boss\n[[contact]]\nname = \"c\"\n\n[[date]]\nname = \"d\"\non = 2026-01-01\n\n\
         [custom]\nx = 1\n",
        0,
    );
}

#[test]
fn a_table_deleted_whole_and_changed_is_in_conflict_whole() {
    check(
        "name = \"甲\"\n[custom]\na = 1\nb = 2\n",
        "name = \"甲\"\n",
        "name = \"甲\"\n[custom]\na = 1\nb = 3\n",
        "name = \"甲\"\n<<<<<<< ours\n||||||| base\n[custom]\na = 1\nb = 2\n=======\n[custom]\n\
         a = 1\nb = 3\n>>>>>>> theirs\n",
        1,
    );
}

#[test]
fn the_later_review_holds() {
    check(
        "name = \"甲\"\nreviewed = 2026-01-01\n",
        "name = \"甲\"\nreviewed = 2026-03-01\n",
        "name = \"甲\"\nreviewed = 2026-02-01\n",
        "name = \"甲\"\nreviewed = 2026-03-01\n",
        0,
    );
}

const MANY: &str = "\
[[customer]]
id = \"a\"
name = \"A\"
[[customer.contact]]
name = \"p\"
phone = \"1\"

[[customer]]
id = \"b\"
name = \"B\"
";

#[test]
fn customers_are_found_by_id_and_by_former_id() {
    let ours = MANY.replace("id = \"a\"\n", "id = \"aa\"\nformer_ids = [\"a\"]\n");
    let theirs = MANY.replace("\"1\"", "\"2\"").replace(
        "\"B\"\n",
        "\"B\"\n\n[[customer]]\nid = \"c\"\nname = \"C\"\n",
    );
    let expected = ours.replace("\"1\"", "\"2\"") + "\n[[customer]]\nid = \"c\"\nname = \"C\"\n";
    check(MANY, &ours, &theirs, &expected, 0);
    check(MANY, &theirs, &ours, &expected, 0);
}

#[test]
fn a_fault_that_neither_side_has_leaves_it_to_the_person() {
    // Ids that differ in case alone are one for some file systems.
    let ours = format!("{MANY}\n[[customer]]\nid = \"x\"\nname = \"X\"\n");
    let theirs = format!("{MANY}\n[[customer]]\nid = \"X\"\nname = \"X\"\n");
    let (_, notes, code) = merged_at("customers/all.toml", MANY, &ours, &theirs);
    assert_eq!(code, Some(1));
    assert!(notes.contains("`x`"), "{notes}");
}

#[test]
fn staff_are_found_by_id_and_trainings_by_topic() {
    let base = "[[staff]]\nid = \"li\"\nname = \"Li\"\nscope = [\"rail\"]\n\
                [[staff.training]]\ntopic = \"t\"\nplanned = 2026-01-01\n";
    let ours = base.replace("[\"rail\"]", "[\"rail\", \"metro\"]");
    let theirs = base.replace("01-01", "02-01") + "\n[[staff]]\nid = \"wu\"\n";
    let expected = theirs.replace("[\"rail\"]", "[\"rail\", \"metro\"]");
    let (result, notes, code) = merged_at("staff.toml", base, &ours, &theirs);
    assert_eq!((result, code), (expected, Some(0)), "{notes}");
}

/// The tables of ours all go, the last below a blank line: those of theirs stand in their place.
#[test]
fn tables_that_all_go_make_room_for_new_ones() {
    let staff = |id: &str| format!("\n[[staff]]\nid = \"{id}\"\nname = \"N\"\n");
    let (result, notes, status) = merged_at(
        "staff.toml",
        &format!("{}{}", staff("li"), staff("wu")),
        &staff("wu"),
        &format!("{}{}{}", staff("li"), staff("xu"), staff("zh")),
    );
    let expected = format!("{}{}", staff("xu"), staff("zh"));
    assert_eq!((&*result, status), (&*expected, Some(0)), "{notes}");
}

#[test]
fn line_ends_and_mark_are_ours() {
    let ours = format!(
        "\u{feff}{}",
        BASE.replace("\"li\"", "\"wu\"").replace('\n', "\r\n")
    );
    let theirs = BASE.replace("\"1\"", "\"2\"");
    let expected = ours.replace("\"1\"", "\"2\"");
    check(BASE, &ours, &theirs, &expected, 0);
}
