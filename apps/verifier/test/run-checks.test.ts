import { once } from 'node:events';

import { LocalNeonError } from '@todo/local-neon';
import { afterEach, describe, expect, it, vi } from 'vitest';

import { type Check, type Context, type Outcome, verdict } from '../src/check.ts';
import { runChecks, type RunOptions } from '../src/run-checks.ts';

const finding = { have: 'a', want: 'b', why: 'c', fix: 'd' };

function check(id: string, outcome: () => Promise<Outcome> | Outcome, rest: Partial<Check> = {}): Check {
  const page = { title: id, method: 'm', why: 'w', remedy: 'r' };
  return { id, ...page, severity: 'error', mode: 'reads', run: async () => outcome(), ...rest };
}

/** These checks do not use their context. */
const contextFor = (notes: object) => notes as Context;

async function run(catalog: Check[], selected = catalog, options: Partial<RunOptions> = {}): Promise<string[]> {
  const results = await runChecks(selected, { catalog, contextFor, mayWrite: false, ...options });
  return results.map(({ id, status, reason }) => [id, status, reason].filter(Boolean).join(' '));
}

const passes = () => verdict([]);
const fails = () => verdict([finding]);

async function noRoom(): Promise<never> {
  throw new LocalNeonError('START_FAILED', 'no room');
}

describe('a check that fails to start a local Neon of its own', () => {
  it('is not skipped', async () => {
    expect(await run([check('a/own', noRoom, { needs: [] })])).toEqual(['a/own fail']);
  });
});

describe('checks with dependencies', () => {
  it('need a session, unless they are local or name other checks', async () => {
    const session = check('connect/websocket', fails, { needs: [] });
    const local = check('a/local', passes, { mode: 'local' });
    const other = check('a/other', passes, { needs: ['a/local'] });
    expect(await run([session, local, check('a/reads', passes), other])).toEqual([
      'connect/websocket fail',
      'a/local pass',
      'a/reads skip not run: connect/websocket failed',
      'a/other pass',
    ]);
  });

  it('run after the checks that they need, in any order of the list', async () => {
    const order: string[] = [];
    const first = check('a/first', () => (order.push('first'), passes()));
    const second = check('a/second', () => (order.push('second'), passes()), { needs: ['a/first'] });
    await run([second, first]);
    expect(order).toEqual(['first', 'second']);
  });

  it('do not run if a needed check failed, and the checks that need them do not run either', async () => {
    const catalog = [
      check('a/first', fails),
      check('a/second', passes, { needs: ['a/first'] }),
      check('a/third', passes, { needs: ['a/second'] }),
    ];
    expect(await run(catalog)).toEqual([
      'a/first fail',
      'a/second skip not run: a/first failed',
      'a/third skip not run: a/first failed',
    ]);
  });

  it('add the failed check to the report, although it was not selected', async () => {
    const catalog = [check('a/first', fails), check('a/second', passes, { needs: ['a/first'] })];
    expect(await run(catalog, catalog.slice(1))).toEqual(['a/first fail', 'a/second skip not run: a/first failed']);
  });

  it('do not add a needed check to the report if it passed and was not selected', async () => {
    const catalog = [check('a/first', passes), check('a/second', passes, { needs: ['a/first'] })];
    expect(await run(catalog, catalog.slice(1))).toEqual(['a/second pass']);
  });
});

/**
 * Runs the check `a/door` and the check `a/use`, which needs it. If nothing waits for the door, the door ends only after the use has begun.
 */
async function runBeside(outcome: Outcome, mode: Check['mode']) {
  const started: string[] = [];
  const inUse = new AbortController();
  const use = check('a/use', () => (inUse.abort(), passes()), { needs: ['a/door'], mode });
  const waits = async () => (await once(inUse.signal, 'abort'), outcome);
  const door = check('a/door', mode === 'reads' ? waits : () => outcome, { dependentsStartEarly: true });
  const onStart = ({ id }: Check) => void started.push(id);
  return { results: await run([door, use], undefined, { mayWrite: true, onStart }), started };
}

describe('a check that is assumed to pass', () => {
  it('does not delay checks that only read', async () => {
    expect(await runBeside(verdict([]), 'reads')).toEqual({
      started: ['a/door', 'a/use'],
      results: ['a/door pass', 'a/use pass'],
    });
  });

  it('discards the results of checks that ran beside it when it fails', async () => {
    expect((await runBeside(verdict([finding]), 'reads')).results).toEqual([
      'a/door fail',
      'a/use skip not run: a/door failed',
    ]);
  });

  it('delays checks that write', async () => {
    expect(await runBeside(verdict([finding]), 'commits')).toEqual({
      started: ['a/door'],
      results: ['a/door fail', 'a/use skip not run: a/door failed'],
    });
  });

  it('is not assumed to pass if it cannot run', async () => {
    const started: string[] = [];
    const catalog = [
      check('a/house', fails),
      check('a/door', passes, { needs: ['a/house'], dependentsStartEarly: true }),
      check('a/use', passes, { needs: ['a/door'] }),
    ];
    await run(catalog, undefined, { onStart: ({ id }) => void started.push(id) });
    expect(started).toEqual(['a/house']);
  });
});

