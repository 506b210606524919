/** The entity-relationship picture: a box per table, a line per foreign key, and a mark on what differs. */
import type { Difference, Fact } from '@todo/migrator/catalog';

import { spelled } from '../code-tables.ts';
import type { CatalogComparison } from '../schema-comparison.ts';
import { type Markup, markup } from './markup.ts';

/** Differences are told by a sign and by words, never by color alone. */
export function entityPicture(comparison: CatalogComparison): Markup {
  const boxes = place(tablesOf(comparison).map((owner) => toBox(owner, comparison)));
  const lines = boxes.flatMap((box) => box.keys.flatMap((key) => link(box, key, boxes)));
  const width = Math.max(...boxes.map(({ x }) => x + WIDTH), 0) + MARGIN;
  const height = Math.max(...boxes.map((box) => box.y + heightOf(box)), 0) + MARGIN;
  return markup`<svg viewBox="0 0 ${width} ${height}" width="${width}" role="img" aria-labelledby="er-title er-text">
<title id="er-title">Tables, columns, indexes and foreign keys</title>
<desc id="er-text">${describe(boxes)}</desc>
${lines}${boxes.map(draw)}</svg>`;
}

interface Row {
  readonly text: string;
  readonly kind: Fact['kind'];
  readonly name: string;
  readonly sign: Sign;
  /** What differs, in words. */
  readonly note: string;
}

type Sign = 'same' | Difference['change'];

const SIGNS: Record<Sign, string> = { same: ' ', missing: '✗', extra: '+', changed: '≠', renamed: '≠' };

interface ForeignKey {
  readonly column: string;
  readonly table: string;
}

interface Box {
  readonly table: string;
  readonly sign: Sign;
  readonly note: string;
  readonly rows: readonly Row[];
  readonly keys: readonly ForeignKey[];
}

interface PlacedBox extends Box {
  readonly x: number;
  readonly y: number;
}

const WIDTH = 410;
const ROW = 20;
const HEAD = 30;
const GAP = 60;
const MARGIN = 12;
const PER_LINE = 2;
const LETTERS = 50;

/** A table that others point to stands to the left of them. */
function tablesOf({ have, want, differences }: CatalogComparison): Owner[] {
  const extra = have.filter((fact) => differences.some((each) => each.change === 'extra' && isAbout(each, fact)));
  const tables = [...want, ...extra].filter(({ kind }) => kind === 'table');
  const targets = new Set(want.flatMap((fact) => foreignKeyOf(fact)?.table ?? []));
  return tables
    .map(({ schema, name }) => ({ schema, name }))
    .toSorted((a, b) => Number(targets.has(spelled(b))) - Number(targets.has(spelled(a))));
}

type Owner = Pick<Fact, 'schema' | 'name'>;

function toBox(owner: Owner, { have, want, differences }: CatalogComparison): Box {
  const table = spelled(owner);
  const isOwn = (fact: Pick<Fact, 'schema' | 'table'>) => fact.schema === owner.schema && fact.table === owner.name;
  const own = differences.filter(isOwn);
  const wanted = want.filter(isOwn);
  const extra = have.filter(
    (fact) => isOwn(fact) && own.some((each) => each.change === 'extra' && isAbout(each, fact)),
  );
  const facts = [...wanted, ...extra];
  const ofTable = own.filter(({ kind }) => kind === 'table');
  return {
    table,
    sign: ofTable[0]?.change ?? 'same',
    note: ofTable.map(inWords).join('; '),
    rows: [...facts.filter(({ kind }) => kind === 'column').toSorted(byPosition), ...facts.filter(isListed)].flatMap(
      (fact) => toRow(fact, own) ?? [],
    ),
    keys: facts.flatMap((fact) => foreignKeyOf(fact) ?? []),
  };
}

/** Beside the columns: what keeps promises; of all else, what differs. */
function isListed({ kind }: Fact): boolean {
  return kind !== 'column' && kind !== 'table';
}

function toRow(fact: Fact, own: readonly Difference[]): Row | undefined {
  const found = own.filter((difference) => isAbout(difference, fact));
  const { kind, name, attributes } = fact;
  if (found.length === 0 && !['column', 'index', 'constraint'].includes(kind)) return undefined;
  const text = kind === 'column' ? `${name}  ${attributes['type'] ?? ''}` : `${kind} ${name}`;
  return { text, kind, name, sign: found[0]?.change ?? 'same', note: found.map(inWords).join('; ') };
}

function isAbout(difference: Difference, { kind, schema, table, name }: Fact): boolean {
  return (
    difference.kind === kind && difference.schema === schema && difference.table === table && difference.name === name
  );
}

