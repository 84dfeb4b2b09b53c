// @ts-check
//! The page promises to work without a network once it says so: the server goes away, and it does.

import assert from "node:assert/strict";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";

journey("after one visit the page starts, opens examples and runs them without its server", async ({
  page,
  site,
  allow,
}) => {
  await page.open();
  await page.says(page.footer, "Ready offline");
  await site.stop();
  // What the service worker asks the network for fails now, and the browser says so.
  allow(/ERR_CONNECTION_REFUSED|Failed to (fetch|load)|An unknown error occurred when fetching the script/);

  await page.page.reload();
  await page.ready();
  assert.match(await page.verdictAfter(), /3 functions finished/);

  await page.page.getByRole("navigation").getByRole("link", { name: /a policy in starlark/i }).click();
  await page.page.locator('a[href="#example/a-policy-in-starlark"][aria-current="true"]').waitFor();
  assert.doesNotMatch(await page.verdictAfter(), /could not be|cannot be loaded/);

  await page.page.getByRole("navigation").getByRole("link", { name: /images in use/i }).click();
  await page.page.locator('a[href="#example/images-in-use"][aria-current="true"]').waitFor();
  assert.match(await page.verdictAfter(), /finished/);
  await page.page.getByRole("navigation").getByRole("link", { name: /a policy in starlark/i }).click();
  await page.pipeline.waitFor();

  await page.openModules({ name: "echo.wat", bytes: ECHOES });
  assert.match(await page.verdictAfter(), /nothing changed/);

  await page.manifests.fill("apiVersion: v1\nkind: Pod\nspec:\n");
  await page.manifests.type("  restartPol");
  await page.manifests.accept("restartPolicy");
});
