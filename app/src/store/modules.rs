//! Modules that a person opens or picks: what each is for is known once it was looked into.
//!
//! A policy becomes part of a request, in the chain that it is for; a function part of a pipeline. Refuses to guess:
//! what is neither goes where the workspace already runs something.

use std::collections::VecDeque;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::abi::Abi;
use engine::module::digest;
use engine::module::inspect::ModuleInfo;
use engine::module::metadata::PolicyMetadata;
use engine::report::Stage;
use engine::workspace::ModuleRef;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::{Value as Json, json};

use super::edits::drop_unused;
use super::library::free_name;
use super::{Pane, Panel, Rail, Slot, Store};
use crate::browser::database::{self, Store as Kept};
use crate::browser::file::{self, Opened};
use crate::draft::{Draft, Kind, path};
use crate::parts::{self, Part};
use crate::protocol::WireError;
use crate::runner::{Bytes, Configured, Question};
use crate::templates;

/// A module that was brought, and where it is from.
pub(super) struct Brought {
    /// A name for it: its file's or its guest's.
    pub(super) file: String,
    /// The guest of the examples that it is; otherwise it was opened.
    pub(super) example: Option<String>,
    pub(super) bytes: Bytes,
    /// What is known of it, once it was looked into.
    pub(super) info: Option<ModuleInfo>,
}

impl Brought {
    /// Where a request asks it; none for what is no policy.
    fn stage(&self) -> Option<Stage> {
        let info = self.info.as_ref()?;
        let exports = |name: &str| info.exports.iter().any(|export| export.name == name);
        match info.abi.abi {
            Abi::K8sWasm if exports("authn") => Some(Stage::Authentication),
            Abi::K8sWasm if exports("authz") => Some(Stage::Authorization),
            _ if info.policy.as_ref().is_some_and(|policy| policy.mutating) => Some(Stage::Mutating),
            Abi::K8sWasm
            | Abi::KubewardenWapc
            | Abi::KubewardenWasi
            | Abi::KubewardenOpa
            | Abi::KubewardenGatekeeper
            | Abi::Opa => Some(Stage::Validating),
            _ => None,
        }
    }

    /// Whether its metadata says what it is asked about.
    fn has_rules(&self) -> bool {
        let policy = self.info.as_ref().and_then(|info| info.policy.as_ref());
        policy.is_some_and(|policy| !policy.rules.is_empty())
    }

    /// The system whose plugin it is; none for what is no plugin.
    fn plugin(&self) -> Option<Kind> {
        match self.info.as_ref()?.abi.abi {
            Abi::Krew => Some(Kind::Krew),
            Abi::Kubestellar => Some(Kind::Dashboard),
            Abi::GoPlugin => Some(Kind::Service),
            _ => None,
        }
    }

    fn is_function(&self) -> bool {
        self.info.as_ref().is_some_and(|info| info.abi.abi.is_function())
    }
}

impl Store {
    /// Whether a step's module says of itself that it mutates, and the workspace says nothing else.
    #[must_use]
    pub fn mutates_by_itself(self, part: &Part) -> bool {
        part.phase_is_open && self.says_of_itself(&part.module, |metadata| metadata.mutating)
    }

    /// Whether a module has a policy's metadata, and those say so.
    #[must_use]
    pub fn says_of_itself(self, module: &str, so: fn(&PolicyMetadata) -> bool) -> bool {
        let says = |slot: &Slot| match slot {
            Slot::Here { info: Some(Ok(info)), .. } => info.policy.as_ref().is_some_and(|it| so(it)),
            _ => false,
        };
        self.modules.with(|slots| slots.get(module).is_some_and(says))
    }

    /// Looks into modules one after the other, and then adds them all. `replace`: they are what the person wants to run.
    pub(super) fn take_in(self, mut waiting: VecDeque<Brought>, mut known: Vec<Brought>, replace: bool) {
        let Some(mut next) = waiting.pop_front() else { return self.add_brought(known, replace) };
        let bytes = Rc::clone(&next.bytes);
        let heard = move |result: Result<ModuleInfo, _>| {
            // What is wrong with it is said when it stands in the workspace, where it can be replaced.
            next.info = result.ok();
            known.push(next);
            self.take_in(waiting, known, replace);
        };
        self.runner().ask(Question::Inspect(bytes, Box::new(heard)));
    }

