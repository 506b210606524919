/** Finds objects that only one catalog has: a comparison lists these without their parts. */
import type { Fact } from './fact.ts';

/** Returns the keys of the objects that only one catalog has, or whose kind differs. */
export function objectsOnOneSide(have: readonly Fact[], want: readonly Fact[]): Set<string> {
  const haveKinds = kindsByKey(have);
  const wantKinds = kindsByKey(want);
  return new Set([...haveKinds.keys(), ...wantKinds.keys()].filter((key) => haveKinds.get(key) !== wantKinds.get(key)));
}

/** The attribute `kind` of each object that can contain others, such as `view` for a table. */
function kindsByKey(facts: readonly Fact[]): Map<string, string> {
  const kinds = facts.flatMap((fact) => asContainer(fact).map((key) => [key, fact.attributes['kind'] ?? ''] as const));
  return new Map(kinds);
}

/** The keys of the objects that contain a fact: its schema, and its table, type, function or sequence. */
export function containersOf(fact: Fact): string[] {
  const { kind, schema } = fact;
  if (kind === 'schema' || schema === '') return [];
  return [containerKey('schema', schema, schema), ...containersWithinSchema(fact)];
}

/** Like `containersOf`, without the schema: the keys of no object or of one. */
export function containersWithinSchema({ kind, schema, table, name }: Fact): string[] {
  if (kind === 'domain constraint') return [containerKey('type', schema, table)];
  if (kind === 'table') return [];
  if (table !== '') return [containerKey('table', schema, table)];
  const [, objectKind, objectName] = (kind === 'access' && /^(type|function|sequence) (.+)$/s.exec(name)) || [];
  return objectKind === undefined || objectName === undefined ? [] : [containerKey(objectKind, schema, objectName)];
}

/** The key of the fact in the lists of `containersOf`; none if other facts cannot belong to it. */
export function asContainer({ kind, schema, name }: Fact): string[] {
  return CONTAINERS.has(kind) ? [containerKey(kind, schema, name)] : [];
}

const CONTAINERS = new Set(['schema', 'table', 'type', 'function', 'sequence']);

function containerKey(kind: string, schema: string, name: string): string {
  return JSON.stringify([kind, schema, name]);
}
