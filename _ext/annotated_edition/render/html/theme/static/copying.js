"use strict";
// What is copied of the text: its words, without the notes in between.
// edition.js fetches this script when something is first selected.

function tellSelection() {
  const { anchorNode: anchor, isCollapsed } = getSelection();
  const begun = isCollapsed ? null : anchor.closest ? anchor : anchor.parentElement;
  main.classList.toggle("is-quoting", Boolean(begun?.closest(".passage")));
}
document.addEventListener("selectionchange", tellSelection);
// What begins beside the text is a selection of its own. Of selected words between two passages
// a press would drag them all away.
main.addEventListener("pointerdown", ({ target, pointerType, button, shiftKey }) => {
  const beside = target.closest(".passage-notes, .cross-reference");
  if (!beside) return;
  main.classList.remove("is-quoting");
  const selection = getSelection();
  const isBegun = pointerType === "mouse" && button === 0 && !shiftKey;
  if (isBegun && selection.containsNode(beside, true)) selection.removeAllRanges();
});
tellSelection();
