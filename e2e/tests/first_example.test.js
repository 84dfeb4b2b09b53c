// @ts-check
//! A person opens the page for the first time, picks an example, presses Run and reads what happened.

import assert from "node:assert/strict";
import { journey } from "../pages/journey.js";

journey("the first visit shows an example, and Run says what it did", async ({ page }) => {
  await page.open();
  assert.match(await page.sentence(), /press run/i, "nothing runs by itself");

  const words = await page.verdictAfter();
  assert.match(words, /3 functions finished, \d+ fields? changed in 2 of 2 files/);

  const diff = await page.show("Diff");
  await diff.getByText("namespace: prod").first().waitFor();
  const output = await page.show("Output");
  await output.getByLabel("Report file").selectOption({ index: 0 });
  await page.output.shows("namespace: prod # moves with the package");
  const results = await page.show("Results");
  await results.getByRole("cell", { name: /updated to "prod"/ }).waitFor();
  const cost = await page.show("Cost");
  assert.equal(await cost.getByRole("table").first().getByRole("row").count(), 4, "a head and three steps");
  const module = await page.show("Module");
  await module.getByText("wasi_snapshot_preview1.fd_read").waitFor();
});

journey("an example is found by searching and opened by its card", async ({ page }) => {
  await page.open();
  const cards = page.page.getByRole("navigation").getByRole("link");
  const all = await cards.count();
  assert.ok(all >= 12, `${all} examples`);
  await page.page.getByRole("searchbox", { name: "Search examples" }).fill("starlark policy");
  await cards.filter({ hasText: "Starlark" }).first().click();
  await page.page.waitForURL(/#example\/a-policy-in-starlark$/);
  assert.match(await page.verdictAfter(), /Step 1|finished/);

  await page.page.getByRole("searchbox", { name: "Search examples" }).fill("no such thing at all");
  await page.page.getByText("No example matches").waitFor();
});

journey("an address that names no example says so and changes nothing", async ({ page, allow }) => {
  allow(/404/);
  await page.open();
  await page.manifests.shows("The shop's front door");
  await page.page.goto(`${page.origin}/#example/no-such-thing`);
  const words = await page.says(page.notice, /no-such-thing/);
  assert.match(words, /example/);
  await page.manifests.shows("The shop's front door");
});
