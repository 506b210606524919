/** Reads the exports of a schema module. */
import type { Schema } from './app-schema.ts';

/**
 * The exports of a schema module, as `Object.entries` gives them.
 * @throws {TypeError} for `export * as name from`: Drizzle fails on an object without a prototype, with an error that names no export.
 */
export function schemaExports(schema: Schema): [string, unknown][] {
  return Object.entries(schema).map(([name, value]) => {
    if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === null) {
      throw new TypeError(
        `The schema exports "${name}" as a module (\`export * as ${name} from\`), which Drizzle cannot read. Use \`export * from\`.`,
      );
    }
    return [name, value];
  });
}
