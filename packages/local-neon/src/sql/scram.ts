/** Passwords as PostgreSQL stores them: https://www.postgresql.org/docs/current/catalog-pg-authid.html, RFC 5803. */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

const SCRAM = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/;
const KEY_BYTES = 32;

/**
 * Whether this is the password that was stored so. False is no refusal: a password beyond ASCII may be written in several ways, and
 * one that was stored as MD5 is not looked at.
 */
export async function isPasswordOf(verifier: string, password: string): Promise<boolean> {
  const [, iterations, salt, storedKey] = SCRAM.exec(verifier) ?? [];
  if (salt === undefined || storedKey === undefined) return false;
  const salted = await promisify(pbkdf2)(
    password,
    Buffer.from(salt, 'base64'),
    Number(iterations),
    KEY_BYTES,
    'sha256',
  );
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return createHash('sha256').update(clientKey).digest('base64') === storedKey;
}
