"use strict";
// What opens at a mark, a term, a cross-reference or a passage's number.
// edition.js fetches this script when one is first pointed at.

/** What an element holds, for a second place in the page. */
function copyOf(element) {
  const copy = element.cloneNode(true);
  for (const child of all("[id]", copy)) child.removeAttribute("id");
  for (const child of all(".label, .passage-number, .note-mark, .occurrences, .suggest-change, .headerlink", copy)) child.remove();
  return [...copy.childNodes];
}

function contentFor(link) {
  if (link.matches(MARK)) return copyOf(noteOf(link));
  if (link.matches(TERM)) {
    const name = decodeURIComponent(link.hash.slice(1));
    const term = byId(`here-${name}`) ?? byId(name);
    let definition = term;
    while (definition && definition.tagName !== "DD") definition = definition.nextElementSibling;
    return definition && [create("p", "peek-title", ...copyOf(term)), ...copyOf(definition)];
  }
  if (link.matches(TIE)) {
    const here = link.getAttribute("href").startsWith("#") && byId(link.hash.slice(1));
    const words = here ? copyOf(here).map((node) => node.textContent).join("") : link.dataset.words;
    return words && [create("blockquote", "", words)];
  }
  fetchComments();
  const tools = byId("passage-tools").content.cloneNode(true);
  tools.querySelector(".tool")?.setAttribute("href", byId(`add-${link.hash.slice(1)}`).href);
  return [tools];
}

open = (link, pin = false) => {
  clearTimeout(timer);
  if (source !== link) {
    close();
    const content = contentFor(link);
    if (!content) return;
    peek.replaceChildren(...content);
    peek.dataset.passage = link.matches(".passage-number") ? link.hash.slice(1) : "";
    source = link;
    peek.showPopover({ source: link });
    place(peek, link);
    if (link.matches(MARK)) {
      link.setAttribute("aria-expanded", "true");
      light([noteOf(link)]);
    }
  }
  pinned = pin;
};

// Focus comes before the window has scrolled to it.
addEventListener("scroll", () => { if (source) place(peek, source); }, { passive: true });

/* Small screens: a note over an empty place between the lines. */

openInside = (mark) => {
  const note = noteOf(mark);
  inside = { mark, note, gap: create("i", "note-gap"), fit: fitInside };
  mark.after(inside.gap);
  note.removeAttribute("hidden");
  note.classList.add("is-inside");
  fitInside();
  mark.setAttribute("aria-expanded", "true");
  note.querySelector("[role=doc-backlink]").focus({ preventScroll: true });
  light([note]);
};

function fitInside() {
  if (!inside) return;
  const { note, gap } = inside;
  gap.style.height = `${note.offsetHeight}px`;
  const top = gap.getBoundingClientRect().top - note.closest(".passage-row").getBoundingClientRect().top;
  note.style.top = `${top}px`;
}

if (wanted) (wanted[0].matches(MARK) && narrow.matches ? openInside : open)(...wanted);
