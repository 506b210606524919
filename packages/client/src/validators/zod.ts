/** The one place that says which zod: schemas of two versions do not combine, so it must be the one drizzle-zod builds with. */
export { z } from 'zod/v4';
