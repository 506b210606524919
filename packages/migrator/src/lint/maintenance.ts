/** Reads options of REINDEX and VACUUM. */
import type { Node } from 'libpg-query';

import { nodeAs } from './statement-context.ts';

export function reindexesConcurrently(node: Node): boolean {
  const options = nodeAs(node, 'ReindexStmt')?.params ?? [];
  return options.some((option) => nodeAs(option, 'DefElem')?.defname === 'concurrently');
}

/** Whether the statement is VACUUM FULL, or CLUSTER, which rewrites the table as well. */
export function isFullVacuum(node: Node): boolean {
  const options = nodeAs(node, 'VacuumStmt')?.options ?? [];
  const isFull = options.some((option) => nodeAs(option, 'DefElem')?.defname === 'full');
  return isFull || nodeAs(node, 'ClusterStmt') !== undefined;
}
