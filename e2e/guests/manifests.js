// @ts-check
//! Many manifests, for what is large: always the same ones for the same number.
//! Refuses randomness: figures are compared from day to day.

/**
 * Deployments as one file, about 380 bytes each.
 * @param {number} count How many.
 */
export function deployments(count) {
  return Array.from({ length: count }, (_, index) => deployment(`app-${index}`)).join("---\n");
}

/** @param {string} name */
const deployment = (name) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: staging
  labels:
    app: ${name}
spec:
  replicas: 2 # enough
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
      - name: main
        image: nginx:1.27.3
        ports:
        - containerPort: 80
`;

/** The configuration that moves things to `prod`. */
export const TO_PROD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: where\ndata:\n  namespace: prod\n";

/**
 * A workspace file with one function over many Deployments.
 * @param {number} count How many.
 * @param {string} guest A guest of the examples.
 */
export function workspace(count, guest) {
  const indent = (/** @type {string} */ text, /** @type {number} */ by) => text.replaceAll(/^(?=.)/gm, " ".repeat(by));
  return `drydock: 1
title: ${count} Deployments
modules:
- name: ${guest}
  example: ${guest}
pipeline:
  files:
  - path: many.yaml
    text: |
${indent(deployments(count), 6)}
  steps:
  - module: ${guest}
    config: |
${indent(TO_PROD, 6)}
budget:
  timeMs: 60000
  fuel: 1000000000000
  memoryBytes: 1073741824
  hostBytes: 4294967296
  stdoutBytes: 67108864
`;
}
