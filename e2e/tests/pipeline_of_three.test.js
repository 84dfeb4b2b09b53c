// @ts-check
//! A person builds a pipeline: adds functions, orders them, switches one off, removes one, and takes it back.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

/** @param {string} data */
const config = (data) => `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: config\ndata:\n  ${data}\n`;

journey("three functions in a row, reordered, switched off and removed", async ({ page }) => {
  await page.openExample("set-an-image");
  await page.manual();
  await page.show("Configuration");
  await page.page.getByRole("button", { name: /^Remove step/ }).click();
  await page.manifests.field.waitFor({ state: "hidden" });
  assert.equal(await page.steps.count(), 0);

  for (const [guest, data] of [
    ["set-namespace", "namespace: shop"],
    ["set-labels", "tier: front"],
    ["set-annotations", "owner: ann"],
  ]) {
    await page.addFunction(guest ?? "");
    await page.show("Configuration");
    await page.steps.last().click();
    await page.configuration.fill(config(data ?? ""));
  }
  assert.deepEqual(await page.stepNames(), [
    "Step 1 set-namespace, mutator",
    "Step 2 set-labels, mutator",
    "Step 3 set-annotations, mutator",
  ]);
  assert.match(await page.verdictAfter(), /3 functions finished/);
  await page.show("Output");
  await page.output.shows("namespace: shop");
  await page.output.shows("tier: front");
  await page.output.shows("owner: ann");

  await page.page.getByRole("button", { name: "Earlier" }).click();
  assert.match((await page.stepNames())[1] ?? "", /set-annotations/);
  await page.configuration.shows("owner: ann");

  await page.page.getByRole("button", { name: "Switch off" }).click();
  await page.pipeline.getByRole("button", { name: /set-annotations off, mutator/ }).waitFor();
  assert.match(await page.verdictAfter(), /2 functions finished/);
  await page.output.shows("tier: front");
  assert.doesNotMatch(await page.output.text(), /owner: ann/);

  await page.page.getByRole("button", { name: "Remove step set-annotations" }).click();
  await page.steps.nth(2).waitFor({ state: "detached" });
  assert.match(await page.verdictAfter(), /2 functions finished/);

  await page.undo.click();
  await page.steps.nth(2).waitFor();
  assert.match((await page.stepNames())[1] ?? "", /set-annotations off, mutator/);
  await page.redo.click();
  await page.steps.nth(2).waitFor({ state: "detached" });
});

journey("what each step changed can be read step by step", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.verdictAfter();
  const diff = await page.show("Diff");
  await diff.getByRole("combobox", { name: "Step" }).selectOption({ label: "after step 2: set-labels" });
  await diff.getByRole("cell", { name: "shop" }).first().waitFor();
  await diff.getByText(/fields? changed by this step/).waitFor();
  await diff.getByRole("button", { name: "In one column" }).click();
  await diff.getByText("team: shop").first().waitFor();
});
