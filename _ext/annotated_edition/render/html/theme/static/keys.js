"use strict";
// Letters: from note to note, to the comment box, to the list of keys.
// edition.js fetches this script at the first key.

const keyBox = byId("keys");
const letters = byId("keys-on");
letters.checked = memory.get("keys") ?? true;
letters.addEventListener("change", () => memory.set("keys", letters.checked));

function step(by) {
  const marks = all(MARK).filter(shown);
  let at = marks.indexOf(document.activeElement.closest(MARK) ?? lit.find((it) => it.matches(MARK)));
  if (at < 0) {
    at = marks.findIndex((mark) => mark.getBoundingClientRect().top > 0);
    if (by > 0) at -= 1;
  }
  marks[at + by]?.focus({ preventScroll: true });
  marks[at + by]?.scrollIntoView({ block: "center" });
}

/** Letters by their place where the layout has others: т or ν for n. */
const PLACES = { KeyN: "n", KeyP: "p", KeyC: "c", Slash: "?" };

function press({ key, code, target, ctrlKey, metaKey, altKey }) {
  const writing = target.closest?.("textarea, select, [contenteditable], input:not([type=checkbox])");
  if (writing || ctrlKey || metaKey || altKey || !letters.checked) return;
  const sign = key > "~" ? PLACES[code] : key.toLowerCase();
  if (sign === "n") step(1);
  else if (sign === "p") step(-1);
  else if (sign === "c") document.querySelector(".comment a")?.focus();
  else if (sign === "?") keyBox.togglePopover();
}

function focusBox() {
  if (keyBox.matches(":popover-open")) keyBox.focus();
}

document.addEventListener("keydown", press);
keyBox.addEventListener("toggle", focusBox);
focusBox();
if (pressed) press(pressed);
