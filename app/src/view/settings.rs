//! The selected module of a request: where and when it is asked, and its settings.

mod policy;

use engine::request::{FailurePolicy, GateModule, MatchCondition, MatchPolicy, Rule, Scope};
use engine::words;
use engine::workspace::Workspace;
use leptos::prelude::*;

use super::configuration::{Config, StepBar};
use super::rows::{Field, Form, Grid, Rows, joined, list, map, pairs, take};
use super::steps::stage_word;
use crate::parts;
use crate::store::use_store;

const HINT: &str = "No settings are given. Write them here, as YAML or JSON.";

const RULES: Grid = Grid {
    word: "Asked for",
    add: "Add a rule",
    fields: &["operations", "apiGroups", "apiVersions", "resources", "scope"],
    count: |w, index| parts::entry(w, index).map_or(0, |entry| entry.rules.len()),
    read: |w, index, (row, field)| Some(read_rule(parts::entry(w, index)?.rules.get(row)?, field)),
    write: |w, index, (row, field), text| {
        write_rule(parts::entry_mut(w, index)?.rules.get_mut(row)?, field, text);
        Some(())
    },
    push: |w, index| parts::entry_mut(w, index).map(|entry| entry.rules.push(parts::every_object())),
    remove: |w, index, row| take(&mut parts::entry_mut(w, index)?.rules, row),
};

fn read_rule(rule: &Rule, field: usize) -> String {
    let texts = match field {
        0 => &rule.operations,
        1 => &rule.api_groups,
        2 => &rule.api_versions,
        3 => &rule.resources,
        _ => return scope_word(rule.scope).to_owned(),
    };
    joined(texts)
}

fn write_rule(rule: &mut Rule, field: usize, text: &str) {
    let place = match field {
        0 => &mut rule.operations,
        1 => &mut rule.api_groups,
        2 => &mut rule.api_versions,
        3 => &mut rule.resources,
        _ => {
            let scopes = [Scope::All, Scope::Cluster, Scope::Namespaced];
            rule.scope = scopes.into_iter().find(|scope| scope_word(Some(*scope)) == text);
            return;
        }
    };
    *place = list(text);
}

fn scope_word(scope: Option<Scope>) -> &'static str {
    match scope {
        None => "",
        Some(Scope::All) => "*",
        Some(Scope::Cluster) => "Cluster",
        Some(Scope::Namespaced) => "Namespaced",
    }
}

const CONDITIONS: Grid = Grid {
    word: "If",
    add: "Add a match condition",
    fields: &["name", "CEL expression"],
    count: |w, index| parts::entry(w, index).map_or(0, |entry| entry.match_conditions.len()),
    read: |w, index, (row, field)| {
        let MatchCondition { name, expression } = parts::entry(w, index)?.match_conditions.get(row)?;
        Some(if field == 0 { name.clone() } else { expression.clone() })
    },
    write: |w, index, (row, field), text| {
        let MatchCondition { name, expression } =
            parts::entry_mut(w, index)?.match_conditions.get_mut(row)?;
        text.clone_into(if field == 0 { name } else { expression });
        Some(())
    },
    push: |w, index| {
        let condition = MatchCondition { name: String::new(), expression: String::new() };
        parts::entry_mut(w, index).map(|entry| entry.match_conditions.push(condition))
    },
    remove: |w, index, row| take(&mut parts::entry_mut(w, index)?.match_conditions, row),
};

const FIELDS: &[Field] = &[
    Field {
        name: "When it fails",
        empty: "",
        choices: &["Fail", "Ignore"],
        read: |w, index| text_of(w, index, |it| format!("{:?}", it.failure_policy)),
        write: |w, index, text| {
            let ignores = text == "Ignore";
            let policy = if ignores { FailurePolicy::Ignore } else { FailurePolicy::Fail };
            set(w, index, |it| it.failure_policy = policy);
        },
    },
    Field {
        name: "Match policy",
        empty: "",
        choices: &["Exact", "Equivalent"],
        read: |w, index| text_of(w, index, |it| format!("{:?}", it.match_policy)),
        write: |w, index, text| {
            let policy = if text == "Exact" { MatchPolicy::Exact } else { MatchPolicy::Equivalent };
            set(w, index, |it| it.match_policy = policy);
        },
    },
    Field {
        name: "Namespaces with labels",
        empty: "all",
        choices: &[],
        read: |w, index| text_of(w, index, |it| pairs(&it.namespace_selector.match_labels)),
        write: |w, index, text| set(w, index, |it| it.namespace_selector.match_labels = map(text)),
    },
    Field {
        name: "Objects with labels",
        empty: "all",
        choices: &[],
        read: |w, index| text_of(w, index, |it| pairs(&it.object_selector.match_labels)),
        write: |w, index, text| set(w, index, |it| it.object_selector.match_labels = map(text)),
    },
];

