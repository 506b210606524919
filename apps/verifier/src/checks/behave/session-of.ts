/** Converts a Drizzle transaction to a session that runs SQL text: the row maker does not use Drizzle. */
import type { Session } from '@todo/client';
import { type SQL, sql } from 'drizzle-orm';

import type { Transaction } from './run-and-roll-back.ts';

export function sessionOf(tx: Pick<Transaction, 'execute'>): Session {
  return {
    query: async (text, params = []) => {
      const { rows } = await tx.execute(toSql(text, params));
      return { rows };
    },
  };
}

/** Quoted texts and parameters. A quoted text comes first in the pattern, because `$1` in it is no parameter. */
const TOKENS = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+/g;

/** Converts SQL text with `$1`, `$2` to a Drizzle statement with parameters. */
function toSql(text: string, params: readonly unknown[]): SQL {
  const chunks: SQL[] = [];
  let copiedLength = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (!token.startsWith('$')) continue;
    chunks.push(sql.raw(text.slice(copiedLength, index)), sql`${params[Number(token.slice(1)) - 1] ?? null}`);
    copiedLength = index + token.length;
  }
  return sql.join([...chunks, sql.raw(text.slice(copiedLength))]);
}
