//! No circle of files: what two files of a module need from each other has a file of its own.
//!
//! A folder's `mod.rs` stands above the files in it, and hands on what they have; what they take from
//! it is no arrow. Names are followed through `use` to the file that defines them.

#![expect(
    clippy::string_slice,
    reason = "texts are cut where a search found something"
)]

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;

use crate::tidy::{root, rust_files};

/// A module by its path from the crate, such as `load`, `log`, `row`.
type Module = Vec<String>;

/// The code of every module, as far as names go.
struct Tree {
    files: BTreeMap<Module, Code>,
}

struct Code {
    /// The code without what it imports, comments, texts and tests.
    body: String,
    /// What it imports: the name here, and the path to it.
    uses: Vec<(String, Vec<String>)>,
    /// What it defines itself.
    defined: BTreeSet<String>,
}

#[test]
fn files_name_each_other_in_one_direction() {
    let tree = Tree::read();
    let arrows = tree.arrows();
    let circles = circles(&arrows);
    assert!(
        circles.is_empty(),
        "these files name each other in a circle; give what they share a file of its own:\n{}",
        circles.join("\n")
    );
}

impl Tree {
    fn read() -> Self {
        let mut files = BTreeMap::new();
        for path in rust_files("src") {
            let text = std::fs::read_to_string(root().join(&path)).unwrap();
            let inner = path.strip_prefix("src").unwrap().with_extension("");
            let mut module: Module = inner
                .iter()
                .map(|part| part.to_str().unwrap().to_owned())
                .collect();
            match module.last().map(String::as_str) {
                Some("mod" | "lib") => drop(module.pop()),
                Some("main" | "tests") => continue,
                _ => {}
            }
            files.insert(module, Code::of(&text));
        }
        Self { files }
    }

    /// Returns for each file those that it names, with the names.
    fn arrows(&self) -> BTreeMap<&Module, BTreeMap<Module, BTreeSet<String>>> {
        let path = Regex::new(r"(?:^|[^\w:])([a-z_]\w*(?:::\w+)+)").unwrap();
        let mut arrows: BTreeMap<&Module, BTreeMap<Module, BTreeSet<String>>> = BTreeMap::new();
        for (module, code) in &self.files {
            let imported = code.uses.iter().filter(|(name, _)| code.has_word(name));
            let inline = path
                .captures_iter(&code.body)
                .map(|found| found[1].split("::").map(str::to_owned).collect());
            let paths = imported.map(|(_, path)| path.clone()).chain(inline);
            for path in paths {
                let Some((at, rest)) = self.walk(module, &path) else {
                    continue;
                };
                let Some(name) = rest.first() else { continue };
                let Some(definer) = self.definer(&at, name, 0) else {
                    continue;
                };
                if definer != *module && !module.starts_with(&definer) {
                    let names = arrows
                        .entry(module)
                        .or_default()
                        .entry(definer)
                        .or_default();
                    names.insert(name.clone());
                }
            }
        }
        arrows
    }

    /// Follows a path from a module as far as modules go; `None` where it leads out of the crate.
    fn walk<'p>(&self, from: &Module, path: &'p [String]) -> Option<(Module, &'p [String])> {
        let first = path.first()?.as_str();
        let (mut at, mut rest) = match first {
            "crate" => (Module::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => (from.clone(), path),
            _ if self.files.contains_key(&below(from, first)) => (from.clone(), path),
            _ => {
                let uses = &self.files.get(from)?.uses;
                let (_, imported) = uses
                    .iter()
                    .find(|(name, path)| name == first && path[0] != first)?;
                let (at, left) = self.walk(from, imported)?;
                left.is_empty().then_some((at, &path[1..]))?
            }
        };
        while let Some("super") = rest.first().map(String::as_str) {
            at.pop()?;
            rest = &rest[1..];
        }
        while let Some(next) = rest.first().map(|next| below(&at, next)) {
            if !self.files.contains_key(&next) {
                break;
            }
            at = next;
            rest = &rest[1..];
        }
        Some((at, rest))
    }

    /// Returns the file that defines a name which a module has.
    fn definer(&self, module: &Module, name: &str, depth: usize) -> Option<Module> {
        let code = self.files.get(module)?;
        let imported = code.uses.iter().find(|(it, _)| it == name);
        match imported {
            // Names that no other file of ours defines, such as those that a macro makes, are its own.
            Some((_, path)) if !code.defined.contains(name) && depth < 9 => {
                let (at, rest) = self.walk(module, path)?;
                match rest.first() {
                    Some(name) => self.definer(&at, name, depth + 1),
                    None => Some(at),
                }
            }
            _ => Some(module.clone()),
        }
    }
}

