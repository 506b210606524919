/** What the clients have to know of the app. */
import { constraintErrors } from './constraint-errors.ts';
import * as schema from './index.ts';

export type AppTables = typeof schema;

export const appSchema = { schema, constraintErrors };
