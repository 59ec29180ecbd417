//! What stands on standard error under Chinese: no refusal, note or hint is left in English.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use crate::case::Case;

/// The header of the logs that are merged.
const HEADER: &str = "date,customer,kind,amount,ref,due,note\n";

fn book() -> Case {
    Case::new()
        .file("guanxi.toml", "")
        .file("staff.toml", "[[staff]]\nid = \"li.wei\"\n")
        .file(
            "customers/acme.toml",
            "name = \"甲公司\"\nowner = \"li.wei\"\n[[contact]]\nname = \"王五\"\n",
        )
        .file("customers/bolt.toml", "name = \"乙公司\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount\n2026-02-03,acme,order,1200\n",
        )
}

/// Runs the program in a case's folder, with a text as standard input.
fn run(
    case: &Case,
    language: &str,
    args: &[&str],
    environment: &[(&str, &str)],
    input: &[u8],
) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_guanxi"))
        .args(args)
        .current_dir(case.path(""))
        .env_clear()
        .env("PATH", std::env::var("PATH").unwrap_or_default())
        .env("LANG", language)
        .envs(environment.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // One that is refused at once reads nothing.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|it| ('一'..='鿿').contains(&it))
}

/// Looks at what stands on standard error, and returns what is wrong with it: under Chinese every line is to
/// have Chinese, and what is `expected` to be there; under English none has any but the books' names.
fn faults(
    case: &Case,
    args: &[&str],
    environment: &[(&str, &str)],
    input: &[u8],
    expected: &str,
) -> Vec<String> {
    let [chinese, english] =
        ["zh_CN.UTF-8", "C.UTF-8"].map(|it| run(case, it, args, environment, input));
    let text = |output: &Output| String::from_utf8(output.stderr.clone()).unwrap();
    let (told, told_in_english) = (text(&chinese), text(&english));
    // Pictures of places and of changed lines are the book's own words.
    let is_said = |line: &&str| {
        let line = line.trim();
        !line.is_empty()
            && !line.ends_with('|')
            && !line.starts_with('|')
            && !line.contains(" | ")
            && !line.starts_with("--> ")
    };
    let bare = |line: &str| line.split('`').step_by(2).collect::<String>();
    let mut faults = Vec::new();
    faults.extend((chinese.status != english.status).then(|| "another exit".to_owned()));
    faults.extend((!told.contains(expected)).then(|| format!("not told: {expected}: {told}")));
    faults.extend(
        told_in_english
            .is_empty()
            .then(|| "nothing in English".to_owned()),
    );
    let left = told.lines().filter(is_said).filter(|it| !is_chinese(it));
    faults.extend(left.map(|it| format!("English is left: {it}")));
    let mixed = told_in_english
        .lines()
        .filter(is_said)
        .filter(|it| is_chinese(&bare(it)));
    faults.extend(mixed.map(|it| format!("Chinese in English: {it}")));
    let at = |fault| {
        format!(
            "{args:?} {environment:?} {}: {fault}",
            String::from_utf8_lossy(input)
        )
    };
    faults.into_iter().map(at).collect()
}

