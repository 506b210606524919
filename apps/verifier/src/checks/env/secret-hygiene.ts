import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';

import { loadEnvironment } from '@todo/client/environment';

import { type Check, type Finding, verdict } from '../../check.ts';

export const secretHygiene: Check = {
  id: 'env/secret-hygiene',
  title: 'No password of a database is in git, or goes to browsers',
  method:
    'Tracked .env files, connection strings of Neon in tracked files, and variables of .env files that bundlers hand to browsers.',
  why: 'Whoever can read the repository, or the page’s source, can read and delete every row.',
  remedy:
    'Remove it, reset the password in the Neon console, and add .env* to .gitignore: git keeps what was once in it.',
  severity: 'error',
  mode: 'local',
  run: async () => {
    const { root } = loadEnvironment();
    if ((await git(['rev-parse'], root)) === undefined) return { kind: 'not-applicable', reason: 'no git here' };
    return verdict([...(await trackedFiles(root)), ...(await exposedVariables(root))]);
  },
};

export async function trackedFiles(root: string): Promise<Finding[]> {
  const names = (await git(['ls-files', '--', '.env*', '**/.env*'], root)) ?? '';
  const env = names.split('\n').filter((name) => name !== '' && !/\.(example|sample|template)$/.test(name));
  // A password that Neon makes, before a host of Neon's; never printed.
  const found = (await git(['grep', '-lIE', String.raw`:npg_[A-Za-z0-9]{8,}@[a-z0-9.-]+\.neon\.tech`], root)) ?? '';
  const strings = found.split('\n').filter((name) => name !== '' && !env.includes(name));
  return [
    ...env.map((name) => ({ have: `${name} is in git`, want: 'kept out of it' })),
    ...strings.map((name) => ({ have: `${name} holds a connection string with its password`, want: 'none in git' })),
  ];
}

/** Undefined when git is not there, or does not answer with success: `git grep` that finds nothing does not. */
async function git(args: string[], cwd: string): Promise<string | undefined> {
  try {
    return (await promisify(execFile)('git', args, { cwd })).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Bundlers read .env files whether git knows them or not. */
export async function exposedVariables(root: string): Promise<Finding[]> {
  const files = (await readdir(root)).filter((name) => name.startsWith('.env'));
  const found = await Promise.all(
    files.map(async (file) => {
      const variables = Object.entries(parseEnv(await readFile(join(root, file), 'utf8')));
      return variables
        .filter(([name, value]) => TO_BROWSERS.test(name) && /^postgres(ql)?:\/\/[^:]+:[^@]+@/.test(value ?? ''))
        .map(([name]) => ({
          have: `${name} in ${file} holds a connection string`,
          want: 'a name that stays on the server',
        }));
    }),
  );
  return found.flat();
}

const TO_BROWSERS = /^(NEXT_PUBLIC|VITE|PUBLIC|REACT_APP|NUXT_PUBLIC|EXPO_PUBLIC|GATSBY)_/;
