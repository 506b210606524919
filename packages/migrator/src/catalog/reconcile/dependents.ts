/** Objects that depend on a change: they are dropped before it and created again after it. */
import type { Difference } from '../difference.ts';
import { describeFact, type Fact, isView, placeOf } from '../fact.ts';
import type { Facts } from '../facts.ts';
import { dropActing } from './acting.ts';
import { dropConstraint } from './constraint.ts';
import { type Goal, needsOf, objectName, tableObject } from './goal.ts';
import { mentions, mentionsColumn, qualified, splitList } from '../quoted.ts';
import { dropRoutine, isRemade } from './routine.ts';
import { type Step, step } from './statement.ts';
import { isReplaceable } from './table.ts';
import { isReplaced } from './type.ts';

export interface Dependents {
  /** The object names of views and functions that are dropped and created again. */
  readonly remade: ReadonlySet<string>;
  readonly drops: Step[];
  /** The dropped objects, as differences of the change `missing`. */
  readonly missing: Difference[];
}

export function dependentsOf(goal: Goal): Dependents {
  const { objects, columns } = changesIn(goal);
  const remade = factsToRebuild(objects, columns, goal);
  const parts = [
    ...partsOfObjects([...objects, ...remade.keys()], goal),
    ...columns.flatMap((column) => partsOfColumn(column, goal)),
    ...keysDropped(goal).flatMap((key) => referencesTo(key, goal)),
  ];
  const found = [...remade.values(), ...new Set(parts)];
  return {
    remade: new Set(remade.keys()),
    drops: found.map((fact) => drop(fact, goal)),
    missing: found
      .filter((fact) => goal.want.find(fact) !== undefined && !isChangedAnyway(fact, goal))
      .map((fact) => Object.assign(placeOf(fact), { change: 'missing' as const })),
  };
}

interface ChangedColumn {
  readonly fact: Fact;
  /** Whether the column is dropped and added again, with its indexes and constraints. */
  readonly isDropped: boolean;
}

/** The objects that must be dropped and created again, and the columns whose type, collation or generation expression changes. */
function changesIn(goal: Goal): { objects: string[]; columns: ChangedColumn[] } {
  const { differences, have } = goal;
  const columns = differences.flatMap((difference) => {
    const fact = have.find(difference);
    if (fact?.kind !== 'column' || difference.change !== 'changed') return [];
    const { attribute = '', want = '' } = difference;
    // A stored generated column becomes an ordinary column without being dropped.
    const isDropped = attribute === 'generated' && !(want === 'none' && difference.have?.endsWith('STORED'));
    return ['type', 'collation'].includes(attribute) || isDropped ? [{ fact, isDropped }] : [];
  });
  const objects = differences.filter((difference) => isDroppedObject(difference, goal)).map(objectNameOf);
  return { objects, columns: [...columns, ...generatedFrom(columns, goal)] };
}

const objectNameOf = ({ kind, schema, name }: Difference): string =>
  objectName({ kind: kind === 'view' ? 'table' : kind, schema, name });

function isDroppedObject(difference: Difference, goal: Goal): boolean {
  const { kind, schema, table, change, attribute } = difference;
  if (change !== 'changed') return false;
  if (kind === 'table') return attribute === 'kind';
  if (kind === 'type') return isReplaced(difference, goal);
  if (kind === 'function') return isRemade(difference);
  const view = kind === 'view' ? goal.want.table(schema, table) : undefined;
  return view !== undefined && !isReplaceable(view, goal);
}

/** PostgreSQL refuses to change the type of a column that a generated column uses. */
function generatedFrom(columns: readonly ChangedColumn[], { have }: Goal): ChangedColumn[] {
  return columns.flatMap(({ fact }) =>
    have
      .ofTable(fact.schema, fact.table, 'column')
      .filter(({ attributes: { generated = 'none' } }) => generated !== 'none' && mentionsColumn(generated, fact.name))
      .map((generated) => ({ fact: generated, isDropped: true })),
  );
}

/** Views and functions that depend on the objects or columns, directly or not. */
function factsToRebuild(
  objects: readonly string[],
  columns: readonly ChangedColumn[],
  { have, differences }: Goal,
): Map<string, Fact> {
  const gone = new Set(objects);
  const remade = new Map<string, Fact>();
  const candidates = have.all.filter((fact) => fact.kind === 'function' || (fact.kind === 'table' && isView(fact)));
  // The changed views themselves.
  for (const fact of candidates) {
    const name = objectName(fact);
    const isKindChanged = differences.some(
      (other) => other.kind === 'table' && other.attribute === 'kind' && objectNameOf(other) === name,
    );
    if (fact.kind === 'table' && gone.has(name) && !isKindChanged) remade.set(name, fact);
  }
  for (let before = -1; before < remade.size;) {
    before = remade.size;
    for (const fact of candidates) {
      const name = objectName(fact);
      if (remade.has(name) || gone.has(name)) continue;
      const needs = needsOf(fact);
      const isHit = needs.some((need) => gone.has(need) || remade.has(need)) || readsColumn(fact, needs, columns, have);
      if (isHit) remade.set(name, fact);
    }
  }
  return remade;
}

