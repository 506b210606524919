/** A server of docs/frameworks.md that reads `PORT` and `DATABASE_URL`. */
import { emptyFolder, type Files, writeFiles } from '../folder.js';
import type { PageProgram } from './row.js';
import { freePort, startProgram } from './started.js';

/** A program of the page that is a server. @param args of the runtime, the file last. @param rename the page's file names to new ones. */
export function pageServer(section: string, program: string, args: readonly string[], rename?: Files): PageProgram {
  return {
    section,
    endsItself: true,
    async start(files, url) {
      const cwd = await emptyFolder(`page-${section}`);
      const named = Object.entries(files).map(([path, text]) => [rename?.[path] ?? path, text]);
      await writeFiles(cwd, Object.fromEntries(named) as Files);
      const port = await freePort();
      return await startProgram(program, [...args], { cwd, port, env: { DATABASE_URL: url, PORT: String(port) } });
    },
  };
}
