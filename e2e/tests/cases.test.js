// @ts-check
//! The cases of a workspace are checked in the page, and one that fails says why.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

/**
 * Checks the cases and gives the summary.
 * @param {import("../pages/playground.js").Playground} page
 */
async function check(page) {
  await page.show("Workspace");
  const cases = page.page.getByRole("region", { name: "Cases" });
  await cases.getByRole("button", { name: "Check cases" }).click();
  await cases.getByText("…", { exact: true }).first().waitFor({ state: "detached" });
  return page.says(cases.getByRole("status"), /hold$/);
}

for (const [example, count] of /** @type {const} */ ([
  ["one-namespace-one-label-set", 3],
  ["when-a-guest-misbehaves", 9],
  ["findings-with-fields", 0],
  ["write-a-function-here", 0],
])) {
  journey(`the cases of ${example} hold in the page`, async ({ page }) => {
    await page.openExample(example);
    const summary = await check(page);
    const [, holding, all] = /^(\d+) of (\d+) hold$/.exec(summary) ?? [];
    assert.equal(holding, all, summary);
    assert.ok(Number(all) >= Math.max(count, 1), summary);
  });
}

journey("a run is kept as a case, and a change that breaks it is explained", async ({ page }) => {
  await page.openExample("set-an-image");
  await page.manual();
  await page.verdictAfter();
  await page.show("Workspace");
  const cases = page.page.getByRole("region", { name: "Cases" });
  const rows = cases.getByRole("listitem");
  const before = await rows.count();
  await cases.getByRole("button", { name: "Keep as case" }).click();
  await rows.nth(before).waitFor();
  assert.equal(await check(page), `${before + 1} of ${before + 1} hold`);

  await page.steps.first().click();
  await page.configuration.fill("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata: {}\n");
  assert.notEqual(await check(page), `${before + 1} of ${before + 1} hold`);
  await rows.nth(before).getByText(/expected|instead|not/i).waitFor();
});
