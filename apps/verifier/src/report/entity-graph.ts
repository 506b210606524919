/** The map of the tables: a box per table, a line per foreign key. The columns are in the cards below the map. */
import { Graph, layout } from '@dagrejs/dagre';

import { type Markup, markup } from './markup.ts';
import { countDifferences, describeCount, SYMBOLS, type TableView } from './table-view.ts';

export interface EntityGraph {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly boxWidth: number;
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point {
  readonly view: TableView;
}

type Line = readonly Point[];

interface Point {
  readonly x: number;
  readonly y: number;
}

// All sizes are in pixels.
const LETTER_WIDTH = 7.9;
/** The space around the text of a box, on both sides. */
const PADDING = 20;
/** The start of the text in a box, from its upper left corner. */
const TEXT = { x: 9, y: 20 };
const WIDTH_MIN = 110;
const LETTERS_MAX = 22;
const HEIGHT = 30;
const GAP = 14;
/** Room for the lines between two columns of boxes. */
const RANK_GAP = 48;
const COLUMNS_MIN = 4;

/** Places each table to the right of the tables that it refers to. Tables that no foreign key connects are in rows below. */
export function layOut(views: readonly TableView[]): EntityGraph {
  const keys = foreignKeys(views);
  const isLinked = (view: TableView) => keys.some(({ from, to }) => from === view || to === view);
  const boxWidth = widthOf(views);
  const linked = arrangeLinked(views.filter(isLinked), keys, boxWidth);
  const columns = Math.max(COLUMNS_MIN, Math.floor((linked.width + GAP) / (boxWidth + GAP)));
  const top = linked.height === 0 ? 0 : linked.height + GAP * 2;
  const unlinked = views
    .filter((view) => !isLinked(view))
    .map((view, index) => ({
      view,
      x: (index % columns) * (boxWidth + GAP),
      y: top + Math.floor(index / columns) * (HEIGHT + GAP),
    }));
  const boxes = [...linked.boxes, ...unlinked];
  return {
    boxes,
    lines: linked.lines,
    boxWidth,
    width: Math.max(linked.width, ...boxes.map(({ x }) => x + boxWidth)),
    height: Math.max(linked.height, ...boxes.map(({ y }) => y + HEIGHT)),
  };
}

/** The width of all boxes: wide enough for the longest name and the symbol and space before it, within limits. */
function widthOf(views: readonly TableView[]): number {
  const letters = Math.min(LETTERS_MAX, Math.max(0, ...views.map(({ table }) => table.length)));
  return Math.max(WIDTH_MIN, Math.ceil((letters + 2) * LETTER_WIDTH) + PADDING);
}

interface ForeignKey {
  readonly name: string;
  readonly from: TableView;
  readonly to: TableView;
}

/** The foreign keys from one table to another. A foreign key of a table to itself is only in the card of the table. */
function foreignKeys(views: readonly TableView[]): ForeignKey[] {
  return views.flatMap((from) =>
    from.rows.flatMap(({ name, target }) => {
      const to = views.find(({ table }) => table === target);
      return to === undefined || to === from ? [] : [{ name, from, to }];
    }),
  );
}

/** The part of Dagre's graph that is used. Dagre's own types do not resolve in a module of Node.js. */
interface LayoutGraph {
  setGraph(options: Readonly<Record<string, string | number>>): unknown;
  setNode(name: string, size: { readonly width: number; readonly height: number }): unknown;
  setEdge(from: string, to: string, label: object, name: string): unknown;
  graph(): { readonly width: number; readonly height: number };
  node(name: string): Point;
  edges(): readonly Edge[];
  edge(edge: Edge): { readonly points: Line };
}

interface Edge {
  readonly v: string;
  readonly w: string;
}

/** Places the tables that foreign keys connect. */
function arrangeLinked(views: readonly TableView[], keys: readonly ForeignKey[], boxWidth: number): EntityGraph {
  if (views.length === 0) return { boxes: [], lines: [], boxWidth, width: 0, height: 0 };
  const graph: LayoutGraph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'LR', nodesep: GAP, edgesep: GAP / 2, ranksep: RANK_GAP });
  for (const { table } of views) graph.setNode(table, { width: boxWidth, height: HEIGHT });
  for (const { name, from, to } of keys) graph.setEdge(to.table, from.table, {}, name);
  layout(graph);
  const { width, height } = graph.graph();
  const columns = new Set(views.map(({ table }) => graph.node(table).x));
  const boxes = views
    .map((view) => {
      const { x, y } = graph.node(view.table);
      return { view, x: x - boxWidth / 2, y: y - HEIGHT / 2 };
    })
    .toSorted((a, b) => a.x - b.x || a.y - b.y);
  return { boxes, lines: graph.edges().map((edge) => lineOf(graph, edge, boxWidth, columns)), boxWidth, width, height };
}

