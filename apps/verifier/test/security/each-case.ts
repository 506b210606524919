/** The tests of all cases, for a server of any version. */
import { expect, it } from 'vitest';

import type { Server } from '../schemas/server.ts';
import type { Harmless, Poison } from './cases.ts';
import { tryOut } from './try-out.ts';

/** `server` is called when the tests run. */
export function testEachCase(poisons: readonly Poison[], harmless: readonly Harmless[], server: () => Server): void {
  it.each(poisons)('the check $id finds the case, and the remedy ends the finding: $title', async (poison) => {
    const { id, have, status = 'warn', fixer = 'owner', after = 'pass' } = poison;
    await tryOut(server(), poison, async ({ look, run }) => {
      const found = (await look()).find((result) => result.id === id);
      expect(found).toMatchObject({ status, findings: [{ have: expect.stringContaining(have) }] });
      const [finding] = found?.findings ?? [];
      await run([fixer === 'superuser' ? `superuser: ${finding?.fix}` : (finding?.fix ?? '')]);
      expect((await look()).find((result) => result.id === id)).toMatchObject({ status: after });
    });
  });

  it.each(harmless)('a harmless case raises no finding: $title', async (change) => {
    const results = await tryOut(server(), change, ({ look }) => look());
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
  });
}
