/** Finds objects that only one catalog has: a comparison lists these without their parts. */
import type { Fact } from './fact.ts';

/** Returns the objects that only one catalog has, or whose kind differs, by the names that `ownersOf` returns. */
export function objectsOnOneSide(have: readonly Fact[], want: readonly Fact[]): Set<string> {
  const found = kindsByName(have);
  const wanted = kindsByName(want);
  return new Set([...found.keys(), ...wanted.keys()].filter((name) => found.get(name) !== wanted.get(name)));
}

function kindsByName(facts: readonly Fact[]): Map<string, string> {
  return new Map(facts.flatMap((fact) => objectOf(fact).map((name) => [name, fact.attributes['kind'] ?? ''] as const)));
}

/** The objects to which a fact belongs, with its schema and without the fact itself. */
export function ownersOf(fact: Fact): string[] {
  const { kind, schema } = fact;
  return kind === 'schema' || schema === '' ? [] : [nameOf('schema', schema, schema), ...ownersWithinSchema(fact)];
}

export function ownersWithinSchema({ kind, schema, table, name }: Fact): string[] {
  if (kind === 'domain constraint') return [nameOf('type', schema, table)];
  if (kind === 'table') return [];
  if (table !== '') return [nameOf('table', schema, table)];
  const [, object, own] = (kind === 'access' && /^(type|function|sequence) (.+)$/s.exec(name)) || [];
  return object === undefined || own === undefined ? [] : [nameOf(object, schema, own)];
}

/** The name of the fact's object, if other facts can belong to it. */
export function objectOf({ kind, schema, name }: Fact): string[] {
  return OBJECTS.has(kind) ? [nameOf(kind, schema, name)] : [];
}

const OBJECTS = new Set(['schema', 'table', 'type', 'function', 'sequence']);

function nameOf(kind: string, schema: string, name: string): string {
  return JSON.stringify([kind, schema, name]);
}
