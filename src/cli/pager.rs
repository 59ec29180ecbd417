//! The pager: what is longer than the terminal goes through a program that shows it page by page.
//!
//! Only what people read on a terminal does, never a file, a pipe, or a form that programs read. The
//! program is the one that the user names (`GUANXI_PAGER`, else `PAGER`), else `less -FRX`; it is run
//! without a shell, so a name is words and nothing more, and nothing that a book says is ever among
//! them. Rows are handed on as they come: a hundred thousand need no memory here.

use std::ffi::{OsStr, OsString};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use super::console::{Console, Environment};
use crate::render::Format;
use crate::source::{Cut as _, behind_last, display_width, told};
use crate::words::{say, system_says};

/// What is run where the user names none: it ends by itself if one page is enough, lets colours pass,
/// and leaves what it showed on the screen.
const USUAL: &str = "less -FRX";

/// How `less` behaves where it is named without options and `LESS` says nothing.
const USUAL_LESS: &str = "FRX";

/// Tells whether an answer is one that people read on the terminal, as far as its arguments tell.
pub(super) fn is_paged(matches: &clap::ArgMatches) -> bool {
    let Some((_, matches)) = matches.subcommand() else {
        return false;
    };
    // The commands that have a pager have the option that switches it off.
    if !matches!(matches.try_get_one::<bool>("no_pager"), Ok(Some(false))) {
        return false;
    }
    let format: Option<&Format> = matches.try_get_one("format").ok().flatten();
    let output: Option<&PathBuf> = matches.try_get_one("output").ok().flatten();
    let is_for_people = format.is_none_or(|it| it.reader().is_person());
    is_for_people && output.is_none_or(|path| path == Path::new("-"))
}

/// Lets `work` write to standard output through a pager, if one is wanted and there is a terminal.
///
/// # Errors
/// Whatever `work` says, and what the operating system does of the streams. A pager that was closed is
/// a closed pipe, which ends nothing.
pub(super) fn through<T>(
    is_wanted: bool,
    console: &mut Console<'_>,
    work: impl FnOnce(&mut Console<'_>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let Some(mut paged) = Paged::of(&console.environment).filter(|_| is_wanted) else {
        return work(console);
    };
    let result = {
        let mut out = Through {
            paged: &mut paged,
            out: console.out,
        };
        let mut inner = Console {
            input: console.input,
            out: &mut out,
            err: console.err,
            environment: console.environment.clone(),
        };
        work(&mut inner)
    };
    let trouble = paged.finish(console.out)?;
    if let Some(trouble) = trouble {
        console.note(&trouble);
    }
    result
}

/// An answer on its way to a terminal.
struct Paged {
    program: OsString,
    width: usize,
    height: usize,
    state: PagerState,
    /// What could not be done.
    trouble: Option<String>,
}

/// Where an answer goes.
enum PagerState {
    /// It is held, for it may yet fit on the terminal: what there is of it, and how many lines that is.
    Held(Vec<u8>, usize),
    /// It is long, and there is no pager.
    Straight,
    /// It goes to a pager.
    To(Child, held_back::Interrupts),
}

impl Paged {
    /// Makes one for a terminal of a known size; `None` where nobody wants a pager.
    fn of(environment: &Environment) -> Option<Self> {
        let (width, height) = environment.width.zip(environment.height)?;
        let program = match &environment.pager {
            Some(program) => program.clone(),
            None => USUAL.into(),
        };
        let is_none = matches!(program.to_str().map(str::trim), Some("" | "cat"));
        (environment.out_is_terminal && !is_none).then_some(Self {
            program,
            width,
            height,
            state: PagerState::Held(Vec::new(), 0),
            trouble: None,
        })
    }

    fn write(&mut self, bytes: &[u8], out: &mut dyn Write) -> io::Result<()> {
        match &mut self.state {
            PagerState::Held(held, lines) => {
                let is_start = held.is_empty() || held.ends_with(b"\n");
                let from = if is_start {
                    held.len()
                } else {
                    behind_last(b'\n', held)
                };
                held.extend_from_slice(bytes);
                let text = String::from_utf8_lossy(held.cut(from..));
                *lines += lines_of(&text, self.width) - usize::from(!is_start);
                // The prompt of the shell takes a line as well.
                if *lines >= self.height {
                    let held = std::mem::take(held);
                    self.start();
                    return self.write(&held, out);
                }
                Ok(())
            }
            PagerState::Straight => out.write_all(bytes),
            PagerState::To(child, _) => match &mut child.stdin {
                Some(stdin) => stdin.write_all(bytes),
                None => Err(io::ErrorKind::BrokenPipe.into()),
            },
        }
    }

