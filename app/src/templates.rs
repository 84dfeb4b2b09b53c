//! Objects to begin a request with, by kind: each is complete, and small enough to read.

use engine::request::File;
use serde_json::json;

use crate::draft::{Draft, Kind};

/// A kind, and an object of it.
pub const TEMPLATES: [(&str, &str); 6] = [
    (
        "Pod",
        "apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
  labels:
    app: web
spec:
  containers:
  - name: web
    image: registry.example/shop/web:1.4
",
    ),
    (
        "Deployment",
        "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
      - name: web
        image: registry.example/shop/web:1.4
",
    ),
    (
        "Service",
        "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
spec:
  selector:
    app: web
  ports:
  - port: 80
    targetPort: 8080
",
    ),
    (
        "Ingress",
        "apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
spec:
  rules:
  - host: shop.example
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: web
            port:
              number: 80
",
    ),
    (
        "ConfigMap",
        "apiVersion: v1
kind: ConfigMap
metadata:
  name: web
  namespace: shop
data:
  colour: white
",
    ),
    ("Namespace", "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n"),
];

/// A workspace with a request for the first of them.
#[must_use]
pub fn request() -> Draft {
    let object = TEMPLATES.first().map(|(_, text)| *text).unwrap_or_default();
    Draft::of(Kind::Request, json!({"object": object}))
}

/// A workspace with a plugin's module and what it needs at least; the cluster has a Pod to ask for.
#[must_use]
pub fn plugin(kind: Kind) -> Draft {
    let body = match kind {
        Kind::Krew => json!({
            "command": {"env": [{"name": "HOME", "value": "/home/me"}], "directories": [{"name": "/home/me"}]},
            "kubeconfig": {"directory": "/home/me", "namespace": "shop"},
        }),
        Kind::Dashboard => json!({"requests": [{"method": "GET", "path": "/status"}]}),
        _ => json!({}),
    };
    let pod = TEMPLATES.first().map(|(_, text)| File { path: "cluster.yaml".into(), text: (*text).into() });
    Draft { files: pod.into_iter().collect(), ..Draft::of(kind, body) }
}
