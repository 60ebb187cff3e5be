// What Zotero takes from built pages and from copied citations, by its own translators:
// node zotero.mjs NODE_MODULES ADDRESS HTML PAGE... < {"a name": "a citation"}
// writes {"pages": {PAGE: items}, "citations": {name: items}} as JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [modules, address, html, ...pages] = process.argv.slice(2);
const require = createRequire(join(modules, "_"));
const { JSDOM } = require("jsdom");
// It tells what it does, and the answer is to stand alone.
console.log = console.error;
require("zotero-translators"); // 541 of them, and Zotero's own code, as a global

const { Translate } = globalThis.Zotero;

async function saved(translate) {
  const found = await translate.getTranslators();
  if (!found.length) return [];
  translate.setTranslator(found[0]);
  // Of a page with several, all.
  translate.setHandler("select", (_, items, choose) => choose(items));
  const items = await translate.translate({ libraryID: false, saveAttachments: false });
  return items.map((item) => ({ ...item, translator: found[0].label }));
}

const answer = { pages: {}, citations: {} };
const windows = []; // a page whose window is gone answers nothing
for (const page of pages) {
  const url = address + page;
  const { window } = new JSDOM(readFileSync(join(html, page)), { url });
  windows.push(window);
  // An attribute is no node in this jsdom, and has no place among others: of two authors, say.
  window.Attr.prototype.compareDocumentPosition = function (other) {
    return this.ownerElement.compareDocumentPosition(other.ownerElement);
  };
  const web = new Translate.Web();
  web.setDocument(window.document);
  web.setLocation(url, url);
  answer.pages[page] = await saved(web);
}
for (const [name, citation] of Object.entries(JSON.parse(readFileSync(0)))) {
  const read = new Translate.Import();
  read.setString(citation);
  answer.citations[name] = await saved(read);
}
process.stdout.write(JSON.stringify(answer), () => process.exit(0));
