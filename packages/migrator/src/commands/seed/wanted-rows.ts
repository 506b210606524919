/** The generated rows that the flag `--rows` requests. */
import type { DatabaseDefinition } from '../../database-definition.ts';
import type { GeneratedRows } from '../../samples/generated-rows.ts';
import { CommandFailure, EXIT } from '../failure.ts';
import type { RowCounts } from './rows-option.ts';
import { nameOf } from './tables.ts';
import type { Wanted } from './write-generated.ts';

/** Returns each table that can be generated, parents first. A table that the flag does not name gets the number 0. */
export async function wantedRows({ samples }: DatabaseDefinition, counts: RowCounts): Promise<Wanted[]> {
  const generated = (await samples?.generated?.()) ?? [];
  refuseUnknown(generated, counts);
  const wanted = generated.map((rows) => ({ rows, count: counts.get(nameOf(rows.table)) ?? 0 }));
  for (const { rows, count } of wanted) {
    for (const owner of count === 0 ? [] : Object.values(rows.owners)) {
      if (wanted.some((other) => other.rows.table === owner && other.count > 0)) continue;
      throw new CommandFailure(
        EXIT.wrongUsage,
        `A row of ${nameOf(rows.table)} needs a row of ${nameOf(owner)}: add \`--rows ${nameOf(owner)}=…\`.`,
      );
    }
  }
  return wanted;
}

function refuseUnknown(generated: readonly GeneratedRows[], counts: RowCounts): void {
  const names = generated.map(({ table }) => nameOf(table));
  const unknown = [...counts.keys()].filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new CommandFailure(
    EXIT.wrongUsage,
    `There are no generated rows of ${unknown.join(', ')}. Name a table of \`samples.generated\`: ${names.join(', ') || 'it has none'}.`,
  );
}
