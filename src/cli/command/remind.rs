//! `guanxi remind`: for each account manager what is new to see, as text, as mail, or for a command.

use std::collections::{BTreeMap, HashSet};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use chrono::{DateTime, FixedOffset, Local, NaiveDate, TimeZone as _};

use super::report::ask;
use crate::calendar;
use crate::change::days::no_calendar;
use crate::cli::Console;
use crate::cli::args::{BookOptions, RemindArgs, RemindTo};
use crate::cli::finding::find;
use crate::cli::opening::open;
use crate::cli::outcome::Outcome;
use crate::cli::output::write_answer;
use crate::exchange::remind::message::{Address, is_address, message};
use crate::exchange::remind::source::{ItemReader, ReminderCells, SOURCES};
use crate::exchange::remind::{Digest, Memory, Reminder};
use crate::folder::{Folder, make_folder};
use crate::metric::Type;
use crate::model::{Day, Span, StaffMember, check_id};
use crate::report::REPORTS;
use crate::rule::Rule;
use crate::session::hint::{causes_of, hint_of, hinted};
use crate::session::opened::Opened;
use crate::session::ready::FiguresWanted;
use crate::source::{shell_word, told};
use crate::words::{Phrase, ended, say, write_say};

/// What keys begin with: a memory is of one book alone.
const BOOK: &str = "guanxi";

/// Further ahead than anybody is reminded, in days.
const FAR: i64 = 3650;

/// The hour at which messages are dated.
const HOUR: u32 = 7;

pub(super) fn run(args: &RemindArgs, console: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let to = match (args.to, &args.exec) {
        (Some(to), _) => to,
        (None, Some(_)) => RemindTo::Eml,
        (None, None) => RemindTo::Text,
    };
    let book = args.book.book_options();
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    if to == RemindTo::Eml && args.exec.is_none() && args.output.is_none() {
        return Err(no_place());
    }
    let opened = open(&book, wanted, console)?;
    if matches!(args.within, Span::WorkingDays(_)) && opened.loaded.policy.calendar.is_none() {
        return Err(no_calendar(&args.within.to_string()));
    }
    let sender = sender(args, &opened, to)?;
    let rule = opened.filter(args.rule.as_deref(), &[], console)?;
    let items = items(&opened, rule.as_ref(), args.within)?;
    opened.let_writers_in()?;
    opened.say_unannounced(args.book.quiet, console);

    // From here on two runs take turns, so that neither tells what the other has told.
    let wait = Duration::from_secs(args.book.wait);
    let folder = Folder::new(find(book.book.as_deref(), wait, console)?);
    let mut writer = folder.write(wait, "remind")?;
    let remembered = writer.reminded()?;
    if remembered.is_none() {
        console.note(&say!(
            "note: `.guanxi/reminded` is no UTF-8 text, so what it remembered is lost, and told once more\n",
            "note: `.guanxi/reminded` 不是 UTF-8 文本，其中的记录已丢失，各事项会再提醒一次\n"
        ));
    }
    let mut memory = Memory::parse(remembered.as_deref().unwrap_or(""));
    let run = RemindRun {
        args,
        opened: &opened,
        to,
        sender,
        as_of: opened.as_of,
    };
    let fresh = run.fresh(&items, &mut memory);
    let (nobodys, of_people): (Vec<_>, Vec<_>) =
        fresh.into_iter().partition(|(person, _)| person.is_empty());
    let nobodys = nobodys
        .into_iter()
        .next()
        .map(|it| it.1)
        .unwrap_or_default();
    let mut has_told = false;
    let mut has_failed = false;
    let mut texts = String::new();
    for (person, items) in &of_people {
        match run.deliver(person, items, &nobodys, &mut texts, console) {
            Ok(()) => {
                has_told = true;
                run.remember(items, &mut memory);
                // Whoever is killed now tells nobody twice; text is remembered once it is out.
                if to == RemindTo::Eml || args.exec.is_some() {
                    writer.remember(&memory.text(opened.as_of))?;
                }
            }
            Err(error) => {
                has_failed = true;
                tell_failure(person, &error, console);
            }
        }
    }
    if !nobodys.is_empty() {
        let count = nobodys.len();
        console.note(&if count == 1 {
            say!(
                "note: 1 thing is nobody's: `guanxi set CUSTOMER owner=ID`, or `default` under `[remind]` in guanxi.toml\n",
                "note: 1 件事无人负责：用 `guanxi set 客户 owner=编号`，或在 guanxi.toml 的 `[remind]` 写 `default`\n"
            )
        } else {
            say!(
                "note: {count} things are nobody's: `guanxi set CUSTOMER owner=ID`, or `default` under `[remind]` in guanxi.toml\n",
                "note: {count} 件事无人负责：用 `guanxi set 客户 owner=编号`，或在 guanxi.toml 的 `[remind]` 写 `default`\n"
            )
        });
        if to == RemindTo::Text && args.exec.is_none() {
            if of_people.is_empty() {
                texts.push_str(&run.nobodys_text(&nobodys));
            }
            has_told = true;
            run.remember(&nobodys, &mut memory);
        }
    }
    if !texts.is_empty() {
        let file = args.output.as_deref().filter(|it| *it != Path::new("-"));
        write_answer(file, console, |out| out.write_all(texts.as_bytes()))?;
    }
    writer.remember(&memory.text(opened.as_of))?;
    Ok(if has_failed {
        Outcome::Failed
    } else {
        opened.outcome(has_told, args.exit_code)?
    })
}

