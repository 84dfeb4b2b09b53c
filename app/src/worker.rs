//! The worker's program: hears requests, runs the engine, answers.
//!
//! It touches no page and no network; what it knows came in a message.

mod answer;
mod pace;

use std::cell::Cell;
use std::rc::Rc;

use engine::machine::wasmi::WasmiMachine;
use engine::run::Modules;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use self::pace::WorkerPace;
use crate::browser::message::{self, Packet};
use crate::protocol::{FromWorker, PROTOCOL_VERSION, ToWorker};

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
    worker.say(&FromWorker::Ready { version: PROTOCOL_VERSION }, &[]);
}

impl Worker {
    fn say(&self, message: &FromWorker, texts: &[&str]) {
        let buffers = texts.iter().map(|text| js_sys::Uint8Array::from(text.as_bytes())).collect();
        let (data, transfer) = message::write(message, buffers);
        // Only a value that cannot be cloned fails here, and text and buffers can.
        let _ = self.scope.post_message_with_transfer(&data, &transfer);
    }
}

fn hear(worker: &Rc<Worker>, packet: Packet<ToWorker>) {
    match packet.message {
        ToWorker::Run { id, request, modules } => {
            let bytes = packet.buffers.iter().map(js_sys::Uint8Array::to_vec);
            let modules: Modules = modules.into_iter().zip(bytes).collect();
            let worker = Rc::clone(worker);
            spawn_local(async move { run(&worker, id, &request, &modules).await });
        }
        ToWorker::Stop { id } => worker.stop.set(id),
        ToWorker::Inspect { id } => {
            let bytes = packet.buffers.first().map(js_sys::Uint8Array::to_vec).unwrap_or_default();
            let result = answer::inspect(&bytes).map(Box::new);
            worker.say(&FromWorker::Inspected { id, result }, &[]);
        }
        ToWorker::ReadLink { id, fragment } => {
            let result = answer::read_link(&fragment).map(Box::new);
            worker.say(&FromWorker::Link { id, result }, &[]);
        }
        ToWorker::Lint { id, files } => {
            worker.say(&FromWorker::Linted { id, marks: answer::lint(&files) }, &[]);
        }
    }
}

async fn run(worker: &Rc<Worker>, id: u32, request: &engine::request::RunRequest, modules: &Modules) {
    let said = Rc::clone(worker);
    let mut pace = WorkerPace::new(id, request.budget.time_ms, Rc::clone(&worker.stop), move |message| {
        said.say(&message, &[]);
    });
    let mut report = engine::run::run(request, modules, &worker.machine, &mut pace).await;
    worker.say(&FromWorker::Settling { id }, &[]);
    let texts = answer::take_texts(&mut report);
    let slices: Vec<&str> = texts.iter().map(|(_, text)| text.as_str()).collect();
    let indices = texts.iter().map(|(index, _)| *index).collect();
    worker.say(&FromWorker::Done { id, report: Box::new(report), texts: indices }, &slices);
}
