/** Statements that lose data are marked, and `reconcile` returns them only on request. */
import { expect, test } from 'vitest';

import { type Difference, type Fact, reconcile, reconcileAll } from '../../src/catalog/index.ts';

const place = { schema: 'shop', table: 'shirt' };
const column = (type: string): Fact => ({
  ...place,
  kind: 'column',
  name: 'price',
  attributes: {
    type,
    collation: 'default',
    nullability: 'null',
    validity: 'valid',
    default: 'none',
    generated: 'none',
    identity: 'none',
    position: '1',
  },
});

test('an extra column is dropped only if loss is allowed, and its statement names the lost data', () => {
  const extra: Difference = { ...place, kind: 'column', name: 'price', change: 'extra', have: 'integer' };
  const sql = 'ALTER TABLE "shop"."shirt" DROP COLUMN "price"';
  expect(reconcile(extra, [])).toEqual([]);
  expect(reconcile(extra, [], { allowLoss: true })).toEqual([sql]);
  expect(reconcileAll([extra], [])).toEqual([{ sql, losesData: { ...place, column: 'price' }, isConcurrent: false }]);
});

test('a generated column is dropped without loss', () => {
  const have = 'integer GENERATED ALWAYS AS (1) STORED';
  const extra: Difference = { ...place, kind: 'column', name: 'price', change: 'extra', have };
  expect(reconcile(extra, [])).toHaveLength(1);
});

test.each([
  ['numeric', 'numeric(10,2)', true],
  ['numeric(10,2)', 'numeric(12,4)', false],
  ['numeric(10,2)', 'integer', true],
  ['integer', 'bigint', false],
  ['bigint', 'integer', false],
  ['double precision', 'real', true],
  ['integer', 'double precision', false],
  ['timestamp with time zone', 'date', true],
  ['timestamp(3) with time zone', 'timestamp with time zone', false],
  ['timestamp with time zone', 'timestamp(0) with time zone', true],
  ['text', 'character varying(10)', false],
])('a change of a column from %s to %s rounds its values: %s', (have, want, isLossy) => {
  const changed: Difference = {
    ...place,
    kind: 'column',
    name: 'price',
    change: 'changed',
    attribute: 'type',
    have,
    want,
  };
  const statements = reconcileAll([changed], [column(want)]);
  expect(statements).toHaveLength(1);
  expect(statements.some(({ losesData }) => losesData !== undefined)).toBe(isLossy);
});