/// Says that messages have to go somewhere.
fn no_place() -> anyhow::Error {
    let hint = Phrase(
        "`-o DIR` writes a file for each, `--exec 'sendmail -t'` gives each to a command",
        "`-o DIR` 给每人写一个文件，`--exec 'sendmail -t'` 把每份交给一个命令",
    )
    .spoken();
    hinted(
        Phrase(
            "messages need a folder or a command",
            "邮件要有文件夹或命令",
        )
        .spoken(),
        Some(hint.to_owned()),
    )
}

/// Says that somebody was not told, and why.
fn tell_failure(person: &str, error: &anyhow::Error, console: &mut Console<'_>) {
    let person = told(person);
    let causes = causes_of(error);
    console.note(&say!(
        "error: `{person}` was not told: {causes}\n",
        "error: 没有通知到 `{person}`：{causes}\n"
    ));
    if let Some(hint) = hint_of(error) {
        console.note(&format!("  = help: {hint}\n"));
    }
}

/// One run: what was asked, of which book.
struct RemindRun<'a> {
    args: &'a RemindArgs,
    opened: &'a Opened,
    to: RemindTo,
    /// The address that messages come from; empty for text.
    sender: String,
    as_of: NaiveDate,
}

impl RemindRun<'_> {
    /// Returns what is new for each person, nobody's first; all that is there is remembered as seen.
    fn fresh<'i>(
        &self,
        items: &'i [Reminder],
        memory: &mut Memory,
    ) -> BTreeMap<&'i str, Vec<&'i Reminder>> {
        let again = self.opened.loaded.policy.remind.again;
        let mut fresh: BTreeMap<&str, Vec<&Reminder>> = BTreeMap::new();
        for item in items {
            let is_asked = |owner: &String| item.person == *owner;
            if !self.args.owner.as_ref().is_none_or(is_asked) {
                continue;
            }
            let key = item.id(BOOK);
            if self.args.all || memory.is_new(&key, item, self.as_of, again) {
                fresh.entry(&item.person).or_default().push(item);
            } else {
                memory.see(&key, self.as_of);
            }
        }
        for items in fresh.values_mut() {
            items.sort_by(|a, b| {
                (a.section, a.day, &a.customer).cmp(&(b.section, b.day, &b.customer))
            });
        }
        fresh
    }

    fn remember(&self, items: &[&Reminder], memory: &mut Memory) {
        for item in items {
            memory.tell(item.id(BOOK), item, self.as_of);
        }
    }

    fn member(&self, id: &str) -> Option<&StaffMember> {
        let mut staff = self.opened.loaded.book.staff.iter().flatten();
        staff.find(|it| it.id == id)
    }

    /// Tells one person, by a text, a file or a command.
    fn deliver(
        &self,
        person: &str,
        items: &[&Reminder],
        nobodys: &[&Reminder],
        texts: &mut String,
        console: &mut Console<'_>,
    ) -> anyhow::Result<()> {
        let digest = self.digest(person, items);
        let member = self.member(person);
        let name = member.and_then(|it| it.name.as_deref()).unwrap_or(person);
        let email = member
            .and_then(|it| it.email.as_deref())
            .unwrap_or_default();
        let bytes = match self.to {
            RemindTo::Text => {
                let mut text = write_say!(
                    "{} ({})\n\n{}",
                    "{}（{}）\n\n{}",
                    digest.subject(),
                    told(name),
                    digest.text()
                );
                if !nobodys.is_empty() {
                    text = format!("{text}\n{}", self.nobodys_text(nobodys));
                }
                text.into_bytes()
            }
            RemindTo::Eml => {
                if !is_address(email) {
                    let message = match email {
                        "" => Phrase(
                            "staff.toml has no `email` of this person",
                            "staff.toml 里没有此人的 `email`",
                        )
                        .spoken()
                        .to_owned(),
                        email => say!("`{}` is no address", "`{}` 不是邮箱地址", told(email)),
                    };
                    let hint = Phrase(
                        "write `email = \"name@firm.example\"` in staff.toml",
                        "在 staff.toml 里写 `email = \"name@firm.example\"`",
                    )
                    .spoken()
                    .to_owned();
                    return Err(hinted(message, Some(hint)));
                }
                let from = Address {
                    name: "guanxi",
                    email: &self.sender,
                };
                let to = Address { name, email };
                message(&digest, &digest.text(), &from, &to, sent(self.as_of))
            }
        };
        if let Some(command) = &self.args.exec {
            return give_to(command, &bytes, person, email);
        }
        match (self.to, &self.args.output) {
            (RemindTo::Eml, Some(folder)) => {
                if let Err(fault) = check_id(person) {
                    let message = say!(
                        "no file can be called so: the id {}",
                        "文件不能用这个名称：编号{}",
                        fault.reason().spoken()
                    );
                    return Err(hinted(message, None));
                }
                let shown = || {
                    say!(
                        "cannot make `{}`",
                        "无法新建 `{}`",
                        told(&folder.display().to_string())
                    )
                };
                make_folder(folder).with_context(shown)?;
                let path = folder.join(format!("{person}.eml"));
                write_answer(Some(&path), console, |out| out.write_all(&bytes))
            }
            (RemindTo::Eml, None) => Err(no_place()),
            (RemindTo::Text, _) => {
                if !texts.is_empty() {
                    texts.push('\n');
                }
                texts.push_str(&String::from_utf8_lossy(&bytes));
                Ok(())
            }
        }
    }

    fn digest<'i>(&self, person: &'i str, items: &[&'i Reminder]) -> Digest<'i> {
        let owner = if person.is_empty() {
            String::new()
        } else {
            format!(" --owner {}", shell_word(&told(person)))
        };
        Digest {
            person,
            day: self.as_of,
            items: items.to_vec(),
            command: format!("guanxi remind --all{owner} --as-of {}", self.as_of),
        }
    }

    /// Returns what nobody answers for, as text.
    fn nobodys_text(&self, items: &[&Reminder]) -> String {
        let digest = self.digest("", items);
        write_say!(
            "nobody's: {}\n\n{}",
            "无人负责：{}\n\n{}",
            digest.counts(),
            digest.text()
        )
    }
}

