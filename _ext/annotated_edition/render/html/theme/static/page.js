"use strict";
// On every page, before it is painted: colours as chosen, and copying.

/** What the reader chose, remembered where the browser allows it. */
const memory = {
  get(key) {
    try { return JSON.parse(localStorage.getItem(`edition-${key}`)); } catch { return null; }
  },
  set(key, value) {
    try { localStorage.setItem(`edition-${key}`, JSON.stringify(value)); } catch { /* then not */ }
  },
};

const root = document.documentElement;
root.classList.add("js");

const chosen = memory.get("scheme");
if (chosen === "light" || chosen === "dark") root.dataset.scheme = chosen;

function changeScheme() {
  const dark = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.scheme = (root.dataset.scheme ?? dark) === "dark" ? "light" : "dark";
  memory.set("scheme", root.dataset.scheme);
}

{
  const { src } = document.currentScript;
  /** Scripts that most readers never need, loaded when first wanted. */
  const load = (...names) => Promise.all(names.map((name) => new Promise((done) => {
    const script = Object.assign(document.createElement("script"), { src: new URL(name, src), async: false, onload: done });
    document.head.append(script);
  })));

  let copying = null;
  document.addEventListener("click", ({ target }) => {
    if (target.closest(".scheme")) changeScheme();
    const button = target.closest("[data-copy]");
    if (button) (copying ??= load("citation.js", "copy.js")).then(() => copyCitation(button));
  });

  // What a citation names is shown when it is pointed at.
  const events = ["pointerover", "focusin"];
  const fetchSources = ({ target }) => {
    if (!target.closest?.(".bibtex-citation a")) return;
    for (const event of events) document.removeEventListener(event, fetchSources);
    load("sources.js", "place.js", "cite.js");
  };
  for (const event of events) document.addEventListener(event, fetchSources);
}
