//! Builds what the page loads from here: the editor module, what it knows of Kubernetes, the fonts and their licences,
//! all into dist/. It fetches nothing, minifies without source maps, and knows nothing of the page's own build.

import { gzipSync } from "node:zlib";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { build } from "esbuild";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const DIST = join(HERE, "dist");
const BUILT = join(HERE, "built");
const MODULES = join(HERE, "node_modules");

/** The faces that look/tokens.css names; the latin subset of each, the rest falls back to the system's fonts. */
const FACES = [
  { family: "Inter Variable", weight: "100 900", package: "@fontsource-variable/inter", file: "inter-latin-wght-normal.woff2" },
  { family: "JetBrains Mono", weight: "400", package: "@fontsource/jetbrains-mono", file: "jetbrains-mono-latin-400-normal.woff2" },
  { family: "JetBrains Mono", weight: "600", package: "@fontsource/jetbrains-mono", file: "jetbrains-mono-latin-600-normal.woff2" },
];

/** What the module may weigh, gzipped: it was 179 kB with five languages and completion, and a jump should be noticed. */
const MOST_GZIP = 195_000;

/** What must not be in the module: other origins, code from text, and markup from text. SVG's name is no address. */
const FORBIDDEN = [/https?:\/\/(?!www\.w3\.org\/)[\w.]+/, /\beval\(/, /new Function\b/, /\bimport\(/, /\.innerHTML\b/, /insertAdjacentHTML/];

/** Throws when the built module breaks one of the rules above; returns its gzipped size in bytes. */
function checkEditor(bytes) {
  const text = bytes.toString("utf8");
  for (const rule of FORBIDDEN) {
    const found = rule.exec(text);
    if (found) throw new Error(`dist/editor.js contains \`${found[0]}\`, which the page must not have: remove the import that brought it`);
  }
  const size = gzipSync(bytes, { level: 9 }).length;
  if (size > MOST_GZIP) throw new Error(`dist/editor.js is ${size} bytes gzipped, more than ${MOST_GZIP}: drop a dependency, or raise MOST_GZIP and say why`);
  return size;
}

/** The versions of Kubernetes in built/, newest first. */
function kubernetesVersions() {
  try {
    return JSON.parse(readFileSync(join(BUILT, "index.json"), "utf8"));
  } catch (cause) {
    throw new Error("app/editor/built has no schemas of Kubernetes: `cargo xtask test editor` makes them", { cause });
  }
}

/** Copies the schemas. The newest has a name that stays, so that the page can ask for it to be kept. */
function copySchemas(versions) {
  mkdirSync(join(DIST, "schema"), { recursive: true });
  for (const [index, version] of versions.entries()) {
    copyFileSync(join(BUILT, `${version}.json`), join(DIST, "schema", index === 0 ? "newest.json" : `${version}.json`));
  }
}

/** Bundles src/index.ts and returns the names of the packages that went in. */
async function buildEditor(versions) {
  const result = await build({
    absWorkingDir: HERE,
    entryPoints: ["src/index.ts"],
    outfile: "dist/editor.js",
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    define: { KUBERNETES_VERSIONS: JSON.stringify(versions) },
    metafile: true,
    logLevel: "warning",
  });
  const packages = new Set();
  for (const input of Object.keys(result.metafile.inputs)) {
    const name = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];
    if (name) packages.add(name);
  }
  return [...packages].sort();
}

/** Copies the fonts and writes the rules that name them, with addresses relative to dist/fonts.css. */
function buildFonts() {
  mkdirSync(join(DIST, "fonts"), { recursive: true });
  const rules = FACES.map((face) => {
    copyFileSync(join(MODULES, face.package, "files", face.file), join(DIST, "fonts", face.file));
    return `@font-face { font-family: "${face.family}"; font-style: normal; font-weight: ${face.weight}; font-display: swap; src: url("fonts/${face.file}") format("woff2"); }`;
  });
  writeFileSync(join(DIST, "fonts.css"), rules.join("\n") + "\n");
  return [...new Set(FACES.map((face) => face.package))];
}

/** Writes the licences of everything that is copied or bundled, as they ask for. */
function writeLicences(packages) {
  const files = packages.map((name) => [name, join(MODULES, name, "LICENSE")]);
  files.push(["k8s-openapi, which the schemas of Kubernetes are made from", join(BUILT, "k8s-openapi-LICENSE")]);
  const texts = files.map(([name, path]) => `${name}\n\n${readFileSync(path, "utf8").trim()}\n`);
  writeFileSync(join(DIST, "licences.txt"), texts.join("\n----\n\n"));
}

rmSync(DIST, { recursive: true, force: true });
const versions = kubernetesVersions();
copySchemas(versions);
const bundled = await buildEditor(versions);
const fonts = buildFonts();
writeLicences([...bundled, ...fonts]);
const bytes = readFileSync(join(DIST, "editor.js"));
console.log(`dist/editor.js: ${bytes.length} bytes, ${checkEditor(bytes)} gzip; ${FACES.length} fonts; Kubernetes ${versions.join(", ")}`);
