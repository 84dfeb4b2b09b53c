//! Opening and sharing: examples, links, workspace files.

use engine::link::MAX_LINKED_MODULE;
use engine::workspace::MAX_WORKSPACE_BYTES;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value as Json;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{InFile, Pane, Rail, Slot, Store};
use crate::browser::{clipboard, fetch, file, hash};
use crate::draft::{Draft, path};
use crate::gallery::Gallery;
use crate::parts;
use crate::protocol::{Form, WireError, Written};
use crate::runner::Question;
use crate::templates;
use engine::json;

/// The fragment of an example's address.
const EXAMPLE: &str = "example/";

/// What the history calls it when an example was opened.
pub(super) const OPEN_EXAMPLE: &str = "Open an example";

/// What the history calls it when a link was opened.
pub(super) const OPEN_LINK: &str = "Open a link";

/// What the history calls it when a file was opened.
pub(super) const OPEN_FILE: &str = "Open a file";

/// What goes into a link or a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The manifests.
    pub files: bool,
    /// The functions' configurations.
    pub configs: bool,
    /// The cases.
    pub cases: bool,
    /// Opened modules that are small enough.
    pub modules: bool,
}

impl Default for Choice {
    fn default() -> Self {
        Self { files: true, configs: true, cases: true, modules: true }
    }
}

impl Store {
    /// Loads the gallery's index.
    pub async fn load_gallery(self) {
        let index = fetch::text("examples/index.json").await;
        let gallery = index.and_then(|text| {
            json::read::<Gallery>(&text).map_err(|error| {
                WireError::new(format!("the gallery cannot be read: {error}"), "reload the page")
            })
        });
        self.gallery.set(gallery);
    }

    /// Opens what the address names: an example, a link, or what was kept. Opening never runs anything.
    pub fn open_address(self, fragment: String) {
        if let Some(name) = fragment.strip_prefix(EXAMPLE) {
            self.open_example(name.to_owned());
        } else if !fragment.is_empty() {
            self.open_link(fragment);
        }
    }

    /// Opens an example by name.
    pub fn open_example(self, name: String) {
        self.fetch_example(name, |_| true);
    }

    /// Opens the example that a newcomer sees, unless something else was opened in the meantime.
    pub fn open_first_example(self, name: String) {
        self.fetch_example(name, parts::is_blank);
    }

    fn fetch_example(self, name: String, wanted: fn(&Draft) -> bool) {
        self.rail_open.set(false);
        spawn_local(async move {
            let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
            let text = if plain {
                fetch::text(&format!("examples/{name}.yaml")).await
            } else {
                Err(WireError::new(format!("there is no example `{name}`"), "pick one from the gallery"))
            };
            match text {
                Ok(text) => self.read(Form::File, text, move |workspace| {
                    if !self.workspace.with_untracked(wanted) {
                        return;
                    }
                    self.open_workspace(workspace, OPEN_EXAMPLE);
                    self.example.set(Some(name));
                }),
                Err(error) => self.notice.set(Some(error)),
            }
        });
    }

    fn open_link(self, fragment: String) {
        self.read(Form::Link, fragment, move |workspace| {
            self.open_workspace(workspace, OPEN_LINK);
            self.rail.set(Rail::Workspace);
        });
    }

    /// Reads a workspace and opens it; what cannot be read is said, and changes nothing.
    fn read(self, form: Form, text: String, open: impl FnOnce(Draft) + 'static) {
        let heard = move |result: Result<Draft, WireError>| match result {
            Ok(workspace) => open(workspace),
            Err(error) => self.notice.set(Some(error)),
        };
        self.runner().ask(Question::Read(form, text, Box::new(heard)));
    }

    /// Opens a workspace in place of the one that is open, which Undo brings back. Nothing runs.
    pub fn open_workspace(self, workspace: Draft, what: &str) {
        let now = self.workspace.get_untracked();
        if !parts::is_blank(&now) {
            self.history.update(|history| history.record(&now, what));
        }
        self.example.set(None);
        self.notice.set(None);
        self.file.set(0);
        self.step.set(0);
        self.text.set(0);
        // What was shown belongs to another workspace; without it, no change runs by itself.
        self.shown.set(None);
        self.at_desk.file.set(None);
        self.replace(workspace);
        self.know_contexts();
    }

    /// Begins a request for an object that is there to be changed.
    pub fn new_request(self) {
        self.rail_open.set(false);
        self.open_workspace(templates::request(), "New request");
        self.rail.set(Rail::Workspace);
        self.pane.set(Pane::Request);
    }

