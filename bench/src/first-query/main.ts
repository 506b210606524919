/**
 * `main.js MODULE URL`: imports the program of a contestant, and prints the milliseconds from the import to the first result. The process
 * is new, so no cache is warm. The start of Node.js is not measured, because it is equal for all.
 */
import type { FirstQuery } from './first-query.ts';

const [program = '', url = ''] = process.argv.slice(2);
const startedAt = performance.now();
const { firstQuery } = (await import(program)) as { firstQuery: FirstQuery };
await firstQuery(url);
process.stdout.write(`${performance.now() - startedAt}\n`);
process.exit();
