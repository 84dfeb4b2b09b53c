// @ts-check
//! A guest never ends: the person stops it, or a limit does, and the next run works.

import assert from "node:assert/strict";
import { ECHOES, LOOPS } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

/** @param {import("../pages/playground.js").Playground} page */
async function nextRunWorks(page) {
  await page.openModules({ name: "echo.wat", bytes: ECHOES });
  assert.match(await page.verdictAfter(), /1 function finished, nothing changed/);
}

journey("Stop ends a guest that loops", async ({ page }) => {
  await page.open();
  await page.manual();
  // With more fuel and time than it will use, only the person ends it.
  await page.limit("Fuel", 1_000_000);
  await page.limit("Time", 60);
  await page.openModules({ name: "runaway.wat", bytes: LOOPS });
  assert.ok(await page.stop.isDisabled(), "nothing runs yet");
  const words = await page.verdictAfter(async () => {
    await page.run.click();
    await page.page.getByRole("progressbar", { name: "Progress" }).waitFor();
    await page.stop.click();
  });
  assert.match(words, /step 1, `runaway`.*by you/i);
  await nextRunWorks(page);
});

journey("the time limit ends a guest that loops", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.limit("Fuel", 1_000_000);
  await page.limit("Time", 1);
  await page.openModules({ name: "runaway.wat", bytes: LOOPS });
  const words = await page.verdictAfter();
  assert.match(words, /step 1, `runaway`/i);
  assert.match(words, /time|1 s/i);
  await nextRunWorks(page);
});

journey("a module that is opened during a run is looked into after all when the engine was replaced", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.limit("Fuel", 1_000_000);
  await page.limit("Time", 60);
  await page.openModules({ name: "runaway.wat", bytes: LOOPS });
  const words = await page.verdictAfter(async () => {
    await page.run.click();
    await page.page.getByRole("progressbar", { name: "Progress" }).waitFor();
    await page.deafen();
    // What it is for is known once it was looked into, and so is where it goes.
    await page.drop({ name: "echo.wat", bytes: ECHOES });
    await page.stop.click();
  });
  assert.match(words, /by you: the engine did not end the run by itself/i);
  await page.pipeline.getByText("echo").first().waitFor();
  assert.match(await page.verdictAfter(), /1 function finished, nothing changed/);
});

journey("the fuel limit ends a guest that loops", async ({ page }) => {
  await page.open();
  await page.manual();
  await page.limit("Fuel", 10);
  await page.openModules({ name: "runaway.wat", bytes: LOOPS });
  assert.match(await page.verdictAfter(), /fuel/i);
  await nextRunWorks(page);
});
