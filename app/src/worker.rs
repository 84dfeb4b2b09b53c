//! The worker's program: hears requests, runs the engine, answers.
//!
//! It touches no page and no network; what it knows came in a message.

mod answer;
mod configuration;
mod pace;
mod package;

use std::cell::Cell;
use std::rc::Rc;

use engine::machine::wasmi::WasmiMachine;
use engine::request::RunRequest;
use engine::run::Modules;
use engine::workspace::case::Expect;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use self::pace::WorkerPace;
use crate::browser::message::{self, Packet};
use crate::browser::translator;
use crate::draft::Asked;
use crate::protocol::{FromWorker, PROTOCOL_VERSION, ToWorker, WireError};
use crate::seen::Seen;

/// What the worker holds between messages.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    machine: WasmiMachine,
    /// The run that shall stop, by number; 0: none.
    stop: Rc<Cell<u32>>,
}

/// Begins to hear, and says so.
pub fn start() {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let worker =
        Rc::new(Worker { scope: scope.clone(), machine: WasmiMachine::new(), stop: Rc::new(Cell::new(0)) });
    let heard = Rc::clone(&worker);
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(packet) = message::read::<ToWorker>(&event.data()) {
            hear(&heard, packet);
        }
    });
    scope.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // The worker listens for as long as it lives.
    listener.forget();
    worker.say(FromWorker::Ready { version: PROTOCOL_VERSION }, &[]);
}

impl Worker {
    fn say(&self, message: FromWorker, texts: &[&str]) {
        let buffers = texts.iter().map(|text| js_sys::Uint8Array::from(text.as_bytes())).collect();
        let (data, transfer) = message::write(message, buffers);
        // Only a value that cannot be cloned fails here, and text and buffers can.
        let _ = self.scope.post_message_with_transfer(&data, &transfer);
    }

    fn answer(&self, id: u32, answer: Result<FromWorker, WireError>) {
        let answer = answer.unwrap_or_else(|error| FromWorker::Wrong { id, error });
        self.say(answer, &[]);
    }
}

fn hear(worker: &Rc<Worker>, packet: Packet<ToWorker>) {
    match packet.message {
        ToWorker::Run { id, asked, modules } => {
            let worker = Rc::clone(worker);
            let Asked { draft, case, limits } = *asked;
            spawn_local(async move {
                match draft.into_workspace().and_then(|workspace| workspace.to_run(case, limits)) {
                    Ok((request, expect)) => {
                        let modules = binaries(modules, &packet.buffers).await;
                        run(&worker, id, (&request, expect.as_ref()), &modules).await;
                    }
                    Err(cause) => worker.answer(id, Err(WireError::new(cause, ""))),
                }
            });
        }
        ToWorker::Stop { id } => worker.stop.set(id),
        ToWorker::Inspect { id } => {
            let bytes = packet.buffers.first().map(js_sys::Uint8Array::to_vec).unwrap_or_default();
            let worker = Rc::clone(worker);
            spawn_local(async move {
                let info = translator::binary(bytes)
                    .await
                    .and_then(|bytes| answer::inspect(&bytes, &worker.machine));
                worker.answer(id, info.map(|info| FromWorker::Inspected { id, info: Box::new(info) }));
            });
        }
        ToWorker::Read { id, form, text } => {
            let read = answer::read(form, &text);
            worker.answer(
                id,
                read.map(|workspace| FromWorker::Workspace { id, workspace: Box::new(workspace) }),
            );
        }
        ToWorker::Unpack { id } => {
            let bytes = packet.buffers.first().map(js_sys::Uint8Array::to_vec).unwrap_or_default();
            let unpacked = package::open(&bytes);
            worker.answer(
                id,
                unpacked.map(|workspace| FromWorker::Workspace { id, workspace: Box::new(workspace) }),
            );
        }
        ToWorker::Write { id, form, workspace } => {
            let written = answer::write(form, *workspace);
            worker.answer(id, written.map(|written| FromWorker::Written { id, written }));
        }
        ToWorker::Fields { id, object, paths } => {
            worker.say(FromWorker::Fields { id, fields: answer::fields(&object, paths) }, &[]);
        }
        ToWorker::Configure { id, name, text } => {
            let configured = configuration::read(&name, &text);
            worker
                .answer(id, configured.map(|(stage, entries)| FromWorker::Configured { id, stage, entries }));
        }
        ToWorker::Lint { id, files } => {
            worker.say(FromWorker::Linted { id, marks: answer::lint(&files) }, &[]);
        }
    }
}

/// The modules of a run as binaries. Text that cannot be translated stays text, and the engine names it.
async fn binaries(names: Vec<String>, buffers: &[js_sys::Uint8Array]) -> Modules {
    let mut modules = Modules::new();
    for (name, buffer) in names.into_iter().zip(buffers) {
        let bytes = buffer.to_vec();
        let binary = translator::binary(bytes.clone()).await.unwrap_or(bytes);
        modules.insert(name, binary);
    }
    modules
}

async fn run(
    worker: &Rc<Worker>,
    id: u32,
    (request, expect): (&RunRequest, Option<&Expect>),
    modules: &Modules,
) {
    let said = Rc::clone(worker);
    let mut pace = WorkerPace::new(id, request.budget.time_ms, Rc::clone(&worker.stop), move |message| {
        said.say(message, &[]);
    });
    let report = engine::run::run(request, modules, &worker.machine, &mut pace).await;
    worker.say(FromWorker::Settling { id }, &[]);
    let shortfalls = expect.map(|expect| expect.shortfalls(&report)).unwrap_or_default();
    let mut report = Seen::of(report);
    let texts = report.take_texts();
    let slices: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let indices = texts.iter().map(|(index, _)| *index).collect();
    worker.say(FromWorker::Done { id, report: Box::new(report), texts: indices, shortfalls }, &slices);
}
