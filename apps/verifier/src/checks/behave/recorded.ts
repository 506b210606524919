/** A session that notes what was inserted through it, so that another transaction can do the same. */
import type { Session } from '@todo/client';

import { quoted } from '../../code-tables.ts';

export interface RecordedStatement {
  readonly text: string;
  readonly params: readonly unknown[];
  /** Of an insert: the row that it returned. */
  readonly row?: Readonly<Record<string, unknown>> | undefined;
}

export interface Recording extends Session {
  /** Inserts and the deferring of constraints, without what a savepoint has undone. */
  readonly statements: readonly RecordedStatement[];
}

export function recorded(session: Session): Recording {
  const statements: RecordedStatement[] = [];
  const savepoints: number[] = [];
  return {
    statements,
    query: async (text, params = []) => {
      const result = await session.query(text, params);
      if (text.startsWith('savepoint ')) savepoints.push(statements.length);
      if (text.startsWith('release savepoint ')) savepoints.pop();
      if (text.startsWith('rollback to savepoint ')) statements.length = savepoints.pop() ?? 0;
      if (text.startsWith('insert into ')) statements.push({ text, params, row: result.rows[0] });
      if (text.startsWith('set constraints ')) statements.push({ text, params });
      return result;
    },
  };
}

/** Whether a statement of the row maker inserts into a table. */
export function isInsertInto(
  text: string,
  { schema, name }: { readonly schema: string; readonly name: string },
): boolean {
  return text.startsWith(`insert into ${quoted(schema)}.${quoted(name)} `);
}
