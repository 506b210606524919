/** Root removes a folder while the owner of the folder replaces its contents by links. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { removeTree } from '../src/postgres/remove-tree.ts';
import { createFolder, isRoot, NOBODY } from './other-users.ts';

/** Node's own `rm` lost the victim's file in one of about ten rounds. */
const ROUNDS = 30;

/** Replaces one folder after the other by a link to the victim. */
const EXCHANGE = `
const { mkdirSync, renameSync, symlinkSync, unlinkSync, writeFileSync } = require('node:fs');
const [tree, victim] = process.argv.slice(1);
process.chdir(tree);
for (let n = 0; n < 200; n += 1) { mkdirSync('d' + n); writeFileSync('d' + n + '/file', ''); }
console.log('ready');
const attempt = (change) => { try { change(); } catch {} };
for (;;) for (let n = 199; n >= 0; n -= 1) {
  attempt(() => { renameSync('d' + n, 'aside'); symlinkSync(victim, 'd' + n); });
  attempt(() => { unlinkSync('d' + n); renameSync('aside', 'd' + n); });
}`;

test.runIf(isRoot)(
  'root removes no other files through a link that appears during the removal (needs root)',
  async () => {
    const folder = await createFolder();
    const [tree, victim] = [join(folder, 'tree'), join(folder, 'victim')];
    await mkdir(victim);
    await writeFile(join(victim, 'file'), 'mine');
    for (let round = 0; round < ROUNDS; round += 1) {
      await mkdir(tree);
      await chown(tree, NOBODY, NOBODY);
      const attacker = spawn(process.execPath, ['-e', EXCHANGE, tree, victim], {
        uid: NOBODY,
        gid: NOBODY,
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      await once(attacker.stdout, 'data');
      // The removal may never finish while the other user makes new folders.
      await removeTree(tree).catch(() => {});
      attacker.kill('SIGKILL');
      await once(attacker, 'exit');
      await rm(tree, { recursive: true, force: true });
      expect(await readdir(victim)).toEqual(['file']);
    }
  },
);
