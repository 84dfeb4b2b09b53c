// @ts-check
//! Nothing typed is lost: not on a reload, not when an example is opened over it.

import assert from "node:assert/strict";
import { workspace } from "../guests/manifests.js";
import { journey } from "../pages/journey.js";

const MINE = "# mine\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mine\n";

journey("what was typed is there after a reload", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill(MINE);
  await page.says(page.footer, "Saved in this browser");
  await page.page.reload();
  await page.ready();
  await page.manifests.shows("# mine");
  assert.ok(!(await page.auto.isChecked()), "settings stay too");
  assert.match(await page.sentence(), /press run/i, "a reload runs nothing");
});

journey("large manifests are there after a reload, and go when others take their place", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.drop({ name: "drydock.yaml", bytes: workspace(300, "set-namespace") });
  await page.manifests.shows("name: app-0");
  await page.says(page.footer, "Saved in this browser");
  await page.page.reload();
  await page.ready();
  await page.manifests.shows("name: app-0");
  assert.match(await page.verdictAfter(), /1 function finished, 300 fields changed in 1 of 1 file/);
  await page.manifests.fill(MINE);
  await page.says(page.footer, "Saved in this browser");
  await page.page.reload();
  await page.ready();
  await page.manifests.shows("# mine");
});

journey("what was typed a moment before a reload is there too", async ({ page }) => {
  await page.open();
  await page.manifests.fill(MINE);
  await page.page.reload();
  await page.ready();
  await page.manifests.shows("# mine");
});

journey("an example that is opened over one's work is undone", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.manifests.fill(MINE);
  await page.page.getByRole("navigation").getByRole("link", { name: /one image/i }).click();
  await page.pipeline.getByText("set-image").waitFor();
  await page.undo.click();
  await page.pipeline.getByText("set-namespace").waitFor();
  assert.equal(await page.manifests.text(), MINE);
  await page.redo.click();
  await page.pipeline.getByText("set-image").waitFor();
});
