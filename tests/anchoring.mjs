// Anchors the annotations of a built edition by Apache Annotator, from their selectors alone:
// node anchoring.mjs NODE_MODULES HTML; writes what each selector found, as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, html] = process.argv.slice(2);
const { JSDOM } = createRequire(join(modules, "_"))("jsdom");
const window = new JSDOM("").window;
for (const name of ["document", "Node", "NodeFilter", "Range", "Text", "Element", "Document", "AbstractRange"]) {
  globalThis[name] = window[name];
}
const library = join(modules, "@apache-annotator/dom/lib/index.js");
const annotator = await import(pathToFileURL(library));
const makers = {
  TextQuoteSelector: annotator.createTextQuoteSelectorMatcher,
  TextPositionSelector: annotator.createTextPositionSelectorMatcher,
};

const pages = new Map();
const page = (path) => {
  if (!pages.has(path)) {
    const document = new JSDOM(readFileSync(join(html, path))).window.document;
    const extras = "[role=doc-noteref], .passage-number, .cross-reference";
    for (const extra of document.querySelectorAll(extras)) extra.remove();
    document.body.normalize();
    pages.set(path, document);
  }
  return pages.get(path);
};

const found = [];
const { first } = JSON.parse(readFileSync(join(html, "annotations.jsonld")));
for (const item of first.items) {
  for (const { source, selector } of item.target) {
    globalThis.document = page(source);
    for (const { value, refinedBy } of selector) {
      const words = [];
      const match = makers[refinedBy.type](refinedBy);
      for await (const range of match(page(source).getElementById(value))) words.push(String(range));
      found.push({ id: item.id, sort: refinedBy.type, exact: selector[0].refinedBy.exact, words });
    }
  }
}
console.log(JSON.stringify(found));
