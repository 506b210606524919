/** Locks: statements that make other sessions wait, and the time for which a transaction holds a lock. */
import {
  addedColumns,
  addedConstraints,
  columnsSetNotNull,
  isComputedPerRow,
  isNullInEachRow,
  isProvedNotNull,
} from '../column.ts';
import { STATEMENT_BREAK, NO_TRANSACTION, type Rule } from '../rule.ts';
import { addedConstraint, commandsInUse, commandsOf, nodeAs, type StatementContext } from '../statement-context.ts';
import { locksParentLast } from '../table-locks.ts';
import { isFullVacuum, reindexesConcurrently } from '../maintenance.ts';

export const LOCKS: readonly Rule[] = [
  {
    name: 'foreign-key-scans',
    why: 'Nobody can write to either table until every row is checked.',
    instead: 'ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later file.',
    bad: 'ALTER TABLE task ADD CONSTRAINT task_group_fkey FOREIGN KEY (group_id) REFERENCES "group" (id);',
    good: 'ALTER TABLE task ADD CONSTRAINT task_group_fkey FOREIGN KEY (group_id) REFERENCES "group" (id) NOT VALID;',
    matches: (context) => addsScanned(context, 'CONSTR_FOREIGN'),
  },
  {
    name: 'check-scans',
    why: 'Nobody can read or write the table until every row is checked.',
    instead: 'ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later file.',
    bad: `ALTER TABLE task ADD CONSTRAINT task_title_check CHECK (title <> '');`,
    good: `ALTER TABLE task ADD CONSTRAINT task_title_check CHECK (title <> '') NOT VALID;`,
    matches: (context) => addsScanned(context, 'CONSTR_CHECK'),
  },
  {
    name: 'validate-in-same-transaction',
    why: 'ADD CONSTRAINT locks the table until the transaction ends, so all rows are checked under the lock, as without NOT VALID.',
    instead: 'VALIDATE CONSTRAINT in a later file, or in one that runs outside a transaction.',
    bad:
      `ALTER TABLE task ADD CONSTRAINT task_title_check CHECK (title <> '') NOT VALID;${STATEMENT_BREAK}` +
      'ALTER TABLE task VALIDATE CONSTRAINT task_title_check;',
    good:
      `${NO_TRANSACTION}ALTER TABLE task ADD CONSTRAINT task_title_check CHECK (title <> '') NOT VALID;${STATEMENT_BREAK}` +
      'ALTER TABLE task VALIDATE CONSTRAINT task_title_check;',
    matches: (context) =>
      context.isTransactional &&
      commandsInUse(context).some(({ subtype, name }) => {
        const added = context.fileBefore.flatMap(commandsOf).map((command) => addedConstraint(command)?.conname);
        return subtype === 'AT_ValidateConstraint' && added.includes(name);
      }),
  },
  {
    name: 'set-not-null-scans',
    why: 'Nobody can read or write the table until every row is checked.',
    instead:
      'First ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID and VALIDATE it; then SET NOT NULL checks nothing.',
    bad: 'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
    good: [
      `${NO_TRANSACTION}ALTER TABLE task ADD CONSTRAINT described CHECK (description IS NOT NULL) NOT VALID;`,
      'ALTER TABLE task VALIDATE CONSTRAINT described;',
      'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
      'ALTER TABLE task DROP CONSTRAINT described;',
    ].join(STATEMENT_BREAK),
    matches: (context) =>
      commandsInUse(context)
        .flatMap(columnsSetNotNull)
        .some((column) => !isProvedNotNull(column, context)),
  },
  {
    name: 'column-rewrites-table',
    why: 'Each row gets a different value: nobody can read or write the table until PostgreSQL has rewritten it.',
    instead: 'Add the column as nullable, SET DEFAULT for new rows, and fill the old rows in batches.',
    bad: 'ALTER TABLE task ADD COLUMN key uuid DEFAULT gen_random_uuid();',
    good:
      `ALTER TABLE task ADD COLUMN key uuid, ADD COLUMN seen_at timestamptz DEFAULT now();${STATEMENT_BREAK}` +
      'ALTER TABLE task ALTER COLUMN key SET DEFAULT gen_random_uuid();',
    matches: (context) => commandsInUse(context).flatMap(addedColumns).some(isComputedPerRow),
  },
  {
    name: 'type-change-rewrites',
    why: 'For most types, PostgreSQL rewrites the table and its indexes, and nobody can read or write the table until then. The running code expects the old type.',
    instead:
      'Add a column of the new type, write both columns, fill the new one in batches, read it, and drop the old column in a later deploy. A longer varchar needs no rewrite: allow that statement.',
    bad: 'ALTER TABLE task ALTER COLUMN id TYPE bigint;',
    good: 'ALTER TABLE task ADD COLUMN big_id bigint;',
    matches: (context) => commandsInUse(context).some(({ subtype }) => subtype === 'AT_AlterColumnType'),
  },
  {
    name: 'exclusive-maintenance',
    why: 'Nobody can read or write the table until the statement ends.',
    instead: 'Use VACUUM without FULL, REINDEX and REFRESH with CONCURRENTLY, and pg_repack instead of CLUSTER.',
    bad: 'REINDEX TABLE task;',
    good: `${NO_TRANSACTION}REINDEX TABLE CONCURRENTLY task;`,
    matches: ({ node }) => {
      const view = nodeAs(node, 'RefreshMatViewStmt');
      const isReindex = nodeAs(node, 'ReindexStmt') !== undefined && !reindexesConcurrently(node);
      return isReindex || isFullVacuum(node) || (view !== undefined && view.concurrent !== true);
    },
  },
  {
    name: 'lock-order',
    why: 'The application locks a parent before its children. A migration in the other order can cause a deadlock: PostgreSQL cancels one of the two.',
    instead: 'Change first the table to which the foreign key refers, or split the file.',
    bad: `UPDATE task SET is_done = true WHERE id = 1;${STATEMENT_BREAK}UPDATE "group" SET secret = '' WHERE id = 1;`,
    good: `UPDATE "group" SET secret = '' WHERE id = 1;${STATEMENT_BREAK}UPDATE task SET is_done = true WHERE id = 1;`,
    matches: locksParentLast,
  },
  {
    name: 'ends-transaction',
    why: 'A file and its row in the migrations table are one transaction, which db:migrate begins and ends. After a COMMIT or ROLLBACK in the file, half of the file can be applied and not recorded; a BEGIN has no effect.',
    instead: 'Remove the statement, or split the file.',
    bad: `COMMIT;`,
    good: `SAVEPOINT before;`,
    matches: ({ node }) => BOUNDARIES.has(nodeAs(node, 'TransactionStmt')?.kind ?? ''),
  },
];

const BOUNDARIES = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START', 'TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK']);

/** Whether the statement adds a constraint of that kind, for which PostgreSQL scans the existing rows. */
function addsScanned(context: StatementContext, kind: 'CONSTR_FOREIGN' | 'CONSTR_CHECK'): boolean {
  return commandsInUse(context)
    .filter((command) => kind !== 'CONSTR_FOREIGN' || !addedColumns(command).some(isNullInEachRow))
    .flatMap(addedConstraints)
    .some(({ contype, skip_validation: isNotValid }) => contype === kind && isNotValid !== true);
}
