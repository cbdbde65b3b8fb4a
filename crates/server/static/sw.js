// @ts-check
// The companion's worker, for `/a/` only. It keeps one page that is the same for everybody, and the files of this
// build; a page of a signed-in person and an answer of the server are never kept.

/** @type {any} */
const worker = globalThis;
/** Set by the lines that the server puts in front. @type {{ cache: string, page: string, files: string[] }} */
const build = worker.keywardBuild;

worker.addEventListener("install", (/** @type {any} */ event) => {
  event.waitUntil(keep().then(() => worker.skipWaiting()));
});

worker.addEventListener("activate", (/** @type {any} */ event) => {
  event.waitUntil(forget().then(() => worker.clients.claim()));
});

worker.addEventListener("fetch", (/** @type {any} */ event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== worker.location.origin) return;
  if (build.files.includes(url.pathname)) event.respondWith(fromCache(request));
  else if (request.mode === "navigate" && url.pathname.startsWith("/a/")) event.respondWith(fromNetwork(request));
});

async function keep() {
  const cache = await caches.open(build.cache);
  await cache.addAll(build.files);
  // Asked for without cookies: nobody's name can be in it.
  await cache.add(new Request(build.page, { credentials: "omit" }));
}

/** What earlier builds kept. */
async function forget() {
  const names = await caches.keys();
  const old = names.filter((name) => name.startsWith("keyward-") && name !== build.cache);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** @param {Request} request */
async function fromCache(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** @param {Request} request */
async function fromNetwork(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(build.page)) ?? Response.error();
  }
}