/// Expects that nothing is wrong.
fn check(faults: &[String]) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn commands_refuse_in_chinese() {
    let book = book();
    let cases: [(&[&str], &str); 23] = [
        (&["add", "甲公司"], "`--force` 仍新建同名客户"),
        (&["set", "acme", "name=乙公司"], "`--force` 仍这样设置"),
        (&["set", "acme", "contact.name=x"], "contact"),
        (&["set", "acme", "score=foo"], "`score` 应当是"),
        (
            &["set", "acme", "credit_limit=foo"],
            "` 或 `credit_limit=300万`",
        ),
        (&["log", "acme", "visit", "a\u{7}b"], "控制字符 U+0007"),
        (&["log", "acme", "survey"], "评分"),
        (&["log", "acme", "stage"], "`stage` 必须有主题"),
        (&["due", "--within", "foo"], "`1y`，工作日写成 `5bd`"),
        (
            &["spread", "--over", "foo"],
            "时长写成 `7d`、`2w`、`6m` 或 `1y`",
        ),
        (&["trend", "--since", "soon"], "日期写成 `2w`、`2026-01-31`"),
        (
            &["trend", "--since", "2027-01-01", "--as-of", "2026-11-20"],
            "`--since` 为 2027-01-01",
        ),
        (&["list", "-n", "x"], "应当是整数"),
        (&["calendar", "99999999999999999999"], "超出了范围"),
        (&["config", "lnag"], "没有名为 `lnag` 的设置"),
        (&["config", "--path"], "没有设置文件"),
        (&["init", "."], "已经是账本"),
        (&["init", "--currency", "", "new"], "没有写货币名称"),
        (&["init", "--git"], "然后再执行 `guanxi init --git`"),
        (
            &["list", "--policy", "nothing.toml"],
            "没有这个文件或文件夹（os error 2）",
        ),
        (
            &["import", "log", "nothing.csv"],
            "没有这个文件或文件夹（os error 2）",
        ),
        (&["list", "-f", "ics"], "只用于 `due`、`cases` 和 `dates`"),
        (
            &[
                "remind",
                "--all",
                "--as-of",
                "2027-01-01",
                "--exec",
                "exit 3",
                "--from",
                "a@b.cn",
            ],
            "",
        ),
    ];
    let told = cases
        .iter()
        .flat_map(|(args, expected)| faults(&book, args, &[], b"", expected));
    check(&told.collect::<Vec<_>>());
}

#[test]
fn a_chinese_name_is_answered_with_the_one_to_write() {
    let book = book();
    let cases: [(&[&str], &str); 12] = [
        (&["add", "丙公司", "--stage", "投标"], "bidding"),
        (&["set", "acme", "stage=实施"], "delivery"),
        (&["log", "acme", "stage", "--topic", "已完工"], "completed"),
        (&["set", "acme", "信用额度=300万"], "credit_limit"),
        (&["explain", "acme", "应收账款"], "receivable"),
        (&["list", "-c", "名称"], "name"),
        (&["list", "-s", "年度价值"], "annual_value"),
        (&["cases", "-c", "负责人"], "staff"),
        (&["summary", "--by", "客户经理"], "owner"),
        (&["diff", "1y", "--metrics", "级别"], "tier"),
        (&["list", "级别 = AAA"], "tier"),
        (&["help", "规则"], "rules"),
    ];
    let told = cases.iter().flat_map(|(args, name)| {
        let expected = format!("= help: 您是否指 `{name}`？");
        faults(&book, args, &[], b"", &expected)
    });
    check(&told.collect::<Vec<_>>());
}

#[test]
fn a_new_book_is_commented_in_the_language_that_is_spoken() {
    let case = Case::new();
    let new = |language, folder: &str| {
        let made = run(&case, language, &["init", folder, "-q"], &[], b"");
        assert!(made.status.success());
        let policy = std::fs::read_to_string(case.path(folder).join("guanxi.toml")).unwrap();
        let ignored = std::fs::read_to_string(case.path(folder).join(".gitignore")).unwrap();
        (policy, ignored)
    };
    // What is commented out is meant to be used as it stands.
    let stated = |policy: &str| {
        let bare = policy.lines().map(|it| it.trim_start_matches("# "));
        let keys = bare.filter(|it| it.starts_with('[') || it.contains(" = "));
        keys.fold(String::new(), |all, line| all + line + "\n")
    };
    let (english, chinese) = (new("C.UTF-8", "en"), new("zh_CN.UTF-8", "zh"));
    for (policy, language) in [(&english.0, "en"), (&chinese.0, "zh")] {
        assert!(!stated(policy).is_empty());
        std::fs::write(case.path("stated.toml"), stated(policy)).unwrap();
        let args = ["list", "--book", language, "--policy", "stated.toml"];
        let listed = run(&case, "C.UTF-8", &args, &[], b"");
        assert!(listed.status.success(), "{language}: {}", stated(policy));
    }
    assert!(is_chinese(&chinese.0) && is_chinese(&chinese.1));
    assert!(!is_chinese(&english.0.replace('万', "")) && !is_chinese(&english.1));
    let rules = |text: &str| text.lines().filter(|it| !it.starts_with('#')).count();
    assert_eq!(rules(&english.1), rules(&chinese.1));
}

