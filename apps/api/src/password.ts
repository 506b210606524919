/** Hashes passwords with bcrypt. The package bcryptjs is plain JavaScript, so it runs on every runtime of the API. */
import { z } from '@hono/zod-openapi';
import { compare, hash } from 'bcryptjs';

/** bcrypt ignores bytes beyond the 72nd. */
const BYTES_MAX = 72;
const ROUNDS = 10;

export const passwordSchema = z
  .string()
  .min(8, 'At least 8 characters')
  .refine((password) => new TextEncoder().encode(password).length <= BYTES_MAX, `At most ${BYTES_MAX} bytes`);

export function hashPassword(password: string): Promise<string> {
  return hash(password, ROUNDS);
}

/** Whether the password has this hash. Takes the same time without a hash: the response time must not show whether an account exists. */
export async function matchesHash(password: string, hashed: string | undefined): Promise<boolean> {
  const matches = await compare(password, hashed ?? UNUSED_HASH);
  return matches && hashed !== undefined;
}

/** A well-formed hash that matches no password. */
const UNUSED_HASH = `$2b$${ROUNDS}$${'nobody'.padEnd(53, '.')}`;
