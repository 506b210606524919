/** Tests `connect/reach` and `connect/tls` over a simulated network. On this machine alone they have little to report. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { testBranch } from '@todo/local-neon/vitest';
import { beforeAll, describe, expect, it } from 'vitest';

import { cli, type Ended } from './cli.ts';
import { absentNeon, type Certificate, type RemoteNeon, startRemoteNeon } from './remote-neon.ts';

// The latency depends on the machine, not on the code.
const CONNECT = ['--only', 'connect', '--skip', 'connect/latency', '-v'];

let neon: string;
beforeAll(async () => void (neon = (await testBranch()).url));

async function verifyThere({ url, env }: Pick<RemoteNeon, 'url' | 'env'>, trusted?: string): Promise<Ended> {
  return await cli(['--url', url, ...CONNECT], {
    env: { ...env, ...(trusted !== undefined && { NODE_EXTRA_CA_CERTS: trusted }) },
  });
}

const hasOpenssl = await promisify(execFile)('openssl', ['version']).then(
  () => true,
  () => false,
);

describe.skipIf(!hasOpenssl)('a Neon that is not on this machine', () => {
  it('is found by its name, checked over TLS, and read without its pooler', async () => {
    await using remote = await startRemoteNeon(neon);
    const { host } = new URL(remote.url);
    const pooled = host.replace('.', '-pooler.');
    const url = remote.url.replace(host, pooled);
    const { code, stdout, stderr } = await verifyThere({ ...remote, url }, remote.certificate);
    expect(stdout).toMatch(/✓ connect\/reach .*port 443 at 127\.0\.0\.1/);
    expect(stdout).toMatch(/✓ connect\/tls .*TLSv1\.3, by Verify, 29 days left/);
    expect(stdout).toMatch(/\n10 passed, 0 failed, 0 skipped\n$/);
    expect(stderr).not.toContain('gateway');
    // The session checks use the direct host: the pooler would pass the settings of a session on to the next client.
    expect(remote.visited).toEqual(new Set([host, pooled]));
    expect(code).toBe(0);
  });

  it('is reported as unreachable if it does not respond', async () => {
    const { code, stdout } = await verifyThere(absentNeon(neon));
    expect(stdout).toMatch(
      /\n✗ connect\/reach .*\n.*Nothing listens.*\n.*\n +why +Without a connection, no other check can run/,
    );
    expect(stdout).toMatch(/\n0 passed, 1 failed, 9 skipped\n$/);
    expect(code).toBe(3);
  });

  it.each<[what: string, certificate: Certificate, isTrusted: boolean, have: string, last: string]>([
    [
      'whose certificate has an unknown issuer',
      {},
      false,
      'The server’s certificate is not trusted: its issuer is unknown to this machine.',
      '\n1 passed, 2 failed, 7 skipped\n',
    ],
    [
      'whose certificate is for another host name',
      { name: 'elsewhere.invalid' },
      true,
      'The server’s certificate is not trusted: it is for another host name.',
      '\n1 passed, 2 failed, 7 skipped\n',
    ],
    [
      'whose certificate is about to end',
      { days: 3 },
      true,
      'the certificate expires in 2 days',
      '\n9 passed, 0 failed, 0 skipped\n',
    ],
  ])('is distinguished from a server %s', async (_, certificate, isTrusted, have, last) => {
    await using remote = await startRemoteNeon(neon, certificate);
    const { stdout } = await verifyThere(remote, isTrusted ? remote.certificate : undefined);
    expect(stdout).toMatch(/\n[✗!] connect\/tls /);
    expect(stdout).toContain(`have  ${have}`);
    expect(stdout.endsWith(last)).toBe(true);
  });
});
