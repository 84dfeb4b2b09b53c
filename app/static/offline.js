//! Keeps the page for use without a network. What the network gives is newer and always wins; what it does not
//! give comes from what was kept. Only this page's own files are ever asked for.

const KEPT = "drydock-1";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Asks the network, and keeps a good answer. */
async function ask(request) {
  const answer = await fetch(request);
  if (answer.ok) {
    const kept = await caches.open(KEPT);
    await kept.put(request, answer.clone());
  }
  return answer;
}

async function answer(request) {
  try {
    return await ask(request);
  } catch (error) {
    const kept = await caches.match(request, { ignoreSearch: true });
    if (kept) {
      return kept;
    }
    throw error;
  }
}

self.addEventListener("fetch", (event) => {
  const mine = new URL(event.request.url).origin === self.location.origin;
  if (event.request.method === "GET" && mine) {
    event.respondWith(answer(event.request));
  }
});

/** How pages, scripts and style sheets name the files they need. */
const NAMES = [/(?:src|href)="([^"#:]+)"/g, /(?:from|import) ?['"](\.[^'"]+)['"]/g, /url\(["']?([^"')]+)["']?\)/g];

/** What a file names, as addresses of this page; files of other kinds name nothing. */
async function named(answer, url) {
  if (!/html|javascript|css/.test(answer.headers.get("content-type") ?? "")) {
    return [];
  }
  const text = await answer.text();
  const found = NAMES.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => new URL(match[1], url)));
  return found.filter(({ href }) => href.startsWith(self.registration.scope)).map(({ href }) => href);
}

/** Keeps a list of paths, and all that they name in turn. */
async function keep(paths) {
  const waiting = paths.map((path) => new URL(path, self.registration.scope).href);
  const seen = new Set();
  let first = true;
  while (waiting.length > 0) {
    const urls = waiting.splice(0).filter((url) => !seen.has(url) && seen.add(url));
    const answers = await Promise.all(urls.map((url) => ask(new Request(url))));
    // What is asked for must be there; a name that was found may be none.
    if (first && !answers.every(({ ok }) => ok)) {
      throw new Error("a file of the page is missing");
    }
    first = false;
    const lists = await Promise.all(answers.map((answer, index) => named(answer, urls[index])));
    waiting.push(...lists.flat());
  }
}

self.addEventListener("message", (event) => {
  const work = keep(event.data.keep).then(
    () => event.source.postMessage("kept"),
    // Offline is a promise that is not made then; the page works all the same.
    () => undefined,
  );
  event.waitUntil(work);
});
