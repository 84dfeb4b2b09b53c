//! What the page knows, in signals, and what a person can do, as verbs. Components read the one and call the
//! other; they change nothing themselves.

mod cases;
mod checks;
mod desk;
mod edits;
mod library;
mod links;
mod modules;
mod runs;
mod saving;

use std::collections::BTreeMap;
use std::rc::Rc;

use engine::module::inspect::ModuleInfo;
use engine::report::Outcome;
use engine::request::{Budget, File};
use engine::run::Progress;
use leptos::prelude::*;
use serde_json::Value as Json;

use crate::browser::{settings, theme};
use crate::draft::{Draft, Kind};
use crate::gallery::Gallery;
use crate::history::History;
use crate::parts;
use crate::protocol::{Mark, WireError};
use crate::runner::{Bytes, Runner, Text};
use crate::seen::{Seen, Sign};

pub use self::checks::{CaseRun, CaseState};
pub use self::desk::{AtDesk, InFile};
pub use self::links::Choice;
pub use self::saving::Saved;

/// A module of the workspace, and how far the page is with it.
#[derive(Clone, Debug)]
pub enum Slot {
    /// Its bytes are on their way.
    Loading,
    /// Its bytes are here.
    Here {
        /// The bytes.
        bytes: Bytes,
        /// What is known of it; `None` while it is looked into.
        info: Option<Result<Rc<ModuleInfo>, WireError>>,
    },
    /// There are no bytes.
    Missing(WireError),
}

/// Whether something runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum RunState {
    /// Nothing runs.
    #[default]
    Idle,
    /// The modules of a run are still loading.
    Waiting,
    /// A run is under way.
    Running(Progress),
}

/// The last run's end, as the right side shows it.
#[derive(Clone, Debug)]
pub struct Shown {
    /// How it ended.
    pub outcome: Outcome,
    /// The report; `None` when the run ended without one.
    pub report: Option<Rc<Seen>>,
    /// The texts of the files that are not as they came, by index in the report.
    pub texts: Rc<Vec<(usize, Text)>>,
    /// The files as they went in; a request's object.
    pub inputs: Rc<Vec<File>>,
    /// The request as it went in, when it was one.
    pub asked: Option<Rc<Json>>,
}

/// What stands on the left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rail {
    /// The examples.
    #[default]
    Gallery,
    /// The workspace's parts.
    Workspace,
}

/// What stands in the middle.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Pane {
    /// The files: manifests of a pipeline, objects of a request's cluster.
    #[default]
    Manifests,
    /// The selected step.
    Configuration,
    /// The request, or the plugin.
    Request,
    /// The whole workspace, as its file.
    File,
}

/// What stands on the right, under the verdict.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Panel {
    /// What became of it: the stages of the gate, or a plugin's answers.
    #[default]
    Gate,
    /// What guests asked their host for.
    Calls,
    /// What the module may call, and did.
    Grants,
    /// The files after the run.
    Output,
    /// Before and after.
    Diff,
    /// What the functions reported.
    Results,
    /// What the guests printed, and the host's notes.
    Logs,
    /// Fuel, time, memory and host calls.
    Cost,
    /// The selected step's module.
    Module,
    /// The cases, and what each step came to.
    Cases,
}

/// A dialog that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Share.
    Share,
    /// The limits.
    Budget,
    /// The keyboard.
    Keys,
    /// Objects of a cluster.
    Bring,
}

/// A place to be brought into view by an editor. The number makes two requests for one place differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reveal {
    /// The file, or the name of a request's own text; `None`: the configuration of the selected step.
    pub file: Option<String>,
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1.
    pub column: u32,
    /// Counts requests.
    pub number: u32,
}

/// The page's state. Small and copied everywhere; all copies are one.
#[derive(Clone, Copy)]
pub struct Store {
    /// What is edited.
    pub workspace: RwSignal<Draft>,
    /// Its modules by name.
    pub modules: RwSignal<BTreeMap<String, Slot>, LocalStorage>,
    /// The examples.
    pub gallery: RwSignal<Result<Gallery, WireError>>,
    /// The example that was opened last, by name.
    pub example: RwSignal<Option<String>>,
    /// What can be undone.
    pub history: RwSignal<History>,
    /// Counts replacements of the whole workspace, so that editors start anew.
    pub generation: RwSignal<u32>,
    /// Whether something runs.
    pub run: RwSignal<RunState>,
    /// The last run's end.
    pub shown: RwSignal<Option<Shown>, LocalStorage>,
    /// Whether the workspace was changed since that run began.
    pub stale: RwSignal<bool>,
    /// Mistakes in the manifests.
    pub marks: RwSignal<Vec<Mark>>,
    /// What an editor shall bring into view.
    pub reveal: RwSignal<Option<Reveal>>,
    /// The text of what is run in the editor, by index in [`crate::parts::names`].
    pub text: RwSignal<usize>,
    /// The cases, as they were checked last.
    pub cases: RwSignal<Vec<CaseRun>>,
    /// The left side.
    pub rail: RwSignal<Rail>,
    /// Whether the left side is shown over the others, where the screen is too narrow for three.
    pub rail_open: RwSignal<bool>,
    /// The middle.
    pub pane: RwSignal<Pane>,
    /// The right side.
    pub panel: RwSignal<Panel>,
    /// The file in the editor, by index.
    pub file: RwSignal<usize>,
    /// The selected step, by index.
    pub step: RwSignal<usize>,
    /// The open dialog.
    pub dialog: RwSignal<Option<Dialog>>,
    /// A sentence for a person, until the next one.
    pub notice: RwSignal<Option<WireError>>,
    /// The limits that this person allows.
    pub limits: RwSignal<Budget>,
    /// Whether finished edits run at once.
    pub auto: RwSignal<bool>,
    /// Dark colours.
    pub dark: RwSignal<bool>,
    /// Whether the workspace is kept in this browser.
    pub saved: RwSignal<Saved>,
    /// Whether the page works without a network now.
    pub offline: RwSignal<bool>,
    /// What a window around the page adds.
    pub at_desk: AtDesk,
    runner: StoredValue<Rc<dyn Runner>, LocalStorage>,
}

