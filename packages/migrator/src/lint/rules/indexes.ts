/** Indexes: how they are built, and foreign keys without an index. */
import { addedConstraints } from '../column.ts';
import { type Key, keysAfter, keysOf } from '../keys.ts';
import { STATEMENT_BREAK, NO_TRANSACTION, type Rule } from '../rule.ts';
import { commandsInUse, isInUse, nodeAs } from '../statement-context.ts';
import { reindexesConcurrently } from '../maintenance.ts';

export const INDEXES: readonly Rule[] = [
  {
    name: 'index-blocks-writes',
    why: 'Nobody can write to the table until the index is built.',
    instead: 'CREATE INDEX CONCURRENTLY, in a file that runs outside a transaction.',
    bad: 'CREATE INDEX task_title ON task (title);',
    good: `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: (context) => {
      const index = nodeAs(context.node, 'IndexStmt');
      return index !== undefined && index.concurrent !== true && isInUse(index.relation, context);
    },
  },
  {
    name: 'drop-index-blocks',
    why: 'DROP INDEX waits until every transaction that uses the table has ended. While it waits, nobody else can read or write the table.',
    instead: 'DROP INDEX CONCURRENTLY, in a file that runs outside a transaction.',
    bad: 'DROP INDEX idx_task_group_id;',
    good: `${NO_TRANSACTION}DROP INDEX CONCURRENTLY idx_task_group_id;`,
    matches: ({ node }) => {
      const drop = nodeAs(node, 'DropStmt');
      return drop?.removeType === 'OBJECT_INDEX' && drop.concurrent !== true;
    },
  },
  {
    name: 'concurrently-in-transaction',
    why: 'PostgreSQL refuses CONCURRENTLY inside a transaction.',
    instead: 'Make `-- migrate: no transaction` the first line of the file.',
    bad: 'CREATE INDEX CONCURRENTLY task_title ON task (title);',
    good: `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: ({ node, isTransactional }) =>
      isTransactional &&
      (nodeAs(node, 'IndexStmt')?.concurrent === true ||
        nodeAs(node, 'DropStmt')?.concurrent === true ||
        reindexesConcurrently(node)),
  },
  {
    name: 'nameless-index',
    why: 'If the build is interrupted, an invalid index remains. The next run finds and rebuilds it only by its name.',
    instead: 'Give the index a name.',
    bad: `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY ON task (title);`,
    good: `${NO_TRANSACTION}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: ({ node }) => {
      const index = nodeAs(node, 'IndexStmt');
      return index?.concurrent === true && index.idxname === undefined;
    },
  },
  {
    name: 'unique-builds-index',
    why: 'Nobody can read or write the table until the index behind the constraint is built.',
    instead:
      'In a file that runs outside a transaction: CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE (or PRIMARY KEY) USING INDEX. For EXCLUDE there is no such way.',
    bad: 'ALTER TABLE task ADD CONSTRAINT once UNIQUE (group_id, title);',
    good:
      `${NO_TRANSACTION}CREATE UNIQUE INDEX CONCURRENTLY once ON task (group_id, title);${STATEMENT_BREAK}` +
      'ALTER TABLE task ADD CONSTRAINT once UNIQUE USING INDEX once;',
    matches: (context) =>
      commandsInUse(context)
        .flatMap(addedConstraints)
        .some(({ contype = '', indexname }) => BUILDS_INDEX.has(contype) && indexname === undefined),
  },
  {
    name: 'unindexed-foreign-key',
    isAdvice: true,
    why: 'Each DELETE of a parent row reads the whole table to find the child rows, and holds its locks meanwhile.',
    instead: 'Create an index that begins with the columns of the foreign key, in this file or in another migration.',
    bad: 'ALTER TABLE "group" ADD COLUMN task_id integer REFERENCES task (id);',
    good:
      `${NO_TRANSACTION}ALTER TABLE "group" ADD COLUMN task_id integer REFERENCES task (id);${STATEMENT_BREAK}` +
      'CREATE INDEX CONCURRENTLY idx_group_task_id ON "group" (task_id);',
    matches: ({ node, before, fileAfter, later }) => {
      const foreignKeys = keysOf(node).filter(({ kind }) => kind === 'foreign');
      if (foreignKeys.length === 0) return false;
      const untilFileEnd = [...before, node, ...fileAfter];
      const keys = [...keysAfter(untilFileEnd), ...keysAfter([...untilFileEnd, ...later])];
      const indexes = keys.filter(({ kind }) => kind === 'index');
      return !foreignKeys.every((key) => indexes.some((index) => beginsWithColumnsOf(index, key)));
    },
  },
];

const BUILDS_INDEX = new Set(['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION']);

/** Whether the first columns of the index are those of the foreign key, in any order. */
function beginsWithColumnsOf(index: Key, { table, columns }: Key): boolean {
  const leading = new Set(index.columns.slice(0, columns.length));
  return index.table === table && columns.every((column) => leading.has(column));
}
