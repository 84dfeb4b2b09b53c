//! A small Kubernetes for tests, in the form of the generated files.

import { readKinds } from "../src/schema/kubernetes.ts";
import { Kinds } from "../src/schema/library.ts";

export const KINDS = new Kinds(
  "1.99",
  readKinds({
    version: "1.99",
    kinds: [
      ["apps/v1", "Deployment", 0, "Runs pods."],
      ["v1", "Pod", 1, "Runs containers."],
      ["v1", "Event", 6, "Something happened."],
      ["events.k8s.io/v1", "Event", 6, "Something happened."],
    ],
    types: [
      { apiVersion: ["s", ""], kind: ["s", ""], metadata: ["2", "Its metadata.", 1], spec: ["3", "What is wanted."] },
      { apiVersion: ["s", ""], kind: ["s", ""], metadata: ["2", ""], spec: ["4", "What is wanted."] },
      { name: ["s", "Its name."], labels: ["{s", "Its labels."], annotations: ["{s", ""], creationTimestamp: ["t", ""] },
      { replicas: ["i", "How many."], paused: ["b", "Whether it waits."], template: ["1", "Its pods.", 1], selector: ["o", "", 1] },
      { containers: ["[5", "What runs.", 1], restartPolicy: ["s", "When.", 0, ["Always", "Never"]], args: ["[[s", ""] },
      {
        name: ["s", "", 1],
        image: ["s", ""],
        policy: ["s", "", 0, ["True", "False", "Unknown"]],
        modes: ["[s", "", 0, ["One", "Two"]],
        limits: ["{q", ""],
        port: ["x", ""],
      },
      { metadata: ["2", ""], reason: ["s", ""] },
    ],
  }),
);

/** A definition as people paste them. */
export const WIDGET = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: widgets.example.test
spec:
  group: example.test
  names: {kind: Widget, plural: widgets}
  scope: Namespaced
  versions:
  - name: v1
    served: true
    schema:
      openAPIV3Schema:
        description: A widget.
        type: object
        required: [spec]
        properties:
          spec:
            type: object
            description: |
              What is
              wanted.
            required: [size]
            properties:
              size: {type: string, enum: [small, large], description: Its size.}
              count: {type: integer}
              "on": {type: boolean}
              weight: {x-kubernetes-int-or-string: true}
              parts:
                type: array
                items: {type: object, properties: {part: {type: string}}}
              labels: {type: object, additionalProperties: {type: string}}
              free: {type: object, x-kubernetes-preserve-unknown-fields: true}
              loose:
                type: object
                x-kubernetes-preserve-unknown-fields: true
                properties: {known: {type: string}}
  - name: v2
    schema: {}
`;
