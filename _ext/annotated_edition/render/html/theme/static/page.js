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

/** Copy a citation of this page, or of the popover's passage. */
async function copyCitation(button) {
  const { text, bibtex, url } = document.querySelector("main").dataset;
  const id = document.getElementById("peek")?.dataset.passage;
  const address = (url || location.href.split("#")[0]) + (id ? `#${id}` : "");
  const pattern = { text, bibtex, url: "{url}" }[button.dataset.copy];
  const label = id ? `¶${id.slice(1)}` : "";
  const words = button.textContent;
  await navigator.clipboard.writeText(
    pattern.replaceAll("{passage}", label).replaceAll("{id}", id ?? "").replaceAll("{url}", address),
  );
  // What shrank or grew would move its neighbours from under the pointer.
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = button.dataset.done;
  button.addEventListener("blur", () => { button.textContent = words; }, { once: true });
}

document.addEventListener("click", ({ target }) => {
  if (target.closest(".scheme")) changeScheme();
  const button = target.closest("[data-copy]");
  if (button) copyCitation(button);
});
