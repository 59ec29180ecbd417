//! Every link of every page leads somewhere, and the list of pages has them all.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Returns the Markdown of the repository.
fn pages() -> Vec<PathBuf> {
    let is_ours = |it: &walkdir::DirEntry| {
        let name = it.file_name().to_string_lossy();
        it.depth() == 0 || !(name == "target" || name.starts_with('.') && name != ".ci")
    };
    let files = walkdir::WalkDir::new(root())
        .sort_by_file_name()
        .into_iter();
    let files = files
        .filter_entry(is_ours)
        .map(|it| it.unwrap().into_path());
    files
        .filter(|it| it.extension().is_some_and(|it| it == "md"))
        .collect()
}

/// What a page links to, and the names of its headings.
#[derive(Default)]
struct Page {
    links: Vec<String>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: &Path) -> Self {
        let text = std::fs::read_to_string(path).unwrap();
        let mut page = Self::default();
        let mut heading: Option<String> = None;
        for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
            match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    page.links.push(dest_url.into_string());
                }
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::End(TagEnd::Heading(_)) => {
                    page.anchors.extend(heading.take().as_deref().map(anchor));
                }
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        page
    }
}

/// Returns the name that a heading is linked by: small letters, blanks as hyphens, no punctuation.
fn anchor(heading: &str) -> String {
    let small = heading.to_lowercase();
    let kept = small
        .chars()
        .filter(|it| it.is_alphanumeric() || matches!(it, ' ' | '-' | '_'));
    kept.map(|it| if it == ' ' { '-' } else { it }).collect()
}

#[test]
fn every_relative_link_leads_somewhere() {
    let mut faults = Vec::new();
    let mut count = 0;
    for path in pages() {
        let page = Page::read(&path);
        for link in &page.links {
            if link.contains("://") || link.starts_with("mailto:") {
                continue;
            }
            count += 1;
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let to = if file.is_empty() {
                path.clone()
            } else {
                path.parent().unwrap().join(file)
            };
            let is_there =
                to.exists() && (heading.is_empty() || Page::read(&to).anchors.contains(heading));
            if !is_there {
                faults.push(format!(
                    "{}: {link}",
                    path.strip_prefix(root()).unwrap().display()
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 60, "{count} links");
}

#[test]
fn the_list_of_pages_has_them_all() {
    let summary = root().join("docs/SUMMARY.md");
    let linked = Page::read(&summary).links.into_iter();
    let linked: BTreeSet<PathBuf> = linked
        .map(|it| summary.parent().unwrap().join(it).canonicalize().unwrap())
        .collect();
    let is_own = |it: &PathBuf| {
        let folder = it.parent().unwrap();
        *it != summary && (folder == root() || folder == root().join("docs"))
    };
    for page in pages().into_iter().filter(is_own) {
        let page = page.canonicalize().unwrap();
        assert!(
            linked.contains(&page),
            "{} is not in the list",
            page.display()
        );
    }
}

#[test]
fn what_is_published_has_the_pages_that_the_program_carries() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let manifest: toml_edit::DocumentMut = manifest.parse().unwrap();
    let package = &manifest["package"];
    let excluded = package["exclude"].as_array().unwrap();
    for path in ["docs/", "skills/", "src/"] {
        assert!(
            !excluded.iter().any(|it| it.as_str() == Some(path)),
            "{path}"
        );
    }
    // What the package of Debian takes from the repository is there.
    for asset in package["metadata"]["deb"]["assets"].as_array().unwrap() {
        let from = asset.as_array().unwrap().get(0).unwrap().as_str().unwrap();
        let is_made = from.starts_with("target/");
        assert!(is_made || root().join(from).exists(), "{from}");
    }
}
