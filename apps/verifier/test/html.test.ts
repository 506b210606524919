import { execFile } from 'node:child_process';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

import { connectSession } from '@todo/db';
import { compareCatalogs, readCatalog } from '@todo/migrator/catalog';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Box, layOut } from '../src/report/entity-graph.ts';
import { htmlReport } from '../src/report/html.ts';
import { renderTables } from '../src/report/table-cards.ts';
import { tableViews } from '../src/report/table-view.ts';
import type { CatalogComparison } from '../src/schema-comparison.ts';
import { execute } from './database.ts';
import { EVIDENCE, HOSTILE, reportOf, result, results } from './example-report.ts';
import { twoTablesBranch } from './two-tables/two-tables.ts';

let comparison: CatalogComparison;
let manyTables: CatalogComparison;
let page: string;

/** Foreign keys of a schema of 30 tables, from one table to another by their numbers. The last six tables have none. */
const KEYS = Array.from({ length: 23 }, (_, index) => [index + 1, Math.floor(index / 2)] as const);
const nameOf = (index: number) => `t${String(index).padStart(2, '0')}`;

/** A comparison of 30 tables, of which two differ. */
async function compareManyTables(): Promise<CatalogComparison> {
  const tables = Array.from({ length: 30 }, (_, index) => {
    const keys = KEYS.filter(([from]) => from === index).map(([, to]) => `, parent int references ${nameOf(to)}`);
    return `create table ${nameOf(index)} (id int primary key, title text${keys.join('')})`;
  });
  const [broken, clean] = await Promise.all([twoTablesBranch(), twoTablesBranch()]);
  for (const { url } of [broken, clean]) {
    await execute(url, 'drop table todo', 'drop table "user"', ...tables);
  }
  await execute(broken.url, `alter table ${nameOf(5)} drop column title`, `alter table ${nameOf(20)} add due date`);
  return compare(broken.url, clean.url);
}

async function compare(broken: string, clean: string): Promise<CatalogComparison> {
  const [have, want] = await Promise.all([broken, clean].map(catalogOf));
  return { have: have ?? [], want: want ?? [], differences: compareCatalogs(have ?? [], want ?? []) };
}

beforeAll(async () => {
  const [broken, clean] = await Promise.all([twoTablesBranch(), twoTablesBranch()]);
  await execute(
    broken.url,
    'drop index idx_todo_user_id',
    'alter table todo alter title type varchar(100), add column due date',
    'create table stray (id int)',
  );
  comparison = await compare(broken.url, clean.url);
  manyTables = await compareManyTables();
  const seen = result('connect/identity', 'pass', { evidence: EVIDENCE });
  page = htmlReport(reportOf([...results, seen], { comparison }));
});

async function catalogOf(url: string) {
  await using session = await connectSession(url);
  return await readCatalog(session);
}

describe('the tables section', () => {
  it('shows each difference with a symbol and a description', () => {
    const section = renderTables(comparison).toString();
    for (const text of [
      '≠ title  character varying(200)<',
      'type character varying(100), want character varying(200)<',
      '+ due  date<',
      '✗ index idx_todo_user_id<',
      '+ stray: not in the code',
    ]) {
      expect(section).toContain(text);
    }
    expect(section).toMatch(/<desc id="er-text">Tables user, todo, stray\. Differs: /);
  });

  it('draws a line per foreign key, and shows no difference for equal schemas', () => {
    const { want } = comparison;
    const section = renderTables({ have: want, want, differences: [] }).toString();
    expect(section.match(/<path class="key"/g)).toHaveLength(1);
    expect(section).toContain('Nothing differs.');
    expect(section).not.toContain('card item differs');
  });

  it('draws 30 tables without overlap, each to the right of the tables that it refers to', () => {
    const { boxes, lines } = layOut(tableViews(manyTables));
    expect(boxes).toHaveLength(30);
    expect(lines).toHaveLength(KEYS.length);
    const xOf = (name: string) => boxes.find(({ view }) => view.table === name)?.x ?? NaN;
    for (const [from, to] of KEYS) expect(xOf(nameOf(from))).toBeGreaterThan(xOf(nameOf(to)));
    expect(boxes.filter((box, index) => boxes.slice(index + 1).some((other) => overlaps(box, other)))).toEqual([]);
  });

  it('lists cards of tables that differ first, and opens only these when there are many tables', () => {
    const section = renderTables(manyTables).toString();
    const cards = Array.from(section.matchAll(/<details class="card item ([a-z]*)" id="table-\d+"( open)?>/g));
    expect(cards).toHaveLength(30);
    expect(cards.map(([, style, open]) => [style, open])).toEqual(
      Array.from({ length: 30 }, (_, index) => (index < 2 ? ['differs', ' open'] : ['', undefined])),
    );
  });
});

