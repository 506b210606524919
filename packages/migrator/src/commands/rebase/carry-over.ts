/** Applies the change between two snapshots to a third one: the change of this branch's migration to the last snapshot of the base. */
import { isDeepStrictEqual } from 'node:util';

import type { Snapshot } from '../schema/snapshot.ts';

/** Applies to `onto` the change from `before` to `after`, which wins in a conflict. But an object that the base dropped stays dropped. */
export function carryOver(before: Snapshot, after: Snapshot, onto: Snapshot): Snapshot {
  return carryObject(before, after, onto);
}

type Tree = Readonly<Record<string, unknown>>;

function carryObject(before: Tree, after: Tree, onto: Tree): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  // Keeps the base's order, and adds new keys at the end.
  for (const key of new Set([...Object.keys(onto), ...Object.keys(after)])) {
    const value = carryValue(key, before[key], after[key], onto[key]);
    if (value !== undefined) result[key] = value;
  }
  return result;
}

/** Merges one key: `onto` if this branch did not change the value, else `after`. Undefined if the result has no such key. */
function carryValue(key: string, before: unknown, after: unknown, onto: unknown): unknown {
  if (isDeepStrictEqual(before, after)) return onto;
  if (isTree(after) && isTree(onto)) return carryObject(isTree(before) ? before : {}, after, onto);
  // The base dropped the object: it stays dropped, although this branch changed a part of it.
  if (isTree(before) && isTree(after)) return onto;
  // Only the labels of an enum are a list under this key.
  if (key === 'values' && isList(before) && isList(after) && isList(onto)) return carryLabels(before, after, onto);
  return after;
}

/** Carries over the labels of an enum: each new label follows the label after which it was inserted. */
function carryLabels(before: readonly unknown[], after: readonly unknown[], onto: readonly unknown[]): unknown[] {
  const result = onto.filter((label) => after.includes(label) || !before.includes(label));
  for (const [index, label] of after.entries()) {
    if (before.includes(label) || result.includes(label)) continue;
    const previous = result.indexOf(after[index - 1]);
    result.splice(previous + 1, 0, label);
  }
  return result;
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}