/**
 * A line from the side of one box to the side of the other: Dagre's line may end anywhere on the border. In between, the line keeps only
 * those of Dagre's points that are in a column of boxes. There the line is horizontal and runs between two boxes.
 */
function lineOf(graph: LayoutGraph, edge: Edge, boxWidth: number, columns: ReadonlySet<number>): Line {
  const [from, to] = [graph.node(edge.v), graph.node(edge.w)];
  const half = Math.sign(to.x - from.x) * (boxWidth / 2);
  return [
    { x: from.x + half, y: from.y },
    ...graph
      .edge(edge)
      .points.slice(1, -1)
      .filter(({ x }) => columns.has(x))
      .flatMap(({ x, y }) => [
        { x: x - half, y },
        { x: x + half, y },
      ]),
    { x: to.x - half, y: to.y },
  ];
}

const MARGIN = 6;

/** Draws the map as SVG. `idOf` returns the id of a table's card. */
export function drawGraph(
  { boxes, lines, boxWidth, width, height }: EntityGraph,
  idOf: (view: TableView) => string,
): Markup {
  const [w, h] = [width, height].map((size) => Math.ceil(size + 2 * MARGIN));
  return markup`<svg viewBox="${-MARGIN} ${-MARGIN} ${w} ${h}" width="${w}" height="${h}" role="img" aria-labelledby="er-title er-text">
<title id="er-title">Tables and foreign keys</title>
<desc id="er-text">${describeTables(boxes.map(({ view }) => view))}</desc>
${lines.map(drawLine)}${boxes.map((box) => drawBox(box, idOf(box.view), boxWidth))}</svg>\n`;
}

/** Draws a line as curves from point to point (`C` is a Bézier curve), with a dot at its start. */
function drawLine(points: Line): Markup {
  const [start = { x: 0, y: 0 }, ...others] = points.map(({ x, y }) => ({ x: Math.round(x), y: Math.round(y) }));
  let from = start;
  const curves = others.map((to) => {
    const middle = (from.x + to.x) / 2;
    const curve = `C${middle},${from.y} ${middle},${to.y} ${to.x},${to.y}`;
    from = to;
    return curve;
  });
  return markup`<path class="key" d="M${start.x},${start.y} ${curves.join(' ')}"/><circle class="key" cx="${start.x}" cy="${start.y}" r="3.5"/>\n`;
}

/** Draws a box that links to the card of the table. Parts that differ also change the style of the box. */
function drawBox({ view, x, y }: Box, id: string, width: number): Markup {
  const { table, state, note } = view;
  const count = countDifferences(view);
  const style = state === 'same' && count > 0 ? 'changed' : state;
  const title = [table, note || describeCount(view)].filter(Boolean).join(': ');
  const label = table.length > LETTERS_MAX ? `${table.slice(0, LETTERS_MAX - 1)}…` : table;
  return markup`<a href="#${id}" class="node ${style}"><title>${title}</title><rect class="${style}" x="${x}" y="${y}" width="${width}" height="${HEIGHT}" rx="5"/>
<text class="${style}" x="${x + TEXT.x}" y="${y + TEXT.y}">${SYMBOLS[style]} ${label}</text></a>\n`;
}

/** The map in words, for screen readers. */
function describeTables(views: readonly TableView[]): string {
  const notes = views.flatMap(({ table, note, rows }) => [
    ...(note === '' ? [] : [`table ${table}: ${note}`]),
    ...rows.filter((row) => row.note !== '').map((row) => `${table}, ${row.kind} ${row.name}: ${row.note}`),
  ]);
  const tables = views.map(({ table }) => table).join(', ');
  return `Tables ${tables}. ${notes.length === 0 ? 'Nothing differs.' : `Differs: ${notes.join('. ')}.`}`;
}
