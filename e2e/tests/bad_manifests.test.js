// @ts-check
//! Bad manifests and bad configurations: the verdict names the line, and the text stays as it was typed.

import { Control } from "../pages/control.js";
import { journey } from "../pages/journey.js";

const HEAD = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: bad\n";

/** A few hundred bytes that stand for a billion. */
const BOMB = [
  'a: &a ["x", "x", "x", "x", "x", "x", "x", "x", "x", "x"]',
  ...Array.from("bcdefghi", (letter, index) => {
    const before = `*${"abcdefgh"[index]}`;
    return `${letter}: &${letter} [${Array(10).fill(before).join(", ")}]`;
  }),
].join("\n");

/** @type {[what: string, text: string, ...words: RegExp[]][]} */
const BAD = [
  ["a tab", `${HEAD}data:\n\tkey: value\n`, /tab/i, /line 6|web\.yaml:6/],
  ["a duplicate key", `${HEAD}  name: again\n`, /name/, /duplicate|twice|again/i, /line 5|web\.yaml:5/],
  ["an alias bomb", `${HEAD}${BOMB}\n`, /alias/i, /line \d+/],
  ["100,000 levels", `${HEAD}data: ${"[".repeat(100_000)}\n`, /deep|nest|level/i, /line 5|web\.yaml:5/],
  ["a bracket that stays open", `${HEAD}data: {a: 1\n`, /line \d/],
  ["something that is no object", "just words\n", /web\.yaml|line 1/i],
];

journey("a bad manifest is named with its file and line, and stays as it was typed", async ({ page }) => {
  const control = new Control(page);
  await control.begin();
  for (const [what, text, ...words] of BAD) {
    const run = async () => {
      await page.manifests.fill(text);
      const said = await page.verdictAfter();
      const shown = await page.manifests.text();
      control.judge(shown.startsWith(text.slice(0, 60)), `${what}: the text that was typed has changed`);
      await control.restore();
      return said;
    };
    await control.survives(what, run, [/web\.yaml/, ...words]);
  }
  control.check();
});

journey("a bad configuration is named with its step and line", async ({ page }) => {
  const control = new Control(page);
  await control.begin();
  const run = async () => {
    await page.addFunction("set-namespace");
    await page.show("Configuration");
    await page.configuration.fill("apiVersion: v1\nkind: ConfigMap\ndata:\n\tnamespace: x\n");
    return page.verdictAfter();
  };
  await control.survives("a tab in a configuration", run, [/tab/i, /line 4/i, /set-namespace|step 2/i]);
  control.check();
});