    /// Opens files that were dropped: a workspace file, manifests, modules.
    pub fn open_files(self, files: Vec<web_sys::File>) {
        let (modules, files): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_module(&file.name()));
        let is_package = |file: &web_sys::File| file.name().ends_with("gz");
        let (packages, texts): (Vec<_>, Vec<_>) = files.into_iter().partition(is_package);
        self.open_packages(packages);
        if !modules.is_empty() {
            self.open_modules(modules);
        }
        spawn_local(async move {
            #[expect(clippy::cast_precision_loss, reason = "some 2^25")]
            let most = MAX_WORKSPACE_BYTES as f64;
            for opened in file::read(texts, most).await {
                self.take_text(opened.name, opened.bytes, None);
            }
        });
    }

    /// Takes a file that is no module: a workspace, or else a manifest. `from` is where it stands, when it can be
    /// saved there.
    pub(super) fn take_text(self, name: String, bytes: Result<Vec<u8>, String>, from: Option<wire::Opened>) {
        let text = bytes.and_then(|bytes| String::from_utf8(bytes).map_err(|_| "it is not text".into()));
        match text {
            Ok(text) if is_workspace(&text) => self.read(Form::File, text, move |workspace| {
                self.open_workspace(workspace, OPEN_FILE);
                self.at_desk.file.set(from);
                self.at_desk.in_file.set(InFile::Saved);
            }),
            Ok(text) if is_configuration(&text) => self.open_configuration(name, text),
            Ok(text) => self.add_file(&name, &text),
            Err(cause) => {
                self.notice.set(Some(WireError::new(format!("`{name}` was not opened: {cause}"), "")));
            }
        }
    }

    /// The workspace as it would be shared, with what had to be left out, a sentence each.
    #[must_use]
    pub fn shared(self, choice: Choice) -> (Draft, Vec<String>) {
        let mut workspace = self.workspace.get();
        let mut missing = Vec::new();
        if !choice.files {
            workspace.files.clear();
            let texts =
                parts::names(workspace.kind).iter().map(|(key, _)| *key).chain(["who.token", "session"]);
            texts.for_each(|place| path::set(&mut workspace.body, place, Json::Null));
        }
        if !choice.configs {
            for index in 0..parts::step_count(&workspace) {
                parts::config_mut(&mut workspace, index).into_iter().for_each(String::clear);
            }
        }
        if !choice.cases {
            workspace.cases.clear();
        }
        for module in &mut workspace.modules {
            let opened = module.digest.is_some() && module.example.is_none() && module.base64.is_none();
            if !opened || module.wat.is_some() {
                continue;
            }
            let bytes = self.modules.with(|slots| match slots.get(&module.name) {
                Some(Slot::Here { bytes, .. }) => Some(std::rc::Rc::clone(bytes)),
                _ => None,
            });
            match bytes {
                Some(bytes) if choice.modules && bytes.len() <= MAX_LINKED_MODULE => {
                    module.base64 = Some(STANDARD.encode(bytes.as_slice()));
                }
                _ => missing.push(format!(
                    "module `{}`: the reader opens its file; the link holds its digest",
                    module.name
                )),
            }
        }
        (workspace, missing)
    }

    /// Writes a workspace as it is shared; `done` hears a link's whole address, or a file's text. A window has no
    /// address that anybody could open: its links are what stands behind one.
    pub fn write(
        self,
        form: Form,
        workspace: Draft,
        done: impl FnOnce(Result<Written, WireError>) + 'static,
    ) {
        let heard = move |result: Result<Written, WireError>| {
            done(result.map(|written| match form {
                Form::Link if self.desk().is_some() => {
                    Written { text: format!("#{}", written.text), ..written }
                }
                Form::Link => Written { text: hash::address(&written.text), ..written },
                Form::File => written,
            }));
        };
        self.runner().ask(Question::Write(form, Box::new(workspace), Box::new(heard)));
    }

    /// Copies an address, and puts it into the address bar too: where the clipboard is refused, it stands there.
    /// `done` hears what became of it, as a sentence. A window has no such bar.
    pub fn copy_link(self, address: String, done: impl FnOnce(&'static str) + 'static) {
        let is_window = self.desk().is_some();
        if let Some((_, fragment)) = address.split_once('#').filter(|_| !is_window) {
            hash::replace(fragment);
        }
        spawn_local(async move {
            let copied = clipboard::write(&address).await;
            done(if copied {
                "The link is copied."
            } else if is_window {
                "Copy the link from the field above."
            } else {
                "The link stands in the address bar: copy it from there."
            });
        });
    }

    /// Offers the workspace as a file.
    pub fn download(self, workspace: Draft) {
        if self.desk().is_some() {
            self.save_as(workspace);
            return;
        }
        self.write(Form::File, workspace, move |written| match written {
            Ok(written) => {
                if file::download("drydock.yaml", "application/yaml", &written.text).is_none() {
                    self.say("the browser refused the download");
                }
            }
            Err(error) => self.notice.set(Some(error)),
        });
    }
}

/// Whether a file holds a module, by its name.
pub(super) fn is_module(name: &str) -> bool {
    [".wasm", ".wat"].iter().any(|ending| name.ends_with(ending))
}

/// A workspace file says so in its first lines.
fn is_workspace(text: &str) -> bool {
    text.lines().take(20).any(|line| line.starts_with("drydock:"))
}

/// A configuration of the API server has modules and is no object, or is the one that holds all plugins.
fn is_configuration(text: &str) -> bool {
    let begins = |word: &str| text.lines().any(|line| line.starts_with(word));
    begins("kind: AdmissionConfiguration") || (begins("modules:") && !begins("kind:"))
}
