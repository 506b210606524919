/**
 * `main.js STARTER FOLDER`: starts, asks, and prints the milliseconds from the call to the answer. A process of its own each
 * time, so that nothing is warm; what it takes Node to start and to load the modules does not count.
 */
import type { Starter } from './starter.ts';

const [name = '', folder = ''] = process.argv.slice(2);
const { start } = (await import(`./${name}.js`)) as { start: Starter };
const from = performance.now();
const started = await start(folder);
await started.ask();
process.stdout.write(`${performance.now() - from}\n`);
await started.stop();
// Prisma's server leaves timers behind.
process.exit();
