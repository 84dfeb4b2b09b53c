//! Moves resources to a namespace, as set-namespace of the krm-functions-catalog does.
//!
//! Beyond `metadata.namespace` it knows the places where Kubernetes keeps a namespace elsewhere: a Namespace's
//! name, the webhook of a CustomResourceDefinition, the service of an APIService, the subjects of a
//! ClusterRoleBinding, and the annotation `config.kubernetes.io/depends-on`.
//!
//! A wrong configuration is an error result and exit code 0: the pipeline goes on. That is the catalog's rule.

mod depends_on;
mod origin;
mod scope;
mod settings;
mod visit;

use std::collections::BTreeSet;
use std::process::ExitCode;

use function::{Failure, KrmResult, Object, ResourceList, quoted};
use manifest::Node;

use crate::settings::Settings;

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration and moves everything that is not local configuration.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let results = match Settings::read(list.config.as_ref()) {
        Ok(settings) => transform(&settings, &mut list.items),
        Err(message) => vec![config_error(message, list.config.as_ref())],
    };
    list.results.extend(results);
    Ok(())
}

/// A wrong configuration, with the object that holds it.
fn config_error(message: String, config: Option<&Node>) -> KrmResult {
    let result = KrmResult::error(message);
    config.map_or_else(|| result.clone(), |config| result.clone().about(config))
}

/// Moves the resources and says what changed.
fn transform(settings: &Settings, items: &mut [Node]) -> Vec<KrmResult> {
    let mut items: Vec<&mut Node> = items.iter_mut().filter(|item| !item.is_local_config()).collect();
    let known = depends_on::names(&items);
    if settings.matcher.is_none()
        && let Err(message) = origin::expect_one(&items)
    {
        return vec![KrmResult::error(message)];
    }
    let mut moves = Moves::new(settings);
    visit::cluster_scoped(&mut items, &mut moves);
    visit::namespaced(&mut items, &mut moves);
    let references = depends_on::update(&mut items, &known, settings);
    let mut results = std::mem::take(&mut moves.results);
    results.push(moves.summary());
    results.push(references);
    results
}

/// The moves of one run: which namespaces were left, and how often.
struct Moves<'a> {
    settings: &'a Settings,
    left: BTreeSet<String>,
    count: usize,
    results: Vec<KrmResult>,
}

impl<'a> Moves<'a> {
    fn new(settings: &'a Settings) -> Self {
        Self { settings, left: BTreeSet::new(), count: 0, results: Vec::new() }
    }

    /// What becomes of a namespace: the new one, or nothing when it stays. An empty one counts as `default`.
    fn next(&mut self, current: &str, origin: Option<&str>) -> Option<&'a str> {
        let target = self.settings.namespace.as_str();
        let current = if current.is_empty() { DEFAULT_NAMESPACE } else { current };
        let wanted = self
            .settings
            .matcher
            .as_deref()
            .is_none_or(|matcher| matcher == current || Some(matcher) == origin);
        if current == target || !wanted {
            return None;
        }
        self.left.insert(current.to_owned());
        self.count += 1;
        Some(target)
    }

    /// What changed, in a sentence.
    fn summary(&self) -> KrmResult {
        let target = quoted(&self.settings.namespace);
        KrmResult::info(if self.count == 0 {
            format!("all matching namespaces are already {target}. no value changed")
        } else {
            format!("namespace {} updated to {target}, {} value(s) changed", listed(&self.left), self.count)
        })
    }
}

/// The namespace of a namespaced object that names none.
const DEFAULT_NAMESPACE: &str = "default";

/// Names as Go prints a list of them.
fn listed(names: &BTreeSet<String>) -> String {
    format!("[{}]", names.iter().map(String::as_str).collect::<Vec<_>>().join(" "))
}
