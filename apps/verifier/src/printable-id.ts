/** The id of a row, as findings print it. */
import { quoted } from '@todo/migrator/catalog';
import type { TableShape } from '@todo/migrator/rows';

/** SQL for the primary key as text, if it is a number or a UUID. Undefined for other keys: they may hold personal data. */
export function printableId({ primaryKey, columns }: TableShape, alias: string): string | undefined {
  const [name, ...more] = primaryKey;
  const column = columns.find((each) => each.name === name);
  const isPlain = more.length === 0 && column !== undefined && /^(smallint|integer|bigint|uuid)$/.test(column.baseType);
  return isPlain ? `${alias}.${quoted(column.name)}::text` : undefined;
}
