//! The fortnight of `docs/git.md`, replayed in two clones just as the page tells it.

use std::path::Path;

use super::clones::Clone;

/// Returns the text blocks of the page's fortnight.
fn blocks() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = std::fs::read_to_string(root.join("docs/git.md")).unwrap();
    let page = page.replace("\r\n", "\n");
    let (_, fortnight) = page.split_once("## A fortnight of two people").unwrap();
    let (fortnight, _) = fortnight.split_once("\n## ").unwrap();
    let blocks = fortnight.split("```text\n").skip(1);
    blocks
        .map(|it| it.split("```").next().unwrap().to_owned())
        .collect()
}

/// Returns a text in which days, years of logs and commits are no others in another run.
fn same(text: &str) -> String {
    let replace = |text: &str, pattern: &str, with: &str| {
        let pattern = regex::Regex::new(pattern).unwrap();
        pattern.replace_all(text, with).into_owned()
    };
    let text = replace(text, r"\d{4}-\d\d-\d\d", "DAY");
    let text = replace(&text, r"interactions/\d{4}\.csv", "LOG");
    replace(&text, r"\b[0-9a-f]{7,40}\b", "COMMIT")
}

#[track_caller]
fn shell(clone: &Clone, command: &str) -> (bool, String) {
    let output = clone.run("sh", &["-c", command]);
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// Makes a repository that two people share, with a customer in the book.
fn shared(folder: &Path) -> [Clone; 2] {
    let config = "[user]\nname = T\nemail = t@x.example\n[init]\ndefaultBranch = main\n";
    std::fs::write(folder.join(".gitconfig"), config).unwrap();
    let [li, wang] = ["li", "wang"].map(|name| Clone {
        folder: folder.join(name),
        home: folder.to_owned(),
    });
    std::fs::create_dir(&li.folder).unwrap();
    li.guanxi(&["init", "-q"]);
    li.guanxi(&["add", "Zhuzhou Metro", "--owner", "li.wei", "-q"]);
    li.git(&["init", "-q"]);
    li.git(&["add", "-A"]);
    li.git(&["commit", "-q", "-m", "the book"]);
    li.git(&["clone", "-q", "--bare", ".", "../hub"]);
    li.git(&["remote", "add", "origin", "../hub"]);
    li.git(&["fetch", "-q"]);
    li.git(&["branch", "-q", "--set-upstream-to", "origin/main"]);
    std::fs::create_dir(&wang.folder).unwrap();
    wang.git(&["clone", "-q", "../hub", "."]);
    for clone in [&li, &wang] {
        clone.guanxi(&["init", "--git", "-q"]);
    }
    [li, wang]
}

#[test]
fn the_fortnight_goes_as_the_page_says() {
    let folder = tempfile::tempdir().unwrap();
    let [li, wang] = shared(folder.path());
    let blocks = blocks();
    let [commands, conflict] = &blocks[..] else {
        panic!("{blocks:?}")
    };
    let mut lines = commands.lines().peekable();
    let mut count = 0;
    while let Some(line) = lines.next() {
        let (who, command) = line.split_once("$ ").unwrap();
        let clone = if who == "li" { &li } else { &wang };
        let (is_done, said) = shell(clone, command);
        assert!(is_done, "{line}: {said}");
        let mut expected = String::new();
        while let Some(line) = lines.next_if(|it| !it.contains("$ ")) {
            expected.push_str(line);
            expected.push('\n');
        }
        assert!(same(&said).starts_with(&same(&expected)), "{line}: {said}");
        count += usize::from(!expected.is_empty());
    }
    assert_eq!(count, 1);
    // The call is at home under the old id, and gets the present one.
    let (_, said) = shell(&wang, "guanxi list -f csv -c id,contacts");
    assert_eq!(said, "id,contacts\nzhuzhou-rail,1\n");
    wang.guanxi(&["check", "--fix", "--yes", "-q"]);
    wang.git(&["commit", "-qam", "the present id"]);
    assert_eq!(shell(&wang, "guanxi check -q"), (true, String::new()));
    wang.git(&["push", "-q"]);
    li.git(&["pull", "-q"]);

    // Two owners.
    li.guanxi(&["set", "zhuzhou-rail", "owner=qi", "--commit", "-q"]);
    li.git(&["push", "-q"]);
    wang.guanxi(&["set", "zhuzhou-rail", "owner=xu", "--commit", "-q"]);
    let (is_merged, _) = shell(&wang, "git pull --no-rebase");
    assert!(!is_merged);
    let file = wang.read("customers/zhuzhou-rail.toml");
    assert!(same(&file).contains(&same(conflict)), "{file}");
    assert_eq!(wang.run("guanxi", &["list"]).status.code(), Some(2));
    let mut lines = file.lines().filter(|it| !it.starts_with("owner = \"qi\""));
    let chosen: Vec<&str> = lines
        .by_ref()
        .filter(|it| !it.starts_with(['<', '|', '=', '>']) && *it != "owner = \"li.wei\"")
        .collect();
    wang.write("customers/zhuzhou-rail.toml", &(chosen.join("\n") + "\n"));
    let (_, said) = shell(&wang, "guanxi history --kind owner -f csv -c staff,topic");
    assert_eq!(said, "staff,topic\nxu,li.wei\nqi,li.wei\n");
    let (_, said) = shell(&wang, "guanxi check -f short");
    assert!(said.contains("warning[owner-differs]"), "{said}");
    wang.guanxi(&["set", "zhuzhou-rail", "owner=xu", "-q"]);
    assert_eq!(shell(&wang, "guanxi check -q"), (true, String::new()));
}
