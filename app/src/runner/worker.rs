//! The runner on a worker of the page, with a watchdog: a worker that does not answer is ended and replaced.

mod pending;

use std::cell::RefCell;
use std::rc::Rc;

use engine::report::Limit;
use gloo::timers::callback::{Interval, Timeout};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, WorkerOptions, WorkerType};

use self::pending::{Current, Pending};
use super::{Job, Question, RunDone, RunEvent, Runner, Text};
use crate::browser::clock;
use crate::browser::message::{self, Packet};
use crate::protocol::{FromWorker, PROTOCOL_VERSION, ToWorker, WireError};

/// How often the watchdog looks.
const WATCH_MS: u32 = 100;

/// How long a worker may take to start: a slow phone compiles for some seconds.
const START_MS: u32 = 30_000;

/// How long Stop waits for the worker to end the run by itself.
const STOP_MS: u32 = 600;

/// A worker, and what it was asked.
#[derive(Clone)]
pub struct WorkerRunner(Rc<RefCell<Inner>>);

struct Inner {
    /// The worker's script, as the build names it.
    script: &'static str,
    worker: Option<web_sys::Worker>,
    ready: bool,
    /// Messages for a worker that is not ready yet: it would not hear them.
    queue: Vec<(JsValue, JsValue)>,
    pending: Pending,
    watchdog: Option<Interval>,
    starting: Option<Timeout>,
    stopping: Option<Timeout>,
    /// The worker's listeners live as long as it does.
    listeners: Vec<Closure<dyn FnMut(JsValue)>>,
}

impl WorkerRunner {
    /// A runner whose worker starts now.
    #[must_use]
    pub fn start(script: &'static str) -> Self {
        let runner = Self::later(script);
        runner.spawn();
        runner
    }

    /// A runner whose worker starts when it is asked something.
    #[must_use]
    pub fn later(script: &'static str) -> Self {
        Self(Rc::new(RefCell::new(Inner {
            script,
            worker: None,
            ready: false,
            queue: Vec::new(),
            pending: Pending::default(),
            watchdog: None,
            starting: None,
            stopping: None,
            listeners: Vec::new(),
        })))
    }

    /// Starts the worker where there is none.
    pub(super) fn wake(&self) {
        if self.0.borrow().worker.is_none() {
            self.spawn();
        }
    }

