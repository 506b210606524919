/** What a benchmark is, and what it finds. */
import type { Contestant } from './rounds.ts';

export interface Benchmark {
  /** Stable: results of different days are compared by it. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'ms' | 'µs' | 'requests/s' | 'rows/s' | 'kB' | 'MB' | 'round trips';
  /** Undefined for a measure that only stands beside the others. */
  readonly goal?: Goal;
  readonly rounds: number;
  /**
   * Makes what the contestants need, hands them over by name, ours under `ours`, and clears away afterwards. Notes, such as why
   * a contestant is missing, go to `note`.
   */
  run<T>(measure: (contestants: Record<string, Contestant>) => Promise<T>, context: Context): Promise<T>;
  /** Of one round's values: ours in proportion to what it is measured by. */
  ratio?(values: Readonly<Record<string, number>>): number;
}

export interface Context {
  /** A folder of the benchmark's own, which anyone may enter; removed after it. All that is measured lies in it. */
  readonly folder: string;
  readonly note: (text: string) => void;
  /** Also the sizes that take many minutes. */
  readonly isFull: boolean;
  /** Also draw what the documentation shows, in its folder. */
  readonly isPlotted: boolean;
}

export interface Goal {
  readonly of: 'ratio' | 'ours';
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** Medians. */
  readonly values: Readonly<Record<string, number>>;
  readonly ratio: number | null;
  readonly goal: string | null;
  readonly holds: boolean | null;
}
