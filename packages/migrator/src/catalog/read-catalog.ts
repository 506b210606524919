/** Reads what the schema `public` is made of. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { byKindAndName, type Fact, FACT_KINDS } from './fact.ts';
import { structureQuery, wholeQuery } from './facts-query.ts';

export interface ReadCatalogOptions {
  /** Also who has access, what is stored how, what runs by itself, and objects of other kinds. Default false. */
  readonly isWhole?: boolean;
}

/**
 * Reads the facts of the schema `public`, sorted by kind, table and name: its tables, columns, indexes, constraints and
 * sequences, unless the whole is asked for. What an extension brought is left out.
 * Any role that can connect may read them, on a read-only server and through a pooler, too. The session must not be
 * inside a transaction: the facts are read in one of their own.
 *
 * ```ts
 * await using session = await connectSession(url);
 * const facts = await readCatalog(session);
 * ```
 */
export async function readCatalog(session: Session, { isWhole = false }: ReadCatalogOptions = {}): Promise<Fact[]> {
  // One snapshot for all kinds; and the settings below end with the transaction, which a pooler keeps on one backend.
  await session.query(`begin isolation level repeatable read, read only; ${PIN_SETTINGS}`);
  try {
    const { rows } = await session.query(isWhole ? wholeQuery : structureQuery);
    await session.query('commit');
    return Facts.parse(rows).toSorted(byKindAndName);
  } catch (error) {
    // When the connection is lost this fails as well, and the first error says more.
    await session.query('rollback').catch(() => {});
    throw error;
  }
}

// PostgreSQL prints an expression as this session would have to write it: names are qualified or not by search_path,
// dates and intervals look as the session shows them. Two databases must print equal things equally.
const PIN_SETTINGS = [
  `search_path = ''`,
  `timezone = 'UTC'`,
  `datestyle = 'ISO, YMD'`,
  `intervalstyle = 'postgres'`,
  'extra_float_digits = 1',
  `bytea_output = 'hex'`,
  'quote_all_identifiers = off',
]
  .map((setting) => `set local ${setting}`)
  .join('; ');

// As text, because a session may have its own way to read jsonb.
const Attributes = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()));

const Facts = z.array(
  z.object({ kind: z.enum(FACT_KINDS), table: z.string(), name: z.string(), attributes: Attributes }),
);
