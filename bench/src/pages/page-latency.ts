/** The time of a page, at the beginning and in the middle of a list. */
import type { Contestant } from '../rounds.ts';
import { median } from '../rounds.ts';
import { type connectWebSocket, todosOf } from '../workspace.ts';
import { READER } from './fill.ts';

/** The number of pages per round. */
const PAGES = 40;
const PAGE_MAX = 1_000;

/** Reads up to the middle of the reader's todos. Returns the contestants that measure the first page and the page in the middle. */
export async function pageContestants(db: ReturnType<typeof connectWebSocket>): Promise<Record<Place, Contestant>> {
  const todos = todosOf(db, READER);
  const { total } = await todos.stats();
  let middle: string | undefined;
  const step = Math.min(PAGE_MAX, total / 2);
  for (let passed = 0; passed < total / 2; passed += step) {
    middle = (await todos.list({ limit: step, cursor: middle })).nextCursor;
  }
  const latency = async (cursor: string | undefined): Promise<number> => {
    const times: number[] = [];
    for (let page = 0; page < PAGES; page += 1) {
      const startedAt = performance.now();
      const { todos: read } = await todos.list({ cursor });
      times.push(performance.now() - startedAt);
      if (read.length !== 20) throw new Error(`A page had ${read.length} todos, not 20`);
    }
    return median(times);
  };
  return { 'first page': () => latency(undefined), 'middle page': () => latency(middle) };
}

export type Place = 'first page' | 'middle page';
