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

/** Keeps a list of paths, and what the page has loaded before this worker was there. */
async function keep(paths) {
  const kept = await caches.open(KEPT);
  const missing = [];
  for (const path of paths) {
    const url = new URL(path, self.registration.scope).href;
    if (!(await kept.match(url))) {
      missing.push(url);
    }
  }
  await Promise.all(missing.map((url) => ask(new Request(url))));
}

self.addEventListener("message", (event) => {
  const work = keep(event.data.keep).then(
    () => event.source.postMessage("kept"),
    // Offline is a promise that is not made then; the page works all the same.
    () => undefined,
  );
  event.waitUntil(work);
});