describe('the runner', () => {
  it('skips a check that writes if writing is not allowed', async () => {
    const catalog = [
      check('a/commits', passes, { mode: 'commits' }),
      check('a/undoes', passes, { mode: 'rolls-back' }),
    ];
    const reason = 'skip checks that write to the database run only with --write';
    expect(await run(catalog)).toEqual([`a/commits ${reason}`, `a/undoes ${reason}`]);
  });

  it('runs a check that writes after the one preparation for all such checks', async () => {
    const order: string[] = [];
    const write = (id: string) => check(id, () => (order.push(id), passes()), { mode: 'commits' });
    const prepareToWrite = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('prepared');
    };
    await run([write('a/one'), write('a/two')], undefined, { mayWrite: true, prepareToWrite });
    expect(order).toEqual(['prepared', 'a/one', 'a/two']);
  });

  it('fails a check that never ends, by name, and runs the others', async () => {
    const catalog = [check('a/hangs', () => new Promise<Outcome>(() => {})), check('a/other', passes)];
    const [hung, other] = await runChecks(catalog, {
      catalog,
      contextFor,
      mayWrite: false,
      timeLimitMs: 1,
      concurrency: 1,
    });
    expect(hung?.findings?.[0]?.have).toBe('a/hangs did not finish in time');
    expect(other?.status).toBe('pass');
  });

  it('reports an unexpected error of a check as a bug of the verifier', async () => {
    const broken = check('a/broken', () => {
      throw new TypeError('secret of the implementation');
    });
    const [result] = await runChecks([broken], { catalog: [broken], contextFor, mayWrite: false });
    expect(result).toMatchObject({ status: 'fail', crash: expect.stringContaining('TypeError') });
    expect(JSON.stringify(result?.findings)).not.toContain('secret');
  });

  it('makes a check warn or fail by the severity of its findings, not of the check', async () => {
    const light = check('a/light', () => verdict([{ ...finding, severity: 'warning' }]));
    const heavy = check('a/heavy', () => verdict([{ ...finding, severity: 'error' }]), { severity: 'warning' });
    expect(await run([light, heavy])).toEqual(['a/light warn', 'a/heavy fail']);
  });

  it('fills in the text of the check for a finding that has none of its own', async () => {
    const catalog = [check('a/both', () => verdict([finding, { have: 'a', want: 'b' }]), { severity: 'warning' })];
    const [result] = await runChecks(catalog, { catalog, contextFor, mayWrite: false });
    const ofCheck = { why: 'w', fix: 'r', severity: 'warning' };
    expect(result?.findings).toEqual([
      { ...finding, severity: 'warning' },
      { have: 'a', want: 'b', ...ofCheck },
    ]);
  });

  it('starts no check after the run was interrupted', async () => {
    const interruption = new AbortController();
    const catalog = [check('a/first', () => (interruption.abort(), passes())), check('a/second', passes)];
    expect(await run(catalog, undefined, { signal: interruption.signal, concurrency: 1 })).toEqual([
      'a/first pass',
      'a/second skip not run: interrupted',
    ]);
  });
});

describe('a check that does not end', () => {
  afterEach(() => vi.useRealTimers());

  it('has five seconds to clean up after an interruption, and leaves no timer behind', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const interruption = new AbortController();
    const catalog = [check('a/hangs', () => (interruption.abort(), new Promise<Outcome>(() => {})))];
    const end = run(catalog, undefined, { signal: interruption.signal });
    await vi.advanceTimersByTimeAsync(4999);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(await end).toEqual(['a/hangs fail']);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the scheduler', () => {
  it('reports the end of each check, also of checks that did not run', async () => {
    const ended: string[] = [];
    const catalog = [check('a/first', fails), check('a/second', passes, { needs: ['a/first'] })];
    await run(catalog, undefined, { onEnd: ({ id, status }) => void ended.push(`${id} ${status}`) });
    expect(ended).toEqual(['a/first fail', 'a/second skip']);
  });

  it('starts slow checks first', async () => {
    const order: string[] = [];
    const note = (id: string, rest: Partial<Check> = {}) => check(id, () => (order.push(id), passes()), rest);
    const results = await run([note('a/one'), note('a/long', { takesLong: true })], undefined, { concurrency: 1 });
    expect(order).toEqual(['a/long', 'a/one']);
    expect(results).toEqual(['a/one pass', 'a/long pass']);
  });

  it('runs the check of the run itself after all others have ended', async () => {
    const order: string[] = [];
    const slow = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      order.push('other');
      return passes();
    };
    const last = check('a/last', () => (order.push('last'), passes()), { isLast: true });
    await run([last, check('a/one', slow), check('a/two', slow)]);
    expect(order).toEqual(['other', 'other', 'last']);
  });

  it.each([
    ['12 checks at a time where something is written', true, 12],
    ['64 where nothing is', false, 64],
  ])('runs %s', async (_, mayWrite, most) => {
    const release = new AbortController();
    const released = once(release.signal, 'abort');
    let running = 0;
    const busy = async () => {
      running += 1;
      await released;
      return passes();
    };
    const catalog = Array.from({ length: 65 }, (_each, index) => check(`a/${index}`, busy));
    const end = run(catalog, undefined, { mayWrite });
    await new Promise((resolve) => setImmediate(resolve));
    expect(running).toBe(most);
    release.abort();
    expect(await end).toHaveLength(65);
  });

  it('runs no more checks at a time than its option allows', async () => {
    let running = 0;
    let most = 0;
    const busy = (id: string) =>
      check(id, async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return passes();
      });
    await run(['a/1', 'a/2', 'a/3', 'a/4', 'a/5'].map(busy), undefined, { concurrency: 2 });
    expect(most).toBe(2);
  });
});
