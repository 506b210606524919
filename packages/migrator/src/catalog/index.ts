/** What a database is made of, as facts to compare: takes connections, starts nothing. */
export { compareCatalogs, type CompareOptions, type Difference } from './compare-catalogs.ts';
export { describeDifference } from './describe-difference.ts';
export type { Fact, FactKind } from './fact.ts';
export { isHarmless } from './is-harmless.ts';
export { LEFT_OUT, LEFT_OUT_OF_BASELINE, LEFT_OUT_OF_STATUS } from './left-out.ts';
export { readCatalog } from './read-catalog.ts';
export { reconcile, reconcileAll, type ReconcileOptions } from './reconcile/index.ts';
export type { Statement } from './reconcile/statement.ts';
/** SQL for queries about the same part of a database. */
export { isOutsider, ROLES } from './roles-query.ts';
export { isOwn, SCOPE } from './scope-query.ts';
