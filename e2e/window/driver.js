// @ts-check
//! The packaged window, driven over WebDriver: WebKitWebDriver starts it, plain HTTP asks it.
//! Refuses to know the page: it finds by role-like selectors that a journey gives, and judges nothing.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** How long anything may take that should take a moment, in milliseconds. */
const PATIENCE = 60_000;

/** How often what is waited for is looked at, in milliseconds. */
const PAUSE = 100;

/** Under which name the protocol hands elements over. */
const ELEMENT = "element-6066-11e4-a52e-4f735466cecf";

/**
 * Ends what is left of a group. A window that did not hear its driver would stay, and hold the streams that the test
 * runner waits for.
 * @param {number | undefined} leader
 */
function endGroup(leader) {
  if (leader === undefined) return;
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left.
  }
}

export class Window {
  /**
   * @param {string} base The session's address.
   * @param {() => Promise<void>} end
   */
  constructor(base, end) {
    this.base = base;
    this.end = end;
  }

  /**
   * Opens the window, in a home of its own unless one is given.
   * @param {string} program
   * @param {{ args?: string[], env?: Record<string, string>, home?: string }} [options]
   */
  static async open(program, { args = [], env = {}, home } = {}) {
    const own = home ?? (await mkdtemp(join(tmpdir(), "drydock-window-")));
    const port = await freePort();
    const homes = { HOME: own, XDG_CONFIG_HOME: join(own, "config"), XDG_DATA_HOME: join(own, "data"), XDG_CACHE_HOME: join(own, "cache") };
    const rendering = { WEBKIT_DISABLE_COMPOSITING_MODE: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1", LIBGL_ALWAYS_SOFTWARE: "1" };
    const sandbox = process.getuid?.() === 0 ? { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1" } : {};
    const driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], {
      env: { ...process.env, ...homes, ...rendering, ...sandbox, TAURI_WEBVIEW_AUTOMATION: "true", KUBECONFIG: join(own, "none"), ...env },
      stdio: ["ignore", "inherit", "inherit"],
      // A group of its own, with the window that it starts.
      detached: true,
    });
    const end = async () => {
      driver.kill();
      await once(driver, "exit").catch(() => undefined);
      endGroup(driver.pid);
      if (!home) await rm(own, { recursive: true, force: true, maxRetries: 5 });
    };
    try {
      const root = `http://127.0.0.1:${port}`;
      await until(async () => (await ask(`${root}/status`)).ready, "the driver to be ready");
      const browser = { "webkitgtk:browserOptions": { binary: program, args } };
      const { sessionId } = await ask(`${root}/session`, { capabilities: { alwaysMatch: browser } });
      return new Window(`${root}/session/${sessionId}`, end);
    } catch (error) {
      await end();
      throw error;
    }
  }

  /** Closes the window and its driver. */
  async close() {
    await ask(this.base, undefined, "DELETE").catch(() => undefined);
    await this.end();
  }

  /**
   * Runs a function's body in the page.
   * @param {string} script
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  script(script, ...args) {
    return ask(`${this.base}/execute/sync`, { script, args });
  }

  /**
   * Runs a function's body in the page, whose last argument takes the answer.
   * @param {string} script
   * @param {unknown[]} args
   * @returns {Promise<any>}
   */
  later(script, ...args) {
    return ask(`${this.base}/execute/async`, { script, args });
  }

  /** Waits until fonts are there and nothing moves. */
  async settled() {
    await this.later("const [done] = arguments; document.fonts.ready.then(() => requestAnimationFrame(() => setTimeout(done, 300)))");
  }

  /**
   * The element that an XPath names, once there is one.
   * @param {string} xpath
   */
  async find(xpath) {
    /** @type {string | undefined} */
    let id;
    await until(async () => {
      const found = await ask(`${this.base}/elements`, { using: "xpath", value: xpath });
      id = found[0]?.[ELEMENT];
      return id !== undefined;
    }, xpath);
    return `${this.base}/element/${id}`;
  }

  /** @param {string} name A button's words. */
  async press(name) {
    await ask(`${await this.find(`//button[normalize-space()="${name}" and not(@disabled)]`)}/click`, {});
  }

  /** @param {string} xpath */
  async text(xpath) {
    return String(await ask(`${await this.find(xpath)}/text`));
  }

  /**
   * Waits until an element says what matches, and gives its words.
   * @param {string} xpath
   * @param {RegExp} words
   */
  async says(xpath, words) {
    let said = "";
    await until(async () => words.test((said = await this.text(xpath))), () => `${xpath} to say ${words}; it says: ${said}`);
    return said;
  }

  /**
   * Chooses an option of a `<select>`, as a person's choice reaches the page.
   * @param {string} label
   * @param {string} option
   */
  async choose(label, option) {
    await ask(`${await this.find(`//select[@aria-label="${label}"]/option[normalize-space()="${option}"]`)}/click`, {});
  }

  /** @param {string} label */
  chosen(label) {
    return this.script(`const select = document.querySelector('select[aria-label="${label}"]'); return select?.selectedOptions[0]?.textContent?.trim();`);
  }

  /** The words of the window's title, as the page gives it. */
  title() {
    return this.script("return document.title");
  }

  /**
   * Writes into a field, and leaves it.
   * @param {string} selector
   * @param {string} words
   */
  async write(selector, words) {
    await this.script(
      `const [selector, words] = arguments;
      const field = document.querySelector(selector);
      field.focus();
      field.value = words;
      for (const name of ["input", "change"]) field.dispatchEvent(new Event(name, { bubbles: true }));`,
      selector,
      words,
    );
  }

  /**
   * Presses keys together.
   * @param {string[]} keys As WebDriver spells them.
   */
  async type(keys) {
    const actions = keys.map((value) => ({ type: "keyDown", value }));
    const release = [...keys].reverse().map((value) => ({ type: "keyUp", value }));
    await ask(`${this.base}/actions`, { actions: [{ type: "key", id: "keys", actions: [...actions, ...release] }] });
  }

  /**
   * Keeps a picture of the window.
   * @param {string} file
   */
  async picture(file) {
    await writeFile(file, Buffer.from(await ask(`${this.base}/screenshot`), "base64"));
  }
}

/**
 * Waits until something is so.
 * @param {() => Promise<boolean>} isSo
 * @param {string | (() => string)} what
 */
export async function until(isSo, what) {
  const end = Date.now() + PATIENCE;
  /** @type {unknown} */
  let last;
  while (Date.now() < end) {
    try {
      if (await isSo()) return;
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  throw new Error(`waited ${PATIENCE / 1000} s for ${typeof what === "string" ? what : what()}`, { cause: last });
}

/**
 * @param {string} address
 * @param {unknown} [body]
 * @param {string} [method]
 * @returns {Promise<any>}
 */
async function ask(address, body, method = body === undefined ? "GET" : "POST") {
  const answer = await fetch(address, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const { value } = await answer.json();
  if (!answer.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
