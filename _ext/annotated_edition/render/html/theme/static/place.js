"use strict";
// Where what opens beside a link stands.  What fetches peek.js or cite.js fetches this first.

/**
 * Put a popover under what opened it, or above where more room is: inside the window, and off
 * all lines of a link.  Engines choose among CSS's fallbacks differently, and not all by the window.
 */
function place(box, opener) {
  const edge = 6;
  const lines = opener.getClientRects();
  const [first, last] = [lines[0], lines[lines.length - 1]];
  if (!first) return;
  const { clientWidth, clientHeight } = document.documentElement;
  const [below, above] = [clientHeight - last.bottom, first.top].map((room) => room - 2 * edge);
  box.style.maxHeight = "";
  const { width, height } = box.getBoundingClientRect();
  const isBelow = below >= Math.min(height, above);
  const most = Math.min(height, Math.max(below, above, 80));
  const line = isBelow ? last : first;
  const left = getComputedStyle(opener).direction === "rtl" ? line.right - width : line.left;
  box.style.maxHeight = `${most}px`;
  const top = scrollY + (isBelow ? last.bottom + edge : first.top - edge - most);
  const start = scrollX + Math.max(edge, Math.min(left, clientWidth - width - edge));
  box.style.inset = `${top}px auto auto ${start}px`;
}
