import type { Difference } from './difference.ts';

/**
 * Whether a difference changes neither the stored rows nor the behavior of the database: comments, the order of columns, and settings that
 * help the planner. `db:status` lists such a difference and exits with 0; `verify` gives it the severity `info`.
 */
export function isHarmless({ kind, attribute }: Difference): boolean {
  return kind === 'comment' || attribute === 'columnOrder' || (kind === 'storage' && attribute === 'tuning');
}
