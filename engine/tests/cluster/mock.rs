//! The mock as an API server: tables of requests in order, and what is answered.
//!
//! The sentences in the tables are written by hand, from Kubernetes' own sources: nothing rewrites them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use engine::cluster::{
    Change, Cluster, Limits, MAX_OBJECTS, MAX_STORED_BYTES, Mock, Record, Replay, Request, Session,
};
use engine::request::World;
use serde::Deserialize;
use serde_json::{Value as Json, json};

/// A cluster, and what is asked of it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Scene {
    name: String,
    /// What is pasted.
    #[serde(default)]
    objects: Vec<Json>,
    steps: Vec<Step>,
    /// What became of the objects; only where the scene has the field.
    #[serde(default)]
    changes: Option<Vec<String>>,
}

/// A request, and its answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    /// Method and path.
    ask: String,
    #[serde(default)]
    accept: Option<String>,
    #[serde(default, rename = "type")]
    content_type: Option<String>,
    /// JSON; a text stands for itself.
    #[serde(default)]
    body: Json,
    status: u16,
    /// What the answer says where; null for what is not there.
    #[serde(default)]
    says: BTreeMap<String, Json>,
    /// The names of a list's objects, with their namespaces.
    #[serde(default)]
    items: Option<Vec<String>>,
    /// The whole answer.
    #[serde(default)]
    whole: Option<Json>,
}

impl Step {
    fn request(&self) -> Request {
        let (method, uri) = self.ask.split_once(' ').unwrap();
        let mut request = http::Request::builder().method(method).uri(uri);
        if let Some(accept) = &self.accept {
            request = request.header("accept", accept);
        }
        if let Some(content_type) = &self.content_type {
            request = request.header("content-type", content_type);
        }
        let body = match &self.body {
            Json::Null => String::new(),
            Json::String(text) => text.clone(),
            value => value.to_string(),
        };
        request.body(body.into_bytes()).unwrap()
    }

    /// What differs from what the table says.
    fn faults(&self, cluster: &mut dyn Cluster) -> Vec<String> {
        let answer = cluster.ask(&self.request(), Limits::default()).unwrap();
        let body: Json = serde_json::from_slice(answer.body())
            .unwrap_or_else(|_| String::from_utf8_lossy(answer.body()).into());
        let mut faults = Vec::new();
        let mut compare = |place: &str, expected: &Json, found: &Json| {
            if expected != found {
                faults.push(format!("{place}\n    expected {expected}\n    found    {found}"));
            }
        };
        compare("status", &self.status.into(), &answer.status().as_u16().into());
        for (pointer, expected) in &self.says {
            compare(pointer, expected, body.pointer(pointer).unwrap_or(&Json::Null));
        }
        if let Some(items) = &self.items {
            let found: Vec<String> = body["items"].as_array().unwrap().iter().map(shown).collect();
            compare("items", &json!(items), &json!(found));
        }
        if let Some(whole) = &self.whole {
            compare("whole", whole, &body);
        }
        if !faults.is_empty() {
            faults.insert(0, format!("{} answered {body}", self.ask));
        }
        faults
    }
}

/// `a/b`, or `b`.
fn shown(object: &Json) -> String {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
    match text("namespace").as_str() {
        "" => text("name"),
        namespace => format!("{namespace}/{}", text("name")),
    }
}

fn told(change: &Change<'_>) -> String {
    let (word, object) = match (change.before, change.after) {
        (None, Some(after)) => ("created", after),
        (Some(_), Some(after)) => ("updated", after),
        (Some(before), None) => ("deleted", before),
        (None, None) => panic!("a change of nothing"),
    };
    format!("{word} {} {}", object["kind"].as_str().unwrap(), shown(object))
}

fn tables() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cluster/mock");
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

fn scenes() -> Vec<(String, Scene)> {
    let mut all = Vec::new();
    for path in tables() {
        let text = fs::read_to_string(&path).unwrap();
        let scenes: Vec<Scene> =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        all.extend(scenes.into_iter().map(|scene| (format!("{file}, {}", scene.name), scene)));
    }
    all
}

fn mock(objects: &[Json]) -> Mock {
    Mock::new(objects.to_vec(), World::default()).unwrap()
}

