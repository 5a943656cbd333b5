import { fitAccent } from '@/lib/domain/colour.ts';

/** What a mail says, whole sentences in one language. */
export type Letter = {
  readonly locale: string;
  readonly brandName: string;
  /** `#RRGGBB`, or null for a plain one. */
  readonly accentColour: string | null;
  /** What marks a mail of test mode; null in live mode. */
  readonly testLine: string | null;
  readonly title: string;
  readonly greeting: string;
  readonly paragraphs: readonly string[];
  readonly facts: readonly (readonly [term: string, value: string])[];
  readonly footer: readonly string[];
};

/** A letter as plain text, for readers that show no HTML. */
export function letterText(letter: Letter): string {
  const { brandName, testLine, title, greeting, paragraphs, facts, footer } = letter;
  const blocks = [
    brandName,
    ...(testLine === null ? [] : [testLine]),
    title,
    greeting,
    ...paragraphs,
    facts.map(([term, value]) => `${oneLine(term)}: ${oneLine(value)}`).join('\n'),
    `-- \n${footer.map(oneLine).join('\n')}`,
  ];
  return `${blocks.map((block, at) => (at >= blocks.length - 2 ? block : oneLine(block))).join('\n\n')}\n`;
}

const page = '#ffffff';

/**
 * A letter as a whole HTML page: no link, no picture, no script, nothing from elsewhere, every text escaped. Styles stand
 * in attributes, because many readers drop everything else.
 */
export function letterHtml(letter: Letter): string {
  const { surface } = fitAccent(letter.accentColour ?? '#0f5c4d', page);
  const { brandName, testLine, title, greeting, paragraphs, facts, footer } = letter;
  const paragraph = (text: string) => `<p style="margin:0 0 16px">${bdi(text)}</p>`;
  const row = ([term, value]: readonly [string, string]) =>
    `<tr><th scope="row" style="padding:6px 16px 6px 0;text-align:start;overflow-wrap:normal;font-weight:400;color:#57534e;vertical-align:top">${bdi(term)}</th>` +
    `<td style="padding:6px 0;vertical-align:top;overflow-wrap:anywhere">${bdi(value)}</td></tr>`;
  return `<!doctype html>
<html lang="${escapeText(letter.locale)}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="color-scheme" content="light">
<title>${escapeText(title)}</title></head>
<body style="margin:0;padding:16px;background:#f5f5f4;color:#1c1917;font:16px/1.5 system-ui,-apple-system,'Segoe UI',sans-serif">
<div style="max-width:560px;margin:0 auto;padding:24px;background:${page};border-top:4px solid ${surface};overflow-wrap:anywhere">
<p style="margin:0 0 16px;font-weight:700">${bdi(brandName)}</p>
${testLine === null ? '' : `<p style="margin:0 0 16px;font-weight:700;color:#9a3412">${bdi(testLine)}</p>`}
<h1 style="margin:0 0 16px;font-size:24px;line-height:1.25">${bdi(title)}</h1>
${[greeting, ...paragraphs].map(paragraph).join('\n')}
<table style="border-collapse:collapse;margin:0 0 16px"><tbody>${facts.map(row).join('')}</tbody></table>
<div style="border-top:1px solid #d6d3d1;padding-top:16px;font-size:14px;color:#57534e">${footer.map((line) => `<p style="margin:0">${bdi(line)}</p>`).join('')}</div>
</div></body></html>
`;
}

function bdi(text: string): string {
  return `<bdi>${escapeText(text)}</bdi>`;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? '');
}

/** Control characters have no place in a letter, and what others wrote starts no line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ');
}
