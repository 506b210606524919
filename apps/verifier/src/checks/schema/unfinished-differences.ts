/** Finds unfinished objects: an extra index or constraint that is invalid is a difference of its own. */
import type { Difference } from '@todo/migrator/catalog';

import type { CatalogComparison } from '../../schema-comparison.ts';
import { factOf } from './classify.ts';

/** The attribute values of a finished object: an index is `usable`, a constraint is `valid`. A constraint without an index has `none`. */
const FINISHED: Readonly<Record<string, readonly string[]>> = {
  indexState: ['usable', 'none'],
  validity: ['valid'],
};

/** Returns differences in addition to the extra object: a failed concurrent build leaves an index that each write maintains. */
export function unfinishedDifferences({ differences, have }: CatalogComparison): Difference[] {
  return differences
    .filter(({ kind, change }) => change === 'extra' && (kind === 'index' || kind === 'constraint'))
    .flatMap((difference) => {
      const { kind, schema, table, name } = difference;
      const { attributes = {} } = factOf(difference, have) ?? {};
      return Object.entries(FINISHED).flatMap(([attribute, finished]) => {
        const found = attributes[attribute];
        if (found === undefined || finished.includes(found)) return [];
        return [
          { kind, schema, table, name, change: 'changed' as const, attribute, have: found, want: finished[0] ?? '' },
        ];
      });
    });
}