    fn spawn(&self) {
        let script = self.0.borrow().script;
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        let Ok(worker) = web_sys::Worker::new_with_options(script, &options) else {
            self.fail("the browser refused to start a worker", "reload the page; it needs module workers");
            return;
        };
        let (heard, failed, late) = (self.clone(), self.clone(), self.clone());
        let on_message = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            if let Some(packet) = message::read(&event.unchecked_into::<MessageEvent>().data()) {
                heard.hear(packet);
            }
        });
        let on_error = Closure::<dyn FnMut(JsValue)>::new(move |event: JsValue| {
            let cause = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
            let cause = if cause.is_empty() { "its script could not be loaded".to_owned() } else { cause };
            let message = format!("the engine stopped unexpectedly: {cause}");
            failed.replace(None, &message, "a new one is ready; nothing you typed is lost");
        });
        worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        let mut inner = self.0.borrow_mut();
        inner.worker = Some(worker);
        inner.ready = false;
        inner.listeners = vec![on_message, on_error];
        inner.starting = Some(Timeout::new(START_MS, move || {
            let hint = format!("reload the page; look whether {script} loads");
            late.fail("the engine did not start within 30 s", &hint);
        }));
    }

    /// Ends the worker and starts another. What was asked of the old one is asked again or answered with the reason.
    fn replace(&self, limit: Option<Limit>, message: &str, hint: &str) {
        let started = {
            let mut inner = self.0.borrow_mut();
            if let Some(worker) = inner.worker.take() {
                worker.set_onmessage(None);
                worker.set_onerror(None);
                worker.terminate();
            }
            std::mem::replace(&mut inner.ready, false)
        };
        let mut pending = self.take_pending();
        // A worker that never started would not start the next time either. Who hears of the end may ask at once,
        // so the new worker is there before.
        if started {
            self.spawn();
            pending.innocent().into_iter().for_each(|question| self.ask(question));
        }
        pending.fail(limit, &WireError::new(message, hint));
    }

    /// Answers all that is pending with an error.
    fn fail(&self, message: &str, hint: &str) {
        self.take_pending().fail(None, &WireError::new(message, hint));
    }

    fn take_pending(&self) -> Pending {
        let mut inner = self.0.borrow_mut();
        inner.watchdog = None;
        inner.stopping = None;
        inner.starting = None;
        inner.queue.clear();
        inner.pending.take()
    }

    fn hear(&self, packet: Packet<FromWorker>) {
        match packet.message {
            FromWorker::Ready { version } if version == PROTOCOL_VERSION => self.open(),
            FromWorker::Ready { .. } => {
                self.fail("the page and its engine are of different versions", "reload the page");
            }
            FromWorker::Progress { id, progress } => {
                if let Some(hear) = self.0.borrow_mut().pending.touch(id, false) {
                    hear(RunEvent::Progress(progress));
                }
            }
            FromWorker::Settling { id } => drop(self.0.borrow_mut().pending.touch(id, true)),
            FromWorker::Done { id, report, texts, shortfalls } => {
                let texts = texts.into_iter().zip(packet.buffers.into_iter().map(Text)).collect();
                self.end(id, RunEvent::Done(Box::new(RunDone { report: *report, texts, shortfalls })));
            }
            FromWorker::Wrong { id, error } if self.is_running(id) => self.end(id, RunEvent::Refused(error)),
            answer => {
                let answered = self.0.borrow_mut().pending.take_question(&answer);
                if let Some(question) = answered {
                    pending::answer(question, answer);
                }
            }
        }
    }

    fn open(&self) {
        let mut inner = self.0.borrow_mut();
        inner.ready = true;
        inner.starting = None;
        for (data, transfer) in std::mem::take(&mut inner.queue) {
            post(&inner, &data, &transfer);
        }
    }

    fn is_running(&self, id: u32) -> bool {
        self.0.borrow().pending.current.as_ref().is_some_and(|current| current.id == id)
    }

    fn end(&self, id: u32, event: RunEvent) {
        let ended = {
            let mut inner = self.0.borrow_mut();
            let ended = inner.pending.end(id);
            if ended.is_some() {
                inner.watchdog = None;
                inner.stopping = None;
            }
            ended
        };
        if let Some(hear) = ended {
            hear(event);
        }
    }

    fn send(&self, message: ToWorker, buffers: &[&[u8]]) {
        let buffers = buffers.iter().map(|bytes| js_sys::Uint8Array::from(*bytes)).collect();
        let (data, transfer) = message::write(message, buffers);
        let mut inner = self.0.borrow_mut();
        if inner.ready {
            post(&inner, &data, &transfer);
        } else {
            inner.queue.push((data, transfer));
        }
    }

    /// Looks whether the worker keeps to the run's time limit.
    fn watch(&self) {
        let overdue = {
            let mut inner = self.0.borrow_mut();
            let ready = inner.ready;
            inner.pending.current.as_mut().is_some_and(|current| current.is_overdue(clock::now(), ready))
        };
        if overdue {
            self.replace(
                Some(Limit::Time),
                "the time limit passed and the engine did not answer, so it was ended and replaced",
                "the guest keeps the host busy in one long call; nothing you typed is lost",
            );
        }
    }
}

fn post(inner: &Inner, data: &JsValue, transfer: &JsValue) {
    if let Some(worker) = &inner.worker {
        // Only a value that cannot be cloned fails here, and text and buffers can.
        let _ = worker.post_message_with_transfer(data, transfer);
    }
}

impl Runner for WorkerRunner {
    fn machine(&self) -> String {
        "wasmi".to_owned()
    }

    fn run(&self, job: Job, hear: Box<dyn Fn(RunEvent)>) {
        self.wake();
        let time_ms = job.asked.draft.time_ms(job.asked.limits.time_ms);
        let id = {
            let mut inner = self.0.borrow_mut();
            let id = inner.pending.next_id();
            inner.pending.current = Some(Current::new(id, time_ms, clock::now(), Rc::from(hear)));
            let watcher = self.clone();
            inner.watchdog = Some(Interval::new(WATCH_MS, move || watcher.watch()));
            id
        };
        let names = job.modules.iter().map(|(name, _)| name.clone()).collect();
        let bytes: Vec<&[u8]> = job.modules.iter().map(|(_, bytes)| bytes.as_slice()).collect();
        self.send(ToWorker::Run { id, asked: Box::new(job.asked), modules: names }, &bytes);
    }

    fn stop(&self) {
        let Some(id) = self.0.borrow().pending.current.as_ref().map(|current| current.id) else { return };
        self.send(ToWorker::Stop { id }, &[]);
        let runner = self.clone();
        let stopping = Timeout::new(STOP_MS, move || {
            runner.replace(
                Some(Limit::Person),
                "stopped by you: the engine did not end the run by itself, so it was ended and replaced",
                "nothing you typed is lost",
            );
        });
        self.0.borrow_mut().stopping = Some(stopping);
    }

    fn ask(&self, question: Question) {
        self.wake();
        let (message, bytes) = self.0.borrow_mut().pending.ask(question);
        let buffers: Vec<&[u8]> = bytes.iter().map(|bytes| bytes.as_slice()).collect();
        self.send(message, &buffers);
    }
}
