//! The limits of a run, which only the person at this page can raise.

use engine::request::Budget;
use leptos::prelude::*;

use super::keys::Frame;
use crate::store::{Dialog, use_store};

/// A limit: its name, its unit, how many of the stored unit are one shown, its bounds as shown, and where it is.
struct Field {
    name: &'static str,
    unit: &'static str,
    scale: u64,
    most: u64,
    read: fn(&Budget) -> u64,
    write: fn(&mut Budget, u64),
}

/// The upper bounds are what a tab survives.
const FIELDS: [Field; 6] = [
    Field {
        name: "Time",
        unit: "s",
        scale: 1_000,
        most: 60,
        read: |b| b.time_ms,
        write: |b, v| b.time_ms = v,
    },
    Field {
        name: "Fuel",
        unit: "M",
        scale: 1_000_000,
        most: 1_000_000,
        read: |b| b.fuel,
        write: |b, v| b.fuel = v,
    },
    Field {
        name: "Memory",
        unit: "MiB",
        scale: 1 << 20,
        most: 1_024,
        read: |b| b.memory_bytes,
        write: |b, v| b.memory_bytes = v,
    },
    Field {
        name: "Output",
        unit: "MiB",
        scale: 1 << 20,
        most: 64,
        read: |b| b.stdout_bytes,
        write: |b, v| b.stdout_bytes = v,
    },
    Field {
        name: "Log",
        unit: "MiB",
        scale: 1 << 20,
        most: 8,
        read: |b| b.stderr_bytes,
        write: |b, v| b.stderr_bytes = v,
    },
    Field {
        name: "Copied by host calls",
        unit: "MiB",
        scale: 1 << 20,
        most: 4_096,
        read: |b| b.host_bytes,
        write: |b, v| b.host_bytes = v,
    },
];

/// The limits.
#[component]
pub(super) fn BudgetDialog() -> impl IntoView {
    let store = use_store();
    view! {
        <Frame dialog=Dialog::Budget title="Budget">
            <p>"These limits hold for every step of every run. A workspace or a link can ask for less, never for more."</p>
            <div class="fields">{FIELDS.iter().map(|field| view! { <Limit field=field/> }).collect_view()}</div>
            <button type="button" class="btn btn--small" on:click=move |_| store.set_limits(Budget::default())>"Back to the defaults"</button>
        </Frame>
    }
}

/// A limit.
#[component]
fn Limit(
    /// Which.
    field: &'static Field,
) -> impl IntoView {
    let store = use_store();
    let value = move || (field.read)(&store.limits.get()) / field.scale;
    let change = move |event| {
        // What is no number, or out of bounds, is put back to the nearest that is.
        let Ok(wanted) = event_target_value(&event).parse::<u64>() else {
            store.limits.update(|_| ());
            return;
        };
        let mut limits = store.limits.get_untracked();
        (field.write)(&mut limits, wanted.clamp(1, field.most) * field.scale);
        store.set_limits(limits);
    };
    view! {
        <label>{field.name}
            <span><input type="number" min="1" max=field.most prop:value=value on:change=change/>" "{field.unit}</span>
        </label>
    }
}
