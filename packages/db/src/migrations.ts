/** Where the migrations lie; at the same distance from `src` and from `dist`. */
import { fileURLToPath } from 'node:url';

export const MIGRATIONS_FOLDER: string = fileURLToPath(new URL('../migrations', import.meta.url));
