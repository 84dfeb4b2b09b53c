// @ts-check
//! An API server for the window to read: HTTPS on loopback, just enough to be chosen and to give objects, and the
//! kubeconfig that leads to it.
//! Refuses whoever brings no token, and whatever is not read.

import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:https";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** What signs in. It is nobody's. */
export const TOKEN = "not-a-secret-but-not-to-be-shown";

/** @type {Record<string, unknown>} */
const ANSWERS = {
  "/version": { major: "1", minor: "33", gitVersion: "v1.33.0" },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [{ name: "configmaps", singularName: "configmap", kind: "ConfigMap", namespaced: true, verbs: ["get", "list"], shortNames: ["cm"] }],
  },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [] },
  "/api/v1/namespaces/shop/configmaps": {
    kind: "ConfigMapList",
    apiVersion: "v1",
    metadata: { resourceVersion: "1" },
    items: [
      { metadata: { name: "prices", namespace: "shop", uid: "1", resourceVersion: "7", managedFields: [] }, data: { apples: "3" } },
    ],
  },
};

/**
 * Starts a server, and writes a kubeconfig with the contexts `loopback`, which leads to it, and `gone`, which leads
 * nowhere.
 * @param {string} folder Where certificate and kubeconfig are put.
 */
export async function cluster(folder) {
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const subject = ["-subj", "/CN=loopback", "-addext", "subjectAltName=IP:127.0.0.1"];
  const usage = ["-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth"];
  await run("openssl", ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-keyout", key, "-out", cert, ...subject, ...usage]);
  /** @type {string[]} */
  const asked = [];
  const server = createServer({ key: await readFile(key), cert: await readFile(cert) }, (request, response) => {
    const path = (request.url ?? "").split("?")[0] ?? "";
    asked.push(`${request.method} ${path}`);
    const isKnown = request.headers.authorization === `Bearer ${TOKEN}`;
    const answer = isKnown && request.method === "GET" ? ANSWERS[path] : undefined;
    response.writeHead(answer ? 200 : isKnown ? 404 : 401, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer ?? { kind: "Status", status: "Failure", message: "no" }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const authority = (await readFile(cert)).toString("base64");
  const kubeconfig = join(folder, "kubeconfig");
  await writeFile(kubeconfig, config(port, authority));
  const stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve(undefined));
      server.closeAllConnections();
    });
  return { kubeconfig, asked, stop };
}

/**
 * @param {number} port
 * @param {string} authority
 */
function config(port, authority) {
  const cluster = (/** @type {string} */ name, /** @type {number} */ at) => ({
    name,
    cluster: { server: `https://127.0.0.1:${at}`, "certificate-authority-data": authority },
  });
  const context = (/** @type {string} */ name) => ({ name, context: { cluster: name, user: "tester", namespace: "shop" } });
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "gone",
    clusters: [cluster("loopback", port), cluster("gone", 1)],
    contexts: [context("loopback"), context("gone")],
    users: [{ name: "tester", user: { token: TOKEN } }],
  });
}
