//! The files after the run.

use std::rc::Rc;

use engine::report::{FileReport, FileState};
use engine::request::File;
use leptos::prelude::*;

use super::code::{Code, Document};
use super::manifests::language;
use crate::browser::file;
use crate::draft::Kind;
use crate::seen::Seen;
use crate::store::{Shown, Store, use_store};

impl Shown {
    /// The text of a file after the run; for one that would be deleted, nothing.
    pub(super) fn text(&self, report: &Seen, index: usize) -> String {
        let Some(file) = report.files.get(index).filter(|file| file.state != FileState::Removed) else {
            return String::new();
        };
        match self.texts.iter().find(|(of, _)| *of == index) {
            Some((_, text)) => text.read(),
            None => self.input(&file.path).to_owned(),
        }
    }

    /// The text of a file before the run; nothing for one that was not there.
    pub(super) fn input(&self, path: &str) -> &str {
        self.inputs.iter().find(|input| input.path == path).map_or("", |input| &input.text)
    }
}

/// The files.
#[component]
pub(super) fn Output() -> impl IntoView {
    let store = use_store();
    let report = move || store.shown.with(|shown| shown.as_ref().and_then(|shown| shown.report.clone()));
    move || match report() {
        Some(report) if !report.files.is_empty() => view! { <Files report=report/> }.into_any(),
        Some(_) => view! { <p class="empty">"The run has no files."</p> }.into_any(),
        None => view! { <p class="empty">"The files stand here after a run."</p> }.into_any(),
    }
}

#[component]
fn Files(
    /// The report.
    report: Rc<Seen>,
) -> impl IntoView {
    let store = use_store();
    let chosen = RwSignal::new(first_changed(&report));
    let files = report.files.clone();
    let report = StoredValue::new_local(report);
    let document = Memo::new(move |_| {
        let index = chosen.get();
        report.with_value(|report| {
            let path = report.files.get(index).map_or("", |file| file.path.as_str());
            let text =
                store.shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.text(report, index)));
            Document {
                key: format!("{index} {path}"),
                language: language(path),
                text: text.unwrap_or_default(),
            }
        })
    });
    let state = move || report.with_value(|report| report.files.get(chosen.get()).map(|file| file.state));
    let save = move |_| {
        let path = report
            .with_value(|report| report.files.get(chosen.get_untracked()).map(|file| file.path.clone()));
        let name = path.unwrap_or_default().replace('/', "-");
        if file::download(&name, "application/yaml", &document.get_untracked().text).is_none() {
            store.say("the browser refused the download");
        }
    };
    view! {
        <div class="panelbar">
            <FileSelect files=files chosen=chosen/>
            <div class="grow"></div>
            <button type="button" class="btn btn--small" on:click=save>"Download"</button>
            <button type="button" class="btn btn--small" hidden=store.kind_untracked() != Kind::Pipeline title="Put these files in place of the manifests" on:click=move |_| take_over(store)>"Use as input"</button>
        </div>
        {move || (state() == Some(FileState::Removed)).then(|| view! {
            <p class="hint" role="note">"Nothing is left in this file: kpt would delete it. Its text is still among the manifests."</p>
        })}
        <Code document=document.into() label="Output"/>
    }
}

/// Chooses one of a report's files.
#[component]
pub(super) fn FileSelect(
    /// The files.
    files: Vec<FileReport>,
    /// The chosen one, by index.
    chosen: RwSignal<usize>,
) -> impl IntoView {
    let option = move |(index, file): (usize, FileReport)| {
        let state = match file.state {
            FileState::Unchanged => "",
            FileState::Changed => " · changed",
            FileState::Added => " · added",
            FileState::Removed => " · would be deleted",
        };
        view! { <option value=index selected=move || chosen.get() == index>{file.path}{state}</option> }
    };
    let change = move |event| {
        if let Ok(index) = event_target_value(&event).parse() {
            chosen.set(index);
        }
    };
    view! { <select aria-label="Report file" on:change=change>{files.into_iter().enumerate().map(option).collect_view()}</select> }
}

/// The first file that is not as it came, or the first.
pub(super) fn first_changed(report: &Seen) -> usize {
    report.files.iter().position(|file| file.state != FileState::Unchanged).unwrap_or(0)
}

fn take_over(store: Store) {
    let Some(shown) = store.shown.get_untracked() else { return };
    let Some(report) = shown.report.clone() else { return };
    let kept = report.files.iter().enumerate().filter(|(_, file)| file.state != FileState::Removed);
    let files = kept
        .map(|(index, file)| File { path: file.path.clone(), text: shown.text(&report, index) })
        .collect();
    store.edit("Use the output as input", |workspace| workspace.files = files);
    store.generation.update(|generation| *generation = generation.wrapping_add(1));
    store.file.set(0);
}
