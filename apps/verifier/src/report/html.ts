/** The HTML report: one self-contained file. Open it in a browser, or attach it to a build or a mail. */
import type { MigrationState } from '@todo/migrator';

import type { Evidence } from '../evidence.ts';
import type { ReportedFinding, Result, Status } from '../result.ts';
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
${section.content}</section>
`,
)}</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`.toString();
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
  const skips = results.filter(({ status }) => status === 'skip' || status === 'not-applicable');
  return [
    { id: 'findings', title: 'Findings', content: renderIfAny(groups, (all) => markup`${all.map(renderGroup)}`) },
    { id: 'tables', title: 'Tables', content: comparison && renderTables(comparison) },
    { id: 'migrations', title: 'Migrations', content: renderIfAny(filterKind(evidence, 'migrations'), renderHistory) },
    { id: 'latency', title: 'Latency', content: renderIfAny(filterKind(evidence, 'latency'), renderLatencies) },
    { id: 'plans', title: 'Plans', content: renderIfAny(filterKind(evidence, 'plan'), renderPlans) },
    { id: 'identity', title: 'Database', content: renderIfAny(filterKind(evidence, 'identity'), renderIdentity) },
    { id: 'not-run', title: 'Not run', content: renderIfAny(skips, renderSkips) },
    { id: 'checks', title: 'All checks', content: renderChecks(results) },
  ];
}

/** Renders a list; undefined if the list is empty. */
function renderIfAny<T>(items: readonly T[], render: (items: readonly T[]) => Markup): Markup | undefined {
  return items.length === 0 ? undefined : render(items);
}

function filterKind<K extends Evidence['kind']>(
  evidence: readonly Evidence[],
  kind: K,
): Extract<Evidence, { kind: K }>[] {
  return evidence.filter((each): each is Extract<Evidence, { kind: K }> => each.kind === kind);
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
  return markup`<article class="item ${status}" aria-labelledby="${id}">
<details${status === 'info' ? undefined : OPEN}><summary><h3 id="${id}">${markOf(status)} <code>${id}</code> ${title}</h3></summary>
${shown.map(renderFinding)}${more && markup`<p>${more}</p>\n`}${renderIfAny(
    consequences,
    (texts) => markup`<p>Follows from this:</p><ul>${texts.map((text) => markup`<li><code>${text}</code></li>`)}</ul>
`,
  )}${renderIfAny(
    stopped,
    (ids) => markup`<p>Not run because of this: ${ids.join(', ')}</p>
`,
  )}</details></article>
`;
}

const OPEN = markup` open`;

function renderFinding({ have, want, why, fix, places = [] }: ReportedFinding): Markup {
  return markup`<del>${have}</del><ins>${want}</ins>
<p>${why}</p>
<div class="fix"><pre>${fix}</pre><button type="button" aria-label="Copy the fix">Copy</button></div>
${renderIfAny(
  places,
  (all) => markup`<p class="dim">${all.map(({ file, line }) => markup`<code>${file}:${line}</code> `)}</p>
`,
)}`;
}

function markOf(status: Status): Markup {
  const { symbol, word } = STATUS_WORDS[status];
  return markup`<span class="${status}">${symbol} ${word}</span>`;
}

function renderHistory(evidence: readonly { readonly migrations: readonly MigrationState[] }[]): Markup {
  const rows = evidence.flatMap(({ migrations }) => migrations);
  return renderTable(
    ['Migration', 'State', 'Applied at'],
    rows.map(({ name, state, appliedAt }) => [
      markup`<code>${name}</code>`,
      markup`<span class="${state === 'applied' ? 'pass' : 'fail'}">${state}</span>`,
      appliedAt === undefined ? 'not recorded' : appliedAt.toISOString(),
    ]),
  );
}

function renderLatencies(evidence: readonly Extract<Evidence, { kind: 'latency' }>[]): Markup {
  return renderTable(
    ['Transport', 'First query, ms', 'Median, ms', '95 of 100 within, ms'],
    evidence.map(({ transport, ...times }) => [
      transport,
      ...[times.firstMs, times.medianMs, times.p95Ms].map((ms) => ms.toFixed(1)),
    ]),
  );
}

/** Up to this number, all plans are open at first; else all are closed, because a plan can be long. */
const OPEN_PLANS_MAX = 4;
function renderPlans(evidence: readonly Extract<Evidence, { kind: 'plan' }>[]): Markup {
  return markup`${evidence.map(
    ({
      what,
      query,
      plan,
    }) => markup`<details class="item"${evidence.length > OPEN_PLANS_MAX ? undefined : OPEN}><summary><h3>${what}</h3></summary>
<pre class="plan">${query}

${plan}</pre></details>
`,
  )}`;
}

function renderIdentity(evidence: readonly Extract<Evidence, { kind: 'identity' }>[]): Markup {
  return renderTable(
    ['Property', 'Value'],
    evidence.flatMap(({ facts }) => Object.entries(facts)),
  );
}

function renderSkips(skips: readonly Result[]): Markup {
  return renderTable(
    ['Check', 'Reason'],
    skips.map(({ id, status, reason }) => [
      markup`<code>${id}</code>`,
      `${STATUS_WORDS[status].word}: ${reason ?? ''}`,
    ]),
  );
}

/** The table of all checks, failures first. */
function renderChecks(results: readonly Result[]): Markup {
  const order = Object.keys(STATUS_WORDS);
  const sorted = results.toSorted((a, b) => order.indexOf(a.status) - order.indexOf(b.status));
  return markup`<details><summary>${results.length} checks</summary>
${renderTable(
  ['Check', 'Result', 'Guarantee', 'ms'],
  sorted.map(({ id, status, title, durationMs }) => [markup`<code>${id}</code>`, markOf(status), title, durationMs]),
)}</details>
`;
}

function renderTable(heads: readonly string[], rows: readonly (readonly (string | number | Markup)[])[]): Markup {
  return markup`<div class="wide"><table>
<thead><tr>${heads.map((head) => markup`<th scope="col">${head}</th>`)}</tr></thead>
<tbody>
${rows.map(
  (cells) => markup`<tr class="item">${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>
`,
)}</tbody></table></div>
`;
}