    fn add_brought(self, mut brought: Vec<Brought>, replace: bool) {
        if let Some((index, kind)) = brought.iter().enumerate().find_map(|(at, it)| Some((at, it.plugin()?)))
        {
            return self.put_plugin(kind, brought.swap_remove(index));
        }
        if let (Some(it), true) = (brought.pop_if(|_| self.kind_untracked().is_plugin()), brought.is_empty())
        {
            return self.put_plugin(self.kind_untracked(), it);
        }
        let wants_request = brought.iter().any(|it| it.stage().is_some());
        let wants_pipeline = brought.iter().all(Brought::is_function);
        let is_request = self.kind_untracked() == Kind::Request;
        let request = wants_request || (is_request && !(wants_pipeline && replace));
        // A workspace of the other kind takes the place of this one, and Undo takes that back.
        let fresh =
            (request != is_request).then(|| if request { templates::request() } else { Draft::empty() });
        let is_fresh = fresh.is_some();
        if is_fresh {
            self.example.set(None);
            self.shown.set(None);
            self.cases.set(Vec::new());
        }
        let mut added = Vec::new();
        let mut last = 0;
        self.edit(if replace { "Opening modules" } else { "Adding modules" }, |workspace| {
            if let Some(fresh) = fresh {
                *workspace = fresh;
            }
            let replaced = replace && !request;
            let steps = if replaced { parts::steps(workspace) } else { Vec::new() };
            if replaced {
                path::set(&mut workspace.body, "steps", Json::Null);
            }
            for it in brought {
                let module = match awaited(workspace, &it) {
                    Some(module) => module,
                    None => {
                        let module = reference(workspace, &it);
                        // A configuration that was written stays with the first function: nothing typed is lost.
                        let config = steps.get(added.len()).map(|step| step.text.clone()).unwrap_or_default();
                        last = add_step(workspace, &it, &module.name, config);
                        module
                    }
                };
                added.push((module, it));
            }
            drop_unused(workspace);
            if replaced {
                last = 0;
            }
        });
        self.step.set(last);
        self.generation.update(|generation| *generation = generation.wrapping_add(1));
        self.modules.update(|slots| {
            let named =
                |name: &str| self.workspace.with_untracked(|workspace| workspace.module(name).is_some());
            slots.retain(|name, _| named(name));
        });
        self.panel.set(Panel::Module);
        self.pane.set(match (request, is_fresh) {
            (true, true) => Pane::Request,
            (false, true) => Pane::Manifests,
            (true, false) => Pane::Configuration,
            (false, false) => self.pane.get_untracked(),
        });
        for (module, it) in added {
            self.put_module(&module, Slot::Here { bytes: Rc::clone(&it.bytes), info: None });
            if it.example.is_none() {
                self.keep_module(module, it.bytes);
            }
        }
    }
}

impl Store {
    /// Makes a module the workspace's plugin. Of the same system, what it is given stays; otherwise a workspace for it
    /// takes the place of this one, and Undo takes that back.
    fn put_plugin(self, kind: Kind, it: Brought) {
        let fresh = (self.kind_untracked() != kind).then(|| templates::plugin(kind));
        if fresh.is_some() {
            self.example.set(None);
            self.shown.set(None);
            self.cases.set(Vec::new());
        }
        let mut module = ModuleRef::default();
        self.edit("Opening a plugin", |workspace| {
            let is_fresh = fresh.is_some();
            *workspace = fresh.unwrap_or_else(|| std::mem::take(workspace));
            module = reference(workspace, &it);
            if let Some(program) = parts::step_mut(workspace, 0) {
                path::set(program, "module", module.name.clone().into());
                if is_fresh && kind == Kind::Krew {
                    let name = module.name.trim_start_matches("kubectl-");
                    path::set(program, "args", json!([format!("kubectl-{name}")]));
                }
            }
            drop_unused(workspace);
        });
        self.step.set(0);
        self.generation.update(|generation| *generation = generation.wrapping_add(1));
        self.panel.set(Panel::Grants);
        self.pane.set(Pane::Request);
        self.workspace.with_untracked(|workspace| self.runner().expect(workspace));
        self.put_module(&module, Slot::Here { bytes: Rc::clone(&it.bytes), info: None });
        if it.example.is_none() {
            self.keep_module(module, it.bytes);
        }
    }
}

impl Store {
    /// Opens packages of dashboard plugins, each in place of the workspace that is open, which Undo brings back.
    pub(super) fn open_packages(self, files: Vec<web_sys::File>) {
        spawn_local(async move {
            for Opened { name, bytes } in file::read(files, MOST_PACKAGE).await {
                let heard = move |result: Result<Draft, WireError>| match result {
                    Ok(workspace) => self.put_package(workspace),
                    Err(error) => self.notice.set(Some(error)),
                };
                match bytes {
                    Ok(bytes) => self.runner().ask(Question::Unpack(Rc::new(bytes), Box::new(heard))),
                    Err(cause) => self.say(format!("`{name}` was not opened: {cause}")),
                }
            }
        });
    }

