//! Whether git is there, and the book in it as it should be.
#![expect(
    clippy::unnecessary_wraps,
    reason = "all checks are of one type, and some may have nothing to say"
)]

use std::path::PathBuf;
use std::time::SystemTime;

use chrono::{DateTime, Local, NaiveDate};

use super::found::{Finding, Patient, fail, ok, warn};
use crate::folder::git::setup::{SetupError, SetupPart, SetupState as Set, plan};
use crate::folder::git::{GitError, health};
use crate::words::write_say;

/// For how many days a change may wait for its commit.
const PATIENCE: i64 = 7;

/// The oldest git whose answers are known.
const OLDEST_GIT: (u32, u32) = (2, 30);

pub(super) fn git(patient: &Patient<'_>) -> Option<Finding> {
    Some(match &patient.git {
        Ok(version) if version.numbers >= OLDEST_GIT => ok(&version.told),
        Ok(version) => {
            let version = &version.told;
            let seen = write_say!("{version} is older than 2.30", "{version} 早于 2.30");
            warn(seen, write_say!("install a newer git", "请安装较新的 git"))
        }
        Err(_) => {
            let seen = write_say!("there is none", "没有");
            warn(seen, write_say!("install git", "请安装 git"))
        }
    })
}

pub(super) fn repository(patient: &Patient<'_>) -> Option<Finding> {
    let root = patient.root.as_ref()?;
    if health::is_in_repository(root) {
        return Some(ok(write_say!("the book lies in one", "账本在仓库中")));
    }
    let seen = write_say!("the book lies in none", "账本不在任何仓库中");
    Some(warn(seen, "git init && guanxi init --git"))
}

/// Returns the book's folder, if git answers of it.
fn in_git<'p>(patient: &'p Patient<'_>) -> Option<&'p PathBuf> {
    patient.root.as_ref().filter(|_| patient.in_git)
}

/// Says that git did not answer.
fn unanswered(error: &GitError) -> Finding {
    warn(error.to_string(), "git status")
}

/// Says that it is not known how the clone is set up.
fn unplanned(error: &SetupError) -> Finding {
    match error {
        SetupError::Git(error) => unanswered(error),
        other => warn(
            other.to_string(),
            write_say!(
                "look at the permissions of the file and its folder",
                "请检查文件及其文件夹的权限"
            ),
        ),
    }
}

/// What sets a clone up.
const CURE: &str = "guanxi init --git";

pub(super) fn driver(patient: &Patient<'_>) -> Option<Finding> {
    let root = in_git(patient)?;
    let plan = match plan(root) {
        Ok(plan) => plan,
        Err(error) => return Some(unplanned(&error)),
    };
    let driver = match health::setting(root, "merge.guanxi.driver") {
        Ok(driver) => driver,
        Err(error) => return Some(unanswered(&error)),
    };
    let attached = plan.iter().find(|it| matches!(it.0, SetupPart::Lines(..)));
    let is_attached = attached.is_some_and(|it| it.1 == Set::There);
    let Some(driver) = driver else {
        let seen = if is_attached {
            write_say!("attached and not configured", "已挂接，但未配置")
        } else {
            write_say!("not set up in this clone", "本克隆中尚未设置")
        };
        return Some(warn(seen, CURE));
    };
    let program = health::program_of(&driver);
    if let Some(program) = program.filter(|it| !health::is_found(it)) {
        let seen = write_say!(
            "its program `{program}` is not found by `sh`",
            "`sh` 找不到它的程序 `{program}`"
        );
        let cure = write_say!("put it on the path", "请把它放到 PATH 中");
        return Some(fail(seen, cure));
    }
    Some(if is_attached {
        ok(write_say!(
            "configured, attached, found",
            "已配置，已挂接，程序可用"
        ))
    } else {
        warn(
            write_say!("configured and not attached", "已配置，但未挂接"),
            CURE,
        )
    })
}

pub(super) fn hook(patient: &Patient<'_>) -> Option<Finding> {
    let plan = match plan(in_git(patient)?) {
        Ok(plan) => plan,
        Err(error) => return Some(unplanned(&error)),
    };
    let hook = plan.iter().find(|it| matches!(it.0, SetupPart::Hook(..)))?;
    Some(match hook.1 {
        Set::There => ok(write_say!("there", "已设置")),
        Set::Other(_) => warn(
            write_say!("another hook is there", "已有其他钩子"),
            write_say!(
                "let it run `guanxi check --staged`",
                "请让它运行 `guanxi check --staged`"
            ),
        ),
        Set::Missing => warn(write_say!("not there", "未设置"), "guanxi init --git"),
    })
}

pub(super) fn line_ends(patient: &Patient<'_>) -> Option<Finding> {
    let value = match health::setting(in_git(patient)?, "core.autocrlf") {
        Ok(value) => value,
        Err(error) => return Some(unanswered(&error)),
    };
    Some(match value.as_deref() {
        Some("true") => warn("core.autocrlf=true", "git config core.autocrlf input"),
        Some(other) => ok(format!("core.autocrlf={other}")),
        None => ok(write_say!("left as they are", "保持原样")),
    })
}

pub(super) fn unmerged(patient: &Patient<'_>) -> Option<Finding> {
    Some(match health::unmerged(in_git(patient)?) {
        Ok(paths) => match paths.first() {
            Some(first) => fail(first, "git status"),
            None => ok(write_say!("none", "没有")),
        },
        Err(error) => unanswered(&error),
    })
}

pub(super) fn uncommitted(patient: &Patient<'_>) -> Option<Finding> {
    let root = in_git(patient)?;
    let changed = match health::uncommitted(root) {
        Ok(paths) => paths,
        Err(error) => return Some(unanswered(&error)),
    };
    let day_of = |changed: SystemTime| DateTime::<Local>::from(changed).date_naive();
    let today = patient.environment.today;
    let is_old = |day: NaiveDate| today.signed_duration_since(day).num_days() > PATIENCE;
    let days = changed
        .iter()
        .filter_map(|(path, changed)| Some((path, changed.map(day_of)?)));
    let old: Vec<(&String, NaiveDate)> = days.filter(|it| is_old(it.1)).collect();
    let Some((path, day)) = old.iter().min_by_key(|it| it.1) else {
        return Some(ok(write_say!(
            "nothing for more than {PATIENCE} days",
            "没有超过 {PATIENCE} 天的改动"
        )));
    };
    let count = old.len();
    let seen = write_say!(
        "files changed more than {PATIENCE} days ago: {count}, the first {path} on {day}",
        "超过 {PATIENCE} 天未提交的文件：{count}，最早的是 {day} 的 {path}"
    );
    Some(warn(seen, "git add -A && git commit"))
}
