//! The seam between the page and what runs things for it: run this request, stream events, stop.
//!
//! Implementations: [`worker::WorkerRunner`] (a worker of the page), [`workers::Workers`] (three of them, each for what
//! it can) and [`desktop::DesktopRunner`] (the window around it). The page asks what a runner offers, never where it
//! runs.

pub mod desktop;
pub mod worker;
pub mod workers;

use std::collections::BTreeMap;
use std::rc::Rc;

use crate::draft::{Asked, Draft};
use engine::module::inspect::ModuleInfo;
use engine::report::{Limit, Stage};
use engine::request::File;
use engine::run::Progress;

use self::desktop::Desk;
use crate::protocol::{Form, Mark, WireError, Written};
use crate::seen::Seen;

/// A module's bytes, shared between the page's parts.
pub type Bytes = Rc<Vec<u8>>;

/// A run to be done.
#[derive(Clone, Debug)]
pub struct Job {
    /// What to run.
    pub asked: Asked,
    /// The modules, by the names that the workspace uses.
    pub modules: Vec<(String, Bytes)>,
}

/// What a run says while it goes on.
pub enum RunEvent {
    /// How far it is.
    Progress(Progress),
    /// It has ended with a report.
    Done(Box<RunDone>),
    /// There is nothing to run: the workspace is none, or the case does not fit it.
    Refused(WireError),
    /// What executed it had to be ended and replaced: there is no report. The limit that was the reason, if it
    /// was one, and a sentence.
    Killed(Option<Limit>, WireError),
}

/// A finished run.
pub struct RunDone {
    /// The report; its files' texts are in `texts`.
    pub report: Seen,
    /// The texts of files that are not as they came, by index in the report.
    pub texts: Vec<(usize, Text)>,
    /// What the run falls short of, when it is a case.
    pub shortfalls: Vec<String>,
}

/// A text that is decoded only when it is shown: ten thousand manifests are not read for a verdict.
#[derive(Clone, Debug)]
pub struct Text(js_sys::Uint8Array);

impl Text {
    /// The text. Bytes that are not UTF-8 show as U+FFFD.
    #[must_use]
    pub fn read(&self) -> String {
        String::from_utf8_lossy(&self.0.to_vec()).into_owned()
    }
}

/// The modules of a configuration file, each with where the API server reads it, and where they are asked.
pub type Configured = (Stage, Vec<(serde_json::Value, String)>);

/// What the page asks besides runs.
pub enum Question {
    /// Look into a module.
    Inspect(Bytes, Box<dyn FnOnce(Result<ModuleInfo, WireError>)>),
    /// Read a workspace from what it is shared as.
    Read(Form, String, Box<dyn FnOnce(Result<Draft, WireError>)>),
    /// Open a package of a dashboard plugin.
    Unpack(Bytes, Box<dyn FnOnce(Result<Draft, WireError>)>),
    /// Write a workspace as it is shared.
    Write(Form, Box<Draft>, Box<dyn FnOnce(Result<Written, WireError>)>),
    /// Look fields up in an object: its text, and their paths.
    Fields(String, Vec<String>, Box<dyn FnOnce(BTreeMap<String, serde_json::Value>)>),
    /// Read a configuration file of k8s-wasm's API server: its name and its text.
    Configure(String, String, Box<dyn FnOnce(Result<Configured, WireError>)>),
    /// Read manifests for mistakes.
    Lint(Vec<File>, Box<dyn FnOnce(Vec<Mark>)>),
}

/// What runs things for the page.
pub trait Runner {
    /// What executes guests, for a person to read: `wasmi`.
    fn machine(&self) -> String;

    /// What it offers besides, where it can: files of the person's choice, and clusters.
    fn desk(&self) -> Option<Desk> {
        None
    }

    /// Gets ready for a workspace, where that takes a while.
    fn expect(&self, _draft: &Draft) {}

    /// Begins a run; the one before must have ended. `hear` is called until [`RunEvent::Done`] or
    /// [`RunEvent::Killed`], and not after.
    fn run(&self, job: Job, hear: Box<dyn Fn(RunEvent)>);

    /// Ends the run that is under way, softly at first and then for certain.
    fn stop(&self);

    /// Answers a question. One that is lost with a killed worker is answered with an error, or not at all where
    /// there is none to give; a module is looked into again when the run was the reason.
    fn ask(&self, question: Question);
}
