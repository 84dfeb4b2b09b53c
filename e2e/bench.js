// @ts-check
//! Prints what the page costs, as measured in Chromium, one figure a line: `npm run bench`.
//! Refuses to fail on a slow machine: it asserts nothing. Run it with nothing else running.

import { cold } from "./bench/cold.js";
import { machines } from "./bench/machines.js";
import { many } from "./bench/many.js";
import { policies } from "./bench/policies.js";
import { session } from "./bench/session.js";
import { launch } from "./site/browser.js";
import { serve } from "./site/server.js";

/** The figures by name; `npm run bench -- cold` makes only that one. */
const ALL = { cold, many, session, machines, policies };

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in ALL));
if (unknown.length > 0) {
  throw new Error(`there is no figure ${unknown.join(", ")}: there are ${Object.keys(ALL).join(", ")}`);
}
const site = await serve();
const browser = await launch(["--enable-precise-memory-info"]);
try {
  console.log(`Chromium ${browser.version()}`);
  for (const [name, figure] of Object.entries(ALL)) {
    if (wanted.length === 0 || wanted.includes(name)) {
      for (const [what, value] of await figure({ browser, site })) {
        console.log(`${what.padEnd(84)} ${value}`);
      }
    }
  }
} finally {
  await browser.close();
  await site.stop();
}
