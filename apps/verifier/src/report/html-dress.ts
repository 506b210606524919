/** The look of the HTML report, in light and in dark, and the one thing on it that moves: the copy buttons. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1c2024; --dim: #5c636b; --paper: #fff; --box: #f4f6f8; --line: #d5dae0;
  --bad: #b3261e; --odd: #8a5300; --good: #1b6e3c; --link: #0b57d0; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e8eb; --dim: #a2a9b1; --paper: #14171a; --box: #1e2327; --line: #363d44;
    --bad: #ff8a80; --odd: #f2b84b; --good: #7ad99b; --link: #8ab4f8; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; margin: 1rem 0 0; } h2 { margin: 2.5rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 0 0 .5rem; font-size: 1rem; } p { margin: .25rem 0; }
code, pre, svg text { font: 13px/1.5 ui-monospace, monospace; }
nav a { margin-right: 1rem; } a { color: var(--link); }
.fail, .missing { color: var(--bad); } .warn, .changed, .renamed, .extra { color: var(--odd); } .pass, .info { color: var(--good); }
.dim, .skip, .not-applicable { color: var(--dim); }
article { border: 1px solid var(--line); border-left: 4px solid var(--bad); border-radius: 6px; padding: 1rem; margin: 1rem 0; }
article.warn { border-left-color: var(--odd); color: inherit; } article.info { border-left-color: var(--good); color: inherit; }
article.fail { color: inherit; }
del, ins { display: block; padding: .15rem .6rem; text-decoration: none; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--box); border-left: 3px solid; font: 13px/1.5 ui-monospace, monospace; }
del { border-color: var(--bad); } del::before { content: "have  "; color: var(--bad); }
ins { border-color: var(--good); } ins::before { content: "want  "; color: var(--good); }
.fix { position: relative; margin: .5rem 0; } .fix pre { margin: 0; padding: .6rem 5rem .6rem .6rem; background: var(--box);
  border-radius: 6px; white-space: pre-wrap; overflow-wrap: anywhere; }
.fix button { position: absolute; top: .35rem; right: .35rem; font: inherit; font-size: .8rem; cursor: pointer; padding: .15rem .6rem;
  color: var(--ink); background: var(--paper); border: 1px solid var(--line); border-radius: 4px; }
:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line);
  vertical-align: top; } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
.wide { overflow-x: auto; } summary { cursor: pointer; }
pre.plan { background: var(--box); padding: .6rem; border-radius: 6px; overflow-x: auto; }
svg { max-width: 100%; height: auto; } svg rect { fill: var(--box); stroke: var(--line); stroke-width: 1.5; }
svg rect.missing, svg rect.extra { stroke-dasharray: 6 4; stroke: currentColor; } svg text { fill: var(--ink); white-space: pre; }
svg text.head { font-weight: 700; } svg text.minor.same { fill: var(--dim); }
svg text.missing, svg text.extra, svg text.changed, svg text.renamed { fill: currentColor; font-weight: 600; }
svg .key { fill: none; stroke: var(--dim); stroke-width: 1.5; } svg circle.key { fill: var(--dim); }
@media print { .fix button, nav { display: none; } }
`;

/** Says aloud that something was copied, too. Without a clipboard (a page opened from a file, say) it selects the text. */
export const SCRIPT = `
document.addEventListener('click', async ({ target }) => {
  if (!target.matches('.fix button')) return;
  const text = target.parentElement.querySelector('pre');
  try {
    await navigator.clipboard.writeText(text.textContent);
    target.textContent = 'Copied';
  } catch {
    getSelection().selectAllChildren(text);
    target.textContent = 'Selected';
  }
  document.getElementById('said').textContent = target.textContent;
  setTimeout(() => { target.textContent = 'Copy'; }, 2000);
});
`;
