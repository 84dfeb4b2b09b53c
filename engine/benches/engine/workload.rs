//! The manifests that every figure is measured on: Deployments that differ in their numbers only.
//!
//! Makes them in code, so that all machines measure the same bytes and none are stored.

use engine::request::{File, Pipeline, PipelineStep, RunRequest, Scenario};

/// What the function is told.
const CONFIG: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config\ndata:\n  namespace: prod\n";

/// A file of manifests, with comments and two ways of quoting, as people write them.
pub(crate) fn manifests(count: usize) -> String {
    (0..count).map(|number| format!("---\n{}", deployment(number))).collect()
}

/// The same manifests as a function is given them.
pub(crate) fn resource_list(count: usize) -> String {
    let mut text = String::from("apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nfunctionConfig:\n");
    indent(&mut text, CONFIG, "  ", "  ");
    text.push_str("items:\n");
    for number in 0..count {
        indent(&mut text, &deployment(number), "- ", "  ");
    }
    text
}

/// A pipeline of one step over one file.
pub(crate) fn request(module: &str, count: usize) -> RunRequest {
    let file = File { path: "deployments.yaml".into(), text: manifests(count) };
    let step = PipelineStep { module: module.into(), config: CONFIG.into(), ..PipelineStep::default() };
    RunRequest { ..RunRequest::new(Scenario::Pipeline(Pipeline { files: vec![file], steps: vec![step] })) }
}

fn deployment(number: usize) -> String {
    format!(
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-{number}
  namespace: staging # set by the pipeline
  labels:
    app: web-{number}
    tier: \"front\"
spec:
  replicas: {replicas}
  selector:
    matchLabels:
      app: web-{number}
  template:
    metadata:
      labels:
        app: web-{number}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.{number}
        ports:
        - containerPort: 8080
",
        replicas = number % 7 + 1,
    )
}

fn indent(text: &mut String, block: &str, first: &str, rest: &str) {
    for (index, line) in block.lines().enumerate() {
        text.push_str(if index == 0 { first } else { rest });
        text.push_str(line);
        text.push('\n');
    }
}
