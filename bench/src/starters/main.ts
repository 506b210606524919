/**
 * `main.js STARTER FOLDER`: starts a server, sends a query, and prints the milliseconds until the result. Each measurement is a new process,
 * so that no cache is warm. The start of Node.js and the loading of modules are not measured.
 */
import type { Starter } from './starter.ts';

const [name = '', folder = ''] = process.argv.slice(2);
const { start } = (await import(`./${name}.js`)) as { start: Starter };
const startedAt = performance.now();
const started = await start(folder);
await started.query();
process.stdout.write(`${performance.now() - startedAt}\n`);
await started.stop();
// Prisma's server leaves timers that keep the process alive.
process.exit();
