// @ts-check
//! A person brings a module of their own: a binary, text, one that says nothing, one that is dropped.

import assert from "node:assert/strict";
import { SILENT, built } from "../guests/binary.js";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

journey("an opened binary is looked into, runs, and is still there after a reload", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.openModules({ name: "mine.wasm", bytes: built("noop") });
  const module = await page.show("Module");
  await module.getByText("sha256:").waitFor();
  await module.getByText("wasi_snapshot_preview1.fd_read").waitFor();
  assert.deepEqual(await page.stepNames(), ["Step 1 mine, mutator"]);
  assert.match(await page.verdictAfter(), /1 function finished, nothing changed/);

  await page.says(page.footer, "Saved in this browser");
  await page.page.reload();
  await page.ready();
  await page.pipeline.getByText("mine").waitFor();
  assert.match(await page.verdictAfter(), /1 function finished, nothing changed/);
});

journey("WebAssembly text runs like a binary, and undo brings the old pipeline back", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.pipeline.getByText("set-namespace").waitFor();
  await page.drop({ name: "echo.wat", bytes: ECHOES });
  await page.pipeline.getByText("echo").waitFor();
  assert.match(await page.verdictAfter(), /nothing changed/);

  await page.undo.click();
  await page.pipeline.getByText("set-namespace").waitFor();
  assert.equal(await page.steps.count(), 3);
  assert.match(await page.verdictAfter(), /3 functions finished/);
});

journey("a function that prints nothing deletes nothing", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.openModules({ name: "silent.wasm", bytes: SILENT });
  const words = await page.verdictAfter();
  assert.match(words, /silent/);
  assert.match(words, /nothing|empty|no output/i);
  await page.manifests.shows("The shop's front door");
});
