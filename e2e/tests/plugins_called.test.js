// @ts-check
//! Plugins that are called: a dashboard plugin's routes, its package and its storage, and the methods of a service.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { journey } from "../pages/journey.js";
import { SITE } from "../site/server.js";

journey("a dashboard plugin answers its routes, and a route that is listed can be asked", async ({ page }) => {
  await page.openRequest("a-dashboard-plugin");
  await page.manual();
  assert.match(await page.verdictAfter(), /was sent/);
  const answers = await page.show("Answers");
  const status = answers.getByRole("group").filter({ hasText: "GET /api/plugins/1/status" }).first();
  await status.getByText("200", { exact: true }).click();
  assert.match(await status.getByLabel("Body", { exact: true }).innerText(), /"status": "healthy"/);

  const route = answers.getByRole("group").filter({ hasText: "mounted" }).filter({ hasText: "/data" });
  await route.getByText("mounted", { exact: true }).click();
  await route.getByRole("button", { name: "Ask it" }).click();
  assert.equal(await page.page.getByLabel("Request path, row 4").inputValue(), "/api/plugins/1/data");

  await page.page.getByLabel("Request path, row 4").fill("/nowhere");
  await page.page.getByLabel("Request path, row 4").press("Tab");
  await page.verdictAfter();
  await answers.getByText("404", { exact: true }).waitFor();
});

journey("what a dashboard plugin stores is seen, edited and kept", async ({ page }) => {
  await page.openRequest("notes-that-are-kept");
  await page.manual();
  await page.verdictAfter();
  const answers = await page.show("Answers");
  const stored = answers.getByRole("group").filter({ hasText: "stored" }).first();
  await stored.getByText("stored", { exact: true }).click();
  await stored.getByRole("button", { name: "Keep all for the next run" }).click();
  const field = page.field("Stored before");
  const kept = await field.inputValue();
  assert.equal(typeof JSON.parse(kept), "object");
  assert.match(await page.verdictAfter(), /was sent/);
});

journey("a package is opened: its front end is listed, and its routes are asked", async ({ page }) => {
  await page.open();
  await page.manual();
  const manifest = `metadata: {name: monitor, version: 1.0.0, author: me}
spec:
  wasm: {file: monitor.wasm}
  backend:
    enabled: true
    routes:
    - {path: /status, methods: [GET], handler: handle_status}
`;
  const wasm = readFileSync(join(SITE, "examples", "cluster-monitor.wasm"));
  const files = { "plugin.yml": Buffer.from(manifest), "monitor.wasm": wasm, "frontend/dist/app.js": Buffer.from("alert(1)") };
  await page.drop({ name: "monitor.tar.gz", bytes: gzipSync(tar(files)) });
  await page.page.getByRole("list", { name: "Plugin", exact: true }).getByText("monitor").waitFor();
  await page.page.getByRole("button", { name: "Add a request" }).click();
  assert.match(await page.verdictAfter(), /was sent/);
  const answers = await page.show("Answers");
  await answers.getByText("frontend/dist/app.js").waitFor();
  await answers.getByText("200", { exact: true }).waitFor();

  await page.drop({ name: "evil.tar.gz", bytes: gzipSync(tar({ "plugin.yml": Buffer.from(manifest), "../monitor.wasm": wasm })) });
  await page.notice.getByText(/the package is refused/i).waitFor();
  await page.page.getByRole("list", { name: "Plugin", exact: true }).getByText("monitor").waitFor();
});

journey("a service is called with messages, and its errors are told", async ({ page }) => {
  await page.openRequest("a-value-of-a-config-map");
  await page.manual();
  assert.match(await page.verdictAfter(), /answered/);
  const answers = await page.show("Answers");
  const call = answers.getByRole("group").filter({ hasText: "returned" }).first();
  await call.getByText("returned", { exact: true }).click();
  assert.match(await call.getByLabel("Returned", { exact: true }).innerText(), /"data": "Data"/);
  const calls = await page.show("Calls");
  await calls.getByText("GET /api/v1/namespaces/default/configmaps/demo").waitFor();
  await calls.getByText(/env\.log/).first().waitFor();

  await page.page.getByLabel("Call message as JSON, row 1").fill('{"name": "absent", "namespace": "default"}');
  await page.page.getByLabel("Call message as JSON, row 1").press("Tab");
  assert.match(await page.verdictAfter(), /configmaps "absent" not found/);
});

/**
 * A tar archive.
 * @param {Record<string, Buffer>} files By their paths.
 */
function tar(files) {
  const blocks = Object.entries(files).flatMap(([name, bytes]) => {
    const header = Buffer.alloc(512);
    header.write(name, 0);
    header.write("0000644\0", 100);
    header.write("0000000\0", 108);
    header.write("0000000\0", 116);
    header.write(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    header.write("00000000000\0", 136);
    header.write("        ", 148);
    header.write("0", 156);
    header.write("ustar\x0000", 257);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
    return [header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}
