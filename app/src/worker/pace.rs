//! The worker's clock, and its ear between two slices of fuel.

use std::cell::Cell;
use std::rc::Rc;

use engine::report::Limit;
use engine::run::{Pace, Progress};

use crate::browser::{clock, turn};
use crate::protocol::FromWorker;

/// How often progress is said: a person sees no difference below.
const PROGRESS_MS: f64 = 100.0;

/// How long a run goes on before the worker hears its messages again: Stop is heard within this.
const DEAF_MS: f64 = 25.0;

/// The pace of one run in a worker.
pub(super) struct WorkerPace<S> {
    id: u32,
    began: f64,
    time_ms: u64,
    said: f64,
    heard: f64,
    stop: Rc<Cell<u32>>,
    say: S,
}

impl<S: Fn(FromWorker)> WorkerPace<S> {
    pub(super) fn new(id: u32, time_ms: u64, stop: Rc<Cell<u32>>, say: S) -> Self {
        let now = clock::now();
        Self { id, began: now, time_ms, said: now, heard: now, stop, say }
    }
}

impl<S: Fn(FromWorker)> Pace for WorkerPace<S> {
    fn millis(&self) -> f64 {
        clock::now() - self.began
    }

    fn clock(&self) -> fn() -> f64 {
        clock::now
    }

    async fn pause(&mut self, progress: &Progress) -> Option<Limit> {
        let now = clock::now();
        if now - self.said >= PROGRESS_MS {
            self.said = now;
            (self.say)(FromWorker::Progress { id: self.id, progress: progress.clone() });
        }
        if now - self.heard >= DEAF_MS {
            // A turn of the event loop: messages that wait are heard now.
            turn::next().await;
            self.heard = clock::now();
        }
        if self.stop.get() == self.id {
            return Some(Limit::Person);
        }
        #[expect(clippy::cast_precision_loss, reason = "a time limit is far below 2^53 ms")]
        let limit = self.time_ms as f64;
        (self.millis() >= limit).then_some(Limit::Time)
    }
}
