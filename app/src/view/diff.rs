//! Before and after, file by file: of the whole run, or of one step.

use std::rc::Rc;

use engine::report::FileState;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::drawn::Drawn;
use super::manifests::language;
use super::output::{FileSelect, first_changed};
use crate::browser::editor::{self, Diff, DiffOptions};
use crate::seen::Seen;
use crate::store::{Shown, use_store};

/// How many files are not as they came.
pub(super) fn changed_files(report: &Seen) -> usize {
    report.files.iter().filter(|file| file.state != FileState::Unchanged).count()
}

/// The diff.
#[component]
pub(super) fn DiffPanel() -> impl IntoView {
    let store = use_store();
    move || match store.shown.get() {
        Some(Shown { report: Some(report), .. }) if !report.files.is_empty() => {
            view! { <Compared report=report/> }.into_any()
        }
        Some(_) => {
            view! { <p class="empty">"There is nothing to compare: the run gave no files."</p> }.into_any()
        }
        None => {
            view! { <p class="empty">"What the functions change stands here after a run."</p> }.into_any()
        }
    }
}

#[component]
fn Compared(
    /// The report.
    report: Rc<Seen>,
) -> impl IntoView {
    let store = use_store();
    let file = RwSignal::new(first_changed(&report));
    let step = RwSignal::new(None::<usize>);
    let narrow =
        web_sys::window().and_then(|w| w.inner_width().ok()?.as_f64()).is_some_and(|width| width < 720.0);
    let unified = RwSignal::new(narrow);
    let files = report.files.clone();
    let is_request = report.gate.is_some();
    let steps: Vec<(usize, String)> = report
        .steps
        .iter()
        .enumerate()
        // What a request's modules changed stands in the lanes.
        .filter(|(_, step)| step.is_done && !is_request)
        .map(|(index, step)| (index, format!("after step {}: {}", index + 1, step.name)))
        .collect();
    let report = StoredValue::new_local(report);
    let texts = Memo::new(move |_| {
        let shown = store.shown.get_untracked();
        report.with_value(|report| {
            shown.map(|shown| texts(&shown, report, file.get(), step.get())).unwrap_or_default()
        })
    });
    let changes = move || {
        let index = step.get();
        let read = |report: &Rc<Seen>| index.and_then(|index| Some(report.steps.get(index)?.changes.clone()));
        report.with_value(read).unwrap_or_default()
    };
    let choose = move |event| step.set(event_target_value(&event).parse().ok());
    let option = move |(index, words): (usize, String)| view! { <option value=index>{words}</option> };
    view! {
        <div class="panelbar">
            <FileSelect files=files chosen=file/>
            <select aria-label="Step" on:change=choose hidden=is_request>
                <option value="">"all steps"</option>
                {steps.into_iter().map(option).collect_view()}
            </select>
            <div class="grow"></div>
            <button type="button" class="btn btn--small" aria-pressed=move || unified.get().to_string()
                on:click=move |_| unified.update(|unified| *unified = !*unified)>"In one column"</button>
        </div>
        <Texts texts=texts unified=unified/>
        <Drawn tree=Box::new(changes)/>
    }
}

/// A comparison: path, before, after.
type Pair = (String, String, String);

fn texts(shown: &Shown, report: &Seen, file: usize, step: Option<usize>) -> Pair {
    let path = report.files.get(file).map(|file| file.path.clone()).unwrap_or_default();
    let Some(step) = step else {
        return (path.clone(), shown.input(&path).to_owned(), shown.text(report, file));
    };
    // After a step, a file is as the last step up to it left it.
    let until = |end: usize| {
        let steps = report.steps.get(..end).unwrap_or_default().iter().rev();
        let left = steps.flat_map(|step| &step.files).find(|file| file.path == path);
        left.map_or_else(|| shown.input(&path).to_owned(), |file| file.text.clone())
    };
    (path.clone(), until(step), until(step + 1))
}

/// The two texts, in the bundle's diff.
#[component]
fn Texts(
    /// What to compare.
    texts: Memo<Pair>,
    /// Whether in one column.
    unified: RwSignal<bool>,
) -> impl IntoView {
    let store = use_store();
    let host = NodeRef::<Div>::new();
    let mounted: StoredValue<Option<Diff>, LocalStorage> = StoredValue::new_local(None);
    let note = RwSignal::new(None::<String>);
    let same = Memo::new(move |_| texts.with(|(_, before, after)| before == after));
    let clear = move || {
        if let Some(diff) = mounted.try_update_value(Option::take).flatten() {
            diff.destroy_diff();
        }
    };
    let number = StoredValue::new(0_u32);
    Effect::new(move |_| {
        let (path, before, after) = texts.get();
        let mode = if unified.get() { "unified" } else { "split" };
        clear();
        note.set(None);
        number.update_value(|number| *number = number.wrapping_add(1));
        let mine = number.get_value();
        let Some(host) = host.get() else { return };
        if before == after {
            return;
        }
        spawn_local(async move {
            let compared = editor::compare(&before, &after).await;
            // Something else was chosen meanwhile, or the panel is gone.
            if number.try_get_value() != Some(mine) {
                return;
            }
            match compared {
                Ok(compared) => {
                    let dark = store.dark.get_untracked();
                    let options = DiffOptions { language: language(&path), label: &path, dark, mode };
                    let diff = editor::create_diff(&host, &compared, &options);
                    note.set(diff.note());
                    mounted.set_value(Some(diff));
                }
                Err(cause) => note.set(Some(format!("The diff could not be loaded: {cause}."))),
            }
        });
    });
    Effect::new(move |_| {
        let dark = store.dark.get();
        mounted.with_value(|diff| diff.iter().for_each(|diff| diff.set_diff_dark(dark)));
    });
    on_cleanup(clear);
    view! {
        <p class="hint" hidden=move || note.with(Option::is_none)>{note}</p>
        <p class="empty" hidden=move || !same.get()>"This file is unchanged."</p>
        <div class="compare" node_ref=host hidden=same></div>
    }
}
