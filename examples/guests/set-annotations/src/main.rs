//! Sets annotations, as set-annotations of the krm-functions-catalog does: on every object, local
//! configuration and Kptfiles too, and on the pods that it makes.

use std::collections::BTreeMap;
use std::process::ExitCode;

use function::{Config, Failure, FieldSpec, GroupKind, Gvk, KrmResult, Object, ResourceList, text_map};
use manifest::{Node, emit_json};

/// The function's own kinds of configuration, the newer first.
const OWN: [GroupKind<'_>; 2] = [
    GroupKind { group: "fn.kpt.dev", kind: "SetAnnotations" },
    GroupKind { group: "fn.kpt.dev", kind: "SetAnnotationConfig" },
];

fn main() -> ExitCode {
    function::run(process)
}

/// Reads the configuration and annotates everything.
fn process(list: &mut ResourceList) -> Result<(), Failure> {
    let settings = match Settings::read(list.config.as_ref()) {
        Ok(settings) => settings,
        Err(failure) => {
            let message = format!("failed to configure function: {failure}");
            list.report(KrmResult::error(&message));
            return Err(format!("[error]: {message}").into());
        }
    };
    let mut places = Vec::new();
    for item in &mut list.items {
        settings.apply(item, &mut places)?;
    }
    if places.is_empty() {
        list.results.push(KrmResult::plain("no annotations applied"));
    }
    // Sorted by file, index and field, as the results of kyaml's framework are.
    places.sort();
    let message = format!("set annotations: {}", settings.as_json());
    for place in places {
        list.results.push(KrmResult::plain(&message).field(&place.field).file(&place.file, place.index));
    }
    Ok(())
}

/// Where annotations were set.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    file: String,
    index: Option<i64>,
    field: String,
}

/// What to set, and where.
struct Settings<'a> {
    annotations: BTreeMap<&'a str, &'a str>,
    fields: Vec<FieldSpec>,
}

impl<'a> Settings<'a> {
    /// Reads a `functionConfig`.
    fn read(config: Option<&'a Node>) -> Result<Self, Failure> {
        let own = OWN
            .into_iter()
            .map(|own| Config::of(config, own))
            .find(|config| matches!(config, Config::Own(_)));
        let (annotations, mut fields) = match own.unwrap_or_else(|| Config::of(config, OWN[0])) {
            Config::Own(node) => (text_map(node.get("annotations")), additional_fields(node)?),
            map @ Config::ConfigMap(_) => (map.data(), Vec::new()),
            Config::Missing if config.is_some_and(|config| config.kind() == "ConfigMap") => {
                Default::default()
            }
            Config::Missing | Config::Unknown(_) => {
                return Err("`functionConfig` must be a `ConfigMap` or `SetAnnotations`".into());
            }
        };
        if annotations.is_empty() {
            return Err("input annotation list cannot be empty".into());
        }
        fields.extend(default_fields());
        Ok(Self { annotations: annotations.into_iter().collect(), fields })
    }

    /// Sets the annotations in every place of an object, and notes the places.
    fn apply(&self, item: &mut Node, places: &mut Vec<Place>) -> Result<(), Failure> {
        let (file, index) = (item.file_path().to_owned(), item.file_index());
        for field in self.fields.iter().filter(|field| field.selects(item)).collect::<Vec<_>>() {
            let mut found = false;
            field.change(item, &Node::mapping(), &mut |annotations, _| {
                found = true;
                for (key, value) in &self.annotations {
                    annotations.set(key, Node::string(*value));
                }
                Ok(())
            })?;
            let place = Place { file: file.clone(), index, field: field.dotted_path() };
            if found && !places.contains(&place) {
                places.push(place);
            }
        }
        Ok(())
    }

    /// The annotations as compact JSON, sorted by key.
    fn as_json(&self) -> String {
        let mut node = Node::mapping();
        for (key, value) in &self.annotations {
            node.set(key, Node::string(*value));
        }
        emit_json(&node, false).trim_end().to_owned()
    }
}

/// The fields that a configuration adds, under their newer or older name.
fn additional_fields(node: &Node) -> Result<Vec<FieldSpec>, Failure> {
    let (newer, older) = (node.get("additionalAnnotationFields"), node.get("fieldSpecs"));
    if newer.is_some() && older.is_some() {
        return Err(
            "`fieldSpecs` has been deprecated, please rename it to `additionalAnnotationFields`".into()
        );
    }
    FieldSpec::read_all("additionalAnnotationFields", newer.or(older))
}

/// The fields that always get the annotations: the object's own, and those of the pods and jobs it makes.
fn default_fields() -> Vec<FieldSpec> {
    let pods = "spec/template/metadata/annotations";
    [
        (Gvk::default(), "metadata/annotations"),
        (Gvk::new("", "v1", "ReplicationController"), pods),
        (Gvk::new("", "", "Deployment"), pods),
        (Gvk::new("", "", "ReplicaSet"), pods),
        (Gvk::new("", "", "DaemonSet"), pods),
        (Gvk::new("", "", "StatefulSet"), pods),
        (Gvk::new("batch", "", "Job"), pods),
        (Gvk::new("batch", "", "CronJob"), "spec/jobTemplate/metadata/annotations"),
        (Gvk::new("batch", "", "CronJob"), "spec/jobTemplate/spec/template/metadata/annotations"),
    ]
    .into_iter()
    .map(|(gvk, path)| FieldSpec::new(gvk, path).create())
    .collect()
}
