/** The index of a `CREATE INDEX CONCURRENTLY`: whether it exists, and whether its build has finished. */
import { z } from 'zod';

import type { Session } from '@todo/client/session';
import { quoted } from '../catalog/quoted.ts';

const Index = z.object({ schema: z.string(), name: z.string(), isValid: z.boolean() });

export type Index = z.infer<typeof Index>;

// The name of an index or a table, with or without quotes.
const NAME = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const BUILD = new RegExp(
  String.raw`^create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?(?<index>${NAME})\s+` +
    String.raw`on\s+(?:only\s+)?(?<table>${NAME}(?:\s*\.\s*${NAME})?)`,
  'iu',
);

/** Finds the index that the statement builds concurrently. Undefined if it builds none, or if the index does not exist. */
export async function findIndexOf(session: Session, statement: string): Promise<Index | undefined> {
  const { index, table } = BUILD.exec(statement)?.groups ?? {};
  if (index === undefined) return undefined;
  const { rows } = await session.query(
    `select n.nspname as schema, c.relname as name, i.indisvalid as "isValid"
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
     where i.indrelid = to_regclass($1) and c.relname = (parse_ident($2))[1]`,
    [table, index],
  );
  return z.array(Index).parse(rows)[0];
}

export async function dropIndex(session: Session, index: Index): Promise<void> {
  await session.query(`drop index concurrently if exists ${describeIndex(index)}`);
}

/** Such as `"public"."idx_invoice_customer_id"`. */
export function describeIndex({ schema, name }: Index): string {
  return [schema, name].map(quoted).join('.');
}
