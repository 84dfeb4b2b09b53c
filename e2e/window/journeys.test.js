// @ts-check
//! The packaged window as a person meets it: it opens, runs on the compiling machine, keeps files where they are,
//! and reads a cluster that was chosen. A picture of each is kept in `artifacts`.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { cluster, TOKEN } from "./cluster.js";
import { until, Window } from "./driver.js";
import { contents, field, unpack } from "./package.js";

const run = promisify(execFile);

const ARTIFACTS = fileURLToPath(new URL("../artifacts", import.meta.url));
const VERDICT = '//*[@role="status" and @aria-label="Verdict"]';
const NOTICE = '//*[@role="alert" and @aria-label="Notice"]';

/** The keys of WebDriver that have no letter. */
const CONTROL = "\uE009";

const WORKSPACE = `drydock: 1
title: Kept in a file
modules:
- name: endless
  wat: (module (memory (export "memory") 1) (func (export "_start") (loop (br 0))))
pipeline:
  files:
  - path: a.yaml
    text: |
      apiVersion: v1
      kind: ConfigMap
      metadata:
        name: a
  steps:
  - module: endless
`;

/** @type {Awaited<ReturnType<typeof unpack>>} */
let packed;
/** @type {string} */
let home;

before(async () => {
  await mkdir(ARTIFACTS, { recursive: true });
  packed = await unpack();
  home = await mkdtemp(join(tmpdir(), "drydock-home-"));
});

after(async () => {
  await packed.remove();
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
});

/**
 * Walks through one window, and closes it whatever happens.
 * @param {(window: Window) => Promise<void>} walk
 * @param {Parameters<typeof Window.open>[1]} options
 */
async function through(walk, options) {
  const window = await Window.open(packed.window, options);
  try {
    await walk(window);
  } catch (error) {
    await window.picture(join(ARTIFACTS, "window-failed.png")).catch(() => undefined);
    throw error;
  } finally {
    await window.close();
  }
}

/**
 * A journey through one window.
 * @param {string} name
 * @param {(window: Window) => Promise<void>} walk
 * @param {() => Promise<{ args?: string[], env?: Record<string, string>, home?: string }>} [prepare]
 */
function journey(name, walk, prepare = async () => ({})) {
  test(name, { timeout: 180_000 }, async () => through(walk, await prepare()));
}

test("the package holds both programs, and how a desktop shows them", async () => {
  const paths = await contents();
  for (const path of ["/usr/bin/drydock", "/usr/bin/drydock-window", "/usr/share/applications/Drydock.desktop"]) {
    assert.ok(paths.includes(path), `${path} in ${paths.join(" ")}`);
  }
  assert.ok(paths.some((path) => /\/icons\/hicolor\/128x128\/apps\/.*\.png$/.test(path)), "an icon");
  assert.ok(paths.every((path) => path === "/" || `${path}/`.startsWith("/usr/")), "nothing elsewhere");
  assert.equal(await field("Package"), "drydock");
  assert.match(await field("Depends"), /libwebkit2gtk-4\.1-0/);
  assert.match((await run(packed.command, ["--version"])).stdout, /drydock \d/);
  assert.match((await run(packed.window, ["--version"])).stdout, /drydock-window \d/);
});

journey("an example runs on the compiling machine", async (window) => {
  await window.says(VERDICT, /press run/i);
  await until(async () => /\S – Drydock$/.test(await window.title()), "the example's title");
  await window.press("Run");
  await window.says(VERDICT, /3 functions finished, \d+ fields? changed in 2 of 2 files/);
  assert.match(await window.text("//footer"), /wasmtime/);
  assert.equal(await window.chosen("Cluster"), "No cluster");
  assert.equal(await window.script("return document.documentElement.dataset.theme"), "light");
  await window.settled();
  await window.picture(join(ARTIFACTS, "window-light.png"));
});