    /// The module is kept in this browser like any that was opened; where that fails, it stays in the workspace.
    fn put_package(self, mut workspace: Draft) {
        spawn_local(async move {
            if let Some(module) = workspace.modules.first_mut() {
                let base64 = module.base64.take().unwrap_or_default();
                let bytes = STANDARD.decode(&base64).unwrap_or_default();
                let digest = digest(&bytes);
                let is_kept = database::put_bytes(Kept::Modules, &digest, &bytes).await;
                module.base64 = (!is_kept).then_some(base64);
                module.digest = Some(digest);
            }
            self.open_workspace(workspace, "Open a package");
            self.rail.set(Rail::Workspace);
        });
    }
}

/// The largest package that is opened, in bytes: what its reader takes.
const MOST_PACKAGE: f64 = 33_554_432.0;

/// The module of the workspace that waits for such a file: of that path, or of that digest.
fn awaited(workspace: &mut Draft, it: &Brought) -> Option<ModuleRef> {
    let digest = Some(digest(&it.bytes));
    let waits = |module: &&mut ModuleRef| {
        let base = module.file.as_deref().and_then(|path| path.rsplit('/').next());
        base == Some(it.file.as_str())
            || (module.digest == digest && module.example.is_none() && module.wat.is_none())
    };
    let module = workspace.modules.iter_mut().find(waits).filter(|_| workspace.kind == Kind::Request)?;
    *module = ModuleRef { name: module.name.clone(), digest, ..ModuleRef::default() };
    Some(module.clone())
}

/// Names a module in the workspace. A guest that is there already keeps its name.
fn reference(workspace: &mut Draft, it: &Brought) -> ModuleRef {
    let same = |module: &&ModuleRef| it.example.is_some() && module.example == it.example;
    if let Some(module) = workspace.modules.iter().find(same) {
        return module.clone();
    }
    let digest = it.example.is_none().then(|| digest(&it.bytes));
    let name = free_name(workspace, &it.file);
    let module = ModuleRef { name, digest, example: it.example.clone(), ..ModuleRef::default() };
    workspace.modules.push(module.clone());
    module
}

/// Adds a step for a module, and gives its index.
fn add_step(workspace: &mut Draft, it: &Brought, module: &str, config: String) -> usize {
    let mut step = json!({"module": module});
    path::set(&mut step, "config", config.into());
    let stage = (workspace.kind == Kind::Request).then(|| it.stage().unwrap_or(Stage::Validating));
    // Some policies bring rules of their own.
    if stage.map(parts::chain) == Some("admission") && !it.has_rules() {
        path::set(&mut step, "rules", json!([parts::every_object()]));
    }
    parts::add_step(workspace, stage, step).unwrap_or_default()
}

impl Store {
    /// Opens a configuration file of the API server: its modules become a chain of the request, in place of the one
    /// there. Their files are opened afterwards.
    pub(super) fn open_configuration(self, name: String, text: String) {
        let heard = move |result: Result<Configured, WireError>| match result {
            Ok((stage, entries)) => self.put_chain(stage, entries),
            Err(error) => self.notice.set(Some(error)),
        };
        self.runner().ask(Question::Configure(name, text, Box::new(heard)));
    }

    fn put_chain(self, stage: Stage, entries: Vec<(Json, String)>) {
        if self.kind_untracked() != Kind::Request {
            self.open_workspace(templates::request(), "Open a configuration");
        }
        self.edit("Open a configuration", |workspace| {
            path::set(&mut workspace.body, parts::chain(stage), Json::Null);
            for (mut entry, path) in entries {
                let known = workspace.modules.iter().find(|module| module.file.as_ref() == Some(&path));
                let name = match known {
                    Some(module) => module.name.clone(),
                    None => {
                        let name = free_name(workspace, path.rsplit('/').next().unwrap_or(&path));
                        let file = Some(path);
                        workspace.modules.push(ModuleRef {
                            name: name.clone(),
                            file,
                            ..ModuleRef::default()
                        });
                        name
                    }
                };
                path::set(&mut entry, "module", name.into());
                parts::add_step(workspace, Some(stage), entry);
            }
            drop_unused(workspace);
        });
        self.generation.update(|generation| *generation = generation.wrapping_add(1));
        self.pane.set(Pane::Configuration);
        self.step.set(0);
        self.load_modules(&self.named_modules());
        self.say("the chain is as the file says; now open the modules that it names");
    }
}
