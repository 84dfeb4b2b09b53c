// @ts-check
//! Policies are written in the page: CEL and Rego in the settings of a module, and run with every change.

import assert from "node:assert/strict";
import { opa } from "../guests/opa.js";
import { journey } from "../pages/journey.js";

journey("a CEL validation is edited, and each change is judged", async ({ page }) => {
  await page.openRequest("replicas-in-cel");
  assert.match(await page.verdictAfter(), /Denied by `cel`: .*at most 5 replicas, and not 12/);
  await page.show("Settings");
  const rule = (/** @type {string} */ expression) =>
    `validations:\n- expression: ${expression}\n  message: too many\n`;
  assert.match(await page.verdictAfter(() => page.settings.fill(rule("object.spec.replicas <= 12"))), /passes the gate/);
  assert.match(await page.verdictAfter(() => page.settings.fill(rule("object.spec.replicas < 12"))), /too many/);
  assert.match(await page.verdictAfter(() => page.settings.fill(rule("object.spec.replicas <== 12"))), /line 1, column/);
});

journey("Rego is edited, and each change is judged", async ({ page }) => {
  await page.openRequest("deny-rules-in-rego");
  assert.match(await page.verdictAfter(), /Denied by/);
  await page.show("Settings");
  const rule = (/** @type {string} */ body) =>
    `rego: |\n  package admission\n  deny contains "no" if ${body}\n`;
  assert.match(await page.verdictAfter(() => page.settings.fill(rule("1 == 2"))), /passes the gate/);
  assert.match(await page.verdictAfter(() => page.settings.fill(rule("input.request.operation == \"CREATE\""))), /: no/);
});

journey("a match condition decides whether a module is asked", async ({ page }) => {
  await page.openRequest("replicas-in-cel");
  await page.manual();
  await page.show("Settings");
  await page.page.getByText(/^When it is asked/).click();
  await page.page.getByRole("button", { name: "Add a match condition" }).click();
  await page.page.getByLabel("If name, row 1").fill("not-the-shop");
  await page.page.getByLabel("If name, row 1").press("Tab");
  await page.page.getByLabel("If CEL expression, row 1").fill("object.metadata.namespace != 'shop'");
  await page.page.getByLabel("If CEL expression, row 1").press("Tab");
  assert.match(await page.verdictAfter(), /no module was asked/);
  await page.page.getByLabel("If CEL expression, row 1").fill("object.metadata.namespace == 'shop'");
  await page.page.getByLabel("If CEL expression, row 1").press("Tab");
  assert.match(await page.verdictAfter(), /Denied by `cel`/);
});

journey("a policy that OPA compiled is asked", async ({ page }) => {
  await page.openRequest("no-privileged-pods");
  await page.manual();
  await page.drop(opa());
  await page.gate.getByText("opa").waitFor();
  assert.match(await page.verdictAfter(), /Denied by `no-privileged`/);
  await page.page.getByRole("button", { name: /^Step 1 no-privileged/ }).click();
  await page.page.getByRole("button", { name: "Switch off" }).click();
  assert.match(await page.verdictAfter(), /Denied by `opa`: .*OPA said no/);
});
