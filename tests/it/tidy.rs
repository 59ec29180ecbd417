//! The shape of the source: which module may name which, how long a file may be, what must not stand
//! in the repository.
#![expect(
    clippy::string_slice,
    reason = "texts are cut where a search found something"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of the crate in their order: each names only itself and those above it.
const MODULES: &[(&str, &str)] = &[
    ("words", "what is said to people, in two languages"),
    ("source", "names, places and readers of the files"),
    ("diagnostic", "what is wrong, where, and the cure"),
    ("model", "the book and its records"),
    ("calendar", "working days"),
    ("metric", "the catalogue of figures, and values"),
    ("parallel", "work on several cores"),
    ("toml_syntax", "the TOML parser's complaints in plain words"),
    ("toml_table", "TOML tables, key by key"),
    ("toml_corpus", "the test of the two above; no code"),
    ("rule", "the rule language"),
    ("policy", "the rules and numbers in force"),
    ("load", "from files to book, policy and diagnostics"),
    ("customer_base", "models of who buys again"),
    ("figures", "every figure, and why"),
    ("check", "faults that need the whole book"),
    ("answer", "columns and rows: chosen, sorted, cut"),
    ("report", "what each answer holds"),
    ("render", "from rows to bytes"),
    ("edit", "changes to the text of files"),
    ("demo", "the book of `init --demo`"),
    ("exchange", "other programs' files, in and out"),
    ("folder", "the disk"),
    ("session", "a book opened for a question"),
    ("change", "changes as values; the merge driver"),
    ("mcp", "tools of assistants, asking the program's commands"),
    ("cli", "arguments, clock, terminal, outcome"),
];

/// Modules and folders of them, and what they may not name, though it stands above.
const NOT_FOR: &[(&str, &[&str], &str)] = &[
    (
        "customer_base",
        &[
            "source",
            "diagnostic",
            "model",
            "metric",
            "rule",
            "policy",
            "load",
        ],
        "it is mathematics alone: histories in, probabilities out",
    ),
    (
        "figures",
        &["source", "diagnostic", "load"],
        "figures are a function of book, policy and day, not of files",
    ),
    (
        "render",
        &["figures", "policy", "rule", "load"],
        "a format does not know what a tier is",
    ),
    (
        "edit",
        &["load", "figures", "policy"],
        "text in, text out; what a change means is `cli`'s",
    ),
    (
        "change/merge",
        &["policy", "figures", "check", "folder", "session"],
        "texts in, texts out, without a book",
    ),
    (
        "session",
        &["edit", "render", "exchange"],
        "a book that is asked is neither changed nor shown",
    ),
    (
        "folder",
        &["load", "model", "policy", "figures"],
        "the disk is not to know what files mean",
    ),
];

/// The most lines of a file, its unit tests not counted.
const MOST_LINES: usize = 600;

