/** A connection string names the same server and database as for psql. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import { isLocal, maskUrl, readTarget } from '../../src/connection/target.ts';
import { temporaryFolder } from '../command.ts';

const environment = { variables: {}, userName: 'ada', certificateFolder: '/nonexistent' };
const read = (url: string, variables: Record<string, string> = {}) => readTarget(url, { ...environment, variables });

describe('the parts of a connection string', () => {
  test.each([
    [
      'postgresql://u:p%40@db.example.com:5433/shop',
      { host: 'db.example.com', port: 5433, password: 'p@', database: 'shop' },
    ],
    ['postgresql://u@[::1]/shop', { host: '::1', port: 5432, isLocal: true, password: undefined }],
    ['postgresql://u@/shop?host=/run/pg&port=5433', { host: '/run/pg', port: 5433, isSocket: true, database: 'shop' }],
    ['postgresql://%2Frun%2Fpg/shop', { host: '/run/pg', isSocket: true, user: 'ada', database: 'shop' }],
    ['postgresql://%2Frun%2Fpg:5433/shop', { host: '/run/pg', port: 5433 }],
    [
      'postgresql:///?host=db&user=u&password=p&dbname=shop',
      { host: 'db', user: 'u', password: 'p', database: 'shop' },
    ],
    ['postgresql://u@localhost', { user: 'u', database: 'u' }],
    ['postgres://u@localhost/a%2Fb', { database: 'a/b' }],
  ])('are read as psql reads them: %s', (url, expected) => {
    const target = read(url);
    expect(target).toMatchObject(expected);
    // The URL has the same meaning whatever the variables are when it is read again.
    const again = read(target.url, { host: 'other', port: '1', user: 'other', dbname: 'other' });
    expect({ ...again, password: target.password }).toEqual(target);
  });

  test('that are missing come from libpq’s variables', () => {
    const variables = { host: '/run/pg', port: '5433', user: 'u', password: 'p', dbname: 'shop' };
    const place = { host: '/run/pg', port: 5433, user: 'u', password: 'p', database: 'shop' };
    expect(read('postgresql://', variables)).toMatchObject(place);
    expect(read('postgresql://v@localhost/other', variables)).toMatchObject({
      host: 'localhost',
      port: 5433,
      user: 'v',
      database: 'other',
    });
    // The URL does not contain the password of the environment.
    expect(read('postgresql://', variables).url).not.toContain(':p@');
  });
});

const modeOf = (url: string, variables?: Record<string, string>) => read(url, variables).tls.mode;

describe('sslmode', () => {
  test('has libpq’s default on this machine and verify-full elsewhere, unless a parameter or variable sets it', () => {
    expect(modeOf('postgresql://u@localhost/d')).toBe('prefer');
    expect(modeOf('postgresql://u@localhost/d', { sslrootcert: 'system' })).toBe('verify-full');
    expect(modeOf('postgresql://u@db.example.com/d')).toBe('verify-full');
    expect(modeOf('postgresql://u@db.example.com/d?sslmode=prefer')).toBe('prefer');
    expect(modeOf('postgresql://u@db.example.com/d', { sslmode: 'require' })).toBe('require');
    expect(modeOf('postgresql://u@db.example.com/d?sslmode=disable', { sslmode: 'require' })).toBe('disable');
  });

  test('never weakens a connection to Neon', () => {
    const neon = 'postgresql://u:p@ep-x.eu.aws.neon.tech/d';
    for (const mode of ['allow', 'prefer', 'require']) expect(modeOf(neon, { sslmode: mode })).toBe('verify-full');
    expect(() => modeOf(neon, { sslmode: 'disable' })).toThrow('Neon does not accept');
  });

  test('uses the files that the connection string, the variables or libpq’s folder names', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'root.crt'), '');
    const at = { ...environment, certificateFolder: folder };
    expect(readTarget('postgresql://u@h/d', at).tls.rootCertificate).toBe(join(folder, 'root.crt'));
    expect(readTarget('postgresql://u@h/d?sslrootcert=/a', at).tls.rootCertificate).toBe('/a');
    expect(readTarget('postgresql://u@h/d?sslrootcert=system', at).tls.rootCertificate).toBeUndefined();
  });
});

test.each([
  ['postgresql://u@localhost/d?host=db.example.com', 'parameter `host`'],
  ['postgresql://u@localhost/d?hostaddr=192.0.2.1', 'hostaddr'],
  ['postgresql://u@a,b/d', 'several hosts'],
  [
    'postgresql://u@localhost/d?sslmode=no-verify',
    'use one of disable, allow, prefer, require, verify-ca, verify-full',
  ],
  ['postgresql://u@h/d?sslmode=require&sslrootcert=system', 'works only with `sslmode=verify-full`'],
  ['postgresql://u@h/d?channel_binding=maybe', 'channel_binding'],
  ['postgresql://u@h:0/d', 'port'],
  ['postgresql://u:s3#cret@h/d', '%23'],
])('%s is refused, and no value of it is repeated', (url, reason) => {
  expect(() => read(url)).toThrow(reason);
  expect(() => read(url)).not.toThrow(/s3|192\.0|no-verify/);
});

test('only loopback addresses and Unix sockets count as this machine', () => {
  const local = [
    'postgresql://u@localhost/d',
    'postgresql://u@127.0.0.2/d',
    'postgresql://u@[::1]/d',
    'postgresql://u@%2Ftmp/d',
  ];
  const remote = ['postgresql://u@localhost.example.com/d', 'postgresql://u@192.0.2.1/d', 'nonsense'];
  expect([...local, ...remote].map(isLocal)).toEqual([...local.map(() => true), ...remote.map(() => false)]);
});

test('a connection string is shown without its password and its parameters', () => {
  expect(maskUrl('postgresql://u:s3cret@h:5433/d?options=s3cret')).toBe('postgresql://u:***@h:5433/d');
  expect(maskUrl('postgresql://u@h/d')).toBe('postgresql://u@h/d');
  expect(maskUrl('postgresql://u:s3cret@%2Frun%2Fpg:5433/d')).toBe('postgresql://u:***@/d?host=/run/pg&port=5433');
  expect(maskUrl('postgresql://u@localhost:5432/d?password=s3cret')).toBe('postgresql://u:***@localhost/d');
  expect(maskUrl('s3cret')).toBe('(a connection string that cannot be read)');
});
