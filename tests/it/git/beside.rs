//! Reading and writing while git changes the files.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::repository::{Repository, git_in, program, said};

const LIST: [&str; 7] = [
    "list",
    "-f",
    "csv",
    "-c",
    "id,name,revenue,last_contact",
    "--as-of",
    "2026-06-01",
];

/// Returns a book of many customers whose every file names the branch.
fn book(branch: &str, amount: u32) -> String {
    let mut files = format!("== guanxi.toml\ncurrency = \"{branch}\"\n");
    for customer in 0..60 {
        let _ = write!(
            files,
            "== customers/c{customer}.toml\nname = \"{branch} {customer}\"\n"
        );
    }
    for month in 1..=5 {
        let _ = write!(
            files,
            "== interactions/2026-{month:02}.csv\ndate,customer,kind,amount\n"
        );
        for customer in 0..60 {
            let _ = writeln!(files, "2026-{month:02}-03,c{customer},order,{amount}");
        }
    }
    files
}

/// Returns a repository with a branch `other` beside `main`, whose books differ in every file, and
/// what `list` says of each.
fn two_branches(prefix: &'static str) -> Option<(Repository, [String; 2])> {
    let repository = Repository::new(prefix, &book("CNY", 100))?;
    let main = repository.run(&LIST);
    assert_eq!((main.code, main.err.as_str()), (0, ""));
    repository.git(&["checkout", "--quiet", "-b", "other"]);
    for file in book("EUR", 7).split("== ").skip(1) {
        let (path, text) = file.split_once('\n').unwrap();
        if !path.ends_with("c7.toml") {
            repository.write(path, text);
        }
    }
    repository.write("customers/d.toml", "name = \"only here\"\n");
    repository.commit("other");
    let other = repository.run(&LIST);
    assert_eq!((other.code, other.err.as_str()), (0, ""));
    assert_ne!(main.out, other.out);
    Some((repository, [main.out, other.out]))
}

/// Switches between the branches for a while and lists meanwhile: every answer is of one of them.
fn race(repository: &Repository, folder: &std::path::Path, answers: &[String; 2]) {
    const HOW_LONG: Duration = Duration::from_secs(2);
    let is_over = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        scope.spawn(|| {
            let mut turn = 0;
            while !is_over.load(Ordering::Relaxed) {
                let branch = ["main", "other"][turn % 2];
                let step = ["checkout", "reset"][(turn / 2) % 2];
                match step {
                    "checkout" => git_in(folder, &["checkout", "--quiet", "--detach", branch]),
                    _ => git_in(folder, &["reset", "--quiet", "--hard", branch]),
                };
                turn += 1;
                thread::sleep(Duration::from_millis(15));
            }
        });
        let started = Instant::now();
        let mut seen = [0, 0, 0];
        while started.elapsed() < HOW_LONG {
            let said = said(&program(folder).args(LIST).output().unwrap());
            if let Some(at) = answers.iter().position(|it| *it == said.out) {
                assert_eq!((said.code, said.err.as_str()), (0, ""));
                seen[at] += 1;
            } else {
                assert_eq!((said.code, said.out.as_str()), (2, ""), "{}", said.err);
                assert!(said.err.contains("git "), "{}", said.err);
                seen[2] += 1;
            }
        }
        is_over.store(true, Ordering::Relaxed);
        seen
    });
    println!(
        "{} of main, {} of other, {} refused",
        seen[0], seen[1], seen[2]
    );
    assert!(seen[0] + seen[1] > 0, "some answer came through");
    let _ = repository;
}

#[test]
fn every_answer_beside_a_switching_git_is_of_one_branch() {
    let Some((repository, answers)) = two_branches("books/rail") else {
        return;
    };
    race(&repository, &repository.book(), &answers);
}

#[test]
fn the_same_in_a_linked_work_tree_with_a_split_index() {
    let Some((repository, answers)) = two_branches("") else {
        return;
    };
    let linked = repository.beside("linked");
    let path = linked.to_str().unwrap();
    repository.git(&["worktree", "add", "--quiet", "--detach", path, "main"]);
    git_in(&linked, &["update-index", "--split-index"]);
    race(&repository, &linked, &answers);
}

#[test]
fn a_lock_that_a_crash_left_is_named() {
    let Some(repository) = Repository::new("", &book("CNY", 1)) else {
        return;
    };
    let lock = repository.top().join(".git/index.lock");
    std::fs::write(&lock, "").unwrap();
    for args in [
        &["list", "--wait", "0"][..],
        &["check", "--wait", "0"],
        &["log", "c1", "order", "5", "--wait", "0"],
        &["set", "c1", "region=X", "--wait", "0"],
    ] {
        let said = repository.run(args);
        assert_eq!((said.code, said.out.as_str()), (2, ""), "{args:?}");
        let path = std::fs::canonicalize(&lock).unwrap();
        let expected = format!(
            "error: git is at work on these files: `{}` is still there; waited 0.0 s\n  = help: let \
             git finish, or wait longer by `--wait SECONDS`; if no git runs any more, it was cut \
             short: delete that file\n",
            path.display()
        );
        assert_eq!(said.err, expected, "{args:?}");
    }
    thread::scope(|scope| {
        scope.spawn(|| {
            thread::sleep(Duration::from_millis(200));
            std::fs::remove_file(&lock).unwrap();
        });
        let said = repository.run(&["log", "c1", "order", "5", "--date", "2026-05-09"]);
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
    });
    assert_eq!(
        repository.git(&["status", "--short"]),
        "?? interactions/2026.csv\n"
    );
}

