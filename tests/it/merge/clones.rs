//! Two clones of a book that people work on for fourteen days, and that merge each other criss-cross.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use super::laws::Random;

const DRIVER: &str = "guanxi merge-driver %O %A %B --marker-size %L --path %P --labels %S %X %Y; \
                      r=$?; test $r -le 1 || exit 129; exit $r";

/// A clone, and the rows that were logged in it.
pub(super) struct Clone {
    pub(super) folder: PathBuf,
    pub(super) home: PathBuf,
}

impl Clone {
    pub(super) fn run(&self, program: &str, args: &[&str]) -> Output {
        let own = Path::new(env!("CARGO_BIN_EXE_guanxi")).parent().unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let paths = std::iter::once(own.to_owned()).chain(std::env::split_paths(&path));
        Command::new(program)
            .args(args)
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::join_paths(paths).unwrap())
            .env("HOME", &self.home)
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_AUTHOR_DATE", "2026-03-01T00:00:00Z")
            .env("GIT_COMMITTER_DATE", "2026-03-01T00:00:00Z")
            .output()
            .unwrap()
    }

    #[track_caller]
    pub(super) fn git(&self, args: &[&str]) {
        let output = self.run("git", args);
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "git {args:?}: {told}{said}");
    }

    #[track_caller]
    pub(super) fn guanxi(&self, args: &[&str]) {
        let output = self.run("guanxi", args);
        assert!(output.status.success(), "guanxi {args:?}: {output:?}");
    }

    pub(super) fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.join(path)).unwrap()
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.folder.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn attach_driver(&self) {
        self.git(&["config", "merge.guanxi.driver", DRIVER]);
        self.write(
            ".git/info/attributes",
            "interactions/**/*.csv merge=guanxi\ncustomers/**/*.toml merge=guanxi\n",
        );
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", "work"]);
    }
}

const LOG: &str = "interactions/2026.csv";

/// Makes a book with two clones in a folder.
fn clones(folder: &Path, with_driver: bool) -> [Clone; 2] {
    let clone = |name: &str| Clone {
        folder: folder.join(name),
        home: folder.to_owned(),
    };
    let [one, other] = ["one", "other"].map(clone);
    let config = "[user]\nname = T\nemail = t@x.example\n[init]\ndefaultBranch = main\n";
    std::fs::write(folder.join(".gitconfig"), config).unwrap();
    one.write("guanxi.toml", "");
    one.write(".gitattributes", "interactions/**/*.csv merge=union\n");
    one.write(".gitignore", ".guanxi/\n");
    for id in ["acme", "beta", "gamma"] {
        one.write(
            &format!("customers/{id}.toml"),
            &format!("name = \"{id}\"\nregion = \"a\"\n"),
        );
    }
    one.write(LOG, "date,customer,kind,amount,staff,ref,note\n");
    one.git(&["init", "-q"]);
    one.commit();
    std::fs::create_dir_all(&other.folder).unwrap();
    other.git(&["clone", "-q", "../one", "."]);
    one.git(&["remote", "add", "origin", "../other"]);
    if with_driver {
        one.attach_driver();
        other.attach_driver();
    }
    [one, other]
}

