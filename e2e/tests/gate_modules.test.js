// @ts-check
//! Modules of a request: opened, picked, given settings and rules, moved, switched off; and what comes of that.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { journey } from "../pages/journey.js";
import { SITE } from "../site/server.js";

/** @param {string} name A guest of the examples. */
const guest = (name) => ({ name: `${name}.wasm`, bytes: readFileSync(join(SITE, "examples", `${name}.wasm`)) });

journey("a policy that is dropped begins a request, and others join the chain that they are for", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.drop(guest("no-privileged"));
  await page.gate.getByText("no-privileged").waitFor();
  assert.match(await page.verdictAfter(), /passes the gate \(1 module asked/);

  await page.drop(guest("magic-authz"));
  await page.gate.getByText("magic-authz").waitFor();
  const names = await page.gate.getByRole("button").evaluateAll((all) => all.map((it) => it.getAttribute("aria-label")));
  assert.deepEqual(names, ["Step 1 magic-authz authz", "Step 2 no-privileged validating"]);
  await page.undo.click();
  await page.undo.click();
  await page.pipeline.waitFor();
});

journey("settings, phase and rules of a module decide", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  await page.show("Settings");
  await page.settings.fill("except: [registry.example/shop/web:1.4]\n");
  assert.match(await page.verdictAfter(), /passes the gate/);

  await page.settings.fill("");
  await page.page.getByText(/^When it is asked/).click();
  const operations = page.page.getByLabel("Asked for operations, row 1");
  await operations.fill("DELETE");
  await operations.press("Tab");
  assert.match(await page.verdictAfter(), /no module was asked/);
  const gate = await page.show("Gate");
  await gate.getByText("skipped", { exact: true }).waitFor();

  await page.undo.click();
  await page.page.getByRole("button", { name: "Switch off" }).click();
  assert.match(await page.verdictAfter(), /no module was asked/);
});

journey("an upstream configuration file becomes the chain", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  const text = `apiVersion: apiserver.config.k8s.io/v1
kind: AdmissionConfiguration
plugins:
- name: WASM
  configuration:
    modules:
    - module: /etc/kubernetes/wasm/magic-validator.wasm
      rules:
      - operations: ["CREATE"]
        apiGroups: [""]
        apiVersions: ["v1"]
        resources: ["configmaps"]
`;
  await page.drop({ name: "admission.yaml", bytes: text });
  await page.gate.getByText("magic-validator").waitFor();
  assert.match(await page.verdictAfter(), /open the file|cannot read/);
  await page.drop(guest("magic-validator"));
  await page.page.getByRole("tabpanel", { name: "Module" }).getByText("k8s-wasm module").waitFor();
  await page.show("Request");
  await page.page.getByLabel("Template").selectOption("ConfigMap");
  assert.match(await page.verdictAfter(), /passes the gate \(1 module asked/);
});