describe('the HTML page', () => {
  it('loads nothing from the network', () => {
    expect(page).not.toMatch(/(src|href)="(?!#)|url\(|@import|https?:/);
  });

  it('leaves out sections without content', () => {
    const bare = htmlReport(reportOf([result('env/url', 'pass')]));
    expect(bare).toContain('The database matches the code');
    for (const section of ['findings', 'tables', 'migrations', 'latency', 'plans', 'identity', 'not-run']) {
      expect(bare).not.toContain(`id="${section}"`);
      expect(page).toContain(`id="${section}"`);
    }
  });
});

/** Whether two boxes of one column overlap. */
function overlaps(a: Box, b: Box): boolean {
  return a.x === b.x && Math.abs(a.y - b.y) < 30;
}

const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

describe('the HTML page in a browser', async () => {
  const browser = await findBrowser();
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'verify-html-'))));
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Opens the page and returns the facts that the probe script collects. */
  async function look(...flags: string[]): Promise<Seen> {
    const file = join(folder, `page${flags.length}.html`);
    await writeFile(file, `${page}<script>${PROBE}</script>`);
    const { stdout } = await promisify(execFile)(
      browser ?? '',
      [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        `--user-data-dir=${folder}/profile`,
        '--virtual-time-budget=5000',
      ].concat(flags, '--dump-dom', pathToFileURL(file).href),
      { maxBuffer: 2 ** 26 },
    );
    const [, seen = 'null'] = /<pre id="seen">(.*?)<\/pre>/s.exec(stdout) ?? [];
    return JSON.parse(Buffer.from(seen, 'base64').toString()) as Seen;
  }

  it.skipIf(browser === undefined)(
    'shows hostile text as text, has valid links, ids and headings, and copies a fix',
    async () => {
      const seen = await look();
      expect(seen.heading).toBe('✗ The database differs from the code');
      expect(seen.fixes).toHaveLength(4);
      // The browser normalizes line endings, and replaces characters that HTML does not allow.
      expect(seen.haves).toContain(HOSTILE.replace('\r\n', '\n').replace('\0', '�').replace('\u001B', '�'));
      expect(seen).toMatchObject({
        bold: 0,
        loaded: 0,
        deadLinks: [],
        doubleIds: [],
        said: expect.stringMatching(/^(Copied|Selected)$/),
      });
      expect(seen.levels).not.toContain(0);
      expect(seen.nameless).toEqual([]);
    },
  );

  it.skipIf(browser === undefined)(
    'filters tables, opens the matching cards, and restores all when the filter is cleared',
    async () => {
      const { found } = await look();
      expect(found).toEqual({
        cards: ['todo'],
        hiddenSections: expect.arrayContaining(['latency', 'identity']),
        isRestored: true,
      });
    },
  );

  it.skipIf(browser === undefined)('fits a narrow screen, and follows the preferred color scheme', async () => {
    const seen = await look('--window-size=500,900', '--blink-settings=preferredColorScheme=0');
    expect(seen.isWide).toBe(false);
    expect(seen.background).toBe('rgb(20, 23, 26)');
    expect((await look('--blink-settings=preferredColorScheme=1')).background).toBe('rgb(255, 255, 255)');
  });
});

interface Seen {
  readonly heading: string;
  readonly fixes: string[];
  readonly haves: string[];
  readonly bold: number;
  readonly loaded: number;
  readonly deadLinks: string[];
  readonly doubleIds: string[];
  readonly nameless: string[];
  /** The heading levels in order; 0 for a heading that skips a level. */
  readonly levels: number[];
  readonly said: string;
  /** The tables that remain under the filter `todo character`, and whether all cards are restored when the filter is empty. */
  readonly found: { readonly cards: string[]; readonly hiddenSections: string[]; readonly isRestored: boolean };
  readonly isWide: boolean;
  readonly background: string;
}

const PROBE = `
function filter(text, all) {
  const search = document.getElementById('search');
  const type = (value) => { search.value = value; search.dispatchEvent(new Event('input')); };
  const opened = () => all('details').map(({ open }) => open).join();
  all('.card').forEach((card) => { card.open = false; });
  const before = opened();
  type(text);
  const cards = all('.card').filter(({ hidden, open }) => !hidden && open).map((card) => card.querySelector('code').textContent.trim());
  const hiddenSections = all('section').filter(({ hidden }) => hidden).map(({ id }) => id);
  type('');
  return { cards, hiddenSections, isRestored: opened() === before && all('.item').every(({ hidden }) => !hidden) };
}
addEventListener('load', async () => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  document.querySelector('.fix button').click();
  await new Promise((resolve) => new MutationObserver(resolve).observe(document.getElementById('said'), { childList: true }));
  const levels = all('h1, h2, h3').map(({ tagName }) => Number(tagName[1]));
  const ids = all('[id]').map(({ id }) => id);
  const seen = {
    heading: document.querySelector('h1').textContent,
    fixes: all('.fix pre').map(({ textContent }) => textContent),
    haves: all('del').map(({ textContent }) => textContent),
    bold: all('b').length,
    loaded: performance.getEntriesByType('resource').length,
    deadLinks: all('a').map((link) => link.getAttribute('href').slice(1)).filter((id) => !ids.includes(id)),
    doubleIds: ids.filter((id, index) => ids.indexOf(id) !== index),
    nameless: all('section, article, svg').filter((each) => !(each.getAttribute('aria-labelledby') ?? '')
      .split(' ').every((id) => document.getElementById(id)?.textContent)).map(({ outerHTML }) => outerHTML.slice(0, 80)),
    levels: levels.map((level, index) => (level > (levels[index - 1] ?? 0) + 1 ? 0 : level)),
    said: document.getElementById('said').textContent,
    found: filter('todo character', all),
    isWide: document.documentElement.scrollWidth > innerWidth,
    background: getComputedStyle(document.body).backgroundColor,
  };
  const pre = document.createElement('pre');
  pre.id = 'seen';
  pre.textContent = btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(seen))));
  document.body.append(pre);
});
`;

async function findBrowser(): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  for (const path of folders.flatMap((folder) => BROWSERS.map((name) => join(folder, name)))) {
    if (
      await access(path).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  return undefined;
}
