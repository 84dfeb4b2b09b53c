//! The thread that a guest runs on: the caller waits in slices and stays free to stop it.
//!
//! A guest that computes is stopped by the engine's epoch, whatever it does. A host call that blocks cannot be:
//! it is given a moment, then its thread is left to itself, and ends when the call does.

use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::Builder;
use std::time::{Duration, Instant};

use engine::machine::{Trap, Value};
use wasmtime::{AsContext, Engine, Store, UpdateDeadline};

use crate::instance::State;

/// What guests may use of the thread's stack, in bytes: as deep as wasmi's 50,000 calls of 160 bytes.
pub(crate) const MAX_STACK_BYTES: usize = 8 << 20;

/// What host functions and wasmtime itself have beyond that.
const HOST_STACK_BYTES: usize = 4 << 20;

/// How long the caller waits before it says that the call is paused.
pub(crate) const SLICE: Duration = Duration::from_millis(10);

/// How long a guest that was told to stop may take, which only a host call that blocks can need.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is done on the thread.
pub(crate) type Work = Box<dyn FnOnce(&mut Store<State>) -> Ended + Send>;

/// How a call ended.
pub(crate) type Ended = Result<Option<Value>, Trap>;

/// The thread of one instance. Dropped, it stops what runs there.
pub(crate) struct Thread {
    engine: Engine,
    signals: Arc<Signals>,
    work: Sender<(Store<State>, Work)>,
    done: Receiver<(Store<State>, Ended)>,
    is_busy: bool,
}

/// What the caller and the running guest tell each other.
#[derive(Debug, Default)]
struct Signals {
    stop: AtomicBool,
    fuel: AtomicU64,
    memory: AtomicU64,
}

/// How far a running guest is: what it told at the end of the last slice. Code that neither calls nor returns
/// keeps its fuel to itself.
pub(crate) struct Noted {
    /// Fuel left in the store.
    pub(crate) fuel: u64,
    /// The most memory it held, in bytes.
    pub(crate) memory: u64,
}

/// What waiting for a call came to.
pub(crate) enum Waited {
    /// It ended, and the store is back.
    Ended(Store<State>, Ended),
    /// It goes on.
    Running,
    /// The thread is gone, and the store with it.
    Lost,
}

impl Thread {
    /// A thread that waits for work on stores of this engine.
    pub(crate) fn start(engine: &Engine) -> std::io::Result<Self> {
        let (work, todo) = channel::<(Store<State>, Work)>();
        let (finished, done) = channel();
        let serve = move || {
            for (mut store, work) in todo {
                let ended = panic::catch_unwind(AssertUnwindSafe(|| work(&mut store)));
                let ended = ended.unwrap_or_else(|_| Err(defect()));
                if finished.send((store, ended)).is_err() {
                    return;
                }
            }
        };
        Builder::new()
            .name("guest".into())
            .stack_size(MAX_STACK_BYTES + HOST_STACK_BYTES)
            .spawn(serve)
            .map(|_| Self { engine: engine.clone(), signals: Arc::default(), work, done, is_busy: false })
    }

    /// Lets the store's guest hear of stops and tell how far it is.
    pub(crate) fn watch(&self, store: &mut Store<State>) {
        let signals = Arc::clone(&self.signals);
        store.epoch_deadline_callback(move |context| {
            signals.note(&context);
            // With the fence before the epoch is raised: who sees the epoch sees the stop.
            fence(Ordering::SeqCst);
            Ok(match signals.stop.load(Ordering::Relaxed) {
                true => UpdateDeadline::Interrupt,
                false => UpdateDeadline::Continue(1),
            })
        });
    }

    /// Begins work. The thread has nothing else to do: a store is here only between calls.
    pub(crate) fn begin(&mut self, mut store: Store<State>, work: Work) {
        store.set_epoch_deadline(1);
        self.signals.note(&store);
        self.is_busy = self.work.send((store, work)).is_ok();
    }

    /// Whether work was begun and its end not seen.
    pub(crate) fn is_busy(&self) -> bool {
        self.is_busy
    }

    /// Waits until the work ends, but no longer than `limit`.
    pub(crate) fn wait(&mut self, limit: Duration) -> Waited {
        match self.done.recv_timeout(limit) {
            Ok((store, ended)) => {
                self.is_busy = false;
                Waited::Ended(store, ended)
            }
            Err(RecvTimeoutError::Timeout) => {
                self.engine.increment_epoch();
                Waited::Running
            }
            Err(RecvTimeoutError::Disconnected) => {
                self.is_busy = false;
                Waited::Lost
            }
        }
    }

    /// Stops what runs, and takes its store back. Nothing when a host call blocks for longer than [`PATIENCE`].
    pub(crate) fn stop(&mut self) -> Option<Store<State>> {
        let begin = Instant::now();
        self.signals.stop.store(true, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        self.engine.increment_epoch();
        while self.is_busy && begin.elapsed() < PATIENCE {
            // Each wait raises the epoch again: a guest may just have put its deadline off.
            if let Waited::Ended(store, _) = self.wait(Duration::from_millis(1)) {
                return Some(store);
            }
        }
        None
    }

    /// What the running guest told last.
    pub(crate) fn noted(&self) -> Noted {
        let Signals { fuel, memory, .. } = &*self.signals;
        Noted { fuel: fuel.load(Ordering::Relaxed), memory: memory.load(Ordering::Relaxed) }
    }
}

impl Signals {
    fn note(&self, store: &impl AsContext<Data = State>) {
        let context = store.as_context();
        self.fuel.store(context.get_fuel().unwrap_or(0), Ordering::Relaxed);
        self.memory.store(context.data().limits.0.memory.peak(), Ordering::Relaxed);
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.stop();
    }
}

/// A panic on the guest's thread. Its words are on stderr, where panics go.
pub(crate) fn defect() -> Trap {
    Trap::Host("the host failed while it ran the guest: a defect of this program, please report it".into())
}