    /// Starts the pager; if that cannot be, the answer goes to the terminal.
    fn start(&mut self) {
        let mut words = words(&self.program).into_iter();
        let Some(name) = words.next() else {
            self.state = PagerState::Straight;
            return;
        };
        let mut command = Command::new(&name);
        command.args(words).stdin(Stdio::piped());
        #[expect(
            clippy::disallowed_methods,
            reason = "how the pager behaves is asked here alone"
        )]
        let is_unset = |name| std::env::var_os(name).is_none();
        if is_unset("LESS") {
            command.env("LESS", USUAL_LESS);
        }
        // What is written is UTF-8 whatever the locale says, and `less` shows the bytes of Chinese as `<E5>`
        // where the locale that `LANG` names is not there.
        if is_unset("LESSCHARSET") {
            command.env("LESSCHARSET", "utf-8");
        }
        let interrupts = held_back::Interrupts::of();
        self.state = match command.spawn() {
            Ok(child) => PagerState::To(child, interrupts),
            Err(error) => {
                // That the usual one is not there is nobody's fault.
                if self.program != USUAL {
                    let name = told(&name.display().to_string()).into_owned();
                    let error = system_says(&error);
                    self.trouble = Some(say!(
                        "note: cannot run the pager `{name}`: {error}\n",
                        "note: 无法运行分页程序 `{name}`：{error}\n"
                    ));
                }
                PagerState::Straight
            }
        };
    }

    /// Writes what was held, or waits until the pager has ended; returns what could not be done.
    fn finish(self, out: &mut dyn Write) -> io::Result<Option<String>> {
        match self.state {
            PagerState::Held(held, _) => {
                super::console::unless_closed(out.write_all(&held).and_then(|()| out.flush()))?;
            }
            PagerState::Straight => super::console::unless_closed(out.flush())?,
            PagerState::To(mut child, _interrupts) => {
                drop(child.stdin.take());
                // However it ends, the answer has been given.
                let _ = child.wait();
            }
        }
        Ok(self.trouble)
    }
}

/// The stream that a command writes to.
struct Through<'p, 'o> {
    paged: &'p mut Paged,
    out: &'o mut dyn Write,
}

impl Write for Through<'_, '_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.paged.write(bytes, self.out)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.paged.state {
            PagerState::Held(..) => Ok(()),
            PagerState::Straight => self.out.flush(),
            PagerState::To(child, _) => child.stdin.as_mut().map_or(Ok(()), Write::flush),
        }
    }
}

/// Returns the words of a program's name, parted at blanks.
fn words(program: &OsStr) -> Vec<OsString> {
    match program.to_str() {
        Some(text) => text.split_whitespace().map(OsString::from).collect(),
        None => vec![program.to_owned()],
    }
}

/// Returns how many lines of a terminal a text takes.
fn lines_of(text: &str, width: usize) -> usize {
    let lines = text.lines().map(|line| {
        let shown = display_width(&without_colours(line));
        shown.div_ceil(width).max(1)
    });
    lines.sum()
}

/// Returns a line without what colours it.
fn without_colours(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let mut shown = parts
        .next()
        .expect("a text that is split has a part")
        .to_owned();
    for part in parts {
        shown.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    shown
}

/// What is typed to interrupt (`Ctrl-C`) is for the pager while one runs: whoever ended before it would
/// leave it alone with the terminal.
#[cfg(unix)]
mod held_back {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Interrupts that are held back until this is dropped.
    pub(super) struct Interrupts(Arc<AtomicBool>);

    impl Interrupts {
        pub(super) fn of() -> Self {
            let is_over = Arc::new(AtomicBool::new(false));
            let flag = Arc::clone(&is_over);
            // Without it the pager works all the same.
            let _ =
                signal_hook::flag::register_conditional_default(signal_hook::consts::SIGINT, flag);
            Self(is_over)
        }
    }

    impl Drop for Interrupts {
        fn drop(&mut self) {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

#[cfg(not(unix))]
mod held_back {
    /// Where no signals are known, there is nothing to hold back.
    pub(super) struct Interrupts;

    impl Interrupts {
        pub(super) fn of() -> Self {
            Self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_lines_of_a_terminal() {
        assert_eq!(lines_of("a\n\nb", 10), 3);
        assert_eq!(lines_of("12345678901\n", 10), 2);
        assert_eq!(lines_of("株洲地铁集团", 10), 2);
        assert_eq!(lines_of("\u{1b}[31mat-risk\u{1b}[0m", 7), 1);
        assert_eq!(lines_of("", 10), 0);
    }

    #[test]
    fn a_program_is_words_and_no_script() {
        let words = |text: &str| words(OsStr::new(text));
        assert_eq!(words("less -FRX"), ["less", "-FRX"]);
        assert_eq!(words(" less  $(x);y "), ["less", "$(x);y"]);
    }
}
