//! What each step cost: fuel, time, memory and host calls.

use engine::report::{StepReport, StepState};
use engine::words;
use leptos::prelude::*;

use super::table::{Cell, Table};
use crate::seen::Sign;
use crate::store::use_store;
use crate::visible::{bytes, fuel, millis};

/// The costs.
#[component]
pub(super) fn Cost() -> impl IntoView {
    let store = use_store();
    let steps =
        move || store.shown.with(|shown| shown.as_ref()?.report.as_ref().map(|report| report.steps.clone()));
    move || match steps() {
        None => view! { <p class="empty">"What the functions cost stands here after a run."</p> }.into_any(),
        Some(steps) => {
            let total = steps.iter().map(|step| step.fuel).max().unwrap_or(0).max(1);
            let signs = store.shown.with_untracked(|shown| {
                let report = shown.as_ref().and_then(|shown| shown.report.clone());
                report.map(|report| report.signs.clone()).unwrap_or_default()
            });
            let row = |(step, sign): (&StepReport, Sign)| view! { <StepCost step=step.clone() state=sign.word most=total/> };
            let rows = steps.iter().zip(signs).map(row).collect_view();
            view! {
                <div class="table">
                    <table>
                        <thead><tr><th>"Step"</th><th class="r">"Fuel"</th><th class="r">"Time"</th><th class="r">"Memory"</th><th class="r">"In → out"</th></tr></thead>
                        <tbody>{rows}</tbody>
                    </table>
                    <HostCalls steps=steps/>
                    <p class="hint">"Fuel counts the machine's instructions: the same run uses the same fuel on every computer. Time does not repeat."</p>
                </div>
            }
            .into_any()
        }
    }
}

/// A step's cost.
#[component]
fn StepCost(
    /// Its report.
    step: StepReport,
    /// What it came to.
    state: String,
    /// The most fuel that any step used.
    most: u64,
) -> impl IntoView {
    let ran = matches!(step.state, StepState::Done | StepState::Failed);
    view! {
        <tr>
            <td>{step.name}<small>{state}</small><meter min="0" max=most value=step.fuel aria-label="Share of the fuel"></meter></td>
            <td class="r">{ran.then(|| fuel(step.fuel))}</td>
            <td class="r">{ran.then(|| millis(step.millis))}</td>
            <td class="r">{ran.then(|| bytes(step.memory_bytes))}</td>
            <td class="r">{ran.then(|| format!("{} → {}", step.items_in, step.items_out))}</td>
        </tr>
    }
}

/// The host functions that were called.
#[component]
fn HostCalls(
    /// The steps.
    steps: Vec<StepReport>,
) -> impl IntoView {
    let calls = steps
        .into_iter()
        .flat_map(|step| step.host_calls.into_iter().map(move |call| (step.name.clone(), call)));
    let row = |(step, call): (String, engine::report::HostCallCount)| {
        vec![
            Cell::Text(step),
            Cell::Code(call.function),
            Cell::Number(words::grouped(call.count)),
            Cell::Number(bytes(call.bytes)),
        ]
    };
    let heads = ["Step", "Function", "#Calls", "#Copied"].map(Into::into).to_vec();
    view! { <Table caption="Host calls".to_owned() heads=heads rows=calls.map(row).collect()/> }
}
