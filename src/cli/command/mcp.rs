//! `guanxi mcp`: the program's own commands, asked by assistants in the same process.

use crate::cli::Console;
use crate::cli::args::McpArgs;
use crate::cli::outcome::Outcome;
#[cfg(not(feature = "mcp"))]
use crate::session::hint::hinted;
#[cfg(not(feature = "mcp"))]
use crate::words::say;

/// Tells how to get the server.
#[cfg(not(feature = "mcp"))]
pub(super) fn run(_: &McpArgs, _: &mut Console<'_>) -> anyhow::Result<Outcome> {
    let message = say!(
        "this program was built without its server for assistants",
        "本程序构建时未包含面向助手的服务器"
    );
    let hint = say!(
        "`cargo install --path . --features mcp` builds one that has it",
        "`cargo install --path . --features mcp` 可构建带有服务器的程序"
    );
    Err(hinted(message, Some(hint)))
}

#[cfg(feature = "mcp")]
pub(super) use served::run;

#[cfg(feature = "mcp")]
mod served {
    use std::ffi::OsString;
    use std::io::{self, Write};
    use std::path::PathBuf;
    use std::sync::Arc;
    use std::time::Duration;

    use super::{Console, McpArgs, Outcome};
    use crate::cli::console::Environment;
    use crate::cli::finding::find;
    use crate::cli::run as run_program;
    use crate::cli::topics::topic;
    use crate::diagnostic::Diagnostics;
    use crate::folder::DiskFiles;
    use crate::folder::fingerprint::Fingerprint;
    use crate::mcp::{CommandAsked, CommandEnd, Door, serve};
    use crate::parallel::all_cores;
    use crate::words::{self, Language};

    /// How long a book is waited for that git is just writing.
    const WAIT: Duration = Duration::from_secs(10);

    pub(in crate::cli) fn run(
        args: &McpArgs,
        console: &mut Console<'_>,
    ) -> anyhow::Result<Outcome> {
        let root = std::path::absolute(find(args.book.as_deref(), WAIT, console)?)?;
        let program = Program {
            root,
            as_of: args.as_of.clone(),
            environment: console.environment.clone(),
        };
        // The protocol is English, whatever the terminal speaks.
        words::speak(Language::English);
        words::write_in(Language::English);
        serve(Arc::new(program), args.write, console.input, console.out)?;
        Ok(Outcome::Done)
    }

    /// The program itself, with one book.
    struct Program {
        root: PathBuf,
        as_of: Option<String>,
        environment: Environment,
    }

    impl Door for Program {
        fn run(&self, asked: &CommandAsked, out: &mut dyn Write) -> CommandEnd {
            let mut arguments: Vec<OsString> = vec!["guanxi".into(), asked.command.into()];
            arguments.extend(["--lang=en".into(), "--no-config".into()]);
            if asked.has_book {
                let mut book = OsString::from("--book=");
                book.push(&self.root);
                arguments.push(book);
            }
            if let Some(day) = asked.as_of.as_ref().or(self.as_of.as_ref())
                && asked.has_day
            {
                arguments.push(format!("--as-of={day}").into());
            }
            arguments.extend(asked.options.iter().map(OsString::from));
            arguments.push("--".into());
            arguments.extend(asked.words.iter().map(OsString::from));
            let mut said = Vec::new();
            let mut console = Console {
                input: &mut io::empty(),
                out,
                err: &mut said,
                environment: self.environment.for_a_program(),
            };
            let outcome = run_program(arguments, &mut console);
            CommandEnd {
                is_done: matches!(outcome, Outcome::Done | Outcome::Found),
                said: String::from_utf8_lossy(&said).into_owned(),
            }
        }

        fn fingerprint(&self) -> io::Result<String> {
            let threads = all_cores();
            let files = DiskFiles::walk(&self.root, threads, &mut Diagnostics::default());
            Ok(Fingerprint::of_files(&files, threads)?.to_string())
        }

        fn page(&self, name: &str) -> Option<&'static str> {
            topic(name).map(|it| it.page)
        }
    }
}
