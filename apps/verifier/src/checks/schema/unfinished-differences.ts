/** Finds extra indexes and constraints that are unfinished, such as an index whose concurrent build failed. */
import type { Difference } from '@todo/migrator/catalog';

import type { CatalogComparison } from '../../schema-comparison.ts';
import { factOf } from './classify.ts';

/** The values of these attributes if an object is finished. A constraint without an index has the index state `none`. */
const FINISHED: Readonly<Record<string, readonly string[]>> = {
  indexState: ['usable', 'none'],
  validity: ['valid'],
};

/** An extra index or constraint is reported as extra. For each one that is unfinished, returns a second difference, so that this is reported too. */
export function unfinishedDifferences({ differences, have }: CatalogComparison): Difference[] {
  return differences
    .filter(({ kind, change }) => change === 'extra' && (kind === 'index' || kind === 'constraint'))
    .flatMap((difference) => {
      const { kind, schema, table, name } = difference;
      const { attributes = {} } = factOf(difference, have) ?? {};
      return Object.entries(FINISHED).flatMap(([attribute, finished]) => {
        const value = attributes[attribute];
        if (value === undefined || finished.includes(value)) return [];
        return [
          { kind, schema, table, name, change: 'changed' as const, attribute, have: value, want: finished[0] ?? '' },
        ];
      });
    });
}
