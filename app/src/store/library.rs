//! Where modules come from: examples, files that were opened, the workspace itself, this browser.

use std::collections::BTreeMap;
use std::rc::Rc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use engine::module::MAX_MODULE_BYTES;
use engine::module::inspect::ModuleInfo;
use engine::report::OutcomeKind;
use engine::workspace::{ModuleRef, Source};
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;

use super::modules::Brought;
use super::{RunState, Slot, Store};
use crate::browser::database::{self, Store as Kept};
use crate::browser::fetch;
use crate::browser::file::{self, Opened};
use crate::draft::{Draft, Kind, path};
use crate::parts;
use crate::protocol::WireError;
use crate::runner::{Bytes, Question};

impl Store {
    /// The modules that the workspace names.
    pub(super) fn named_modules(self) -> Vec<ModuleRef> {
        self.workspace.with_untracked(|workspace| workspace.modules.clone())
    }

    /// Begins to load what the workspace names and the page does not hold. `known` were the workspace's modules until
    /// now: what stays as it was is not loaded again. A file may be another one under the same path.
    pub(super) fn load_modules(self, known: &[ModuleRef]) {
        let wanted = self.named_modules();
        self.modules.update(|slots| slots.retain(|name, _| wanted.iter().any(|module| module.name == *name)));
        let stays = |module: &ModuleRef| {
            let is_here =
                |slots: &BTreeMap<_, _>| !matches!(slots.get(&module.name), None | Some(Slot::Missing(_)));
            module.file.is_none() && known.contains(module) && self.modules.with_untracked(is_here)
        };
        let wanted: Vec<ModuleRef> = wanted.into_iter().filter(|module| !stays(module)).collect();
        let open = self.at_desk.file.with_untracked(|file| file.as_ref().map(|file| file.place));
        for module in wanted {
            self.modules.update(|slots| drop(slots.insert(module.name.clone(), Slot::Loading)));
            // A file beside the workspace is there where the workspace itself is an open file. Two futures, not one
            // that asks inside: the browser's page is without the first.
            match (module.source(), self.desk(), open) {
                (Ok(Source::File(path)), Some(desk), Some(place)) => {
                    let path = path.to_owned();
                    self.wait_for(module.clone(), async move |_| desk.beside(place, &path).await);
                }
                _ => self.wait_for(module.clone(), async |module| bytes_of(module).await),
            }
        }
    }

    /// Waits for a module's bytes, from wherever the workspace says.
    fn wait_for(
        self,
        module: ModuleRef,
        bytes: impl AsyncFnOnce(&ModuleRef) -> Result<Vec<u8>, WireError> + 'static,
    ) {
        spawn_local(async move {
            let slot = match bytes(&module).await {
                Ok(bytes) => Slot::Here { bytes: Rc::new(bytes), info: None },
                Err(error) => Slot::Missing(error),
            };
            self.put_module(&module, slot);
        });
    }

    /// Takes a module that has arrived, unless the workspace has another of that name by now.
    pub(super) fn put_module(self, module: &ModuleRef, slot: Slot) {
        let wanted =
            self.workspace.with_untracked(|workspace| workspace.module(&module.name) == Some(module));
        if !wanted {
            return;
        }
        let here = if let Slot::Here { bytes, .. } = &slot { Some(Rc::clone(bytes)) } else { None };
        self.modules.update(|slots| drop(slots.insert(module.name.clone(), slot)));
        match here {
            Some(bytes) => self.look_into(module.name.clone(), bytes),
            None => self.run_waiting(),
        }
    }

    /// Asks what is known of a module.
    fn look_into(self, name: String, bytes: Bytes) {
        let asked = Rc::clone(&bytes);
        let heard = move |result: Result<_, WireError>| {
            let refused = result.as_ref().err().map(|error| of_module(&name, error));
            let known = self.modules.try_update(|slots| note(slots, &name, &asked, result.map(Rc::new)));
            if known != Some(true) {
                return;
            }
            match refused.filter(|_| self.run.with_untracked(|run| *run == RunState::Idle)) {
                Some(error) => self.end_without_report(OutcomeKind::Invalid, &error, None),
                None => self.run_waiting(),
            }
        };
        self.runner().ask(Question::Inspect(bytes, Box::new(heard)));
    }

    /// Opens module files: what a person opens is what they want to run. Functions become the pipeline, in their order;
    /// policies join the request. Undo takes it back.
    pub fn open_modules(self, files: Vec<web_sys::File>) {
        self.take_modules(files, true);
    }

    /// Adds module files to the workspace.
    pub fn add_modules(self, files: Vec<web_sys::File>) {
        self.take_modules(files, false);
    }

    fn take_modules(self, files: Vec<web_sys::File>, replace: bool) {
        spawn_local(async move {
            #[expect(clippy::cast_precision_loss, reason = "some 2^26")]
            let opened = file::read(files, MAX_MODULE_BYTES as f64).await;
            let mut modules = Vec::new();
            for Opened { name, bytes } in opened {
                match bytes {
                    Ok(bytes) => modules.push((name, bytes)),
                    Err(cause) => {
                        self.notice.set(Some(WireError::new(format!("`{name}` was not opened: {cause}"), "")))
                    }
                }
            }
            if !modules.is_empty() {
                self.put_opened(modules, replace);
            }
        });
    }

    pub(super) fn put_opened(self, opened: Vec<(String, Vec<u8>)>, replace: bool) {
        let brought = |(file, bytes)| Brought { file, example: None, bytes: Rc::new(bytes), info: None };
        self.take_in(opened.into_iter().map(brought).collect(), Vec::new(), replace);
    }