#[test]
fn modules_name_only_those_above() {
    let order: Vec<&str> = MODULES.iter().map(|it| it.0).collect();
    let mut faults = Vec::new();
    for path in rust_files("src") {
        let Some(module) = module_of(&path) else {
            continue;
        };
        let Some(place) = order.iter().position(|it| *it == module) else {
            faults.push(format!(
                "`{module}` is not in the table of tests/it/tidy.rs"
            ));
            continue;
        };
        for (line, named) in modules_named(&path, &order) {
            let at = format!("{}:{line}", path.display());
            if order[place + 1..].contains(&&*named) {
                faults.push(format!(
                    "{at}: `{module}` names `{named}`, which stands below it: move what both need up, \
                     or hand it in as an argument"
                ));
            }
            for (of, others, why) in NOT_FOR {
                if path.starts_with(Path::new("src").join(of)) && others.contains(&&*named) {
                    faults.push(format!("{at}: `{of}` names `{named}`, but {why}"));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Modules by which a program could do all that a command does.
const DOORS: [&str; 2] = ["src/session", "src/change"];

/// What only somebody at a terminal has.
const OF_A_TERMINAL: [&str; 6] = [
    "clap",
    "Console",
    "stdout",
    "stderr",
    "std::env",
    "IsTerminal",
];

#[test]
fn books_are_asked_and_changed_without_a_terminal() {
    for path in DOORS.into_iter().flat_map(rust_files) {
        let code = code_of(&path);
        for word in OF_A_TERMINAL {
            assert!(
                !code.contains(word),
                "{} names `{word}`: take a value instead, return a note or an error, and let `cli` \
                 ask and tell",
                path.display()
            );
        }
    }
}

#[test]
fn files_name_each_other_in_no_circle() {
    let named = named_by_files();
    assert!(named.len() > 300, "files are not found any more");
    let mut done = BTreeSet::new();
    let circles = named.keys();
    let circles = circles.filter_map(|it| circle_from(it, &named, &mut Vec::new(), &mut done));
    let circles: Vec<String> = circles.collect();
    assert!(
        circles.is_empty(),
        "what two files need of each other wants a place above both:\n{}",
        circles.join("\n")
    );
}

/// Which modules name which others, and by what path.
type Named = BTreeMap<String, BTreeMap<String, String>>;

/// Returns which files name which others; a module and those inside it are one thing to each other.
fn named_by_files() -> Named {
    let files = rust_files("src");
    let files = files.iter().filter(|it| !it.ends_with("tests.rs"));
    let files: BTreeMap<String, String> = files.map(|it| (module_path(it), code_of(it))).collect();
    let mut named = Named::new();
    for (module, code) in &files {
        let others = named.entry(module.clone()).or_default();
        for path in paths_in(code) {
            let Some(other) = home_of(&path, module, &files) else {
                continue;
            };
            let is_inside = |a: &str, b: &str| format!("{a}::").starts_with(&format!("{b}::"));
            if !is_inside(module, &other) && !is_inside(&other, module) {
                others.entry(other).or_insert_with(|| path.join("::"));
            }
        }
    }
    named
}

/// Returns the path of the module that a file is, `crate` for the crate's own.
fn module_path(path: &Path) -> String {
    let names = path.components().skip(1);
    let names = names.map(|it| it.as_os_str().to_str().unwrap());
    let names = names.map(|it| it.strip_suffix(".rs").unwrap_or(it));
    let names = names.filter(|it| !matches!(*it, "mod" | "lib" | "main"));
    std::iter::once("crate")
        .chain(names)
        .collect::<Vec<_>>()
        .join("::")
}

/// Returns the module in which what a path names is at home: one that hands on what is of a module of
/// its own is passed.
fn home_of(path: &[&str], from: &str, files: &BTreeMap<String, String>) -> Option<String> {
    let mut at = match path.first()? {
        &"crate" => "crate".to_owned(),
        _ => from.to_owned(),
    };
    let mut rest = &path[1..];
    if path[0] == "super" {
        at.truncate(at.rfind("::")?);
        while let Some((&"super", after)) = rest.split_first() {
            at.truncate(at.rfind("::")?);
            rest = after;
        }
    }
    while let Some((name, after)) = rest.split_first() {
        let inner = format!("{at}::{name}");
        if files.contains_key(&inner) {
            (at, rest) = (inner, after);
            continue;
        }
        let handed = files.get(&at)?.match_indices("use ");
        let handed =
            handed.flat_map(|(start, word)| paths_after(&files[&at][start + word.len()..]));
        let mut handed = handed.filter(|it| it.len() > 1 && it.last() == Some(name));
        let next = handed.find(|it| files.contains_key(&format!("{at}::{}", it[0])));
        let Some(next) = next else {
            return Some(at);
        };
        at = format!("{at}::{}", next[0]);
    }
    Some(at)
}

/// Returns the paths that a text names from the crate or from a module above.
fn paths_in(code: &str) -> Vec<Vec<&str>> {
    let starts = ["crate::", "super::"].into_iter();
    let starts = starts.flat_map(|start| code.match_indices(start));
    let starts = starts.filter(|(at, _)| !code[..*at].ends_with("::"));
    starts
        .flat_map(|(at, _)| paths_after(&code[at..]))
        .collect()
}

/// Returns the paths of a text's beginning: `a::b` and `a::c::d` of `a::{b, c::d}`.
fn paths_after(text: &str) -> Vec<Vec<&str>> {
    let mut paths = Vec::new();
    read_paths(text, &mut Vec::new(), &mut paths);
    paths
}

/// Reads a path, or several in braces, behind the names before it; returns what follows.
fn read_paths<'t>(
    text: &'t str,
    before: &mut Vec<&'t str>,
    paths: &mut Vec<Vec<&'t str>>,
) -> &'t str {
    let text = text.trim_start();
    if let Some(mut rest) = text.strip_prefix('{') {
        while !rest.trim_start().starts_with('}') && !rest.is_empty() {
            rest = read_paths(rest, before, paths);
            let end = rest.find([',', '}', ';']).unwrap_or(rest.len());
            rest = rest[end..].trim_start_matches([',', ';']);
        }
        return rest.trim_start().strip_prefix('}').unwrap_or("");
    }
    let end = text.find(|it: char| !(it.is_alphanumeric() || it == '_'));
    let (name, rest) = text.split_at(end.unwrap_or(text.len()));
    before.push(name);
    let rest = if let Some(rest) = rest.strip_prefix("::") {
        read_paths(rest, before, paths)
    } else {
        paths.push(before.clone());
        rest
    };
    before.pop();
    rest
}

#[test]
fn paths_are_read_in_every_form() {
    assert_eq!(paths_after("crate::a::B;"), [["crate", "a", "B"]]);
    assert_eq!(
        paths_after("super::{\n    a::{B, C as D},\n    E,\n};"),
        [
            vec!["super", "a", "B"],
            vec!["super", "a", "C"],
            vec!["super", "E"],
        ]
    );
}

/// Returns a circle on the way from a module, if there is one that was not seen before.
fn circle_from<'n>(
    name: &'n str,
    named: &'n Named,
    way: &mut Vec<(&'n str, &'n str)>,
    done: &mut BTreeSet<&'n str>,
) -> Option<String> {
    if let Some(at) = way.iter().position(|it| it.0 == name) {
        let steps = way[at..].iter();
        let steps = steps.map(|(name, path)| format!("{name} names {path}; "));
        return Some(steps.collect());
    }
    if !done.insert(name) {
        return None;
    }
    for (other, path) in named.get(name).into_iter().flatten() {
        way.push((name, path));
        let circle = circle_from(other, named, way, done);
        way.pop();
        if circle.is_some() {
            return circle;
        }
    }
    None
}

#[test]
fn the_architecture_page_lists_the_modules_in_their_order() {
    let page = std::fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `"));
    let listed: Vec<&str> = rows
        .filter_map(|row| row.split_once('`')?.0.into())
        .collect();
    let modules = MODULES.iter().map(|it| it.0);
    let expected: Vec<&str> = modules.filter(|it| *it != "toml_corpus").collect();
    assert_eq!(listed, expected);
}

#[test]
fn files_are_of_a_length_to_be_read() {
    for path in rust_files("src") {
        let name = path.to_str().unwrap().replace('\\', "/");
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        let is_test = name.ends_with("/tests.rs");
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let count = code.lines().count();
        assert!(
            is_test || count <= MOST_LINES,
            "{name} has {count} lines: look for the second idea in it"
        );
    }
}

/// The most silent defaults in a thousand lines of code; less is better, and this is to fall.
const MOST_DEFAULTS: f64 = 3.0;

/// How a value that is not there becomes nothing without a word.
const DEFAULTS: [&str; 9] = [
    ".unwrap_or_default()",
    ".unwrap_or(0)",
    ".unwrap_or(\"\")",
    ".unwrap_or(false)",
    ".unwrap_or(true)",
    ".unwrap_or(u32::MAX)",
    ".unwrap_or(u64::MAX)",
    ".unwrap_or(i64::MAX)",
    ".map_or(0,",
];

#[test]
fn few_values_are_nothing_in_silence() {
    let (mut defaults, mut lines) = (0_usize, 0_u32);
    for path in rust_files("src") {
        let text = std::fs::read_to_string(root().join(&path)).unwrap();
        if path.ends_with("tests.rs") {
            continue;
        }
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
        for line in code.lines().filter(is_code) {
            lines += 1;
            defaults += DEFAULTS.iter().filter(|it| line.contains(**it)).count();
        }
    }
    let share = f64::from(u32::try_from(defaults).unwrap()) * 1000.0 / f64::from(lines);
    assert!(
        share < MOST_DEFAULTS,
        "{defaults} silent defaults in {lines} lines are {share:.2} in a thousand: where one cannot be \
         needed, say so with `expect(\"what holds\")`"
    );
}

/// What takes a text that people read: what is said where it is made needs both languages.
const SAYS: [&str; 9] = [
    "bail!(",
    "anyhow!(",
    "ensure!(",
    "#[error(",
    "context(",
    "hinted(",
    "note(&",
    "io::Error::other(",
    "_or_else(||",
];

/// Where English alone is right, and why.
const ENGLISH_ALONE: [(&str, &str); 4] = [
    (
        "src/customer_base/",
        "reports say in both languages why a model failed",
    ),
    ("src/mcp/", "programs read it"),
    ("src/cli/command/mcp.rs", "programs read it"),
    ("src/cli/outcome.rs", "nobody reads it"),
];

#[test]
fn what_is_said_has_both_languages() {
    let mut faults = Vec::new();
    for path in rust_files("src") {
        let shown = path.display().to_string();
        if ENGLISH_ALONE.iter().any(|it| shown.starts_with(it.0)) || path.ends_with("tests.rs") {
            continue;
        }
        let code = code_of(&path);
        for says in SAYS {
            for (at, _) in code.match_indices(says) {
                let Some(text) = text_at(&code[at + says.len()..]) else {
                    continue;
                };
                if is_sentence(text) {
                    let line = code[..at].matches('\n').count() + 1;
                    faults.push(format!("{shown}:{line}: `{text}`"));
                }
            }
        }
    }
    assert!(
        faults.is_empty(),
        "say these in both languages, by `say!`, `both!` or `Phrase`:\n{}",
        faults.join("\n")
    );
}

/// Returns the text with which an argument begins, if it does with one that is made as it stands.
fn text_at(code: &str) -> Option<&str> {
    let mut rest = code.trim_start();
    loop {
        let before = rest;
        for skipped in [
            "||", "format!(", "&", "{", "!", "Err(", "anyhow::", "is_cut,",
        ] {
            rest = rest.strip_prefix(skipped).unwrap_or(rest).trim_start();
        }
        if rest == before {
            break;
        }
    }
    let text = rest.strip_prefix('"')?;
    let mut end = 0;
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => return Some(&text[..end]),
            b'\\' => end += 1 + usize::from(bytes.next().is_some()),
            _ => end += 1,
        }
    }
    None
}

