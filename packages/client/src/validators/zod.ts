/**
 * The only place that chooses the version of zod: schemas of two versions do not combine. The import is `* as z`, because a bundler then
 * keeps only the used parts; with `{ z }` it keeps every locale.
 */
export * from 'zod/v4';
