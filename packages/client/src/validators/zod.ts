/**
 * The one place that says which zod: schemas of two versions do not combine. Imported as `* as z`, of which a bundler keeps what is used;
 * of `{ z }` it keeps every locale.
 */
export * from 'zod/v4';
