import type { Difference } from '@todo/migrator/catalog';

import { type Check, type Finding, verdict } from '../../check.ts';
import { runAgain } from './run-again.ts';

export const replay: Check = {
  id: 'migrate/replay',
  title: 'The migrations create exactly this schema on an empty database, and a second run changes nothing',
  method:
    'Runs the migrations on an empty database on this machine, compares both catalogs, then runs them there again.',
  why: 'A new database, a test or a branch that is created from the migrations differs from this database.',
  remedy: 'Each difference is listed under schema/*, with its remedy.',
  mode: 'reads',
  run: async ({ compareSchema, shadow, database }) => {
    const { differences, want } = await compareSchema();
    const again = await runAgain(await shadow(), database.migrations, want);
    return verdict(
      [...schemaFindings(differences), ...again],
      `${want.length} catalog entries compared; a second run changed none`,
    );
  },
};

function schemaFindings(differences: readonly Difference[]): Finding[] {
  const count = differences.filter(isCreatedByMigrations).length;
  if (count === 0) return [];
  return [{ have: count === 1 ? 'one difference' : `${count} differences`, want: 'none', follows: ['schema/*'] }];
}

/** Whether this check counts the difference. An extra object counts only as a part of a table: others may be another application's. */
function isCreatedByMigrations({ kind, attribute, change }: Difference): boolean {
  if (attribute === 'columnOrder') return false;
  return TABLE_PARTS.has(kind) || (OTHER_CREATED.has(kind) && change !== 'extra');
}

/** Parts of a table. An extra part of a table that the migrations create is a difference of that table. */
const TABLE_PARTS = new Set<Kind>(['column', 'index', 'constraint', 'sequence']);
const OTHER_CREATED = new Set<Kind>(['schema', 'type', 'domain constraint', 'function', 'table', 'view']);

type Kind = Difference['kind'];
