/** The time of a page of todos in a small and in a large table. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Benchmark } from '../benchmark.ts';
import { startMigrated } from '../migrated-database.ts';
import { drawLines, type Line } from '../pages/draw-lines.ts';
import { fillTable, type Shape } from '../pages/fill.ts';
import { pageContestants, type Place } from '../pages/page-latency.ts';
import { median, type Contestant, type Round } from '../rounds.ts';
import { connectWebSocket, startLocalNeon } from '../workspace.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
/** This size takes minutes to fill. */
const LARGEST = 10_000_000;
const SHAPES: readonly Shape[] = ['one user', '100,000 users'];
const PLACES: readonly Place[] = ['first page', 'middle page'];
const PLOT = new URL('../../../docs/page-latency.svg', import.meta.url);

export const dbPages: Benchmark = {
  id: 'db-pages',
  title:
    'A page of 20 todos, from small tables to large ones. The ratio: the largest table to the smallest, on the worst line',
  unit: 'ms',
  goal: { of: 'ratio', bound: 'at most', value: 1.5 },
  rounds: 9,
  ratio: maxRatioOfLines,
  async run(measure, { folder, note, isFull, isPlotted }) {
    await using server = await startMigrated({ folder });
    // Joins the running server, to use its branches.
    await using neon = await startLocalNeon({ dataDir: join(folder, 'data') });
    const template = new URL(server.url).pathname.slice(1);
    const databases: ReturnType<typeof connectWebSocket>[] = [];
    const contestants: Record<string, Contestant> = {};
    const measured: Measured[] = [];
    try {
      for (const shape of SHAPES) {
        for (const size of isFull ? [...SIZES, LARGEST] : SIZES) {
          note(`  ${size.toLocaleString('en-US')} todos of ${shape} …`);
          const db = connectWebSocket(await fillTable(neon, template, shape, size));
          databases.push(db);
          const places = await pageContestants(db);
          for (const place of PLACES) {
            const name = nameOf(shape, place, size);
            contestants[name] = async () => {
              const ms = await places[place]();
              measured.push({ name, ms });
              return ms;
            };
          }
        }
      }
      const rounds = await measure(contestants);
      if (isPlotted) await writeFile(PLOT, plot(measured));
      return rounds;
    } finally {
      await Promise.all(databases.map((db) => db.close()));
    }
  },
};

interface Measured {
  readonly name: string;
  readonly ms: number;
}

function nameOf(shape: Shape, place: Place, size: number): string {
  return `${shape}, ${place}, ${size.toLocaleString('en-US')}`;
}

/** For each line, the ratio of the largest table to the smallest table. Returns the largest of these ratios. */
function maxRatioOfLines(values: Round): number {
  return Math.max(
    ...linesOf(values).map(({ points }) => {
      const [first, last] = [points[0]?.[1] ?? NaN, points.at(-1)?.[1] ?? NaN];
      return last / first;
    }),
  );
}

/** Draws the median of each table size, a line per shape and place. */
function plot(measured: readonly Measured[]): string {
  const names = new Set(measured.map(({ name }) => name));
  const medianOf = (wanted: string) => median(measured.filter(({ name }) => name === wanted).map(({ ms }) => ms));
  const medians = Object.fromEntries([...names].map((name) => [name, medianOf(name)]));
  const axes = { title: 'A page of 20 todos', x: 'todos in the table', y: 'ms' };
  return drawLines(axes, linesOf(medians));
}

/** A line per shape and place, with a point for each measured table size. */
function linesOf(values: Round): Line[] {
  return SHAPES.flatMap((shape) =>
    PLACES.map((place) => ({
      name: `${shape}, ${place}`,
      points: [...SIZES, LARGEST]
        .map((size) => [size, values[nameOf(shape, place, size)]] as const)
        .filter((point): point is readonly [number, number] => point[1] !== undefined),
    })),
  );
}
