// @ts-check
//! A real Chromium: the one that `CHROMIUM` names, or that stands on the path.
//! Refuses to download a browser, and to let it reach any other host than this machine.

import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome"];

const ARGS = [
  // Automation runs as root in a container, where Chromium's own sandbox cannot start.
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A request to any other origin fails, and its message in the console fails the journey.
  "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
];

/** @returns {string} The browser's program. */
function program() {
  const named = process.env.CHROMIUM;
  const folders = (process.env.PATH ?? "").split(delimiter);
  const found = named ?? NAMES.flatMap((name) => folders.map((folder) => join(folder, name))).find(existsSync);
  if (!found) {
    throw new Error("there is no Chromium: install it, or set CHROMIUM to its program");
  }
  return found;
}

/**
 * Starts the browser.
 * @param {string[]} [more] Arguments besides the usual ones.
 */
export function launch(more = []) {
  return chromium.launch({ executablePath: program(), args: [...ARGS, ...more] });
}
