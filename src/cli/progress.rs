//! A sign of life on a terminal, for work that takes more than a second.

use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long nothing is shown, and how often the line is renewed after that.
const TICK: Duration = Duration::from_secs(1);

/// A line on standard error that says what is done and for how long; it is gone when this is dropped.
pub(super) struct Progress {
    line: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins to watch; nothing is ever shown unless `is_wanted`, which only a terminal's reader does.
    pub(super) fn start(is_wanted: bool, what: &'static str) -> Self {
        let line = is_wanted.then(|| {
            let (done, is_done) = mpsc::channel();
            let started = Instant::now();
            let watcher = std::thread::spawn(move || {
                let mut was_shown = false;
                while is_done.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    was_shown = true;
                    write(&format!("\r{what} … {} s", started.elapsed().as_secs()));
                }
                if was_shown {
                    // Back to the line's beginning, and nothing after it.
                    write("\r\u{1b}[K");
                }
            });
            (done, watcher)
        });
        Self { line }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, watcher)) = self.line.take() {
            drop(done);
            // The watcher has nothing in it that could panic.
            let _ = watcher.join();
        }
    }
}

/// Writes to standard error. A closed one is nobody's concern.
fn write(text: &str) {
    let mut err = std::io::stderr().lock();
    let _ = err.write_all(text.as_bytes()).and_then(|()| err.flush());
}
