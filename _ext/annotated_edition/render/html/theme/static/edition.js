"use strict";
// The reading page: notes move to their lines, open at their marks, light up.

const wide = matchMedia("(min-width: 64rem)");
const narrow = matchMedia("(max-width: 39.99rem)");
const main = document.querySelector("main");
const peek = document.getElementById("peek");
const byId = (id) => document.getElementById(id);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const shown = (element) => element.getClientRects().length > 0;
const MARK = ".note-mark";
const TERM = ".passage a:has(> .std-term)";
const TIE = ".cross-reference a";

const noteOf = (mark) => byId(mark.hash.slice(1));
const marksOf = (note) => all(`${MARK}[href="#${note.id}"]`);

/* Margin: each note as near to its mark's line as the others allow. */

// Numbers of notes of one line each are 24 px apart: fingers hit the one that they mean.
const GAP = 8;
/** How far the notes of a passage may hang down beside the next one. */
const HANG = 40;
const FAR = 90;

function align() {
  const rows = all(".passage-row").filter(shown);
  main.classList.toggle("is-aligned", wide.matches);
  for (const row of rows) row.style.paddingBottom = "";
  if (!wide.matches || !rows.length) return;
  const columns = rows.map(measure);
  makeRoom(columns);
  const boxes = columns.flatMap((column) => column.boxes);
  settle(boxes, columns[0].top - HANG, columns.at(-1).bottom);
  columns.forEach(({ room }, at) => { rows[at].style.paddingBottom = `${room}px`; });
  for (const { note, top, from } of boxes) note.style.translate = `0 ${Math.round(top - from)}px`;
}

/** Where a row is, and where each of its notes is and would like to be. */
function measure(row) {
  const { top, bottom } = row.getBoundingClientRect();
  const boxes = all(".passage-notes > .edition-note", row).filter(shown).map((note) => {
    const mark = row.querySelector(`.passage ${MARK}[href="#${note.id}"]`);
    const wish = (mark ?? row).getBoundingClientRect().top - 3;
    return { note, wish, from: note.getBoundingClientRect().top - moved(note), height: note.offsetHeight };
  });
  // A note of an earlier passage's number may be marked last in this one.
  boxes.sort((one, other) => one.wish - other.wish);
  return { top, bottom, boxes, room: 0 };
}
const moved = (note) => parseFloat(note.style.translate.split(" ")[1] ?? 0);

/** Push rows apart where notes would hang down too far, and move what follows. */
function makeRoom(columns) {
  let shift = 0;
  let end = -Infinity;
  for (const column of columns) {
    column.top += shift;
    column.bottom += shift;
    for (const box of column.boxes) {
      box.from += shift;
      box.wish += shift;
      end = Math.max(box.wish, end + GAP) + box.height;
    }
    const hang = column === columns.at(-1) ? 0 : HANG;
    column.room = Math.max(0, Math.ceil(end - column.bottom - hang));
    column.bottom += column.room;
    shift += column.room;
  }
}

/**
 * Give boxes tops, between two limits.  Boxes that would overlap form a block,
 * which stands at the median of their wishes; none is farther off than FAR, if
 * that can be.
 */
function settle(boxes, top, bottom) {
  let above = 0;
  let low = -Infinity;
  const blocks = [];
  for (const box of boxes) {
    box.above = above;
    above += box.height + GAP;
    box.low = low = Math.max(low, box.wish - box.above);
    let block = { boxes: [box], median: box.wish - box.above };
    while (blocks.length && blocks.at(-1).median > block.median) {
      const together = [...blocks.pop().boxes, ...block.boxes];
      const wishes = together.map((it) => it.wish - it.above).sort((a, b) => a - b);
      block = { boxes: together, median: wishes[wishes.length >> 1] };
    }
    blocks.push(block);
  }
  let high = Infinity;
  for (const { boxes: together, median } of blocks.toReversed()) {
    for (const box of together.toReversed()) {
      high = Math.min(high, box.wish - box.above);
      const far = Math.max(FAR, (box.low - high) / 2);
      const start = Math.max(box.low - far, Math.min(median, high + far, bottom - above + GAP));
      box.top = Math.max(top, start) + box.above;
    }
  }
}

