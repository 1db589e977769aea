"use strict";
// Keeps the last edition, so that it can be read without a connection. Pages come from the
// network whenever there is one; nothing outside the editions is touched.
const FACTS = /* facts */ {};
const CACHE = `edition-${FACTS.version}`;
const MOST = 120; // pages

const isPage = (url) =>
  url.origin === location.origin &&
  !url.search &&
  FACTS.editions.some((code) => url.pathname.startsWith(`/${code}/`)) &&
  url.pathname.endsWith("/");

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(CACHE).then((cache) => cache.addAll(FACTS.files)).then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(
        names.filter((name) => name.startsWith("edition-") && name !== CACHE)
          .map((name) => caches.delete(name)),
      ))
      .then(() => self.clients.claim()),
  );
});

const keep = async (request, response) => {
  if (response.status !== 200 || response.redirected) return;
  const whole = new Response(await response.blob(), response); // lost half way: the old one stays
  const cache = await caches.open(CACHE);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, whole);
  const pages = (await cache.keys()).filter((one) => isPage(new URL(one.url)));
  for (const old of pages.slice(0, Math.max(0, pages.length - MOST))) {
    await cache.delete(old, { ignoreVary: true });
  }
};

const read = async (event) => {
  try {
    const response = await fetch(event.request);
    event.waitUntil(keep(event.request, response.clone()));
    return response;
  } catch (error) {
    const found = await caches.match(event.request, { ignoreVary: true });
    if (found) return found;
    throw error;
  }
};

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const url = new URL(request.url);
  if (isPage(url)) event.respondWith(read(event));
  else if (FACTS.files.includes(url.pathname) && url.origin === location.origin) {
    event.respondWith(caches.match(request).then((found) => found || fetch(request)));
  }
});

// A front page asks for its stories, one after the other.
self.addEventListener("message", (event) => {
  const wanted = Array.isArray(event.data) ? event.data.slice(0, 40) : [];
  const one = async (path) => {
    const url = new URL(path, location.origin);
    if (!isPage(url)) return;
    const request = new Request(url);
    try {
      await keep(request, await fetch(request));
    } catch {
      // no connection: what is kept stays
    }
  };
  event.waitUntil(wanted.reduce((done, path) => done.then(() => one(path)), Promise.resolve()));
});