impl Shown {
    /// What the step of a name came to; nothing without a report.
    #[must_use]
    pub fn sign(&self, name: &str) -> Sign {
        self.report.as_ref().map(|report| report.sign(name)).unwrap_or_default()
    }
}

impl Store {
    /// The state at the start: nothing opened yet.
    #[must_use]
    pub fn new(runner: Rc<dyn Runner>) -> Self {
        let dark = Self::chosen_dark().unwrap_or_else(theme::system_is_dark);
        Self {
            workspace: RwSignal::new(Draft::empty()),
            modules: RwSignal::new_local(BTreeMap::new()),
            gallery: RwSignal::new(Ok(Gallery::default())),
            example: RwSignal::new(None),
            history: RwSignal::new(History::default()),
            generation: RwSignal::new(0),
            run: RwSignal::new(RunState::Idle),
            shown: RwSignal::new_local(None),
            stale: RwSignal::new(false),
            marks: RwSignal::new(Vec::new()),
            reveal: RwSignal::new(None),
            text: RwSignal::new(0),
            cases: RwSignal::new(Vec::new()),
            rail: RwSignal::new(Rail::Gallery),
            rail_open: RwSignal::new(false),
            pane: RwSignal::new(Pane::Manifests),
            panel: RwSignal::new(Panel::Diff),
            file: RwSignal::new(0),
            step: RwSignal::new(0),
            dialog: RwSignal::new(None),
            notice: RwSignal::new(None),
            limits: RwSignal::new(settings::get::<Option<Budget>>("limits").unwrap_or_default()),
            auto: RwSignal::new(settings::get::<Option<bool>>("auto").unwrap_or(true)),
            dark: RwSignal::new(dark),
            saved: RwSignal::new(Saved::default()),
            offline: RwSignal::new(false),
            at_desk: AtDesk::new(),
            runner: StoredValue::new_local(runner),
        }
    }

    /// What runs things.
    pub(crate) fn runner(self) -> Rc<dyn Runner> {
        self.runner.get_value()
    }

    /// Says something to the person.
    pub fn say(self, message: impl Into<String>) {
        self.notice.set(Some(WireError::new(message, "")));
    }

    /// The theme that the person chose; none follows the system.
    fn chosen_dark() -> Option<bool> {
        settings::get("dark")
    }

    /// Follows the system's theme for as long as the person has chosen none.
    pub fn follow_theme(self) {
        theme::on_system_change(move |dark| {
            if Self::chosen_dark().is_none() {
                self.dark.set(dark);
                theme::show(dark);
            }
        });
    }

    /// Changes the theme, and keeps the choice.
    pub fn set_dark(self, dark: bool) {
        self.dark.set(dark);
        theme::show(dark);
        settings::set("dark", &Some(dark));
    }

    /// Changes the limits that this person allows, and keeps them.
    pub fn set_limits(self, limits: Budget) {
        self.limits.set(limits);
        settings::set("limits", &Some(limits));
    }

    /// Switches running on change, and keeps the choice.
    pub fn set_auto(self, auto: bool) {
        self.auto.set(auto);
        settings::set("auto", &Some(auto));
    }

    /// What the workspace runs.
    #[must_use]
    pub fn kind(self) -> Kind {
        self.workspace.with(|workspace| workspace.kind)
    }

    /// The same, for what happens once.
    #[must_use]
    pub fn kind_untracked(self) -> Kind {
        self.workspace.with_untracked(|workspace| workspace.kind)
    }

    /// Brings a place into view: in a file, in one of the request's own texts, or in the selected step's
    /// configuration.
    pub fn show_place(self, file: Option<String>, line: u32, column: u32) {
        match &file {
            Some(path) => {
                let index = self
                    .workspace
                    .with_untracked(|workspace| workspace.files.iter().position(|file| file.path == *path));
                let texts = parts::names(self.kind_untracked());
                let text = texts.iter().position(|(name, _)| name == path);
                match (index, text) {
                    (_, Some(text)) => {
                        self.pane.set(Pane::Request);
                        self.text.set(text);
                    }
                    (Some(index), None) => {
                        self.pane.set(Pane::Manifests);
                        self.file.set(index);
                    }
                    (None, None) => return,
                }
            }
            None => self.pane.set(Pane::Configuration),
        }
        let number =
            self.reveal.with_untracked(|reveal| reveal.as_ref().map_or(0, |reveal| reveal.number + 1));
        self.reveal.set(Some(Reveal { file, line: line.max(1), column: column.max(1), number }));
    }
}

/// The store of this page.
///
/// # Panics
/// Outside of the page's components, where there is none.
#[must_use]
pub fn use_store() -> Store {
    expect_context()
}
