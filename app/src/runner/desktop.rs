//! The runner on the window around the page: runs go to its machine, questions stay with the page's own worker,
//! which answers them without executing anything.

mod desk;

use std::rc::Rc;

use wasm_bindgen_futures::spawn_local;
use wire::{Ended, Start, ToWindow};

pub use self::desk::Desk;
use super::workers::Workers;
use super::{Job, Question, RunDone, RunEvent, Runner, Text};
use crate::browser::invoke;
use crate::draft::Asked;
use crate::protocol::WireError;
use crate::seen::Seen;

/// The window's machine, and the page's worker for questions.
pub struct DesktopRunner {
    worker: Workers,
    machine: String,
}

impl DesktopRunner {
    /// The runner, and what the window was started with; none where the page stands in a browser.
    ///
    /// # Errors
    /// When the page stands in a window that does not answer.
    pub async fn start() -> Result<Option<(Self, Start)>, WireError> {
        if !invoke::is_window() {
            return Ok(None);
        }
        let start = Desk.begin().await?;
        Ok(Some((Self { worker: Workers::start(), machine: start.machine.clone() }, start)))
    }
}

impl Runner for DesktopRunner {
    fn machine(&self) -> String {
        self.machine.clone()
    }

    fn desk(&self) -> Option<Desk> {
        Some(Desk)
    }

    fn run(&self, job: Job, hear: Box<dyn Fn(RunEvent)>) {
        let hear: Rc<dyn Fn(RunEvent)> = Rc::from(hear);
        spawn_local(async move {
            let ended = run(job, Rc::clone(&hear)).await;
            hear(ended.unwrap_or_else(|error| RunEvent::Killed(None, error)));
        });
    }

    fn stop(&self) {
        // The run that ends says so.
        spawn_local(async { drop(Desk.tell(&ToWindow::Stop).await) });
    }

    fn ask(&self, question: Question) {
        self.worker.ask(question);
    }
}

async fn run(job: Job, hear: Rc<dyn Fn(RunEvent)>) -> Result<RunEvent, WireError> {
    let (modules, bytes): (Vec<_>, Vec<_>) = job.modules.into_iter().unzip();
    let Asked { draft, case, limits } = job.asked;
    let workspace = serde_json::to_value(draft).unwrap_or_default();
    let question = ToWindow::Run { workspace, case, limits, modules };
    let buffers: Vec<&[u8]> = bytes.iter().map(|bytes| bytes.as_slice()).collect();
    let listen = move |said: String| {
        if let Ok(progress) = serde_json::from_str(&said) {
            hear(RunEvent::Progress(progress));
        }
    };
    let answer = invoke::ask(&wire::write(&question, &buffers)?, Some(Box::new(listen))).await?;
    let packet = wire::read::<Ended>(&answer)?;
    let done = match packet.message {
        Ok(done) => done,
        Err(error) => return Ok(RunEvent::Refused(error)),
    };
    let texts = packet.buffers.into_iter().map(|text| Text(js_sys::Uint8Array::from(text)));
    let mut texts: Vec<(usize, Text)> = done.texts.into_iter().zip(texts).collect();
    let mut report = Seen::of(done.report);
    // A pipeline's texts came beside the report; a request's object stands in it.
    if report.gate.is_some() {
        let own = report.take_texts().into_iter();
        texts = own.map(|(index, text)| (index, Text(js_sys::Uint8Array::from(text.as_bytes())))).collect();
    }
    Ok(RunEvent::Done(Box::new(RunDone { report, texts, shortfalls: done.shortfalls })))
}
