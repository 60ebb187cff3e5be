"use strict";
// Folding, finding and quoting, exactly as folding.py and anchoring.py do it: what is
// unique here is unique in the build.  comment.js fetches this script.

// What Python's \s matches, and what prints nothing.
const SPACE = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const MUTE = "\\xad\\u200b\\u2060\\ufeff";
const BLANK = SPACE + MUTE;
const DASHES = "‐‑‒–—―−－֊־᐀᠆⸗⸚⸺⸻⹀⹝︱︲﹘﹣𐺭";
const TYPOGRAPHY = new RegExp(
  "(?<quote>[«‹][\\xa0\\u202f]?|[\\xa0\\u202f]?[»›]|[\"“”„‟″＂〝〞「」『』‘’‚‛′ʼʻ＇`´׳״՚])"
  + `|(?<dash>[-${DASHES}]{2,}|[${DASHES}])`
  + `|(?<dots>[${BLANK}]*(?:…|\\.\\.\\.|\\.(?:[${BLANK}]*[${SPACE}][${BLANK}]*\\.){2}(?!\\.\\.)))`
  + `|(?<blank>[${BLANK}]{2,}|(?! )[${SPACE}]|[${MUTE}])`,
  "gu",
);
const SPACES = new RegExp(`[${SPACE}]+`, "gu");
const LEADING = new RegExp(`^[${SPACE}]+`, "u");
const TRAILING = new RegExp(`[${SPACE}]+$`, "u");

/** A text folded, and for each folded character where its original starts and ends. */
function fold(text) {
  const changes = [];
  const change = (start, end, becomes) => changes.push({ start, end, becomes });
  for (const { 0: found, index, groups } of text.matchAll(TYPOGRAPHY)) {
    const blank = found.search(SPACES) >= 0 ? " " : "";
    const becomes = groups.quote ? "'" : groups.dash ? "-" : groups.dots ? "…" : blank;
    change(index, index + found.length, becomes);
  }
  for (const { 0: found, index } of text.matchAll(/[^][\p{M}\u1160-\u11ff]*/gu)) {
    const normal = found.normalize("NFC");
    if (normal !== found) change(index, index + found.length, normal);
  }
  changes.sort((a, b) => a.start - b.start || a.end - b.end);
  const starts = [];
  const ends = [];
  let folded = "";
  let at = 0;
  const put = (piece, start, end, copied) => {
    const bare = folded ? piece : piece.replace(LEADING, "");
    const from = copied ? end - bare.length : start;
    for (let n = 0; n < bare.length; n += 1) {
      starts.push(copied ? from + n : start);
      ends.push(copied ? from + n + 1 : end);
    }
    folded += bare;
    at = end;
  };
  for (const { start, end, becomes } of changes) {
    if (start < at) continue;
    put(text.slice(at, start), at, start, true);
    put(becomes, start, end, false);
  }
  put(text.slice(at), at, text.length, true);
  return { text: folded.replace(TRAILING, ""), starts, ends };
}

/** The text of the whole edition, folded into one string for searching. */
class WholeText {
  constructor(passages) {
    let length = 0;
    this.passages = passages.map(([id, text]) => {
      const passage = { id, original: text, ...fold(text), at: length };
      length += passage.text.length + 1;
      return passage;
    });
    this.whole = this.passages.map((passage) => passage.text).join("\n");
    this.context = this.whole.replaceAll("\n", " ");
  }

  /** Where folded words stand, after a prefix and before a suffix. */
  find(exact, prefix = "", suffix = "") {
    const found = [];
    for (let at = this.whole.indexOf(exact); exact && at >= 0; at = this.whole.indexOf(exact, at + 1)) {
      if (this.follows(at, prefix) && this.precedes(at + exact.length, suffix)) found.push(at);
    }
    return found;
  }

  follows(at, prefix) {
    return this.context.endsWith(prefix, this.lastBefore(at));
  }

  precedes(at, suffix) {
    return this.context.startsWith(suffix, this.firstAfter(at));
  }

  lastBefore(at) {
    while (at && this.context[at - 1] === " ") at -= 1;
    return at;
  }

  firstAfter(at) {
    while (this.context[at] === " ") at += 1;
    return at;
  }

  /** The words as they are printed, on one line. */
  printed(start, end) {
    const parts = this.passages
      .map(({ at, text, original, starts, ends }) => {
        const [from, to] = [Math.max(start - at, 0), Math.min(end - at, text.length)];
        return from < to ? original.slice(starts[from], ends[to - 1]) : "";
      });
    return parts.join(" ").replace(SPACES, " ").trim();
  }

  /** A quote of the words from start to end that means no other place: BaseText.single_out. */
  quote(start, end) {
    const exact = this.whole.slice(start, end);
    const quoted = { exact: this.printed(start, end) };
    const rivals = this.find(exact).filter((at) => at !== start);
    if (!rivals.length) return quoted;
    const [last, first] = [this.lastBefore(start), this.firstAfter(end)];
    // Where words begin before, and end after, from near to far.
    const befores = this.spaces(0, last).map((at) => at + 1).reverse().concat(0);
    const afters = this.spaces(first, this.context.length).concat(this.context.length);
    const prefix = (n) => this.context.slice(befores[Math.min(n, befores.length - 1)], last);
    const suffix = (n) => this.context.slice(first, afters[Math.min(n, afters.length - 1)]);
    const tells = ([before, after]) => !rivals.some(
      (at) => this.follows(at, before) && this.precedes(at + exact.length, after),
    );
    const most = Math.max(befores.length, afters.length);
    const fewest = (context) => {
      let n = 0;
      while (n < most && !tells(context(n))) n += 1;
      return n < most ? [context(n)] : [];
    };
    // The shorter of what tells on one side, the prefix if both are as long; or else both.
    const size = (sides) => [...sides.join("")].length;
    const oneSided = [...fewest((n) => [prefix(n), ""]), ...fewest((n) => ["", suffix(n)])];
    oneSided.sort((a, b) => size(a) - size(b));
    const [before, after] = oneSided[0] ?? fewest((n) => [prefix(n), suffix(n)])[0];
    if (before) quoted.prefix = this.printed(last - before.length, last);
    if (after) quoted.suffix = this.printed(first, first + after.length);
    return quoted;
  }

  spaces(start, end) {
    return [...this.context.slice(start, end).matchAll(/ /g)].map(({ index }) => start + index);
  }
}
