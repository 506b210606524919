/** A session that records its inserts, so that another transaction can repeat and undo them. */
import type { Session } from '@todo/client';
import { quoted } from '@todo/migrator/catalog';
import type { StoredRow, TableShape } from '@todo/migrator/rows';

import { qualifiedName } from '../../code-tables.ts';
import { insertSql } from '../../sql-text.ts';
import { rowCondition } from './row-condition.ts';

/** A statement that repeats a recorded one, and a statement that undoes it. */
export interface RecordedStatement {
  readonly text: string;
  readonly undo?: string;
  /** The table of an insert. */
  readonly shape?: TableShape;
}

export interface Recording extends Session {
  /** Inserts and SET CONSTRAINTS, without those that a savepoint rolled back. */
  readonly statements: readonly RecordedStatement[];
}

/** Returns a session that records inserts into the tables in `shapes`. */
export function recordInserts(session: Session, shapes: readonly TableShape[]): Recording {
  const statements: RecordedStatement[] = [];
  // For each open savepoint, the number of statements recorded before it.
  const savepoints: number[] = [];
  return {
    statements,
    query: async (text, params = []) => {
      const result = await session.query(text, params);
      if (text.startsWith('savepoint ')) savepoints.push(statements.length);
      if (text.startsWith('release savepoint ')) savepoints.pop();
      if (text.startsWith('rollback to savepoint ')) statements.length = savepoints.pop() ?? 0;
      if (text.startsWith('set constraints ')) statements.push({ text });
      const shape = shapes.find((candidate) => isInsertInto(text, candidate));
      // Inserts of the row maker return all columns as texts.
      if (shape !== undefined) statements.push(insertOf(shape, result.rows[0] as StoredRow));
      return result;
    },
  };
}

function isInsertInto(text: string, { schema, name }: TableShape): boolean {
  return text.startsWith(`insert into ${quoted(schema)}.${quoted(name)} `);
}

/** The statements that repeat and undo an insert, including the values of defaults, to which other rows may refer. */
function insertOf(shape: TableShape, row: StoredRow): RecordedStatement {
  const values = shape.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => [name, row[name] ?? null]);
  return {
    text: insertSql(qualifiedName(shape), Object.fromEntries(values) as StoredRow),
    undo: `delete from ${qualifiedName(shape)} where ${rowCondition(shape, row)}`,
    shape,
  };
}
