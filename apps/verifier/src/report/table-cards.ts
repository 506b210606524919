/** The tables of the HTML report: the map, then a card per table that opens and closes. */
import type { CatalogComparison } from '../schema-comparison.ts';
import { drawGraph, layOut } from './entity-graph.ts';
import { type Markup, markup } from './markup.ts';
import { countDifferences, describeCount, type Row, SYMBOLS, type TableView, tableViews } from './table-view.ts';

/** Up to this number of tables, all cards are open at first; else only the cards of tables that differ. */
const OPEN_MAX = 8;

/** The map and the cards. The cards of tables that differ come first; else the order is that of the map: referenced tables first. */
export function renderTables(comparison: CatalogComparison): Markup {
  const graph = layOut(tableViews(comparison));
  const views = graph.boxes.map(({ view }) => view);
  const idOf = (view: TableView) => `table-${views.indexOf(view) + 1}`;
  const cards = views.toSorted((a, b) => Number(countDifferences(b) > 0) - Number(countDifferences(a) > 0));
  const count = views.filter((view) => countDifferences(view) > 0).length;
  const isOpen = (view: TableView) => views.length <= OPEN_MAX || countDifferences(view) > 0;
  const idOfTable = (table: string | undefined) => {
    const target = views.find((view) => view.table === table);
    return target && idOf(target);
  };
  return markup`<p>${views.length} tables, ${count} differ. A line connects a table with the tables that refer to it.</p>
<div class="wide map">${drawGraph(graph, idOf)}</div>
<div class="cards">
${cards.map((view) => renderCard(view, idOf(view), isOpen(view), idOfTable))}</div>\n`;
}

function renderCard(
  view: TableView,
  id: string,
  isOpen: boolean,
  idOfTable: (table: string | undefined) => string | undefined,
): Markup {
  const { table, state, note, rows } = view;
  const columns = rows.filter(({ kind }) => kind === 'column').length;
  const differences = describeCount(view);
  const title = [table, note].filter(Boolean).join(': ');
  return markup`<details class="card item ${differences === '' ? '' : 'differs'}" id="${id}"${isOpen ? OPEN : undefined}>
<summary><code class="${state}">${SYMBOLS[state]} ${title}</code> <span class="dim">${[`${columns} ${columns === 1 ? 'column' : 'columns'}`, differences].filter(Boolean).join(', ')}</span></summary>
<ul>
${rows.map((row) => renderRow(row, idOfTable(row.target)))}</ul></details>\n`;
}

const OPEN = markup` open`;

function renderRow({ kind, text, state, note, target }: Row, targetId: string | undefined): Markup {
  const style = kind === 'column' ? state : `${state} minor`;
  const link = targetId && markup` <a href="#${targetId}">→ ${target}</a>`;
  const difference = note === '' ? undefined : markup`<br><span class="${state}">${note}</span>`;
  return markup`<li class="${style}"><span>${SYMBOLS[state]} ${text}</span>${link}${difference}</li>\n`;
}
