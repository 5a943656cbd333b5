import type { Paper } from './paper.ts';

/** The one stylesheet of a document's page: allowed by its hash, and nothing else is. */
export const paperStyles =
  'body{margin:2rem auto;max-width:44rem;padding:0 1rem;font:16px/1.5 system-ui,sans-serif;color:#1c1917;background:#fff}' +
  'header{display:flex;flex-wrap:wrap;justify-content:space-between;gap:1rem;border-bottom:2px solid #1c1917;padding-bottom:1rem}' +
  'h1{font-size:1.5rem;margin:0}h2{font-size:.9rem;color:#57534e;margin:1.5rem 0 .25rem}p{margin:0;overflow-wrap:anywhere}section>p:first-child{margin-top:1.5rem}' +
  '.brand{font-size:1.25rem;font-weight:700}.parties{display:flex;flex-wrap:wrap;gap:0 3rem}.parties>*{flex:1 1 15rem}' +
  'table{width:100%;border-collapse:collapse;margin-top:1.5rem}caption{position:absolute;clip-path:inset(50%)}' +
  'th,td{padding:.4rem .5rem .4rem 0;text-align:left;vertical-align:top;overflow-wrap:anywhere}' +
  'thead th{border-bottom:1px solid #1c1917}tbody tr+tr>*{border-top:1px solid #d6d3d1}' +
  '.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}.facts th{font-weight:400;color:#57534e;width:35%}' +
  '.sums{margin-left:auto;max-width:24rem}.sums th{font-weight:400}.sums .total>*{font-weight:700;border-top:2px solid #1c1917}' +
  '.test{font-weight:700;color:#9a3412;margin-top:1rem}@media print{body{margin:0;max-width:none}}';

/** A document as a whole page: no script, nothing from elsewhere, every text escaped. */
export function paperHtml(paper: Paper): string {
  const { heads } = paper;
  return markup`<!doctype html>
<html lang="${paper.locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${paper.kind} ${paper.number}</title><style>${new Markup(paperStyles)}</style></head><body>
<header><p class="brand"><bdi>${paper.brandName}</bdi></p><h1>${paper.kind} <bdi>${paper.number}</bdi></h1></header>
${paper.testLine === null ? '' : markup`<p class="test">${paper.testLine}</p>`}
<div class="parties">${paper.parties.map(
    ({ title, lines }) =>
      markup`<section><h2>${title}</h2>${lines.map((line) => markup`<p><bdi>${line}</bdi></p>`)}</section>`,
  )}</div>
<table class="facts"><tbody>${paper.facts.map(
    ([term, value]) => markup`<tr><th scope="row">${term}</th><td><bdi>${value}</bdi></td></tr>`,
  )}</tbody></table>
<table><thead><tr><th scope="col">${heads.description}</th><th scope="col" class="n">${heads.quantity}</th><th scope="col" class="n">${heads.unitPrice}</th><th scope="col" class="n">${heads.amount}</th></tr></thead>
<tbody>${paper.lines.map(
    (line) =>
      markup`<tr><td><bdi>${line.description}</bdi></td><td class="n">${line.quantity}</td><td class="n">${line.unitPrice}</td><td class="n">${line.amount}</td></tr>`,
  )}</tbody></table>
<table class="sums"><tbody>${paper.sums.map(
    ({ term, value, isTotal }) =>
      markup`<tr${isTotal ? markup` class="total"` : ''}><th scope="row">${term}</th><td class="n">${value}</td></tr>`,
  )}</tbody></table>
${paper.notes.map(
  ({ title, lines }) =>
    markup`<section>${title === null ? '' : markup`<h2>${title}</h2>`}${lines.map((line) => markup`<p><bdi>${line}</bdi></p>`)}</section>`,
)}
</body></html>
`.text;
}

/** Text that is HTML already. */
class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | Markup | readonly Markup[];

/** HTML with its values escaped, unless they are markup themselves. */
function markup(pieces: TemplateStringsArray, ...values: readonly Part[]): Markup {
  return new Markup(pieces.reduce((whole, piece, at) => `${whole}${textOf(values[at - 1] ?? '')}${piece}`));
}

function textOf(value: Part): string {
  if (value instanceof Markup) return value.text;
  return typeof value === 'string' ? escapeText(value) : value.map((one) => one.text).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  // Control characters have no place in a page.
  return text.replace(/[\p{Cc}]/gu, ' ').replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}
