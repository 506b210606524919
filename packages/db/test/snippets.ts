/** Runs the code of a page as its reader would: with the compiled package, in plain Node. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { temporaryFolder } from './command.ts';

const packageFolder = new URL('..', import.meta.url);

/** The `ts` blocks of a page, or of the part below a heading, as one program. @param page relative to the workspace. */
export async function snippetOf(page: string, section?: string): Promise<string> {
  const markdown = await readFile(new URL(`../../${page}`, packageFolder), 'utf8');
  const body = section === undefined ? markdown : markdown.split(`## ${section}\n`)[1]?.split(/^## /m)[0];
  return [...(body ?? '').matchAll(/```ts\n([^]*?)```/g)].map(([, code]) => code).join('\n');
}

/** The output in a snippet's comments: the lines that begin with `//` below a call. */
export function promisedOutput(snippet: string): string {
  const comments = snippet.matchAll(/(?<=\);\n)((?:\/\/ .*\n)+)/g);
  return [...comments].map(([, lines = '']) => lines.replaceAll(/^\/\/ /gm, '')).join('');
}

/** Runs a snippet and returns its output. The program must exit with code 0. */
export async function runSnippet(snippet: string, url = ''): Promise<string> {
  const { exports } = JSON.parse(await readFile(new URL('package.json', packageFolder), 'utf8'));
  // Not in the package's folder: there, Node would resolve the bare names below by itself, and a test must not leave files.
  const program = snippet.replaceAll(/(?<=^import [^;]*from )'([^']+)'/gm, (_, name: string) => {
    const door = name.replace(/^@todo\/db/, '.');
    const file = exports[door]?.default;
    return `'${file === undefined ? import.meta.resolve(name) : new URL(file, packageFolder).href}'`;
  });
  const file = join(await temporaryFolder(), 'snippet.mjs');
  await writeFile(file, program);
  const child = spawn(process.execPath, [file], { env: { PATH: process.env.PATH, DATABASE_URL: url } });
  const [exitCode, stdout, stderr] = await Promise.all([
    new Promise<number | null>((resolve) => child.once('close', resolve)),
    text(child.stdout),
    text(child.stderr),
  ]);
  if (exitCode !== 0 || stderr !== '') throw new Error(`The snippet ended with ${exitCode}:\n${stderr}\n${program}`);
  return stdout;
}
