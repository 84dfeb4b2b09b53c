// @ts-check
//! Kubewarden's policies: what they may read is granted, what they change is a diff, and a group decides together.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { journey } from "../pages/journey.js";
import { SITE } from "../site/server.js";

/** @param {string} expression Of the group. */
const grouped = (expression) => `drydock: 1
modules:
- {name: ingress-hosts, example: ingress-hosts}
request:
  object: |
    apiVersion: networking.k8s.io/v1
    kind: Ingress
    metadata: {name: web, namespace: bank}
    spec: {rules: [{host: shop.example}]}
  admission:
  - name: hosts
    rules: [{operations: [CREATE], apiGroups: [networking.k8s.io], apiVersions: [v1], resources: [ingresses]}]
    message: the host is taken
    expression: ${expression}
    policies:
      free:
        module: ingress-hosts
        contextAware: [{apiVersion: networking.k8s.io/v1, kind: Ingress}]
      shared:
        module: ingress-hosts
        settings: "shared: [shop.example]"
        contextAware: [{apiVersion: networking.k8s.io/v1, kind: Ingress}]
  objects:
  - path: shop.yaml
    text: |
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata: {name: web, namespace: shop}
      spec: {rules: [{host: shop.example}]}
`;

journey("a context-aware policy is answered by the cluster's objects, where its kinds are granted", async ({ page }) => {
  await page.openRequest("hosts-that-are-taken");
  await page.manual();
  assert.match(await page.verdictAfter(), /Denied by `ingress-hosts`: .*`shop\.example` belongs to Ingress shop\/web/);

  const module = await page.show("Module");
  await module.getByText(/protocol v1; it judges Kubernetes' requests, changes nothing/).waitFor();
  await module.getByText(/^reads networking\.k8s\.io\/v1\/Ingress$/m).waitFor();

  const cluster = await page.show("Cluster");
  await cluster.getByRole("button", { name: "shop.yaml" }).waitFor();
  await page.manifests.fill("apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n");
  assert.match(await page.verdictAfter(), /passes the gate/);

  await page.show("Settings");
  await page.page.getByText(/^What it may, as a Kubewarden policy: 1 grant$/).click();
  await page.field("May read kinds").fill("v1/Pod");
  await page.field("May read kinds").press("Tab");
  assert.match(await page.verdictAfter(), /has not been granted access to Kubernetes networking\.k8s\.io\/v1\/Ingress/);
});

journey("a mutating waPC policy's change is a diff, and a WASI policy in Go refuses", async ({ page }) => {
  await page.openRequest("pods-without-a-token");
  await page.manual();
  assert.match(await page.verdictAfter(), /changed/);
  const diff = await page.show("Diff");
  await diff.getByText("automountServiceAccountToken: false").first().waitFor();

  await page.openRequest("annotations-that-must-be-there");
  assert.match(await page.verdictAfter(), /Denied by `required-annotations`/);
});

journey("a policy that is dropped is asked what, and when, its metadata says", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  const bytes = readFileSync(join(SITE, "examples", "no-token-mount.wasm"));
  await page.drop({ name: "no-token-mount.wasm", bytes });
  await page.gate.getByRole("button", { name: "Step 1 no-token-mount mutating" }).waitFor();
  await page.show("Settings");
  await page.page.getByText("When it is asked: as its metadata says; without any, never").waitFor();
  await page.page.getByRole("button", { name: /no-privileged/ }).first().click();
  await page.page.getByRole("button", { name: "Switch off" }).click();
  assert.match(await page.verdictAfter(), /passes the gate \(1 module asked, 1 field changed\)/);
});

journey("a group of policies is written in the file, and decides by its expression", async ({ page }) => {
  await page.openRequest("hosts-that-are-taken");
  await page.manual();
  await page.show("File");
  await page.file.shows("Hosts that are taken");
  await page.file.fill(grouped("free() || shared()"));
  await page.gate.getByRole("button", { name: "Step 1 hosts validating" }).waitFor();
  assert.match(await page.verdictAfter(), /passes the gate/);

  await page.file.fill(grouped("free() && shared()"));
  assert.match(await page.verdictAfter(), /Denied by `hosts`: .*the host is taken/);

  await page.file.fill(grouped("free() ||"));
  assert.match(await page.verdictAfter(), /expression/);
  await page.file.fill("drydock: 1\nrequest: [\n");
  await page.page.getByText(/^Not taken over: /).waitFor();
  assert.match(await page.verdictAfter(), /expression/, "what cannot be read changes nothing");
});
