// @ts-check
//! Bad links: each is refused in a sentence, and what was open stays open.

import { deflateRawSync } from "node:zlib";
import { Control } from "../pages/control.js";
import { journey } from "../pages/journey.js";

/** @param {Buffer | string} inflated */
const link = (inflated) => `v1.${deflateRawSync(inflated).toString("base64url")}`;

/** Inflates to far more than a link may hold, from some 20,000 characters. */
const BOMB = link(Buffer.alloc(16 << 20, "a"));

journey("a bad link is refused with the reason, and changes nothing", async ({ page }) => {
  const control = new Control(page);
  await control.begin();
  const whole = (await page.link()).split("#")[1] ?? "";
  await page.page.keyboard.press("Escape");

  /** @type {[what: string, fragment: string, ...words: RegExp[]][]} */
  const bad = [
    ["cut", whole.slice(0, whole.length * 0.6), /link/i, /cut off or damaged/i],
    ["huge when inflated", BOMB, /link/i, /inflates to more than/i],
    ["from the future", "v9.AAAA", /link/i, /version 9/i],
    ["a workspace from the future", link("drydock: 2\nsomething: new\n"), /version 2/i],
    ["not base64", "v1.!!!", /link/i, /characters/i],
    ["no link at all", "<img src=x onerror=alert(1)>", /no Drydock link/i],
    ["an example with a path", "example/../../secret", /no example/i],
  ];
  for (const [what, fragment, ...words] of bad) {
    const open = async () => {
      await page.page.evaluate((hash) => {
        location.hash = hash;
      }, fragment);
      await page.notice.waitFor();
      const said = await page.notice.innerText();
      await page.page.getByRole("button", { name: "Close the notice" }).click();
      return said;
    };
    await control.survives(what, open, words);
  }
  control.check();
});

journey("a bad link in a fresh tab leaves a page that works", async ({ page }) => {
  await page.page.goto(`${page.origin}/#v9.AAAA`);
  await page.ready();
  await page.says(page.notice, /version 9/);
  await page.addFunction("noop");
  await page.verdictAfter();
});
