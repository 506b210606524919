/** Reads `sslmode` and the certificates as libpq does. https://www.postgresql.org/docs/current/libpq-ssl.html */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';

import type { Parameters } from './connection-string.ts';
import { invalidSetting, requireOneOf } from './invalid-url.ts';

const MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;

export type SslMode = (typeof MODES)[number];

export interface Tls {
  readonly mode: SslMode;
  /** The file of the trusted authorities. Undefined: the authorities that Node.js trusts. */
  readonly rootCertificate: string | undefined;
  /** The files of the client certificate and its key. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
}

export interface ServerTraits {
  readonly isLocal: boolean;
  readonly isNeon: boolean;
  /** The folder in which libpq looks for certificates by default. */
  readonly certificateFolder: string;
}

/**
 * Reads the TLS mode and files. The default mode on this machine is `prefer`, as in libpq; elsewhere `verify-full`, so that nothing is sent
 * in plain text unless `sslmode` allows it. A connection to Neon is always encrypted, and its certificate is always verified.
 * @throws {DatabaseUrlError} if `sslmode` is invalid or contradicts another parameter.
 */
export function readTls(valueOf: Parameters['valueOf'], { isLocal, isNeon, certificateFolder }: ServerTraits): Tls {
  const root = valueOf('sslrootcert');
  const defaultMode = isLocal && root !== 'system' ? 'prefer' : 'verify-full';
  const requestedMode = requireOneOf('sslmode', valueOf('sslmode') ?? defaultMode, MODES);
  if (isNeon && requestedMode === 'disable')
    throw invalidSetting('turns TLS off, which Neon does not accept: remove its `sslmode`');
  if (root === 'system' && requestedMode !== 'verify-full') {
    throw invalidSetting('has `sslrootcert=system`, which works only with `sslmode=verify-full`: set this mode');
  }
  const defaultFile = (file: string) => (isNeon ? undefined : findFile(join(certificateFolder, file)));
  return {
    mode: isNeon ? 'verify-full' : requestedMode,
    rootCertificate: root === 'system' ? undefined : (root ?? defaultFile('root.crt')),
    certificate: valueOf('sslcert') ?? defaultFile('postgresql.crt'),
    key: valueOf('sslkey') ?? defaultFile('postgresql.key'),
  };
}

function findFile(file: string): string | undefined {
  return existsSync(file) ? file : undefined;
}

/** Whether a certificate must be signed by a trusted authority. If there is a file of authorities, every mode with TLS verifies. */
export function isVerified({ mode, rootCertificate }: Tls): boolean {
  return mode === 'verify-ca' || mode === 'verify-full' || rootCertificate !== undefined;
}

/** The options for Node's TLS. @throws {DatabaseUrlError} if a file cannot be read. */
export function tlsOptions(tls: Tls): ConnectionOptions {
  const { mode, rootCertificate, certificate, key } = tls;
  return {
    rejectUnauthorized: isVerified(tls),
    // Only verify-full compares the host with the certificate.
    ...(mode !== 'verify-full' && { checkServerIdentity: () => undefined }),
    ...(rootCertificate !== undefined && { ca: readTlsFile('sslrootcert', rootCertificate) }),
    ...(certificate !== undefined && { cert: readTlsFile('sslcert', certificate) }),
    ...(key !== undefined && { key: readTlsFile('sslkey', key) }),
  };
}

function readTlsFile(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw invalidSetting(`names a file for ${name} that cannot be read: correct the path. ${(error as Error).message}`);
  }
}
