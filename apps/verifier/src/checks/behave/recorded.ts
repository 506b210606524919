/** A session that notes what was inserted through it, so that another transaction can do the same. */
import type { Session } from '@todo/client';
import type { StoredRow, TableShape } from '@todo/migrator/rows';

import { qualified, quoted } from '../../code-tables.ts';
import { insertText } from '../../sql-text.ts';
import { conditionOf } from './locate.ts';

/** A statement that does the same, and one that undoes it. */
export interface RecordedStatement {
  readonly text: string;
  readonly undo?: string;
  /** Of an insert. */
  readonly shape?: TableShape;
}

export interface Recording extends Session {
  /** Inserts and the deferring of constraints, without what a savepoint has undone. */
  readonly statements: readonly RecordedStatement[];
}

/** `shapes`: the tables into which rows may be inserted. */
export function recorded(session: Session, shapes: readonly TableShape[]): Recording {
  const statements: RecordedStatement[] = [];
  const savepoints: number[] = [];
  return {
    statements,
    query: async (text, params = []) => {
      const result = await session.query(text, params);
      if (text.startsWith('savepoint ')) savepoints.push(statements.length);
      if (text.startsWith('release savepoint ')) savepoints.pop();
      if (text.startsWith('rollback to savepoint ')) statements.length = savepoints.pop() ?? 0;
      if (text.startsWith('set constraints ')) statements.push({ text });
      const shape = shapes.find((each) => isInsertInto(text, each));
      // The row maker returns all columns as texts.
      if (shape !== undefined) statements.push(insertOf(shape, result.rows[0] as StoredRow));
      return result;
    },
  };
}

function isInsertInto(text: string, { schema, name }: TableShape): boolean {
  return text.startsWith(`insert into ${quoted(schema)}.${quoted(name)} `);
}

/** With what the defaults gave as well: others refer to it. */
function insertOf(shape: TableShape, row: StoredRow): RecordedStatement {
  const given = shape.columns.filter(({ isGenerated }) => !isGenerated).map(({ name }) => [name, row[name] ?? null]);
  return {
    text: insertText(qualified(shape), Object.fromEntries(given) as StoredRow),
    undo: `delete from ${qualified(shape)} where ${conditionOf(shape, row)}`,
    shape,
  };
}
