/** Checks a password against a stored password: https://www.postgresql.org/docs/current/catalog-pg-authid.html, RFC 5803. */
import { createHash, createHmac, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';

/** SCRAM-SHA-256$<iterations>:<salt>$<stored key>:<server key> */
const SCRAM = /^SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):/;
const KEY_BYTES = 32;

/**
 * Whether the password certainly matches the verifier. False does not mean a wrong password: a non-ASCII password has
 * several spellings, and a verifier in MD5 is not checked. PostgreSQL decides then.
 */
export async function isPasswordOf(verifier: string, password: string): Promise<boolean> {
  const [, iterations, salt, storedKey] = SCRAM.exec(verifier) ?? [];
  if (salt === undefined || storedKey === undefined) return false;
  const saltBytes = Buffer.from(salt, 'base64');
  const salted = await promisify(pbkdf2)(password, saltBytes, Number(iterations), KEY_BYTES, 'sha256');
  const clientKey = createHmac('sha256', salted).update('Client Key').digest();
  return createHash('sha256').update(clientKey).digest('base64') === storedKey;
}
