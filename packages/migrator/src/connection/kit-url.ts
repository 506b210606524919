/** Builds a connection string for drizzle-kit, which uses pg's own parameters and reads neither libpq's files nor its variables. */
import type { Client } from 'pg';

import { isEncrypted } from './connect-pg.ts';
import { findPassword } from './password.ts';
import { readTarget, toUrl } from './target.ts';
import { isVerified } from './tls.ts';

/** Returns the URL, with the password. @param client is connected to the database, and shows whether `sslmode=prefer` resulted in TLS. */
export async function kitUrl(url: string, client: Client): Promise<string> {
  const target = readTarget(url);
  const { tls } = target;
  const parameters = new URL(target.url).searchParams;
  for (const name of ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'channel_binding']) parameters.delete(name);
  if (!isEncrypted(client)) parameters.set('sslmode', 'disable');
  else {
    // Makes pg read the sslmode that follows as libpq does: https://www.npmjs.com/package/pg-connection-string#tcp-connections
    parameters.set('uselibpqcompat', 'true');
    parameters.set('sslmode', tls.mode === 'verify-full' ? tls.mode : isVerified(tls) ? 'verify-ca' : 'require');
    const files = { sslrootcert: tls.rootCertificate, sslcert: tls.certificate, sslkey: tls.key };
    for (const [name, file] of Object.entries(files)) if (file !== undefined) parameters.set(name, file);
  }
  return toUrl({ ...target, password: await findPassword(target) }, parameters);
}
