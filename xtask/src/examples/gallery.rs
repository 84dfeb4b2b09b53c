//! The workspaces of the examples and the index by which the page and the tests find everything.
//!
//! Refuses to read workspaces: the engine does, and its tests say what is wrong with one.

use super::guests::Module;
use super::{BUILT, plain_name};
use crate::project::{Project, entries, name_of, read_bytes, write_changed};

/// What the index is called in `examples/built`.
const INDEX: &str = "index.json";

/// A workspace in `examples/built`.
pub(crate) struct Workspace {
    /// The example's folder: the file is `<name>.yaml`.
    name: String,
    /// Its size in bytes.
    bytes: usize,
}

/// Copies `examples/<name>/drydock.yaml` to `examples/built/<name>.yaml`.
///
/// # Errors
/// When a file cannot be read or written.
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
        workspaces.push(Workspace { name, bytes: bytes.len() });
    }
    Ok(workspaces)
}

/// Writes the index: what there is, how large it is, and what is missing with the reason.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn write_index(
    project: &Project,
    workspaces: &[Workspace],
    modules: &[Module],
    left_out: &[(String, String)],
) -> Result<(), String> {
    let text = index(workspaces, modules, left_out);
    write_changed(&project.path(BUILT).join(INDEX), text.as_bytes())
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

fn index(workspaces: &[Workspace], modules: &[Module], left_out: &[(String, String)]) -> String {
    let workspaces = workspaces
        .iter()
        .map(|Workspace { name, bytes }| format!("{{\"name\":{},\"bytes\":{bytes}}}", quote(name)));
    let modules = modules.iter().map(|Module { name, bytes, sha256 }| {
        format!("{{\"name\":{},\"bytes\":{bytes},\"sha256\":{}}}", quote(name), quote(sha256))
    });
    let missing =
        left_out.iter().map(|(name, why)| format!("{{\"name\":{},\"why\":{}}}", quote(name), quote(why)));
    format!(
        "{{\n\"workspaces\": {},\n\"modules\": {},\n\"missing\": {}\n}}\n",
        list(workspaces),
        list(modules),
        list(missing)
    )
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { "[]".to_owned() } else { format!("[\n{}\n]", items.join(",\n")) }
}

/// A JSON string.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c < ' ' => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_json() {
        let workspaces = [Workspace { name: "a".into(), bytes: 5 }];
        let modules = [Module { name: "m".into(), bytes: 7, sha256: "00".into() }];
        let left_out = [("g".to_owned(), "no \"Go\"\n".to_owned())];
        assert_eq!(
            index(&workspaces, &modules, &left_out),
            "{\n\"workspaces\": [\n{\"name\":\"a\",\"bytes\":5}\n],\n\
             \"modules\": [\n{\"name\":\"m\",\"bytes\":7,\"sha256\":\"00\"}\n],\n\
             \"missing\": [\n{\"name\":\"g\",\"why\":\"no \\\"Go\\\"\\u000a\"}\n]\n}\n"
        );
        assert_eq!(index(&[], &[], &[]), "{\n\"workspaces\": [],\n\"modules\": [],\n\"missing\": []\n}\n");
    }
}
