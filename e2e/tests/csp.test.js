// @ts-check
//! The page's policy is exactly this one, and a whole session stays within it and within its origin.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ECHOES } from "../guests/wat.js";
import { journey } from "../pages/journey.js";
import { SITE } from "../site/server.js";

/** What the page may do. A change here is a change of what the README promises. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

journey("the built page carries the strict policy, before anything that loads", async ({ page }) => {
  const html = readFileSync(join(SITE, "index.html"), "utf8");
  const found = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(html);
  assert.equal(found?.[1], POLICY);
  const loads = html.search(/<(link|script|style|img)\b/);
  assert.ok((found?.index ?? Infinity) < loads, "the policy stands before the first thing that loads");
  assert.doesNotMatch(html, /<script(?![^>]*\bsrc=)[^>]*>/, "no inline script");
  assert.doesNotMatch(html, /\b(?:src|href)="(?:https?:)?\/\//, "no address of another origin");
  await page.open();
});

journey("a session breaks no policy and asks no other origin", async ({ page, context }) => {
  /** @type {string[]} */
  const asked = [];
  context.on("request", (request) => asked.push(request.url()));
  await page.page.addInitScript(() => {
    const broken = /** @type {string[]} */ ([]);
    Object.assign(window, { broken });
    document.addEventListener("securitypolicyviolation", (event) => {
      broken.push(`${event.violatedDirective}: ${event.blockedURI}`);
    });
  });
  await page.open();
  await page.verdictAfter();
  for (const tab of ["Output", "Diff", "Results", "Logs", "Cost", "Module", "Workspace", "Configuration"]) {
    await page.show(tab);
  }
  await page.openModules({ name: "echo.wat", bytes: ECHOES });
  await page.verdictAfter();
  await page.link();
  await page.page.keyboard.press("Escape");
  await page.page.getByRole("button", { name: "Dark colours" }).click();
  await page.says(page.footer, "Ready offline");

  // @ts-expect-error put there above
  assert.deepEqual(await page.page.evaluate(() => window.broken), []);
  assert.ok(asked.some((url) => url.endsWith(".wasm")), "requests were seen");
  assert.deepEqual(asked.filter((url) => !url.startsWith(`${page.origin}/`) && !url.startsWith("blob:")), []);
});

journey("the policy bites: a request to another origin is refused", async ({ page, allow }) => {
  allow(/Content Security Policy|violates|Failed to load/);
  await page.open();
  const outcome = await page.page.evaluate(() =>
    fetch("http://127.0.0.1:9/").then(
      () => "answered",
      () => "refused",
    ),
  );
  assert.equal(outcome, "refused");
});
