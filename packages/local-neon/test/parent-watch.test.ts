import { beforeAll, expect, test } from 'vitest';

import { ask } from './connect.ts';
import { createDataFolder, type DataFolder } from './data-folder.ts';
import { CLI, startCli, startProgram, urlIn } from './program.ts';

let place: DataFolder;
beforeAll(async () => {
  place = await createDataFolder();
  return () => place.remove();
});

function inShell(args: string): string {
  return `'${process.execPath}' '${CLI}' ${args}; : npm install`;
}

test('the end of a shell whose command line only mentions a package manager does not stop the server', async () => {
  const shell = startProgram(['/bin/sh', '-c', inShell(`--data '${place.dataDir}'`)]);
  const url = urlIn(await shell.firstLine);
  shell.child.kill('SIGKILL');

  // The same shell below npm, whose end stops the server. When this one has ended, the watch has seen the end of both
  // shells.
  const npm = `process.title = 'npm exec fake';
    require('node:child_process').spawn('/bin/sh', ['-c', process.argv[1]], { stdio: 'inherit' });`;
  const launched = startProgram([process.execPath, '-e', npm, inShell(`--postgres '${url}'`)]);
  await launched.firstLine;
  launched.child.kill('SIGKILL');
  await launched.exited;

  expect(await ask(url, 'select 1 as n')).toEqual([{ n: 1 }]);
  expect(await startCli(['stop', '--data', place.dataDir]).exited).toMatchObject({ code: 0 });
});