/// Tells whether two words of English stand side by side in a text, code and arguments aside.
fn is_sentence(text: &str) -> bool {
    let mut bare = String::new();
    for (index, part) in text.split('`').enumerate() {
        bare.push_str(if index % 2 == 0 { part } else { "·" });
    }
    let words = bare.split_whitespace();
    let is_word = |word: &str| {
        let word = word.trim_end_matches([',', ':', ';', '?']);
        word.len() > 1 && word.bytes().all(|it| it.is_ascii_lowercase())
    };
    let is_word: Vec<bool> = words.map(is_word).collect();
    is_word.windows(2).any(|pair| pair[0] && pair[1])
}

#[test]
fn texts_of_one_language_are_found() {
    for (code, expected) in [
        ("\"the `{x}` is not there\")", Some(true)),
        ("\n    &format!(\n  \"no day\",", Some(true)),
        ("|| format!(\"`{path}`: {error}\"))", Some(false)),
        ("\"{}\", say!(\"the day\", \"\u{65e5}\"))", Some(false)),
        ("say!(\"the day\", \"\u{65e5}\"))", None),
        ("Phrase(\"the day\", \"\u{65e5}\"))", None),
        ("\"a \\\"quoted\\\" day here\")", Some(true)),
    ] {
        assert_eq!(text_at(code).map(is_sentence), expected, "{code}");
    }
}

