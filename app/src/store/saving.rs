//! Keeps the workspace in this browser as it is typed, and brings it back.

use std::cell::{Cell, RefCell};

use engine::json;
use gloo::events::EventListener;
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::Store;
use crate::browser::database::{self, Store as Kept};
use crate::browser::settings;
use crate::kept;

/// How long after the last change it is kept.
const SAVE_MS: u32 = 600;

/// The setting that holds what was typed just before the page was left.
const LEFT: &str = "left";

/// The key under which a workspace that cannot be read is set aside.
const SET_ASIDE: &str = "set-aside";

/// Whether the workspace is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Saved {
    /// It is as it was kept, or nothing was changed yet.
    #[default]
    Yes,
    /// A change waits to be kept.
    Soon,
    /// The browser refuses.
    Refused,
}

thread_local! {
    static SAVE: RefCell<Option<Timeout>> = const { RefCell::new(None) };
    /// Counts changes: what is kept while the next one waits is not the last word.
    static CHANGES: Cell<u32> = const { Cell::new(0) };
}

impl Store {
    /// Keeps the workspace soon.
    pub(super) fn save_soon(self) {
        self.saved.set(Saved::Soon);
        CHANGES.set(CHANGES.get().wrapping_add(1));
        let timer = Timeout::new(SAVE_MS, move || self.save());
        SAVE.with_borrow_mut(|save| *save = Some(timer));
    }

    /// Keeps what waits when the page is left: the database may not answer in time, small storage does.
    pub fn save_at_the_end(self) {
        let Some(window) = web_sys::window() else { return };
        EventListener::new(&window, "pagehide", move |_| {
            if self.saved.get_untracked() != Saved::Soon {
                return;
            }
            let text = self.workspace.with_untracked(json::write);
            settings::set(LEFT, &Some(text));
        })
        .forget();
    }

    fn save(self) {
        let change = CHANGES.get();
        let kept = self.workspace.with_untracked(kept::take_apart);
        spawn_local(async move {
            let saved = if database::put_workspace(&kept).await { Saved::Yes } else { Saved::Refused };
            if CHANGES.get() == change {
                self.saved.set(saved);
            }
        });
    }

    /// Brings back what was kept; whether there was something. What cannot be read is set aside, not lost.
    pub async fn restore(self) -> bool {
        let left = settings::get::<Option<String>>(LEFT);
        settings::set(LEFT, &None::<String>);
        let kept = match left {
            Some(text) => Some((text, Vec::new())),
            None => database::get_workspace().await,
        };
        let Some((json, texts)) = kept else { return false };
        match kept::put_together(&json, &texts) {
            Ok(workspace) => {
                // Kept again at once: what came from small storage stands nowhere else.
                self.replace(workspace);
                true
            }
            Err(error) => {
                let all = std::iter::once(json).chain(texts.into_iter().filter_map(|(_, text)| text));
                let all: Vec<String> = all.collect();
                let _ = database::put_text(Kept::Workspaces, SET_ASIDE, &all.join("\n")).await;
                self.say(format!("what this browser had kept cannot be read and was set aside: {error}"));
                false
            }
        }
    }
}
