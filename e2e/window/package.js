// @ts-check
//! The package that people install: what is in it, and a copy of it unpacked.
//! Refuses to install it: a journey changes nothing of the machine that it runs on.

import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The Debian package. `cargo xtask test window` names it. */
const PACKAGE = process.env.DRYDOCK_PACKAGE ?? "";

/** The paths in the package. */
export async function contents() {
  const { stdout } = await run("dpkg-deb", ["--fsys-tarfile", PACKAGE], { encoding: "buffer", maxBuffer: 1 << 30 }).then(
    async ({ stdout: tar }) => {
      const list = run("tar", ["--list", "--file=-"]);
      list.child.stdin?.end(tar);
      return list;
    },
  );
  // As on the system: bundlers write them with and without a beginning and an ending.
  const lines = stdout.split("\n").filter((line) => line !== "");
  return lines.map((path) => `/${path.replace(/^\.?\/?|\/$/g, "")}`);
}

/**
 * A field of what the package says of itself.
 * @param {string} name
 */
export async function field(name) {
  return (await run("dpkg-deb", ["--field", PACKAGE, name])).stdout.trim();
}

/** Unpacks the package beside the system; `remove` throws the copy away. */
export async function unpack() {
  const folder = await mkdtemp(join(tmpdir(), "drydock-package-"));
  await run("dpkg-deb", ["--extract", PACKAGE, folder]);
  return {
    folder,
    window: join(folder, "usr/bin/drydock-window"),
    command: join(folder, "usr/bin/drydock"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
