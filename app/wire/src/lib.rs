//! What the page and the window around it say to each other: the messages, and how they cross.
//!
//! Both ends come from one build, so nothing here carries a version. It sends nothing itself. No message names a
//! path that the page made up: files that a person opened have numbers.

mod packet;

use engine::report::{FileState, Report};
use engine::request::Budget;
use engine::workspace::case::Expect;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use packet::{Packet, read, write};

/// An error as the page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WireError {
    /// What is wrong, without a full stop.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

impl WireError {
    /// An error with a way out.
    #[must_use]
    pub fn new(message: impl Into<String>, hint: &str) -> Self {
        Self { message: message.into(), hint: (!hint.is_empty()).then(|| hint.to_owned()) }
    }
}

/// What the page asks of the window. Each answer stands beside its question; a message's buffers are named there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum ToWindow {
    /// The page has begun: [`Start`].
    Begin,
    /// Run a workspace: [`Ended`]. The buffers are the modules' bytes, in the order of `modules`; text is translated.
    /// Meanwhile the channel says [`engine::run::Progress`] as JSON.
    Run {
        /// The workspace, as the JSON of [`engine::workspace::Workspace`].
        workspace: Value,
        /// One of its cases, when that is what is run: [`engine::workspace::case::Case`].
        case: Option<Value>,
        /// The limits that the person allows.
        limits: Budget,
        /// The names of the modules.
        modules: Vec<String>,
    },
    /// End the run that is under way: nothing.
    Stop,
    /// Open the file that the window was started with: [`Opened`], and its bytes.
    Started,
    /// Let the person choose a file: [`Opened`] and its bytes, or none when they did not.
    Open,
    /// The workspaces that were opened or saved last: a list of [`Recent`], the latest first.
    Recent,
    /// Open one of those again, by its number: [`Opened`], and its bytes.
    Again(u32),
    /// Read a file that stands beside an opened workspace or below: its bytes.
    Beside {
        /// The workspace's number.
        place: u32,
        /// The path from the workspace's folder, as the workspace names it.
        path: String,
    },
    /// Save the text that is the only buffer: [`Opened`], or none when the person chose no place.
    Save {
        /// The file to write; none, or one that is not open: the person chooses.
        place: Option<u32>,
        /// What the file may be called, where the person chooses.
        name: String,
    },
    /// The clusters that can be chosen: [`Contexts`].
    Contexts(Whose),
    /// Choose a cluster or none, and see whether it answers: nothing.
    Choose(Whose, Option<String>),
    /// Read objects of a cluster: a list of [`Brought`].
    Bring(Wanted),
}

/// What the window is, and what it was asked to open.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// What executes guests, for a person to read: `wasmtime`.
    pub machine: String,
    /// The fragment of the link that the window was started with.
    pub link: Option<String>,
    /// Whether it was started with a file.
    pub file: bool,
}

/// A run that has ended. The buffers are the texts (UTF-8) of the files whose index `texts` lists; the other
/// files are as they came. The report's own file texts are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The report.
    pub report: Report,
    /// Which files the buffers are.
    pub texts: Vec<usize>,
    /// What the run falls short of, a sentence each, when it is a case.
    pub shortfalls: Vec<String>,
}

/// What became of a run: its end, or why there is nothing to run.
pub type Ended = Result<Done, WireError>;

impl Done {
    /// The end of a run, and the texts that travel beside it, so that the page reads only what it shows.
    #[must_use]
    pub fn new(mut report: Report, expect: Option<&Expect>) -> (Self, Vec<String>) {
        let shortfalls = expect.map(|expect| expect.shortfalls(&report)).unwrap_or_default();
        let (mut indices, mut texts) = (Vec::new(), Vec::new());
        for (index, file) in report.files.iter_mut().enumerate() {
            let text = std::mem::take(&mut file.text);
            if file.state != FileState::Unchanged {
                indices.push(index);
                texts.push(text);
            }
        }
        (Self { report, texts: indices, shortfalls }, texts)
    }
}

/// A file that a person opened or saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// Its name without folders.
    pub name: String,
    /// Its number, under which it is saved again.
    pub place: u32,
}

/// A workspace that was open before.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// Its file's name without folders.
    pub name: String,
    /// The folder, for a person to read.
    pub folder: String,
}

/// Which workspace a choice is kept for: its file where it has one, or else its title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whose {
    /// The number of its file.
    pub place: Option<u32>,
    /// Its title.
    pub title: String,
}

/// A cluster that can be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    /// The context's name.
    pub name: String,
    /// Where the cluster is and as whom, for a person to read.
    pub about: String,
}

/// The clusters that can be chosen, and the one that was.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contexts {
    /// All contexts of the kubeconfig.
    pub all: Vec<Context>,
    /// The one that this workspace was used with, if it is still there.
    pub chosen: Option<String>,
    /// Why there are none.
    pub problem: Option<WireError>,
}

/// Objects of a cluster that a person wants as manifests.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// The context.
    pub context: String,
    /// The kind, as `kubectl` takes it: `deployments`, `deploy`, `Deployment`.
    pub kind: String,
    /// The namespace; empty: all.
    pub namespace: String,
}

/// An object of a cluster as a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brought {
    /// What its file may be called: `deployment-web.yaml`.
    pub path: String,
    /// The manifest.
    pub text: String,
}
