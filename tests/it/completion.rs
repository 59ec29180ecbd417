//! Completion: what the program answers to a shell's script, and the scripts in real shells.

use std::path::Path;
use std::process::Command;

use crate::case::Case;

const GUANXI: &str = env!("CARGO_BIN_EXE_guanxi");

fn book() -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "stages = [\"cold\", \"warm\", \"$(touch x)\"]\n[kind.golf]\ncontact = true\n",
        )
        .file(
            "staff.toml",
            "[[staff]]\nid = \"li.wei\"\n[[staff]]\nid = \"$(touch x)\"\n",
        )
        .file("customers/acme.toml", "name = \"$(touch x)\"\n")
        .file("customers/south/株洲地铁.toml", "name = \"a\"\n")
        .file("customers/broken.toml", "nmae = \n")
        .file("customers/not an id.toml", "name = \"b\"\n")
        .file(
            "customers/many.toml",
            "[[customer]]\nid = \"c1\"\nname = \"C\"\n[[customer]]\nid = \"c2\"\nname = \"D\"\n",
        )
}

/// Returns the answer to words, of which the last is at the cursor, with `|` between its lines.
fn answer(case: Case, words: &[&str]) -> String {
    let case = case.again(["__complete", "bash", "guanxi"]);
    let case = case.args(words.iter().copied());
    let output = case.output();
    assert_eq!(output.status.code(), Some(0), "{words:?}");
    assert!(output.stderr.is_empty(), "{words:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.trim_end().replace('\n', "|")
}

#[test]
fn the_last_word_is_completed() {
    let customers = "acme|broken|c1|c2|株洲地铁";
    for (words, expected) in [
        (&["sho"][..], "show"),
        (&["show", ""], customers),
        (&["show", "a"], "acme"),
        (&["show", "--keep-going", "株"], "株洲地铁"),
        (&["show", "acme", "--al"], "--all"),
        (&["show", "--", "c"], "c1|c2"),
        (&["show", "-q", "-fcsv", "c"], "c1|c2"),
        (&["history", "--since", "today", "ac"], "acme"),
        (&["explain", "ac"], "acme"),
        (&["explain", "acme", "last_"], "last_contact|last_order"),
        (
            &["explain", "unknown-cus"],
            "unknown-customer|unknown-custom",
        ),
        (&["log", "acme", "gol"], "golf"),
        (&["log", "acme", "visit", "--staff", ""], "li.wei"),
        (
            &["log", "acme", "visit", "", ""],
            "--date|--ref|--due|--score|--staff|--topic|--channel|--note|--next|--yes|--book|--dry-run|--wait|--commit|--quiet|--help",
        ),
        (&["merge", "acme", "c"], "c1|c2"),
        (&["rename", "acme", "c"], ""),
        (&["set", "acm"], "acme"),
        (&["set", "acme", "acm"], ""),
        (&["set", "--where", "x", "acm"], ""),
        (&["handover", "li"], "li.wei"),
        (&["add", "X", "--stage", ""], "cold|warm"),
        (&["add", "X", "--commit", "--own"], "--owner"),
        (&["list", "-c", "id,fir"], "id,first_seen|id,first_order"),
        (&["list", "-s", "-ten"], "-tenure"),
        (&["list", "--columns=+wh"], ""),
        (&["due", "--columns=+wh"], "--columns=+why"),
        // As bash parts it.
        (&["due", "--columns", "=", "+pho"], "+phone"),
        (&["list", "--columns=+pho"], "--columns=+phone"),
        (
            &["history", "--kind", "visit,res"],
            "visit,response|visit,resolve",
        ),
        (&["list", "--format", "j"], "json|jsonl"),
        (&["list", "-o", ""], ":files"),
        (&["init", ""], ":files"),
        (&["man", "comp"], "completions"),
        (&["schema", "f"], "fit|fault"),
        (&["schema", "list", "-c", "id,ten"], "id,tenure"),
        (&["help", "comp"], "completions"),
        (&["help", "ru"], "rules"),
        (&["help", "metr"], "metrics"),
        (&["completions", "fi"], "fish"),
        (&["nonsense", ""], ""),
        (&["show", "acme", "too", "many", "c"], ""),
        (&["show", "--nonsense=", "ac"], "acme"),
        (&["show", "--nonsense=a"], ""),
        (&["show", "é$("], ""),
        (&["list", "-c", "$(touch x),ti"], ""),
    ] {
        let found = answer(book(), words);
        if words == ["explain", "unknown-cus"] {
            assert_eq!(found.split('|').count(), 2, "{found}");
        } else {
            assert_eq!(found, expected, "{words:?}");
        }
    }
}

#[test]
fn the_book_at_hand_is_asked() {
    let other = || {
        Case::new()
            .file("a/guanxi.toml", "")
            .file("a/customers/alpha.toml", "name = \"A\"\n")
            .file("b/guanxi.toml", "")
            .file("b/customers/beta.toml", "name = \"B\"\n")
    };
    assert_eq!(answer(other(), &["show", ""]), "");
    let named = other().env("GUANXI_BOOK", "a");
    assert_eq!(answer(named, &["show", ""]), "alpha");
    let named = other().env("GUANXI_BOOK", "a");
    assert_eq!(answer(named, &["show", "--book", "b", ""]), "beta");
    assert_eq!(answer(other(), &["show", "--book=b", ""]), "beta");
    assert_eq!(answer(other(), &["show", "--book", "=", "b", ""]), "beta");
    assert_eq!(answer(other(), &["show", "--book", "nowhere", ""]), "");
}

#[test]
fn an_interrupted_line_is_no_error() {
    for args in [
        &["__complete", "bash"][..],
        &["__complete", "bash", "guanxi"],
    ] {
        let output = Case::new().args(args.iter().copied()).output();
        assert_eq!(output.status.code(), Some(0));
        assert!(output.stdout.is_empty() && output.stderr.is_empty());
    }
    // Without a shell it is a word like any other.
    let output = Case::new().args(["__complete"]).output();
    assert_eq!(output.status.code(), Some(2));
}

/// Runs a script in a shell with the program in its path; `None` where there is no such shell.
fn in_shell(case: &Case, shell: &str, script: &str) -> Option<String> {
    let folder = Path::new(GUANXI).parent().unwrap();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders = vec![folder.to_owned()];
    folders.extend(std::env::split_paths(&path));
    let output = Command::new(shell)
        .args(["-c", script])
        .current_dir(case.path("."))
        .env_clear()
        .env("HOME", case.path("."))
        .env("PATH", std::env::join_paths(folders).unwrap())
        .env("LC_ALL", "C.UTF-8")
        .output()
        .ok()?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(said, "", "{shell}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn bash_completes() {
    let script = r#"
        source <(guanxi completions bash)
        complete -p guanxi
        try() {
            COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
            _guanxi guanxi "${COMP_WORDS[COMP_CWORD]}" x
            echo "${COMPREPLY[*]}"
        }
        try guanxi show ac
        try guanxi show 株
        try guanxi show ''
        try guanxi list --columns = id,ti
        try guanxi list -o ''
        try guanxi show --book '~/nowhere' ''
        try guanxi show --book '~' ''
        try guanxi add X --stage ''
    "#;
    let expected = "complete -F _guanxi guanxi\nacme\n株洲地铁\nacme broken c1 c2 株洲地铁\nid,tier\n\n\n\ncold warm\n";
    let case = book();
    if let Some(found) = in_shell(&case, "bash", script) {
        assert_eq!(found, expected);
        assert!(!case.path("x").exists());
    }
}

#[test]
fn fish_completes() {
    let script = r#"
        guanxi completions fish | source
        complete -C 'guanxi show ac'
        complete -C 'guanxi list -c id,tie'
        complete -C 'guanxi list --output=guan'
        complete -C 'guanxi show --book nowhere '
        complete -C 'guanxi add X --stage '
    "#;
    let expected =
        "acme\nid,tier\tThe first matching tier rule's name.\n--output=guanxi.toml\ncold\nwarm\n";
    let case = book();
    if let Some(found) = in_shell(&case, "fish", script) {
        assert_eq!(found, expected);
        assert!(!case.path("x").exists());
    }
}

#[test]
fn zsh_reads_its_script() {
    // What zsh completes can only be seen on a terminal; that it reads the script, here.
    let script = "autoload -Uz compinit; compinit -u -D; source <(guanxi completions zsh); \
                  echo $_comps[guanxi]";
    if let Some(found) = in_shell(&book(), "zsh", script) {
        assert_eq!(found, "_guanxi\n");
    }
}
