/** What was begun and never finished: a difference of its own on an index or a constraint that nobody asked for. */
import type { Difference } from '@todo/migrator/catalog';

import type { CatalogComparison } from '../../schema-comparison.ts';
import { factOf } from './classify.ts';

/** What a finished one says of itself: an index is `usable`, a constraint `valid`; `none` has no index to say it of. */
const FINISHED: Readonly<Record<string, readonly string[]>> = {
  indexState: ['usable', 'none'],
  validity: ['valid'],
};

/** Beside that it is there at all: a concurrent build that failed leaves an index behind that each write maintains. */
export function unfinished({ differences, have }: CatalogComparison): Difference[] {
  return differences
    .filter(({ kind, change }) => change === 'extra' && (kind === 'index' || kind === 'constraint'))
    .flatMap((difference) => {
      const { kind, schema, table, name } = difference;
      const { attributes = {} } = factOf(difference, have) ?? {};
      return Object.entries(FINISHED).flatMap(([attribute, fine]) => {
        const found = attributes[attribute];
        if (found === undefined || fine.includes(found)) return [];
        return [{ kind, schema, table, name, change: 'changed' as const, attribute, have: found, want: fine[0] ?? '' }];
      });
    });
}
