// @ts-check
//! kubectl plugins in the page: what they print, what they ask, what they may, and what they would do with other answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { journey } from "../pages/journey.js";
import { SITE } from "../site/server.js";

journey("a kubectl plugin prints in colours, and every request that it makes is seen", async ({ page }) => {
  await page.openRequest("images-in-use");
  await page.manual();
  assert.match(await page.verdictAfter(), /finished/);
  const terminal = await page.show("Terminal");
  const screen = terminal.getByLabel("Terminal", { exact: true });
  assert.match(await screen.innerText(), /registry\.example\/web:1\.4/);
  const coloured = screen.getByText("registry.example/setup", { exact: false }).first();
  const [colour, plain] = [await coloured.evaluate(colourOf), await screen.evaluate(colourOf)];
  assert.notEqual(colour, plain);

  const calls = await page.show("Calls");
  const call = calls.getByRole("group").filter({ hasText: "GET /api/v1/namespaces/shop/pods" });
  await call.getByText("200", { exact: true }).click();
  assert.match(await call.getByLabel("Answer", { exact: true }).innerText(), /"kind": "PodList"/);
  await page.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await call.getByRole("button", { name: "Copy as curl" }).click();
  await page.notice.getByText("copied").waitFor();
  const copied = await page.page.evaluate(() => navigator.clipboard.readText());
  assert.match(copied, /^curl -X GET "\$SERVER"'\/api\/v1\/namespaces\/shop\/pods/);
});

journey("an answer that fails gives another verdict, and both stand side by side", async ({ page }) => {
  await page.openRequest("images-in-use");
  await page.manual();
  await page.verdictAfter();
  const calls = await page.show("Calls");
  await calls.getByRole("group").first().getByText("200", { exact: true }).click();
  await calls.getByRole("button", { name: "Fail with 503" }).click();
  assert.match(await page.verdictAfter(), /exit(ed| code)/);
  const report = page.page.getByRole("region", { name: "Report" });
  await report.getByText("With the answers as they are").waitFor();
  assert.match(await report.getByText("With the answers as they are").locator("..").innerText(), /finished/);
  const terminal = await page.show("Terminal");
  assert.match(await terminal.innerText(), /error: /);

  await page.page.getByText(/^What if the cluster answered otherwise: 1 changed answer/).click();
  await page.page.getByLabel("Answer to call lost: yes, row 1").fill("yes");
  await page.page.getByLabel("Answer to call lost: yes, row 1").press("Tab");
  assert.match(await page.verdictAfter(), /exit(ed| code)/);
  await page.page.getByRole("button", { name: "Remove Answer to call row 1" }).click();
  assert.match(await page.verdictAfter(), /finished/);
  assert.equal(await report.getByText("With the answers as they are").count(), 0);
});

journey("what a plugin may call is granted and denied one by one", async ({ page }) => {
  await page.openRequest("images-in-use");
  await page.manual();
  const grants = await page.show("Grants");
  await grants.getByText(/Directories: \/home\/me\. Variables: HOME\. Cluster: 1 file of objects\./).waitFor();
  await grants.getByRole("button", { name: "granted: wasi-outbound-http.request" }).click();
  assert.match(await page.verdictAfter(), /`wasi-outbound-http\.request` is denied by this run/);
  await (await page.show("Grants")).getByRole("button", { name: "denied: wasi-outbound-http.request" }).click();
  assert.match(await page.verdictAfter(), /finished/);

  const after = await page.show("Grants");
  assert.match(await after.getByLabel("The smallest role that would have been enough").innerText(), /kind: Role\n[^]*namespace: shop\n[^]*- pods\n[^]*- list/);
  await after.getByRole("button", { name: "Deny what was not called" }).click();
  assert.match(await page.verdictAfter(), /finished/);
});

journey("a plugin that is dropped gets a workspace of its own, with a kubeconfig and a cluster", async ({ page }) => {
  await page.open();
  await page.manual();
  const bytes = readFileSync(join(SITE, "examples", "kubectl-images.wasm"));
  await page.drop({ name: "kubectl-images.wasm", bytes });
  await page.page.getByRole("list", { name: "Plugin", exact: true }).getByText("kubectl-images").waitFor();
  assert.match(await page.verdictAfter(), /finished/);
  const terminal = await page.show("Terminal");
  assert.match(await terminal.innerText(), /registry\.example\/shop\/web:1\.4/);
  await page.field("Command line").fill("kubectl-images -n empty");
  await page.field("Command line").press("Tab");
  await page.verdictAfter();
  assert.match(await terminal.innerText(), /No pods in namespace empty/);
  await page.undo.click();
  await page.undo.click();
  await page.pipeline.waitFor();
});

/** @param {Element} element */
function colourOf(element) {
  return getComputedStyle(element).color;
}
