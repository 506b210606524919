import { expect, test } from 'vitest';

import { carryOver } from '../../src/commands/rebase/carry-over.ts';

const text = { type: 'text' };
const enumOf = (...values: string[]) => ({ enums: { mood: { values } } });
const columns = (names: Record<string, unknown>) => ({ tables: { note: { columns: names } } });

test.each([
  [
    'a new column',
    columns({}),
    columns({ mine: text }),
    columns({ theirs: text }),
    columns({ theirs: text, mine: text }),
  ],
  [
    'a dropped column',
    columns({ a: text, b: text }),
    columns({ b: text }),
    columns({ a: text, b: text, c: text }),
    columns({ b: text, c: text }),
  ],
  ['what the base dropped', columns({ a: text }), columns({ a: { type: 'integer' } }), columns({}), columns({})],
  [
    'a table that both branches created',
    { tables: {} },
    columns({ mine: text }),
    columns({ theirs: text }),
    columns({ theirs: text, mine: text }),
  ],
  [
    "one column with two types: as this branch's migration leaves it",
    columns({}),
    columns({ a: { type: 'integer' } }),
    columns({ a: text }),
    columns({ a: { type: 'integer' } }),
  ],
  [
    'new labels',
    enumOf('a', 'b'),
    enumOf('a', 'mine', 'b'),
    enumOf('a', 'b', 'theirs'),
    enumOf('a', 'mine', 'b', 'theirs'),
  ],
  ['a label that is gone', enumOf('a', 'b'), enumOf('b'), enumOf('a', 'b', 'theirs'), enumOf('b', 'theirs')],
])('a change between two snapshots is applied to a third one: %s', (_kind, before, after, onto, wanted) => {
  expect(carryOver(before, after, onto)).toEqual(wanted);
});
