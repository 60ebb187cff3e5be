"use strict";
// Comments: words that a reader selects become the beginning of a note.
// edition.js fetches this script when it is first needed.

/** The edition's whole text, and what is told of new notes; when they have come. */
let edition = null;

/* What is selected: one passage's own words, whole words only. */

const NOT_WORDS = "[role=doc-noteref], .passage-number, .cross-reference, .bibtex-citation";

/** A passage's words as one string, and the text nodes that they come from. */
function wordsOf(passage) {
  const pieces = [];
  let text = "";
  const walk = (parent) => {
    for (const child of parent.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) {
        pieces.push({ node: child, start: text.length });
        text += child.data;
      } else if (child.nodeType === Node.ELEMENT_NODE && !child.matches(NOT_WORDS)) {
        // A hard break, the next line of a verse.
        if (child.matches("br, .line, .line-block") && text) text += " ";
        walk(child);
      }
    }
  };
  walk(passage);
  return { passage, pieces, text };
}

/** From start to end, with the words whole that it cuts; null where it holds none. */
function snapped(words, start, end) {
  const { lang } = words.passage.closest("[lang]") ?? {};
  const segments = new Intl.Segmenter(lang || undefined, { granularity: "word" }).segment(words.text);
  const at = (place) => segments.containing(place) ?? { segment: "" };
  if (at(start).isWordLike) start = at(start).index;
  const last = at(end - 1);
  if (last.isWordLike) end = last.index + last.segment.length;
  const inside = words.text.slice(start, end);
  start += inside.length - inside.trimStart().length;
  end -= inside.length - inside.trimEnd().length;
  return /[\p{L}\p{N}]/u.test(inside) ? { ...words, start, end } : null;
}

/** The words selected; of several passages, those in the first. */
function selectedWords() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  for (const passage of all(".passage").filter((it) => range.intersectsNode(it))) {
    const words = wordsOf(passage);
    const parts = words.pieces.filter(({ node }) => range.intersectsNode(node)).map(({ node, start }) => ({
      start: start + (node === range.startContainer ? range.startOffset : 0),
      end: start + (node === range.endContainer ? range.endOffset : node.length),
    })).filter(({ start, end }) => start < end);
    const found = parts.length && snapped(words, parts[0].start, parts.at(-1).end);
    if (found) return found;
  }
  return null;
}

/** The words' boxes on the screen, a line each. */
function boxesOf({ pieces, start, end }) {
  const range = document.createRange();
  const holds = (place) => pieces.findLast((piece) => piece.start <= place);
  const [first, last] = [holds(start), holds(end - 1)];
  range.setStart(first.node, start - first.start);
  range.setEnd(last.node, Math.min(end - last.start, last.node.length));
  return [...range.getClientRects()].filter(({ width }) => width > 0);
}

/* The note that begins with them. */

