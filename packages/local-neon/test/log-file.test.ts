import { closeSync, fstatSync, readSync, watch, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { expect, onTestFinished, test } from 'vitest';

import { openNamelessFile } from '../src/postgres/log-file.ts';

test.runIf(process.platform === 'linux')(
  'the log of a temporary server has a name at no moment, so that a kill leaves no file',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'nameless-'));
    const names: string[] = [];
    const watcher = watch(folder, (_, name) => names.push(name ?? ''));
    onTestFinished(async () => {
      watcher.close();
      await rm(folder, { recursive: true });
    });
    await delay(100);
    const log = openNamelessFile(folder);
    writeSync(log, 'one');
    writeSync(log, 'two');
    const text = Buffer.alloc(6);
    readSync(log, text, 0, 6, 0);
    expect(text.toString()).toBe('onetwo');
    expect(fstatSync(log).mode & 0o777).toBe(0o600);
    closeSync(log);
    await delay(100);
    // Linux reports the file by its inode, such as `#123`.
    expect(names.filter((name) => !/^#\d+$/.test(name))).toEqual([]);
  },
);
