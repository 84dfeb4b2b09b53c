// @ts-check
//! Bad modules: each gets a sentence with its cause and place, the next run works, nothing typed is lost.

import { COMPONENT, PICTURE, truncated } from "../guests/binary.js";
import * as wat from "../guests/wat.js";
import { Control } from "../pages/control.js";
import { journey } from "../pages/journey.js";

/**
 * Opens each module, runs it, and looks at what is said.
 * @param {import("../pages/playground.js").Playground} page
 * @param {[name: string, bytes: Uint8Array | string, ...words: RegExp[]][]} modules
 */
async function meet(page, modules) {
  const control = new Control(page);
  await control.begin();
  for (const [name, bytes, ...words] of modules) {
    const run = async () => {
      await page.openModules({ name: `${name}.wasm`, bytes });
      return page.verdictAfter();
    };
    await control.survives(name, run, [new RegExp(`\`${name}\``), ...words]);
  }
  control.check();
}

journey("files that are no function are named with the reason", async ({ page }) => {
  await meet(page, [
    ["picture", PICTURE, /not (a )?(wasm|webassembly)|no (wasm|webassembly)/i],
    ["empty", new Uint8Array(), /empty|not (a )?(wasm|webassembly)|no (wasm|webassembly)/i],
    ["component", COMPONENT, /component/i],
    ["truncated", truncated("noop"), /ends|truncated|cut|unexpected end/i],
    ["unknown-kind", wat.UNKNOWN_KIND, /not a KRM function|no exported function/i, /_start/],
    ["unknown-import", wat.UNKNOWN_IMPORT, /env\.launch/],
    ["mistyped", "(module (func (export \"_start\") (i32.ad)))", /line 1|1:/i],
  ]);
});

journey("guests that run wild are ended with the reason", async ({ page }) => {
  await meet(page, [
    ["loops", wat.LOOPS, /step 1/i, /fuel|time/i],
    ["sleeps", wat.SLEEPS, /step 1/i, /sle(ep|pt)|time|wait/i],
    ["eats-memory", wat.EATS_MEMORY, /step 1/i, /memory/i],
    ["prints-1-gib", wat.PRINTS_1_GIB, /step 1/i, /stdout|output/i],
    ["recurses", wat.RECURSES, /step 1/i, /stack/i],
    ["exits", wat.EXITS, /step 1/i, /code 3/i],
    ["traps", wat.TRAPS, /step 1/i, /unreachable/i],
  ]);
});

journey("output that is no ResourceList is quoted with what was expected", async ({ page }) => {
  await meet(page, [
    ["other-kind", wat.prints("apiVersion: config.kubernetes.io/v1\nkind: ConfigMap\nitems: []\n"), /ConfigMap/, /ResourceList/],
    ["no-yaml", wat.prints("items: [\n\t%oops"), /line \d/i],
    ["prose", wat.prints("hello from the guest\n"), /hello from the guest/],
    ["binary", wat.prints("\u0000\u0001\u0002"), /output|stdout|print/i],
  ]);
});
