/** The type of the differences that a comparison of catalogs returns. */
import type { FactKey } from './fact.ts';

/**
 * One difference between the live catalog, `have`, and the wanted catalog, `want`.
 *
 * - `missing`, `extra`: the whole object; `want` or `have` describes it. Parts of a missing or extra table, view, type, function or schema
 *   are not listed separately.
 * - `renamed`: an index or a constraint of the same definition has another name; `name` and `want` are the wanted name, `have` is the live
 *   name.
 * - `changed`: one attribute, from `have` to `want`. `columnOrder` is an attribute of the table: the order of the columns that both
 *   catalogs have.
 */
export interface Difference extends FactKey {
  readonly change: 'missing' | 'extra' | 'changed' | 'renamed';
  readonly attribute?: string;
  readonly have?: string;
  readonly want?: string;
}

/**
 * Whether a difference changes no stored row and no result of a statement that names its columns: comments, the order of columns, and
 * `tuning` (statistics targets, options of columns, the index for CLUSTER). `db:status` lists such a difference and exits with 0; `verify` gives it the severity `info`.
 */
export function isHarmless({ kind, attribute }: Difference): boolean {
  return kind === 'comment' || attribute === 'columnOrder' || (kind === 'storage' && attribute === 'tuning');
}
