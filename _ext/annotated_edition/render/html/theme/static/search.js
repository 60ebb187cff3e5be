"use strict";
// The search page: words looked up in search-data.js, which has the text, notes and lists.

const input = document.getElementById("find");
const said = document.getElementById("search-said");
const results = document.getElementById("search-results");

/** How many are shown of a group, and how many characters around the words. */
const SHOWN = 12;
const AROUND = 90;
/** Scripts that part no words by spaces: there a part of a word is looked for. */
const UNPARTED = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;
const WORD = /[\p{L}\p{N}\p{M}]+(?:[.,'’·-][\p{L}\p{N}\p{M}]+)*/gu;

/** Accents, signs that nobody sees (soft hyphens, joiners), and Armenian's stresses, which stand within words. */
const UNHEARD = /[\p{M}\p{Cf}\u055b-\u055e]/u;
const LETTER = /[\p{L}\p{N}]/u;
/** Letters that are typed for each other. */
const ALIKE = { "’": "'", "׳": "'", "ʻ": "'", "ʼ": "'", "՚": "'", "״": '"', "ı": "i", "ς": "σ", "ك": "ک", "ي": "ی", "ى": "ی" };

/** Text without capitals and accents, and where each of its characters stood. */
function fold(text) {
  let plain = "";
  const at = [];
  let index = 0;
  for (const letter of text) {
    const form = LETTER.test(letter) ? "NFKD" : "NFD"; // a wide comma stays one
    for (const each of letter.normalize(form).toLowerCase()) {
      if (UNHEARD.test(each)) continue;
      const part = ALIKE[each] ?? each;
      plain += part;
      for (let unit = 0; unit < part.length; unit += 1) at.push(index);
    }
    index += letter.length;
  }
  at.push(index);
  return { plain, at };
}

let folded = null;
function entries() {
  folded ??= SEARCH_DATA.entries.map(([group, title, label, address, words], order) => ({
    group, title, label, address, words, order,
    inTitle: fold(title), inWords: fold(words),
  }));
  return folded;
}

const escaped = (text) => text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
const isUnparted = (word) => UNPARTED.test(word);
/** Words that begin so; characters where no space parts words. */
const pattern = (word) => new RegExp(isUnparted(word) ? escaped(word) : `(?<![\\p{L}\\p{N}])${escaped(word)}`, "gu");

function stem(word) {
  if (typeof Stemmer !== "function" || !/^[\p{L}]+$/u.test(word)) return word;
  const stemmed = new Stemmer().stemWord(word);
  return word.startsWith(stemmed) && stemmed.length > 2 ? stemmed : word;
}

/** Forms to look for, the exact one first: the stem, then with less and less of the ending. */
function formsOf(word) {
  if (isUnparted(word) || /\p{N}/u.test(word)) return [word];
  const forms = [word, stem(word)];
  for (let cut = 1; cut < 4 && word.length - cut > 3; cut += 1) forms.push(word.slice(0, -cut));
  return forms;
}

/** The words of a query, each as the first form that occurs anywhere; in "quotes" as they stand. */
function wordsOf(query) {
  const found = [];
  const loose = query.replace(/["“”„«]([^"“”„«»]+)["”“»]/g, (_all, phrase) => {
    found.push({ exact: fold(phrase.trim()).plain });
    return " ";
  });
  found.push(...(fold(loose).plain.match(WORD) ?? []).map((word) => ({ exact: word })));
  for (const word of found) {
    const forms = word.exact.includes(" ") ? [word.exact] : formsOf(word.exact);
    const patterns = [...new Set(forms)].map(pattern);
    const first = patterns.find((it) => entries().some(({ inTitle, inWords }) => inTitle.plain.search(it) >= 0 || inWords.plain.search(it) >= 0));
    // A form that occurs exactly may still be less than what its stem finds.
    const stemmed = pattern(forms[1] ?? word.exact);
    word.patterns = first ? [...new Set([patterns[0], stemmed, first])] : [];
  }
  return found.filter(({ exact }) => exact);
}

const count = (text, it) => (text.match(it) ?? []).length;

/** How well an entry has a word: nothing, or more for titles and exact forms. */
function score(entry, { exact, patterns }) {
  let points = 0;
  patterns.forEach((it, less) => {
    const weight = 1 / (1 + less);
    points = Math.max(points, 12 * weight * Math.min(1, count(entry.inTitle.plain, it)), weight * Math.min(6, count(entry.inWords.plain, it)));
    if (points && entry.inTitle.plain === exact) points += 20;
  });
  return points;
}

function find(query) {
  const words = wordsOf(query);
  const phrase = words.length > 1 ? pattern(words.map(({ exact }) => exact).join(" ")) : null;
  const found = [];
  for (const entry of words.length ? entries() : []) {
    const points = words.map((word) => score(entry, word));
    const had = points.filter(Boolean).length;
    if (!had) continue;
    let total = points.reduce((sum, one) => sum + one, 0);
    if (phrase && (entry.inTitle.plain.search(phrase) >= 0 || entry.inWords.plain.search(phrase) >= 0)) total += 25;
    found.push({ entry, had, total });
  }
  const whole = found.filter(({ had }) => had === words.length);
  const kept = whole.length ? whole : found;
  // Passages keep the order of the text, but for those that have the very phrase.
  const rank = ({ entry, total }) => (entry.group ? total : total > 25);
  kept.sort((one, other) => other.had - one.had || rank(other) - rank(one) || one.entry.order - other.entry.order);
  return { words, phrase, kept, partial: !whole.length && found.length > 0 };
}

/** Where the words stand in a folded text, from left to right, none upon another. */
function spans({ plain, at }, words, phrase) {
  const all = [];
  for (const it of [phrase, ...words.flatMap(({ patterns }) => patterns)]) {
    if (it) for (const match of plain.matchAll(it)) all.push([match.index, match.index + match[0].length]);
  }
  all.sort((one, other) => one[0] - other[0] || other[1] - one[1]);
  return all.filter(([start], n) => !all.slice(0, n).some(([, end]) => end > start))
    .map(([start, end]) => [at[start], at[end]]);
}

function create(name, className, ...content) {
  const element = Object.assign(document.createElement(name), { className });
  element.append(...content);
  return element;
}

/** A stretch of text with the words marked. */
function marked(text, places, from = 0, to = text.length) {
  const nodes = [];
  let last = from;
  for (const [start, end] of places) {
    if (start < last || end > to) continue;
    nodes.push(text.slice(last, start), create("mark", "", text.slice(start, end)));
    last = end;
  }
  return [...nodes, text.slice(last, to)];
}

/** The words around the place where most of those looked for stand together. */
function excerpt({ words: text, inWords }, words, phrase) {
  const places = spans(inWords, words, phrase);
  if (!places.length) return text ? [`${text.slice(0, 2 * AROUND)}${text.length > 2 * AROUND ? " …" : ""}`] : [];
  const phrasePlaces = phrase ? spans(inWords, [], phrase) : [];
  const crowd = (place) => places.filter(([start]) => start >= place[0] && start < place[0] + AROUND).length;
  const centre = phrasePlaces[0] ?? places.reduce((best, one) => (crowd(one) > crowd(best) ? one : best));
  let from = Math.max(0, centre[0] - AROUND);
  let to = Math.min(text.length, centre[1] + AROUND);
  // Whole words, if there is one to begin with.
  if (from) from += Math.max(0, text.slice(from, centre[0]).search(/\s/) + 1);
  if (to < text.length) {
    const tail = text.slice(centre[1], to).search(/\s\S*$/);
    if (tail > 0) to = centre[1] + tail;
  }
  return [from ? "… " : "", ...marked(text, places, from, to), to < text.length ? " …" : ""];
}

function item({ entry }, words, phrase) {
  const link = create("a", "", ...marked(entry.title, spans(entry.inTitle, words, phrase)));
  link.href = entry.address;
  const head = create("p", "", link);
  if (entry.label) head.append(" ", create("span", "search-label", entry.label));
  return create("li", "", head, create("p", "context", ...excerpt(entry, words, phrase)));
}

function show(query) {
  const { words, phrase, kept, partial } = find(query);
  results.replaceChildren();
  const { none, some, one, many } = said.dataset;
  said.textContent = !words.length ? "" : !kept.length ? none : partial ? some : kept.length === 1 ? one : many.replace("%s", kept.length);
  SEARCH_DATA.groups.forEach((name, group) => {
    const members = kept.filter(({ entry }) => entry.group === group);
    if (!members.length) return;
    const list = create("ol", "search-group", ...members.slice(0, SHOWN).map((it) => item(it, words, phrase)));
    results.append(create("h2", "", `${name} (${members.length})`), list);
    if (members.length <= SHOWN) return;
    const more = create("button", "", results.dataset.all.replace("%s", members.length));
    more.type = "button";
    more.addEventListener("click", () => {
      const rest = members.slice(SHOWN).map((it) => item(it, words, phrase));
      list.append(...rest);
      more.remove();
      rest[0].querySelector("a").focus();
    });
    results.append(more);
  });
}

function search() {
  show(input.value);
  // Browsers refuse it to some pages that are opened as files.
  try { history.replaceState(null, "", input.value ? `?q=${encodeURIComponent(input.value)}` : location.pathname); } catch { /* then not */ }
}

let timer = 0;
input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 150); });
input.form.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
input.value = new URLSearchParams(location.search).get("q") ?? "";
show(input.value);
if (!input.value) input.focus();
