//! Draws what an object belongs to, owner by owner: `kubectl owners KIND NAME [-n NAMESPACE] [--color]`, or `KIND/NAME`.
//! It follows `ownerReferences` upwards, and changes nothing.

use std::process::ExitCode;

use kubectl_plugin::{Arguments, Cell, Cluster, Colour, Failure, Scope, items, text};
use serde_json::Value;

/// Real chains are four long. What is deeper is not drawn, so that owners that own each other come to an end.
const DEEPEST: usize = 10;

fn main() -> ExitCode {
    kubectl_plugin::run(|arguments| {
        let scope = arguments.scope()?;
        let color = arguments.flag(&["--color"]);
        let names = read_names(arguments)?;
        let tree = owners(&Cluster::connect()?, &names.0, &names.1, &scope)?;
        Ok(tree.print(color))
    })
}

/// A kind and a name, apart or with a slash.
fn read_names(arguments: &mut Arguments) -> Result<(String, String), Failure> {
    let names = arguments.finish(&["KIND", "[NAME]"])?;
    match names.as_slice() {
        [kind, name] => Ok((kind.clone(), name.clone())),
        [both] => match both.split_once('/') {
            Some((kind, name)) => Ok((kind.to_owned(), name.to_owned())),
            None => Err(format!("which {both}? give its name, as in `{both}/NAME`").into()),
        },
        _ => Err("a kind and a name are needed".into()),
    }
}

/// An object, and its owners below it.
struct Tree {
    kind: String,
    name: String,
    /// What is to be said of it: whether it is the controller, or why it ends here.
    note: Option<Cell>,
    owners: Vec<Tree>,
}

fn owners(cluster: &Cluster, kind: &str, name: &str, scope: &Scope) -> Result<Tree, Failure> {
    let Some(namespace) = cluster.namespace(scope) else {
        return Err("`-A` is not for this question: a name is one of a namespace".into());
    };
    let resource = cluster.resource(kind)?;
    let object = cluster.get(&resource.path(namespace, name))?;
    let owners = owners_of(cluster, &object, namespace, DEEPEST)?;
    Ok(Tree { kind: resource.kind, name: name.to_owned(), note: None, owners })
}

fn owners_of(cluster: &Cluster, object: &Value, namespace: &str, left: usize) -> Result<Vec<Tree>, Failure> {
    items(object, "/metadata/ownerReferences")
        .map(|reference| owner(cluster, reference, namespace, left))
        .collect()
}

fn owner(cluster: &Cluster, reference: &Value, namespace: &str, left: usize) -> Result<Tree, Failure> {
    let (kind, name) = (text(reference, "/kind"), text(reference, "/name"));
    let end = |note: &str| Tree {
        kind: kind.to_owned(),
        name: name.to_owned(),
        note: Some(Cell::new(note, Colour::Red)),
        owners: Vec::new(),
    };
    let Some(left) = left.checked_sub(1) else { return Ok(end("and so on")) };
    let Some(resource) = cluster.resource_of(text(reference, "/apiVersion"), kind)? else {
        return Ok(end("no such kind is served"));
    };
    let Some(object) = cluster.find(&resource.path(namespace, name))? else {
        return Ok(end("is gone"));
    };
    if text(&object, "/metadata/uid") != text(reference, "/uid") {
        return Ok(end("is another one now"));
    }
    let is_controller = reference.get("controller").and_then(Value::as_bool) == Some(true);
    Ok(Tree {
        kind: kind.to_owned(),
        name: name.to_owned(),
        note: is_controller.then(|| Cell::new("controller", Colour::Grey)),
        owners: owners_of(cluster, &object, namespace, left)?,
    })
}

impl Tree {
    fn print(&self, color: bool) -> String {
        let mut lines = format!("{}\n", self.line(color));
        self.print_owners("", color, &mut lines);
        lines
    }

    fn line(&self, color: bool) -> String {
        let kind = Cell::new(self.kind.as_str(), colour(&self.kind)).print(color);
        let name = Cell::from(self.name.as_str()).print(color);
        let note = self.note.as_ref().map(|note| format!(" ({})", note.print(color))).unwrap_or_default();
        format!("{kind}/{name}{note}")
    }

    fn print_owners(&self, indent: &str, color: bool, lines: &mut String) {
        for (index, owner) in self.owners.iter().enumerate() {
            let is_last = index + 1 == self.owners.len();
            let (branch, below) = if is_last { ("└── ", "    ") } else { ("├── ", "│   ") };
            lines.push_str(&format!("{indent}{branch}{}\n", owner.line(color)));
            owner.print_owners(&format!("{indent}{below}"), color, lines);
        }
    }
}

/// What people look for has a colour of its own.
fn colour(kind: &str) -> Colour {
    match kind {
        "Pod" => Colour::Green,
        "ReplicaSet" | "Job" => Colour::Cyan,
        "Deployment" | "StatefulSet" | "DaemonSet" | "CronJob" => Colour::Blue,
        _ => Colour::Magenta,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use serde_json::json;

    use super::*;

    fn cluster(references: Value) -> Cluster {
        let resource = |name: &str, kind: &str| json!({ "name": name, "kind": kind, "namespaced": true });
        let set = json!({ "kind": "ReplicaSet", "name": "web", "apiVersion": "apps/v1", "uid": "1" });
        let own = json!({ "metadata": { "uid": "1", "ownerReferences": [set] } });
        Cluster::of(
            "shop",
            &[
                ("/api/v1", json!({ "resources": [resource("pods", "Pod")] })),
                ("/apis/apps/v1", json!({ "resources": [resource("replicasets", "ReplicaSet")] })),
                ("/api/v1/namespaces/shop/pods/a", json!({ "metadata": { "ownerReferences": references } })),
                ("/apis/apps/v1/namespaces/shop/replicasets/web", own),
            ],
        )
    }

    fn draw(references: Value) -> String {
        owners(&cluster(references), "pod", "a", &Scope::Current).unwrap().print(false)
    }

    #[test]
    fn owners_that_cannot_be_followed_end_the_branch() {
        let reference = |kind: &str, name: &str, uid: &str| json!({ "kind": kind, "name": name, "uid": uid, "apiVersion": "apps/v1", "controller": true });
        let drawn = draw(json!([
            reference("ReplicaSet", "gone", "1"),
            reference("ReplicaSet", "web", "2"),
            reference("Widget", "w", "3"),
        ]));
        let expected = "\
Pod/a
├── ReplicaSet/gone (is gone)
├── ReplicaSet/web (is another one now)
└── Widget/w (no such kind is served)
";
        assert_eq!(drawn, expected);
    }

    #[test]
    fn owners_that_own_themselves_come_to_an_end() {
        let drawn =
            draw(json!([{ "kind": "ReplicaSet", "name": "web", "uid": "1", "apiVersion": "apps/v1" }]));
        assert_eq!(drawn.lines().count(), DEEPEST + 2);
        assert!(drawn.ends_with("ReplicaSet/web (and so on)\n"), "{drawn}");
    }

    #[test]
    fn a_kind_and_a_name_are_read() {
        let read = |line: &str| read_names(&mut line.split_whitespace().collect());
        let expected = ("pod".to_owned(), "a".to_owned());
        assert_eq!(read("pod a"), Ok(expected.clone()));
        assert_eq!(read("pod/a"), Ok(expected));
        assert_eq!(read("pod"), Err("which pod? give its name, as in `pod/NAME`".into()));
    }
}
