/**
 * `main.js MODULE URL`: imports the program of a contestant, and prints the milliseconds from the import to the first answer, in a new process without warm caches. The start of
 * Node.js is not measured, because it is equal for all.
 */
import type { FirstQuery } from './first-query.ts';

const [program = '', url = ''] = process.argv.slice(2);
const from = performance.now();
const { firstQuery } = (await import(program)) as { firstQuery: FirstQuery };
await firstQuery(url);
process.stdout.write(`${performance.now() - from}\n`);
process.exit();
