/** A copy of this checkout. Tests change the copy as users change their checkout. */
import { execFile, spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { removeLocalNeon } from '@todo/local-neon';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Outcome {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Checkout extends AsyncDisposable {
  readonly folder: string;
  /** Runs a command line in a shell, without a DATABASE_URL; `pnpm` is the one that the README uses. */
  run(line: string, variables?: Readonly<Record<string, string>>): Promise<Outcome>;
  /** The same on a terminal: presses the keys when the question is on the screen. Needs `script` of util-linux. */
  answer(line: string, how: { readonly question: RegExp; readonly keys: string }): Promise<Outcome>;
  read(file: string): Promise<string>;
  write(file: string, content: string): Promise<void>;
  /** @throws if the file does not contain the text exactly once. */
  replace(file: string, before: string, after: string): Promise<void>;
}

/** Copies all files that git tracks or would track, with uncommitted changes, and installs the dependencies. */
export async function copyCheckout(): Promise<Checkout> {
  const folder = await mkdtemp(join(tmpdir(), 'todo grown '));
  const listed = await promisify(execFile)('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    maxBuffer: 10_000_000,
  });
  for (const file of listed.stdout.split('\0').filter((name) => name !== '')) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    // A file that was deleted and not yet committed cannot be copied.
    await cp(join(ROOT, file), join(folder, file)).catch(() => {});
  }
  const checkout = checkoutIn(folder);
  const { exitCode, stderr, stdout } = await checkout.run('pnpm install --frozen-lockfile --prefer-offline');
  if (exitCode !== 0) throw new Error(`The copy could not be installed:\n${stdout}${stderr}`);
  return checkout;
}

function checkoutIn(folder: string): Checkout {
  const read = (file: string) => readFile(join(folder, file), 'utf8');
  const write = async (file: string, content: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), content);
  };
  return {
    folder,
    read,
    write,
    async run(line, variables = {}) {
      const child = spawn('bash', ['-c', withPnpm(line)], {
        cwd: folder,
        env: { ...ownVariables(), ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
      const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
      return { exitCode: await exitCode, stdout, stderr };
    },
    async answer(line, { question, keys }) {
      const command = `bash -c ${quoted(withPnpm(line))}`;
      const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
        cwd: folder,
        env: { ...ownVariables(), TERM: 'dumb' },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      const exitCode = new Promise<number | null>((resolve) => child.once('close', resolve));
      let [stdout, isAnswered] = ['', false];
      child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString();
        if (isAnswered || !question.test(stdout)) return;
        isAnswered = true;
        child.stdin.write(keys);
      });
      return { exitCode: await exitCode, stdout, stderr: '' };
    },
    async replace(file, before, after) {
      const content = await read(file);
      const count = content.split(before).length - 1;
      if (count !== 1) throw new Error(`${file} has ${count} times:\n${before}`);
      await write(
        file,
        content.replace(before, () => after),
      );
    },
    async [Symbol.asyncDispose]() {
      await removeLocalNeon(join(folder, '.local-neon'));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs pnpm through npx: the machine may have no pnpm. */
function withPnpm(line: string): string {
  return `pnpm() { npx --yes pnpm@12 "$@"; }\n${line}`;
}

function ownVariables(): NodeJS.Dict<string> {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}

function quoted(words: string): string {
  return `'${words.replaceAll("'", String.raw`'\''`)}'`;
}
