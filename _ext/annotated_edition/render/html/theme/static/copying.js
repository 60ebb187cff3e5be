"use strict";
// What is copied of the text: its words, without the notes in between.
// edition.js fetches this script when something is first selected.

function tellSelection() {
  const { anchorNode: anchor, isCollapsed } = getSelection();
  const begun = isCollapsed ? null : anchor.closest ? anchor : anchor.parentElement;
  main.classList.toggle("is-quoting", Boolean(begun?.closest(".passage")));
}
document.addEventListener("selectionchange", tellSelection);
// What begins beside the text is a selection of its own.
main.addEventListener("pointerdown", ({ target }) => {
  if (target.closest(".passage-notes, .cross-reference")) main.classList.remove("is-quoting");
});
tellSelection();
