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

/** What stands in and between passages, and is no word of them. */
const BESIDE = ".passage-notes, .passage-number, .cross-reference, .note-mark, .line-number, .comment";

/**
 * The selected words, with an empty line between two stanzas: engines part paragraphs by one, and
 * a stanza from the next by no more than its lines.  Nothing where there aren't two.
 */
function apart(selection) {
  const whole = selection.getRangeAt(0);
  const stanzas = all(".passage.line-block").filter((stanza) => selection.containsNode(stanza, true));
  if (stanzas.length < 2) return null;
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  const words = stanzas.map((stanza) => {
    const part = document.createRange();
    part.selectNodeContents(stanza);
    if (stanza.contains(whole.startContainer)) part.setStart(whole.startContainer, whole.startOffset);
    if (stanza.contains(whole.endContainer)) part.setEnd(whole.endContainer, whole.endOffset);
    selection.removeAllRanges();
    selection.addRange(part);
    return selection.toString().trim();
  });
  selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  let text = selection.toString();
  let from = 0;
  for (const stanza of words) {
    const at = text.indexOf(stanza, from);
    if (at < 0 || !stanza) continue;
    const before = text.slice(0, at).replace(/[^\S\n]*\n\s*$/u, "\n\n");
    text = before + text.slice(at);
    from = before.length + stanza.length;
  }
  return text;
}
document.addEventListener("copy", (event) => {
  const selection = getSelection();
  if (!main.classList.contains("is-quoting") || selection.rangeCount !== 1) return;
  const text = apart(selection);
  if (text === null) return;
  const copied = create("div", "");
  copied.append(selection.getRangeAt(0).cloneContents());
  for (const it of all(BESIDE, copied)) it.remove();
  for (const it of all(".passage").filter((passage) => !shown(passage))) copied.querySelector(`#${it.id}`)?.remove();
  for (const link of all("a[href]", copied)) link.setAttribute("href", link.href);
  for (const stanza of all(".passage.line-block", copied).slice(1)) stanza.before(create("br", ""));
  event.clipboardData.setData("text/plain", text);
  event.clipboardData.setData("text/html", copied.innerHTML);
  event.preventDefault();
});
tellSelection();
