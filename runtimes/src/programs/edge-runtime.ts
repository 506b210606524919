/** Serves a script, the program's argument, on Vercel's `edge-runtime`. */
import { readFile } from 'node:fs/promises';

import { EdgeRuntime, runServer } from 'edge-runtime';

const initialCode = await readFile(process.argv[2] ?? '', 'utf8');
const { url } = await runServer({ runtime: new EdgeRuntime({ initialCode }), host: '127.0.0.1', port: 0 });
process.stdout.write(`${url}\n`);
