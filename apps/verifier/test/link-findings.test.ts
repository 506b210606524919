import { expect, test } from 'vitest';

import { linkFindings } from '../src/link-findings.ts';
import type { ReportedFinding, Result } from '../src/result.ts';

const finding: ReportedFinding = { have: 'a', want: 'b', why: 'c', fix: 'd', severity: 'error' };
const result = (id: string, rest: Partial<ReportedFinding>): Result => ({
  id,
  status: 'fail',
  title: id,
  durationMs: 0,
  findings: [{ ...finding, ...rest }],
});
const causes = (results: Result[]) => linkFindings(results).map(({ findings }) => findings?.[0]?.causedBy);

const onTodo = { about: { table: 'todo', name: 'user_id' } };

test('a finding that follows from another finding about the same table is listed under that finding', () => {
  const index = result('schema/index-missing', { about: { table: 'todo', name: 'idx_todo_user_id' } });
  expect(causes([index, result('perf/index-used', { ...onTodo, follows: ['schema/index-missing'] })])).toEqual([
    undefined,
    'schema/index-missing',
  ]);
  expect(causes([index, result('perf/index-used', { ...onTodo, follows: ['schema/*'] })])[1]).toBe(
    'schema/index-missing',
  );
});

test('a finding about another table, of another check or of severity info is not listed as a cause', () => {
  const follower = result('perf/index-used', { ...onTodo, follows: ['schema/index-missing'] });
  for (const other of [
    result('schema/index-missing', { about: { table: 'user' } }),
    result('schema/index-extra', onTodo),
    result('schema/index-missing', { ...onTodo, severity: 'info' }),
  ]) {
    expect(causes([other, follower])).toEqual([undefined, undefined]);
  }
});

test('the nearest of several causes is used, and a warning is not the cause of a failure', () => {
  const follower = result('perf/index-used', { ...onTodo, follows: ['schema/index-missing', 'schema/*'] });
  const index = result('schema/index-missing', onTodo);
  expect(causes([result('schema/column-type', onTodo), index, follower])[2]).toBe('schema/index-missing');
  expect(causes([result('schema/column-extra', { ...onTodo, severity: 'warning' }), follower])[1]).toBeUndefined();
});

test('the first of two findings that explain each other is the cause', () => {
  const first = result('connect/websocket', { follows: ['connect/session-settings'] });
  const second = result('connect/session-settings', { follows: ['connect/websocket'] });
  expect(causes([first, second])).toEqual([undefined, 'connect/websocket']);
});
