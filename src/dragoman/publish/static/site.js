"use strict";
// Conveniences alone: every page works without this file. What a reader chooses here stays in
// the browser.
(() => {
  const recall = (name) => {
    try {
      return localStorage.getItem(name) || "";
    } catch {
      return "";
    }
  };
  const remember = (name, value) => {
    try {
      if (value) localStorage.setItem(name, value);
      else localStorage.removeItem(name);
    } catch {
      // storage is closed: the choice lasts for this page
    }
  };
  const all = (selector) => [...document.querySelectorAll(selector)];
  const one = (selector) => document.querySelector(selector);

  // Before anything is drawn, so that no page flashes.
  const paint = (theme) => {
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    else delete document.documentElement.dataset.theme;
  };
  paint(recall("theme"));

  const offerColours = () => {
    const choice = one("#colours");
    if (!choice) return;
    choice.value = recall("theme");
    choice.addEventListener("change", () => {
      remember("theme", choice.value);
      paint(choice.value);
    });
  };

  // Translation, original or both: as last time, unless the languages that are read decide.
  const offerShowing = () => {
    const options = all("input[name=show]");
    if (!options.length) return;
    const last = recall("show");
    const wanted = options.find((option) => option.id === last);
    if (wanted && !one("[data-original-first]")) wanted.checked = true;
    for (const option of options) {
      option.addEventListener("change", () => remember("show", option.id));
    }
  };
  const show = (id) => {
    const option = document.getElementById(id);
    if (!option) return;
    option.checked = true;
    option.dispatchEvent(new Event("change", { bubbles: true }));
  };

  // Keys
  let place = -1;
  const move = (step) => {
    const items = all("main .story, main .report, main .timeline li, main .body > .row");
    if (!items.length) return;
    const here = items.findIndex((item) => item.contains(document.activeElement));
    place = Math.min(Math.max((here < 0 ? place : here) + step, 0), items.length - 1);
    const item = items[place];
    const link = item.matches(".row") ? null : item.querySelector("h2 a, h3 a, h4 a, .what a");
    const target = link || item;
    if (!link) item.tabIndex = -1;
    target.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
  };
  const open = () => {
    const active = document.activeElement;
    const link = active && active.matches("main a[href]") ? active : one(".origin a");
    if (link) link.click();
  };
  const search = () => {
    const field = one("input[type=search]");
    if (field) field.focus();
    else one("a[rel=search]")?.click();
  };
  const actions = {
    j: () => move(1),
    k: () => move(-1),
    o: open,
    t: () => show(one("#show-translation")?.checked ? "show-original" : "show-translation"),
    b: () => show("show-both"),
    "/": search,
    "?": () => one("#keys")?.showModal(),
  };
  const press = (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.isComposing || recall("keys") === "off" || one("dialog[open]")) return;
    const field = event.target.closest?.("input:not([type=radio]), select, textarea, [contenteditable]");
    const action = Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (field || !action) return;
    event.preventDefault();
    action();
  };
  const offerKeys = () => {
    const dialog = one("#keys");
    if (!dialog) return;
    one("#keys-open").addEventListener("click", () => dialog.showModal());
    const box = one("#keys-on");
    box.checked = recall("keys") !== "off";
    box.addEventListener("change", () => remember("keys", box.checked ? "" : "off"));
    document.addEventListener("keydown", press);
  };

  // The last edition, to be read without a connection
  const keepEdition = async () => {
    if (!("serviceWorker" in navigator) || !isSecureContext) return;
    await navigator.serviceWorker.register("/worker.js");
    const links = all(".stories .story h2 a").map((link) => link.pathname);
    if (!links.length || navigator.connection?.saveData) return;
    const worker = (await navigator.serviceWorker.ready).active;
    worker?.postMessage([location.pathname, ...links]);
  };

  document.addEventListener("DOMContentLoaded", () => {
    for (const tool of all("[data-script]")) tool.hidden = false;
    offerColours();
    offerShowing();
    offerKeys();
  });
  addEventListener("load", () => keepEdition().catch(() => {}));
})();
