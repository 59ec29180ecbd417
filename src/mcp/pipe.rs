//! The program's streams as the protocol's library wants them.
//!
//! Standard input is read by a thread of its own, and standard output written by the one that holds it;
//! between them and the library there are channels.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::task::{Context, Poll, Waker, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc as waiting;

/// How many calls are being answered, and who waits for the last of them.
#[derive(Clone, Default)]
pub(super) struct Busy(Arc<Mutex<(usize, Option<Waker>)>>);

impl Busy {
    /// Counts a call until what is returned is dropped.
    pub(super) fn call(&self) -> Call {
        self.held().0 += 1;
        Call(self.clone())
    }

    fn held(&self) -> MutexGuard<'_, (usize, Option<Waker>)> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call that is being answered.
pub(super) struct Call(Busy);

impl Drop for Call {
    fn drop(&mut self) {
        let mut held = self.0.held();
        held.0 -= 1;
        if held.0 == 0
            && let Some(waker) = held.1.take()
        {
            waker.wake();
        }
    }
}

/// How often others come first once nothing more comes: calls that were read begin meanwhile.
const OTHERS_FIRST: usize = 16;

/// Bytes that a thread sends. They end when the thread is done and every call is answered: a client that
/// writes its questions and closes the pipe hears all answers, however long they take.
pub(super) struct Incoming {
    from: waiting::Receiver<Vec<u8>>,
    busy: Busy,
    let_others: usize,
    rest: Vec<u8>,
    taken: usize,
}

impl Incoming {
    pub(super) fn new(from: waiting::Receiver<Vec<u8>>, busy: Busy) -> Self {
        Self {
            from,
            busy,
            let_others: 0,
            rest: Vec::new(),
            taken: 0,
        }
    }
}

impl Incoming {
    /// Is ready when no call is being answered.
    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if self.let_others < OTHERS_FIRST {
            self.let_others += 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut held = self.busy.held();
        if held.0 == 0 {
            return Poll::Ready(());
        }
        held.1 = Some(context.waker().clone());
        Poll::Pending
    }
}

impl AsyncRead for Incoming {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.taken == self.rest.len() {
            let piece = ready!(self.from.poll_recv(context));
            if piece.is_none() {
                ready!(self.poll_end(context));
            }
            // A buffer that stays empty is the end.
            self.rest = piece.unwrap_or_default();
            self.taken = 0;
        }
        let rest = self.rest.get(self.taken..).unwrap_or_default();
        let count = rest.len().min(buffer.remaining());
        buffer.put_slice(rest.get(..count).unwrap_or_default());
        self.taken += count;
        Poll::Ready(Ok(()))
    }
}

/// Bytes for a thread to write.
pub(super) struct Outgoing(pub(super) mpsc::Sender<Vec<u8>>);

impl AsyncWrite for Outgoing {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let sent = self.0.send(bytes.to_vec());
        Poll::Ready(match sent {
            Ok(()) => Ok(bytes.len()),
            Err(_) => Err(io::ErrorKind::BrokenPipe.into()),
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