/// Lets both clones work for so many days; returns the notes of all rows that were logged.
///
/// `sets` says that both also set keys of one customer, which lines alone do not merge.
fn worked(clones: &[Clone; 2], days: usize, seed: u64, sets: bool) -> Vec<String> {
    let mut random = Random::new(seed);
    let mut notes = Vec::new();
    for day in 1..=days {
        for (side, clone) in clones.iter().enumerate() {
            for _ in 0..=random.below(3) {
                let mut text = clone.read(LOG);
                let note = format!("n{}", notes.len());
                let files = std::fs::read_dir(clone.folder.join("customers")).unwrap();
                let mut ids: Vec<String> = files
                    .map(|it| it.unwrap().file_name().into_string().unwrap())
                    .map(|it| it.trim_end_matches(".toml").to_owned())
                    .collect();
                ids.sort();
                let id = &ids[random.below(ids.len())];
                let kind = random.pick(&["visit,", "order,100", "call,"]);
                let row = format!("2026-03-{day:02},{id},{kind},s{side},,{note}\n");
                text.push_str(&row);
                notes.push(note);
                // Each changes only what the other does not, so that nothing is in conflict.
                let own: Vec<usize> = (text.lines().enumerate())
                    .filter(|(_, line)| line.contains(&format!(",s{side},")))
                    .map(|it| it.0)
                    .collect();
                if random.one_in(2) {
                    let at = own[random.below(own.len())];
                    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                    let mut cells: Vec<&str> = lines[at].split(',').collect();
                    let reference = format!("P{day}");
                    cells[5] = &reference;
                    lines[at] = cells.join(",");
                    text = lines.join("\n") + "\n";
                }
                clone.write(LOG, &text);
            }
            if side == 0 && day % 5 == 3 {
                let (old, new) = if day < 5 {
                    ("acme", "acme-co")
                } else {
                    ("beta", "beta-co")
                };
                if clone.folder.join(format!("customers/{old}.toml")).exists() {
                    clone.guanxi(&["rename", old, new]);
                }
            }
            if sets && random.one_in(3) {
                let key = if side == 0 { "region" } else { "address" };
                clone.guanxi(&["set", "gamma", &format!("{key}=r{day}")]);
            }
            clone.commit();
        }
        if random.one_in(2) {
            // Criss-cross: each merges what the other had before.
            for clone in clones {
                clone.git(&["fetch", "-q", "origin"]);
            }
            for clone in clones {
                clone.git(&["merge", "-q", "--no-edit", "origin/main"]);
            }
        }
    }
    for clone in clones {
        clone.git(&["fetch", "-q", "origin"]);
        clone.git(&["merge", "-q", "--no-edit", "origin/main"]);
    }
    notes
}

/// Tells whether git is there; else says that the test was passed over.
#[expect(clippy::print_stdout, reason = "whoever runs the tests is to know")]
fn has_git() -> bool {
    let found = Command::new("git").arg("--version").output().is_ok();
    if !found {
        println!("passed over: git is not here");
    }
    found
}

fn count() -> u64 {
    let count = std::env::var("GUANXI_FORTNIGHTS").ok();
    count.map_or(1, |it| it.parse().unwrap())
}

#[test]
fn with_the_driver_they_end_equal_and_clean() {
    if !has_git() {
        return;
    }
    // All fourteen days take half a minute; by hand they are run.
    let days = if count() > 1 { 14 } else { 6 };
    for seed in 0..count() {
        let folder = tempfile::tempdir().unwrap();
        let clones = clones(folder.path(), true);
        let notes = worked(&clones, days, seed, true);
        let [one, other] = clones.each_ref().map(|it| it.read(LOG));
        assert_eq!(one, other, "seed {seed}");
        for note in &notes {
            let found = one
                .lines()
                .filter(|it| it.ends_with(&format!(",{note}")))
                .count();
            assert_eq!(found, 1, "seed {seed}: {note} in\n{one}");
        }
        let checked = clones[0].run("guanxi", &["check", "-f", "short"]);
        let told = String::from_utf8_lossy(&checked.stdout).into_owned();
        assert!(checked.status.success(), "seed {seed}: {told}\n{one}");
        assert!(!told.contains("row-twice"), "seed {seed}: {told}\n{one}");
    }
}

#[test]
fn without_it_nothing_is_lost() {
    if !has_git() {
        return;
    }
    for seed in 0..count() {
        let folder = tempfile::tempdir().unwrap();
        let clones = clones(folder.path(), false);
        let notes = worked(&clones, 14, seed, false);
        let log = clones[0].read(LOG);
        let mut doubled = 0;
        for note in &notes {
            let found = log
                .lines()
                .filter(|it| it.ends_with(&format!(",{note}")))
                .count();
            assert!(found > 0, "seed {seed}: {note} in\n{log}");
            doubled += found - 1;
        }
        assert!(
            doubled > 0,
            "seed {seed}: union doubles what was edited\n{log}"
        );
        // Equal rows are doubled too, and those `check` finds.
        let mut lines: Vec<&str> = log.lines().collect();
        let before = lines.len();
        lines.sort_unstable();
        lines.dedup();
        let checked = clones[0].run("guanxi", &["check", "-f", "short"]);
        let told = String::from_utf8_lossy(&checked.stdout).into_owned();
        let is_found = told.contains("row-twice");
        assert!(
            is_found || lines.len() == before,
            "seed {seed}: {told}\n{log}"
        );
    }
}
