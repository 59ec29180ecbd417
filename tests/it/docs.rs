//! The pages of `docs/` that are made from the program, and fail here once they differ from it.

use std::fmt::Write as _;
use std::path::Path;

use guanxi::cli::command_tree;
use guanxi::diagnostic::FAULTS;
use guanxi::exchange::fault::{FaultScope, IMPORT_FAULTS};
use guanxi::metric::CATALOGUE;
use guanxi::policy::{self, Policy};
use guanxi::words::Language;
use guanxi::words::terms::{term, terms_of};

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
        &policy::print(&Policy::default(), Language::English),
    );
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/policy.md");
    let page = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (before, rest) = page.split_once("| key | default | meaning |\n").unwrap();
    let (_, after) = rest.split_once("\n\n").unwrap();
    check("policy.md", &format!("{before}{}\n{after}", policy::page()));
}

#[test]
fn the_chinese_page_has_every_key_of_the_policy() {
    let page =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/zh/policy.md"));
    let page = page.unwrap();
    let rows = |page: &str| -> Vec<(String, String)> {
        let rows = page.lines().filter(|it| it.starts_with("| `"));
        let cells = rows.map(|row| row.split(" | ").map(str::to_owned).collect::<Vec<_>>());
        cells
            .map(|cells| {
                let key = cells[0].replace("`, `", "`、`");
                // A default in words is told in each language, one of the policy's own is not.
                let default = Some(&cells[1]).filter(|it| it.starts_with('`'));
                (key, default.cloned().unwrap_or_default())
            })
            .collect()
    };
    assert_eq!(rows(&page), rows(&policy::page()));
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
            FaultScope::File => "Error, the file.",
            FaultScope::Line => "Error, a line.",
            FaultScope::Warning => "Warning.",
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

#[test]
fn metrics_in_chinese() {
    let mut page = String::from(
        "# 指标\n\n\
         由测试从程序生成；`guanxi metrics` 显示同样的内容。每个指标都是 `guanxi list` 的一列、规则中的一个词、JSON 输出的一个键。规则可以用\n\
         比它更早的阶段得出的指标：事实（facts）、级别（tier）、期限（clock）、流失（churn）、标记（flags）。\n\n\
         *分组取值*是把几家客户合在一起时的数字：合计、合计之比、对全部发票合并倒推、最大、已知者的平均，或没有。\n\n\
         | 指标 | 中文 | 类型 | 单位 | 阶段 | 分组取值 | 定义 |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let word = |column, word| {
        let chinese = term(terms_of("metrics", column), word);
        escaped(chinese.unwrap_or(word))
    };
    for entry in CATALOGUE {
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            entry.name,
            entry.chinese,
            word("type", entry.kind.name()),
            word("unit", entry.unit),
            word("stage", entry.stage.name()),
            word("group", entry.group_figure.name()),
            escaped(entry.chinese_definition),
        )
        .unwrap();
    }
    check("zh/metrics.md", &page);
}

/// Returns a text for a cell of a Markdown table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace(" x ", " × ")
}
