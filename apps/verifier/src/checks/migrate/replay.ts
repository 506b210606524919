import type { Difference } from '@todo/db/catalog';
import { LocalNeonError } from '@todo/local-neon';

import { type Check, verdict } from '../../check.ts';

export const replay: Check = {
  id: 'migrate/replay',
  title: 'The migrations, run anew, make exactly this schema',
  method: 'They run on a fresh database on this machine; then both catalogs are compared.',
  why: 'A new database, a test or a branch made from the migrations is another one than this.',
  remedy: 'Each difference is listed under schema/*, with its remedy.',
  severity: 'error',
  mode: 'reads',
  needs: ['connect/websocket'],
  run: async ({ compareSchema }) => {
    try {
      const { differences, want } = await compareSchema();
      const count = differences.filter(isMade).length;
      if (count === 0) return verdict([], `${want.length} facts compared`);
      return verdict([
        { have: count === 1 ? 'one difference' : `${count} differences`, want: 'none', follows: ['schema/*'] },
      ]);
    } catch (error) {
      if (!(error instanceof LocalNeonError)) throw error;
      return { kind: 'skip', reason: `no local Neon to compare with: ${error.message}` };
    }
  },
};

/** What migrations make. Rights, storage and stray objects are not theirs. */
function isMade({ kind, attribute, change }: Difference): boolean {
  const isStructure =
    kind === 'table' || kind === 'column' || kind === 'index' || kind === 'constraint' || kind === 'sequence';
  return isStructure && attribute !== 'columnOrder' && !(kind === 'table' && change === 'extra');
}
