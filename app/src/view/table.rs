//! Tables and lists of facts, as data: one component draws them all.

use engine::words;
use leptos::prelude::*;

use crate::seen::Sign;
use crate::visible::visible;

/// How many rows are drawn: a table of more is not read, and slow. The rest is counted.
const LISTED: usize = 200;

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Something in the letters of code.
    Code(String),
    /// A word with a tone.
    Sign(Sign),
    /// The row's name, and what is said under it.
    Name(String, String),
}

/// A table.
#[component]
pub(super) fn Table(
    /// Its caption.
    #[prop(optional)]
    caption: String,
    /// The columns' names; none: no row of them.
    heads: Vec<String>,
    /// The rows.
    rows: Vec<Vec<Cell>>,
    /// How many rows there are in all, where not all of them are here.
    #[prop(optional)]
    total: u64,
) -> impl IntoView {
    let shown = rows.len().min(LISTED);
    let more = total.max(rows.len() as u64).saturating_sub(shown as u64);
    let head = |name: &String| view! { <th>{name.to_owned()}</th> }.into_any();
    let row = |row: Vec<Cell>| view! { <tr>{row.into_iter().map(cell).collect_view()}</tr> }.into_any();
    let has_heads = !heads.is_empty();
    view! {
        <table>
            <caption hidden=caption.is_empty()>{caption.clone()}</caption>
            <thead hidden=!has_heads><tr>{heads.iter().map(head).collect_view()}</tr></thead>
            <tbody>{rows.into_iter().take(shown).map(row).collect_view()}</tbody>
        </table>
        <p class="hint" hidden=more == 0>"and "{words::grouped(more)}" more"</p>
    }
}

fn cell(cell: Cell) -> AnyView {
    match cell {
        Cell::Code(text) => view! { <td><code>{visible(&text)}</code></td> }.into_any(),
        Cell::Sign(Sign { word, .. }) if word.is_empty() => view! { <td></td> }.into_any(),
        Cell::Sign(Sign { tone, word }) => {
            view! { <td><span class="chip" data-tone=tone>{word}</span></td> }.into_any()
        }
        Cell::Name(name, under) => {
            view! { <th scope="row">{visible(&name)}<small>{visible(&under)}</small></th> }.into_any()
        }
    }
}

/// Names with what they are; what is empty is left out.
#[component]
pub(super) fn Facts(
    /// The names and the words.
    facts: Vec<(String, String)>,
) -> impl IntoView {
    let fact =
        |(name, words): (String, String)| view! { <dt>{name}</dt><dd>{visible(&words)}</dd> }.into_any();
    let facts = facts.into_iter().filter(|(_, words)| !words.is_empty());
    view! { <dl class="facts">{facts.map(fact).collect_view()}</dl> }
}