#[test]
fn a_hook_of_the_git_that_holds_the_index_may_read() {
    let Some(repository) = Repository::new("", &book("CNY", 1)) else {
        return;
    };
    let hook = repository.top().join(".git/hooks/pre-commit");
    let program = env!("CARGO_BIN_EXE_guanxi");
    let script = format!("#!/bin/sh\nexec '{program}' list -n 1 -f csv -c id --wait 0 >&2\n");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(&hook, script).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
        repository.write("customers/c1.toml", "name = \"x\"\n");
        repository.git(&["commit", "--quiet", "-a", "-m", "all"]);
        repository.write("customers/c1.toml", "name = \"y\"\n");
        repository.git(&["commit", "--quiet", "-m", "one", "customers/c1.toml"]);
    }
}

#[test]
fn eight_logs_at_once_make_eight_commits() {
    let Some(repository) = Repository::new("book", &book("CNY", 1)) else {
        return;
    };
    let mut running: Vec<_> = (0..8)
        .map(|at| {
            let customer = format!("c{at}");
            let args = ["log", &customer, "order", "5", "--date", "2026-05-09"];
            let mut command = repository.command(&args);
            command.args(["--commit", "--wait", "60"]);
            command.stdout(std::process::Stdio::piped());
            command.stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for child in running.drain(..) {
        let said = said(&child.wait_with_output().unwrap());
        assert_eq!((said.code, said.err.as_str()), (0, ""), "{}", said.out);
        assert!(said.out.contains("committed as "), "{}", said.out);
    }
    let log = repository.git(&["log", "--format=%s", "--numstat", "-8"]);
    assert_eq!(log.matches("log c").count(), 8, "{log}");
    assert_eq!(
        log.matches("\n1\t0\tbook/interactions/2026.csv").count(),
        7,
        "{log}"
    );
    assert_eq!(
        repository
            .read("interactions/2026.csv")
            .matches("order")
            .count(),
        8
    );
    assert_eq!(repository.git(&["status", "--short"]), "");
}

#[test]
fn merges_and_logs_at_once_are_committed_one_by_one() {
    let Some(repository) = Repository::new("book", &book("CNY", 1)) else {
        return;
    };
    let commands: Vec<Vec<String>> = (0..4)
        .flat_map(|at| {
            let [from, into, other] = [at, at + 10, at + 20].map(|it| format!("c{it}"));
            let log = ["log", &other, "order", "5", "--date", "2026-05-09"];
            let merge = ["merge", &from, &into];
            [&log[..], &merge].map(|it| it.iter().map(|&word| word.to_owned()).collect())
        })
        .collect();
    let running: Vec<_> = commands
        .iter()
        .map(|args| {
            let args: Vec<&str> = args.iter().map(String::as_str).collect();
            let mut command = repository.command(&args);
            command.args(["--commit", "--wait", "60"]);
            command.stdout(std::process::Stdio::piped());
            command.stderr(std::process::Stdio::piped());
            command.spawn().unwrap()
        })
        .collect();
    for (child, args) in running.into_iter().zip(&commands) {
        let said = said(&child.wait_with_output().unwrap());
        // The two who are merged bought alike.
        let is_noted = said
            .err
            .starts_with("note: 5 rows now equal another of `c1");
        assert_eq!(said.code, 0, "{}", said.err);
        assert_eq!(is_noted, args[0] == "merge", "{}", said.err);
        assert_eq!(said.err.is_empty(), args[0] != "merge", "{}", said.err);
        assert!(said.out.contains("committed as "), "{}", said.out);
    }
    let log = repository.git(&["log", "--format=%s", "-8"]);
    let mut subjects: Vec<&str> = log.lines().collect();
    let mut expected: Vec<String> = commands.iter().map(|it| subject(it)).collect();
    subjects.sort_unstable();
    expected.sort_unstable();
    assert_eq!(subjects, expected);
    assert_eq!(repository.git(&["status", "--short"]), "");
    for at in 0..4 {
        assert!(
            !repository
                .book()
                .join(format!("customers/c{at}.toml"))
                .exists()
        );
        let customer = repository.read(&format!("customers/c{}.toml", at + 10));
        assert!(customer.contains(&format!("\"c{at}\"")), "{customer}");
        let rows = |id: usize, log: &str| repository.read(log).matches(&format!(",c{id},")).count();
        for month in 1..=5 {
            let log = format!("interactions/2026-{month:02}.csv");
            assert_eq!([rows(at, &log), rows(at + 10, &log)], [0, 2], "{log}");
        }
        assert_eq!(rows(at + 20, "interactions/2026.csv"), 1);
    }
    let checked = repository.run(&["check", "-f", "short"]);
    assert!(!checked.out.contains("error["), "{}", checked.out);
}

/// Returns the first words of a command, which are its commit's subject.
fn subject(args: &[String]) -> String {
    let words = args.iter().take_while(|it| !it.starts_with('-'));
    words
        .map(String::as_str)
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}

#[test]
fn a_commit_that_is_refused_leaves_nothing_staged() {
    let Some(repository) = Repository::new("", &book("CNY", 1)) else {
        return;
    };
    let hook = repository.top().join(".git/hooks/pre-commit");
    std::fs::create_dir_all(hook.parent().unwrap()).unwrap();
    std::fs::write(
        &hook,
        "#!/bin/sh\necho 'not on Mondays' >&2\necho 'ask Li' >&2\nexit 1\n",
    )
    .unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(&hook, std::fs::Permissions::from_mode(0o755)).unwrap();
        let said = repository.run(&["add", "New", "--commit"]);
        assert_eq!(said.code, 1, "{said:?}");
        assert!(said.out.starts_with("added new "), "{}", said.out);
        assert_eq!(
            said.err,
            "error: the change is made, but it is not committed: `git commit` failed: not on \
             Mondays\nask Li\n"
        );
        assert_eq!(
            repository.git(&["status", "--short"]),
            "?? customers/new.toml\n"
        );
    }
}
