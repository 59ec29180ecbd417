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

/// A book of which there is more to tell.
fn full_book() -> Case {
    Case::new()
        .file(
            "guanxi.toml",
            "[[tier]]\nname = \"gold\"\nwhen = \"orders > 3\"\n[[tier]]\nname = \"$(touch x)\"\n\
             [satisfaction]\nquality = 1.0\n",
        )
        .file(
            "customers/acme.toml",
            "name = \"Acme \\u202e Ltd\"\nowner = \"wang\"\nsegment = \"rail\"\ntags = [\"key\", \"old\"]\n\
             [custom]\nlines = \"two\"\n[[contact]]\nname = \"王建国\"\ntitle = \"director\"\n",
        )
        .file("customers/beta.toml", "name = \"乙\"\nsegment = \"$(touch x)\"\nregion = \"Hunan\"\n")
        .file(
            "interactions/2026.csv",
            "date,customer,kind,amount,ref,topic,due,staff\n\
             2026-01-01,acme,complaint,,C-1,crates,,\n\
             2026-01-02,acme,request,,C-2,,,\n\
             2026-01-03,acme,resolve,,C-2,,,\n\
             2026-01-04,acme,invoice,1250.00,INV-1,,,\n\
             2026-01-04,acme,invoice,99.00,INV-2,,,\n\
             2026-01-05,acme,payment,99.00,INV-2,,,\n\
             2026-01-06,acme,lead,,L-1,bridge,,\n\
             2026-01-06,beta,complaint,,C-9,,,\n",
        )
}

/// Returns the answer to words, of which the last is at the cursor, with `|` between its lines.
fn answer(case: Case, words: &[&str]) -> String {
    answer_in("bash", case, words)
}

