/** A PostgreSQL server for one test file, with databases for the application's role and for a superuser. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { connectSession, type OwnSession } from '@todo/client/session';
import { type LocalNeon, removeLocalNeon, startLocalNeon } from '@todo/local-neon';
import { fetchPostgres } from '@todo/local-neon/vitest';

export type Role = 'owner' | 'superuser';

export class Databases implements AsyncDisposable {
  readonly #neon: LocalNeon;
  readonly #folder: string;
  readonly #password: string;
  #count = 0;

  private constructor(neon: LocalNeon, folder: string, password: string) {
    this.#neon = neon;
    this.#folder = folder;
    this.#password = password;
  }

  /** Starts the packaged version by default, else the given one, as `fetchPostgres` accepts it. */
  static async start(version?: string): Promise<Databases> {
    const folder = await mkdtemp(join(tmpdir(), 'catalog-'));
    const dataDir = join(folder, 'data');
    const neon = await startLocalNeon({
      dataDir,
      ...(version !== undefined && { binDir: await fetchPostgres(version) }),
    });
    // The settings lie beside the data, and only their owner can read them.
    const settings: unknown = JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'));
    return new Databases(neon, folder, (settings as { superuserPassword: string }).superuserPassword);
  }

  /** Creates an empty database that the role owns. */
  async create(role: Role): Promise<string> {
    this.#count += 1;
    const name = `catalog_${this.#count}`;
    const admin = this.as(role, new URL(this.#neon.url).pathname.slice(1));
    await using session = await connectSession(admin);
    await session.query(`create database ${name} template template0`);
    return this.as(role, name);
  }

  /** The connection string of a role for a database. */
  as(role: Role, name: string): string {
    const url = new URL(this.#neon.url);
    url.pathname = name;
    if (role === 'superuser') {
      url.username = 'postgres';
      url.password = this.#password;
    }
    return url.href;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#neon.close();
    await removeLocalNeon(join(this.#folder, 'data'));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

export async function run(session: Pick<OwnSession, 'query'>, statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await session.query(statement).catch((error: unknown) => {
      throw new Error(`${statement}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    });
  }
}