function inWords({ change, attribute, have, want }: Difference): string {
  switch (change) {
    case 'missing':
      return 'missing';
    case 'extra':
      return 'the code does not know it';
    case 'renamed':
      return `is called ${have}`;
    case 'changed':
      return `${attribute} ${have}, want ${want}`;
    default:
      return change satisfies never;
  }
}

function byPosition(a: Fact, b: Fact): number {
  return Number(a.attributes['position']) - Number(b.attributes['position']);
}

/** As PostgreSQL writes it: FOREIGN KEY (author_id) REFERENCES public.author(id) ON DELETE CASCADE. */
function foreignKeyOf({ kind, attributes }: Fact): ForeignKey | undefined {
  if (kind !== 'constraint') return undefined;
  const name = String.raw`(?:"((?:[^"]|"")+)"|([^\s",.()]+))`;
  const parts = new RegExp(`FOREIGN KEY \\(${name}.*REFERENCES (?:${name}\\.)?${name}\\(`).exec(
    attributes['definition'] ?? '',
  );
  if (parts === null) return undefined;
  const [
    ,
    quotedColumn,
    column = quotedColumn ?? '',
    quotedSchema,
    schema = quotedSchema ?? 'public',
    quotedTable,
    table = quotedTable ?? '',
  ] = parts;
  return { column, table: spelled({ schema, name: table }) };
}

function heightOf({ rows }: Box): number {
  return HEAD + rows.flatMap(linesOf).length * ROW + 8;
}

function place(boxes: readonly Box[]): PlacedBox[] {
  let y = MARGIN;
  return boxes.map((box, index) => {
    const column = index % PER_LINE;
    if (column === 0 && index > 0) {
      y += Math.max(...boxes.slice(index - PER_LINE, index).map(heightOf)) + GAP / 2;
    }
    return { ...box, x: MARGIN + column * (WIDTH + GAP), y };
  });
}

function draw({ table, sign, note, rows, x, y, ...box }: PlacedBox): Markup {
  const lines = rows.flatMap(linesOf).map(
    ({ text, style }, index) =>
      markup`<text class="${style}" x="${x + 10}" y="${y + HEAD + 16 + index * ROW}"><title>${text.trim()}</title>${shortened(text)}</text>
`,
  );
  const title = [table, note].filter(Boolean).join(': ');
  return markup`<g><rect class="${sign}" x="${x}" y="${y}" width="${WIDTH}" height="${heightOf({ table, sign, note, rows, ...box })}" rx="6"/>
<text class="head ${sign}" x="${x + 10}" y="${y + 20}"><title>${title}</title>${SIGNS[sign]} ${shortened(title)}</text>
${lines}</g>
`;
}

/** A row, and below it what differs. */
function linesOf({ text, kind, sign, note }: Row): { text: string; style: string }[] {
  const style = kind === 'column' ? sign : `${sign} minor`;
  const lines = [{ text: `${SIGNS[sign]} ${text}`, style }];
  return note === '' ? lines : [...lines, { text: `    ${note}`, style }];
}

/** From the column to the table that it points to; a table of its own is only named in the rows. */
function link(from: PlacedBox, { column, table }: ForeignKey, boxes: readonly PlacedBox[]): Markup[] {
  const to = boxes.find((box) => box.table === table);
  if (to === undefined || to === from) return [];
  const index = from.rows.findIndex(({ kind, name }) => kind === 'column' && name === column);
  const above = from.rows.slice(0, Math.max(index, 0)).flatMap(linesOf).length;
  const isRight = from.x > to.x;
  const start = { x: isRight ? from.x : from.x + WIDTH, y: from.y + HEAD + 12 + above * ROW };
  const end = { x: isRight ? to.x + WIDTH : to.x, y: to.y + HEAD / 2 };
  const middle = (start.x + end.x) / 2;
  return [
    markup`<path class="key" d="M${start.x},${start.y} C${middle},${start.y} ${middle},${end.y} ${end.x},${end.y}"/><circle class="key" cx="${end.x}" cy="${end.y}" r="4"/>
`,
  ];
}

function shortened(text: string): string {
  return text.length > LETTERS ? `${text.slice(0, LETTERS - 1)}…` : text;
}

function describe(boxes: readonly Box[]): string {
  const notes = boxes.flatMap(({ table, note, rows }) => [
    ...(note === '' ? [] : [`table ${table}: ${note}`]),
    ...rows.filter((row) => row.note !== '').map((row) => `${table}, ${row.kind} ${row.name}: ${row.note}`),
  ]);
  const tables = boxes.map(({ table }) => table).join(', ');
  return `Tables ${tables}. ${notes.length === 0 ? 'Nothing differs.' : `Differs: ${notes.join('. ')}.`}`;
}