/// Returns the address that messages come from; empty where none are written.
fn sender(args: &RemindArgs, opened: &Opened, to: RemindTo) -> anyhow::Result<String> {
    if to == RemindTo::Text {
        return Ok(String::new());
    }
    let stated = &opened.loaded.policy.remind.from;
    let from = args.from.as_ref().unwrap_or(stated);
    if is_address(from) {
        return Ok(from.clone());
    }
    let message = match from.as_str() {
        "" => Phrase(
            "nothing says which address messages come from",
            "没有写明发件地址",
        )
        .spoken()
        .to_owned(),
        from => say!(
            "`{}` is no address that messages can come from",
            "`{}` 不能作发件地址",
            told(from)
        ),
    };
    let hint = Phrase(
        "`--from crm@firm.example`, or `from` under `[remind]` in guanxi.toml",
        "用 `--from crm@firm.example`，或 guanxi.toml 的 `[remind]` 下的 `from`",
    )
    .spoken()
    .to_owned();
    Err(hinted(message, Some(hint)))
}

/// Returns when messages of a day are dated: at seven, here.
fn sent(day: NaiveDate) -> DateTime<FixedOffset> {
    let moment = day
        .and_hms_opt(HOUR, 0, 0)
        .expect("every day has a seventh hour");
    match Local.from_local_datetime(&moment).earliest() {
        Some(moment) => moment.fixed_offset(),
        None => moment.and_utc().fixed_offset(),
    }
}

