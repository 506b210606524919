import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';

import { loadEnvironment } from '@todo/client/environment';

import { type Check, type Finding, verdict } from '../../check.ts';

export const secretHygiene: Check = {
  id: 'env/secret-hygiene',
  title: 'No database password is in git or in a browser bundle',
  method:
    'Looks for tracked .env files, Neon connection strings in tracked files, and .env variables that bundlers put into browser code.',
  why: 'Anyone who can read the repository or the page’s source can read and delete every row.',
  remedy:
    'Remove the password from the file, reset it in the Neon console, and add .env* to .gitignore. (The history of git keeps the old password.)',
  mode: 'local',
  run: async () => {
    const { root } = loadEnvironment();
    if ((await runGit(['rev-parse'], root)) === undefined)
      return { kind: 'not-applicable', reason: 'not in a git repository' };
    return verdict([...(await trackedFiles(root)), ...(await exposedPasswords(root))]);
  },
};

/** A finding for each tracked .env file, and for each tracked file with a Neon connection string. */
export async function trackedFiles(root: string): Promise<Finding[]> {
  const names = (await runGit(['ls-files', '--', '.env*', '**/.env*'], root)) ?? '';
  const envFiles = names.split('\n').filter((name) => name !== '' && !/\.(example|sample|template)$/.test(name));
  // A Neon password before a Neon host. `-l` prints file names only.
  const paths = (await runGit(['grep', '-lIE', String.raw`:npg_[A-Za-z0-9]{8,}@[a-z0-9.-]+\.neon\.tech`], root)) ?? '';
  const filesWithPassword = paths.split('\n').filter((name) => name !== '' && !envFiles.includes(name));
  return [
    ...envFiles.map((name) => ({ have: `${name} is in git`, want: 'a file that git does not track' })),
    ...filesWithPassword.map((name) => ({
      have: `${name} contains a connection string with its password`,
      want: 'no password in git',
    })),
  ];
}

/** Runs git and returns its output. Undefined if git is missing or exits with an error, as `git grep` does when it finds nothing. */
async function runGit(args: string[], cwd: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', args, { cwd })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** A finding for each .env variable that bundlers expose and that contains a password. Reads untracked .env files too: bundlers read them. */
export async function exposedPasswords(root: string): Promise<Finding[]> {
  const files = (await readdir(root)).filter((name) => name.startsWith('.env'));
  const findings = await Promise.all(
    files.map(async (file) => {
      const variables = Object.entries(parseEnv(await readFile(join(root, file), 'utf8')));
      return variables
        .filter(([name, value]) => BROWSER_PREFIXES.test(name) && /^postgres(ql)?:\/\/[^:]+:[^@]+@/.test(value ?? ''))
        .map(([name]) => ({
          have: `${name} in ${file} contains a connection string with its password`,
          want: 'a variable name that bundlers do not expose',
          fix: 'Rename the variable, without this prefix, and reset the password: pages that were built may contain it.',
        }));
    }),
  );
  return findings.flat();
}

const BROWSER_PREFIXES = /^(NEXT_PUBLIC|VITE|PUBLIC|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY)_/;