#[test]
fn every_request_is_answered_as_its_table_says() {
    let mut faults = Vec::new();
    for (place, scene) in scenes() {
        let mut mock = mock(&scene.objects);
        for step in &scene.steps {
            faults.extend(step.faults(&mut mock).into_iter().map(|fault| format!("{place}: {fault}")));
        }
        let changes: Vec<String> = mock.changes().iter().map(told).collect();
        if scene.changes.as_ref().is_some_and(|expected| *expected != changes) {
            faults.push(format!("{place}: the changes are {changes:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn what_was_written_is_replayed_from_a_recording() {
    // A session does not tell requests apart by what they accept.
    let is_recorded = |scene: &Scene| scene.steps.iter().all(|step| step.accept.is_none());
    for (place, scene) in scenes().into_iter().filter(|(_, scene)| is_recorded(scene)) {
        let shared = Arc::new(Mutex::new(Record::new(mock(&scene.objects))));
        let mut cluster: Box<dyn Cluster> = Box::new(Arc::clone(&shared));
        for step in &scene.steps {
            step.faults(cluster.as_mut());
        }
        drop(cluster);
        let record = Arc::into_inner(shared).unwrap().into_inner().unwrap();
        let has_changes = scene.changes.as_ref().is_some_and(|changes| !changes.is_empty());
        assert!(!has_changes || !record.cluster().changes().is_empty(), "{place}");
        let is_clean = record.redacted() == 0;
        let text = record.into_session().to_text();
        let mut replay = Replay::new(Session::from_text(&text).unwrap());
        for step in &scene.steps {
            let faults = step.faults(&mut replay);
            assert!(!is_clean || faults.is_empty(), "{place}: {}", faults.join("\n"));
        }
    }
}

#[test]
fn the_same_run_gives_the_same_bytes() {
    let ask = |seed: u64| {
        let world = World { seed, ..World::default() };
        let mut mock =
            Mock::new(vec![json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}})], world)
                .unwrap();
        let body = json!({"metadata": {"generateName": "x-"}}).to_string().into_bytes();
        let request = http::Request::post("/api/v1/namespaces/default/configmaps").body(body).unwrap();
        mock.ask(&request, Limits::default()).unwrap();
        mock.ask(&request, Limits::default()).unwrap();
        mock.objects().cloned().collect::<Vec<_>>()
    };
    assert_eq!(ask(1), ask(1));
    let uids = |objects: &[Json]| -> Vec<String> {
        objects.iter().map(|it| it["metadata"]["uid"].as_str().unwrap().to_owned()).collect()
    };
    let (one, other) = (uids(&ask(1)), uids(&ask(2)));
    let all: std::collections::BTreeSet<&String> = one.iter().chain(&other).collect();
    assert_eq!(all.len(), one.len() + other.len(), "every object of every seed has its own uid");
    assert!(one.iter().all(|uid| uid.len() == 36 && uid.as_bytes()[14] == b'4'), "{one:?}");
}

#[test]
fn objects_that_are_no_cluster_are_refused() {
    let pod = json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}});
    let big = "x".repeat(MAX_STORED_BYTES);
    for (objects, expected) in [
        (
            vec![json!({"kind": "Pod"})],
            "Pod `` cannot be taken: `apiVersion`, `kind` or `metadata.name` is missing, or no text",
        ),
        (
            vec![json!([])],
            "an object cannot be taken: `apiVersion`, `kind` or `metadata.name` is missing, or no text",
        ),
        (
            vec![json!({"apiVersion": "example.com/v1", "kind": "Widget", "metadata": {"name": "a"}})],
            "Widget `a` cannot be taken: no kind `Widget` of `example.com/v1` is known",
        ),
        (vec![pod.clone(), pod.clone()], "Pod `a` cannot be taken: it stands twice among the objects"),
        (
            vec![json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "labels": {"x": 1}}})],
            "Pod `a` cannot be taken: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string",
        ),
        (
            vec![json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a/b"}})],
            "Pod `a/b` cannot be taken: its name could not stand in a path",
        ),
        (
            vec![json!({"apiVersion": "v1", "kind": "ComponentStatus", "metadata": {"name": "etcd-0"}})],
            "ComponentStatus `etcd-0` cannot be taken: no cluster stores objects of this kind",
        ),
        (
            vec![
                json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "x"}}),
            ],
            "CustomResourceDefinition `x` cannot be taken: `spec.group` is missing",
        ),
        (
            vec![json!({"kind": "List", "items": vec![pod; MAX_OBJECTS + 1]})],
            "the cluster holds no more than 10,000 objects",
        ),
        (
            vec![
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": big}}),
            ],
            "ConfigMap `a`: the cluster holds no more than 16,777,216 bytes of objects",
        ),
    ] {
        let error = Mock::new(objects, World::default()).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn a_cluster_has_an_end() {
    let mut mock = mock(&[]);
    let create = |name: &str, data: &str| {
        let body = json!({"metadata": {"name": name}, "data": {"x": data}}).to_string().into_bytes();
        http::Request::post("/api/v1/namespaces/default/configmaps").body(body).unwrap()
    };
    let data = "x".repeat(2 << 20);
    let mut codes: Vec<u16> = (0..9)
        .map(|index| {
            mock.ask(&create(&format!("a{index}"), &data), Limits::default()).unwrap().status().as_u16()
        })
        .collect();
    assert_eq!(codes.pop(), Some(500), "{codes:?}");
    assert_eq!(mock.changes().len(), codes.iter().filter(|code| **code == 201).count());
    for index in 0..codes.len() {
        let uri = format!("/api/v1/namespaces/default/configmaps/a{index}");
        mock.ask(&http::Request::delete(uri).body(Vec::new()).unwrap(), Limits::default()).unwrap();
    }
    assert_eq!(mock.changes(), []);
    assert_eq!(mock.ask(&create("b", &data), Limits::default()).unwrap().status(), 201);
}

#[test]
fn patches_end() {
    let mut mock = mock(&[
        json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": {"x": "x".repeat(1000)}}),
    ]);
    let mut patch = |operations: Vec<Json>| {
        let body = Json::from(operations).to_string().into_bytes();
        let request = http::Request::patch("/api/v1/namespaces/default/configmaps/a")
            .header("content-type", "application/json-patch+json")
            .body(body)
            .unwrap();
        let answer = mock.ask(&request, Limits::default()).unwrap();
        serde_json::from_slice::<Json>(answer.body()).unwrap()["message"]
            .as_str()
            .unwrap_or("done")
            .to_owned()
    };
    let doubling = ["/data/y", "/data/z"].map(|path| json!({"op": "copy", "from": "/data", "path": path}));
    assert!(patch(vec![doubling; 20].concat()).starts_with("Request entity too large: "));
    let nesting = json!({"op": "copy", "from": "", "path": "/metadata"});
    assert!(patch(vec![nesting; 9_000]).starts_with("Request entity too large: "));
    let testing = json!({"op": "test", "path": "/kind", "value": "ConfigMap"});
    assert_eq!(
        patch(vec![testing.clone(); 10_001]),
        "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001"
    );
    assert_eq!(patch(vec![testing; 400]), "done");
}