    /// Keeps an opened module in this browser, so that a reload still has it.
    pub(super) fn keep_module(self, module: ModuleRef, bytes: Bytes) {
        spawn_local(async move {
            let digest = module.digest.unwrap_or_default();
            if !database::put_bytes(Kept::Modules, &digest, &bytes).await {
                self.say(format!(
                    "module `{}` could not be kept in this browser: open it again after a reload",
                    module.name
                ));
            }
        });
    }

    /// Adds a guest of the examples.
    pub fn add_guest(self, guest: &str) {
        if self.kind_untracked() != Kind::Pipeline {
            return self.add_policy(guest.to_owned());
        }
        self.edit("Add a function", |workspace| {
            let has = |module: &ModuleRef| module.example.as_deref() == Some(guest);
            let known = workspace.modules.iter().find(|module| has(module)).map(|module| module.name.clone());
            let name = known.unwrap_or_else(|| {
                let name = free_name(workspace, guest);
                let example = Some(guest.to_owned());
                workspace.modules.push(ModuleRef { name: name.clone(), example, ..ModuleRef::default() });
                name
            });
            let name_of_step = free_title(workspace, &name);
            let name_of_step = if name_of_step == name { String::new() } else { name_of_step };
            let mut step = json!({"module": name});
            path::set(&mut step, "name", name_of_step.into());
            parts::add_step(workspace, None, step);
        });
        self.step
            .set(self.workspace.with_untracked(|workspace| parts::step_count(workspace).saturating_sub(1)));
        self.load_modules(&self.named_modules());
    }

    /// Adds a guest of the examples to the request, in the chain that it is for.
    fn add_policy(self, guest: String) {
        spawn_local(async move {
            match fetch::bytes(&format!("examples/{guest}.wasm")).await {
                Ok(bytes) => {
                    let example = Some(guest.clone());
                    let brought = Brought { file: guest, example, bytes: Rc::new(bytes), info: None };
                    self.take_in([brought].into(), Vec::new(), false);
                }
                Err(error) => self.notice.set(Some(error)),
            }
        });
    }
}

/// Notes what is known of a module; whether it is still the one that was asked about.
fn note(
    slots: &mut BTreeMap<String, Slot>,
    name: &str,
    asked: &Bytes,
    known: Result<Rc<ModuleInfo>, WireError>,
) -> bool {
    match slots.get_mut(name) {
        Some(Slot::Here { bytes, info }) if Rc::ptr_eq(bytes, asked) => {
            *info = Some(known);
            true
        }
        _ => false,
    }
}

/// An error with the name of the module that it is about.
pub(super) fn of_module(name: &str, error: &WireError) -> WireError {
    WireError { message: format!("module `{name}`: {}", error.message), hint: error.hint.clone() }
}

/// A module's bytes, from wherever a page can read.
async fn bytes_of(module: &ModuleRef) -> Result<Vec<u8>, WireError> {
    let wrong = |message: String| WireError::new(message, "correct the workspace file");
    match module.source().map_err(wrong)? {
        Source::Example(name) => fetch::bytes(&format!("examples/{name}.wasm")).await,
        Source::Wat(text) => Ok(text.as_bytes().to_vec()),
        Source::Base64(text) => STANDARD
            .decode(text.split_whitespace().collect::<String>())
            .map_err(|error| wrong(format!("module `{}` is not base64: {error}", module.name))),
        Source::File(path) => Err(WireError::new(
            format!("module `{}` is the file `{path}`, which a page cannot read by itself", module.name),
            "open the file here",
        )),
        Source::Digest(digest) => database::get_bytes(Kept::Modules, digest).await.ok_or_else(|| {
            WireError::new(
                format!(
                    "module `{}` ({}…) is not in this browser",
                    module.name,
                    digest.chars().take(19).collect::<String>()
                ),
                "open its file here: links carry small modules only",
            )
        }),
    }
}

/// A module's name from a file's: `fn.wasm` gives `fn`, or `fn-2` where that is taken.
pub(super) fn free_name(workspace: &Draft, file: &str) -> String {
    let stem = [".wasm", ".wat"].iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
    numbered(stem, |name| workspace.modules.iter().any(|module| module.name == name))
}

fn free_title(workspace: &Draft, module: &str) -> String {
    numbered(module, |name| parts::steps(workspace).iter().any(|step| step.title == name))
}

fn numbered(name: &str, taken: impl Fn(&str) -> bool) -> String {
    std::iter::once(name.to_owned())
        .chain((2..).map(|number| format!("{name}-{number}")))
        .find(|name| !taken(name))
        .unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_about_another_module_of_that_name_is_passed_over() {
        let [old, new]: [Bytes; 2] = [Rc::new(vec![1]), Rc::new(vec![1])];
        let error = || Err(WireError::new("not a module", ""));
        let here = Slot::Here { bytes: Rc::clone(&new), info: None };
        let mut slots = BTreeMap::from([("m".to_owned(), here), ("loading".to_owned(), Slot::Loading)]);
        for (name, asked, taken) in
            [("m", &old, false), ("loading", &new, false), ("gone", &new, false), ("m", &new, true)]
        {
            assert_eq!(note(&mut slots, name, asked, error()), taken, "{name}");
            let known = matches!(slots.get("m"), Some(Slot::Here { info: Some(Err(_)), .. }));
            assert_eq!(known, taken, "{name}");
        }
    }
}