impl Code {
    fn of(text: &str) -> Self {
        let code = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let code = Regex::new(r#"//[^\n]*|"(?:[^"\\]|\\.)*""#)
            .unwrap()
            .replace_all(code, "");
        let import = Regex::new(r"(?m)^\s*(?:pub(?:\([^)]*\))? )?use ([^;]+);").unwrap();
        let uses = import.captures_iter(&code);
        let uses = uses.flat_map(|found| imports(&found[1])).collect();
        let defines = Regex::new(
            r"(?m)^(?:pub(?:\([^)]*\))? )?(?:const |async )?(?:struct|enum|trait|type|fn|const|static) (\w+)",
        );
        let defines = defines.unwrap();
        Self {
            body: import.replace_all(&code, "").into_owned(),
            uses,
            defined: (defines.captures_iter(&code).map(|it| it[1].to_owned())).collect(),
        }
    }

    fn has_word(&self, name: &str) -> bool {
        let is_part = |it: Option<char>| it.is_some_and(|it| it.is_alphanumeric() || it == '_');
        self.body.match_indices(name).any(|(at, _)| {
            let (before, after) = (&self.body[..at], &self.body[at + name.len()..]);
            !is_part(before.chars().next_back()) && !is_part(after.chars().next())
        })
    }
}

/// Returns what one `use` brings: `a::{b, c as d}` is `b` of `a::b` and `d` of `a::c`.
fn imports(text: &str) -> Vec<(String, Vec<String>)> {
    let text = text.trim();
    let parts = |path: &str| -> Vec<String> {
        let parts = path.split("::").map(str::trim);
        parts
            .filter(|it| !it.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let Some((before, inner)) = text.split_once('{') else {
        let (path, name) = text.split_once(" as ").unwrap_or((text, ""));
        let path = parts(path);
        let name = match name.trim() {
            "" => path.last().unwrap().clone(),
            name => name.to_owned(),
        };
        return vec![(name, path)];
    };
    let inner = inner.strip_suffix('}').unwrap_or(inner);
    let (mut depth, mut items, mut start) = (0, Vec::new(), 0);
    for (at, character) in inner.char_indices() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&inner[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items.push(&inner[start..]);
    let items = items.into_iter().filter(|it| !it.trim().is_empty());
    let found = items.flat_map(imports).map(|(name, path)| {
        let mut whole = parts(before);
        let is_folder = path == ["self"];
        whole.extend(path.into_iter().filter(|it| it != "self"));
        let name = if is_folder && name == "self" {
            whole.last().unwrap().clone()
        } else {
            name
        };
        (name, whole)
    });
    found.collect()
}

#[test]
fn every_form_of_an_import_is_taken_apart() {
    let found = imports("super::a::{self, b, c as d, e::{f, g}}");
    let found: Vec<String> = found
        .iter()
        .map(|(name, path)| format!("{name} {}", path.join("::")))
        .collect();
    let expected = [
        "a super::a",
        "b super::a::b",
        "d super::a::c",
        "f super::a::e::f",
        "g super::a::e::g",
    ];
    assert_eq!(found, expected);
}

fn below(module: &Module, name: &str) -> Module {
    let mut below = module.clone();
    below.push(name.to_owned());
    below
}

/// Returns the arrows of each circle in words: those between files that reach each other.
fn circles(arrows: &BTreeMap<&Module, BTreeMap<Module, BTreeSet<String>>>) -> Vec<String> {
    let reached = |from: &Module| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(at) = open.pop() {
            for next in arrows.get(at).into_iter().flat_map(BTreeMap::keys) {
                if seen.insert(next) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let all: BTreeMap<&Module, BTreeSet<&Module>> =
        arrows.keys().map(|from| (*from, reached(from))).collect();
    let mut found = Vec::new();
    for (from, targets) in arrows {
        for (to, names) in targets {
            if all.get(to).is_some_and(|it| it.contains(from)) {
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                let (from, to) = (from.join("/"), to.join("/"));
                found.push(format!("{from} -> {to}: {}", names.join(", ")));
            }
        }
    }
    found
}

#[test]
fn a_circle_is_found() {
    let tree = |files: &[(&str, &str)]| Tree {
        files: files
            .iter()
            .map(|(module, text)| {
                let module = module.split('/').filter(|it| !it.is_empty());
                (module.map(str::to_owned).collect(), Code::of(text))
            })
            .collect(),
    };
    let common = [
        ("", ""),
        ("a", "mod b;\nmod c;\npub use b::B;\nstruct A;\n"),
    ];
    let b = ("a/b", "use super::c::C;\nuse super::A;\nstruct B(C, A);\n");
    for (c, is_circle) in [
        ("struct C;\n", false),
        ("use super::B;\nstruct C(B);\n", true),
        ("use super::B;\nstruct C;\n", false),
        ("struct C(super::b::B);\n", true),
        ("// super::b::B\nstruct C;\n", false),
        ("use super::A;\nstruct C(A);\n", false),
    ] {
        let tree = tree(&[common[0], common[1], b, ("a/c", c)]);
        assert_eq!(!circles(&tree.arrows()).is_empty(), is_circle, "{c}");
    }
}
