/** The symbol, word and color of each status. Lists of checks have the order of `STATUS_WORDS`: failures first. */
import type { Status } from '../result.ts';

interface StatusWords {
  readonly symbol: string;
  readonly word: string;
  readonly color: 'red' | 'yellow' | 'green' | 'dim';
}

export const STATUS_WORDS: Record<Status, StatusWords> = {
  fail: { symbol: '✗', word: 'failed', color: 'red' },
  warn: { symbol: '!', word: 'warned', color: 'yellow' },
  info: { symbol: 'i', word: 'noted', color: 'green' },
  pass: { symbol: '✓', word: 'passed', color: 'green' },
  skip: { symbol: '-', word: 'skipped', color: 'yellow' },
  'not-applicable': { symbol: '·', word: 'not applicable', color: 'dim' },
};
