"use strict";
// page.js fetches this, sources.js and place.js when a citation is first pointed at or focused.

{
  const box = document.createElement("div");
  box.className = "peek cite-peek";
  box.id = "cite-peek";
  box.popover = "manual";
  box.setAttribute("role", "note");
  document.querySelector("main").append(box);
  let shown = null;
  let timer = 0;

  function show(link) {
    clearTimeout(timer);
    const words = SOURCES[decodeURIComponent(link.hash.slice(1))];
    if (shown === link || !words) return;
    hide();
    // The browser's own tooltip would say the same.
    link.removeAttribute("title");
    link.setAttribute("aria-describedby", box.id);
    box.textContent = words;
    box.showPopover({ source: link });
    place(box, link);
    shown = link;
  }

  function hide() {
    clearTimeout(timer);
    if (!shown) return;
    shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidePopover();
  }

  const cited = (target) => target.closest?.(".bibtex-citation a");
  const within = (target) => target && (box.contains(target) || cited(target) === shown);
  document.addEventListener("pointerover", ({ target, pointerType }) => {
    if (pointerType === "touch") return;
    const link = cited(target);
    if (link) show(link);
    else if (within(target)) clearTimeout(timer);
  });
  document.addEventListener("pointerout", ({ relatedTarget }) => {
    // The pointer may be on its way into the box.
    if (shown && !within(relatedTarget)) { clearTimeout(timer); timer = setTimeout(hide, 250); }
  });
  document.addEventListener("focusin", ({ target }) => {
    const link = cited(target);
    if (link?.matches(":focus-visible")) show(link);
    else hide();
  });
  document.addEventListener("focusout", ({ target, relatedTarget }) => {
    if (target === shown && !within(relatedTarget)) hide();
  });
  // Focus comes before the window has scrolled to it.
  addEventListener("scroll", () => { if (shown) place(box, shown); }, { passive: true });
  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") hide(); });

  const first = document.querySelector(".bibtex-citation a:is(:hover, :focus-visible)");
  if (first) show(first);
}
