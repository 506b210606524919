/** The path of the migrations folder. `src` and `dist` are at the same depth. */
import { fileURLToPath } from 'node:url';

export const MIGRATIONS_FOLDER: string = fileURLToPath(new URL('../migrations', import.meta.url));
