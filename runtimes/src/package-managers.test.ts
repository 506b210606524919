/** Projects outside the workspace install the packed packages with each package manager, as docs/apps.md says. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';

import { type Files, pathInFolder, writeFiles } from './folder.js';
import { type LocalNeon, migrate, startLocalNeon } from './workspace.js';

const run = promisify(execFile);
/** The environment of a user's shell, without the variables of the package manager that runs these tests. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|pnpm_|node_test)/i.test(name)));

const PROGRAM = `
  import { connectHttp, withDatabase } from '@todo/db';
  import { users } from '@todo/db/queries';
  import { todo } from '@todo/db/schema';
  import { newTodoSchema } from '@todo/db/validators';

  const url = process.env.DATABASE_URL;
  const user = await users(connectHttp(url)).byEmail('ada@example.com');
  console.log(user, await withDatabase(url, (db) => db.$count(todo)), typeof newTodoSchema.parse);
`;

const section = (await readFile(pathInFolder('../docs/apps.md'), 'utf8')).split('## Outside this repository')[1] ?? '';
const [pack = '', npmInstall = '', pnpmAdd = ''] = codeBlocks('sh');
const [overrides = ''] = codeBlocks('yaml');
const [yarnManifest = ''] = codeBlocks('json');

function codeBlocks(language: string): string[] {
  return [...section.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, text = '']) =>
    text.trim(),
  );
}

let folder: string;
let neon: LocalNeon;
before(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'outside the workspace ')));
  await run('sh', ['-c', pack.replace('../packed', `"${join(folder, 'packed')}"`)], { cwd: pathInFolder('..'), env });
  neon = await startLocalNeon({ isJoinable: false });
  await migrate(neon.url);
});
after(async () => {
  await neon.close();
  await rm(folder, { recursive: true, force: true });
});

const MANIFEST = '{ "type": "module" }';
const PROJECTS: Readonly<Record<string, { readonly files: Files; readonly install: string }>> = {
  npm: { files: { 'package.json': MANIFEST }, install: npmInstall },
  pnpm: {
    files: { 'package.json': MANIFEST, 'pnpm-workspace.yaml': overrides },
    install: pnpmAdd.replace('pnpm', 'npx --yes pnpm@12'),
  },
  'Yarn 1': { files: { 'package.json': yarnManifest }, install: 'npx --yes yarn@1.22 install' },
  'Yarn 4': {
    files: { 'package.json': yarnManifest, 'yarn.lock': '', '.yarnrc.yml': 'nodeLinker: node-modules' },
    install: 'npx --yes @yarnpkg/cli-dist@4 install --no-immutable',
  },
};

for (const [name, { files, install }] of Object.entries(PROJECTS)) {
  void test(`${name} installs the packed packages in a project outside the workspace`, async () => {
    const project = join(folder, name);
    await writeFiles(project, { ...files, 'program.js': PROGRAM });
    await run('sh', ['-c', install], { cwd: project, env, timeout: 300_000 });
    const { stdout } = await run(process.execPath, ['program.js'], {
      cwd: project,
      env: { ...env, DATABASE_URL: neon.url },
      timeout: 60_000,
    });
    assert.equal(stdout, 'undefined 0 function\n');
  });
}
