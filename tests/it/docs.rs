//! The pages of `docs/` that are made from the program, and fail here once they differ from it.

use std::fmt::Write as _;
use std::path::Path;

use guanxi::cli::command_tree;
use guanxi::diagnostic::FAULTS;
use guanxi::exchange::fault::{IMPORT_FAULTS, Scope};
use guanxi::metric::CATALOGUE;
use guanxi::policy::{self, Policy};

/// Compares a page with what it should be, or renews it where `UPDATE_DOCS` is set.
pub(crate) fn check(name: &str, expected: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs")
        .join(name);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, expected).unwrap();
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    let found = found.replace("\r\n", "\n");
    assert!(
        found == expected,
        "docs/{name} is not what the program says; `UPDATE_DOCS=1 cargo test` renews it"
    );
}

#[test]
fn commands() {
    let mut page = String::from(
        "# Commands\n\nMade from the program by a test; `guanxi help COMMAND` shows the same.\n",
    );
    let mut tree = command_tree().term_width(100);
    tree.build();
    let mut commands: Vec<clap::Command> = vec![tree.clone()];
    let shown = |it: &&clap::Command| it.get_name() != "help";
    for command in tree.get_subcommands().filter(shown) {
        commands.push(command.clone());
        commands.extend(command.get_subcommands().filter(shown).cloned());
    }
    for mut command in commands {
        let name = command.get_bin_name().unwrap_or("guanxi").to_owned();
        write!(page, "\n## {name}\n\n```text\n").unwrap();
        for line in command.render_long_help().to_string().trim_end().lines() {
            writeln!(page, "{}", line.trim_end()).unwrap();
        }
        page.push_str("```\n");
    }
    check("commands.md", &page);
}

#[test]
fn the_default_policy_and_its_keys() {
    check(
        "../src/policy/default.toml",
        &policy::print(&Policy::default()),
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md");
    let page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once("| key | default | meaning |\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check("policy.md", &format!("{before}{}\n{after}", policy::page()));
}

#[test]
fn metrics() {
    let mut page = String::from(
        "# Metrics\n\n\
         Made from the program by a test; `guanxi metrics` shows the same. Every metric is a column of\n\
         `guanxi list`, a word of rules, and a key of JSON output. A rule may use metrics of an earlier\n\
         stage than its own: facts, tier, clock, churn, flags. `docs/methods.md` has worked numbers.\n\n\
         The *group* figure is what a metric is of several customers taken together: their *sum*, the\n\
         *quotient* of the sums of its parts, one *walk* back over all their invoices, the *greatest*, the\n\
         *mean* of those where it is known, or *none*.\n\n\
         | metric | type | unit | stage | group | definition |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for entry in CATALOGUE {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} |",
            entry.name,
            entry.kind.name(),
            escaped(entry.unit),
            entry.stage.name(),
            entry.group_figure.name(),
            escaped(entry.definition),
        )
        .unwrap();
    }
    check("metrics.md", &page);
}

#[test]
fn faults() {
    let mut page = String::from(
        "# Faults\n\n\
         Made from the program by a test; `guanxi explain CODE` shows the same. An error makes every\n\
         command refuse the book, unless `--keep-going` leaves the record out; a warning is only told\n\
         by `guanxi check`.\n",
    );
    for fault in FAULTS {
        let word = fault.severity.word();
        write!(
            page,
            "\n## {}\n\n*{word}.* {}\n\n**To mend it:** {}\n",
            fault.code, fault.meaning, fault.cure
        )
        .unwrap();
    }
    page.push_str(
        "\n# Faults of an import\n\n\
         What may be wrong with a file that `guanxi import` reads. Some have the code of a fault of the book;\n\
         `guanxi explain CODE` then shows both. A fault of the *file* ends its reading, one of a *line* refuses\n\
         that line.\n",
    );
    for it in IMPORT_FAULTS {
        let scope = match it.scope {
            Scope::File => "Error, the file.",
            Scope::Line => "Error, a line.",
            Scope::Warning => "Warning.",
        };
        let (code, meaning, cure) = (it.fault.code, it.fault.meaning, it.fault.cure);
        write!(
            page,
            "\n## {code} (import)\n\n*{scope}* {meaning}\n\n**To mend it:** {cure}\n"
        )
        .unwrap();
    }
    check("faults.md", &page);
}

/// Returns a text for a cell of a Markdown table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace(" x ", " × ")
}
