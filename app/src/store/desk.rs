//! What a window around the page adds: files that stay where they are, and clusters to read from. In a browser
//! none of this is offered.

use crate::draft::Draft;
use engine::request::File;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wire::{Contexts, Opened, Recent, Start, ToWindow, Wanted, Whose};

use super::links::Choice;
use super::{Dialog, Rail, Store};
use crate::protocol::{Form, WireError};
use crate::runner::desktop::Desk;

/// How the workspace stands to the file that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFile {
    /// The file holds it.
    Saved,
    /// It is on its way into the file.
    Saving,
    /// It was changed since.
    Changed,
}

/// What the page knows of the window's desk.
#[derive(Clone, Copy)]
pub struct AtDesk {
    /// The file that is open; Save writes it.
    pub file: RwSignal<Option<Opened>>,
    /// How the workspace stands to that file.
    pub in_file: RwSignal<InFile>,
    /// What was open before.
    pub recent: RwSignal<Vec<Recent>>,
    /// The clusters, and the chosen one.
    pub contexts: RwSignal<Contexts>,
    /// Whether a cluster is being asked.
    pub asking: RwSignal<bool>,
}

impl AtDesk {
    pub(super) fn new() -> Self {
        Self {
            file: RwSignal::new(None),
            in_file: RwSignal::new(InFile::Saved),
            recent: RwSignal::new(Vec::new()),
            contexts: RwSignal::new(Contexts::default()),
            asking: RwSignal::new(false),
        }
    }
}

impl Store {
    /// The window's desk, where there is one. The browser's page is compiled without: what only a window has falls
    /// out of it here, and a person does not wait for it.
    #[must_use]
    pub fn desk(self) -> Option<Desk> {
        if cfg!(feature = "window") { self.runner().desk() } else { None }
    }

    /// Opens what the window was started with. A link runs nothing, and neither does a file.
    pub fn begin_at_desk(self, start: Start) {
        if let Some(link) = start.link {
            self.open_address(link);
        }
        if start.file {
            self.open_from_desk(ToWindow::Started);
        }
        self.know_recent();
        self.know_contexts();
    }

    /// Opens a file from the desk: one that the person chooses, or one that was open before.
    pub fn open_from_desk(self, which: ToWindow) {
        let Some(desk) = self.desk() else { return };
        spawn_local(async move {
            match desk.open(which).await {
                Ok(Some((file, bytes))) if super::links::is_module(&file.name) => {
                    self.put_opened(vec![(file.name, bytes)], true);
                }
                Ok(Some((file, bytes))) => self.take_text(file.name.clone(), Ok(bytes), Some(file)),
                Ok(None) => {}
                Err(error) => self.notice.set(Some(error)),
            }
            self.know_recent();
        });
    }

    /// Saves the workspace into its file, or where the person says: always with `elsewhere`. In a browser it is
    /// shared instead.
    pub fn save_file(self, elsewhere: bool) {
        let Some(desk) = self.desk() else {
            self.dialog.set(Some(Dialog::Share));
            return;
        };
        let (workspace, missing) = untrack(|| self.shared(Choice::default()));
        let place = self.at_desk.file.get_untracked().filter(|_| !elsewhere).map(|file| file.place);
        self.at_desk.in_file.set(InFile::Saving);
        self.save_text(desk, place, workspace, move |saved| self.saved_file(saved, missing.first()));
    }

    /// Saves what is shared as a file of its own; the one that is open stays open.
    pub(super) fn save_as(self, workspace: Draft) {
        let Some(desk) = self.desk() else { return };
        self.save_text(desk, None, workspace, move |saved| match saved {
            Ok(saved) => self.dialog.update(|dialog| *dialog = dialog.filter(|_| saved.is_none())),
            Err(error) => self.notice.set(Some(error)),
        });
    }

    fn save_text(
        self,
        desk: Desk,
        place: Option<u32>,
        workspace: Draft,
        done: impl FnOnce(Result<Option<Opened>, WireError>) + 'static,
    ) {
        let file = self.at_desk.file.get_untracked();
        let name = file.map_or_else(|| "drydock.yaml".to_owned(), |file| file.name);
        self.write(Form::File, workspace, move |written| {
            spawn_local(async move {
                done(match written {
                    Ok(written) => desk.save(place, name, &written.text).await,
                    Err(error) => Err(error),
                });
            });
        });
    }

    fn saved_file(self, saved: Result<Option<Opened>, WireError>, missing: Option<&String>) {
        match saved {
            Ok(Some(file)) => {
                self.at_desk.file.set(Some(file));
                // What was typed meanwhile is not in the file.
                self.at_desk.in_file.update(|state| {
                    if *state == InFile::Saving {
                        *state = InFile::Saved;
                    }
                });
                if let Some(missing) = missing {
                    self.say(missing.clone());
                }
                self.know_recent();
            }
            Ok(None) => self.at_desk.in_file.set(InFile::Changed),
            Err(error) => {
                self.at_desk.in_file.set(InFile::Changed);
                self.notice.set(Some(error));
            }
        }
    }

    fn know_recent(self) {
        let Some(desk) = self.desk() else { return };
        spawn_local(async move { self.at_desk.recent.set(desk.recent().await) });
    }

    /// Asks which clusters there are, and which this workspace was used with. No cluster is asked anything.
    pub(super) fn know_contexts(self) {
        let Some(desk) = self.desk() else { return };
        spawn_local(async move {
            let contexts = desk.contexts(self.whose()).await;
            self.at_desk.contexts.set(contexts);
        });
    }

    /// Chooses a cluster for this workspace, or none. It is asked whether it answers, and nothing else.
    pub fn choose_cluster(self, name: Option<String>) {
        let Some(desk) = self.desk() else { return };
        let choose = move |name| self.at_desk.contexts.update(|contexts| contexts.chosen = name);
        choose(name.clone());
        self.at_desk.asking.set(true);
        spawn_local(async move {
            if let Err(error) = desk.choose(self.whose(), name).await {
                choose(None);
                self.notice.set(Some(error));
            }
            self.at_desk.asking.set(false);
        });
    }

    /// Reads objects of the chosen cluster into the workspace's files. Nothing is changed in the cluster, and
    /// nothing here when it does not answer.
    pub fn bring(self, kind: String, namespace: String) {
        let chosen = self.at_desk.contexts.with_untracked(|contexts| contexts.chosen.clone());
        let (Some(desk), Some(context)) = (self.desk(), chosen) else { return };
        self.at_desk.asking.set(true);
        spawn_local(async move {
            let brought = desk.bring(Wanted { context, kind, namespace }).await;
            self.at_desk.asking.set(false);
            match brought {
                Ok(objects) => {
                    self.dialog.set(None);
                    self.rail.set(Rail::Workspace);
                    let files =
                        objects.into_iter().map(|object| File { path: object.path, text: object.text });
                    self.add_files("Bring objects", files.collect());
                }
                Err(error) => self.notice.set(Some(error)),
            }
        });
    }

    fn whose(self) -> Whose {
        let place = self.at_desk.file.with_untracked(|file| file.as_ref().map(|file| file.place));
        Whose { place, title: self.workspace.with_untracked(|workspace| workspace.title.clone()) }
    }
}
