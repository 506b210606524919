/**
 * What takes a live site down, or data with it: the rules on which the linters for migrations agree. Each is its own
 * example: `bad` is found, `good` does the same safely and runs on this package's schema.
 */
import type { AlterTableCmd } from 'libpg-query';

import { addedColumn, addedConstraints, isComputedPerRow, isProvedNotNull, isRequired } from './column.ts';
import { addedConstraint, changes, commandsOf, isInUse, nodeAs, type Site } from './site.ts';

export interface Rule {
  readonly name: string;
  /** What happens on a database that is in use. */
  readonly why: string;
  /** The safe form of the same statement. */
  readonly instead: string;
  readonly bad: string;
  readonly good: string;
  readonly matches: (site: Site) => boolean;
}

const OUTSIDE = '-- migrate: no transaction\n';
const NEXT = '\n--> statement-breakpoint\n';

export const RULES: readonly Rule[] = [
  {
    name: 'index-blocks-writes',
    why: 'Nobody can write to the table until the index is built.',
    instead: 'CREATE INDEX CONCURRENTLY, in a file that runs outside a transaction.',
    bad: 'CREATE INDEX task_title ON task (title);',
    good: `${OUTSIDE}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: (site) => {
      const index = nodeAs(site.node, 'IndexStmt');
      return index !== undefined && index.concurrent !== true && isInUse(index.relation, site);
    },
  },
  {
    name: 'drop-index-blocks',
    why: 'Nobody can read or write the table until every statement on it has ended and the index is gone.',
    instead: 'DROP INDEX CONCURRENTLY, in a file that runs outside a transaction.',
    bad: 'DROP INDEX idx_task_group_id;',
    good: `${OUTSIDE}DROP INDEX CONCURRENTLY idx_task_group_id;`,
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
    good: `${OUTSIDE}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: ({ node, isTransactional }) =>
      isTransactional &&
      (nodeAs(node, 'IndexStmt')?.concurrent === true ||
        nodeAs(node, 'DropStmt')?.concurrent === true ||
        reindexesConcurrently(node)),
  },
  {
    name: 'nameless-index',
    why: 'When the build is interrupted, what it left behind cannot be told from other indexes.',
    instead: 'Give the index a name.',
    bad: `${OUTSIDE}CREATE INDEX CONCURRENTLY ON task (title);`,
    good: `${OUTSIDE}CREATE INDEX CONCURRENTLY task_title ON task (title);`,
    matches: ({ node }) => {
      const index = nodeAs(node, 'IndexStmt');
      return index?.concurrent === true && index.idxname === undefined;
    },
  },
  {
    name: 'foreign-key-scans',
    why: 'Nobody can write to either table until every row is checked.',
    instead: 'ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later file.',
    bad: 'ALTER TABLE task ADD CONSTRAINT owner FOREIGN KEY (group_id) REFERENCES "group" (id);',
    good: 'ALTER TABLE task ADD CONSTRAINT owner FOREIGN KEY (group_id) REFERENCES "group" (id) NOT VALID;',
    matches: (site) => addsUnchecked(site, 'CONSTR_FOREIGN'),
  },
  {
    name: 'check-scans',
    why: 'Nobody can read or write the table until every row is checked.',
    instead: 'ADD CONSTRAINT … NOT VALID, and VALIDATE CONSTRAINT in a later file.',
    bad: `ALTER TABLE task ADD CONSTRAINT named CHECK (title <> '');`,
    good: `ALTER TABLE task ADD CONSTRAINT named CHECK (title <> '') NOT VALID;`,
    matches: (site) => addsUnchecked(site, 'CONSTR_CHECK'),
  },
  {
    name: 'validate-in-same-transaction',
    why: 'The lock that adding the constraint took is held until all rows are checked: NOT VALID gained nothing.',
    instead: 'VALIDATE CONSTRAINT in a later file, or in one that runs outside a transaction.',
    bad:
      `ALTER TABLE task ADD CONSTRAINT named CHECK (title <> '') NOT VALID;${NEXT}` +
      'ALTER TABLE task VALIDATE CONSTRAINT named;',
    good:
      `${OUTSIDE}ALTER TABLE task ADD CONSTRAINT named CHECK (title <> '') NOT VALID;${NEXT}` +
      'ALTER TABLE task VALIDATE CONSTRAINT named;',
    matches: (site) =>
      site.isTransactional &&
      changes(site).some(({ subtype, name }) => {
        const added = site.fileBefore.flatMap(commandsOf).map((command) => addedConstraint(command)?.conname);
        return subtype === 'AT_ValidateConstraint' && added.includes(name);
      }),
  },
  {
    name: 'unique-builds-index',
    why: 'Nobody can read or write the table until the index behind the constraint is built.',
    instead: 'CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX.',
    bad: 'ALTER TABLE task ADD CONSTRAINT once UNIQUE (group_id, title);',
    good:
      `${OUTSIDE}CREATE UNIQUE INDEX CONCURRENTLY once ON task (group_id, title);${NEXT}` +
      'ALTER TABLE task ADD CONSTRAINT once UNIQUE USING INDEX once;',
    matches: (site) =>
      changes(site)
        .flatMap(addedConstraints)
        .some(({ contype = '', indexname }) => BUILDS_INDEX.has(contype) && indexname === undefined),
  },
  {
    name: 'set-not-null-scans',
    why: 'Nobody can read or write the table until every row is checked.',
    instead:
      'First ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID and VALIDATE it; then SET NOT NULL checks nothing.',
    bad: 'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
    good: [
      `${OUTSIDE}ALTER TABLE task ADD CONSTRAINT described CHECK (description IS NOT NULL) NOT VALID;`,
      'ALTER TABLE task VALIDATE CONSTRAINT described;',
      'ALTER TABLE task ALTER COLUMN description SET NOT NULL;',
      'ALTER TABLE task DROP CONSTRAINT described;',
    ].join(NEXT),
    matches: (site) =>
      changes(site).some(({ subtype, name = '' }) => subtype === 'AT_SetNotNull' && !isProvedNotNull(name, site)),
  },
  {
    name: 'required-column',
    why: 'It fails when the table has rows; and the code that still runs inserts none of it.',
    instead: 'Add it with a DEFAULT, or as nullable: fill it, then SET NOT NULL in a later deploy.',
    bad: 'ALTER TABLE task ADD COLUMN place text NOT NULL;',
    good: `ALTER TABLE task ADD COLUMN place text DEFAULT '' NOT NULL;`,
    matches: (site) =>
      changes(site)
        .map(addedColumn)
        .some((column) => column !== undefined && isRequired(column)),
  },
  {
    name: 'column-rewrites-table',
    why: 'Each row gets a value of its own: nobody can read or write the table until it is written anew.',
    instead: 'Add it as nullable, SET DEFAULT for new rows, and fill the others in batches.',
    bad: 'ALTER TABLE task ADD COLUMN key uuid DEFAULT gen_random_uuid();',
    good:
      `ALTER TABLE task ADD COLUMN key uuid, ADD COLUMN seen_at timestamptz DEFAULT now();${NEXT}` +
      'ALTER TABLE task ALTER COLUMN key SET DEFAULT gen_random_uuid();',
    matches: (site) =>
      changes(site)
        .map(addedColumn)
        .some((column) => column !== undefined && isComputedPerRow(column)),
  },
  {
    name: 'type-change-rewrites',
    why: 'Nobody can read or write the table until it is written anew, with its indexes; and the code that still runs expects the old type.',
    instead:
      'Add a column of the new type, write both, fill it in batches, read it, and drop the old one in a later deploy.',
    bad: 'ALTER TABLE task ALTER COLUMN id TYPE bigint;',
    good: 'ALTER TABLE task ADD COLUMN big_id bigint;',
    matches: (site) => changes(site).some(({ subtype }) => subtype === 'AT_AlterColumnType'),
  },
  {
    name: 'drop-column',
    why: 'Its values are gone, and the code that still runs selects it.',
    instead: 'Deploy code that does not know it first; then allow it here.',
    bad: 'ALTER TABLE task DROP COLUMN description;',
    good: '-- allow drop-column: no code has selected it since the last deploy\nALTER TABLE task DROP COLUMN description;',
    matches: (site) => changes(site).some(({ subtype }) => subtype === 'AT_DropColumn'),
  },
  {
    name: 'drop-table',
    why: 'Its rows are gone, and the code that still runs asks for them.',
    instead: 'Deploy code that does not know it first; then allow it here.',
    bad: 'DROP TABLE task;',
    good: '-- allow drop-table: no code has asked for it since the last deploy\nDROP TABLE task;',
    matches: ({ node }) => DROPS_DATA.has(nodeAs(node, 'DropStmt')?.removeType ?? ''),
  },
  {
    name: 'deletes-every-row',
    why: 'It empties the table.',
    instead: 'Say which rows with WHERE, or allow it here.',
    bad: 'DELETE FROM task;',
    good: 'DELETE FROM task WHERE is_done;',
    matches: (site) => {
      const deletion = nodeAs(site.node, 'DeleteStmt');
      const emptied = nodeAs(site.node, 'TruncateStmt')?.relations ?? [];
      const isDeletion = deletion !== undefined && deletion.whereClause === undefined;
      return (
        (isDeletion && isInUse(deletion.relation, site)) ||
        emptied.some((table) => isInUse(nodeAs(table, 'RangeVar'), site))
      );
    },
  },
  {
    name: 'rename',
    why: 'The code that still runs knows the old name.',
    instead: 'Add the new one, write both, move the readers, and drop the old one in a later deploy.',
    bad: 'ALTER TABLE task RENAME COLUMN title TO heading;',
    good: 'ALTER TABLE task ADD COLUMN heading varchar(200);',
    matches: (site) => {
      const rename = nodeAs(site.node, 'RenameStmt');
      return RENAMES_FOR_CLIENTS.has(rename?.renameType ?? '') && isInUse(rename?.relation, site);
    },
  },
  {
    name: 'exclusive-maintenance',
    why: 'Nobody can read or write the table until it is done.',
    instead: 'VACUUM without FULL, REINDEX or REFRESH MATERIALIZED VIEW with CONCURRENTLY; or pg_repack.',
    bad: 'REINDEX TABLE task;',
    good: `${OUTSIDE}REINDEX TABLE CONCURRENTLY task;`,
    matches: ({ node }) => {
      const view = nodeAs(node, 'RefreshMatViewStmt');
      const isReindex = nodeAs(node, 'ReindexStmt') !== undefined && !reindexesConcurrently(node);
      return isReindex || isFullVacuum(node) || (view !== undefined && view.concurrent !== true);
    },
  },
  {
    name: 'ends-transaction',
    why: 'A file is one transaction with its row in the ledger: ended early, half of it can be applied and not recorded.',
    instead: 'Leave it out; or split the file.',
    bad: `COMMIT;`,
    good: `SAVEPOINT before;`,
    matches: ({ node }) => ENDS_TRANSACTION.has(nodeAs(node, 'TransactionStmt')?.kind ?? ''),
  },
];