fn answer_in(shell: &str, case: Case, words: &[&str]) -> String {
    let program = if shell == "powershell" {
        "=guanxi"
    } else {
        "guanxi"
    };
    let case = case.again(["__complete", shell, program]);
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
            "--date|--amount|--ref|--due|--score|--staff|--topic|--channel|--note|--next|--yes|--book|--dry-run|--wait|--commit|--quiet|--lang|--no-config|--help",
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
fn values_are_completed_where_they_stand() {
    for (words, expected) in [
        (&["set", "acme", "ow"][..], "owner="),
        (&["set", "acme", "owner", "="], ""),
        (&["set", "acme", "owner", "=", ""], "wang"),
        (&["set", "acme", "owner=w"], "owner=wang"),
        (&["set", "--where", "lost", "seg"], "segment="),
        (&["set", "acme", "segment="], "segment=rail"),
        (&["set", "acme", "tags=key,o"], "tags=key,old"),
        (
            &["set", "acme", "communication=d"],
            "communication=difficult",
        ),
        (&["set", "acme", "revisit=n"], "revisit=never"),
        (&["set", "acme", "custom.l"], "custom.lines="),
        (&["set", "acme", "custom.lines="], "custom.lines=two"),
        (&["set", "acme", "since=yes"], "since=yesterday"),
        (&["set", "acme", "name="], ""),
        (
            &["add", "X", "--set", "regi"],
            "region=|registered_capital=",
        ),
        (&["add", "X", "--owner", ""], "wang"),
        (&["add", "X", "--set=region=H"], "--set=region=Hunan"),
        (
            &["list", "--as-of", "to"],
            "today|today-1w|today-30d|today-90d|today-1y",
        ),
        (&["due", "--as-of=yest"], "--as-of=yesterday"),
        (&["log", "acme", "visit", "--due", "tom"], "tomorrow"),
        (&["log", "acme", "visit", "--next", "14"], "14d"),
        (&["due", "--within", "7"], "7d"),
        (&["diff", "yest"], "yesterday"),
        (&["diff", "2w", "--metrics", "tier,+gro"], "tier,+growth"),
        (&["diff", "2w", "--where", "tier=g"], "tier=gold"),
        (&["diff", "2w", "-c", "-cau"], "-cause"),
        (&["log", "acme", "response", "--ref", ""], "C-1"),
        (&["log", "acme", "reopen", "--ref", ""], "C-2"),
        (&["log", "acme", "payment", "--ref", "INV"], "INV-1"),
        (&["log", "acme", "win", "--ref="], "--ref=L-1"),
        (&["log", "--ref", ""], "--help"),
        (&["log", "acme", "--ref", ""], "C-1|C-2|INV-1|L-1"),
        (&["log", "乙", "resolve", "--ref", ""], "C-9"),
        (&["log", "nobody", "resolve", "--ref", ""], ""),
        (&["log", "acme", "visit", "--ref", ""], ""),
        (&["log", "acme", "survey", "--topic", ""], "quality"),
        (&["log", "acme", "stage", "--topic", "bid"], "bidding"),
        (&["contact", "acme", "王"], "王建国"),
        (&["schema", "history", "-c", "date,+kin"], "date,+kind"),
        (&["schema", "due", "-c", "-wh"], "-why"),
        (&["list", "--columns=id,-na"], "--columns=id,-name"),
        (&["history", "-s", "-da"], "-date"),
        // Rules: a word that is not in quotes holds no blanks.
        (&["list", "ti"], "tier"),
        (&["list", "tier=g"], "tier=gold"),
        (&["list", "tier", "=", "g"], "gold"),
        (&["list", "'tier = "], "tier = gold"),
        (
            &["due", "\"not ti"],
            "not tier|not tier =|not tier !=|not tier ~|not tier in|not tier is",
        ),
        (&["list", "'churn = w"], "churn = watch"),
        (
            &["list", "'stage in (bidding, c"],
            "stage in (bidding, completed",
        ),
        (&["list", "'owner = "], "owner = wang"),
        (&["list", "'id = b"], "id = beta"),
        (&["list", "'custom.lines = "], "custom.lines = two"),
        (
            &["list", "'segment = rail "],
            "segment = rail and|segment = rail or",
        ),
        (
            &["list", "'last_contact < tod"],
            "last_contact < today|last_contact < today-1w|last_contact < today-30d|last_contact < today-90d|last_contact < today-1y",
        ),
        (&["list", "'score is "], "score is known|score is unknown"),
        (&["list", "'lost "], "lost and|lost or|lost is"),
        (&["list", "'name = $(touch x) an"], ""),
        (&["set", "--where", "tier=g"], "tier=gold"),
    ] {
        let found = answer(full_book(), words);
        if words == ["log", "--ref", ""] {
            assert!(found.contains(expected), "{words:?}: {found}");
        } else {
            assert_eq!(found, expected, "{words:?}");
        }
    }
}

#[test]
fn words_are_described() {
    for (shell, words, expected) in [
        (
            "zsh",
            &["show", ""][..],
            "acme\tAcme \\u{202e} Ltd|beta\t乙",
        ),
        (
            "elvish",
            &["log", "acme", "response", "--ref", ""],
            "C-1\tcomplaint of 2026-01-01: crates",
        ),
        (
            "fish",
            &["log", "acme", "payment", "--ref", ""],
            "INV-1\tinvoice of 2026-01-04: 1250.00",
        ),
        ("fish", &["contact", "acme", ""], "王建国\tdirector"),
        (
            "fish",
            &["list", "-c", "id,tier"],
            "id,tier\tThe first matching tier rule's name.",
        ),
        // What they insert these quote themselves.
        ("elvish", &["list", "tier in (g"], "tier in (gold"),
        // An empty word comes with a sign before it.
        ("powershell", &["=set", "=acme", "=owner="], "owner=wang"),
        ("powershell", &["=list", "='churn = w"], "churn = watch"),
        ("powershell", &["=list", "=churn = w"], ""),
        ("powershell", &["=show", "=b"], "beta\t乙"),
    ] {
        let found = answer_in(shell, full_book(), words);
        assert_eq!(found, expected, "{shell} {words:?}");
    }
    let response = ["log", "acme", "response", "--ref", ""];
    let found = answer_in("fish-zh", full_book(), &response);
    assert_eq!(found, "C-1\t2026-01-01 的投诉：crates");
}

#[test]
fn names_stand_beside_ids_in_small_books_only() {
    let mut case = Case::new().file("guanxi.toml", "");
    let tables = |count: usize| {
        let table = |it| format!("[[customer]]\nid = \"c{it}\"\nname = \"C\"\n");
        (0..count).map(table).collect::<String>()
    };
    case = case.file("customers/many.toml", tables(2_000));
    assert_eq!(answer_in("fish", case, &["show", "c1999"]), "c1999\tC");
    let case = Case::new()
        .file("guanxi.toml", "")
        .file("customers/many.toml", tables(2_001));
    assert_eq!(answer_in("fish", case, &["show", "c1999"]), "c1999");
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
        .ok();
    let Some(output) = output else {
        let said = "there is no {shell} here: what it completes is not seen\n";
        let said = said.replace("{shell}", shell);
        let _ = std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes());
        return None;
    };
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
            _guanxi guanxi "${COMP_WORDS[COMP_CWORD]#=}" x
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
        complete -C 'guanxi set acme owner=l'
        complete -C "guanxi list 'churn = wat"
    "#;
    let expected = "acme\t$(touch x)\nid,tier\tThe first matching tier rule's name.\n--output=guanxi.toml\n\
                    cold\nwarm\nowner=li.wei\nchurn = watch\n";
    let case = book();
    if let Some(found) = in_shell(&case, "fish", script) {
        assert_eq!(found, expected);
        assert!(!case.path("x").exists());
    }
}

