/** Writes a migrations folder as `drizzle-kit generate` does, one migration for each version of a schema. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Schema } from '@todo/client';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';

/** The time of the first migration. Each following migration is one day later. */
const FIRST = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** Returns the SQL of each migration. A version without changes has none. */
export async function writeMigrations(folder: string, versions: readonly Schema[]): Promise<string[]> {
  await mkdir(join(folder, 'meta'), { recursive: true });
  const entries: object[] = [];
  const texts: string[] = [];
  let previous = generateDrizzleJson({});
  for (const version of versions) {
    // The first migration has no previous snapshot, and so no previous id.
    const snapshot = generateDrizzleJson(version, entries.length === 0 ? undefined : previous.id);
    const statements = await generateMigration(previous, snapshot);
    if (statements.length === 0) continue;
    const idx = entries.length;
    const number = String(idx).padStart(4, '0');
    const tag = `${number}_version_${idx + 1}`;
    const text = statements.join('--> statement-breakpoint\n');
    await writeFile(join(folder, `${tag}.sql`), text);
    await writeFile(join(folder, 'meta', `${number}_snapshot.json`), JSON.stringify(snapshot, null, 2));
    entries.push({ idx, version: snapshot.version, when: FIRST + idx * DAY_MS, tag, breakpoints: true });
    texts.push(text);
    previous = snapshot;
  }
  const journal = { version: previous.version, dialect: 'postgresql', entries };
  await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify(journal, null, 2));
  return texts;
}
