/** The definition and the result of a benchmark. */
import type { Contestant } from './rounds.ts';

export interface Benchmark {
  /** Never changes: results of different days are compared by their id. */
  readonly id: string;
  readonly title: string;
  readonly unit: 'ms' | 'µs' | 'requests/s' | 'rows/s' | 'kB' | 'MB' | 'round trips';
  /** Undefined for a value without a goal, which is only shown for comparison. */
  readonly goal?: Goal;
  readonly rounds: number;
  /**
   * Prepares the contestants, calls `measure` with them by name (ours is `ours`), and cleans up afterwards. Notes, such as the reason
   * why a contestant is missing, go to `note`.
   */
  run<T>(measure: (contestants: Record<string, Contestant>) => Promise<T>, context: Context): Promise<T>;
  /** The ratio of our value to the reference value, in one round. */
  ratio?(values: Readonly<Record<string, number>>): number;
}

export interface Context {
  /** The folder for all files of this benchmark. Every user of the machine may enter the folder. It is removed afterwards. */
  readonly folder: string;
  readonly note: (text: string) => void;
  /** Whether sizes that take many minutes are included. */
  readonly isFull: boolean;
  /** Whether the pictures of the documentation are drawn again. */
  readonly isPlotted: boolean;
}

/** A bound for the ratio, or for our value: `{ of: 'ratio', bound: 'at most', value: 1.1 }`. */
export interface Goal {
  readonly of: 'ratio' | 'ours';
  readonly bound: 'at most' | 'at least';
  readonly value: number;
}

export interface Result {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  /** The median of each contestant. */
  readonly values: Readonly<Record<string, number>>;
  readonly ratio: number | null;
  readonly goal: string | null;
  /** Whether the goal is reached; null without a goal. */
  readonly holds: boolean | null;
}
