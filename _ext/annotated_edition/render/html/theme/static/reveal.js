"use strict";
// A link to what isn't shown: it is, until the next visit, and the reader is told.
// edition.js fetches this script when a link leads to a note, a mark or a term.

function reveal() {
  const aim = byId(decodeURIComponent(location.hash.slice(1)));
  const hidden = aim?.closest(`.edition-note, ${MARK}, .terms-here`);
  if (!hidden) return;
  hidden.removeAttribute("hidden");
  if (!shown(aim)) {
    const off = layers.filter(({ id, checked }) => {
      const name = id.slice(6);
      if (name === "alone") return checked;
      if (name === "disputed") return checked && !hidden.matches(".standing-disputed");
      return !checked && hidden.matches(name === "glossary" ? ".terms-here" : `.kind-${name}`);
    });
    for (const layer of off) layer.checked = !layer.checked;
    applyLayers();
    const told = byId("told");
    told.textContent = `${told.dataset.words} ${off.map((it) => it.labels[0].textContent.trim()).join(", ")}.`;
    told.showPopover();
  }
  aim.scrollIntoView();
}
addEventListener("hashchange", reveal);
reveal();
