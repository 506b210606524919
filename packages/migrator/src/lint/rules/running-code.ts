/** Running code: changes that break the old code, which still runs during a deploy. */
import { addedColumns, needsValue } from '../column.ts';
import { dropsObjectInUse } from '../objects.ts';
import type { Rule } from '../rule.ts';
import { commandsInUse, isInUse, nodeAs } from '../statement-context.ts';

export const RUNNING_CODE: readonly Rule[] = [
  {
    name: 'required-column',
    why: 'The statement fails if the table has rows. If the table is empty, INSERTs of the running code fail: they set no value for the column.',
    instead: 'Add the column with a DEFAULT. Or add it as nullable, fill it, and SET NOT NULL in a later deploy.',
    bad: 'ALTER TABLE task ADD COLUMN place text NOT NULL;',
    good: `ALTER TABLE task ADD COLUMN place text DEFAULT '' NOT NULL;`,
    matches: (context) => commandsInUse(context).flatMap(addedColumns).some(needsValue),
  },
  {
    name: 'rename',
    why: 'The running code uses the old name.',
    instead:
      'Add a column or table with the new name, deploy code that writes both and reads the new one, and drop the old one in a later deploy.',
    bad: 'ALTER TABLE task RENAME COLUMN title TO heading;',
    good: 'ALTER TABLE task ADD COLUMN heading varchar(200);',
    matches: (context) => {
      const rename = nodeAs(context.node, 'RenameStmt');
      return BREAKING_RENAMES.has(rename?.renameType ?? '') && isInUse(rename?.relation, context);
    },
  },
  {
    name: 'drop-view-type-function',
    why: 'The running code may still use the object. Its privileges are dropped, too.',
    instead: 'Use CREATE OR REPLACE. Or first deploy code that does not use the object, then allow the statement.',
    bad: 'DROP VIEW busy;',
    good: 'CREATE OR REPLACE VIEW busy AS SELECT id FROM task WHERE NOT is_done;',
    matches: (context) => {
      const drop = nodeAs(context.node, 'DropStmt');
      return drop !== undefined && BREAKING_DROPS.test(drop.removeType ?? '') && dropsObjectInUse(drop, context);
    },
  },
];

const BREAKING_RENAMES = new Set(['OBJECT_COLUMN', 'OBJECT_TABLE', 'OBJECT_VIEW', 'OBJECT_MATVIEW', 'OBJECT_SCHEMA']);
const BREAKING_DROPS = /^OBJECT_(VIEW|TYPE|DOMAIN|FUNCTION|PROCEDURE|ROUTINE|AGGREGATE)$/;
