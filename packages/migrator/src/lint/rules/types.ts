/** Types that a column should not have. A later change of the type rewrites the whole table. */
import type { ColumnDef } from 'libpg-query';

import { isSerial, typeOf } from '../column.ts';
import type { Rule } from '../rule.ts';
import { commandsOf, nodeAs, type StatementContext } from '../statement-context.ts';

export const TYPES: readonly Rule[] = [
  {
    name: 'serial-column',
    isAdvice: true,
    why: 'GRANT on the table does not include its sequence, and the sequence returns ids that an INSERT may already have set.',
    instead: 'Use integer GENERATED ALWAYS AS IDENTITY: in Drizzle, integer().generatedAlwaysAsIdentity().',
    bad: 'CREATE TABLE note (id serial PRIMARY KEY);',
    good: 'CREATE TABLE note (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);',
    // The first file may contain a schema that existed before the migrations. `column-rewrites-table` judges ADD COLUMN.
    matches: ({ node, isFirstFile }) => !isFirstFile && createdColumns(node).some(isSerial),
  },
  {
    name: 'timestamp-without-time-zone',
    isAdvice: true,
    why: 'timestamp stores a local time without its zone: sessions with another TimeZone read it as another moment.',
    instead: 'Use timestamptz: in Drizzle, timestamp({ withTimezone: true }).',
    bad: 'ALTER TABLE task ADD COLUMN due_at timestamp;',
    good: 'ALTER TABLE task ADD COLUMN due_at timestamptz;',
    matches: (context) => givesType('timestamp', context),
  },
  {
    name: 'char-column',
    isAdvice: true,
    why: 'char(n) pads short values with spaces, which some comparisons ignore and others do not. It saves no disk space.',
    instead: 'Use varchar(n), or text with a CHECK.',
    bad: 'ALTER TABLE task ADD COLUMN country char(2);',
    good: 'ALTER TABLE task ADD COLUMN country varchar(2);',
    matches: (context) => givesType('bpchar', context),
  },
  {
    name: 'json-column',
    isAdvice: true,
    why: 'json is stored as text, and each access parses it. It has no equality operator, so DISTINCT, GROUP BY and indexes fail.',
    instead: 'Use jsonb.',
    bad: 'ALTER TABLE task ADD COLUMN extra json;',
    good: 'ALTER TABLE task ADD COLUMN extra jsonb;',
    matches: (context) => givesType('json', context),
  },
];

function createdColumns(node: StatementContext['node']): ColumnDef[] {
  return (nodeAs(node, 'CreateStmt')?.tableElts ?? []).flatMap((element) => nodeAs(element, 'ColumnDef') ?? []);
}

const GIVES_TYPE = new Set(['AT_AddColumn', 'AT_AlterColumnType']);

/** Whether the statement creates a column of the type, or changes a column to it. */
function givesType(type: string, { node }: StatementContext): boolean {
  const changed = commandsOf(node).filter(({ subtype = '' }) => GIVES_TYPE.has(subtype));
  const columns = changed.flatMap(({ def }) => nodeAs(def, 'ColumnDef') ?? []);
  return [...createdColumns(node), ...columns].some((column) => typeOf(column) === type);
}
