#!/usr/bin/env node
/** `pnpm verify`: the process around the command. What a run prints is decided in `main.ts`, and in `report/`. */
import { EXIT } from './exit-code.ts';

// Whoever reads the report may stop reading, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => process.exit(explain(error)));
}

process.exitCode = await run();
// A statement that hangs would keep the process alive for as long as it hangs.
setTimeout(() => process.exit(), 1000).unref();

/** Loads the rest only now: an import that leads nowhere is explained, too. */
async function run(): Promise<number> {
  try {
    const { main } = await import('./main.ts');
    const { app } = await import('./app.ts');
    const { loadEnvironment } = await import('@todo/client/environment');
    return await main(app, process.argv.slice(2), process, loadEnvironment());
  } catch (error) {
    return explain(error);
  }
}

function explain(error: unknown): number {
  const { code, message = String(error), stack = message } = Object(error) as Partial<NodeJS.ErrnoException>;
  // Of a file with variables that cannot be read.
  if (code === 'DATABASE_URL_MISSING') {
    process.stderr.write(`${message}\n`);
    return EXIT.wrongUsage;
  }
  const isDebugged = process.argv.includes('--debug');
  process.stderr.write(
    code === 'ERR_MODULE_NOT_FOUND' || code === 'ERR_PACKAGE_PATH_NOT_EXPORTED'
      ? 'The packages are not installed or not compiled: pnpm install, then pnpm build.\n'
      : `Unexpected: ${Object(error).name ?? 'error'}\nThis is a bug of the verifier; it says nothing about the database.\n` +
          (isDebugged ? '' : 'Run it again with --debug, and open an issue with what it prints.\n'),
  );
  if (isDebugged) process.stderr.write(`${stack}\n`);
  return EXIT.ourBug;
}
