// Opens the page also without a network: with it, what waits to be sent, and the last messages.

const CACHE = "canteen-chat";
const PATIENCE = 4_000; // milliseconds until a page that was kept is better than a network that is too slow

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (url.pathname.startsWith("/chat/static/")) event.respondWith(file(event.request));
  else if (event.request.mode === "navigate" && /^\/chat\/([a-z0-9-]+\/)?$/.test(url.pathname)) {
    event.respondWith(page(event.request));
  }
});

// A file's version is part of its name: what is kept is never old.
async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

async function page(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  const live = fetch(request);
  if (!kept) return live;
  live.catch(() => {}); // it may fail long after the kept page was shown
  const late = new Promise((resolve) => setTimeout(() => resolve(kept), PATIENCE));
  try {
    const answer = await Promise.race([live, late]);
    return answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  }
}
