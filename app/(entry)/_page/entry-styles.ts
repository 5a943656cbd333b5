/** The entry page's own few rules: it has to stay under 4 KB, so it does not carry the portal's stylesheet. */
export const entryStyles = [
  ':root{--page:#fff;--text:#16191d;--quiet:#565d66;--amber:#8a5300;--soft:#fff4e0}',
  ':root[data-scheme=dark]{--page:#15171a;--text:#eef0f2;--amber:#ffc56b;--soft:#372a14}',
  '@media(prefers-color-scheme:dark){:root[data-scheme=auto]{--page:#15171a;--text:#eef0f2;--amber:#ffc56b;--soft:#372a14}}',
  'body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 system-ui,sans-serif;overflow-wrap:anywhere}',
  'main{max-width:26rem;margin:0 auto;padding:1.5rem 1rem}h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}',
  'p{margin:.75rem 0}a{color:var(--accent-text);display:inline-block;padding:.65rem 0}a svg{display:none}a span{display:inline-block;max-width:100%;overflow:hidden;text-overflow:ellipsis;white-space:nowrap;direction:rtl;vertical-align:bottom}',
  'button{font:600 1rem/1.5 system-ui,sans-serif;min-height:2.75rem;width:100%;border:0;border-radius:var(--corner);background:var(--accent);color:var(--accent-ink);cursor:pointer}',
  'footer form{display:flex;flex-wrap:wrap;gap:0 .75rem;align-items:center;max-width:26rem;margin:0 auto;padding:0 1rem 1rem}footer>form button{width:auto;padding:0;background:0;color:var(--accent-text);font-weight:400;text-decoration:underline}',
  ':focus-visible{outline:3px solid var(--text);outline-offset:2px}.test{margin:0;padding:.4rem 1rem;background:var(--soft);color:var(--amber);text-align:center;font-weight:600;font-size:.875rem}',
].join('');
