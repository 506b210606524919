/** The style sheet and the script of the HTML report. Both are in the page, which is self-contained. */

/** Colors for light and dark; print shows the content of closed parts too. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5c636b; --page: #fff; --box: #f4f6f8; --line: #d5dae0;
  --bad: #b3261e; --odd: #8a5300; --good: #1b6e3c; --link: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --dim: #a2a9b1; --page: #14171a; --box: #1e2327; --line: #363d44;
    --bad: #ff8a80; --odd: #f2b84b; --good: #7ad99b; --link: #8ab4f8; } }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { scroll-padding-top: 4.5rem; }
body { margin: 0 auto; max-width: 76rem; padding: 1rem 1.25rem 4rem; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 1rem 0 0; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 0; font-size: 1rem; display: inline; } p { margin: .25rem 0; }
code, pre, svg text, .card li { font: 13px/1.5 ui-monospace, monospace; }
a { color: var(--link); } nav a { margin-right: 1rem; }
.bar { position: sticky; top: 0; z-index: 1; display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; padding: .6rem 0;
  background: var(--page); border-bottom: 1px solid var(--line); }
input, button { font: inherit; font-size: .9rem; padding: .25rem .6rem; color: var(--ink); background: var(--page);
  border: 1px solid var(--line); border-radius: 4px; }
input { flex: 1 1 12rem; min-width: 0; } button { cursor: pointer; }
.fail, .missing { color: var(--bad); } .warn, .changed, .renamed, .extra { color: var(--odd); } .pass, .info { color: var(--good); }
.dim, .skip, .not-applicable { color: var(--dim); }
summary { cursor: pointer; }
article { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; padding: .7rem 1rem; margin: .8rem 0; }
article.fail, article.warn, article.info { color: inherit; }
article.warn { border-left-color: var(--odd); } article.info { border-left-color: var(--good); }
article summary { margin-bottom: .4rem; } article ul { margin: .25rem 0; padding-left: 1.2rem; overflow-wrap: anywhere; }
del, ins { display: block; padding: .15rem .6rem; text-decoration: none; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--box); border-left: 3px solid; font: 13px/1.5 ui-monospace, monospace; }
del { border-color: var(--bad); } del::before { content: "have  "; color: var(--bad); }
ins { border-color: var(--good); } ins::before { content: "want  "; color: var(--good); }
.fix { position: relative; margin: .5rem 0; } .fix pre { margin: 0; padding: .6rem 5rem .6rem .6rem; background: var(--box);
  border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.fix button { position: absolute; top: .35rem; right: .35rem; font-size: .8rem; padding: .15rem .6rem; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } .map { margin: .5rem 0 1rem; }
pre.plan { background: var(--box); padding: .6rem; border-radius: 6px; overflow-x: auto; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: .6rem; align-items: start; }
.card { border: 1px solid var(--line); border-radius: 6px; padding: .4rem .7rem; background: var(--box); min-width: 0; }
.card.differs { border-left: 4px solid var(--odd); } .card:target { outline: 2px solid var(--link); }
.card summary { overflow-wrap: anywhere; } .card summary code { font-weight: 700; }
.card ul { list-style: none; margin: .3rem 0; padding: 0; } .card li { white-space: pre-wrap; overflow-wrap: anywhere; }
.card li.minor.same { color: var(--dim); } .card li:not(.same) { font-weight: 600; }
svg rect { fill: var(--box); stroke: var(--line); stroke-width: 1.5; } svg text { fill: var(--ink); white-space: pre; }
svg .node:hover rect, svg .node:focus rect { stroke: var(--link); stroke-width: 2; } svg .node.off { opacity: .25; }
svg rect:is(.missing, .extra, .changed, .renamed) { stroke: currentColor; } svg rect:is(.missing, .extra) { stroke-dasharray: 6 4; }
svg text:is(.missing, .extra, .changed, .renamed) { fill: currentColor; font-weight: 600; }
svg .key { fill: none; stroke: var(--dim); stroke-width: 1.2; } svg circle.key { fill: var(--dim); }
@media print {
  .bar, .fix button, nav { display: none; }
  body { max-width: none; padding: 0; font-size: 11pt; }
  details::details-content { content-visibility: visible; height: auto; }
  .wide { overflow: visible; } svg { max-width: 100%; height: auto; max-height: 24cm; }
  .fix pre { padding-right: .6rem; } .plan { white-space: pre-wrap; overflow-wrap: anywhere; }
  article, .card, tr, h2, h3, .fix { break-inside: avoid; } h2 { break-after: avoid; }
}
`;

/**
 * Filters the page, opens and closes its parts, and copies fixes. Without a clipboard (the page may be opened from a file) the copy button
 * selects the text. `announce` writes to the status line, which screen readers read aloud. `openBefore` keeps the parts that were open
 * before a search, and the end of the search restores them.
 */
export const SCRIPT = `
const all = (selector) => [...document.querySelectorAll(selector)];
const announce = (text) => { document.getElementById('said').textContent = text; };
const search = document.getElementById('search');
const openBefore = new Map();

function filterPage() {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
  const isMatch = (text) => words.every((word) => text.toLowerCase().includes(word));
  const items = all('.item');
  for (const item of items) item.hidden = !isMatch(item.textContent);
  for (const node of all('.node')) node.classList.toggle('off', !isMatch(node.textContent));
  for (const section of all('section')) {
    const entries = [...section.querySelectorAll('.item')];
    section.hidden = entries.length > 0 && entries.every((item) => item.hidden);
  }
  const found = items.filter((item) => !item.hidden).length;
  for (const part of all('details')) {
    if (words.length > 0 && !openBefore.has(part)) openBefore.set(part, part.open);
    const isFound = part.matches('.item') ? !part.hidden : part.querySelector('.item:not([hidden])') !== null;
    if (words.length > 0) part.open = isFound || part.closest('.item') !== null;
    else if (openBefore.has(part)) part.open = openBefore.get(part);
  }
  if (words.length === 0) openBefore.clear();
  announce(words.length === 0 ? '' : found + ' of ' + items.length + ' entries match');
}

async function copy(button) {
  const text = button.parentElement.querySelector('pre');
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(text);
    button.textContent = 'Selected';
  }
  announce(button.textContent);
  setTimeout(() => { button.textContent = 'Copy'; }, 2000);
}

function openTarget() {
  const target = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
  for (let part = target || null; part !== null; part = part.parentElement?.closest('details') ?? null) {
    if (part.matches('details')) part.open = true;
    else part.querySelector(':scope > details')?.setAttribute('open', '');
  }
}

document.addEventListener('click', ({ target }) => {
  if (target.matches('.fix button')) void copy(target);
  if (target.id === 'open-all') for (const part of all('details')) part.open = true;
  if (target.id === 'close-all') for (const part of all('details')) part.open = false;
});
search.addEventListener('input', filterPage);
addEventListener('hashchange', openTarget);
openTarget();
document.querySelector('.bar').hidden = false;
`;
