//! Sets labels, as set-labels of the krm-functions-catalog does: on every object, and in the selectors and
//! templates that must agree with them.
//!
//! Selectors that pick other objects (a Job's, a NetworkPolicy's, a PodDisruptionBudget's) are changed only
//! where they use the label already. The terms of `affinity` stay: the catalog looks for them in the wrong
//! place, and everyone's output depends on that by now.

mod places;

use std::collections::BTreeMap;
use std::process::ExitCode;

use function::{Config, Failure, GroupKind, KrmResult, Object, ResourceList, text_map};
use manifest::Node;

/// The function's own kind of configuration; its version is not looked at.
const OWN: GroupKind<'_> = GroupKind { group: "fn.kpt.dev", kind: "SetLabels" };

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration and labels everything that is not local configuration.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let config = Config::of(list.config.as_ref(), OWN);
    if let Config::Unknown(node) = config {
        let message = format!(
            "unknown FunctionConfig `{}.{}`, expect `SetLabels.fn.kpt.dev` or `ConfigMap.v1`",
            node.kind(),
            node.gvk().group
        );
        return Err(list.fail(message));
    }
    if list.items.iter().all(Object::is_local_config) {
        list.results.push(KrmResult::info("no input resources"));
        return Ok(());
    }
    if matches!(config, Config::Missing) {
        list.results.push(KrmResult::info("`FunctionConfig` is not given"));
        return Err(Failure::reported());
    }
    let labels: BTreeMap<&str, &str> = match config {
        Config::Own(node) => text_map(node.get("labels")),
        other => other.data(),
    }
    .into_iter()
    .collect();
    if labels.is_empty() {
        list.results.push(KrmResult::warning("no `labels` arguments are given in FunctionConfig"));
        return Ok(());
    }
    let mut setter = Setter { labels: &labels, count: 0 };
    for item in list.items.iter_mut().filter(|item| !item.is_local_config()) {
        places::set(item, &mut setter);
    }
    let message = format!("set {} labels in total", setter.count);
    list.results.push(KrmResult::info(message));
    Ok(())
}

/// Writes the labels, and counts every attempt: also those that change nothing.
struct Setter<'a> {
    labels: &'a BTreeMap<&'a str, &'a str>,
    count: usize,
}

/// What happens to a label that is not there yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Missing {
    /// It is added, with everything on the way to it.
    Create,
    /// It stays away.
    Leave,
}

impl Setter<'_> {
    /// Sets every label in the map at a path below a node.
    fn set(&mut self, node: &mut Node, path: &[&str], missing: Missing) {
        for (key, value) in self.labels {
            self.count += 1;
            let current = node.at(path).and_then(|labels| labels.get(key));
            let wanted = match current {
                Some(current) => current.as_str() != Some(value),
                None => missing == Missing::Create,
            };
            if wanted {
                let mut path = path.to_vec();
                path.push(key);
                node.set_at(&path, Node::string(*value));
            }
        }
    }
}
