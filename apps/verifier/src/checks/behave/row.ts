import { RowError } from '@todo/migrator/rows';

import { type Check, type Finding, verdict } from '../../check.ts';
import { displayName, subjectOf } from '../../code-tables.ts';
import { liveTables } from '../../live-tables.ts';
import { tryRow } from './each-table.ts';
import { makerOf } from './row-maker.ts';
import { runAndRollBack } from './run-and-roll-back.ts';
import { sessionOf } from './session-of.ts';

export const row: Check = {
  id: 'behave/row',
  title: 'Each table defined in the code exists and accepts a row',
  method: 'Inserts a row into each table, with values from the catalog and parent rows first, and rolls back.',
  why: 'Checks that need a row cannot test this table.',
  remedy: 'Look at the CHECK constraints, triggers and row security of the table: a row must pass all of them.',
  severity: 'warning',
  mode: 'rolls-back',
  run: async (context) => {
    const live = await liveTables(context);
    const { tables, missing } = live;
    const refused = await runAndRollBack(context.websocket, async (tx) => {
      const session = sessionOf(tx);
      const maker = makerOf(session, live);
      const found: Finding[] = [];
      for (const table of tables) {
        const values = await tryRow(session, maker, table.shape);
        if (!(values instanceof RowError)) continue;
        found.push({ have: values.message, want: 'a row', about: subjectOf(table), follows: FOLLOWS });
      }
      return found;
    });
    const absent = missing.map((table): Finding => ({
      have: `Could not insert a row into ${displayName(table)}: the table does not exist`,
      want: 'a row',
      why: 'Each query on this table fails (SQLSTATE 42P01, undefined_table).',
      fix: 'pnpm db:migrate',
      severity: 'error',
      about: subjectOf(table),
      follows: ['schema/table-missing', 'migrate/pending', ...FOLLOWS],
    }));
    return verdict([...absent, ...refused], `${tables.length} tables`);
  },
};

const FOLLOWS = ['schema/*', 'connect/search-path', 'connect/writable'];
