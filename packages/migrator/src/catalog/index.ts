/** Reads the catalog of a database as facts, and compares catalogs. This entry point takes open sessions and starts no process. */
export { compareCatalogs, type CompareOptions } from './compare-catalogs.ts';
export { describeDifference } from './describe-difference.ts';
export { type Difference, isHarmless } from './difference.ts';
export type { Fact, FactKind } from './fact.ts';
export { LEFT_OUT, LEFT_OUT_OF_BASELINE, LEFT_OUT_OF_STATUS } from './left-out.ts';
export { literal, quoted } from './quoted.ts';
export { readCatalog } from './read-catalog.ts';
export { reconcile, reconcileAll, type ReconcileOptions } from './reconcile/index.ts';
export type { Statement } from './reconcile/statement.ts';
/** SQL expressions for queries over the same objects. */
export { isOutsider, ROLES } from './roles-query.ts';
export { isNotFromExtension, SCOPE } from './scope-query.ts';
