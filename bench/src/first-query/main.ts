/**
 * `main.js CONTESTANT URL`: prints the milliseconds from the import to the first answer, in a process where nothing is warm. Node's
 * own start does not count: it is the same for all.
 */
import type { FirstQuery } from './first-query.ts';

const [name = '', url = ''] = process.argv.slice(2);
const from = performance.now();
const { firstQuery } = (await import(`./${name}.js`)) as { firstQuery: FirstQuery };
await firstQuery(url);
process.stdout.write(`${performance.now() - from}\n`);
process.exit();
