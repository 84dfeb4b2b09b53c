//! What a person does to the workspace: each verb keeps the state before it, so that it can be undone.

use engine::request::File;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::links::{OPEN_EXAMPLE, OPEN_FILE, OPEN_LINK};
use super::{InFile, Pane, Panel, Store};
use crate::browser::hash;
use crate::draft::{Draft, Kind, path};
use crate::parts;
use crate::protocol::{Form, WireError};
use crate::runner::Question;

impl Store {
    /// Does something to the workspace that can be undone. `what` names it for the Undo button.
    pub fn edit(self, what: &str, change: impl FnOnce(&mut Draft)) {
        self.workspace.with_untracked(|workspace| {
            self.history.update(|history| history.record(workspace, what));
        });
        self.workspace.update(change);
        self.departed();
        self.changed();
    }

    /// Takes back what was done last.
    pub fn undo(self) {
        let now = self.workspace.get_untracked();
        let opening = self.history.with_untracked(|history| history.last().is_some_and(is_opening));
        if let Some(before) = self.history.try_update(|history| history.undo(&now)).flatten() {
            self.replace(before);
            self.leave_file(opening);
        }
    }

    /// Does again what was taken back last.
    pub fn redo(self) {
        let now = self.workspace.get_untracked();
        let opening = self.history.with_untracked(|history| history.next().is_some_and(is_opening));
        if let Some(after) = self.history.try_update(|history| history.redo(&now)).flatten() {
            self.replace(after);
            self.leave_file(opening);
        }
    }

    /// Another workspace came back than the one that the open file holds: Save must not write it there.
    fn leave_file(self, opening: bool) {
        if opening {
            self.at_desk.file.set(None);
            self.know_contexts();
        }
    }

    /// Puts another workspace in place of this one. Kept: whatever both have selected.
    pub(super) fn replace(self, workspace: Draft) {
        let kind = workspace.kind;
        if self.kind_untracked() != kind && self.pane.get_untracked() != Pane::File {
            self.pane.set(if kind == Kind::Pipeline { Pane::Manifests } else { Pane::Request });
        }
        self.put(workspace);
        self.generation.update(|generation| *generation = generation.wrapping_add(1));
    }

    /// The same, with editors that stay as they are.
    fn put(self, workspace: Draft) {
        let (files, steps) = (workspace.files.len(), parts::step_count(&workspace));
        let kind = workspace.kind;
        if self.kind_untracked() != kind {
            self.panel.set(if kind == Kind::Pipeline { Panel::Diff } else { Panel::Gate });
            self.text.set(0);
        }
        self.runner().expect(&workspace);
        let before = self.named_modules();
        self.workspace.set(workspace);
        self.file.update(|file| *file = (*file).min(files.saturating_sub(1)));
        self.step.update(|step| *step = (*step).min(steps.saturating_sub(1)));
        self.cases.set(Vec::new());
        self.load_modules(&before);
        self.changed();
    }

    /// The workspace's own file, as it was typed: what cannot be read changes nothing. `done` hears first, and says
    /// whether it still counts.
    pub fn type_workspace(self, text: String, done: impl FnOnce(Option<WireError>) -> bool + 'static) {
        let heard = move |result: Result<Draft, WireError>| match result {
            Ok(workspace) => {
                if done(None) && self.workspace.with_untracked(|now| *now != workspace) {
                    self.departed();
                    self.put(workspace);
                }
            }
            Err(error) => _ = done(Some(error)),
        };
        self.runner().ask(Question::Read(Form::File, text, Box::new(heard)));
    }

    /// What follows every change: it is kept, looked at, and run when that is wanted.
    pub(super) fn changed(self) {
        self.stale.set(true);
        self.at_desk.in_file.set(InFile::Changed);
        self.save_soon();
        self.lint_soon();
        self.run_soon();
    }

    /// The workspace is no longer what the address names: a reload shall bring back what was kept.
    fn departed(self) {
        if !hash::read().is_empty() {
            hash::replace("");
        }
    }

    /// The text of a file, as it was typed.
    pub fn type_file(self, path: &str, text: String) {
        self.type_into(text, |workspace| {
            workspace.files.iter_mut().find(|file| file.path == path).map(|file| &mut file.text)
        });
    }

    /// The configuration or the settings of a step, as it was typed.
    pub fn type_config(self, index: usize, text: String) {
        self.type_into(text, |workspace| parts::config_mut(workspace, index));
    }

    /// One of the request's own texts, as it was typed.
    pub fn type_text(self, name: &str, text: String) {
        self.type_into(text, |workspace| path::text_mut(&mut workspace.body, name));
    }

    fn type_into(self, typed: String, place: impl FnOnce(&mut Draft) -> Option<&mut String>) {
        let changed = self.workspace.try_update(|workspace| {
            let text = place(workspace)?;
            (*text != typed).then(|| *text = typed)
        });
        if changed.flatten().is_some() {
            self.departed();
            self.changed();
        }
    }