journey("the page reaches nothing but the window", async (window) => {
  /** @type {string[]} */
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(request.url ?? "");
    response.end("heard");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const elsewhere = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`;
  try {
    const tried = await window.later(`
      const [done, elsewhere] = [arguments[1], arguments[0]];
      const refused = async (act) => { try { await act(); return "done"; } catch { return "refused"; } };
      (async () => done({
        fetch: await refused(() => fetch(elsewhere)),
        eval: await refused(() => (0, eval)("1")),
        script: await refused(() => import(elsewhere + "x.js")),
        open: window.open(elsewhere) === null ? "refused" : "done",
        dialog: await refused(() => window.__TAURI__.core.invoke("plugin:dialog|open", { options: {} })),
        path: await refused(() => window.__TAURI__.core.invoke("plugin:path|resolve_directory", { directory: 1 })),
        listen: await refused(() => window.__TAURI__.event.listen("x", () => {})),
      }))();
    `, elsewhere);
    for (const [what, became] of Object.entries(tried)) {
      assert.equal(became, "refused", what);
    }
    await window.script("location.href = arguments[0]", elsewhere).catch(() => undefined);
    await window.press("Share");
    assert.equal(await window.script("return location.origin"), "tauri://localhost");
    assert.deepEqual(heard, []);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});

journey(
  "a file is opened, its endless guest is stopped, and it is saved where it stands",
  async (window) => {
    await until(async () => (await window.title()) === "Kept in a file – Drydock", "the title");
    await window.says(VERDICT, /press run/i);
    await window.press("Run");
    await window.press("Stop");
    await window.says(VERDICT, /stopped by you/i);
    await window.press("Workspace");
    await window.write("#workspace-title", "Renamed");
    await window.says("//footer", /drydock\.yaml has changes that are not saved/);
    await window.type([CONTROL, "s"]);
    await window.says("//footer", /Saved in drydock\.yaml/);
    assert.match(await readFile(join(home, "drydock.yaml"), "utf8"), /^title: Renamed$/m);
    await window.press("Gallery");
    await window.says('//*[@aria-label="Recent"]', /drydock\.yaml/);
  },
  async () => {
    await writeFile(join(home, "drydock.yaml"), WORKSPACE);
    return { args: [join(home, "drydock.yaml")], home };
  },
);

journey(
  "a link opens, and nothing of it runs",
  async (window) => {
    await window.find('//a[@href="#example/a-policy-in-starlark" and @aria-current="true"]');
    await window.says(VERDICT, /press run/i);
  },
  async () => ({ args: ["https://example.org/drydock/#example/a-policy-in-starlark"] }),
);

journey(
  "a request goes through the gate on the compiling machine",
  async (window) => {
    await window.find('//a[@href="#example/the-whole-gate" and @aria-current="true"]');
    await window.press("Run");
    await window.says(VERDICT, /passes the gate \(4 modules asked, 1 field changed\)/);
    await window.says('//ol[@aria-label="Lanes"]', /Storage/);
    await window.press("Gate");
    await window.says('//*[@role="tabpanel" and @id="panel-gate"]', /magic-validator/);
  },
  async () => ({ args: ["https://example.org/drydock/#example/the-whole-gate"] }),
);

/** @type {Awaited<ReturnType<typeof cluster>>} */
let server;

test("with a cluster", async (suite) => {
  const own = await mkdtemp(join(tmpdir(), "drydock-cluster-"));
  server = await cluster(own);
  const options = { home: own, env: { KUBECONFIG: server.kubeconfig, GTK_THEME: "Adwaita:dark" } };
  const within = async (/** @type {string} */ name, /** @type {(window: Window) => Promise<void>} */ walk) =>
    suite.test(name, { timeout: 180_000 }, () => through(walk, options));

  await within("nothing is asked before one is chosen, and one that is gone is said to be", async (window) => {
    await window.says(VERDICT, /press run/i);
    assert.equal(await window.chosen("Cluster"), "No cluster");
    await window.choose("Cluster", "gone");
    assert.match(await window.says(NOTICE, /127\.0\.0\.1:1/), /refused|reach/i);
    assert.equal(await window.chosen("Cluster"), "No cluster");
    assert.deepEqual(server.asked, []);
  });

  await within("a context is chosen, and its objects become files", async (window) => {
    await window.says(VERDICT, /press run/i);
    await window.choose("Cluster", "loopback");
    await window.press("Workspace");
    await window.press("Bring objects…");
    await window.write('dialog [aria-label="Kind"]', "cm");
    await window.write('dialog [aria-label="Namespace"]', "shop");
    await window.press("Bring");
    await window.find('//button[normalize-space()="shop/configmap-prices.yaml"]');
    assert.ok(server.asked.every((line) => line.startsWith("GET ")), server.asked.join(", "));
    assert.equal(await window.script("return document.documentElement.dataset.theme"), "dark");
    await window.press("Run");
    await window.says(VERDICT, /finished/);
    assert.ok(!(await window.script("return document.body.innerText")).includes(TOKEN));
    await window.settled();
    await window.picture(join(ARTIFACTS, "window-dark.png"));
  });

  await within("the workspace is still of that cluster when it is opened again", async (window) => {
    const before = server.asked.length;
    await until(async () => (await window.chosen("Cluster")) === "loopback", "the cluster from before");
    assert.equal(server.asked.length, before, "showing it asks nothing");
  });

  await server.stop();
  await rm(own, { recursive: true, force: true, maxRetries: 5 });
});
