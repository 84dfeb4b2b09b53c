// @ts-check
//! What every journey stands on: one browser and one server for a file of tests, a fresh context for each test,
//! and the promises that hold on every page: no request to another origin, nothing wrong in the console.
//! Refuses to hide a failure: a picture of the page is kept in `artifacts`, and the messages are in the error.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { launch } from "../site/browser.js";
import { serve } from "../site/server.js";
import { Playground } from "./playground.js";

const ARTIFACTS = fileURLToPath(new URL("../artifacts", import.meta.url));

/** The longest that a journey may take, in milliseconds: a safety net for a busy machine, not a measure. */
const PATIENCE = 90_000;

/** The longest that a single wait may take, in milliseconds. */
const WAIT = 20_000;

/**
 * What a journey is given.
 * @typedef {object} Journey
 * @property {Playground} page A page that is not opened yet.
 * @property {import("playwright-core").BrowserContext} context Its context: storage, clipboard, settings.
 * @property {import("../site/server.js").Site} site The server.
 * @property {(options?: import("playwright-core").BrowserContextOptions) => Promise<Playground>} stranger
 *   A page in another fresh context: somebody else's browser.
 * @property {(pattern: RegExp) => void} allow Lets messages in the console pass that match.
 */

/** @type {import("playwright-core").Browser} */
let browser;
/** @type {import("../site/server.js").Site} */
let site;

before(async () => {
  [browser, site] = await Promise.all([launch(), serve()]);
});

after(async () => {
  await browser?.close();
  await site?.stop();
});

/**
 * A journey.
 * @param {string} name What holds, as a sentence.
 * @param {(journey: Journey) => Promise<void>} walk What is done and seen.
 * @param {import("playwright-core").BrowserContextOptions} [options] Of the browser's context.
 */
export function journey(name, walk, options = {}) {
  test(name, { timeout: PATIENCE }, async () => {
    const watch = new Watch();
    /** @type {import("playwright-core").BrowserContext[]} */
    const contexts = [];
    const open = async (/** @type {import("playwright-core").BrowserContextOptions} */ more = {}) => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options, ...more });
      context.setDefaultTimeout(WAIT);
      contexts.push(context);
      const page = await context.newPage();
      watch.follow(context, page, site.origin);
      return { context, page: new Playground(page, site.origin) };
    };
    try {
      const { context, page } = await open();
      /** @type {Journey["stranger"]} */
      const stranger = async (more) => (await open(more)).page;
      await walk({ page, context, site, stranger, allow: (pattern) => watch.allowed.push(pattern) });
      watch.check();
    } catch (error) {
      await keepPictures(contexts, name);
      const heard = watch.complaints();
      if (heard.length > 0 && error instanceof Error) {
        error.message += `\nthe browser said:\n${heard.join("\n")}`;
      }
      throw error;
    } finally {
      await Promise.all(contexts.map((context) => context.close()));
    }
  });
}

/** Hears what the browser says about a page, and where its requests go. */
class Watch {
  /** @type {string[]} */
  heard = [];
  /** @type {RegExp[]} */
  allowed = [];

  /**
   * @param {import("playwright-core").BrowserContext} context
   * @param {import("playwright-core").Page} page
   * @param {string} origin
   */
  follow(context, page, origin) {
    context.on("request", (request) => {
      const { protocol, origin: asked } = new URL(request.url());
      if (asked !== origin && !["blob:", "data:"].includes(protocol)) {
        this.heard.push(`request to another origin: ${request.url()}`);
      }
    });
    page.on("pageerror", (error) => this.heard.push(`page error: ${error.message}`));
    page.on("crash", () => this.heard.push("the page crashed"));
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) {
        this.heard.push(`console ${message.type()}: ${message.text()}`);
      }
    });
  }

  /** What was heard and not allowed. */
  complaints() {
    return this.heard.filter((words) => !this.allowed.some((pattern) => pattern.test(words)));
  }

  check() {
    assert.deepEqual(this.complaints(), [], "the browser had nothing to complain of");
  }
}

/**
 * @param {import("playwright-core").BrowserContext[]} contexts
 * @param {string} name
 */
async function keepPictures(contexts, name) {
  mkdirSync(ARTIFACTS, { recursive: true });
  const pages = contexts.flatMap((context) => context.pages());
  for (const [index, page] of pages.entries()) {
    const path = join(ARTIFACTS, `${name.replaceAll(/[^a-z0-9]+/gi, "-").slice(0, 60)}-${index + 1}.png`);
    // A page that has crashed has no picture; the failure itself is what counts.
    await page.screenshot({ path, timeout: 5_000 }).catch(() => undefined);
  }
}
