//! What page and worker say to each other: JSON for what is small, transferred buffers for modules and for the
//! texts of files (see [`texts`]).
//!
//! The first thing to read of the page. Nothing here is kept or shared: both ends come from one build, and
//! [`FromWorker::Ready`] carries its version so that a stale worker is noticed.

pub(crate) mod texts;

use std::collections::BTreeMap;

use engine::module::inspect::ModuleInfo;
use engine::report::Stage;
use engine::request::File;
use engine::run::Progress;
use serde::{Deserialize, Serialize};

use crate::draft::{Asked, Draft};
use crate::seen::Seen;
pub use wire::WireError;

/// The version of these messages: the page's and the worker's must be equal.
pub const PROTOCOL_VERSION: u32 = 3;

/// From the page. Each carries an `id` that its answers repeat.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum ToWorker {
    /// Run a request. The buffers are the modules' bytes, in the order of `modules`.
    Run {
        /// The run's number.
        id: u32,
        /// What to run.
        asked: Box<Asked>,
        /// The names of the modules.
        modules: Vec<String>,
    },
    /// End the run that is under way.
    Stop {
        /// The run's number.
        id: u32,
    },
    /// Look into a module; its bytes are the only buffer.
    Inspect {
        /// The question's number.
        id: u32,
    },
    /// Read a workspace from what it is shared as.
    Read {
        /// The question's number.
        id: u32,
        /// Which form the text has.
        form: Form,
        /// A link's fragment, or a file's text.
        text: String,
    },
    /// Open a package of a dashboard plugin; its bytes are the only buffer. Only a worker with plugins can. The answer is
    /// [`FromWorker::Workspace`], with the module in it.
    Unpack {
        /// The question's number.
        id: u32,
    },
    /// Write a workspace as it is shared, and look for what should not be shared.
    Write {
        /// The question's number.
        id: u32,
        /// Which form is wanted.
        form: Form,
        /// The workspace.
        workspace: Box<Draft>,
    },
    /// Look fields up in an object.
    Fields {
        /// The question's number.
        id: u32,
        /// The object, as YAML or JSON.
        object: String,
        /// The fields' paths.
        paths: Vec<String>,
    },
    /// Read a configuration file of k8s-wasm's API server. Only a worker with the gate can.
    Configure {
        /// The question's number.
        id: u32,
        /// The file's name.
        name: String,
        /// Its text.
        text: String,
    },
    /// Read manifests and say what is wrong with them.
    Lint {
        /// The question's number.
        id: u32,
        /// The files.
        files: Vec<File>,
    },
}

/// From the worker.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum FromWorker {
    /// The worker hears. What is sent before is lost, so the page waits for this.
    Ready {
        /// [`PROTOCOL_VERSION`].
        version: u32,
    },
    /// A run goes on.
    Progress {
        /// The run's number.
        id: u32,
        /// How far.
        progress: Progress,
    },
    /// The guests have ended; the report is being made, which for a large output takes a moment.
    Settling {
        /// The run's number.
        id: u32,
    },
    /// A run has ended. The buffers are the texts (UTF-8) of the files whose index `texts` lists; the other
    /// files are as they came. The report's own file texts are empty.
    Done {
        /// The run's number.
        id: u32,
        /// The report.
        report: Box<Seen>,
        /// Which files the buffers are.
        texts: Vec<usize>,
        /// What the run falls short of, a sentence each, when it is a case.
        shortfalls: Vec<String>,
    },
    /// The answer to [`ToWorker::Inspect`].
    Inspected {
        /// The question's number.
        id: u32,
        /// What is known of the module.
        info: Box<ModuleInfo>,
    },
    /// The answer to [`ToWorker::Read`] and [`ToWorker::Unpack`].
    Workspace {
        /// The question's number.
        id: u32,
        /// The workspace.
        workspace: Box<Draft>,
    },
    /// The answer to [`ToWorker::Write`].
    Written {
        /// The question's number.
        id: u32,
        /// The workspace in the form that was asked for, or why it does not fit there.
        written: Written,
    },
    /// The answer to a question about something that is wrong, or to a run of what is none.
    Wrong {
        /// The question's number.
        id: u32,
        /// What is wrong.
        error: WireError,
    },
    /// The answer to [`ToWorker::Fields`].
    Fields {
        /// The question's number.
        id: u32,
        /// The values by path; null for what is not there.
        fields: BTreeMap<String, serde_json::Value>,
    },
    /// The answer to [`ToWorker::Configure`].
    Configured {
        /// The question's number.
        id: u32,
        /// Where its modules are asked.
        stage: Stage,
        /// The modules, each with where the API server reads it.
        entries: Vec<(serde_json::Value, String)>,
    },
    /// The answer to [`ToWorker::Lint`].
    Linted {
        /// The question's number.
        id: u32,
        /// What is wrong, at most one for each file.
        marks: Vec<Mark>,
    },
}

/// The forms in which a workspace is shared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Form {
    /// The fragment of an address.
    Link,
    /// A YAML file.
    File,
}

/// A workspace as it is shared.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The fragment or the file's text.
    pub text: String,
    /// What looks like a secret, a sentence each.
    pub warnings: Vec<String>,
}

/// Something to mark in an editor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The file; empty for the configuration of a step.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1; 0 when unknown.
    pub column: u32,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// What to say under the line.
    pub message: String,
}