fn text_of(w: &Workspace, index: usize, read: fn(&GateModule) -> String) -> String {
    parts::entry(w, index).map(read).unwrap_or_default()
}

fn set(w: &mut Workspace, index: usize, change: impl FnOnce(&mut GateModule)) {
    parts::entry_mut(w, index).map(change);
}

/// The selected module.
#[component]
pub(super) fn Settings() -> impl IntoView {
    let store = use_store();
    let stage = Memo::new(move |_| store.workspace.with(|w| parts::stage(w, store.step.get())));
    let is_admission = Memo::new(move |_| {
        store.workspace.with(|w| {
            let admission = w.request.as_ref().map_or(0, |request| request.admission.len());
            stage.get().is_some() && store.step.get() + admission >= parts::step_count(w)
        })
    });
    view! {
        {move || match stage.get() {
            Some(_) if is_admission.get() => {
                view! { <StepBar><Phase/></StepBar><Rules/><Config label="Settings editor" hint=HINT/> }.into_any()
            }
            Some(stage) => view! {
                <StepBar><span class="chip">{stage_word(stage)}</span></StepBar><Config label="Settings editor" hint=HINT/>
            }.into_any(),
            None => view! { <p class="empty">"No module is asked yet. Add one above, or drop its file here."</p> }.into_any(),
        }}
    }
}

/// In which phase of admission the module is asked.
#[component]
fn Phase() -> impl IntoView {
    let store = use_store();
    let mutating = Memo::new(move |_| {
        store
            .workspace
            .with(|w| parts::entry(w, store.step.get()).is_some_and(|entry| entry.mutating == Some(true)))
    });
    let set = move |event| {
        let mutating = event_target_value(&event) == "mutating";
        store.edit_entry(store.step.get_untracked(), "Change a phase", |entry| {
            entry.mutating = Some(mutating)
        });
    };
    view! {
        <select aria-label="Phase" on:change=set>
            <option value="validating" selected=move || !mutating.get()>"validating"</option>
            <option value="mutating" selected=mutating>"mutating"</option>
        </select>
    }
}

/// When the module is asked.
#[component]
fn Rules() -> impl IntoView {
    let store = use_store();
    let summary = Memo::new(move |_| {
        store.workspace.with(|w| {
            let Some(entry) = parts::entry(w, store.step.get()) else { return String::new() };
            let rule = |rule: &Rule| format!("{} of {}", joined(&rule.operations), joined(&rule.resources));
            match entry.rules.as_slice() {
                [] => "as its metadata says; without any, never".to_owned(),
                rules => rules.iter().map(rule).collect::<Vec<_>>().join("; "),
            }
        })
    });
    let grants = Memo::new(move |_| {
        store.workspace.with(|w| {
            let (index, none) = (store.step.get(), "nothing is granted");
            let granted =
                parts::entry(w, index).map_or(0, |it| it.context_aware.len() + it.host_capabilities.len());
            if granted == 0 { none.to_owned() } else { words::count(granted as u64, "grant") }
        })
    });
    view! {
        <details class="selectors">
            <summary>"When it is asked: "{summary}</summary>
            <Rows grid=&RULES/>
            <Rows grid=&CONDITIONS/>
            <Form fields=FIELDS/>
            <p class="hint">"Lists: `CREATE, UPDATE`; `\"\"` is the core API group, `*` everything. Labels: `a=b, c=d`."</p>
        </details>
        <details class="selectors">
            <summary>"What it may, as a Kubewarden policy: "{grants}</summary>
            <Form fields=policy::FIELDS/>
            <p class="hint">"Members of a group, and answers that nobody knows offline, are written in File."</p>
        </details>
    }
}
