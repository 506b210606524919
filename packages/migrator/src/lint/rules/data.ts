/** Data: statements that lose data, or allow invalid data. */
import type { Node, VariableSetStmt } from 'libpg-query';

import { addedConstraints, isRedundantNotNullCheck } from '../column.ts';
import { executesDynamicSql } from '../dynamic-sql.ts';
import { STATEMENT_BREAK, type Rule } from '../rule.ts';
import { commandsInUse, commandsOf, isInUse, nodeAs, type StatementContext, tableName } from '../statement-context.ts';

export const DATA: readonly Rule[] = [
  {
    name: 'drop-column',
    why: 'The values are deleted, and the running code may still select the column.',
    instead: 'First deploy code that does not use the column. Then allow the statement.',
    bad: 'ALTER TABLE task DROP COLUMN description;',
    good: '-- allow drop-column: no code has selected it since the last deploy\nALTER TABLE task DROP COLUMN description;',
    matches: (context) => commandsInUse(context).some(({ subtype }) => subtype === 'AT_DropColumn'),
  },
  {
    name: 'drop-table',
    why: 'The data is deleted, and the running code may still use the object.',
    instead: 'First deploy code that does not use the object. Then allow the statement.',
    bad: 'DROP TABLE task;',
    good: '-- allow drop-table: no code has used the table since the last deploy\nDROP TABLE task;',
    matches: ({ node }) => DROPS_DATA.has(nodeAs(node, 'DropStmt')?.removeType ?? ''),
  },
  {
    name: 'deletes-every-row',
    why: 'The statement deletes all rows of the table.',
    instead: 'Name the rows with DELETE … WHERE. If all rows must be deleted, allow the statement.',
    bad: 'DELETE FROM task;',
    good: 'DELETE FROM task WHERE is_done;',
    matches: (context) => {
      const deletion = nodeAs(context.node, 'DeleteStmt');
      if (deletion !== undefined) return isEveryRow(deletion.whereClause) && isInUse(deletion.relation, context);
      const emptied = nodeAs(context.node, 'TruncateStmt')?.relations ?? [];
      return emptied.some((table) => isInUse(nodeAs(table, 'RangeVar'), context));
    },
  },
  {
    name: 'updates-every-row',
    why: 'Other sessions cannot change these rows until the transaction ends, and the table takes twice its space on disk.',
    instead: 'Update the rows in batches, each in a separate transaction: WHERE id BETWEEN … AND …',
    bad: 'UPDATE task SET is_done = false;',
    good: 'UPDATE task SET is_done = false WHERE id BETWEEN 1 AND 1000;',
    matches: (context) => {
      const update = nodeAs(context.node, 'UpdateStmt');
      return update !== undefined && isEveryRow(update.whereClause) && isInUse(update.relation, context);
    },
  },
  {
    name: 'drop-constraint',
    why: 'PostgreSQL then accepts rows that violate the constraint. While such rows exist, the constraint can only be added again as NOT VALID.',
    instead:
      'To change the constraint, drop and add it with the same name in one transaction. To remove it, allow the statement.',
    bad: 'ALTER TABLE task DROP CONSTRAINT task_group_id_fkey;',
    good:
      'ALTER TABLE task DROP CONSTRAINT task_group_id_fkey, ADD CONSTRAINT task_group_id_fkey ' +
      'FOREIGN KEY (group_id) REFERENCES "group" (id) ON DELETE RESTRICT NOT VALID;',
    matches: (context) =>
      nodeAs(context.node, 'AlterDomainStmt')?.subtype === DROPS_DOMAIN_CONSTRAINT ||
      commandsInUse(context).some(
        ({ subtype, name = '' }) => subtype === 'AT_DropConstraint' && !isReplaced(name, context),
      ),
  },
  {
    name: 'disable-trigger',
    why: 'Rows are then changed without the trigger, which may enforce a foreign key. ALTER TABLE disables the trigger for every session.',
    instead: 'Set a setting of your own with SET LOCAL, and let the trigger function return early if it is set.',
    bad: 'ALTER TABLE task DISABLE TRIGGER ALL;',
    good: `SET LOCAL app.is_backfill = 'on';${STATEMENT_BREAK}UPDATE task SET is_done = true WHERE id = 1;`,
    matches: (context) =>
      commandsInUse(context).some(({ subtype = '' }) => SKIPS_TRIGGERS.test(subtype)) ||
      setsReplicationRole(nodeAs(context.node, 'VariableSetStmt')),
  },
  {
    name: 'dynamic-sql',
    why: 'EXECUTE builds its statement at run time: no rule and no reviewer can check that statement.',
    instead:
      'Write the statement itself. If that is impossible, allow the DO block, and list the built statements in the comment.',
    bad: `DO $$ BEGIN EXECUTE 'ALTER TABLE task ADD COLUMN place text'; END $$;`,
    good: 'ALTER TABLE task ADD COLUMN place text;',
    matches: ({ node }) => executesDynamicSql(node),
  },
];

const DROPS_DATA = new Set(['OBJECT_TABLE', 'OBJECT_SCHEMA', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE']);

/** https://github.com/postgres/postgres/blob/REL_18_STABLE/src/include/nodes/parsenodes.h: `AlterDomainStmt.subtype`. */
const DROPS_DOMAIN_CONSTRAINT = 'X';

const SKIPS_TRIGGERS = /^AT_(DisableTrig(All|User)?|DisableRule|EnableReplicaTrig|EnableReplicaRule)$/;

/** Whether the statement sets session_replication_role: `replica` disables triggers, which also enforce foreign keys. */
function setsReplicationRole(setting: VariableSetStmt | undefined): boolean {
  return setting?.name === 'session_replication_role' && setting.kind === 'VAR_SET_VALUE';
}

/** Whether the statement has no WHERE, or WHERE true. */
function isEveryRow(where: Node | undefined): boolean {
  return where === undefined || nodeAs(where, 'A_Const')?.boolval?.boolval === true;
}

/** Whether the file adds a constraint of that name, or SET NOT NULL has made the constraint redundant. */
function isReplaced(name: string, context: StatementContext): boolean {
  const { node, fileBefore, fileAfter, isTransactional } = context;
  const table = tableName(nodeAs(node, 'AlterTableStmt')?.relation);
  // Outside a transaction, a later ADD leaves a time without the constraint.
  const statements = [...fileBefore, node, ...(isTransactional ? fileAfter : [])];
  const added = statements
    .filter((other) => tableName(nodeAs(other, 'AlterTableStmt')?.relation) === table)
    .flatMap((other) => commandsOf(other).flatMap(addedConstraints));
  return added.some(({ conname }) => conname === name) || isRedundantNotNullCheck(name, context);
}
