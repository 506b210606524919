/** Reads the catalog of a database. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { runInTransaction, runAndRollBack } from '../transaction.ts';
import { compareKindAndName, type Fact, FACT_KINDS, type FactKind } from './fact.ts';
import { factsQuery } from './facts-query.ts';
import { toOneLine, normalizeViewQuery } from './normal-form.ts';

/**
 * Reads the facts of all schemas except those of PostgreSQL, of the provider and of the migrations table, sorted by kind, schema, table and
 * name: objects, privileges, triggers and rules. Objects of extensions are left out. Any role that can connect may read the facts, also on a
 * read-only server and through a pooler. The session must not be inside a transaction, because the function begins a transaction.
 *
 * ```ts
 * await using session = await connectSession(url);
 * const facts = await readCatalog(session);
 * ```
 */
export function readCatalog(session: Session): Promise<Fact[]> {
  // All kinds are read from one snapshot. The settings below end with the transaction, and a pooler keeps a transaction on one backend.
  const begin = `begin isolation level repeatable read, read only; ${PIN_SETTINGS}`;
  return runInTransaction(session, () => readFacts(session), begin);
}

/** Reads the catalog inside the open transaction, with its uncommitted changes. See `readCatalog`. */
export function readCatalogWithin(session: Session): Promise<Fact[]> {
  return runAndRollBack(session, async () => {
    await session.query(PIN_SETTINGS);
    return await readFacts(session);
  });
}

async function readFacts(session: Session): Promise<Fact[]> {
  const { rows } = await session.query(factsQuery);
  return Facts.parse(rows).map(normalizeDefinition).toSorted(compareKindAndName);
}

// PostgreSQL prints an expression for the settings of the session: search_path decides whether names are qualified, and other settings
// decide the format of dates and intervals. Two databases must print equal expressions in the same way.
const PIN_SETTINGS = [
  `search_path = ''`,
  `timezone = 'UTC'`,
  `datestyle = 'ISO, YMD'`,
  `intervalstyle = 'postgres'`,
  'extra_float_digits = 1',
  `bytea_output = 'hex'`,
  'quote_all_identifiers = off',
  // JIT compilation of this query would take longer than running it.
  'jit = off',
]
  .map((setting) => `set local ${setting}`)
  .join('; ');

/** Definitions that PostgreSQL prints on several lines, or differently in some versions. */
const NORMAL_FORMS: Partial<Record<FactKind, (definition: string) => string>> = {
  view: normalizeViewQuery,
  trigger: toOneLine,
  rule: toOneLine,
  function: (definition) => definition.trim(),
};

function normalizeDefinition(fact: Fact): Fact {
  const normalize = NORMAL_FORMS[fact.kind];
  const { definition } = fact.attributes;
  if (normalize === undefined || definition === undefined) return fact;
  return { ...fact, attributes: { ...fact.attributes, definition: normalize(definition) } };
}

// The attributes are selected as text, because a session may have its own parser for jsonb.
const Attributes = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.record(z.string(), z.string()));

const Facts = z.array(
  z.object({
    kind: z.enum(FACT_KINDS),
    schema: z.string(),
    table: z.string(),
    name: z.string(),
    attributes: Attributes,
  }),
);
