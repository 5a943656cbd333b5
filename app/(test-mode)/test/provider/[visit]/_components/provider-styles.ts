/** A look of its own, so that nobody takes this page for the portal. */
export const providerStyles = [
  ':root{color-scheme:light dark;--page:#f1edfa;--card:#fff;--text:#1d1530;--quiet:#574d70;--line:#8d7fb3;--main:#4b2a9b;--ink:#fff;--warn:#7a1f1f;--warn-page:#fbe9e9}',
  '@media(prefers-color-scheme:dark){:root{--page:#17112b;--card:#221a3b;--text:#f2eeff;--quiet:#c0b4e0;--line:#7d6fb0;--main:#cbb8ff;--ink:#1d1530;--warn:#ffb4b4;--warn-page:#3b1a20}}',
  'body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;overflow-wrap:anywhere}',
  '.bar{background:repeating-linear-gradient(45deg,#2b1a5e 0 14px,#3a2478 14px 28px);color:#fff;padding:.75rem 1rem;font-weight:700}',
  '.bar p{margin:0;max-width:40rem;margin-inline:auto}.bar .small{font-weight:400}',
  'main{max-width:40rem;margin:0 auto;padding:1rem}h1{font-size:1.4rem;margin:.5rem 0}h2{font-size:1.1rem;margin:0 0 .5rem}',
  '.card{background:var(--card);border:2px dashed var(--line);padding:1rem;margin:1rem 0}',
  'label{display:block;margin:.5rem 0 .25rem}input,select{font:inherit;min-height:44px;width:100%;box-sizing:border-box;padding:0 .6rem;border:1px solid var(--line);background:var(--page);color:var(--text)}',
  'button{font:inherit;font-weight:700;min-height:44px;width:100%;margin-top:.75rem;padding:.4rem 1rem;border:2px solid var(--main);background:var(--main);color:var(--ink);cursor:pointer}',
  'button.plain{background:transparent;color:var(--text);border-color:var(--line)}',
  '.problem{border:2px solid var(--warn);background:var(--warn-page);color:var(--warn);padding:.75rem;margin:1rem 0}',
  '.big{font-size:1.4rem;font-weight:700;letter-spacing:.05em}',
  'summary{cursor:pointer;padding:.6rem 0;margin-top:.5rem;font-weight:700}',
  '.numbers{list-style:none;margin:0;padding:0}.numbers li{border-top:1px solid var(--line);padding:.6rem 0}.numbers .quiet{color:var(--quiet)}',
  ':focus-visible{outline:3px solid var(--text);outline-offset:2px}',
].join('');
