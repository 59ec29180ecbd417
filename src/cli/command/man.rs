//! `guanxi man`: the manual page of the program, or of one command.

use crate::cli::args::{LanguageName, ManArgs};
use crate::cli::outcome::Outcome;
use crate::cli::{Console, chinese, command_tree};
use crate::diagnostic::Nearest as _;
use crate::session::hint::hinted;
use crate::words::say;

/// Writes the page, in English unless Chinese is asked for by `lang`: what is installed is for everybody.
pub(super) fn run(
    args: &ManArgs,
    lang: Option<LanguageName>,
    console: &mut Console<'_>,
) -> anyhow::Result<Outcome> {
    let mut tree = command_tree();
    if lang == Some(LanguageName::Zh) {
        tree = chinese::translated(tree);
    }
    tree.build();
    let page = match &args.command {
        None => tree,
        Some(name) => {
            let found = tree.find_subcommand(name).cloned();
            let page = found.ok_or_else(|| {
                let near = tree
                    .get_subcommands()
                    .map(clap::Command::get_name)
                    .hint(name);
                hinted(
                    say!("no command is called `{name}`", "没有名为 `{name}` 的命令"),
                    near,
                )
            })?;
            page.display_name(format!("guanxi-{name}"))
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .source(concat!("guanxi ", env!("CARGO_PKG_VERSION")))
        .manual("guanxi")
        .render(&mut text)?;
    console.out.write_all(&text)?;
    Ok(Outcome::Done)
}
