/** Creates certificates for a server on this machine with openssl, signed by an untrusted authority. */
import { execFile } from 'node:child_process';
import { chmod, chown, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificates {
  /** The certificate file of the authority, for `sslrootcert`. */
  readonly authority: string;
  /** The certificate file of another authority, which signed nothing here. */
  readonly wrongAuthority: string;
  /** The certificate file of the server, for the host `localhost` only. */
  readonly server: string;
  readonly key: string;
}

/** @param owner the only user who may read the key. */
export async function makeCertificates(folder: string, owner: { uid: number; gid: number }): Promise<Certificates> {
  const file = (name: string) => join(folder, name);
  const newKey = (name: string) => ['-newkey', 'rsa:2048', '-nodes', '-keyout', file(`${name}.key`)];
  for (const name of ['authority', 'wrong']) {
    await openssl('req', '-x509', ...newKey(name), '-days', '2', '-subj', `/CN=${name}`, '-out', file(`${name}.crt`));
  }
  await openssl('req', ...newKey('server'), '-subj', '/CN=localhost', '-out', file('server.csr'));
  await writeFile(file('names'), 'subjectAltName=DNS:localhost');
  const signed = [
    '-CA',
    file('authority.crt'),
    '-CAkey',
    file('authority.key'),
    '-CAcreateserial',
    '-extfile',
    file('names'),
  ];
  await openssl('x509', '-req', '-in', file('server.csr'), '-days', '2', ...signed, '-out', file('server.crt'));
  await chmod(file('server.key'), 0o600);
  await chown(file('server.key'), owner.uid, owner.gid);
  return {
    authority: file('authority.crt'),
    wrongAuthority: file('wrong.crt'),
    server: file('server.crt'),
    key: file('server.key'),
  };
}

async function openssl(...args: string[]): Promise<void> {
  await promisify(execFile)('openssl', args);
}
