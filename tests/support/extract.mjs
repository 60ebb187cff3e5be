// The words of a PDF as pdf.js gives them, pages parted by form feeds: extract.mjs PDFJS FILE
import fs from "node:fs";
const pdfjs = await import(process.argv[2]);
const data = new Uint8Array(fs.readFileSync(process.argv[3]));
const file = await pdfjs.getDocument({ data, verbosity: 0 }).promise;
const pages = [];
for (let number = 1; number <= file.numPages; number += 1) {
  const page = await file.getPage(number);
  const { items } = await page.getTextContent();
  pages.push(items.map((item) => item.str + (item.hasEOL ? "\n" : "")).join(""));
}
process.stdout.write(pages.join("\f"));
