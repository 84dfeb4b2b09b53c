// @ts-check
//! A function fails: the pipeline stops there, the verdict names it, and what it printed is kept.

import assert from "node:assert/strict";
import { EXITS } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

journey("the verdict names the step that failed, and the steps behind it do not run", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill(
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - name: nginx\n    image: nginx\n",
  );
  const words = await page.verdictAfter();
  assert.match(words, /step 3, `no-latest`/i);
  const results = await page.show("Results");
  await results.getByRole("cell", { name: /image "nginx" has no tag/ }).waitFor();
  await page.show("Output");
  assert.doesNotMatch(await page.output.text(), /namespace: prod/, "a failed pipeline writes nothing");
});

journey("what a failing function printed stands in the logs", async ({ page }) => {
  await page.openExample("when-a-guest-misbehaves");
  await page.manual();
  await page.steps.filter({ hasText: "loops" }).click();
  await page.page.getByRole("button", { name: "Switch off" }).click();
  await page.steps.filter({ hasText: "exits" }).click();
  await page.page.getByRole("button", { name: "Switch on" }).click();
  const words = await page.verdictAfter();
  assert.match(words, /step 6, `exits`, exited with code 3: the moon is in the wrong phase/i);
  const logs = page.page.getByRole("tabpanel", { name: "Logs" });
  await logs.getByText("the moon is in the wrong phase").last().waitFor();
});

journey("the steps behind a failed one are said not to be reached", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.openModules({ name: "exits.wat", bytes: EXITS });
  await page.addFunction("noop");
  assert.match(await page.verdictAfter(), /step 1, `exits`, exited with code 3/i);
  const cost = await page.show("Cost");
  await cost.getByText("not reached").waitFor();
});