#[test]
fn zsh_completes() {
    // On a terminal of its own: there each line is typed, completed, and told instead of run.
    let script = r#"
        zmodload zsh/zpty
        zpty line 'zsh -f -i'
        read_to() {
            local -i tries=400
            local part
            out=''
            while (( tries-- > 0 )) && [[ $out != *${~1}* ]]; do
                if zpty -rt line part; then out+=$part; else sleep 0.05; fi
            done
        }
        zpty -w line 'stty columns 400; PS1=; autoload -Uz compinit; compinit -u -D'
        zpty -w line 'source <(guanxi completions zsh)'
        zpty -w line 'tell() { zle -I; print -r -- "<$BUFFER>"; BUFFER="" }; zle -N tell; bindkey "^X" tell'
        zpty -w line 'print RE""ADY'
        read_to READY
        for typed in 'guanxi show ac' 'guanxi set acme ow' 'guanxi set acme owner=' \
            "guanxi list 'churn = wat" 'guanxi list -c id,+ti' 'guanxi show 株' 'guanxi list -o guan'; do
            zpty -w -n line "$typed"$'\t\x18'
            read_to '<*>'
            print -r -- ${${out##*<}%%>*}
        done
    "#;
    let expected = "guanxi show acme \nguanxi set acme owner=\nguanxi set acme owner=li.wei \n\
                    guanxi list 'churn = watch' \nguanxi list -c id,+tier \nguanxi show 株洲地铁 \n\
                    guanxi list -o guanxi.toml \n";
    let case = book();
    if let Some(found) = in_shell(&case, "zsh", script) {
        assert_eq!(found, expected);
        assert!(!case.path("x").exists());
    }
}

#[test]
fn elvish_completes() {
    // What elvish has on a terminal alone is stood in for.
    let script = r#"
        var candidate~ = {|value &code-suffix='' &display=''| put $value'|'$code-suffix'|'$display }
        var edit: = (ns [
            &completion:=(ns [&arg-completer=[&]])
            &complex-candidate~=$candidate~
            &complete-filename~={|@words| put files }
        ])
        SCRIPT
        var complete = $edit:completion:arg-completer[guanxi]
        $complete guanxi show ac | each $echo~
        $complete guanxi set acme ow | each $echo~
        $complete guanxi set acme owner= | each $echo~
        $complete guanxi list 'churn = wat' | each $echo~
        $complete guanxi list -o '' | each $echo~
        $complete guanxi show --book '~/nowhere' '' | each $echo~
    "#;
    let case = book();
    let own = Case::new().args(["completions", "elvish"]).output();
    let own = String::from_utf8(own.stdout).unwrap();
    let script = script.replace("SCRIPT", &own);
    let expected = "acme| |acme  -- $(touch x)\nowner=||owner=\nowner=li.wei| |owner=li.wei\n\
                    churn = watch| |churn = watch\nfiles\n";
    if let Some(found) = in_shell(&case, "elvish", &script) {
        assert_eq!(found, expected);
        assert!(!case.path("x").exists());
    }
}

#[test]
fn powershell_has_its_script() {
    // It is seldom there to be run; what it hands over and gets back is seen above.
    let output = Case::new().args(["completions", "powershell"]).output();
    let script = String::from_utf8(output.stdout).unwrap();
    for part in [
        "Register-ArgumentCompleter -Native -CommandName guanxi -ScriptBlock {",
        "ForEach-Object { \"=$_\" }",
        "__complete powershell @asked",
        "[Console]::OutputEncoding = [System.Text.Encoding]::UTF8",
        "[System.Management.Automation.CompletionResult]::new($text, $value, 'ParameterValue', $meaning)",
    ] {
        assert!(script.contains(part), "{part}");
    }
    let count = |sign: char| script.matches(sign).count();
    assert_eq!(count('{'), count('}'));
    assert_eq!(count('('), count(')'));
}

#[test]
fn aliases_are_offered_and_go_on_as_what_they_stand_for() {
    let case = || {
        full_book()
            .file(
                "config.toml",
                "lang = \"de\"\n[alias]\nmorning = \"due --within 3d\"\nmoney = [\"list\", \"receivable > 0\", \"-c\"]\n\
                 who = \"show\"\nlist = \"due\"\n",
            )
            .env("GUANXI_CONFIG", "config.toml")
    };
    // What is wrong with the file is not told into the middle of a line, and an alias that cannot be is none.
    assert_eq!(answer(case(), &["mo"]), "morning|money");
    assert_eq!(answer_in("fish", case(), &["wh"]), "who\tshow");
    assert_eq!(
        answer_in("zsh", case(), &["mon"]),
        "money\tlist 'receivable > 0' -c"
    );
    assert_eq!(answer(case(), &["who", "ac"]), "acme");
    assert_eq!(answer_in("fish", case(), &["who", "be"]), "beta\t乙");
    assert_eq!(answer(case(), &["morning", "--withi"]), "--within");
    assert!(answer(case(), &["morning", "-s", "annual_v"]).contains("annual_value"));
    // The last word of an alias may be an option whose value comes next.
    assert_eq!(answer(case(), &["money", "annual_val"]), "annual_value");
    // Only the first word is one.
    assert_eq!(answer(case(), &["show", "who"]), "");
    let without = full_book().env("GUANXI_CONFIG", "");
    assert_eq!(answer(without, &["morni"]), "");
}

#[test]
fn the_people_of_whom_is_to_be_erased_are_offered() {
    assert_eq!(answer(full_book(), &["erase", "ac"]), "acme");
    let people = answer(full_book(), &["erase", "acme", "--person", "王"]);
    assert_eq!(people, "王建国");
}
