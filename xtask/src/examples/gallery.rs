//! The workspaces of the examples and the index by which the page and the tests find everything.
//!
//! Reads of a workspace only what a card shows: the engine reads the rest, and its tests say what is wrong with one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::guests::Module;
use super::{BUILT, plain_name};
use crate::project::{Project, entries, name_of, read_bytes, write_changed};

/// What the index is called in `examples/built`.
const INDEX: &str = "index.json";

/// The examples' names in the order in which the gallery shows them.
const ORDER: &str = "examples/gallery.txt";

/// A workspace in `examples/built`, as its card shows it.
#[derive(Serialize)]
pub(crate) struct Workspace {
    /// The example's folder: the file is `<name>.yaml`.
    name: String,
    /// What it runs: the gallery has a part for each.
    scenario: String,
    #[serde(flatten)]
    card: Card,
    /// The guests that it is made of.
    #[serde(skip)]
    guests: Vec<String>,
}

/// What else is read of a workspace.
#[derive(Deserialize)]
struct Parts {
    #[serde(default)]
    modules: Vec<Named>,
    request: Option<serde_json::Value>,
    #[serde(default)]
    plugin: BTreeMap<String, serde_json::Value>,
}

/// A module that may be a guest of the examples.
#[derive(Deserialize)]
struct Named {
    example: Option<String>,
}

/// What a workspace says of itself.
#[derive(Serialize, Deserialize)]
struct Card {
    title: String,
    teaches: String,
    group: String,
    #[serde(default)]
    tags: Vec<String>,
}

/// The whole index: what there is, how large it is, and what is missing with the reason.
#[derive(Serialize)]
struct Index<'a> {
    workspaces: &'a [Workspace],
    modules: Vec<serde_json::Value>,
    missing: Vec<serde_json::Value>,
}

/// Copies `examples/<name>/drydock.yaml` to `examples/built/<name>.yaml`, in the gallery's order.
///
/// # Errors
/// When a file cannot be read or written, or when the order names an example that is not there or leaves one out.
pub(crate) fn copy_workspaces(project: &Project) -> Result<Vec<Workspace>, String> {
    let mut workspaces = Vec::new();
    for folder in entries(&project.path("examples"))? {
        let source = folder.join("drydock.yaml");
        if !source.is_file() {
            continue;
        }
        let name = plain_name(&folder)?;
        let bytes = read_bytes(&source)?;
        write_changed(&project.path(BUILT).join(format!("{name}.yaml")), &bytes)?;
        let card =
            serde_yaml::from_slice(&bytes).map_err(|error| format!("{}: {error}", source.display()))?;
        let parts: Parts =
            serde_yaml::from_slice(&bytes).map_err(|error| format!("{}: {error}", source.display()))?;
        let scenario = scenario(&parts).to_owned();
        let guests = parts.modules.into_iter().filter_map(|module| module.example).collect();
        workspaces.push(Workspace { name, scenario, card, guests });
    }
    in_order(workspaces, &String::from_utf8_lossy(&read_bytes(&project.path(ORDER))?))
}

fn in_order(mut workspaces: Vec<Workspace>, order: &str) -> Result<Vec<Workspace>, String> {
    let mut ordered = Vec::new();
    for name in order.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match workspaces.iter().position(|workspace| workspace.name == name) {
            Some(index) => ordered.push(workspaces.remove(index)),
            None => return Err(format!("{ORDER} names `{name}`, and there is no such example")),
        }
    }
    match workspaces.first() {
        Some(left) => Err(format!("{ORDER} leaves out `{}`: say where the gallery shows it", left.name)),
        None => Ok(ordered),
    }
}

/// What a workspace runs: of a plugin, its system.
fn scenario(parts: &Parts) -> &str {
    let other = if parts.request.is_some() { "request" } else { "pipeline" };
    parts.plugin.keys().next().map_or(other, String::as_str)
}

/// Writes the index.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_index(
    project: &Project,
    workspaces: &[Workspace],
    modules: &[Module],
    left_out: &[(String, String)],
) -> Result<(), String> {
    let runs = |name: &String| {
        let user = workspaces.iter().find(|workspace| workspace.guests.contains(name));
        user.map_or("pipeline", |workspace| workspace.scenario.as_str())
    };
    let module = |Module { name, bytes, sha256 }: &Module| {
        let runs = runs(name);
        serde_json::json!({ "name": name, "bytes": bytes, "sha256": sha256, "runs": runs })
    };
    let missing = |(name, why): &(String, String)| serde_json::json!({ "name": name, "why": why });
    let index = Index {
        workspaces,
        modules: modules.iter().map(module).collect(),
        missing: left_out.iter().map(missing).collect(),
    };
    let text = serde_json::to_string_pretty(&index).map_err(|error| error.to_string())?;
    write_changed(&project.path(BUILT).join(INDEX), format!("{text}\n").as_bytes())
}

/// Removes files of examples that are gone.
///
/// # Errors
/// When one cannot be removed.
pub(crate) fn sweep(project: &Project, workspaces: &[Workspace], modules: &[Module]) -> Result<(), String> {
    let kept: Vec<String> = workspaces
        .iter()
        .map(|workspace| format!("{}.yaml", workspace.name))
        .chain(modules.iter().map(|module| format!("{}.wasm", module.name)))
        .chain([INDEX.to_owned()])
        .collect();
    for path in entries(&project.path(BUILT))? {
        if !kept.contains(&name_of(&path)) {
            std::fs::remove_file(&path)
                .map_err(|error| format!("{} cannot be removed: {error}", path.display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Workspace {
        let card =
            Card { title: String::new(), teaches: String::new(), group: String::new(), tags: Vec::new() };
        Workspace { name: name.into(), scenario: "pipeline".into(), card, guests: Vec::new() }
    }

    #[test]
    fn the_order_names_every_example_once() {
        let names = |order: &str| {
            in_order(vec![named("a"), named("b")], order)
                .map(|all| all.into_iter().map(|w| w.name).collect::<Vec<_>>())
        };
        assert_eq!(names("b\n\na\n"), Ok(vec!["b".to_owned(), "a".to_owned()]));
        assert!(names("a\n").is_err_and(|error| error.contains("leaves out `b`")));
        assert!(names("a\nb\nc\n").is_err_and(|error| error.contains("names `c`")));
    }
}
