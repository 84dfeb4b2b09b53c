//! What is known of kinds: Kubernetes in the version that a person chose, and the definitions in the workspace.
//! It loads nothing before it is asked, and where nothing can be loaded it knows nothing: the editor works as ever.

import { Definitions } from "./definitions.ts";
import { type Compact, readKinds } from "./kubernetes.ts";
import type { Kind } from "./shape.ts";

/** Set by the bundler: the versions that were made, newest first. */
declare const KUBERNETES_VERSIONS: readonly string[];

/** Where the choice is kept, in the form of the page's other settings: JSON. */
const SETTING = "drydock.kubernetes";

/** The kinds of one version, and of the definitions beside it. */
export class Kinds {
  private readonly byName: Map<string, Kind>;
  private readonly definitions: Definitions;

  constructor(
    readonly version: string,
    private readonly own: readonly Kind[],
  ) {
    this.byName = new Map(own.map((one) => [nameOf(one.apiVersion, one.kind), one]));
    const some = own[0]?.shape;
    this.definitions = new Definitions(some?.is === "object" ? some.fields.get("metadata") : undefined);
  }

  /** A kind; null where it is not known. A definition wins over what Kubernetes brings. */
  find(apiVersion: string | null, kind: string | null, texts: readonly string[]): Kind | null {
    if (apiVersion === null || kind === null) return null;
    const defined = this.definitions.in(texts).find((one) => one.apiVersion === apiVersion && one.kind === kind);
    return defined ?? this.byName.get(nameOf(apiVersion, kind)) ?? null;
  }

  all(texts: readonly string[]): Kind[] {
    return [...this.definitions.in(texts), ...this.own];
  }
}

function nameOf(apiVersion: string, kind: string): string {
  return `${apiVersion} ${kind}`;
}

/** The versions to choose from, the chosen one, and its kinds once they are there. All editors of a page share it. */
class Library {
  readonly versions: readonly string[] = typeof KUBERNETES_VERSIONS === "undefined" ? [] : KUBERNETES_VERSIONS;
  private readonly heard = new Set<() => void>();
  private loading: { version: string; kinds: Promise<Kinds | null> } | null = null;
  private ready: Kinds | null = null;
  private chosen: unknown = read();

  /** The chosen version; the newest where none was chosen, or one that is not offered any more. */
  get version(): string {
    return this.versions.find((one) => one === this.chosen) ?? this.versions[0] ?? "";
  }

  /** Chooses a version and loads it. */
  choose(version: string): void {
    this.chosen = version;
    keep(version);
    void this.load();
  }

  /** The kinds when they are loaded; asks for nothing. */
  get loaded(): Kinds | null {
    return this.ready;
  }

  /** The kinds, loaded when nobody did before; null where they cannot be had. The next call tries again. */
  load(): Promise<Kinds | null> {
    const { version } = this;
    if (this.loading?.version === version) return this.loading.kinds;
    const kinds = this.fetch(version).catch(() => {
      if (this.loading?.version === version) this.loading = null;
      return null;
    });
    this.loading = { version, kinds };
    return kinds;
  }

  /** Calls `hear` whenever other kinds are there; gives what ends that. */
  listen(hear: () => void): () => void {
    this.heard.add(hear);
    return () => this.heard.delete(hear);
  }

  private async fetch(version: string): Promise<Kinds | null> {
    const name = version === this.versions[0] ? "newest" : version;
    const answer = await fetch(new URL(`schema/${name}.json`, import.meta.url));
    if (!answer.ok) throw new Error(`schema/${name}.json: ${answer.status}`);
    const kinds = new Kinds(version, readKinds((await answer.json()) as Compact));
    if (version === this.version) {
      this.ready = kinds;
      for (const hear of this.heard) hear();
    }
    return kinds;
  }
}

export const library = new Library();

function read(): unknown {
  try {
    return JSON.parse(localStorage.getItem(SETTING) ?? "null");
  } catch {
    // Refused storage, or another's value: the default.
    return null;
  }
}

function keep(version: string): void {
  try {
    localStorage.setItem(SETTING, JSON.stringify(version));
  } catch {
    // Storage may be refused; the choice holds until the page is left.
  }
}
