// @ts-check
//! Serves the built page from 127.0.0.1 on a free port, as a plain static host does.
//! Refuses what such a host would not do either: no fallback page, nothing outside the folder, no caching.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The page as `trunk build` leaves it. `SITE` names another folder. */
export const SITE = process.env.SITE ?? fileURLToPath(new URL("../../dist", import.meta.url));

/** @type {Record<string, string>} */
const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".ttf": "font/ttf",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
  ".yaml": "application/yaml",
};

/**
 * A server that runs.
 * @typedef {object} Site
 * @property {string} origin Its origin, as in `http://127.0.0.1:40123`.
 * @property {() => Promise<void>} stop Ends it and all its connections. Can be called twice.
 * @property {(path: string, body: string) => void} add Serves one more text at a path, such as a bench page.
 */

/**
 * Starts a server.
 * @param {string} [root] The folder.
 * @returns {Promise<Site>}
 */
export async function serve(root = SITE) {
  await stat(join(root, "index.html")).catch(() => {
    throw new Error(`${root} holds no index.html: build the page first, with \`trunk build\` or \`cargo xtask serve\``);
  });
  /** @type {Map<string, string>} */
  const extra = new Map();
  const server = createServer((request, response) => {
    answer(root, extra, request.url ?? "/", response).catch(() => {
      response.writeHead(404, { "Content-Type": "text/plain" }).end("not found");
    });
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    add: (path, body) => extra.set(path, body),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve(undefined));
        server.closeAllConnections();
      }),
  };
}

/**
 * @param {string} root
 * @param {Map<string, string>} extra
 * @param {string} url
 * @param {import("node:http").ServerResponse} response
 */
async function answer(root, extra, url, response) {
  const asked = decodeURIComponent(new URL(url, "http://localhost").pathname);
  const path = asked.endsWith("/") ? `${asked}index.html` : asked;
  const headers = { "Content-Type": TYPES[extname(path)] ?? "application/octet-stream", "Cache-Control": "no-store" };
  const text = extra.get(path);
  if (text !== undefined) {
    response.writeHead(200, headers).end(text);
    return;
  }
  const file = normalize(join(root, path));
  if (!file.startsWith(normalize(root) + sep)) {
    throw new Error("outside of the folder");
  }
  const { size } = await stat(file);
  response.writeHead(200, { ...headers, "Content-Length": size });
  createReadStream(file).pipe(response);
}