/// Gives a message to a command of the command line.
fn give_to(command: &str, bytes: &[u8], person: &str, email: &str) -> anyhow::Result<()> {
    let mut shell = if cfg!(windows) {
        let mut shell = Command::new("cmd");
        shell.arg("/C");
        shell
    } else {
        let mut shell = Command::new("sh");
        shell.arg("-c");
        shell
    };
    shell
        .arg(command)
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    shell.env("GUANXI_OWNER", person).env("GUANXI_EMAIL", email);
    let mut child = shell
        .spawn()
        .context(Phrase("the shell could not be started", "无法启动 shell").spoken())?;
    let mut input = child.stdin.take().expect("its input is a pipe");
    // One that does not read all may end well all the same.
    let written = input.write_all(bytes);
    drop(input);
    let status = child
        .wait()
        .context(Phrase("the command could not be waited for", "无法等到命令结束").spoken())?;
    if status.success() {
        let is_cut = written.is_err_and(|it| it.kind() != std::io::ErrorKind::BrokenPipe);
        anyhow::ensure!(
            !is_cut,
            say!("the command did not take the message", "命令没有收下邮件")
        );
        return Ok(());
    }
    let status = ended(status);
    anyhow::bail!(say!(
        "the command ended with {status}",
        "命令未正常结束（{status}）"
    ))
}

/// Returns the keys of all that could be told of a book as it is, however far ahead.
///
/// # Errors
/// If the book cannot be read, or has errors.
pub(super) fn keys(root: &Path, console: &mut Console<'_>) -> anyhow::Result<HashSet<String>> {
    let book = BookOptions {
        book: Some(root.to_owned()),
        quiet: true,
        wait: 10,
        ..BookOptions::default()
    };
    let wanted = FiguresWanted {
        origins: true,
        ..FiguresWanted::default()
    };
    let opened = open(&book, wanted, console)?;
    let items = items(&opened, None, Span::Days(FAR))?;
    Ok(items.iter().map(|it| it.id(BOOK)).collect())
}

/// Returns all there is to tell on the day, new or not.
fn items(opened: &Opened, rule: Option<&Rule>, within: Span) -> anyhow::Result<Vec<Reminder>> {
    let today = Day::of(opened.as_of);
    let calendar = opened.loaded.policy.calendar.as_ref();
    let last = calendar::after(calendar, today, within);
    let reader = ItemReader {
        as_of: opened.as_of,
        last: last.date(),
        default: &opened.loaded.policy.remind.default,
    };
    let mut items = Vec::new();
    for (name, columns, read) in SOURCES {
        let report = REPORTS.iter().find(|it| it.name() == *name);
        let Some(report) = report.and_then(|it| it.by_figures()) else {
            continue;
        };
        ask(report, columns, within, opened, rule, |rows| {
            let kinds: Vec<Type> = rows.columns().iter().map(|it| it.kind).collect();
            rows.for_each(&mut |values| {
                items.extend(read(
                    &reader,
                    &ReminderCells {
                        names: columns,
                        kinds: &kinds,
                        values,
                    },
                ));
                Ok(())
            })
        })?;
    }
    Ok(items)
}
