//! Help in Chinese: every page of every command, as the program shows it.

use guanxi::cli::command_tree;

use crate::case::Case;

fn said(args: &[&str], lang: &str) -> String {
    let output = Case::new().args(args.iter().copied());
    let output = output.args(["--lang", lang]).output();
    assert_eq!(output.status.code(), Some(0), "{args:?}");
    assert!(output.stderr.is_empty(), "{args:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// Returns every command by the words that call it, those of commands in commands too.
fn commands() -> Vec<(Vec<String>, clap::Command)> {
    let mut tree = command_tree();
    tree.build();
    let mut all = vec![(Vec::new(), tree.clone())];
    let own = |it: &&clap::Command| it.get_name() != "help";
    for command in tree.get_subcommands() {
        let name = command.get_name().to_owned();
        all.push((vec![name.clone()], command.clone()));
        for inner in command.get_subcommands().filter(own) {
            let words = vec![name.clone(), inner.get_name().to_owned()];
            all.push((words, inner.clone()));
        }
    }
    all
}

/// Returns the options and arguments of a page, as they are typed.
fn specs(page: &str) -> Vec<String> {
    let lines = page.lines().filter(|it| {
        let begins = it.trim_start().starts_with(['-', '<', '[']);
        it.starts_with("  ") && !it.starts_with("        ") && begins
    });
    let typed = lines.map(|it| it.trim().split("  ").next().unwrap_or_default().to_owned());
    typed.collect()
}

#[test]
fn every_line_of_help_has_a_chinese_word() {
    let is_han = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it);
    for (words, mut command) in commands() {
        let words = words.iter().map(String::as_str);
        let args: Vec<&str> = words.chain(["--help"]).collect();
        let page = said(&args, "zh");
        let typed = specs(&page);
        for line in page.lines() {
            let is_spec = typed.iter().any(|it| it == line.trim());
            let is_told = line.contains(is_han) || !line.contains(char::is_alphabetic);
            assert!(is_told || is_spec, "{args:?}: {line}");
        }
        assert!(page.contains("\n用法：guanxi"), "{args:?}: {page}");
        // What can be typed is the same.
        let english = command.render_long_help().to_string();
        assert_eq!(typed, specs(&english), "{args:?}");
    }
}

#[test]
fn help_is_one_page_whichever_way_it_is_asked_for() {
    for command in ["due", "check"] {
        assert_eq!(
            said(&["help", command], "zh"),
            said(&[command, "--help"], "zh")
        );
    }
    assert_eq!(said(&["help"], "zh"), said(&["--help"], "zh"));
    let page = said(&["due", "-h"], "zh");
    assert!(
        page.starts_with("列出该见的客户：逾期的和即将到期的回访，最紧迫的在前\n\n用法：guanxi due [选项] [RULE]\n\n参数：\n"),
        "{page}"
    );
    assert!(
        page.contains("\n      --within <SPAN>  往后看多久：如 `7d` 或 `2w` [默认值：7d]\n"),
        "{page}"
    );
    let page = said(&["due", "--help"], "zh");
    assert!(
        page.contains("\n          可选值：\n          - table：对齐的表格，供人阅读\n"),
        "{page}"
    );
    assert!(
        page.contains("\n示例：`guanxi due 'owner = li.wei' --within 2w`\n"),
        "{page}"
    );
}

#[test]
fn what_is_installed_is_english_unless_chinese_is_asked_for() {
    let page = |args: &[&str]| {
        let case = Case::new().args(args.iter().copied());
        let output = case.env("LANG", "zh_CN.UTF-8").output();
        String::from_utf8(output.stdout).unwrap()
    };
    let english = page(&["man", "due"]);
    assert!(english.contains("List whom to see"), "{english}");
    assert!(!english.contains("列出该见的客户"), "{english}");
    let chinese = page(&["man", "due", "--lang", "zh"]);
    assert!(chinese.contains("列出该见的客户"), "{chinese}");
    assert!(chinese.contains("对齐的表格，供人阅读"), "{chinese}");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let call = format!("__complete {shell} ");
        let in_chinese = format!("__complete {shell}-zh ");
        assert!(page(&["completions", shell]).contains(&call), "{shell}");
        let script = page(&["completions", shell, "--lang", "zh"]);
        assert!(
            script.contains(&in_chinese) && !script.contains(&call),
            "{shell}"
        );
    }
    for (words, english, chinese) in [
        (
            &["guanxi", "due", "--wi"][..],
            "How far ahead",
            "往后看多久",
        ),
        (
            &["guanxi", "sh"],
            "Show one customer",
            "在一屏内显示一家客户",
        ),
        (
            &["guanxi", "list", "-f", "ma"],
            "A Markdown table",
            "Markdown 表格",
        ),
        (
            &["guanxi", "explain", "x", "overd"],
            "Days past",
            "超过下次回访的天数",
        ),
        (
            &["guanxi", "help", "kin"],
            "The kinds of rows",
            "记录的类型",
        ),
        (&["guanxi", "due", "--within", "7"], "a week", "一周"),
    ] {
        for (shell, told) in [("zsh", english), ("zsh-zh", chinese)] {
            let mut args = vec!["__complete", shell];
            args.extend(words);
            let answer = page(&args);
            assert!(answer.contains(&format!("\t{told}")), "{args:?}: {answer}");
        }
    }
}

