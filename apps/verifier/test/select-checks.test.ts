import { expect, it } from 'vitest';

import { type Check, needsOf } from '../src/check.ts';
import { checks } from './prove.ts';
import { type Selection, selectChecks, SelectionError } from '../src/select-checks.ts';

/** The ids of a fixed catalog of checks. */
const CATALOG = ['env/url', 'connect/http', 'connect/websocket', 'schema/index-missing', 'schema/index-extra'].map(
  (id): Check => ({
    id,
    title: id,
    method: '',
    why: '',
    remedy: '',
    severity: 'error',
    mode: 'reads',
    run: async () => ({ kind: 'pass' }),
  }),
);

const ids = (selection: Selection) => selectChecks(CATALOG, selection).map(({ id }) => id);

it.each(['connect', 'connect/', 'connect/*'])(
  'the pattern "%s" selects a whole group, in the order of the catalog',
  (pattern) => {
    expect(ids({ only: [pattern] })).toEqual(['connect/http', 'connect/websocket']);
  },
);

it('--skip removes checks from the selection of --only', () => {
  expect(ids({ only: ['connect', 'env'], skip: ['connect/http'] })).toEqual(['env/url', 'connect/websocket']);
});

it.each([
  ['schema/index-mising', 'schema/index-missing'],
  ['shema', 'schema'],
  // A prefix of a group's name does not select the group.
  ['connec', 'connect'],
])('the pattern "%s" is unknown, and "%s" is suggested', (pattern, closest) => {
  expect(() => ids({ only: [pattern] })).toThrow(`Did you mean ${closest}?`);
});

it('an empty selection is refused', () => {
  expect(() => ids({ only: ['env'], skip: ['env/url'] })).toThrow(SelectionError);
});

it('the catalog has no two checks of one id, and every needed check exists', () => {
  const known = checks.map(({ id }) => id);
  expect(new Set(known).size).toBe(known.length);
  expect(known).toEqual(expect.arrayContaining(checks.flatMap(needsOf)));
});