    /// Adds a file and opens it. A path that exists already gets a number.
    pub fn add_file(self, path: &str, text: &str) {
        let path = self.workspace.with_untracked(|workspace| free_path(workspace, path));
        self.edit("Add a file", |workspace| {
            workspace.files.push(File { path, text: text.to_owned() });
        });
        self.file.set(self.workspace.with_untracked(|workspace| workspace.files.len().saturating_sub(1)));
        self.pane.set(Pane::Manifests);
    }

    /// Adds files, all in one step of the history, and opens the first of them.
    pub fn add_files(self, what: &str, files: Vec<File>) {
        let first = self.workspace.with_untracked(|workspace| workspace.files.len());
        self.edit(what, |workspace| {
            for File { path, text } in files {
                let path = free_path(workspace, &path);
                workspace.files.push(File { path, text });
            }
        });
        self.file.set(first);
        self.pane.set(Pane::Manifests);
    }

    /// Removes a file.
    pub fn remove_file(self, index: usize) {
        self.edit("Remove a file", |workspace| {
            let files = &mut workspace.files;
            if index < files.len() {
                files.remove(index);
            }
        });
        self.file.update(|file| *file = if *file > index { *file - 1 } else { *file });
        let last = self.workspace.with_untracked(|workspace| workspace.files.len().saturating_sub(1));
        self.file.update(|file| *file = (*file).min(last));
    }

    /// Gives a file another path. An empty path, or one that another file has, is refused.
    pub fn rename_file(self, index: usize, path: &str) {
        let path = path.trim();
        let taken = self.workspace.with_untracked(|workspace| {
            let mut others = workspace.files.iter().enumerate().filter(|(other, _)| *other != index);
            others.any(|(_, file)| file.path == path)
        });
        if path.is_empty() || taken {
            self.say(if taken {
                format!("there is a file `{path}` already")
            } else {
                "a file needs a path".into()
            });
            return;
        }
        self.edit("Rename a file", |workspace| {
            if let Some(file) = workspace.files.get_mut(index) {
                path.clone_into(&mut file.path);
            }
        });
    }

    /// Puts an object of another kind into the request, in place of the one there.
    pub fn use_template(self, object: &str) {
        self.edit("Use a template", |draft| {
            for key in ["review", "raw", "resource"] {
                path::set(&mut draft.body, key, Json::Null);
            }
            path::set(&mut draft.body, "object", object.into());
        });
        self.text.set(0);
    }

    /// Puts something into the workspace: `whole` at the path, or as another entry of the list there.
    pub fn put_value(self, what: &str, place: &str, value: Json, whole: bool) {
        self.edit(what, |draft| {
            let root = if place.starts_with("whatIf") || place == "deny" {
                &mut draft.rest
            } else {
                &mut draft.body
            };
            if whole {
                path::set(root, place, value);
            } else if let Some(list) = path::list_mut(root, place) {
                list.push(value);
            }
        });
    }

    /// Changes something of a step, which stays the selected one.
    pub fn edit_entry(self, index: usize, what: &str, change: impl FnOnce(&mut Json)) {
        let mut now = index;
        self.edit(what, |workspace| {
            let before = parts::steps(workspace);
            if let Some(entry) = parts::step_mut(workspace, index) {
                change(entry);
            }
            // It may be asked in another stage now.
            let title = before.get(index).map(|part| part.title.as_str()).unwrap_or_default();
            now = parts::steps(workspace).iter().position(|part| part.title == title).unwrap_or(index);
        });
        self.step.set(now);
    }

    /// Removes a step. Modules that no step names any more go with it.
    pub fn remove_step(self, index: usize) {
        self.edit("Remove a step", |workspace| {
            parts::remove_step(workspace, index);
            drop_unused(workspace);
        });
        let last = self.workspace.with_untracked(|workspace| parts::step_count(workspace).saturating_sub(1));
        self.step.update(|step| *step = (*step).min(last));
    }

    /// Moves a step one place; -1 is earlier.
    pub fn move_step(self, index: usize, by: isize) {
        let to = self.workspace.with_untracked(|workspace| parts::moved(workspace, index, by));
        let Some(to) = to else { return };
        self.edit("Move a step", |workspace| parts::swap_steps(workspace, index, to));
        self.step.set(to);
    }
}

/// What the history calls a change of the whole workspace.
const OPENINGS: [&str; 3] = [OPEN_EXAMPLE, OPEN_LINK, OPEN_FILE];

fn is_opening(what: &str) -> bool {
    OPENINGS.contains(&what)
}

/// Removes the modules that no step names.
pub(super) fn drop_unused(workspace: &mut Draft) {
    let names = parts::modules(workspace, true);
    let used = |name: &str| names.iter().any(|used| used == name);
    let kept: Vec<_> = workspace.modules.iter().filter(|module| used(&module.name)).cloned().collect();
    workspace.modules = kept;
}

/// `path`, or with a number before its ending where it is taken.
fn free_path(workspace: &Draft, path: &str) -> String {
    let taken = |path: &str| workspace.files.iter().any(|file| file.path == path);
    let (stem, ending) =
        path.rsplit_once('.').map_or((path, String::new()), |(stem, end)| (stem, format!(".{end}")));
    std::iter::once(path.to_owned())
        .chain((2..).map(|number| format!("{stem}-{number}{ending}")))
        .find(|path| !taken(path))
        .unwrap_or_else(|| path.to_owned())
}