/// Types that stand once for each system, of which a build has one.
const OF_A_SYSTEM: [&str; 4] = ["Dir", "FileId", "Interrupts", "Requests"];

#[test]
fn no_name_of_a_type_means_two_things() {
    let mut homes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in rust_files("src") {
        if path.ends_with("tests.rs") {
            continue;
        }
        let code = code_of(&path);
        for (line, text) in code.lines().enumerate() {
            if let Some(name) = type_of(text) {
                let at = format!("{}:{}", path.display(), line + 1);
                homes.entry(name.to_owned()).or_default().push(at);
            }
        }
    }
    assert!(homes.len() > 500, "types are not found any more");
    homes.retain(|name, at| at.len() > 1 && !OF_A_SYSTEM.contains(&name.as_str()));
    let faults = homes.iter();
    let faults = faults.map(|(name, at)| format!("`{name}` in {}", at.join(" and ")));
    let faults: Vec<String> = faults.collect();
    assert!(
        faults.is_empty(),
        "a name is to tell which of several things is meant:\n{}",
        faults.join("\n")
    );
}

/// Returns the name of the type that a line begins, if it begins one that stands on its own.
fn type_of(line: &str) -> Option<&str> {
    let mut words = line.split_whitespace().peekable();
    words.next_if(|it| it.starts_with("pub"));
    // `pub(in crate::folder)` is two words.
    words.next_if(|it| it.ends_with(')'));
    let is_inner = line.starts_with(' ');
    match words.next()? {
        "struct" | "enum" | "trait" => {}
        "type" if !is_inner => {}
        _ => return None,
    }
    let name = words.next()?;
    let end = name.find(|it: char| !(it.is_alphanumeric() || it == '_'));
    let name = &name[..end.unwrap_or(name.len())];
    (!name.is_empty()).then_some(name)
}