#[test]
fn rows_of_standard_input_are_refused_in_chinese() {
    let book = book();
    let cases: [(&[u8], &str); 10] = [
        (b"kind\nvisit\n", "没有 `customer`"),
        (b"customer\nacme\n", "没有 `kind`"),
        (
            b"customer,kind\nacme,\"visit\n",
            "标准输入，第 2 行：引号没有闭合",
        ),
        (
            b"customer,kind\nacme,a\"b\n",
            "单元格不以引号开头，中间却有引号",
        ),
        (b"customer,kind\nacme,\"a\"b\n", "右引号之后还有文字"),
        (b"customer,kind\nacme\n", "这一行有 1 个单元格，表头有 2 列"),
        (
            b"customer,customer\nacme,acme\n",
            "表头中列 `customer` 出现了两次",
        ),
        (b"customer,kind\racme,visit", "只有回车符而没有换行符"),
        (b"{\"customer\": \"acme\", \"kind\"", "内容不完整"),
        (b"\xff\xfe", "UTF-8"),
    ];
    let told = cases
        .iter()
        .flat_map(|(input, expected)| faults(&book, &["log", "-"], &[], input, expected));
    check(&told.collect::<Vec<_>>());
}

#[cfg(unix)]
#[test]
fn editors_and_commands_that_fail_are_told_in_chinese() {
    let book = book();
    let cases = [
        ("false", "编辑器 `false` 未正常结束（退出码 1）"),
        ("printf '\\377' >", "编辑器写下的内容不是 UTF-8\n"),
        ("kill -9 $$;", "未正常结束（被信号中止）"),
    ];
    let told = cases.iter().flat_map(|(editor, expected)| {
        faults(
            &book,
            &["edit", "acme"],
            &[("EDITOR", editor)],
            b"",
            expected,
        )
    });
    check(&told.collect::<Vec<_>>());
}

#[test]
fn settings_are_refused_in_the_language_that_is_spoken() {
    let environment = [("GUANXI_CONFIG", "config.toml")];
    let mut told = Vec::new();
    for (settings, expected) in [
        ("lnag = \"zh\"\n", "您是否指 `lang`？"),
        ("units = \"foo\"\n", "`units`"),
        ("[alias]\nx = 3\n", "别名 `x` 应当是文本或文本的列表"),
        ("[command.lits]\nlimit = 3\n", "没有名为 `lits` 的命令"),
        ("a = \n", "`=` 后面"),
    ] {
        let book = book().file("config.toml", settings);
        for args in [&["config", "lang"][..], &["list", "--as-of", "2026-11-20"]] {
            told.extend(faults(&book, args, &environment, b"", expected));
        }
    }
    let no_editor = faults(
        &book().file("config.toml", ""),
        &["config", "--edit"],
        &environment,
        b"",
        "没有指定编辑器",
    );
    told.extend(no_editor);
    let environment = [("GUANXI_CONFIG", "nothing.toml")];
    let expected = "无法读取设置 `nothing.toml`：没有这个文件或文件夹（os error 2）";
    told.extend(faults(&book(), &["list"], &environment, b"", expected));
    check(&told);
}

