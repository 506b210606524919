/** What a database is made of, as facts to compare: takes connections, starts nothing. */
export { compareCatalogs, type Difference } from './compare-catalogs.ts';
export { describeDifference } from './describe-difference.ts';
export type { Fact, FactKind } from './fact.ts';
export { readCatalog, type ReadCatalogOptions } from './read-catalog.ts';
export { reconcile } from './reconcile.ts';