/** Any words as a YAML value on one line. */
const scalar = (text) => (
  /^(?!(?:null|true|false|yes|no|on|off|y|n)$)\p{L}[\p{L}\p{N}_ ,.;'’-]*(?<! )$/iu.test(text) ? text : JSON.stringify(text));

/** A quote as YAML, to follow on "quote:" or, in a list, on "  -". */
function quoteLines(quote, inList = false) {
  const lines = Object.entries(quote).map(([name, words]) => `${name}: ${scalar(words)}`);
  if (lines.length === 1) return ` ${scalar(quote.exact)}`;
  return inList ? ` ${lines.join("\n    ")}` : `\n  ${lines.join("\n  ")}`;
}

/** Words as file names have them (suggest.py); of other scripts the build told the letters. */
function slugged(words, { letters }) {
  const bare = words.normalize("NFC").replace(/['’][sS](?![\p{L}\p{N}_])|['’]/gu, "");
  const plain = [...bare].map((letter) => letters[letter] ?? letter).join("").toLowerCase();
  return plain.replace(/['`]/g, "").match(/[a-z0-9]+/g) ?? [];
}

/** The file's name: the first words, and the passage where they stand elsewhere, too. */
function nameFor(exact, id, isElsewhere, told) {
  const words = slugged(exact, told).slice(0, 5);
  while (words.length > 1 && words.join("-").length > 40) words.pop();
  const isOwn = words.length > 0 && !isElsewhere && !told.taken.includes(words.join("-"));
  const name = (isOwn ? words : [...(words.length ? words : ["note"]), id]).join("-");
  let free = name;
  for (let number = 2; told.taken.includes(free); number += 1) free = `${name}-${number}`;
  return `${free}${told.suffix}`;
}

/** Where the words found stand in the whole text; null if the page shows others. */
function placeOf({ passage, text, start, end }) {
  const there = edition.text.passages.find(({ id }) => id === passage.id);
  const here = fold(text);
  const from = here.ends.findIndex((it) => it > start);
  const exact = here.text.slice(from, here.starts.findLastIndex((it) => it < end) + 1);
  const all = (within) => {
    const found = [];
    for (let at = within.indexOf(exact); at >= 0; at = within.indexOf(exact, at + 1)) found.push(at);
    return found;
  };
  // What a page shows of a formula, say, isn't what is quoted: count, don't measure.
  const at = there && all(there.text)[all(here.text).indexOf(from)];
  return at === undefined ? null : [there.at + at, there.at + at + exact.length];
}

/** Address and content of the page on which a note in a folder begins. */
function newNote(found, folder) {
  const place = placeOf(found);
  if (!place) return null;
  const { text, told } = edition;
  const quote = text.quote(...place);
  const isElsewhere = text.find(fold(quote.exact).text).length > 1;
  const name = nameFor(quote.exact, found.passage.id, isElsewhere, told);
  const write = (value, isLong) => {
    const content = told.template.replace("quote:{quote}", () => `quote:${value}`);
    const path = folder.split("/").map(encodeURIComponent).join("/");
    const address = told.address.replace("{folder}", () => path)
      .replace("{name}", () => encodeURIComponent(name))
      .replace("{value}", () => encodeURIComponent(content));
    return { address, content, isLong, file: `${folder}/${name}` };
  };
  const whole = write(quoteLines(quote), false);
  if (whole.address.length <= told.most) return whole;
  // A quote is exact, so no shorter one has these words; two can have their ends.
  const [start, end] = place;
  const words = [...text.whole.slice(start, end).matchAll(/\S+/g)];
  const [first, last] = words.length > 2 * ENDS
    ? [start + words[ENDS].index - 1, start + words.at(-ENDS).index]
    : [start + 5 * ENDS, end - 5 * ENDS];
  const ends = [text.quote(start, first), text.quote(last, end)];
  const list = ends.map((it) => `\n  -${quoteLines(it, true)}`).join("");
  return write(`\n  # ${told.words.long}${list}`, true);
}

/** So many words stand for the beginning, and for the end, of too many. */
const ENDS = 8;

/* The button beside the selection. */

const box = Object.assign(create("div", "comment"), { popover: "manual", role: "group" });
const boxWords = create("p", "comment-words");
const boxLink = Object.assign(create("a", "tool"), { target: "_blank", rel: "nofollow noopener" });
const boxKind = create("select", "");
box.append(boxWords, boxLink, boxKind);

let boxFound = null;
let boxTimer = 0;
/** A mouse that is selecting: what it wants isn't certain yet. */
let isSelecting = matchMedia("(pointer: fine)").matches && document.querySelector(":active") !== null;

/** Have a link lead to a note on words found; GitLab wants the note pasted. */
function lead(link, found, folder) {
  const note = newNote(found, folder);
  if (note) link.href = note.address;
  link.onclick = note && !edition.told.takesText
    ? () => { navigator.clipboard.writeText(note.content); }
    : null;
  return note;
}

/** Passage and words, of many the first and the last: what was made whole can be seen. */
function briefly({ passage, text, start, end }) {
  const words = text.slice(start, end).split(SPACES);
  const brief = words.length > 7 ? [...words.slice(0, 3), "…", ...words.slice(-3)] : words;
  return `${passage.querySelector(".passage-number")?.dataset.n ?? ""} “${brief.join(" ")}”`;
}

function fillBox() {
  const { words, takesText } = edition.told;
  const note = lead(boxLink, boxFound, boxKind.value);
  const remarks = [note?.isLong && words.long, !takesText && words.paste].filter(Boolean);
  boxWords.replaceChildren(
    create("span", "comment-quote", briefly(boxFound)), ...remarks.map((it) => create("span", "", it)),
  );
  return note;
}

function showBox() {
  const found = selectedWords();
  if (!found || !edition) return hideBox();
  if (boxFound?.passage === found.passage && boxFound.start === found.start && boxFound.end === found.end) return;
  boxFound = found;
  if (box.previousElementSibling !== found.passage) found.passage.after(box);
  if (!fillBox()) return hideBox();
  box.showPopover();
  placeBox();
}

/** Under the last line of the words, or above the first; beside the fingers' handles. */
function placeBox() {
  const boxes = boxesOf(boxFound);
  if (!boxes.length) return;
  const [first, last] = [boxes[0], boxes.at(-1)];
  const gap = matchMedia("(pointer: coarse)").matches ? 34 : 8;
  const { clientWidth, clientHeight } = document.documentElement;
  const { offsetWidth, offsetHeight } = box;
  const below = last.bottom + gap;
  const above = first.top - gap - offsetHeight;
  const top = below + offsetHeight < clientHeight || above < 0 ? below : above;
  const left = Math.max(8, Math.min(last.right - offsetWidth / 2, clientWidth - offsetWidth - 8));
  box.style.top = `${Math.min(top, clientHeight - offsetHeight - 8) + scrollY}px`;
  box.style.left = `${left + scrollX}px`;
}

function hideBox() {
  boxFound = null;
  if (box.isConnected) box.hidePopover();
}

/** When the selection has come to rest; never while the box itself is being used. */
function laterShowBox() {
  clearTimeout(boxTimer);
  boxTimer = setTimeout(() => {
    if (!isSelecting && !box.contains(document.activeElement)) showBox();
  }, 120);
}

// The box may stand amid the words selected, and a list's choices are copied with them.
document.addEventListener("copy", () => {
  const { hidden } = boxKind;
  boxKind.hidden = true;
  setTimeout(() => { boxKind.hidden = hidden; });
});

/* The passage's menu: which words, of which kind, and what the file will be called. */

/** So many words of a passage are proposed, where none is selected. */
const OPENING = 4;

/** Where words that were typed stand in a passage, whole words only: the first place, and how many. */
function typed(words, value) {
  const here = fold(words.text);
  const sought = fold(value).text;
  const places = [];
  for (let at = here.text.indexOf(sought); sought && at >= 0; at = here.text.indexOf(sought, at + 1)) {
    const [start, end] = [here.starts[at], here.ends[at + sought.length - 1]];
    const found = snapped(words, start, end);
    if (found?.start === start && found.end === end) places.push(found);
  }
  return { found: places[0], count: places.length };
}

function fillMenu() {
  const link = peek.querySelector(".tool");
  const passage = byId(peek.dataset.passage);
  if (!link || !passage || !edition || peek.querySelector(".menu-note")) return;
  const { told } = edition;
  const words = wordsOf(passage);
  const found = selectedWords();
  const field = Object.assign(create("input", ""), { type: "text", spellcheck: false, autocomplete: "off" });
  field.value = found?.passage === passage
    ? words.text.slice(found.start, found.end)
    : words.text.replace(/^(?:\s|[^\p{L}\p{N}\s]+\s)+/u, "").trim().split(SPACES).slice(0, OPENING).join(" ").replace(/[,;:.]+$/, "");
  const kind = boxKind.cloneNode(true);
  kind.value = boxKind.value;
  const remark = Object.assign(create("p", "menu-file"), { role: "status" });
  const fill = () => {
    const { found: there, count } = typed(words, field.value);
    const note = there && lead(link, there, kind.value);
    field.setAttribute("aria-invalid", String(!note));
    if (!note) link.removeAttribute("href");
    const remarks = note
      ? [note.file, count > 1 && told.words.several, note.isLong && told.words.long, !told.takesText && told.words.paste]
      : [told.words.elsewhere];
    remark.replaceChildren(...remarks.filter(Boolean).map((it) => create("span", "", it)));
    if (source) place(peek, source);
  };
  field.addEventListener("input", fill);
  kind.addEventListener("change", () => {
    boxKind.value = kind.value;
    memory.set("kind", kind.value);
    fill();
  });
  const line = create("p", "menu-note", create("label", "", `${told.words.about} `, field), kind, link);
  peek.append(line, remark);
  fill();
}

document.addEventListener("selectionchange", laterShowBox);
document.addEventListener("pointerdown", ({ pointerType, target }) => {
  isSelecting = pointerType === "mouse" && !box.contains(target);
});
for (const released of ["pointerup", "pointercancel"]) {
  document.addEventListener(released, () => {
    isSelecting = false;
    laterShowBox();
  });
}
document.addEventListener("keydown", ({ key }) => {
  if (key !== "Escape" || !boxFound) return;
  // The selection stays, and with it the place in the text.
  const within = box.contains(document.activeElement);
  box.hidePopover();
  if (within) document.activeElement.blur();
});
addEventListener("resize", () => { if (boxFound) placeBox(); });
box.addEventListener("focusout", laterShowBox);
box.addEventListener("mousedown", (event) => {
  // A press on a link would take the selection away.
  if (!boxKind.contains(event.target)) event.preventDefault();
});
boxKind.addEventListener("change", () => {
  memory.set("kind", boxKind.value);
  fillBox();
});
new MutationObserver(fillMenu).observe(peek, { childList: true });

function begin() {
  const told = window.editionText;
  edition = { told, text: new WholeText(told.passages) };
  boxLink.textContent = told.words.comment;
  box.setAttribute("aria-label", told.words.comment);
  boxKind.setAttribute("aria-label", told.words.kind);
  boxKind.append(...told.kinds.map(([title, folder]) => new Option(title, folder)));
  boxKind.hidden = told.kinds.length < 2;
  const chosenKind = memory.get("kind");
  if (told.kinds.some(([, folder]) => folder === chosenKind)) boxKind.value = chosenKind;
  laterShowBox();
  fillMenu();
}

const beside = (name) => new URL(name, document.currentScript.src).href;
const needed = [
  Object.assign(create("link", ""), { rel: "stylesheet", href: beside("comment.css") }),
  // Scripts made so run in their order.
  ...["quoting.js", "edition-text.js"].map((name) => (
    Object.assign(create("script", ""), { async: false, src: beside(name) }))),
];
// Without its style the box would stand where it doesn't belong.
Promise.all(needed.map((it) => new Promise((loaded) => { it.onload = loaded; }))).then(begin);
document.head.append(...needed);
