/** Passwords, of which a bcrypt hash is kept. The package is plain JavaScript: it runs wherever the rest does. */
import { z } from '@hono/zod-openapi';
import { compare, hash } from 'bcryptjs';

/** bcrypt looks at 72 bytes and ignores the rest. */
const BYTES_MAX = 72;
const ROUNDS = 10;

export const passwordSchema = z
  .string()
  .min(8, 'At least 8 characters')
  .refine((password) => new TextEncoder().encode(password).length <= BYTES_MAX, `At most ${BYTES_MAX} bytes`);

export function hashPassword(password: string): Promise<string> {
  return hash(password, ROUNDS);
}

/** Takes as long when there is no such user, so that nobody learns from the clock who has an account. */
export async function isPassword(password: string, hashed: string | undefined): Promise<boolean> {
  const matches = await compare(password, hashed ?? NOBODYS);
  return matches && hashed !== undefined;
}

/** Of a password that nobody knows. */
const NOBODYS = `$2b$${ROUNDS}$${'nobody'.padEnd(53, '.')}`;
