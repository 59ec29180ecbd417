//! The `guanxi` program: hands arguments and streams to the library, and its outcome to the system.

use std::io;
use std::process::ExitCode;

use guanxi::cli::{Console, Environment, run};

fn main() -> ExitCode {
    let environment = Environment::of_process();
    let (mut input, mut out, mut err) = (io::stdin(), io::stdout().lock(), io::stderr());
    let mut console = Console {
        input: &mut input,
        out: &mut out,
        err: &mut err,
        environment,
    };
    run(std::env::args_os(), &mut console).into()
}
