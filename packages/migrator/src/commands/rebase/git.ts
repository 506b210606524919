/** Reads the migrations folder from git. */
import { execFile, spawn } from 'node:child_process';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';

import { refusal } from '../failure.ts';
import type { FolderFiles } from './folder-files.ts';

const runProgram = promisify(execFile);

async function git(folder: string, ...args: string[]): Promise<string> {
  const { stdout } = await runProgram('git', args, { cwd: folder, maxBuffer: 100_000_000 });
  return stdout;
}

/** Reads the folder at the base commit. @throws {CommandFailure} without a git repository or without that commit. */
export async function readFilesAtBase(base: string, folder: string): Promise<FolderFiles> {
  await git(folder, 'rev-parse', '--git-dir').catch((cause: unknown) => {
    throw refusal(
      `could not read the migrations of the base branch from git, in ${folder}: ${reasonOf(cause)}.\n` +
        '`pnpm db:rebase --last` needs no git: it regenerates the last migration.',
    );
  });
  if (!(await hasCommit(base, folder))) {
    throw refusal(
      `there is no ${base} in git. Fetch it (\`git fetch origin\`), or name the branch that you merge with: \`pnpm db:rebase --base main\`.`,
    );
  }
  return readFilesAtCommit(base, folder);
}

function reasonOf(cause: unknown): string {
  const { code, stderr = '' } = Object(cause) as { code?: unknown; stderr?: string };
  if (code === 'ENOENT') return 'git is not installed';
  const [firstLine = ''] = stderr.trim().split('\n');
  return firstLine.replace(/^fatal: /, '') || String(cause);
}

/** Whether the commit exists. Also false if git is not installed. */
export async function hasCommit(name: string, folder: string): Promise<boolean> {
  // Git would read a name that begins with a dash as a flag.
  return git(folder, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`).then(
    () => true,
    () => false,
  );
}

/** The names of the files in the folder at a commit. Undefined if this is no git checkout or has no such commit. */
export async function readFileNamesAtCommit(commit: string, folder: string): Promise<Set<string> | undefined> {
  const listed = await git(folder, 'ls-tree', '--name-only', '-z', '--end-of-options', commit, './').catch(() => {});
  return typeof listed === 'string' ? new Set(listed.split('\0').filter((name) => name !== '')) : undefined;
}

/** All files of the folder at a commit. */
export async function readFilesAtCommit(commit: string, folder: string): Promise<FolderFiles> {
  const listed = await git(folder, 'ls-tree', '-r', '-z', '--end-of-options', commit, './');
  // Each entry is `<mode> blob <id>`, a tab, the path, a NUL.
  const blobs = listed.split('\0').flatMap((entry) => {
    const [, id, path] = /^\d+ blob (\w+)\t(.+)$/s.exec(entry) ?? [];
    return id === undefined || path === undefined ? [] : [{ id, path }];
  });
  const ids = blobs.map(({ id }) => id);
  const texts = await readBlobs(folder, ids);
  return new Map(blobs.map(({ path }, index) => [path, texts[index] ?? '']));
}

/** Reads the texts of all blobs with one process. */
async function readBlobs(folder: string, ids: readonly string[]): Promise<string[]> {
  const child = spawn('git', ['cat-file', '--batch'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.end(ids.map((id) => `${id}\n`).join(''));
  const output = await buffer(child.stdout);
  const texts: string[] = [];
  let offset = 0;
  while (offset < output.length) {
    // For each blob: `<id> blob <size>`, a newline, the bytes, a newline.
    const start = output.indexOf('\n', offset) + 1;
    const size = Number(output.toString('latin1', offset, start).trim().split(' ')[2]);
    texts.push(output.toString('utf8', start, start + size));
    offset = start + size + 1;
  }
  return texts;
}

/** Names of commits on both sides of a merge, a rebase or a cherry-pick that is not finished. */
const TIPS = ['HEAD', 'MERGE_HEAD', 'REBASE_HEAD', 'CHERRY_PICK_HEAD', 'ORIG_HEAD', 'refs/stash'];

/** The last commits that changed a file, newest first, at most five. Empty without git. */
export async function commitsOf(path: string, folder: string): Promise<string[]> {
  const existing = await Promise.all(TIPS.map(async (tip) => ((await hasCommit(tip, folder)) ? [tip] : [])));
  const tips = existing.flat();
  if (tips.length === 0) return [];
  const listed = await git(folder, 'log', '--max-count=5', '--format=%H', ...tips, '--', `./${path}`);
  return listed.split('\n').filter((commit) => commit !== '');
}
