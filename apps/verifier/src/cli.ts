#!/usr/bin/env node
/** `pnpm verify`: the process around `main.ts`, which runs the command. */
import { EXIT } from './exit-code.ts';
import { isModuleMissing } from './module-missing.ts';

// Ignore EPIPE: the reader of the report may stop early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error) => process.exit(reportError(error)));
}

process.exitCode = await run();
// A hanging statement must not keep the process alive.
setTimeout(() => process.exit(), 1000).unref();

/** Runs the command and returns the exit code. Imports the other modules here, so that a failed import is reported too. */
async function run(): Promise<number> {
  try {
    const { main } = await import('./main.ts');
    const { loadOwnApp } = await import('./load-app.ts');
    const { loadEnvironment } = await import('@todo/client/environment');
    return await main(loadOwnApp, process.argv.slice(2), process, loadEnvironment());
  } catch (error) {
    return reportError(error);
  }
}

/** Prints an error that `main` did not expect, and returns the exit code. */
function reportError(error: unknown): number {
  // `Object` makes the properties readable whatever was thrown, even null.
  const { code, message = String(error), stack = message } = Object(error) as Partial<NodeJS.ErrnoException>;
  // The environment file cannot be read.
  if (code === 'DATABASE_URL_MISSING') {
    process.stderr.write(`${message}\n`);
    return EXIT.wrongUsage;
  }
  const isDebugged = process.argv.includes('--debug');
  process.stderr.write(
    isModuleMissing(error)
      ? 'A module was not found. Run pnpm install, then pnpm build.\n'
      : `Unexpected: ${Object(error).name ?? 'error'}\nThis is a bug in the verifier; it says nothing about the database.\n` +
          (isDebugged ? '' : 'Run it again with --debug, and open an issue with the output.\n'),
  );
  if (isDebugged) process.stderr.write(`${stack}\n`);
  return EXIT.ourBug;
}