#[test]
fn topics_are_told_in_chinese() {
    for (topic, heading) in [
        ("kinds", "记录的类型\n\n"),
        ("rules", "规则\n\n"),
        ("writing", "改动账本\n\n"),
        ("cron", "定时任务、脚本和邮件\n\n"),
        ("format", "账本的格式\n\n"),
        ("git", "用 GIT 管理账本\n\n"),
        ("privacy", "隐私\n\n"),
    ] {
        let page = said(&["help", topic], "zh");
        assert!(page.starts_with(heading), "{topic}: {page}");
        assert!(page.lines().count() > 40, "{topic}");
    }
    // A word that is a command too: its help, then the page.
    for (topic, heading) in [
        ("export", "给其他程序"),
        ("import", "导入已有的数据"),
        ("policy", "企业自定的规则"),
        ("metrics", "指标"),
    ] {
        let page = said(&["help", topic], "zh");
        let usage = page.find(&format!("用法：guanxi {topic}")).unwrap();
        let at = page.find(&format!("\n{heading}\n\n")).unwrap();
        assert!(usage < at, "{page}");
    }
    // A line break of the page is no blank between Chinese characters.
    let is_wide = |it: char| ('\u{4e00}'..='\u{9fff}').contains(&it) || "，。、；：".contains(it);
    for topic in [
        "format", "kinds", "rules", "writing", "cron", "git", "export", "privacy", "import",
        "policy",
    ] {
        let page = said(&["help", topic], "zh");
        for line in page
            .lines()
            .filter(|it| !it.starts_with("  ") && !it.contains("  "))
        {
            let characters: Vec<char> = line.chars().collect();
            let parted = characters
                .windows(3)
                .find(|it| it[1] == ' ' && is_wide(it[0]) && is_wide(it[2]));
            assert_eq!(parted, None, "{topic}: {line}");
        }
    }
}

/// Returns the lines of a page's blocks for a shell.
fn typed(page: &str) -> Vec<&str> {
    let mut blocks = page.split("```sh\n").skip(1);
    let mut lines = Vec::new();
    for block in blocks.by_ref() {
        let block = block.split("\n```").next().unwrap();
        lines.extend(block.lines());
    }
    lines
}

#[cfg(unix)]
#[test]
fn commands_of_chinese_pages_run() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_guanxi"));
    let path = format!(
        "{}:{}",
        program.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    for name in ["kinds", "rules", "writing"] {
        let page = std::fs::read_to_string(root.join(format!("docs/zh/{name}.md"))).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let run = |line: &str| {
            let mut shell = std::process::Command::new("sh");
            shell.args(["-c", line]).current_dir(folder.path());
            let output = shell
                .env("PATH", &path)
                .env("GUANXI_BOOK", "my-book")
                .env("GUANXI_LANG", "zh")
                .output()
                .unwrap();
            let stderr = String::from_utf8(output.stderr).unwrap();
            assert!(output.status.success(), "{name}: {line}\n{stderr}");
        };
        let lines = typed(&page);
        assert!(lines.len() > 2, "{name}");
        if !lines.iter().any(|it| it.starts_with("guanxi init")) {
            run("guanxi init my-book");
            run("guanxi add 株洲地铁 --id zhuzhou-metro --owner li.wei --stage bidding");
            let kind = "\n[kind.golf]\ncontact = true\nlabel = \"高尔夫\"\n";
            let policy = folder.path().join("my-book/guanxi.toml");
            let text = std::fs::read_to_string(&policy).unwrap();
            std::fs::write(policy, text + kind).unwrap();
        }
        lines.into_iter().for_each(run);
    }
}

#[test]
fn a_word_that_nothing_is_called_by_is_told_in_chinese() {
    for (args, expected) in [
        (
            &["help", "rulse"][..],
            "没有名为 `rulse` 的命令或主题\n  = help: 您是否指 `rules`？\n",
        ),
        (
            &["man", "lits"],
            "没有名为 `lits` 的命令\n  = help: 您是否指 `list`？\n",
        ),
        (
            &["metrics", "河马"],
            "没有名为 `河马` 的指标\n  = help: `guanxi metrics` 列出全部指标\n",
        ),
        (
            &["schema", "河马"],
            "没有名为 `河马` 的 JSON 结果\n  = help: `guanxi schema` 列出全部结果\n",
        ),
        (
            &["explain", "x", "tire"],
            "没有名为 `tire` 的指标\n  = help: 您是否指 `tier`？\n",
        ),
    ] {
        let case = Case::new()
            .args(args.iter().copied())
            .args(["--lang", "zh"]);
        let output = case.output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert_eq!(stderr, format!("error: {expected}"), "{args:?}");
    }
}
