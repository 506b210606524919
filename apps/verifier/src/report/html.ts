/** The HTML report: one self-contained file. Open it in a browser, or attach it to a build or a mail. */
import type { Evidence } from '../evidence.ts';
import { isSkipped, type ReportedFinding, type Result, type Status } from '../result.ts';
import { type FindingGroup, groupFindings } from './group-findings.ts';
import { SCRIPT, STYLE } from './html-assets.ts';
import { Markup, markup } from './markup.ts';
import { type Report, verdictOf } from './report.ts';
import { STATUS_WORDS } from './status-words.ts';
import { renderTables } from './table-cards.ts';

export function htmlReport(report: Report): string {
  const sections = listSections(report).filter(({ content }) => content !== undefined);
  const links = sections.map(({ id, title }) => markup`<a href="#${id}">${title}</a>\n`);
  const hasPassed = verdictOf(report) === 'passed';
  const title = hasPassed ? 'The database matches the code' : 'The database differs from the code';
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${hasPassed ? '✓' : '✗'} ${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<h1 class="${hasPassed ? 'pass' : 'fail'}">${hasPassed ? '✓' : '✗'} ${title}</h1>
${renderSummary(report)}
<nav aria-label="Sections">${links}</nav>
</header>
<div class="bar" hidden>
<input type="search" id="search" placeholder="Filter tables, checks, findings" aria-label="Filter tables, checks and findings">
<button type="button" id="open-all">Open all</button>
<button type="button" id="close-all">Close all</button>
<span id="said" role="status" class="dim"></span>
</div>
<main>
${sections.map(
  (section) => markup`<section id="${section.id}" aria-labelledby="${section.id}-title">
<h2 id="${section.id}-title">${section.title}</h2>
${section.content}</section>\n`,
)}</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>\n`.toString();
}

interface Section {
  readonly id: string;
  readonly title: string;
  /** Undefined when there is nothing to show. */
  readonly content: Markup | undefined;
}

/** All sections in their order on the page. A section without content is left out later. */
function listSections({ results, comparison }: Report): Section[] {
  const evidence = results.flatMap((result) => result.evidence ?? []);
  const groups = groupFindings(results, { withInfos: true });
  return [
    {
      id: 'findings',
      title: 'Findings',
      content: groups.length === 0 ? undefined : markup`${groups.map(renderGroup)}`,
    },
    { id: 'tables', title: 'Tables', content: comparison && renderTables(comparison) },
    { id: 'migrations', title: 'Migrations', content: renderHistory(evidence) },
    { id: 'latency', title: 'Latency', content: renderLatencies(evidence) },
    { id: 'plans', title: 'Plans', content: renderPlans(evidence) },
    { id: 'identity', title: 'Database', content: renderIdentity(evidence) },
    { id: 'not-run', title: 'Not run', content: renderSkips(results.filter(isSkipped)) },
    { id: 'checks', title: 'All checks', content: renderChecks(results) },
  ];
}

function renderSummary({ database, summary }: Report): Markup {
  const { passed, failed, warned, skipped, notApplicable, durationMs } = summary;
  return markup`<p>${database === undefined ? undefined : markup`<code>${database}</code><br>`}
${passed} passed, ${failed} failed, ${warned} warned, ${skipped} skipped, ${notApplicable} not applicable,
in ${(durationMs / 1000).toFixed(1)} s</p>`;
}

/** A group of findings, which can be opened and closed. At first an info is closed, because it needs no action. */
function renderGroup({ result, shown, more, consequences, stopped }: FindingGroup): Markup {
  const { id, title, status } = result;
  const items = consequences.map((text) => markup`<li><code>${text}</code></li>`);
  return markup`<article class="item ${status}" aria-labelledby="${id}">
<details${status === 'info' ? undefined : OPEN}><summary><h3 id="${id}">${markOf(status)} <code>${id}</code> ${title}</h3></summary>
${shown.map(renderFinding)}${more.map((text) => markup`<p>${text}</p>\n`)}${
    items.length === 0 ? undefined : markup`<p>Follows from this:</p><ul>${items}</ul>\n`
  }${
    stopped.length === 0 ? undefined : markup`<p>Not run because of this: ${stopped.join(', ')}</p>\n`
  }</details></article>\n`;
}

const OPEN = markup` open`;

function renderFinding({ have, want, why, fix, places = [] }: ReportedFinding): Markup {
  const lines = places.map(({ file, line }) => markup`<code>${file}:${line}</code> `);
  return markup`<del>${have}</del><ins>${want}</ins>
<p>${why}</p>
<div class="fix"><pre>${fix}</pre><button type="button" aria-label="Copy the fix">Copy</button></div>
${lines.length === 0 ? undefined : markup`<p class="dim">${lines}</p>\n`}`;
}

function markOf(status: Status): Markup {
  const { symbol, word } = STATUS_WORDS[status];
  return markup`<span class="${status}">${symbol} ${word}</span>`;
}

function renderHistory(evidence: readonly Evidence[]): Markup | undefined {
  const rows = evidence.flatMap((each) => (each.kind === 'migrations' ? each.migrations : []));
  return renderTable(
    ['Migration', 'State', 'Applied at'],
    rows.map(({ name, state, appliedAt }) => [
      markup`<code>${name}</code>`,
      markup`<span class="${state === 'applied' ? 'pass' : 'fail'}">${state}</span>`,
      appliedAt === undefined ? 'not recorded' : appliedAt.toISOString(),
    ]),
  );
}

function renderLatencies(evidence: readonly Evidence[]): Markup | undefined {
  const rows = evidence.filter((each) => each.kind === 'latency');
  return renderTable(
    ['Transport', 'First query, ms', 'Median, ms', '95 of 100 within, ms'],
    rows.map(({ transport, firstMs, medianMs, p95Ms }) => [
      transport,
      firstMs.toFixed(1),
      medianMs.toFixed(1),
      p95Ms.toFixed(1),
    ]),
  );
}

/** Up to this number, all plans are open at first; else all are closed, because a plan can be long. */
const OPEN_PLANS_MAX = 4;

function renderPlans(evidence: readonly Evidence[]): Markup | undefined {
  const plans = evidence.filter((each) => each.kind === 'plan');
  if (plans.length === 0) return undefined;
  const open = plans.length > OPEN_PLANS_MAX ? undefined : OPEN;
  const parts = plans.map(
    ({ what, query, plan }) => markup`<details class="item"${open}><summary><h3>${what}</h3></summary>
<pre class="plan">${query}

${plan}</pre></details>\n`,
  );
  return markup`${parts}`;
}

function renderIdentity(evidence: readonly Evidence[]): Markup | undefined {
  const facts = evidence.flatMap((each) => (each.kind === 'identity' ? Object.entries(each.facts) : []));
  return renderTable(['Property', 'Value'], facts);
}

function renderSkips(skips: readonly Result[]): Markup | undefined {
  return renderTable(
    ['Check', 'Reason'],
    skips.map(({ id, status, reason = '' }) => [markup`<code>${id}</code>`, `${STATUS_WORDS[status].word}: ${reason}`]),
  );
}

/** The table of all checks, failures first. */
function renderChecks(results: readonly Result[]): Markup {
  const order = Object.keys(STATUS_WORDS);
  const sorted = results.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  const table = renderTable(
    ['Check', 'Result', 'Guarantee', 'ms'],
    sorted.map(({ id, status, title, durationMs }) => [markup`<code>${id}</code>`, markOf(status), title, durationMs]),
  );
  return markup`<details><summary>${results.length} checks</summary>\n${table}</details>\n`;
}

/** A table; undefined if there are no rows. */
function renderTable(heads: readonly string[], rows: readonly (readonly (string | number | Markup)[])[]) {
  if (rows.length === 0) return undefined;
  const lines = rows.map((cells) => markup`<tr class="item">${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`);
  return markup`<div class="wide"><table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${lines}</tbody></table></div>\n`;
}
