/** The schema for `json` and `jsonb`: values that `JSON.stringify` writes and PostgreSQL returns unchanged. */
import { SURROGATE_MESSAGE, NUL_MESSAGE, hasLoneSurrogate } from './text.ts';
import * as z from './zod.ts';

/**
 * Accepts plain objects, arrays, strings, finite numbers and booleans; null only inside an object or array. Refuses values that `JSON.stringify` drops or
 * rewrites (undefined, a `Date`). `jsonb` also refuses characters that it cannot store; `json` keeps them, because it keeps the text.
 */
export function jsonSchema(type: 'json' | 'jsonb'): z.ZodType {
  return z.unknown().check((payload) => {
    const message = (payload.value ?? null) === null ? 'Required' : problemOf(payload.value, type);
    // In the copy, -0 is 0, as PostgreSQL returns it.
    if (message === undefined) payload.value = JSON.parse(JSON.stringify(payload.value));
    else payload.issues.push({ code: 'custom', message, input: payload.value, continue: false });
  });
}

const LEVELS_MAX = 1_000;

/** The message for a value that is not returned unchanged; undefined for other values. */
function problemOf(value: unknown, type: 'json' | 'jsonb'): string | undefined {
  return typeof value === 'string' && isJson(value)
    ? 'A string that is itself valid JSON would be returned as the parsed value'
    : problemWithin(value, type, 0);
}

/** Whether Drizzle would parse a text again, after the driver parsed the column: `"123"` is returned as 123. */
function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function problemWithin(value: unknown, type: 'json' | 'jsonb', level: number): string | undefined {
  if (level > LEVELS_MAX) return `More than ${LEVELS_MAX} levels deep`;
  if (value === null || typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return type === 'jsonb' ? problemOfText(value) : undefined;
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : 'JSON has no NaN and no infinity';
  if (typeof value !== 'object' || !(Array.isArray(value) ? isDense(value) : isPlain(value))) return 'Not JSON';
  for (const [key, member] of Object.entries(value)) {
    const problem = problemWithin(key, type, level) ?? problemWithin(member, type, level + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function problemOfText(text: string): string | undefined {
  if (text.includes('\0')) return NUL_MESSAGE;
  return hasLoneSurrogate(text) ? SURROGATE_MESSAGE : undefined;
}

/** Whether an array has no holes (JSON turns them into null) and no extra properties (JSON drops them). */
function isDense(array: readonly unknown[]): boolean {
  const keys = Object.keys(array);
  const hasOnlyIndexes = keys.length === array.length && keys.every((key, index) => key === String(index));
  return hasOnlyIndexes && Object.getOwnPropertySymbols(array).length === 0;
}

/** Whether an object has no class: its prototype is null or `Object.prototype` of any realm. */
function isPlain(object: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(object);
  const hasNoClass = prototype === null || Object.getPrototypeOf(prototype) === null;
  return hasNoClass && Object.getOwnPropertySymbols(object).length === 0;
}
