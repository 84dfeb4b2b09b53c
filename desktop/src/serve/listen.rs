//! Connections: taken, bounded in number, in their headers and in time, and ended in good order on Ctrl-C.
//!
//! It reads no request itself.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, watch};

use crate::runner::StopSignal;

/// The most connections at once; others wait to be taken.
const MAX_CONNECTIONS: u32 = 128;

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// The largest head of a request, in bytes; what one read brings beyond is still taken, which is as much at most.
const MAX_HEAD_BYTES: usize = 32 << 10;

/// How long a head may take to come, and how long a connection may be idle.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The pause after the system could not give a connection.
const PAUSE: Duration = Duration::from_millis(50);

/// How a server ends.
pub(super) struct Ending {
    /// Ends the runs, once Ctrl-C came again.
    pub(super) stop: StopSignal,
    /// How long it waits for what is asked already.
    pub(super) patience: Duration,
}

/// Takes connections until Ctrl-C, and ends once they have come to their end.
pub(super) async fn run(
    listener: TcpListener,
    router: Router,
    mut lines: mpsc::Receiver<String>,
    ending: Ending,
    mut on_line: impl FnMut(&str),
) {
    let seats = Arc::new(Semaphore::new(MAX_CONNECTIONS as usize));
    let (close, closing) = watch::channel(false);
    let mut interrupt = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            Some(line) = lines.recv() => on_line(&line),
            Some((stream, seat)) = accept(&listener, &seats) => {
                tokio::spawn(connection(stream, seat, router.clone(), closing.clone()));
            }
            _ = &mut interrupt => break,
        }
    }
    drop(listener);
    // Connections hear it; where there is none, nobody has to.
    let _ = close.send(true);
    let mut all_left = std::pin::pin!(seats.acquire_many(MAX_CONNECTIONS));
    let mut patience = std::pin::pin!(tokio::time::sleep(ending.patience));
    let mut again = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        tokio::select! {
            biased;
            Some(line) = lines.recv() => on_line(&line),
            _ = &mut all_left => break,
            () = &mut patience => break,
            _ = &mut again => {
                ending.stop.stop();
                break;
            }
        }
    }
    while let Ok(line) = lines.try_recv() {
        on_line(&line);
    }
}

/// The next connection, once there is room for it.
async fn accept(listener: &TcpListener, seats: &Arc<Semaphore>) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let seat = Arc::clone(seats).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, seat)),
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Answers what comes on one connection; once the server ends, what was asked already.
async fn connection(
    stream: TcpStream,
    seat: OwnedSemaphorePermit,
    router: Router,
    mut closing: watch::Receiver<bool>,
) {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME);
    builder.max_headers(MAX_HEADERS).max_buf_size(MAX_HEAD_BYTES);
    let service = TowerToHyperService::new(router);
    let mut served = std::pin::pin!(builder.serve_connection(TokioIo::new(stream), service));
    // A connection that breaks off is its client's own affair, and one whose head is late is closed without an answer.
    tokio::select! {
        _ = served.as_mut() => return drop(seat),
        () = closes(&mut closing) => served.as_mut().graceful_shutdown(),
    }
    let _ = served.await;
    drop(seat);
}

/// Waits until the server ends.
async fn closes(closing: &mut watch::Receiver<bool>) {
    // A sender that is gone has ended.
    let _ = closing.wait_for(|is_closing| *is_closing).await;
}
