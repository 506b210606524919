/** How reports show a status. The order is that of a list of checks: failures first. */
import type { Status } from '../result.ts';

interface StatusWords {
  readonly sign: string;
  readonly word: string;
  readonly color: 'red' | 'yellow' | 'green' | 'dim';
}

export const STATUS_WORDS: Record<Status, StatusWords> = {
  fail: { sign: '✗', word: 'failed', color: 'red' },
  warn: { sign: '!', word: 'warned', color: 'yellow' },
  info: { sign: 'i', word: 'noted', color: 'green' },
  pass: { sign: '✓', word: 'passed', color: 'green' },
  skip: { sign: '-', word: 'skipped', color: 'yellow' },
  'not-applicable': { sign: '·', word: 'not applicable', color: 'dim' },
};
