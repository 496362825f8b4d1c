// Keeps a page on the telephone: everything is fetched before it is put to use, answered from the store, never half new.
const STORE = `${NAME}-${EDITION}`;

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(STORE).then((store) => store.addAll(KEPT.map((one) => new Request(one, { cache: "reload", credentials: "omit" })))).then(() => self.skipWaiting())
  );
});

self.addEventListener("activate", (event) => {
  const old = (name) => name.startsWith(`${NAME}-`) && name !== STORE;
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter(old).map((name) => caches.delete(name)))).then(() => self.clients.claim())
  );
});

self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== self.location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(page(event.request, address));
  else if (KEPT.includes(address.pathname)) event.respondWith(kept(address.pathname, event.request));
});

async function kept(name, request) {
  const store = await caches.open(STORE);
  return (await store.match(name)) || fetch(request);
}

// The page in the language asked for, else in the one it was opened in last.
async function page(request, address) {
  const asked = address.searchParams.get("lang");
  if (address.pathname !== ROOM || (asked && !KEPT.includes(`${ROOM}?lang=${asked}`))) return fetch(request);
  const store = await caches.open(STORE);
  const last = await store.match(`${ROOM}last-language`);
  const language = asked || (last && (await last.text())) || "zh";
  if (asked) await store.put(`${ROOM}last-language`, new Response(asked));
  return (await store.match(`${ROOM}?lang=${language}`)) || fetch(request);
}
