import { Command } from 'commander';
import { expect, test } from 'vitest';

import type { StartOptions } from '../src/index.ts';
import { addServerOptions, type ServerOptions, toStartOptions } from '../src/cli/server-options.ts';

function startOptionsOf(...args: string[]): StartOptions {
  const command = addServerOptions(new Command())
    .exitOverride()
    .configureOutput({ writeErr() {} });
  return toStartOptions(command.parse(args, { from: 'user' }).opts<ServerOptions>());
}

test('the options of the command line become the options of the start, and no others', () => {
  expect(startOptionsOf()).toEqual({});
  const origins = ['--allow-origin', 'HTTP://LocalHost:3000/', '--allow-origin', 'https://app.example'];
  expect(
    startOptionsOf('--data', 'x', '--port', '65535', '--bin-dir', '/bin', '--host', '127.0.0.2', ...origins),
  ).toEqual({
    dataDir: 'x',
    port: 65_535,
    binDir: '/bin',
    allowOrigin: ['http://localhost:3000', 'https://app.example'],
  });
  expect(startOptionsOf('--postgres', 'postgresql://a:b@/c?host=/d', '--log', 'queries')).toEqual({
    postgres: 'postgresql://a:b@localhost/c?host=/d',
    onQuery: expect.any(Function),
  });
});

test.each([
  ['--port', '0'],
  ['--port', '65536'],
  ['--port', '1.5'],
  ['--port', '0x10'],
  ['--host', '127.0.0.1.example'],
  ['--host', '::'],
  ['--allow-origin', '*'],
])('%s %s is refused', (...args) => {
  expect(() => startOptionsOf(...args)).toThrow(`option '${args[0]}`);
});