/* Light: a note, its marks and the words it is about. */

let lit = [];

function light(notes) {
  for (const element of lit) element.classList.remove("is-lit");
  lit = notes.flatMap((note) => [note, ...marksOf(note), ...all(`.quote-${note.id.slice(5)}`)]);
  for (const element of lit) element.classList.add("is-lit");
}

/** The notes that something in the page belongs to, less those of layers switched off. */
function notesAt(element) {
  const mark = element.closest(MARK);
  const note = mark ? noteOf(mark) : element.closest(".edition-note");
  if (note) return [note];
  const names = [...(element.closest(".quoted")?.classList ?? [])];
  return names.filter((name) => name.startsWith("quote-"))
    .map((name) => byId(`note-${name.slice(6)}`))
    .filter((it) => it && marksOf(it).some(shown));
}

/* The popover: one for notes, terms, cross-references and a passage's tools. */

let source = null;
let pinned = false;
let timer = 0;
const later = (time, action) => { clearTimeout(timer); timer = setTimeout(action, time); };

/** What opens the popover when pointed at or focused: notes only where they aren't in view. */
const peeking = () => (wide.matches || narrow.matches ? `${TERM}, ${TIE}` : `${MARK}, ${TERM}, ${TIE}`);

function create(name, className, ...content) {
  const element = Object.assign(document.createElement(name), { className });
  element.append(...content);
  return element;
}

/** What shows a popover, or a note inside the text: peek.js, which is fetched first. */
let wanted = null;
const fetchPeek = (...call) => {
  wanted = call;
  fetchScript("place");
  fetchScript("peek");
};
let open = fetchPeek;
let openInside = fetchPeek;

function close() {
  clearTimeout(timer);
  wanted = null;
  if (!source) return;
  peek.hidePopover();
  source.removeAttribute("aria-expanded");
  source = null;
  pinned = false;
  light([]);
}

main.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType === "touch") return;
  if (peek.contains(target)) return clearTimeout(timer);
  const link = target.closest(peeking());
  if (link && !pinned) later(120, () => open(link));
  else if (!source) light(notesAt(target));
});
main.addEventListener("pointerout", ({ target, relatedTarget, pointerType }) => {
  if (pointerType === "touch" || peek.contains(relatedTarget)) return;
  if (!source) clearTimeout(timer);
  // A moment's grace: the pointer may be on its way into the popover.
  else if (!pinned && (source.contains(target) || peek.contains(target))) later(250, close);
});
main.addEventListener("focusin", ({ target }) => {
  if (peek.contains(target)) return clearTimeout(timer);
  const link = target.closest(peeking());
  if (link?.matches(":focus-visible")) open(link);
  else if (!source) light(notesAt(target));
});
main.addEventListener("focusout", ({ relatedTarget }) => {
  if (!source) light([]);
  else if (relatedTarget !== source && !peek.contains(relatedTarget)) close();
});
document.addEventListener("pointerdown", ({ target }) => {
  if (source && !peek.contains(target) && !source.contains(target)) close();
});

/* Smaller screens: notes are closed, but what looks for words finds them. */

function shut(note) {
  if (wide.matches) note.removeAttribute("hidden");
  else note.setAttribute("hidden", "until-found");
}

function shutAll() {
  for (const note of all(".passage-notes > .edition-note")) shut(note);
}

/*
 * Small screens: a note opens under the line of its mark.  It lies over an empty place between the
 * lines; between the words it would be copied, found and printed with them.
 */

let inside = null;