#[test]
fn types_are_found_however_seen_from_outside() {
    assert_eq!(type_of("pub(crate) struct Rows<'a> {"), Some("Rows"));
    assert_eq!(type_of("pub(in crate::folder) enum Step {"), Some("Step"));
    assert_eq!(type_of("type Pair = (u32, u32);"), Some("Pair"));
    assert_eq!(type_of("    type Output = Money;"), None);
    assert_eq!(type_of("    // the struct of it"), None);
}

#[test]
fn nothing_is_left_that_was_to_be_done_later() {
    let words = [
        concat!("to", "do!("),
        concat!("d", "bg!("),
        concat!("unimple", "mented!("),
        concat!("TO", "DO"),
        concat!("FIX", "ME"),
    ];
    each_text(&mut |path, text| {
        for word in words {
            assert!(!text.contains(word), "{path} has `{word}`");
        }
    });
}

#[test]
fn no_path_of_a_machine_stands_in_the_repository() {
    let starts = [
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("/wo", "rk/"),
        concat!("C:\\", "Users"),
    ];
    each_text(&mut |path, text| {
        for start in starts {
            assert!(!text.contains(start), "{path} has a path `{start}...`");
        }
    });
}

/// Returns the folder of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the module of the crate that a file of `src/` belongs to; none for `lib.rs` and `main.rs`.
fn module_of(path: &Path) -> Option<String> {
    let first = path.components().nth(1)?.as_os_str().to_str()?;
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (!matches!(module, "lib" | "main")).then(|| module.to_owned())
}

/// Returns the modules of the crate that a file names, with the line of each.
fn modules_named(path: &Path, modules: &[&str]) -> BTreeSet<(usize, String)> {
    let code = code_of(path);
    // From `src/a.rs` and `src/a/mod.rs` one `super` leads to the crate, from `src/a/b.rs` two.
    let is_folder = path.file_name().is_some_and(|name| name == "mod.rs");
    let depth = path.components().count() - 1 - usize::from(is_folder);
    let up = "super::".repeat(depth);
    let mut named = BTreeSet::new();
    for start in ["crate::", &up] {
        for (at, _) in code.match_indices(start) {
            let line = code[..at].matches('\n').count() + 1;
            for path in paths_after(&code[at + start.len()..]) {
                if modules.contains(&path[0]) {
                    named.insert((line, path[0].to_owned()));
                }
            }
        }
    }
    named
}

/// Returns the text of a file without its unit tests and with its comments as empty lines: what those
/// name is no dependency.
fn code_of(path: &Path) -> String {
    let text = std::fs::read_to_string(root().join(path)).unwrap();
    let code = text.split("\nmod tests {").next().unwrap();
    let lines = code.lines().map(|line| match line.trim_start() {
        comment if comment.starts_with("//") => "",
        _ => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Returns the Rust files below a folder, from the root.
pub(crate) fn rust_files(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    each_file(Path::new(folder), &mut |path| {
        if path.extension().is_some_and(|it| it == "rs") {
            found.push(path.to_owned());
        }
    });
    assert!(!found.is_empty());
    found
}

/// Calls `look` with every text of our own: code, pages, examples.
fn each_text(look: &mut dyn FnMut(&str, &str)) {
    for folder in [
        "src",
        "docs",
        "benches",
        "examples",
        "tests/it",
        "tests/customer_base",
        ".ci",
    ] {
        each_file(Path::new(folder), &mut |path| {
            if let Ok(text) = std::fs::read_to_string(root().join(path)) {
                look(&path.to_string_lossy(), &text);
            }
        });
    }
    for name in [
        "README.md",
        "CHANGELOG.md",
        "Cargo.toml",
        "Cargo.lock",
        "clippy.toml",
    ] {
        look(name, &std::fs::read_to_string(root().join(name)).unwrap());
    }
}

/// Calls `look` with the path of every file below a folder, both from the root.
fn each_file(folder: &Path, look: &mut dyn FnMut(&Path)) {
    let entries = std::fs::read_dir(root().join(folder)).unwrap();
    for entry in entries.map(Result::unwrap) {
        let path = folder.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            each_file(&path, look);
        } else {
            look(&path);
        }
    }
}
