/** Refuses COPY from or to the client: Neon's driver does not transfer COPY data, and HTTP has no protocol for it. */
import { DatabaseError } from '../errors/database-error.ts';

/** @throws {DatabaseError} `refused`, before anything is sent. */
export function refuseCopyData(statement: string): void {
  if (!COPY_DATA.test(statement)) return;
  const message =
    'COPY from STDIN or to STDOUT is not possible: the driver does not transfer the data. Nothing was sent. Use `createMany`, a `select`, or psql.';
  throw new DatabaseError('refused', message);
}

const COPY_DATA = /^\s*copy\b[^]*\b(?:from\s+stdin|to\s+stdout)\b/i;