#[test]
fn the_merge_driver_speaks_chinese() {
    let base = format!("{HEADER}2026-03-05,acme,order,1000,,,\n");
    let call = "2026-03-09,acme,call,,,,\n";
    let order = |it: u32| format!("2026-03-08,acme,order,50{it},,,\n");
    let bought = (0..7).map(order).collect::<Vec<_>>().concat();
    let file = "name = \"A\"\nowner = \"li\"\n";
    let merge = |path: &str, base: &str, ours: &str, theirs: &str, expected: &str| {
        let case = Case::new().file("theirs", theirs);
        // The driver writes over ours, which a second run is to find as it was.
        for language in ["zh_CN.UTF-8", "C.UTF-8"] {
            let case = case.path("");
            std::fs::write(case.join("base"), base).unwrap();
            std::fs::write(case.join("ours"), ours).unwrap();
            let output = Command::new(env!("CARGO_BIN_EXE_guanxi"))
                .args(["merge-driver", "base", "ours", "theirs", "--path", path])
                .current_dir(&case)
                .env_clear()
                .env("PATH", std::env::var("PATH").unwrap_or_default())
                .env("LANG", language)
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            if language.starts_with("zh") {
                assert!(said.contains(expected), "{path}: {said}");
                assert!(said.lines().all(is_chinese), "{path}: {said}");
            } else {
                assert!(!is_chinese(&said) && !said.is_empty(), "{path}: {said}");
            }
        }
    };
    let log = "interactions/2026.csv";
    merge(
        log,
        &base,
        &base.replace("1000", "1200"),
        &base.replace("1000", "1500"),
        "标出了 1 处冲突：保留正确的一方",
    );
    merge(
        log,
        &base,
        &(base.clone() + &bought),
        &(base.clone() + &bought),
        "另有 2 条，合计 1011.00",
    );
    merge(
        log,
        &base,
        &(base.clone() + &bought),
        &(base.clone() + &bought),
        "2026-03-08 acme order 500：双方都有，保留一条",
    );
    merge(
        log,
        &base,
        &(base.clone() + "\"x\n"),
        &(base.clone() + call),
        "已逐行合并，请通读一遍：无法读取我方的版本：第 3 行：引号没有闭合",
    );
    merge(
        log,
        &base,
        &(base.clone() + call),
        "<<<<<<< x\n",
        "无法读取对方的版本：其中有冲突标记",
    );
    let opened = |day: &str, kind: &str| format!("{base}2026-03-{day},acme,{kind},,C-1,,\n");
    merge(
        log,
        &base,
        &opened("19", "complaint"),
        &opened("03", "response"),
        "答复的日期早于所属的",
    );
    let customers = "customers/a.toml";
    merge(
        customers,
        file,
        &file.replace("li", "wu"),
        &file.replace("li", "xu"),
        "标出了 1 处冲突",
    );
    merge(
        customers,
        file,
        &file.replace("li", "wu"),
        "name = A\n",
        "无法读取对方的版本：第 1 行：这不是数、日期",
    );
}

#[test]
fn a_command_that_looks_at_no_revision_says_what_does() {
    let case = book();
    for (command, language, help) in [
        ("remind", "C", "`guanxi due --rev REV`"),
        ("remind", "zh_CN.UTF-8", "`guanxi due --rev 版本`"),
        ("spread", "C", "`guanxi list --rev REV`"),
        ("set", "zh_CN.UTF-8", "`guanxi list --rev 版本`"),
        ("import", "C", "`guanxi list --rev REV`"),
        ("undo", "zh_CN.UTF-8", "`guanxi list --rev 版本`"),
    ] {
        let output = run(&case, language, &[command, "--rev", "HEAD"], &[], b"");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{command}: {told}");
        assert!(told.contains(help), "{command}: {told}");
        assert!(!told.contains("-- --rev"), "{command}: {told}");
    }
}

#[test]
fn an_option_of_other_commands_says_which_have_it() {
    let said = |args: &[&str], language: &str| {
        let case = Case::new().file("guanxi.toml", "");
        let output = case.args(args.iter().copied()).args(["--lang", language]);
        let output = output.output();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    for (args, option) in [
        (&["add", "A", "--units", "wan"][..], "--units"),
        (&["add", "A", "--policy", "x"], "--policy"),
        (&["log", "A", "visit", "-f", "csv"], "-f"),
        (&["brief", "-n", "3"], "-n"),
        (&["due", "--dry-run"], "--dry-run"),
        (&["undo", "--bom"], "--bom"),
        (&["config", "--exit-code"], "--exit-code"),
    ] {
        let english = said(args, "en");
        let help = format!("  = help: `{option}` is for `");
        assert!(english.contains(&help), "{english}");
        assert!(!english.contains("tip:"), "{english}");
        let chinese = said(args, "zh");
        let help = format!("  = help: `{option}` 用于 `");
        assert!(chinese.contains(&help), "{chinese}");
    }
    let shown = said(&["add", "A", "--person", "x"], "en");
    assert!(shown.contains("`--person` is for `erase`\n"), "{shown}");
}