function closeInside() {
  if (!inside) return null;
  const { mark, note, gap } = inside;
  inside = null;
  mark.removeAttribute("aria-expanded");
  gap.remove();
  note.classList.remove("is-inside");
  note.style.top = "";
  shut(note);
  light([]);
  return mark;
}

/* Clicks. */

main.addEventListener("click", (event) => {
  const link = event.target.closest(`${MARK}, ${TERM}, .passage-number, [role=doc-backlink]`);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.matches(TERM)) {
    // A finger can't point: its first tap explains, the next one goes there.
    if (event.pointerType !== "touch" || source === link) return;
    open(link, true);
  } else if (link.matches("[role=doc-backlink]")) {
    closeInside();
    byId(link.hash.slice(1)).focus();
  } else if (link.matches(MARK) && wide.matches) {
    noteOf(link).querySelector("[role=doc-backlink]").focus();
  } else if (link.matches(MARK) && narrow.matches) {
    if (closeInside() !== link) openInside(link);
  } else {
    if (link.matches(".passage-number")) history.replaceState(null, "", link.hash);
    if (source === link && pinned) close();
    else open(link, true);
  }
  event.preventDefault();
});

/* Layers: the style sheet switches them; here the choice is remembered. */

const layers = all("#layers input");
const layerOn = (name) => byId(`layer-${name}`)?.checked;

function applyLayers() {
  // A link that isn't shown as one is no stop for the tabulator key either.
  const linked = layerOn("glossary") !== false && !layerOn("alone");
  for (const term of all(TERM)) term.tabIndex = linked ? 0 : -1;
  align();
}

for (const layer of layers) {
  layer.checked = memory.get("layers")?.[layer.id] ?? layer.checked;
  layer.addEventListener("change", () => {
    closeInside();
    close();
    memory.set("layers", { ...memory.get("layers"), [layer.id]: layer.checked });
    applyLayers();
  });
}

/* What is seldom needed is fetched when it is; those scripts use what stands here. */

const { src } = document.currentScript;

function fetchScript(name) {
  const id = `${name}-script`;
  if (!byId(id)) document.head.append(Object.assign(create("script", ""), { id, src: new URL(`${name}.js`, src), async: false }));
}

// Comments on selected words.
function fetchComments() {
  document.removeEventListener("selectionchange", onSelection);
  if (document.querySelector(".add-note")) fetchScript("comment");
}
function onSelection() {
  if (getSelection().isCollapsed) return;
  fetchComments();
  fetchScript("copying");
}
document.addEventListener("selectionchange", onSelection);

// Links to what a layer hides.
function followHash() {
  if (/^#(note|here)/.test(location.hash)) fetchScript("reveal");
}
addEventListener("hashchange", followHash);

// Letters; the one that is pressed first waits for its script.
let pressed = null;
byId("keys").addEventListener("toggle", () => fetchScript("keys"));

document.addEventListener("keydown", (event) => {
  pressed = event;
  if (event.key !== "Escape") return fetchScript("keys");
  const within = peek.contains(document.activeElement) || inside?.note.contains(document.activeElement);
  const link = source ?? inside?.mark;
  close();
  closeInside();
  if (within) link.focus();
  close();
});

for (const link of all(`${TIE}[title]`)) {
  link.dataset.words = link.title;
  link.removeAttribute("title");
}
applyLayers();
shutAll();
main.classList.add("is-ready");

let width = document.body.clientWidth;
function resized() {
  if (width !== document.body.clientWidth) {
    width = document.body.clientWidth;
    closeInside();
    close();
    shutAll();
  }
  align();
}
// In the same frame, but only then does WebKit know of the new width what `wide` and `narrow` say.
addEventListener("resize", () => requestAnimationFrame(resized));
// Fonts and pictures come late. What moves notes changes the size of rows, not of what is in them.
const observer = new ResizeObserver(() => {
  align();
  inside?.fit();
});
for (const it of all(".passage, .passage-notes > .edition-note")) observer.observe(it);
followHash();
