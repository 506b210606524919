/** Tests comparing and reconciling for a version of PostgreSQL and a role. */
import { connectSession, type OwnSession } from '@todo/client/session';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import {
  compareCatalogs,
  describeDifference,
  type Difference,
  type Fact,
  readCatalog,
  reconcile,
  reconcileAll,
} from '../../src/catalog/index.ts';
import { Databases, type Role, run } from './databases.ts';
import { fixture } from './fixture.ts';
import { harmless } from './harmless.ts';
import { sabotages } from './sabotages.ts';

export interface Setting {
  readonly role: Role;
  /** A version as `fetchPostgres` accepts it. Default: the packaged one. */
  readonly version?: string;
  /** Runs a third of the sabotages, alternating between inside and outside a transaction. Default: all. */
  readonly isBrief?: boolean;
}

export function describeReconciling({ role, version, isBrief = false }: Setting): void {
  const major = Number(version?.split('.')[0] ?? 18);
  describe(`as ${role} of PostgreSQL ${major}`, () => {
    let databases: Databases;
    let session: OwnSession;
    let want: Fact[];
    let isRenewed = false;

    beforeAll(async () => {
      databases = await Databases.start(version);
      await renew();
    });
    afterAll(async () => {
      await session.close();
      await databases[Symbol.asyncDispose]();
    });

    /** Creates a new database after a test that left changes behind, and after one that failed. */
    async function renew(): Promise<void> {
      session = await connectSession(await databases.create(role));
      await run(session, fixture);
      want = await readCatalog(session);
      isRenewed = false;
    }

    // Changes that one test leaves behind must not reach the next.
    afterEach(async ({ task }) => {
      if (task.result?.state === 'pass' && !isRenewed) return;
      await session.close();
      await renew();
    });

    async function differences(): Promise<{ have: Fact[]; found: Difference[] }> {
      const have = await readCatalog(session);
      return { have, found: compareCatalogs(have, want, { listsExtraSchemas: true }) };
    }

    /** The differences without the order of columns, which SQL cannot change. */
    async function remaining(): Promise<string[]> {
      const { found } = await differences();
      isRenewed = found.length > 0;
      return found.filter(({ attribute }) => attribute !== 'columnOrder').map(describeDifference);
    }

    const possible = sabotages.filter(
      (sabotage) => (sabotage.since ?? 15) <= major && (sabotage.role ?? role) === role,
    );

    const cases = (isBrief ? possible.filter((_, at) => at % 3 === 0) : possible).flatMap((sabotage, at) => {
      const inside = [false, true].filter((isInTransaction) => !isBrief || isInTransaction === (at % 2 === 1));
      return inside.map((isInTransaction) => ({ title: sabotage.title, sabotage, isInTransaction }));
    });

    describe('each difference is named, and the statements for all differences end it:', () => {
      test.each(cases)('$title (inside one transaction: $isInTransaction)', async ({ sabotage, isInTransaction }) => {
        const { sql, finds, undo } = sabotage;
        await run(session, sql);
        const { have, found } = await differences();
        expect(found.map(describeDifference)).toEqual(finds);
        const statements = reconcileAll(found, want, { have, isInTransaction });
        expect(isInTransaction && statements.some(({ isConcurrent }) => isConcurrent)).toBe(false);
        const texts = undo ?? statements.map((statement) => statement.sql);
        await run(session, isInTransaction ? ['begin', ...texts, 'commit'] : texts);
        expect(await remaining()).toEqual([]);
      });
    });

    const alone = isBrief ? [] : possible.filter(({ finds, undo }) => finds.length === 1 && undo === undefined);
    describe.skipIf(isBrief)('the statements for one difference end it without the rest of the catalog:', () => {
      test.each(alone)('$title', async ({ sql }) => {
        await run(session, sql);
        const { found } = await differences();
        const statements = found.flatMap((difference) => reconcile(difference, want, { allowLoss: true }));
        await run(session, statements);
        expect(await remaining()).toEqual([]);
      });
    });

    describe('a harmless change is no difference:', () => {
      test.each(harmless)('$title', async ({ sql }) => {
        await run(session, sql);
        expect((await differences()).found.map(describeDifference)).toEqual([]);
      });
    });

    test.each([true, false])(
      'an empty database becomes the wanted one (inside one transaction: %s)',
      async (isInTransaction) => {
        await using empty = await connectSession(await databases.create(role));
        const have = await readCatalog(empty);
        const statements = reconcileAll(compareCatalogs(have, want), want, { have, isInTransaction });
        const texts = statements.map(({ sql }) => sql);
        await run(empty, isInTransaction ? ['begin', ...texts, 'commit'] : texts);
        expect(compareCatalogs(await readCatalog(empty), want).map(describeDifference)).toEqual([]);
        expect(statements.filter(({ losesData }) => losesData !== undefined)).toEqual([]);
      },
    );

    test('the wanted database becomes an empty one, and each statement that deletes rows is marked', async () => {
      await using empty = await connectSession(await databases.create(role));
      const nothing = await readCatalog(empty);
      await run(empty, fixture);
      const have = await readCatalog(empty);
      const found = compareCatalogs(have, nothing, { listsExtraSchemas: true });
      const statements = reconcileAll(found, nothing, { have, isInTransaction: true });
      await run(empty, ['begin', ...statements.map(({ sql }) => sql), 'commit']);
      const left = compareCatalogs(await readCatalog(empty), nothing, { listsExtraSchemas: true });
      expect(left.map(describeDifference)).toEqual([]);
      const tables = have.filter(({ kind, attributes }) => kind === 'table' && attributes['kind']?.endsWith('table'));
      expect(statements.flatMap(({ losesData }) => losesData?.table ?? []).toSorted()).toEqual(
        [...tables.map(({ name }) => name), 'ticket'].toSorted(),
      );
    });
  });
}
