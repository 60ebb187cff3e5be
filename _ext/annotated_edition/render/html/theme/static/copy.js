"use strict";
// page.js fetches this, and citation.js, when something is copied for the first time.

/** Copy a citation of this page, or of the popover's passage. */
async function copyCitation(button) {
  const { dataset } = document.querySelector("main");
  const kind = button.dataset.copy;
  const id = document.getElementById("peek")?.dataset.passage;
  // A path on somebody's disk is no address to cite.
  const local = location.protocol === "file:" && kind !== "url";
  const page = dataset.url || (local ? "" : location.href.split("#")[0]);
  const address = page && page + (id ? `#${id}` : "");
  let pattern = kind === "url" ? "{url}" : dataset[kind] ?? CITATION[kind];
  if (!address) pattern = withoutAddress(pattern);
  const label = id ? document.querySelector(`.passage-number[href="#${id}"]`)?.dataset.n ?? "" : "";
  const said = { passage: label, id: id ?? "", url: address };
  const text = pattern.replace(/\{(passage|id|url)\}/g, (_all, name) => said[name]);
  if (!await copied(text, button)) return;
  const words = button.textContent;
  // What shrank or grew would move its neighbours from under the pointer.
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = button.dataset.done;
  button.addEventListener("blur", () => { button.textContent = words; }, { once: true });
}

/** A citation's text, BibTeX, RIS or CSL-JSON without the place for an address. */
function withoutAddress(pattern) {
  return pattern.replace(/\n +url = \{\{url\}\},|\nUR {2}- \{url\}|,\n +"URL": "\{url\}"/, "").replace(". {url}", ".");
}

/** Whether *text* is in the clipboard; if not, it stands selected beside the button. */
async function copied(text, button) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* over plain http, or not allowed */ }
  const area = Object.assign(document.createElement("textarea"), { value: text, className: "to-copy", readOnly: true, rows: 6 });
  area.setAttribute("aria-label", CITATION.by_hand);
  const hint = Object.assign(document.createElement("span"), { textContent: CITATION.by_hand });
  Object.assign(area.style, { flex: "1 0 100%", width: "100%", boxSizing: "border-box" });
  for (const old of document.querySelectorAll(".to-copy, .to-copy + span")) old.remove();
  button.parentElement.append(area, hint);
  area.select();
  // The old way, which browsers still have.
  if (!document.execCommand("copy")) return false;
  // First: a focus that goes nowhere closes the popover.
  button.focus();
  area.remove();
  hint.remove();
  return true;
}
