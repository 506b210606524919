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

/** Quoted text first, because it contains no parameters. */
const TOKENS = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$\d+/g;

/** Converts the parameters of the text to parameters of a Drizzle statement. */
function toSql(text: string, params: readonly unknown[]): SQL {
  const chunks: SQL[] = [];
  let end = 0;
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (!token.startsWith('$')) continue;
    chunks.push(sql.raw(text.slice(end, index)), sql`${params[Number(token.slice(1)) - 1] ?? null}`);
    end = index + token.length;
  }
  return sql.join([...chunks, sql.raw(text.slice(end))]);
}