function readsColumn(fact: Fact, needs: readonly string[], columns: readonly ChangedColumn[], have: Facts): boolean {
  const { schema, table, name, kind } = fact;
  const text =
    kind === 'function'
      ? fact.attributes['definition']
      : have.find({ kind: 'view', schema, table, name })?.attributes['definition'];
  return columns.some(
    ({ fact: column }) =>
      needs.includes(tableObject(column.schema, column.table)) && mentionsColumn(text ?? '', column.name),
  );
}

/** Policies, triggers, constraints, indexes and rules whose definitions name one of the objects. */
function partsOfObjects(objects: readonly string[], { have }: Goal): Fact[] {
  const names = objects.map((object) => {
    const [, kind = '', schema = '', name = ''] = /^(\w+) ([^.]+)\.(.+)$/s.exec(object) ?? [];
    return { kind, schema, name: kind === 'function' ? bareName(name) : name };
  });
  return have.all.filter((fact) => {
    if (!PARTS.has(fact.kind)) return false;
    // Triggers and rules of a view are dropped with the view.
    if (isView(have.table(fact.schema, fact.table))) return false;
    const text = describeFact(fact);
    return names.some(({ schema, name }) => mentions(text, schema, name));
  });
}

const PARTS = new Set<Fact['kind']>(['policy', 'trigger', 'constraint', 'index', 'rule']);

/** The name in `f(integer)` or `"My Function"(text)`. */
function bareName(signature: string): string {
  const [, quotedName, plain = ''] = /^(?:"((?:[^"]|"")*)"|([^(]+))\(/.exec(signature) ?? [];
  return quotedName === undefined ? plain : quotedName.replaceAll('""', '"');
}

function partsOfColumn({ fact: column, isDropped }: ChangedColumn, { have }: Goal): Fact[] {
  const { schema, table, name } = column;
  return have.all.filter((fact) => {
    const isOfTable = fact.schema === schema && fact.table === table;
    const text = describeFact(fact);
    const isAbout = (isOfTable || mentions(text, schema, table)) && mentionsColumn(text, name);
    if (!isAbout) return false;
    if (fact.kind === 'policy' || fact.kind === 'rule') return true;
    if (fact.kind === 'trigger') return isOfTable && / (OF|WHEN) /.test(text);
    return isDropped && isOfTable && (fact.kind === 'index' || fact.kind === 'constraint');
  });
}

/** Keys and unique indexes that are dropped. */
function keysDropped({ differences, have }: Goal): Fact[] {
  return differences.flatMap((difference) => {
    const { change, attribute = '' } = difference;
    const isDropped = change === 'extra' || (change === 'changed' && !KEPT.has(attribute));
    const fact = isDropped ? have.find(difference) : undefined;
    return fact?.kind === 'index' || fact?.kind === 'constraint' ? [fact] : [];
  });
}

/** Attributes that change in place. */
const KEPT = new Set(['validity', 'indexState', 'options', 'disabledTriggers']);

/** Foreign keys that reference the columns of a key. */
function referencesTo(key: Fact, { have }: Goal): Fact[] {
  const { constraintType, unique, keys, definition = '' } = key.attributes;
  const isKey = constraintType === 'primary key' || constraintType === 'unique' || unique === 'unique';
  if (!isKey) return [];
  const columns = keys ?? /\((.*)\)/s.exec(definition)?.[1] ?? '';
  return have.all.filter(({ kind, attributes }) => {
    if (kind !== 'constraint' || attributes['constraintType'] !== 'foreign key') return false;
    const [, target = '', referenced = ''] =
      / REFERENCES (.+?)\((.+?)\)(?: (?:ON|MATCH|DEF|NOT|INI)|$)/s.exec(attributes['definition'] ?? '') ?? [];
    const isOfTable = mentions(target, key.schema, key.table);
    return isOfTable && splitList(referenced).toSorted().join() === splitList(columns).toSorted().join();
  });
}

function drop(fact: Fact, goal: Goal): Step {
  const { kind, schema, table, name, attributes } = fact;
  switch (kind) {
    case 'table': {
      const keyword = (attributes['kind'] ?? 'view').toUpperCase();
      return step('drop views', `DROP ${keyword} ${qualified(schema, table)}`, { object: objectName(fact) });
    }
    case 'function':
      return step('drop views', dropRoutine(fact), { object: objectName(fact) });
    case 'constraint':
      return dropConstraint(fact, goal);
    case 'index':
      return step('drop keys', `DROP INDEX ${qualified(schema, name)}`);
    default:
      return dropActing(fact);
  }
}

/** Whether the object has a difference of its own, which creates it. */
function isChangedAnyway({ kind, schema, table, name }: Fact, { differences }: Goal): boolean {
  return differences.some(
    (other) =>
      other.kind === kind &&
      other.schema === schema &&
      other.table === table &&
      other.name === name &&
      other.change === 'changed' &&
      kind !== 'table',
  );
}
