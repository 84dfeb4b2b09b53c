//! Where pods stand in objects, and containers in pods.
//!
//! It knows the built-in workloads only: another kind has no pod here.

use serde_json::{Map, Value};

/// The path of a pod's spec by the object's kind.
const PLACES: [(&str, &[&str]); 9] = [
    ("Pod", &["spec"]),
    ("Deployment", &["spec", "template", "spec"]),
    ("ReplicaSet", &["spec", "template", "spec"]),
    ("StatefulSet", &["spec", "template", "spec"]),
    ("DaemonSet", &["spec", "template", "spec"]),
    ("ReplicationController", &["spec", "template", "spec"]),
    ("Job", &["spec", "template", "spec"]),
    ("CronJob", &["spec", "jobTemplate", "spec", "template", "spec"]),
    ("PodTemplate", &["template", "spec"]),
];

/// The lists of containers of a pod.
const LISTS: [&str; 3] = ["initContainers", "containers", "ephemeralContainers"];

/// Where the pod of an object stands.
fn place(object: &Value) -> Option<&'static [&'static str]> {
    let (_, path) = PLACES.iter().find(|(kind, _)| object.get("kind").is_some_and(|is| is == kind))?;
    Some(path)
}

/// The value at a path of keys; null when there is none.
#[must_use]
pub fn at<'a>(value: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(value, |value, key| value.get(key).unwrap_or(&Value::Null))
}

/// A pod's spec, and where it stands.
#[derive(Clone, Debug)]
pub struct PodSpec<'a> {
    /// Such as `spec.template.spec`.
    pub path: String,
    /// The spec.
    pub value: &'a Value,
}

/// A container, and where it stands.
#[derive(Clone, Debug)]
pub struct Container<'a> {
    /// Such as `spec.containers[0]`.
    pub path: String,
    /// The container.
    pub value: &'a Value,
}

impl<'a> PodSpec<'a> {
    /// The pod of a Pod or of a workload; none for other kinds.
    #[must_use]
    pub fn of(object: &'a Value) -> Option<Self> {
        let path = place(object)?;
        let value = at(object, path);
        value.is_object().then(|| Self { path: path.join("."), value })
    }

    /// All of its containers: those that begin, those that stay, those that debug.
    #[must_use]
    pub fn containers(&self) -> Vec<Container<'a>> {
        let mut found = Vec::new();
        for list in LISTS {
            let containers = at(self.value, &[list]).as_array().map(Vec::as_slice).unwrap_or_default();
            found.extend(
                containers.iter().enumerate().map(|(index, value)| Container {
                    path: format!("{}.{list}[{index}]", self.path),
                    value,
                }),
            );
        }
        found
    }
}

impl<'a> Container<'a> {
    /// Its name; empty when it has none.
    #[must_use]
    pub fn name(&self) -> &'a str {
        at(self.value, &["name"]).as_str().unwrap_or_default()
    }

    /// Its image; empty when it has none.
    #[must_use]
    pub fn image(&self) -> &'a str {
        at(self.value, &["image"]).as_str().unwrap_or_default()
    }
}

/// Sets the value at a path of keys, and makes the objects on the way where they are missing. What stands on the way
/// and is no object is replaced.
pub fn set(object: &mut Value, path: &[&str], value: Value) {
    let Some((key, rest)) = path.split_first() else {
        *object = value;
        return;
    };
    if !object.is_object() {
        *object = Value::Object(Map::new());
    }
    if let Value::Object(fields) = object {
        set(fields.entry(*key).or_insert(Value::Null), rest, value);
    }
}

/// All containers of a Pod or of a workload, to be changed; none for other kinds.
pub fn containers_mut(object: &mut Value) -> Vec<&mut Value> {
    let Some(path) = place(object) else { return Vec::new() };
    let pod = path.iter().try_fold(object, |value, key| value.get_mut(key));
    let Some(Value::Object(pod)) = pod else { return Vec::new() };
    let lists = pod.iter_mut().filter(|(key, _)| LISTS.contains(&key.as_str()));
    lists.filter_map(|(_, list)| list.as_array_mut()).flatten().collect()
}