const BUILDS_INDEX = new Set(['CONSTR_UNIQUE', 'CONSTR_PRIMARY', 'CONSTR_EXCLUSION']);
const DROPS_DATA = new Set(['OBJECT_TABLE', 'OBJECT_SCHEMA', 'OBJECT_MATVIEW', 'OBJECT_SEQUENCE']);
const RENAMES_FOR_CLIENTS = new Set([
  'OBJECT_COLUMN',
  'OBJECT_TABLE',
  'OBJECT_VIEW',
  'OBJECT_MATVIEW',
  'OBJECT_SCHEMA',
]);
const ENDS_TRANSACTION = new Set(['TRANS_STMT_BEGIN', 'TRANS_STMT_START', 'TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK']);

function addsUnchecked(site: Site, kind: 'CONSTR_FOREIGN' | 'CONSTR_CHECK'): boolean {
  // A column that refers to another table and is null in every row needs no scan.
  const added =
    kind === 'CONSTR_FOREIGN' ? (command: AlterTableCmd) => addedConstraint(command) ?? [] : addedConstraints;
  return changes(site)
    .flatMap(added)
    .some(({ contype, skip_validation: isUnchecked }) => contype === kind && isUnchecked !== true);
}

function reindexesConcurrently(node: Site['node']): boolean {
  const options = nodeAs(node, 'ReindexStmt')?.params ?? [];
  return options.some((option) => nodeAs(option, 'DefElem')?.defname === 'concurrently');
}

function isFullVacuum(node: Site['node']): boolean {
  const options = nodeAs(node, 'VacuumStmt')?.options ?? [];
  return (
    nodeAs(node, 'ClusterStmt') !== undefined || options.some((option) => nodeAs(option, 'DefElem')?.defname === 'full')
  );
}
