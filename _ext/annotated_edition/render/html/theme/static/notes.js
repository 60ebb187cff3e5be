"use strict";
// A note's page, and the page of all notes: n and p go on and back, as beside the text.

const parts = [...document.querySelectorAll(".whole-part")];

/** The next note on this page, or the link to its page. */
function go(by) {
  if (!parts.length) {
    document.querySelector(by > 0 ? ".note-next" : ".note-previous")?.click();
    return;
  }
  const inside = parts.indexOf(document.activeElement.closest(".whole-part"));
  const at = inside < 0 ? parts.findLastIndex((part) => part.getBoundingClientRect().top < 40) : inside;
  const part = parts[by > 0 ? at + 1 : Math.max(0, at - 1)];
  if (!part) return;
  part.tabIndex = -1;
  part.focus({ preventScroll: true });
  part.scrollIntoView();
}

document.querySelector(".note-next")?.setAttribute("aria-keyshortcuts", "n");
document.querySelector(".note-previous")?.setAttribute("aria-keyshortcuts", "p");
document.addEventListener("keydown", ({ code, key, target, ctrlKey, metaKey, altKey }) => {
  const writing = target.closest("textarea, select, [contenteditable], input:not([type=checkbox])");
  if (writing || ctrlKey || metaKey || altKey || memory.get("keys") === false) return;
  // By place, for keyboards of other scripts, or by letter, for other layouts.
  if (key === "n" || (code === "KeyN" && !/^[a-z]$/i.test(key))) go(1);
  else if (key === "p" || (code === "KeyP" && !/^[a-z]$/i.test(key))) go(-1);
});
