/** Tests the checks of this machine and of the connection string: each finds its fault. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { describe, expect, it, onTestFinished, vi } from 'vitest';

import { isOff, isOn } from '../src/checks/connect/boolean-setting.ts';
import { driverEndpoint } from '../src/checks/connect/driver-endpoint.ts';
import { daysLeft, expiryFindings } from '../src/checks/connect/tls.ts';
import { toFindings as judgeLatency } from '../src/checks/connect/latency.ts';
import { meaningOf } from '../src/checks/connect/setting-meanings.ts';
import { tryImport } from '../src/checks/env/import-entry.ts';
import { toFindings as judgeRuntime } from '../src/checks/env/runtime.ts';
import { exposedPasswords, trackedFiles } from '../src/checks/env/secret-hygiene.ts';
import { toFindings as judgeCopies } from '../src/checks/env/single-drizzle.ts';
import { toFindings as judgeEndpoints, urlEndpoint } from '../src/checks/env/url-endpoint.ts';
import { toFindings as judgeTls } from '../src/checks/env/url-tls.ts';
import type { Context, Finding } from '../src/check.ts';

const have = (findings: readonly Finding[]) => findings.map((finding) => finding.have);

describe('env/runtime', () => {
  it('finds a Node.js that is too old, or without fetch', () => {
    expect(have(judgeRuntime('18.20.0', true))).toEqual(['Node.js 18.20.0']);
    expect(have(judgeRuntime('20.19.0', true))).toEqual(['Node.js 20.19.0']);
    expect(have(judgeRuntime('22.0.0', false))).toEqual(['no global fetch']);
    expect(judgeRuntime('20.20.0', true)).toEqual([]);
  });
});

describe('env/import-entry', () => {
  it('finds a path that the package does not export', async () => {
    expect(have(await tryImport('@todo/db/models', import.meta.dirname))).toEqual([
      expect.stringMatching(/@todo\/db\/models: .*ERR_PACKAGE_PATH_NOT_EXPORTED/),
    ]);
    expect(await tryImport('@todo/db/schema', import.meta.dirname)).toEqual([]);
  });
});

describe('env/single-drizzle', () => {
  it('finds two copies of drizzle-orm, and a missing one', () => {
    expect(have(judgeCopies('no-such-package', [import.meta.filename]))).toEqual(['no-such-package at none']);
    expect(judgeCopies('drizzle-orm', [import.meta.filename, fileURLToPath(import.meta.resolve('@todo/db'))])).toEqual(
      [],
    );
  });
});

describe('env/url-endpoint', () => {
  const pooled = 'postgresql://a:b@ep-one-pooler.eu.aws.neon.tech/d';
  const direct = 'postgresql://a:b@ep-one.eu.aws.neon.tech/d';
  it.each<[url: string, unpooled: string | undefined, found: string[]]>([
    [pooled, direct, []],
    [pooled, undefined, []],
    [direct, undefined, ['ep-one.eu.aws.neon.tech, without -pooler']],
    [pooled, pooled, ['DATABASE_URL_UNPOOLED names ep-one-pooler.eu.aws.neon.tech']],
    [pooled, direct.replace('one', 'two'), ['two computes: ep-one and ep-two']],
  ])('compares %s with %s and finds %j', (url, unpooled, found) => {
    expect(have(judgeEndpoints(url, unpooled))).toEqual(found);
  });

  it('compares the direct host of the environment only with its own pooled host', async () => {
    vi.stubEnv('DATABASE_URL_UNPOOLED', direct.replace('one', 'two'));
    onTestFinished(() => void vi.unstubAllEnvs());
    // The fake has only the members of a context that the check uses.
    const context = { url: pooled, source: 'DATABASE_URL' } as Context;
    expect(await urlEndpoint.run(context)).toMatchObject({ kind: 'findings' });
    expect(await urlEndpoint.run({ ...context, source: '--url' })).toEqual({ kind: 'pass' });
  });
});

describe('env/url-tls', () => {
  it.each<[parameters: string, found: string[]]>([
    ['sslmode=require', []],
    ['sslmode=verify-full&channel_binding=require', []],
    ['', ['no sslmode']],
    ['sslmode=prefer', ['sslmode=prefer']],
    ['sslmode=verify-full&channel_binding=disable', ['channel_binding=disable']],
  ])('reads %s and finds %j', (parameters, found) => {
    expect(have(judgeTls(new URLSearchParams(parameters)))).toEqual(found);
  });
});

describe('env/secret-hygiene', () => {
  it('finds secrets in git and in browser bundles, and prints no secret', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'secrets-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    // The URL is built from two parts, because this file is in git.
    const url = ['postgresql://a:npg_', 'topsecret@ep-one.neon.tech/d'].join('');
    await writeFile(
      join(folder, '.env.local'),
      `NEXT_PUBLIC_DB=${url}\nNEXT_PUBLIC_SITE=https://a.example\nDATABASE_URL=${url}\n`,
    );
    await writeFile(join(folder, '.env.example'), 'DATABASE_URL=\n');
    await writeFile(join(folder, 'config.ts'), `const url = '${url}';\n`);
    await promisify(execFile)('git', ['init', '-q', folder]);
    await promisify(execFile)('git', ['-C', folder, 'add', '.']);
    const found = [...(await trackedFiles(folder)), ...(await exposedPasswords(folder))];
    expect(have(found)).toEqual([
      '.env.local is in git',
      'config.ts contains a connection string with its password',
      'NEXT_PUBLIC_DB in .env.local contains a connection string with its password',
    ]);
    expect(JSON.stringify(found)).not.toContain('topsecret');
  });
});

describe('connect/reach', () => {
  it.each<[what: string, url: string, clientUrl: string, door: object]>([
    ['Neon', 'postgresql://a:b@ep-x.neon.tech:5432/d', '', { host: 'ep-x.neon.tech', port: 443, isSecure: true }],
    ['this machine', 'postgresql://a:b@[::1]/d', '', { host: '::1', port: 5432, isSecure: false }],
    [
      'a server behind our gateway',
      'postgresql://a:b@db.example.com:5433/d',
      'postgresql://a:b@localhost:1/d',
      { host: 'db.example.com', port: 5433, isSecure: false },
    ],
  ])('connects to the address that the connections of %s use', (_, url, clientUrl, door) => {
    expect(driverEndpoint({ url, clientUrl: clientUrl || url })).toEqual(door);
  });
});

describe('connect/tls', () => {
  it('finds a certificate that expires soon', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(have(expiryFindings(daysLeft({ valid_to: 'Jan  4 00:00:00 2026 GMT' }, now)))).toEqual([
      'the certificate expires in 3 days',
    ]);
    expect(expiryFindings(daysLeft({ valid_to: 'Mar  4 00:00:00 2026 GMT' }, now))).toEqual([]);
  });
});

describe('connect/latency', () => {
  const fine = { transport: 'http', firstMs: 40, medianMs: 12, p95Ms: 20 } as const;
  it('finds a compute that had to start, and a database with a long network round trip', () => {
    expect(judgeLatency(fine)).toEqual([]);
    expect(judgeLatency({ ...fine, firstMs: 900 })).toEqual([]);
    expect(have(judgeLatency({ ...fine, firstMs: 3000 }))).toEqual([
      'the first query over http took 3000 ms, later ones 12 ms',
    ]);
    expect(have(judgeLatency({ ...fine, firstMs: 300, medianMs: 180 }))).toEqual(['180 ms per query over http']);
  });
});

describe('connect/session-settings', () => {
  it.each<[name: string, value: string, severity: string | undefined]>([
    ['session_replication_role', 'replica', 'error'],
    ['statement_timeout', '5ms', 'error'],
    ['statement_timeout', '250', 'error'],
    ['statement_timeout', '30s', 'warning'],
    ['lock_timeout', '0', undefined],
    ['timezone', 'UTC', undefined],
    ['timezone', 'Asia/Tokyo', 'warning'],
    ['a_setting_of_a_later_version', 'on', 'warning'],
    ['work_mem', '64MB', undefined],
    ['log_statement', 'all', undefined],
    ['pgaudit.log', 'all', undefined],
    ['deadlock_timeout', '2s', undefined],
    ['DateStyle', 'ISO', undefined],
    ['DateStyle', 'ISO, DMY', 'warning'],
  ])('gives the setting %s = %s the severity %s', (name, value, severity) => {
    expect(meaningOf(name, value)?.severity).toBe(severity);
  });

  it('reads booleans as PostgreSQL does, which accepts unique prefixes', () => {
    const all = ['on', 'TRUE', 't', 'y', '1', 'off', 'of', 'False', 'n', '0'];
    expect(all.map(isOn)).toEqual(all.map((_, index) => index < 5));
    expect(all.map(isOff)).toEqual(all.map((_, index) => index >= 5));
    // PostgreSQL refuses `o`, because both `on` and `off` begin with it.
    expect([isOn('o'), isOff('o')]).toEqual([false, false]);
  });
});
